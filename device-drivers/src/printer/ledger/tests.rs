//! The ledger over restarts, power cuts and thousands of jobs.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::PathBuf;

use proptest::prelude::*;

use super::*;

fn key(text: &str) -> DocumentKey {
    text.to_owned().try_into().unwrap()
}

fn place() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("printer.ledger");
    (folder, path)
}

fn states(ledger: &dyn PrintLedger) -> Vec<JobState> {
    ledger.jobs().iter().map(|job| job.state).collect()
}

const ALL: [JobState; 7] = [
    JobState::Intended,
    JobState::Sent,
    JobState::Confirmed,
    JobState::Unconfirmed,
    JobState::Failed,
    JobState::Cleared,
    JobState::Abandoned,
];

#[test]
fn only_steps_forward_are_taken_and_an_end_is_an_end() {
    for from in ALL {
        for to in ALL {
            assert!(
                !(from.may_become(to) && to.may_become(from)),
                "{from:?} {to:?}"
            );
        }
    }
    for end in [
        JobState::Confirmed,
        JobState::Unconfirmed,
        JobState::Cleared,
        JobState::Abandoned,
    ] {
        assert!(ALL.iter().all(|&next| !end.may_become(next)), "{end:?}");
        assert!(!end.may_be_in_printer());
    }
    let mut ledger = MemoryLedger::default();
    let job = ledger.intend(&key("a")).unwrap().job;
    assert!(ledger.enter(job, JobState::Confirmed).is_err());
    assert!(ledger.enter(JobId(99), JobState::Sent).is_err());
}

#[test]
fn after_a_restart_what_was_sent_has_broken_off_and_what_was_meant_is_abandoned() {
    let (_folder, path) = place();
    let mut ledger = FileLedger::open(&path).unwrap();
    let sent = ledger.intend(&key("sent")).unwrap().job;
    ledger.enter(sent, JobState::Sent).unwrap();
    ledger.intend(&key("meant")).unwrap();
    let done = ledger.intend(&key("done")).unwrap().job;
    ledger.enter(done, JobState::Sent).unwrap();
    ledger.enter(done, JobState::Confirmed).unwrap();
    drop(ledger);

    let mut ledger = FileLedger::open(&path).unwrap();
    assert_eq!(
        states(&ledger),
        [JobState::Failed, JobState::Abandoned, JobState::Confirmed]
    );
    assert_eq!(ledger.in_printer(), [sent]);
    ledger.enter(sent, JobState::Cleared).unwrap();
    drop(ledger);
    assert!(FileLedger::open(&path).unwrap().in_printer().is_empty());
}

#[test]
fn reprints_are_counted_over_restarts_and_what_never_reached_the_printer_is_not() {
    let (_folder, path) = place();
    let ends = [
        (JobState::Abandoned, 0),
        (JobState::Confirmed, 0),
        (JobState::Unconfirmed, 1),
        (JobState::Failed, 2),
    ];
    for (end, copy) in ends {
        let mut ledger = FileLedger::open(&path).unwrap();
        let intent = ledger.intend(&key("receipt")).unwrap();
        assert_eq!(intent.copy, copy, "{end:?}");
        ledger.enter(intent.job, JobState::Sent).unwrap();
        ledger.enter(intent.job, end).unwrap();
    }
    let mut ledger = FileLedger::open(&path).unwrap();
    assert_eq!(ledger.intend(&key("receipt")).unwrap().copy, 3);
    assert_eq!(ledger.intend(&key("another")).unwrap().copy, 0);
}

#[test]
fn a_ledger_kept_for_years_stays_short_and_forgets_no_copy() {
    let (_folder, path) = place();
    let mut ledger = FileLedger::open(&path).unwrap();
    let first = ledger.intend(&key("first")).unwrap().job;
    ledger.enter(first, JobState::Sent).unwrap();
    ledger.enter(first, JobState::Confirmed).unwrap();
    // Stays in the printer all the while.
    let stuck = ledger.intend(&key("stuck")).unwrap().job;
    ledger.enter(stuck, JobState::Sent).unwrap();
    let mut book = super::book::Book::default();
    for line in ledger.jobs() {
        book.take(super::book::Line::Job(line));
    }
    for n in 0..2000 {
        let mut job = book.intend(&key(&format!("d{}", n % 7)));
        job.state = JobState::Confirmed;
        book.take(super::book::Line::Job(job));
        book.shorten();
    }
    assert!(book.jobs().len() <= super::book::REMEMBERED);
    assert_eq!(book.in_printer(), [stuck]);
    assert_eq!(book.intend(&key("first")).copy, 1);
    assert_eq!(book.intend(&key("d0")).copy, 286);
}

#[test]
fn one_program_at_a_time_keeps_a_ledger() {
    let (_folder, path) = place();
    let first = FileLedger::open(&path).unwrap();
    assert!(matches!(FileLedger::open(&path), Err(LedgerError::Io(_))));
    drop(first);
    FileLedger::open(&path).unwrap();
}

#[test]
fn a_damaged_line_costs_itself_and_is_kept_for_the_technician() {
    let (folder, path) = place();
    let mut ledger = FileLedger::open(&path).unwrap();
    let job = ledger.intend(&key("a")).unwrap().job;
    ledger.enter(job, JobState::Sent).unwrap();
    drop(ledger);
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, format!("\u{0}\u{0}nonsense\n{text}")).unwrap();
    let ledger = FileLedger::open(&path).unwrap();
    assert_eq!(ledger.in_printer(), [job]);
    assert!(folder.path().join("printer.damaged").exists());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]
    #[test]
    fn power_cut_anywhere_loses_at_most_the_step_that_was_being_written(cut in 0usize..2000) {
        let (_folder, path) = place();
        let mut ledger = FileLedger::open(&path).unwrap();
        let mut sizes = vec![0];
        for n in 0..4 {
            let job = ledger.intend(&key(&format!("d{n}"))).unwrap().job;
            sizes.push(std::fs::metadata(&path).unwrap().len() as usize);
            ledger.enter(job, JobState::Sent).unwrap();
            sizes.push(std::fs::metadata(&path).unwrap().len() as usize);
        }
        drop(ledger);
        let bytes = std::fs::read(&path).unwrap();
        let cut = cut.min(bytes.len());
        std::fs::write(&path, &bytes[..cut]).unwrap();
        // A line that lacks only its end is whole.
        let whole_steps = sizes.iter().filter(|&&size| size > 0 && size <= cut + 1).count();

        let mut ledger = FileLedger::open(&path).unwrap();
        prop_assert_eq!(ledger.jobs().len(), whole_steps.div_ceil(2));
        prop_assert_eq!(ledger.in_printer().len(), whole_steps / 2);
        // And it goes on as if nothing had happened.
        let next = ledger.intend(&key("next")).unwrap().job;
        ledger.enter(next, JobState::Sent).unwrap();
        drop(ledger);
        prop_assert_eq!(FileLedger::open(&path).unwrap().in_printer().len(), whole_steps / 2 + 1);
    }
}

#[test]
fn a_key_cannot_hold_a_sentence() {
    for bad in ["", "王桂兰", "a b", &"x".repeat(65)] {
        assert_eq!(DocumentKey::try_from(bad.to_owned()), Err(BadDocumentKey));
    }
    key("01K9ZX5T0QJ8-local");
}
