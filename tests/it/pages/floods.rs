//! Bad pages of any length: one thing repeated without measure, broken markup, files of another kind.
//!
//! The tests read them short and say what is kept of each; the benchmark reads them at ten megabytes, the most that is
//! fetched, and says what that costs.

/// A bad page and what it is.
pub struct Flood {
    /// What there is too much of.
    pub name: &'static str,
    /// The page.
    pub body: Vec<u8>,
}

/// Every kind, each of about `bytes` bytes.
pub fn all(bytes: usize) -> Vec<Flood> {
    chosen(bytes, |_| true)
}

/// The one of this name.
pub fn named(name: &str, bytes: usize) -> Option<Flood> {
    chosen(bytes, |known| known == name).pop()
}

fn chosen(bytes: usize, is_wanted: impl Fn(&str) -> bool) -> Vec<Flood> {
    let repeated = REPEATED.iter().filter(|(name, _)| is_wanted(name));
    let repeated = repeated.map(|(name, piece)| Flood { name, body: within("<h1>Board</h1>", piece, "<p>The end.</p>", bytes) });
    let counted = COUNTED.iter().filter(|(name, ..)| is_wanted(name)).map(|(name, before, piece, after)| {
        let mut body = (*before).to_owned();
        for number in 1.. {
            if body.len() >= bytes {
                break;
            }
            body += &piece.replace("{n}", &number.to_string()).replace("{day}", &day(number));
        }
        Flood { name, body: (body + after).into_bytes() }
    });
    let bytes_alone = BYTES.iter().filter(|(name, _)| is_wanted(name));
    let bytes_alone = bytes_alone.map(|(name, piece)| Flood { name, body: piece.repeat(bytes / piece.len()) });
    let mut floods: Vec<Flood> = repeated.chain(counted).chain(bytes_alone).collect();
    if is_wanted(CONTROLS) {
        floods.push(Flood { name: CONTROLS, body: (1..32).cycle().take(bytes).collect() });
    }
    floods
}

fn within(before: &str, piece: &str, after: &str, bytes: usize) -> Vec<u8> {
    let times = bytes / piece.len();
    [before, &piece.repeat(times), after].concat().into_bytes()
}

/// A day for a number, dd/mm/yyyy.
fn day(number: usize) -> String {
    format!("{:02}/{:02}/{}", 1 + number % 28, 1 + number / 28 % 12, 2000 + number / 336 % 30)
}

const CONTROLS: &str = "control characters";

/// Name and what repeats, with nothing around it.
const BYTES: &[(&str, &[u8])] = &[
    ("bytes of windows-1252", b"<p>Caf\xe9 \x96 \x93board\x94</p>\n"),
    ("zero bytes", &[0]),
    ("UTF-16 said to be UTF-8", b"<\0p\0>\0B\0o\0a\0r\0d\0"),
];

/// Name and what repeats.
const REPEATED: &[(&str, &str)] = &[
    ("ampersands", "&"),
    ("references without end", "&amp"),
    ("opening brackets", "<"),
    ("unclosed comments", "<!--"),
    ("unclosed quotes", "<a href=\""),
    ("unclosed tags", "<p><b><a href=/x>Board "),
    ("unclosed formatting", "<p><font size=1><i>Board"),
    ("mis-nested tags", "<b><p>one</b><i>two</p></i>"),
    ("words in tables", "<table><b>x</table>"),
    ("end tags", "</p></br></div>"),
    ("nested blocks", "<div>"),
    ("nested lists", "<ul><li>"),
    ("nested tables", "<table><tr><td>"),
    ("nested inline elements", "<span>"),
    ("nested links", "<a href=/x><object>"),
    ("nested drawings", "<svg><g>"),
    ("nested templates", "<template>"),
    ("nested choices", "<select><option>"),
    ("nested quotations", "<blockquote>"),
    ("nested fieldsets", "<fieldset><legend>"),
    ("line breaks", "<br>"),
    ("line breaks between words", "Board<br>"),
    ("paragraphs", "<p>x"),
    ("headings", "<h2>Board update</h2>"),
    ("rules", "<hr>"),
    ("pictures", "<img src=/x.png alt=\"Board\">"),
    ("bold words", "<b>Board</b> "),
    ("scripts", "<script>var a = '<p>';</script>"),
    ("duplicate attributes", "<p class=a class=b id=c id=d>x</p>"),
    ("one line of text", "The board met and agreed its plan "),
    ("words without a space", "board"),
    ("sentences with dates", "The board will meet on Tuesday 25 February 2020 at 10am. "),
    ("numbers", "25 02 2020 10 "),
    ("days and parts of days", "1/2/3/"),
    ("dots", "."),
    ("spaces", " "),
    ("capitals that grow when lowered", "İ"),
    ("dashes", "–"),
];

