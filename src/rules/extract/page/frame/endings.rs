//! The words and names of headings that end an article, and of those that stand over its places.

use super::{NOTICES, frame_words};
use crate::rules::extract::document::{Marks, classes, is_phrase};
use crate::rules::extract::page::dated;
use crate::rules::extract::text::{Kind, Line};
use scraper::ElementRef;

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
    "more on this",
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
    "also of interest",
    "elsewhere on this site",
    "latest articles",
    "latest posts",
    "latest stories",
    "more articles",
    "other articles",
    "other stories",
    "recent stories",
    "similar articles",
    "similar news",
    "similar stories",
    "you could also",
    "recommended for you",
    "recommended reading",
    "trending",
    "up next",
    "explore more",
    "discover more",
    "what to read next",
];
/// The same in Welsh.
const WELSH_ENDINGS: &[&str] = &[
    "a oedd y dudalen hon",
    "a yw'r dudalen hon",
    "archwilio mwy",
    "argraffu'r dudalen hon",
    "argraffwch y dudalen hon",
    "argymhellir",
    "blogiau cysylltiedig",
    "categorïau",
    "cofrestrwch ar gyfer",
    "cwcis ar",
    "cynnwys",
    "cynnwys cysylltiedig",
    "cysylltiedig",
    "darganfod mwy",
    "darllen nesaf",
    "darllenwch nesaf",
    "dilyn ni",
    "dilynwch ni",
    "diweddarwyd ddiwethaf",
    "dolenni cysylltiedig",
    "dychwelyd i",
    "dywedwch wrthym beth",
    "efallai",
    "erthygl flaenorol",
    "erthygl nesaf",
    "erthyglau cysylltiedig",
    "erthyglau diweddar",
    "erthyglau diweddaraf",
    "erthyglau eraill",
    "gadael sylw",
    "gadewch sylw",
    "gwybodaeth gysylltiedig",
    "gweler hefyd",
    "hefyd yn yr adran hon",
    "helpwch ni i wella",
    "mannau eraill ar y safle",
    "mwy fel hyn",
    "mwy o erthyglau",
    "mwy o newyddion",
    "mwy o straeon",
    "mwyaf poblogaidd",
    "newyddion cysylltiedig",
    "newyddion diweddar",
    "newyddion diweddaraf",
    "newyddion eraill",
    "newyddion tebyg",
    "oedd y dudalen hon",
    "poblogaidd",
    "pynciau",
    "rhagor o newyddion",
    "rhagor o straeon",
    "rhannu",
    "rhannu'r dudalen hon",
    "rhannwch",
    "rhoi adborth",
    "rhowch adborth",
    "straeon cysylltiedig",
    "straeon diweddaraf",
    "straeon eraill",
    "straeon tebyg",
    "sylwadau",
    "tagiau",
    "tanysgrifio",
    "tanysgrifiwch",
    "tudalennau cysylltiedig",
    "tudalennau poblogaidd",
    "y newyddion diweddaraf",
    "yn ôl i",
    "yn yr adran hon",
    "ynglŷn â'r awdur",
];

/// Whether a heading or a label, as it is compared, stands over the places of its own page.
pub(in crate::rules::extract::page) fn opens_places(folded: &str) -> bool {
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
        "ar y dudalen hon",
        "cynnwys",
        "cynnwys y dudalen hon",
        "neidio i",
        "yn y canllaw hwn",
        "yn yr erthygl hon",
    ];
    PLACES.contains(&folded.trim_end_matches(':'))
}

/// Longest words that stand over a part of a page without being a heading, in bytes.
pub(super) const LABEL_BYTES_MAX: usize = 60;

/// Whether a heading, or a line that is bold like one or called one, ends an article.
pub(in crate::rules::extract::page) fn ends_article(line: &Line<'_>) -> bool {
    let is_called_so = || line.links.is_empty() && is_called_frame(line.block);
    let is_short = line.text.len() <= LABEL_BYTES_MAX;
    let looks_like_heading = line.is_heading() || is_short && (line.strong || is_called_so());
    let ends = looks_like_heading && opens_ending(line.folded()) && !says_what_was_updated(line);
    ends || line.is_heading() && !matches!(line.kind, Kind::Heading(1)) && is_headed_so(line)
}

