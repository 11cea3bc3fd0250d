//! What somebody wants, in words for them.

use super::words::{Words, clip};
use crate::domain::choice::{CadenceChange, Choice};
use crate::domain::pause::Pause;
use crate::domain::site::Site;
use crate::domain::source::Source;
use crate::domain::subscriber::{Cadence, Interests};
use crate::domain::text::Text;
use crate::rules::interest::outermost;
use chrono::{DateTime, NaiveDate, Utc};

/// Stands for keywords where they are not to be said.
pub const WORDS_OF_YOUR_OWN: &str = "(words of your own)";

/// Titles that a reason names, and characters of each.
const TITLES_MAX: usize = 2;
const TITLE_CHARS_MAX: usize = 80;

/// How often that is.
#[must_use]
pub fn often(site: &Site, cadence: Cadence) -> &'static str {
    (Words::of(site).wants.often)(cadence)
}

/// All that is wanted and how often, a line each: "Trafford Council, once a week"; and word of months without news where that
/// is wanted. What another line holds, at the same rhythm, has none of its own.
#[must_use]
pub fn in_lines(site: &Site, choice: &Choice, monthly: bool, sources: &[Source]) -> Vec<String> {
    let says = &Words::of(site).wants;
    let lines = choice.iter().flat_map(|(cadence, interests)| {
        let things = wants(site, &outermost(interests, sources), sources);
        things.into_iter().map(move |what| format!("{what}, {}", (says.often)(cadence)))
    });
    lines.chain(monthly.then(|| says.monthly.to_owned())).collect()
}

/// All that is to come at another rhythm, a line each: "Trafford Council, once a week instead of once a day".
#[must_use]
pub fn changes_in_lines(site: &Site, changes: &[CadenceChange], sources: &[Source]) -> Vec<String> {
    let says = &Words::of(site).wants;
    let lines = changes.iter().flat_map(|CadenceChange { from, to, interests }| {
        let things = wants(site, &outermost(interests, sources), sources);
        things.into_iter().map(move |what| (says.instead)(&what, (says.often)(*to), (says.often)(*from)))
    });
    lines.collect()
}

/// All that comes at another rhythm from now on, a sentence each time: "Your updates about Trafford Council now come once a week
/// instead of once a day."
#[must_use]
pub fn changed(site: &Site, changes: &[CadenceChange], sources: &[Source]) -> Vec<String> {
    let says = &Words::of(site).wants;
    let sentences = changes.iter().map(|CadenceChange { from, to, interests }| {
        let things = wants(site, &outermost(interests, sources), sources);
        (says.changed)(&(says.list)(&things), (says.often)(*to), (says.often)(*from))
    });
    sentences.collect()
}

/// What a yes means for a pause, in a few sentences.
#[must_use]
pub fn pause(site: &Site, pause: Pause) -> String {
    let says = &Words::of(site).manage;
    let day = |until: DateTime<Utc>| until.with_timezone(&site.timezone).date_naive();
    match pause {
        Pause::Holds(until) => (says.pause_holds)(day(until)),
        Pause::Ends(until) => (says.pause_ends)(day(until)),
    }
}

/// Why somebody is told what became of things that they do not ask for: they had been told of them on that `day`, before they
/// changed what they get where they `have_chosen` since. `titles`: of what; none where the mail is about nothing else.
#[must_use]
pub fn told_before(site: &Site, titles: &[&str], day: NaiveDate, have_chosen: bool) -> String {
    let words = Words::of(site);
    let mut named: Vec<String> = titles.iter().take(TITLES_MAX).map(|title| format!("“{}”", title_of(title))).collect();
    let more = titles.len().saturating_sub(TITLES_MAX);
    named.extend((more > 0).then(|| (words.foot.others)(more)));
    let what = (!named.is_empty()).then(|| (words.wants.list)(&named));
    (words.foot.told_before)(what.as_deref(), &(words.facts.day)(day), have_chosen)
}

/// A title within a sentence.
fn title_of(raw: &str) -> String {
    clip(Text::line(raw).as_str(), TITLE_CHARS_MAX)
}

/// Each thing that is wanted, in a few words: "Trafford Council", "the topic “boards”".
#[must_use]
pub fn wants(site: &Site, interests: &Interests, sources: &[Source]) -> Vec<String> {
    let says = &Words::of(site).wants;
    let everything = interests.everything.then(|| says.everything.to_owned());
    let of_source = |id: &String| {
        let source = sources.iter().find(|source| source.id.as_str() == id);
        source.map_or_else(|| id.clone(), |source| (says.source)(&source.title, &source.council))
    };
    let topic = |topic: &String| (says.topic)(&site.topic(topic));
    let keyword = |words: &String| if words == WORDS_OF_YOUR_OWN { says.own_words.to_owned() } else { (says.keyword)(words) };
    let parts = everything.into_iter().chain(interests.councils.iter().cloned());
    let parts = parts.chain(interests.sources.iter().map(of_source)).chain(interests.topics.iter().map(topic));
    parts.chain(interests.keywords.iter().map(keyword)).collect()
}
