//! The brakes: signs of a rebuilt or misread page rather than of news. What they stop, a person looks at before anybody is
//! told.
//!
//! Each compares only what one recipe read on both sides: what we read better than before is no sign of anything.

use super::{Alarm, Circumstances, Content, Difference, Known, Oddity, Reading, Seen, Sign, difference};
use chrono::{Datelike, NaiveDate};
use std::collections::{HashMap, HashSet};

/// Fewer items than this make no pattern that could break.
pub(super) const PATTERN_MIN: usize = 4;
/// So many dates whose day and month changed places are no coincidence.
const SWAPPED_MIN: usize = 3;
/// Items that an alarm names.
const EXAMPLES_MAX: usize = 5;

/// What looks wrong about `reading`; `None` where it looks like news, or like nothing.
pub(super) fn alarm(known: &HashMap<&str, &Known<'_>>, reading: &Reading<'_>, given: &Circumstances) -> Option<Alarm> {
    alarms(known, reading, given, 1).pop()
}

/// All that looks wrong about it, so many alarms at most, the gravest first.
pub(super) fn alarms(known: &HashMap<&str, &Known<'_>>, reading: &Reading<'_>, given: &Circumstances, most: usize) -> Vec<Alarm> {
    let Some(page) = reading.seen.iter().find(|seen| seen.is_page).map(|seen| seen.key) else {
        return alarms_of(known, reading, given, most);
    };
    // A page that stands where it stood says nothing of the items on it.
    let known = known.iter().filter(|(key, _)| **key != page).map(|(key, known)| (*key, *known)).collect();
    let seen = reading.seen.iter().filter(|seen| seen.key != page).cloned().collect();
    alarms_of(&known, &Reading { seen, gone: reading.gone }, given, most)
}

fn alarms_of(known: &HashMap<&str, &Known<'_>>, reading: &Reading<'_>, given: &Circumstances, most: usize) -> Vec<Alarm> {
    let has_gone_on = has_gone_on(known, reading);
    let brakes: [&dyn Fn() -> Option<Alarm>; 6] = [
        &|| flood(known, reading, given, has_gone_on),
        &|| if has_gone_on { None } else { shrunk(known, reading, given) },
        &|| redated(known, reading),
        &|| antedated(known, reading),
        &|| reworded(known, reading),
        &|| replaced(known, reading),
    ];
    brakes.iter().filter_map(|brake| brake()).take(most).collect()
}

/// Whether a calendar shows its next month: every meeting that it names is after the last of those that it named before.
fn has_gone_on(known: &HashMap<&str, &Known<'_>>, reading: &Reading<'_>) -> bool {
    let live = || known.values().filter(|known| known.withdrawn.is_none());
    let last = live().filter_map(|known| known.meets).max();
    let is_of_meetings = live().all(|known| known.meets.is_some());
    let is_next = |last: NaiveDate| reading.listed().all(|seen| seen.meets.is_some_and(|day| day > last));
    reading.listed().next().is_some() && last.is_some_and(|last| is_of_meetings && is_next(last))
}

fn flood(known: &HashMap<&str, &Known<'_>>, reading: &Reading<'_>, given: &Circumstances, has_gone_on: bool) -> Option<Alarm> {
    let new = news(known, reading);
    let live = known.values().filter(|k| k.withdrawn.is_none()).count();
    // Of a page that gave way to the site's front page, all may be waiting: what its links lead to is no news.
    let count = new.len() + given.waiting;
    let reason = if new.len() > given.new_max {
        format!("{} new items at once; the limit is {}", new.len(), given.new_max)
    } else if gave_way(live, count) && !has_gone_on && !given.was_empty && new.len() == reading.listed().count() {
        let others = if count == 1 { "another one is".to_owned() } else { format!("{count} others are") };
        match live {
            1 => format!("the only known item is not there any more, and {others}"),
            _ => format!("none of the {live} known items is there any more, and {others}"),
        }
    } else {
        return None;
    };
    let there: HashSet<&str> = reading.listed().map(|seen| seen.key).collect();
    let gone: Vec<&Known<'_>> = newest_first(known.values().copied()).filter(|known| !there.contains(known.key)).collect();
    let is_in_place = gone.len() == live;
    let mut alarm = if new.is_empty() {
        with_signs(reason, gone.iter().map(|known| sign(known.key, Oddity::Gone)))
    } else {
        with_signs(reason, new.into_iter().map(|seen| sign(seen.key, Oddity::Unknown)))
    };
    // What stood in their place is part of it.
    if is_in_place {
        alarm.about.extend(gone.iter().map(|known| known.key.to_owned()));
    }
    Some(alarm)
}

