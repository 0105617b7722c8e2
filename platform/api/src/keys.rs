//! The platform's public keys, as `GET /v1/keys` publishes them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Body of `GET /v1/keys`. A terminal trusts none of it: it compares with the keys it was set up with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PlatformKeys {
    /// Every key in use, the preferred one of each use first.
    pub keys: Vec<PlatformKey>,
}

/// One public key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PlatformKey {
    /// Its id, see [`crate::sealed::SealedEnvelope`].
    pub id: String,
    /// What it may be used for; one key may be listed for both uses.
    pub usage: KeyUsage,
    /// `SubjectPublicKeyInfo` of the SM2 key, in PEM.
    pub public_key: String,
}

/// What a key is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum KeyUsage {
    /// Wrapping content keys.
    Wrap,
    /// Signing receipts.
    Sign,
}
