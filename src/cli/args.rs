//! The words of the command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use ulid::Ulid;

use super::demo::DemoArgs;
use super::run::RunArgs;

/// `{usage}` and the headings are clap's English otherwise.
const TEMPLATE: &str = "\
{about}

用法：{usage}

命令：
{subcommands}

选项：
{options}{after-help}
";

const TEMPLATE_LEAF: &str = "\
{about}

用法：{usage}

{all-args}{after-help}
";

const EXAMPLES: &str = "

例子：
  jinban demo                          在这台机器上看一遍
  jinban run                           开始服务
  jinban guides search 低保            找办事指南，拼音、简拼都行
  jinban guides show senior-allowance  看一份指南
  jinban config check                  检查配置写得对不对
  jinban devices status                看设备好不好
  jinban devices read-card             试读一张身份证（只显示打了星号的）
  jinban devices probe                 看接口上接的是什么，该写哪个机型
  jinban outbox list                   看还有哪些办件没有送到
  jinban audit verify                  看审计记录有没有被动过

结束码：
  0  办好了，都正常
  1  办好了，但有不正常的，或者没有找到
  2  命令写得不对
  3  办不了：文件打不开、设备或平台连不上

配置放在 /etc/jinban；放在别处的，用 --config 指明，或者写进环境变量 JINBAN_CONFIG。";

#[derive(Debug, Parser)]
#[command(
    name = "jinban",
    version,
    about = "近办：放在村里、镇上的便民服务自助终端",
    after_help = EXAMPLES,
    help_template = TEMPLATE,
    override_usage = "jinban <命令> [选项]",
    disable_help_subcommand = true,
    disable_help_flag = true,
    disable_version_flag = true
)]
pub(super) struct Cli {
    /// 配置所在的文件夹
    #[arg(
        long,
        global = true,
        value_name = "文件夹",
        env = "JINBAN_CONFIG",
        hide_env = true,
        hide_default_value = true,
        help_heading = "选项",
        default_value = "/etc/jinban"
    )]
    pub config: PathBuf,
    /// 显示这份说明
    #[arg(short, long, global = true, help_heading = "选项", action = clap::ArgAction::Help)]
    help: Option<bool>,
    /// 显示版本号
    #[arg(short = 'V', long, help_heading = "选项", action = clap::ArgAction::Version)]
    version: Option<bool>,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// 演示：终端、中心平台、模拟设备都在这台机器上
    #[command(help_template = TEMPLATE_LEAF, override_usage = "jinban demo [选项]")]
    Demo(DemoArgs),
    /// 运行终端界面
    #[command(help_template = TEMPLATE_LEAF, override_usage = "jinban run [选项]")]
    Run(RunArgs),
    #[command(flatten)]
    Work(Work),
}

/// Commands that do one thing, print it and end.
#[derive(Debug, Subcommand)]
pub(super) enum Work {
    /// 办事指南：查找、查看、更新
    #[command(subcommand, help_template = TEMPLATE, override_usage = "jinban guides <命令> [选项]")]
    Guides(Guides),
    /// 设备：有哪些、好不好、试一试、认一认
    #[command(subcommand, help_template = TEMPLATE, override_usage = "jinban devices <命令> [选项]")]
    Devices(Devices),
    /// 待送的办件：有哪些、为什么没送到
    #[command(subcommand, help_template = TEMPLATE, override_usage = "jinban outbox <命令> [选项]")]
    Outbox(Outbox),
    /// 审计记录：发生过什么，有没有被动过
    #[command(subcommand, help_template = TEMPLATE, override_usage = "jinban audit <命令> [选项]")]
    Audit(Audit),
    /// 配置：检查写得对不对
    #[command(subcommand, help_template = TEMPLATE, override_usage = "jinban config <命令> [选项]")]
    Config(Config),
}

