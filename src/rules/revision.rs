//! What a revision changed: its classes, its papers, its decisions, its sentences. Read from the two contents alone, so that
//! mails, feeds, pages and commands say the same, and nothing about it has to be stored.
//!
//! A class is named for what it is news of, not for where it shows: a decision also stands in the text, and a moved date in
//! a sentence. So words count as corrected only where nothing else accounts for them.

mod abreast;
mod catching_up;
mod decisions;
mod links;
mod moments;
mod papers;
mod rearranged;
mod status;
mod words;

pub use catching_up::catches_up;
pub use decisions::{DecisionChange, decisions, repeats};
pub use links::{LinkChange, links};
pub use moments::{names_more_than_day, still_says};
pub use papers::{PaperChange, papers};
pub use rearranged::is_only_rearranged;
pub use words::{Piece, SentenceChange, sentences};

use crate::domain::item::{Item, Meeting, NextMeeting, Stage};
use crate::domain::revision::RevisionClass;
use crate::domain::text::Text;
use crate::rules::extract::key;
use crate::rules::facts::dates::{NAMES, find as find_dates, may_hold_any};
use crate::rules::facts::{standing, withdrawn};
use crate::rules::fingerprint::{Said, closing, uncased, unstyled};
use std::collections::{BTreeSet, HashMap};

/// A line of no more words is a heading ("Decision"), which comes and goes with what it stands over.
const HEADING_WORDS_MAX: usize = 2;

/// Lines with the same words but for sizes of files that are tried for one.
const ALIKE_MAX: usize = 32;

/// The classes of the revision from `before` to `now`, the leading one first; never empty.
#[must_use]
pub fn classes(before: &Item, now: &Item) -> Vec<RevisionClass> {
    let mut found = found(before, now);
    if found.is_empty() {
        found.insert(RevisionClass::Correction);
    }
    found.into_iter().collect()
}

/// Which words a [correction](RevisionClass::Correction) is of.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Reworded {
    /// Those of the text, or of what stands beside it.
    #[default]
    Text,
    /// Those of the title alone.
    Title,
    /// Both.
    TitleAndText,
}

impl Reworded {
    /// Of the revision from `before` to `now`, where it has corrections.
    #[must_use]
    pub fn between(before: &Item, now: &Item) -> Self {
        if !is_renamed(before, now) {
            return Self::Text;
        }
        let retitled = Item { title: now.title.clone(), ..before.clone() };
        if found(&retitled, now).contains(&RevisionClass::Correction) { Self::TitleAndText } else { Self::Title }
    }
}

/// What the two contents themselves give.
fn found(before: &Item, now: &Item) -> BTreeSet<RevisionClass> {
    let mut found = BTreeSet::new();
    if has_another_stage(before, now) || stands_otherwise(before, now) {
        found.insert(RevisionClass::StageChanged);
    }
    found.extend(match turn(before, now) {
        Some(Turn::Withdrawn) => Some(RevisionClass::Withdrawn),
        Some(Turn::Restored) => Some(RevisionClass::Returned),
        Some(Turn::CalledOff | Turn::OnAgain) | None => None,
    });
    let decisions = Decisions::between(before, now);
    found.extend(decisions.classes());
    let (gone, come) = changed_lines(before.text.as_ref(), now.text.as_ref());
    let takes_place = [before, now].iter().any(|item| item.meeting.as_ref().is_some_and(|meeting| meeting.date.is_some()));
    if has_moved(before, now)
        || is_retitled(before, now) && moments::is_redated(&words_of(&before.title), &words_of(&now.title))
        || are_only_redated(&gone, &come, takes_place)
        || closing::is_another(before, now)
    {
        found.insert(RevisionClass::DateMoved);
    }
    if status::is_another(&gone, &come) {
        found.insert(RevisionClass::StageChanged);
    }
    found.extend(moments::moved_place(&gone, &come));
    found.extend(is_elsewhere(before, now).then_some(RevisionClass::PlaceChanged));
    let papers = papers(before, now);
    found.extend(papers.iter().map(PaperChange::class));
    let facts_corrected = is_renamed(before, now)
        || optional(before.reasons.as_ref()) != optional(now.reasons.as_ref())
        || optional(before.options_rejected.as_ref()) != optional(now.options_rejected.as_ref())
        || another(before.meeting.as_ref().map(named), now.meeting.as_ref().map(named));
    let account = Account { before, now, decisions, papers: &papers, gone, come };
    if facts_corrected || account.leaves_words(&found) {
        found.insert(RevisionClass::Correction);
    }
    found
}

