//! Numbers as people say them: amounts whole, dates as dates, whatever is dialled or copied digit by digit.

use zeroize::Zeroizing;

use super::prepare::is_han;
use crate::language::Language;

/// What is counted or paid may be said whole, however large.
const COUNTED: &str = "元万亿块角分人个份件天日年月米平亩户岁公里千克斤吨条项步页种次倍小％%";
/// Numbers after these are dialled or copied down, however short.
const DIALLED: [&str; 8] = [
    "电话", "热线", "拨打", "请拨", "编号", "号码", "call", "phone",
];
/// From this many digits on, a number that counts nothing is an identifier.
const IDENTIFIER: usize = 5;

/// `text` with its numbers written as they are said.
pub(super) fn spoken(text: &str, voice: Language) -> Zeroizing<String> {
    let mut all = Zeroizing::new(String::with_capacity(text.len() * 2));
    let mut rest = text;
    while let Some(at) = rest.find(|c: char| c.is_ascii_alphanumeric()) {
        let (before, from) = rest.split_at(at);
        all.push_str(before);
        let (run, after) = from.split_at(run_length(from));
        let context = Context {
            before: &text[..text.len() - from.len()],
            after,
            voice,
        };
        all.push_str(&context.say(run));
        rest = after;
    }
    all.push_str(rest);
    all
}

/// Letters, digits, and the marks that join them within a number.
fn run_length(from: &str) -> usize {
    let bytes = from.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let mut end = 0;
    while let Some(byte) = bytes.get(end) {
        let joined = match byte {
            b'-' => bytes.get(end + 1).is_some_and(u8::is_ascii_alphanumeric),
            b'.' | b',' | b':' => end > 0 && digit(end - 1) && digit(end + 1),
            // A bank card in fours.
            b' ' => end >= 4 && (end - 4..end).all(digit) && (end + 1..end + 4).all(digit),
            byte => byte.is_ascii_alphanumeric(),
        };
        if !joined {
            break;
        }
        end += 1;
    }
    end
}

/// Where a number stands.
struct Context<'a> {
    before: &'a str,
    after: &'a str,
    voice: Language,
}

