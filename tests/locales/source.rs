//! What a source file says: keys given to `t!`, and literals, without comments and without test modules.

use proc_macro2::{Delimiter, Group, Literal, TokenStream, TokenTree};

/// Whether it is a Chinese character.
pub fn is_han(character: char) -> bool {
    matches!(character, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}')
}

/// One `t!("key", fact = …)`.
#[derive(Debug, PartialEq, Eq)]
pub struct Said {
    /// The key.
    pub key: String,
    /// What is filled in; `locale` is no fact.
    pub facts: Vec<String>,
}

/// What stands in one file.
#[derive(Debug, Default)]
pub struct Source {
    /// Every `t!` with its key written there.
    pub said: Vec<Said>,
    /// How many `t!` get their key from elsewhere.
    pub picked: usize,
    /// Every text literal, also within macros.
    pub literals: Vec<String>,
}

impl Source {
    /// Reads Rust.
    pub fn read(rust: &str) -> Self {
        let mut source = Self::default();
        source.walk(rust.parse().expect("readable Rust"));
        source
    }

    fn walk(&mut self, tokens: TokenStream) {
        let mut tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let mut at = 0;
        while at < tokens.len() {
            match &tokens[at..] {
                // `#![…]` is read as `#[…]`.
                [
                    TokenTree::Punct(sign),
                    TokenTree::Punct(bang),
                    TokenTree::Group(_),
                    ..,
                ] if sign.as_char() == '#' && bang.as_char() == '!' => {
                    tokens.remove(at + 1);
                }
                [TokenTree::Punct(sign), TokenTree::Group(attribute), ..]
                    if sign.as_char() == '#' && attribute.delimiter() == Delimiter::Bracket =>
                {
                    let words = attribute.stream().to_string().replace(' ', "");
                    at += 2;
                    if words == "cfg(test)" {
                        at = after_item(&tokens, at);
                    } else if !words.starts_with("doc=") {
                        self.walk(attribute.stream());
                    }
                }
                [
                    TokenTree::Ident(name),
                    TokenTree::Punct(bang),
                    TokenTree::Group(group),
                    ..,
                ] if name == "t" && bang.as_char() == '!' => {
                    self.say(group);
                    at += 3;
                }
                [TokenTree::Group(group), ..] => {
                    self.walk(group.stream());
                    at += 1;
                }
                [TokenTree::Literal(literal), ..] => {
                    self.literals.extend(text_of(literal));
                    at += 1;
                }
                _ => at += 1,
            }
        }
    }

    fn say(&mut self, group: &Group) {
        let tokens: Vec<TokenTree> = group.stream().into_iter().collect();
        let key = match tokens.first() {
            Some(TokenTree::Literal(literal)) => text_of(literal),
            _ => None,
        };
        let facts = tokens.windows(3).filter_map(|three| match three {
            [
                TokenTree::Punct(comma),
                TokenTree::Ident(name),
                TokenTree::Punct(equals),
            ] if comma.as_char() == ',' && equals.as_char() == '=' && name != "locale" => {
                Some(name.to_string())
            }
            _ => None,
        });
        match key {
            Some(key) => self.said.push(Said {
                key,
                facts: facts.collect(),
            }),
            None => self.picked += 1,
        }
        // What is filled in may be said by another `t!`.
        self.walk(tokens.into_iter().skip(1).collect());
    }
}

/// The place after the item that begins at `at`: behind its body or its semicolon.
fn after_item(tokens: &[TokenTree], at: usize) -> usize {
    let end = tokens[at..].iter().position(|token| match token {
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
        TokenTree::Punct(sign) => sign.as_char() == ';',
        _ => false,
    });
    end.map_or(tokens.len(), |length| at + length + 1)
}

/// The text of a string literal, as it is written.
fn text_of(literal: &Literal) -> Option<String> {
    let written = literal.to_string();
    let (from, to) = (written.find('"')?, written.rfind('"')?);
    (from < to).then(|| written[from + 1..to].to_owned())
}

#[test]
fn keys_and_facts_are_found_within_other_macros() {
    let source = Source::read(
        r#"fn f() { column![ui.title(t!("a.b", count = 1, name = g(x, y))), t!("c", locale = l)] }"#,
    );
    let said = |key: &str, facts: &[&str]| Said {
        key: key.into(),
        facts: facts.iter().map(|fact| (*fact).to_owned()).collect(),
    };
    assert_eq!(
        source.said,
        [said("a.b", &["count", "name"]), said("c", &[])]
    );
    assert_eq!(source.picked, 0);
}

#[test]
fn a_key_from_elsewhere_is_counted() {
    let source = Source::read(r#"fn f() { t!(reason); t!("a", inner = t!("b")); }"#);
    assert_eq!(source.picked, 1);
    assert_eq!(source.said.len(), 2);
}

#[test]
fn comments_and_tests_are_passed_over_and_nothing_else() {
    let source = Source::read(
        r#"
        //! 说明
        /// 说明
        fn f() { let a = "写死"; /* 注释 */ panic!("{}", "也写死"); } // 注释
        #[error("错了")]
        struct E;
        #[cfg(test)]
        mod tests { fn g() { let b = "测试"; } }
        fn h() -> &'static str { r"还有" }
        "#,
    );
    assert_eq!(source.literals, ["写死", "{}", "也写死", "错了", "还有"]);
}
