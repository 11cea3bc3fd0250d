//! What of a page is its frame, beyond what is chrome everywhere: menus, cookie notices, pagers, related links, known by
//! the words in their classes and ids.

mod endings;
mod prose;

use super::context::names_year;
use super::entries::words;
use crate::rules::extract::document::{
    Marks, classes, gives_particulars, is_footer_of_headline, is_in_content, is_notice_above_headline, is_of_filing,
    is_of_whole_site, speaks_for_itself, tells,
};
use crate::rules::extract::text::{Kind, Line, NodeRef, folded};
use rustc_hash::FxHashMap;
use scraper::ElementRef;

use endings::LABEL_BYTES_MAX;
pub(in crate::rules::extract) use endings::opens_ending;
pub(super) use endings::{ends_article, may_head_prose, opens_places};

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
    "carousel",
    "slider",
    "slideshow",
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
/// Of these, what an editor may call a part of a text as well.
const NOTICES: &[&str] = &["alert", "banner", "comments", "rating"];
/// Longest introduction of a list, in bytes.
const LEAD_BYTES: usize = 400;
/// Before such a word they name an entry in a list of them, "nav-tile", and after one a part of an entry: "card-footer".
const ENTRIES: &[&str] = &["tile", "tiles", "card", "cards", "teaser", "teasers"];
/// Before such a word, or "with" after it, they say what a wrapper has, not what it is: "with-sidebar", "no-banner".
const BEFORE: &[&str] = &["with", "has", "no", "without", "is", "one", "two", "have", "left", "right"];
/// Before such a word they name what a text is about: "social-care", "alert-level", "advert-free".
const AFTER: &[&str] = &[
    "care", "free", "housing", "level", "levels", "less", "note", "notes", "policy", "services", "value", "with", "work",
    "worker", "workers",
];

/// Of these, what names a column or a box of the content itself, whose files are the content's.
const BESIDE: &[&str] = &["leftcol", "leftcolumn", "related", "rightcol", "rightcolumn", "share", "sharing", "sidebar"];

/// Whether an element, by its class or id, is part of the frame. A heading is what it says; `headed`: the page's headline
/// stands above it; `prose`: the page's, in bytes; `are_parts_frame`: whether what any part may be called is the frame's.
fn is_frame(element: ElementRef<'_>, headed: bool, prose: usize, are_parts_frame: bool) -> bool {
    let value = element.value();
    if matches!(value.name(), "html" | "body" | "main" | "article" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6") {
        return false;
    }
    let marks = Marks::of(element);
    let named = marks.names().any(|name| {
        names_frame(name)
            && (are_parts_frame || !names_part(name))
            && !(names_pager(name) && holds_entries(element))
            && !(names_part(name) && is_the_list(element))
    });
    let is_of_visitors = || marks.names().any(names_comments) && (marks.id == Some("comments") || holds_comments(element));
    let speaks = || speaks_for_itself(element, &marks, names_frame) && !is_of_visitors();
    let speaks = || is_notice(element, &marks) || speaks() || gives_particulars(element);
    if named && headed && (speaks() || prose::is_most(element, prose)) {
        return false;
    }
    if named && headed && (stands_under_year(element) || is_footer_of_headline(element, &marks)) {
        return false;
    }
    if named && !headed && is_notice_above_headline(element, &marks) {
        return false;
    }
    let is_opened = value.name() == "dialog" && headed && is_in_content(element) && tells(element);
    let dialog = !is_opened
        && (value.name() == "dialog"
            || marks.modal
            || marks.role.is_some_and(|r| matches!(r, "dialog" | "alertdialog" | "menu" | "menubar")));
    if value.name() == "form" && is_filled_in(element) {
        return true;
    }
    // The tabs over panels; an accordion's panels stand within what it calls so.
    let is_tabs = marks.role == Some("tablist") && matches!(value.name(), "ul" | "ol" | "nav");
    (named || dialog || is_tabs) && !element.descendent_elements().any(|e| matches!(e.value().name(), "main" | "h1"))
}

/// Whether an element is a list right below a heading that names a year: what the page lists, whatever the list is called.
fn stands_under_year(element: ElementRef<'_>) -> bool {
    let is_heading = |before: &ElementRef<'_>| matches!(before.value().name(), "h2" | "h3" | "h4");
    let before = || element.prev_siblings().find_map(ElementRef::wrap).filter(is_heading);
    matches!(element.value().name(), "ul" | "ol" | "dl") && before().is_some_and(|before| names_year(&words(before)))
}

