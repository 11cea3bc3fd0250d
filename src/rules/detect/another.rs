//! Whether what stands under an item's address is still that item, however much of it was rewritten.
//!
//! A council corrects words, adds papers, even changes a title. It does not do all of that at once and leave nothing of what
//! stood there; a queue, an error in new words and a site's front page do.

use super::asks;
use crate::domain::item::{Item, Stage};
use crate::domain::text::Text;
use crate::rules::extract::guard;
use crate::rules::facts::dates;
use crate::rules::fingerprint::{plain, uncased};
use chrono::NaiveDate;
use std::collections::HashSet;

/// Of a hundred words, so many stay where an item is rewritten.
const KEPT_MIN: usize = 20;
/// Fewer words say too little of what an item was.
const WORDS_MIN: usize = 8;
/// So many words beside its papers are a text, and no frame for them.
const TEXT_WORDS_MIN: usize = 16;
/// More bytes tell something besides what they ask.
const ASKING_BYTES_MAX: usize = 240;
/// Of a hundred words, no more are those of a record's frame.
const FRAME_MAX: usize = 40;
/// Papers that do not all vanish from a page that is still the same.
const PAPERS_MIN: usize = 2;
/// Of a hundred words, so many stay where a page is written anew that named the item in them, and does no more.
const RETITLED_MIN: usize = 50;
/// Of a hundred words, so many stay where a meeting is moved to another day.
const MOVED_MIN: usize = 70;

/// Whether `now` is another thing than `before`, or an empty frame of it.
#[must_use]
pub fn is_another(before: &Item, now: &Item) -> bool {
    is_emptied(before, now) || is_replaced(before, now)
}

/// Whether `now` says nothing, or is an empty frame of `before`.
#[must_use]
pub fn is_emptied(before: &Item, now: &Item) -> bool {
    if tells(now) { is_frame_of(before, now) } else { tells(before) && now.stage != Some(Stage::Cancelled) }
}

/// Whether `now` says something else than `before`, under another title or without the papers.
#[must_use]
pub fn is_replaced(before: &Item, now: &Item) -> bool {
    if !tells(now) {
        return false;
    }
    let (had, has) = (words(text_of(before)), words(text_of(now)));
    let kept = had.iter().filter(|word| has.contains(*word)).count();
    let is_rewritten = had.len() >= WORDS_MIN && kept * 100 < had.len() * KEPT_MIN;
    let lost_papers = before.documents.len() >= PAPERS_MIN && now.documents.is_empty() && now.stage != Some(Stage::Cancelled);
    let (title, other) = (words(before.title.as_str()), words(now.title.as_str()));
    is_rewritten && (title.is_disjoint(&other) || lost_papers)
}

/// Whether `now` says nothing that was not said before, but for an apology or a few words to who has to sign in or to wait, and
/// what was to be told is not there: the labels of a decision without the decision, a meeting's place and hour without its papers.
fn is_frame_of(before: &Item, now: &Item) -> bool {
    if now.stage == Some(Stage::Cancelled) && before.stage != Some(Stage::Cancelled) {
        return false;
    }
    let had: HashSet<String> = text_of(before).lines().map(uncased).collect();
    let added: Vec<&str> = text_of(now).lines().filter(|line| !had.contains(&uncased(line))).collect();
    let added = added.join("\n");
    let (said, kept) = kept(before, now);
    let only_asks = || {
        let is_all_gone = said >= WORDS_MIN && kept * 100 < said * KEPT_MIN;
        is_all_gone && added.len() <= ASKING_BYTES_MAX && asks::newly(text_of(before), &added)
    };
    let is_sorry = guard::apology(&added, now.title.as_str()).is_some() || only_asks();
    let lost_decisions = !before.decisions.is_empty() && now.decisions.is_empty() && kept < said;
    let lost_papers =
        !before.documents.is_empty() && now.documents.is_empty() && kept < said && !goes_on_without_papers(before, now);
    let lost_most = said >= WORDS_MIN && kept * 100 < said * FRAME_MAX;
    (added.is_empty() || is_sorry) && (lost_decisions || lost_papers || lost_most || is_sorry && kept < said)
}

