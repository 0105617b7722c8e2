//! The requests themselves.

use std::net::IpAddr;
use std::sync::{Arc, Once};
use std::time::Duration;

use jinban_api::case::{CaseProgress, CaseReceipt, CaseSubmission};
use jinban_api::catalogue::FeedAnswer;
use jinban_api::health::{Health, SERVICE};
use jinban_api::ids::{CaseNumber, ContentDigest, FeedId, QueryCode, TerminalId};
use jinban_api::keys::PlatformKeys;
use jinban_api::problem::ProblemKind;
use jinban_api::rating::Rating;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderValue, RANGE};
use reqwest::{Client, Method, RequestBuilder, Response, Url};
use tokio::sync::watch;

use super::answer::Answer;
use super::reachability::{Reachability, Watcher};
use super::{PlatformConfig, PlatformConfigError, PlatformError};
use crate::vault::PlatformKeyset;

/// Small answers: receipts, problems, progress.
const SMALL: usize = 256 * 1024;
/// Slowest line that a large body is given time for, in bytes a second.
const SLOWEST: u64 = 8 * 1024;
/// The same for a file, which goes on where it broke off: a line as slow as GPRS is slow, not broken.
const SLOWEST_FILE: u64 = 512;

/// The central platform, as this terminal sees it. Cloning shares connections and the watcher.
#[derive(Clone)]
pub struct PlatformClient {
    shared: Arc<Shared>,
}

struct Shared {
    http: Client,
    base: Url,
    config: PlatformConfig,
    watcher: Watcher,
}

/// What became of a rating.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RatingAnswer {
    /// Taken, or kept until its case arrives.
    Taken,
    /// The case had been rated before; nothing is left to do.
    AlreadyRated,
}