/// What a reader must hear first, before any detail.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Turn {
    /// The meeting was called off.
    CalledOff,
    /// The meeting had been called off, and is not any more.
    OnAgain,
    /// The page says that it is withdrawn.
    Withdrawn,
    /// The page said that, and does not any more.
    Restored,
}

impl Turn {
    /// In a reader's words, lower case.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::CalledOff => "meeting cancelled",
            Self::OnAgain => "meeting no longer cancelled",
            Self::Withdrawn => "withdrawn",
            Self::Restored => "no longer withdrawn",
        }
    }
}

/// What turned between `before` and `now`: whether the meeting takes place, whether the page holds.
#[must_use]
pub fn turn(before: &Item, now: &Item) -> Option<Turn> {
    let is_off = |item: &Item| item.stage == Some(Stage::Cancelled);
    match (is_off(before), is_off(now)) {
        (false, true) => return Some(Turn::CalledOff),
        (true, false) => return Some(Turn::OnAgain),
        _ => {}
    }
    match (is_withdrawn(before), is_withdrawn(now)) {
        (false, true) => Some(Turn::Withdrawn),
        (true, false) => Some(Turn::Restored),
        _ => None,
    }
}

/// Whether the papers have come further, or the meeting was called off or is no longer. That no stage can be read any more, where
/// one could, says nothing of the papers: those that are gone are told of themselves; and so is an agenda where there was no paper.
#[must_use]
pub fn has_another_stage(before: &Item, now: &Item) -> bool {
    let is_first_agenda = before.stage.is_none() && before.documents.is_empty() && now.stage == Some(Stage::Agenda);
    let is_told_of_itself = is_first_agenda && !now.documents.is_empty();
    before.stage != now.stage && (now.stage.is_some() || before.stage == Some(Stage::Cancelled)) && !is_told_of_itself
}

/// Whether a page, of no meeting, says that it is withdrawn.
fn is_withdrawn(item: &Item) -> bool {
    let mut lines = item.text.iter().flat_map(|text| text.as_str().lines());
    item.stage.is_none() && item.meeting.is_none() && lines.any(withdrawn::says)
}

/// Whether the title says something else.
#[must_use]
pub fn is_retitled(before: &Item, now: &Item) -> bool {
    !Said::however_spelt(before.title.as_str()).is_same(&Said::however_spelt(now.title.as_str()))
}

/// Whether the title says something else than another day or hour, or how what it names stands.
fn is_renamed(before: &Item, now: &Item) -> bool {
    is_retitled(before, now)
        && !moments::is_redated(&words_of(&before.title), &words_of(&now.title))
        && !stands_otherwise(before, now)
}

/// Whether the title says of the same that it stands otherwise: put off, moved, in another place.
fn stands_otherwise(before: &Item, now: &Item) -> bool {
    let plainly = |title: &Text| standing::words(title.as_str());
    is_retitled(before, now) && standing::is_of_same(&plainly(&before.title), &plainly(&now.title))
}

/// Whether what is said of a meeting is enough to know it by: less is said of many a one.
#[must_use]
pub fn is_telling(item: &Item) -> bool {
    const TELLING_BYTES: usize = 60;
    item.documents.iter().any(|document| document.url.is_some())
        || item.text.as_ref().is_some_and(|text| text.as_str().len() >= TELLING_BYTES)
}

/// Whether two contents say the same of meetings on different days, with the same papers.
#[must_use]
pub fn is_only_redated(before: &Item, now: &Item) -> bool {
    let addresses = |item: &Item| item.documents.iter().map(|d| d.url.as_ref().map(key::document)).collect::<BTreeSet<_>>();
    let body = |item: &Item| item.meeting.as_ref().map(|meeting| optional(meeting.body.as_ref()));
    // Where a year is left out, no meeting can be read.
    let is_of_one_body = body(before).zip(body(now)).is_none_or(|(was, is)| was == is);
    let (gone, come) = changed_lines(before.text.as_ref(), now.text.as_ref());
    let same_lines = gone.len() == come.len() && gone.iter().zip(&come).all(|(was, is)| without_dates(was) == without_dates(is));
    same_lines && !is_renamed(before, now) && is_of_one_body && addresses(before) == addresses(now)
}

/// The words alone, as comparisons see them.
fn words_of(text: &Text) -> String {
    unstyled(text.as_str())
}

