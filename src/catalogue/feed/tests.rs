//! What is believed of a feed, and what is not.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::io::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;
use jiff::Timestamp;
use jinban_api::catalogue::{BatchHeader, BatchKind, FeedHead};
use jinban_api::ids::ContentDigest;
use proptest::prelude::*;
use sm2::dsa::SigningKey;
use sm2::dsa::signature::RandomizedSigner;
use sm2::elliptic_curve::Generate;
use sm2::pkcs8::{EncodePublicKey, LineEnding};

use super::*;
use crate::vault::{PlatformKeyset, sm3_hex};

/// A platform of the test's own: it signs by the documents of the contract.
struct Author {
    key: SigningKey,
    keys: PlatformKeyset,
    id: String,
}

impl Author {
    fn new() -> Self {
        let secret = sm2::SecretKey::try_generate_from_rng(&mut getrandom::SysRng).unwrap();
        let public = secret.public_key();
        let pem = public.to_public_key_pem(LineEnding::LF).unwrap();
        let der = public.to_public_key_der().unwrap();
        Self {
            key: SigningKey::new("1234567812345678", &secret).unwrap(),
            keys: PlatformKeyset::from_pem(&pem).unwrap(),
            id: sm3_hex(der.as_bytes())[..16].to_owned(),
        }
    }

    fn sign(&self, text: &str) -> String {
        let signature: sm2::dsa::Signature = self
            .key
            .try_sign_with_rng(&mut getrandom::SysRng, text.as_bytes())
            .unwrap();
        STANDARD.encode(signature.to_bytes())
    }

    fn header(&self, number: u64, kind: BatchKind, previous: &str, payload: &[u8]) -> BatchHeader {
        let mut header = BatchHeader {
            feed: "F".into(),
            number,
            kind,
            previous: previous.into(),
            payload: sm3_hex(payload).into(),
            length: payload.len() as u64,
            plain_length: 0,
            issued_at: at(number),
            platform_key_id: self.id.clone(),
            signature: String::new(),
        };
        header.signature = self.sign(&text(&header));
        header
    }

    fn head(&self, position: &Position) -> FeedHead {
        let Position {
            feed,
            number,
            chain,
            said_at,
        } = position.clone();
        let text = format!("jinban-head-1\n{feed}\n{number}\n{chain}\n{said_at}");
        FeedHead {
            feed,
            number,
            chain,
            issued_at: said_at,
            platform_key_id: self.id.clone(),
            signature: self.sign(&text),
        }
    }

    /// A feed of `count` batches: their headers, and where each leads.
    fn feed(&self, count: u64) -> (Vec<BatchHeader>, Vec<Position>) {
        let mut positions = vec![position(0, &sm3_hex(b"jinban-feed-1\nF"))];
        let mut headers = Vec::new();
        for number in 1..=count {
            let previous = positions.last().unwrap().chain.to_string();
            let header = self.header(number, BatchKind::Changes, &previous, b"payload");
            positions.push(position(number, &sm3_hex(text(&header).as_bytes())));
            headers.push(header);
        }
        (headers, positions)
    }
}

fn at(seconds: u64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + 86_400 * i64::try_from(seconds).unwrap()).unwrap()
}

fn position(number: u64, chain: &str) -> Position {
    Position {
        feed: "F".into(),
        number,
        chain: chain.into(),
        said_at: at(number),
    }
}

fn text(header: &BatchHeader) -> String {
    let kind = match header.kind {
        BatchKind::Changes => "changes",
        BatchKind::Everything => "everything",
    };
    format!(
        "jinban-batch-1\n{}\n{}\n{kind}\n{}\n{}\n{}\n{}\n{}",
        header.feed,
        header.number,
        header.previous,
        header.payload,
        header.length,
        header.plain_length,
        header.issued_at
    )
}

