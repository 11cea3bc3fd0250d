//! What is said between a meeting's title and its agenda: where it is, who was there, that it is cancelled or somewhere else.
//!
//! Clerks write such notices by hand, often without a full stop. So whatever says more than the title counts, but for known
//! labels, links, and the names of what follows.

use super::stage;
use crate::rules::extract::text::{Line, folded};
use crate::rules::extract::volatile::is_volatile;
use crate::rules::facts::dates;

/// Least words beyond the title's of a line that tells something.
const TELLING_WORDS: usize = 4;
/// Words of notices: of their lines, one more word than these tells something.
const NOTICES: &[&str] = &[
    "abandoned",
    "adjourned",
    "cancelled",
    "canceled",
    "changed",
    "inquorate",
    "moved",
    "please note",
    "postponed",
    "re-arranged",
    "rearranged",
    "rescheduled",
    "this meeting",
    "venue",
    "will follow",
    "withdrawn",
    "wedi'i ganslo",
    "wedi'i ohirio",
];

/// The notes among the lines of the head. `title`: the meeting's, folded. `own`: whether a line is the meeting's for certain.
pub(super) fn of(head: &[Line<'_>], title: &str, own: impl Fn(&Line<'_>) -> bool) -> Vec<String> {
    let mut notes = Vec::new();
    let mut lines = head.iter().peekable();
    while let Some(line) = lines.next() {
        let folded = line.folded();
        let is_place = is_place(folded);
        if is_contact(folded) {
            // The label may stand above whom it labels.
            if folded.split(' ').count() == 1 {
                lines.next_if(|next| !next.is_heading() && !next.text.ends_with(['.', '!']) && !is_notice(&next.text, title));
            }
            continue;
        }
        if is_volatile(line) || stage::is_name(&line.text) && line.is_heading() {
            continue;
        }
        // A place may link to its map; a notice, to the meeting of the new day.
        if !is_place && !line.links.is_empty() {
            if own(line) && is_notice(line.outside(), title) {
                notes.push(line.text.clone());
            }
            continue;
        }
        if is_place {
            let value = if folded.trim_end_matches(':') == "venue" { lines.next().map(without_map) } else { None };
            let whole = || without_map(line).to_owned();
            notes.push(value.map_or_else(whole, |value| format!("{}: {value}", line.text.trim_end_matches(':'))));
        } else if let Some(next) = lines.peek().filter(|_| line.is_heading())
            && names_people(next.folded())
        {
            notes.push(line.text.clone());
        } else if stage::is_called_off(folded)
            || (line.is_heading() && is_part(folded))
            || names_people(folded)
            || (!line.is_heading() && line.text.len() >= 25 && line.text.ends_with(['.', '!']))
            || (own(line) && (is_notice(&line.text, title) || (!line.is_heading() && tells(folded, title))))
        {
            notes.push(line.text.clone());
        }
    }
    notes
}

/// "Venue: Committee Room 2"; "Venue for this meeting has changed" is none.
fn is_place(folded: &str) -> bool {
    let labelled = |label: &str| folded.strip_prefix(label).filter(|rest| rest.starts_with(':'));
    let rest = folded.strip_prefix("venue").or_else(|| labelled("location")).or_else(|| labelled("lleoliad"));
    rest.is_some_and(|rest| !is_notice(folded, "") || rest.trim_start().starts_with(':'))
}

/// What labels whom to ask.
const CONTACTS: &[&str] = &["contact", "cyswllt", "email", "e-mail", "e-bost", "tel", "telephone", "phone"];

fn is_contact(folded: &str) -> bool {
    CONTACTS.iter().any(|word| folded.starts_with(word))
}

/// Whether a line gives an address, or a number to call.
fn gives_contact(folded: &str) -> bool {
    const DIGITS_MIN: usize = 9;
    let names_way = || folded.split(|c: char| !c.is_alphanumeric() && c != '-').any(|word| CONTACTS.contains(&word));
    folded.contains('@') || (folded.bytes().filter(u8::is_ascii_digit).count() >= DIGITS_MIN && names_way())
}

/// Whether words hold one of notices, and more: "Venue changed" but not "Venue".
fn is_notice(text: &str, title: &str) -> bool {
    let folded = folded(text);
    let says = NOTICES.iter().any(|notice| folded.contains(notice));
    says && (beyond(&folded, title) > 1 && folded.len() >= 12) && !is_labelled(&folded)
}

/// Whether a line says something that the title does not.
fn tells(folded: &str, title: &str) -> bool {
    beyond(folded, title) >= TELLING_WORDS && !is_labelled(folded) && !gives_contact(folded) && dates::whole(folded).is_none()
}

/// Words that the title has not.
fn beyond(folded: &str, title: &str) -> usize {
    let words =
        |text: &str| text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_owned).collect::<Vec<_>>();
    let known = words(title);
    words(folded).iter().filter(|word| !known.contains(word)).count()
}

/// Whether a line gives what the item knows already, or whom to ask.
fn is_labelled(folded: &str) -> bool {
    const LABELS: &[&str] = &[
        "amser",
        "clerk",
        "committee clerk",
        "committee officer",
        "date",
        "date and time",
        "democratic services",
        "democratic services officer",
        "dyddiad",
        "enquiries",
        "enquiries to",
        "for further information",
        "issue date",
        "items",
        "lead officer",
        "media",
        "swyddog",
        "time",
    ];
    folded.split_once(':').is_some_and(|(label, _)| LABELS.contains(&label.trim()))
}

/// "Part 1", over the items that the public may hear.
fn is_part(folded: &str) -> bool {
    folded.strip_prefix("part ").is_some_and(|part| part.len() <= 40)
}

/// "Present: Councillors Adeyemi (Chair), Ferris and Strang"
fn names_people(folded: &str) -> bool {
    const LABELS: &[&str] =
        &["present", "also present", "in attendance", "also in attendance", "apologies", "absent", "officers"];
    folded.split_once(':').is_some_and(|(label, names)| LABELS.contains(&label.trim()) && !names.trim().is_empty())
}

/// A place without the words of the link to its map.
fn without_map<'l>(line: &'l Line<'_>) -> &'l str {
    const WAYS: &[&str] =
        &["directions", "view directions", "map", "view map", "view on map", "location map", "google map", "google maps"];
    let last = line.links.last().map(|link| link.text.as_str()).filter(|words| WAYS.contains(&folded(words).as_str()));
    let place = last
        .and_then(|words| line.text.trim_end_matches([')', ']', ' ']).strip_suffix(words))
        .map(|place| place.trim_end_matches([' ', '(', '[', '-', '–', '|']));
    place.filter(|place| !place.is_empty()).unwrap_or(&line.text)
}
