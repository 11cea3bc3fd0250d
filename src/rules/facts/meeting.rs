//! The meeting that a title names, on every platform alike: "Improvement Board - 22 October 2026", "Minutes of 22 October
//! 2026", "22 October 2026 agenda". That day is the meeting's and not that of publication.

mod month;

use super::dates;
use crate::domain::item::{Item, Meeting};
use crate::domain::text::Text;
use chrono::{Datelike, NaiveDate};

/// Bodies that meet.
const BODIES: &[&str] = &["board", "cabinet", "committee", "executive", "forum", "panel", "subcommittee"];
/// Bodies that also write and say things: with "to" or "of" before them they are not what the day is of.
const SPEAKERS: &[&str] = &["authority", "council", "group", "partnership"];
/// What there is of a meeting.
const PAPERS: &[&str] = &[
    "actions",
    "agenda",
    "agendas",
    "cofnodion",
    "cyfarfod",
    "cyfarfodydd",
    "decisions",
    "highlights",
    "meeting",
    "meetings",
    "minutes",
    "notes",
    "outcome",
    "outcomes",
    "pack",
    "papers",
    "slides",
    "summary",
    "webcast",
    "webcasts",
];
/// What goes with these without being of a meeting by itself.
const BESIDE: &[&str] = &[
    "approved", "bulletin", "draft", "final", "held", "in", "log", "on", "of", "online", "for", "from", "private", "public",
    "report", "reports", "the", "update", "updates",
];
/// Words of a page that posts what is new, where a day is that of the posting.
const POSTING: &[&str] = &[
    "blog",
    "bulletin",
    "bulletins",
    "diweddariad",
    "diweddariadau",
    "news",
    "newsletter",
    "newsletters",
    "newyddion",
    "press",
    "statement",
    "statements",
    "update",
    "updates",
];
/// What headlines of news say that somebody does, as words of names seldom do: "Tenants' panel joins the board".
const DOES: &[&str] = &[
    "agrees",
    "appoints",
    "approves",
    "asks",
    "backs",
    "begins",
    "endorses",
    "exits",
    "gets",
    "has",
    "hears",
    "holds",
    "is",
    "joins",
    "launches",
    "leaves",
    "makes",
    "meets",
    "praises",
    "publishes",
    "receives",
    "rejects",
    "says",
    "takes",
    "thanks",
    "urges",
    "welcomes",
    "wins",
];

/// Longest name of a meeting beside its day, in words.
const WORDS_MAX: usize = 12;

/// The meeting whose day a title gives in full.
#[must_use]
pub fn of_title(title: &str) -> Option<Meeting> {
    let found = dates::find(title);
    let [date] = found.as_slice() else { return None };
    let day = date.single()?;
    let (before, after) = (title.get(..date.span.start)?, title.get(date.span.end..)?);
    let name = if names(before) {
        before
    } else if !before.contains(char::is_alphanumeric) && names(after) {
        after
    } else {
        return None;
    };
    Some(Meeting { start: date.start, end: date.end, ..Meeting::on(body(name), Some(day)) })
}

/// The day on which a line says that a meeting was or will be held: "Held in the Town Hall on Tuesday 4 May 2027 at 7pm",
/// "Minutes of the meeting held on 4 May 2027". What a line tells besides, or says of the next one, is no such line.
#[must_use]
pub fn held(line: &str) -> Option<NaiveDate> {
    const OPENINGS: &[&str] = &["agenda", "at", "draft", "held", "meeting", "minutes", "notes", "notice", "record", "to"];
    const BYTES_MAX: usize = 160;
    const AFTER_BYTES_MAX: usize = 60;
    if line.len() > BYTES_MAX || !dates::may_hold_any(line) {
        return None;
    }
    let found = dates::find(line);
    let [date] = found.as_slice() else { return None };
    let (before, after) = (words(line.get(..date.span.start)?), line.get(date.span.end..)?);
    let has = |word: &str| before.iter().any(|own| own == word);
    let opening = before.iter().find(|word| !matches!(word.as_str(), "a" | "an" | "the"))?;
    let says = has("held") && !has("next") && OPENINGS.contains(&opening.as_str());
    (says && after.len() <= AFTER_BYTES_MAX).then(|| date.single()).flatten()
}

/// The body that a headline is the name of.
#[must_use]
pub fn body_named(headline: &str) -> Option<Text> {
    const JOINED: &[&str] = &["authority", "council"];
    let is_body = |word: &String| BODIES.contains(&word.as_str()) || JOINED.contains(&word.as_str());
    if !words(headline).last().is_some_and(is_body) || headline.contains([':', '|']) {
        return None;
    }
    body(headline)
        .or_else(|| Text::line(headline).or_absent().filter(|_| !words(headline).iter().any(|w| PAPERS.contains(&w.as_str()))))
}

