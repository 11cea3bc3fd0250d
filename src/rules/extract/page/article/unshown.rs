//! The body of a page that shows none: what it tells machines of its article (JSON-LD's `articleBody`, schema.org), or what a
//! field holds that nobody can write in.

use crate::domain::text::{Builder, SafeHtml, Text};
use crate::rules::extract::document::Document;
use crate::rules::extract::text::collapsed;
use serde_json::Value;

/// The text, and the same as markup.
pub(super) fn body(document: &Document<'_>) -> Option<(Text, SafeHtml)> {
    let lines = of_machines(document).or_else(|| of_fields(document))?;
    let mut markup = Builder::default();
    for line in &lines {
        markup.block("p", line);
    }
    let text = Text::new(&lines.join("\n")).or_absent()?;
    Some((text, markup.finish()))
}

fn of_machines(document: &Document<'_>) -> Option<Vec<String>> {
    let scripts = document.all("script[type='application/ld+json']");
    scripts.iter().find_map(|script| {
        let json: Value = serde_json::from_str(&script.text().collect::<String>()).ok()?;
        let parts = |value: &Value| value.as_array().cloned().unwrap_or_default();
        let nodes: Vec<Value> = [parts(&json), json.get("@graph").map(parts).unwrap_or_default(), vec![json]].concat();
        // A list tells of each of its entries.
        let mut bodies = nodes.iter().filter_map(|node| node.get("articleBody")?.as_str());
        let only = bodies.next().filter(|_| bodies.next().is_none())?;
        lines(only)
    })
}

fn of_fields(document: &Document<'_>) -> Option<Vec<String>> {
    let fields = document.all("textarea[readonly], textarea[disabled]");
    let [only] = fields.as_slice() else { return None };
    lines(&only.text().collect::<String>())
}

fn lines(raw: &str) -> Option<Vec<String>> {
    let lines: Vec<String> = raw.lines().map(collapsed).filter(|line| !line.is_empty()).collect();
    (!lines.is_empty()).then_some(lines)
}
