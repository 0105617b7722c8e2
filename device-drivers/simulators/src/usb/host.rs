//! The kernel's virtual host controller: finding a free plug and putting the cable in.

use std::fs;
use std::io;
use std::os::fd::AsRawFd;
use std::os::unix::net::UnixStream;
use std::path::PathBuf;

/// State of a plug with nothing in it.
const FREE: &str = "004";
/// Number of full speed.
const FULL_SPEED: u8 = 2;

/// A virtual host controller.
#[derive(Debug, Clone)]
pub struct Host {
    folder: PathBuf,
}

/// A cable that is in; dropping it pulls it out.
#[derive(Debug)]
pub struct Cable {
    /// The device's end.
    pub line: UnixStream,
}

impl Host {
    /// The controller with this folder under `/sys`.
    pub fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// Plugs a cable in.
    ///
    /// # Errors
    /// There is no such controller, it has no free plug, or we may not use it.
    pub fn plug(&self) -> io::Result<Cable> {
        let status = fs::read_to_string(self.folder.join("status"))?;
        let port =
            free_port(&status).ok_or_else(|| io::Error::other("no free plug at the controller"))?;
        let (line, end) = UnixStream::pair()?;
        let order = format!("{port} {} {} {FULL_SPEED}", end.as_raw_fd(), port + 1);
        // The kernel keeps its end; ours of it may go.
        fs::write(self.folder.join("attach"), order)?;
        Ok(Cable { line })
    }
}

/// The first free plug for devices of no more than USB 2.
fn free_port(status: &str) -> Option<u32> {
    status.lines().find_map(|line| {
        let mut words = line.split_whitespace();
        let (hub, port, state) = (words.next()?, words.next()?, words.next()?);
        (hub == "hs" && state == FREE)
            .then(|| port.parse().ok())
            .flatten()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_free_plug_of_the_right_speed_is_taken() {
        let status = "hub port sta spd dev      sockfd local_busid\n\
                      hs  0000 006 002 00010002 000003 1-1\n\
                      hs  0001 004 000 00000000 000000 0-0\n\
                      ss  0008 004 000 00000000 000000 0-0\n";
        assert_eq!(free_port(status), Some(1));
        assert_eq!(free_port("hub port sta\nss  0008 004 000"), None);
    }
}
