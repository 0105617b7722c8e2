//! Step: the form, one question group a page; what came from the card is shown with its origin and locked.

use std::borrow::Cow;
use std::collections::BTreeMap;

use iced::widget::{Column, Row, column, container, row};
use iced::{Center, Element, Fill};
use jinban_api::guide::{Field, FieldGroup, Input};
use jinban_input::Mode;

use crate::filing::Draft;
use crate::filing::draft::FieldProblem;
use crate::interface::input::date::{self, Picking};
use crate::interface::input::field;
use crate::interface::input::keyboard::{Key, Keyboard, Output, Pad};
use crate::interface::theme::Ui;
use crate::interface::theme::style::{self, Kind, Tone};
use crate::interface::widget::action;
use crate::session::masking;

/// The step's state: which group, which field, and the texts being typed.
#[derive(Clone, Debug, Default)]
pub struct Form {
    /// Index into the form's groups.
    pub group: usize,
    focus: Option<usize>,
    picking: Option<Picking>,
    problems: BTreeMap<String, FieldProblem>,
}

/// What a person does here.
#[derive(Clone, Debug)]
pub enum Message {
    /// A field was tapped.
    Focus(usize),
    /// A choice was tapped.
    Choose {
        /// Name of the field.
        field: String,
        /// Value of the choice.
        value: String,
    },
    /// A key.
    Key(Key),
    /// A date tile.
    Date(date::Message),
}

impl Form {
    /// Opens group `group`, with the first field that still wants typing in hand.
    pub fn open(group: usize, draft: &Draft, keyboard: &mut Keyboard) -> Self {
        let mut form = Self {
            group,
            ..Self::default()
        };
        let first = form.fields(draft).iter().position(|field| {
            !matches!(field.input(), Input::Choice { .. }) && draft.answer(&field.name).is_none()
        });
        if let Some(first) = first {
            form.focus(first, draft, keyboard);
        }
        form
    }