/// The body that a heading over its meetings names, or the only words of an entry: "Planning Committee – agendas and minutes", "Cabinet".
/// "Board" alone is any board.
#[must_use]
pub fn body_over(heading: &str) -> Option<Text> {
    /// What is one by itself, and what a council that meets is called.
    const ALONE: &[&str] = &["cabinet", "council", "executive"];
    const WHOLE: &[&str] = &["annual", "community", "full", "parish", "town"];
    const BYTES_MAX: usize = 100;
    if heading.len() > BYTES_MAX {
        return None;
    }
    let own = heading.split([':', '|', '–', '—', '(']).next()?.split(" - ").next()?.trim();
    let mut named: Vec<&str> = own.split_whitespace().collect();
    let is_paper = |word: &str| {
        let word = word.to_lowercase();
        matches!(word.as_str(), "and" | "&" | "dates") || PAPERS.contains(&word.as_str())
    };
    while named.last().is_some_and(|last| is_paper(last)) {
        named.pop();
    }
    let name = named.join(" ");
    let lowered: Vec<String> = words(&name);
    let (first, last) = (lowered.first()?.as_str(), lowered.last()?.as_str());
    let names_one = match lowered.len() {
        1 => ALONE.contains(&last),
        2 if last == "council" => WHOLE.contains(&first),
        _ => !matches!(last, "council" | "committees" | "meeting"),
    };
    (names_one && is_body(&name)).then(|| Text::line(&name).or_absent()).flatten()
}

/// Gives an item the day of the meeting that its title names, where nothing else has said it.
pub(super) fn fill(item: &mut Item) {
    if item.meeting.as_ref().is_some_and(|meeting| meeting.date.is_some()) {
        return;
    }
    let Some(found) = of_title(item.title.as_str()).or_else(|| month::told(item)) else { return };
    let known = item.meeting.take();
    item.meeting = Some(match known {
        Some(known) => Meeting { body: known.body, item: known.item, ..found },
        None => found,
    });
}

/// The same of an item whose day stands beside its title on a page about meetings, by whose headline [`is_of_meetings`] tells.
pub fn place(item: &mut Item, page: &str) {
    /// A list under such a headline is one of meetings, whatever each is called: "Cabinet", "Audit".
    const LISTS: &[&str] = &["agenda", "agendas", "cofnodion", "cyfarfodydd", "meetings", "minutes", "webcast", "webcasts"];
    let title = item.title.as_str();
    let is_list = || words(page).iter().any(|word| LISTS.contains(&word.as_str()));
    let has_papers = || item.documents.iter().any(|paper| names(paper.title.as_str()));
    // "Monday 4 May", under the heading of its year.
    let in_year = |day: NaiveDate| dates::whole(&format!("{title} {}", day.year())).is_some();
    let is_day = || dates::whole(title).is_some() || item.published.is_some_and(in_year);
    let is_of_meeting = is_day() || names(title) || has_papers() || is_list();
    let known = item.meeting.as_ref().is_some_and(|meeting| meeting.date.is_some());
    let is_posted = || item.published.is_some_and(|day| month::is_posted_on(title, day));
    if !is_of_meeting || known || is_posted() {
        return;
    }
    take_day(item);
}

/// Makes the day of an entry that of its meeting: what stands in a list of events was not published when it takes place.
pub fn take_day(item: &mut Item) {
    if let Some(day) = item.published.take() {
        item.published_at = None;
        let body = item.meeting.take().and_then(|meeting| meeting.body);
        item.meeting = Some(Meeting::on(body, Some(day)));
    }
}

/// Whether a page, by its headline, is about a body's meetings and not its news: "Improvement Board", "Agendas and minutes".
#[must_use]
pub fn is_of_meetings(headline: &str) -> bool {
    let words = words(headline);
    let names = |word: &String| BODIES.contains(&word.as_str()) || PAPERS.contains(&word.as_str());
    words.iter().any(names) && !posts(headline)
}

/// Whether a headline is over what is posted as news.
#[must_use]
pub fn posts(headline: &str) -> bool {
    words(headline).iter().any(|word| POSTING.contains(&word.as_str()))
}

