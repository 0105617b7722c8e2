//! The shipped udev rules, tried by udev itself: who may open what, and what the screen ignores.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::process::Command;

use evdev::uinput::VirtualDevice;
use evdev::{AttributeSet, BusType, InputId, KeyCode};

use crate::Test;
use crate::simulator::Simulator;
use crate::wait::until;

/// The tests of this area.
pub const TESTS: &[Test] = &[
    (
        "the_terminals_group_may_open_a_card_reader",
        group_may_open_a_card_reader,
    ),
    (
        "the_screen_is_told_to_ignore_a_scanner_that_types",
        screen_ignores_a_scanner,
    ),
];

/// Whether udev runs and knows our rules.
fn udev() -> bool {
    let there = Path::new("/run/udev/control").exists()
        && Path::new("/etc/udev/rules.d/70-jinban-devices.rules").exists();
    if !there {
        crate::skip("udev is not installed, so its rules cannot be tried");
    }
    there
}

fn group(name: &str) -> Option<u32> {
    let groups = fs::read_to_string("/etc/group").unwrap();
    let line = groups
        .lines()
        .find(|line| line.starts_with(&format!("{name}:")))?;
    line.split(':').nth(2)?.parse().ok()
}

/// The node of the device with these numbers.
fn node(vendor: &str, product: &str) -> Option<String> {
    let devices = fs::read_dir("/sys/bus/usb/devices").ok()?.flatten();
    devices.into_iter().find_map(|device| {
        let word = |name: &str| {
            let text = fs::read_to_string(device.path().join(name)).ok()?;
            Some(text.trim().to_owned())
        };
        let number = |name: &str| word(name)?.parse::<u16>().ok();
        (word("idVendor")? == vendor && word("idProduct")? == product).then_some(())?;
        let (bus, device) = (number("busnum")?, number("devnum")?);
        Some(format!("/dev/bus/usb/{bus:03}/{device:03}"))
    })
}

fn group_may_open_a_card_reader() {
    let Some(wanted) = udev().then(|| group("plugdev")).flatten() else {
        return;
    };
    let _simulator = Simulator::start("jinban-sim-usb-card-reader", &[]);
    until("a node that the group may use", || {
        let node = node("0400", "c35a").and_then(|node| fs::metadata(node).ok());
        node.is_some_and(|node| node.gid() == wanted && node.mode() & 0o777 == 0o660)
    });
}

fn screen_ignores_a_scanner() {
    if !udev() {
        return;
    }
    let mut keys = AttributeSet::new();
    keys.insert(KeyCode::KEY_ENTER);
    let mut scanner = VirtualDevice::builder()
        .unwrap()
        .name("LABORATORY scanner")
        .input_id(InputId::new(BusType::BUS_USB, 0x1EAB, 0x1A03, 1))
        .with_keys(&keys)
        .unwrap()
        .build()
        .unwrap();
    let mut nodes = scanner.enumerate_dev_nodes_blocking().unwrap();
    let node = nodes.next().unwrap().unwrap();
    until("a property that the screen obeys", || {
        let told = Command::new("udevadm")
            .args(["info", "--query=property", "--name"])
            .arg(&node)
            .output()
            .unwrap();
        String::from_utf8_lossy(&told.stdout).contains("LIBINPUT_IGNORE_DEVICE=1")
    });
}
