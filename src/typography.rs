//! Breaking titles by balance instead of by the last character that fits.

/// Characters that should not begin a line, nor be torn from what stands before them.
const CLINGS: &str = "，。、；：？！）》”’人员者证";

/// Half-width characters take half a place.
fn width(c: char) -> f32 {
    if c.is_ascii() { 0.55 } else { 1.0 }
}

/// Letters, digits and their signs, which stay together up to the next space.
fn in_word(c: char) -> bool {
    c.is_ascii_graphic()
}

/// A title in lines of about equal length, so that no single character is left on the last one.
pub fn balanced(title: &str, per_line: usize) -> String {
    let chars: Vec<char> = title.chars().collect();
    let total: f32 = chars.iter().copied().map(width).sum();
    let lines = (total / per_line.max(1) as f32).ceil().max(1.0);
    if lines <= 1.0 {
        return title.to_owned();
    }
    let target = total / lines;
    let mut out = String::new();
    let mut done = 0.0;
    let mut breaks = 1.0;
    for (i, c) in chars.iter().enumerate() {
        let here = done;
        done += width(*c);
        let due = here >= target * breaks - 0.5 && breaks < lines;
        let word = i > 0 && in_word(*c) && in_word(chars[i - 1]);
        let must = here >= target * (breaks - 1.0) + per_line as f32 - 1.0;
        if i > 0 && due && !word && (!CLINGS.contains(*c) || must) {
            out.truncate(out.trim_end_matches(' ').len());
            out.push('\n');
            breaks += 1.0;
            if *c == ' ' {
                continue;
            }
        }
        out.push(*c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_never_leaves_one_character_alone() {
        for (title, per_line) in [
            ("80周岁以上老年人高龄津贴发放", 12),
            ("城乡居民最低生活保障对象认定", 12),
            ("困难残疾人生活补贴和重度残疾人护理补贴", 10),
        ] {
            let balanced = balanced(title, per_line);
            assert_eq!(balanced.replace('\n', ""), title);
            let last = balanced.lines().last().map_or(0, |l| l.chars().count());
            assert!(last >= 3, "{balanced:?}");
        }
    }

    #[test]
    fn a_short_title_stays_on_one_line() {
        assert_eq!(balanced("居住证申领", 12), "居住证申领");
    }

    #[test]
    fn words_between_spaces_are_never_torn() {
        let title = "Please lay your ID card on the reader, thank you";
        for per_line in 4..30 {
            let broken = balanced(title, per_line);
            assert_eq!(broken.replace('\n', " "), title);
        }
    }

    #[test]
    fn a_number_is_never_torn() {
        assert!(balanced("申请1234567890号事项办理登记", 8).contains("1234567890"));
    }
}
