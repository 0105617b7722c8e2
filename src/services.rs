//! Everything beneath the interface, started together; and what it reports back.

use std::sync::Arc;
use std::time::Duration;

use jinban_devices::card_reader::CardEvent;
use jinban_devices::status::{DeviceStatus, Fault, FaultKind};
use tokio::sync::{broadcast, mpsc, watch};
use ulid::Ulid;

use crate::catalogue::{Catalogue, CatalogueFiles, FileError, Snapshot, SyncError};
use crate::clock::{Clock, SystemClock};
use crate::config::Config;
use crate::filing::{
    Filing, FilingConfig, FilingEvent, PrintEnd, PrintJob, ReceiptSlip, RetryPace, SlipKind,
    SlipPlace,
};
use crate::language::Language;
use crate::peripherals::{Peripherals, PrintReport};
use crate::platform::{PlatformClient, PlatformConfig, PlatformError, Reachability};
use crate::vault::audit::{self, Audit, AuditEvent};
use crate::vault::{PlatformKeyset, Vault};
use crate::wording;

/// Bytes of files that are fetched before anybody asks for them.
const HOT_FILES: u64 = 64 << 20;

/// Handles of the rooms beneath the interface; cheap to copy.
#[derive(Clone)]
pub struct Services {
    /// Guides.
    pub catalogue: Catalogue,
    /// Files that guides name.
    pub files: CatalogueFiles,
    /// Drafts, cases, outbox.
    pub filing: Filing,
    /// Devices.
    pub peripherals: Peripherals,
    /// The platform.
    pub platform: PlatformClient,
    /// What happened here, in a chain.
    pub audit: Audit,
    /// Time.
    pub clock: Arc<SystemClock>,
    place: SlipPlace,
}

impl std::fmt::Debug for Services {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Services").finish_non_exhaustive()
    }
}

/// Something happened beneath the interface.
#[derive(Clone, Debug)]
pub enum World {
    /// The platform can, or cannot, be reached.
    Network(Reachability),
    /// The card reader's state changed.
    Reader(DeviceStatus),
    /// The printer's state changed.
    Printer(DeviceStatus),
    /// A card.
    Card(CardEvent),
    /// A case went on.
    Filing(FilingEvent),
    /// The guides changed.
    Catalogue(Arc<Snapshot>),
}

/// Why the terminal cannot work at all; for the technician.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{what}：{why}")]
pub struct StartError {
    /// What could not be started.
    pub what: &'static str,
    /// Why.
    pub why: String,
}

fn cannot<E: std::fmt::Display>(what: &'static str) -> impl Fn(E) -> StartError {
    move |why| StartError {
        what,
        why: why.to_string(),
    }
}

impl Services {
    /// [`Self::start`] on a thread that nobody waits for, so that the first screen is drawn at once.
    pub async fn start_aside(config: Arc<Config>) -> Result<Self, StartError> {
        let runtime = tokio::runtime::Handle::current();
        tokio::task::spawn_blocking(move || runtime.block_on(Self::start(&config)))
            .await
            .map_err(cannot("启动"))?
    }

    /// Opens the stores, starts the device drivers and the outbox.
    pub async fn start(config: &Config) -> Result<Self, StartError> {
        let data = config.data_dir.as_path();
        let vault = Arc::new(Vault::open(&data.join("vault")).map_err(cannot("密钥"))?);
        let platform = platform_client(config)?;
        let catalogue = Catalogue::open(data).await.map_err(cannot("办事指南"))?;
        let clock = Arc::new(SystemClock::default());
        let audit = Audit::open(
            &data.join(audit::FOLDER),
            Arc::clone(&vault),
            Arc::<SystemClock>::clone(&clock),
        )
        .map_err(cannot("审计记录"))?;
        audit.note(AuditEvent::Started {
            version: env!("CARGO_PKG_VERSION").to_owned(),
        });
        let filing = Filing::open(
            FilingConfig {
                audit: audit.clone(),
                data_dir: data.to_owned(),
                area: config.place.area_code.clone(),
                village: config.place.village_code.clone(),
                draft_keep: Duration::from_secs(u64::from(config.session.draft_keep_hours) * 3600),
                pace: RetryPace::default(),
            },
            vault,
            platform.clone(),
            Arc::<SystemClock>::clone(&clock),
        )
        .await
        .map_err(cannot("待发件"))?;
        let peripherals = Peripherals::open(&config.devices, data);
        let services = Self {
            catalogue,
            files: CatalogueFiles::usual(data),
            filing,
            peripherals,
            platform,
            audit,
            clock,
            place: SlipPlace {
                name: config.place.name.clone(),
                hotlines: (config.place.hotlines.iter())
                    .map(|hotline| (hotline.name.clone(), hotline.number.clone()))
                    .collect(),
            },
        };
        tokio::spawn(settle_guides(services.catalogue.clone()));
        tokio::spawn(keep_guides_fresh(services.clone()));
        Ok(services)
    }

    /// Everything that happens, in one stream; starts with how things are now.
    pub fn events(&self) -> mpsc::Receiver<World> {
        let (to, from) = mpsc::channel(64);
        forward(self.platform.reachability(), to.clone(), World::Network);
        if let Some(reader) = &self.peripherals.card_reader {
            forward(reader.status(), to.clone(), World::Reader);
            relay(reader.events(), to.clone(), World::Card);
            self.audit_device("card-reader", reader.status());
        }
        if let Some(printer) = &self.peripherals.printer {
            forward(printer.status(), to.clone(), World::Printer);
            self.audit_device("receipt-printer", printer.status());
        }
        forward(self.catalogue.watch(), to.clone(), World::Catalogue);
        relay(self.filing.events(), to, World::Filing);
        from
    }

