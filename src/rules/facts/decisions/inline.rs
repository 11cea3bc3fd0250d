//! Clauses that one line numbers: "That (a) the report be noted; and (b) officers report back in March."

use crate::rules::facts::label::Label;

/// Longest words before the first clause, in bytes: "RESOLVED unanimously, that the Board".
const LEAD_BYTES_MAX: usize = 80;
/// Small Roman numbers, in order.
const ROMAN: &[&str] = &["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"];

/// Where a clause begins.
struct Start<'t> {
    name: &'t str,
    /// Of its number.
    at: usize,
    /// Of its words.
    words: usize,
}

/// The clauses, where there are two or more in order; empty for any other text.
pub(super) fn clauses<'t>(text: &'t str) -> Vec<Label<'t>> {
    let mut starts: Vec<Start<'t>> = Vec::new();
    let mut rest = text;
    let mut before = "";
    while let Some(word) = rest.split_whitespace().next() {
        let at = text.len() - rest.trim_start().len();
        let words = at + word.len();
        rest = text.get(words..).unwrap_or_default();
        let last_word = std::mem::replace(&mut before, word);
        let Some(name) = bracketed(word) else { continue };
        let goes_on = match starts.last() {
            // "under section 5 (2) of the Act" numbers nothing.
            Some(last) => {
                let said = text.get(last.words..at).unwrap_or_default().trim();
                let parted = last_word.ends_with([';', ',', '.', ':']) || last_word == "and";
                follows(last.name, name) && parted && said != last_word
            }
            None => matches!(name, "1" | "a" | "A" | "i") && leads(text.get(..at).unwrap_or_default()),
        };
        if goes_on {
            starts.push(Start { name, at, words });
        }
    }
    if starts.len() < 2 {
        return Vec::new();
    }
    let ends = starts.iter().skip(1).map(|next| next.at).chain([text.len()]);
    let clause = |(start, end): (&Start<'t>, usize)| Some(Label { name: start.name, rest: text.get(start.words..end)?.trim() });
    starts.iter().zip(ends).filter_map(clause).collect()
}

/// "(1)", "(iv)", "b)".
fn bracketed(word: &str) -> Option<&str> {
    let name = word.strip_suffix(')')?;
    let name = name.strip_prefix('(').unwrap_or(name);
    let digits = name.len() <= 2 && name.bytes().all(|b| b.is_ascii_digit());
    let letter = name.len() == 1 && name.bytes().all(|b| b.is_ascii_alphabetic());
    (!name.is_empty() && (digits || letter || ROMAN.contains(&name))).then_some(name)
}

/// Whether words only lead to what is numbered.
fn leads(words: &str) -> bool {
    let lead = words.trim();
    let bare = lead.to_ascii_lowercase();
    if bare.rsplit(' ').next().is_some_and(|last| last.contains(|c: char| c.is_ascii_digit())) {
        return false;
    }
    let that = bare == "that" || bare.starts_with("that ") || bare.ends_with(" that") || bare.ends_with(" to");
    lead.len() <= LEAD_BYTES_MAX && (lead.is_empty() || that || lead.ends_with([':', '-', '–', '—']))
}

fn follows(last: &str, name: &str) -> bool {
    let roman = |name: &str| ROMAN.iter().position(|known| *known == name);
    if let (Ok(last), Ok(name)) = (last.parse::<u8>(), name.parse::<u8>()) {
        return name == last + 1;
    }
    let by_letter = match (last.as_bytes(), name.as_bytes()) {
        ([last], [name]) => last.is_ascii_alphabetic() && name.is_ascii_alphabetic() && last + 1 == *name,
        _ => false,
    };
    by_letter || roman(last).zip(roman(name)).is_some_and(|(last, name)| name == last + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_numbers_its_clauses_is_taken_apart() {
        let check = |text: &str, expect: &[(&str, &str)]| {
            let found: Vec<(&str, &str)> = clauses(text).iter().map(|clause| (clause.name, clause.rest)).collect();
            assert_eq!(found, expect, "{text}");
        };
        check("(1) That it be noted. (2) That it be sent on.", &[("1", "That it be noted."), ("2", "That it be sent on.")]);
        check("That (a) it be noted; and (b) sent on", &[("a", "it be noted; and"), ("b", "sent on")]);
        check("Resolved that the Panel: (i) notes it; (ii) thanks staff", &[("i", "notes it;"), ("ii", "thanks staff")]);
        check("That the powers in section 5 (1) and (2) of the Act be used", &[]);
        check("That (a) a contract under section 5 (b) be let", &[]);
        check("That the report be noted", &[]);
        check("", &[]);
    }
}
