//! A connection to a device that exists only as a script, for tests of drivers.

use std::collections::VecDeque;
use std::time::Instant;

use super::{ByteStream, PortError};

/// One thing that the scripted device does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Wait for exactly these bytes from the host, which must have been written.
    Expect(Vec<u8>),
    /// Send these bytes. Each `Send` is handed out by separate reads.
    Send(Vec<u8>),
    /// Say nothing until the host's deadline.
    Silence,
    /// The cable is pulled; everything fails from here on.
    Unplug,
}

/// A device played from a list of steps. Deadlines pass at once, so tests do not wait.
///
/// Whatever departs from the script is kept in [`ScriptedStream::deviation`] and makes every
/// later operation fail, so that a driver cannot carry on as if nothing had happened.
#[derive(Debug, Default)]
pub struct ScriptedStream {
    steps: VecDeque<Step>,
    written: Vec<u8>,
    bauds: Vec<u32>,
    deviation: Option<String>,
}

impl ScriptedStream {
    /// A device that will follow `steps` in order.
    pub fn new(steps: impl IntoIterator<Item = Step>) -> Self {
        Self {
            steps: steps.into_iter().collect(),
            ..Self::default()
        }
    }

    /// The speeds that the host set, in order.
    pub fn bauds(&self) -> &[u32] {
        &self.bauds
    }

    /// How the host departed from the script, if it did.
    pub fn deviation(&self) -> Option<&str> {
        self.deviation.as_deref()
    }

    /// Whether the whole script was played and nothing else happened.
    pub fn is_finished(&self) -> bool {
        self.deviation.is_none() && self.steps.is_empty() && self.written.is_empty()
    }

    fn deviate(&mut self, what: String) -> PortError {
        let error = PortError::Other(what.clone());
        self.deviation.get_or_insert(what);
        error
    }

    fn check(&self) -> Result<(), PortError> {
        match &self.deviation {
            Some(what) => Err(PortError::Other(what.clone())),
            None => Ok(()),
        }
    }
}

impl ByteStream for ScriptedStream {
    fn read(&mut self, buf: &mut [u8], _deadline: Instant) -> Result<usize, PortError> {
        self.check()?;
        match self.steps.front_mut() {
            Some(Step::Send(bytes)) => {
                let n = bytes.len().min(buf.len());
                buf[..n].copy_from_slice(&bytes[..n]);
                bytes.drain(..n);
                if bytes.is_empty() {
                    self.steps.pop_front();
                }
                Ok(n)
            }
            Some(Step::Silence) => {
                self.steps.pop_front();
                Err(PortError::TimedOut)
            }
            Some(Step::Unplug) => Err(PortError::Unplugged("script".into())),
            // A host that listens while the device waits for it hears nothing.
            Some(Step::Expect(_)) | None => Err(PortError::TimedOut),
        }
    }

    fn write_all(&mut self, bytes: &[u8], _deadline: Instant) -> Result<(), PortError> {
        self.check()?;
        self.written.extend_from_slice(bytes);
        match self.steps.front() {
            Some(Step::Expect(expected)) if *expected == self.written => {
                self.steps.pop_front();
                self.written.clear();
                Ok(())
            }
            Some(Step::Expect(expected)) if expected.starts_with(&self.written) => Ok(()),
            Some(Step::Unplug) => Err(PortError::Unplugged("script".into())),
            next => {
                let what = format!("host wrote {:02X?}, script has {next:02X?}", self.written);
                Err(self.deviate(what))
            }
        }
    }

    fn set_baud(&mut self, baud: u32) -> Result<(), PortError> {
        self.bauds.push(baud);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn a_host_that_departs_from_the_script_is_found_out() {
        let now = Instant::now();
        let mut device = ScriptedStream::new([Step::Expect(vec![1, 2]), Step::Send(vec![3])]);
        device.write_all(&[1], now).unwrap();
        assert!(device.write_all(&[9], now).is_err());
        assert!(device.read(&mut [0; 1], now).is_err());
        assert!(device.deviation().is_some());
        assert!(!device.is_finished());
    }

    #[test]
    fn a_followed_script_finishes() {
        let now = Instant::now();
        let mut device = ScriptedStream::new([
            Step::Expect(vec![1, 2]),
            Step::Send(vec![3, 4]),
            Step::Silence,
            Step::Unplug,
        ]);
        device.write_all(&[1], now).unwrap();
        device.write_all(&[2], now).unwrap();
        let mut buf = [0; 1];
        assert_eq!(device.read(&mut buf, now).unwrap(), 1);
        assert_eq!(device.read(&mut buf, now).unwrap(), 1);
        assert!(matches!(
            device.read(&mut buf, now),
            Err(PortError::TimedOut)
        ));
        assert!(matches!(
            device.read(&mut buf, now),
            Err(PortError::Unplugged(_))
        ));
    }
}
