//! Filing against the reference platform: every guide of the sample catalogue that can be filed here is filed,
//! tracked and rated, by the same calls that the screens use.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::date;
use jinban::clock::SystemClock;
use jinban::filing::draft::{CapturedPage, MediaType};
use jinban::filing::{
    Draft, Filing, FilingConfig, LocalState, RatingTaken, ReceiptSlip, RetryPace, SlipPlace,
};
use jinban::platform::{PlatformClient, PlatformConfig, PlatformError};
use jinban::vault::audit::Audit;
use jinban::vault::{PlatformKeyset, Vault};
use jinban_api::case::{Applicant, IdentityLevel, Signature};
use jinban_api::guide::{Guide, Input};
use jinban_api::problem::ProblemKind;
use jinban_api::rating::Satisfaction;
use jinban_platform::{CatalogueFolder, Platform, PlatformConfig as PlatformSetup, Running};
use zeroize::Zeroizing;

const PATIENCE: Duration = Duration::from_secs(30);

fn catalogue() -> CatalogueFolder {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/catalogue");
    CatalogueFolder::read(&dir).unwrap()
}

async fn platform(dir: &Path) -> Running {
    let setup = PlatformSetup {
        catalogue: Some(Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/catalogue")),
        ..PlatformSetup::local(dir)
    };
    Platform::start(setup).await.unwrap()
}

async fn terminal(dir: &Path, running: &Running, enrolled: bool) -> Filing {
    let vault = Arc::new(Vault::open(&dir.join("keys")).unwrap());
    if enrolled {
        let platform = running.platform();
        platform
            .enrol(
                &"T-1".into(),
                &"510822".into(),
                "青溪镇便民服务中心",
                vault.public_key_pem(),
            )
            .await
            .unwrap();
    }
    let keys = PlatformKeyset::from_pem(&running.platform().public_keys_pem()).unwrap();
    let url = format!("http://{}", running.addr);
    let client = PlatformClient::new(PlatformConfig::new(url, "T-1".into(), keys)).unwrap();
    let config = FilingConfig {
        audit: Audit::nowhere(),
        data_dir: dir.to_owned(),
        area: "510822".into(),
        village: "510822101000".into(),
        draft_keep: Duration::from_hours(72),
        pace: RetryPace {
            first: Duration::from_millis(50),
            cap: Duration::from_millis(500),
        },
    };
    Filing::open(config, vault, client, Arc::new(SystemClock::default()))
        .await
        .unwrap()
}

fn applicant() -> Applicant {
    Applicant {
        name: "张试甲".into(),
        id_number: "510822194003071219".into(),
        sex: "1".into(),
        nationality: "01".into(),
        birth: date(1940, 3, 7),
        address: "四川省青川县示例镇示例村1组1号".into(),
        identity_level: IdentityLevel::ChipRead,
    }
}

/// What a person might answer, by the kind of field; the first that fits is taken.
fn plausible(input: &Input) -> Vec<String> {
    let answers: &[&str] = match input {
        Input::Text => &["示例：按实际情况填写", "示例", "510822"],
        Input::Name => &["李试乙"],
        Input::Address => &["四川省青川县示例镇示例村2组2号"],
        Input::Phone => &["13800001234"],
        Input::Digits => &[
            "6222000000000001",
            "628000",
            "12345678",
            "123456789012345678",
        ],
        Input::IdNumber => &["51082219500101002X"],
        Input::Date => &["2026-11-01"],
        Input::Number => &["2", "20", "100", "2000"],
        Input::Choice { options } => return vec![options[0].value.clone()],
    };
    answers.iter().map(|answer| (*answer).to_owned()).collect()
}

fn filled(filing: &Filing, guide: &Guide) -> Draft {
    let mut draft = filing.begin(Arc::new(guide.clone()));
    for situation in &guide.situations {
        draft
            .answer_situation(&situation.id, &situation.options[0].id)
            .unwrap();
    }
    draft.identify(applicant()).unwrap();
    for field in guide
        .form
        .iter()
        .flat_map(|form| &form.groups)
        .flat_map(|group| &group.fields)
    {
        if draft.answer(&field.name).is_some() {
            continue;
        }
        for answer in plausible(field.input()) {
            draft.answer_field(&field.name, &answer).unwrap();
            if draft.check_field(&field.name).is_ok() {
                break;
            }
        }
    }
    let scans: Vec<_> = draft
        .materials()
        .iter()
        .filter(|required| required.is_missing())
        .map(|required| required.material.id.clone())
        .collect();
    for material in scans {
        for _ in 0..2 {
            let picture = Zeroizing::new(vec![0xD8; 50_000]);
            draft
                .add_page(&material, CapturedPage::new(MediaType::Jpeg, picture))
                .unwrap();
        }
    }
    draft.confirm_read_back(Timestamp::now());
    let strokes = vec![vec![[1.0, 2.0], [50.5, 20.25]], vec![[3.0, 3.0]]];
    draft.sign(Signature {
        width: 300.0,
        height: 120.0,
        strokes,
    });
    draft
}

#[tokio::test(flavor = "multi_thread")]
async fn every_guide_that_can_be_filed_here_arrives_with_a_receipt_that_verifies() {
    let dir = tempfile::tempdir().unwrap();
    let running = platform(&dir.path().join("platform")).await;
    let filing = terminal(&dir.path().join("terminal"), &running, true).await;
    assert!(filing.platform().keys_agree().await.unwrap());
    let mut filed = 0;
    let guides = catalogue().guides;
    for guide in guides.iter().filter(|guide| guide.is_done_here()) {
        let draft = filled(&filing, guide);
        assert_eq!(draft.ready(), Ok(()), "{} cannot be completed", guide.id);
        filing.save(&draft).await.unwrap();
        let queued = filing.submit(&draft).await.unwrap();
        let case = filing.await_ack(queued.key, PATIENCE).await.unwrap();
        assert_eq!(
            case.state,
            LocalState::Acknowledged,
            "{}: {:?}",
            guide.id,
            case.last_error
        );
        filed += 1;
    }
    assert!(filed >= 14, "only {filed} guides can be filed");

    let holder = filing.holder(&applicant().id_number);
    let mine = filing.my_cases(&holder).await;
    assert_eq!(mine.len(), filed);
    for my in &mine {
        let progress = my.progress.as_ref().unwrap().as_ref().unwrap();
        assert_eq!(progress.guide_name, my.case.guide_name);
        assert!(!progress.timeline.is_empty());
    }
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_filed_while_the_platform_is_away_arrives_when_it_is_back() {
    let dir = tempfile::tempdir().unwrap();
    let platform_dir = dir.path().join("platform");
    let running = platform(&platform_dir).await;
    let filing = terminal(&dir.path().join("terminal"), &running, true).await;
    let addr = running.addr;
    running.stop().await;

    let guide = catalogue()
        .guides
        .into_iter()
        .find(|guide| guide.id.as_str() == "senior-allowance")
        .unwrap();
    let queued = filing.submit(&filled(&filing, &guide)).await.unwrap();
    let waiting = filing
        .await_ack(queued.key, Duration::from_millis(300))
        .await
        .unwrap();
    assert_eq!(waiting.official, None);
    assert_eq!(
        filing
            .rate(queued.key, Satisfaction::Satisfied, &[])
            .await
            .unwrap(),
        RatingTaken::Kept
    );
    let place = SlipPlace {
        name: "青溪镇便民服务中心".into(),
        hotlines: Vec::new(),
    };
    assert!(matches!(
        ReceiptSlip::of(&waiting, &place, 0, Timestamp::now()),
        ReceiptSlip::Local { .. }
    ));

    let setup = PlatformSetup {
        listen: addr,
        ..PlatformSetup::local(&platform_dir)
    };
    let running = Platform::start(setup).await.unwrap();
    let case = filing.await_ack(queued.key, PATIENCE).await.unwrap();
    let official = case.official.clone().unwrap();
    assert!(official.number.as_str().starts_with("510822-"));
    assert!(matches!(
        ReceiptSlip::of(&case, &place, 0, Timestamp::now()),
        ReceiptSlip::Official { .. }
    ));

    let wrong = filing
        .progress(&official.number, &"WRONG2".into())
        .await
        .unwrap_err();
    let PlatformError::Refused(problem) = wrong else {
        panic!("{wrong:?}")
    };
    assert_eq!(problem.kind, ProblemKind::CaseNotFound);
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_terminal_that_is_not_enrolled_keeps_the_case_until_it_is() {
    let dir = tempfile::tempdir().unwrap();
    let running = platform(&dir.path().join("platform")).await;
    let terminal_dir = dir.path().join("terminal");
    let filing = terminal(&terminal_dir, &running, false).await;
    let guide = catalogue()
        .guides
        .into_iter()
        .find(|guide| guide.id.as_str() == "senior-allowance")
        .unwrap();
    let queued = filing.submit(&filled(&filing, &guide)).await.unwrap();
    let case = filing.await_ack(queued.key, PATIENCE).await.unwrap();
    assert!(
        matches!(case.state, LocalState::NeedsAttention(_)),
        "{:?}",
        case.state
    );

    let vault = Vault::open(&terminal_dir.join("keys")).unwrap();
    running
        .platform()
        .enrol(
            &"T-1".into(),
            &"510822".into(),
            "青溪镇便民服务中心",
            vault.public_key_pem(),
        )
        .await
        .unwrap();
    filing.retry_now().await.unwrap();
    let case = filing.await_ack(queued.key, PATIENCE).await.unwrap();
    assert_eq!(case.state, LocalState::Acknowledged);
    running.stop().await;
}