    fn fields<'a>(&self, draft: &'a Draft) -> &'a [Field] {
        self.described(draft).map_or(&[], |group| &group.fields)
    }

    fn described<'a>(&self, draft: &'a Draft) -> Option<&'a FieldGroup> {
        draft.guide().form.as_ref()?.groups.get(self.group)
    }

    fn focus(&mut self, index: usize, draft: &Draft, keyboard: &mut Keyboard) {
        let Some(field) = self.fields(draft).get(index) else {
            return;
        };
        self.focus = Some(index);
        self.picking = None;
        match field.input() {
            Input::Date => {
                let year = draft
                    .answer_text(&field.name)
                    .get(..4)
                    .and_then(|year| year.parse().ok())
                    .unwrap_or(2020);
                self.picking = Some(Picking::around(year));
            }
            Input::Choice { .. } => self.focus = None,
            _ => keyboard.show(pad(field.input())),
        }
    }

    /// Checks the group; true when the person can go on.
    pub fn check(&mut self, draft: &Draft, keyboard: &mut Keyboard) -> bool {
        self.problems = draft.check_group(self.group).into_iter().collect();
        let wrong = self
            .fields(draft)
            .iter()
            .position(|field| self.problems.contains_key(&field.name));
        if let Some(wrong) = wrong {
            self.focus(wrong, draft, keyboard);
        }
        wrong.is_none()
    }

    /// Takes one message; true when an answer changed.
    pub fn update(&mut self, message: Message, draft: &mut Draft, keyboard: &mut Keyboard) -> bool {
        match message {
            Message::Focus(index) => {
                self.leave(draft);
                self.focus(index, draft, keyboard);
                false
            }
            Message::Choose { field, value } => {
                self.problems.remove(&field);
                draft.answer_field(&field, &value).is_ok()
            }
            Message::Key(key) => self.key(key, draft, keyboard),
            Message::Date(message) => {
                let Some(picking) = &mut self.picking else {
                    return false;
                };
                let Some(date) = date::update(picking, message) else {
                    return false;
                };
                let Some(name) = self.focused_name(draft) else {
                    return false;
                };
                self.problems.remove(&name);
                let changed = draft.answer_field(&name, &date.to_string()).is_ok();
                self.next_field(draft, keyboard);
                changed
            }
        }
    }

    fn focused_name(&self, draft: &Draft) -> Option<String> {
        self.focus
            .and_then(|index| self.fields(draft).get(index))
            .map(|field| field.name.clone())
    }

    fn key(&mut self, key: Key, draft: &mut Draft, keyboard: &mut Keyboard) -> bool {
        let Some(name) = self.focused_name(draft) else {
            return false;
        };
        let mut text = draft.answer_text(&name);
        match keyboard.press(key) {
            Output::Composing => return false,
            Output::Insert(more) => text.push_str(&more),
            Output::Backspace => {
                text.pop();
            }
            Output::Clear => text.clear(),
            Output::Done => {
                self.next_field(draft, keyboard);
                return false;
            }
        }
        self.problems.remove(&name);
        draft.answer_field(&name, &text).is_ok()
    }

    /// A field that was left is checked at once, unless it is still empty.
    fn leave(&mut self, draft: &Draft) {
        if let Some(name) = self.focused_name(draft)
            && draft.answer(&name).is_some()
            && let Err(problem) = draft.check_field(&name)
        {
            self.problems.insert(name, problem);
        }
    }

    fn next_field(&mut self, draft: &Draft, keyboard: &mut Keyboard) {
        self.leave(draft);
        let fields = self.fields(draft);
        let from = self.focus.map_or(0, |index| index + 1);
        let next = (from..fields.len()).find(|index| {
            !matches!(fields[*index].input(), Input::Choice { .. })
                && draft.answer(&fields[*index].name).is_none()
        });
        match next {
            Some(next) => self.focus(next, draft, keyboard),
            None => {
                self.focus = None;
                self.picking = None;
            }
        }
    }

    /// Draws the group.
    pub fn view<'a>(
        &self,
        ui: &Ui,
        draft: &'a Draft,
        keyboard: &'a Keyboard,
    ) -> Element<'a, Message> {
        let Some(group) = self.described(draft) else {
            return column![].into();
        };
        let mut all: Column<'a, Message> =
            column![ui.title(group.title.as_str())].spacing(ui.gap());
        all = all.push(from_card(ui, draft));
        for (index, field) in group.fields.iter().enumerate() {
            all = all.push(self.field(ui, draft, keyboard, index, field));
        }
        iced::widget::scrollable(all).into()
    }

    fn field<'a>(
        &self,
        ui: &Ui,
        draft: &'a Draft,
        keyboard: &'a Keyboard,
        index: usize,
        described: &'a Field,
    ) -> Element<'a, Message> {
        let problem = self
            .problems
            .get(&described.name)
            .map(|problem| problem_words(problem));
        if let Input::Choice { options } = described.input() {
            return choice(ui, draft, described, options, problem);
        }
        let optional = !required(draft, described);
        let focused = self.focus == Some(index);
        field::view(
            ui,
            field::Face {
                label: &described.label,
                text: grouped(described.input(), draft.answer_text(&described.name)).into(),
                composing: if focused { keyboard.composing() } else { "" },
                placeholder: described
                    .placeholder
                    .as_deref()
                    .map_or_else(|| t!("field.placeholder"), Cow::Borrowed),
                help: described.help.as_deref().map(Cow::Borrowed),
                problem,
                optional,
                focused,
            },
            Message::Focus(index),
        )
    }

    /// The keyboard for the field in hand, none while nothing is being typed.
    pub fn keyboard<'a>(
        &self,
        ui: &Ui,
        draft: &'a Draft,
        keyboard: &'a Keyboard,
    ) -> Option<Element<'a, Message>> {
        if let Some(picking) = self.picking {
            return Some(date::view(ui, picking).map(Message::Date));
        }
        let field = self.fields(draft).get(self.focus?)?;
        Some(keyboard.view(ui, pad(field.input())).map(Message::Key))
    }
}

/// Whether the form insists on it.
fn required(draft: &Draft, field: &Field) -> bool {
    draft
        .guide()
        .form
        .as_ref()
        .and_then(|form| form.schema.get("required"))
        .and_then(|names| names.as_array())
        .is_some_and(|names| names.iter().any(|n| n.as_str() == Some(&field.name)))
}

