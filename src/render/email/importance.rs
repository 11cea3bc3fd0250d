//! Which updates of a long digest are told before others: a mail has room for so much, and what a reader would miss most is not
//! to be the line under "Also".
//!
//! Invariant: a function of what the mail tells alone, so that a repeat is the same mail.

use super::MailEntry;
use crate::domain::item::Change;
use crate::domain::revision::RevisionClass;
use crate::rules::interest::folded_words;
use crate::rules::revision::classes;
use std::cmp::Reverse;
use std::collections::HashMap;

/// What a page about a board's work says of itself: in its title, its item's, or a topic.
const OF_A_BOARD: [&str; 2] = [" board ", " improvement "];
/// Decisions, and documents, that count: of a hundred, nobody reads the last.
const COUNTED_MAX: usize = 5;
/// Characters of a text that count.
const TEXT_CHARS_MAX: usize = 1_500;

/// The `entries`, which stand in the mail's order, by what is lost without them. The first of them all, which the subject names, stays
/// first; then each council's most important, its second for half as much, and so on: so no council takes all the room.
pub(super) fn by_importance<'e, 'a>(entries: &[&'e MailEntry<'a>]) -> Vec<&'e MailEntry<'a>> {
    let mut weighed: Vec<(usize, usize, &'e MailEntry<'a>)> =
        entries.iter().enumerate().map(|(place, entry)| (importance(entry), place, *entry)).collect();
    weighed.sort_by_key(|(weight, place, _)| (Reverse(*weight), *place));
    let mut of_council: HashMap<&str, usize> = HashMap::new();
    for (weight, _, entry) in &mut weighed {
        let before = of_council.entry(entry.source.council.as_str()).or_default();
        *before += 1;
        *weight /= *before;
    }
    weighed.sort_by_key(|(weight, place, _)| (*place > 0, Reverse(*weight), *place));
    weighed.into_iter().map(|(.., entry)| entry).collect()
}

/// How much is lost of one that is told by its title alone.
fn importance(entry: &MailEntry<'_>) -> usize {
    let item = &entry.known.item;
    let turn = if entry.turn().is_some() { 500 } else { 0 };
    let change = match entry.change {
        Change::New => 0,
        Change::Withdrawn => 400,
        Change::Revised if entry.before.is_some_and(|before| classes(before, item) != [RevisionClass::Correction]) => 400,
        Change::Revised | Change::Returned => 200,
    };
    let decisions = item.decisions.len().min(COUNTED_MAX) * 80;
    let board = if is_of_a_board(entry) { 150 } else { 0 };
    let ahead = if item.next_meeting.is_some() || !item.commitments.is_empty() { 60 } else { 0 };
    let documents = item.documents.len().min(COUNTED_MAX) * 20;
    let text = item.text.as_ref().map_or(0, |text| text.as_str().chars().take(TEXT_CHARS_MAX).count()) / 10;
    turn + change + decisions + board + ahead + documents + text
}

fn is_of_a_board(entry: &MailEntry<'_>) -> bool {
    let names = [entry.source.title.as_str(), entry.known.item.title.as_str()];
    let mut names = names.into_iter().chain(entry.source.topics.iter().map(String::as_str)).map(folded_words);
    names.any(|name| OF_A_BOARD.iter().any(|word| name.contains(word)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::item::{Decision, Item, KnownItem};
    use crate::domain::source::{Source, SourceId};
    use crate::domain::text::Text;
    use chrono::DateTime;
    use url::Url;

    fn source(council: &str, title: &str) -> Source {
        let id = SourceId::parse(&council.to_lowercase()).unwrap();
        Source::bare(id, council.into(), title.into(), Url::parse("https://council.example/").unwrap())
    }

    fn known(title: &str, text: &str, decisions: usize) -> KnownItem {
        let url = Url::parse("https://council.example/item").unwrap();
        let decision = Decision { label: None, text: Text::line("That it be so.") };
        let item = Item {
            text: Some(Text::new(text)),
            decisions: vec![decision; decisions],
            ..Item::bare(title.into(), Text::line(title), url)
        };
        let source = SourceId::parse("any").unwrap();
        let id = crate::domain::item::ItemId::of(&source, title);
        let seen = DateTime::UNIX_EPOCH;
        KnownItem { id, source, revision: 1, first_seen: seen, revised: seen, withdrawn: None, item, before: None }
    }

    /// The titles of these, `(council, page, title, text, decisions, change)`, in the order in which they are told.
    fn check(told: &[(&str, &str, &str, &str, usize, Change)], expect: &[&str]) {
        let sources: Vec<Source> = told.iter().map(|told| source(told.0, told.1)).collect();
        let items: Vec<KnownItem> = told.iter().map(|told| known(told.2, told.3, told.4)).collect();
        let entries: Vec<MailEntry<'_>> = told
            .iter()
            .zip(&sources)
            .zip(&items)
            .map(|((told, source), known)| MailEntry { change: told.5, known, source, before: None })
            .collect();
        let order = by_importance(&entries.iter().collect::<Vec<_>>());
        assert_eq!(order.iter().map(|entry| entry.known.item.title.as_str()).collect::<Vec<_>>(), expect);
    }

    #[test]
    fn what_the_subject_names_comes_first_and_then_what_would_be_missed_most() {
        let note = "Repairs are under way.";
        let long = "The Board looked at the plan. ".repeat(40);
        check(
            &[
                ("Ashby", "News", "Named", note, 0, Change::New),
                ("Ashby", "News", "Note a", note, 0, Change::New),
                ("Barton", "News", "Note b", note, 0, Change::New),
                ("Corby", "News", "Note c", note, 0, Change::New),
                ("Corby", "Improvement Board", "Plan", &long, 2, Change::New),
                ("Corby", "Improvement Board", "Second", &long, 0, Change::New),
                ("Derby", "News", "Gone", note, 0, Change::Withdrawn),
            ],
            &["Named", "Plan", "Gone", "Second", "Note b", "Note a", "Note c"],
        );
    }

    #[test]
    fn no_council_takes_all_the_room() {
        let board = |council, title| (council, "Improvement Board", title, "The Board met.", 1, Change::New);
        check(
            &[
                board("Ashby", "a1"),
                board("Ashby", "a2"),
                board("Ashby", "a3"),
                board("Barton", "b1"),
                board("Barton", "b2"),
                board("Corby", "c1"),
            ],
            &["a1", "b1", "c1", "a2", "b2", "a3"],
        );
    }
}
