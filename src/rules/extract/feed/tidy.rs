//! Feeds as they come, made fit for a parser that takes well-formed input only.
//!
//! One pass, in time linear in the input. Invariants: no document type reaches the parser, so there is no entity to expand
//! and no file to fetch; no encoding is declared, since the text has been decoded.

use serde_json::Value;

/// What a body looks like from its first characters.
pub(super) enum Shape {
    Xml { root: String },
    Json,
    Html,
    Other,
}

impl Shape {
    pub(super) fn of(body: &str) -> Self {
        let start = body.trim_start_matches(|c: char| c.is_whitespace() || c.is_control() || c == '\u{feff}');
        if start.starts_with('{') {
            return Self::Json;
        }
        // Warnings of a script before the declaration are cut off with everything before the root.
        let Some(root) = root_element(start) else { return Self::Other };
        match root.to_ascii_lowercase().as_str() {
            "html" | "head" | "body" | "!doctype" | "div" | "p" | "script" | "title" | "meta" | "h1" | "table" | "ul" | "br"
            | "b" => Self::Html,
            _ => Self::Xml { root },
        }
    }
}

/// The name of the first element, with its prefix.
fn root_element(text: &str) -> Option<String> {
    let mut rest = text;
    loop {
        let (_, after) = rest.split_once('<')?;
        rest = if let Some(comment) = after.strip_prefix("!--") {
            comment.split_once("-->")?.1
        } else if after.starts_with('?') {
            after_instruction(after)?
        } else if after.starts_with('!') {
            let is_html = after.get(..13).is_some_and(|start| start.eq_ignore_ascii_case("!doctype html"));
            if is_html {
                return Some("html".to_owned());
            }
            after.get(document_type_end(after)..)?
        } else {
            let name: String =
                after.chars().take_while(|c| c.is_alphanumeric() || matches!(c, ':' | '_' | '-' | '.')).take(100).collect();
            return (!name.is_empty()).then_some(name);
        };
    }
}

/// What follows a processing instruction: after its `?>`, or after the next `>` where that is not near.
fn after_instruction(here: &str) -> Option<&str> {
    const BYTES_MAX: usize = 4_096;
    let near = here.bytes().take(BYTES_MAX).zip(here.bytes().skip(1)).position(|pair| pair == (b'?', b'>'));
    let end = near.map(|at| at + 2).or_else(|| Some(here.find('>')? + 1))?;
    here.get(end..)
}

/// A name without its namespace prefix.
pub(super) fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

/// Where `!DOCTYPE … [ … ]>` ends, after its `>`.
fn document_type_end(declaration: &str) -> usize {
    let (mut quote, mut inside) = (None, false);
    for (at, c) in declaration.char_indices() {
        match (quote, c) {
            (Some(open), _) if open == c => quote = None,
            (None, '"' | '\'') => quote = Some(c),
            (None, '[') => inside = true,
            (None, ']') => inside = false,
            (None, '>') if !inside => return at + 1,
            (Some(_) | None, _) => {}
        }
    }
    declaration.len()
}

/// XML without declaration, document type, forbidden characters and stray `&` and `<`.
pub(super) fn xml(body: &str) -> String {
    let mut out = String::with_capacity(body.len());
    let mut rest = body.get(body.find('<').unwrap_or(body.len())..).unwrap_or_default();
    while let Some(at) = rest.find(['<', '&']) {
        let (before, here) = rest.split_at(at);
        push_allowed(&mut out, before);
        rest = if here.starts_with('&') { entity(&mut out, here) } else { markup(&mut out, here) };
    }
    push_allowed(&mut out, rest);
    out
}

/// Copies what begins with `&`, or escapes it; gives what follows. Unknown names stay, escaped: in a title or a body they
/// are decoded with the rest of the HTML.
fn entity<'a>(out: &mut String, here: &'a str) -> &'a str {
    let after = here.get(1..).unwrap_or_default();
    let name =
        after.get(..after.find(|c: char| c != '#' && !c.is_ascii_alphanumeric()).unwrap_or(after.len())).unwrap_or_default();
    let behind = after.get(name.len()..).and_then(|behind| behind.strip_prefix(';'));
    if let (true, Some(behind)) = (matches!(name, "amp" | "lt" | "gt" | "quot" | "apos"), behind) {
        out.extend(["&", name, ";"]);
        return behind;
    }
    if let (Some(number), Some(behind)) = (name.strip_prefix('#'), behind) {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(digits) => u32::from_str_radix(digits, 16).ok(),
            None => number.parse().ok(),
        };
        if let Some(c) = code.and_then(char::from_u32).filter(|c| is_allowed(*c)) {
            match c {
                '<' => out.push_str("&lt;"),
                '&' => out.push_str("&amp;"),
                other => out.push(other),
            }
        }
        return behind;
    }
    out.push_str("&amp;");
    after
}

