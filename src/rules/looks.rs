//! Whether a page is the one that was read before, whatever tokens stand in it: where nothing is different that any reader
//! looks at, nothing has to be read.
//!
//! Pages made by programs carry a form's state, a nonce or a time in every answer, so that their servers never say 304. Finding
//! the tags again takes a fifth of what reading them does.

use super::decode::decode;
use super::paced::Paced;
use crate::domain::item::hash_hex;
use html5gum::{Emitter, Error, State, Tokenizer, naive_next_state};
use std::convert::Infallible;
use std::ops::Range;
use url::Url;

/// What is left out is another with each number: what was made with another one is not the same.
const EDITION: &[u8] = b"1";
/// Names of attributes that hold another value in each answer.
const FLEETING: &[&[u8]] = &[b"nonce", b"data-cfemail", b"data-csrf", b"data-nonce", b"data-token"];
/// What a `meta` is about whose content no reader looks at.
const TOKENS: &[&[u8]] = &[b"csrf", b"xsrf", b"token", b"nonce"];
/// Relations of a `link` to what a browser loads and nobody reads.
const LOADED: &[&[u8]] = &[b"stylesheet", b"preload", b"prefetch", b"preconnect", b"dns-prefetch", b"icon"];
/// Where an address is hidden from robots, in other letters each time.
const HIDDEN_ADDRESS: &[u8] = b"/cdn-cgi/l/email-protection#";

/// 128 bits over all of a page at `url` that a reader may look at, as hexadecimal: tags, words, attributes, structured data.
/// Not over comments, scripts, styles, hidden fields and tokens.
#[must_use]
pub fn looks(url: &Url, status: u16, content_type: Option<&str>, body: &[u8]) -> String {
    let page = decode(body, content_type);
    let mut seen = Seen::default();
    seen.written.reserve(page.text.len() * 2);
    Tokenizer::new_with_emitter(Paced::new(page.text.as_bytes()), &mut seen).for_each(drop);
    hash_hex(&[EDITION, url.as_str().as_bytes(), &status.to_be_bytes(), &seen.written])
}

/// What has been seen of a page, in its order. What is being read lies in memory that is used again for what comes after it.
#[derive(Default)]
struct Seen {
    written: Vec<u8>,
    /// Words between tags.
    text: Vec<u8>,
    /// The name of the tag, and whether it is an end tag.
    tag: Vec<u8>,
    is_end: bool,
    /// Names and values of the tag's attributes, one after the other, and where each of them is.
    words: Vec<u8>,
    attributes: Vec<Attribute>,
    /// The name of the last start tag: the raw text after it ends with its end tag.
    opened: Vec<u8>,
    comment: Vec<u8>,
    doctype: Vec<u8>,
    /// Whether the words that follow are a script's or a style's.
    is_unread: bool,
}

/// Where an attribute's name and value are.
#[derive(Default)]
struct Attribute {
    name: Range<usize>,
    value: Range<usize>,
}

impl Seen {
    fn write_text(&mut self) {
        if !self.text.is_empty() {
            write(&mut self.written, b"\"", &self.text);
            self.text.clear();
        }
    }

    fn write_start_tag(&mut self) {
        write(&mut self.written, b"<", &self.tag);
        let words = |range: &Range<usize>| self.words.get(range.clone()).unwrap_or_default();
        let attributes = || self.attributes.iter().map(|attribute| (words(&attribute.name), words(&attribute.value)));
        let any = |names: &[&[u8]], words: &[&[u8]]| {
            let mut named = attributes().filter(|(name, _)| names.contains(name));
            named.any(|(_, value)| words.iter().any(|word| holds(value, word)))
        };
        self.is_unread = match self.tag.as_slice() {
            // As the reader of structured data has it.
            b"script" => !attributes().any(|(_, value)| holds(value, b"json")),
            b"style" => true,
            _ => false,
        };
        let is_loaded = self.tag == b"link" && any(&[b"rel"], LOADED);
        let of_token = self.tag == b"meta" && any(&[b"name", b"property", b"http-equiv"], TOKENS);
        let is_hidden = self.tag == b"input" && any(&[b"type"], &[b"hidden"]);
        if self.is_unread || is_loaded {
            return;
        }
        for (name, value) in attributes() {
            let is_fleeting = FLEETING.contains(&name)
                || of_token && name == b"content"
                || is_hidden && name == b"value"
                || value.starts_with(HIDDEN_ADDRESS);
            write(&mut self.written, b" ", name);
            if !is_fleeting {
                write(&mut self.written, b"=", value);
            }
        }
    }

