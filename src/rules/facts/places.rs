//! Words by which people name where something takes place.

const WORDS: &[&str] = &[
    "academy",
    "annexe",
    "arena",
    "building",
    "centre",
    "chamber",
    "chambers",
    "church",
    "club",
    "college",
    "exchange",
    "guildhall",
    "hall",
    "hotel",
    "house",
    "hub",
    "lane",
    "library",
    "online",
    "pavilion",
    "road",
    "room",
    "school",
    "stadium",
    "street",
    "suite",
    "teams",
    "theatre",
    "university",
    "zoom",
];

/// Whether a word, in small letters, says what kind of place something is.
pub(crate) fn is_one(word: &str) -> bool {
    WORDS.contains(&word)
}

/// Whether words, as they are compared, name a place: "the old corn exchange".
pub(crate) fn are_named(folded: &str) -> bool {
    folded.split(|c: char| !c.is_alphanumeric()).any(is_one)
}