/// Copies a tag, comment or CDATA section; leaves out declarations; escapes a `<` that opens nothing. Gives what follows.
fn markup<'a>(out: &mut String, here: &'a str) -> &'a str {
    if let Some(section) = here.strip_prefix("<![CDATA[") {
        let (inside, behind) = section.split_once("]]>").unwrap_or((section, ""));
        out.push_str("<![CDATA[");
        push_allowed(out, inside);
        out.push_str("]]>");
        return behind;
    }
    if let Some(comment) = here.strip_prefix("<!--") {
        return comment.split_once("-->").map_or("", |(_, behind)| behind);
    }
    if here.starts_with("<?") {
        return after_instruction(here).unwrap_or_default();
    }
    if here.starts_with("<!") {
        let declaration = here.get(1..).unwrap_or_default();
        return declaration.get(document_type_end(declaration)..).unwrap_or_default();
    }
    let opens = here.get(1..).is_some_and(|after| after.starts_with(|c: char| c.is_alphabetic() || matches!(c, '/' | '_')));
    if opens {
        out.push('<');
    } else {
        out.push_str("&lt;");
    }
    here.get(1..).unwrap_or_default()
}

/// XML 1.0 §2.2.
fn is_allowed(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r') || (c >= ' ' && c != '\u{fffe}' && c != '\u{ffff}')
}

fn push_allowed(out: &mut String, raw: &str) {
    out.extend(raw.chars().filter(|c| is_allowed(*c)));
}

/// Whether a feed says where its entries end: by the end tag of its root, or of the channel that holds them there, or by a root
/// that holds nothing.
pub(super) fn is_closed(feed: &str, root: &str) -> bool {
    let end = feed.rfind("</").and_then(|at| feed.get(at + 2..)).unwrap_or_default();
    let is_end = |name: &str| end.strip_prefix(name).is_some_and(|rest| rest.trim_start().starts_with('>'));
    is_end(root) || local(root) == "rss" && is_end("channel") || feed.trim_end().ends_with("/>")
}

/// A feed that breaks off or breaks, cut after its last whole item.
pub(super) fn up_to_last_item(feed: &str) -> Option<String> {
    let ends = [("</item>", "</channel></rss>"), ("</entry>", "</feed>")];
    ends.iter().find_map(|(end, closing)| {
        let at = feed.rfind(end)? + end.len();
        let closing = if feed.contains("<rdf:RDF") { "</rdf:RDF>" } else { closing };
        Some([feed.get(..at)?, closing].concat())
    })
}

/// A JSON Feed as the parser takes it, and what it does not read of one.
pub(super) struct Json {
    pub(super) feed: String,
    /// The address of its next page.
    pub(super) next: Option<String>,
    /// The page that it is of.
    pub(super) home: Option<String>,
}

/// A JSON Feed with the slips that a strict reader refuses put right: ids and dates that are no strings, members that are
/// null or of another type, no title.
pub(super) fn json(body: &str) -> Result<Json, String> {
    let start = body.trim_start_matches(|c: char| c != '{');
    let mut value: Value = serde_json::from_str(start).map_err(|fault| fault.to_string())?;
    let version = value.get("version").and_then(Value::as_str).unwrap_or_default();
    if !version.contains("jsonfeed.org/version/1") {
        return Err("it does not name a version of jsonfeed.org".to_owned());
    }
    let feed = value.as_object_mut().ok_or("it is no object")?;
    feed.insert("version".to_owned(), Value::from("https://jsonfeed.org/version/1.1"));
    let title = feed.get("title").and_then(Value::as_str).unwrap_or_default().to_owned();
    feed.insert("title".to_owned(), Value::from(title));
    let said = |name: &str| feed.get(name).and_then(Value::as_str).map(str::to_owned);
    let (next, home) = (said("next_url"), said("home_page_url"));
    // Nothing more of these is wanted, and each may be malformed.
    for member in ["author", "authors", "icon", "favicon", "language", "description", "home_page_url", "feed_url"] {
        feed.remove(member);
    }
    let Some(Value::Array(items)) = feed.remove("items") else { return Err("it has no items".to_owned()) };
    feed.insert("items".to_owned(), items.into_iter().filter_map(item).collect());
    Ok(Json { feed: value.to_string(), next, home })
}

fn item(mut value: Value) -> Option<Value> {
    let item = value.as_object_mut()?;
    item.retain(|name, member| {
        if name == "id" && member.is_number() {
            *member = Value::from(member.to_string());
        }
        match name.as_str() {
            "attachments" => member.is_array(),
            "author" | "authors" | "tags" => false,
            _ => member.is_string(),
        }
    });
    if let Some(Value::Array(attachments)) = item.get_mut("attachments") {
        attachments.retain_mut(|attachment| {
            let Some(attachment) = attachment.as_object_mut() else { return false };
            attachment.retain(|name, member| if name == "size_in_bytes" { member.is_u64() } else { member.is_string() });
            attachment.entry("mime_type").or_insert_with(|| Value::from("application/octet-stream"));
            attachment.contains_key("url")
        });
    }
    Some(value)
}
