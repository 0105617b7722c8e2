//! Trials: a card, a code, a strip of paper, a page.

use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::time::Duration;

use jinban_devices::barcode_reader::{BarcodeReadError, BarcodeReader, BarcodeReaderConfig};
use jinban_devices::camera::{Camera, CameraConfig, CameraName};
use jinban_devices::card_reader::{CardReader, CardReaderConfig};
use jinban_devices::imaging::{self, Lens, PageError, encode_within, prepare};
use jinban_devices::page_printer::{Page, PagePrinter, PagePrinterConfig};
use jinban_devices::printer::ledger::MemoryLedger;
use jinban_devices::printer::{
    PrintError, PrintOutcome, Progress, ReceiptPrinter, ReceiptPrinterConfig,
};
use jinban_devices::receipt::{
    Block, FontSet, PaperWidth, QrSize, Receipt, RuleStyle, layout, sheets,
};
use jinban_devices::scanner;
use jinban_devices::status::DeviceStatus;
use jinban_devices::transport::Opener;
use serde_json::json;

use super::{explain_scan, missing_scanner, resolve};
use crate::cli::args::Wait;
use crate::cli::exit::{Exit, Failure, Output};
use crate::cli::{config, say, status_words};
use crate::config::ScannerName;
use crate::filing::local_number::day_in_china;
use crate::session::masking;

/// A page is kept within so many bytes.
const PAGE: usize = 2_000_000;

/// Opens for the first time only when the other part is dropped: once something is looked for.
/// Otherwise chance decides what is asked before, and no recording could be played again.
fn held(mut open: Opener) -> (Opener, Sender<()>) {
    let (go, gate) = channel();
    let mut gate = Some(gate);
    let held: Opener = Box::new(move || {
        // Nothing is ever sent; the end is the sign.
        let _ = gate.take().map(|gate| gate.recv());
        open()
    });
    (held, go)
}

pub(super) async fn read_card(
    open: Opener,
    config: CardReaderConfig,
    wait: Wait,
    json: bool,
) -> Result<Output, Failure> {
    say(&format!(
        "请把身份证平放在读卡区，不要动。最多等 {} 秒。",
        wait.timeout
    ));
    let (open, go) = held(open);
    let reader = CardReader::open_on(open, config.baud, config.profile);
    let reading = reader.read_once(Duration::from_secs(wait.timeout));
    let (read, ()) = tokio::join!(biased; reading, async { drop(go) });
    let card = read.map_err(|error| Failure::not_well(status_words::card_error(error)))?;
    let today = day_in_china(jiff::Timestamp::now());
    let valid = card.check(today).is_ok();
    let name = masking::name(&card.name);
    let number = masking::id_number(card.id_number.as_str());
    let exit = if valid { Exit::Well } else { Exit::NotWell };
    if json {
        let value = json!({ "name": name, "id_number": number, "valid": valid });
        return Ok(Output::json(&value)?.ending(exit));
    }
    let verdict = if valid {
        "读到了，证件有效。"
    } else {
        "读到了，但证件现在不能用（过期，或者还没到生效的日子）。"
    };
    Ok(Output::text(format!("{verdict}\n  {name}\n  {number}\n")).ending(exit))
}

pub(super) async fn read_code(
    open: Opener,
    config: BarcodeReaderConfig,
    wait: Wait,
    json: bool,
) -> Result<Output, Failure> {
    say(&format!("请把码对着扫码窗。最多等 {} 秒。", wait.timeout));
    let (open, go) = held(open);
    let reader = BarcodeReader::open_on(open, config.profile);
    let reading = reader.read_once(Duration::from_secs(wait.timeout));
    let (read, ()) = tokio::join!(biased; reading, async { drop(go) });
    let code = read.map_err(|error| {
        Failure::not_well(match error {
            BarcodeReadError::NoCode => {
                "没有等到码。请看看扫码器亮了没有、末尾符和触发方式设对没有。".to_owned()
            }
            BarcodeReadError::ReaderFault(kind) => {
                format!("扫码器用不了：{}。", status_words::fault_kind(kind))
            }
        })
    })?;
    let length = code.text.chars().count();
    if json {
        return Output::json(&json!({ "symbology": code.symbology, "characters": length }));
    }
    let kind = code
        .symbology
        .map_or_else(|| "没说是什么码".to_owned(), |s| format!("{s:?}"));
    Ok(Output::text(format!(
        "扫到了：{length} 个字（{kind}）。内容可能是个人的，不显示。\n"
    )))
}

pub(super) async fn print_test(
    open: Opener,
    config: ReceiptPrinterConfig,
    json: bool,
) -> Result<Output, Failure> {
    let paper = config.profile.paper;
    let fonts = FontSet {
        regular: crate::assets::FONT_REGULAR,
        bold: crate::assets::FONT_BOLD,
        rare: Some(crate::assets::FONT_RARE),
    };
    let picture = layout(&strip(paper), &fonts, paper)
        .map_err(|error| Failure::unavailable(format!("排不出测试条：{error}")))?;
    let printer = ReceiptPrinter::open_on(open, config, MemoryLedger::default());
    let outcome = printer.print(Arc::new(picture)).await;
    told(outcome, json)
}