fn optional(text: Option<&Text>) -> String {
    text.map(words_of).unwrap_or_default()
}

/// What the meeting is called: its body and the number on its agenda.
fn named(meeting: &Meeting) -> (String, String) {
    (optional(meeting.body.as_ref()), optional(meeting.item.as_ref()))
}

/// Whether a day or hour is another; one that was not given before has not moved.
fn has_moved(before: &Item, now: &Item) -> bool {
    let next = |item: &Item| item.next_meeting.as_ref().map(|next| (next.date, next.start, next.end));
    let meeting = |item: &Item| item.meeting.as_ref().map(|m| (m.date, m.start, m.end)).unwrap_or_default();
    let (was, is) = (meeting(before), meeting(now));
    another(was.0, is.0)
        || another(was.1, is.1)
        || another(was.2, is.2)
        || another(before.published, now.published)
        || another(next(before), next(now))
}

/// Whether a list says that the meeting takes place elsewhere than it said before.
fn is_elsewhere(before: &Item, now: &Item) -> bool {
    let place = |item: &Item| item.meeting.as_ref().and_then(|meeting| meeting.place.as_ref()).map(words_of);
    another(place(before), place(now))
}

fn another<T: PartialEq>(before: Option<T>, now: Option<T>) -> bool {
    before.zip(now).is_some_and(|(before, now)| before != now)
}

/// The decisions that one side has and the other has not, as plain words.
struct Decisions {
    made: Vec<String>,
    gone: Vec<String>,
}

impl Decisions {
    fn between(before: &Item, now: &Item) -> Self {
        let all = |item: &Item| item.decisions.iter().map(|d| words_of(&d.text)).collect::<Vec<_>>();
        let (was, is) = (all(before), all(now));
        let beyond = |all: &[String], others: &[String]| all.iter().filter(|d| !others.contains(d)).cloned().collect();
        Self { made: beyond(&is, &was), gone: beyond(&was, &is) }
    }

    fn classes(&self) -> impl Iterator<Item = RevisionClass> {
        let made = (self.made.len() > self.gone.len()).then_some(RevisionClass::DecisionMade);
        made.into_iter().chain((!self.gone.is_empty()).then_some(RevisionClass::DecisionChanged))
    }
}

/// What else has changed, to account for changed lines of the text.
struct Account<'a> {
    before: &'a Item,
    now: &'a Item,
    decisions: Decisions,
    papers: &'a [PaperChange<'a>],
    /// Lines that only one side has.
    gone: Vec<String>,
    come: Vec<String>,
}

impl Account<'_> {
    /// Whether any words differ that none of the classes `found` accounts for.
    fn leaves_words(&self, found: &BTreeSet<RevisionClass>) -> bool {
        // Minutes are another text than the agenda was.
        if has_another_stage(self.before, self.now) {
            return false;
        }
        let Self { gone, come, .. } = self;
        let dates_moved = found.contains(&RevisionClass::DateMoved);
        let place_changed = found.contains(&RevisionClass::PlaceChanged);
        let restaged = found.contains(&RevisionClass::StageChanged);
        let turned = found.contains(&RevisionClass::Withdrawn) || found.contains(&RevisionClass::Returned);
        let dateless = |lines: &[String]| lines.iter().map(|l| without_dates(l)).collect::<Vec<_>>();
        let (gone_dateless, come_dateless) = (dateless(gone), dateless(come));
        let moved = |line: &str| matches!((&gone[..], &come[..]), ([was], [is]) if moments::is_elsewhere(was, is) && (was == line || is == line));
        let explained = |line: &str, others: &[String]| {
            let is_heading = line.ends_with(':') || line.split(' ').count() <= HEADING_WORDS_MAX;
            let decided = self.decisions.made.iter().chain(&self.decisions.gone);
            let mut quotes = [self.before, self.now].into_iter().filter_map(|item| item.next_meeting.as_ref());
            let comes_with_facts = decided.clone().next().is_some() || !self.papers.is_empty();
            is_heading && comes_with_facts
                || turned && withdrawn::says(line)
                || restaged && status::of(line).is_some()
                || place_changed && (moments::place(line).is_some() || moved(line))
                || decided.clone().any(|decision| overlaps(line, decision))
                || self.papers.iter().any(|paper| paper.titles().any(|title| line.contains(&words_of(title))))
                || dates_moved && (others.contains(&without_dates(line)) || quotes.any(|q| is_quoted(line, q)))
        };
        !gone.iter().all(|line| explained(line, &come_dateless)) || !come.iter().all(|line| explained(line, &gone_dateless))
    }
}

