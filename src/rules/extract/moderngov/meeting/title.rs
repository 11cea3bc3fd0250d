//! Which meeting a page is about: "Cabinet - Thursday, 15th December, 2022 2.30 pm", in the heading, around it, or in `<title>`.

use super::stage;
use crate::rules::extract::document::Document;
use crate::rules::extract::moderngov::without_welsh_day;
use crate::rules::extract::text::{Kind, Line, bare_name, decoded, folded};
use crate::rules::facts::dates;
use chrono::{NaiveDate, NaiveTime};

/// A meeting's name.
pub(in super::super) struct Title {
    /// As the page writes it, without the stage in front.
    pub(in super::super) words: String,
    /// "Cabinet".
    pub(in super::super) body: Option<String>,
    /// Its day.
    pub(in super::super) date: Option<NaiveDate>,
    /// The line after it; 0 where it is in no line.
    pub(in super::super) end: usize,
}

impl Title {
    /// When the meeting begins and ends, where the title says it, or one of the lines right below it that say nothing else.
    pub(in super::super) fn hours(&self, lines: &[Line<'_>]) -> (Option<NaiveTime>, Option<NaiveTime>) {
        const LINES_BELOW: usize = 3;
        let with_day = dates::find(&self.words).into_iter().find(|date| date.start.is_some());
        let alone = |line: &Line<'_>| {
            let words = without_hour_label(&line.text);
            let (start, end, span) = dates::times(words).into_iter().next()?;
            let around = [words.get(..span.start)?, words.get(span.end..)?];
            around.iter().all(|part| !part.contains(char::is_alphanumeric)).then_some((Some(start), end))
        };
        let below = || lines.get(self.end..)?.iter().take(LINES_BELOW).filter(|line| line.links.is_empty()).find_map(alone);
        let below = || if self.end > 0 { below() } else { None };
        with_day.map(|date| (date.start, date.end)).or_else(below).unwrap_or_default()
    }
}

/// "10.00 am" of "Time: 10.00 am".
fn without_hour_label(text: &str) -> &str {
    const LABELS: &[&str] = &["time", "start time", "time of meeting", "meeting time", "amser"];
    let labelled = text.split_once(':').filter(|(label, _)| LABELS.contains(&folded(label).as_str()));
    labelled.map_or(text, |(_, rest)| rest.trim())
}

