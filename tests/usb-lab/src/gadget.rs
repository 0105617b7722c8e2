//! The kernel's own USB gadgets: made of folders, plugged in by writing a name.

use std::fs;
use std::path::{Path, PathBuf};

use crate::wait::until;

const GADGETS: &str = "/sys/kernel/config/usb_gadget";

/// A device behind a plug of `dummy_hcd`.
pub struct Gadget {
    folder: PathBuf,
    plug: &'static str,
    function: String,
}

impl Gadget {
    /// Makes a device with one function (`printer.x`, `hid.x`, `acm.x`) and these options of it,
    /// and plugs it in.
    pub fn plugged(id: (u16, u16), function: &str, options: &[(&str, &[u8])]) -> Self {
        let gadget = Self::made(id, function, options);
        fs::write(gadget.folder.join("UDC"), gadget.plug).unwrap();
        until("the host has taken the gadget in", || {
            gadget.is_configured()
        });
        gadget
    }

    fn made((vendor, product): (u16, u16), function: &str, options: &[(&str, &[u8])]) -> Self {
        let folder = Path::new(GADGETS).join("lab");
        let make = |part: &str| fs::create_dir(folder.join(part)).unwrap();
        let write = |part: &str, value: &[u8]| fs::write(folder.join(part), value).unwrap();
        fs::create_dir(&folder).unwrap();
        write("idVendor", format!("{vendor:#06x}").as_bytes());
        write("idProduct", format!("{product:#06x}").as_bytes());
        make("strings/0x409");
        write("strings/0x409/manufacturer", b"LABORATORY");
        write("strings/0x409/product", b"Gadget");
        write("strings/0x409/serialnumber", b"LAB1");
        make("configs/c.1");
        make(&format!("functions/{function}"));
        for (name, value) in options {
            write(&format!("functions/{function}/{name}"), value);
        }
        std::os::unix::fs::symlink(
            folder.join("functions").join(function),
            folder.join("configs/c.1").join(function),
        )
        .unwrap();
        Self {
            folder,
            plug: "dummy_udc.0",
            function: function.to_owned(),
        }
    }

    /// Puts the plug in again.
    pub fn plug_in(&self) {
        self.connect("connect");
        until("the host has taken the gadget in", || self.is_configured());
    }

    /// Pulls it. The far end stays: the kernel's printer gadget does not survive losing its node
    /// while somebody has it open.
    pub fn pull_out(&self) {
        self.connect("disconnect");
        until("the host has let the gadget go", || !self.is_configured());
    }

    fn connect(&self, order: &str) {
        let file = Path::new("/sys/class/udc").join(self.plug);
        fs::write(file.join("soft_connect"), order).unwrap();
    }

    fn is_configured(&self) -> bool {
        let state = Path::new("/sys/class/udc").join(self.plug).join("state");
        fs::read_to_string(state).is_ok_and(|state| state.trim() == "configured")
    }
}

impl Drop for Gadget {
    fn drop(&mut self) {
        // In the order in which the kernel lets go; it may be out already.
        let _ = fs::write(self.folder.join("UDC"), "\n");
        let _ = fs::remove_file(self.folder.join("configs/c.1").join(&self.function));
        let _ = fs::remove_dir(self.folder.join("functions").join(&self.function));
        for part in ["configs/c.1", "strings/0x409", ""] {
            let _ = fs::remove_dir(self.folder.join(part));
        }
    }
}