fn overlaps(line: &str, other: &str) -> bool {
    line.contains(other) || other.contains(line)
}

fn is_quoted(line: &str, next: &NextMeeting) -> bool {
    overlaps(line, &words_of(&next.quote))
}

/// The lines that only one of two texts has, counted, as plain words.
fn changed_lines(before: Option<&Text>, now: Option<&Text>) -> (Vec<String>, Vec<String>) {
    let lines = |text: Option<&Text>| -> Vec<(String, Said)> {
        let lines = moments::with_label(text.map(Text::as_str).unwrap_or_default());
        lines.iter().map(|line| (uncased(line), Said::however_spelt(line))).filter(|(_, said)| !said.words.is_empty()).collect()
    };
    let (was, is) = (lines(before), lines(now));
    let (mut gone, mut come) = (beyond(&was, &is), beyond(&is, &was));
    // A line whose days have only lost their year, or been given it, stands where it stood.
    gone.retain(|(_, was)| {
        let names_day = || may_hold_any(&was.words);
        let same = if names_day() { come.iter().take(ALIKE_MAX).position(|(_, is)| was.is_same(is)) } else { None };
        same.map(|at| come.remove(at)).is_none()
    });
    let lines = |said: Vec<(String, Said)>| said.into_iter().map(|(line, _)| line).collect();
    (lines(gone), lines(come))
}

/// Whether the same lines stand there with other dates: dates that we read no fact from. Other hours alone are those of what
/// `takes_place`, or what their line says of it: until when a library is open is no date.
fn are_only_redated(gone: &[String], come: &[String], takes_place: bool) -> bool {
    let days = |line: &str| find_dates(line).into_iter().map(|date| date.day).collect::<Vec<_>>();
    let is_redated = |(was, is): (&String, &String)| {
        let (then, later) = (days(was), days(is));
        let is_of_occasion = || {
            moments::says_day(was) || moments::says_hours_of_occasion(was) || takes_place && !moments::says_hours_of_opening(was)
        };
        without_dates(was) == without_dates(is) && then != later || moments::is_redated(was, is) && is_of_occasion()
    };
    !gone.is_empty() && gone.len() == come.len() && gone.iter().zip(come).all(is_redated)
}

fn beyond(lines: &[(String, Said)], others: &[(String, Said)]) -> Vec<(String, Said)> {
    let mut left: HashMap<&str, Vec<&Said>> = HashMap::new();
    for (_, said) in others.iter().rev() {
        left.entry(&said.words).or_default().push(said);
    }
    let mut over = Vec::new();
    for (line, said) in lines {
        let same = left.get_mut(said.words.as_str()).and_then(|same| {
            let near = same.len().saturating_sub(ALIKE_MAX);
            let at = near + same.get(near..)?.iter().rposition(|other| said.agrees(other))?;
            Some(same.remove(at))
        });
        if same.is_none() {
            over.push((line.clone(), said.clone()));
        }
    }
    over
}

/// A line without its dates and times: what stays when only these have moved.
fn without_dates(line: &str) -> String {
    line.split(' ').filter(|word| !is_of_a_date(word)).collect::<Vec<_>>().join(" ")
}

/// "Tuesday", "Dec", "3rd", "2019", "03/12/2019", "10.30am".
fn is_of_a_date(word: &str) -> bool {
    let word = word.trim_matches(['(', ')', ',', '.', ';', ':', '-']).to_lowercase();
    if NAMES.iter().any(|name| word.len() >= 3 && name.starts_with(&word))
        || matches!(&*word, "am" | "pm" | "a.m" | "p.m" | "noon")
    {
        return true;
    }
    let (digits, rest) = word.split_at(word.find(|c: char| !c.is_ascii_digit()).unwrap_or(word.len()));
    let is_time =
        |rest: &str| rest.len() == 3 && rest.starts_with(['.', ':']) && rest.bytes().skip(1).all(|b| b.is_ascii_digit());
    match digits.len() {
        1 | 2 => {
            let half = rest.strip_suffix("am").or_else(|| rest.strip_suffix("pm")).unwrap_or(rest);
            matches!(half, "" | "st" | "nd" | "rd" | "th") || half.starts_with('/') || is_time(half)
        }
        4 => rest.is_empty() || rest.starts_with('-'),
        _ => false,
    }
}

#[cfg(test)]
mod tests;
