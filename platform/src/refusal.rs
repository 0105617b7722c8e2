//! Everything the platform says no with, and how it says it to people.

use jinban_api::ids::ContentDigest;
use jinban_api::problem::{Problem, ProblemKind};

use crate::store::pages::StorageError;

/// Why a request is not done.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// The request does not have the shape of the contract. The text is in Chinese and repeats no content.
    #[error("malformed: {0}")]
    Malformed(String),
    /// The body is not announced as JSON.
    #[error("the body is not JSON")]
    NotJson,
    /// No enrolled terminal vouches for it. The text is in Chinese.
    #[error("terminal unknown: {0}")]
    TerminalUnknown(&'static str),
    /// The envelope or a page stays shut. The text is in Chinese.
    #[error("envelope unreadable: {0}")]
    EnvelopeUnreadable(&'static str),
    /// These pages have not arrived.
    #[error("{} pages have not arrived", .0.len())]
    PagesMissing(Vec<ContentDigest>),
    /// The bytes do not have the digest they are named by.
    #[error("digest mismatch")]
    DigestMismatch,
    /// A case for a guide version that was never published or is no longer taken.
    #[error("guide not taken")]
    GuideNotTaken,
    /// No such guide to read.
    #[error("no such guide")]
    GuideNotFound,
    /// No file of this digest.
    #[error("no such file")]
    NoSuchFile,
    /// What was filled in does not fit the guide. The text is in Chinese and repeats no answer.
    #[error("answers invalid: {0}")]
    AnswersInvalid(String),
    /// The same key with different content, or the same content under a second key.
    #[error("key reused")]
    KeyReused,
    /// No such case, or not this code.
    #[error("no such case")]
    CaseNotFound,
    /// This case was rated before.
    #[error("already rated")]
    AlreadyRated,
    /// The body is larger than this many bytes.
    #[error("larger than {limit} bytes")]
    TooLarge {
        /// What is taken, in bytes.
        limit: u64,
    },
    /// Too many wrong codes.
    #[error("too many wrong codes")]
    TooManyAttempts {
        /// When to try again, in seconds.
        retry_after: u64,
    },
    /// There is nothing at this address.
    #[error("no such address")]
    NoSuchAddress,
    /// The address does not take this method.
    #[error("no such method here")]
    NoSuchMethod,
    /// The request took too long to arrive or to do.
    #[error("too slow")]
    TooSlow,
    /// Storage failed.
    #[error("storage: {0}")]
    Storage(#[from] sqlx::Error),
    /// A page could not be read or written.
    #[error("pages: {0}")]
    Pages(#[from] StorageError),
    /// Something that cannot be while the store is whole.
    #[error("internal: {0}")]
    Internal(&'static str),
}

impl Refusal {
    /// What the answer says.
    pub fn problem(&self) -> Problem {
        let (kind, status, title, detail) = self.parts();
        Problem {
            kind,
            title: title.to_owned(),
            status,
            detail,
            missing: match self {
                Self::PagesMissing(missing) => missing.clone(),
                _ => Vec::new(),
            },
        }
    }

    fn parts(&self) -> (ProblemKind, u16, &'static str, Option<String>) {
        let say = |text: &str| Some(text.to_owned());
        match self {
            Self::Malformed(detail) => (
                ProblemKind::Malformed,
                400,
                "送来的内容不合格式",
                Some(detail.clone()),
            ),
            Self::NotJson => (
                ProblemKind::Malformed,
                415,
                "送来的内容不合格式",
                say("请用 application/json 送来。"),
            ),
            Self::TerminalUnknown(detail) => (
                ProblemKind::TerminalUnknown,
                403,
                "这台终端没有登记",
                say(detail),
            ),
            Self::EnvelopeUnreadable(detail) => (
                ProblemKind::EnvelopeUnreadable,
                422,
                "送来的办件打不开",
                say(detail),
            ),
            Self::PagesMissing(missing) => (
                ProblemKind::PagesMissing,
                409,
                "材料还没有传全",
                Some(format!("还差{}页，请先传这些页。", missing.len())),
            ),
            Self::DigestMismatch => (
                ProblemKind::DigestMismatch,
                422,
                "材料在路上变了样",
                say("收到的内容和它的名称对不上，请重新传这一页。"),
            ),
            Self::GuideNotTaken => (
                ProblemKind::GuideUnknown,
                422,
                "这个事项现在不收",
                say("没有这个版本的办事指南，或者这个事项已经停办。请更新指南后重新办理。"),
            ),
            Self::GuideNotFound => (ProblemKind::GuideUnknown, 404, "没有这个事项", None),
            Self::NoSuchFile => (
                ProblemKind::Other,
                404,
                "没有这个文件",
                say("它可能已经换成新的了，请重新问一次有什么更新。"),
            ),
            Self::AnswersInvalid(detail) => (
                ProblemKind::AnswersInvalid,
                422,
                "填写的内容不符合要求",
                Some(detail.clone()),
            ),
            Self::KeyReused => (
                ProblemKind::KeyReused,
                409,
                "和以前交来的对不上",
                say("同一个编号只能交一份内容，同一份内容也只能交一次。"),
            ),
            Self::CaseNotFound => (
                ProblemKind::CaseNotFound,
                404,
                "没有查到",
                say("请核对办件编号和查询码。"),
            ),
            Self::AlreadyRated => (
                ProblemKind::AlreadyRated,
                409,
                "这件事已经评价过了",
                say("每件事评价一次。"),
            ),
            Self::TooLarge { limit } => (
                ProblemKind::TooLarge,
                413,
                "送来的内容太大",
                Some(format!("最多收{limit}字节。")),
            ),
            Self::TooManyAttempts { retry_after } => (
                ProblemKind::TooManyAttempts,
                429,
                "查询码错得太多了",
                Some(format!("请过{}分钟再查。", retry_after.div_ceil(60))),
            ),
            Self::NoSuchAddress => (ProblemKind::Other, 404, "没有这个地址", None),
            Self::NoSuchMethod => (ProblemKind::Other, 405, "这个地址不能这样用", None),
            Self::TooSlow => (
                ProblemKind::Unavailable,
                503,
                "等得太久了",
                say("请稍后再试。"),
            ),
            Self::Storage(_) | Self::Pages(_) | Self::Internal(_) => (
                ProblemKind::Unavailable,
                503,
                "平台暂时办不了",
                say("送来的内容没有收下。请稍后再试。"),
            ),
        }
    }
}