/// Whether a page says all that it said beside its papers, and that was a text: they alone were taken off.
fn goes_on_without_papers(before: &Item, now: &Item) -> bool {
    let papers: Vec<String> = before.documents.iter().map(|paper| uncased(paper.title.as_str())).collect();
    let is_heading = |line: &str| words(line).len() <= 1;
    let is_said = |line: &&str| !is_heading(line) && !papers.iter().any(|paper| uncased(line).starts_with(paper));
    let said = words(&text_of(before).lines().filter(is_said).collect::<Vec<_>>().join("\n"));
    said.len() >= TEXT_WORDS_MIN && said.is_subset(&words(text_of(now)))
}

/// Whether there is more to read of an item than its title.
fn tells(item: &Item) -> bool {
    let title = words(item.title.as_str());
    let has_words = words(text_of(item)).iter().any(|word| !title.contains(word));
    has_words || !item.documents.is_empty() || !item.decisions.is_empty()
}

/// Whether an item's own page, `now`, is that of another: by a name that neither the list, which names the item as ever, nor
/// the page before had. A page that keeps half of what it said, and its day, is the item's under whatever name: a council
/// corrects those.
#[must_use]
pub fn is_misnamed(before: &Item, listed: &Item, now: &Item) -> bool {
    let names = [before, listed].map(|item| title_words(item.title.as_str()));
    let other = title_words(now.title.as_str());
    let is_strange = |name: &HashSet<String>| name.is_empty() || is_renamed(name, &other);
    if other.is_empty() || names.iter().all(HashSet::is_empty) || !names.iter().all(is_strange) {
        return false;
    }
    // Of a page that said nothing, its papers show whose it was.
    let keeps_papers = || before.documents.iter().any(|paper| now.documents.contains(paper));
    // The list goes on to give the day that the page gave, or none.
    let is_redated = listed.published == before.published && now.published != before.published;
    is_redated || if words(text_of(before)).is_empty() { !keeps_papers() } else { !keeps_half(before, now) }
}

/// Whether `now`, to which the address of `before` leads, may be the same thing: by its name, or by half of its words.
#[must_use]
pub fn may_have_moved(before: &Item, now: &Item) -> bool {
    let is_named_so = !is_renamed(&title_words(before.title.as_str()), &title_words(now.title.as_str()));
    is_named_so || !words(text_of(before)).is_empty() && keeps_half(before, now)
}

/// Whether an item's own page, `now`, is that of another under a name that tells nothing, since other pages are headed so too: it does
/// not name the item in its words any more, as the list does, or next to nothing is left of those.
#[must_use]
pub fn is_other_under_one_name(before: &Item, listed: &Item, now: &Item) -> bool {
    let name = title_words(listed.title.as_str());
    let is_name = |line: &str| {
        let line = title_words(line);
        !name.is_empty() && name.is_subset(&line) && line.len() <= name.len() * 2
    };
    let names_it = |item: &Item| text_of(item).lines().any(is_name);
    let (had, kept) = kept(before, now);
    let kept_min = if names_it(before) { RETITLED_MIN } else { KEPT_MIN };
    had >= WORDS_MIN && !words(text_of(now)).is_empty() && !names_it(now) && kept * 100 < had * kept_min
}

/// Whether a page is headed with no more than a word, as any page may be: "Statement".
#[must_use]
pub fn is_one_word(title: &Text) -> bool {
    title_words(title.as_str()).len() <= 1
}

/// Whether a name of these words has given way to another.
pub(super) fn is_renamed(name: &HashSet<String>, other: &HashSet<String>) -> bool {
    let common = name.intersection(other).count();
    !other.is_empty() && common * 2 < name.len().min(other.len())
}

/// Whether a meeting's own page, `now`, is that of a meeting of another day: without the papers of before, or without most of its
/// words, while the list goes on to give the day. A meeting that is moved takes its papers along.
#[must_use]
pub fn is_of_another_day(before: &Item, listed: &Item, now: &Item) -> bool {
    let met = |item: &Item| item.meeting.as_ref().and_then(|meeting| meeting.date);
    let (Some(was), Some(is)) = (met(before), met(now)) else { return false };
    let is_listed_so = met(listed).or(listed.published).is_none_or(|listed| listed == was);
    was != is && is_listed_so && loses_what_it_had(before, now)
}

