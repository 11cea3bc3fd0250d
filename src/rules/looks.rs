//! Whether a page is the one that was read before, whatever tokens stand in it: where nothing is different that any reader
//! looks at, nothing has to be read.
//!
//! Pages made by programs carry a form's state, a nonce or a time in every answer, so that their servers never say 304. Finding
//! the tags again takes a fifth of what reading them does.

use super::decode::decode;
use super::paced::Paced;
use crate::domain::item::hash_hex;
use html5gum::emitters::callback::{CallbackEmitter, CallbackEvent};
use html5gum::{Span, Tokenizer};
use std::convert::Infallible;
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
    let mut emitter = CallbackEmitter::new(|event: CallbackEvent<'_>, _: Span<()>| -> Option<Infallible> {
        seen.take(&event);
        None
    });
    emitter.naively_switch_states(true);
    Tokenizer::new_with_emitter(Paced::new(page.text.as_bytes()), emitter).for_each(drop);
    hash_hex(&[EDITION, url.as_str().as_bytes(), &status.to_be_bytes(), &seen.written])
}

/// What has been seen of a page, in its order.
#[derive(Default)]
struct Seen {
    written: Vec<u8>,
    tag: Vec<u8>,
    /// Names and values of the tag's attributes.
    attributes: Vec<(Vec<u8>, Vec<u8>)>,
    /// Whether the words that follow are a script's or a style's.
    is_unread: bool,
}

impl Seen {
    fn take(&mut self, event: &CallbackEvent<'_>) {
        match event {
            CallbackEvent::OpenStartTag { name } => {
                self.tag = name.to_vec();
                self.attributes.clear();
            }
            CallbackEvent::AttributeName { name } => self.attributes.push((name.to_vec(), Vec::new())),
            CallbackEvent::AttributeValue { value } => {
                if let Some((_, last)) = self.attributes.last_mut() {
                    *last = value.to_vec();
                }
            }
            CallbackEvent::CloseStartTag { .. } => self.close_start_tag(),
            CallbackEvent::EndTag { name } => {
                self.is_unread = false;
                self.write(b"</", name);
            }
            CallbackEvent::String { value } if !self.is_unread => self.write(b"\"", value),
            // What a feed says stands in such a section, which HTML takes for a comment.
            CallbackEvent::Comment { value } if value.starts_with(b"[CDATA[") => self.write(b"!", value),
            CallbackEvent::Doctype { name, .. } => self.write(b"!", name),
            CallbackEvent::String { .. } | CallbackEvent::Comment { .. } | CallbackEvent::Error(_) => {}
        }
    }

    fn close_start_tag(&mut self) {
        let (tag, attributes) = (std::mem::take(&mut self.tag), std::mem::take(&mut self.attributes));
        self.write(b"<", &tag);
        let any = |names: &[&[u8]], words: &[&[u8]]| {
            let mut named = attributes.iter().filter(|(name, _)| names.contains(&name.as_slice()));
            named.any(|(_, value)| words.iter().any(|word| holds(value, word)))
        };
        self.is_unread = match tag.as_slice() {
            // As the reader of structured data has it.
            b"script" => !attributes.iter().any(|(_, value)| holds(value, b"json")),
            b"style" => true,
            _ => false,
        };
        let is_loaded = tag == b"link" && any(&[b"rel"], LOADED);
        let of_token = tag == b"meta" && any(&[b"name", b"property", b"http-equiv"], TOKENS);
        let is_hidden = tag == b"input" && any(&[b"type"], &[b"hidden"]);
        if !self.is_unread && !is_loaded {
            for (name, value) in &attributes {
                let is_fleeting = FLEETING.contains(&name.as_slice())
                    || of_token && name == b"content"
                    || is_hidden && name == b"value"
                    || value.starts_with(HIDDEN_ADDRESS);
                self.write(b" ", name);
                if !is_fleeting {
                    self.write(b"=", value);
                }
            }
        }
        self.attributes = attributes;
    }

    /// What it is, how long it is, and what it says: nothing that stands in it can look like something else.
    fn write(&mut self, kind: &[u8], words: &[u8]) {
        self.written.extend(kind);
        self.written.extend((words.len() as u64).to_le_bytes());
        self.written.extend(words);
    }
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
