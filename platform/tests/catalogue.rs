//! The catalogue over HTTP: what changed, and nothing else.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::path::Path;

use jinban_api::catalogue::CatalogueChanges;
use jinban_api::guide::Guide;
use jinban_api::ids::GuideId;
use jinban_api::problem::ProblemKind;
use jinban_platform::{CatalogueFolder, FolderError, VersionProblem};
use serde_json::json;
use support::{House, guide, refused};

async fn since(house: &House, revision: u64) -> CatalogueChanges {
    let url = house.url(&format!("v1/catalogue?since={revision}"));
    let answer = house.http.get(url).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    answer.json().await.unwrap()
}

fn ids(changes: &CatalogueChanges) -> (Vec<&str>, Vec<&str>) {
    (
        changes
            .upserted
            .iter()
            .map(|guide| guide.id.as_str())
            .collect(),
        changes.removed.iter().map(GuideId::as_str).collect(),
    )
}

fn folder(guides: Vec<Guide>) -> CatalogueFolder {
    CatalogueFolder {
        guides,
        themes: serde_json::from_value(
            json!([{"id": "senior", "name": "养老优待", "icon": "leaf"}]),
        )
        .unwrap(),
    }
}

#[tokio::test]
async fn a_terminal_hears_only_what_changed() {
    let house = House::open().await;
    assert_eq!(ids(&since(&house, 0).await), (vec!["allowance"], vec![]));

    let three = || vec![guide("allowance", 1), guide("b", 1), guide("c", 1)];
    let second = house.platform().publish(&folder(three())).await.unwrap();
    assert_eq!(second.revision, 2);
    let changes = since(&house, 1).await;
    assert_eq!(ids(&changes), (vec!["b", "c"], vec![]));
    assert_eq!(changes.themes[0].name, "养老优待");

    let again = house.platform().publish(&folder(three())).await.unwrap();
    assert_eq!(again.revision, 2, "nothing changed");

    let mut mended = guide("b", 1);
    mended.summary = "说得更清楚。".into();
    let guides = vec![guide("allowance", 2), mended];
    let third = house.platform().publish(&folder(guides)).await.unwrap();
    assert_eq!(third.revision, 3);
    assert_eq!(
        ids(&since(&house, 2).await),
        (vec!["allowance", "b"], vec!["c"])
    );
    assert_eq!(ids(&since(&house, 3).await), (vec![], vec![]));
    assert_eq!(
        ids(&since(&house, 99).await),
        (vec!["allowance", "b"], vec!["c"]),
        "a revision that never was asks for everything"
    );
    let url = house.url("v1/catalogue/guides/allowance");
    let current: Guide = house
        .http
        .get(url)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!(current.version, 2);
    let url = house.url("v1/catalogue/guides/c");
    refused(
        house.http.get(url).send().await.unwrap(),
        404,
        ProblemKind::GuideUnknown,
    )
    .await;

    house
        .platform()
        .publish(&folder(three_with(2)))
        .await
        .unwrap();
    assert_eq!(ids(&since(&house, 3).await).0, ["b", "c"], "c is back");
}

fn three_with(version: u32) -> Vec<Guide> {
    vec![guide("allowance", version), guide("b", 1), guide("c", 1)]
}

#[tokio::test]
async fn an_unchanged_catalogue_is_not_sent_again() {
    let house = House::open().await;
    let url = house.url("v1/catalogue?since=1");
    let first = house.http.get(&url).send().await.unwrap();
    let tag = first.headers()["etag"].clone();
    let ask = || house.http.get(&url).header("If-None-Match", tag.clone());
    let second = ask().send().await.unwrap();
    assert_eq!(second.status(), 304);
    assert_eq!(second.headers()["etag"], tag);
    house
        .platform()
        .publish(&folder(vec![guide("allowance", 2)]))
        .await
        .unwrap();
    assert_eq!(ask().send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn a_form_never_changes_under_a_pinned_version() {
    let house = House::open().await;
    let mut sneaky = guide("allowance", 1);
    sneaky.form.as_mut().unwrap().schema = json!({"type": "object"});
    let published = house
        .platform()
        .publish(&folder(vec![sneaky]))
        .await
        .unwrap();
    let problem = VersionProblem::NotRaised { version: 1 };
    assert_eq!(published.refused, [("allowance".into(), problem)]);

    house
        .platform()
        .publish(&folder(vec![guide("allowance", 3)]))
        .await
        .unwrap();
    let published = house
        .platform()
        .publish(&folder(vec![guide("allowance", 2)]))
        .await
        .unwrap();
    let problem = VersionProblem::WentBack {
        version: 2,
        published: 3,
    };
    assert_eq!(published.refused, [("allowance".into(), problem)]);
}

#[test]
fn a_folder_is_a_catalogue_only_when_everything_in_it_is_right() {
    let dir = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(dir.path().join(name), text).unwrap();
    let read = || CatalogueFolder::read(dir.path());
    write("notes.txt", "not a guide");
    assert!(matches!(read(), Err(FolderError::Empty { .. })));
    write("a.json", &serde_json::to_string(&guide("a", 1)).unwrap());
    assert_eq!(read().unwrap().guides.len(), 1);
    write("b.json", &serde_json::to_string(&guide("a", 1)).unwrap());
    assert!(matches!(read(), Err(FolderError::Twice(_))));
    write("b.json", "{");
    assert!(matches!(read(), Err(FolderError::Shape { .. })));
    let mut broken = guide("b", 1);
    broken.form.as_mut().unwrap().schema = json!({"type": 7});
    write("b.json", &serde_json::to_string(&broken).unwrap());
    assert!(matches!(read(), Err(FolderError::Form { .. })));
}

#[test]
fn the_sample_catalogue_can_be_published() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../assets/catalogue");
    let folder = CatalogueFolder::read(&dir).unwrap();
    assert!(!folder.guides.is_empty());
    assert!(!folder.themes.is_empty());
}
