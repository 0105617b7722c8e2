//! Says sentences one after the other, each by a child process that is killed when nobody wants to hear it.

use std::io;
use std::process::Stdio;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process_group};
use tokio::io::AsyncWriteExt;
use tokio::process::{Child, Command};
use tokio::task::AbortHandle;

use super::engine::{Engine, Machine, Unavailable};
use super::prepare::Sentence;
use crate::config::{self, Rate, Volume};

/// Time to start the engine and open the sound device, at most.
const STARTING: Duration = Duration::from_secs(10);
/// Time for one character at half speed, at most.
const A_CHARACTER: Duration = Duration::from_millis(1200);
/// Nobody listens longer; whatever still speaks then is stuck.
const LONGEST_READING: Duration = Duration::from_mins(10);

/// A loudspeaker with an engine.
#[derive(Clone, Debug)]
pub struct Speaker {
    engine: Engine,
    volume: Volume,
    starting: Duration,
}

/// Something being read aloud. Dropping it is silence.
#[derive(Debug)]
pub struct Reading(AbortHandle);

impl Reading {
    /// Whether the last word has been said.
    pub fn is_over(&self) -> bool {
        self.0.is_finished()
    }
}

impl Drop for Reading {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Speaker {
    /// The configured one, when it can be heard here.
    pub fn find(config: &config::Speaker, machine: &Machine) -> Result<Self, Unavailable> {
        Ok(Self {
            engine: Engine::find(config, machine)?,
            volume: config.volume,
            starting: STARTING,
        })
    }

    /// The same with less patience, so that a test can wait for its end.
    #[cfg(test)]
    pub fn impatient(self) -> Self {
        Self {
            starting: Duration::from_millis(100),
            ..self
        }
    }

    /// Begins to read aloud; needs a tokio runtime.
    pub fn read(&self, sentences: Vec<Sentence>, rate: Rate) -> Reading {
        let speaker = self.clone();
        let task = tokio::spawn(async move {
            let whole = speaker.say_all(sentences, rate);
            match tokio::time::timeout(LONGEST_READING, whole).await {
                Ok(Ok(())) => {}
                // What was being said is nobody's business here.
                Ok(Err(error)) => tracing::warn!(%error, "reading aloud broke off"),
                Err(_) => tracing::warn!("reading aloud took too long"),
            }
        });
        Reading(task.abort_handle())
    }

    async fn say_all(&self, sentences: Vec<Sentence>, rate: Rate) -> io::Result<()> {
        for sentence in sentences {
            let length = u32::try_from(sentence.text().chars().count()).unwrap_or(u32::MAX);
            let patience = self
                .starting
                .saturating_add(A_CHARACTER.saturating_mul(length));
            tokio::time::timeout(patience, self.say(&sentence, rate))
                .await
                .map_err(|_| io::Error::from(io::ErrorKind::TimedOut))??;
        }
        Ok(())
    }

    async fn say(&self, sentence: &Sentence, rate: Rate) -> io::Result<()> {
        let child = Command::new(self.engine.program())
            .args(self.engine.arguments(sentence.voice(), rate, self.volume))
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            // A program of the site's own may be a script with a player behind it: all are stopped together.
            .process_group(0)
            .spawn()?;
        let mut voice = Voice(child);
        if let Some(mut stdin) = voice.0.stdin.take() {
            stdin.write_all(sentence.text().as_bytes()).await?;
            stdin.write_all(b"\n").await?;
        }
        let status = voice.0.wait().await?;
        if status.success() {
            Ok(())
        } else {
            Err(io::Error::other(format!(
                "the speech engine ended with {status}"
            )))
        }
    }
}

/// A child that does not outlive the wish to hear it.
struct Voice(Child);

impl Drop for Voice {
    fn drop(&mut self) {
        // Without an id it has ended and its number may belong to somebody else.
        let group = self.0.id().and_then(|id| Pid::from_raw(id.cast_signed()));
        if let Some(group) = group {
            // It may have ended in this moment, which is as well.
            let _ = kill_process_group(group, Signal::KILL);
        }
    }
}
