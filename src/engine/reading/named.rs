//! What an item is called and when it takes place, where its listing and its own page say so: as its own page does, until the
//! listing alone corrects what both had.

use crate::domain::item::{Item, hash_hex};
use crate::domain::text::Text;
use crate::rules::fingerprint::plain;
use crate::store::records::{Days, Names};

/// Names and dates `own`, which was read from the item's own page, as the listing does where that has corrected its name or moved
/// its day; answers what to remember for the next time. `before`: what was remembered.
pub(super) fn named(before: Option<&Names>, listed: &Item, own: &mut Item) -> Names {
    let (list, page) = (words(&listed.title), words(&own.title));
    let mut names = Names { listed: hash_of(&list), own: hash_of(&page), by_listing: false, days: None };
    if let Some(before) = before.filter(|before| before.own == names.own) {
        let agreed = before.by_listing || before.listed == before.own;
        // A list that has come to shorten names, or to say more of each, corrects none; one that says how a meeting stands does.
        let is_other = !list.contains(&page) && !page.contains(&list) || says_how_it_stands(&list, &page);
        names.by_listing =
            if before.listed == names.listed { before.by_listing } else { agreed && is_other && list.contains(' ') };
    }
    if names.by_listing {
        own.title.clone_from(&listed.title);
    }
    names.days = dated(before.and_then(|before| before.days), listed, own);
    names
}

/// The same of the day of a meeting.
fn dated(before: Option<Days>, listed: &Item, own: &mut Item) -> Option<Days> {
    let listed = listed.meeting.as_ref()?;
    let meeting = own.meeting.as_mut()?;
    let mut days = Days { listed: listed.date?, own: meeting.date?, by_listing: false };
    if let Some(before) = before.filter(|before| before.own == days.own) {
        let agreed = before.by_listing || before.listed == before.own;
        days.by_listing = agreed && days.listed != days.own;
    }
    if days.by_listing {
        meeting.date = Some(days.listed);
        (meeting.start, meeting.end) = (listed.start.or(meeting.start), listed.end.or(meeting.end));
    }
    Some(days)
}

/// Whether all that `list` says more than `page` is that a meeting will not be as it was to be.
fn says_how_it_stands(list: &str, page: &str) -> bool {
    const SAY: &[&str] = &[
        "abandoned",
        "adjourned",
        "aildrefnwyd",
        "cancelled",
        "canceled",
        "canslwyd",
        "changed",
        "deferred",
        "gohiriwyd",
        "moved",
        "postponed",
        "rearranged",
        "rescheduled",
        "revised",
        "scheduled",
        "withdrawn",
    ];
    const BESIDE: &[&str] = &["date", "meeting", "new", "now", "online", "re", "time", "to", "venue"];
    let Some((before, after)) = list.split_once(page).filter(|_| !page.is_empty()) else { return false };
    let more = || before.split(' ').chain(after.split(' ')).filter(|word| !word.is_empty());
    more().all(|word| SAY.contains(&word) || BESIDE.contains(&word)) && more().any(|word| SAY.contains(&word))
}

/// What is remembered of a name.
pub(super) fn remembered(title: &Text) -> String {
    hash_of(&words(title))
}

fn hash_of(words: &str) -> String {
    hash_hex(&[words.as_bytes()])
}

/// The letters and figures of a title.
fn words(title: &Text) -> String {
    let plain = plain(title.as_str()).to_lowercase();
    plain.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
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
            before = Some(named(before.as_ref(), &item(listed), &mut own));
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
    fn a_day_that_the_listing_alone_moves_is_the_meetings_until_its_own_page_says_another() {
        let on = |day: u32| {
            let date = chrono::NaiveDate::from_ymd_opt(2026, 12, day);
            Item { meeting: Some(Meeting::on(None, date)), ..item("Board") }
        };
        let days = |readings: &[(u32, u32)]| -> Vec<u32> {
            let (mut before, mut days) = (None, Vec::new());
            for (listed, page) in readings {
                let mut own = on(*page);
                before = Some(named(before.as_ref(), &on(*listed), &mut own));
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