#[test]
fn a_chain_is_followed_from_everything_to_the_head() {
    let author = Author::new();
    let (headers, positions) = author.feed(4);
    let head = author.head(&positions[4]);
    let chain = positions[2].chain.to_string();
    let everything = author.header(2, BatchKind::Everything, &chain, b"all");
    let mut ours = check_header(&author.keys, &everything, None, &head).unwrap();
    assert_eq!((ours.number, &ours.chain), (2, &positions[2].chain));
    for header in &headers[2..] {
        check_head(&author.keys, &head, Some(&ours)).unwrap();
        ours = check_header(&author.keys, header, Some(&ours), &head).unwrap();
    }
    assert_eq!(
        ours,
        Position {
            said_at: head.issued_at,
            ..positions[4].clone()
        }
    );
}

#[test]
fn what_is_missing_repeated_or_from_elsewhere_is_refused() {
    let author = Author::new();
    let (headers, positions) = author.feed(4);
    let head = author.head(&positions[4]);
    let judge = |header: &BatchHeader, ours: Option<&Position>| {
        check_header(&author.keys, header, ours, &head).unwrap_err()
    };
    let ours = Some(&positions[2]);
    let order = |expected, number| FeedDoubt::OutOfOrder { expected, number };
    assert_eq!(judge(&headers[3], ours), order(3, 4), "one is missing");
    assert_eq!(judge(&headers[1], ours), order(3, 2), "it came before");
    assert_eq!(judge(&headers[0], None), order(0, 1), "changes of nothing");
    let forked = author.header(3, BatchKind::Changes, &"0".repeat(64), b"other");
    assert_eq!(judge(&forked, ours), FeedDoubt::BrokenChain { number: 3 });
    let beyond = author.header(5, BatchKind::Changes, positions[4].chain.as_str(), b"more");
    let doubt = judge(&beyond, Some(&positions[4]));
    assert_eq!(
        doubt,
        FeedDoubt::BrokenChain { number: 5 },
        "the head knows nothing of it"
    );
    let stale = author.header(
        1,
        BatchKind::Everything,
        positions[1].chain.as_str(),
        b"all",
    );
    assert_eq!(judge(&stale, ours), order(2, 1), "a step back");
    let mut stranger = author.header(3, BatchKind::Changes, positions[2].chain.as_str(), b"x");
    stranger.feed = "G".into();
    stranger.signature = author.sign(&text(&stranger));
    assert_eq!(judge(&stranger, ours), FeedDoubt::OtherFeed { number: 3 });
    let other = Author::new();
    let false_one = other.header(3, BatchKind::Changes, positions[2].chain.as_str(), b"x");
    assert_eq!(judge(&false_one, ours), FeedDoubt::UnknownKey);
}

#[test]
fn an_old_answer_is_not_taken_for_no_news() {
    let author = Author::new();
    let (_, positions) = author.feed(3);
    let ours = Some(&positions[2]);
    let of = |position: &Position| check_head(&author.keys, &author.head(position), ours);
    assert_eq!(of(&positions[3]), Ok(()));
    assert!(matches!(of(&positions[1]), Err(FeedDoubt::Replayed { .. })));
    let shrunk = Position {
        said_at: at(3),
        ..positions[1].clone()
    };
    assert!(matches!(of(&shrunk), Err(FeedDoubt::OutOfOrder { .. })));
    // A platform whose clock was set right by a few minutes is not an attack.
    let minute = jiff::SignedDuration::from_mins(1);
    let corrected = Position {
        said_at: at(2) - minute,
        ..positions[2].clone()
    };
    assert_eq!(of(&corrected), Ok(()));
    let mut false_one = author.head(&positions[3]);
    false_one.number = 9;
    let doubt = check_head(&author.keys, &false_one, ours);
    assert_eq!(doubt, Err(FeedDoubt::WrongSignature { number: 0 }));
}

fn packed(plain: &[u8]) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
    packer.write_all(plain).unwrap();
    packer.finish().unwrap()
}