#[derive(Debug, Subcommand)]
pub(super) enum Guides {
    /// 按名字、俗称、拼音、简拼查找
    #[command(help_template = TEMPLATE_LEAF, override_usage = "jinban guides search <要找的话>… [选项]")]
    Search {
        /// 要找的话，例如 低保、dibao、db、看病报销
        #[arg(required = true, value_name = "要找的话", help_heading = "参数")]
        words: Vec<String>,
        /// 最多显示几条
        #[arg(
            long,
            default_value_t = 10,
            value_name = "条数",
            hide_default_value = true,
            help_heading = "选项"
        )]
        limit: usize,
        #[command(flatten)]
        json: Json,
    },
    /// 看一份指南
    #[command(help_template = TEMPLATE_LEAF, override_usage = "jinban guides show <指南> [选项]")]
    Show {
        /// 指南的编号或名字，例如 senior-allowance、高龄津贴
        #[arg(value_name = "指南", help_heading = "参数")]
        guide: String,
        #[command(flatten)]
        json: Json,
    },
    /// 看一件事要办哪几样、带哪些材料，例如 新生儿、退休
    #[command(help_template = TEMPLATE_LEAF, override_usage = "jinban guides bundle [一件事] [选项]")]
    Bundle {
        /// 编号或名字，例如 newborn、新生儿；不写就列出所有的
        #[arg(value_name = "一件事", help_heading = "参数")]
        bundle: Option<String>,
        /// 已经知道的回答，写成 问题=选项，例如 card=yes、birth-household.married=no
        #[arg(long = "answer", value_name = "问题=选项", help_heading = "选项")]
        answers: Vec<String>,
        #[command(flatten)]
        json: Json,
    },
    /// 从优盘取指南：平台导出的文件夹，没有网络时用
    #[command(help_template = TEMPLATE_LEAF, override_usage = "jinban guides import <文件夹> [选项]")]
    Import {
        /// 平台导出的文件夹
        #[arg(value_name = "文件夹", help_heading = "参数")]
        folder: PathBuf,
        #[command(flatten)]
        json: Json,
    },
    /// 从平台取最新的指南
    #[command(help_template = TEMPLATE_LEAF, override_usage = "jinban guides sync [选项]")]
    Sync {
        #[command(flatten)]
        json: Json,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum Devices {
    /// 配置了哪些设备，找到了哪些接口
    #[command(help_template = TEMPLATE_LEAF, override_usage = "jinban devices list [选项]")]
    List {
        #[command(flatten)]
        json: Json,
    },
    /// 每个设备好不好，不好该找谁
    #[command(help_template = TEMPLATE_LEAF, override_usage = "jinban devices status [选项]")]
    Status {
        #[command(flatten)]
        json: Json,
    },
    /// 试读一张身份证或社保卡；只显示打了星号的姓名和号码
    #[command(help_template = TEMPLATE_LEAF, override_usage = "jinban devices read-card [选项]")]
    ReadCard {
        /// 读插在读卡器里的社保卡
        #[arg(long, help_heading = "选项", conflicts_with_all = ["port", "model", "baud"])]
        social: bool,
        #[command(flatten)]
        wait: Wait,
        #[command(flatten)]
        at: At,
        #[command(flatten)]
        json: Json,
    },
    /// 试扫一个码；只显示是什么码、有多长
    #[command(help_template = TEMPLATE_LEAF, override_usage = "jinban devices read-code [选项]")]
    ReadCode {
        #[command(flatten)]
        wait: Wait,
        #[command(flatten)]
        at: At,
        #[command(flatten)]
        json: Json,
    },
    /// 打一张测试条，说打印机自己是不是承认打出来了
    #[command(help_template = TEMPLATE_LEAF, override_usage = "jinban devices print-test [选项]")]
    PrintTest {
        /// 在A4打印机上打一页
        #[arg(long, help_heading = "选项", conflicts_with_all = ["port", "model", "baud"])]
        a4: bool,
        #[command(flatten)]
        at: At,
        #[command(flatten)]
        json: Json,
    },
    /// 扫一页，存成图片
    #[command(help_template = TEMPLATE_LEAF, override_usage = "jinban devices scan --out <文件> [选项]")]
    Scan {
        /// 存成哪个文件（JPEG）
        #[arg(long, value_name = "文件", help_heading = "选项")]
        out: PathBuf,
        /// SANE 里的名字；不写就用配置里的
        #[arg(long, value_name = "名字", help_heading = "选项")]
        device: Option<String>,
        /// 用高拍仪拍，不用扫描仪
        #[arg(long, help_heading = "选项")]
        camera: bool,
        #[command(flatten)]
        json: Json,
    },
    /// 看接口上接的是什么，不认识的也列出来；建议写哪个机型
    #[command(help_template = TEMPLATE_LEAF, override_usage = "jinban devices probe [选项]")]
    Probe {
        /// 只看这一个接口；不写就看找得到的每一个串口
        #[arg(long, value_name = "接口", help_heading = "选项")]
        port: Option<PathBuf>,
        #[command(flatten)]
        json: Json,
    },
    /// 送几个字节，看回什么
    #[command(help_template = TEMPLATE_LEAF, override_usage = "jinban devices raw --port <接口> <字节>… [选项]")]
    Raw {
        /// 接口
        #[arg(long, value_name = "接口", help_heading = "选项")]
        port: PathBuf,
        /// 速度
        #[arg(
            long,
            value_name = "波特率",
            default_value_t = 115_200,
            hide_default_value = true,
            help_heading = "选项"
        )]
        baud: u32,
        /// 听多少毫秒
        #[arg(long, value_name = "毫秒", default_value_t = 1000, hide_default_value = true, help_heading = "选项",
              value_parser = clap::value_parser!(u64).range(1..=60_000))]
        wait: u64,
        /// 十六进制，例如 10 04 01
        #[arg(required = true, value_name = "字节", help_heading = "参数")]
        bytes: Vec<String>,
        #[command(flatten)]
        json: Json,
    },
    /// 让设备自检，说哪天哪时、好不好
    #[command(help_template = TEMPLATE_LEAF, override_usage = "jinban devices self-test [选项]")]
    SelfTest {
        /// 不做新的，只看以前哪天哪时自检过、好不好
        #[arg(long, help_heading = "选项", conflicts_with_all = ["port", "model", "baud"])]
        history: bool,
        #[command(flatten)]
        at: At,
        #[command(flatten)]
        json: Json,
    },
    /// 边做边录下和设备说的话，里面个人的东西已经换掉，可以发给厂家和开发的人
    #[command(help_template = TEMPLATE_LEAF, override_usage = "jinban devices record <做什么> --out <文件> [选项]")]
    Record {
        /// read-card、read-code 或 print-test
        #[arg(value_name = "做什么", help_heading = "参数")]
        work: Recordable,
        /// 录到哪个文件，不能是已有的
        #[arg(long, value_name = "文件", help_heading = "选项")]
        out: PathBuf,
        #[command(flatten)]
        wait: Wait,
        #[command(flatten)]
        at: At,
        #[command(flatten)]
        json: Json,
    },
    /// 不接设备，照录音再做一遍，看驱动怎么应对
    #[command(help_template = TEMPLATE_LEAF, override_usage = "jinban devices replay <文件> [选项]")]
    Replay {
        /// 录音
        #[arg(value_name = "文件", help_heading = "参数")]
        recording: PathBuf,
        /// 录的时候用的机型
        #[arg(long, value_name = "机型", help_heading = "选项")]
        model: Option<String>,
        #[command(flatten)]
        json: Json,
    },
}

