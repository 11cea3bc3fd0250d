//! Words that texts are searched for: most texts lack one of their letters, and that is one look at the text for all of them.

/// Words in small letters, each with the letters that a text must have to hold it.
pub(crate) struct Sought(Vec<(&'static str, u32)>);

impl Sought {
    pub(crate) fn new(words: &[&'static str]) -> Self {
        Self(words.iter().map(|word| (*word, letters(word))).collect())
    }

    /// Those of which a text, in small letters, has all letters.
    pub(crate) fn may_be_in(&self, text: &str) -> impl Iterator<Item = &'static str> + use<'_> {
        let own = letters(text);
        self.0.iter().filter(move |(_, needed)| needed & !own == 0).map(|(word, _)| *word)
    }

    /// Whether one of them stands in a text, which is in small letters.
    pub(crate) fn any_in(&self, text: &str) -> bool {
        self.may_be_in(text).any(|word| text.contains(word))
    }
}

/// Which of the letters from a to z a text has: a bit for each.
fn letters(text: &str) -> u32 {
    text.bytes().filter(u8::is_ascii_lowercase).fold(0, |all, letter| all | 1 << (letter - b'a'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_where_a_search_for_each_finds_them() {
        const WORDS: &[&str] = &["e-mail", "email", "mailing list", "sign up", "tanysgrif"];
        let sought = Sought::new(WORDS);
        for text in
            ["", "our weekly email", "e-mail us", "a list for mailing", "sign on and up", "sign up", "tanysgrifiwch", "£ é"]
        {
            assert_eq!(sought.any_in(text), WORDS.iter().any(|word| text.contains(word)), "{text}");
        }
        assert_eq!(sought.may_be_in("up, I sign").collect::<Vec<_>>(), ["sign up"]);
    }
}