/// Whether an element that is called an alert, a banner or comments stands below the headline and says something of this page.
/// What visitors have written is theirs.
fn is_notice(element: ElementRef<'_>, marks: &Marks<'_>) -> bool {
    let is_other = |name: &str| frame_words(name).any(|word| !NOTICES.iter().any(|notice| notice.eq_ignore_ascii_case(word)));
    let names = |wanted: &str| marks.names().flat_map(frame_words).any(|word| word.eq_ignore_ascii_case(wanted));
    // Stars and how many have given them are another at each visit.
    let counts = || element.text().any(|text| text.contains(|c: char| c.is_ascii_digit()));
    let told = || is_in_content(element) && tells(element);
    !marks.names().any(is_other)
        && !is_of_whole_site(marks)
        && told()
        && !(names("comments") && (marks.id == Some("comments") || holds_comments(element)))
        && !(names("rating") && counts())
}

fn names_comments(name: &str) -> bool {
    frame_words(name).any(|word| word.eq_ignore_ascii_case("comments"))
}

/// Whether an element holds what visitors have said: entries called comments, who said them, and when.
fn holds_comments(element: ElementRef<'_>) -> bool {
    const OF_COMMENTS: &[&str] = &["author", "comment", "commenter", "reply", "vcard"];
    let is_of = |name: &str| name.split(['-', '_']).any(|word| OF_COMMENTS.iter().any(|known| known.eq_ignore_ascii_case(word)));
    element.descendent_elements().any(|e| matches!(e.value().name(), "time" | "article") || Marks::of(e).names().any(is_of))
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
    frame_words(name).next().is_some()
}

/// The words of a name that say that it is the frame's.
fn frame_words(name: &str) -> impl Iterator<Item = &str> {
    let is_of = |word: &str, known: &[&str]| known.iter().any(|known| known.eq_ignore_ascii_case(word));
    let name = if is_of_filing(name) { "" } else { name };
    let mut words = name.split(['-', '_', ' ', ':']).peekable();
    let mut before = None;
    std::iter::from_fn(move || {
        while let Some(word) = words.next() {
            let preceding = before.replace(word);
            let named = is_of(word, WORDS) || (preceding.is_none() && is_of(word, FIRST_WORDS));
            if named {
                let (preceding, after) = (preceding.unwrap_or_default(), words.peek().copied().unwrap_or_default());
                let is_entry = is_of(after, ENTRIES) || is_of(preceding, ENTRIES);
                if !is_of(preceding, BEFORE) && !is_entry && !is_of(after, AFTER) {
                    return Some(word);
                }
            }
        }
        None
    })
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
    // Where the site's name and menu stand there as well, the page's begin with its headline.
    let count = |from: usize| lines.iter().skip(from).filter(|line| is_within(line)).count();
    let headline = || lines.iter().position(|line| named(&line) && is_within(line)).unwrap_or_default();
    let from = if count(0) <= HEADER_LINES_MAX { 0 } else { headline() };
    if count(from) <= HEADER_LINES_MAX {
        lines.iter_mut().skip(from).filter(|line| is_within(line)).for_each(|line| line.chrome = false);
    }
}

/// Whether an element is no more than a label of what follows it: it goes together with that.
fn is_label(line: &Line<'_>, element: ElementRef<'_>) -> bool {
    element.id() == line.block.id() && line.text.len() <= LABEL_BYTES_MAX && line.links.is_empty() && opens_ending(line.folded())
}

/// The lines that are not in the frame. Remembers what it has judged: thousands of lines share their ancestors.
pub(in crate::rules::extract) fn content(lines: Vec<Line<'_>>) -> Vec<Line<'_>> {
    let mut framed = framed(&lines, true);
    let is_told = |(line, framed): (&Line<'_>, &bool)| !framed && !line.is_heading();
    // Some systems make up all of a page of such parts.
    if lines.iter().any(|line| !line.chrome) && !lines.iter().zip(&framed).any(is_told) {
        framed = self::framed(&lines, false);
    }
    lines.into_iter().zip(framed).filter(|(_, framed)| !framed).map(|(line, _)| line).collect()
}

/// Which lines are in the frame.
fn framed(lines: &[Line<'_>], are_parts_frame: bool) -> Vec<bool> {
    let prose = prose::of_page(lines);
    let (mut judged, mut path) = (FxHashMap::default(), Vec::new());
    let is_headline = |line: &Line<'_>| line.kind == Kind::Heading(1) && !line.chrome;
    let mut headed = !lines.iter().any(is_headline);
    lines
        .iter()
        .map(|line| {
            path.clear();
            headed |= is_headline(line);
            let mut framed = line.chrome || is_menu_entry(line);
            let mut node = Some(line.block);
            while let Some(element) = node.filter(|_| !framed) {
                if let Some(known) = judged.get(&element.id()) {
                    framed = *known;
                    break;
                }
                path.push(element.id());
                framed = is_frame(element, headed, prose, are_parts_frame) && !is_label(line, element);
                node = element.parent().and_then(ElementRef::wrap);
            }
            if !line.chrome && !path.is_empty() {
                judged.extend(path.drain(..).map(|id| (id, framed)));
            }
            framed
        })
        .collect()
}