/// Whether a title is the name of what meets, or of a meeting, and says no more: "Housing Board", "Cabinet (special)".
#[must_use]
pub fn is_body(title: &str) -> bool {
    const WELSH: &[&str] = &["bwrdd", "cabinet", "cyfarfod", "cyngor", "panel", "pwyllgor"];
    let bare = title.split_once('(').map_or(title, |(bare, _)| bare);
    let words = words(bare);
    let is_of = |word: &str| BODIES.contains(&word) || SPEAKERS.contains(&word) || matches!(word, "meeting" | "committees");
    let is_last = words.last().is_some_and(|last| is_of(last));
    let is_first = words.first().is_some_and(|first| WELSH.contains(&first.as_str()) && !BODIES.contains(&first.as_str()));
    // "Letter to the board", "Minutes of the Board".
    let tells = |word: &String| {
        PAPERS[..].iter().any(|paper| *paper != "meeting" && paper == word)
            || POSTING.contains(&word.as_str())
            || matches!(word.as_str(), "about" | "by" | "from" | "letter" | "note" | "on" | "to" | "with")
    };
    words.len() <= WORDS_MAX && (is_last || is_first) && !words.iter().any(tells) && !is_news(&words)
}

/// Whether words are a headline that tells what somebody does.
fn is_news(words: &[String]) -> bool {
    words.iter().skip(1).any(|word| DOES.contains(&word.as_str()))
}

/// Whether a title is that of a meeting or of its papers, and tells nothing besides.
#[must_use]
pub fn is_one(title: &str) -> bool {
    is_body(title) || names(title) || of_title(title).is_some()
}

/// Whether words end in what names a meeting or its papers, whatever number or remark stands behind that.
fn names(text: &str) -> bool {
    let text = text.trim().trim_matches(['-', '–', '—', ':', ',', '|', '.']).trim();
    // "Council (Annual)".
    let bare = text.strip_suffix(')').and_then(|text| text.rsplit_once('(')).map_or(text, |(bare, _)| bare);
    let words = words(bare);
    let is_beside = |word: &String| BESIDE.contains(&word.as_str()) || word.bytes().all(|b| b.is_ascii_digit());
    let Some(last) = words.iter().rposition(|word| !is_beside(word)) else { return false };
    let (Some(noun), Some(head)) = (words.get(last), words.get(..last)) else { return false };
    let has = |wanted: &[&str]| head.iter().any(|word| wanted.contains(&word.as_str()));
    if words.len() > WORDS_MAX || is_news(&words) || head.iter().rev().take(3).any(|word| matches!(word.as_str(), "from" | "by"))
    {
        return false;
    }
    // "Minutes of the Fire Authority": whoever it is, they met.
    let own: Vec<&str> =
        words.iter().map(String::as_str).skip_while(|word| matches!(*word, "draft" | "approved" | "final")).collect();
    matches!(own.as_slice(), ["minutes" | "agenda", "of" | "for", ..])
        || BODIES.contains(&noun.as_str())
        || PAPERS.contains(&noun.as_str())
        || (SPEAKERS.contains(&noun.as_str()) && !has(&["to", "of", "the", "for"]))
}

fn words(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric() && !matches!(c, '\'' | '’')).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect()
}

