//! The supervisor with a clock in its hand.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::*;

#[test]
fn waits_grow_to_their_cap_and_begin_anew_after_success() {
    let mut backoff = Backoff::default();
    let waits: Vec<u128> = (0..6).map(|_| backoff.wait().as_millis()).collect();
    assert_eq!(waits, [500, 1000, 2000, 3000, 3000, 3000]);
    backoff.reset();
    assert_eq!(backoff.wait().as_millis(), 500);
}

#[test]
fn a_device_that_does_not_move_for_seven_minutes_raises_an_alarm() {
    let supervisor = Supervisor::new();
    let start = supervisor.lock().changed;
    let just_before = start + Duration::from_secs(419);
    assert_eq!(supervisor.stuck_at(just_before), None);
    let stuck = supervisor.stuck_at(start + STUCK_AFTER).unwrap();
    assert_eq!(
        (stuck.state, stuck.long),
        (DeviceState::Starting, STUCK_AFTER)
    );

    supervisor.show(DeviceStatus::new(DeviceState::Busy, None));
    let busy = supervisor.lock().changed;
    // The same state with another fault is no movement.
    supervisor.show(DeviceStatus::new(
        DeviceState::Busy,
        Some(Fault::new(FaultKind::HeadHot, "")),
    ));
    assert_eq!(supervisor.lock().changed, busy);
    assert!(supervisor.stuck_at(busy + STUCK_AFTER).is_some());

    supervisor.show(DeviceStatus::new(DeviceState::Online, None));
    assert_eq!(supervisor.stuck_at(busy + STUCK_AFTER * 100), None);
}

#[test]
fn faults_are_counted_when_they_begin_and_not_while_they_last() {
    let supervisor = Supervisor::new();
    for _ in 0..3 {
        for _ in 0..5 {
            supervisor.show(DeviceStatus::faulty(Fault::new(FaultKind::PaperOut, "")));
        }
        supervisor.show(DeviceStatus::new(DeviceState::Online, None));
    }
    supervisor.done(true);
    supervisor.done(false);
    let counters = supervisor.counters();
    assert_eq!(counters.faults[&FaultKind::PaperOut], 3);
    assert_eq!((counters.done, counters.failed), (1, 1));
}

#[test]
fn a_device_tests_itself_at_first_when_asked_and_when_it_is_time() {
    let supervisor = Supervisor::new();
    let test = || supervisor.self_test_if_due(|| Ok::<_, ()>(Some(FaultKind::PaperLow)));
    test().unwrap();
    test().unwrap();
    assert_eq!(supervisor.self_tests().len(), 1);
    assert_eq!(supervisor.self_tests()[0].fault, Some(FaultKind::PaperLow));
    supervisor.request_self_test();
    test().unwrap();
    assert_eq!(supervisor.self_tests().len(), 2);
    let now = Instant::now();
    assert!(!supervisor.lock().schedule.is_due(now));
    assert!(supervisor.lock().schedule.is_due(now + SELF_TEST_EVERY));
    // A device that is lost during its test has not passed it, and is asked again.
    supervisor.request_self_test();
    assert!(supervisor.self_test_if_due(|| Err(())).is_err());
    assert_eq!(supervisor.self_tests().len(), 2);
    assert!(supervisor.lock().schedule.is_due(now));
}

#[test]
fn maintenance_shows_in_the_status_and_says_who_ends_it() {
    let supervisor = Supervisor::new();
    assert!(!supervisor.in_maintenance());
    supervisor.begin_maintenance();
    assert!(supervisor.in_maintenance());
    let fault = supervisor.shown().fault.unwrap();
    assert_eq!(fault.kind, FaultKind::Maintenance);
    supervisor.end_maintenance();
    assert!(!supervisor.in_maintenance());
}
