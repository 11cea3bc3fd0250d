//! The encoding that a document declares about itself in its first bytes: an XML declaration or a `meta` element
//! (HTML §13.2.3.2 "prescan a byte stream").
//!
//! A declaration inside a comment, or in an attribute of another element, does not count.

use encoding_rs::Encoding;

/// How far to look, in bytes. The standard's 1024 is a minimum; some heads open with a long comment.
const BYTES_MAX: usize = 8 * 1024;

/// The declared encoding, where it names one that exists.
pub(super) fn declared(body: &[u8]) -> Option<&'static Encoding> {
    let head = body.get(..BYTES_MAX).unwrap_or(body);
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    in_xml_declaration(&head).or_else(|| in_meta(&head))
}

fn in_xml_declaration(head: &str) -> Option<&'static Encoding> {
    let declaration = head.trim_start().strip_prefix("<?xml")?.split_once('>')?.0;
    attributes(declaration).into_iter().find(|(name, _)| name == "encoding").and_then(|(_, value)| named(&value))
}

fn in_meta(head: &str) -> Option<&'static Encoding> {
    let mut rest = head;
    while let Some(at) = rest.find('<') {
        let tag = rest.get(at + 1..)?;
        if let Some(comment) = tag.strip_prefix("!--") {
            rest = comment.split_once("-->")?.1;
            continue;
        }
        let is_meta = tag.strip_prefix("meta").is_some_and(|t| t.starts_with(|c: char| c.is_ascii_whitespace() || c == '/'));
        let end = end_of_tag(tag);
        if is_meta {
            let found = tag.get(4..end).and_then(|inside| of_meta(&attributes(inside)));
            if found.is_some() {
                return found;
            }
        }
        rest = tag.get(end..)?;
    }
    None
}

/// `<meta charset=…>`, or `<meta http-equiv=content-type content="…; charset=…">`.
fn of_meta(attributes: &[(String, String)]) -> Option<&'static Encoding> {
    let value_of = |wanted: &str| attributes.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.as_str());
    if let Some(value) = value_of("charset") {
        return named(value);
    }
    value_of("http-equiv").filter(|kind| kind.trim() == "content-type")?;
    let (_, after) = value_of("content")?.split_once("charset")?;
    let value = after.trim_start().strip_prefix('=')?.trim_start();
    named(value.split([';', ' ', ',']).next().unwrap_or(value))
}

fn named(label: &str) -> Option<&'static Encoding> {
    Encoding::for_label(label.trim().trim_matches(['"', '\'']).as_bytes())
}

/// Where the tag that starts before `tag` ends; `>` inside quotes does not end it.
fn end_of_tag(tag: &str) -> usize {
    let mut quote = None;
    let mut after_equals = false;
    for (at, c) in tag.char_indices() {
        match (quote, c) {
            (Some(q), _) if q == c => quote = None,
            (None, '"' | '\'') if after_equals => quote = Some(c),
            (None, '>') => return at,
            (Some(_) | None, _) => {}
        }
        after_equals = c == '=' || (after_equals && c.is_ascii_whitespace());
    }
    tag.len()
}

/// `name=value` pairs, values unquoted.
fn attributes(inside: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut rest = inside.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
    while !rest.is_empty() {
        let name_end = rest.find(|c: char| c.is_ascii_whitespace() || c == '=' || c == '/').unwrap_or(rest.len());
        let (name, after) = rest.split_at(name_end);
        let after = after.trim_start();
        let (value, next) = match after.strip_prefix('=') {
            Some(value) => unquoted(value.trim_start()),
            None => ("", after),
        };
        found.push((name.to_owned(), value.to_owned()));
        // A lone `=` would otherwise be met again and again.
        let next = if name.is_empty() && next.len() == rest.len() { next.get(1..).unwrap_or("") } else { next };
        rest = next.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/' || c == '?');
    }
    found
}

fn unquoted(value: &str) -> (&str, &str) {
    for quote in ['"', '\''] {
        if let Some(inside) = value.strip_prefix(quote) {
            return inside.split_once(quote).unwrap_or((inside, ""));
        }
    }
    value.split_at(value.find(|c: char| c.is_ascii_whitespace()).unwrap_or(value.len()))
}
