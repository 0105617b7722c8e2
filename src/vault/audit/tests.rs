//! Whole logs, and logs that somebody was at.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::path::Path;
use std::process::Command;

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use super::*;
use crate::clock::SystemClock;

fn event(number: u64) -> AuditEvent {
    AuditEvent::GuidesUpdated { revision: number }
}

/// A log of `count` records in memory, and its end.
fn log(count: u64) -> (Vec<Vec<u8>>, Head) {
    let mut head = Head::none();
    let mut lines = Vec::new();
    for number in 1..=count {
        let at = Timestamp::UNIX_EPOCH + SignedDuration::from_secs(number.cast_signed());
        let (line, next) = chain::write(&head, at, true, event(number)).unwrap();
        lines.push(line.trim_end().as_bytes().to_vec());
        head = next;
    }
    (lines, head)
}

/// The verdict on these lines, cut into files of `per_file`, against the end as it was signed.
fn verdict(lines: &[Vec<u8>], per_file: usize, head: &Head) -> Vec<Finding> {
    let files = lines
        .chunks(per_file)
        .enumerate()
        .map(|(number, lines)| {
            let mut bytes = lines.join(&b'\n');
            bytes.push(b'\n');
            (format!("{number}"), bytes)
        })
        .collect();
    verify(&Evidence {
        files,
        head: Some(Sworn {
            head: head.clone(),
            signature: true,
        }),
        ..Evidence::default()
    })
    .findings
}

fn place(at: usize, per_file: usize) -> Place {
    Place {
        file: (at / per_file).to_string(),
        line: at % per_file + 1,
    }
}

/// The line of the same number in a log with another past.
fn forged(seq: u64, prev: &str) -> Vec<u8> {
    let before = Head {
        seq: seq - 1,
        hash: prev.to_owned(),
    };
    let (line, _) = chain::write(&before, Timestamp::UNIX_EPOCH, true, event(999)).unwrap();
    line.trim_end().as_bytes().to_vec()
}

proptest! {
    #[test]
    fn an_untouched_log_is_whole(count in 0u64..40, per_file in 1usize..9) {
        let (lines, head) = log(count);
        prop_assert_eq!(verdict(&lines, per_file, &head), vec![]);
    }

    #[test]
    fn a_changed_byte_is_found_where_it_is(
        count in 1u64..30, per_file in 1usize..9, at: prop::sample::Index, byte: prop::sample::Index, to in 0x20u8..0x7F,
    ) {
        let (mut lines, head) = log(count);
        let at = at.index(lines.len());
        let byte = byte.index(lines[at].len());
        prop_assume!(lines[at][byte] != to);
        lines[at][byte] = to;
        let findings = verdict(&lines, per_file, &head);
        let here = place(at, per_file);
        let found = findings.contains(&Finding::Changed { place: here.clone() })
            || findings.contains(&Finding::Unreadable { place: here });
        prop_assert!(found, "{:?}", findings);
    }

    #[test]
    fn removed_records_are_found_and_counted(
        count in 3u64..30, per_file in 1usize..9, from: prop::sample::Index, many in 1usize..5,
    ) {
        let (mut lines, head) = log(count);
        let from = from.index(lines.len() - 1);
        let many = many.min(lines.len() - 1 - from);
        prop_assume!(many > 0);
        lines.drain(from..from + many);
        let findings = verdict(&lines, per_file, &head);
        prop_assert_eq!(findings, vec![Finding::Removed {
            before: place(from, per_file), from: from as u64 + 1, to: (from + many) as u64,
        }]);
    }

    #[test]
    fn a_cut_off_end_is_found(count in 1u64..30, per_file in 1usize..9, left: prop::sample::Index) {
        let (mut lines, head) = log(count);
        lines.truncate(left.index(lines.len()));
        let findings = verdict(&lines, per_file, &head);
        prop_assert_eq!(findings, vec![Finding::Truncated { last: lines.len() as u64, written: count }]);
    }

    #[test]
    fn two_records_that_changed_places_are_found(
        count in 2u64..30, per_file in 1usize..9, a: prop::sample::Index, b: prop::sample::Index,
    ) {
        let (mut lines, head) = log(count);
        let (a, b) = (a.index(lines.len()), b.index(lines.len()));
        prop_assume!(a != b);
        lines.swap(a, b);
        let first = a.min(b);
        let findings = verdict(&lines, per_file, &head);
        let told = findings.iter().any(|finding| match finding {
            Finding::Removed { before, .. } => *before == place(first, per_file),
            Finding::OutOfOrder { .. } | Finding::Truncated { .. } => true,
            _ => false,
        });
        prop_assert!(told, "{:?}", findings);
    }

    #[test]
    fn an_exchanged_record_is_found_by_the_next_or_by_the_end(
        count in 1u64..30, per_file in 1usize..9, at: prop::sample::Index,
    ) {
        let (mut lines, head) = log(count);
        let at = at.index(lines.len());
        let (record, _) = chain::read(&lines[at]).unwrap();
        lines[at] = forged(record.seq, &record.prev);
        let expected = if at + 1 == lines.len() {
            Finding::OtherEnd { seq: record.seq }
        } else {
            Finding::Exchanged { before: place(at + 1, per_file), seq: record.seq }
        };
        prop_assert_eq!(verdict(&lines, per_file, &head), vec![expected]);
    }

    #[test]
    fn nothing_in_a_file_makes_the_verifier_panic(files in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..400), 0..4)) {
        let files = files.into_iter().enumerate().map(|(n, bytes)| (n.to_string(), bytes)).collect();
        verify(&Evidence { files, ..Evidence::default() });
    }
}