    fn begin_tag(&mut self, is_end: bool) {
        self.is_end = is_end;
        self.tag.clear();
        self.words.clear();
        self.attributes.clear();
    }
}

/// What it is, how long it is, and what it says: nothing that stands in it can look like something else.
fn write(written: &mut Vec<u8>, kind: &[u8], words: &[u8]) {
    written.extend(kind);
    written.extend((words.len() as u64).to_le_bytes());
    written.extend(words);
}

impl Emitter for &mut Seen {
    type Token = Infallible;

    fn emit_string(&mut self, bytes: &[u8]) {
        if !self.is_unread {
            self.text.extend(bytes);
        }
    }

    fn init_start_tag(&mut self) {
        self.begin_tag(false);
    }

    fn init_end_tag(&mut self) {
        self.begin_tag(true);
    }

    fn push_tag_name(&mut self, bytes: &[u8]) {
        self.tag.extend(bytes);
    }

    fn init_attribute(&mut self) {
        let at = self.words.len();
        self.attributes.push(Attribute { name: at..at, value: at..at });
    }

    fn push_attribute_name(&mut self, bytes: &[u8]) {
        self.words.extend(bytes);
        let at = self.words.len();
        if let Some(last) = self.attributes.last_mut() {
            last.name.end = at;
            last.value = at..at;
        }
    }

    fn push_attribute_value(&mut self, bytes: &[u8]) {
        self.words.extend(bytes);
        let at = self.words.len();
        if let Some(last) = self.attributes.last_mut() {
            last.value.end = at;
        }
    }

    fn emit_current_tag(&mut self) -> Option<State> {
        self.write_text();
        if self.is_end {
            self.is_unread = false;
            write(&mut self.written, b"</", &self.tag);
            return None;
        }
        self.write_start_tag();
        let Seen { opened, tag, .. } = &mut **self;
        opened.clone_from(tag);
        naive_next_state(opened)
    }

    fn current_is_appropriate_end_tag_token(&mut self) -> bool {
        self.is_end && !self.opened.is_empty() && self.opened == self.tag
    }

    fn init_comment(&mut self) {
        self.write_text();
        self.comment.clear();
    }

    fn push_comment(&mut self, bytes: &[u8]) {
        self.comment.extend(bytes);
    }

    // What a feed says stands in such a section, which HTML takes for a comment.
    fn emit_current_comment(&mut self) {
        if self.comment.starts_with(b"[CDATA[") {
            let Seen { written, comment, .. } = &mut **self;
            write(written, b"!", comment);
        }
    }

    fn init_doctype(&mut self) {
        self.write_text();
        self.doctype.clear();
    }

    fn push_doctype_name(&mut self, bytes: &[u8]) {
        self.doctype.extend(bytes);
    }

    fn emit_current_doctype(&mut self) {
        let Seen { written, doctype, .. } = &mut **self;
        write(written, b"!", doctype);
    }

    fn emit_eof(&mut self) {
        self.write_text();
    }

    fn pop_token(&mut self) -> Option<Infallible> {
        None
    }

