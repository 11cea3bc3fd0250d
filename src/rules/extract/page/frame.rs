//! What of a page is its frame, beyond what is chrome everywhere: menus, cookie notices, pagers, related links, known by
//! the words in their classes and ids.

use super::dated;
use crate::rules::extract::document::{Marks, classes};
use crate::rules::extract::text::{Kind, Line, NodeRef, folded};
use rustc_hash::FxHashMap;
use scraper::ElementRef;

/// Words of class names and ids.
const WORDS: &[&str] = &[
    "menu",
    "navbar",
    "nav",
    "navigation",
    "subnav",
    "breadcrumb",
    "breadcrumbs",
    "cookie",
    "cookies",
    "consent",
    "gdpr",
    "ccc",
    "pager",
    "pagination",
    "footer",
    "sidebar",
    "related",
    "share",
    "sharing",
    "social",
    "skip",
    "toolbar",
    "filters",
    "facets",
    "facet",
    "banner",
    "feedback",
    "newsletter",
    "signup",
    "subscribe",
    "tags",
    "tagcloud",
    "comments",
    "recommended",
    "popular",
    "trending",
    "alert",
    "modal",
    "popup",
    "login",
    "rating",
    "tweets",
    "twitter",
    "addthis",
    "rightcol",
    "leftcol",
    "rightcolumn",
    "leftcolumn",
];
/// Words that name a part of the frame only where a name begins with them: "widget-archive" is one, and
/// "elementor-widget-text-editor" holds the text.
const FIRST_WORDS: &[&str] = &["widget", "moduletable"];
/// Words of the names of boxes that say something else at each visit, and stand within a text.
const BOXES: &[&str] = &["advert", "advertisement", "promo", "promotion", "testimonial", "testimonials", "weather"];
/// Longest text of such a box, in bytes.
const BOX_BYTES_MAX: usize = 400;
/// Longest introduction of a list, in bytes.
const LEAD_BYTES: usize = 400;
/// Before such a word they name an entry in a list of them, "nav-tile", and after one a part of an entry: "card-footer".
const ENTRIES: &[&str] = &["tile", "tiles", "card", "cards", "teaser", "teasers"];
/// Before such a word, or "with" after it, they say what a wrapper has, not what it is: "with-sidebar", "no-banner".
const BEFORE: &[&str] = &["with", "has", "no", "without", "is", "one", "two", "have", "left", "right"];

/// Of these, what names a column or a box of the content itself, whose files are the content's.
const BESIDE: &[&str] = &["leftcol", "leftcolumn", "related", "rightcol", "rightcolumn", "share", "sharing", "sidebar"];

/// Headings that end an article: what follows them is about something else.
const ENDINGS: &[&str] = &[
    "related",
    "see also",
    "share this",
    "share",
    "more news",
    "more posts",
    "more updates",
    "latest news",
    "other news",
    "recent news",
    "recent posts",
    "recent articles",
    "further news",
    "more from",
    "more in this",
    "you might",
    "you may",
    "also in this section",
    "in this section",
    "popular",
    "most read",
    "was this page",
    "is this page useful",
    "rate this page",
    "help us improve",
    "give feedback",
    "tell us what you think",
    "sign up",
    "subscribe",
    "follow us",
    "tags",
    "categories",
    "comments",
    "leave a reply",
    "leave a comment",
    "back to",
    "next article",
    "previous article",
    "next post",
    "previous post",
    "print this page",
    "last updated",
    "more stories",
    "more like this",
    "contents",
    "topics",
    "filed under",
    "about the author",
    "rate this",
    "cookies on",
    "read next",
    "keep reading",
    "people also",
    "people who viewed",
    "in other news",
    "recommended for you",
    "recommended reading",
    "trending",
    "up next",
    "explore more",
    "discover more",
    "what to read next",
];

/// Whether an element, by its class or id, is part of the frame.
pub(super) fn is_frame(element: ElementRef<'_>) -> bool {
    let value = element.value();
    if matches!(value.name(), "html" | "body" | "main" | "article" | "h1") {
        return false;
    }
    let marks = Marks::of(element);
    let named = marks.names().any(|name| {
        names_frame(name) && !(names_pager(name) && holds_entries(element)) && !(names_part(name) && is_the_list(element))
    });
    let dialog = value.name() == "dialog"
        || marks.modal
        || marks.role.is_some_and(|r| matches!(r, "dialog" | "alertdialog" | "menu" | "menubar"));
    if value.name() == "form" && is_filled_in(element) {
        return true;
    }
    // The tabs over panels; an accordion's panels stand within what it calls so.
    let is_tabs = marks.role == Some("tablist") && matches!(value.name(), "ul" | "ol" | "nav");
    (named || dialog || is_tabs || is_passing_box(element, &marks))
        && !element.descendent_elements().any(|e| matches!(e.value().name(), "main" | "h1"))
}

