//! Makes hostile or broken nesting harmless before the parser sees it.
//!
//! html5ever needs time quadratic in the depth of open elements, and rebuilds every unclosed formatting element in each
//! following paragraph. One linear scan follows the tokenizer closely enough to know what is open, leaves out the tags that
//! would nest too deep (their text stays) and the scripts and styles that nobody reads, and refuses only what no page can be.

mod name;
mod tags;

use memchr::memmem;
use name::{Name, Nesting};
use std::borrow::Cow;
use tags::{Tag, Tags};

/// Wrappers beyond this depth of open elements lose their tags; real pages stay below 60.
const DEPTH_MAX: usize = 128;
/// Any element beyond this depth does.
const DEPTH_OF_ANY_MAX: usize = 192;
/// Unclosed formatting elements (`b`, `font`, …) beyond this number lose their tags.
const FORMATTING_MAX: usize = 48;
/// More elements than this are refused: memory, not time, is the limit. A table of ten megabytes has a third of it.
const ELEMENTS_MAX: usize = 1_200_000;
/// Scripts and styles shorter than this are not worth a copy of the page, in bytes.
const UNREAD_BYTES_MIN: usize = 64;
/// Formatting elements that the parser may have to rebuild in all.
const REBUILT_MAX: usize = 3_000_000;

/// The markup that may be parsed: as it came, or with the deepest tags left out.
///
/// # Errors
/// A sentence that says what no page has that much of.
pub(crate) fn passable(markup: &str) -> Result<Cow<'_, str>, String> {
    let mut open = Open::default();
    let mut kept: Option<String> = None;
    let mut copied = 0;
    let mut seen = 0_usize;
    let mut rebuilt = 0_usize;
    for tag in Tags::of(markup) {
        rebuilt = rebuilt.saturating_add(open.formatting);
        if rebuilt > REBUILT_MAX {
            return Err("unclosed formatting elements beyond measure".to_owned());
        }
        if open.admit(&tag) {
            seen += usize::from(!tag.ends);
            if seen > ELEMENTS_MAX {
                return Err(format!("more than {ELEMENTS_MAX} elements"));
            }
            if is_unread(markup, &tag) {
                let out = kept.get_or_insert_with(|| String::with_capacity(markup.len()));
                out.push_str(markup.get(copied..tag.raw.start).unwrap_or_default());
                copied = tag.raw.end;
            }
            continue;
        }
        let out = kept.get_or_insert_with(|| String::with_capacity(markup.len()));
        out.push_str(markup.get(copied..tag.span.start).unwrap_or_default());
        copied = tag.span.end;
        // Words that a tag kept apart stay apart.
        let apart = if tag.name.is_inline() { " " } else { "<br><br>" };
        if !out.ends_with(apart) {
            out.push_str(apart);
        }
    }
    Ok(match kept {
        None => Cow::Borrowed(markup),
        Some(mut out) => {
            out.push_str(markup.get(copied..).unwrap_or_default());
            Cow::Owned(out)
        }
    })
}

/// Whether a tag opens a script or style that no reader asks for, which is a quarter of many pages: all but structured data.
fn is_unread(markup: &str, tag: &Tag<'_>) -> bool {
    let text = markup.get(tag.raw.clone()).unwrap_or_default();
    let own = markup.get(tag.span.clone()).unwrap_or_default();
    // Where a script opens a comment, the parser may look for another end than the scan.
    text.len() >= UNREAD_BYTES_MIN
        && (tag.name.is("style") || (tag.name.is("script") && !own.contains("json") && !own.contains("JSON")))
        && memmem::find(text.as_bytes(), b"<!--").is_none()
}

/// What is open at a point of the scan.
#[derive(Default)]
struct Open<'a> {
    stack: Vec<Name<'a>>,
    left_out: Vec<Name<'a>>,
    formatting: usize,
}

impl<'a> Open<'a> {
    /// Whether the tag may reach the parser; keeps the account.
    fn admit(&mut self, tag: &Tag<'a>) -> bool {
        if tag.name.nesting == Nesting::Never {
            return tag.attributes <= tags::ATTRIBUTES_MAX;
        }
        if tag.ends { self.close(tag.name) } else { self.open(tag) }
    }

