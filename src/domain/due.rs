//! By when something is due, exactly as exact as the council said it.

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A day, or a month or year where the council named no day: "by April 2021" is no promise for the 1st. Written as
/// ISO 8601 with reduced precision: `2022-12-20`, `2021-04`, `2030`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Due {
    /// A day.
    Day(NaiveDate),
    /// A month; its first day stands for it.
    Month(NaiveDate),
    /// A year.
    Year(i32),
}

impl Due {
    /// A month by its number, 1 to 12.
    #[must_use]
    pub fn month(year: i32, month: u32) -> Option<Self> {
        NaiveDate::from_ymd_opt(year, month, 1).map(Self::Month)
    }

    /// In words: "20 December 2022", "April 2021", "2030".
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Day(day) => day.format("%-d %B %Y").to_string(),
            Self::Month(month) => month.format("%B %Y").to_string(),
            Self::Year(year) => year.to_string(),
        }
    }
}

impl fmt::Display for Due {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Day(day) => write!(f, "{day}"),
            Self::Month(month) => write!(f, "{:04}-{:02}", month.year(), month.month()),
            Self::Year(year) => write!(f, "{year:04}"),
        }
    }
}

impl From<Due> for String {
    fn from(due: Due) -> Self {
        due.to_string()
    }
}

impl TryFrom<String> for Due {
    type Error = NoDue;

    fn try_from(raw: String) -> Result<Self, Self::Error> {
        raw.parse()
    }
}

/// A text that is neither a day, a month nor a year.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("\"{0}\" is no day, month or year such as 2022-12-20, 2022-12 or 2022")]
pub struct NoDue(String);

impl FromStr for Due {
    type Err = NoDue;

    fn from_str(raw: &str) -> Result<Self, Self::Err> {
        let due = match raw.len() {
            10 => raw.parse().ok().map(Self::Day),
            7 => format!("{raw}-01").parse().ok().map(Self::Month),
            4 => raw.parse().ok().filter(|year| *year > 0).map(Self::Year),
            _ => None,
        };
        due.ok_or_else(|| NoDue(raw.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_as_exact_as_what_was_said() {
        let check = |raw: &str, words: &str| {
            let due: Due = raw.parse().unwrap();
            assert_eq!((due.to_string().as_str(), due.words().as_str()), (raw, words));
            assert_eq!(serde_json::from_str::<Due>(&format!("\"{raw}\"")).unwrap(), due);
        };
        check("2022-12-20", "20 December 2022");
        check("2021-04", "April 2021");
        check("2030", "2030");
        for raw in ["", "2021-13", "2021-4", "2022-02-30", "soon", "20221220"] {
            assert_eq!(raw.parse::<Due>(), Err(NoDue(raw.to_owned())));
        }
    }
}
