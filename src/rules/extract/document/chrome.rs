//! What of a page is not its content: noise that nobody sees, and the chrome around the content.

use super::called::Called;
use super::marks::{Marks, is_heading};
use super::{notices, shown};
use crate::rules::extract::text::NodeRef;
use html5ever::{LocalName, local_name};
use scraper::ElementRef;

const CHROME_ROLES: &[&str] = &["navigation", "banner", "contentinfo", "complementary", "search"];
/// Whole class names or ids: a wrapper called `with-sidebar` holds the content.
const CHROME_NAMES: &[&str] = &[
    "breadcrumb",
    "breadcrumbs",
    "cookie-banner",
    "cookies",
    "footer",
    "global-header",
    "header",
    "localgov-alert-banner",
    "mgfooter",
    "mglinks",
    "nav",
    "navigation",
    "page-footer",
    "page-header",
    "share",
    "side-nav",
    "sidebar",
    "sidenav",
    "site-footer",
    "site-header",
    "site-info",
    "skip-link",
    "skiplink",
    "skip-links",
    "social",
    "social-share",
];

/// What the names of such boxes end in, whatever design system they are of: "govuk-cookie-banner".
const COOKIE_NAMES: [&str; 5] = ["cookie-banner", "cookie-bar", "cookie-consent", "cookie-message", "cookie-notice"];

/// Whether its text is no text of the page.
fn is_unread(name: &LocalName) -> bool {
    matches!(
        *name,
        local_name!("script")
            | local_name!("style")
            | local_name!("noscript")
            | local_name!("template")
            | local_name!("head")
            | local_name!("title")
            | local_name!("iframe")
            | local_name!("object")
            | local_name!("embed")
            | local_name!("svg")
            | local_name!("math")
            | local_name!("select")
            | local_name!("textarea")
            | local_name!("canvas")
            | local_name!("audio")
            | local_name!("video")
            | local_name!("map")
    )
}

/// Whether it holds words within a line; a heading for screen readers names the page's parts, and stays.
fn is_inline(name: &LocalName) -> bool {
    matches!(
        *name,
        local_name!("b")
            | local_name!("em")
            | local_name!("i")
            | local_name!("small")
            | local_name!("span")
            | local_name!("strong")
    )
}

/// Whether nobody sees it: scripts, hidden elements, ModernGov's words for screen readers, rows that only look deleted.
pub(super) fn is_noise(element: ElementRef<'_>, marks: &Marks<'_>, called: Called) -> bool {
    let hidden_by_style = || {
        marks.style.is_some_and(|style| {
            let style: String = style.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_lowercase();
            style.contains("display:none") || style.contains("visibility:hidden")
        })
    };
    let name = &element.value().name.local;
    let read_out = || {
        let is_read_out = called.for_screen_readers || marks.style.is_some_and(moves_away);
        is_inline(name) && is_read_out && !shown::is_said_otherwise(element)
    };
    marks.hidden
        || is_closed(element)
        || is_switch(element)
        || is_unread(name)
        || is_tool(element)
        || is_badge(element, marks)
        || is_mark_of_place(element)
        || is_edit(element)
        || hidden_by_style()
        || called.hidden
        || read_out()
}

/// Whether it is a dialogue that nobody has opened (HTML §4.11.4).
fn is_closed(element: ElementRef<'_>) -> bool {
    element.value().name.local == local_name!("dialog") && element.attr("open").is_none()
}

/// Whether it is a sign beside a heading that leads to it: `<a href="#aims">¶</a>`.
fn is_mark_of_place(element: ElementRef<'_>) -> bool {
    let is_sign = |text: &str| !text.contains(char::is_alphanumeric);
    element.value().name.local == local_name!("a")
        && element.attr("href").is_some_and(|href| href.starts_with('#') && href.len() > 1)
        && element.text().any(|text| !text.trim().is_empty())
        && element.text().all(is_sign)
}

/// Whether it is the way to edit the part of a wiki's page that a heading heads: `[edit | edit source]`, in the heading or behind it.
fn is_edit(element: ElementRef<'_>) -> bool {
    const VERBS: &[&str] = &["edit", "golygu"];
    const WORDS: &[&str] = &["section", "source", "cod", "this", "visual"];
    let name = &element.value().name.local;
    let heads = |node: Option<NodeRef<'_>>| node.and_then(ElementRef::wrap).is_some_and(|e| is_heading(&e.value().name.local));
    let is_beside = || heads(element.parent()) || heads(element.prev_siblings().find(|before| before.value().is_element()));
    if !matches!(*name, local_name!("a") | local_name!("span")) || !is_beside() {
        return false;
    }
    let said = element.text().take(12).collect::<Vec<_>>().join(" ").to_lowercase();
    let mut words = said.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).peekable();
    words.peek().is_some_and(|first| VERBS.contains(first)) && words.all(|word| VERBS.contains(&word) || WORDS.contains(&word))
}

