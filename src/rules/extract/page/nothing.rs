//! A page that says that it has nothing. The words count only where they are what the page is for: a sentence of the kind
//! stands in many an article ("There were no meetings in August"), in a box beside one, and over one of several lists.

mod beside;

pub(in crate::rules::extract) use beside::without_parts_beside;
pub(super) use beside::{has_others, without_others};

use super::{Whole, article, dated};
use crate::rules::extract::document::Document;
use crate::rules::extract::guard;
use crate::rules::extract::text::{Kind, Line};

/// Prose that an empty list may have before its words for it, and after them, in bytes.
const BEFORE_BYTES: usize = 300;
const AFTER_BYTES: usize = 120;
/// The same in all where the words name what the page's headline names: "no news" under "News".
const AROUND_BYTES: usize = 700;
/// A line of at least this many bytes outside links is prose.
const PROSE_BYTES: usize = 40;

/// The page's own words for having nothing, where it has nothing else of its own.
pub(super) fn said(document: &Document<'_>, page: &Whole<'_>) -> Option<String> {
    let headline = page.content.iter().position(|line| line.kind == Kind::Heading(1)).map_or(0, |at| at + 1);
    let own = page.content.get(headline..).unwrap_or_default();
    let prose = |line: &Line<'_>| if is_prose(line) { line.outside().len() } else { 0 };
    // Most pages have more to say, and that is seen without looking for the words.
    let mut told = 0;
    let is_more = |line: &Line<'_>| {
        told += prose(line);
        told > AROUND_BYTES
    };
    if own.iter().any(is_more) {
        return None;
    }
    let words = guard::says_empty(document)?;
    let stated = own.iter().position(|line| guard::states_nothing(&line.text));
    let (before, after) = own.split_at(stated.unwrap_or(own.len()));
    let after = after.get(1..).unwrap_or_default();
    let [before_bytes, after_bytes] = [before, after].map(|lines| lines.iter().map(prose).sum::<usize>());
    let names_it = page.headline.as_ref().is_some_and(|headline| guard::names_what_is_missing(headline, &words));
    // A day alone may be today's.
    let says_posted = |line: &Line<'_>| dated::labelled(&line.text).is_some() || (!names_it && dated::is_date(&line.text));
    let is_own = if own.iter().any(says_posted) {
        before_bytes + after_bytes < PROSE_BYTES
    } else {
        names_it || (before_bytes <= BEFORE_BYTES && after_bytes <= AFTER_BYTES)
    };
    is_own.then_some(words)
}

fn is_prose(line: &Line<'_>) -> bool {
    !line.is_heading()
        && line.outside().len() >= PROSE_BYTES
        && !article::is_about_article(line)
        && !guard::states_nothing(&line.text)
}