    /// Prints the receipt of a case in this language, and keeps in the ledger what became of it.
    pub async fn print_receipt(&self, key: Ulid, language: Language) -> PrintReport {
        let Some(case) = self.filing.case(key).await else {
            return PrintReport::Failed(Fault::new(FaultKind::Other, "no such case"));
        };
        let kind = match case.official {
            Some(_) => SlipKind::Official,
            None => SlipKind::Local,
        };
        let unledgered = |error: &dyn std::fmt::Display| {
            PrintReport::Failed(Fault::new(FaultKind::Other, error.to_string()))
        };
        let job = match self.filing.intend_print(key, kind).await {
            Ok(job) => job,
            Err(error) => return unledgered(&error),
        };
        if let Some(trouble) = self.peripherals.printer_trouble() {
            self.end_print(&job, PrintEnd::Abandoned).await;
            return trouble;
        }
        // From here on paper may have come out, whatever happens to this program.
        if let Err(error) = self.filing.print_sent(&job).await {
            return unledgered(&error);
        }
        let slip = ReceiptSlip::of(&case, &self.place, job.copy, self.clock.now());
        let report = self.peripherals.print(&slip.to_receipt(language)).await;
        let end = match report {
            PrintReport::Confirmed => PrintEnd::Confirmed,
            _ => PrintEnd::Unconfirmed,
        };
        self.end_print(&job, end).await;
        self.audit.note(AuditEvent::ReceiptPrinted {
            case: key,
            outcome: report.name().to_owned(),
        });
        report
    }

    /// Notes when a device stops working, and when it works again.
    fn audit_device(&self, device: &'static str, mut status: watch::Receiver<DeviceStatus>) {
        let audit = self.audit.clone();
        tokio::spawn(async move {
            let mut noted = None;
            loop {
                let fault = status.borrow_and_update().fault.clone().map(|f| f.kind);
                if fault != noted {
                    let device = device.to_owned();
                    audit.note(match fault {
                        Some(kind) => AuditEvent::DeviceFault {
                            device,
                            fault: audit::word(&kind),
                        },
                        None => AuditEvent::DeviceWell { device },
                    });
                    noted = fault;
                }
                if status.changed().await.is_err() {
                    return;
                }
            }
        });
    }

    async fn end_print(&self, job: &PrintJob, end: PrintEnd) {
        if let Err(error) = self.filing.end_print(job, end).await {
            tracing::warn!(%error, "how a printing ended could not be noted");
        }
    }
}

fn platform_client(config: &Config) -> Result<PlatformClient, StartError> {
    let pem = std::fs::read_to_string(&config.platform.key_file).map_err(cannot("平台公钥"))?;
    let keys = PlatformKeyset::from_pem(&pem).map_err(cannot("平台公钥"))?;
    PlatformClient::new(PlatformConfig::new(
        config.platform.url.clone(),
        config.terminal_id.clone(),
        keys,
    ))
    .map_err(cannot("平台连接"))
}

/// Sends the present value and every later one.
fn forward<T: Clone + Send + Sync + 'static>(
    mut watched: watch::Receiver<T>,
    to: mpsc::Sender<World>,
    say: fn(T) -> World,
) {
    tokio::spawn(async move {
        loop {
            let now = watched.borrow_and_update().clone();
            if to.send(say(now)).await.is_err() || watched.changed().await.is_err() {
                return;
            }
        }
    });
}

/// Sends every event; what came too fast to be heard is left out, the state that follows is not.
fn relay<T: Clone + Send + 'static>(
    mut events: broadcast::Receiver<T>,
    to: mpsc::Sender<World>,
    say: fn(T) -> World,
) {
    tokio::spawn(async move {
        loop {
            match events.recv().await {
                Ok(event) => {
                    if to.send(say(event)).await.is_err() {
                        return;
                    }
                }
                Err(broadcast::error::RecvError::Lagged(_)) => {}
                Err(broadcast::error::RecvError::Closed) => return,
            }
        }
    });
}

/// Gets the search ready and checks the database, after the start: nobody waits for it.
async fn settle_guides(catalogue: Catalogue) {
    if let Err(error) = catalogue.settle().await {
        tracing::error!(%error, "the damaged guides could not be replaced");
    }
}

/// Fetches changed guides whenever the platform comes into reach, and every ten minutes while it is.
async fn keep_guides_fresh(services: Services) {
    let mut reachable = services.platform.reachability();
    loop {
        if reachable.borrow_and_update().is_reachable()
            && let Err(error) = refresh_guides(&services).await
        {
            tracing::warn!(%error, "guides could not be refreshed");
        }
        let again = tokio::time::sleep(Duration::from_mins(10));
        tokio::select! {
            () = again => {}
            changed = reachable.changed() => if changed.is_err() { return },
        }
    }
}

async fn refresh_guides(services: &Services) -> Result<(), SyncError> {
    let now = services.clock.now();
    let (catalogue, files) = (&services.catalogue, &services.files);
    let held = catalogue.snapshot().revision();
    catalogue.sync(&services.platform, files, now).await?;
    let revision = catalogue.snapshot().revision();
    if revision != held {
        let event = AuditEvent::GuidesUpdated { revision };
        services.audit.note(event);
    }
    // What people are likely to ask for is here before the line breaks down again.
    let month = wording::today(now).month();
    let hot = catalogue.hot_attachments(month, HOT_FILES).await?;
    files.pin(hot.iter().map(|file| file.digest.clone()));
    for file in &hot {
        match files.fetch(&services.platform, file).await {
            Ok(_) => {}
            // A platform without the files is not asked for each of them.
            Err(FileError::Platform(PlatformError::Refused(_))) => break,
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}