/// Whether a heading's class calls it a part of the frame. Its id, and a class that only repeats it, are made of its words.
fn is_headed_so(line: &Line<'_>) -> bool {
    let repeats = |class: &str| {
        let says = |word: &str| line.folded().split(' ').any(|own| own.trim_matches(|c: char| !c.is_alphanumeric()) == word);
        class.split('-').all(|word| says(&word.to_ascii_lowercase()))
    };
    classes(line.block).filter(|class| !is_phrase(class) && !repeats(class)).flat_map(frame_words).any(is_sure)
}

fn is_sure(word: &str) -> bool {
    !NOTICES.iter().any(|notice| notice.eq_ignore_ascii_case(word))
}

/// Whether an element's own names call it a part of the frame, and not what a text may have as well.
fn is_called_frame(element: ElementRef<'_>) -> bool {
    Marks::of(element).names().any(|name| frame_words(name).any(is_sure))
}

/// Whether a heading that ends an article may stand over a part of it, where prose follows: "Related decisions", "Comments from
/// the chair".
pub(in crate::rules::extract::page) fn may_head_prose(folded: &str) -> bool {
    const HEADS: &[&str] = &[
        "categories",
        "categorïau",
        "comments",
        "contents",
        "cynnwys",
        "cysylltiedig",
        "dolenni cysylltiedig",
        "efallai",
        "gweler hefyd",
        "gwybodaeth gysylltiedig",
        "poblogaidd",
        "popular",
        "pynciau",
        "related",
        "rhannu",
        "see also",
        "share your",
        "sign up for",
        "sign up to",
        "subscribe to",
        "sylwadau",
        "tags for",
        "topics",
        "tudalennau cysylltiedig",
    ];
    const OF_THE_SITE: &[&str] = &[
        "alerts",
        "article",
        "articles",
        "blog",
        "blogiau",
        "blogs",
        "bulletin",
        "bulletins",
        "digwyddiadau",
        "email",
        "emails",
        "erthyglau",
        "events",
        "feedback",
        "news",
        "newsletter",
        "newsletters",
        "newyddion",
        "page",
        "post",
        "posts",
        "stories",
        "story",
        "straeon",
        "updates",
    ];
    let words = || folded.split(|c: char| !c.is_alphanumeric());
    let heads = HEADS.iter().any(|head| folded.starts_with(head));
    heads
        && !matches!(folded.trim_end_matches(':'), "comments" | "categories" | "categorïau" | "rhannu" | "sylwadau")
        && !words().any(|word| OF_THE_SITE.contains(&word))
}

/// "Last updated 5 October 2026: the centre stays open", in bold.
fn says_what_was_updated(line: &Line<'_>) -> bool {
    line.folded().starts_with("last updated") && !dated::says_when(&line.text) && !dated::is_label(&line.text)
}

/// "Related documents", "Dogfennau cysylltiedig": the papers that belong to what the page tells.
fn names_own_papers(folded: &str) -> bool {
    const PAPERS: &[&str] = &["attachments", "documents", "downloads", "files", "papers", "reports"];
    let related = folded.trim_end_matches(':').strip_prefix("related ");
    related.is_some_and(|what| PAPERS.contains(&what)) || folded.trim_end_matches(':') == "dogfennau cysylltiedig"
}

/// Whether a heading's words, as they are compared, introduce links to something else.
pub(in crate::rules::extract) fn opens_ending(folded: &str) -> bool {
    let first = folded.as_bytes().first();
    if names_own_papers(folded) {
        return false;
    }
    let mut likely = ENDINGS.iter().chain(WELSH_ENDINGS).filter(|ending| ending.as_bytes().first() == first);
    likely.any(|ending| folded.strip_prefix(ending).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric)))
}
