//! Carries bytes between the far end of a gadget and a simulator on a pseudo-terminal, so that the
//! simulator becomes what sits behind the USB plug.

use std::os::fd::{AsFd, OwnedFd};
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{Mode, OFlags};
use rustix::io::Errno;

use crate::wait::until;

/// A cable between two nodes; pulled out when dropped.
pub struct Bridge {
    over: Arc<AtomicBool>,
    ways: Vec<JoinHandle<()>>,
}

impl Bridge {
    /// Joins the far end of a gadget and the port of a simulator.
    pub fn join(gadget: &Path, port: &Path) -> Self {
        until("the far end of the gadget", || gadget.exists());
        raw(port, &["115200"]);
        if gadget == Path::new("/dev/ttyGS0") {
            raw(gadget, &[]);
        }
        let (gadget, port) = (Arc::new(open(gadget)), Arc::new(open(port)));
        let over = Arc::new(AtomicBool::new(false));
        let way = |from: &Arc<OwnedFd>, to: &Arc<OwnedFd>| {
            let (from, to, over) = (Arc::clone(from), Arc::clone(to), Arc::clone(&over));
            std::thread::spawn(move || carry(&from, &to, &over))
        };
        let ways = vec![way(&gadget, &port), way(&port, &gadget)];
        Self { over, ways }
    }
}

impl Drop for Bridge {
    fn drop(&mut self) {
        self.over.store(true, Ordering::SeqCst);
        for way in self.ways.drain(..) {
            way.join().unwrap();
        }
    }
}

/// Nothing that is typed means anything.
fn raw(terminal: &Path, speed: &[&str]) {
    let status = Command::new("stty")
        .arg("-F")
        .arg(terminal)
        .args(speed)
        .args(["raw", "-echo"])
        .status()
        .unwrap();
    assert!(status.success(), "stty {}", terminal.display());
}

fn open(node: &Path) -> OwnedFd {
    let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::NONBLOCK | OFlags::CLOEXEC;
    rustix::fs::open(node, flags, Mode::empty()).unwrap()
}

fn carry(from: &OwnedFd, to: &OwnedFd, over: &AtomicBool) {
    let mut buffer = [0; 4096];
    while !over.load(Ordering::SeqCst) {
        match rustix::io::read(from, &mut buffer) {
            Ok(0) | Err(Errno::AGAIN | Errno::INTR) => {}
            Ok(count) => {
                let mut rest = &buffer[..count];
                while !rest.is_empty() && !over.load(Ordering::SeqCst) {
                    match rustix::io::write(to, rest) {
                        Ok(count) => rest = &rest[count..],
                        Err(Errno::AGAIN | Errno::INTR) => ready(to, PollFlags::OUT),
                        // The plug is out: what is under way is lost.
                        Err(_) => break,
                    }
                }
                continue;
            }
            // Nobody there at the moment.
            Err(_) => std::thread::sleep(Duration::from_millis(20)),
        }
        ready(from, PollFlags::IN);
    }
}

fn ready(node: &OwnedFd, what: PollFlags) {
    let wait = Timespec::try_from(Duration::from_millis(20)).unwrap();
    let mut ready = [PollFd::from_borrowed_fd(node.as_fd(), what)];
    let _ = poll(&mut ready, Some(&wait));
    if !ready[0].revents().intersects(what) {
        std::thread::sleep(Duration::from_millis(1));
    }
}
