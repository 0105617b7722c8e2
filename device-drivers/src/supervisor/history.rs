//! Results of self-tests on the disk, so that last week's are known after a restart.

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::self_test::{KEPT, SelfTest};

/// A file with one result on each line, the last one last.
#[derive(Debug)]
pub(super) struct History {
    path: PathBuf,
}

impl History {
    /// Opens the file, shortened to the results that are worth keeping, and reads them.
    pub fn open(path: &Path) -> io::Result<(Self, Vec<SelfTest>)> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let kept = self_tests_in(path)?;
        // Also mends a last line that a power cut has torn.
        let mut text = Vec::new();
        for test in &kept {
            write_line(&mut text, test)?;
        }
        let fresh = path.with_extension("new");
        std::fs::write(&fresh, text)?;
        std::fs::rename(&fresh, path)?;
        let history = Self {
            path: path.to_owned(),
        };
        Ok((history, kept))
    }

    /// Adds a result.
    pub fn add(&self, test: &SelfTest) -> io::Result<()> {
        let mut line = Vec::new();
        write_line(&mut line, test)?;
        let mut file = OpenOptions::new()
            .create(true)
            .append(true)
            .open(&self.path)?;
        file.write_all(&line)
    }
}

/// The results in a file, the last one last; none if there is no file. Lines that cannot be
/// understood are left out.
///
/// # Errors
/// The file cannot be read.
pub fn self_tests_in(path: &Path) -> io::Result<Vec<SelfTest>> {
    let bytes = match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut tests: Vec<SelfTest> = bytes
        .split(|&byte| byte == b'\n')
        .filter_map(|line| serde_json::from_slice(line).ok())
        .collect();
    tests.drain(..tests.len().saturating_sub(KEPT));
    Ok(tests)
}

fn write_line(lines: &mut Vec<u8>, test: &SelfTest) -> io::Result<()> {
    serde_json::to_writer(&mut *lines, test)?;
    lines.push(b'\n');
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use std::time::Duration;

    use jiff::Timestamp;

    use super::*;
    use crate::status::FaultKind;
    use crate::supervisor::Supervisor;

    fn test(second: i64, fault: Option<FaultKind>) -> SelfTest {
        SelfTest {
            at: Timestamp::from_second(second).unwrap(),
            took: Duration::from_millis(12),
            fault,
        }
    }

    #[test]
    fn results_are_known_after_a_restart_and_only_the_latest_are_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("self-tests/printer.jsonl");
        let (history, earlier) = History::open(&path).unwrap();
        assert_eq!(earlier, []);
        for second in 0..100 {
            history
                .add(&test(second, Some(FaultKind::PaperOut)))
                .unwrap();
        }
        let (_, kept) = History::open(&path).unwrap();
        assert_eq!(kept.len(), KEPT);
        assert_eq!(kept.last(), Some(&test(99, Some(FaultKind::PaperOut))));
        let lines = std::fs::read_to_string(&path).unwrap();
        assert_eq!(lines.lines().count(), KEPT, "the file was shortened too");
    }

    #[test]
    fn a_line_torn_by_a_power_cut_costs_itself_only() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("printer.jsonl");
        let (history, _) = History::open(&path).unwrap();
        history.add(&test(1, None)).unwrap();
        history.add(&test(2, None)).unwrap();
        let text = std::fs::read(&path).unwrap();
        std::fs::write(&path, &text[..text.len() - 9]).unwrap();
        let (history, kept) = History::open(&path).unwrap();
        assert_eq!(kept, [test(1, None)]);
        history.add(&test(3, None)).unwrap();
        assert_eq!(
            self_tests_in(&path).unwrap(),
            [test(1, None), test(3, None)]
        );
    }

    #[test]
    fn a_supervisor_keeps_what_was_tested_before_it_was_told_where_to() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("reader.jsonl");
        for run in 1..=2 {
            let supervisor = Supervisor::new();
            let early = supervisor.self_test_if_due(|| Ok::<_, ()>(Some(FaultKind::NoAnswer)));
            early.unwrap();
            supervisor.keep_self_tests_in(&path);
            supervisor.request_self_test();
            supervisor.self_test_if_due(|| Ok::<_, ()>(None)).unwrap();
            assert_eq!(supervisor.self_tests().len(), 2 * run);
            assert_eq!(self_tests_in(&path).unwrap(), supervisor.self_tests());
        }
    }
}
