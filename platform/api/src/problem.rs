//! Problem details (RFC 9457): how the platform says no.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::ids::ContentDigest;

/// Media type of a problem.
pub const PROBLEM_JSON: &str = "application/problem+json";

/// A problem the platform has with a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Problem {
    /// Stable code of the kind of problem.
    #[serde(rename = "type")]
    pub kind: ProblemKind,
    /// Short, in Chinese, for people.
    pub title: String,
    /// HTTP status again.
    pub status: u16,
    /// What is wrong with this request, in Chinese, for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// Pages that have not arrived, with [`ProblemKind::PagesMissing`]; empty otherwise.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<ContentDigest>,
}

/// Kinds of problems, each a URN.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
pub enum ProblemKind {
    /// The body does not have the shape of the contract.
    #[serde(rename = "urn:jinban:problem:malformed")]
    Malformed,
    /// The terminal is not enrolled, or its signature does not verify.
    #[serde(rename = "urn:jinban:problem:terminal-unknown")]
    TerminalUnknown,
    /// The envelope cannot be opened.
    #[serde(rename = "urn:jinban:problem:envelope-unreadable")]
    EnvelopeUnreadable,
    /// Pages that the case names have not arrived.
    #[serde(rename = "urn:jinban:problem:pages-missing")]
    PagesMissing,
    /// The bytes do not have the digest they are named by.
    #[serde(rename = "urn:jinban:problem:digest-mismatch")]
    DigestMismatch,
    /// The guide is not known or no longer taken.
    #[serde(rename = "urn:jinban:problem:guide-unknown")]
    GuideUnknown,
    /// The answers do not fit the form.
    #[serde(rename = "urn:jinban:problem:answers-invalid")]
    AnswersInvalid,
    /// The same key was used for different content.
    #[serde(rename = "urn:jinban:problem:key-reused")]
    KeyReused,
    /// No such case, or the query code is wrong; the two are not told apart.
    #[serde(rename = "urn:jinban:problem:case-not-found")]
    CaseNotFound,
    /// This case was rated before.
    #[serde(rename = "urn:jinban:problem:already-rated")]
    AlreadyRated,
    /// Too many wrong query codes for this number; wait before the next one.
    #[serde(rename = "urn:jinban:problem:too-many-attempts")]
    TooManyAttempts,
    /// The body is larger than the platform takes.
    #[serde(rename = "urn:jinban:problem:too-large")]
    TooLarge,
    /// The platform is in trouble; the same request may work later.
    #[serde(rename = "urn:jinban:problem:unavailable")]
    Unavailable,
    /// A kind this program does not know.
    #[serde(other, rename = "urn:jinban:problem:other")]
    Other,
}