/// Whether it is the mark of what is new, which goes again: `<span class="badge">New</span>`, `<mark>New</mark>`.
fn is_badge(element: ElementRef<'_>, marks: &Marks<'_>) -> bool {
    const MARKS: &[&str] = &["badge", "chip", "flag", "label", "pill", "tag"];
    let is_mark = |class: &str| {
        let class = class.to_ascii_lowercase();
        class.split(['-', '_']).any(|part| MARKS.contains(&part) || part == "new")
    };
    let says = || element.text().take(3).collect::<String>();
    let name = &element.value().name.local;
    // What HTML calls a mark, and what stands above the line, need no class that says so.
    (matches!(*name, local_name!("mark") | local_name!("sup")) || (is_inline(name) && marks.classes().any(is_mark)))
        && ["new", "new!", "newydd", "newydd!"].iter().any(|word| says().trim().eq_ignore_ascii_case(word))
}

/// Whether it is a button of several in a row, or one beside words that say what was done with it: "Like", "Save for later".
/// One that stands over a part of the page, and opens it, is that part's heading.
fn is_tool(element: ElementRef<'_>) -> bool {
    let is_button = |element: ElementRef<'_>| element.value().name.local == local_name!("button");
    let says = |element: ElementRef<'_>| element.text().any(|text| text.contains(char::is_alphanumeric));
    if !is_button(element) {
        return false;
    }
    if closes(element) || folds_all(element) {
        return true;
    }
    let parent = element.parent().and_then(ElementRef::wrap);
    let heads = parent.is_some_and(|parent| {
        matches!(parent.value().name.local, local_name!("summary") | local_name!("dt") | local_name!("legend"))
            || is_heading(&parent.value().name.local)
    });
    let before = element.prev_siblings().find_map(ElementRef::wrap);
    let after = element.next_siblings().find_map(ElementRef::wrap);
    let is_beside = |other: ElementRef<'_>| is_button(other) || (other.value().name.local == local_name!("span") && says(other));
    !heads && [before, after].into_iter().flatten().any(is_beside)
}

/// Whether a button does no more than close the box that it stands in.
fn closes(button: ElementRef<'_>) -> bool {
    const WORDS: &[&str] = &["cau", "close", "dismiss", "hide this message", "x", "×", "✕", "✖"];
    let words = button.text().take(4).collect::<String>();
    let words = words.trim();
    words.is_empty() || WORDS.iter().any(|word| words.eq_ignore_ascii_case(word))
}

/// Whether a button opens or closes all parts of a page at once: "Open all", "Hide all sections".
fn folds_all(button: ElementRef<'_>) -> bool {
    const VERBS: &[&str] = &["agor", "cau", "close", "collapse", "cuddio", "dangos", "expand", "hide", "open", "show", "toggle"];
    const WORDS_MAX: usize = 4;
    let words = button.text().take(6).collect::<Vec<_>>().join(" ").to_lowercase();
    let words: Vec<&str> = words.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let says_all = words.iter().any(|word| matches!(*word, "all" | "pob" | "popeth" | "holl"));
    says_all && words.len() <= WORDS_MAX && words.first().is_some_and(|first| VERBS.contains(first))
}

/// Whether it is the word on a heading that folds its part of the page up: "Show", "Close".
fn is_switch(element: ElementRef<'_>) -> bool {
    const WORDS: &[&str] = &[
        "+", "-", "−", "agor", "cau", "close", "collapse", "cuddio", "dangos", "expand", "hide", "open", "show", "toggle", "▼",
        "▾",
    ];
    let says_more = |after: NodeRef<'_>| after.value().as_text().is_none_or(|text| !text.trim().is_empty());
    if element.value().name.local != local_name!("span") || element.next_siblings().any(says_more) {
        return false;
    }
    let words = || element.text().take(3).collect::<String>();
    let says = || WORDS.iter().any(|word| words().trim().eq_ignore_ascii_case(word));
    let heads =
        |above: ElementRef<'_>| is_heading(&above.value().name.local) || above.value().name.local == local_name!("summary");
    // A heading that says nothing else is none of a part.
    let has_others = |above: ElementRef<'_>| above.text().map(|text| text.trim().len()).sum::<usize>() > words().trim().len();
    let mut above = element.ancestors().take(5).filter_map(ElementRef::wrap);
    says() && above.any(|above| heads(above) && has_others(above))
}

