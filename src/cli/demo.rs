//! `jinban demo`: the whole of it on one machine.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use crate::demo::{Demo, Devices, run as perform};
use crate::language::Language;

/// 在这台机器上演示：终端、中心平台、模拟设备都在一起。
#[derive(Args, Debug)]
pub struct DemoArgs {
    /// 截图和打印的纸放在哪个文件夹；不写就是 demo-output
    #[arg(
        long,
        value_name = "文件夹",
        default_value = "demo-output",
        hide_default_value = true,
        help_heading = "选项"
    )]
    pub output: PathBuf,
    /// 有显示器也用虚拟屏幕，自己走一遍
    #[arg(long, help_heading = "选项")]
    pub headless: bool,
    /// 横屏 1920×1080
    #[arg(long, help_heading = "选项")]
    pub landscape: bool,
    /// 自己走一遍时用英文界面
    #[arg(long, help_heading = "选项")]
    pub english: bool,
    /// 用自己的身份证阅读器（串口名），不用模拟的
    #[arg(long, value_name = "串口", help_heading = "选项")]
    pub card_reader: Option<String>,
    /// 用自己的凭条打印机（串口名），不用模拟的
    #[arg(long, value_name = "串口", help_heading = "选项")]
    pub printer: Option<String>,
    /// 用自己的扫描仪（SANE 名字），不用测试图
    #[arg(long, value_name = "名字", help_heading = "选项")]
    pub scanner: Option<String>,
}

/// Performs it to its end.
pub(super) fn run(args: DemoArgs) -> ExitCode {
    super::log();
    let demo = Demo {
        output: args.output,
        headless: args.headless,
        landscape: args.landscape,
        language: if args.english {
            Language::English
        } else {
            Language::Chinese
        },
        devices: Devices {
            card_reader: args.card_reader,
            printer: args.printer,
            scanner: args.scanner,
        },
    };
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(perform(demo)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
