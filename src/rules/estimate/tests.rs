//! The past, counted in mails.

use super::*;
use crate::domain::item::Item;
use crate::domain::source::SourceId;
use crate::domain::text::Text;
use url::Url;

fn past(at: &str, council: &str, title: &str) -> Past {
    let source = Source::bare(
        SourceId::parse("blog").unwrap(),
        council.to_owned(),
        "Updates".to_owned(),
        Url::parse("https://blog.example.org/").unwrap(),
    );
    let item = Item::bare(title.to_owned(), Text::line(title), source.url.clone());
    Past { at: at.parse().unwrap(), item: item.into(), source: source.into() }
}

#[test]
fn what_comes_together_is_one_mail_and_what_is_not_wanted_none() {
    let past = [
        past("2026-11-02T09:00:00Z", "Bury", "a"),
        past("2026-11-02T09:30:00Z", "Bury", "b"),
        past("2026-11-02T15:00:00Z", "Bury", "c"),
        past("2026-11-05T15:00:00Z", "Bury", "swimming pools"),
        past("2026-11-11T15:00:00Z", "Torbay", "d"),
    ];
    let bury = Interests { councils: vec!["Bury".into()], ..Interests::default() };
    let check = |cadence, expect| {
        let choice = Choice::from_iter([(cadence, bury.clone())]);
        assert_eq!(mails(&past, &choice, chrono_tz::Europe::London), expect, "{cadence:?}");
    };
    check(Cadence::Immediate, 3);
    check(Cadence::Daily, 2);
    check(Cadence::Weekly, 1);
    assert_eq!(updates(&past, &bury), 4);
    let words = Interests { keywords: vec!["swimming pools".into()], ..Interests::default() };
    let both = Choice::from_iter([(Cadence::Weekly, bury), (Cadence::Immediate, words)]);
    assert_eq!(mails(&past, &both, chrono_tz::Europe::London), 2);
}

#[test]
fn a_quarter_is_three_months_or_thirteen_weeks() {
    use Pace::{AMonth, AWeek, None, Rarely};
    let said: Vec<Pace> = [0, 1, 2, 3, 6, 19, 20, 90, 91].into_iter().map(pace).collect();
    assert_eq!(said, [None, Rarely, Rarely, AMonth(1), AMonth(2), AMonth(6), AWeek(2), AWeek(7), AWeek(7)]);
}
