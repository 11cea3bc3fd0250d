//! Days without a year: "4 March", "Tuesday 4th March" and "Tues, the 4th of Mar" are one day. A weekday that comes or goes says
//! nothing; another one does, since nobody can say which of the two is wrong.

/// Weekdays and months as they begin when they are cut short.
const WEEKDAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
const MONTHS: [&str; 12] =
    ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"];
const ORDINALS: [&str; 4] = ["st", "nd", "rd", "th"];

/// A word of a text, in small letters, or such a day.
#[derive(Debug)]
enum Said<'t> {
    Word(&'t str),
    Day {
        weekday: Option<usize>,
        day: u32,
        month: usize,
        /// What follows it at once: a comma, a bracket.
        sign: &'t str,
    },
}

/// Whether two texts, in small letters, say the same but for the spelling of such days.
pub(super) fn are_alike(was: &str, is: &str) -> bool {
    let (was, is) = (read(was), read(is));
    let has_day = |said: &[Said<'_>]| said.iter().any(|said| matches!(said, Said::Day { .. }));
    let is_same = |(was, is): (&Said<'_>, &Said<'_>)| match (was, is) {
        (Said::Word(was), Said::Word(is)) => was == is,
        (Said::Day { weekday: on, day: one, month: of, sign: behind }, Said::Day { weekday, day, month, sign }) => {
            (one, of, behind) == (day, month, sign) && on.zip(*weekday).is_none_or(|(was, is)| was == is)
        }
        _ => false,
    };
    has_day(&was) && was.len() == is.len() && was.iter().zip(&is).all(is_same)
}

fn read(text: &str) -> Vec<Said<'_>> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut found = Vec::with_capacity(words.len());
    let mut at = 0;
    while let Some(word) = words.get(at) {
        if let Some((said, end)) = day(&words, at) {
            found.push(said);
            at = end;
        } else {
            found.push(Said::Word(word));
            at += 1;
        }
    }
    found
}

/// The day that begins at a word, and the word behind it.
fn day<'t>(words: &[&'t str], from: usize) -> Option<(Said<'t>, usize)> {
    let word = |at: usize| words.get(at).copied();
    let weekday = word(from).and_then(|word| named(word.trim_end_matches([',', '.']), &WEEKDAYS));
    let mut at = from + usize::from(weekday.is_some());
    at += usize::from(word(at) == Some("the"));
    let day = number(word(at)?)?;
    at += 1;
    at += usize::from(word(at) == Some("of"));
    let written = word(at)?;
    let bare = written.trim_end_matches(|c: char| !c.is_alphanumeric());
    let month = named(bare, &MONTHS)?;
    // With its year it is read as what it is.
    let is_year = |word: &str| {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        bare.len() == 4 && bare.bytes().all(|b| b.is_ascii_digit())
    };
    let sign = written.get(bare.len()..).unwrap_or_default();
    (!word(at + 1).is_some_and(is_year))
        .then_some((Said::Day { weekday, day, month, sign: sign.trim_start_matches('.') }, at + 1))
}

/// The place of a name in full, or of its first three or four letters.
fn named(word: &str, names: &[&str]) -> Option<usize> {
    names.iter().position(|name| *name == word || (3..=5).contains(&word.len()) && name.starts_with(word))
}

/// "4", "4th".
fn number(word: &str) -> Option<u32> {
    let bare = ORDINALS.iter().find_map(|ending| word.strip_suffix(ending)).unwrap_or(word);
    let is_short = (1..=2).contains(&bare.len()) && bare.bytes().all(|b| b.is_ascii_digit());
    bare.parse().ok().filter(|day| is_short && (1..=31).contains(day))
}

#[cfg(test)]
mod tests {
    use super::are_alike;

    #[test]
    fn a_weekday_may_come_or_go_and_none_may_become_another() {
        assert!(are_alike("by 4 march.", "by tuesday 4 march."));
        assert!(are_alike("tuesday 4 march at noon", "tuesday, 4th of march at noon"));
        assert!(!are_alike("on tuesday 4 march", "on wednesday 4 march"));
        assert!(!are_alike("on 4 march", "on tuesday 5 march"));
        assert!(!are_alike("on 4 march", "on 4 march 2027"));
        assert!(!are_alike("the 4 marched", "the 4 marched on"));
        assert!(!are_alike("agreed", "agreed"), "nothing is said of a day");
    }
}
