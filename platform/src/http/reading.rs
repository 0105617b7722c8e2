//! Guides and theme services as pages for a telephone: where the codes on printed slips lead.

use std::fmt::Write;

use axum::http::HeaderMap;
use axum::http::header::ACCEPT;
use axum::response::Html;
use jinban_api::documents::Bundle;
use jinban_api::guide::{Guide, Material, Necessity, TimeLimit};

/// Whether whoever asks wants to read it, as browsers do.
pub(super) fn is_read(headers: &HeaderMap) -> bool {
    let accepted = headers.get(ACCEPT).and_then(|accept| accept.to_str().ok());
    accepted.is_some_and(|accepted| accepted.contains("text/html"))
}

/// What to know before going: conditions, papers, time, cost, places, telephones.
pub(super) fn guide(guide: &Guide) -> Html<String> {
    let mut page = Page::new(&guide.name);
    page.text("p", &guide.summary);
    page.list("什么人能办", guide.conditions.iter().map(String::clone));
    page.list("要带什么", guide.materials.iter().map(material));
    let mut facts = Vec::new();
    if let Some(time) = guide.promised().or(guide.legal()) {
        facts.push(format!("多久办好：{}", how_long(time)));
    }
    if guide.is_free() {
        facts.push("不收钱。".to_owned());
    }
    facts.extend((guide.charges().iter()).map(|fee| format!("{}：{}", fee.name, fee.standard)));
    page.list("时间和费用", facts);
    page.list(
        "在哪里办",
        (guide.places.iter()).map(|place| {
            [&place.name, &place.address, &place.hours]
                .map(String::as_str)
                .join("　")
        }),
    );
    page.list(
        "常问的",
        (guide.faq.iter()).map(|faq| format!("{}　{}", faq.question, faq.answer)),
    );
    page.telephone("问一问", &guide.consult_phone);
    page.telephone("投诉", &guide.complaint_phone);
    page.end(guide.sample)
}

/// The items in the order they are best done, each leading to its own page.
pub(super) fn bundle(bundle: &Bundle, guides: &[Guide]) -> Html<String> {
    let mut page = Page::new(&bundle.name);
    page.text("p", &bundle.summary);
    page.text("h2", "要办这几样");
    page.0.push_str("<ol>");
    for step in &bundle.steps {
        let guide = guides.iter().find(|guide| guide.id == step.guide);
        let name = guide.map_or("这一样请问窗口", |guide| {
            guide.short_name.as_deref().unwrap_or(&guide.name)
        });
        let (name, why) = (escaped(name), escaped(&step.why));
        // Beside this page: …/bundles/one leads to …/guides/another.
        let link = guide.map(|guide| format!("../guides/{}", encoded(guide.id.as_str())));
        let _ = match link {
            Some(link) => write!(
                page.0,
                "<li><a href=\"{link}\">{name}</a><br><small>{why}</small></li>"
            ),
            None => write!(page.0, "<li>{name}<br><small>{why}</small></li>"),
        };
    }
    page.0.push_str("</ol>");
    page.list("还要记得", bundle.notes.iter().map(String::clone));
    page.end(guides.iter().any(|guide| guide.sample))
}

fn material(material: &Material) -> String {
    let mut said = material.name.clone();
    let _ = match (material.originals, material.copies) {
        (0, 0) => Ok(()),
        (originals, 0) => write!(said, "　原件{originals}份"),
        (0, copies) => write!(said, "　复印件{copies}份"),
        (originals, copies) => write!(said, "　原件{originals}份，复印件{copies}份"),
    };
    said.push_str(match material.necessity() {
        Necessity::Required => "",
        Necessity::Optional => "　有就带",
        Necessity::MayFollow => "　可以后补",
    });
    if !material.applies_when.is_empty() {
        said.push_str("　看您的情况，不一定要");
    }
    if let Some(note) = &material.note {
        let _ = write!(said, "　{note}");
    }
    said
}

fn how_long(time: TimeLimit) -> String {
    match time {
        TimeLimit::OnTheSpot => "当场办好".to_owned(),
        TimeLimit::Hours(hours) => format!("{hours}小时"),
        TimeLimit::CalendarDays(days) => format!("{days}天"),
        TimeLimit::WorkingDays(days) => format!("{days}个工作日"),
    }
}

struct Page(String);

impl Page {
    fn new(title: &str) -> Self {
        let title = escaped(title);
        Self(format!(
            "<!doctype html><html lang=\"zh-CN\"><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width\"><title>{title}</title>\
             <style>body{{font:1.15em/1.6 sans-serif;max-width:40em;margin:1em auto;padding:0 1em}}\
             a{{padding:.4em 0;display:inline-block}}small{{color:#444}}</style><h1>{title}</h1>"
        ))
    }

    fn text(&mut self, element: &str, text: &str) {
        if !text.is_empty() {
            let _ = write!(self.0, "<{element}>{}</{element}>", escaped(text));
        }
    }

    /// Nothing at all when there is nothing to tell.
    fn list(&mut self, heading: &str, lines: impl IntoIterator<Item = String>) {
        let mut lines = lines.into_iter().peekable();
        if lines.peek().is_none() {
            return;
        }
        self.text("h2", heading);
        self.0.push_str("<ul>");
        for line in lines {
            self.text("li", &line);
        }
        self.0.push_str("</ul>");
    }

    fn telephone(&mut self, name: &str, number: &str) {
        if !number.is_empty() {
            let number = escaped(number);
            let _ = write!(
                self.0,
                "<p>{name}：<a href=\"tel:{number}\">{number}</a></p>"
            );
        }
    }

    fn end(mut self, sample: bool) -> Html<String> {
        self.text("p", "和窗口说的不一样时，以窗口为准。");
        if sample {
            self.text("small", "这是示例，仅供试用。");
        }
        self.0.push_str("</html>");
        Html(self.0)
    }
}

/// Text that cannot be taken for anything else on a page.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            c => safe.push(c),
        }
    }
    safe
}

/// An identifier as one segment of an address.
fn encoded(id: &str) -> String {
    id.bytes().fold(String::new(), |mut text, byte| {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.') {
            text.push(char::from(byte));
        } else {
            let _ = write!(text, "%{byte:02X}");
        }
        text
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::*;

    #[test]
    fn what_a_guide_says_stays_text() {
        assert_eq!(
            escaped("<a href='x'>\"&\"</a>"),
            "&lt;a href=&#39;x&#39;&gt;&quot;&amp;&quot;&lt;/a&gt;"
        );
        assert_eq!(encoded("a/../b 新"), "a%2F..%2Fb%20%E6%96%B0");
    }
}
