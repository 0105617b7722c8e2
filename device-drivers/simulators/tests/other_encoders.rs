//! What independent programs encode and decode: python-escpos in, zbarimg out.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::io::Write;
use std::process::Command;
use std::time::Duration;

use common::{PRINTER, Simulator, read_up_to};

const CONTENTS: &str = "https://example.invalid/办件/510822-0001";

const SCRIPT: &str = r#"
import sys
from escpos.printer import Dummy
from PIL import Image
printer = Dummy()
printer.hw("INIT")
printer.set(align="center", bold=True, double_height=True, double_width=True)
printer.text("RECEIPT\n")
printer.set_with_default()
printer.set(align="center")
printer.qr(sys.argv[1], native=True, size=6, ec=1, model=2)
picture = Image.new("1", (256, 40), 1)
for x in range(256):
    picture.putpixel((x, x % 40), 0)
for way in ("bitImageRaster", "graphics", "bitImageColumn"):
    printer.image(picture, impl=way)
printer.text("done\n")
printer.print_and_feed(6)
printer.cut(mode="PART")
sys.stdout.buffer.write(printer.output)
"#;

#[test]
fn nothing_that_python_escpos_sends_is_unknown_and_zbarimg_reads_the_printed_code() {
    let encoded = Command::new("python3")
        .args(["-c", SCRIPT, CONTENTS])
        .output();
    let encoded = match encoded {
        Ok(output) if output.status.success() => output.stdout,
        Ok(output) => {
            let reason = String::from_utf8_lossy(&output.stderr).into_owned();
            assert!(reason.contains("ModuleNotFoundError"), "{reason}");
            println!("SKIPPED: python-escpos is not installed");
            return;
        }
        Err(error) => {
            println!("SKIPPED: no Python: {error}");
            return;
        }
    };
    let mut simulator = Simulator::start(PRINTER, &["--speed", "1000"]);
    let mut port = simulator.open(115_200);
    port.write_all(&encoded).unwrap();
    port.write_all(b"\x1Dr\x01").unwrap();
    assert_eq!(read_up_to(&mut port, 1, Duration::from_secs(10)), [0]);
    let state = simulator.await_state("a sheet", |state| state["sheets"][0].is_object());
    assert_eq!(state["unknown"], serde_json::json!([]), "{state}");
    assert_eq!(state["unknown-bytes"], 0);
    assert_eq!(state["failed-symbols"], 0);
    assert_eq!(state["clipped-rows"], 0);

    let sheet = simulator.folder.path().join("paper-0001.png");
    match Command::new("zbarimg")
        .args(["--quiet", "--raw", "--oneshot", "-Sqrcode.binary"])
        .arg(&sheet)
        .output()
    {
        Ok(read) => assert_eq!(
            String::from_utf8_lossy(&read.stdout).trim_end(),
            CONTENTS,
            "{}",
            String::from_utf8_lossy(&read.stderr)
        ),
        Err(error) => println!("SKIPPED: no zbarimg: {error}"),
    }
}
