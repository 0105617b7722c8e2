//! Opening the line to a printer: where it is, and at what speed it answers.

use std::path::PathBuf;

use super::escpos::Question;
use super::line::{Answer, Line};
use super::profile::PrinterProfile;
use crate::transport::{Address, ByteStream, Opener, PortError, opener};

/// Speed of a model that names none.
const USUAL: u32 = 115_200;

/// Speed of a serial line in bits per second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Baud {
    /// Whatever the printer answers at. A printer that answers nothing gets the usual speed, so
    /// set a fixed one for such a model.
    Auto,
    /// This one.
    Fixed(u32),
}

/// Where a printer is and what it is like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptPrinterConfig {
    /// A serial device, `tcp:HOST:PORT` or `usb:vvvv:pppp`.
    pub port: PathBuf,
    /// Speed of a serial device.
    pub baud: Baud,
    /// What the model does differently.
    pub profile: PrinterProfile,
}

impl ReceiptPrinterConfig {
    /// The speed to open the port with.
    fn usual_speed(&self) -> u32 {
        match self.baud {
            Baud::Fixed(baud) => baud,
            Baud::Auto => self.profile.speeds.first().copied().unwrap_or(USUAL),
        }
    }

    /// What opens the port.
    pub fn opener(&self) -> Opener {
        opener(&self.port, self.usual_speed(), self.profile.flow.into())
    }
}

/// Opens the line and finds the speed. A printer on the network or USB has none.
pub(super) fn connect(
    config: &ReceiptPrinterConfig,
    open: &mut Opener,
) -> Result<Line<Box<dyn ByteStream>>, PortError> {
    let mut line = Line::new(open()?, config.usual_speed());
    let has_speed = Address::parse(&config.port).is_some_and(|address| address.has_speed());
    if config.baud == Baud::Auto && config.profile.answers_status && has_speed {
        find_speed(&mut line, &config.profile.speeds)?;
    }
    Ok(line)
}

fn find_speed<S: ByteStream>(line: &mut Line<S>, speeds: &[u32]) -> Result<(), PortError> {
    for &baud in speeds {
        line.set_baud(baud)?;
        if let Answer::Byte(_) = line.ask(Question::Printer, 0)? {
            return Ok(());
        }
    }
    line.set_baud(speeds.first().copied().unwrap_or(USUAL))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use crate::transport::scripted::{ScriptedStream, Step};

    #[test]
    fn the_first_speed_that_answers_is_kept() {
        let ask = || Step::Expect(vec![0x10, 4, 1]);
        let silent = || [ask(), Step::Silence, Step::Silence];
        // Three tries each at 115200; noise at 38400; an answer at 19200.
        let script = [silent(), silent(), silent()]
            .concat()
            .into_iter()
            .chain([ask(), Step::Send(vec![0x12])]);
        let mut line = Line::new(ScriptedStream::new(script), 9_600);
        find_speed(&mut line, &PrinterProfile::default().speeds).unwrap();
        assert_eq!(line.stream().deviation(), None);
        assert_eq!(line.stream().bauds(), [115_200, 38_400]);
    }

    #[test]
    fn a_printer_that_answers_at_no_speed_gets_the_usual_one() {
        let script = (0..12).flat_map(|_| [Step::Expect(vec![0x10, 4, 1]), Step::Silence]);
        let mut line = Line::new(ScriptedStream::new(script), 9_600);
        find_speed(&mut line, &PrinterProfile::default().speeds).unwrap();
        assert_eq!(line.stream().bauds().last(), Some(&115_200));
    }
}