fn read(
    plain_length: usize,
    payload: &[u8],
) -> Result<crate::catalogue::CatalogueChanges, FeedDoubt> {
    let header = BatchHeader {
        feed: "F".into(),
        number: 7,
        kind: BatchKind::Changes,
        previous: ContentDigest::default(),
        payload: ContentDigest::default(),
        length: payload.len() as u64,
        plain_length: plain_length as u64,
        issued_at: at(7),
        platform_key_id: String::new(),
        signature: String::new(),
    };
    unpack(&header, payload, position(7, "c"), &[])
}

#[test]
fn rows_become_changes_and_kinds_that_are_not_known_are_kept() {
    let rows = concat!(
        r#"{"op":"U","kind":"guide","id":"a","content":{"id":"a","version":2,"name":"甲","item_type":"20","department":{"name":"甲局"}}}"#,
        "\n",
        r#"{"op":"D","kind":"guide","id":"b"}"#,
        "\n",
        r#"{"op":"I","kind":"guide","id":"c","content":{"from":"a later program"}}"#,
        "\n",
        r#"{"op":"I","kind":"weather","id":"d","content":{"rain":true}}"#,
        "\n",
        r#"{"op":"D","kind":"law","id":"e"}"#,
        "\n",
    );
    let changes = read(rows.len(), &packed(rows.as_bytes())).unwrap();
    assert_eq!((changes.revision, changes.upserted.len()), (7, 1));
    assert_eq!(changes.removed, ["b".into()]);
    let kinds: Vec<_> = changes
        .documents
        .iter()
        .map(|d| (d.key.0.as_str(), d.content.is_some()))
        .collect();
    assert_eq!(kinds, [("weather", true), ("law", false)]);
}

#[test]
fn a_payload_that_is_cut_swollen_or_nonsense_is_refused_whole() {
    let row = "{\"op\":\"D\",\"kind\":\"guide\",\"id\":\"b\"}\n";
    let good = packed(row.as_bytes());
    assert!(read(row.len(), &good).is_ok());
    let bomb = packed(&vec![b'\n'; 8 << 20]);
    for (name, length, payload) in [
        ("cut", row.len(), &good[..good.len() - 9]),
        ("longer than told", row.len() - 1, &good[..]),
        ("shorter than told", row.len() + 1, &good[..]),
        ("a bomb", 1, &bomb[..]),
        ("no gzip", 4, b"rows"),
        ("no JSON", 4, &packed(b"abc\n")[..]),
        (
            "no content",
            33,
            &packed(b"{\"op\":\"I\",\"kind\":\"x\",\"id\":\"y\"}\n")[..],
        ),
    ] {
        let doubt = read(length, payload).unwrap_err();
        assert!(
            matches!(doubt, FeedDoubt::Unreadable { number: 7, .. }),
            "{name}: {doubt:?}"
        );
        assert!(doubt.to_string().contains("第 7 批"), "{name}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn no_field_of_a_header_can_be_changed(field in 0usize..8, change in 1u64..1_000_000) {
        let author = Author::new();
        let (headers, positions) = author.feed(3);
        let head = author.head(&positions[3]);
        let mut header = headers[1].clone();
        match field {
            0 => header.feed = "G".into(),
            1 => header.number = header.number.wrapping_add(change),
            2 => header.kind = BatchKind::Everything,
            3 => header.previous = format!("{change:064x}").into(),
            4 => header.payload = format!("{change:064x}").into(),
            5 => header.length = header.length.wrapping_add(change),
            6 => header.plain_length = header.plain_length.wrapping_add(change),
            _ => header.issued_at = at(change % 9_000 + 10),
        }
        let doubt = check_header(&author.keys, &header, Some(&positions[1]), &head);
        let number = header.number;
        prop_assert_eq!(doubt, Err(FeedDoubt::WrongSignature { number }));
    }

    #[test]
    fn no_payload_makes_the_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200), length in 0usize..300) {
        let _ = read(length, &bytes);
        let _ = read(length, &packed(&bytes));
    }
}
