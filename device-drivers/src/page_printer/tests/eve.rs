//! Against a printer that others wrote: `ippeveprinter` of CUPS, as a program of its own.

use std::io::Write as _;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use image::{Rgba, RgbaImage};

use super::super::job::Pace;
use super::super::*;
use crate::printer::{Evidence, Progress};

const PACE: Pace = Pace {
    look_every: Duration::from_millis(200),
    ask_every: Duration::from_millis(100),
    patience: Duration::from_millis(700),
};

/// A program that ends with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn run(command: &mut Command, log: &Path) -> Option<Running> {
    let log = std::fs::File::create(log).unwrap();
    let quiet = command
        .stdin(Stdio::null())
        .stdout(log.try_clone().unwrap())
        .stderr(log);
    quiet.spawn().ok().map(Running)
}

fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let end = Instant::now() + Duration::from_secs(20);
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(Instant::now() < end, "{what} never came");
        std::thread::sleep(Duration::from_millis(30));
    }
}

/// A room in which printers announce themselves: `ippeveprinter` insists on a bus and on avahi.
struct Room {
    folder: tempfile::TempDir,
    bus: String,
    _running: [Running; 2],
}

impl Room {
    fn open() -> Result<Self, String> {
        let folder = tempfile::tempdir().unwrap();
        let socket = folder.path().join("bus");
        let bus = format!("unix:path={}", socket.display());
        let configuration = folder.path().join("bus.conf");
        let text = format!(
            "<busconfig><type>system</type><listen>{bus}</listen><auth>EXTERNAL</auth>\
             <policy context=\"default\"><allow send_destination=\"*\"/><allow own=\"*\"/>\
             <allow receive_sender=\"*\"/></policy></busconfig>"
        );
        std::fs::write(&configuration, text).unwrap();
        let mut dbus = Command::new("dbus-daemon");
        dbus.arg("--nofork")
            .arg("--config-file")
            .arg(&configuration);
        let dbus = run(&mut dbus, &folder.path().join("bus.log"));
        let dbus = dbus.ok_or("dbus-daemon (package dbus) is not installed")?;
        until("the bus", || socket.exists().then_some(()));
        let avahi_conf = folder.path().join("avahi.conf");
        std::fs::write(&avahi_conf, "[server]\nuse-ipv6=no\nallow-interfaces=lo\n").unwrap();
        let mut avahi = Command::new("/usr/sbin/avahi-daemon");
        avahi
            .args(["--no-drop-root", "--no-chroot", "--no-rlimits", "-f"])
            .arg(&avahi_conf)
            .env("DBUS_SYSTEM_BUS_ADDRESS", &bus);
        let log = folder.path().join("avahi.log");
        let avahi = run(&mut avahi, &log);
        let mut avahi = avahi.ok_or("avahi-daemon (package avahi-daemon) is not installed")?;
        let said = until("avahi", || {
            let said = std::fs::read_to_string(&log).unwrap_or_default();
            let ended = avahi.0.try_wait().ok().flatten().is_some();
            (said.contains("startup complete") || ended).then_some(said)
        });
        if !said.contains("startup complete") {
            return Err(format!("avahi-daemon does not start here: {said}"));
        }
        Ok(Self {
            folder,
            bus,
            _running: [dbus, avahi],
        })
    }

    /// A printer that hands every job to `script` (its file is `$1`) and takes `formats`.
    fn printer(&self, name: &str, formats: &str, script: &str) -> Result<Eve, String> {
        let port = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let folder = self.folder.path().join(name);
        std::fs::create_dir(&folder).unwrap();
        let command = folder.join("command");
        std::fs::write(&command, format!("#!/bin/sh\n{script}\n")).unwrap();
        std::fs::set_permissions(&command, std::fs::Permissions::from_mode(0o755)).unwrap();
        let mut eve = Command::new("/usr/sbin/ippeveprinter");
        eve.args([
            "-v",
            "-r",
            "off",
            "-k",
            "-p",
            &port.to_string(),
            "-f",
            formats,
            "-d",
        ])
        .arg(&folder)
        .arg("-c")
        .arg(&command)
        .arg(name)
        .env("DBUS_SYSTEM_BUS_ADDRESS", &self.bus)
        .env("OUT", folder.join("out"));
        let running = run(&mut eve, &folder.join("log"));
        let running = running.ok_or("ippeveprinter (package cups-ipp-utils) is not installed")?;
        until("the printer's port", || {
            std::net::TcpStream::connect(("127.0.0.1", port)).ok()
        });
        Ok(Eve {
            uri: format!("ipp://localhost:{port}/ipp/print"),
            folder,
            _running: running,
        })
    }
}

