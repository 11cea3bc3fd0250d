//! A document as a reader needs it: its name, what it is, and whether it can be read.

use super::lines::line;
use super::words::Words;
use crate::domain::item::Document;
use crate::domain::text::Text;

/// One document's line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct DocumentLine {
    pub(super) title: String,
    /// `None`: there is nothing to open.
    pub(super) url: Option<String>,
    /// " (PDF, 468 KB)", or nothing.
    pub(super) note: String,
}

/// What a document's line says.
pub(super) fn document_line(words: &Words, document: &Document) -> DocumentLine {
    let (restricted, to_follow) = (words.facts.restricted, words.facts.to_follow);
    let title = line(&document.title);
    let said = title.to_lowercase();
    let mut notes: Vec<String> = Vec::new();
    notes.extend(document.kind.as_ref().map(|k| k.to_uppercase()));
    notes.extend(document.size.as_deref().map(|size| line(&Text::new(size))));
    if document.restricted && !said.contains(restricted) {
        notes.push(restricted.to_owned());
    } else if document.url.is_none() && !document.restricted && !said.contains(to_follow) {
        notes.push(to_follow.to_owned());
    }
    let note = if notes.is_empty() { String::new() } else { format!(" ({})", notes.join(", ")) };
    DocumentLine { title, url: document.url.as_ref().map(ToString::to_string), note }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_kind_size_and_what_cannot_be_read() {
        let check = |title: &str, url: Option<&str>, kind: Option<&str>, size: Option<&str>, restricted, note: &str| {
            let document = Document {
                title: Text::line(title),
                url: url.and_then(|u| url::Url::parse(u).ok()),
                kind: kind.map(str::to_owned),
                size: size.map(str::to_owned),
                restricted,
            };
            assert_eq!(document_line(Words::english(), &document).note, note, "{title}");
        };
        check("Report", Some("https://example.org/r.pdf"), Some("pdf"), Some("468 KB"), false, " (PDF, 468 KB)");
        check("Report", Some("https://example.org/r"), None, None, false, "");
        check("Appendix 1", None, None, None, false, " (to follow)");
        check("Appendix 1 to follow", None, None, None, false, "");
        check("Enclosure", None, Some("pdf"), None, true, " (PDF, restricted)");
        check("Restricted enclosure", None, None, None, true, "");
    }
}
