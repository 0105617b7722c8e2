//! How long a full 80 mm receipt takes from blocks to printer bytes (median of many).
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::hint::black_box;
use std::time::Instant;

use jinban_devices::receipt::{Block, FontSet, PaperWidth, QrSize, Receipt, RuleStyle, layout};

fn main() {
    let fonts = FontSet {
        regular: include_bytes!("../../assets/fonts/JinbanSans-Regular.otf"),
        bold: include_bytes!("../../assets/fonts/JinbanSans-Bold.otf"),
        rare: None,
    };
    let receipt = full_receipt();
    let mut times: Vec<_> = (0..200)
        .map(|_| {
            let start = Instant::now();
            let picture = layout(black_box(&receipt), &fonts, PaperWidth::Dots576).unwrap();
            black_box(picture);
            start.elapsed()
        })
        .collect();
    times.sort();
    println!(
        "receipt, 80 mm, with code: median {:.2?}, slowest {:.2?} of {}",
        times[times.len() / 2],
        times[times.len() - 1],
        times.len()
    );
}

fn full_receipt() -> Receipt {
    Receipt {
        blocks: vec![
            Block::Title("近办·办件回执".into()),
            Block::Banner("本机暂存，尚未受理".into()),
            Block::field("办理事项", "城乡居民基本养老保险参保登记"),
            Block::field("申请人", "测试人"),
            Block::field("代办员", "示例员"),
            Block::field("本机编号", "机-0007-1123-04"),
            Block::field("提交时间", "2026-11-23 10:05"),
            Block::Rule(RuleStyle::Solid),
            Block::Heading("已交材料".into()),
            Block::row("居民身份证", "已核原件"),
            Block::row("户口簿", "已扫描 4 页"),
            Block::row("银行卡复印件", "以后再交"),
            Block::Rule(RuleStyle::Dashed),
            Block::Heading("接下来".into()),
            Block::Text("连上网以后，本机会自动送到镇便民服务中心。请在三个工作日内来查看受理结果，或者拨打村委会电话询问。".into()),
            Block::Qr {
                data: "https://jinban.example/q/JB-20261123-0007?c=482917".into(),
                size: QrSize::Medium,
            },
            Block::Small("查询时请带好身份证。这张纸请您收好，不要交给不认识的人。".into()),
        ],
    }
}