/// Finds the name among the page's lines, or in its head.
pub(in super::super) fn find(document: &Document, lines: &[Line<'_>]) -> Option<Title> {
    let by_class = || {
        let at = lines.iter().position(|line| line.has_class("mgSubTitleTxt"))?;
        let text = decoded(&lines.get(at)?.text);
        let (words, body, date) = parse(&text).unwrap_or((text, None, None));
        Some(Title { words, body, date, end: at + 1 })
    };
    let by_heading = |deepest: u8| in_line(lines, move |line| matches!(line.kind, Kind::Heading(level) if level <= deepest));
    by_class()
        .map(|title| if title.date.is_some() { title } else { with_day_below(title, lines) })
        .or_else(|| by_heading(2))
        .or_else(|| in_two_lines(lines))
        .or_else(|| repeated_in_head(document, lines))
        .or_else(|| in_head(document))
        .or_else(|| by_heading(6))
        .or_else(|| in_line(lines, |line| line.text.len() <= 160 && line.links.is_empty() && !line.is_item()))
}

fn in_line(lines: &[Line<'_>], fits: impl Fn(&Line<'_>) -> bool) -> Option<Title> {
    lines.iter().enumerate().filter(|(_, line)| fits(line)).find_map(|(at, line)| {
        let (words, body, date) = parse(&decoded(&line.text))?;
        body.is_some().then_some(Title { words, body, date, end: at + 1 })
    })
}

/// The body as a heading, the day in a line of its own under it.
fn in_two_lines(lines: &[Line<'_>]) -> Option<Title> {
    let heading = |line: &Line<'_>| line.is_heading() && !stage::is_name(&line.text) && is_body(&line.text);
    let at = lines.iter().position(heading)?;
    let words = decoded(&lines.get(at)?.text);
    let title = with_day_below(Title { body: Some(words.clone()), words, date: None, end: at + 1 }, lines);
    title.date.is_some().then_some(title)
}

fn with_day_below(title: Title, lines: &[Line<'_>]) -> Title {
    let below = lines.iter().enumerate().skip(title.end).take(4);
    let dated = below.into_iter().find_map(|(at, line)| {
        let text = without_label(&line.text);
        let date = dates::find(text).into_iter().next()?;
        let whole = date.span.start == 0 && text.get(date.span.end..)?.trim_matches(|c: char| !c.is_alphanumeric()).is_empty();
        Some((at, date.single().filter(|_| whole)?, text.to_owned()))
    });
    let Some((at, day, words)) = dated else { return title };
    let body = title.body.or_else(|| is_body(&title.words).then(|| title.words.clone()));
    Title { words: format!("{} - {words}", title.words), body, date: Some(day), end: at + 1 }
}

fn without_label(text: &str) -> &str {
    const LABELS: &[&str] = &["date and time", "date of meeting", "meeting date", "date", "when"];
    let lowered = text.to_ascii_lowercase();
    let label = LABELS.iter().find(|label| lowered.strip_prefix(**label).is_some_and(|rest| rest.trim_start().starts_with(':')));
    label.and_then(|label| text.get(label.len()..)).map_or(text, |rest| rest.trim_start_matches([' ', ':']))
}

/// The heading that the page's `<title>` repeats, however deep a template has set it.
fn repeated_in_head(document: &Document, lines: &[Line<'_>]) -> Option<Title> {
    let heads: Vec<String> =
        [document.meta("DC.title"), document.head_title()].into_iter().flatten().map(|head| folded(&head)).collect();
    let repeats = |line: &Line<'_>| heads.iter().any(|head| head.contains(&folded(&decoded(&line.text))));
    in_line(lines, |line| (line.is_heading() || line.strong) && repeats(line))
}

/// What of a `<title>` follows the site's name and the stage: "Example Council - Agenda - Cabinet - 5 February 2026".
fn without_site(whole: &str) -> &str {
    const PARTINGS: [&str; 4] = [" - ", " – ", " — ", ": "];
    let mut rest = whole.trim();
    while let Some((at, parting)) = PARTINGS.iter().filter_map(|p| Some((rest.find(p)?, p.len()))).min() {
        let (Some(front), Some(after)) = (rest.get(..at), rest.get(at + parting..)) else { break };
        let is_site = front.ends_with(" Council") && PARTINGS.iter().any(|p| after.contains(p));
        // The body stands before its day: a name right before the day is no site's.
        let names_day = dates::find(after).first().is_some_and(|day| day.span.start == 0);
        if names_day || !(is_site || stage::is_name(front)) {
            break;
        }
        rest = after;
    }
    rest
}

fn in_head(document: &Document) -> Option<Title> {
    let heads = [document.meta("DC.title"), document.head_title()];
    let parts: Vec<String> =
        heads.into_iter().flatten().flat_map(|head| head.split('|').map(str::to_owned).collect::<Vec<_>>()).collect();
    parts.iter().find_map(|part| {
        // "… | Example Council": the site's name is no part of it.
        let (words, body, date) = parse(without_site(part))?;
        // "Cabinet - 5 February 2026 - Example Council"
        let end = dates::find(&words).first().map_or(words.len(), |day| day.span.end);
        let words = words
            .get(..end)
            .filter(|cut| body.as_ref().is_some_and(|body| cut.contains(body.as_str())))
            .unwrap_or(&words)
            .to_owned();
        body.is_some().then_some(Title { words, body, date, end: 0 })
    })
}

/// The words without the stage in front, the body and the day; `None` for a text that names no day, or several.
fn parse(text: &str) -> Option<(String, Option<String>, Option<NaiveDate>)> {
    let words = without_stage(text);
    let found = dates::find(words);
    let [date] = found.as_slice() else { return None };
    let day = date.single()?;
    let before = bare_name(words.get(..date.span.start)?);
    let before = without_welsh_day(bare_name(before.strip_suffix(" on").unwrap_or(before)));
    // "Cabinet - CANCELLED - Tuesday, 20th October, 2026"
    let staged = before.rsplit_once(" - ").or_else(|| before.rsplit_once(" – ")).filter(|(_, stage)| stage::is_name(stage));
    let before = staged.map_or(before, |(body, _)| body);
    let after = bare_name(words.get(date.span.end..)?);
    let after = without_stage(after.split(" - ").next().unwrap_or(after));
    // What follows the day is the body only where nothing else came before it.
    let named = if before.is_empty() || stage::is_name(before) { after } else { before };
    let body = Some(named).filter(|words| is_body(words) && !stage::is_name(words)).map(str::to_owned);
    // "Cabinet - 5 February 2026 - Agenda": the stage may stand behind the day as well.
    let words = if stage::is_name(after) { words.get(..date.span.end)? } else { words };
    Some((words.to_owned(), body, Some(day)))
}

/// "Agenda and draft minutes for Cabinet" → "Cabinet"; "Meeting of the Council" → "Council".
fn without_stage(text: &str) -> &str {
    let mut rest = text.trim();
    for parting in [" for ", " of ", ": ", " - ", " – ", ", "] {
        let Some((front, after)) = rest.split_once(parting) else { continue };
        let is_front =
            stage::is_name(front) || matches!(folded(front).as_str(), "meeting" | "meeting details" | "minutes and agenda");
        if is_front {
            rest =
                after.strip_prefix("meeting of ").or_else(|| after.strip_prefix("a meeting of ")).unwrap_or(after).trim_start();
            rest = rest.strip_prefix("the ").unwrap_or(rest);
        }
    }
    rest
}

/// Whether the words can be the name of what meets.
fn is_body(words: &str) -> bool {
    const NO_BODY: &[&str] = &[
        "date",
        "published",
        "publication",
        "posted",
        "deadline",
        "contact",
        "updated",
        "last",
        "venue",
        "minutes of",
        "to ",
        "previous",
    ];
    let folded = folded(words);
    let count = folded.split_whitespace().count();
    (1..=20).contains(&count)
        && folded.len() >= 3
        && folded.len() <= 150
        && folded.chars().any(char::is_alphabetic)
        && !words.starts_with(|c: char| c.is_ascii_digit())
        && !words.contains(". ")
        && !folded.contains("held")
        && !NO_BODY.iter().any(|start| folded.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sites_name_is_no_part_of_a_title() {
        let check = |whole: &str, expect: &str| assert_eq!(without_site(whole), expect, "{whole}");
        check("Kelmouth Council – Agenda - Cabinet - 5 February 2026", "Cabinet - 5 February 2026");
        check("Ostley City Council - Council - Wednesday, 26th February, 2025", "Council - Wednesday, 26th February, 2025");
        check("Ostley City Council - 26th February, 2025", "Ostley City Council - 26th February, 2025");
        check("Agenda and minutes - Cabinet, 5 February 2026", "Cabinet, 5 February 2026");
        check("Planning Committee - 5 February 2026", "Planning Committee - 5 February 2026");
    }

    #[test]
    fn a_title_names_body_and_day() {
        let check = |text: &str, words: &str, body: Option<&str>, day: &str| {
            let (found, named, date) = parse(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!((found.as_str(), named.as_deref(), date.unwrap().to_string().as_str()), (words, body, day), "{text}");
        };
        let plain = "Children and Young People Scrutiny Committee - Tuesday, 16th September, 2025 7.00 pm";
        check(plain, plain, Some("Children and Young People Scrutiny Committee"), "2025-09-16");
        let cabinet = "Cabinet - Thursday, 15th December, 2022 2.30 pm";
        check(&format!("Agenda and draft minutes - {cabinet}"), cabinet, Some("Cabinet"), "2022-12-15");
        check(
            "Agenda for Cabinet on Thursday 15 December 2022",
            "Cabinet on Thursday 15 December 2022",
            Some("Cabinet"),
            "2022-12-15",
        );
        check("Meeting of the Council, 15 December 2022", "Council, 15 December 2022", Some("Council"), "2022-12-15");
        check(&format!("{cabinet} - Agenda"), cabinet, Some("Cabinet"), "2022-12-15");
        let act = "Licensing Sub-Committee (2003 Act) - Thursday, 15th December, 2022";
        check(act, act, Some("Licensing Sub-Committee (2003 Act)"), "2022-12-15");
        let off = "Cabinet - CANCELLED - Thursday, 15th December, 2022";
        check(off, off, Some("Cabinet"), "2022-12-15");
        check("15/12/2022 - Cabinet", "15/12/2022 - Cabinet", Some("Cabinet"), "2022-12-15");
        check("CANCELLED - Cabinet, 15/12/2022", "Cabinet, 15/12/2022", Some("Cabinet"), "2022-12-15");
        check("CANCELLED, Cabinet - 15/12/2022", "Cabinet - 15/12/2022", Some("Cabinet"), "2022-12-15");
        check("Published: 15/12/2022", "Published: 15/12/2022", None, "2022-12-15");
        assert!(parse("Cabinet").is_none());
    }
}
