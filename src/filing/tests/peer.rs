//! A platform written by hand for tests: it can behave, and it can misbehave in every way seen in the field.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jinban_api::case::{CaseReceipt, CaseSubmission};
use jinban_api::rating::Rating;
use sm2::SecretKey;
use sm2::dsa::signature::Signer;
use sm2::dsa::{Signature, SigningKey};
use sm2::elliptic_curve::Generate;
use sm2::pkcs8::{EncodePublicKey, LineEnding};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use ulid::Ulid;

use crate::platform::{PlatformClient, PlatformConfig};
use crate::vault::{PlatformKeyset, sm3_hex, submission_digest};

/// How the peer behaves from now on.
#[derive(Clone, Debug, PartialEq)]
pub enum Mood {
    /// As documented.
    Good,
    /// The connection is closed at once.
    Absent,
    /// The case is taken, but the answer never arrives.
    TakesAndGoesSilent,
    /// The request is read and nothing is ever said.
    Silent,
    /// The connection breaks in the middle of the answer.
    BreaksOff,
    /// This status with this content type and body, whatever is asked.
    Says(u16, &'static str, String),
    /// As documented, except that a cache on the way says of every page that it has arrived.
    ClaimsToHavePages,
    /// A receipt signed by somebody else.
    ForgesReceipt,
    /// As documented, except that this status and body answer the case or rating itself.
    Refuses(u16, String),
}

/// What the peer has.
#[derive(Default)]
pub struct Holdings {
    /// Pages by digest.
    pub pages: HashMap<String, Vec<u8>>,
    /// Cases by key, with the body they first came with.
    pub cases: HashMap<Ulid, (CaseSubmission, CaseReceipt)>,
    /// Ratings by their key.
    pub ratings: HashMap<Ulid, Rating>,
    /// How often a case was posted.
    pub posts: usize,
}

struct State {
    mood: Mutex<Mood>,
    held: Mutex<Holdings>,
    secret: SecretKey,
    keys: PlatformKeyset,
}

/// A running peer.
pub struct Peer {
    state: Arc<State>,
    url: String,
    pem: String,
}

struct Request {
    method: String,
    path: String,
    body: Vec<u8>,
}

impl Peer {
    pub async fn start(mood: Mood) -> Self {
        let secret = SecretKey::try_generate_from_rng(&mut getrandom::SysRng).unwrap();
        let pem = secret
            .public_key()
            .to_public_key_pem(LineEnding::LF)
            .unwrap();
        let keys = PlatformKeyset::from_pem(&pem).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let state = Arc::new(State {
            mood: Mutex::new(mood),
            held: Mutex::new(Holdings::default()),
            secret,
            keys,
        });
        let serving = Arc::clone(&state);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let state = Arc::clone(&serving);
                tokio::spawn(async move {
                    let _ = serve(&state, stream).await;
                });
            }
        });
        Self { state, url, pem }
    }

    pub fn set(&self, mood: Mood) {
        *self.state.mood.lock().unwrap() = mood;
    }

    pub fn held<T>(&self, look: impl FnOnce(&mut Holdings) -> T) -> T {
        look(&mut self.state.held.lock().unwrap())
    }

    pub fn url(&self) -> &str {
        &self.url
    }

    pub fn pem(&self) -> &str {
        &self.pem
    }

    pub fn client(&self) -> PlatformClient {
        client(&self.url, &self.pem)
    }
}

/// A client with little patience.
pub fn client(url: &str, pem: &str) -> PlatformClient {
    let mut config =
        PlatformConfig::new(url, "test-1".into(), PlatformKeyset::from_pem(pem).unwrap());
    config.request_timeout = Duration::from_millis(500);
    config.poll_every = Duration::from_millis(50);
    config.poll_cap = Duration::from_millis(100);
    PlatformClient::new(config).unwrap()
}

async fn serve(state: &State, mut stream: TcpStream) -> std::io::Result<()> {
    while let Some(request) = read(&mut stream).await? {
        let mood = state.mood.lock().unwrap().clone();
        let body_wanted = request.method != "HEAD";
        match mood {
            Mood::Absent => return Ok(()),
            Mood::Silent => std::future::pending().await,
            Mood::BreaksOff if request.method == "POST" => {
                stream
                    .write_all(b"HTTP/1.1 201 Created\r\ncontent-length: 500\r\n\r\n{\"idem")
                    .await?;
                return Ok(());
            }
            Mood::Says(status, content_type, body) => {
                let body = if body_wanted { body } else { String::new() };
                answer(&mut stream, status, content_type, &body).await?;
            }
            Mood::TakesAndGoesSilent if request.method == "POST" => {
                take(state, &request, &mood);
                std::future::pending::<()>().await;
            }
            Mood::Refuses(status, body) if request.method == "POST" => {
                answer(&mut stream, status, "application/problem+json", &body).await?;
            }
            _ => {
                let (status, body) = take(state, &request, &mood);
                answer(&mut stream, status, "application/json", &body).await?;
            }
        }
    }
    Ok(())
}

