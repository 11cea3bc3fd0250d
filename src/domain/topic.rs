//! What a topic is called. Topics are slugs, because they stand in addresses; people read words with capitals and apostrophes.

use super::source::slug;

/// Words of councils' business that are initials, as a slug has them.
const INITIALS: [&str; 20] = [
    "asb", "camhs", "cqc", "cse", "dsg", "ehc", "ehcp", "hmo", "hra", "icb", "lado", "lga", "mash", "mtfs", "neet", "nhs",
    "sacre", "sen", "send", "uasc",
];

/// Words that a slug has lost the apostrophe of.
const POSSESSIVES: [(&str, &str); 3] = [("childrens", "children’s"), ("peoples", "people’s"), ("womens", "women’s")];

/// A topic as people read it where nobody gave it a name: spelled as it is, or "Children’s services" where it is a slug.
#[must_use]
pub fn topic_name(topic: &str) -> String {
    if slug(topic) != topic {
        return topic.to_owned();
    }
    let words: Vec<String> = topic.split('-').map(word).collect();
    let words = words.join(" ");
    let first = words.chars().next().map_or(0, char::len_utf8);
    let (first, rest) = words.split_at(first);
    format!("{}{rest}", first.to_uppercase())
}

fn word(raw: &str) -> String {
    if INITIALS.contains(&raw) {
        return raw.to_uppercase();
    }
    POSSESSIVES.iter().find(|(slug, _)| *slug == raw).map_or_else(|| raw.to_owned(), |(_, word)| (*word).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_topic_is_shown_as_a_name() {
        let check = |topic: &str, expect: &str| assert_eq!(topic_name(topic), expect, "{topic}");
        check("improvement-board", "Improvement board");
        check("childrens-services", "Children’s services");
        check("young-peoples-services", "Young people’s services");
        check("send", "SEND");
        check("lado-and-mash", "LADO and MASH");
        check("send-and-inclusion", "SEND and inclusion");
        check("Children’s services", "Children’s services");
        check("", "");
    }
}
