//! What somebody looks for: words and phrases, compared as keywords are (whole words, without case or accents) and by their
//! stems ("caseload" finds "caseloads"), and the place in a text that shows them.

use super::interest::folded_words;
use rust_stemmers::{Algorithm, Stemmer};
use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

/// Longest query, in characters; what is longer is cut.
const QUERY_CHARS_MAX: usize = 200;
/// Most words and phrases of one query.
const TERMS_MAX: usize = 12;
/// Characters of a snippet before the first word that was found.
const LEAD_CHARS: usize = 60;

/// A query: every term has to be there.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Query {
    /// Each a word, or several words that follow one another; folded.
    pub terms: Vec<Vec<String>>,
}

impl Query {
    /// Words, and phrases in quotation marks. Nothing that is no letter or digit counts.
    #[must_use]
    pub fn parse(raw: &str) -> Self {
        let raw: String = raw.chars().take(QUERY_CHARS_MAX).collect();
        let mut terms = Vec::new();
        for (at, part) in raw.split(['"', '“', '”']).enumerate() {
            let words = folded_words(part).split_whitespace().map(str::to_owned).collect::<Vec<_>>();
            if at % 2 == 1 {
                terms.push(words);
            } else {
                terms.extend(words.into_iter().map(|word| vec![word]));
            }
        }
        terms.retain(|term| !term.is_empty());
        let mut seen = std::collections::HashSet::new();
        terms.retain(|term| seen.insert(term.clone()));
        terms.truncate(TERMS_MAX);
        Self { terms }
    }

    /// Whether it asks for nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// All words, each with its stem.
    #[must_use]
    pub fn words(&self) -> Vec<(String, String)> {
        let stemmer = stemmer();
        self.terms.iter().flatten().map(|word| (word.clone(), stemmer.stem(word).into_owned())).collect()
    }

    /// The query as somebody would type it who means `others` where this one has other words.
    #[must_use]
    pub fn retyped(&self, others: &HashMap<String, String>) -> String {
        let typed = |term: &Vec<String>| {
            let words: Vec<&str> = term.iter().map(|word| others.get(word).unwrap_or(word).as_str()).collect();
            if words.len() > 1 { format!("\"{}\"", words.join(" ")) } else { words.concat() }
        };
        self.terms.iter().map(typed).collect::<Vec<_>>().join(" ")
    }

    /// The stems of each term's words.
    #[must_use]
    pub fn stems(&self) -> Vec<Vec<String>> {
        let stemmer = stemmer();
        self.terms.iter().map(|term| term.iter().map(|word| stemmer.stem(word).into_owned()).collect()).collect()
    }
}

/// The stems of the words of `raw`, with a space between them: what a query's stems are compared with.
#[must_use]
pub fn stemmed_words(raw: &str) -> String {
    let stemmer = stemmer();
    let folded = folded_words(raw);
    folded.split_whitespace().map(|word| stemmer.stem(word)).collect::<Vec<_>>().join(" ")
}

/// The first word of `raw` with this stem, folded.
#[must_use]
pub fn word_of(raw: &str, stem: &str) -> Option<String> {
    let stemmer = stemmer();
    folded_words(raw).split_whitespace().find(|word| stemmer.stem(word) == stem).map(str::to_owned)
}

/// Porter's second stemmer of English (Snowball). Words of other languages lose an ending at most, here as there.
fn stemmer() -> Stemmer {
    Stemmer::create(Algorithm::English)
}

/// The words that were asked for, to look for in a text.
struct Wanted {
    stemmer: Stemmer,
    stems: Vec<String>,
}

impl Wanted {
    fn of(query: &Query) -> Self {
        Self { stemmer: stemmer(), stems: query.stems().into_iter().flatten().collect() }
    }

    fn has(&self, word: &str) -> bool {
        let folded = if word.is_ascii() { Cow::Owned(word.to_ascii_lowercase()) } else { folded_words(word).into() };
        let folded = folded.trim();
        // A stem begins as its word does, and stemming takes longer than looking.
        let begins = |stem: &String| stem.chars().next() == folded.chars().next();
        self.stems.iter().any(begins) && self.stems.iter().any(|stem| *stem == self.stemmer.stem(folded))
    }
}

/// A run of words of a snippet.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Piece {
    /// The words with the white space around them.
    pub words: String,
    /// Whether they were looked for.
    pub found: bool,
}

