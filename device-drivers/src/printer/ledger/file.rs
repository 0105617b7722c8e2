//! A ledger in a file: one line of JSON for each step, on the disk before the step is taken.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use rustix::fs::FlockOperation;

use super::book::{Book, Job, Line, REMEMBERED};
use super::{DocumentKey, Intent, JobId, JobState, LedgerError, PrintLedger};

/// Lines after which the file is written anew, shorter.
const LINES: usize = REMEMBERED * 8;

/// A ledger in a file, which one program at a time may keep.
#[derive(Debug)]
pub struct FileLedger {
    path: PathBuf,
    file: File,
    book: Book,
    lines: usize,
}

impl FileLedger {
    /// Opens the ledger, or begins one, and settles what an earlier run of the program left open.
    ///
    /// A last line that a power cut has torn is dropped. Lines that cannot be understood are kept
    /// apart, in a file that ends in `.damaged`, and the rest is used: a damaged ledger must not
    /// keep a printer from printing.
    ///
    /// # Errors
    /// The file cannot be read or written, or another program is keeping it.
    pub fn open(path: &Path) -> Result<Self, LedgerError> {
        let mut file = options().open(path)?;
        rustix::fs::flock(&file, FlockOperation::NonBlockingLockExclusive)
            .map_err(io::Error::from)?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        let (mut book, damaged) = read(&bytes);
        if damaged {
            std::fs::write(path.with_extension("damaged"), &bytes)?;
        }
        for job in book.settle() {
            book.take(Line::Job(job));
        }
        book.shorten();
        let mut ledger = Self {
            path: path.to_owned(),
            file,
            book,
            lines: 0,
        };
        ledger.rewrite()?;
        Ok(ledger)
    }

    /// Puts the whole ledger in a new file and that in the place of the old one.
    fn rewrite(&mut self) -> Result<(), LedgerError> {
        let fresh = self.path.with_extension("new");
        let mut text = Vec::new();
        let lines = self.book.lines();
        for line in &lines {
            write_line(&mut text, line)?;
        }
        let mut file = options().open(&fresh)?;
        rustix::fs::flock(&file, FlockOperation::NonBlockingLockExclusive)
            .map_err(io::Error::from)?;
        file.set_len(0)?;
        file.write_all(&text)?;
        file.sync_all()?;
        std::fs::rename(&fresh, &self.path)?;
        let folder = match self.path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        File::open(folder)?.sync_all()?;
        self.file = file;
        self.lines = lines.len();
        Ok(())
    }

    /// Writes a job's new state, and only then believes it.
    fn note(&mut self, job: Job) -> Result<(), LedgerError> {
        let line = Line::Job(job);
        let mut text = Vec::new();
        write_line(&mut text, &line)?;
        let end = self.file.seek(SeekFrom::End(0))?;
        let written = self
            .file
            .write_all(&text)
            .and_then(|()| self.file.sync_data());
        if let Err(error) = written {
            // Half a line would spoil the next one.
            self.file.set_len(end)?;
            return Err(error.into());
        }
        self.book.take(line);
        self.lines += 1;
        if self.lines > LINES {
            self.book.shorten();
            self.rewrite()?;
        }
        Ok(())
    }
}

impl PrintLedger for FileLedger {
    fn intend(&mut self, document: &DocumentKey) -> Result<Intent, LedgerError> {
        let job = self.book.intend(document);
        let intent = Intent {
            job: job.job,
            copy: job.copy,
        };
        self.note(job)?;
        Ok(intent)
    }

    fn enter(&mut self, job: JobId, state: JobState) -> Result<(), LedgerError> {
        self.note(self.book.step(job, state)?)
    }

    fn in_printer(&self) -> Vec<JobId> {
        self.book.in_printer()
    }

    fn jobs(&self) -> Vec<Job> {
        self.book.jobs()
    }
}

fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    options
}

fn write_line(text: &mut Vec<u8>, line: &Line) -> Result<(), LedgerError> {
    serde_json::to_writer(&mut *text, line).map_err(io::Error::from)?;
    text.push(b'\n');
    Ok(())
}

/// Reads what can be read; tells whether a whole line was not understood.
fn read(bytes: &[u8]) -> (Book, bool) {
    let mut book = Book::default();
    let mut damaged = false;
    for line in bytes.split_inclusive(|&byte| byte == b'\n') {
        match serde_json::from_slice(line) {
            Ok(line) => book.take(line),
            Err(_) => damaged |= line.ends_with(b"\n") && line != b"\n",
        }
    }
    (book, damaged)
}
