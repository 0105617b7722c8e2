//! The command line of the reference platform.

mod command;

use std::io::{IsTerminal, Write};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use jiff::Timestamp;
use jinban_api::ids::{AreaCode, TerminalId};
use jinban_platform::state::OfficialState;
use jinban_platform::{Bucket, DatabaseUrl, Platform, PlatformConfig};
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;

/// It could not be done at all; 1 is for what was done and found fault with, 2 for a wrong command line.
const CANNOT: u8 = 3;

type Failure = Box<dyn std::error::Error>;

/// The reference central platform of Jinban.
#[derive(Parser)]
#[command(name = "jinban-platform", version)]
struct Arguments {
    /// Folder for the keys, and for database and pages unless they are elsewhere.
    #[arg(
        long,
        global = true,
        default_value = "platform-data",
        value_name = "DIR"
    )]
    data: PathBuf,
    /// The database: postgres://USER@HOST/NAME or sqlite:FILE.
    #[arg(
        long,
        global = true,
        env = "JINBAN_DATABASE",
        hide_env_values = true,
        value_name = "ADDRESS"
    )]
    database: Option<DatabaseUrl>,
    /// Bucket for the pages: s3://BUCKET or s3://BUCKET/FOLDER, reached as the variables AWS_… say.
    #[arg(long, global = true, env = "JINBAN_BUCKET", value_name = "ADDRESS")]
    bucket: Option<Bucket>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve terminals until told to stop.
    Serve {
        /// Where to listen; port 0 takes a free one.
        #[arg(long, default_value = "127.0.0.1:8787", value_name = "ADDRESS")]
        listen: SocketAddr,
        /// Folder of guides to publish at the start.
        #[arg(long, value_name = "DIR")]
        catalogue: Option<PathBuf>,
        /// Calendar of working days in place of the shipped one.
        #[arg(long, value_name = "FILE")]
        calendar: Option<PathBuf>,
    },
    /// Print the public keys that a terminal is set up with.
    Keys,
    /// Terminals that are enrolled.
    #[command(subcommand)]
    Terminals(Terminals),
    /// The catalogue of guides.
    #[command(subcommand)]
    Catalogue(command::catalogue::Catalogue),
    /// Cases that have arrived.
    #[command(subcommand)]
    Cases(Cases),
}

#[derive(Subcommand)]
enum Terminals {
    /// Enrol a terminal, or add a key to one.
    Enrol {
        /// Its id.
        id: String,
        /// Division it stands in, 6 or 12 digits.
        #[arg(long)]
        area: String,
        /// Name of the place.
        #[arg(long)]
        place: String,
        /// PEM file of its public key.
        #[arg(long, value_name = "FILE")]
        key: PathBuf,
    },
    /// List terminals and their keys.
    List,
    /// Take nothing new under a key.
    Revoke {
        /// Id of the key.
        key_id: String,
    },
}

#[derive(Subcommand)]
enum Cases {
    /// List the latest cases.
    List {
        /// How many.
        #[arg(long, default_value_t = 20)]
        count: u32,
    },
    /// Show how a case goes on and what may follow.
    Show {
        /// 办件编号.
        number: String,
        /// Show what was handed in as well: personal data.
        #[arg(long)]
        content: bool,
    },
    /// Move a case on: the ordinary way, or to a named state.
    Advance {
        /// 办件编号.
        number: String,
        /// Code or words of the state, for example `supplement-needed` or 需补正.
        #[arg(long)]
        to: Option<String>,
        /// Told to the applicant.
        #[arg(long)]
        remark: Option<String>,
    },
}

#[tokio::main]
async fn main() -> ExitCode {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .init();
    match run(Arguments::parse()).await {
        Ok(code) => code,
        Err(failure) => {
            eprintln!("jinban-platform: {failure}");
            ExitCode::from(CANNOT)
        }
    }
}

async fn run(arguments: Arguments) -> Result<ExitCode, Failure> {
    let mut config = PlatformConfig::local(arguments.data);
    config.database = arguments.database;
    config.bucket = arguments.bucket;
    let done = match arguments.command {
        Command::Serve {
            listen,
            catalogue,
            calendar,
        } => {
            config.listen = listen;
            config.catalogue = catalogue;
            config.calendar = calendar;
            serve(config).await
        }
        Command::Keys => {
            print!("{}", Platform::open(&config).await?.public_keys_pem());
            Ok(())
        }
        Command::Terminals(command) => terminals(&Platform::open(&config).await?, command).await,
        Command::Catalogue(command) => return command::catalogue::run(command, &config).await,
        Command::Cases(command) => cases(&Platform::open(&config).await?, command).await,
    };
    done.map(|()| ExitCode::SUCCESS)
}

async fn serve(config: PlatformConfig) -> Result<(), Failure> {
    // Before anybody is told that it listens: from then on they may tell it to stop.
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let running = Platform::start(config).await?;
    let mut out = std::io::stdout().lock();
    writeln!(out, "listening on {}", running.url())?;
    out.flush()?;
    drop(out);
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    running.stop().await;
    Ok(())
}

async fn terminals(platform: &Platform, command: Terminals) -> Result<(), Failure> {
    match command {
        Terminals::Enrol {
            id,
            area,
            place,
            key,
        } => {
            let pem = tokio::fs::read_to_string(&key)
                .await
                .map_err(|error| format!("{}: {error}", key.display()))?;
            let key_id = platform
                .enrol(&TerminalId(id), &AreaCode(area), &place, &pem)
                .await?;
            println!("{key_id}");
        }
        Terminals::List => {
            for (terminal, keys) in platform.database().terminals().await? {
                println!(
                    "{}\t{}\t{}\t{}",
                    terminal.terminal,
                    terminal.area,
                    terminal.place,
                    keys.join(" ")
                );
            }
        }
        Terminals::Revoke { key_id } => {
            if !platform
                .database()
                .revoke(&key_id, Timestamp::now())
                .await?
            {
                return Err("no such key in force".into());
            }
        }
    }
    Ok(())
}

async fn cases(platform: &Platform, command: Cases) -> Result<(), Failure> {
    let database = platform.database();
    match command {
        Cases::List { count } => {
            for case in database.latest_cases(count).await? {
                println!(
                    "{}\t{}\t{}\t{}\t{}",
                    case.number,
                    case.received_at,
                    case.terminal,
                    case.guide_name,
                    case.state.words()
                );
            }
        }
        Cases::Show { number, content } => {
            let (_, progress) = database.progress(&number).await?.ok_or("no such case")?;
            println!(
                "{}\t{}\t{}",
                progress.case_number, progress.guide_name, progress.state
            );
            if let Some(day) = progress.promised_by {
                println!("承诺办结\t{day}");
            }
            for step in &progress.timeline {
                let remark = step.remark.as_deref().unwrap_or_default();
                println!("{}\t{}\t{remark}", step.at, step.name);
            }
            if database.is_rated(&number).await? {
                println!("已评价");
            }
            if let Some(state) = OfficialState::parse(&progress.state) {
                for next in state.may_become() {
                    println!("may become\t{}\t{}", next.code(), next.words());
                }
            }
            if content {
                println!(
                    "{}",
                    database.case_content(&number).await?.unwrap_or_default()
                );
            }
        }
        Cases::Advance { number, to, remark } => {
            let wanted = to
                .map(|text| OfficialState::parse(&text).ok_or(format!("no state {text}")))
                .transpose()?;
            let state = database
                .advance(&number, wanted, remark.as_deref(), Timestamp::now())
                .await?;
            println!("{number}\t{}", state.words());
        }
    }
    Ok(())
}
