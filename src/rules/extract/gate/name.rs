//! Names of elements as the gate needs them: compared fast and without case, and sorted by how they nest.

/// How an element nests.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Nesting {
    /// Void, or closed by the next of its kind, or ignored where it cannot stand: it never nests without a counted element
    /// between.
    Never,
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

/// What is between the tags of this element is text (HTML §13.2.5.2–5), or ends foreign content (§13.2.6.5).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Content {
    /// Characters up to the end tag.
    Raw,
    /// `svg` and `math`.
    Foreign,
    /// Cannot stand in foreign content.
    EndsForeign,
    /// Elements.
    Usual,
}

/// The longest name that is sorted.
const KNOWN_BYTES_MAX: usize = 10;

/// A name as a tag writes it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Name<'a> {
    written: &'a str,
    /// Its first eight bytes in lower case: tells nearly all names apart at once.
    opening: u64,
    pub(super) nesting: Nesting,
    pub(super) content: Content,
}

impl PartialEq for Name<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.opening == other.opening && self.written.eq_ignore_ascii_case(other.written)
    }
}

impl<'a> Name<'a> {
    pub(super) fn of(written: &'a str) -> Self {
        let mut lowered = [0_u8; KNOWN_BYTES_MAX];
        for (to, from) in lowered.iter_mut().zip(written.bytes()) {
            *to = from.to_ascii_lowercase();
        }
        let known = lowered.get(..written.len()).unwrap_or_default();
        let opening = lowered.first_chunk().map_or(0, |bytes| u64::from_le_bytes(*bytes));
        Self { written, opening, nesting: nesting(known), content: content(known) }
    }

    /// Whether it is this one, in lower case.
    pub(super) fn is(&self, name: &str) -> bool {
        self.written.eq_ignore_ascii_case(name)
    }

    /// Whether words on both sides of its tags run together.
    pub(super) fn is_inline(&self) -> bool {
        self.nesting == Nesting::Formatting || self.is("span")
    }

    /// Whether this, at the start of `text`, is the whole name of a tag there.
    pub(super) fn begins(&self, text: &str) -> bool {
        let name = text.get(..self.written.len());
        name.is_some_and(|name| name.eq_ignore_ascii_case(self.written))
            && text.as_bytes().get(self.written.len()).is_none_or(|b| b.is_ascii_whitespace() || matches!(b, b'/' | b'>'))
    }
}

fn nesting(lowered: &[u8]) -> Nesting {
    match lowered {
        b"area" | b"base" | b"basefont" | b"bgsound" | b"br" | b"col" | b"embed" | b"frame" | b"hr" | b"image" | b"img"
        | b"input" | b"keygen" | b"link" | b"meta" | b"param" | b"source" | b"track" | b"wbr" | b"a" | b"body" | b"button"
        | b"colgroup" | b"head" | b"html" | b"nobr" | b"p" | b"tbody" | b"td" | b"tfoot" | b"th" | b"thead" | b"tr" => {
            Nesting::Never
        }
        b"dd" | b"dt" | b"li" | b"option" => Nesting::Sibling,
        b"b" | b"big" | b"code" | b"em" | b"font" | b"i" | b"s" | b"small" | b"strike" | b"strong" | b"tt" | b"u" => {
            Nesting::Formatting
        }
        b"article" | b"center" | b"div" | b"form" | b"main" | b"section" | b"span" => Nesting::Wrapper,
        b"applet" | b"caption" | b"marquee" | b"math" | b"object" | b"svg" | b"table" | b"template" => Nesting::Boundary,
        _ => Nesting::Deep,
    }
}

fn content(lowered: &[u8]) -> Content {
    match lowered {
        b"script" | b"style" | b"textarea" | b"title" | b"xmp" | b"iframe" | b"noembed" | b"noframes" | b"noscript" => {
            Content::Raw
        }
        b"svg" | b"math" => Content::Foreign,
        b"body" | b"div" | b"dl" | b"h1" | b"h2" | b"h3" | b"h4" | b"h5" | b"h6" | b"head" | b"li" | b"ol" | b"p" | b"pre"
        | b"span" | b"table" | b"ul" => Content::EndsForeign,
        _ => Content::Usual,
    }
}