/// Whether a style shows nothing of what is read out: clipped to nothing, or beyond the window's edge.
fn moves_away(style: &str) -> bool {
    const WAYS: &[&str] =
        &["clip:rect(0", "clip:rect(1px", "clip-path:inset(50%", "left:-9999px", "left:-10000px", "left:-999em"];
    let style: String = style.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_lowercase();
    WAYS.iter().any(|way| style.contains(way))
}

/// The usual classes of words that are read out and not shown: ", pdf - 22 May 2026" within a report's name.
pub(super) fn is_for_screen_readers(class: &str) -> bool {
    const CLASSES: &[&str] = &[
        "a11y-hidden",
        "element-invisible",
        "govuk-visually-hidden",
        "hidden-visually",
        "nonvisual",
        "screen-reader-only",
        "screen-reader-text",
        "screenreader",
        "sr-only",
        "sr-text",
        "sys_hidden",
        "u-visually-hidden",
        "visually-hidden",
        "visuallyhidden",
    ];
    // A design system puts its own name before it: "anytown-u-visually-hidden".
    let is = |known: &&str| {
        let start = class.len().checked_sub(known.len());
        let (before, end) = start.and_then(|start| class.split_at_checked(start)).unwrap_or_default();
        let is_prefix = before.is_empty() || before.ends_with(['-', '_']);
        is_prefix && !before.eq_ignore_ascii_case("not-") && end.eq_ignore_ascii_case(known)
    };
    CLASSES.iter().any(is)
}

/// Whether it is the site's frame around the content. `within_main`: an article's own header is content.
pub(super) fn is_chrome(element: ElementRef<'_>, marks: &Marks<'_>, called: Called, within_main: bool) -> bool {
    match element.value().name.local {
        // The footer of a quotation says whose words they are.
        local_name!("footer")
            if element.parent().and_then(ElementRef::wrap).is_some_and(|e| e.value().name.local == local_name!("blockquote")) =>
        {
            return false;
        }
        local_name!("footer") if opens_an_article(element) || notices::is_own_foot(element) => return false,
        _ if is_aside(element, marks)
            && (within_main || notices::is_below_headline(element))
            && notices::is_own_aside(element, marks) =>
        {
            return false;
        }
        _ if is_aside(element, marks) && notices::is_notice_below_headline(element, marks) => return false,
        local_name!("nav") | local_name!("footer") | local_name!("aside") => return true,
        local_name!("header") => return !within_main && !heads_an_entry(element) && !heads_a_section(element),
        local_name!("html")
        | local_name!("body")
        | local_name!("main")
        | local_name!("article")
        | local_name!("form")
        | local_name!("h1")
        | local_name!("h2")
        | local_name!("h3") => return false,
        _ => {}
    }
    let names_it = |name: &str| if within_main { names_chrome_within(name) } else { names_chrome(name) };
    let is_called_so = || called.chrome && marks.names().any(names_it);
    let looks_like_it = marks.role.is_some_and(|role| CHROME_ROLES.contains(&role)) || is_called_so();
    // What is called so among the content's own parts may be about what its name says.
    let is_of_text = || within_main || notices::is_part_of_text(element);
    let speaks = || marks.role.is_none() && is_of_text() && notices::speaks_for_itself(element, marks, names_it);
    let is_of_meeting = || (within_main || notices::is_below_headline(element)) && notices::gives_particulars(element);
    let speaks = || speaks() || is_of_meeting();
    looks_like_it
        && !holds_content(element)
        && !is_headers_of_entry(element, marks, within_main)
        && !is_footer_of_headline(element, marks)
        && !speaks()
}

/// Whether it is an aside, by its element or by its role.
fn is_aside(element: ElementRef<'_>, marks: &Marks<'_>) -> bool {
    element.value().name.local == local_name!("aside") || marks.role == Some("complementary")
}

/// Whether an element is called a header, and heads a part of the content: within it, or as one of several alike.
fn is_headers_of_entry(element: ElementRef<'_>, marks: &Marks<'_>, within_main: bool) -> bool {
    const HEADERS: &[&str] = &["header", "page-header"];
    let called = marks.classes().find(|class| HEADERS.iter().any(|header| class.eq_ignore_ascii_case(header)));
    let Some(called) = called.filter(|_| marks.id.is_none_or(|id| !names_chrome(id))) else { return false };
    let mut below = element.descendent_elements().take(NODES_NEAR);
    below.any(|e| is_heading(&e.value().name.local)) && (within_main || is_repeated(element, called))
}