    // Nobody looks at these, nor at errors, which every page has.
    fn set_self_closing(&mut self) {}
    fn set_force_quirks(&mut self) {}
    fn set_doctype_public_identifier(&mut self, _: &[u8]) {}
    fn push_doctype_public_identifier(&mut self, _: &[u8]) {}
    fn set_doctype_system_identifier(&mut self, _: &[u8]) {}
    fn push_doctype_system_identifier(&mut self, _: &[u8]) {}
    fn emit_error(&mut self, _: Error) {}
    fn should_emit_errors(&mut self) -> bool {
        false
    }
    // Only for fragments.
    fn set_last_start_tag(&mut self, _: Option<&[u8]>) {}
}

/// Whether `value` holds `word`, in small or large letters.
fn holds(value: &[u8], word: &[u8]) -> bool {
    value.windows(word.len()).any(|part| part.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(markup: &str) -> String {
        looks(&Url::parse("https://www.example.org/news").unwrap(), 200, None, markup.as_bytes())
    }

    /// A page in which `words` stand where `{}` does.
    fn with(place: &str, words: &str) -> String {
        of(&place.replace("{}", words))
    }

    #[test]
    fn what_no_reader_looks_at_may_be_different() {
        for place in [
            "<!-- made in {} ms --><p>News",
            "<script>var at = '{}';</script><p>News",
            "<script nonce=\"{}\" src=\"/a.js?{}\"></script><p>News",
            "<style>.a{} { color: red }</style><p>News",
            "<link rel=\"stylesheet preload\" href=\"/a.css?v={}\"><p>News",
            "<meta name=\"CSRF-Token\" content=\"{}\"><p>News",
            "<form><input value='{}' type=HIDDEN name=__VIEWSTATE></form><p>News",
            "<a href=\"/cdn-cgi/l/email-protection#{}\">Write</a><span data-cfemail={}></span>",
        ] {
            assert_eq!(with(place, "1a2b"), with(place, "9f8e7d"), "{place}");
        }
    }

    #[test]
    fn whatever_a_reader_may_look_at_counts() {
        for place in [
            "<p>News of {}",
            "<title>{}</title><p>News",
            "<p class=\"{}\">News",
            "<a href=\"/{}\">News</a>",
            "<time datetime=\"{}\">today</time>",
            "<meta property=\"article:published_time\" content=\"{}\"><p>News",
            "<link rel=\"next\" href=\"?page={}\"><p>News",
            "<input name=\"q\" value=\"{}\"><p>News",
            "<script type=\"application/ld+json\">{\"headline\": \"{}\"}</script><p>News",
            "<script id=data type=application/json>{}</script><p>News",
            "<textarea>{}</textarea>",
            "<noscript>{}</noscript>",
            "<p hidden{}>News",
            "<{}>News",
            "<p>News</{}>",
        ] {
            assert_ne!(with(place, "a"), with(place, "b"), "{place}");
        }
    }

    #[test]
    fn what_a_feed_says_in_a_section_of_its_own_counts() {
        let feed =
            "<?xml version=\"1.0\"?><rss><channel><item><description><![CDATA[<p>{}</p>]]></description></item></channel></rss>";
        assert_ne!(with(feed, "The Board met."), with(feed, "The Board will meet."));
    }

    #[test]
    fn what_ends_elsewhere_is_another_page() {
        assert_ne!(of("<body><p>News</p></body></html>"), of("<body><p>News</p>"));
        assert_ne!(of("<a>b</a>"), of("<a></a>b"));
        assert_ne!(of("<p class=a id=b>"), of("<p class=\"a id=b\">"));
    }

    #[test]
    fn where_it_came_from_and_how_it_is_written_count() {
        let of = |url: &str, kind: &str| looks(&Url::parse(url).unwrap(), 200, Some(kind), b"<p>1 \xa3");
        let page = of("https://www.example.org/a", "text/html; charset=windows-1252");
        assert_ne!(page, of("https://www.example.org/b", "text/html; charset=windows-1252"));
        assert_ne!(page, of("https://www.example.org/a", "text/html; charset=windows-1251"));
    }
}
