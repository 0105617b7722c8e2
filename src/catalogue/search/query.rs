//! A query as it is understood: its pieces and what each weighs, the phrases in it, and what is to be done.

use super::heard::{Said, phrases};
use super::lexicon::{Actions, Lexicon};
use super::sound::Syllable;
use super::text::normalise;
use super::token::{Token, tokens};
use super::wanted::{Wanted, wanted};
use super::weights::weights;

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::search::lexicon::Action;

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