/// Whether a page has none of the papers of before, or, where there were none, has lost most of its words.
pub(super) fn loses_what_it_had(before: &Item, now: &Item) -> bool {
    let papers = |item: &Item| item.documents.iter().filter_map(|paper| paper.url.clone()).collect::<HashSet<_>>();
    let had = papers(before);
    if had.is_empty() {
        let (had, kept) = kept(before, now);
        return kept * 100 < had * MOVED_MIN;
    }
    had.is_disjoint(&papers(now))
}

/// Whether next to none of the words of `before`, which were so many at least beside the names of its papers, are left in a text.
#[must_use]
pub fn says_nothing_of(before: &Item, now: &str, words_min: usize) -> bool {
    let papers: Vec<String> = before.documents.iter().map(|paper| uncased(paper.title.as_str())).collect();
    let is_paper = |line: &&str| papers.iter().any(|paper| uncased(line).starts_with(paper));
    let had = words(&text_of(before).lines().filter(|line| !is_paper(line)).collect::<Vec<_>>().join("\n"));
    let kept = had.intersection(&words(now)).count();
    had.len() >= words_min && kept * 100 < had.len() * KEPT_MIN
}

/// Whether a page has half of the words of before.
#[must_use]
pub fn keeps_half(before: &Item, now: &Item) -> bool {
    let (had, kept) = kept(before, now);
    kept * 2 >= had
}

/// How many words an item had, and how many of them it has.
fn kept(before: &Item, now: &Item) -> (usize, usize) {
    let (had, has) = (words(text_of(before)), words(text_of(now)));
    (had.len(), had.intersection(&has).count())
}

/// The day that an item goes by.
pub(super) fn day(item: &Item) -> Option<NaiveDate> {
    item.meeting.as_ref().and_then(|meeting| meeting.date).or(item.published)
}

/// The words of a name, without a day that stands in it, unless it is nothing else.
pub(super) fn title_words(title: &str) -> HashSet<String> {
    let name = words(&undated(title));
    if name.is_empty() { words(title) } else { name }
}

/// A name without the days that stand in it.
pub(super) fn undated(title: &str) -> String {
    let mut named = String::new();
    let mut from = 0;
    for date in dates::find(title) {
        named.push_str(title.get(from..date.span.start).unwrap_or_default());
        named.push(' ');
        from = date.span.end;
    }
    named.push_str(title.get(from..).unwrap_or_default());
    named
}

fn text_of(item: &Item) -> &str {
    item.text.as_ref().map_or("", |text| text.as_str())
}

