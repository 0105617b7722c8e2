//! What a guide page says, section by section, in the order people ask: can I, what to bring, how long, how much.

use iced::widget::{Column, Row, column, row};
use iced::{Center, Element, Fill};
use jinban_api::documents::{IntermediaryService, ReviewRule};
use jinban_api::guide::{Attachment, Capture, Guide, Material, Necessity, TimeLimit};

use super::Message;
use crate::interface::theme::style::Tone;
use crate::interface::theme::{Icon, Ui};
use crate::interface::widget::{
    Face, Joint, badge, card, notice, number, small_action, titled_card, titled_rows,
};
use crate::interface::words;

pub(super) fn conditions<'a>(ui: &Ui, guide: &'a Guide) -> Option<Element<'a, Message>> {
    (!guide.conditions.is_empty()).then(|| {
        let lines = guide
            .conditions
            .iter()
            .map(|condition| ui.body(condition.as_str()).into());
        titled_card(
            ui,
            t!("guide.can_i"),
            Column::with_children(lines).spacing(ui.mm(1.0)),
        )
    })
}

/// How a material is taken in, as a badge.
pub fn capture_badge<'a, M: 'a>(ui: &Ui, capture: Capture) -> Element<'a, M> {
    let (tone, words) = match capture {
        Capture::Card => (Tone::Success, t!("capture.card")),
        Capture::Scan => (Tone::Primary, t!("capture.scan")),
        Capture::Form => (Tone::Success, t!("capture.form")),
        Capture::Shared => (Tone::Success, t!("capture.shared")),
        Capture::Window => (Tone::Warning, t!("capture.window")),
    };
    badge(ui, tone, words)
}

pub(super) fn materials<'a>(ui: &Ui, guide: &'a Guide) -> Vec<(Element<'a, Message>, Joint)> {
    let entries = guide
        .materials
        .iter()
        .enumerate()
        .map(|(index, material)| material_row(ui, guide, index + 1, material));
    titled_rows(ui, t!("guide.bring"), entries.collect())
}

/// Nothing is known here of what to bring: say whom to ask, rather than show nothing.
pub(super) fn bare<'a>(ui: &Ui, guide: &'a Guide) -> Option<Element<'a, Message>> {
    guide.materials.is_empty().then(|| {
        let reason = if guide.is_bare() {
            t!("guide.bare")
        } else {
            t!("guide.no_materials")
        };
        notice(
            ui,
            Tone::Neutral,
            Icon::Phone,
            t!("guide.ask_window"),
            reason,
        )
    })
}

fn material_row<'a>(
    ui: &Ui,
    guide: &'a Guide,
    index: usize,
    material: &'a Material,
) -> Element<'a, Message> {
    let mut about = column![ui.strong(material.name.as_str())]
        .spacing(ui.mm(0.6))
        .width(Fill);
    let counts = words::counts(material.capture(), material.originals, material.copies);
    let mut facts: Vec<std::borrow::Cow<'a, str>> = Vec::new();
    if let Some(note) = &material.note {
        facts.push(note.as_str().into());
    }
    if let Some(counts) = counts {
        facts.push(counts);
    }
    match material.necessity() {
        Necessity::Required => {}
        Necessity::Optional => facts.push(t!("guide.optional")),
        Necessity::MayFollow => facts.push(t!("guide.may_follow")),
    }
    for fact in facts {
        about = about.push(ui.caption(fact));
    }
    if let Some(when) = words::applies_when(guide, &material.applies_when) {
        about = about.push(
            ui.caption(t!("guide.only_when", when = when))
                .color(ui.palette().primary),
        );
    }
    let papers = [
        (&material.blank_form, t!("guide.blank_form")),
        (&material.sample, t!("guide.sample_of")),
    ];
    let mut look = Row::new().spacing(ui.mm(4.0));
    for (paper, words) in papers {
        look = look.push(paper.as_ref().map(|paper| look_at(ui, words, paper)));
    }
    let has_papers = material.blank_form.is_some() || material.sample.is_some();
    row![
        number(ui, index),
        about.push(has_papers.then_some(look)),
        capture_badge(ui, material.capture())
    ]
    .spacing(ui.mm(5.5))
    .align_y(Center)
    .into()
}

