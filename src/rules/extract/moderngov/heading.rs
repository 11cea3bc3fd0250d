//! "Meeting: 15/12/2022 - Cabinet (Item 181)": what begins each block of an issue page.

use crate::domain::item::Meeting;
use crate::domain::text::Text;
use crate::rules::extract::text::Line;
use crate::rules::facts::dates;
use chrono::NaiveDate;
use std::ops::Range;

/// The heading of a block.
pub(crate) struct Heading {
    /// The meeting's day.
    pub(crate) date: NaiveDate,
    /// "Cabinet".
    pub(crate) body: Option<String>,
    /// "181".
    pub(crate) item: Option<String>,
    /// 64551, where it links to `#AI64551`.
    pub(crate) agenda_item: Option<u64>,
    /// The lines that it takes.
    pub(crate) lines: Range<usize>,
}

impl Heading {
    /// The meeting that it names.
    pub(crate) fn meeting(&self) -> Meeting {
        let text = |words: &Option<String>| words.as_deref().and_then(|w| Text::line(w).or_absent());
        Meeting { body: text(&self.body), date: Some(self.date), item: text(&self.item) }
    }
}

/// Whether there is any.
pub(crate) fn any(lines: &[Line<'_>]) -> bool {
    (0..lines.len()).any(|at| at_line(lines, at).is_some_and(|heading| heading.body.is_some()))
}

/// All of them, in order.
pub(crate) fn all(lines: &[Line<'_>]) -> Vec<Heading> {
    let mut found: Vec<Heading> = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        match at_line(lines, at) {
            Some(heading) => {
                at = heading.lines.end;
                found.push(heading);
            }
            None => at += 1,
        }
    }
    found
}

/// The heading that begins at a line; a template may have put its parts into cells or lines of their own.
pub(crate) fn at_line(lines: &[Line<'_>], at: usize) -> Option<Heading> {
    let first = lines.get(at)?;
    let begins = first.text.get(..7).is_some_and(|word| word.eq_ignore_ascii_case("meeting"));
    if !begins || first.text.len() > 300 {
        return None;
    }
    let mut text = String::new();
    let mut best: Option<Heading> = None;
    for (taken, line) in lines.get(at..)?.iter().take(4).enumerate() {
        if line.text.len() > 300 {
            break;
        }
        text.push(' ');
        text.push_str(&line.text);
        let Some((date, body, item)) = parse(text.trim()) else { continue };
        let complete = body.is_some();
        let range = at..at + taken + 1;
        // Once body and day are known, only the item's number may still follow.
        if best.as_ref().is_none_or(|best| best.body.is_none() || (best.item.is_none() && item_number(&line.text).is_some())) {
            let agenda_item = lines.get(range.clone()).and_then(agenda_item);
            best = Some(Heading { date, body, item: item.clone(), agenda_item, lines: range });
        }
        if complete && (item.is_some() || lines.get(at + taken + 1).is_none_or(|next| item_number(&next.text).is_none())) {
            break;
        }
    }
    best
}

/// Day, body and item number of a heading.
fn parse(text: &str) -> Option<(NaiveDate, Option<String>, Option<String>)> {
    let after = text.get("meeting".len()..)?.trim_start();
    let rest = after.strip_prefix(':')?.trim();
    let found = dates::find(rest);
    let date = found.first()?;
    let parted = |c: char| c.is_whitespace() || matches!(c, '-' | '–' | '—' | ',' | ':' | '|');
    let before = rest.get(..date.span.start)?.trim_matches(parted);
    let after = rest.get(date.span.end..)?.trim_matches(parted);
    let (after, item) = match after.rfind('(').or_else(|| last_item_word(after)) {
        Some(at) if item_number(after.get(at..)?).is_some() => (after.get(..at)?, item_number(after.get(at..)?)),
        _ => (after, None),
    };
    let body = [after.trim_matches(parted), before].into_iter().find(|words| !words.is_empty());
    Some((date.single()?, body.map(str::to_owned), item.map(str::to_owned)))
}

/// The number that ModernGov gives the agenda item to which a heading links.
fn agenda_item(lines: &[Line<'_>]) -> Option<u64> {
    let mut fragments = lines.iter().flat_map(|line| &line.links).filter_map(|link| link.url.as_ref()?.fragment());
    fragments.find_map(|fragment| fragment.strip_prefix("AI")?.parse().ok())
}

fn last_item_word(text: &str) -> Option<usize> {
    text.rfind("Item ").filter(|at| *at == 0 || text.get(..*at).is_some_and(|before| before.ends_with(' ')))
}

/// "181" of "(Item 181)"; `None` for other words.
fn item_number(text: &str) -> Option<&str> {
    let inner = text.trim().trim_start_matches('(').trim_end_matches(['.', ')', ' ']);
    let lowered = inner.to_ascii_lowercase();
    let word = ["agenda item", "item"].into_iter().find(|word| lowered.starts_with(word))?;
    let number = inner.get(word.len()..)?.trim_start_matches([' ', ':', '.']).trim_start_matches("No.").trim();
    let fits =
        !number.is_empty() && number.len() <= 16 && number.bytes().any(|b| b.is_ascii_alphanumeric()) && !number.contains("  ");
    fits.then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_heading_names_day_body_and_item() {
        let check = |text: &str, expect: Option<(&str, Option<&str>, Option<&str>)>| {
            let found = parse(text);
            let found = found.as_ref().map(|(date, body, item)| (date.to_string(), body.as_deref(), item.as_deref()));
            assert_eq!(found, expect.map(|(d, b, i)| (d.to_owned(), b, i)), "{text}");
        };
        check("Meeting: 15/12/2022 - Cabinet (Item 181)", Some(("2022-12-15", Some("Cabinet"), Some("181"))));
        check("Meeting: 07/09/2022 – Cabinet (Item CA.3)", Some(("2022-09-07", Some("Cabinet"), Some("CA.3"))));
        check("Meeting : 7 September 2022 - Cabinet", Some(("2022-09-07", Some("Cabinet"), None)));
        check("Meeting: Cabinet - 07/09/2022 (Item 5.)", Some(("2022-09-07", Some("Cabinet"), Some("5"))));
        check(
            "Meeting: 07/09/2022 - Joint Committee (Health) (Item 5)",
            Some(("2022-09-07", Some("Joint Committee (Health)"), Some("5"))),
        );
        check("Meeting: 07/09/2022", Some(("2022-09-07", None, None)));
        check("Meeting: to be confirmed", None);
        check("Meetings in 07/09/2022", None);
    }
}
