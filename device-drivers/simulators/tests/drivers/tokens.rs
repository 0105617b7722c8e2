//! Everything that the driver sends to a receipt printer, read by a tokenizer that others wrote
//! (emupos): it must know every command.

use std::io::Write;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use jinban_devices::printer::ledger::MemoryLedger;
use jinban_devices::printer::{Baud, ReceiptPrinter, ReceiptPrinterConfig};
use jinban_devices::profile::{Options, ProfileSet};
use jinban_devices::receipt::Bitmap;
use jinban_devices::status::FaultKind;
use jinban_devices::transport::{ByteStream, Opener, PortError};

use crate::await_status;
use crate::common::{PRINTER, Simulator};

/// The tokenizer's own file, without the package around it; older Pythons lack one word of it.
const SCRIPT: &str = r#"
import importlib.util, pathlib, re, sys, types
spec = importlib.util.find_spec("emupos")
if spec is None:
    sys.exit(3)
file = pathlib.Path(spec.submodule_search_locations[0], "printer/escpos/tokenizer.py")
source = re.sub(r"(?m)^type (\w+) = ", r"\1 = ", file.read_text())
module = types.ModuleType("tokenizer")
sys.modules["tokenizer"] = module
exec(compile(source, str(file), "exec"), module.__dict__)
tokenizer = module.Tokenizer()
tokens = tokenizer.feed(sys.stdin.buffer.read())
tokens.append(tokenizer.close())
for token in tokens:
    kind = type(token).__name__
    if kind == "Command":
        print("command", token.name)
    elif token is not None:
        print(kind.lower(), (token.raw if kind == "Unknown" else token.data).hex())
"#;

/// The tokens of a stream, one on a line; none if the tokenizer cannot be had.
fn tokens(bytes: &[u8]) -> Option<Vec<String>> {
    let mut child = match Command::new("python3")
        .args(["-c", SCRIPT])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
    {
        Ok(child) => child,
        Err(error) => {
            println!("SKIPPED: no Python: {error}");
            return None;
        }
    };
    child.stdin.take().unwrap().write_all(bytes).ok();
    let output = child.wait_with_output().unwrap();
    if output.status.code() == Some(3) {
        println!("SKIPPED: emupos is not installed");
        return None;
    }
    assert!(output.status.success());
    let text = String::from_utf8(output.stdout).unwrap();
    Some(text.lines().map(str::to_owned).collect())
}

/// A line that remembers what was sent.
struct Tapped {
    stream: Box<dyn ByteStream>,
    sent: Arc<Mutex<Vec<u8>>>,
}

impl ByteStream for Tapped {
    fn read(&mut self, buf: &mut [u8], deadline: Instant) -> Result<usize, PortError> {
        self.stream.read(buf, deadline)
    }

    fn write_all(&mut self, bytes: &[u8], deadline: Instant) -> Result<(), PortError> {
        self.sent.lock().unwrap().extend(bytes);
        self.stream.write_all(bytes, deadline)
    }

    fn set_baud(&mut self, baud: u32) -> Result<(), PortError> {
        self.stream.set_baud(baud)
    }
}

fn tapped(mut open: Opener, sent: &Arc<Mutex<Vec<u8>>>) -> Opener {
    let sent = Arc::clone(sent);
    Box::new(move || {
        let stream = open()?;
        let sent = Arc::clone(&sent);
        Ok(Box::new(Tapped { stream, sent }))
    })
}

#[tokio::test]
async fn a_tokenizer_that_others_wrote_knows_everything_that_is_sent_to_any_model() {
    if tokens(b"\x1b@").is_none() {
        return;
    }
    let mut models = 0;
    for (name, profile) in ProfileSet::shipped().iter() {
        let Options::ReceiptPrinter(options) = &profile.device else {
            continue;
        };
        let profile = options.profile();
        let dots = profile.paper.dots().to_string();
        let mut simulator = Simulator::start(PRINTER, &["--speed", "500", "--dots", &dots]);
        let config = ReceiptPrinterConfig {
            port: simulator.port.clone(),
            baud: Baud::Fixed(115_200),
            profile: profile.clone(),
        };
        let sent = Arc::default();
        let open = tapped(config.opener(), &sent);
        let printer = ReceiptPrinter::open_on(open, config, MemoryLedger::default());
        let mut picture = Bitmap::new(profile.paper.dots(), 60);
        for at in 0..60 {
            picture.set(at, at, true);
        }
        let picture = Arc::new(picture);
        printer.print(Arc::clone(&picture)).await.unwrap();
        // The way back from a fault is sent too.
        simulator.order(r#"{"do":"cover-open"}"#);
        await_status(&mut printer.status(), "the open cover", |status| {
            status
                .fault
                .as_ref()
                .is_some_and(|f| f.kind == FaultKind::CoverOpen)
        })
        .await;
        simulator.order(r#"{"do":"cover-close"}"#);
        let again = tokio::time::timeout(Duration::from_secs(30), printer.print(picture)).await;
        assert!(again.is_ok(), "{name}");

        let sent = sent.lock().unwrap().clone();
        let found = tokens(&sent).unwrap();
        let mut unknown: Vec<_> = found
            .iter()
            .filter(|token| !token.starts_with("command "))
            .map(String::as_str)
            .collect();
        if profile.command_mode.is_some() {
            // ESC y n is of these models' makers alone.
            unknown.retain(|token| !["unknown 1b79", "unknown 03"].contains(token));
        }
        assert!(unknown.is_empty(), "{name}: {unknown:?}");
        for command in ["ESC @", "ESC J", "DLE EOT"] {
            let line = format!("command {command}");
            assert!(found.contains(&line), "{name}: no {command} in {found:?}");
        }
        models += 1;
    }
    assert!(models >= 10, "{models} models");
}
