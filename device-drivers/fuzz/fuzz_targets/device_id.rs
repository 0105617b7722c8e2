//! The string in which a printer class device says who it is, and the profiles that fit it.
#![no_main]

use jinban_devices::profile::{DeviceId, ProfileSet, Sighting};
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;

static SET: LazyLock<ProfileSet> = LazyLock::new(ProfileSet::shipped);

fuzz_target!(|text: &str| {
    let sighting = Sighting {
        ports: vec![text.to_owned()],
        device_id: Some(DeviceId::parse(text)),
        ..Sighting::default()
    };
    let _ = SET.suggest(&sighting);
});
