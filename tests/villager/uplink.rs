//! Something answers in the platform's place: an error page, nonsense, slowly, or never.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use jinban::demo::villager::Page;

use super::room::Room;

/// How the impostor behaves.
#[derive(Clone, Copy, Debug)]
enum Manner {
    /// 500 with an error page.
    Fails,
    /// 200 with a portal's page, as a hotel's network answers everything.
    Portal,
    /// Bytes that are not HTTP.
    Babbles,
    /// One byte at a time.
    Drips,
    /// Takes the request and says nothing.
    Silent,
}

struct Impostor {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Impostor {
    fn stand_in(at: SocketAddr, manner: Manner) -> Self {
        let listener = TcpListener::bind(at).unwrap();
        listener.set_nonblocking(true).unwrap();
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let thread = std::thread::spawn(move || {
            let mut kept = Vec::new();
            while !stopped.load(Ordering::Relaxed) {
                match listener.accept() {
                    Ok((stream, _)) => {
                        stream.set_nonblocking(false).unwrap();
                        kept.extend(answer(stream, manner, &stopped));
                    }
                    Err(_) => std::thread::sleep(Duration::from_millis(20)),
                }
            }
        });
        Self {
            stop,
            thread: Some(thread),
        }
    }
}

impl Drop for Impostor {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Gives the connection back when it is to be held open.
fn answer(mut stream: TcpStream, manner: Manner, stopped: &AtomicBool) -> Option<TcpStream> {
    stream
        .set_read_timeout(Some(Duration::from_millis(300)))
        .ok()?;
    let mut buffer = vec![0; 1 << 16];
    let _ = stream.read(&mut buffer);
    let page = "<html><body>欢迎使用免费网络</body></html>";
    let said = |status: &str| {
        format!(
            "HTTP/1.1 {status}\r\nContent-Type: text/html\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{page}",
            page.len()
        )
    };
    match manner {
        Manner::Fails => stream
            .write_all(said("500 Internal Server Error").as_bytes())
            .ok()?,
        Manner::Portal => stream.write_all(said("200 OK").as_bytes()).ok()?,
        Manner::Babbles => stream
            .write_all(&[0xFF, 0x00, 0x42, 0x0A, 0x0A, 0xFE])
            .ok()?,
        Manner::Drips => {
            for byte in said("200 OK").bytes() {
                if stopped.load(Ordering::Relaxed) || stream.write_all(&[byte]).is_err() {
                    break;
                }
                std::thread::sleep(Duration::from_millis(50));
            }
        }
        Manner::Silent => return Some(stream),
    }
    None
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_answers_in_the_platforms_place_the_case_is_kept_said_so_and_arrives_once() {
    let Some(mut room) = Room::open().await else {
        return;
    };
    let at = room.stage.platform_address();
    let manners = [
        Manner::Fails,
        Manner::Portal,
        Manner::Babbles,
        Manner::Drips,
        Manner::Silent,
    ];
    for (filed, manner) in manners.into_iter().enumerate() {
        println!("{manner:?}");
        tokio::task::block_in_place(|| room.go_to(Page::Sign));
        room.stage.close_platform().await;
        let impostor = Impostor::stand_in(at, manner);
        tokio::task::block_in_place(|| {
            room.go_to(Page::Done);
            room.reads(&t!("done.not_accepted"));
            assert!(!room.hand.sees(&t!("done.official")));
        });
        drop(impostor);
        room.stage.open_platform().await.unwrap();
        tokio::task::block_in_place(|| {
            room.reads(&t!("done.official"));
            room.go_to(Page::Goodbye);
            room.lift();
            room.go_to(Page::Home);
        });
        assert_eq!(room.received().await, filed + 1);
    }
}
