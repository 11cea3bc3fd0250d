//! What a page says without words that are shown, or beside them: the colour of a status's picture, a box that is ticked, words
//! read out where a picture or a colour says them, words that are struck out, figures that are raised.

use super::chrome::is_for_screen_readers;
use super::marks::Marks;
use crate::rules::extract::text::NodeRef;
use html5ever::local_name;
use scraper::ElementRef;
use std::borrow::Cow;

/// Longest description of a picture that stands for a word, in bytes.
const ALT_BYTES_MAX: usize = 60;
/// Texts of a cell or a paragraph that are looked at.
const TEXTS_MAX: usize = 8;
/// Elements between words that are read out and the cell or paragraph that they stand in.
const HEIGHT_MAX: usize = 6;

/// How figures stand that are set smaller than those beside them.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Raised {
    /// `sup`
    Above,
    /// `sub`
    Below,
}

impl Raised {
    /// As an element sets its words.
    pub(super) fn by(element: ElementRef<'_>) -> Option<Self> {
        match element.value().name.local {
            local_name!("sup") => Some(Self::Above),
            local_name!("sub") => Some(Self::Below),
            _ => None,
        }
    }

    /// Figures in characters that stand as they do, so that 10² is not 102; "20th" stays what it is.
    pub(super) fn written(self, words: &str) -> Cow<'_, str> {
        const ABOVE: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
        const BELOW: [char; 10] = ['₀', '₁', '₂', '₃', '₄', '₅', '₆', '₇', '₈', '₉'];
        let is_figures = |c: char| c.is_ascii_digit() || c.is_whitespace() || matches!(c, ',' | '-' | '–');
        if !words.contains(|c: char| c.is_ascii_digit()) || !words.chars().all(is_figures) {
            return Cow::Borrowed(words);
        }
        let figures = if self == Self::Above { ABOVE } else { BELOW };
        let raised = |c: char| c.to_digit(10).and_then(|digit| figures.get(digit as usize)).copied().unwrap_or(c);
        Cow::Owned(words.chars().map(raised).collect())
    }
}

/// The words that stand for a picture or a box, if any do. `cell`: the cell around it.
pub(in crate::rules::extract) fn words_of<'a>(
    element: ElementRef<'a>,
    cell: Option<ElementRef<'a>>,
    in_link: bool,
) -> Option<&'a str> {
    match element.value().name.local {
        local_name!("img") if !in_link => of_picture(element, cell),
        local_name!("svg") if !in_link => named(element),
        local_name!("i") | local_name!("span") | local_name!("div") if !in_link && is_empty(element) => named(element),
        local_name!("input") => of_box(element),
        _ => None,
    }
}

/// A picture's description where it is a status ("Red"), or all that its cell says.
fn of_picture<'a>(picture: ElementRef<'a>, cell: Option<ElementRef<'a>>) -> Option<&'a str> {
    let alt = picture.attr("alt").map(str::trim).filter(|alt| !alt.is_empty() && alt.len() <= ALT_BYTES_MAX)?;
    let is_file = alt.rsplit_once('.').is_some_and(|(_, end)| (3..=4).contains(&end.len()) && !end.contains(' '));
    let says_nothing_else = |cell: ElementRef<'_>| cell.text().take(TEXTS_MAX).all(|text| text.trim().is_empty());
    let is_all = || !is_file && alt.contains(char::is_alphanumeric) && cell.is_some_and(says_nothing_else);
    (is_status(alt) || is_all()).then_some(alt)
}

/// The status that a drawing's title, or the label of an element without words, names for those who do not see it.
fn named(element: ElementRef<'_>) -> Option<&str> {
    let is_title = |e: &ElementRef<'_>| e.value().name() == "title";
    let title = || element.child_elements().find(is_title).and_then(|title| title.text().next());
    let label = element.attr("aria-label").or_else(title).or_else(|| element.attr("title"))?.trim();
    let held = element.parent().and_then(ElementRef::wrap)?;
    let says = |text: &str| text.trim().eq_ignore_ascii_case(label);
    let is_drawn = |node: NodeRef<'_>| node.ancestors().take(HEIGHT_MAX).any(|above| above.id() == element.id());
    // Where the word stands beside its mark it is read there.
    let is_said = held.descendants().any(|node| node.value().as_text().is_some_and(|text| says(text)) && !is_drawn(node));
    (label.len() <= ALT_BYTES_MAX && is_status(label) && !is_said).then_some(label)
}

fn is_empty(element: ElementRef<'_>) -> bool {
    element.attr("aria-label").is_some() && element.text().all(|text| text.trim().is_empty())
}

