//! Finding out what is at a port: questions that harm nobody, at every usual speed, and what the
//! answers show.

mod ports;
mod question;
mod usb;

use std::time::{Duration, Instant};

use serde::{Serialize, Serializer};

pub use ports::{serial_ports, sighting};
pub use question::{Found, Question};
pub use usb::{UsbDevice, UsbUse, device_id_of, usb_devices};

use crate::profile::DeviceId;
use crate::transport::{ByteStream, PortError};

/// Speeds that are tried, the likeliest first.
pub const SPEEDS: [u32; 5] = [115_200, 9600, 38_400, 19_200, 57_600];
/// How long an answer may take to begin, beyond the time that it is on the wire.
const THINKING: Duration = Duration::from_millis(300);
/// Silence that ends an answer.
const QUIET: Duration = Duration::from_millis(60);
/// The longest that one answer is listened to.
const LONGEST: Duration = Duration::from_secs(1);

/// One question and what came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Exchange {
    /// Bits per second.
    pub baud: u32,
    /// What was asked.
    pub question: Question,
    /// What was sent.
    #[serde(serialize_with = "as_hex")]
    pub sent: Vec<u8>,
    /// What came.
    #[serde(serialize_with = "as_hex")]
    pub heard: Vec<u8>,
}

/// Everything that was asked and answered at a port.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Probed {
    /// What it is, if an answer showed it.
    pub found: Option<Found>,
    /// At which speed.
    pub baud: Option<u32>,
    /// Who it says it is.
    pub device_id: Option<DeviceId>,
    /// Exchanges in which something came, in order.
    pub answers: Vec<Exchange>,
    /// How many questions were put.
    pub asked: usize,
}

/// Asks at every one of `speeds` until an answer shows what is there.
///
/// Nothing is asked that reads a card or prints. A printer at another speed than asked may print a
/// few question marks.
///
/// # Errors
/// The port fails.
pub fn probe(stream: &mut dyn ByteStream, speeds: &[u32]) -> Result<Probed, PortError> {
    let mut probed = Probed {
        found: None,
        baud: None,
        device_id: None,
        answers: Vec::new(),
        asked: 0,
    };
    for &baud in speeds {
        stream.set_baud(baud)?;
        for question in Question::ALL {
            let heard = ask(stream, baud, question, &mut probed)?;
            if let Some(found) = question.shows(&heard) {
                probed.found = Some(found);
                probed.baud = Some(baud);
                probed.device_id = identity(stream, baud, found, &mut probed)?;
                return Ok(probed);
            }
        }
    }
    Ok(probed)
}

/// Asks a printer who it is. Many do not say.
fn identity(
    stream: &mut dyn ByteStream,
    baud: u32,
    found: Found,
    probed: &mut Probed,
) -> Result<Option<DeviceId>, PortError> {
    if found != Found::Printer {
        return Ok(None);
    }
    let maker = ask(stream, baud, Question::PrinterMaker, probed)?;
    let model = ask(stream, baud, Question::PrinterModel, probed)?;
    let text = |bytes: &[u8]| question::identity_text(bytes);
    Ok(text(&model).map(|model| DeviceId {
        maker: text(&maker).unwrap_or_default(),
        model,
    }))
}

fn ask(
    stream: &mut dyn ByteStream,
    baud: u32,
    question: Question,
    probed: &mut Probed,
) -> Result<Vec<u8>, PortError> {
    let sent = question.bytes();
    let now = Instant::now();
    stream.drain(Duration::ZERO, now + QUIET)?;
    let on_wire = Duration::from_micros(sent.len() as u64 * 20_000_000 / u64::from(baud.max(300)));
    match stream.write_all(&sent, now + LONGEST) {
        Ok(()) => {}
        // It takes nothing at all, which is an answer of a kind.
        Err(PortError::TimedOut) => return Ok(Vec::new()),
        Err(error) => return Err(error),
    }
    probed.asked += 1;
    let end = Instant::now() + on_wire + LONGEST;
    let mut deadline = Instant::now() + on_wire + THINKING;
    let mut heard = Vec::new();
    let mut buffer = [0; 256];
    while heard.len() < 512 {
        match stream.read(&mut buffer, deadline.min(end)) {
            Ok(count) => heard.extend_from_slice(&buffer[..count]),
            Err(PortError::TimedOut) => break,
            Err(error) => return Err(error),
        }
        deadline = Instant::now() + QUIET;
        if Instant::now() >= end {
            break;
        }
    }
    if !heard.is_empty() {
        probed.answers.push(Exchange {
            baud,
            question,
            sent,
            heard: heard.clone(),
        });
    }
    Ok(heard)
}

fn as_hex<S: Serializer>(bytes: &[u8], out: S) -> Result<S::Ok, S::Error> {
    out.serialize_str(&in_hex(bytes))
}

/// Bytes as technicians read them.
pub fn in_hex(bytes: &[u8]) -> String {
    let pairs: Vec<String> = bytes.iter().map(|byte| format!("{byte:02X}")).collect();
    pairs.join(" ")
}