/// Known items that are still published, the newest first.
fn newest_first<'k, 'a: 'k>(known: impl Iterator<Item = &'k Known<'a>>) -> impl Iterator<Item = &'k Known<'a>> {
    let mut live: Vec<&Known<'_>> = known.filter(|known| known.withdrawn.is_none()).collect();
    live.sort_by_key(|known| (std::cmp::Reverse(known.published), known.key));
    live.into_iter()
}

/// Whether so many new items where the known ones were, with none of those, are no news. A list of one shows the next one; or it
/// was read as an article, and now that there are two, as a list.
fn gave_way(known: usize, new: usize) -> bool {
    match known {
        0 => false,
        1 => new > 2,
        _ => new > 0,
    }
}

fn shrunk(known: &HashMap<&str, &Known<'_>>, reading: &Reading<'_>, given: &Circumstances) -> Option<Alarm> {
    let shown = reading.listed().count() + given.waiting;
    // A page that says that there is nothing has not lost its list, nor has one that is written anew as a single text.
    if shown == 0 || is_one_text(known, reading) || given.shown_before < PATTERN_MIN || shown * 2 >= given.shown_before {
        return None;
    }
    let there: HashSet<&str> = reading.seen.iter().map(|s| s.key).collect();
    let gone = newest_first(known.values().copied()).filter(|k| !there.contains(k.key));
    let reason = format!("the listing shrank from {} items to {shown}", given.shown_before);
    Some(with_signs(reason, gone.map(|k| sign(k.key, Oddity::Gone))))
}

/// Whether nothing is shown but the known page on which the other known items stood.
fn is_one_text(known: &HashMap<&str, &Known<'_>>, reading: &Reading<'_>) -> bool {
    let mut listed = reading.listed();
    let (Some(page), None) = (listed.next(), listed.next()) else { return false };
    let is_part = |key: &str| key.strip_prefix(page.key).is_some_and(|rest| rest.starts_with('#'));
    known.contains_key(page.key) && known.iter().all(|(key, item)| *key == page.key || item.is_out_of_sight || is_part(key))
}

/// Dates of known items that moved together: a page that has come to write month before day, or the date of something else.
fn redated(known: &HashMap<&str, &Known<'_>>, reading: &Reading<'_>) -> Option<Alarm> {
    let dated: Vec<(&str, NaiveDate, NaiveDate)> =
        compared(known, reading).filter_map(|(known, seen)| Some((seen.key, known.published?, seen.published?))).collect();
    let moved: Vec<_> = dated.iter().filter(|(_, before, now)| before != now).copied().collect();
    let swapped = moved.iter().filter(|(_, before, now)| has_swapped(*before, *now)).count();
    let back = moved.iter().filter(|(_, before, now)| now < before).count();
    let unreadable: Vec<&str> = undated(known, reading);
    let reason = if swapped >= SWAPPED_MIN && swapped * 2 >= moved.len() {
        format!("day and month have changed places in the dates of {swapped} items")
    } else if swapped > 0 && !unreadable.is_empty() {
        let swapped = if swapped == 1 { "the date of 1 item".to_owned() } else { format!("the dates of {swapped} items") };
        format!("day and month have changed places in {swapped}, and {} with a later day can no longer be read", unreadable.len())
    } else if back >= PATTERN_MIN && back * 2 >= dated.len() {
        format!("the dates of {back} of {} items are suddenly older", dated.len())
    } else if moved.len() >= PATTERN_MIN && nearly_all(moved.len(), dated.len()) {
        format!("the dates of {} of {} items have moved at once", moved.len(), dated.len())
    } else {
        return None;
    };
    let mut alarm = with_signs(reason, moved.into_iter().map(|(key, before, now)| sign(key, Oddity::Redated { before, now })));
    alarm.about.extend(unreadable.into_iter().map(str::to_owned));
    Some(alarm)
}

/// The known items that have lost a date that is none with day and month the other way round: 19 November, written 11/19.
fn undated<'r>(known: &HashMap<&str, &Known<'_>>, reading: &'r Reading<'_>) -> Vec<&'r str> {
    let was_read = |seen: &&Seen<'_>| seen.is_relisted || matches!(seen.content, Content::Read { .. });
    let lost = reading.seen.iter().filter(was_read).filter(|seen| seen.published.is_none());
    lost.filter(|seen| known.get(seen.key).is_some_and(|k| !k.is_outdated && k.published.is_some_and(|day| day.day() > 12)))
        .map(|seen| seen.key)
        .collect()
}

fn has_swapped(before: NaiveDate, now: NaiveDate) -> bool {
    before.year() == now.year() && before.day() == now.month() && before.month() == now.day()
}

