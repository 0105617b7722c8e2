//! A query as it is understood: its pieces and what each weighs, the phrases in it, and what is to be done.

use super::How;
use super::lexicon::{Action, Actions, Lexicon, Phrase};
use super::sound::Syllable;
use super::text::{Unit, normalise};
use super::token::{Token, tokens};

/// No more phrases than these are followed up, the best first.
const MOST_PHRASES: usize = 12;
/// What a word that says nothing weighs, against one that does.
const FILLER_WEIGHT: f32 = 0.06;
/// What a character weighs that forms no word of a name with its neighbours, against how rare it is.
const ALONE_WEIGHT: f32 = 0.45;
/// What a character weighs that stands in no name, against the rarest.
const UNKNOWN_WEIGHT: f32 = 0.15;
/// What a piece of a phrase weighs that no name says, against the rarest.
const MEANT_WEIGHT: f32 = 0.6;
/// The same for a phrase that only says whom or what it is about.
const WEAK_WEIGHT: f32 = 0.2;

/// A phrase of the lexicon, found in the query.
#[derive(Clone, Debug)]
pub(super) struct Said {
    pub phrase: &'static Phrase,
    /// The pieces it takes up.
    pub pieces: Pieces,
    /// 1 is the very words.
    pub quality: f32,
    pub how: How,
}

/// Some of a query's pieces, by their positions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Pieces(u64);

impl Pieces {
    pub(super) fn add(&mut self, at: usize) {
        self.0 |= 1 << at.min(63);
    }

    pub(super) fn has(self, at: usize) -> bool {
        at < 64 && self.0 & (1 << at) != 0
    }

    pub(super) fn count(self) -> usize {
        self.0.count_ones() as usize
    }
}

/// What is to be done, and which pieces say so.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted {
    pub action: Action,
    pub from: usize,
    pub to: usize,
}

/// A query, understood.
pub(super) struct Query {
    pub tokens: Vec<Token>,
    pub weights: Vec<f32>,
    pub phrases: Vec<Said>,
    pub wanted: Vec<Wanted>,
    /// Three characters that end as departments do (…政局), each a way to name one.
    pub departments: Vec<String>,
    /// The letters and digits, when it can be the beginning of a code.
    pub code: Option<String>,
}

/// What a query needs to know of the catalogue.
pub(super) trait Corpus {
    /// Whether these sounds, as heard, follow each other in any name.
    fn followed(&self, a: Syllable, b: Syllable) -> bool;
    /// In how many names these characters follow each other.
    fn neighbours(&self, a: char, b: char) -> usize;
    /// How rare what two pieces say together is; `None` when no name says it.
    fn rarity(&self, a: &Token, b: &Token) -> Option<f32>;
    /// How rare what one piece says is; `None` when no name says it.
    fn rarity_alone(&self, a: &Token) -> Option<f32>;
    /// How rare a thing is that no name says.
    fn rarest(&self) -> f32;
}

impl Query {
    pub(super) fn read(words: &str, corpus: &impl Corpus) -> Self {
        let lexicon = Lexicon::get();
        let tokens = tokens(normalise(words), |a, b| {
            lexicon.followed.contains(&(a, b)) || corpus.followed(a, b)
        });
        let phrases = phrases(&tokens, lexicon, corpus);
        let wanted = wanted(&tokens, &phrases, lexicon, corpus);
        let weights = weights(&tokens, &phrases, &wanted, lexicon, corpus);
        Self {
            departments: departments(&tokens),
            tokens,
            weights,
            phrases,
            wanted,
            code: code(words),
        }
    }

    /// Everything that is wanted done.
    pub(super) fn actions(&self) -> Actions {
        let mut actions = Actions::default();
        for wanted in &self.wanted {
            actions.add(wanted.action);
        }
        actions
    }
}

/// How the names of departments end.
const DEPARTMENTS: [char; 8] = ['局', '厅', '委', '所', '站', '府', '会', '心'];

fn departments(tokens: &[Token]) -> Vec<String> {
    let ends = |three: &&[Token]| {
        three[2]
            .character()
            .is_some_and(|c| DEPARTMENTS.contains(&c))
    };
    let named = tokens.windows(3).filter(ends);
    named
        .map(|three| three.iter().filter_map(Token::character).collect())
        .filter(|name: &String| name.chars().count() == 3)
        .collect()
}

/// A code has digits in it, and is longer than a number that somebody might mean otherwise.
fn code(words: &str) -> Option<String> {
    let bare: String = normalise(words).collect();
    let digits = bare.chars().filter(char::is_ascii_digit).count();
    let fits = bare.len() >= 4 && digits >= 3 && bare.chars().all(|c| c.is_ascii_alphanumeric());
    fits.then_some(bare)
}

