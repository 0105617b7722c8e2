//! Device states in words for a technician.

use std::fmt::Write;

use jinban_devices::card_reader::CardReadError;
use jinban_devices::imaging::PageFlaw;
use jinban_devices::scanner::ScanErrorKind;
use jinban_devices::social_card::SocialCardError;
use jinban_devices::status::{DeviceState, DeviceStatus, Fault, FaultKind, WhoMustAct};

/// State, cause and who must act, in one sentence.
pub(super) fn status(status: &DeviceStatus) -> String {
    match &status.fault {
        None => state(status.state).to_owned(),
        Some(cause) => fault(cause),
    }
}

/// Cause and who must act, in one sentence.
pub(super) fn fault(fault: &Fault) -> String {
    let mut text = fault_kind(fault.kind).to_owned();
    let who = who(fault.act);
    if !who.is_empty() {
        let _ = write!(text, "。{who}");
    }
    if !fault.raw.is_empty() {
        let _ = write!(text, "（{}）", fault.raw);
    }
    text
}

fn state(state: DeviceState) -> &'static str {
    match state {
        DeviceState::Online => "正常",
        DeviceState::Offline => "没有回应",
        DeviceState::PoweredOff => "没有通电或者没有接上",
        DeviceState::NotFitted => "没有装",
        DeviceState::HardwareError => "坏了",
        DeviceState::UserError => "要有人动一下",
        DeviceState::Busy => "正在忙",
        DeviceState::Starting => "还没有查清楚",
    }
}

pub(super) fn fault_kind(kind: FaultKind) -> &'static str {
    match kind {
        FaultKind::PaperOut => "没有纸了",
        FaultKind::PaperLow => "纸快用完了",
        FaultKind::InkOut => "没有墨粉了",
        FaultKind::InkLow => "墨粉快用完了",
        FaultKind::OutputFull => "出纸的地方满了",
        FaultKind::CoverOpen => "盖子没有关好",
        FaultKind::CutterError => "切刀卡住了",
        FaultKind::Jam => "卡纸了",
        FaultKind::HeadHot => "打印头太热，凉一会儿就好",
        FaultKind::Unrecoverable => "打印机自己报了故障，请关机再开",
        FaultKind::NoAnswer => "接口在，但没有回应，请看看通电没有、线插紧没有",
        FaultKind::Garbled => "回应听不懂，多半是波特率不对或者接错了设备",
        FaultKind::PortMissing => "没有找到，请看看线插好没有、配置里的名字写对没有",
        FaultKind::ServiceMissing => {
            "管这种设备的后台程序没有装好或者没有运行（插卡读卡器要装 pcscd）"
        }
        FaultKind::PortBusy => "接口被别的程序占着（终端正在运行时就会这样）",
        FaultKind::PermissionDenied => "没有权限打开接口",
        FaultKind::WrongDevice => "接的不是这种设备",
        FaultKind::SamFailed => "阅读器的安全模块自检没有通过",
        FaultKind::SamNotAuthorised => "阅读器的安全模块没有授权",
        FaultKind::Maintenance => "技术员让它停下来了",
        FaultKind::Unsupported => "设备不支持要用的命令",
        _ => "出了别的问题",
    }
}

pub(super) fn who(act: WhoMustAct) -> &'static str {
    match act {
        WhoMustAct::Nobody => "",
        WhoMustAct::Program => "程序会自己再试",
        WhoMustAct::SiteStaff => "请服务室的人处理",
        WhoMustAct::Technician => "请技术员处理",
    }
}

pub(super) fn card_error(error: CardReadError) -> String {
    match error {
        CardReadError::NoCard => "没有等到身份证。请把身份证平放在读卡区再试。".to_owned(),
        CardReadError::MovedTooEarly => "身份证拿开得太早。请放好不动，再试一次。".to_owned(),
        CardReadError::CannotVerify => "这张证验不过，不能用。".to_owned(),
        CardReadError::WrongCardType => "这不是身份证。".to_owned(),
        CardReadError::CardRefused { sw1, sw2 } => {
            format!("这张证读不出来，换一张试试。（{sw1:02X}{sw2:02X}）")
        }
        CardReadError::Damaged { during } => {
            format!("数据传错了，请检查连接线。（{during:?}）")
        }
        CardReadError::NoAnswer => "阅读器没有回应，请看看线插紧没有。".to_owned(),
        CardReadError::ReaderFault(kind) => format!("阅读器用不了：{}。", fault_kind(kind)),
        CardReadError::Unreadable(_) => "证里的文字看不懂，可能不是居民身份证。".to_owned(),
    }
}

/// What is doubtful about a page that was scanned.
pub(super) fn page_flaw(flaw: PageFlaw) -> &'static str {
    match flaw {
        PageFlaw::Blank => "可是几乎是空白的，请看看纸放对没有。",
        PageFlaw::Blurred => "可是不清楚，请放平、别动，再来一次。",
        PageFlaw::TooSmall => "可是太小了，字会看不清。",
        PageFlaw::CutOff => "可是没有拍全，请往中间放，四个角都要露出来。",
        PageFlaw::WrongShape => "可是又窄又长，不像一页纸，请看看放正没有。",
        PageFlaw::Dark => "可是太暗了，请开灯。",
        PageFlaw::Duplicate => "可是和前面一页一样。",
    }
}

pub(super) fn social_card_error(error: SocialCardError) -> String {
    match error {
        SocialCardError::NoCard => "没有等到社保卡。请芯片朝上、朝里插到底再试。".to_owned(),
        SocialCardError::MovedTooEarly => "卡拔得太早。请插到底不动，再试一次。".to_owned(),
        SocialCardError::Mute => {
            "卡没有回应。请看看插反没有、芯片脏不脏，擦干净再插一次。".to_owned()
        }
        SocialCardError::WrongCardType => "这不是社保卡。".to_owned(),
        SocialCardError::Locked => "这张卡被锁住了，要到发卡的地方解。".to_owned(),
        SocialCardError::CardRefused { sw1, sw2 } => {
            format!("这张卡读不出来，换一张试试。（{sw1:02X}{sw2:02X}）")
        }
        SocialCardError::Unreadable(item) => format!("卡上有一项看不懂。（{item:?}）"),
        SocialCardError::NoAnswer => "读卡器没有回应，请看看线插紧没有。".to_owned(),
        SocialCardError::ReaderFault(kind) => format!("读卡器用不了：{}。", fault_kind(kind)),
    }
}

pub(super) fn scan_error(kind: ScanErrorKind) -> &'static str {
    match kind {
        ScanErrorKind::Jammed => "卡纸了",
        ScanErrorKind::NoPages => "进纸口没有纸",
        ScanErrorKind::CoverOpen => "盖子没有关好",
        ScanErrorKind::Busy => "正被别的程序用着",
        ScanErrorKind::DeviceFailed => "扫到一半断了，多半是线的问题",
        ScanErrorKind::DeviceMissing => "找不到扫描仪，请看看通电没有、线插好没有",
        ScanErrorKind::TimedOut => "太久没有扫完，已经停下",
        ScanErrorKind::PermissionDenied => "没有权限使用扫描仪",
        ScanErrorKind::WrongSettings => "配置里的清晰度、颜色或进纸方式，这台扫描仪不支持",
        ScanErrorKind::NotInstalled => "没有装扫描软件，请安装 sane-utils",
        _ => "扫描驱动出错了",
    }
}
