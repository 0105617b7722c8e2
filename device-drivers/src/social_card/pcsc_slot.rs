//! A slot reached through PC/SC: the daemon `pcscd`, its readers, and the card in one of them.

use std::ffi::CString;
use std::sync::mpsc::{Receiver, RecvTimeoutError, TryRecvError, channel};
use std::time::Duration;

use pcsc::{Card, Context, Disposition, Error, Protocols, ReaderState, Scope, ShareMode, State};
use zeroize::Zeroizing;

use super::apdu::Apdu;
use super::card::SocialCard;
use super::error::SocialCardError;
use super::handle::WhichReader;
use super::reading::{Channel, read};
use super::slot::{Sight, Slot};
use crate::status::{Fault, FaultKind};

/// How long reading a whole card may take. Cards with slow chips need two to three seconds.
const READING: Duration = Duration::from_secs(10);
/// A disturbance on the contacts is met by beginning anew, so often.
const ATTEMPTS: u8 = 3;
/// Between two of them.
const BREATH: Duration = Duration::from_millis(250);

type Read = Result<SocialCard, SocialCardError>;

/// A slot of the reader that is meant. Connects to the daemon whenever it is not connected.
pub(super) struct PcscSlot {
    which: WhichReader,
    connected: Option<Connection>,
    /// A reading whose time was up. PC/SC knows no deadline for a card, so it may still hang.
    overdue: Option<Receiver<Read>>,
}

/// The daemon, and the reader as it was seen last.
struct Connection {
    context: Context,
    reader: CString,
    seen: ReaderState,
}

impl PcscSlot {
    pub fn new(which: WhichReader) -> Self {
        Self {
            which,
            connected: None,
            overdue: None,
        }
    }

    fn connected(&mut self) -> Result<&mut Connection, Fault> {
        let connection = match self.connected.take() {
            Some(connection) => connection,
            None => {
                let context = Context::establish(Scope::System).map_err(fault)?;
                let reader = choose(&context, &self.which)?;
                Connection {
                    seen: ReaderState::new(reader.clone(), State::UNAWARE),
                    context,
                    reader,
                }
            }
        };
        Ok(self.connected.insert(connection))
    }

    /// Whether a reading from before still hangs.
    fn hangs(&mut self) -> bool {
        let hangs = matches!(
            self.overdue.as_ref().map(Receiver::try_recv),
            Some(Err(TryRecvError::Empty))
        );
        if !hangs {
            self.overdue = None;
        }
        hangs
    }

    fn observe(&mut self, patience: Duration) -> Result<Sight, Fault> {
        let Connection { context, seen, .. } = self.connected()?;
        // What is known goes along, with its count, so that only news ends the waiting.
        seen.sync_current_state();
        match context.get_status_change(patience, std::slice::from_mut(seen)) {
            Ok(()) | Err(Error::Timeout) => {}
            Err(error) => return Err(fault(error)),
        }
        let (state, count) = (seen.event_state(), seen.event_count());
        if state.intersects(State::UNKNOWN | State::UNAVAILABLE) {
            return Err(fault(Error::ReaderUnavailable));
        }
        Ok(if !state.contains(State::PRESENT) {
            Sight::Empty
        } else if state.contains(State::MUTE) {
            Sight::Mute { count }
        } else {
            Sight::Card { count }
        })
    }
}

impl Slot for PcscSlot {
    fn look(&mut self, patience: Duration) -> Result<Sight, Fault> {
        if self.hangs() {
            return Err(Fault::new(FaultKind::NoAnswer, "a reading never ended"));
        }
        let seen = self.observe(patience);
        if seen.is_err() {
            // The daemon may have been started anew, or the reader plugged in elsewhere.
            self.connected = None;
        }
        seen
    }

    fn read(&mut self) -> Read {
        if self.hangs() {
            return Err(SocialCardError::NoAnswer);
        }
        let connection = self
            .connected()
            .map_err(|fault| SocialCardError::ReaderFault(fault.kind))?;
        let (context, reader) = (connection.context.clone(), connection.reader.clone());
        let (done, result) = channel();
        let thread = std::thread::Builder::new().name("social-card".into());
        thread
            .spawn(move || {
                // When the time is up nobody listens, and the card is wiped here.
                let _ = done.send(read_in(&context, &reader));
            })
            .map_err(|_| SocialCardError::ReaderFault(FaultKind::Other))?;
        match result.recv_timeout(READING) {
            Ok(read) => read,
            Err(RecvTimeoutError::Timeout) => {
                self.overdue = Some(result);
                // Its context is held up, so another one is made.
                self.connected = None;
                Err(SocialCardError::NoAnswer)
            }
            Err(RecvTimeoutError::Disconnected) => Err(SocialCardError::NoAnswer),
        }
    }
}

/// The reader that is meant, among those that the daemon knows.
fn choose(context: &Context, which: &WhichReader) -> Result<CString, Fault> {
    let readers = context.list_readers_owned().map_err(fault)?;
    let fits = |name: &CString| match which {
        WhichReader::First => true,
        WhichReader::Named(part) => name.to_string_lossy().contains(part.as_str()),
    };
    let found = readers.into_iter().find(fits);
    found.ok_or_else(|| fault(Error::NoReadersAvailable))
}