fn choice<'a>(
    ui: &Ui,
    draft: &Draft,
    field: &'a Field,
    options: &'a [jinban_api::guide::Choice],
    problem: Option<Cow<'static, str>>,
) -> Element<'a, Message> {
    let chosen = draft.answer_text(&field.name);
    let columns = if options.iter().any(|o| o.label.chars().count() > 8) {
        1
    } else if options.len().is_multiple_of(3) || options.len() > 4 {
        3
    } else {
        2
    };
    let mut rows = Column::new().spacing(ui.mm(3.0));
    for line in options.chunks(columns) {
        rows = rows.push(
            Row::with_children(line.iter().map(|option| {
                let kind = if option.value == chosen {
                    Kind::Chosen
                } else {
                    Kind::Secondary
                };
                action(
                    ui,
                    kind,
                    option.label.as_str(),
                    Some(Message::Choose {
                        field: field.name.clone(),
                        value: option.value.clone(),
                    }),
                )
                .height(ui.text_mm(23.0))
                .width(Fill)
                .into()
            }))
            .spacing(ui.mm(3.0)),
        );
    }
    let label = field::label(ui, &field.label, !required(draft, field));
    let mut all = column![label, rows].spacing(ui.mm(2.0));
    if let Some(problem) = problem {
        all = all.push(ui.label(problem).color(ui.palette().urgent));
    } else if let Some(help) = &field.help {
        all = all.push(ui.caption(help.as_str()));
    }
    all.into()
}

fn from_card<'a>(ui: &Ui, draft: &'a Draft) -> Option<Element<'a, Message>> {
    let applicant = draft.applicant()?;
    Some(
        container(
            column![
                ui.label(t!("form.from_card")).color(ui.palette().success),
                row![
                    container(ui.heading(applicant.name.as_str())).width(Fill),
                    ui.body(masking::id_number(&applicant.id_number)),
                ]
                .align_y(Center)
            ]
            .spacing(ui.mm(0.8)),
        )
        .padding([ui.mm(5.0), ui.pad() * 0.8])
        .width(Fill)
        .style(style::notice(ui, Tone::Success))
        .into(),
    )
}

fn pad(input: &Input) -> Pad {
    match input {
        Input::Text => Pad::Pinyin(Mode::Text),
        Input::Name => Pad::Pinyin(Mode::Name),
        Input::Address => Pad::Pinyin(Mode::Address),
        Input::IdNumber => Pad::IdNumber,
        Input::Phone | Input::Digits | Input::Number | Input::Date | Input::Choice { .. } => {
            Pad::Digits
        }
    }
}

/// Long numbers are shown in groups of four, as they stand on a bank card.
fn grouped(input: &Input, text: String) -> String {
    if !matches!(input, Input::Digits) || text.len() < 9 {
        return text;
    }
    text.chars()
        .collect::<Vec<_>>()
        .chunks(4)
        .map(|four| four.iter().collect::<String>())
        .collect::<Vec<_>>()
        .join(" ")
}

/// Why an answer does not fit, said kindly.
pub fn problem_words(problem: &FieldProblem) -> Cow<'static, str> {
    match problem {
        FieldProblem::Missing => t!("problem.missing"),
        FieldProblem::TooShort { min } => t!("problem.too_short", min = min),
        FieldProblem::TooLong { max } => t!("problem.too_long", max = max),
        FieldProblem::Pattern | FieldProblem::Unfit => t!("problem.pattern"),
        FieldProblem::NotANumber => t!("problem.not_a_number"),
        FieldProblem::TooSmall { min } => t!("problem.too_small", min = min),
        FieldProblem::TooLarge { max } => t!("problem.too_large", max = max),
        FieldProblem::NotAChoice => t!("problem.not_a_choice"),
        FieldProblem::NotADate => t!("problem.not_a_date"),
        FieldProblem::WrongCheckDigit => t!("problem.check_digit"),
        FieldProblem::Said(words) => Cow::Owned(words.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bank_card_number_is_shown_in_fours() {
        assert_eq!(
            grouped(&Input::Digits, "6210000000000000123".to_owned()),
            "6210 0000 0000 0000 123"
        );
        assert_eq!(grouped(&Input::Text, "6210000000".to_owned()), "6210000000");
    }
}
