//! The whole of filing against a peer that can misbehave.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod crash;
mod keeping;
mod peer;
mod sending;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tempfile::TempDir;
use ulid::Ulid;

use super::testing::complete_draft;
use super::view::CaseView;
use super::{Filing, FilingConfig, FilingError, LocalState, RetryPace};
use crate::clock::SystemClock;
use crate::platform::PlatformClient;
use crate::vault::Vault;
use crate::vault::audit::Audit;

/// Longer than anything here should take.
const PATIENCE: Duration = Duration::from_secs(20);

fn config(dir: &Path) -> FilingConfig {
    FilingConfig {
        audit: Audit::nowhere(),
        data_dir: dir.to_owned(),
        area: "510822".into(),
        village: "510822100000".into(),
        draft_keep: Duration::from_hours(1),
        pace: RetryPace {
            first: Duration::from_millis(10),
            cap: Duration::from_millis(50),
        },
    }
}

async fn try_open(dir: &Path, client: PlatformClient) -> Result<Filing, FilingError> {
    let vault = Arc::new(Vault::open(&dir.join("keys")).unwrap());
    Filing::open(config(dir), vault, client, Arc::new(SystemClock::default())).await
}

/// Opens, waiting for a predecessor's tasks to let go of the lock.
async fn open(dir: &Path, client: &PlatformClient) -> Filing {
    let opened = tokio::time::timeout(PATIENCE, async {
        loop {
            match try_open(dir, client.clone()).await {
                Err(FilingError::InUse(_)) => tokio::time::sleep(Duration::from_millis(5)).await,
                other => return other.unwrap(),
            }
        }
    });
    opened.await.unwrap()
}

async fn fresh(peer: &peer::Peer) -> (TempDir, Filing) {
    let dir = tempfile::tempdir().unwrap();
    let filing = open(dir.path(), &peer.client()).await;
    (dir, filing)
}

/// Waits until the case satisfies `wanted`.
async fn until(filing: &Filing, key: Ulid, wanted: impl Fn(&CaseView) -> bool) -> CaseView {
    let found = tokio::time::timeout(PATIENCE, async {
        loop {
            let case = filing.case(key).await.unwrap();
            if wanted(&case) {
                return case;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    });
    found.await.expect("the case never came to stand as wanted")
}

async fn submit(filing: &Filing) -> Ulid {
    filing.submit(&complete_draft()).await.unwrap().key
}

fn acknowledged(case: &CaseView) -> bool {
    case.state == LocalState::Acknowledged
}
