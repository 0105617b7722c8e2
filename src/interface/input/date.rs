//! A day without wheels: year, then month, then day, each a tile.

use iced::widget::{Column, Row, column, row};
use iced::{Center, Element};
use jiff::civil::Date;

use crate::interface::theme::Ui;
use crate::interface::theme::style::Kind;
use crate::interface::widget::action;
use crate::interface::words;

/// How far the choice has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Picking {
    /// First year of the page of years.
    Year {
        /// The earliest year shown.
        first: i16,
    },
    /// The year is chosen.
    Month {
        /// That year.
        year: i16,
    },
    /// Year and month are chosen.
    Day {
        /// That year.
        year: i16,
        /// 1–12.
        month: i8,
    },
}

/// Years shown at once.
const YEARS: i16 = 20;

impl Picking {
    /// Starts at the page of years that holds `near`.
    pub fn around(near: i16) -> Self {
        Self::Year {
            first: near - near.rem_euclid(YEARS),
        }
    }
}

/// A tap.
#[derive(Clone, Copy, Debug)]
pub enum Message {
    /// Other years.
    Years(i16),
    /// This year.
    Year(i16),
    /// This month.
    Month(i8),
    /// This day.
    Day(i8),
    /// Choose again from the beginning.
    Again,
}

/// Takes a tap; the whole date once it is complete.
pub fn update(picking: &mut Picking, message: Message) -> Option<Date> {
    match (message, *picking) {
        (Message::Years(by), Picking::Year { first }) => {
            *picking = Picking::Year {
                first: (first + by).clamp(1880, 2180),
            };
            None
        }
        (Message::Year(year), _) => {
            *picking = Picking::Month { year };
            None
        }
        (Message::Month(month), Picking::Month { year }) => {
            *picking = Picking::Day { year, month };
            None
        }
        (Message::Day(day), Picking::Day { year, month }) => Date::new(year, month, day).ok(),
        (Message::Again, Picking::Month { year } | Picking::Day { year, .. }) => {
            *picking = Picking::around(year);
            None
        }
        _ => None,
    }
}

/// Days in a month of a year.
fn days(year: i16, month: i8) -> i8 {
    Date::new(year, month, 1).map_or(31, Date::days_in_month)
}

/// Draws the tiles in the keyboard's place.
pub fn view<'a>(ui: &Ui, picking: Picking) -> Element<'a, Message> {
    let tile = |words: String, message| {
        action(ui, Kind::Secondary, words, Some(message)).height(ui.text_mm(21.0))
    };
    let grid = |cells: Vec<Element<'a, Message>>, columns: usize| {
        let mut rows = Column::new().spacing(ui.mm(2.5));
        let mut cells = cells.into_iter().peekable();
        while cells.peek().is_some() {
            let line: Vec<_> = cells.by_ref().take(columns).collect();
            rows = rows.push(Row::with_children(line).spacing(ui.mm(2.5)));
        }
        rows
    };
    let again = || {
        action(ui, Kind::Tonal, t!("date.again"), Some(Message::Again))
            .width(ui.text_mm(70.0))
            .height(ui.text_mm(20.0))
    };
    let content: Element<'a, Message> = match picking {
        Picking::Year { first } => column![
            row![
                action(
                    ui,
                    Kind::Tonal,
                    t!("date.earlier"),
                    Some(Message::Years(-YEARS))
                )
                .height(ui.text_mm(20.0)),
                ui.strong(t!("date.year")),
                action(
                    ui,
                    Kind::Tonal,
                    t!("date.later"),
                    Some(Message::Years(YEARS))
                )
                .height(ui.text_mm(20.0)),
            ]
            .spacing(ui.mm(5.0))
            .align_y(Center),
            grid(
                (first..first + YEARS)
                    .map(|y| tile(y.to_string(), Message::Year(y)).into())
                    .collect(),
                5
            ),
        ]
        .spacing(ui.mm(3.0))
        .into(),
        Picking::Month { year } => column![
            row![
                iced::widget::container(ui.strong(t!("date.month", year = year))).width(iced::Fill),
                again()
            ]
            .align_y(Center),
            grid(
                (1..=12)
                    .map(|m| tile(words::month(m).into_owned(), Message::Month(m)).into())
                    .collect(),
                4
            ),
        ]
        .spacing(ui.mm(3.0))
        .into(),
        Picking::Day { year, month } => column![
            row![
                iced::widget::container(ui.strong(t!(
                    "date.day",
                    year = year,
                    month = words::month(month)
                )))
                .width(iced::Fill),
                again()
            ]
            .align_y(Center),
            grid(
                (1..=days(year, month))
                    .map(|d| tile(d.to_string(), Message::Day(d)).into())
                    .collect(),
                7
            ),
        ]
        .spacing(ui.mm(3.0))
        .into(),
    };
    iced::widget::container(content)
        .padding(ui.mm(6.0))
        .width(iced::Fill)
        .style(crate::interface::theme::style::fill(ui.palette().tray))
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn year_month_and_day_make_a_date() {
        let mut picking = Picking::around(1945);
        assert_eq!(picking, Picking::Year { first: 1940 });
        assert_eq!(update(&mut picking, Message::Year(1944)), None);
        assert_eq!(update(&mut picking, Message::Month(2)), None);
        assert_eq!(
            update(&mut picking, Message::Day(29)),
            Date::new(1944, 2, 29).ok()
        );
    }

    #[test]
    fn february_has_the_days_of_its_year() {
        assert_eq!(days(2024, 2), 29);
        assert_eq!(days(2026, 2), 28);
    }

    #[test]
    fn a_day_that_does_not_exist_is_never_chosen() {
        let mut picking = Picking::Day {
            year: 2026,
            month: 2,
        };
        assert_eq!(update(&mut picking, Message::Day(30)), None);
    }
}
