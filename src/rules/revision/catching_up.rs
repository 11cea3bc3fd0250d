//! A meeting's own page that comes to say what its list has said before it: the day to which it was moved, or that it is called
//! off. Whoever follows it was told when the list said so.

use super::{changed_lines, find_dates, is_retitled, moments, without_dates, words_of};
use crate::domain::item::{Item, Stage};
use crate::domain::text::Text;
use crate::rules::facts::dates::times;
use crate::rules::facts::{called_off, standing};
use crate::rules::fingerprint::{Likeness, likeness};
use chrono::{NaiveDate, NaiveTime};

/// Whether all that `now` says otherwise than `before` is what was known of the meeting already. `is_moved`: that it has moved to the
/// day on which `before` has it.
#[must_use]
pub fn catches_up(before: &Item, now: &Item, is_moved: bool) -> bool {
    if let Some(day) = now.closes.as_ref().filter(|_| now.closes == before.closes) {
        let (gone, come) = changed_lines(before.text.as_ref(), now.text.as_ref());
        let as_told = Item { text: before.text.clone(), html: before.html.clone(), ..now.clone() };
        if !come.is_empty() && likeness(before, &as_told) != Likeness::Other && are_until(day, &gone, &come) {
            return true;
        }
    }
    let Some((day, start)) = now.meeting.as_ref().and_then(|meeting| Some((meeting.date?, meeting.start))) else { return false };
    // A list says that a meeting is put off; its page, that it does not take place on its day.
    let is_put_off = before.stage.is_none() && now.stage == Some(Stage::Cancelled) && standing::puts_off(before.title.as_str());
    let restates = |line: &String| is_moved && status(line).is_some_and(|said| standing::moves(&said));
    let (mut gone, mut come) = changed_lines(before.text.as_ref(), now.text.as_ref());
    let stage = if is_put_off || come.iter().any(restates) { before.stage } else { now.stage };
    let as_told =
        Item { stage, title: before.title.clone(), text: before.text.clone(), html: before.html.clone(), ..now.clone() };
    if likeness(before, &as_told) == Likeness::Other {
        return false;
    }
    if is_retitled(before, now) {
        gone.push(words_of(&before.title));
        come.push(words_of(&now.title));
    }
    // That it has moved says no more than its day does.
    if come.iter().any(restates) {
        come.retain(|line| !restates(line));
        gone.retain(|line| status(line).is_none());
        if come.is_empty() {
            return gone.is_empty();
        }
    }
    !come.is_empty()
        && (are_moved_to(day, start, &gone, &come)
            || now
                .meeting
                .as_ref()
                .is_some_and(|meeting| meeting.place.as_ref().is_some_and(|place| are_at(place, &gone, &come)))
            || are_called_off(now, day, &gone, &come) && !(is_put_off && come.iter().any(|line| standing::ends(line))))
}

/// Whether each line says of this day, or of this hour of it, what it said of another.
fn are_moved_to(day: NaiveDate, start: Option<NaiveTime>, gone: &[String], come: &[String]) -> bool {
    let days = |line: &String| find_dates(line).iter().map(|date| date.day).collect::<Vec<_>>();
    let is_moved = |(was, is): (&String, &String)| {
        let (then, later) = (days(was), days(is));
        let hour = |line: &str| {
            let beside = find_dates(line).first().and_then(|date| date.start);
            beside.or_else(|| times(line).first().map(|(start, ..)| *start))
        };
        let is_of_hour = || start.is_some() && then == later && moments::is_redated(was, is) && hour(is) == start;
        is_of_hour()
            || without_dates(was) == without_dates(is)
                && matches!((&then[..], &later[..]), ([then], [later]) if then != later && *later == day)
    };
    gone.len() == come.len() && gone.iter().zip(come).all(is_moved)
}

/// Whether each line says this day where it said another.
fn are_until(day: &Text, gone: &[String], come: &[String]) -> bool {
    let says = |line: &String| {
        let days = find_dates(line);
        let [only] = days.as_slice() else { return false };
        only.day.format("%-d %B %Y").to_string().starts_with(day.as_str())
    };
    let is_moved = |(was, is): (&String, &String)| without_dates(was) == without_dates(is) && !says(was) && says(is);
    gone.len() == come.len() && gone.iter().zip(come).all(is_moved)
}

/// Whether each line names this place where it named another.
fn are_at(place: &Text, gone: &[String], come: &[String]) -> bool {
    let place = words_of(place);
    let is_now_there = |(was, is): (&String, &String)| {
        let around = is.split_once(&*place);
        around.is_some_and(|(before, after)| {
            was.len() >= before.len() + after.len() && was.starts_with(before) && was.ends_with(after)
        })
    };
    gone.len() == come.len() && gone.iter().zip(come).all(is_now_there)
}

