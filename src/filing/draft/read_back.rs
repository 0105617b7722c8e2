//! What will be sent, in the order in which it is read back to the person.

use jinban_api::guide::{Field, Input};
use serde_json::Value;

use super::Draft;
use super::material::Provision;

/// One part of what is read back.
#[derive(Clone, Debug, PartialEq)]
pub struct ReadBackSection {
    /// What the part is about.
    pub part: ReadBackPart,
    /// Its lines; never empty.
    pub lines: Vec<ReadBackLine>,
}

/// What a part is about, and thereby where "change" leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadBackPart {
    /// Facts of the card; not to be changed.
    Applicant,
    /// Answers to the situation questions.
    Situations,
    /// One page of the form, counted from 0, with its title.
    Form {
        /// Which group.
        group: usize,
        /// Its title.
        title: String,
    },
    /// Materials.
    Materials,
    /// What it costs.
    Fees,
}

/// One line: a label and what stands for it.
#[derive(Clone, Debug, PartialEq)]
pub struct ReadBackLine {
    /// What it is.
    pub label: ReadBackLabel,
    /// What will be sent.
    pub value: ReadBackValue,
}

/// A label: the guide's words, or a fact of the card that the interface names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadBackLabel {
    /// The guide's words.
    Text(String),
    /// 姓名.
    Name,
    /// 公民身份号码.
    IdNumber,
    /// 住址.
    Address,
}

/// What stands for a line. The texts are unmasked: this is the page where the person checks them.
#[derive(Clone, PartialEq)]
pub enum ReadBackValue {
    /// Words.
    Text(String),
    /// So many pages.
    Pages(usize),
    /// Read from the card.
    Card,
    /// Made from the form.
    Form,
    /// The department fetches it.
    Shared,
    /// To be brought later.
    Promised,
    /// The original goes to a window.
    Window,
    /// Left out, and may be.
    LeftOut,
    /// An amount in 分.
    Fen(u64),
}

impl std::fmt::Debug for ReadBackValue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Text(_) => f.write_str("Text(hidden)"),
            Self::Pages(count) => write!(f, "Pages({count})"),
            Self::Card => f.write_str("Card"),
            Self::Form => f.write_str("Form"),
            Self::Shared => f.write_str("Shared"),
            Self::Promised => f.write_str("Promised"),
            Self::Window => f.write_str("Window"),
            Self::LeftOut => f.write_str("LeftOut"),
            Self::Fen(fen) => write!(f, "Fen({fen})"),
        }
    }
}

impl Drop for ReadBackValue {
    fn drop(&mut self) {
        if let Self::Text(text) = self {
            zeroize::Zeroize::zeroize(text);
        }
    }
}

impl Draft {
    /// What will be sent, part by part; parts without lines are left out.
    pub fn read_back(&self) -> Vec<ReadBackSection> {
        let mut sections = vec![self.read_back_applicant(), self.read_back_situations()];
        sections.extend(self.read_back_form());
        sections.push(self.read_back_materials());
        sections.push(self.read_back_fees());
        sections.retain(|section| !section.lines.is_empty());
        sections
    }

    fn read_back_applicant(&self) -> ReadBackSection {
        let lines = self.applicant.iter().flat_map(|applicant| {
            [
                (ReadBackLabel::Name, &applicant.name),
                (ReadBackLabel::IdNumber, &applicant.id_number),
                (ReadBackLabel::Address, &applicant.address),
            ]
        });
        ReadBackSection {
            part: ReadBackPart::Applicant,
            lines: lines
                .map(|(label, value)| ReadBackLine {
                    label,
                    value: ReadBackValue::Text(value.clone()),
                })
                .collect(),
        }
    }

    fn read_back_situations(&self) -> ReadBackSection {
        let lines = self.guide.situations.iter().filter_map(|situation| {
            let chosen = self.situations.get(&situation.id)?;
            let option = situation
                .options
                .iter()
                .find(|option| option.id == *chosen)?;
            Some(text_line(&situation.question, option.label.clone()))
        });
        ReadBackSection {
            part: ReadBackPart::Situations,
            lines: lines.collect(),
        }
    }

    fn read_back_form(&self) -> impl Iterator<Item = ReadBackSection> {
        let groups = self
            .guide
            .form
            .iter()
            .flat_map(|form| &form.groups)
            .enumerate();
        groups.map(|(group, described)| ReadBackSection {
            part: ReadBackPart::Form {
                group,
                title: described.title.clone(),
            },
            lines: described
                .fields
                .iter()
                .filter_map(|field| {
                    let value = self.answers.get(&field.name)?;
                    Some(text_line(&field.label, shown(field, value)))
                })
                .collect(),
        })
    }

    fn read_back_materials(&self) -> ReadBackSection {
        let lines = self.materials().into_iter().map(|required| ReadBackLine {
            label: ReadBackLabel::Text(required.material.name.clone()),
            value: match required.provided {
                Some(Provision::Pages(pages, _)) => ReadBackValue::Pages(pages.len()),
                Some(Provision::Card) => ReadBackValue::Card,
                Some(Provision::Form) => ReadBackValue::Form,
                Some(Provision::Shared) => ReadBackValue::Shared,
                Some(Provision::Promised) => ReadBackValue::Promised,
                Some(Provision::Window) => ReadBackValue::Window,
                None => ReadBackValue::LeftOut,
            },
        });
        ReadBackSection {
            part: ReadBackPart::Materials,
            lines: lines.collect(),
        }
    }

    fn read_back_fees(&self) -> ReadBackSection {
        let lines = self.fees().map(|fee| ReadBackLine {
            label: ReadBackLabel::Text(fee.name.clone()),
            value: fee.amount_fen.map_or_else(
                || ReadBackValue::Text(fee.standard.clone()),
                ReadBackValue::Fen,
            ),
        });
        ReadBackSection {
            part: ReadBackPart::Fees,
            lines: lines.collect(),
        }
    }
}

fn text_line(label: &str, value: String) -> ReadBackLine {
    ReadBackLine {
        label: ReadBackLabel::Text(label.to_owned()),
        value: ReadBackValue::Text(value),
    }
}

/// An answer as the person gave it: the label of a choice, not its code.
fn shown(field: &Field, value: &Value) -> String {
    let text = match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    match field.input() {
        Input::Choice { options } => options
            .iter()
            .find(|option| option.value == text)
            .map_or(text, |option| option.label.clone()),
        _ => text,
    }
}