/// Whether an element is a box with the weather, an advertisement or what somebody said, between the paragraphs of a text. One
/// of several alike is an entry of a list.
fn is_passing_box(element: ElementRef<'_>, marks: &Marks<'_>) -> bool {
    let is_named = |name: &str| {
        let first = name.split(['-', '_', ' ']).next().unwrap_or_default();
        BOXES.iter().any(|known| known.eq_ignore_ascii_case(first))
    };
    let Some(name) = marks.names().find(|name| is_named(name)) else { return false };
    let beside = || element.prev_siblings().chain(element.next_siblings()).filter_map(ElementRef::wrap);
    let has_likes = beside().any(|other| Marks::of(other).names().any(|own| own == name));
    let in_text = beside().any(|other| other.value().name() == "p");
    let length: usize = element.text().map(str::len).sum();
    in_text && !has_likes && length <= BOX_BYTES_MAX
}

/// Whether files in an element of the content belong to the content: in an aside they do, in a menu they do not.
pub(super) fn may_hold_files(element: ElementRef<'_>) -> bool {
    let value = element.value();
    let is_site = matches!(value.name(), "nav" | "footer" | "dialog") || (value.name() == "form" && is_filled_in(element));
    let role = ["navigation", "banner", "contentinfo", "search", "dialog", "alertdialog", "menu", "menubar"];
    let is_other = |word: &str| !BESIDE.contains(&word) && WORDS.contains(&word);
    let named = |name: &str| names_frame(name) && name.to_ascii_lowercase().split(['-', '_', ' ', ':']).any(is_other);
    let marks = Marks::of(element);
    !is_site && !marks.role.is_some_and(|own| role.contains(&own)) && !marks.names().any(named)
}

fn names_frame(name: &str) -> bool {
    let is_of = |word: &str, known: &[&str]| known.iter().any(|known| known.eq_ignore_ascii_case(word));
    let mut words = name.split(['-', '_', ' ', ':']).peekable();
    let mut before = None;
    while let Some(word) = words.next() {
        let named = is_of(word, WORDS) || (before.is_none() && is_of(word, FIRST_WORDS));
        if named {
            let (before, after) = (before.unwrap_or_default(), words.peek().copied().unwrap_or_default());
            let is_entry = is_of(after, ENTRIES) || is_of(before, ENTRIES);
            if !is_of(before, BEFORE) && !is_entry && !after.eq_ignore_ascii_case("with") {
                return true;
            }
        }
        before = Some(word);
    }
    false
}

/// Whether a name is that of a pager, or of the list together with its pager: "ajax-pagination-container".
fn names_pager(name: &str) -> bool {
    name.split(['-', '_']).any(|word| ["pager", "pagination"].iter().any(|pager| word.eq_ignore_ascii_case(pager)))
}

/// Whether a name is that of any part that an editor may put anywhere: "widget widget--articles".
fn names_part(name: &str) -> bool {
    let (first, kind) = name.split_once(['-', '_']).unwrap_or((name, ""));
    FIRST_WORDS.iter().any(|known| known.eq_ignore_ascii_case(first)) && !names_frame(kind)
}

/// Whether it stands in what the page marks as its content, with linked headings and no story beside it: there it is what
/// the page is for.
fn is_the_list(element: ElementRef<'_>) -> bool {
    let is_linked = |heading: &ElementRef<'_>| heading.descendent_elements().any(|e| e.value().name() == "a");
    let headings = element.descendent_elements().filter(|e| matches!(e.value().name(), "h2" | "h3" | "h4"));
    let above = || element.ancestors().filter_map(ElementRef::wrap);
    let Some(main) = above().find(|e| e.value().name() == "main") else { return false };
    if above().any(|e| e.value().name() == "aside") || headings.filter(is_linked).take(3).count() < 3 {
        return false;
    }
    let is_outside = |part: &ElementRef<'_>| !part.ancestors().any(|above| above.id() == element.id());
    let told = main.descendent_elements().filter(|e| e.value().name() == "p").filter(is_outside);
    told.map(|part| part.text().map(str::len).sum::<usize>()).sum::<usize>() <= LEAD_BYTES
}

/// Whether it holds more headings or articles than a pager has, which links back and forth.
fn holds_entries(element: ElementRef<'_>) -> bool {
    let entries = element.descendent_elements().filter(|e| matches!(e.value().name(), "article" | "h2" | "h3" | "h4"));
    entries.take(3).count() == 3
}

/// A form that a visitor fills in. Whole pages of ASP.NET are one form, which keeps their state.
fn is_filled_in(element: ElementRef<'_>) -> bool {
    let (mut fields, mut rows) = (0_usize, 0_usize);
    for below in element.descendent_elements() {
        let value = below.value();
        match value.name() {
            "h1" | "main" | "article" => return false,
            "input" if value.attr("name").is_some_and(|name| name.starts_with("__VIEWSTATE")) => return false,
            "input" => {
                fields += usize::from(!matches!(value.attr("type"), Some("hidden" | "submit" | "button" | "image")));
            }
            "textarea" | "select" => fields += 1,
            "tr" => rows += usize::from(below.descendent_elements().any(|e| e.value().name() == "a")),
            _ => {}
        }
    }
    // Joomla's form for sorting a list holds the list.
    fields > 0 && rows < 3.max(2 * fields)
}

