//! A link that is a whole card: its title, its day and its teaser stand in elements of their own side by side, which a
//! browser shows as blocks, and which without that run into one another: "Board agrees new plan18 November 2026".

use super::article::is_reading_time;
use super::entries::is_generic;
use super::{dated, naming};
use crate::rules::extract::text::{NodeRef, collapsed, folded};
use chrono::NaiveDate;
use scraper::ElementRef;
use url::Url;

/// Longest piece that is a title, in bytes.
pub(super) const TITLE_BYTES_MAX: usize = 160;
/// Least bytes of a teaser.
const TEASER_BYTES: usize = 30;

/// What the pieces of a card say.
pub(super) struct Card<'a> {
    /// Its title.
    pub(super) title: String,
    /// Its day, with the element that says it; `None` of one without a year.
    pub(super) day: Option<(NaiveDate, ElementRef<'a>)>,
}

/// A run of a card's words.
struct Piece<'a> {
    words: String,
    /// The element that holds it; `None` for words of the link itself.
    element: Option<ElementRef<'a>>,
}

/// The card that a link is; `None` where its words are one title.
/// `url`: where it leads.
pub(super) fn read<'a>(link: ElementRef<'a>, url: Option<&Url>) -> Option<Card<'a>> {
    let (pieces, glued) = pieces(link)?;
    let day = pieces.iter().find_map(|piece| Some((dated::of_words(&piece.words)?, piece.element?)));
    let apart = pieces.iter().all(|piece| piece.element.is_some());
    // "18 November 2026 Board agrees new plan", the day alone in an element.
    let dated_first = pieces.first().is_some_and(|first| first.element.is_some() && dated::is_day(&first.words));
    let is_dated = pieces.iter().any(|piece| piece.element.is_some() && dated::is_day(&piece.words));
    let teaser = pieces.last().is_some_and(|last| is_teaser(&last.words));
    if !((is_dated && (apart || (dated_first && pieces.len() == 2))) || (apart && glued && teaser)) {
        return None;
    }
    let says = |piece: &&Piece<'_>| {
        let is_aside = || dated::is_label(&piece.words) || is_reading_time(&folded(&piece.words));
        !dated::is_day(&piece.words) && !is_generic(&piece.words) && !is_aside()
    };
    let titles = || pieces.iter().filter(says).filter(|piece| piece.words.len() <= TITLE_BYTES_MAX);
    let said = || titles().find(|piece| url.is_some_and(|url| naming::says_address(&piece.words, url)));
    // A category stands before its title, and is shorter.
    let longest = titles().filter(|piece| !is_teaser(&piece.words)).rev().max_by_key(|piece| piece.words.len());
    let title = said().or(longest).or_else(|| titles().next())?;
    Some(Card { title: title.words.clone(), day })
}

/// Whether words tell of something in sentences.
pub(super) fn is_teaser(words: &str) -> bool {
    words.len() >= TEASER_BYTES && words.ends_with(['.', '…', '!', '?'])
}

/// The runs of words within a link, and whether any follows another without a space; `None` where there is one run only,
/// or blocks, which are lines of their own.
fn pieces(link: ElementRef<'_>) -> Option<(Vec<Piece<'_>>, bool)> {
    let mut parent = link;
    // Through an element that holds all of it.
    while let Some(only) = only_child(parent) {
        parent = ElementRef::wrap(only).filter(|element| is_run(*element))?;
    }
    let (mut pieces, mut glued, mut spaced): (Vec<Piece<'_>>, _, _) = (Vec::new(), false, true);
    for node in parent.children() {
        if let Some(text) = node.value().as_text() {
            spaced |= text.trim().is_empty() && !text.is_empty();
            let words = collapsed(text);
            if words.contains(char::is_alphanumeric) {
                pieces.push(Piece { words, element: None });
                spaced = text.ends_with(char::is_whitespace);
            }
        } else if let Some(element) = ElementRef::wrap(node) {
            if !is_run(element) {
                return None;
            }
            let words = collapsed(&element.text().collect::<Vec<_>>().join(" "));
            if !words.is_empty() {
                glued |= !spaced;
                pieces.push(Piece { words, element: Some(element) });
                spaced = false;
            }
        }
    }
    (pieces.len() >= 2).then_some((pieces, glued))
}

/// The only child that is neither blank nor a comment.
fn only_child<'a>(parent: ElementRef<'a>) -> Option<NodeRef<'a>> {
    let says =
        |node: &NodeRef<'a>| node.value().is_element() || node.value().as_text().is_some_and(|text| !text.trim().is_empty());
    let mut children = parent.children().filter(says);
    children.next().filter(|_| children.next().is_none())
}

/// Whether an element's words run on with those beside it, as far as its name tells.
fn is_run(element: ElementRef<'_>) -> bool {
    matches!(element.value().name(), "span" | "strong" | "b" | "em" | "i" | "small" | "time" | "font" | "img" | "svg" | "u")
}