/// Whether the parts of the page beside those around an element have one of its class too.
fn is_repeated(element: ElementRef<'_>, class: &str) -> bool {
    const LEVELS: usize = 3;
    const BESIDE: usize = 2;
    let has = |other: ElementRef<'_>| other.descendent_elements().take(NODES_NEAR).any(|e| Marks::of(e).has_class(class));
    element.ancestors().filter_map(ElementRef::wrap).take(LEVELS).any(|around| {
        let beside = around.prev_siblings().filter_map(ElementRef::wrap).take(BESIDE);
        beside.chain(around.next_siblings().filter_map(ElementRef::wrap).take(BESIDE)).any(has)
    })
}

/// Elements in a part of the page that are looked at.
const NODES_NEAR: usize = 24;

/// So far are an entry's neighbours looked for.
const NEAR: usize = 8;

/// A header that has others like it beside its parent is an entry's in a list, not the site's.
fn heads_an_entry(header: ElementRef<'_>) -> bool {
    let Some(entry) = header.parent() else { return false };
    let mut beside = entry.prev_siblings().take(NEAR).chain(entry.next_siblings().take(NEAR)).filter_map(ElementRef::wrap);
    beside.any(|other| other.child_elements().any(|child| child.value().name() == "header"))
}

/// A header with a heading and no menu, in a section, is the section's.
fn heads_a_section(header: ElementRef<'_>) -> bool {
    let in_section = header.ancestors().filter_map(ElementRef::wrap).any(|e| e.value().name() == "section");
    let holds = |names: &[&str]| header.descendent_elements().any(|e| names.contains(&e.value().name()));
    in_section && holds(&["h1", "h2", "h3"]) && !holds(&["nav", "form"])
}

/// Drupal's line of who and when is a footer that stands above the text.
fn opens_an_article(footer: ElementRef<'_>) -> bool {
    let in_article = footer.parent().and_then(ElementRef::wrap).is_some_and(|e| e.value().name() == "article");
    let is_heading = |e: ElementRef<'_>| matches!(e.value().name(), "h1" | "h2" | "h3" | "header" | "a" | "figure" | "img");
    in_article
        && footer.prev_siblings().filter_map(ElementRef::wrap).all(is_heading)
        && footer.next_siblings().any(|node| node.value().is_element())
}

/// Whether it is called a footer and is a headline's: TYPO3 has who and when in a `div.footer` between the headline and the text.
pub(in crate::rules::extract) fn is_footer_of_headline(element: ElementRef<'_>, marks: &Marks<'_>) -> bool {
    let is_heading = |e: ElementRef<'_>| matches!(e.value().name.local, local_name!("h1") | local_name!("h2"));
    let heads = |e: ElementRef<'_>| is_heading(e) || e.descendent_elements().take(NODES_NEAR).any(is_heading);
    let mut before = element.prev_siblings().filter_map(ElementRef::wrap).peekable();
    marks.has_class("footer")
        && before.peek().is_some()
        && before.all(heads)
        && element.next_siblings().any(|node| node.value().is_element())
}

pub(super) fn names_chrome(name: &str) -> bool {
    if notices::is_of_filing(name) {
        return false;
    }
    let starts_with = |word: &str| name.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
    let ends_with = |word: &str| {
        name.len().checked_sub(word.len()).and_then(|at| name.get(at..)).is_some_and(|end| end.eq_ignore_ascii_case(word))
    };
    // "card-footer" holds an entry's link.
    let of_entry = || ["card", "tile", "teaser"].into_iter().any(starts_with);
    starts_with("footer")
        || (ends_with("footer") && !of_entry())
        || starts_with("breadcrumb")
        || starts_with("cookie")
        || COOKIE_NAMES.into_iter().any(ends_with)
        || CHROME_NAMES.iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// The same within the content, where a name that only begins so is another: "footer-note", "cookies-policy".
fn names_chrome_within(name: &str) -> bool {
    const OTHERS: &[&str] = &["note", "notes", "policy", "statement"];
    let is_other = |word: &str| OTHERS.iter().any(|other| other.eq_ignore_ascii_case(word));
    names_chrome(name) && !name.split(['-', '_']).skip(1).any(is_other)
}

/// A wrapper with an unlucky name.
fn holds_content(element: ElementRef<'_>) -> bool {
    element.descendent_elements().any(|e| {
        let marks = Marks::of(e);
        matches!(e.value().name(), "main" | "article")
            || marks.id == Some("modgov")
            || marks.classes().any(|class| matches!(class, "mgContent" | "mgMainTitleTxt" | "sys_itemslist"))
    })
}

/// Whether content begins here.
pub(super) fn is_main(element: ElementRef<'_>, marks: &Marks<'_>) -> bool {
    matches!(element.value().name.local, local_name!("main") | local_name!("article"))
        || marks.role == Some("main")
        || marks.id == Some("modgov")
}
