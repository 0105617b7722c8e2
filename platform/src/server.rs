//! Listening, and stopping without dropping anybody's request.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::config::StartError;
use crate::http::router;
use crate::platform::Platform;

/// How long requests that are under way may take after the platform was told to stop.
const FAREWELL: Duration = Duration::from_secs(5);
/// How often pages that nobody claims are looked for.
const TIDY_EVERY: Duration = Duration::from_hours(24);

/// A platform that listens. Dropping it stops it at once; [`Running::stop`] lets requests finish.
#[derive(Debug)]
pub struct Running {
    /// Where it listens.
    pub addr: SocketAddr,
    platform: Platform,
    farewell: Option<oneshot::Sender<()>>,
    serving: JoinHandle<()>,
    tidying: JoinHandle<()>,
}

impl Running {
    /// The platform itself.
    pub fn platform(&self) -> &Platform {
        &self.platform
    }

    /// The address as the beginning of every URL.
    pub fn url(&self) -> String {
        format!("http://{}/", self.addr)
    }

    /// Takes nothing new, finishes what is under way (at most five seconds), and closes the database.
    pub async fn stop(mut self) {
        if let Some(farewell) = self.farewell.take() {
            let _ = farewell.send(());
        }
        if tokio::time::timeout(FAREWELL, &mut self.serving)
            .await
            .is_err()
        {
            tracing::warn!("requests were still under way when the platform stopped");
        }
        self.platform.database().close().await;
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.serving.abort();
        self.tidying.abort();
    }
}

pub(crate) async fn listen(platform: Platform, address: SocketAddr) -> Result<Running, StartError> {
    let failed = |source| StartError::Listen { address, source };
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    let addr = listener.local_addr().map_err(failed)?;
    let (farewell, told) = oneshot::channel::<()>();
    let serve = axum::serve(listener, router(platform.clone())).with_graceful_shutdown(async {
        let _ = told.await;
    });
    Ok(Running {
        addr,
        tidying: tokio::spawn(tidy(platform.clone())),
        platform,
        farewell: Some(farewell),
        serving: tokio::spawn(async {
            if let Err(error) = serve.await {
                tracing::error!(%error, "listening ended");
            }
        }),
    })
}

async fn tidy(platform: Platform) {
    let mut every = tokio::time::interval(TIDY_EVERY);
    loop {
        every.tick().await;
        match platform.forget_unclaimed_pages().await {
            Ok(0) => {}
            Ok(count) => tracing::info!(count, "pages that nobody claimed are forgotten"),
            Err(error) => tracing::warn!(%error, "pages could not be tidied up"),
        }
    }
}