#[test]
fn a_log_rewritten_from_the_beginning_is_found_by_an_end_noted_elsewhere() {
    let (_, old) = log(10);
    let mut head = Head::none();
    let mut bytes = Vec::new();
    for number in 1..=12 {
        let (line, next) = chain::write(&head, Timestamp::UNIX_EPOCH, true, event(number)).unwrap();
        bytes.extend(line.as_bytes());
        head = next;
    }
    let mut evidence = Evidence {
        files: vec![("1".to_owned(), bytes)],
        head: Some(Sworn {
            head,
            signature: true,
        }),
        ..Evidence::default()
    };
    assert!(verify(&evidence).is_whole(), "its own key signed it");
    evidence.expected = Some(old);
    assert_eq!(verify(&evidence).findings, [Finding::OtherEnd { seq: 10 }]);
}

struct Terminal {
    folder: tempfile::TempDir,
    vault: Arc<Vault>,
}

impl Terminal {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let vault = Arc::new(Vault::open(&folder.path().join("vault")).unwrap());
        Self { folder, vault }
    }

    fn dir(&self) -> std::path::PathBuf {
        self.folder.path().join("audit")
    }

    fn open(&self) -> Audit {
        Audit::open(
            &self.dir(),
            Arc::clone(&self.vault),
            Arc::new(SystemClock::default()),
        )
        .unwrap()
    }

    fn check(&self) -> Report {
        check(&self.dir(), self.vault.public_key_pem(), None).unwrap()
    }
}

#[tokio::test]
async fn a_log_goes_on_where_it_ended_when_the_terminal_starts_again() {
    let terminal = Terminal::new();
    for start in 0..3 {
        let audit = terminal.open();
        audit.note(event(start));
        audit.flush().await;
    }
    let report = terminal.check();
    assert_eq!(
        (report.records, report.last, report.findings),
        (3, Some(3), vec![])
    );
    let events: Vec<_> = latest(&terminal.dir(), 2)
        .unwrap()
        .into_iter()
        .map(|record| record.happened)
        .collect();
    assert_eq!(
        events,
        [Happened::Known(event(1)), Happened::Known(event(2))]
    );
}

#[tokio::test]
async fn a_line_that_a_power_cut_left_unfinished_is_cut_off_and_said() {
    let terminal = Terminal::new();
    let audit = terminal.open();
    audit.note(event(1));
    audit.flush().await;
    drop(audit);
    let file = terminal.dir().join("000001.log");
    let mut bytes = fs::read(&file).unwrap();
    bytes.extend(b"1234 {\"seq\":2");
    fs::write(&file, bytes).unwrap();
    let audit = terminal.open();
    audit.flush().await;
    assert!(terminal.check().is_whole());
    let last = latest(&terminal.dir(), 1).unwrap().remove(0);
    assert_eq!(
        last.happened,
        Happened::Known(AuditEvent::LogTorn { bytes: 13 })
    );
}