/// Name, what stands before, what repeats with a number and a day, what stands after.
const COUNTED: &[(&str, &str, &str, &str)] = &[
    (
        "a table of meetings",
        "<html><head><title>Meetings</title></head><body><main><h1>Meetings</h1><table><tr><th>Date</th><th>Meeting</th></tr>",
        "<tr class=\"row\"><td>{day}</td><td><a href=\"/meetings/{n}\">Improvement board meeting number {n}</a></td></tr>\n",
        "</table></main></body></html>",
    ),
    (
        "a list of news",
        "<html><head><title>News</title></head><body><main><h1>News</h1><ul>",
        "<li class=\"item\"><h2><a href=\"/news/{n}\">The board agrees plan number {n}</a></h2><p class=\"date\">{day}</p><p>What it means for residents.</p></li>\n",
        "</ul></main></body></html>",
    ),
    (
        "links",
        "<html><head><title>Links</title></head><body><main><h1>Links</h1>",
        "<a href=\"/a/{n}\">Link {n}</a> ",
        "</main></body></html>",
    ),
    (
        "meetings of an issue",
        "<h1>Issue - meetings</h1><h2>Improvement plan</h2>",
        "<h3>Meeting: {day} - Cabinet (Item {n})</h3><p>{n} Improvement plan</p><p>It was resolved that:</p><p>a) the report be noted;</p>\n",
        "",
    ),
    (
        "items of an agenda",
        "<h1>Agenda and minutes</h1><h2>Cabinet - Thursday, 15th December, 2022 2.30 pm</h2><table class=\"mgItemTable\">",
        "<tr><td class=\"mgItemNumberCell\"><p class=\"mgAiTitleTxt\">{n}.</p></td><td><p class=\"mgAiTitleTxt\">Plan {n}</p><p class=\"mgWordPara\">The report was \
         noted.</p><ul><li><a href=\"documents/s{n}/Report.pdf\">Report {n}</a> <span class=\"mgFileSize\">, item {n} PDF 468 KB</span></li></ul></td></tr>\n",
        "</table>",
    ),
    (
        "posts of a blog",
        "<h1>Improvement plan updates</h1><p>Displaying 1 to 9 of 9</p>",
        "<h3><a href=\"/blog/post-{n}.aspx\">Update number {n}</a></h3><p>Tuesday 11th February 2020</p><p>Blog: Improvement Plan</p><p>The plan goes on.</p>\n",
        "",
    ),
    ("attributes", "<p ", "a{n}=x ", ">Board</p>"),
    ("one attribute", "<p title=\"", "board {n} ", "\">Board</p>"),
    ("one address", "<p><a href=\"/", "a/{n}/", "\">Board</a></p>"),
    ("an element of its own each time", "<main>", "<x{n}>Board</x{n}>", "</main>"),
    ("classes", "<main><p class=\"", "c{n} ", "\">Board</p></main>"),
    (
        "entries of a feed",
        "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>News</title>",
        "<item><title>Plan {n}</title><link>https://www.example.org/news/{n}</link><guid>https://www.example.org/news/{n}</guid>\
         <pubDate>Tue, 25 Feb 2020 10:00:00 GMT</pubDate><description>&lt;p&gt;The plan &amp;amp; more&lt;/p&gt;</description></item>\n",
        "</channel></rss>",
    ),
    (
        "broken entries of a feed",
        "<rss version=\"2.0\"><channel><title>News & more</title>",
        "<item><title>Fish & chips &nbsp; &bogus; {n} < 5</title><link>/news/{n}</link><pubDate>31st of Octember</pubDate><description>&lt;p&gt;&eacute;&#0;&#xD800;</description></item>\n",
        "",
    ),
    (
        "entries of a JSON feed",
        "{\"version\": \"https://jsonfeed.org/version/1.1\", \"title\": \"News\", \"items\": [{\"id\": \"0\"}",
        ", {\"id\": \"{n}\", \"url\": \"https://www.example.org/{n}\", \"title\": \"Plan {n}\", \"content_html\": \"<p>x</p>\", \"date_published\": \"2020-02-25\"}",
        "]}",
    ),
    (
        "entities that expand",
        "<?xml version=\"1.0\"?><!DOCTYPE rss [<!ENTITY e0 \"board\">",
        "<!ENTITY e{n} \"&e0;&e0;&e0;&e0;\">",
        "]><rss version=\"2.0\"><channel><title>&e9;&e99;</title><item><title>&e9;</title></item></channel></rss>",
    ),
    (
        "XML that is no feed",
        "<?xml version=\"1.0\"?><meetings>",
        "<meeting><id>{n}</id><date>{day}</date></meeting>",
        "</meetings>",
    ),
    ("elements of a feed that nest", "<rss version=\"2.0\"><channel>", "<a{n}>", ""),
];
