//! What is published must be complete and must not contradict itself: the rules, and what breaks them.

mod codes;
mod required;
mod rules;
mod structure;
#[cfg(test)]
mod tests;
mod whole;
#[cfg(test)]
mod whole_tests;

use jinban_api::catalogue::Theme;
use jinban_api::guide::Guide;
use serde::Serialize;

pub use codes::{is_social_credit_code, scheme_of};
pub use whole::{Contradiction, check_whole};

/// A rule that published guides obey.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    /// 1: promised 即办 if and only if the 办件类型 is 即办件.
    OnTheSpot,
    /// 2: promised within the legal time.
    PromiseWithinLegal,
    /// 3: the kind of result agrees with its name.
    ResultKind,
    /// 4: visits are explained; without any, it goes online or by mail.
    Visits,
    /// 5: depth IV means no visit.
    Depth,
    /// 6: a fee has item, standard and basis; what is free is not paid online.
    Fees,
    /// 7: two different telephones with area code.
    Phones,
    /// 8: whom it serves agrees with the theme lists.
    Audience,
    /// 9: a licence has a common question and five links.
    Licence,
    /// 10: a result has a sample.
    ResultSample,
    /// On the list of what must be there before an item is published.
    Required,
    /// What refers to something refers to something that is there, and a form can be filled in.
    Structure,
    /// A code does not look as its scheme says: a reminder, never a reason to refuse.
    Code,
}

impl Rule {
    /// Its number on the list of ten, if it is one of them.
    pub fn number(self) -> Option<u8> {
        let at = self as u8 + 1;
        (at <= 10).then_some(at)
    }

    /// 规则 4, or what it is otherwise called.
    pub fn title(self) -> String {
        match self {
            Self::Required => "必填".to_owned(),
            Self::Structure => "前后对应".to_owned(),
            Self::Code => "编码".to_owned(),
            numbered => format!("规则{}", numbered as u8 + 1),
        }
    }
}

/// What breaks a rule, told to the one who wrote the guide.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Which field of the guide, for example `fees[0].basis`.
    pub field: String,
    /// Which rule.
    pub rule: Rule,
    /// What is wrong, in Chinese.
    pub message: String,
}

/// What came of checking one guide.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// What must be mended.
    pub violations: Vec<Finding>,
    /// What should be looked at.
    pub reminders: Vec<Finding>,
}

/// Checks `guide`. `themes` are the tiles it may stand under; with none, what needs them is not checked.
pub fn check(guide: &Guide, themes: &[Theme]) -> Verdict {
    let mut found = Found {
        guide,
        themes,
        verdict: Verdict::default(),
    };
    found.rules();
    found.required();
    found.structure();
    found.codes();
    found.verdict
}

/// Collects what is wrong, so that one run tells everything.
struct Found<'a> {
    guide: &'a Guide,
    themes: &'a [Theme],
    verdict: Verdict,
}

impl Found<'_> {
    /// Notes `message` against `field` unless `holds`.
    fn hold(&mut self, rule: Rule, field: &str, holds: bool, message: impl Into<String>) {
        if !holds {
            self.verdict.violations.push(Finding {
                field: field.to_owned(),
                rule,
                message: message.into(),
            });
        }
    }

    fn remind(&mut self, field: &str, message: String) {
        self.verdict.reminders.push(Finding {
            field: field.to_owned(),
            rule: Rule::Code,
            message,
        });
    }
}

fn blank(text: &str) -> bool {
    text.trim().is_empty()
}