impl Context<'_> {
    fn say(&self, run: &str) -> Zeroizing<String> {
        let digits = run.bytes().filter(u8::is_ascii_digit).count();
        if digits == 0 {
            return run.to_owned().into();
        }
        if run.bytes().any(|b| b.is_ascii_alphabetic()) {
            return self.mixed(run, digits);
        }
        let groups: Vec<&str> = run.split(['-', ' ']).collect();
        if let [one] = groups[..] {
            return self.single(one);
        }
        self.date(&groups)
            .or_else(|| self.range(&groups))
            .unwrap_or_else(|| self.copied(&groups))
    }

    /// An identifier with letters in it; `A4` and `COVID-19` stay words.
    fn mixed(&self, run: &str, digits: usize) -> Zeroizing<String> {
        if digits < 3 {
            return run.replace('-', " ").into();
        }
        self.copied(&run.split(['-', ' ']).collect::<Vec<_>>())
    }

    fn single(&self, number: &str) -> Zeroizing<String> {
        if let Some((hours, minutes)) = number.split_once(':') {
            return self.time(hours, minutes);
        }
        let whole: Zeroizing<String> = number.replace(',', "").into();
        let parts = whole.matches('.').count();
        let year = whole.len() == 4 && parts == 0 && self.after.trim_start().starts_with('年');
        if year {
            return digits_of(&whole, self.voice, Ones::Plain);
        }
        let identifier = match parts {
            0 => {
                (whole.len() > 1 && whole.starts_with('0'))
                    || (whole.len() >= IDENTIFIER && !number.contains(',') && !self.counted())
                    || self.dialled()
                    || self.masked()
            }
            1 => false,
            _ => true,
        };
        if identifier {
            return self.copied(&whole.split('.').collect::<Vec<_>>());
        }
        if self.voice == Language::Chinese && self.after.starts_with(['%', '％']) {
            // The mark itself is taken off later.
            return format!("百分之{}", whole.as_str()).into();
        }
        whole
    }

    fn counted(&self) -> bool {
        let next = self.after.trim_start().chars().next();
        match self.voice {
            Language::Chinese => next.is_some_and(|c| COUNTED.contains(c)),
            Language::English => self.after.trim_start().starts_with("yuan"),
        }
    }

    /// The rest of it is hidden on the screen.
    fn masked(&self) -> bool {
        self.before.ends_with('*') || self.after.starts_with('*')
    }

    fn dialled(&self) -> bool {
        let before = self
            .before
            .trim_end_matches(|c: char| !c.is_alphanumeric())
            .to_lowercase();
        !self.counted() && DIALLED.iter().any(|word| before.ends_with(word))
    }

    fn time(&self, hours: &str, minutes: &str) -> Zeroizing<String> {
        match (self.voice, hours.trim_start_matches('0'), minutes) {
            (Language::English, _, _) => format!("{hours}:{minutes}"),
            (Language::Chinese, "", "00") => "0点".to_owned(),
            (Language::Chinese, "", _) => format!("0点{minutes}分"),
            (Language::Chinese, hours, "00") => format!("{hours}点"),
            (Language::Chinese, hours, _) => format!("{hours}点{minutes}分"),
        }
        .into()
    }

    /// 2026-11-20.
    fn date(&self, groups: &[&str]) -> Option<Zeroizing<String>> {
        let [year, month, day] = groups else {
            return None;
        };
        if (year.len(), month.len(), day.len()) != (4, 2, 2) {
            return None;
        }
        let (y, m, d) = (year.parse().ok()?, month.parse().ok()?, day.parse().ok()?);
        jiff::civil::Date::new(y, m, d).ok()?;
        Some(match self.voice {
            Language::Chinese => {
                let year = digits_of(year, self.voice, Ones::Plain);
                format!("{}年{m}月{d}日", year.as_str()).into()
            }
            Language::English => format!("{day} {month} {year}").into(),
        })
    }

    /// 3-5, 8:30-12:00: from one to the other.
    fn range(&self, groups: &[&str]) -> Option<Zeroizing<String>> {
        let [from, to] = groups else { return None };
        let times = from.contains(':') && to.contains(':');
        let small = |part: &str| part.len() <= 3 && !part.starts_with('0');
        if !(times || small(from) && small(to)) {
            return None;
        }
        let word = match self.voice {
            Language::Chinese => "到",
            Language::English => " to ",
        };
        let (from, to) = (self.single(from), self.single(to));
        Some(format!("{}{word}{}", from.as_str(), to.as_str()).into())
    }

    /// Digit by digit, with a pause between groups.
    fn copied(&self, groups: &[&str]) -> Zeroizing<String> {
        let pause = match self.voice {
            Language::Chinese => "，",
            Language::English => ", ",
        };
        let mut all = Zeroizing::new(String::new());
        let whole: usize = groups.iter().map(|group| group.len()).sum();
        let joined: Zeroizing<String> = groups.concat().into();
        let (said, groups) = match joined.split_at_checked(whole.saturating_sub(LAST)) {
            Some((_, last)) if is_private(groups) => {
                all.push_str(match self.voice {
                    Language::Chinese => "尾号",
                    Language::English => "ending in",
                });
                (true, vec![last])
            }
            _ => (false, groups.to_vec()),
        };
        for group in groups.iter().flat_map(|group| breaths(group)) {
            if said {
                all.push(' ');
            } else if !all.is_empty() {
                all.push_str(pause);
            }
            all.push_str(&digits_of(group, self.voice, Ones::Unmistakable));
        }
        // Whatever follows is no further digit.
        if self.after.trim_start().starts_with(is_han) && self.voice == Language::Chinese {
            all.push('，');
        }
        all
    }
}

/// Digits that are said of a number that others in the room must not hear.
const LAST: usize = 4;

/// Numbers of identity cards and bank accounts: everybody in the room hears what is spoken. A case number,
/// which people copy down, has hyphens in it.
fn is_private(groups: &[&str]) -> bool {
    let digits: usize = groups.iter().map(|group| group.len()).sum();
    let in_fours = groups.len() > 2 && groups[..groups.len() - 1].iter().all(|g| g.len() == 4);
    digits >= 15 && (groups.len() == 1 || in_fours)
}

/// A long group as it is said: a mobile number 3-4-4, others by fours.
fn breaths(group: &str) -> Vec<&str> {
    let sizes: &[usize] = match group.len() {
        11 => &[3, 4, 4],
        length if length > 8 => &[4; 8],
        _ => &[],
    };
    let (mut all, mut rest) = (Vec::new(), group);
    for &size in sizes {
        if let Some((breath, more)) = rest.split_at_checked(size)
            && !more.is_empty()
        {
            all.push(breath);
            rest = more;
        }
    }
    all.push(rest);
    all
}

/// How a one is said.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ones {
    /// 一.
    Plain,
    /// 幺, which nobody takes for a seven.
    Unmistakable,
}

fn digits_of(group: &str, voice: Language, ones: Ones) -> Zeroizing<String> {
    let mut all = Zeroizing::new(String::new());
    for c in group.chars() {
        match (voice, c) {
            (Language::Chinese, '1') if ones == Ones::Unmistakable => all.push('幺'),
            (Language::Chinese, '0'..='9') => {
                let digit = c.to_digit(10).unwrap_or_default() as usize;
                all.extend("零一二三四五六七八九".chars().nth(digit));
            }
            _ => {
                if !all.is_empty() {
                    all.push(' ');
                }
                all.push(c);
            }
        }
    }
    all
}
