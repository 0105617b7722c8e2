//! The kernel's own USB gadgets: made of folders, plugged in by writing a name.

use std::fs;
use std::path::{Path, PathBuf};

use jinban_devices::probe::usb_devices;
use jinban_devices::transport::usb::UsbId;

use crate::wait::until;

const GADGETS: &str = "/sys/kernel/config/usb_gadget";

/// A device behind a plug of `dummy_hcd`.
pub struct Gadget {
    folder: PathBuf,
    plug: &'static str,
    id: UsbId,
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
            id: UsbId { vendor, product },
            function: function.to_owned(),
        }
    }

    /// Pulls the plug. The kernel's printer gadget does not survive being taken apart while
    /// somebody has its far end open, so that it stays for now.
    pub fn pull_out(&self) {
        let udc = Path::new("/sys/class/udc").join(self.plug);
        fs::write(udc.join("soft_connect"), "disconnect").unwrap();
        until("the host has let the gadget go", || !self.is_configured());
    }

    /// Puts the plug in again. Nobody may have the far end open any more.
    pub fn plug_in(&self) {
        fs::write(self.folder.join("UDC"), "\n").unwrap();
        self.bind();
    }

    fn bind(&self) {
        fs::write(self.folder.join("UDC"), self.plug).unwrap();
        until("the host has taken the gadget in", || self.is_configured());
    }

    /// Whether the host knows it and what it is made of. The gadget's own word for its state is
    /// not to be had after a disconnection.
    fn is_configured(&self) -> bool {
        usb_devices()
            .iter()
            .any(|device| device.id == self.id && !device.uses.is_empty())
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