/// The phrases that stand in the query, the longest and surest first.
fn phrases(tokens: &[Token], lexicon: &'static Lexicon, corpus: &impl Corpus) -> Vec<Said> {
    let mut found: Vec<Said> = Vec::new();
    for from in 0..tokens.len() {
        let begin: Vec<usize> = match &tokens[from] {
            Token::Initial(letter) => lexicon.by_letter.get(letter).cloned().unwrap_or_default(),
            Token::Character(unit) if unit.readings[0] == 0 => u8::try_from(unit.character)
                .ok()
                .and_then(|letter| lexicon.by_letter.get(&letter).cloned())
                .unwrap_or_default(),
            token => {
                let mut begin: Vec<usize> = token
                    .heard()
                    .filter_map(|sound| lexicon.by_sound.get(&sound))
                    .flatten()
                    .copied()
                    .collect();
                begin.sort_unstable();
                begin.dedup();
                begin
            }
        };
        found.extend(begin.into_iter().filter_map(|at| {
            let phrase = &lexicon.phrases[at];
            said(phrase, tokens, from).or_else(|| turned(phrase, tokens, from, corpus))
        }));
    }
    found.retain(|said| !misheard(said, tokens, corpus));
    found.sort_by(|a, b| {
        let worth = |said: &Said| said.pieces.count() as f32 * said.quality;
        worth(b).total_cmp(&worth(a))
    });
    found.truncate(MOST_PHRASES);
    found
}

/// Whether a phrase is only heard in what is a word of some name as it is written.
fn misheard(said: &Said, tokens: &[Token], corpus: &impl Corpus) -> bool {
    said.how == How::SameSound
        && (1..tokens.len()).any(|at| {
            let pair = (tokens[at - 1].character(), tokens[at].character());
            said.pieces.has(at - 1)
                && said.pieces.has(at)
                && matches!(pair, (Some(a), Some(b)) if corpus.neighbours(a, b) > 0)
                && said.pieces.count() <= 3
        })
}

/// How many pieces may stand between a verb and its object: 砍自家林子的树.
const WIDEST_GAP: usize = 7;
/// How far before its verb an object may stand.
const FARTHEST_OBJECT: usize = 9;

/// Whether this phrase begins at this piece.
fn said(phrase: &'static Phrase, tokens: &[Token], from: usize) -> Option<Said> {
    let length = phrase.units.len();
    let mut found = Said {
        phrase,
        pieces: Pieces::default(),
        quality: 0.0,
        how: How::Literal,
    };
    let (mut strength, mut evidence, mut fitting) = (0.0, 0.0, 0);
    // One mistake is forgiven: a wrong character, or something put in between.
    let mut forgiven = 1.0;
    let mut at = from;
    let literal = tokens[from].character() == phrase.units.first().map(|unit| unit.character);
    while fitting < length {
        let Some(token) = tokens.get(at) else { break };
        if let Some(fit) = token.fit(&phrase.units[fitting]) {
            strength += fit.strength;
            evidence += fit.evidence;
            found.how = found.how.max(fit.how);
        } else {
            let cost = (forgiven >= 1.0 && fitting >= 1)
                .then(|| mistake(&phrase.units[fitting..], &tokens[at..], length, literal))
                .flatten();
            let Some((wrong, skipped, cost)) = cost else {
                break;
            };
            forgiven = cost;
            if !wrong {
                at += skipped;
                continue;
            }
            found.how = How::Overlap;
        }
        found.pieces.add(at);
        fitting += 1;
        at += 1;
    }
    let complete = fitting == length;
    let typed_so_far = at == tokens.len() && fitting >= 2 && 2 * fitting >= length;
    if !(complete || typed_so_far && forgiven >= 1.0) {
        return None;
    }
    found.quality = forgiven * strength / fitting as f32;
    if !complete {
        found.quality *= 0.55 + 0.35 * fitting as f32 / length as f32;
    }
    let whole_query = from == 0 && at == tokens.len();
    let sure = match found.how {
        How::Initials => (whole_query && complete && fitting >= 2) || evidence >= 1.8,
        _ => evidence >= 1.2 || (fitting == 1 && tokens.len() == 1),
    };
    sure.then_some(found)
}

