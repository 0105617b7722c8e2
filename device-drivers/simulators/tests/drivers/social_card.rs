//! Social security cards through the real `pcscd` and its virtual reader.
//!
//! Each test has a daemon of its own, in a mount namespace where `/run/pcscd` is a folder of the
//! test's. The client's library learns of it from its environment, so the test runs itself again
//! as a child with that environment.

use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use jiff::civil::date;
use jinban_devices::social_card::{
    SocialCardError, SocialCardEvent, SocialCardReader, SocialCardReaderConfig, WhichReader,
};
use jinban_devices::status::{DeviceState, FaultKind, MediaState, WhoMustAct};

use crate::await_status;
use crate::common::{SOCIAL_CARD, Simulator};

const DRIVER: &str = "/usr/lib/pcsc/drivers/serial/libifdvpcd.so";
/// Known to PC/SC's own library.
const SOCKET: &str = "PCSCLITE_CSOCK_NAME";
/// Where the daemon's virtual reader waits for a card.
const VPCD: &str = "JINBAN_TEST_VPCD";
const PATIENCE: Duration = Duration::from_secs(30);

/// A daemon with one virtual reader; ends with the test.
struct Daemon(Child);

impl Daemon {
    /// Starts one with its socket in `folder`, or says why that is impossible here.
    fn start(folder: &Path, port: u16) -> Result<Self, String> {
        if !Path::new(DRIVER).exists() {
            return Err("vsmartcard-vpcd is not installed".into());
        }
        let config = folder.join("reader.conf");
        std::fs::write(
            &config,
            format!(
                "FRIENDLYNAME \"Virtual PCD\"\nDEVICENAME /dev/null:{port:#X}\n\
                 LIBPATH {DRIVER}\nCHANNELID {port:#X}\n"
            ),
        )
        .unwrap();
        let script = "mount -t tmpfs none /run && mkdir /run/pcscd && \
            mount --bind \"$1\" /run/pcscd && exec pcscd --foreground --config \"$2\"";
        let child = Command::new("unshare")
            .args(["--map-root-user", "--mount", "sh", "-c", script, "sh"])
            .args([folder, &config])
            .env(
                "PATH",
                "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            )
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| format!("no unshare: {error}"))?;
        let mut daemon = Self(child);
        let deadline = Instant::now() + PATIENCE;
        while !folder.join("pcscd.comm").exists() {
            if let Some(status) = daemon.0.try_wait().unwrap() {
                return Err(format!(
                    "pcscd cannot be started here on its own ({status})"
                ));
            }
            assert!(Instant::now() < deadline, "pcscd never listened");
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(daemon)
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Two neighbouring ports: the virtual reader has two slots.
fn free_ports() -> u16 {
    for _ in 0..100 {
        let first = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = first.local_addr().unwrap().port();
        if port < u16::MAX && TcpListener::bind((Ipv4Addr::LOCALHOST, port + 1)).is_ok() {
            return port;
        }
    }
    panic!("no two free ports");
}

/// In the child: the simulated card. In the parent: nothing, after the child has ended well.
fn slot(test: &str, arguments: &[&str]) -> Option<Simulator> {
    if let Ok(vpcd) = std::env::var(VPCD) {
        let vpcd = ["--vpcd", &vpcd];
        return Some(Simulator::start(SOCIAL_CARD, &[&vpcd, arguments].concat()));
    }
    let folder = tempfile::tempdir().unwrap();
    let port = free_ports();
    let daemon = match Daemon::start(folder.path(), port) {
        Ok(daemon) => daemon,
        Err(reason) => {
            println!("SKIPPED: {reason}");
            return None;
        }
    };
    let child = Command::new(std::env::current_exe().unwrap())
        .args([&format!("social_card::{test}"), "--exact", "--nocapture"])
        .env(SOCKET, folder.path().join("pcscd.comm"))
        .env(VPCD, format!("127.0.0.1:{port}"))
        .output()
        .unwrap();
    drop(daemon);
    let said = String::from_utf8_lossy(&child.stdout);
    assert!(
        child.status.success() && said.contains("1 passed"),
        "{said}{}",
        String::from_utf8_lossy(&child.stderr)
    );
    None
}

fn open() -> SocialCardReader {
    SocialCardReader::open(SocialCardReaderConfig {
        reader: WhichReader::Named("Virtual PCD 00 00".into()),
    })
}

async fn media(reader: &SocialCardReader, wanted: MediaState) {
    let mut media = reader.media();
    let reached = tokio::time::timeout(PATIENCE, media.wait_for(|now| *now == wanted));
    reached.await.expect("the slot in time").unwrap();
}

#[tokio::test]
async fn cards_of_every_manner_are_read_and_no_forbidden_command_is_sent() {
    let test = "cards_of_every_manner_are_read_and_no_forbidden_command_is_sent";
    let Some(direct) = slot(test, &["--put", "default"]) else {
        return;
    };
    drop(direct);
    for manner in ["direct", "fetch", "identifier"] {
        let vpcd = std::env::var(VPCD).unwrap();
        let mut simulator = Simulator::start(
            SOCIAL_CARD,
            &["--vpcd", &vpcd, "--manner", manner, "--put", "default"],
        );
        let reader = open();
        media(&reader, MediaState::Present).await;
        let card = reader.read_once(PATIENCE).await.unwrap();
        assert_eq!(card.name.as_str(), "王桂兰", "{manner}");
        assert!(card.number.as_str().starts_with("51082219450312"));
        assert_eq!(card.check(date(2026, 11, 24)), Ok(()));
        assert_eq!(card.version.as_deref(), Some("3.00"));
        assert_eq!(card.issued_on, Some(date(2024, 4, 1)));
        let state = simulator.state();
        assert!(state["reads"].as_u64().unwrap() >= 7, "{state}");
        assert_eq!(state["forbidden"], 0, "{state}");
        simulator.order(r#"{"do":"take"}"#);
        media(&reader, MediaState::NotPresent).await;
    }
}

#[tokio::test]
async fn every_card_that_is_not_a_good_one_says_why() {
    let test = "every_card_that_is_not_a_good_one_says_why";
    let Some(mut simulator) = slot(test, &[]) else {
        return;
    };
    let reader = open();
    let cases = [
        ("locked", SocialCardError::Locked),
        ("bank", SocialCardError::WrongCardType),
        ("dirty", SocialCardError::Mute),
    ];
    for (card, expected) in cases {
        media(&reader, MediaState::NotPresent).await;
        let reading = reader.read_once(PATIENCE);
        simulator.order(&format!(r#"{{"do":"put","card":"{card}"}}"#));
        assert_eq!(reading.await.unwrap_err(), expected, "{card}");
        simulator.order(r#"{"do":"take"}"#);
    }
    media(&reader, MediaState::NotPresent).await;
    simulator.order(r#"{"do":"put","card":"expired"}"#);
    let card = reader.read_once(PATIENCE).await.unwrap();
    assert!(card.check(date(2026, 11, 24)).is_err());
    simulator.order(r#"{"do":"swap","card":"long-name"}"#);
    let card = reader.read_once(PATIENCE).await.unwrap();
    assert_eq!(card.name.as_str(), "阿卜杜热合曼江·买买提依明阿吉");
}

#[tokio::test]
async fn a_card_taken_out_too_early_or_swapped_is_told_and_the_next_one_read() {
    let test = "a_card_taken_out_too_early_or_swapped_is_told_and_the_next_one_read";
    let Some(mut simulator) = slot(test, &[]) else {
        return;
    };
    let reader = open();
    media(&reader, MediaState::NotPresent).await;
    let mut events = reader.events();
    reader.arm();
    simulator.order(r#"{"do":"lift-mid-read"}"#);
    simulator.order(r#"{"do":"put","card":"default"}"#);
    let mut told = Vec::new();
    while told.len() < 6 {
        let event = tokio::time::timeout(PATIENCE, events.recv()).await;
        let event = event
            .unwrap_or_else(|_| panic!("nothing after {told:?}"))
            .unwrap();
        match &event {
            SocialCardEvent::Read(card) => {
                told.push(format!("Read {}", &card.number.as_str()[6..14]));
            }
            other => told.push(format!("{other:?}")),
        }
        if told.len() == 3 {
            simulator.order(r#"{"do":"put","card":"agent"}"#);
        }
        if told.len() == 5 {
            // Left in: somebody may want to be reminded of it.
            media(&reader, MediaState::Present).await;
            simulator.order(r#"{"do":"take"}"#);
        }
    }
    let expected = [
        "Reading",
        "Failed(MovedTooEarly)",
        "Removed",
        "Reading",
        "Read 19860705",
        "Removed",
    ];
    assert_eq!(told, expected);
}

#[tokio::test]
async fn a_chip_that_never_answers_costs_seconds_and_not_the_terminal() {
    let test = "a_chip_that_never_answers_costs_seconds_and_not_the_terminal";
    let Some(mut simulator) = slot(test, &["--put", "default"]) else {
        return;
    };
    let reader = open();
    media(&reader, MediaState::Present).await;
    simulator.order(r#"{"do":"hang"}"#);
    let error = reader.read_once(PATIENCE).await.unwrap_err();
    assert_eq!(error, SocialCardError::NoAnswer);
    await_status(&mut reader.status(), "no answer", |status| {
        status
            .fault
            .as_ref()
            .is_some_and(|f| f.kind == FaultKind::NoAnswer)
    })
    .await;
    simulator.order(r#"{"do":"take"}"#);
    simulator.order(r#"{"do":"restore"}"#);
    simulator.order(r#"{"do":"put","card":"neighbour"}"#);
    await_status(&mut reader.status(), "well again", |status| {
        status.state == DeviceState::Online
    })
    .await;
    media(&reader, MediaState::Present).await;
    let card = reader.read_once(PATIENCE).await.unwrap();
    assert_eq!(&card.number.as_str()[6..14], "19580921");
}

#[tokio::test]
async fn a_machine_without_the_daemon_is_told_to_the_technician() {
    // The child finds a socket on which nobody listens.
    if std::env::var(SOCKET).is_err() {
        let folder = tempfile::tempdir().unwrap();
        let child = Command::new(std::env::current_exe().unwrap())
            .args([
                "social_card::a_machine_without_the_daemon_is_told_to_the_technician",
                "--exact",
            ])
            .env(SOCKET, folder.path().join("nothing"))
            .status()
            .unwrap();
        assert!(child.success());
        return;
    }
    let reader = open();
    let status = await_status(&mut reader.status(), "no service", |s| s.fault.is_some()).await;
    let fault = status.fault.unwrap();
    assert_eq!(
        (fault.kind, fault.act, status.state),
        (
            FaultKind::ServiceMissing,
            WhoMustAct::Technician,
            DeviceState::Offline
        )
    );
    let error = reader.read_once(PATIENCE).await.unwrap_err();
    assert_eq!(
        error,
        SocialCardError::ReaderFault(FaultKind::ServiceMissing)
    );
}
