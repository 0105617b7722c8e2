//! Step: the materials, one by one: lay it down, look at the picture, take it again or keep it.

use std::borrow::Cow;

use iced::alignment::Horizontal;
use iced::widget::{Column, column, container, image, row};
use iced::{Center, Element, Fill};
use jinban_api::guide::Material;
use jinban_api::ids::MaterialId;
use jinban_devices::imaging::PageFlaw;

use crate::filing::Draft;
use crate::filing::draft::{CapturedPage, MediaType, Provision, RequiredMaterial};
use crate::interface::theme::style::{Kind, Tone};
use crate::interface::theme::{Icon, Shape, Ui, style};
use crate::interface::widget::{Face, action, badge, card, divider, notice, number};
use crate::interface::words;
use crate::peripherals::{ScanProblem, ScannedPicture};

/// What is going on at the scanner.
#[derive(Debug, Default)]
pub enum Scanning {
    /// Nothing.
    #[default]
    Idle,
    /// The scanner is working for this material.
    Busy(MaterialId),
    /// A picture waits for the person's word.
    Shown {
        /// For this material.
        material: MaterialId,
        /// The page as it would be kept.
        page: CapturedPage,
        /// Drawn on the screen.
        preview: image::Handle,
        /// What is doubtful about it.
        flaw: Option<PageFlaw>,
    },
    /// It went wrong.
    Failed {
        /// For this material.
        material: MaterialId,
        /// What happened, in the scanner's terms.
        problem: ScanProblem,
    },
}

/// The step's state.
#[derive(Debug, Default)]
pub struct Materials {
    /// The scanner.
    pub scanning: Scanning,
}

/// What a person does here.
#[derive(Clone, Debug)]
pub enum Message {
    /// 开始扫描.
    Scan(MaterialId),
    /// 用这张.
    Keep,
    /// 重拍.
    Again,
    /// The picture is put away without keeping it.
    PutAway,
    /// 以后补交.
    Promise(MaterialId),
    /// 删掉重来: what was handed in for it goes.
    Clear(MaterialId),
}

impl Materials {
    /// The scanner answered.
    pub fn scanned(&mut self, result: Result<ScannedPicture, ScanProblem>) {
        let Scanning::Busy(material) = std::mem::take(&mut self.scanning) else {
            return;
        };
        self.scanning = match result {
            Ok(picture) => Scanning::Shown {
                material,
                preview: image::Handle::from_rgba(
                    picture.preview_width,
                    picture.preview_height,
                    picture.preview_rgba,
                ),
                page: CapturedPage::new(MediaType::Jpeg, picture.jpeg),
                flaw: picture.flaw,
            },
            Err(problem) => Scanning::Failed { material, problem },
        };
    }

    /// Whether the scanner is at work.
    pub fn busy(&self) -> bool {
        matches!(self.scanning, Scanning::Busy(_))
    }
}

/// Whether everything that must be handed in has been.
pub fn complete(draft: &Draft) -> bool {
    !draft.materials().iter().any(RequiredMaterial::is_missing)
}

/// Draws the step.
pub fn view<'a>(ui: &Ui, state: &'a Materials, draft: &'a Draft) -> Element<'a, Message> {
    match &state.scanning {
        Scanning::Idle => list(ui, draft),
        Scanning::Busy(material) => busy(ui, find(draft, material)),
        Scanning::Shown {
            material,
            preview,
            flaw,
            ..
        } => shown(ui, find(draft, material), preview, *flaw),
        Scanning::Failed { material, problem } => failed(ui, draft, material, problem),
    }
}

fn find<'a>(draft: &'a Draft, id: &MaterialId) -> Option<&'a Material> {
    draft.guide().materials.iter().find(|m| m.id == *id)
}

