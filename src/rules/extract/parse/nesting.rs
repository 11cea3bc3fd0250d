//! Elements sorted by how they nest.

use html5ever::{LocalName, local_name};

/// How an element nests.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Nesting {
    /// Void, or holds nothing but text, or ignored where it cannot stand: it opens nothing.
    Nothing,
    /// Closed by the next of its kind: it never nests without a counted element between.
    Once,
    /// `li`, `dd`, …: closed by the next of its kind, unless one of the others stands between.
    Sibling,
    /// `b`, `font`, …: while it is open, the parser makes it anew in each following block.
    Formatting,
    /// Only wraps; lists, tables and headings mean something and may go deeper.
    Wrapper,
    /// An end tag does not reach beyond it (HTML §13.2.4.2, "has an element in scope").
    Boundary,
    /// Everything else.
    Deep,
}

impl Nesting {
    /// `foreign`: in a drawing or a formula, where most elements have none of HTML's meanings.
    pub(super) fn of(name: &LocalName, foreign: bool) -> Self {
        match *name {
            local_name!("math") | local_name!("svg") => Self::Boundary,
            _ if foreign && !ends_foreign(name) => Self::Deep,
            local_name!("area")
            | local_name!("base")
            | local_name!("basefont")
            | local_name!("bgsound")
            | local_name!("br")
            | local_name!("col")
            | local_name!("embed")
            | local_name!("frame")
            | local_name!("hr")
            | local_name!("iframe")
            | local_name!("image")
            | local_name!("img")
            | local_name!("input")
            | local_name!("keygen")
            | local_name!("link")
            | local_name!("meta")
            | local_name!("noembed")
            | local_name!("noframes")
            | local_name!("noscript")
            | local_name!("param")
            | local_name!("script")
            | local_name!("source")
            | local_name!("style")
            | local_name!("textarea")
            | local_name!("title")
            | local_name!("track")
            | local_name!("wbr")
            | local_name!("xmp") => Self::Nothing,
            local_name!("a")
            | local_name!("body")
            | local_name!("button")
            | local_name!("colgroup")
            | local_name!("head")
            | local_name!("html")
            | local_name!("nobr")
            | local_name!("p")
            | local_name!("tbody")
            | local_name!("td")
            | local_name!("tfoot")
            | local_name!("th")
            | local_name!("thead")
            | local_name!("tr") => Self::Once,
            local_name!("dd") | local_name!("dt") | local_name!("li") | local_name!("option") => Self::Sibling,
            local_name!("b")
            | local_name!("big")
            | local_name!("code")
            | local_name!("em")
            | local_name!("font")
            | local_name!("i")
            | local_name!("s")
            | local_name!("small")
            | local_name!("strike")
            | local_name!("strong")
            | local_name!("tt")
            | local_name!("u") => Self::Formatting,
            local_name!("article")
            | local_name!("center")
            | local_name!("div")
            | local_name!("form")
            | local_name!("main")
            | local_name!("section")
            | local_name!("span") => Self::Wrapper,
            local_name!("applet")
            | local_name!("caption")
            | local_name!("marquee")
            | local_name!("object")
            | local_name!("table")
            | local_name!("template") => Self::Boundary,
            _ => Self::Deep,
        }
    }
}

/// Whether its start tag closes a drawing or formula (HTML §13.2.6.5).
fn ends_foreign(name: &LocalName) -> bool {
    matches!(
        *name,
        local_name!("b")
            | local_name!("big")
            | local_name!("blockquote")
            | local_name!("body")
            | local_name!("br")
            | local_name!("center")
            | local_name!("code")
            | local_name!("dd")
            | local_name!("div")
            | local_name!("dl")
            | local_name!("dt")
            | local_name!("em")
            | local_name!("embed")
            | local_name!("font")
            | local_name!("h1")
            | local_name!("h2")
            | local_name!("h3")
            | local_name!("h4")
            | local_name!("h5")
            | local_name!("h6")
            | local_name!("head")
            | local_name!("hr")
            | local_name!("i")
            | local_name!("img")
            | local_name!("li")
            | local_name!("listing")
            | local_name!("menu")
            | local_name!("meta")
            | local_name!("nobr")
            | local_name!("ol")
            | local_name!("p")
            | local_name!("pre")
            | local_name!("ruby")
            | local_name!("s")
            | local_name!("small")
            | local_name!("span")
            | local_name!("strike")
            | local_name!("strong")
            | local_name!("sub")
            | local_name!("sup")
            | local_name!("table")
            | local_name!("tt")
            | local_name!("u")
            | local_name!("ul")
            | local_name!("var")
    )
}

/// Whether words on both sides of its tags run together.
pub(super) fn is_inline(name: &LocalName) -> bool {
    *name == local_name!("span") || Nesting::of(name, false) == Nesting::Formatting
}
