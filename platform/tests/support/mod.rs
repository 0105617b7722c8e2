//! A terminal of its own making: it seals and signs by the documents of `jinban-api`, not by the platform's code.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    dead_code,
    missing_docs
)]

mod postgres;
pub mod process;
pub mod s3;

use std::collections::BTreeMap;
use std::path::PathBuf;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jinban_api::case::{
    Applicant, CaseContent, CaseMaterial, CaseReceipt, CaseSubmission, IdentityLevel, MaterialPage,
    Provided, Signature, TrustGrade,
};
use jinban_api::guide::Guide;
use jinban_api::ids::ContentDigest;
use jinban_api::keys::{KeyUsage, PlatformKeys};
use jinban_api::problem::{PROBLEM_JSON, Problem, ProblemKind};
use jinban_api::sealed::{SealedEnvelope, SealedPage};
use jinban_platform::{CatalogueFolder, Platform, PlatformConfig, Running};
use reqwest::{Client, RequestBuilder, Response};
use serde_json::json;
use sm2::dsa::signature::{RandomizedSigner, Verifier};
use sm2::dsa::{SigningKey, VerifyingKey};
use sm2::elliptic_curve::Generate;
use sm2::pkcs8::{DecodePublicKey, EncodePublicKey, LineEnding};
use sm2::pke::EncryptingKey;
use sm2::{PublicKey, SecretKey};
use sm3::{Digest, Sm3};
use ulid::Ulid;

pub use postgres::Postgres;

pub const AREA: &str = "510822";
pub const TERMINAL: &str = "QC-0001";
const IDENTITY: &str = "1234567812345678";

pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}

pub fn sm3_hex(bytes: &[u8]) -> String {
    hex(&Sm3::digest(bytes))
}

/// A terminal with a key of its own.
pub struct Terminal {
    pub id: String,
    pub pem: String,
    key_id: String,
    signing: SigningKey,
}

impl Terminal {
    pub fn new(id: &str) -> Self {
        let secret = SecretKey::try_generate_from_rng(&mut getrandom::SysRng).unwrap();
        let public = secret.public_key();
        let der = public.to_public_key_der().unwrap();
        Self {
            id: id.into(),
            pem: public.to_public_key_pem(LineEnding::LF).unwrap(),
            key_id: sm3_hex(der.as_bytes())[..16].to_owned(),
            signing: SigningKey::new(IDENTITY, &secret).unwrap(),
        }
    }

    /// Seals a case for the platform, with one scanned page.
    pub fn case(&self, keys: &PlatformKeys) -> Case {
        self.case_with(keys, |_| {})
    }

    /// Seals a case after `change` had its way with the content.
    pub fn case_with(&self, keys: &PlatformKeys, change: impl FnOnce(&mut CaseContent)) -> Case {
        let content_key = random::<16>();
        let page = seal(&content_key, b"picture of the household book");
        let listed = SealedPage {
            digest: ContentDigest(sm3_hex(&page)),
            length: page.len() as u64,
        };
        let mut content = content(&listed.digest);
        change(&mut content);
        let envelope = self.envelope(keys, &content_key, &serde_json::to_vec(&content).unwrap());
        let key = Ulid::generate();
        Case {
            page,
            submission: CaseSubmission {
                idempotency_key: key,
                terminal: self.id.as_str().into(),
                local_number: format!("暂{}", &key.to_string()[20..]).into(),
                area: AREA.into(),
                guide: content.guide,
                guide_version: content.guide_version,
                submitted_at: "2026-11-20T02:03:04Z".parse().unwrap(),
                clock_trusted: true,
                envelope,
                pages: vec![listed],
            },
        }
    }

    pub fn envelope(
        &self,
        keys: &PlatformKeys,
        content_key: &[u8; 16],
        content: &[u8],
    ) -> SealedEnvelope {
        let wrap = keys
            .keys
            .iter()
            .find(|key| key.usage == KeyUsage::Wrap)
            .unwrap();
        let public = PublicKey::from_public_key_pem(&wrap.public_key).unwrap();
        let wrapped = EncryptingKey::new(public)
            .encrypt(&mut getrandom::SysRng, content_key)
            .unwrap();
        let sealed = seal(content_key, content);
        let (nonce, ciphertext) = sealed.split_at(12);
        let mut message = vec![1];
        message.extend_from_slice(wrap.id.as_bytes());
        message.push(0);
        message.extend_from_slice(self.key_id.as_bytes());
        message.push(0);
        message.extend_from_slice(&wrapped);
        message.extend_from_slice(nonce);
        message.extend_from_slice(ciphertext);
        let digest = Sm3::digest(&message);
        let signature: sm2::dsa::Signature = self
            .signing
            .try_sign_with_rng(&mut getrandom::SysRng, digest.as_slice())
            .unwrap();
        SealedEnvelope {
            version: 1,
            platform_key_id: wrap.id.clone(),
            terminal_key_id: self.key_id.clone(),
            wrapped_key: STANDARD.encode(wrapped),
            nonce: STANDARD.encode(nonce),
            ciphertext: STANDARD.encode(ciphertext),
            signature: STANDARD.encode(signature.to_bytes()),
        }
    }
}