fn list<'a>(ui: &Ui, draft: &'a Draft) -> Element<'a, Message> {
    let mut rows = Column::new().spacing(ui.mm(3.5));
    let mut next_offered = false;
    for (index, required) in draft.materials().into_iter().enumerate() {
        if index > 0 {
            rows = rows.push(divider(ui));
        }
        let offered = !next_offered && required.needs_hands() && required.provided.is_none();
        next_offered |= offered;
        rows = rows.push(entry(ui, index + 1, &required, offered));
    }
    let head = if complete(draft) {
        t!("materials.complete")
    } else {
        t!("materials.title")
    };
    iced::widget::scrollable(column![ui.title(head), card(ui, rows)].spacing(ui.gap())).into()
}

fn entry<'a>(
    ui: &Ui,
    index: usize,
    required: &RequiredMaterial<'a>,
    offered: bool,
) -> Element<'a, Message> {
    let material = required.material;
    let mut about = column![ui.strong(material.name.as_str())]
        .spacing(ui.mm(0.6))
        .width(Fill);
    if let Some(note) = &material.note {
        about = about.push(ui.caption(note.as_str()));
    }
    if let Some(counts) = words::counts(material.capture(), material.originals, material.copies) {
        about = about.push(ui.caption(counts));
    }
    let (tone, said): (Tone, Cow<'a, str>) = match required.provided {
        Some(Provision::Pages(pages, _)) => {
            (Tone::Success, t!("materials.pages", count = pages.len()))
        }
        Some(Provision::Card) => (Tone::Success, t!("materials.card")),
        Some(Provision::Form) => (Tone::Success, t!("materials.form")),
        Some(Provision::Shared) => (Tone::Success, t!("materials.shared")),
        Some(Provision::Promised) => (Tone::Warning, t!("materials.promised")),
        Some(Provision::Window) => (Tone::Warning, t!("materials.window")),
        None if required.is_missing() => (Tone::Urgent, t!("materials.missing")),
        None => (Tone::Neutral, t!("materials.optional")),
    };
    let mut all = column![
        row![number(ui, index), about, badge(ui, tone, said)]
            .spacing(ui.mm(5.0))
            .align_y(Center)
    ]
    .spacing(ui.mm(3.0));
    if required.needs_hands() {
        let id = material.id.clone();
        let mut ways = row![].spacing(ui.mm(4.0));
        let has_pages = matches!(required.provided, Some(Provision::Pages(..)));
        let scan_words = if has_pages {
            t!("materials.another_page")
        } else {
            t!("materials.scan")
        };
        ways = ways.push(
            action(
                ui,
                if offered {
                    Kind::Primary
                } else {
                    Kind::Secondary
                },
                Face::words(scan_words).before(Icon::Scan),
                Some(Message::Scan(id.clone())),
            )
            .height(ui.text_mm(23.0)),
        );
        if required.provided.is_some() {
            ways = ways.push(
                action(
                    ui,
                    Kind::Secondary,
                    t!("materials.clear"),
                    Some(Message::Clear(id)),
                )
                .height(ui.text_mm(23.0)),
            );
        } else if required.may_follow() {
            ways = ways.push(
                action(
                    ui,
                    Kind::Secondary,
                    t!("materials.promise"),
                    Some(Message::Promise(id)),
                )
                .height(ui.text_mm(23.0)),
            );
        }
        all = all.push(ways);
    }
    all.into()
}

fn busy<'a>(ui: &Ui, material: Option<&'a Material>) -> Element<'a, Message> {
    let p = ui.palette();
    container(
        column![
            ui.icon(Icon::Scan, 40.0, p.primary),
            ui.title(t!("materials.scanning")),
            ui.body(material.map_or("", |m| m.name.as_str())),
            ui.body(t!("materials.do_not_move")).color(p.text_soft),
        ]
        .spacing(ui.gap())
        .align_x(Horizontal::Center),
    )
    .center(Fill)
    .into()
}