/// The same on the A4 printer.
pub(super) async fn print_test_page(
    config: PagePrinterConfig,
    json: bool,
) -> Result<Output, Failure> {
    let fonts = FontSet {
        regular: crate::assets::FONT_REGULAR,
        bold: crate::assets::FONT_BOLD,
        rare: Some(crate::assets::FONT_RARE),
    };
    let text = Receipt {
        blocks: vec![
            Block::Title("打印测试".to_owned()),
            Block::Text("字清楚、四边不缺、二维码扫得出，就是好的。".to_owned()),
            Block::Qr {
                data: "JINBAN-PRINT-TEST".to_owned(),
                size: QrSize::Large,
            },
        ],
    };
    let sheets = sheets(&text, &fonts)
        .map_err(|error| Failure::unavailable(format!("排不出测试页：{error}")))?;
    let pages: Vec<_> = sheets.iter().map(Page::of_sheet).collect();
    told(PagePrinter::open(config).print(pages).await, json)
}

/// How a test print ended, for whoever stands at the printer.
fn told(outcome: Result<PrintOutcome, PrintError>, json: bool) -> Result<Output, Failure> {
    let exit = match &outcome {
        Ok(PrintOutcome::Confirmed { .. }) => Exit::Well,
        Ok(PrintOutcome::Unconfirmed { .. }) | Err(_) => Exit::NotWell,
    };
    if json {
        let value = match &outcome {
            Ok(outcome) => json!(outcome),
            Err(error) => json!({ "failed": error }),
        };
        return Ok(Output::json(&value)?.ending(exit));
    }
    let text = match outcome {
        Ok(PrintOutcome::Confirmed { .. }) => "打出来了，打印机自己也这么说。\n".to_owned(),
        Ok(PrintOutcome::Unconfirmed { reason }) => {
            format!("送过去了，但打印机没有证明打出来（{reason:?}）。请看看纸；机型选对没有？\n")
        }
        Err(error) => {
            let how_far = match error.progress {
                Progress::NothingSent => "什么也没有送过去",
                Progress::Interrupted { .. } => "打到一半停了，剩下的已经清掉",
            };
            format!(
                "没有打出来：{}。{how_far}。{}（{}）\n",
                status_words::fault_kind(error.fault.kind),
                status_words::who(error.fault.act),
                error.fault.raw
            )
        }
    };
    Ok(Output::text(text).ending(exit))
}

/// Always the same, so that a recording of it can be played again.
fn strip(paper: PaperWidth) -> Receipt {
    Receipt {
        blocks: vec![
            Block::Title("打印测试".to_owned()),
            Block::Text("字清楚、左右不缺、二维码扫得出，就是好的。".to_owned()),
            Block::field("纸宽", format!("{} 点", paper.dots())),
            Block::Rule(RuleStyle::Dashed),
            Block::Qr {
                data: "JINBAN-PRINT-TEST".to_owned(),
                size: QrSize::Medium,
            },
            Block::Small("请看看最后这一行在切口上面没有。".to_owned()),
        ],
    }
}

pub(super) async fn scan(
    dir: &Path,
    device: Option<String>,
    out: &Path,
    json: bool,
) -> Result<Output, Failure> {
    let mut fitted = config::load(dir)?
        .devices
        .scanner
        .ok_or_else(|| Failure::not_well("配置里没有扫描仪。"))?;
    if let Some(name) = device {
        fitted.device = ScannerName::Named(name);
    }
    let failed = |error| Failure::not_well(explain_scan(&error));
    let Some(device) = resolve(&fitted).await.map_err(failed)? else {
        return Err(Failure::not_well(status_words::status(&missing_scanner())));
    };
    let scanner = scanner::Scanner::open(fitted.driver_config(&device));
    let page = scanner.scan().await.map_err(failed)?;
    let picture = imaging::Page::decode(&page.png).map_err(unreadable)?;
    keep(picture, Lens::Scanner, &device, out, json)
}

pub(super) async fn photograph(
    dir: &Path,
    device: Option<String>,
    out: &Path,
    json: bool,
) -> Result<Output, Failure> {
    let fitted = match device {
        Some(name) => CameraConfig::new(CameraName::from(name.as_str())),
        None => config::load(dir)?
            .devices
            .camera
            .unwrap_or_else(|| CameraConfig::new(CameraName::Auto)),
    };
    let name = fitted.device.to_string();
    let taken = Camera::open(fitted).take().await;
    let picture = taken.map_err(|error| {
        let status = DeviceStatus::faulty(error.fault());
        Failure::not_well(status_words::status(&status))
    })?;
    keep(picture, Lens::Camera, &name, out, json)
}

fn unreadable(error: PageError) -> Failure {
    Failure::not_well(format!("扫出来的图打不开：{error}"))
}

/// Writes the page into a file and says what is doubtful about it.
fn keep(
    picture: imaging::Page,
    lens: Lens,
    device: &str,
    out: &Path,
    json: bool,
) -> Result<Output, Failure> {
    let prepared = prepare(picture, lens, &[]);
    let flaw = prepared.flaw;
    let jpeg = encode_within(&prepared.page, PAGE)
        .map_err(unreadable)?
        .jpeg;
    std::fs::write(out, &jpeg[..])
        .map_err(|error| Failure::unavailable(format!("{} 写不进去：{error}", out.display())))?;
    let exit = if flaw.is_none() {
        Exit::Well
    } else {
        Exit::NotWell
    };
    if json {
        let value = json!({ "device": device, "bytes": jpeg.len(), "flaw": flaw });
        return Ok(Output::json(&value)?.ending(exit));
    }
    let remark = flaw.map_or("", status_words::page_flaw);
    let saved = format!("用 {device} 扫好了，存在 {}。{remark}\n", out.display());
    Ok(Output::text(saved).ending(exit))
}
