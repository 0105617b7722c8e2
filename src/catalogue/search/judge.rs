//! A close look at one guide: how much of the query it answers, by which of its names, and why.

use std::sync::Arc;

use super::heard::Said;
use super::lexicon::{Actions, Lexicon, Meaning};
use super::query::Query;
use super::score::{Match, lay, share};
use super::segment::names;
use super::text::{Unit, normalise, units};
use super::token::Token;
use super::{Hit, How, MatchReason, Occasion};
use crate::catalogue::entry::{GuideEntry, Handling};

/// A meaning counts from so much of it on.
const MEANT: f32 = 0.74;
/// Each further meaning of a phrase is a little less likely.
const LESS_LIKELY: f32 = 0.08;
/// A summary says many things besides.
const SUMMARY: f32 = 0.5;
const DEPARTMENT: f32 = 0.75;
/// How much of the score depends on the name saying nothing more than was asked.
const CONCISE: f32 = 0.22;

/// What a guide is worth as an answer.
pub(super) struct Judged {
    pub score: f32,
    /// Which share of the query is answered, 0–1.
    pub answered: f32,
    reason: MatchReason,
    how: How,
}

impl Judged {
    pub(super) fn into_hit(self, guide: Arc<GuideEntry>) -> Hit {
        Hit {
            guide,
            reason: self.reason,
            how: self.how,
            score: (self.score.max(0.0) * 1000.0).round() as u32,
        }
    }
}

/// Judges guides by one query.
pub(super) struct Judge<'a> {
    query: &'a Query,
    wanted: Actions,
    total: f32,
}

/// What answers a piece of the query, and how well.
#[derive(Clone)]
struct Answer {
    fit: f32,
    how: How,
    by: By,
}

/// Where an answer comes from.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum By {
    /// The position among [`names`].
    Name(usize),
    /// The positions of a phrase in the query and of its meaning.
    Phrase(usize, usize),
    Department,
    Summary,
}

impl<'a> Judge<'a> {
    pub(super) fn new(query: &'a Query) -> Self {
        Self {
            query,
            wanted: query.actions(),
            total: query.weights.iter().sum::<f32>().max(f32::MIN_POSITIVE),
        }
    }

    /// None when nothing of the guide has to do with the query.
    pub(super) fn judge(&self, guide: &GuideEntry, occasion: &Occasion<'_>) -> Option<Judged> {
        let name = units(&guide.name);
        let official = self.by_name(guide, 0, &name);
        let mut best = official;
        for (at, other) in names(guide).enumerate().skip(1) {
            let other = self.by_name(guide, at, &units(other));
            if preference(&other) > preference(&best) {
                best = other;
            }
        }
        let (mut score, answers) = best;
        let answered = self.sum(&answers);
        if answered <= 0.0 {
            return None;
        }
        let does = Lexicon::get().actions_of(&name);
        score += self.by_action(does);
        score += by_occasion(guide, occasion);
        let (reason, how) = self.reason(guide, &answers, answered);
        Some(Judged {
            score,
            answered,
            reason,
            how,
        })
    }

    /// The score by one of the names, everything else of the guide considered too.
    fn by_name(&self, guide: &GuideEntry, at: usize, name: &[Unit]) -> (f32, Vec<Answer>) {
        let laid = lay(&self.query.tokens, name);
        let mut covered = laid.covered;
        let mut answers = answers(&laid, By::Name(at), 1.0);
        for (phrase, said) in self.query.phrases.iter().enumerate() {
            by_phrase(guide, name, (phrase, said), &mut answers, &mut covered);
        }
        let does = Lexicon::get().actions_of(name);
        for wanted in &self.query.wanted {
            if does.has(wanted.action) {
                for answer in &mut answers[wanted.from..wanted.to] {
                    answer.fit = answer.fit.max(0.9);
                }
            }
        }
        if department_named(self.query, &guide.department) > 0.0 {
            let laid = lay(&self.query.tokens, &units(&guide.department));
            better(
                &mut answers,
                self::answers(&laid, By::Department, DEPARTMENT),
            );
        }
        if answers.iter().any(|answer| answer.fit < 0.3) && !guide.summary.is_empty() {
            by_summary(&self.query.tokens, &guide.summary, &mut answers);
        }
        let long = name.len().clamp(1, 128) as f32;
        let concise = covered.count_ones() as f32 / long;
        let score = self.sum(&answers) * (1.0 - CONCISE + CONCISE * concise);
        (score, answers)
    }

    fn sum(&self, answers: &[Answer]) -> f32 {
        let answered: f32 = (answers.iter().zip(&self.query.weights))
            .map(|(answer, weight)| answer.fit * weight)
            .sum();
        answered / self.total
    }

    /// What people did not ask for stands behind what they did; a first application is what most come for.
    fn by_action(&self, does: Actions) -> f32 {
        use super::lexicon::Action::{Apply, Query};
        if !self.wanted.is_empty() {
            return match () {
                () if does.meets(self.wanted) => 0.06,
                () if does.is_empty() || does.has(Apply) => 0.0,
                () => -0.08,
            };
        }
        match () {
            () if does.has(Apply) => 0.02,
            () if does.is_empty() => 0.0,
            () if does.has(Query) => -0.03,
            () => -0.05,
        }
    }

