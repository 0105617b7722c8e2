//! Where lines of text break: between Chinese characters, never before closing punctuation, never
//! inside a word or number that fits a line.

use unicode_linebreak::linebreaks;

/// Breaks text into lines of at most `width`, measured by `advance`. White space at the end of a
/// line is dropped. A single character wider than the line stands alone.
///
/// Unicode's line breaking algorithm (UAX 14) decides where a line may end, except that it would
/// break numbers such as 0838-88A at some hyphens; those stay whole.
pub(super) fn lines(text: &str, width: u32, mut advance: impl FnMut(char) -> u32) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.lines() {
        let mut line = Line::default();
        for piece in pieces(paragraph) {
            let visible: u32 = piece.trim_end().chars().map(&mut advance).sum();
            if !line.text.is_empty() && line.width + visible > width {
                lines.push(line.finish());
                line = Line::default();
            }
            for c in piece.chars() {
                let step = advance(c);
                // Only a piece that is by itself longer than a line gets here with text before it.
                if !line.text.is_empty() && !c.is_whitespace() && line.width + step > width {
                    lines.push(line.finish());
                    line = Line::default();
                }
                line.text.push(c);
                line.width += step;
            }
        }
        lines.push(line.finish());
    }
    lines
}

/// As [`lines`], in as few lines but of lengths as alike as they can be: for centred text, where a
/// last line of one character looks like a mistake.
pub(super) fn balanced(
    text: &str,
    width: u32,
    mut advance: impl FnMut(char) -> u32,
) -> Vec<String> {
    let mut best = lines(text, width, &mut advance);
    let (mut low, mut high) = (0, width);
    while best.len() > 1 && high - low > 1 {
        let middle = low.midpoint(high);
        let tried = lines(text, middle, &mut advance);
        // Narrower than a word, lines would break within it.
        let fits = |line: &String| line.chars().map(&mut advance).sum::<u32>() <= middle;
        if tried.len() == best.len() && tried.iter().all(fits) {
            best = tried;
            high = middle;
        } else {
            low = middle;
        }
    }
    best
}

#[derive(Default)]
struct Line {
    text: String,
    width: u32,
}

impl Line {
    fn finish(mut self) -> String {
        self.text.truncate(self.text.trim_end().len());
        self.text
    }
}

/// The unbreakable pieces of a paragraph, each with the white space after it.
fn pieces(paragraph: &str) -> impl Iterator<Item = &str> {
    let mut start = 0;
    linebreaks(paragraph)
        .map(|(at, _)| at)
        .filter(|&at| at == paragraph.len() || !splits_a_word(paragraph, at))
        .map(move |at| {
            let piece = &paragraph[start..at];
            start = at;
            piece
        })
}

fn splits_a_word(paragraph: &str, at: usize) -> bool {
    let before = paragraph[..at].chars().next_back();
    let after = paragraph[at..].chars().next();
    matches!((before, after), (Some(b), Some(a)) if b.is_ascii_graphic() && a.is_ascii_graphic())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use proptest::prelude::*;

    use super::*;

    /// Chinese characters are two wide, everything else one.
    fn columns(c: char) -> u32 {
        if c.is_ascii() { 1 } else { 2 }
    }

    fn wrap(text: &str, width: u32) -> Vec<String> {
        lines(text, width, columns)
    }

    #[test]
    fn chinese_breaks_between_any_two_characters() {
        assert_eq!(wrap("请带好身份证原件", 6), ["请带好", "身份证", "原件"]);
    }

    #[test]
    fn no_line_begins_with_closing_punctuation() {
        assert_eq!(wrap("请带好，身份证。", 6), ["请带", "好，身", "份证。"]);
        for mark in "，。、；：？！）》」』】”’…％".chars() {
            for lead in 1..6 {
                let text = format!("{}{mark}身份证", "近".repeat(lead));
                for line in wrap(&text, 6) {
                    assert!(!line.starts_with(mark), "{text} → {line}");
                }
            }
        }
    }

    #[test]
    fn no_line_ends_with_an_opening_bracket() {
        for mark in "（《「『【“".chars() {
            for lead in 1..6 {
                let text = format!("{}{mark}身份证", "近".repeat(lead));
                for line in wrap(&text, 6) {
                    assert!(!line.ends_with(mark), "{text} → {line}");
                }
            }
        }
    }

    #[test]
    fn numbers_stay_whole_beside_chinese() {
        assert_eq!(wrap("电话0838-88A请打", 10), ["电话", "0838-88A请", "打"]);
        assert_eq!(
            wrap("于2026-11-23 10:05办", 12),
            ["于2026-11-23", "10:05办"]
        );
    }

    #[test]
    fn a_number_longer_than_the_line_is_broken_rather_than_lost() {
        assert_eq!(wrap("号1234567890", 4), ["号", "1234", "5678", "90"]);
    }

    #[test]
    fn line_feeds_begin_lines_and_empty_lines_stay() {
        assert_eq!(wrap("一\n\n二", 6), ["一", "", "二"]);
    }

    #[test]
    fn centred_text_leaves_no_lone_character() {
        let halves = ["本机暂存，", "尚未受理"];
        assert_eq!(balanced("本机暂存，尚未受理", 16, columns), halves);
        assert_eq!(balanced("回执", 16, columns), ["回执"]);
        assert_eq!(balanced("", 16, columns), Vec::<String>::new());
    }

    proptest! {
        #[test]
        fn nothing_but_white_space_is_lost_and_no_line_is_too_wide(
            text in "[一二三四五，。（）a-z0-9 \\-/]{0,60}",
            width in 2u32..20,
        ) {
            let lines = wrap(&text, width);
            let ink = |s: &str| s.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            prop_assert_eq!(ink(&lines.concat()), ink(&text));
            for line in &lines {
                prop_assert!(line.chars().map(columns).sum::<u32>() <= width, "{:?}", line);
            }
        }
    }
}