/// A sealed case and its page.
#[derive(Clone)]
pub struct Case {
    pub submission: CaseSubmission,
    pub page: Vec<u8>,
}

fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).unwrap();
    bytes
}

/// `nonce ‖ ciphertext ‖ tag`.
pub fn seal(key: &[u8; 16], plain: &[u8]) -> Vec<u8> {
    use aes_gcm::aead::{Aead, KeyInit};
    let nonce = random::<12>();
    let sealed = aes_gcm::AesGcm::<sm4::Sm4, aes_gcm::aead::consts::U12>::new(key.into())
        .encrypt(&nonce.into(), plain)
        .unwrap();
    [nonce.as_slice(), &sealed].concat()
}

fn content(page: &ContentDigest) -> CaseContent {
    CaseContent {
        guide: "allowance".into(),
        guide_version: 1,
        situations: BTreeMap::from([("kind".into(), "first".into())]),
        applicant: Applicant {
            name: "示例甲".into(),
            id_number: "510822195001010020".into(),
            sex: "2".into(),
            nationality: "01".into(),
            birth: "1950-01-01".parse().unwrap(),
            address: "示例省示例县示例村1组".into(),
            identity_level: IdentityLevel::ChipRead,
        },
        answers: json!({"account": "0123456789"})
            .as_object()
            .unwrap()
            .clone(),
        materials: vec![CaseMaterial {
            material: "household-book".into(),
            provided: Provided::Pages {
                pages: vec![MaterialPage {
                    digest: page.clone(),
                    media_type: "image/jpeg".into(),
                    length: 29,
                }],
                trust: TrustGrade::C,
            },
        }],
        signature: Signature {
            width: 100.0,
            height: 50.0,
            strokes: vec![vec![[1.0, 2.0], [3.0, 4.0]]],
        },
        read_back_at: "2026-11-20T02:03:00Z".parse().unwrap(),
    }
}

/// A guide with one situation, one form field and one scanned material.
pub fn guide(id: &str, version: u32) -> Guide {
    serde_json::from_value(json!({
        "id": id, "version": version, "name": "示例津贴", "item_type": "20",
        "department": {"name": "示例县民政局"}, "summary": "示例。",
        "situations": [{"id": "kind", "question": "您这次来办什么？", "options": [
            {"id": "first", "label": "第一次申请"}, {"id": "account", "label": "换账户"}]}],
        "materials": [{"id": "household-book", "name": "居民户口簿", "capture": "scan",
            "necessity": "required", "applies_when": [{"question": "kind", "any_of": ["first"]}]}],
        "form": {"schema": {"type": "object", "required": ["account"], "additionalProperties": false,
                "properties": {"account": {"type": "string", "pattern": "^[0-9]{10}$"}}},
            "groups": [{"title": "发放到哪个账户？", "fields": [
                {"name": "account", "label": "账号", "input": {"kind": "digits"}}]}]},
        "promised_time": {"unit": "calendar-days", "count": 20},
        "consult_phone": "12345", "complaint_phone": "12345",
        "terminal": {"kind": "full"}, "updated_on": "2026-11-01", "sample": true
    }))
    .unwrap()
}

/// A platform on a free port, with one guide and one terminal.
pub struct House {
    pub running: Running,
    pub terminal: Terminal,
    pub http: Client,
    dir: tempfile::TempDir,
    // After the platform, which leaves it.
    postgres: Option<Postgres>,
}

/// Makes two tests of each: on SQLite, and on PostgreSQL.
#[macro_export]
macro_rules! on_both {
    ($($test:ident),+ $(,)?) => {
        mod on_sqlite {
            $(#[tokio::test]
            async fn $test() {
                super::$test(super::House::open().await).await;
            })+
        }
        mod on_postgres {
            $(#[tokio::test]
            async fn $test() {
                if let Some(house) = super::House::open_on_postgres().await {
                    super::$test(house).await;
                }
            })+
        }
    };
}