/// Whether a verb stands here and its object before it: 树被风吹倒了能不能砍 for 砍树. Neither may be part of
/// another word.
fn turned(
    phrase: &'static Phrase,
    tokens: &[Token],
    verb: usize,
    corpus: &impl Corpus,
) -> Option<Said> {
    let [first, second] = phrase.units.as_slice() else {
        return None;
    };
    let stands = |at: usize, unit: &Unit| {
        tokens[at].character() == Some(unit.character) && !in_a_word(tokens, at, at + 1, corpus)
    };
    if !stands(verb, first) {
        return None;
    }
    let nearby = verb.saturating_sub(FARTHEST_OBJECT)..verb;
    let object = nearby.rev().find(|&at| stands(at, second))?;
    let mut pieces = Pieces::default();
    pieces.add(verb);
    pieces.add(object);
    Some(Said {
        phrase,
        pieces,
        quality: 0.7,
        how: How::Literal,
    })
}

/// What went wrong where the next piece does not fit the phrase: whether the character is simply wrong, how
/// many pieces are too many, and which share of the phrase still counts.
fn mistake(
    rest: &[Unit],
    tokens: &[Token],
    length: usize,
    first_is_literal: bool,
) -> Option<(bool, usize, f32)> {
    let literal = |at: usize| tokens.get(at).and_then(Token::character);
    let follows = |from: usize| {
        (rest.iter().enumerate()).all(|(at, unit)| literal(from + at) == Some(unit.character))
    };
    // 生娃儿报销 for 生娃报销.
    if length >= 3 && follows(1) {
        return Some((false, 1, 0.95));
    }
    // 砍自家林子的树 for 砍树: a verb of one character, and its object.
    if length <= 3
        && rest.len() + 1 == length
        && first_is_literal
        && let Some(gap) = (1..=WIDEST_GAP).find(|&gap| follows(gap))
    {
        return Some((false, gap, 0.75));
    }
    let next = tokens.get(1).zip(rest.get(1));
    let goes_on = next.is_some_and(|(token, unit)| token.fit(unit).is_some());
    (length >= 4 && goes_on).then_some((true, 0, 0.8))
}

/// The words in the query that say what is to be done.
fn wanted(
    tokens: &[Token],
    phrases: &[Said],
    lexicon: &Lexicon,
    corpus: &impl Corpus,
) -> Vec<Wanted> {
    let mut wanted: Vec<Wanted> = Vec::new();
    let mut from = 0;
    while from < tokens.len() {
        let spoken = lexicon.spoken.iter().find(|(word, _)| {
            let Some(pieces) = tokens.get(from..from + word.len()) else {
                return false;
            };
            if word.len() == 1 {
                // 补 is an action, 补贴 is not.
                let within = phrases.iter().any(|said| said.pieces.has(from));
                return pieces[0].character() == Some(word[0].character)
                    && !within
                    && !in_a_word(tokens, from, from + 1, corpus);
            }
            pieces.iter().zip(word).all(|(piece, unit)| {
                (piece.fit(unit)).is_some_and(|fit| match piece {
                    Token::Character(_) => fit.strength >= 1.0,
                    _ => fit.strength >= 0.85 && fit.how == How::Pinyin,
                })
            })
        });
        if let Some((word, action)) = spoken {
            wanted.push(Wanted {
                action: *action,
                from,
                to: from + word.len(),
            });
            from += word.len();
        } else {
            from += 1;
        }
    }
    wanted
}

/// Whether the pieces form a word of some name together with a neighbour.
fn in_a_word(tokens: &[Token], from: usize, to: usize, corpus: &impl Corpus) -> bool {
    let pair = |a: Option<&Token>, b: Option<&Token>| match (
        a.and_then(Token::character),
        b.and_then(Token::character),
    ) {
        (Some(a), Some(b)) => corpus.neighbours(a, b) > 0,
        _ => false,
    };
    pair(
        from.checked_sub(1).and_then(|before| tokens.get(before)),
        tokens.get(from),
    ) || pair(tokens.get(to.saturating_sub(1)), tokens.get(to))
}