/// What can be recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Recordable {
    /// 试读一张身份证
    ReadCard,
    /// 试扫一个码
    ReadCode,
    /// 打一张测试条
    PrintTest,
}

/// How long to wait for a person.
#[derive(Clone, Copy, Debug, Args)]
pub(super) struct Wait {
    /// 最多等几秒
    #[arg(long, default_value_t = 20, value_name = "秒", hide_default_value = true, help_heading = "选项",
          value_parser = clap::value_parser!(u64).range(1..=300))]
    pub timeout: u64,
}

/// Which device, where it is not the configured one.
#[derive(Clone, Debug, Default, Args)]
pub(super) struct At {
    /// 接口，例如 /dev/ttyUSB0；不写就用配置里的
    #[arg(long, value_name = "接口", help_heading = "选项")]
    pub port: Option<PathBuf>,
    /// 机型，例如 epson-tm-t20；不写就用配置里的
    #[arg(long, value_name = "机型", help_heading = "选项")]
    pub model: Option<String>,
    /// 速度；不写就自己试
    #[arg(long, value_name = "波特率", help_heading = "选项")]
    pub baud: Option<u32>,
}

#[derive(Debug, Subcommand)]
pub(super) enum Outbox {
    /// 还没有送到平台的办件
    #[command(help_template = TEMPLATE_LEAF, override_usage = "jinban outbox list [选项]")]
    List {
        #[command(flatten)]
        json: Json,
    },
    /// 看一件的情况
    #[command(help_template = TEMPLATE_LEAF, override_usage = "jinban outbox show <编号> [选项]")]
    Show {
        /// 清单里的内部编号，26个字母和数字
        #[arg(value_name = "编号", help_heading = "参数")]
        key: Ulid,
        #[command(flatten)]
        json: Json,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum Audit {
    /// 检查记录有没有被改过、删过，说出在哪里
    #[command(help_template = TEMPLATE_LEAF, override_usage = "jinban audit verify [选项]")]
    Verify {
        /// 以前抄下来的末尾（jinban audit head 的结果），对照它还在不在
        #[arg(long, value_name = "序号:摘要", help_heading = "选项")]
        expect: Option<String>,
        #[command(flatten)]
        json: Json,
    },
    /// 看最近发生的事
    #[command(help_template = TEMPLATE_LEAF, override_usage = "jinban audit list [选项]")]
    List {
        /// 看几条
        #[arg(
            long,
            value_name = "条数",
            default_value_t = 20,
            hide_default_value = true,
            help_heading = "选项"
        )]
        last: usize,
        #[command(flatten)]
        json: Json,
    },
    /// 记录的末尾，抄到别处以后可以对照
    #[command(help_template = TEMPLATE_LEAF, override_usage = "jinban audit head [选项]")]
    Head {
        #[command(flatten)]
        json: Json,
    },
    /// 记录里会有哪些事，各是什么意思
    #[command(help_template = TEMPLATE_LEAF, override_usage = "jinban audit manual")]
    Manual,
}

#[derive(Debug, Subcommand)]
pub(super) enum Config {
    /// 检查所有配置文件，把问题一次说完
    #[command(help_template = TEMPLATE_LEAF, override_usage = "jinban config check [选项]")]
    Check {
        #[command(flatten)]
        json: Json,
    },
}

#[derive(Clone, Copy, Debug, Args)]
pub(super) struct Json {
    /// 用 JSON 输出，给别的程序读
    #[arg(long, help_heading = "选项")]
    pub json: bool,
}
