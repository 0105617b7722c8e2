//! A device's plug: the port that is there while it is in, and gone while it is out.

use std::cell::{Ref, RefCell};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::pty::{PortLink, Pty};

/// A hand on the plug.
#[derive(Debug, Clone)]
pub struct Plug(Arc<AtomicBool>);

impl Plug {
    /// A plug that is in.
    pub fn new() -> Self {
        Self(Arc::new(AtomicBool::new(true)))
    }

    /// Pulls it or puts it in.
    pub fn set(&self, plugged: bool) {
        self.0.store(plugged, Ordering::SeqCst);
    }

    /// Whether it is in.
    pub fn is_in(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}

impl Default for Plug {
    fn default() -> Self {
        Self::new()
    }
}

/// The port of a device. Pulling the plug is to the client as pulling a USB adapter: its open port
/// fails and the name is gone. What comes back has a new port under the same link.
pub struct Port {
    plug: Plug,
    link: Option<PathBuf>,
    /// The link is dropped before what it points to.
    now: RefCell<Option<(Option<PortLink>, Pty)>>,
}

impl Port {
    /// Opens a port, with a link under this name if there is one.
    ///
    /// # Errors
    /// The port or the link cannot be made.
    pub fn open(link: Option<&Path>, plug: Plug) -> io::Result<Self> {
        let link = link.map(Path::to_owned);
        let now = RefCell::new(Some(plug_in(link.as_deref())?));
        Ok(Self { plug, link, now })
    }

    /// The path that a driver opens; none while the plug is out.
    pub fn path(&self) -> Option<PathBuf> {
        self.now
            .borrow()
            .as_ref()
            .map(|(_, pty)| pty.path().to_owned())
    }

    fn pty(&self) -> io::Result<Option<Ref<'_, Pty>>> {
        let there = self.now.borrow().is_some();
        if there && !self.plug.is_in() {
            self.now.replace(None);
        } else if !there && self.plug.is_in() {
            self.now.replace(Some(plug_in(self.link.as_deref())?));
        }
        let now = self.now.borrow();
        Ok(Ref::filter_map(now, |now| now.as_ref().map(|(_, pty)| pty)).ok())
    }

    /// As [`Pty::client_baud`]; 0 while the plug is out.
    ///
    /// # Errors
    /// Whatever the kernel says.
    pub fn client_baud(&self) -> io::Result<u32> {
        self.pty()?.map_or(Ok(0), |pty| pty.client_baud())
    }

    /// As [`Pty::wait_readable`].
    ///
    /// # Errors
    /// Whatever the kernel says.
    pub fn wait_readable(&self, wait: Duration) -> io::Result<bool> {
        match self.pty()? {
            Some(pty) => pty.wait_readable(wait),
            None => {
                std::thread::sleep(wait);
                Ok(false)
            }
        }
    }

    /// As [`Pty::read`].
    ///
    /// # Errors
    /// Whatever the kernel says.
    pub fn read(&self, into: &mut [u8]) -> io::Result<usize> {
        self.pty()?.map_or(Ok(0), |pty| pty.read(into))
    }

    /// As [`Pty::discard_input`].
    ///
    /// # Errors
    /// Whatever the kernel says.
    pub fn discard_input(&self) -> io::Result<usize> {
        self.pty()?.map_or(Ok(0), |pty| pty.discard_input())
    }

    /// As [`Pty::send`]; everything is lost while the plug is out.
    ///
    /// # Errors
    /// Whatever the kernel says.
    pub fn send(&self, bytes: &[u8]) -> io::Result<usize> {
        self.pty()?.map_or(Ok(bytes.len()), |pty| pty.send(bytes))
    }
}

fn plug_in(link: Option<&Path>) -> io::Result<(Option<PortLink>, Pty)> {
    let pty = Pty::open()?;
    let link = link
        .map(|link| PortLink::make(link, pty.path()))
        .transpose()?;
    Ok((link, pty))
}