    fn reason(&self, guide: &GuideEntry, answers: &[Answer], answered: f32) -> (MatchReason, How) {
        let mut worth: Vec<(By, f32)> = Vec::new();
        let mut how = How::Literal;
        for (answer, weight) in answers.iter().zip(&self.query.weights) {
            if answer.fit <= 0.0 {
                continue;
            }
            how = how.max(answer.how);
            match worth.iter_mut().find(|(by, _)| *by == answer.by) {
                Some((_, sum)) => *sum += answer.fit * weight,
                None => worth.push((answer.by, answer.fit * weight)),
            }
        }
        if answered < 0.6 {
            return (MatchReason::Similar, How::Overlap);
        }
        // 老年证 for 老年人优待证: that two characters stand there is not the reason.
        let total: f32 = worth.iter().map(|(_, sum)| sum).sum();
        let by_phrase = |(by, sum): &&(By, f32)| matches!(by, By::Phrase(..)) && *sum > 0.2 * total;
        let most = |a: &&(By, f32), b: &&(By, f32)| a.1.total_cmp(&b.1);
        let main = (worth.iter().filter(by_phrase).max_by(most)).or(worth.iter().max_by(most));
        let reason = match main.map(|(by, _)| *by) {
            Some(By::Phrase(phrase, meaning)) => self.word(phrase, meaning, guide),
            Some(By::Department) => MatchReason::Department(guide.department.to_string()),
            Some(By::Summary) => MatchReason::Text,
            Some(By::Name(at)) => {
                let official = at == 0 || (at == 1 && guide.short_name.is_some());
                match names(guide).nth(at) {
                    Some(alias) if !official => MatchReason::Alias(alias.to_owned()),
                    _ => MatchReason::Name,
                }
            }
            None => MatchReason::Similar,
        };
        (reason, how)
    }

    fn word(&self, phrase: usize, meaning: usize, guide: &GuideEntry) -> MatchReason {
        let said = self.query.phrases[phrase].phrase;
        match &Lexicon::get().meanings[said.meaning][meaning] {
            Meaning::Department(_) => MatchReason::Department(guide.department.to_string()),
            Meaning::Words(words) => {
                let means: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
                MatchReason::Word {
                    said: said.said.clone(),
                    means: means.join(""),
                }
            }
        }
    }
}

/// Of two names that say the same, the one that says it itself is the better reason.
fn preference((score, answers): &(f32, Vec<Answer>)) -> f32 {
    let plain = answers
        .iter()
        .filter(|answer| matches!(answer.by, By::Name(_)));
    score + 0.01 * plain.map(|answer| answer.fit).sum::<f32>() / answers.len() as f32
}

/// Neighbouring characters that stand in the summary are some answer too.
fn by_summary(tokens: &[Token], summary: &str, answers: &mut [Answer]) {
    let summary: Vec<char> = normalise(summary).collect();
    for at in 1..tokens.len() {
        let pair = (tokens[at - 1].character(), tokens[at].character());
        let (Some(a), Some(b)) = pair else { continue };
        if summary.windows(2).any(|said| said == [a, b]) {
            for answer in &mut answers[at - 1..=at] {
                if answer.fit < SUMMARY {
                    *answer = Answer {
                        fit: SUMMARY,
                        how: How::Literal,
                        by: By::Summary,
                    };
                }
            }
        }
    }
}

/// What a phrase of the query means, if this name says it.
fn by_phrase(
    guide: &GuideEntry,
    name: &[Unit],
    (phrase, said): (usize, &Said),
    answers: &mut [Answer],
    covered: &mut u128,
) {
    let meanings = &Lexicon::get().meanings[said.phrase.meaning];
    let mut best: Option<(f32, usize, u128)> = None;
    for (at, meaning) in meanings.iter().enumerate() {
        let (fit, mask) = match meaning {
            Meaning::Department(part) => {
                let named = guide.department.contains(part.as_str());
                (if named { DEPARTMENT } else { 0.0 }, 0)
            }
            Meaning::Words(words) => {
                let mut fits = 1.0_f32;
                let mut mask = 0;
                for word in words {
                    let (fit, place) = share(&word.units, name);
                    fits = fits.min(fit);
                    mask |= place;
                    if fit < MEANT {
                        break;
                    }
                }
                (fits, mask)
            }
        };
        let fit = fit * (1.0 - LESS_LIKELY * at as f32);
        if fit >= MEANT * 0.8 && best.is_none_or(|(held, ..)| fit > held) {
            best = Some((fit, at, mask));
        }
    }
    let Some((fit, meaning, mask)) = best else {
        return;
    };
    let fit = fit * said.quality;
    *covered |= mask;
    for (at, answer) in answers.iter_mut().enumerate() {
        // Where both say the same, the name itself is the plainer reason.
        if said.pieces.has(at) && fit > answer.fit {
            *answer = Answer {
                fit,
                how: said.how,
                by: By::Phrase(phrase, meaning),
            };
        }
    }
}

fn answers(laid: &Match, by: By, worth: f32) -> Vec<Answer> {
    (laid.fits.iter().zip(&laid.hows))
        .map(|(fit, how)| Answer {
            fit: fit * worth,
            how: how.unwrap_or(How::Literal),
            by,
        })
        .collect()
}

fn better(answers: &mut [Answer], others: Vec<Answer>) {
    for (answer, other) in answers.iter_mut().zip(others) {
        if other.fit > answer.fit {
            *answer = other;
        }
    }
}

/// What it is worth that the query names this department.
pub(super) fn department_named(query: &Query, department: &str) -> f32 {
    let named = query
        .departments
        .iter()
        .any(|part| department.contains(part));
    if named { 3.0 } else { 0.0 }
}

/// What can be done here, what is in season, and what is used here go first among equals.
fn by_occasion(guide: &GuideEntry, occasion: &Occasion<'_>) -> f32 {
    let here = match guide.handling {
        Handling::Full => 0.012,
        Handling::InPerson => 0.006,
        Handling::GuideOnly => 0.0,
    };
    let season = match occasion.month {
        Some(month) if guide.in_season(month) => 0.015,
        _ => 0.0,
    };
    let used = (1.0 + occasion.usage.of(&guide.id) as f32).ln() * 0.004;
    here + season + used.min(0.02)
}