/// The words of four letters and more, and the numbers: shorter words stand in every text.
pub(super) fn words(text: &str) -> HashSet<String> {
    let plain = plain(text).to_lowercase();
    let words = plain.split(|c: char| !c.is_alphanumeric());
    words.filter(|word| word.chars().count() >= 4 || word.starts_with(|c: char| c.is_ascii_digit())).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::item::Document;
    use url::Url;

    const BOARD: &str = "The board met on 3 March 2027 and heard that forty actions of the improvement plan are complete. \
         The director reported on staffing, on caseloads and on the inspection letter.";

    fn item(title: &str, text: &str, papers: usize) -> Item {
        let url = Url::parse("https://council.example.org/updates/1").unwrap();
        let paper =
            |n| Document { title: Text::line(&format!("Paper {n}")), url: None, kind: None, size: None, restricted: false };
        Item {
            text: Some(Text::new(text)),
            documents: (0..papers).map(paper).collect(),
            ..Item::bare("k".to_owned(), Text::line(title), url)
        }
    }

    fn check(before: &Item, now: &Item, expect: bool) {
        assert_eq!(is_another(before, now), expect, "{} | {}", now.title, text_of(now));
    }

    #[test]
    fn a_page_that_gave_way_to_another_is_another_thing() {
        let update = item("Improvement Board update", BOARD, 1);
        check(&update, &item("You are now in line", "When it is your turn you have ten minutes to enter the website.", 0), true);
        check(&update, &item("Welcome to Testshire", "Pay your council tax, bin collection days, find a school.", 0), true);
        check(&update, &item("mgError", "", 0), true);
        check(&update, &item("Improvement Board update", "", 0), true);
        check(&update, &item("Improvement Board update", "Improvement Board update", 0), true);
        check(&item("Minutes", "Agreed.", 0), &item("Minutes", "", 0), true);
    }

    #[test]
    fn an_agenda_without_its_papers_and_words_is_an_empty_frame() {
        let agenda = item("Agenda for Cabinet", BOARD, 5);
        check(&agenda, &item("Agenda for Cabinet", "Venue: Town Hall", 0), true);
        let told = "Of the plan's forty actions thirty are complete, and the others will be by the spring, the director told members of the \
             panel, who thanked her staff and asked for another report on caseloads and turnover.";
        check(&item("Board", &format!("{told}\nDocuments\nPaper 0 (PDF)"), 1), &item("Board", told, 0), false);
        check(&item("Board", "Venue: Town Hall\nDocuments\nPaper 0 (PDF)", 1), &item("Board", "Venue: Town Hall", 0), true);
        let cancelled =
            Item { stage: Some(Stage::Cancelled), ..item("Agenda for Cabinet", "This meeting has been cancelled", 0) };
        check(&agenda, &cancelled, false);
    }

    #[test]
    fn a_frame_with_nothing_in_it_or_with_an_apology_is_another_thing() {
        let frame = "Decision Maker: Cabinet Member for Children\nDate of decision: 3 November 2026\nIs it a key decision? No";
        let decided = |more: &str| item("Homes for children", &format!("{frame}\n{more}"), 0);
        let told = "That two homes for children be opened in the spring, one in each half of the borough, and that the cost of \
             both be met from the reserve that was set aside for them last year.";
        let before = decided(told);
        for sorry in ["", "An unexpected error has occurred.", "Loading…", "This content is temporarily unavailable."] {
            check(&before, &decided(sorry), true);
        }
        let board = item("Board", told, 0);
        check(&board, &item("Board", "To go on you need a password. Ask our web team for one.", 0), true);
        check(&board, &item("Board", &format!("{told} Ask for a password to see the maps."), 0), false);
        check(&before, &decided("Withdrawn."), false);
        check(&before, &decided(&told[..100]), false);
        check(&before, &decided(&format!("{told}\nIt was called in.")), false);
        let mut short = decided("That it be agreed.");
        short.decisions.push(crate::domain::item::Decision { label: None, text: Text::new("That it be agreed.") });
        check(&short, &decided(""), true);
        check(&short, &decided("That it be agreed."), false);
        check(&item("Board", &format!("{frame}\n{told}"), 0), &item("Board", &format!("{told}\nIt met."), 0), false);
    }

    #[test]
    fn a_page_under_a_strange_name_is_another_s_while_the_list_names_the_item() {
        let listed = item("Improvement Board update", "", 0);
        let check = |before: &str, now: &Item, expect: bool| {
            assert_eq!(is_misnamed(&item(before, BOARD, 1), &listed, now), expect, "{before} | {}", now.title);
        };
        check("Improvement Board update", &item("Another story altogether", "Of another service.", 1), true);
        check("Improvement Board update", &item("What we heard in March", BOARD, 1), false);
        check("Improvement Board update", &item("Fostering board seeks carers", "Could you foster a child?", 0), true);
        check("Improvement Board update", &item("Update of the Improvement Board", "In other words.", 0), false);
        check("Improvement Board update", &item("Board meets in March", BOARD, 1), false);
        check("What the chair heard", &item("What the chair was told", "In other words.", 0), false);
        check("What the chair heard", &item("IMPROVEMENT BOARD UPDATE", "In other words.", 0), false);
        check("Improvement Board update", &item("", BOARD, 0), false);
        let on = |title: &str, day| Item { published: chrono::NaiveDate::from_ymd_opt(2027, 3, day), ..item(title, BOARD, 0) };
        let (known, listed) = (on("Improvement Board update", 4), Item { text: None, ..on("Improvement Board update", 4) });
        assert!(is_misnamed(&known, &listed, &on("Another story altogether", 9)), "of another day as well");
        assert!(!is_misnamed(&known, &listed, &on("What we heard in March", 4)));
        assert!(!is_misnamed(&known, &listed, &on("Improvement Board update, corrected", 9)));
    }

    #[test]
    fn what_a_council_rewrites_is_still_the_same_thing() {
        let update = item("Improvement Board update", BOARD, 1);
        check(&update, &item("Improvement Board update", "This consultation has closed.", 0), false);
        check(&update, &item("Improvement Board: March", &BOARD.replace("forty", "thirty"), 3), false);
        check(&update, &item("A corrected name", BOARD, 1), false);
        check(&item("Minutes", "", 2), &item("Minutes of 3 March", "Agreed.", 2), false);
    }
}
