//! Boxes within an article that ask the reader to sign up for letters: a few short lines with a button or a form, in an
//! element of their own. What stands after such a box is the article's again.

use crate::rules::extract::text::Line;
use crate::rules::sought::Sought;
use scraper::ElementRef;
use std::sync::LazyLock;

/// Most lines of a box, longest of them, and most words in all, in bytes.
const LINES_MAX: usize = 6;
const LINE_BYTES_MAX: usize = 160;
const BYTES_MAX: usize = 360;
/// Elements around a line, and elements and texts in a box, that are looked at.
const NEAR: usize = 4;
const NODES_MAX: usize = 60;

/// The lines without such boxes.
pub(super) fn without(lines: Vec<Line<'_>>) -> Vec<Line<'_>> {
    let boxes: Vec<ElementRef<'_>> = lines.iter().filter(|line| speaks_of_letters(line)).filter_map(around).collect();
    if boxes.is_empty() {
        return lines;
    }
    let is_within = |line: &Line<'_>| {
        std::iter::once(*line.block).chain(line.block.ancestors()).any(|above| boxes.iter().any(|held| held.id() == above.id()))
    };
    let bytes = |within: bool| lines.iter().filter(|line| is_within(line) == within).map(|line| line.text.len()).sum::<usize>();
    // A page that is about the letters says so in more words than the box has.
    if bytes(true) >= bytes(false) {
        return lines;
    }
    lines.into_iter().filter(|line| !is_within(line)).collect()
}

/// "Join 9,000 residents who get our weekly email."
fn speaks_of_letters(line: &Line<'_>) -> bool {
    static LETTERS: LazyLock<Sought> = LazyLock::new(|| {
        Sought::new(&[
            "bulletin",
            "bwletin",
            "cylchlythyr",
            "e-bost",
            "e-mail",
            "email",
            "inbox",
            "mailing list",
            "newsletter",
            "rhestr bostio",
            "sign up",
            "subscribe",
            "tanysgrif",
        ])
    });
    line.text.len() <= LINE_BYTES_MAX && LETTERS.any_in(line.folded())
}

/// The nearest element around a line that has a control to sign up with, where it is a box of a few words.
fn around<'a>(line: &Line<'a>) -> Option<ElementRef<'a>> {
    let above = std::iter::once(line.block).chain(line.block.ancestors().filter_map(ElementRef::wrap)).take(NEAR);
    let near = above.take_while(|e| !matches!(e.value().name(), "main" | "article" | "body" | "html"));
    let held = near.filter(|e| matches!(e.value().name(), "aside" | "div" | "fieldset" | "form" | "section"));
    held.take_while(|element| is_small(*element)).find(|element| has_control(*element))
}

fn is_small(element: ElementRef<'_>) -> bool {
    let (mut bytes, mut runs) = (0_usize, 0_usize);
    for text in element.descendants().take(NODES_MAX + 1).filter_map(|node| node.value().as_text()) {
        let words = text.trim().len();
        (bytes, runs) = (bytes + words, runs + usize::from(words > 0));
    }
    bytes <= BYTES_MAX && runs <= 2 * LINES_MAX && element.descendants().take(NODES_MAX + 1).count() <= NODES_MAX
}

/// Whether it holds a button or a field, or a link that says no more than what a button would.
fn has_control(element: ElementRef<'_>) -> bool {
    const ASK: &[&str] = &[
        "cofrestru",
        "cofrestrwch",
        "join",
        "join now",
        "register",
        "sign me up",
        "sign up",
        "sign up now",
        "sign up today",
        "subscribe",
        "ymuno",
        "ymunwch",
    ];
    const OPENINGS: &[&str] = &["sign up", "subscribe", "tanysgrif"];
    let asks = |e: ElementRef<'_>| {
        let words = e.text().take(4).collect::<String>().trim().to_ascii_lowercase();
        ASK.iter().any(|ask| words == *ask) || (words.len() <= 40 && OPENINGS.iter().any(|opening| words.starts_with(opening)))
    };
    element.descendent_elements().take(NODES_MAX).any(|e| match e.value().name() {
        "input" => matches!(e.attr("type"), None | Some("email" | "text" | "submit")),
        "a" | "button" => asks(e),
        _ => false,
    })
}
