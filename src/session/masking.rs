//! The one rule by which personal data is masked, on screen and on paper alike.

/// 姓名: the first character stays, the rest becomes at most two stars: `张*`, `欧**`.
pub fn name(name: &str) -> String {
    let mut characters = name.chars();
    let Some(first) = characters.next() else {
        return String::new();
    };
    match characters.count() {
        0 => "*".to_owned(),
        1 => format!("{first}*"),
        _ => format!("{first}**"),
    }
}

/// 公民身份号码: six and four characters stay: `510822********123X`.
pub fn id_number(number: &str) -> String {
    keep_ends(number, 6, 4)
}

/// 电话: three and four characters stay: `138****1234`.
pub fn phone(number: &str) -> String {
    keep_ends(number, 3, 4)
}

/// 银行账号: the last four characters stay.
pub fn bank_account(number: &str) -> String {
    keep_ends(number, 0, 4)
}

/// 住址: what leads to a town or street stays, the house does not: `四川省青川县青溪镇****`.
pub fn address(address: &str) -> String {
    const TOWN: [&str; 4] = ["街道", "镇", "乡", "办事处"];
    const COUNTY: [&str; 3] = ["县", "区", "市"];
    let end_of = |marks: &[&str]| {
        marks
            .iter()
            .filter_map(|mark| address.find(mark).map(|at| at + mark.len()))
            .min()
    };
    let kept = end_of(&TOWN).or_else(|| end_of(&COUNTY)).unwrap_or(0);
    if kept >= address.len() {
        return address.to_owned();
    }
    format!("{}****", &address[..kept])
}

/// Keeps both ends and puts one star for each character between; too short a text becomes stars only.
fn keep_ends(text: &str, front: usize, back: usize) -> String {
    let length = text.chars().count();
    let hidden = length.saturating_sub(front + back);
    if hidden < 3 {
        return "*".repeat(length);
    }
    let shown = |(at, character)| {
        if at < front || at >= front + hidden {
            character
        } else {
            '*'
        }
    };
    text.chars().enumerate().map(shown).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use proptest::prelude::*;

    #[test]
    fn the_rule_by_example() {
        assert_eq!(super::name("张三"), "张*");
        assert_eq!(super::name("张试甲"), "张**");
        assert_eq!(super::name("阿依古丽·示例"), "阿**");
        assert_eq!(super::name("某"), "*");
        assert_eq!(super::name(""), "");
        assert_eq!(super::id_number("51082219400307123X"), "510822********123X");
        assert_eq!(super::phone("13800001234"), "138****1234");
        assert_eq!(super::bank_account("6222000000001234"), "************1234");
        assert_eq!(
            super::address("四川省青川县青溪镇示例村1组1号"),
            "四川省青川县青溪镇****"
        );
        assert_eq!(super::address("四川省青川县示例路1号"), "四川省青川县****");
        assert_eq!(super::address("示例村1组1号"), "****");
    }

    proptest! {
        #[test]
        fn a_number_never_shows_more_than_ten_characters(number in "[0-9X]{0,30}") {
            for masked in [super::id_number(&number), super::phone(&number), super::bank_account(&number)] {
                prop_assert_eq!(masked.len(), number.len());
                let shown = masked.chars().filter(|character| *character != '*').count();
                prop_assert!(shown <= 10 && (shown == 0 || shown + 3 <= number.len()));
            }
        }

        #[test]
        fn any_text_can_be_masked(text in ".*") {
            let _ = (super::name(&text), super::address(&text), super::phone(&text));
        }
    }
}