/// At most `chars_max` characters of `text` from shortly before the first word that `query` asks for, with the words found
/// marked; the beginning of the text where none is in it.
#[must_use]
pub fn snippet(text: &str, query: &Query, chars_max: usize) -> Vec<Piece> {
    let wanted = Wanted::of(query);
    let mut found = words(text).filter(|word| wanted.has(&text[word.clone()])).peekable();
    let first = found.peek().map_or(0, |word| word.start);
    let start = back(text, first, LEAD_CHARS);
    let end = text[start..].char_indices().nth(chars_max).map_or(text.len(), |(at, _)| word_start(text, start + at));
    let mut pieces = Vec::new();
    let mut say = |words: String, found: bool| {
        if !words.is_empty() {
            pieces.push(Piece { words, found });
        }
    };
    let one_line = |part: &str| {
        let joined = part.split_whitespace().collect::<Vec<_>>().join(" ");
        let space = |at: bool| if at { " " } else { "" };
        let (before, after) = (part.starts_with(char::is_whitespace), part.ends_with(char::is_whitespace));
        if joined.is_empty() { space(before).to_owned() } else { format!("{}{joined}{}", space(before), space(after)) }
    };
    let mut at = start;
    if start > 0 {
        say("… ".to_owned(), false);
    }
    for word in found.take_while(|word| word.end <= end) {
        say(one_line(&text[at..word.start]), false);
        say(text[word.clone()].to_owned(), true);
        at = word.end;
    }
    let rest = one_line(&text[at..end.max(at)]);
    say(if end < text.len() { format!("{} …", rest.trim_end()) } else { rest }, false);
    pieces
}

/// The places of the words of a text: runs of letters, digits and marks.
fn words(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + text[at..].find(is_of_a_word)?;
        let end = text[start..].find(|c| !is_of_a_word(c)).map_or(text.len(), |length| start + length);
        at = end;
        Some(start..end)
    })
}

fn is_of_a_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '\u{300}'..='\u{36f}')
}

/// The start of a word at most `chars` characters before `at`.
fn back(text: &str, at: usize, chars: usize) -> usize {
    let start = text[..at].char_indices().rev().nth(chars.saturating_sub(1)).map_or(0, |(at, _)| at);
    if start == 0 { 0 } else { text[start..at].find(char::is_whitespace).map_or(start, |space| start + space + 1) }
}

/// The end of the last whole word before `at`, or `at` where there is none.
fn word_start(text: &str, at: usize) -> usize {
    text[..at].rfind(char::is_whitespace).unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, query: &str, chars: usize) -> String {
        let pieces = snippet(text, &Query::parse(query), chars);
        pieces.iter().map(|p| if p.found { format!("[{}]", p.words) } else { p.words.clone() }).collect()
    }

    #[test]
    fn a_query_is_words_and_phrases_without_case_or_accents() {
        let check = |raw: &str, expect: &[&str]| {
            let terms: Vec<String> = Query::parse(raw).terms.iter().map(|term| term.join(" ")).collect();
            assert_eq!(terms, expect, "{raw}");
        };
        check("Ofsted  PLAN", &["ofsted", "plan"]);
        check("“improvement board” Ofsted", &["improvement board", "ofsted"]);
        check("\"improvement board", &["improvement board"]);
        check("Môn, môn! (MON)", &["mon"]);
        check("children’s", &["children", "s"]);
        check(" ?*~+-:()[]{}^\\/ AND", &["and"]);
        check(&"many words ".repeat(500), &["many", "words", "ma"]);
        check("", &[]);
    }

    #[test]
    fn a_query_is_typed_again_with_other_words_in_the_place_of_some() {
        let others = HashMap::from([("casleoads".to_owned(), "caseloads".to_owned())]);
        let check = |raw: &str, expect: &str| assert_eq!(Query::parse(raw).retyped(&others), expect, "{raw}");
        check("Casleoads, Torbay", "caseloads torbay");
        check("\"falling casleoads\" board", "\"falling caseloads\" board");
        assert_eq!(word_of("The Board saw Caseloads fall.", "caseload").as_deref(), Some("caseloads"));
        assert_eq!(word_of("The Board met.", "caseload"), None);
    }

    #[test]
    fn a_snippet_shows_the_words_where_they_stand() {
        assert_eq!(
            shown("The Board met.\nOfsted’s letter came.", "ofsted letter", 200),
            "The Board met. [Ofsted]’s [letter] came."
        );
        assert_eq!(shown("Cyngor Môn", "mon", 200), "Cyngor [Môn]");
        assert_eq!(shown("Caseloads fell; a caseload is 18.", "caseload", 200), "[Caseloads] fell; a [caseload] is 18.");
        let long = format!("{}the plan {}", "word ".repeat(50), "more ".repeat(50));
        let text = shown(&long, "plan", 100);
        assert!(text.starts_with("… word") && text.contains("the [plan] more") && text.ends_with(" …"), "{text}");
        assert!(text.chars().count() <= 110, "{text}");
        assert_eq!(shown("Nothing of it here", "plan", 12), "Nothing of …");
    }

    #[test]
    fn any_text_and_any_query_give_a_snippet_of_that_text() {
        for text in ["", " ", "é", "\u{301}a", "日本語のテキスト", "a\u{a0}b", "ﬁnal ﬁnal"] {
            for query in ["", "a", "final", "日本語"] {
                for chars in 0..12 {
                    let said: String = snippet(text, &Query::parse(query), chars).iter().map(|p| p.words.clone()).collect();
                    let letters = |s: &str| s.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
                    assert!(letters(text).contains(&letters(&said)), "{text:?} {query:?} {chars}: {said:?}");
                }
            }
        }
    }
}
