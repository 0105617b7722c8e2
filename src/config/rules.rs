//! What a text in the configuration may be. Each rule answers with what is wrong and what to write.

use std::path::Path;

use jinban_devices::transport::Address;

/// What is wrong with a text, and what to write instead.
pub(super) type Verdict = Result<(), (String, String)>;

fn refuse(wrong: &str, instead: &str) -> Verdict {
    Err((wrong.to_owned(), instead.to_owned()))
}

/// Not blank.
pub(super) fn filled(text: &str) -> Verdict {
    if text.trim().is_empty() {
        return refuse("不能空着", "请填上内容");
    }
    Ok(())
}

/// A terminal's name: letters, digits and `-`.
pub(super) fn identifier(text: &str) -> Verdict {
    let fits = (3..=40).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if fits {
        Ok(())
    } else {
        refuse("只能用字母、数字和短横线，3到40个", "例如 \"qingxi-01\"")
    }
}

/// Exactly so many digits.
pub(super) fn digits(count: usize, example: &'static str) -> impl Fn(&str) -> Verdict {
    move |text| {
        if text.len() == count && text.bytes().all(|b| b.is_ascii_digit()) {
            Ok(())
        } else {
            refuse(
                &format!("应是{count}位数字"),
                &format!("例如 \"{example}\""),
            )
        }
    }
}

/// A telephone number or a short service number.
pub(super) fn phone(text: &str) -> Verdict {
    let count = text.bytes().filter(u8::is_ascii_digit).count();
    let fits = (3..=12).contains(&count) && text.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    if fits {
        Ok(())
    } else {
        refuse(
            "不像电话号码",
            "只写数字和短横线，例如 \"12345\" 或 \"0839-0001000\"",
        )
    }
}

/// The address of a printer that speaks IPP.
pub(super) fn printer_uri(text: &str) -> Verdict {
    let config = jinban_devices::page_printer::PagePrinterConfig {
        uri: text.to_owned(),
    };
    match config.check() {
        Ok(()) => Ok(()),
        Err(_) => refuse(
            "不是IPP打印机的地址",
            "请写成 ipp://地址/ipp/print，例如 ipp://192.168.1.20/ipp/print",
        ),
    }
}

/// `https://…`; plain `http://` only to this very machine.
pub(super) fn url(text: &str) -> Verdict {
    let spaced = text.contains(char::is_whitespace);
    if let Some(host) = text.strip_prefix("https://")
        && !spaced
        && !host.is_empty()
        && !host.starts_with('/')
    {
        return Ok(());
    }
    if let Some(rest) = text.strip_prefix("http://")
        && !spaced
    {
        let authority = rest.split('/').next().unwrap_or_default();
        let host = match authority.rsplit_once(':') {
            // Not everything before a colon is a host: in localhost:x@example.cn it is a user's name.
            Some((host, port)) if port.parse::<u16>().is_ok() => host,
            _ => authority,
        };
        if matches!(host, "127.0.0.1" | "localhost" | "[::1]") {
            return Ok(());
        }
        return refuse(
            "不加密的 http:// 只许连本机",
            "请用 https:// 开头的地址，例如 \"https://platform.example.cn\"",
        );
    }
    refuse("不是网址", "例如 \"https://platform.example.cn\"")
}

/// Where a card reader is connected.
pub(super) fn card_reader_port(text: &str) -> Verdict {
    let fits = |address: &Address| !matches!(address, Address::Keyboard(_));
    port(text, fits, "USB 直连的写成 \"usb:0400:c35a\" 这样")
}

/// Where a receipt printer is connected.
pub(super) fn printer_port(text: &str) -> Verdict {
    let fits = |address: &Address| !matches!(address, Address::Keyboard(_));
    let instead =
        "USB 打印机写成 \"usb:04b8:0e03\" 这样，网络打印机写成 \"tcp:192.168.1.50:9100\" 这样";
    port(text, fits, instead)
}

/// Where a bar code reader is connected.
pub(super) fn barcode_reader_port(text: &str) -> Verdict {
    let instead =
        "HID-POS 的写成 \"usb:1eab:1a10\" 这样，键盘方式的写成 \"keyboard:1eab:1a03\" 这样";
    port(text, |_| true, instead)
}

fn port(text: &str, fits: impl Fn(&Address) -> bool, instead: &str) -> Verdict {
    match Address::parse(Path::new(text)) {
        Some(address) if fits(&address) => Ok(()),
        _ => refuse(
            "不是接口的名字",
            &format!("串口写成 \"/dev/ttyUSB0\" 这样，{instead}"),
        ),
    }
}
