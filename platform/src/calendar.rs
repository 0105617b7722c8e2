//! Working days: Monday to Friday, less the holidays, plus the weekends that are worked in exchange.

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};
use jinban_api::documents::CalendarYear;
use jinban_api::guide::TimeLimit;
use serde::Deserialize;

/// Which days are worked in the years that are known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calendar {
    years: BTreeMap<i16, Year>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Year {
    rest: BTreeSet<Date>,
    work: BTreeSet<Date>,
    announced: CalendarYear,
}

/// Why a calendar file is of no use.
#[derive(Debug, thiserror::Error)]
pub enum CalendarError {
    /// Not TOML, or not of the right shape.
    #[error("the calendar cannot be read: {0}")]
    Shape(#[from] toml::de::Error),
    /// A day stands under a year it does not belong to, a period ends before it begins, or a year comes twice.
    #[error("the calendar of {year} contradicts itself")]
    Contradiction {
        /// Which year.
        year: i16,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    year: Vec<FileYear>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileYear {
    year: i16,
    #[serde(default)]
    rest: Vec<(Date, Date)>,
    #[serde(default)]
    work: Vec<Date>,
    #[serde(default)]
    source: Option<String>,
}

impl Calendar {
    /// The calendar that comes with the program.
    pub fn shipped() -> Result<Self, CalendarError> {
        Self::from_toml(include_str!("../calendar.toml"))
    }

    /// Reads a calendar; see `calendar.toml` for its shape.
    pub fn from_toml(text: &str) -> Result<Self, CalendarError> {
        let file: File = toml::from_str(text)?;
        let mut years = BTreeMap::new();
        for entry in file.year {
            let number = entry.year;
            let contradiction = CalendarError::Contradiction { year: number };
            let Some(year) = Year::of(entry) else {
                return Err(contradiction);
            };
            if years.insert(number, year).is_some() {
                return Err(contradiction);
            }
        }
        Ok(Self { years })
    }

    /// The years that are known, as they were announced; for the feed, so that terminals reckon alike.
    pub fn years(&self) -> impl Iterator<Item = &CalendarYear> {
        self.years.values().map(|year| &year.announced)
    }

    /// Whether `day` is worked; `None` when its year is not known.
    pub fn is_worked(&self, day: Date) -> Option<bool> {
        let year = self.years.get(&day.year())?;
        let weekend = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
        Some(year.work.contains(&day) || !weekend && !year.rest.contains(&day))
    }

    /// The day by which `limit` falls due for what was received on `received` (Asia/Shanghai).
    /// The day of receipt does not count. `None` when the calendar does not reach that far.
    pub fn due(&self, received: Date, limit: TimeLimit) -> Option<Date> {
        match limit {
            TimeLimit::OnTheSpot if self.is_worked(received)? => Some(received),
            TimeLimit::OnTheSpot => self.working_days_after(received, 1),
            TimeLimit::WorkingDays(count) => self.working_days_after(received, count),
            TimeLimit::CalendarDays(count) => received.checked_add(i32::from(count).days()).ok(),
            // Part of a day is promised as the whole day.
            TimeLimit::Hours(count) => received
                .checked_add(i32::from(count.div_ceil(24)).days())
                .ok(),
        }
    }

    fn working_days_after(&self, from: Date, count: u16) -> Option<Date> {
        let mut day = from;
        let mut left = count;
        while left > 0 {
            day = day.tomorrow().ok()?;
            if self.is_worked(day)? {
                left -= 1;
            }
        }
        Some(day)
    }
}

impl Year {
    fn of(entry: FileYear) -> Option<Self> {
        let announced = CalendarYear {
            year: entry.year,
            rest: entry.rest.clone(),
            work: entry.work.clone(),
            source: entry.source.clone(),
            extra: serde_json::Map::new(),
        };
        let inside = |day: &Date| day.year() == entry.year;
        let mut rest = BTreeSet::new();
        for (first, last) in entry.rest {
            if first > last || !inside(&first) || !inside(&last) {
                return None;
            }
            rest.extend(first.series(1.day()).take_while(|day| *day <= last));
        }
        let work: BTreeSet<Date> = entry.work.into_iter().collect();
        (work.iter().all(inside) && work.is_disjoint(&rest)).then_some(Self {
            rest,
            work,
            announced,
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    fn calendar() -> Calendar {
        Calendar::shipped().unwrap()
    }

    #[test]
    fn holidays_rest_and_exchanged_weekends_are_worked() {
        let table = [
            (date(2025, 1, 26), true),
            (date(2025, 1, 28), false),
            (date(2025, 2, 5), true),
            (date(2025, 5, 30), true),
            (date(2025, 6, 2), false),
            (date(2025, 9, 28), true),
            (date(2025, 10, 8), false),
            (date(2025, 10, 11), true),
            (date(2026, 2, 14), true),
            (date(2026, 2, 16), false),
            (date(2026, 2, 23), false),
            (date(2026, 2, 24), true),
            (date(2026, 2, 28), true),
            (date(2026, 11, 21), false),
            (date(2026, 11, 23), true),
        ];
        for (day, worked) in table {
            assert_eq!(calendar().is_worked(day), Some(worked), "{day}");
        }
        assert_eq!(calendar().is_worked(date(2031, 1, 2)), None);
    }

    #[test]
    fn the_day_of_receipt_does_not_count_and_holidays_are_skipped() {
        let table = [
            (
                date(2026, 11, 23),
                TimeLimit::WorkingDays(5),
                date(2026, 11, 30),
            ),
            (
                date(2026, 9, 30),
                TimeLimit::WorkingDays(1),
                date(2026, 10, 8),
            ),
            (
                date(2026, 10, 9),
                TimeLimit::WorkingDays(1),
                date(2026, 10, 10),
            ),
            (date(2026, 11, 23), TimeLimit::OnTheSpot, date(2026, 11, 23)),
            (date(2026, 11, 21), TimeLimit::OnTheSpot, date(2026, 11, 23)),
            (
                date(2026, 11, 23),
                TimeLimit::CalendarDays(60),
                date(2027, 1, 22),
            ),
            (date(2026, 11, 23), TimeLimit::Hours(25), date(2026, 11, 25)),
        ];
        for (received, limit, due) in table {
            assert_eq!(
                calendar().due(received, limit),
                Some(due),
                "{received} {limit:?}"
            );
        }
    }

    #[test]
    fn a_promise_that_reaches_into_an_unknown_year_is_not_told() {
        assert_eq!(
            calendar().due(date(2026, 12, 30), TimeLimit::WorkingDays(2)),
            None
        );
        assert_eq!(
            calendar().due(date(2026, 12, 30), TimeLimit::WorkingDays(1)),
            Some(date(2026, 12, 31))
        );
    }

    #[test]
    fn every_exchanged_day_is_a_weekend_and_the_counts_are_those_of_the_announcements() {
        // Days of rest and exchanged weekends, as the two announcements count them.
        let counts: Vec<_> = calendar()
            .years
            .iter()
            .map(|(year, days)| (*year, days.rest.len(), days.work.len()))
            .collect();
        assert_eq!(counts, [(2025, 28, 5), (2026, 33, 6)]);
        for year in calendar().years() {
            for day in &year.work {
                assert!(
                    matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday),
                    "{day}"
                );
            }
        }
    }

    #[test]
    fn a_calendar_that_contradicts_itself_is_refused() {
        for text in [
            "[[year]]\nyear = 2026\nrest = [[\"2026-10-07\", \"2026-10-01\"]]",
            "[[year]]\nyear = 2026\nrest = [[\"2027-10-01\", \"2027-10-07\"]]",
            "[[year]]\nyear = 2026\nrest = [[\"2026-10-01\", \"2026-10-07\"]]\nwork = [\"2026-10-03\"]",
            "[[year]]\nyear = 2026\n[[year]]\nyear = 2026",
        ] {
            assert!(
                matches!(
                    Calendar::from_toml(text),
                    Err(CalendarError::Contradiction { year: 2026 })
                ),
                "{text}"
            );
        }
    }

    proptest! {
        #[test]
        fn exactly_the_promised_number_of_days_is_worked_until_due(start in 0i32..200, count in 1u16..40) {
            let received = date(2026, 1, 1).checked_add(start.days()).unwrap();
            let due = calendar().due(received, TimeLimit::WorkingDays(count)).unwrap();
            let worked = received
                .series(1.day())
                .skip(1)
                .take_while(|day| *day <= due)
                .filter(|day| calendar().is_worked(*day).unwrap())
                .count();
            prop_assert_eq!(worked, usize::from(count));
            prop_assert_eq!(calendar().is_worked(due), Some(true));
        }
    }
}
