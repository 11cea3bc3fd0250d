//! The order in which people count: "Item 4" before "Item 39" before "Item 40".

/// What a text is sorted by, so that the numbers in it stand by their size.
#[must_use]
pub fn natural(text: &str) -> Vec<Part> {
    let lower = text.to_lowercase();
    let mut parts = Vec::new();
    let mut rest = lower.as_str();
    while let Some(first) = rest.chars().next() {
        let is_number = first.is_ascii_digit();
        let end = rest.find(|c: char| c.is_ascii_digit() != is_number).unwrap_or(rest.len());
        let (part, tail) = rest.split_at(end);
        parts.push(if is_number { number(part) } else { Part::Words(part.to_owned()) });
        rest = tail;
    }
    parts
}

/// A stretch of a text.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Part {
    /// Digits, however many: how many they are without leading zeros, and they.
    Number(usize, String),
    /// Anything else, in lower case.
    Words(String),
}

fn number(digits: &str) -> Part {
    let digits = digits.trim_start_matches('0');
    Part::Number(digits.len(), digits.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_a_text_stand_by_their_size() {
        let mut titles = ["Item 41", "item 4", "Item 39", "Item 040", "Item", "Item 4b", "Item 99999999999999999999999"];
        titles.sort_by_cached_key(|title| natural(title));
        assert_eq!(titles, ["Item", "item 4", "Item 4b", "Item 39", "Item 040", "Item 41", "Item 99999999999999999999999"]);
    }
}
