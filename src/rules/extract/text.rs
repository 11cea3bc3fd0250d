//! A page as lines: one paragraph, heading, cell or list item each, which know their links and where in the tree they stand.
//!
//! Readers look for words and for structure on the same lines; so a page without the usual classes still reads, and the
//! text and the markup of a body are always cut at the same places.

mod line;

use crate::domain::text::Text;

pub(crate) use line::{Kind, Line, NodeRef, Words};
pub(super) use line::{are_parted, join_bare_labels};

/// Lines as paragraphs: those that a line break cut in two are one again.
pub(crate) fn paragraphs(lines: &[Line<'_>]) -> Vec<String> {
    let mut out: Vec<String> = Vec::with_capacity(lines.len());
    let mut before: Option<&Line<'_>> = None;
    for line in lines {
        match (before, out.last_mut()) {
            (Some(before), Some(last)) if line.continues(before) => {
                last.push(' ');
                last.push_str(&line.text);
            }
            _ => out.push(line.text.clone()),
        }
        before = Some(line);
    }
    out
}

/// Lines as plain text, one paragraph or list item a line.
pub(crate) fn plain(lines: &[Line<'_>]) -> Text {
    Text::new(&paragraphs(lines).join("\n"))
}

/// Every run of white space, of any kind, as one space; none at the ends.
pub(crate) fn collapsed(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    append(&mut out, raw);
    out.truncate(out.trim_end().len());
    out
}

/// A name without the marks that part it from a day beside it; a bracket stays where its other half is in the name.
pub(crate) fn bare_name(words: &str) -> &str {
    let parted = |c: char| c.is_whitespace() || matches!(c, '-' | '–' | '—' | ',' | ':' | ';' | '|');
    let mut rest = words.trim_matches(parted);
    loop {
        let (opened, closed) = (rest.matches('(').count(), rest.matches(')').count());
        let whole = rest.strip_prefix('(').and_then(|inner| inner.strip_suffix(')')).filter(|inner| !inner.contains(['(', ')']));
        let begun = || rest.strip_prefix('(').filter(|_| opened > closed);
        let ended = || rest.strip_suffix(')').filter(|_| closed > opened);
        let stray = || rest.strip_suffix('(').or_else(|| rest.strip_prefix(')'));
        let Some(bare) = whole.or_else(stray).or_else(begun).or_else(ended) else { return rest };
        rest = bare.trim_matches(parted);
    }
}

/// For comparing: lower case, straight quotes and hyphens, single spaces.
pub(crate) fn folded(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    let mut spaced = false;
    let mut rest = raw;
    while let Some(c) = rest.chars().next() {
        // Nearly all that pages hold.
        let plain = rest.bytes().take_while(|b| b.is_ascii_graphic() && *b != b'`').count();
        if plain > 0 {
            if std::mem::take(&mut spaced) {
                out.push(' ');
            }
            let (plain, after) = rest.split_at(plain);
            out.push_str(plain);
            rest = after;
            continue;
        }
        rest = rest.get(c.len_utf8()..).unwrap_or_default();
        if is_unseen(c) {
            continue;
        }
        if is_space(c) {
            spaced = !out.is_empty();
            continue;
        }
        if std::mem::take(&mut spaced) {
            out.push(' ');
        }
        match c {
            '‘' | '’' | '‚' | '‛' | '′' | '`' | '´' => out.push('\''),
            '“' | '”' | '„' | '‟' | '″' => out.push('"'),
            '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' => out.push('-'),
            '…' => out.push_str("..."),
            other => out.extend(other.to_lowercase()),
        }
    }
    out.make_ascii_lowercase();
    out
}

/// A title that was encoded twice ("Children&amp;#39;s") decoded once more; anything else as it is.
pub(crate) fn decoded(raw: &str) -> String {
    let looks_encoded = raw.split('&').skip(1).any(|after| {
        let name = after.split(';').next().unwrap_or_default();
        name.len() < after.len()
            && (2..=8).contains(&name.len())
            && (name.starts_with('#') || name.chars().all(|c| c.is_ascii_alphanumeric()))
    });
    if !looks_encoded {
        return raw.to_owned();
    }
    let fragment = scraper::Html::parse_fragment(&raw.replace('<', "&lt;"));
    collapsed(&fragment.root_element().text().collect::<String>())
}

/// Takes white space at the ends and a bullet off, in place; whether there was a bullet.
fn bare(words: &mut String) -> bool {
    words.truncate(words.trim_end().len());
    let spaces = words.len() - words.trim_start().len();
    let rest = without_bullet(words.trim_start()).len();
    let bulleted = rest + spaces < words.len();
    if rest < words.len() {
        words.drain(..words.len() - rest);
    }
    bulleted
}

/// Adds words, their white space collapsed.
fn append(words: &mut String, raw: &str) {
    let mut spaced = words.is_empty() || words.ends_with(' ');
    let (mut from, mut at) = (0, 0);
    while let Some(byte) = raw.as_bytes().get(at) {
        if byte.is_ascii_graphic() || (*byte == b' ' && !spaced) {
            spaced = *byte == b' ';
            at += 1;
            continue;
        }
        words.push_str(raw.get(from..at).unwrap_or_default());
        let Some(c) = raw.get(at..).and_then(|rest| rest.chars().next()) else { return };
        if is_space(c) {
            if !spaced {
                words.push(' ');
                spaced = true;
            }
        } else if !is_unseen(c) {
            words.push(c);
            spaced = false;
        }
        at += c.len_utf8();
        from = at;
    }
    words.push_str(raw.get(from..).unwrap_or_default());
}

/// Characters without a width: soft hyphens, joiners, byte order marks.
fn is_unseen(c: char) -> bool {
    matches!(c, '\u{200b}' | '\u{ad}' | '\u{feff}' | '\u{2060}')
}

fn is_space(c: char) -> bool {
    c.is_whitespace() || c.is_control()
}

/// Word and clerks write list items as paragraphs that begin with a bullet.
pub(super) fn without_bullet(text: &str) -> &str {
    if text.starts_with(|c: char| c.is_ascii_alphanumeric()) {
        return text;
    }
    let bare = text.trim_start_matches(['·', '•', '▪', '■', '◦', '●', '○', '‣', '∙', '\u{f0b7}', '\u{f0a7}']).trim_start();
    ["- ", "– ", "* "].iter().find_map(|dash| bare.strip_prefix(dash)).unwrap_or(bare).trim_start()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bullets_go_and_words_stay() {
        let check = |raw: &str, expect: &str| assert_eq!(without_bullet(&collapsed(raw)), expect, "{raw:?}");
        check("·       An accessible version", "An accessible version");
        check("\u{f0b7}\u{a0}\u{a0}The speed", "The speed");
        check("- Restricted enclosure", "Restricted enclosure");
        check("-5 degrees", "-5 degrees");
    }

    #[test]
    fn a_name_keeps_the_brackets_that_are_its_own() {
        let check = |words: &str, expect: &str| assert_eq!(bare_name(words), expect, "{words}");
        check(" - Licensing Panel (2003 Act), ", "Licensing Panel (2003 Act)");
        check("Council (", "Council");
        check("Cabinet)", "Cabinet");
        check("(Cabinet)", "Cabinet");
        check("(Joint) Panel (North) (", "(Joint) Panel (North)");
        check("()", "");
    }

    #[test]
    fn what_was_encoded_twice_is_decoded_once_more() {
        let check = |raw: &str, expect: &str| assert_eq!(decoded(raw), expect);
        check("Children&#39;s plan &amp; budget", "Children's plan & budget");
        check("Health & Wellbeing; Adults", "Health & Wellbeing; Adults");
        check("R&D", "R&D");
        check("<b> &lt;script&gt;", "<b> <script>");
    }

    #[test]
    fn typography_and_white_space_do_not_tell_texts_apart() {
        assert_eq!(folded("Children’s \u{a0}Plan –\r\n “Ofsted”"), "children's plan - \"ofsted\"");
    }
}