/// The body's own name: "Minutes of the Improvement Board" is of "Improvement Board".
fn body(name: &str) -> Option<Text> {
    let words: Vec<&str> = name.split_whitespace().map(|word| word.trim_matches(|c: char| !c.is_alphanumeric())).collect();
    let is = |word: &str, known: &[&str]| known.iter().any(|known| word.eq_ignore_ascii_case(known));
    let end = words.iter().rposition(|word| is(word, BODIES))?;
    let is_joint =
        |word: &&str| is(word, &["of", "the", "for", "to", "-", "following", "after"]) || word.is_empty() || is(word, PAPERS);
    let start = words.get(..end)?.iter().rposition(is_joint).map_or(0, |at| at + 1);
    let own = words.get(start..=end)?;
    (own.len() > 1 || own.iter().any(|word| word.eq_ignore_ascii_case("cabinet")))
        .then(|| Text::line(&own.join(" ")).or_absent())
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_headline_that_tells_what_a_body_does_names_no_meeting() {
        for title in [
            "Tenants’ panel joins the board",
            "Improvement board holds its last meeting",
            "Council welcomes new chair of scrutiny committee",
            "Leader thanks the board",
        ] {
            assert!(!is_one(title) && !is_body(title), "{title}");
            assert!(of_title(&format!("{title} – 7 October 2026")).is_none(), "{title}");
        }
        for title in ["Special meeting of the Improvement Board", "Plans Panel (East)", "Has Lane Residents' Panel"] {
            assert!(is_one(title), "{title}");
        }
    }

    #[test]
    fn a_day_beside_the_name_of_a_meeting_or_its_papers_is_the_meetings() {
        let check = |title: &str, body: Option<&str>| {
            let meeting = of_title(title).unwrap_or_else(|| panic!("{title}"));
            let found = (meeting.body.as_ref().map(Text::as_str), meeting.date.map(|day| day.to_string()));
            assert_eq!(found, (body, Some("2026-10-07".to_owned())), "{title}");
        };
        check("Improvement Board – 7 October 2026", Some("Improvement Board"));
        check("Improvement Board update, 7 October 2026", Some("Improvement Board"));
        check("Board meeting – Wednesday 7 October 2026", None);
        check("Board meeting in public – 7 October 2026", None);
        check("Meeting of the Scrutiny Panel held in private, 7 October 2026", Some("Scrutiny Panel"));
        check("Meeting of 7 October 2026", None);
        check("Meeting held on 7 October 2026", None);
        check("Meeting 6 – Wednesday 7th October 2026", None);
        check("Minutes of 7 October 2026", None);
        check("Minutes 7 October 2026 (draft)", None);
        check("Minutes of the Scrutiny Panel, 7 October 2026", Some("Scrutiny Panel"));
        check("Minutes of the meeting of the Scrutiny Panel held on 7 October 2026", Some("Scrutiny Panel"));
        check("Agenda – 7 October 2026", None);
        check("7 October 2026 minutes", None);
        check("7 October 2026: Improvement Board", Some("Improvement Board"));
        check("Update following Board meeting 7 October 2026", None);
        check("Cabinet (Special) - 7 October 2026", Some("Cabinet"));
        check("Minutes of the Fire Authority, 7 October 2026", None);
        check("Draft minutes of the Trustees of Hallow Fields, 7 October 2026", None);
        check("Fire Authority - 7 October 2026", None);
    }

    #[test]
    fn a_day_of_something_else_is_no_meetings() {
        for title in [
            "Cabinet agrees new plan, 7 October 2026",
            "Statement from the council, 7 October 2026",
            "Letter from the Improvement Board, 7 October 2026",
            "Letter to the partnership – 7 October 2026",
            "Letter to the Fire Authority – 7 October 2026",
            "Minutes published on 7 October 2026",
            "Board to close on 7 October 2026",
            "Improvement plan 7 October 2026",
            "Ofsted monitoring visit, 7 October 2026",
            "7 October 2026",
            "Improvement Board, October 2026",
            "Minutes of 7 October 2026 and 4 November 2026",
            "7 October 2026: what members heard",
        ] {
            assert_eq!(of_title(title), None, "{title}");
        }
    }

    #[test]
    fn a_line_says_when_its_meeting_was_held() {
        for line in [
            "Held in the Parish Hall on Tuesday 7th October 2026 at 7.15pm",
            "Meeting held on 7 October 2026, 10am, in Committee Room 2",
            "Minutes of the meeting of the Board held on 7 October 2026",
            "Minutes of a meeting held at the Guildhall on 7 October 2026",
            "At a meeting of the Scrutiny Panel held in the Council Chamber on 7 October 2026",
            "To be held on Wednesday 7 October 2026 at 10am",
        ] {
            assert_eq!(held(line), NaiveDate::from_ymd_opt(2026, 10, 7), "{line}");
        }
        for line in [
            "The next meeting will be held on 7 October 2026",
            "A workshop was held on 7 October 2026",
            "Meeting on 7 October 2026",
            "Held on 7 October 2026 it heard from a number of residents who had asked for a new crossing at the school",
            "Held on 7 October 2026 and 4 November 2026",
            "Elections were held on 7 October 2026",
        ] {
            assert_eq!(held(line), None, "{line}");
        }
    }

    #[test]
    fn a_heading_over_meetings_names_their_body() {
        let check = |heading: &str, expect: Option<&str>| {
            assert_eq!(body_over(heading).as_ref().map(Text::as_str), expect, "{heading}");
        };
        check("Planning Committee – agendas and minutes", Some("Planning Committee"));
        check("Fire Authority meetings", Some("Fire Authority"));
        check("Cabinet", Some("Cabinet"));
        check("Full Council", Some("Full Council"));
        check("Licensing Sub-Committee (special)", Some("Licensing Sub-Committee"));
        for other in ["Board", "Board papers", "Committees", "Anytown Borough Council", "Letter to the board", "Meetings", "News"]
        {
            check(other, None);
        }
    }

    #[test]
    fn a_page_of_meetings_is_told_from_one_of_news() {
        for headline in ["Improvement Board", "Agendas and minutes", "Children's Scrutiny Panel meetings"] {
            assert!(is_of_meetings(headline), "{headline}");
        }
        for headline in ["News", "Improvement Board updates", "Latest news from the board", "Improvement plan"] {
            assert!(!is_of_meetings(headline), "{headline}");
        }
    }
}
