//! 近办: the self-service terminal of a village service room.

#[macro_use]
pub mod language;

pub mod assets;
pub mod catalogue;
pub mod cli;
pub mod clock;
pub mod config;
pub mod demo;
pub mod filing;
pub mod interface;
pub mod papers;
pub mod peripherals;
pub mod platform;
pub mod services;
pub mod session;
pub mod speech;
pub mod typography;
pub mod vault;
pub mod wording;

rust_i18n::i18n!("assets/locales", fallback = "zh-CN");