    fn open(&mut self, tag: &Tag<'a>) -> bool {
        if tag.name.nesting == Nesting::Sibling {
            self.close_before(tag.name);
        }
        let formatting = tag.name.nesting == Nesting::Formatting;
        let depth_max = if formatting || tag.name.nesting == Nesting::Wrapper { DEPTH_MAX } else { DEPTH_OF_ANY_MAX };
        let too_deep = self.stack.len() >= depth_max || (formatting && self.formatting >= FORMATTING_MAX);
        if too_deep || tag.attributes > tags::ATTRIBUTES_MAX {
            // A bounded memory of what was left out is enough: a stray end tag is harmless.
            if self.left_out.len() < DEPTH_MAX {
                self.left_out.push(tag.name);
            }
            return false;
        }
        if tag.closes_itself {
            return true;
        }
        self.formatting += usize::from(formatting);
        self.stack.push(tag.name);
        true
    }

    /// Closes what the next of its kind closes: up to the nearest element that means something of its own.
    fn close_before(&mut self, name: Name<'a>) {
        let stops = |open: &Name<'a>| *open == name || !(open.is_inline() || open.is("div"));
        if let Some(at) = self.stack.iter().rposition(stops).filter(|at| self.stack.get(*at) == Some(&name)) {
            self.stack.truncate(at);
        }
    }

    fn close(&mut self, name: Name<'a>) -> bool {
        if let Some(at) = self.left_out.iter().rposition(|left_out| *left_out == name) {
            self.left_out.remove(at);
            return false;
        }
        if name.nesting == Nesting::Formatting {
            self.formatting = self.formatting.saturating_sub(1);
        }
        let reached = self.stack.iter().rposition(|open| *open == name || open.nesting == Nesting::Boundary);
        if let Some(at) = reached.filter(|at| self.stack.get(*at) == Some(&name)) {
            self.stack.truncate(at);
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ordinary_page_passes_untouched() {
        let page = "<!DOCTYPE html><html><body><!-- <div> --><script>if (a<b) '<div>'</script><ul><li>one<li>two</ul><p>x<p>y";
        assert!(matches!(passable(page), Ok(Cow::Borrowed(_))));
        let unclosed = "<table>".to_owned() + &"<tr><td><a href=x>one".repeat(5_000);
        assert!(matches!(passable(&unclosed), Ok(Cow::Borrowed(_))));
    }

    #[test]
    fn scripts_and_styles_that_nobody_reads_are_left_out() {
        let check = |page: &str, expect: &str| assert_eq!(passable(page).unwrap(), expect);
        let long = "x()//".repeat(20);
        check(&format!("a<script src=y>{long}</script>b<STYLE>{long}</STYLE>c"), "a<script src=y></script>b<STYLE></STYLE>c");
        check(&format!("a<script>{long}"), "a<script>");
        for kept in [
            format!("<script type='application/ld+json'>{long}</script>"),
            format!("<script><!--{long}<script></script>--></script>"),
            format!("<textarea><script>{long}</script></textarea>"),
            format!("<svg><style>{long}</style></svg>"),
        ] {
            check(&kept, &kept);
        }
    }

    #[test]
    fn too_deep_tags_are_left_out_and_their_text_stays() {
        let deep = "<div>".repeat(100_000) + "<p>the text</p>" + &"</div>".repeat(100_000);
        let passed = passable(&deep).unwrap();
        assert!(passed.contains("the text") && passed.matches("<div>").count() == DEPTH_MAX);
        for hidden in ["<!--><b>", "<p =\"><b>", "<svg><style><b>", "<span></div><b>", "<object></span><b>"] {
            let page = hidden.repeat(2_000);
            let passed = passable(&page).unwrap();
            assert!(passed.matches("<b>").count() <= FORMATTING_MAX, "{hidden}");
        }
    }

    #[test]
    fn what_no_page_can_be_is_refused() {
        assert!(passable(&"<p>".repeat(ELEMENTS_MAX + 1)).is_err());
        let rebuilt = "<p>".to_owned() + &"<b class=x>".repeat(40) + &"<p>x".repeat(100_000);
        assert!(passable(&rebuilt).is_err());
    }
}
