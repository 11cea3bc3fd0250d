//! Lines at the ends of a body that are the page's and not the article's: ways back and on, bars of tools, tags, whom to ask,
//! letters to sign up for, the site's last line.

use crate::rules::extract::document::Link;
use crate::rules::extract::page::{byline, dated, occasion};
use crate::rules::extract::text::{Kind, Line, folded};
use crate::rules::facts::{dates, documents};
use scraper::ElementRef;

/// Longest such line, in bytes.
const BYTES_MAX: usize = 120;

/// Whether a line at either end of a body is a way to somewhere else: "Back to news", "View all updates".
pub(super) fn leads_away(line: &Line<'_>) -> bool {
    is_all_links(line) && line.links.iter().all(says_way)
}

/// Whether a link says that it leads back or on.
fn says_way(link: &Link<'_>) -> bool {
    const WAYS: &[&str] = &[
        "all news",
        "back to",
        "browse all",
        "dychwelyd i",
        "dychwelyd at",
        "gweld mwy",
        "gweld pob",
        "gweld popeth",
        "gweld rhagor",
        "gweld yr holl",
        "more news",
        "mwy o newyddion",
        "nôl i",
        "pob newyddion",
        "return to",
        "rhagor o newyddion",
        "see all",
        "see more",
        "view all",
        "view more",
        "yn ôl at",
        "yn ôl i",
        "yr holl newyddion",
    ];
    // "← Christmas opening hours" is the story before this one; an arrow to the right may lead to what this one speaks of.
    if link.text.starts_with(['←', '⟵', '«', '‹']) {
        return true;
    }
    let folded = folded(&link.text);
    let bare = folded.trim_matches(|c: char| !c.is_alphanumeric());
    WAYS.iter().any(|way| bare.strip_prefix(way).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric)))
}

/// Whether a line behind the text is a bar of several links, of which one is a way or a tool: "Back to list | Print | Email me".
fn is_bar(line: &Line<'_>) -> bool {
    is_all_links(line) && line.links.len() > 1 && line.links.iter().any(|link| says_way(link) || is_tool(link))
}

/// Whether a line is a bar of tools or of the site's own links, whatever parts them: "Print this page | Back to top".
pub(in crate::rules::extract) fn is_tools(line: &Line<'_>) -> bool {
    // A script makes a tool of words that speak of the page they stand on; others may be the text's own.
    let speaks_of_page = || !line.is_heading() && ["page", "dudalen"].iter().any(|page| line.folded().contains(page));
    is_all_links(line) && line.links.iter().all(is_tool)
        || line.links.is_empty() && is_named_tool(line.folded()) && speaks_of_page()
}

fn is_tool(link: &Link<'_>) -> bool {
    is_named_tool(&folded(&link.text))
}

fn is_named_tool(folded: &str) -> bool {
    const TOOLS: &[&str] = &[
        "accessibility",
        "accessibility statement",
        "add to calendar",
        "add to my calendar",
        "add to google calendar",
        "add to outlook calendar",
        "download to your calendar",
        "ychwanegu at y calendr",
        "back to top",
        "contact us",
        "cookies",
        "copyright",
        "disclaimer",
        "email",
        "email this page",
        "legal",
        "listen",
        "listen to this page",
        "print",
        "print page",
        "print this page",
        "privacy",
        "privacy notice",
        "privacy policy",
        "save for later",
        "share",
        "share this page",
        "site map",
        "sitemap",
        "terms and conditions",
        "top",
        "top of page",
        "argraffu",
        "argraffu'r dudalen hon",
        "argraffwch y dudalen hon",
        "brig y dudalen",
        "cwcis",
        "cysylltu â ni",
        "cysylltwch â ni",
        "datganiad hygyrchedd",
        "e-bost",
        "e-bostio'r dudalen hon",
        "gwrando",
        "hawlfraint",
        "hygyrchedd",
        "hysbysiad preifatrwydd",
        "map o'r safle",
        "nôl i'r brig",
        "polisi preifatrwydd",
        "preifatrwydd",
        "rhannu",
        "rhannu'r dudalen hon",
        "telerau ac amodau",
        "yn ôl i'r brig",
    ];
    TOOLS.contains(&folded.trim_matches(|c: char| !c.is_alphanumeric()))
}

