//! The drawn interface under a real finger: cards, papers, cables, disks and platforms that fail, and plugs
//! that are pulled anywhere. Each time the person is told what happened, can go on, and loses nothing.
//!
//! The terminal is the program itself, on a virtual display, with simulated devices and the platform beside it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

rust_i18n::i18n!("assets/locales", fallback = "zh-CN");

/// What the terminal says to a villager.
macro_rules! t {
    ($key:expr $(, $($facts:tt)*)?) => {
        rust_i18n::t!($key, locale = jinban::language::Language::Chinese.code() $(, $($facts)*)?)
    };
}

#[path = "villager/devices.rs"]
mod devices;
#[path = "villager/disk.rs"]
mod disk;
#[path = "villager/plug.rs"]
mod plug;
#[path = "villager/room.rs"]
mod room;
#[path = "villager/uplink.rs"]
mod uplink;
