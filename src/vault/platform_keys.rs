//! The platform's public keys that this terminal was set up with, and judging receipts by them.

use jinban_api::case::CaseReceipt;
use sm2::PublicKey;
use sm2::pkcs8::{DecodePublicKey, EncodePublicKey};
use sm2::pke::EncryptingKey;

use super::{signature, sm};

/// Pinned keys of the platform. Content is wrapped for the first; receipts may be signed by any of them.
#[derive(Clone, Debug)]
pub struct PlatformKeyset {
    first: PinnedKey,
    rest: Vec<PinnedKey>,
}

#[derive(Clone, Debug)]
struct PinnedKey {
    id: String,
    key: PublicKey,
}

/// Why a key file is of no use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlatformKeysetError {
    /// No block `PUBLIC KEY` in it.
    #[error("there is no public key in the file")]
    Empty,
    /// A block is not an SM2 public key.
    #[error("public key number {number} in the file is not an SM2 key")]
    NotSm2 {
        /// Counted from 1.
        number: usize,
    },
}

/// Why an answer is not a receipt for our case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReceiptDoubt {
    /// It is for another case, or for other content.
    #[error("the receipt is for another case")]
    OtherCase,
    /// Signed by a key that is not pinned here.
    #[error("the receipt is signed by an unknown key")]
    UnknownKey,
    /// The signature does not verify.
    #[error("the signature of the receipt is wrong")]
    WrongSignature,
}

/// Why a text is not the platform's word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TextDoubt {
    /// Signed by a key that is not pinned here.
    #[error("signed by an unknown key")]
    UnknownKey,
    /// The signature does not verify.
    #[error("the signature is wrong")]
    WrongSignature,
}

const BEGIN: &str = "-----BEGIN PUBLIC KEY-----";
const END: &str = "-----END PUBLIC KEY-----";

impl PlatformKeyset {
    /// Reads a PEM file of one or more public keys: the key to wrap for first, further signing keys after it.
    pub fn from_pem(text: &str) -> Result<Self, PlatformKeysetError> {
        let mut keys = Vec::new();
        for block in text.split(BEGIN).skip(1) {
            let number = keys.len() + 1;
            let not_sm2 = PlatformKeysetError::NotSm2 { number };
            let (body, _) = block.split_once(END).ok_or(not_sm2)?;
            let pem = format!("{BEGIN}{body}{END}\n");
            let key = PublicKey::from_public_key_pem(&pem).map_err(|_| not_sm2)?;
            let der = key.to_public_key_der().map_err(|_| not_sm2)?;
            keys.push(PinnedKey {
                id: sm::key_id(der.as_bytes()),
                key,
            });
        }
        let mut keys = keys.into_iter();
        let first = keys.next().ok_or(PlatformKeysetError::Empty)?;
        Ok(Self {
            first,
            rest: keys.collect(),
        })
    }

    /// Id of the key that content is wrapped for.
    pub fn wrapping_key_id(&self) -> &str {
        &self.first.id
    }

    /// True when this public key, in PEM, is pinned here.
    pub fn pins(&self, pem: &str) -> bool {
        PublicKey::from_public_key_pem(pem).is_ok_and(|key| {
            std::iter::once(&self.first)
                .chain(&self.rest)
                .any(|pinned| pinned.key == key)
        })
    }

    pub(super) fn wrapping_key(&self) -> EncryptingKey {
        EncryptingKey::new(self.first.key)
    }

    /// Checks that `receipt` is the platform's word for the case `key` whose submission digest is `digest`.
    pub fn verify_receipt(
        &self,
        receipt: &CaseReceipt,
        key: ulid::Ulid,
        digest: &str,
    ) -> Result<(), ReceiptDoubt> {
        if receipt.idempotency_key != key || receipt.submission_digest.as_str() != digest {
            return Err(ReceiptDoubt::OtherCase);
        }
        let signed = format!(
            "jinban-receipt-1\n{}\n{}\n{}\n{}\n{}",
            receipt.idempotency_key,
            receipt.case_number,
            receipt.query_code,
            receipt.submission_digest,
            receipt.received_at,
        );
        self.verify_text(&receipt.platform_key_id, &signed, &receipt.signature)
            .map_err(|doubt| match doubt {
                TextDoubt::UnknownKey => ReceiptDoubt::UnknownKey,
                TextDoubt::WrongSignature => ReceiptDoubt::WrongSignature,
            })
    }

    /// Checks that the pinned key `key_id` signed `text`; `signature` is `r ‖ s` in base64.
    pub fn verify_text(&self, key_id: &str, text: &str, signature: &str) -> Result<(), TextDoubt> {
        let pinned = self.find(key_id).ok_or(TextDoubt::UnknownKey)?;
        if signature::holds(&pinned.key, text.as_bytes(), signature) {
            Ok(())
        } else {
            Err(TextDoubt::WrongSignature)
        }
    }

    fn find(&self, id: &str) -> Option<&PinnedKey> {
        std::iter::once(&self.first)
            .chain(&self.rest)
            .find(|pinned| pinned.id == id)
    }
}
