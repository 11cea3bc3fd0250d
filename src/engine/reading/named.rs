//! What an item is called and when it takes place, where its listing and its own page say so: as its own page does, until the
//! listing alone corrects what both had.

use crate::domain::item::{Item, Stage, hash_hex};
use crate::domain::text::Text;
use crate::rules::facts::standing::{self, words};
use crate::store::records::{Days, Hours, Names, Span};

/// Names and dates `own`, which was read from the item's own page, as the listing does where that has corrected its name, says how
/// a meeting stands or has moved its day; answers what to remember for the next time. `before`: what was remembered.
/// `headline`: what the page is headed with, where the item is not called that.
pub(super) fn named(before: Option<&Names>, listed: &Item, own: &mut Item, headline: Option<&Text>) -> Names {
    let (list, page) = (words(listed.title.as_str()), words(own.title.as_str()));
    let headline = headline.map(remembered);
    let mut names = Names { listed: hash_of(&list), own: hash_of(&page), headline, by_listing: false, calm: None, days: None };
    (names.by_listing, names.calm) = match before.filter(|before| before.own == names.own) {
        Some(before) => by_listing(before, &names.listed, &list, &page),
        None => at_first(&list, &page),
    };
    if names.by_listing {
        own.title.clone_from(&listed.title);
    }
    names.days = dated(before.and_then(|before| before.days), listed, own);
    names
}

/// Whether an item whose own page says nothing else than `before` goes by the name that its `list` gives it, and what that called
/// it before it came to say how it stands.
fn by_listing(before: &Names, listed: &str, list: &str, page: &str) -> (bool, Option<String>) {
    by_standing(before, listed, list).unwrap_or_else(|| {
        let agreed = before.by_listing || before.listed == before.own;
        // A list that has come to shorten names, or to say more of each, corrects none.
        let is_other = !list.contains(page) && !page.contains(list);
        (agreed && is_other && list.contains(' '), None)
    })
}

/// The same as far as the list names it as it did, or says how it stands or does so no more; `None` where it says something else.
fn by_standing(before: &Names, listed: &str, list: &str) -> Option<(bool, Option<String>)> {
    if before.listed == listed {
        return Some((before.by_listing, before.calm.clone()));
    }
    let calm = before.calm.as_deref().unwrap_or(&before.listed);
    if standing::is_said(list, |name| hash_of(name) == calm) {
        // Names that never agreed are compared each with what it was itself.
        return Some((true, (!before.by_listing || before.calm.is_some()).then(|| calm.to_owned())));
    }
    (before.calm.as_deref() == Some(listed)).then_some((false, None))
}

/// The same where nothing is remembered of that page: a list that calls it what the page does, and says how it stands, is heard.
fn at_first(list: &str, page: &str) -> (bool, Option<String>) {
    let says = !page.is_empty() && standing::is_said(list, |name| name == page);
    (says, says.then(|| hash_of(page)))
}

/// What an older recipe would have remembered, had it read in the list's entry what the present one has: `listed` is that of the
/// list as it was kept. What the list said then is no news, and what it says next is told against it.
pub(super) fn reheard(before: &Names, listed: &Item) -> Names {
    let list = words(listed.title.as_str());
    let mut names = Names { listed: hash_of(&list), ..before.clone() };
    if let Some(found) = by_standing(before, &names.listed, &list) {
        (names.by_listing, names.calm) = found;
    }
    if let (Some(days), Some(meeting)) = (names.days.as_mut(), &listed.meeting) {
        days.listed = meeting.date.unwrap_or(days.listed);
        days.by_listing &= days.listed != days.own;
        if let Some(hours) = days.hours.as_mut().filter(|_| meeting.start.is_some()) {
            hours.listed = (meeting.start, meeting.end);
            hours.by_listing &= !is_same_span(hours.listed, hours.own);
        }
    }
    names
}

