//! 演示: the terminal with everything it needs on one machine: the platform embedded, simulated devices
//! attached by their real protocols, and, where nobody is looking, a walk through a whole case.

mod console;
mod display;
mod hand;
mod simulator;
mod stage;
pub mod villager;
mod walk;

use std::path::PathBuf;

pub use display::Display;
pub use hand::Hand;
pub use simulator::Simulator;
pub use stage::{Devices, Programs, Stage, Terminal};
pub use walk::walk;

use crate::language::Language;

/// What kind of demonstration.
#[derive(Clone, Debug)]
pub struct Demo {
    /// Folder for pictures; made when it is not there.
    pub output: PathBuf,
    /// On a virtual display although there is a real one.
    pub headless: bool,
    /// 1920×1080 instead of 1080×1920.
    pub landscape: bool,
    /// What the walk reads; the terminal itself always begins in Chinese.
    pub language: Language,
    /// Devices of one's own instead of the simulated ones.
    pub devices: Devices,
}

/// Why the demonstration cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// A program that it needs is not installed.
    #[error(
        "缺少程序 {program}（{why}）。请安装：apt-get install {package}，或者直接运行 ./demo.sh，它会自己装好。"
    )]
    Missing {
        /// The program.
        program: String,
        /// The Debian package it is in.
        package: &'static str,
        /// What the system said.
        why: String,
    },
    /// Something did not go as it should.
    #[error("{what}：{why}")]
    Failed {
        /// What.
        what: String,
        /// Why.
        why: String,
    },
}

impl DemoError {
    fn of(what: &str, why: &dyn std::fmt::Display) -> Self {
        Self::Failed {
            what: what.to_owned(),
            why: why.to_string(),
        }
    }

    fn missing(program: &str, package: &'static str, why: &dyn std::fmt::Display) -> Self {
        Self::Missing {
            program: program.to_owned(),
            package,
            why: why.to_string(),
        }
    }
}

/// Runs the demonstration to its end: the window's, or the walk's.
pub async fn run(demo: Demo) -> Result<(), DemoError> {
    let (width, height) = if demo.landscape {
        (1920, 1080)
    } else {
        (1080, 1920)
    };
    let display = Display::find(demo.headless, width, height)?;
    let mut stage = Stage::set(
        &demo.output,
        Programs::here()?,
        demo.devices,
        demo.landscape,
    )
    .await?;
    if let Some(name) = display.virtual_name() {
        println!("这台机器没有显示器：在虚拟屏幕 {name} 上运行同一个程序，像人一样点一遍。");
        let terminal = stage.open_terminal(Some(name), (width, height))?;
        let mut hand = Hand::on(name, &stage.probe(), &stage.screens())?;
        demo.language.speak();
        let walked = tokio::task::block_in_place(|| walk(&mut stage, terminal, &mut hand));
        stage.strike().await;
        walked?;
        println!(
            "走完了。屏幕截图：{}",
            demo.output.join("screens").display()
        );
        println!("打印出来的纸：{}", demo.output.join("paper").display());
        return Ok(());
    }
    // A window on somebody's desk: as large as fits, in the panel's proportions.
    let terminal = stage.open_terminal(None, fitting(width, height))?;
    let ended = console::serve(&mut stage, terminal).await;
    stage.strike().await;
    ended
}

/// Half the panel's size fits on every desk and keeps its proportions.
fn fitting(width: u32, height: u32) -> (u32, u32) {
    if height > width {
        (width / 2, height / 2)
    } else {
        (width * 2 / 3, height * 2 / 3)
    }
}
