//! Recording a trial, and playing a recording to the driver.

use std::fmt::Write;
use std::path::Path;
use std::time::Duration;

use jinban_devices::recording::{Recording, Subject, recorded};
use jinban_devices::transport::Opener;

use super::{bench, trial};
use crate::cli::args::{At, Recordable, Wait};
use crate::cli::exit::{Exit, Failure, Output};

/// How long a recording is played for a card or a code: nobody has to fetch one.
const PLAYED: Wait = Wait { timeout: 10 };

/// How long a thread may take to let go of its device.
const ENDING: Duration = Duration::from_secs(15);

pub(super) async fn record(
    dir: &Path,
    work: Recordable,
    out: &Path,
    wait: Wait,
    at: &At,
    json: bool,
) -> Result<Output, Failure> {
    let tape = |open: Opener, subject| {
        recorded(open, subject, out)
            .map_err(|error| Failure::unavailable(format!("{} 录不进去：{error}", out.display())))
    };
    let (done, complete) = match work {
        Recordable::ReadCard => {
            let config = bench::card_reader(dir, at)?;
            let (open, complete) = tape(config.opener(), Subject::CardReader)?;
            (trial::read_card(open, config, wait, json).await, complete)
        }
        Recordable::ReadCode => {
            let config = bench::barcode_reader(dir, at)?;
            let protocol = config.profile.protocol;
            let (open, complete) = tape(config.opener(), Subject::BarcodeReader(protocol))?;
            (trial::read_code(open, config, wait, json).await, complete)
        }
        Recordable::PrintTest => {
            let config = bench::printer(dir, at)?;
            let (open, complete) = tape(config.opener(), Subject::ReceiptPrinter)?;
            (trial::print_test(open, config, json).await, complete)
        }
    };
    // The device's thread has the last words to write.
    let written = async {
        while !complete.is_complete() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(ENDING, written)
        .await
        .map_err(|_| Failure::unavailable("设备的线程没有按时停下，录音可能缺了最后几句。"))?;
    done
}

pub(super) async fn replay(
    dir: &Path,
    file: &Path,
    model: Option<String>,
    json: bool,
) -> Result<Output, Failure> {
    let recording = Recording::load(file)
        .map_err(|error| Failure::unavailable(format!("{}：{error}", file.display())))?;
    let subject = recording.subject;
    let (open, deviation) = recording.into_opener();
    // The recording stands in for the port.
    let at = At {
        port: Some(file.to_owned()),
        model,
        baud: None,
    };
    let played = match subject {
        Subject::CardReader => {
            trial::read_card(open, bench::card_reader(dir, &at)?, PLAYED, json).await
        }
        Subject::BarcodeReader(protocol) => {
            let mut config = bench::barcode_reader(dir, &at)?;
            config.profile.protocol = protocol;
            trial::read_code(open, config, PLAYED, json).await
        }
        Subject::ReceiptPrinter => trial::print_test(open, bench::printer(dir, &at)?, json).await,
    };
    match deviation.first() {
        None => played,
        Some(what) => {
            let mut output = played.unwrap_or_else(Output::from).ending(Exit::NotWell);
            // Writing to a string does not fail.
            let _ = writeln!(
                output.complaint,
                "驱动说的和录音里的不一样了（机型不同，或者程序改过）：{what}"
            );
            Ok(output)
        }
    }
}