fn shown<'a>(
    ui: &Ui,
    material: Option<&'a Material>,
    preview: &'a image::Handle,
    flaw: Option<PageFlaw>,
) -> Element<'a, Message> {
    let picture = container(
        image(preview.clone())
            .content_fit(iced::ContentFit::Contain)
            .width(Fill)
            .height(Fill),
    )
    .padding(ui.mm(4.0))
    .width(Fill)
    .height(Fill)
    .style(style::card(ui));
    let said: Element<'a, Message> = match flaw {
        Some(flaw) => {
            let (title, detail) = flaw_words(flaw);
            notice(ui, Tone::Warning, Icon::TriangleAlert, title, detail)
        }
        None => ui.body(t!("materials.look")).into(),
    };
    let ways = row![
        action(
            ui,
            Kind::Secondary,
            Face::words(t!("materials.again")).before(Icon::Rotate),
            Some(Message::Again)
        ),
        action(
            ui,
            if flaw.is_some() {
                Kind::Secondary
            } else {
                Kind::Primary
            },
            Face::words(t!("materials.keep")).before(Icon::Check),
            Some(Message::Keep)
        ),
    ]
    .spacing(ui.gap());
    let title = ui.title(material.map_or("", |m| m.name.as_str()));
    match ui.shape() {
        Shape::Portrait => column![title, picture, said, ways].spacing(ui.gap()).into(),
        Shape::Landscape => row![
            picture,
            column![title, said, ways].spacing(ui.gap()).width(Fill)
        ]
        .spacing(ui.gap())
        .into(),
    }
}

fn failed<'a>(
    ui: &Ui,
    draft: &'a Draft,
    id: &'a MaterialId,
    problem: &'a ScanProblem,
) -> Element<'a, Message> {
    let material = find(draft, id);
    let (title, detail) = scan_words(*problem);
    let mut ways = row![action(
        ui,
        Kind::Secondary,
        Face::words(t!("materials.try_again")).before(Icon::Rotate),
        Some(Message::Again)
    )]
    .spacing(ui.gap());
    let may_follow = draft
        .materials()
        .iter()
        .any(|required| required.material.id == *id && required.may_follow());
    if may_follow {
        ways = ways.push(action(
            ui,
            Kind::Secondary,
            t!("materials.promise"),
            Some(Message::Promise(id.clone())),
        ));
    }
    ways = ways.push(action(
        ui,
        Kind::Secondary,
        t!("materials.to_list"),
        Some(Message::PutAway),
    ));
    column![
        ui.title(material.map_or("", |m| m.name.as_str())),
        notice(ui, Tone::Warning, Icon::TriangleAlert, title, detail),
        ways
    ]
    .spacing(ui.gap())
    .into()
}

/// What is doubtful about a page, and what to do.
fn flaw_words(flaw: PageFlaw) -> (Cow<'static, str>, Cow<'static, str>) {
    match flaw {
        PageFlaw::Blank => (t!("materials.blank"), t!("materials.blank_note")),
        PageFlaw::Blurred => (t!("materials.blurred"), t!("materials.blurred_note")),
        PageFlaw::TooSmall => (t!("materials.small"), t!("materials.small_note")),
        PageFlaw::CutOff => (t!("materials.cut_off"), t!("materials.cut_off_note")),
        PageFlaw::WrongShape => (t!("materials.strip"), t!("materials.strip_note")),
        PageFlaw::Dark => (t!("materials.dark"), t!("materials.dark_note")),
        PageFlaw::Duplicate => (t!("materials.twice"), t!("materials.twice_note")),
    }
}

/// What happened at the scanner, and what to do.
fn scan_words(problem: ScanProblem) -> (Cow<'static, str>, Cow<'static, str>) {
    match problem {
        ScanProblem::Jammed => (t!("scan.jammed"), t!("scan.jammed_do")),
        ScanProblem::NoPaper => (t!("scan.no_paper"), t!("scan.no_paper_do")),
        ScanProblem::CoverOpen => (t!("scan.cover"), t!("scan.cover_do")),
        ScanProblem::Busy => (t!("scan.busy"), t!("scan.busy_do")),
        ScanProblem::Slow => (t!("scan.slow"), t!("scan.slow_do")),
        ScanProblem::Missing => (t!("scan.missing"), t!("scan.missing_do")),
        ScanProblem::Fault => (t!("scan.fault"), t!("scan.fault_do")),
    }
}