fn weights(
    tokens: &[Token],
    phrases: &[Said],
    wanted: &[Wanted],
    lexicon: &Lexicon,
    corpus: &impl Corpus,
) -> Vec<f32> {
    let sure = |said: &Said| said.quality >= 0.7 && said.pieces.count() >= 2;
    let by_phrase = |at: usize, weak: bool| {
        let mut said = phrases.iter().filter(|said| said.phrase.weak == weak);
        said.any(|said| sure(said) && said.pieces.has(at))
    };
    let to_do = |at: usize| wanted.iter().any(|w| w.from <= at && at < w.to);
    let meant = |at: usize| by_phrase(at, false) || to_do(at);
    let mut weights: Vec<f32> = (0..tokens.len())
        .map(|at| {
            let with_last = at
                .checked_sub(1)
                .and_then(|before| corpus.rarity(&tokens[before], &tokens[at]));
            let with_next = tokens
                .get(at + 1)
                .and_then(|next| corpus.rarity(&tokens[at], next));
            match (with_last, with_next) {
                (Some(a), Some(b)) => a.min(b),
                (Some(a), None) | (None, Some(a)) => a,
                // With neither neighbour a word of any name: what it says, nobody can answer for sure.
                (None, None) if meant(at) => MEANT_WEIGHT * corpus.rarest(),
                (None, None) if by_phrase(at, true) => WEAK_WEIGHT * corpus.rarest(),
                (None, None) if tokens.len() > 1 => match corpus.rarity_alone(&tokens[at]) {
                    Some(rarity) => ALONE_WEIGHT * rarity,
                    None => UNKNOWN_WEIGHT * corpus.rarest(),
                },
                (None, None) => corpus.rarest(),
            }
        })
        .collect();
    let characters: Vec<char> = tokens
        .iter()
        .map(|token| token.character().unwrap_or('\0'))
        .collect();
    let mut at = 0;
    while at < tokens.len() {
        let length = lexicon.filler(&characters[at..]);
        let means_something =
            (at..at + length).any(meant) || (length == 1 && in_a_word(tokens, at, at + 1, corpus));
        if length == 0 || means_something {
            at += 1;
            continue;
        }
        for weight in &mut weights[at..at + length] {
            *weight *= FILLER_WEIGHT;
        }
        at += length;
    }
    weights
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A catalogue in which only these words occur.
    struct Words(&'static [&'static str]);

    impl Corpus for Words {
        fn followed(&self, _: Syllable, _: Syllable) -> bool {
            false
        }

        fn neighbours(&self, a: char, b: char) -> usize {
            let pair = String::from_iter([a, b]);
            self.0.iter().filter(|word| word.contains(&pair)).count()
        }

        fn rarity(&self, a: &Token, b: &Token) -> Option<f32> {
            let (a, b) = (a.character()?, b.character()?);
            (self.neighbours(a, b) > 0).then_some(4.0)
        }

        fn rarity_alone(&self, _: &Token) -> Option<f32> {
            None
        }

        fn rarest(&self) -> f32 {
            8.0
        }
    }

    fn read(words: &str) -> Query {
        Query::read(words, &Words(&["补贴", "不动产登记", "养老保险"]))
    }

    fn said(words: &str) -> Vec<&'static str> {
        let phrases = read(words).phrases;
        phrases
            .iter()
            .map(|said| said.phrase.said.as_str())
            .collect()
    }

    #[test]
    fn a_phrase_is_heard_through_what_people_put_into_it() {
        for (words, phrase) in [
            ("砍树", "砍树"),
            ("砍自家林子的树", "砍树"),
            ("树被风吹倒了能不能砍", "砍树"),
            ("生娃儿报销", "生娃报销"),
            ("kanshu", "砍树"),
            ("ks", "砍树"),
            ("看数", "砍树"),
            ("wo要ban低保", "低保"),
            ("laonianz", "老年证"),
            ("新农何", "新农合"),
        ] {
            assert!(said(words).contains(&phrase), "{words}: {:?}", said(words));
        }
        for words in ["树", "k", "龘龘", ""] {
            assert!(said(words).is_empty(), "{words}: {:?}", said(words));
        }
    }

    #[test]
    fn what_is_to_be_done_is_heard_and_is_not_taken_from_inside_a_word() {
        let wanted = |words: &str| {
            let wanted = read(words).wanted;
            wanted.first().map(|wanted| wanted.action)
        };
        for (words, action) in [
            ("社保卡丢了", Some(Action::Replace)),
            ("社保卡补一个", Some(Action::Replace)),
            ("补残疾证", Some(Action::Replace)),
            ("补贴", None),
            ("营业执照注销", Some(Action::Cancel)),
            ("食品许可变更", Some(Action::Change)),
            ("到期了", Some(Action::Renew)),
            ("低保", None),
        ] {
            assert_eq!(wanted(words), action, "{words}");
        }
    }

    #[test]
    fn words_that_say_nothing_weigh_nothing_unless_they_are_part_of_a_name() {
        let query = read("我要给家里老人办一个养老保险");
        let weight = |at: usize| query.weights[at];
        assert!(weight(0) < 1.0 && weight(7) < 1.0);
        assert!(weight(10) >= 4.0 && weight(13) >= 4.0);
        // 不 alone says nothing; in 不动产 it does.
        assert!(read("不动产").weights[0] >= 4.0);
    }

    #[test]
    fn only_what_looks_like_a_code_is_one() {
        assert_eq!(read("511A-01487").code.as_deref(), Some("511a01487"));
        for words in ["80周岁", "12345"] {
            assert_eq!(read(words).code.is_some(), words == "12345", "{words}");
        }
        assert_eq!(read("dibao").code, None);
    }
}