impl PlatformClient {
    /// A client for `config`. Nothing is sent yet.
    pub fn new(config: PlatformConfig) -> Result<Self, PlatformConfigError> {
        install_ring();
        let mut base = Url::parse(&config.url)
            .map_err(|_| PlatformConfigError::NotAnAddress(config.url.clone()))?;
        match base.scheme() {
            "https" => {}
            "http" if is_loopback(&base) => {}
            "http" => return Err(PlatformConfigError::Unencrypted(config.url)),
            _ => return Err(PlatformConfigError::NotAnAddress(config.url)),
        }
        if !base.path().ends_with('/') {
            base.set_path(&format!("{}/", base.path()));
        }
        let mut headers = HeaderMap::new();
        if let Ok(terminal) = HeaderValue::from_str(config.terminal.as_str()) {
            headers.insert("jinban-terminal", terminal);
        }
        let http = Client::builder()
            .connect_timeout(config.connect_timeout)
            .read_timeout(config.request_timeout)
            .redirect(reqwest::redirect::Policy::none())
            .default_headers(headers)
            .user_agent(concat!("jinban/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|error| PlatformConfigError::Tls(error.to_string()))?;
        let watcher = Watcher::new();
        Ok(Self {
            shared: Arc::new(Shared {
                http,
                base,
                config,
                watcher,
            }),
        })
    }

    /// The keys this terminal was set up with.
    pub fn keyset(&self) -> &PlatformKeyset {
        &self.shared.config.keys
    }

    /// This terminal.
    pub fn terminal(&self) -> &TerminalId {
        &self.shared.config.terminal
    }

    /// Whether the platform answers, watched from the first call on by one task for all clones.
    pub fn reachability(&self) -> watch::Receiver<Reachability> {
        let shared = Arc::downgrade(&self.shared);
        self.shared.watcher.watch(
            self.shared.config.poll_every,
            self.shared.config.poll_cap,
            move || shared.upgrade().map(|shared| Self { shared }),
        )
    }

    /// Asks whether the platform is there and is really ours.
    pub async fn health(&self) -> Result<Health, PlatformError> {
        let answer = self
            .ask(self.request(Method::GET, "v1/health"), 0, SMALL)
            .await?;
        let health: Health = answer.json(&[200])?;
        if health.service == SERVICE {
            Ok(health)
        } else {
            Err(PlatformError::Nonsense {
                status: answer.status,
            })
        }
    }

    /// What comes after batch `number` of `feed`, for one that holds so much. Nothing of it is verified yet.
    pub async fn feed(&self, held: Option<(&FeedId, u64)>) -> Result<FeedAnswer, PlatformError> {
        let path = held.map_or_else(
            || "v1/catalogue/feed".to_owned(),
            |(feed, number)| format!("v1/catalogue/feed?feed={feed}&after={number}"),
        );
        let answer = self.ask(self.request(Method::GET, &path), 0, SMALL).await?;
        answer.json(&[200])
    }

    /// Downloads a file of `length` bytes from byte `from` on, and hands over each piece with its place as it
    /// arrives, until `take` says that it takes no more. Nothing of it is verified yet.
    pub async fn download(
        &self,
        digest: &ContentDigest,
        from: u64,
        length: u64,
        mut take: impl FnMut(u64, &[u8]) -> bool,
    ) -> Result<(), PlatformError> {
        let mut request = self.request(Method::GET, &format!("v1/catalogue/blobs/{digest}"));
        if from > 0 {
            request = request.header(RANGE, format!("bytes={from}-"));
        }
        let patience = self.shared.config.request_timeout;
        let deadline = patience + Duration::from_secs((length - from.min(length)) / SLOWEST_FILE);
        let transfer = async {
            let mut response = request.send().await.map_err(|error| failed(&error))?;
            let status = response.status().as_u16();
            let mut at = match status {
                200 => 0,
                206 => from,
                _ => return answer_of(response).await?.expect(&[200, 206]),
            };
            while let Some(piece) = response.chunk().await.map_err(|error| failed(&error))? {
                if at + piece.len() as u64 > length {
                    return Err(PlatformError::Nonsense { status });
                }
                if !take(at, &piece) {
                    break;
                }
                at += piece.len() as u64;
            }
            Ok(())
        };
        match tokio::time::timeout(deadline, transfer).await {
            Ok(result) => result,
            Err(_) => Err(PlatformError::Slow),
        }
    }

    /// Whether every key that the platform publishes is one this terminal was set up with. Published keys are
    /// only ever compared, never trusted: a technician must bring new ones.
    pub async fn keys_agree(&self) -> Result<bool, PlatformError> {
        let answer = self
            .ask(self.request(Method::GET, "v1/keys"), 0, SMALL)
            .await?;
        let published: PlatformKeys = answer.json(&[200])?;
        Ok(published
            .keys
            .iter()
            .all(|key| self.keyset().pins(&key.public_key)))
    }

    /// Whether a page has arrived.
    pub async fn has_page(&self, digest: &ContentDigest) -> Result<bool, PlatformError> {
        let answer = self
            .ask(
                self.request(Method::HEAD, &format!("v1/pages/{digest}")),
                0,
                SMALL,
            )
            .await?;
        match answer.status {
            404 => Ok(false),
            _ => answer.expect(&[200, 204]).map(|()| true),
        }
    }

    /// Hands a sealed page over.
    pub async fn put_page(
        &self,
        digest: &ContentDigest,
        body: Vec<u8>,
    ) -> Result<(), PlatformError> {
        let length = body.len() as u64;
        let request = self
            .request(Method::PUT, &format!("v1/pages/{digest}"))
            .header(CONTENT_TYPE, "application/octet-stream")
            .body(body);
        self.ask(request, length, SMALL)
            .await?
            .expect(&[200, 201, 204])
    }

    /// Files a case. The receipt is not yet verified.
    pub async fn submit(&self, submission: &CaseSubmission) -> Result<CaseReceipt, PlatformError> {
        let length = submission.envelope.ciphertext.len() as u64;
        let request = self
            .request(Method::POST, "v1/cases")
            .header("idempotency-key", submission.idempotency_key.to_string())
            .json(submission);
        self.ask(request, length, SMALL).await?.json(&[200, 201])
    }

    /// How far a case has come, in the platform's words.
    pub async fn progress(
        &self,
        number: &CaseNumber,
        code: &QueryCode,
    ) -> Result<CaseProgress, PlatformError> {
        let request = self
            .request(Method::GET, &format!("v1/cases/{number}/progress"))
            .header("jinban-query-code", code.as_str());
        self.ask(request, 0, SMALL).await?.json(&[200])
    }

    /// Hands a rating over.
    pub async fn rate(&self, rating: &Rating) -> Result<RatingAnswer, PlatformError> {
        let request = self
            .request(Method::POST, "v1/ratings")
            .header("idempotency-key", rating.idempotency_key.to_string())
            .json(rating);
        match self.ask(request, 0, SMALL).await?.expect(&[200, 201, 202]) {
            Ok(()) => Ok(RatingAnswer::Taken),
            Err(PlatformError::Refused(problem)) if problem.kind == ProblemKind::AlreadyRated => {
                Ok(RatingAnswer::AlreadyRated)
            }
            Err(error) => Err(error),
        }
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let url = self
            .shared
            .base
            .join(path)
            .unwrap_or_else(|_| self.shared.base.clone());
        self.shared.http.request(method, url)
    }

    /// Sends, and reads at most `limit` bytes of the answer; `length` bytes travel and get time in proportion.
    async fn ask(
        &self,
        request: RequestBuilder,
        length: u64,
        limit: usize,
    ) -> Result<Answer, PlatformError> {
        let deadline = self.shared.config.request_timeout + Duration::from_secs(length / SLOWEST);
        match tokio::time::timeout(deadline, exchange(request, limit)).await {
            Ok(result) => result,
            Err(_) => Err(PlatformError::Slow),
        }
    }
}

async fn exchange(request: RequestBuilder, limit: usize) -> Result<Answer, PlatformError> {
    answer_within(request.send().await.map_err(|error| failed(&error))?, limit).await
}

async fn answer_of(response: Response) -> Result<Answer, PlatformError> {
    answer_within(response, SMALL).await
}

async fn answer_within(response: Response, limit: usize) -> Result<Answer, PlatformError> {
    let status = response.status().as_u16();
    let content_type = response
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
        .to_ascii_lowercase();
    let body = body_within(response, limit, status).await?;
    Ok(Answer {
        status,
        content_type,
        body,
    })
}

async fn body_within(
    mut response: Response,
    limit: usize,
    status: u16,
) -> Result<Vec<u8>, PlatformError> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| failed(&error))? {
        if body.len() + chunk.len() > limit {
            return Err(PlatformError::Nonsense { status });
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

fn failed(error: &reqwest::Error) -> PlatformError {
    if error.is_timeout() {
        PlatformError::Slow
    } else {
        PlatformError::Unreachable
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host_str() {
        Some("localhost") => true,
        Some(host) => host
            .trim_matches(['[', ']'])
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback()),
        None => false,
    }
}

/// TLS needs a cryptography provider for the whole process, chosen once.
fn install_ring() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // Somebody may have chosen one already; theirs is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
}