/// New items that are all older than anything known: an archive that has come to stand where the news stood.
fn antedated(known: &HashMap<&str, &Known<'_>>, reading: &Reading<'_>) -> Option<Alarm> {
    let oldest = known.values().filter(|k| k.withdrawn.is_none()).filter_map(|k| k.published).min()?;
    let new = news(known, reading);
    let is_older = |seen: &&Seen<'_>| seen.published.is_some_and(|day| day < oldest);
    if new.len() < PATTERN_MIN || !new.iter().all(is_older) {
        return None;
    }
    let reason = format!("{} new items, all dated before {oldest}, the oldest that is known", new.len());
    Some(with_signs(reason, new.into_iter().map(|seen| sign(seen.key, Oddity::Unknown))))
}

/// Known items that all read otherwise in the same poll: another template, of which we read too much or too little.
fn reworded(known: &HashMap<&str, &Known<'_>>, reading: &Reading<'_>) -> Option<Alarm> {
    let pairs: Vec<(&Known<'_>, &Seen<'_>)> =
        reading.seen.iter().filter_map(|seen| Some((*known.get(seen.key)?, seen))).filter(|(k, _)| !k.is_outdated).collect();
    let is_revised = |(known, seen): &&(&Known<'_>, &Seen<'_>)| difference(known, seen) == Some(Difference::Theirs);
    let relisted = pairs.iter().filter(|(_, seen)| seen.is_relisted).count();
    // An item's own page is read because its line in the listing changed, or in its turn. Only those that were read in turn
    // can say how many others have changed.
    let in_turn: Vec<_> =
        pairs.iter().filter(|(_, s)| !s.is_relisted && !matches!(s.content, Content::Listed)).copied().collect();
    let revised = pairs.iter().filter(is_revised).count();
    let revised_in_turn = in_turn.iter().filter(is_revised).count();
    let reason = if revised_in_turn >= PATTERN_MIN && nearly_all(revised_in_turn, in_turn.len()) {
        format!("{revised_in_turn} of the {} known items that were read again read otherwise", in_turn.len())
    } else if revised >= PATTERN_MIN && nearly_all(relisted, pairs.len()) {
        format!("the listing says something else of {relisted} of {} known items", pairs.len())
    } else {
        return None;
    };
    let signs = pairs.iter().filter(is_revised).map(|(_, seen)| sign(seen.key, Oddity::Reworded));
    Some(Alarm { is_of_known: true, ..with_signs(reason, signs) })
}

/// Things that stand under their old address as if they were others: what a page shows that has given way to an error, a
/// queue or the front page, in words that no list of such words has.
fn replaced(known: &HashMap<&str, &Known<'_>>, reading: &Reading<'_>) -> Option<Alarm> {
    let others: Vec<&Seen<'_>> = reading.seen.iter().filter(|seen| seen.is_another).collect();
    if others.is_empty() || others.len() * 2 < compared(known, reading).count() {
        return None;
    }
    let reason = match others.as_slice() {
        [_] => "another thing altogether stands in its place".to_owned(),
        many => format!("other things altogether stand in the place of {} items", many.len()),
    };
    Some(with_signs(reason, others.into_iter().map(|seen| sign(seen.key, Oddity::Reworded))))
}

/// Items that nobody knows and that did not stand there before.
fn news<'r, 'a>(known: &HashMap<&str, &Known<'_>>, reading: &'r Reading<'a>) -> Vec<&'r Seen<'a>> {
    reading.seen.iter().filter(|seen| !seen.was_there && !known.contains_key(seen.key)).collect()
}

/// The known items that were read now, by the recipe that read them before.
fn compared<'r, 'a>(
    known: &'r HashMap<&str, &'r Known<'a>>,
    reading: &'r Reading<'a>,
) -> impl Iterator<Item = (&'r Known<'a>, &'r Seen<'a>)> {
    reading.seen.iter().filter_map(|seen| {
        let known = known.get(seen.key).copied().filter(|k| !k.is_outdated)?;
        let is_same_view = matches!(seen.content, Content::Read { has_text, .. } if has_text == known.has_text);
        is_same_view.then_some((known, seen))
    })
}

/// Nine in ten: one page may be behind a cache.
pub(super) fn nearly_all(part: usize, whole: usize) -> bool {
    part * 10 >= whole * 9
}

fn sign(key: &str, what: Oddity) -> Sign {
    Sign { key: key.to_owned(), what }
}

fn with_signs(reason: String, signs: impl Iterator<Item = Sign>) -> Alarm {
    let mut examples: Vec<Sign> = signs.collect();
    let about = examples.iter().map(|sign| sign.key.clone()).collect();
    examples.truncate(EXAMPLES_MAX);
    Alarm { examples, about, ..Alarm::of(reason) }
}
