//! Tells a test where each word stands on the screen. Only a demonstration may open it: words are personal.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use iced::advanced::widget::Id;
use iced::advanced::widget::operation::{Operation, Outcome};
use iced::{Rectangle, Subscription};
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::{mpsc, oneshot};

/// One piece of text on the screen, in logical pixels.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Seen {
    /// What it says.
    pub text: String,
    /// Left edge.
    pub x: f32,
    /// Upper edge.
    pub y: f32,
    /// Width.
    pub width: f32,
    /// Height.
    pub height: f32,
}

/// Somebody asks what is on the screen.
#[derive(Clone, Debug)]
pub struct Question(Arc<Mutex<Option<oneshot::Sender<Vec<Seen>>>>>);

impl Question {
    /// Gives the answer, once.
    pub fn answer(&self, seen: Vec<Seen>) {
        if let Ok(mut waiting) = self.0.lock()
            && let Some(to) = waiting.take()
        {
            // Whoever asked may have gone away.
            let _ = to.send(seen);
        }
    }
}

/// Gathers every text that is laid out now.
#[derive(Default)]
pub struct Gather(Vec<Seen>);

impl Operation<Vec<Seen>> for Gather {
    fn traverse(&mut self, operate: &mut dyn FnMut(&mut dyn Operation<Vec<Seen>>)) {
        operate(self);
    }

    fn text(&mut self, _id: Option<&Id>, bounds: Rectangle, text: &str) {
        self.0.push(Seen {
            text: text.to_owned(),
            x: bounds.x,
            y: bounds.y,
            width: bounds.width,
            height: bounds.height,
        });
    }

    fn finish(&self) -> Outcome<Vec<Seen>> {
        Outcome::Some(self.0.clone())
    }
}

/// Listens on a Unix socket; each line asked is answered with one line of JSON.
pub fn listen(socket: PathBuf) -> Subscription<Question> {
    Subscription::run_with(socket, |socket| {
        let (to, mut from) = mpsc::channel(4);
        let socket = socket.clone();
        tokio::spawn(async move {
            if let Err(error) = serve(socket, to).await {
                tracing::warn!(%error, "the probe cannot listen");
            }
        });
        futures_stream(move |cx| from.poll_recv(cx))
    })
}

/// A stream from a polling function.
fn futures_stream<T>(
    poll: impl FnMut(&mut std::task::Context<'_>) -> std::task::Poll<Option<T>>,
) -> impl iced::futures::Stream<Item = T> {
    iced::futures::stream::poll_fn(poll)
}

async fn serve(socket: PathBuf, to: mpsc::Sender<Question>) -> std::io::Result<()> {
    if socket.exists() {
        std::fs::remove_file(&socket)?;
    }
    let listener = UnixListener::bind(&socket)?;
    loop {
        let (stream, _) = listener.accept().await?;
        let to = to.clone();
        tokio::spawn(async move {
            // A client that goes away in the middle ends its conversation, nothing else.
            let _ = converse(stream, to).await;
        });
    }
}

async fn converse(stream: UnixStream, to: mpsc::Sender<Question>) -> std::io::Result<()> {
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read).lines();
    while lines.next_line().await?.is_some() {
        let (answer, seen) = oneshot::channel();
        let question = Question(Arc::new(Mutex::new(Some(answer))));
        if to.send(question).await.is_err() {
            return Ok(());
        }
        let seen = seen.await.unwrap_or_default();
        let mut line = serde_json::to_vec(&seen)?;
        line.push(b'\n');
        write.write_all(&line).await?;
    }
    Ok(())
}