fn take(state: &State, request: &Request, mood: &Mood) -> (u16, String) {
    let mut held = state.held.lock().unwrap();
    let path: Vec<&str> = request.path.trim_start_matches('/').split('/').collect();
    match (request.method.as_str(), path.as_slice()) {
        ("GET", ["v1", "health"]) => {
            let time = jiff::Timestamp::now();
            (
                200,
                format!(r#"{{"service":"jinban-platform","version":"0","time":"{time}"}}"#),
            )
        }
        ("HEAD", ["v1", "pages", _]) if *mood == Mood::ClaimsToHavePages => (200, String::new()),
        ("HEAD", ["v1", "pages", digest]) => (
            if held.pages.contains_key(*digest) {
                200
            } else {
                404
            },
            String::new(),
        ),
        ("PUT", ["v1", "pages", digest]) => {
            assert_eq!(sm3_hex(&request.body), *digest);
            held.pages
                .insert((*digest).to_owned(), request.body.clone());
            (201, String::new())
        }
        ("POST", ["v1", "cases"]) => {
            held.posts += 1;
            let case: CaseSubmission = serde_json::from_slice(&request.body).unwrap();
            let missing: Vec<_> = case
                .pages
                .iter()
                .filter(|page| !held.pages.contains_key(page.digest.as_str()))
                .collect();
            if !missing.is_empty() {
                let digests: Vec<_> = missing.iter().map(|page| &page.digest).collect();
                let problem = serde_json::json!({
                    "type": "urn:jinban:problem:pages-missing", "title": "缺页", "status": 409, "missing": digests,
                });
                return (409, problem.to_string());
            }
            if let Some((first, receipt)) = held.cases.get(&case.idempotency_key) {
                assert_eq!(*first, case, "another content under the same key");
                return (200, serde_json::to_string(receipt).unwrap());
            }
            let number = held.cases.len() + 1;
            let receipt = receipt(state, &case, number, mood);
            let body = serde_json::to_string(&receipt).unwrap();
            if *mood != Mood::ForgesReceipt {
                held.cases.insert(case.idempotency_key, (case, receipt));
            }
            (201, body)
        }
        ("POST", ["v1", "ratings"]) => {
            let rating: Rating = serde_json::from_slice(&request.body).unwrap();
            held.ratings.insert(rating.idempotency_key, rating);
            (202, "{}".to_owned())
        }
        _ => (404, String::new()),
    }
}

fn receipt(state: &State, case: &CaseSubmission, number: usize, mood: &Mood) -> CaseReceipt {
    let digest = submission_digest(&case.envelope).unwrap();
    let number = format!("510822-20261123-{number:06}");
    let received_at = "2026-11-23T06:32:05Z";
    let signed = format!(
        "jinban-receipt-1\n{}\n{number}\nK7M2QP\n{digest}\n{received_at}",
        case.idempotency_key
    );
    let stranger = SecretKey::try_generate_from_rng(&mut getrandom::SysRng).unwrap();
    let secret = if *mood == Mood::ForgesReceipt {
        &stranger
    } else {
        &state.secret
    };
    let signature: Signature = SigningKey::new("1234567812345678", secret)
        .unwrap()
        .sign(signed.as_bytes());
    CaseReceipt {
        idempotency_key: case.idempotency_key,
        case_number: number.into(),
        query_code: "K7M2QP".into(),
        submission_digest: digest.into(),
        received_at: received_at.to_owned(),
        promised_by: None,
        platform_key_id: state.keys.wrapping_key_id().to_owned(),
        signature: STANDARD.encode(signature.to_bytes()),
    }
}

async fn answer(
    stream: &mut TcpStream,
    status: u16,
    content_type: &str,
    body: &str,
) -> std::io::Result<()> {
    let head = format!(
        "HTTP/1.1 {status} X\r\ncontent-type: {content_type}\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(body.as_bytes()).await
}

async fn read(stream: &mut TcpStream) -> std::io::Result<Option<Request>> {
    let mut bytes = Vec::new();
    let head_end = loop {
        if let Some(at) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break at + 4;
        }
        if stream.read_buf(&mut bytes).await? == 0 {
            return Ok(None);
        }
    };
    let head = String::from_utf8_lossy(&bytes[..head_end]).to_lowercase();
    let length: usize = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length:"))
        .map_or(0, |value| value.trim().parse().unwrap());
    while bytes.len() < head_end + length {
        if stream.read_buf(&mut bytes).await? == 0 {
            return Ok(None);
        }
    }
    let first = String::from_utf8_lossy(&bytes[..head_end])
        .lines()
        .next()
        .unwrap()
        .to_owned();
    let mut words = first.split(' ');
    Ok(Some(Request {
        method: words.next().unwrap().to_owned(),
        path: words.next().unwrap().to_owned(),
        body: bytes[head_end..head_end + length].to_vec(),
    }))
}
