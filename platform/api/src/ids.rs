//! Identifiers that must not be mistaken for one another.

use std::fmt;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An identifier that may stand in logs.
macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident) => {
        id! { $(#[$doc])* $name }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({:?})", stringify!($name), self.0)
            }
        }
    };
}

/// An identifier that opens something, and must not.
macro_rules! secret_id {
    ($(#[$doc:meta])* $name:ident) => {
        id! { $(#[$doc])* $name }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(hidden)"))
            }
        }
    };
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(
            Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
        )]
        #[serde(transparent)]
        pub struct $name(pub String);

        impl $name {
            /// The identifier as the platform wrote it.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<&str> for $name {
            fn from(value: &str) -> Self {
                Self(value.to_owned())
            }
        }

        impl From<String> for $name {
            fn from(value: String) -> Self {
                Self(value)
            }
        }
    };
}

text_id! {
    /// 记录唯一标识 `row_guid` of a guide; the key that no renumbering changes.
    GuideId
}
text_id! {
    /// One of the theme tiles 主题, for example `pension` or `medical-insurance`.
    ThemeId
}
text_id! {
    /// A situation question 情形 within one guide.
    SituationId
}
text_id! {
    /// One answer to a situation question.
    OptionId
}
text_id! {
    /// A required material 申请材料 within one guide.
    MaterialId
}
text_id! {
    /// 办件编号, minted by the platform only: `区划6-日期8-流水6`.
    CaseNumber
}
secret_id! {
    /// 查询码: the second secret that progress and rating ask for beside the case number.
    QueryCode
}
text_id! {
    /// 本机暂存号: minted by a terminal, recognisable as *not* official (it begins with `暂`).
    LocalNumber
}
text_id! {
    /// An enrolled terminal.
    TerminalId
}
text_id! {
    /// Administrative division 区划代码, 6 or 12 digits as published.
    AreaCode
}
text_id! {
    /// SM3 digest of the bytes as they travel, 64 lower-case hexadecimal digits.
    ContentDigest
}
text_id! {
    /// A law or policy 法规政策 that is published beside the guides.
    LawId
}
text_id! {
    /// An intermediary service 中介服务 that is published beside the guides.
    ServiceId
}
text_id! {
    /// A theme service 一件事: several items done together.
    BundleId
}
text_id! {
    /// One feed of batches; a platform that is set up anew begins another.
    FeedId
}