/// A button that shows a paper.
fn look_at<'a>(
    ui: &Ui,
    words: std::borrow::Cow<'a, str>,
    paper: &Attachment,
) -> Element<'a, Message> {
    small_action(
        ui,
        Face::words(words).before(Icon::FileText),
        Message::LookAt(paper.clone()),
    )
}

/// 办好以后拿到什么, with a sample where there is one.
pub(super) fn results<'a>(ui: &Ui, guide: &'a Guide) -> Vec<(Element<'a, Message>, Joint)> {
    let entries = guide.results.iter().map(|result| {
        let look = |sample| look_at(ui, t!("guide.sample_of"), sample);
        row![column![ui.body(result.name.as_str())].width(Fill)]
            .push(result.sample.as_ref().map(look))
            .spacing(ui.mm(5.0))
            .align_y(Center)
            .into()
    });
    titled_rows(ui, t!("guide.results"), entries.collect())
}

/// 中介服务: what somebody has to be paid for before one can come.
pub(super) fn intermediaries<'a>(
    ui: &Ui,
    services: &'a [IntermediaryService],
) -> Vec<(Element<'a, Message>, Joint)> {
    let entries = services.iter().map(|service| {
        let mut about = column![ui.strong(service.name.as_str())].spacing(ui.mm(0.6));
        let facts = [
            (service.outcome.as_ref()).map(|what| t!("guide.intermediary_outcome", what = what)),
            (service.qualification.as_ref()).map(|who| t!("guide.intermediary_who", who = who)),
            (service.charge.as_ref()).map(|fee| t!("guide.intermediary_charge", fee = fee)),
            (service.basis.as_ref()).map(|why| t!("guide.intermediary_basis", why = why)),
        ];
        for fact in facts.into_iter().flatten() {
            about = about.push(ui.caption(fact));
        }
        let time = service.time.as_ref().and_then(|time| time.known().copied());
        about
            .push(time.map(|time| {
                ui.caption(t!(
                    "guide.intermediary_time",
                    time = words::time_limit(time)
                ))
            }))
            .into()
    });
    titled_rows(ui, t!("guide.intermediary"), entries.collect())
}

/// 审查要点: what whoever reviews the case looks at, so that nobody has to come twice.
pub(super) fn review<'a>(
    ui: &Ui,
    guide: &'a Guide,
    rule: &'a ReviewRule,
) -> Vec<(Element<'a, Message>, Joint)> {
    let entries = rule.points.iter().map(|point| {
        let material = point.material.as_ref().and_then(|id| {
            let known = guide.materials.iter().find(|material| material.id == *id);
            known.map(|material| ui.caption(material.name.as_str()))
        });
        Column::new()
            .push(material)
            .push(ui.body(point.point.as_str()))
            .push(point.standard.as_deref().map(|good| ui.caption(good)))
            .spacing(ui.mm(0.6))
            .into()
    });
    titled_rows(ui, t!("guide.review"), entries.collect())
}

pub(super) fn time_and_money<'a>(ui: &Ui, guide: &'a Guide) -> Element<'a, Message> {
    let promised = guide.promised().or(guide.legal());
    let time = column![
        ui.label(t!("guide.how_long")).color(ui.palette().primary),
        ui.heading(promised.map_or_else(|| t!("guide.ask_time").into_owned(), words::time_limit)),
        ui.caption(match guide.legal() {
            Some(TimeLimit::OnTheSpot) | None => String::new(),
            Some(legal) => t!("guide.legal", time = words::time_limit(legal)).into_owned(),
        }),
    ]
    .spacing(ui.mm(0.8));
    let mut money =
        column![ui.label(t!("guide.how_much")).color(ui.palette().primary)].spacing(ui.mm(0.8));
    if guide.is_free() {
        money = money
            .push(ui.heading(t!("guide.no_fee")))
            .push(ui.caption(t!("guide.no_fee_note")));
    } else if guide.charges().is_empty() {
        money = money.push(ui.heading(t!("guide.ask_time")));
    } else {
        for fee in guide.charges() {
            money = money
                .push(fee.amount_fen.map(|fen| ui.heading(words::yuan(fen))))
                .push(ui.caption(t!(
                    "guide.fee_line",
                    name = fee.name,
                    standard = fee.standard
                )));
        }
    }
    row![card(ui, time), card(ui, money)]
        .spacing(ui.gap())
        .into()
}

