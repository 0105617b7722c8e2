//! 本机暂存号: a number that can be read aloud and that nobody mistakes for an official one.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::Offset;
use jinban_api::ids::{AreaCode, LocalNumber};

/// All of China keeps one time, without summer time.
const CHINA: Offset = Offset::constant(8);

/// What clocks in China show.
pub fn time_in_china(at: Timestamp) -> DateTime {
    CHINA.to_datetime(at)
}

/// The day in China.
pub fn day_in_china(at: Timestamp) -> Date {
    time_in_china(at).date()
}

/// `暂`, the last six digits of the village's code, month and day, and the day's sequence from 1:
/// `暂100000-1123-0007`. The sequence grows a digit rather than begin again.
pub fn local_number(village: &AreaCode, day: Date, sequence: u32) -> LocalNumber {
    let code = village.as_str();
    let tail = code
        .char_indices()
        .rev()
        .nth(5)
        .map_or(code, |(at, _)| &code[at..]);
    LocalNumber(format!(
        "暂{tail}-{:02}{:02}-{sequence:04}",
        day.month(),
        day.day()
    ))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn it_looks_as_agreed() {
        let number = local_number(&"510822100000".into(), date(2026, 11, 23), 7);
        assert_eq!(number.as_str(), "暂100000-1123-0007");
    }

    #[test]
    fn the_day_is_chinas() {
        let day = |text: &str| day_in_china(text.parse().unwrap());
        assert_eq!(day("2026-11-23T15:59:59Z"), date(2026, 11, 23));
        assert_eq!(day("2026-11-23T16:00:00Z"), date(2026, 11, 24));
    }

    proptest! {
        #[test]
        fn different_sequences_never_give_the_same_number(a in 1u32.., b in 1u32.., village in ".{0,14}") {
            let [a_number, b_number] =
                [a, b].map(|sequence| local_number(&village.as_str().into(), date(2026, 1, 2), sequence));
            prop_assert_eq!(a == b, a_number == b_number);
        }
    }
}