/// Names and dates `own`, which was read again from the page as it was kept, as the list's entry did then, by what is remembered.
pub(super) fn named_again(names: Option<&Names>, listed: &Item, own: &mut Item) {
    let page = words(own.title.as_str());
    let is_by_listing = match names.filter(|names| names.own == hash_of(&page)) {
        Some(names) => names.by_listing,
        None => at_first(&words(listed.title.as_str()), &page).0,
    };
    if is_by_listing {
        own.title.clone_from(&listed.title);
    }
    let (Some(days), Some(meeting)) = (names.and_then(|names| names.days), own.meeting.as_mut()) else { return };
    if meeting.date != Some(days.own) {
        return;
    }
    let is_timed = days.hours.is_some_and(|hours| hours.by_listing && hours.own == (meeting.start, meeting.end));
    if days.by_listing {
        meeting.date = Some(days.listed);
    }
    if let Some(listed) = listed.meeting.as_ref().filter(|_| days.by_listing || is_timed) {
        (meeting.start, meeting.end) = (listed.start.or(meeting.start), listed.end.or(meeting.end));
    }
}

/// What is `known` of an item whose own page could not be read, as its `listed` entry corrects it; and what to remember of that.
pub(super) fn named_unread(before: &Names, listed: &Item, known: &mut Item) -> Names {
    let (list, name) = (words(listed.title.as_str()), words(known.title.as_str()));
    let mut names = Names { listed: hash_of(&list), ..before.clone() };
    (names.by_listing, names.calm) = by_listing(before, &names.listed, &list, &name);
    if names.by_listing || before.by_listing && before.calm.as_ref() == Some(&names.listed) {
        known.title.clone_from(&listed.title);
    }
    if listed.stage == Some(Stage::Cancelled) {
        known.stage = listed.stage;
    }
    known.closes = listed.closes.clone().or_else(|| known.closes.take());
    if let (Some(place), Some(meeting)) =
        (listed.meeting.as_ref().and_then(|listed| listed.place.clone()), known.meeting.as_mut())
    {
        meeting.place = Some(place);
    }
    if let (Some(days), Some(meeting)) = (before.days, known.meeting.as_mut()) {
        meeting.date = Some(days.own);
        if let Some(hours) = days.hours {
            (meeting.start, meeting.end) = hours.own;
        }
        names.days = dated(before.days, listed, known);
    }
    names
}

/// The same of the day of a meeting, and of its hours.
fn dated(before: Option<Days>, listed: &Item, own: &mut Item) -> Option<Days> {
    let listed = listed.meeting.as_ref()?;
    let meeting = own.meeting.as_mut()?;
    let mut days = Days { listed: listed.date?, own: meeting.date?, by_listing: false, hours: None };
    let before = before.filter(|before| before.own == days.own);
    if let Some(before) = before {
        let agreed = before.by_listing || before.listed == before.own;
        days.by_listing = agreed && days.listed != days.own;
    }
    days.hours = timed(before.and_then(|before| before.hours), (listed.start, listed.end), (meeting.start, meeting.end));
    if days.by_listing {
        meeting.date = Some(days.listed);
    }
    if days.by_listing || days.hours.is_some_and(|hours| hours.by_listing) {
        (meeting.start, meeting.end) = (listed.start.or(meeting.start), listed.end.or(meeting.end));
    }
    Some(days)
}

fn timed(before: Option<Hours>, listed: Span, own: Span) -> Option<Hours> {
    let (Some(_), Some(_)) = (listed.0, own.0) else { return None };
    let agreed = before
        .filter(|before| before.own == own)
        .is_some_and(|before| before.by_listing || is_same_span(before.listed, before.own));
    Some(Hours { listed, own, by_listing: agreed && !is_same_span(listed, own) })
}

fn is_same_span(one: Span, other: Span) -> bool {
    one.0 == other.0 && (one.1 == other.1 || one.1.is_none() || other.1.is_none())
}

/// What is remembered of a name.
pub(super) fn remembered(title: &Text) -> String {
    hash_of(&words(title.as_str()))
}

