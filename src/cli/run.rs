//! `jinban run`: the terminal itself.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;

use super::{Failure, Output};
use crate::interface::{Launch, run as open_window};

/// 运行终端界面。
#[derive(Args, Debug)]
pub struct RunArgs {
    /// 不占满屏幕，开一个这么大的窗口，例如 540x960
    #[arg(long, value_name = "宽x高", value_parser = size, help_heading = "选项")]
    pub window: Option<(f32, f32)>,
    /// Where a test asks what is on the screen; words are personal, so never on a terminal in service.
    #[arg(long, hide = true)]
    pub probe: Option<PathBuf>,
}

fn size(text: &str) -> Result<(f32, f32), String> {
    text.split_once('x')
        .and_then(|(w, h)| Some((w.parse::<u16>().ok()?, h.parse::<u16>().ok()?)))
        .filter(|(w, h)| *w >= 200 && *h >= 200)
        .map(|(w, h)| (f32::from(w), f32::from(h)))
        .ok_or_else(|| "请写成 宽x高，例如 540x960".to_owned())
}

/// Opens the window and stays until it is closed.
pub(super) fn run(args: RunArgs, config: &Path) -> ExitCode {
    super::log();
    let config = match super::config::load(config) {
        Ok(config) => Arc::new(config),
        Err(failure) => return Output::from(failure).print(),
    };
    let launch = Launch {
        config,
        window: args.window,
        probe: args.probe,
    };
    match open_window(launch) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => Output::from(Failure::unavailable(format!(
            "窗口打不开：{error}\n请检查显示器和图形环境（DISPLAY 或 WAYLAND_DISPLAY）。"
        )))
        .print(),
    }
}