#[tokio::test]
async fn an_end_that_was_cut_off_is_not_hidden_by_what_is_written_after_it() {
    let terminal = Terminal::new();
    let audit = terminal.open();
    (1..=5).for_each(|number| audit.note(event(number)));
    audit.flush().await;
    drop(audit);
    let file = terminal.dir().join("000001.log");
    let text = fs::read_to_string(&file).unwrap();
    let three: String = text.split_inclusive('\n').take(3).collect();
    fs::write(&file, three).unwrap();
    assert_eq!(
        terminal.check().findings,
        [Finding::Truncated {
            last: 3,
            written: 5
        }]
    );
    let audit = terminal.open();
    audit.note(event(6));
    audit.flush().await;
    assert_eq!(
        terminal.check().findings,
        [Finding::Removed {
            before: Place {
                file: "000001.log".to_owned(),
                line: 4
            },
            from: 4,
            to: 5
        }]
    );
}

#[tokio::test]
async fn an_end_signed_by_another_key_is_forged() {
    let (terminal, other) = (Terminal::new(), Terminal::new());
    let audit = terminal.open();
    audit.note(event(1));
    audit.flush().await;
    let report = check(&terminal.dir(), other.vault.public_key_pem(), None).unwrap();
    assert_eq!(report.findings, [Finding::Forged { seq: 1 }]);
    fs::remove_file(terminal.dir().join("head.json")).unwrap();
    assert_eq!(terminal.check().findings, [Finding::NoHead]);
}

#[tokio::test]
async fn openssl_computes_the_same_digests_and_accepts_the_signed_end() {
    let terminal = Terminal::new();
    let audit = terminal.open();
    audit.note(event(1));
    audit.flush().await;
    let line = fs::read_to_string(terminal.dir().join("000001.log")).unwrap();
    let (hash, json) = line.trim_end().split_once(' ').unwrap();
    let content = terminal.folder.path().join("content");
    fs::write(&content, json).unwrap();
    let Some(digest) = openssl(&["dgst", "-sm3", "-r"], &content) else {
        return;
    };
    assert!(digest.starts_with(hash), "{digest} {hash}");

    let end = head(&terminal.dir()).unwrap();
    let signed = Folder::at(&terminal.dir()).head().unwrap();
    fs::write(&content, end.signed_text("head")).unwrap();
    let folder = terminal.folder.path();
    fs::write(folder.join("key.pem"), terminal.vault.public_key_pem()).unwrap();
    fs::write(folder.join("signature"), der(&signed.signature)).unwrap();
    let accepted = Command::new("openssl")
        .current_dir(folder)
        .args([
            "pkeyutl", "-verify", "-pubin", "-inkey", "key.pem", "-rawin", "-digest", "sm3",
        ])
        .args([
            "-pkeyopt",
            "distid:1234567812345678",
            "-in",
            "content",
            "-sigfile",
            "signature",
        ])
        .output()
        .unwrap();
    assert!(accepted.status.success(), "{accepted:?}");
}

fn openssl(args: &[&str], file: &Path) -> Option<String> {
    match Command::new("openssl").args(args).arg(file).output() {
        Ok(output) if output.status.success() => String::from_utf8(output.stdout).ok(),
        _ => {
            println!("SKIPPED: openssl with SM3 is not installed");
            None
        }
    }
}

/// `r ‖ s` as the DER that OpenSSL reads.
fn der(base64: &str) -> Vec<u8> {
    use base64::Engine;
    let raw = base64::engine::general_purpose::STANDARD
        .decode(base64)
        .unwrap();
    let integer = |bytes: &[u8]| {
        let mut value: Vec<u8> = bytes.iter().copied().skip_while(|b| *b == 0).collect();
        if value.first().is_none_or(|first| first & 0x80 != 0) {
            value.insert(0, 0);
        }
        [&[2, value.len() as u8][..], &value].concat()
    };
    let body = [integer(&raw[..32]), integer(&raw[32..])].concat();
    [&[0x30, body.len() as u8][..], &body].concat()
}