struct Eve {
    uri: String,
    folder: PathBuf,
    _running: Running,
}

impl Eve {
    fn driver(&self) -> PagePrinter {
        let config = PagePrinterConfig {
            uri: self.uri.clone(),
        };
        PagePrinter::open_at(config, PACE)
    }

    /// What the printer's command was given, once it is there.
    fn printed(&self) -> PathBuf {
        let out = self.folder.join("out");
        until("the document", || out.exists().then_some(()));
        out
    }

    /// Asks with another client: what `ipptool` prints when it runs `test` of CUPS, or one in `folder`.
    fn ask(&self, test: &str) -> String {
        let output = Command::new("ipptool")
            .arg("-tv")
            .arg(&self.uri)
            .arg(test)
            .output();
        String::from_utf8_lossy(&output.unwrap().stdout).into_owned()
    }
}

/// Two pages, drawn once: that takes a while where nothing is optimised.
fn pages() -> Vec<Page> {
    static PAGES: std::sync::OnceLock<Vec<Page>> = std::sync::OnceLock::new();
    PAGES.get_or_init(drawn).clone()
}

fn drawn() -> Vec<Page> {
    let with = |dark: u32| {
        Page::of_picture(&RgbaImage::from_fn(620, 877, |x, y| {
            let grey = if (x / 20 + y / 20) % 7 < dark {
                30
            } else {
                255
            };
            Rgba([grey, grey, grey, 255])
        }))
    };
    vec![with(2), with(4)]
}

/// What another program reads out of the document, as bytes of grey, all pages one after the other.
fn read_by_python(reader: &str, document: &Path) -> Vec<u8> {
    let mut python = Command::new("python3")
        .arg("-")
        .arg(document)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    python
        .stdin
        .take()
        .unwrap()
        .write_all(reader.as_bytes())
        .unwrap();
    let output = python.wait_with_output().unwrap();
    assert!(output.status.success());
    output.stdout
}

const PWG_READER: &str = r#"
import struct, sys
data = open(sys.argv[1], "rb").read()
assert data[:4] == b"RaS2"
at = 4
while at < len(data):
    head = data[at:at + 1796]
    assert head[:9] == b"PwgRaster" and head[1732:].startswith(b"iso_a4_210x297mm\0")
    across, along = struct.unpack(">II", head[276:284])
    width, height, _, bits, pixel, line, order, space = struct.unpack(">8I", head[372:404])
    assert (across, along, bits, pixel, line, order, space) == (300, 300, 8, 8, width, 0, 18)
    at += 1796
    rows = 0
    while rows < height:
        repeat, row = data[at] + 1, b""
        at += 1
        while len(row) < line:
            count = data[at]
            if count < 128:
                row += data[at + 1:at + 2] * (count + 1)
                at += 2
            else:
                row += data[at + 1:at + 258 - count]
                at += 258 - count
        assert len(row) == line
        sys.stdout.buffer.write(row * repeat)
        rows += repeat
    assert rows == height
"#;

const PDF_READER: &str = r#"
import re, sys, zlib
data = open(sys.argv[1], "rb").read()
assert data.startswith(b"%PDF-") and data.count(b"/Type /Page\n") == 2
for found in re.finditer(rb"/Subtype /Image.*?/Length (\d+)|/Length (\d+)[^>]*?/Subtype /Image", data, re.S):
    length = int(found.group(1) or found.group(2))
    start = data.index(b"stream\n", found.end()) + 7
    sys.stdout.buffer.write(zlib.decompress(data[start:start + length]))
"#;

/// Whether no job is being printed any more, or only until the program behind it notices.
fn taken_back(jobs: &str) -> bool {
    !jobs.contains("= processing\n") || jobs.contains("processing-to-stop-point")
}

fn grey(pages: &[Page]) -> Vec<u8> {
    pages.iter().flat_map(|page| page.grey().to_vec()).collect()
}