impl House {
    pub async fn open() -> Self {
        Self::open_on(None).await
    }

    /// None when PostgreSQL is not installed.
    pub async fn open_on_postgres() -> Option<Self> {
        Some(Self::open_on(Some(Postgres::start()?)).await)
    }

    async fn open_on(postgres: Option<Postgres>) -> Self {
        install_ring();
        let dir = tempfile::tempdir().unwrap();
        let running = Platform::start(PlatformConfig {
            database: postgres.as_ref().map(Postgres::url),
            ..PlatformConfig::local(dir.path().join("data"))
        })
        .await
        .unwrap();
        let folder = CatalogueFolder {
            guides: vec![guide("allowance", 1)],
            ..CatalogueFolder::default()
        };
        running.platform().publish(&folder).await.unwrap();
        let terminal = Terminal::new(TERMINAL);
        running
            .platform()
            .enrol(
                &TERMINAL.into(),
                &"510822100001".into(),
                "示例村便民服务室",
                &terminal.pem,
            )
            .await
            .unwrap();
        Self {
            running,
            terminal,
            http: Client::new(),
            dir,
            postgres,
        }
    }

    pub fn platform(&self) -> &Platform {
        self.running.platform()
    }

    /// The platform's data folder.
    pub fn data(&self) -> PathBuf {
        self.dir.path().join("data")
    }

    pub fn keys(&self) -> PlatformKeys {
        self.platform().public_keys().clone()
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.running.url())
    }

    pub fn case(&self) -> Case {
        self.terminal.case(&self.keys())
    }

    pub async fn put_page(&self, page: &[u8]) -> Response {
        let url = self.url(&format!("v1/pages/{}", sm3_hex(page)));
        self.http.put(url).body(page.to_vec()).send().await.unwrap()
    }

    pub async fn post_case(&self, submission: &CaseSubmission) -> Response {
        post_case(&self.http, &self.running.url(), submission).await
    }

    /// Page first, then the case; it must be taken.
    pub async fn hand_in(&self, case: &Case) -> CaseReceipt {
        assert!(self.put_page(&case.page).await.status().is_success());
        let answer = self.post_case(&case.submission).await;
        assert_eq!(answer.status(), 201);
        answer.json().await.unwrap()
    }
}

pub async fn post_case(http: &Client, url: &str, submission: &CaseSubmission) -> Response {
    case_request(http, url, submission).send().await.unwrap()
}

pub fn case_request(http: &Client, url: &str, submission: &CaseSubmission) -> RequestBuilder {
    http.post(format!("{url}v1/cases"))
        .header("Idempotency-Key", submission.idempotency_key.to_string())
        .json(submission)
}

/// reqwest is built without a default provider.
pub fn install_ring() {
    let _ = rustls::crypto::ring::default_provider().install_default();
}

/// The answer must be a problem of this kind, told in Chinese.
pub async fn refused(answer: Response, status: u16, kind: ProblemKind) -> Problem {
    let got = answer.status().as_u16();
    assert_eq!(answer.headers()["content-type"], PROBLEM_JSON);
    let problem: Problem = answer.json().await.unwrap();
    assert_eq!((got, problem.kind), (status, kind), "{problem:?}");
    assert_eq!(problem.status, status);
    assert!(
        problem
            .title
            .chars()
            .all(|char| !char.is_ascii_alphabetic())
    );
    problem
}

/// Checks the receipt's signature as a terminal would.
pub fn signed_by_platform(receipt: &CaseReceipt, keys: &PlatformKeys) -> bool {
    let message = format!(
        "jinban-receipt-1\n{}\n{}\n{}\n{}\n{}",
        receipt.idempotency_key,
        receipt.case_number,
        receipt.query_code,
        receipt.submission_digest,
        receipt.received_at
    );
    is_signed(&message, &receipt.platform_key_id, &receipt.signature, keys)
}

/// Whether the platform's signing key of this id signed the text.
pub fn is_signed(text: &str, key_id: &str, signature: &str, keys: &PlatformKeys) -> bool {
    let key = keys
        .keys
        .iter()
        .find(|key| key.id == key_id && key.usage == KeyUsage::Sign)
        .unwrap();
    let public = PublicKey::from_public_key_pem(&key.public_key).unwrap();
    let signature = STANDARD.decode(signature).unwrap();
    VerifyingKey::new(IDENTITY, public)
        .unwrap()
        .verify(
            text.as_bytes(),
            &sm2::dsa::Signature::from_slice(&signature).unwrap(),
        )
        .is_ok()
}