fn hash_of(words: &str) -> String {
    hash_hex(&[words.as_bytes()])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::item::Meeting;
    use chrono::Datelike;
    use url::Url;

    fn item(title: &str) -> Item {
        Item::bare("k".into(), Text::line(title), Url::parse("https://council.example.org/x").unwrap())
    }

    /// What an item is called at each of these readings of its listing and its own page.
    fn titles(readings: &[(&str, &str)]) -> Vec<String> {
        let mut before = None;
        let mut titles = Vec::new();
        for (listed, page) in readings {
            let mut own = item(page);
            before = Some(named(before.as_ref(), &item(listed), &mut own, None));
            titles.push(own.title.to_string());
        }
        titles
    }

    #[test]
    fn a_name_that_the_listing_alone_corrects_is_the_item_s_and_stays_it() {
        let (old, new) = ("Board meets in March", "Board meets in April");
        assert_eq!(titles(&[(old, old), (new, old), (new, old)]), [old, new, new]);
        assert_eq!(titles(&[(old, old), (new, old), (new, new)]), [old, new, new]);
        assert_eq!(titles(&[(old, old), (new, old), (old, old)]), [old, new, old]);
        assert_eq!(titles(&[(old, old), (new, old), (new, "Board is dissolved")]), [old, new, "Board is dissolved"]);
    }

    #[test]
    fn a_listing_that_says_how_a_meeting_stands_is_heard_until_it_says_so_no_more() {
        let page = "Improvement Board";
        for listed in ["Improvement Board - POSTPONED", "Cancelled: Improvement Board", "Improvement Board (moved online)"] {
            assert_eq!(
                titles(&[(page, page), (listed, page), (listed, page), (page, page)]),
                [page, listed, listed, page],
                "{listed}"
            );
        }
        for listed in
            ["Improvement Board - agenda", "Improvement Board meeting", "New: Improvement Board", "Improvement Board moved on"]
        {
            assert_eq!(titles(&[(page, page), (listed, page)]), [page, page], "{listed}");
        }
    }

    #[test]
    fn a_listing_with_names_of_its_own_is_heard_when_it_says_how_a_meeting_stands() {
        let page = "Agenda for Improvement Board on Tuesday, 22nd December, 2026";
        let calm = "Improvement Board, 22 December 2026";
        for listed in [
            "Improvement Board, 22 December 2026 - POSTPONED",
            "CANCELLED: Improvement Board, 22 December 2026",
            "Improvement Board (cancelled), 22 December 2026",
            "Improvement Board, 22 December 2026 (postponed to Tuesday 12 January 2027, 2.00 pm)",
            "Improvement Board, 22 December 2026 - cancelled due to lack of business",
        ] {
            assert_eq!(
                titles(&[(calm, page), (listed, page), (listed, page), (calm, page)]),
                [page, listed, listed, page],
                "{listed}"
            );
        }
        let (put_off, off) =
            ("Improvement Board, 22 December 2026 - POSTPONED", "Improvement Board, 22 December 2026 - CANCELLED");
        assert_eq!(titles(&[(calm, page), (put_off, page), (off, page), (calm, page)]), [page, put_off, off, page]);
        assert_eq!(titles(&[(calm, page), (put_off, "Minutes"), (put_off, "Minutes")]), [page, "Minutes", "Minutes"]);
        for listed in ["Improvement Board, 5 January 2027", "Board - POSTPONED", "Improvement Board, 22 December 2026 - minutes"]
        {
            assert_eq!(titles(&[(calm, page), (listed, page)]), [page, page], "{listed}");
        }
        // What a list with names of its own said from the first is none of its corrections.
        assert_eq!(titles(&[(off, page), (off, page), (calm, page)]), [page, page, page]);
    }

    #[test]
    fn a_listing_that_says_from_the_first_how_a_meeting_stands_is_heard_until_it_says_so_no_more() {
        let (page, put_off, off) = ("Improvement Board", "Improvement Board – POSTPONED", "Cancelled: Improvement Board");
        assert_eq!(titles(&[(put_off, page), (put_off, page), (page, page)]), [put_off, put_off, page]);
        assert_eq!(titles(&[(put_off, page), (off, page), (page, page)]), [put_off, off, page]);
        assert_eq!(titles(&[(put_off, page), (put_off, put_off), (page, page)]), [put_off, put_off, page]);
        assert_eq!(titles(&[("Improvement Board meeting", page)]), [page]);
    }

    #[test]
    fn a_day_that_the_listing_alone_moves_is_the_meetings_until_its_own_page_says_another() {
        let on = |day: u32| {
            let date = chrono::NaiveDate::from_ymd_opt(2026, 12, day);
            Item { meeting: Some(Meeting::on(None, date)), ..item("Board") }
        };
        let days = |readings: &[(u32, u32)]| -> Vec<u32> {
            let (mut before, mut days) = (None, Vec::new());
            for (listed, page) in readings {
                let mut own = on(*page);
                before = Some(named(before.as_ref(), &on(*listed), &mut own, None));
                days.extend(own.meeting.unwrap().date.map(|day| day.day()));
            }
            days
        };
        assert_eq!(days(&[(8, 8), (16, 8), (16, 8), (16, 16), (16, 16)]), [8, 16, 16, 16, 16]);
        assert_eq!(days(&[(8, 8), (16, 8), (8, 8)]), [8, 16, 8]);
        assert_eq!(days(&[(8, 8), (16, 8), (16, 17)]), [8, 16, 17]);
        assert_eq!(days(&[(9, 8), (9, 8), (10, 8)]), [8, 8, 8], "they never meant the same");
    }

    #[test]
    fn an_hour_that_the_listing_alone_changes_is_the_meetings_until_its_own_page_says_another() {
        let at = |hour: u32| {
            let start = chrono::NaiveTime::from_hms_opt(hour, 0, 0);
            let date = chrono::NaiveDate::from_ymd_opt(2026, 12, 8);
            Item { meeting: Some(Meeting { start, ..Meeting::on(None, date) }), ..item("Board") }
        };
        let hours = |readings: &[(u32, u32)]| -> Vec<u32> {
            let (mut before, mut hours) = (None, Vec::new());
            for (listed, page) in readings {
                let mut own = at(*page);
                before = Some(named(before.as_ref(), &at(*listed), &mut own, None));
                hours.extend(own.meeting.unwrap().start.map(|start| chrono::Timelike::hour(&start)));
            }
            hours
        };
        assert_eq!(hours(&[(18, 18), (19, 18), (19, 18), (19, 19)]), [18, 19, 19, 19]);
        assert_eq!(hours(&[(18, 18), (19, 18), (18, 18)]), [18, 19, 18]);
        assert_eq!(hours(&[(18, 18), (19, 18), (19, 20)]), [18, 19, 20]);
        assert_eq!(hours(&[(17, 18), (17, 18), (19, 18)]), [18, 18, 18], "they never meant the same");
    }

    #[test]
    fn a_listing_corrects_what_is_known_of_an_item_whose_own_page_is_not_there() {
        let page = "Improvement Board";
        let mut known = item(page);
        let calm = named(None, &item(page), &mut known, None);
        let off = Item { stage: Some(Stage::Cancelled), ..item(page) };
        named_unread(&calm, &off, &mut known);
        assert_eq!((known.title.as_str(), known.stage), (page, Some(Stage::Cancelled)));
        let put_off = named_unread(&calm, &item("Improvement Board – POSTPONED"), &mut known);
        assert_eq!(known.title, "Improvement Board – POSTPONED");
        named_unread(&put_off, &item(page), &mut known);
        assert_eq!(known.title, page);
        named_unread(&calm, &item("Improvement Board meeting"), &mut known);
        assert_eq!(known.title, page);
    }

    #[test]
    fn a_listing_that_names_things_in_its_own_way_corrects_nothing() {
        let page = "Board meets in March to hear the director";
        for listed in [
            "Board meets in March…",
            "New: Board meets in March to hear the director",
            "BOARD MEETS IN MARCH TO HEAR THE DIRECTOR",
        ] {
            assert_eq!(titles(&[(page, page), (listed, page)]), [page, page], "{listed}");
        }
        assert_eq!(titles(&[("Update no. 2", page), ("Second update", page)]), [page, page]);
        assert_eq!(titles(&[(page, page), ("More", page)]), [page, page]);
    }
}
