//! The device's end of a serial line: the master of a pseudo-terminal in raw mode.

use std::cell::Cell;
use std::ffi::OsString;
use std::io;
use std::mem::MaybeUninit;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::inotify::{self, CreateFlags, ReadFlags, WatchFlags};
use rustix::fs::{Mode, OFlags};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{
    OptionalActions, QueueSelector, ioctl_tiocnxcl, tcflush, tcgetattr, tcsetattr,
};

/// A pseudo-terminal whose slave is the "port" that a driver opens.
pub struct Pty {
    master: OwnedFd,
    /// Kept open, or the master would report an error each time a client closes the port.
    slave: OwnedFd,
    path: PathBuf,
    /// Tells when clients open and close the port.
    watch: OwnedFd,
    clients: Cell<usize>,
}

impl Pty {
    /// Opens a new pair in raw mode.
    ///
    /// # Errors
    /// Whatever the kernel says, for example when no pseudo-terminals are left.
    pub fn open() -> io::Result<Self> {
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC)?;
        grantpt(&master)?;
        unlockpt(&master)?;
        let path = PathBuf::from(OsString::from_vec(
            ptsname(&master, Vec::new())?.into_bytes(),
        ));
        let slave = rustix::fs::open(
            &path,
            OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC,
            Mode::empty(),
        )?;
        // Raw before anybody opens the port: nothing is echoed back, no byte is translated.
        let mut modes = tcgetattr(&slave)?;
        modes.make_raw();
        tcsetattr(&slave, OptionalActions::Now, &modes)?;
        rustix::io::ioctl_fionbio(&master, true)?;
        let watch = inotify::init(CreateFlags::CLOEXEC | CreateFlags::NONBLOCK)?;
        let events = WatchFlags::OPEN | WatchFlags::CLOSE_WRITE | WatchFlags::CLOSE_NOWRITE;
        inotify::add_watch(&watch, &path, events)?;
        Ok(Self {
            master,
            slave,
            path,
            watch,
            clients: Cell::new(0),
        })
    }

    /// The path that a driver opens.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The rate in bit/s that the client has set on its side.
    ///
    /// # Errors
    /// Whatever the kernel says.
    pub fn client_baud(&self) -> io::Result<u32> {
        Ok(tcgetattr(&self.slave)?.output_speed())
    }

    /// Waits until bytes from the client are there, at most `wait`.
    ///
    /// # Errors
    /// Whatever the kernel says; an interruption by a signal counts as "nothing yet".
    pub fn wait_readable(&self, wait: Duration) -> io::Result<bool> {
        let limit = Timespec::try_from(wait).map_err(io::Error::other)?;
        let mut fds = [PollFd::new(&self.master, PollFlags::IN)];
        self.notice_clients()?;
        match poll(&mut fds, Some(&limit)) {
            Ok(_) => Ok(fds[0].revents().contains(PollFlags::IN)),
            Err(rustix::io::Errno::INTR) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Takes what has arrived; 0 when there is nothing.
    ///
    /// # Errors
    /// Whatever the kernel says.
    pub fn read(&self, into: &mut [u8]) -> io::Result<usize> {
        self.notice_clients()?;
        match rustix::io::read(&self.master, into) {
            Ok(count) => Ok(count),
            Err(rustix::io::Errno::AGAIN | rustix::io::Errno::INTR | rustix::io::Errno::IO) => {
                Ok(0)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Throws away what has arrived and says how many bytes that were.
    ///
    /// # Errors
    /// Whatever the kernel says.
    pub fn discard_input(&self) -> io::Result<usize> {
        let mut lost = 0;
        let mut sink = [0; 256];
        loop {
            match self.read(&mut sink)? {
                0 => return Ok(lost),
                count => lost += count,
            }
        }
    }

    /// Puts bytes on the line. Like a real line it does not wait for a reader: what comes while
    /// the port is closed, or while the client's kernel has no room for it, is lost. The number
    /// of lost bytes is returned.
    ///
    /// # Errors
    /// Whatever the kernel says.
    pub fn send(&self, mut bytes: &[u8]) -> io::Result<usize> {
        self.notice_clients()?;
        if self.clients.get() == 0 {
            return Ok(bytes.len());
        }
        while !bytes.is_empty() {
            match rustix::io::write(&self.master, bytes) {
                Ok(0) | Err(rustix::io::Errno::AGAIN) => break,
                Ok(count) => bytes = &bytes[count..],
                Err(rustix::io::Errno::INTR) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(bytes.len())
    }

    /// Keeps count of the clients. Once the last one is gone, the port is as a serial port is
    /// after its last close: what it did not read is lost, and its claim to have the port for
    /// itself has ended. The slave that stays open here would otherwise keep both alive.
    fn notice_clients(&self) -> io::Result<()> {
        let mut buffer = [MaybeUninit::uninit(); 1024];
        let mut events = inotify::Reader::new(&self.watch, &mut buffer);
        let mut left = false;
        loop {
            let what = match events.next() {
                Ok(event) => event.events(),
                Err(rustix::io::Errno::AGAIN | rustix::io::Errno::INTR) => break,
                Err(error) => return Err(error.into()),
            };
            if what.contains(ReadFlags::OPEN) {
                self.clients.set(self.clients.get() + 1);
            } else if what.intersects(ReadFlags::CLOSE_WRITE | ReadFlags::CLOSE_NOWRITE) {
                self.clients.set(self.clients.get().saturating_sub(1));
                left = true;
            }
        }
        if left && self.clients.get() == 0 {
            tcflush(&self.slave, QueueSelector::IFlush)?;
            ioctl_tiocnxcl(&self.slave)?;
        }
        Ok(())
    }
}

/// A symbolic link to the port under a name that stays the same from run to run.
pub struct PortLink {
    link: PathBuf,
    target: PathBuf,
}

impl PortLink {
    /// Makes `link` point to `target`, replacing an older link in one step.
    ///
    /// # Errors
    /// When `link` exists and is not a symbolic link, or cannot be made.
    pub fn make(link: &Path, target: &Path) -> io::Result<Self> {
        if std::fs::symlink_metadata(link).is_ok_and(|meta| !meta.file_type().is_symlink()) {
            return Err(io::Error::new(
                io::ErrorKind::AlreadyExists,
                format!("{} exists and is not a link", link.display()),
            ));
        }
        let mut fresh = link.as_os_str().to_owned();
        fresh.push(format!(".{}", std::process::id()));
        let fresh = PathBuf::from(fresh);
        std::os::unix::fs::symlink(target, &fresh)?;
        std::fs::rename(&fresh, link)?;
        Ok(Self {
            link: link.to_owned(),
            target: target.to_owned(),
        })
    }
}

impl Drop for PortLink {
    fn drop(&mut self) {
        // Another simulator may have taken the name over meanwhile; then it is not ours to remove.
        if std::fs::read_link(&self.link).is_ok_and(|now| now == self.target) {
            let _ = std::fs::remove_file(&self.link);
        }
    }
}
