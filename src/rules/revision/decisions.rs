//! What became of decisions: one that reads otherwise is amended, not taken back and made anew.

use super::words::{SentenceChange, words};
use super::words_of;
use crate::domain::item::{Decision, Item};
use crate::rules::fingerprint::unstyled;
use similar::TextDiff;

/// How much of their words two decisions share, from 0 to 1, for one to be the other amended.
const ALIKE: f32 = 0.6;
/// Longer decisions are compared by their beginning: the comparison is quadratic.
const COMPARED_CHARS_MAX: usize = 2_000;
/// Most decisions of a side that are looked at for which was amended into which.
const COMPARED_MAX: usize = 60;
/// Characters by which a line may be longer than the decision that it says: its letter, "RESOLVED".
const AROUND_MAX: usize = 24;
/// Fewer words stand in many a decision by chance.
const WORDS_MIN: usize = 3;

/// What became of one decision.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum DecisionChange<'a> {
    /// It was not there.
    Made(&'a Decision),
    /// It reads otherwise.
    Amended {
        /// As it was.
        before: &'a Decision,
        /// As it is.
        now: &'a Decision,
    },
    /// It is no more.
    Gone(&'a Decision),
}

impl DecisionChange<'_> {
    /// The difference word by word, where it was amended.
    #[must_use]
    pub fn difference(&self) -> Option<SentenceChange> {
        let Self::Amended { before, now } = self else { return None };
        Some(words(&one_line(before), &one_line(now)))
    }

    /// Its words, those of before and those of now.
    #[must_use]
    pub fn said(&self) -> Vec<&Decision> {
        match self {
            Self::Made(decision) | Self::Gone(decision) => vec![*decision],
            Self::Amended { before, now } => vec![*before, *now],
        }
    }
}

/// What became of the decisions of `before`: those of `now` in their order, then those that are gone.
#[must_use]
pub fn decisions<'a>(before: &'a Item, now: &'a Item) -> Vec<DecisionChange<'a>> {
    let (mut gone, made) = (beyond(before, now), beyond(now, before));
    let mut changes: Vec<DecisionChange<'a>> = Vec::new();
    for (at, decision) in made.into_iter().enumerate() {
        let likest = gone.iter().take(if at < COMPARED_MAX { COMPARED_MAX } else { 0 }).enumerate();
        let likest = likest.map(|(at, other)| (at, likeness(other, decision))).filter(|(_, alike)| *alike >= ALIKE);
        // Of two that are as like, the first.
        let likest = likest.reduce(|best, next| if next.1 > best.1 { next } else { best });
        changes.push(match likest {
            Some((at, _)) => DecisionChange::Amended { before: gone.remove(at), now: decision },
            None => DecisionChange::Made(decision),
        });
    }
    changes.extend(gone.into_iter().map(DecisionChange::Gone));
    changes
}

/// Whether `line`, as plain words, says only what the decision `decided` says.
#[must_use]
pub fn repeats(line: &str, decided: &Decision) -> bool {
    let (line, decided) = (&*unstyled(line), words_of(&decided.text));
    let has_words = |words: &str| words.split_whitespace().nth(WORDS_MIN - 1).is_some();
    let is_within = has_words(line) && decided.contains(line);
    let is_around = line.chars().count() <= decided.chars().count() + AROUND_MAX && line.contains(&decided);
    is_within || !decided.is_empty() && is_around
}

/// The decisions of `item` whose words and letter `other` does not have.
fn beyond<'a>(item: &'a Item, other: &Item) -> Vec<&'a Decision> {
    let named = |decision: &Decision| (decision.label.as_ref().map(words_of), words_of(&decision.text));
    let others: Vec<_> = other.decisions.iter().map(named).collect();
    item.decisions.iter().filter(|decision| !others.contains(&named(decision))).collect()
}

fn likeness(one: &Decision, other: &Decision) -> f32 {
    let beginning = |decision: &Decision| words_of(&decision.text).chars().take(COMPARED_CHARS_MAX).collect::<String>();
    let (one, other) = (beginning(one), beginning(other));
    TextDiff::from_words(one.as_str(), other.as_str()).ratio()
}

/// "(b) That £350,000 be released."
fn one_line(decision: &Decision) -> String {
    let text = decision.text.as_str().split_whitespace().collect::<Vec<_>>().join(" ");
    decision.label.as_ref().map_or_else(|| text.clone(), |label| format!("({label}) {text}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::text::Text;

    fn item(decisions: &[(&str, &str)]) -> Item {
        let url = "https://council.example.org/x".parse().unwrap();
        let mut item = Item::bare("k".to_owned(), Text::line("Plan"), url);
        let decision = |(label, text): &(&str, &str)| Decision { label: Some(Text::line(label)), text: Text::new(text) };
        item.decisions = decisions.iter().map(decision).collect();
        item
    }

    #[test]
    fn a_decision_with_another_sum_is_amended_and_its_sum_alone_is_marked() {
        let before = item(&[("a", "That the report be noted."), ("b", "That £250,000 be released from reserves.")]);
        let now = item(&[("a", "That the report be noted."), ("b", "That £350,000 be released from reserves.")]);
        let changes = decisions(&before, &now);
        assert!(matches!(changes[..], [DecisionChange::Amended { .. }]), "{changes:?}");
        let difference = changes[0].difference().unwrap();
        let marked = |pieces: Option<Vec<crate::rules::revision::Piece>>| {
            pieces.unwrap().into_iter().filter(|p| p.changed).map(|p| p.words).collect::<String>()
        };
        assert_eq!((marked(difference.before), marked(difference.now)), ("£250,000".to_owned(), "£350,000".to_owned()));
    }

    #[test]
    fn a_decision_about_something_else_is_made_and_the_old_one_gone() {
        let before = item(&[("a", "That the budget for roads be approved.")]);
        let now = item(&[("a", "To appoint Councillor Jones as chair for this municipal year.")]);
        assert!(matches!(decisions(&before, &now)[..], [DecisionChange::Made(_), DecisionChange::Gone(_)]));
        assert_eq!(decisions(&now, &now), []);
    }

    #[test]
    fn each_amended_decision_is_paired_with_the_likest_of_before() {
        let before = item(&[("a", "That £10,000 go to Anytown library."), ("b", "That £10,000 go to Sampleton pool this year.")]);
        let now = item(&[("a", "That £20,000 go to Sampleton pool this year."), ("b", "That £15,000 go to Anytown library.")]);
        let changes = decisions(&before, &now);
        let pairs: Vec<_> = changes.iter().map(|c| c.said().iter().map(|d| d.text.to_string()).collect::<Vec<_>>()).collect();
        assert!(
            pairs[0].iter().all(|text| text.contains("Sampleton")) && pairs[1].iter().all(|text| text.contains("Anytown")),
            "{pairs:?}"
        );
    }

    #[test]
    fn only_a_line_that_says_no_more_than_the_decision_repeats_it() {
        let decided = Decision { label: None, text: Text::new("That the plan be approved. That it be published.") };
        let check = |line: &str, expect| assert_eq!(repeats(line, &decided), expect, "{line}");
        check("That the plan be approved.", true);
        check("(a) That the plan be approved. That it be published.", true);
        check("The plan", false);
        check("Before it could be said that the plan be approved. That it be published. members asked for its cost.", false);
    }
}