/// One room for all of it: a machine holds one announcer only.
#[tokio::test(flavor = "multi_thread")]
async fn a_printer_that_others_wrote_prints_every_page_and_keeps_nothing_that_failed() {
    let room = match Room::open() {
        Ok(room) => room,
        Err(why) => return println!("SKIPPED: {why}"),
    };
    let copy = r#"cp "$1" "$OUT.part"; mv "$OUT.part" "$OUT""#;
    let raster = match room.printer("raster", "image/pwg-raster", copy) {
        Ok(printer) => printer,
        Err(why) => return println!("SKIPPED: {why}"),
    };

    // Every pixel arrives, as another program reads it.
    let driver = raster.driver();
    let confirmed = PrintOutcome::Confirmed {
        evidence: Evidence::JobCompleted,
    };
    assert_eq!(driver.print(pages()).await.unwrap(), confirmed);
    assert!(read_by_python(PWG_READER, &raster.printed()) == grey(&pages()));
    assert!(driver.status().borrow().is_usable());
    // And libcups, which wrote the standard, reads it to the end.
    let post_script = Command::new("/usr/sbin/ippeveps")
        .arg(raster.printed())
        .env("CONTENT_TYPE", "image/pwg-raster")
        .output();
    let post_script = post_script.unwrap();
    let text = String::from_utf8_lossy(&post_script.stdout);
    assert_eq!(
        text.matches("showpage").count(),
        2,
        "{}",
        String::from_utf8_lossy(&post_script.stderr)
    );

    let paper = room.printer("paper", "application/pdf", copy).unwrap();
    assert_eq!(paper.driver().print(pages()).await.unwrap(), confirmed);
    assert!(read_by_python(PDF_READER, &paper.printed()) == grey(&pages()));

    // The tray is empty halfway: said, and taken back, so that it does not come out for the next person.
    let empty = r#"echo "STATE: +media-empty" >&2; sleep 60"#;
    let empty = room.printer("empty", "image/pwg-raster", empty).unwrap();
    let error = empty.driver().print(pages()).await.unwrap_err();
    assert_eq!(error.fault.kind, FaultKind::PaperOut, "{error:?}");
    assert!(matches!(
        error.progress,
        Progress::Interrupted { of: 2, .. }
    ));
    let jobs = empty.ask("get-jobs.test");
    assert!(taken_back(&jobs), "{jobs}");

    // What an earlier run left waiting is taken back before anything else happens.
    let slow = room
        .printer("slow", "image/pwg-raster", "sleep 3600")
        .unwrap();
    let first = slow.driver();
    let waiting = tokio::spawn(async move { first.print(pages()).await });
    until("the job", || {
        slow.ask("get-jobs.test")
            .contains("processing")
            .then_some(())
    });
    waiting.abort();
    let second = slow.driver();
    until("the queue to empty", || {
        taken_back(&slow.ask("get-jobs.test")).then_some(())
    });
    drop(second);
}

#[tokio::test]
async fn no_printer_and_no_printer_at_all_are_two_things() {
    // Nobody listens.
    let free = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let nobody = PagePrinterConfig {
        uri: format!("ipp://{free}/ipp/print"),
    };
    let error = PagePrinter::open_at(nobody, PACE)
        .print(pages())
        .await
        .unwrap_err();
    assert_eq!(error.fault.kind, FaultKind::PortMissing, "{error:?}");
    assert_eq!(error.progress, Progress::NothingSent);

    // Somebody answers who is no printer.
    let other = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = other.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in other.incoming() {
            let mut stream = stream.unwrap();
            let mut seen = [0; 4096];
            let _ = std::io::Read::read(&mut stream, &mut seen);
            let answer = b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 5\r\n\r\nhello";
            let _ = stream.write_all(answer);
            // Closed with something unread, the line would be reset, and the answer with it.
            let _ = std::io::copy(&mut stream, &mut std::io::sink());
        }
    });
    let portal = PagePrinterConfig {
        uri: format!("ipp://{address}/ipp/print"),
    };
    let error = PagePrinter::open_at(portal, PACE)
        .print(pages())
        .await
        .unwrap_err();
    assert_eq!(error.fault.kind, FaultKind::WrongDevice, "{error:?}");
    assert_eq!(error.progress, Progress::NothingSent);

    // An address that is none.
    let typo = PagePrinterConfig {
        uri: "10.0.0.9".into(),
    };
    let error = PagePrinter::open_at(typo, PACE)
        .print(pages())
        .await
        .unwrap_err();
    assert_eq!(error.fault.kind, FaultKind::WrongDevice, "{error:?}");
}