/// Whether a meeting that is known to be called off says nothing new but that.
fn are_called_off(now: &Item, day: NaiveDate, gone: &[String], come: &[String]) -> bool {
    let says = |said: &str| called_off::says(said, now.title.as_str(), Some(day));
    let is_known = |line: &String| says(&status(line).unwrap_or_else(|| line.clone()));
    now.stage == Some(Stage::Cancelled) && gone.iter().all(|line| status(line).is_some()) && come.iter().all(is_known)
}

/// What a line, as plain small words, says after the label of a meeting's status.
fn status(line: &str) -> Option<String> {
    const LABELS: &[&str] = &["status", "meeting status"];
    line.split_once(':').filter(|(label, _)| LABELS.contains(&label.trim())).map(|(_, said)| said.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::item::Meeting;

    fn board(title: &str, day: u32, stage: Option<Stage>, text: &str) -> Item {
        let url = url::Url::parse("https://council.example.org/m/7").unwrap();
        Item {
            meeting: Some(Meeting::on(Some(Text::line("Board")), NaiveDate::from_ymd_opt(2026, 12, day))),
            text: Some(Text::new(text)),
            stage,
            ..Item::bare("k".into(), Text::line(title), url)
        }
    }

    #[test]
    fn a_page_that_follows_its_list_says_nothing_new_and_one_that_says_more_does() {
        let known = board("Board, 1 December 2026", 8, None, "Tuesday 1 December 2026\nPapers by 20 November 2026\nApologies");
        let check = |title: &str, day: u32, text: &str, expect: bool| {
            assert_eq!(catches_up(&known, &board(title, day, None, text), false), expect, "{title} {day} {text}");
        };
        let moved = "Tuesday 8 December 2026\nPapers by 20 November 2026\nApologies";
        check("Board, 8 December 2026", 8, moved, true);
        check("Board, 1 December 2026", 8, moved, true);
        check("Board, 8 December 2026", 8, "Tuesday 1 December 2026\nPapers by 20 November 2026\nApologies", true);
        check("Board, 15 December 2026", 15, &moved.replace("8 Dec", "15 Dec"), false);
        check("Board, 8 December 2026", 8, &moved.replace("20 November", "27 November"), false);
        check("Board, 8 December 2026", 8, &moved.replace("Apologies", "Apologies\nBudget"), false);
        check("Special Board, 8 December 2026", 8, moved, false);
        let known = board("Board", 8, None, "Status: Scheduled\nApologies");
        let check = |status: &str, expect: bool| {
            let now = board("Board", 8, None, &format!("Status: {status}\nApologies"));
            assert_eq!(catches_up(&known, &now, true), expect, "{status}");
            assert!(!catches_up(&known, &now, false), "{status}");
        };
        check("Rescheduled", true);
        check("Postponed", false);
        check("Decisions published", false);
    }

    #[test]
    fn a_page_that_names_the_place_that_its_list_named_before_it_says_nothing_new() {
        let mut known = board("Board", 8, None, "Venue: Old Exchange\nApologies");
        known.meeting.as_mut().unwrap().place = Some(Text::line("Market Hall"));
        let check = |text: &str, expect: bool| {
            let now = Item { text: Some(Text::new(text)), ..known.clone() };
            assert_eq!(catches_up(&known, &now, false), expect, "{text}");
        };
        check("Venue: Market Hall\nApologies", true);
        check("Venue: Town Hall\nApologies", false);
        check("Venue: Market Hall\nApologies\nBudget", false);
        check("Venue: Market Hall", false);
    }

    #[test]
    fn a_page_that_says_that_its_meeting_is_called_off_as_its_list_did_says_nothing_new() {
        let off = Some(Stage::Cancelled);
        let known = board("Board", 8, off, "Status: Scheduled\nApologies");
        let check =
            |text: &str, expect: bool| assert_eq!(catches_up(&known, &board("Board", 8, off, text), false), expect, "{text}");
        check("Status: Cancelled\nApologies", true);
        check("Status: Scheduled\nThis meeting has been cancelled.\nApologies", true);
        check("Status: Cancelled\nA public meeting is held on 9 December instead.\nApologies", false);
        check("Status: Cancelled", false);
        let put_off = board("Board – POSTPONED", 8, None, "Apologies");
        let check = |text: &str, expect: bool| {
            assert_eq!(catches_up(&put_off, &board("Board – POSTPONED", 8, off, text), false), expect, "{text}");
        };
        check("This meeting has been postponed.\nApologies", true);
        check("This meeting has been cancelled.\nApologies", false);
        assert!(!catches_up(&board("Board", 8, None, "Apologies"), &board("Board", 8, off, "Cancelled\nApologies"), false));
    }
}