/// How many lines at the head of a page without a headline are a menu's: `[Home] [Minutes] [Contact]`, and the site's name above.
pub(super) fn menu(lines: &[Line<'_>]) -> usize {
    const LINKS_MIN: usize = 3;
    const LINES_ABOVE_MAX: usize = 2;
    const NAME_BYTES_MAX: usize = 60;
    let is_menu = |line: &Line<'_>| {
        let leads_to_pages =
            line.links.iter().all(|link| link.url.as_ref().is_none_or(|url| !documents::is_file(&link.text, url)));
        line.links.len() >= LINKS_MIN && !line.outside().contains(char::is_alphanumeric) && leads_to_pages
    };
    let Some(at) = lines.iter().take(LINES_ABOVE_MAX + 1).position(is_menu) else { return 0 };
    let are_names = lines.iter().take(at).all(|line| line.text.len() <= NAME_BYTES_MAX && !line.text.ends_with('.'));
    if are_names { at + 1 } else { 0 }
}

fn is_all_links(line: &Line<'_>) -> bool {
    !line.links.is_empty() && line.text.len() <= BYTES_MAX && !line.outside().contains(char::is_alphanumeric)
}

/// Without the days of publication and of the last change that stand beside their labels in a list or a table of their own.
pub(super) fn without_days(lines: Vec<Line<'_>>) -> Vec<Line<'_>> {
    let says = |pair: &[Line<'_>]| {
        let [label, day] = pair else { return false };
        let is_written = |line: &Line<'_>| line.is_heading() || matches!(line.block.value().name(), "p" | "li");
        dated::is_label(&label.text) && dated::is_date(&day.text) && !is_written(label) && !is_written(day)
    };
    // "Time" and "Venue" beside it say that the day is a meeting's.
    let is_of_meeting = |at: usize| {
        let beside = [at.checked_sub(2), Some(at + 2)].into_iter().flatten().filter_map(|beside| lines.get(beside));
        beside.take(2).any(|line| occasion::is_circumstance(&line.text))
    };
    let pairs = lines.windows(2).enumerate().filter(|(at, pair)| says(pair) && !is_of_meeting(*at));
    let pairs: Vec<usize> = pairs.map(|(at, _)| at).collect();
    // A table of many days is what the page is about.
    if pairs.is_empty() || pairs.len() > PAIRS_MAX {
        return lines;
    }
    // "Category" over "Roads", beside them.
    let mut pairs = pairs;
    let names_filing = |at: usize| {
        let Some([label, filed]) = lines.get(at..at + 2) else { return false };
        let is_part = |line: &Line<'_>| line.kind == Kind::Cell && !line.is_heading();
        is_part(label) && is_part(filed) && names_tags(label) && filed.text.len() <= FILED_BYTES_MAX
    };
    for at in pairs.clone() {
        pairs.extend([at.checked_sub(2), Some(at + 2)].into_iter().flatten().filter(|at| names_filing(*at)));
    }
    let is_of_pair = |at: usize| pairs.contains(&at) || at.checked_sub(1).is_some_and(|before| pairs.contains(&before));
    lines.into_iter().enumerate().filter(|(at, _)| !is_of_pair(*at)).map(|(_, line)| line).collect()
}

/// Longest words of what a page is filed under, in bytes.
const FILED_BYTES_MAX: usize = 40;
/// Most days that a page says of itself.
const PAIRS_MAX: usize = 3;

/// Where a list of links ends a text of which one is a way back or a tool: "Back to decisions", "Report a problem".
pub(super) fn list_of_ways(lines: &[Line<'_>]) -> Option<usize> {
    const LINES_MAX: usize = 6;
    let list = lines.last().filter(|line| line.is_item())?.block.parent()?.id();
    let is_of_list = |line: &&Line<'_>| is_all_links(line) && line.block.parent().is_some_and(|parent| parent.id() == list);
    let count = lines.iter().rev().take_while(is_of_list).count();
    let start = lines.len() - count;
    let mut ways = lines.get(start..)?.iter().flat_map(|line| &line.links);
    (start > 0 && count <= LINES_MAX && ways.any(|link| says_way(link) || is_tool(link))).then_some(start)
}

/// Whether the last line of a body names what the article is filed under, or asks the reader to share it or to sign up.
pub(super) fn is_tail(line: &Line<'_>) -> bool {
    names_tags(line)
        || asks_to_share(line)
        || asks_to_sign_up(line)
        || is_bar(line)
        || is_site_line(line)
        || dated::is_label(&line.text)
}

/// Where what an article is filed under ends a body below a label of its own: "Filed under" over "Children, Ofsted".
pub(super) fn tags_below_label(lines: &[Line<'_>]) -> Option<usize> {
    const TAGS_MAX: usize = 12;
    let tags = lines.iter().rev().take(TAGS_MAX).take_while(|line| is_all_links(line)).count();
    // The label may itself lead to all that there are.
    let label = |line: &Line<'_>| names_tags(line) && (line.links.is_empty() || tags > 1);
    let labels = [tags + 1, tags].map(|back| lines.len().checked_sub(back));
    labels.into_iter().flatten().find(|at| *at > 0 && tags > 0 && lines.get(*at).is_some_and(label))
}

/// "Tags: Children, Ofsted".
pub(super) fn names_tags(line: &Line<'_>) -> bool {
    const LABELS: &[&str] = &[
        "tags",
        "tag",
        "tagged",
        "tagged as",
        "tagged in",
        "tagged under",
        "tagged with",
        "topics",
        "categories",
        "category",
        "filed as",
        "filed in",
        "filed under",
        "keywords",
        "posted in",
        "allweddeiriau",
        "categori",
        "categorïau",
        "pynciau",
        "tagiau",
    ];
    let rest = LABELS.iter().filter_map(|label| line.folded().strip_prefix(label)).min_by_key(|rest| rest.len());
    let linked = !line.links.is_empty() && line.outside().len() <= line.text.len() / 2;
    line.text.len() <= BYTES_MAX
        && !line.text.ends_with('.')
        && rest.is_some_and(|rest| rest.trim().is_empty() || rest.starts_with(':') || (linked && rest.starts_with(' ')))
}

/// "Share: Facebook, X".
fn asks_to_share(line: &Line<'_>) -> bool {
    let label = folded(line.outside());
    let label = label.trim_matches(|c: char| !c.is_alphanumeric());
    let says =
        matches!(label, "share" | "share on" | "rhannu") || label.starts_with("share this") || label.starts_with("rhannu'r ");
    line.text.len() <= BYTES_MAX && !line.links.is_empty() && says && label.split(' ').count() <= 4
}

/// "Sign up to our email newsletter.", beside a form or in no paragraph of the text.
fn asks_to_sign_up(line: &Line<'_>) -> bool {
    const LETTERS: &[&str] =
        &["newsletter", "email", "e-mail", "bulletin", "updates", "alerts", "bwletin", "cylchlythyr", "e-bost", "rhybuddion"];
    let folded = line.folded();
    let has = |words: &[&str]| words.iter().any(|word| folded.contains(word));
    let asks = has(&["sign up", "subscribe", "cofrestrwch", "tanysgrif"]) && has(LETTERS);
    let beside_form = || {
        let near = line.block.ancestors().take(2).filter_map(ElementRef::wrap);
        near.take_while(|e| e.value().name() != "body" && e.value().name() != "main")
            .any(|above| above.child_elements().any(|child| matches!(child.value().name(), "form" | "input")))
    };
    line.text.len() <= BYTES_MAX && asks && (line.block.value().name() != "p" || beside_form())
}

/// "© Anytown Council, High Street. Tel: 01632 960000", in any place.
fn is_site_line(line: &Line<'_>) -> bool {
    let folded = line.folded();
    let is_year = |word: &str| word.len() == 4 && word.starts_with(['1', '2']) && word.bytes().all(|b| b.is_ascii_digit());
    // "Copyright Anytown Council 2026 | Privacy".
    let claims = || {
        let is_sentence = folded.ends_with('.') && !folded.ends_with("reserved.");
        folded.starts_with("copyright ") && !is_sentence && folded.split(|c: char| !c.is_alphanumeric()).any(is_year)
    };
    line.text.len() <= 2 * BYTES_MAX && (folded.starts_with('©') || folded.starts_with("copyright ©") || claims())
}

/// Where a box begins that says only whom to ask: a heading, or a bold line, with a few short lines that say how.
pub(super) fn contact_box(lines: &[Line<'_>]) -> Option<usize> {
    /// Most lines of the box, and longest of them, in bytes.
    const LINES_MAX: usize = 6;
    const LINE_BYTES_MAX: usize = 60;
    const HEADINGS: &[&str] = &[
        "contact",
        "contact details",
        "contact information",
        "contact us",
        "contacts",
        "for media enquiries",
        "media contact",
        "media contacts",
        "media enquiries",
        "press contact",
        "press contacts",
        "press enquiries",
        "press office",
        "cyswllt",
        "cyswllt y wasg",
        "cysylltu â ni",
        "cysylltwch â ni",
        "manylion cyswllt",
        "swyddfa'r wasg",
        "ymholiadau'r wasg",
    ];
    let heads = |line: &Line<'_>| (line.is_heading() || line.strong) && HEADINGS.contains(&line.folded().trim_end_matches(':'));
    let at = lines.iter().rposition(heads).filter(|at| *at > 0)?;
    let below = lines.get(at + 1..)?;
    let heading = lines.get(at)?;
    let parent = |line: &Line<'_>| line.block.parent().map(|parent| parent.id());
    let apart = lines.first().is_some_and(|first| parent(first) != parent(heading));
    let says_how = |line: &Line<'_>| {
        let digits = line.text.bytes().filter(u8::is_ascii_digit).count();
        line.text.contains('@')
            || digits >= 8
            || ["press office", "swyddfa'r wasg"].iter().any(|office| line.folded().contains(office))
    };
    let is_box = below.len() <= LINES_MAX && below.iter().all(|line| line.text.len() <= LINE_BYTES_MAX && !line.is_heading());
    (is_box && (apart || below.iter().any(says_how))).then_some(at)
}

/// "October 2025 · 2 minute read": in which month it was posted, by whom, and how long it takes to read. (One with a day is seen with
/// the lines about it.)
pub(super) fn is_stamp(line: &Line<'_>) -> bool {
    /// Most words of who posted it, or under what.
    const NAME_WORDS_MAX: usize = 4;
    let parts = || line.text.split(['|', '·', '•', '–', '—', ',']).map(str::trim).filter(|part| !part.is_empty());
    let is_time = |part: &str| is_reading_time(&folded(part));
    let is_said = |part: &str| is_time(part) || says_month(part) || byline::read(part).is_some();
    // "Communications team", beside both.
    let is_name = |part: &str| part.split_whitespace().count() <= NAME_WORDS_MAX && !part.ends_with(['.', '!', '?']);
    let others = parts().filter(|part| !is_said(part)).collect::<Vec<_>>();
    let is_named = match others.as_slice() {
        [] => true,
        [other] => is_name(other) && parts().any(says_month),
        _ => false,
    };
    !line.is_heading() && line.text.len() <= BYTES_MAX && parts().count() > 1 && parts().any(is_time) && is_named
}

/// "October 2025", "Published: October 2025".
pub(super) fn says_month(text: &str) -> bool {
    const MONTH_BYTES_MAX: usize = 16;
    let text = text.trim();
    let opens_with = |label: &&&str| text.get(..label.len()).is_some_and(|start| start.eq_ignore_ascii_case(label));
    let label = dated::PUBLISHED.iter().chain(dated::UPDATED).filter(opens_with).map(|label| label.len()).max().unwrap_or(0);
    let month = text.get(label..).unwrap_or_default().trim_start_matches([':', ' ']);
    let month = month.strip_prefix("in ").unwrap_or(month);
    month.len() <= MONTH_BYTES_MAX
        && month.starts_with(char::is_alphabetic)
        && dates::whole(&format!("1 {month}")).is_some_and(|day| day.single().is_some())
}

/// "4 minute read", "Reading time: 3 minutes".
pub(in crate::rules::extract::page) fn is_reading_time(folded: &str) -> bool {
    if !folded.bytes().any(|b| b.is_ascii_digit()) {
        return false;
    }
    let words: Vec<&str> = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let is = |word: &str| {
        matches!(
            word,
            "read"
                | "reading"
                | "time"
                | "estimated"
                | "approx"
                | "about"
                | "to"
                | "in"
                | "min"
                | "mins"
                | "minute"
                | "minutes"
                | "a"
        ) || (word.len() <= 2 && word.bytes().all(|b| b.is_ascii_digit()))
    };
    let says = |wanted: &[&str]| words.iter().any(|word| wanted.contains(word));
    words.len() <= 6
        && words.iter().all(|word| is(word))
        && says(&["read", "reading"])
        && says(&["min", "mins", "minute", "minutes"])
}
