//! What a page tells machines of the one event that it is about: schema.org's `Event` in JSON-LD or in attributes, hCalendar's
//! `dtstart`; and whether its template is one of events.

use super::particulars::Hours;
use crate::rules::extract::document::{Document, classes};
use crate::rules::extract::moment;
use crate::rules::extract::text::{decoded, folded};
use chrono::{NaiveDate, NaiveTime};
use scraper::ElementRef;
use serde_json::Value;

/// When the event takes place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(in crate::rules::extract::page) struct Declared {
    pub(super) day: NaiveDate,
    pub(super) hours: Hours,
    /// It will not take place on that day.
    pub(super) is_off: bool,
}

/// The ends of schema.org's `EventStatusType`s of what does not take place on its day.
const OFF: &[&str] = &["EventCancelled", "EventPostponed"];

impl Declared {
    fn of(start: &str, end: Option<&str>, status: Option<&str>) -> Option<Self> {
        let (day, begins) = local(start)?;
        let ends = end.and_then(local).filter(|(last, _)| *last == day).and_then(|(_, ends)| ends);
        // An event of the whole day is written from midnight on.
        let begins = begins.filter(|begins| *begins != NaiveTime::MIN);
        let is_off = status.is_some_and(|status| OFF.iter().any(|off| status.ends_with(off)));
        Some(Self { day, hours: (begins, ends.filter(|ends| begins.is_some_and(|begins| *ends > begins))), is_off })
    }
}

fn local(raw: &str) -> Option<(NaiveDate, Option<NaiveTime>)> {
    let (day, at) = moment::day_and_time(moment::parse(raw)?);
    Some((day, at.map(|at| at.time())))
}

/// The event that the page with this headline is about; `None` where it names several, or another.
pub(in crate::rules::extract::page) fn of(document: &Document<'_>, title: &str) -> Option<Declared> {
    let in_scripts = events_in_scripts(document);
    let is_title = |event: &&Value| event.get("name").and_then(Value::as_str).is_none_or(|name| names(name, title));
    let own: Vec<Declared> = in_scripts.iter().filter(is_title).filter_map(of_value).collect();
    if let Some(first) = own.first() {
        return own.iter().all(|other| other == first).then(|| first.clone());
    }
    let begins = document.all("[itemprop='startDate'], [property='schema:startDate'], .dtstart[title]");
    let ends = document.all("[itemprop='endDate'], [property='schema:endDate'], .dtend[title]");
    let end = ends.first().and_then(|end| written(*end));
    let status = document.first("[itemprop='eventStatus'][content], [itemprop='eventStatus'][href]");
    let status = status.and_then(|status| status.attr("content").or(status.attr("href")));
    let mut found = begins.iter().filter_map(|begin| Declared::of(&written(*begin)?, end.as_deref(), status));
    let first = found.next()?;
    found.all(|other| other.day == first.day).then_some(first)
}

/// Whether two names are of the same thing.
fn names(name: &str, title: &str) -> bool {
    let (name, title) = (folded(&decoded(name)), folded(title));
    !name.is_empty() && (name.contains(&title) || title.contains(&name))
}

/// What an element says to machines, else to people.
fn written(element: ElementRef<'_>) -> Option<String> {
    let attribute = ["content", "datetime", "title"].iter().find_map(|name| element.attr(name));
    attribute.map(str::to_owned).or_else(|| Some(element.text().collect::<String>())).filter(|raw| !raw.trim().is_empty())
}

fn of_value(event: &Value) -> Option<Declared> {
    Declared::of(
        event.get("startDate")?.as_str()?,
        event.get("endDate").and_then(Value::as_str),
        event.get("eventStatus").and_then(Value::as_str),
    )
}

/// Every event in the page's JSON-LD: alone, in a list, or in a graph.
fn events_in_scripts(document: &Document<'_>) -> Vec<Value> {
    let mut events = Vec::new();
    for script in document.all("script[type='application/ld+json']") {
        let Ok(json) = serde_json::from_str::<Value>(&script.text().collect::<String>()) else { continue };
        let all = json.as_array().cloned().unwrap_or_else(|| vec![json]);
        for node in all {
            let graph = node.get("@graph").and_then(Value::as_array).cloned().unwrap_or_default();
            events.extend(std::iter::once(node).chain(graph).filter(is_event));
        }
    }
    events
}

/// Whether a node's type is an event: `Event`, `BusinessEvent`.
fn is_event(node: &Value) -> bool {
    const OTHERS: &[&str] = &["BroadcastEvent", "DeliveryEvent", "OnDemandEvent", "PublicationEvent"];
    let is_one = |kind: &Value| kind.as_str().is_some_and(|kind| kind.ends_with("Event") && !OTHERS.contains(&kind));
    node.get("@type").is_some_and(|kind| is_one(kind) || kind.as_array().is_some_and(|kinds| kinds.iter().any(is_one)))
}

/// Whether the page's template is one of single events, by the classes of its largest parts: "single-tribe_events",
/// "page-node-type-event".
pub(in crate::rules::extract::page) fn is_template(document: &Document<'_>) -> bool {
    const KINDS: &[&str] = &["detail", "details", "node", "single", "type"];
    const LISTS: &[&str] = &["archive", "list", "listing", "teaser"];
    let says = |class: &str| {
        let lowered = class.to_ascii_lowercase();
        let words: Vec<&str> = lowered.split(['-', '_']).collect();
        let has = |known: &[&str]| words.iter().any(|word| known.contains(word));
        has(&["event", "events"]) && has(KINDS) && !has(LISTS)
    };
    let called = |css| document.all(css).into_iter().filter(|element| classes(*element).any(says)).take(2).count();
    // Of several articles each is another event's.
    called("body[class*=event], main[class*=event]") > 0 || called("article[class*=event], .node[class*=event]") == 1
}