/// Whether words are how far something has come, as lists of actions show it by a colour or a mark.
pub(super) fn is_status(words: &str) -> bool {
    const SAYS: &[&str] = &[
        "achieved",
        "amber",
        "approved",
        "behind",
        "blue",
        "cancelled",
        "canslwyd",
        "closed",
        "coch",
        "complete",
        "completed",
        "cross",
        "cwblhawyd",
        "delayed",
        "done",
        "failed",
        "gohiriwyd",
        "green",
        "grey",
        "gwyrdd",
        "late",
        "met",
        "melyn",
        "missed",
        "no",
        "off",
        "open",
        "oren",
        "outstanding",
        "overdue",
        "postponed",
        "purple",
        "red",
        "refused",
        "risk",
        "started",
        "tick",
        "ticked",
        "track",
        "withdrawn",
        "yellow",
        "yes",
    ];
    const BESIDE: &[&str] = &[
        "action", "at", "circle", "flag", "icon", "in", "is", "light", "mark", "not", "of", "on", "progress", "rag", "rated",
        "rating", "schedule", "status", "target", "traffic",
    ];
    const WORDS_MAX: usize = 4;
    let is = |word: &str, known: &[&str]| known.iter().any(|known| known.eq_ignore_ascii_case(word));
    let all = || words.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let count = all().take(WORDS_MAX + 1).count();
    (1..=WORDS_MAX).contains(&count)
        && all().all(|word| is(word, SAYS) || is(word, BESIDE))
        && (all().any(|word| is(word, SAYS)) || count == 2 && words.eq_ignore_ascii_case("in progress"))
}

/// A box that nobody can tick on the page says that something is done, or that it is not.
fn of_box(element: ElementRef<'_>) -> Option<&'static str> {
    let is_box = element.attr("type").is_some_and(|kind| kind.trim().eq_ignore_ascii_case("checkbox"));
    let is_shown = ["disabled", "readonly", "aria-readonly"].iter().any(|name| element.attr(name).is_some());
    (is_box && is_shown).then(|| if element.attr("checked").is_some() { "☑" } else { "☐" })
}

/// Whether words that are read out and not shown say what is shown without words: a status, or all that a cell or a paragraph
/// says. In a link they say where it leads.
pub(super) fn is_said_otherwise(element: ElementRef<'_>) -> bool {
    let name = |element: ElementRef<'_>| element.value().name.local.clone();
    let mut above = element.ancestors().filter_map(ElementRef::wrap).take(HEIGHT_MAX);
    let held = above.find(|above| {
        let within = matches!(
            name(*above),
            local_name!("span") | local_name!("b") | local_name!("strong") | local_name!("em") | local_name!("i")
        );
        !within
    });
    let is_written = |held: &ElementRef<'_>| {
        matches!(name(*held), local_name!("td") | local_name!("th") | local_name!("dd") | local_name!("p") | local_name!("li"))
    };
    let Some(held) = held.filter(is_written) else { return false };
    let own = || element.text().take(TEXTS_MAX).collect::<String>();
    let is_read_out = |text: NodeRef<'_>| {
        let around = text.ancestors().take(HEIGHT_MAX).filter_map(ElementRef::wrap);
        around.take_while(|above| above.id() != held.id()).any(|above| Marks::of(above).classes().any(is_for_screen_readers))
    };
    let texts = held.descendants().filter(|node| node.value().as_text().is_some_and(|text| !text.trim().is_empty()));
    is_status(own().trim()) || texts.take(TEXTS_MAX).all(is_read_out) && own().contains(char::is_alphanumeric)
}

/// Whether its words are struck out: nobody says them any more, and that is what is said.
pub(in crate::rules::extract) fn is_struck(element: ElementRef<'_>, style: Option<&str>) -> bool {
    strikes_out(element, style) || element.attr("class").is_some_and(|class| class.split_ascii_whitespace().any(is_called_struck))
}

/// The same by its element and its style alone.
pub(super) fn strikes_out(element: ElementRef<'_>, style: Option<&str>) -> bool {
    matches!(element.value().name.local, local_name!("del") | local_name!("s") | local_name!("strike"))
        || style.is_some_and(strikes)
}

/// Whether an element stands among words that are struck out.
pub(in crate::rules::extract) fn stands_no_more(element: ElementRef<'_>) -> bool {
    let above = element.ancestors().filter_map(ElementRef::wrap).take(HEIGHT_MAX);
    std::iter::once(element).chain(above).any(|element| is_struck(element, element.attr("style")))
}

/// Whether a class says so, as frameworks for style sheets call it.
pub(super) fn is_called_struck(class: &str) -> bool {
    const NAMES: &[&str] = &["line-through", "strike", "strike-through", "strikethrough", "text-decoration-line-through"];
    NAMES.iter().any(|known| class.eq_ignore_ascii_case(known))
}

/// `text-decoration: line-through`
fn strikes(style: &str) -> bool {
    const THROUGH: &[u8] = b"line-through";
    style.as_bytes().windows(THROUGH.len()).any(|part| part.eq_ignore_ascii_case(THROUGH))
}