/// Whether a heading or a label, as it is compared, stands over the places of its own page.
pub(super) fn opens_places(folded: &str) -> bool {
    const PLACES: &[&str] = &[
        "contents",
        "contents of this page",
        "in this article",
        "in this guide",
        "in this post",
        "jump to",
        "jump to section",
        "on this page",
        "page contents",
        "table of contents",
        "what's on this page",
    ];
    PLACES.contains(&folded.trim_end_matches(':'))
}

/// Whether a heading's words introduce files to take away.
pub(super) fn opens_files(heading: &str) -> bool {
    const FILES: &[&str] = &["download", "attachment", "documents", "related documents", "supporting documents", "files"];
    let folded = folded(heading);
    FILES.iter().any(|files| folded.starts_with(files))
}

/// Whether a heading, or a line that is bold like one, ends an article.
pub(super) fn ends_article(line: &Line<'_>) -> bool {
    let looks_like_heading = line.is_heading() || (line.strong && line.text.len() <= 60);
    looks_like_heading && opens_ending(line.folded()) && !says_what_was_updated(line)
}

/// "Last updated 5 October 2026: the centre stays open", in bold.
fn says_what_was_updated(line: &Line<'_>) -> bool {
    line.folded().starts_with("last updated") && !dated::says_when(&line.text) && !dated::is_label(&line.text)
}

/// Whether a heading's words, as they are compared, introduce links to something else.
pub(super) fn opens_ending(folded: &str) -> bool {
    let first = folded.as_bytes().first();
    let mut likely = ENDINGS.iter().filter(|ending| ending.as_bytes().first() == first);
    likely.any(|ending| folded.strip_prefix(ending).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric)))
}

/// Whether a line is no more than a link that its class calls part of a menu, or the tabs over a page's panels.
fn is_menu_entry(line: &Line<'_>) -> bool {
    const MENU: &[&str] = &["menu-item", "menu__link", "menu-link", "nav-link", "nav__link", "breadcrumb__link"];
    if !line.outside().is_empty() || line.links.is_empty() {
        return false;
    }
    // Several tabs in a row; one alone may head the panel of an accordion.
    let is_tab =
        |leaf: &NodeRef<'_>| leaf.ancestors().take(4).filter_map(ElementRef::wrap).any(|e| e.attr("role") == Some("tab"));
    if line.leaves.len() > 1 && line.leaves.iter().all(is_tab) {
        return true;
    }
    let inline = line.leaves.first().into_iter().flat_map(|leaf| leaf.ancestors().filter_map(ElementRef::wrap));
    inline.take_while(|e| e.id() != line.block.id()).any(|e| classes(e).any(|class| MENU.contains(&class)))
}

/// Makes an article's header content although it looks like a site's: the few lines around a headline with which `<title>`
/// begins, where the content has none.
pub(super) fn admit_header(lines: &mut [Line<'_>], head_title: Option<&str>) {
    const HEADER_LINES_MAX: usize = 5;
    let is_headline = |line: &Line<'_>| line.kind == Kind::Heading(1);
    if lines.iter().any(|line| is_headline(line) && !line.chrome) {
        return;
    }
    let Some(title) = head_title.map(folded) else { return };
    let named = |line: &&Line<'_>| is_headline(line) && line.text.len() > 3 && title.starts_with(line.folded());
    let Some(header) = lines.iter().find(named).and_then(|line| line.block.parent()).map(|parent| parent.id()) else { return };
    let is_within = |line: &Line<'_>| line.block.ancestors().chain([*line.block]).any(|above| above.id() == header);
    if lines.iter().filter(|line| is_within(line)).count() <= HEADER_LINES_MAX {
        lines.iter_mut().filter(|line| is_within(line)).for_each(|line| line.chrome = false);
    }
}

/// The lines that are not in the frame. Remembers what it has judged: thousands of lines share their ancestors.
pub(in crate::rules::extract) fn content(lines: Vec<Line<'_>>) -> Vec<Line<'_>> {
    let (mut judged, mut path) = (FxHashMap::default(), Vec::new());
    lines
        .into_iter()
        .filter(|line| {
            path.clear();
            let mut framed = line.chrome || is_menu_entry(line);
            let mut node = Some(line.block);
            while let Some(element) = node.filter(|_| !framed) {
                if let Some(known) = judged.get(&element.id()) {
                    framed = *known;
                    break;
                }
                path.push(element.id());
                framed = is_frame(element);
                node = element.parent().and_then(ElementRef::wrap);
            }
            if !line.chrome && !path.is_empty() {
                judged.extend(path.drain(..).map(|id| (id, framed)));
            }
            !framed
        })
        .collect()
}