/// The readers that the daemon knows, for a technician to choose from.
///
/// # Errors
/// The daemon does not run, or may not be used.
pub fn readers() -> Result<Vec<String>, Fault> {
    let listed = Context::establish(Scope::System).and_then(|c| c.list_readers_owned());
    match listed {
        Ok(names) => Ok(names
            .iter()
            .map(|name| name.to_string_lossy().into_owned())
            .collect()),
        Err(Error::NoReadersAvailable) => Ok(Vec::new()),
        Err(error) => Err(fault(error)),
    }
}

fn read_in(context: &Context, reader: &CString) -> Read {
    let mut last = Err(SocialCardError::NoAnswer);
    for _ in 0..ATTEMPTS {
        // Nobody else may select another file in between.
        last = match context.connect(reader, ShareMode::Exclusive, Protocols::ANY) {
            Ok(card) => read_and_leave(Contact(card)),
            Err(error) => Err(failure(error)),
        };
        let disturbed = matches!(
            last,
            Err(SocialCardError::ReaderFault(FaultKind::Garbled) | SocialCardError::Unreadable(_))
        );
        if !disturbed {
            break;
        }
        // A reader that has just given a bad card up needs a moment before it powers the next one.
        std::thread::sleep(BREATH);
    }
    last
}

/// One attempt, and the card left so that nothing stays selected for whoever comes next.
fn read_and_leave(mut contact: Contact) -> Read {
    let result = read(&mut contact);
    // A card that is gone cannot be reset, and the daemon would lose sight of the slot over the attempt.
    let leave = match result {
        Err(SocialCardError::MovedTooEarly | SocialCardError::ReaderFault(_)) => {
            Disposition::LeaveCard
        }
        _ => Disposition::ResetCard,
    };
    let _ = contact.0.disconnect(leave);
    result
}

/// A card in contact.
struct Contact(Card);

impl Channel for Contact {
    fn transmit(&mut self, apdu: Apdu) -> Result<Zeroizing<Vec<u8>>, SocialCardError> {
        let mut room = Zeroizing::new([0; 258]);
        let answer = self
            .0
            .transmit(&apdu.bytes(), &mut room[..])
            .map_err(failure)?;
        Ok(Zeroizing::new(answer.to_vec()))
    }
}

/// What an error of PC/SC means for the person with the card.
fn failure(error: Error) -> SocialCardError {
    match error {
        Error::RemovedCard | Error::NoSmartcard => SocialCardError::MovedTooEarly,
        // Any protocol would do, so that none fits means an answer to the reset that is noise.
        Error::UnresponsiveCard
        | Error::UnpoweredCard
        | Error::InvalidAtr
        | Error::ProtoMismatch => SocialCardError::Mute,
        Error::UnsupportedCard | Error::CardUnsupported => SocialCardError::WrongCardType,
        error => SocialCardError::ReaderFault(fault(error).kind),
    }
}

/// What an error of PC/SC says of the reader.
fn fault(error: Error) -> Fault {
    let kind = match error {
        Error::NoService | Error::ServiceStopped | Error::Shutdown => FaultKind::ServiceMissing,
        Error::NoReadersAvailable | Error::UnknownReader | Error::ReaderUnavailable => {
            FaultKind::PortMissing
        }
        Error::SharingViolation | Error::ServerTooBusy => FaultKind::PortBusy,
        Error::NoAccess | Error::SecurityViolation => FaultKind::PermissionDenied,
        Error::Timeout | Error::WaitedTooLong | Error::NotReady => FaultKind::NoAnswer,
        Error::NotTransacted | Error::CommDataLost | Error::CommError | Error::ResetCard => {
            FaultKind::Garbled
        }
        Error::ReaderUnsupported | Error::UnsupportedFeature => FaultKind::Unsupported,
        _ => FaultKind::Other,
    };
    Fault::new(kind, format!("PC/SC: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::status::WhoMustAct;

    #[test]
    fn every_error_says_who_must_act() {
        let cases = [
            (
                Error::NoService,
                FaultKind::ServiceMissing,
                WhoMustAct::Technician,
            ),
            (
                Error::NoReadersAvailable,
                FaultKind::PortMissing,
                WhoMustAct::SiteStaff,
            ),
            (
                Error::UnknownReader,
                FaultKind::PortMissing,
                WhoMustAct::SiteStaff,
            ),
            (
                Error::SharingViolation,
                FaultKind::PortBusy,
                WhoMustAct::Technician,
            ),
            (
                Error::NoAccess,
                FaultKind::PermissionDenied,
                WhoMustAct::Technician,
            ),
            (
                Error::NotTransacted,
                FaultKind::Garbled,
                WhoMustAct::Program,
            ),
            (Error::Timeout, FaultKind::NoAnswer, WhoMustAct::SiteStaff),
        ];
        for (error, kind, act) in cases {
            let fault = fault(error);
            assert_eq!((fault.kind, fault.act), (kind, act), "{error:?}");
            assert!(!fault.raw.is_empty());
        }
    }

    #[test]
    fn what_a_person_can_mend_is_not_called_a_fault_of_the_reader() {
        assert_eq!(failure(Error::RemovedCard), SocialCardError::MovedTooEarly);
        assert_eq!(failure(Error::UnresponsiveCard), SocialCardError::Mute);
        assert_eq!(failure(Error::ProtoMismatch), SocialCardError::Mute);
        assert_eq!(
            failure(Error::NoService),
            SocialCardError::ReaderFault(FaultKind::ServiceMissing)
        );
    }
}
