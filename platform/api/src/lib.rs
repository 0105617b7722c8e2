//! The wire types that a terminal and the central platform share, and nothing else.
//!
//! Chinese terms follow GB/T 39046-2020 政务服务平台基础数据规范. Codes are opaque strings:
//! several numbering rules coexist, and an unknown code must survive a round trip.

pub mod case;
pub mod catalogue;
pub mod documents;
pub mod guide;
pub mod health;
pub mod ids;
pub mod keys;
pub mod problem;
pub mod rating;
pub mod sealed;