pub(super) fn faq<'a>(ui: &Ui, guide: &'a Guide) -> Vec<(Element<'a, Message>, Joint)> {
    let entries = guide.faq.iter().map(|question| {
        column![
            ui.strong(question.question.as_str()),
            ui.body(question.answer.as_str())
                .color(ui.palette().text_soft)
        ]
        .spacing(ui.mm(1.0))
        .into()
    });
    titled_rows(ui, t!("guide.faq"), entries.collect())
}

pub(super) fn process<'a>(ui: &Ui, guide: &'a Guide) -> Option<Element<'a, Message>> {
    (!guide.process.is_empty()).then(|| {
        let rows = guide.process.iter().enumerate().map(|(index, link)| {
            let mut line = row![
                number(ui, index + 1),
                column![ui.body(link.name.as_str())]
                    .push(link.by.as_deref().map(|by| ui.caption(by)))
                    .width(Fill)
            ]
            .spacing(ui.mm(5.0))
            .align_y(Center);
            if let Some(time) = link.time.as_ref().and_then(|time| time.known().copied()) {
                line = line.push(ui.caption(words::time_limit(time)));
            }
            line.into()
        });
        titled_card(
            ui,
            t!("guide.process"),
            Column::with_children(rows).spacing(ui.mm(2.5)),
        )
    })
}

pub(super) fn places<'a>(ui: &Ui, guide: &'a Guide) -> Option<Element<'a, Message>> {
    (!guide.places.is_empty()).then(|| {
        let rows = guide.places.iter().map(|place| {
            column![
                ui.strong(place.name.as_str()),
                ui.caption(place.address.as_str()),
            ]
            .push((!place.hours.is_empty()).then(|| ui.caption(place.hours.as_str())))
            .push(
                place
                    .phone
                    .as_deref()
                    .map(|phone| ui.caption(t!("guide.phone", phone = phone))),
            )
            .into()
        });
        titled_card(
            ui,
            t!("guide.where"),
            Column::with_children(rows).spacing(ui.mm(3.0)),
        )
    })
}

pub(super) fn phones<'a>(ui: &Ui, guide: &'a Guide) -> Element<'a, Message> {
    titled_card(
        ui,
        t!("guide.ask"),
        column![ui.body(guide.department.name.as_str())]
            .push(
                (!guide.consult_phone.is_empty())
                    .then(|| ui.body(t!("guide.consult", phone = guide.consult_phone))),
            )
            .push(
                (!guide.complaint_phone.is_empty())
                    .then(|| ui.body(t!("guide.complain", phone = guide.complaint_phone))),
            )
            .spacing(ui.mm(0.8)),
    )
}

/// 依据和您的权利; a law that is published here can be opened.
pub(super) fn law<'a>(ui: &Ui, guide: &'a Guide) -> Vec<(Element<'a, Message>, Joint)> {
    let mut rows: Vec<Element<'a, Message>> = Vec::new();
    for basis in &guide.basis {
        let article = basis.article.as_deref().unwrap_or_default();
        let words = t!("guide.basis_line", title = basis.title, article = article);
        let open = basis.law.as_ref().map(|law| {
            small_action(
                ui,
                Face::words(t!("guide.read_law")).before(Icon::BookOpen),
                Message::Law(law.clone()),
            )
        });
        let said = column![ui.caption(words)]
            .push(basis.text.as_deref().map(|text| ui.caption(text)))
            .width(Fill);
        rows.push(row![said].push(open).align_y(Center).into());
    }
    let lines = (guide.rights.iter())
        .chain(&guide.duties)
        .chain(&guide.remedies);
    rows.extend(lines.map(|line| ui.caption(line.as_str()).into()));
    titled_rows(ui, t!("guide.basis"), rows)
}
