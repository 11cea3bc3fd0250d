//! Feeds as councils publish them, broken ones included.

use super::*;
use proptest::prelude::*;

fn read_at(body: &str) -> Extraction {
    read(body, &Url::parse("https://www.anytown.example/news/feed").unwrap(), 200, &Trail::default())
}

fn rss(items: &str) -> String {
    format!("<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>News</title>{items}</channel></rss>")
}

fn titles(extraction: &Extraction) -> Vec<&str> {
    extraction.items.iter().map(|item| item.title.as_str()).collect()
}

#[test]
fn titles_lose_their_encodings_and_tags_but_no_words() {
    let check = |raw: &str, expect: &str| {
        let extraction = read_at(&rss(&format!("<item><title>{raw}</title><guid>1</guid></item>")));
        assert_eq!(titles(&extraction), [expect], "{raw}");
    };
    check("Children&#39;s plan", "Children's plan");
    check("Children&amp;#39;s &amp;amp; adults", "Children's & adults");
    check("<![CDATA[Children&rsquo;s <em>plan</em>]]>", "Children’s plan");
    check("R&D", "R&D");
    check("AT&T &nosuch; &pound;5", "AT&T &nosuch; £5");
    check("Budget < 5 & rising", "Budget < 5 & rising");
    check("Line one\n  line two &#11;&#0;", "Line one line two");
    check("a]]&gt;b &lt;script&gt;", "a]]>b <script>");
}

#[test]
fn an_entry_is_known_by_its_id_then_its_link_then_its_title() {
    let keys = |items: &str| read_at(&rss(items)).items.into_iter().map(|item| item.key).collect::<Vec<_>>();
    assert_eq!(keys("<item><title>a</title><guid>abc-1</guid><link>https://x.example/1</link></item>"), ["abc-1"]);
    assert_eq!(keys("<item><title>a</title><guid>http://www.X.example/?p=1&amp;utm_source=q</guid></item>"), ["x.example?p=1"]);
    assert_eq!(keys("<item><title>a</title><link>https://x.example/1</link></item>"), ["x.example/1"]);
    let shared = "<item><guid>feed</guid><title>a</title><link>https://x.example/1</link></item>\
                  <item><guid>feed</guid><title>b</title><link>https://x.example/2</link></item>";
    assert_eq!(keys(shared), ["x.example/1", "x.example/2"]);
    let by_title = "<item><title>a</title></item><item><title>b</title></item>";
    assert_eq!((keys(by_title).len(), keys(by_title)), (2, keys(by_title)));
    assert!(keys("<item><description>only words</description></item>").is_empty());
}

#[test]
fn a_feed_names_the_page_that_people_read() {
    let check = |feed: &str, expect: Option<&str>| {
        let home = read_at(feed).listing.home_url;
        assert_eq!(home.as_ref().map(Url::as_str), expect, "{feed}");
    };
    let item = "<item><title>a</title><guid>1</guid></item>";
    check(&rss(&format!("<link>/news</link>{item}")), Some("https://www.anytown.example/news"));
    let own =
        "<atom:link xmlns:atom=\"http://www.w3.org/2005/Atom\" rel=\"self\" href=\"https://www.anytown.example/feed.xml\"/>";
    check(
        &rss(&format!("{own}<link>https://www.anytown.example/news?a=1&amp;b=2</link>{item}")),
        Some("https://www.anytown.example/news?a=1&b=2"),
    );
    check(&rss(&format!("{own}{item}")), None);
    check(&rss(&format!("<link>https://www.anytown.example/news/feed</link>{item}")), None);
    check(&rss(&format!("<link>javascript:alert(1)</link>{item}")), None);
    let atom = |links: &str| {
        format!(
            "<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>News</title><id>x</id>{links}<entry><id>1</id><title>a</title></entry></feed>"
        )
    };
    check(
        &atom("<link rel=\"self\" href=\"/a.atom\"/><link rel=\"alternate\" type=\"text/html\" href=\"/news\"/>"),
        Some("https://www.anytown.example/news"),
    );
    check(&atom("<link rel=\"alternate\" type=\"application/rss+xml\" href=\"/news.rss\"/>"), None);
    let json = |home: &str| {
        format!(
            "{{\"version\": \"https://jsonfeed.org/version/1.1\", \"title\": \"News\", {home} \"feed_url\": \"/f.json\", \"items\": [{{\"id\": \"1\", \"title\": \"a\"}}]}}"
        )
    };
    check(&json("\"home_page_url\": \"https://www.anytown.example/news\","), Some("https://www.anytown.example/news"));
    check(&json("\"home_page_url\": 5,"), None);
    check(&json(""), None);
}

#[test]
fn what_is_no_feed_is_said_to_be_what_it_is() {
    let check = |body: &str, outcome: Outcome, words: &str| {
        let extraction = read_at(body);
        assert_eq!(extraction.outcome, outcome, "{body}");
        assert!(extraction.warnings.iter().any(|w| w.contains(words)), "{words}: {:?}", extraction.warnings);
    };
    check(
        "<?xml version='1.0'?><ArrayOfMeeting><meeting/></ArrayOfMeeting>",
        Outcome::Unrecognised,
        "\"ArrayOfMeeting\", not a feed",
    );
    check(
        "<!DOCTYPE html><html><head><link rel=alternate type='application/rss+xml' href='/feed.xml'><title>News</title></head><body><h1>News</h1><p>Words</p></body></html>",
        Outcome::Unrecognised,
        "an HTML page where a feed was expected; it offers the feed https://www.anytown.example/feed.xml",
    );
    check("<html><title>Just a moment...</title></html>", Outcome::Blocked, "Just a moment");
    check("<h1>Page not found</h1>", Outcome::ErrorPage, "Page not found");
    check("{\"a\": 1}", Outcome::Unrecognised, "JSON that is not a JSON Feed");
    check("{", Outcome::Unrecognised, "JSON that is not a JSON Feed");
    check("", Outcome::Unrecognised, "the answer is empty");
    check("plain words", Outcome::Unrecognised, "an HTML page where");
    check("<rss version=\"2.0\"></rss>", Outcome::Unrecognised, "a broken feed");
    check("<rss version=\"2.0\"><channel><title>x", Outcome::Unrecognised, "a broken feed");
    check(&rss(""), Outcome::Empty, "no entries");
    check("{\"version\":\"https://jsonfeed.org/version/1\",\"items\":[]}", Outcome::Empty, "no entries");
}

#[test]
fn words_before_the_declaration_and_a_missing_end_do_not_matter() {
    let item = |n: u32| format!("<item><title>t{n}</title><guid>{n}</guid></item>");
    assert_eq!(titles(&read_at(&format!("\n\nWarning: mysql\n{}", rss(&item(1))))), ["t1"]);
    let cut = rss(&(item(1) + &item(2) + "<item><title>t3"));
    let extraction = read_at(cut.trim_end_matches("</channel></rss>"));
    assert_eq!(titles(&extraction), ["t1", "t2"]);
    assert!(extraction.warnings.first().is_some_and(|w| w.starts_with("the feed is broken after its last whole item")));
}

#[test]
fn a_feed_that_breaks_off_anywhere_says_so() {
    let item = |n: u32| {
        format!("<item><title>t{n}</title><guid>{n}</guid><description><![CDATA[<p>Words of {n}.</p>]]></description></item>")
    };
    let whole = rss(&(1..=4).map(item).collect::<String>());
    assert_eq!(read_at(&whole).listing.breaks_off, None);
    assert_eq!(read_at(whole.trim_end_matches("</rss>")).listing.breaks_off, None, "nothing is missing but the last tag");
    assert_eq!(read_at(&format!("{whole}\n<!-- made in 3 ms -->")).listing.breaks_off, None);
    for at in whole.find("</item>").unwrap() + 7..whole.rfind("</channel>").unwrap() {
        let extraction = read_at(&whole[..at]);
        assert!(extraction.listing.breaks_off.is_some(), "{}", &whole[..at]);
        assert!(extraction.outcome == Outcome::Items && !extraction.warnings.is_empty(), "{}", &whole[..at]);
    }
}

#[test]
fn entities_are_neither_expanded_nor_fetched() {
    let bomb = "<!DOCTYPE rss [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;\">]>\
                <rss version=\"2.0\"><channel><item><title>&c;</title><guid>1</guid></item></channel></rss>";
    assert_eq!(titles(&read_at(bomb)), ["&c;"]);
    let outside = "<!DOCTYPE rss [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><rss version=\"2.0\"><channel><item><title>a &x; b</title><guid>1</guid></item></channel></rss>";
    assert_eq!(titles(&read_at(outside)), ["a &x; b"]);
}

#[test]
fn large_and_deep_feeds_are_read() {
    let many = (0..5_000).fold(String::new(), |all, n| {
        all + &format!("<item><title>t{n}</title><guid>{n}</guid><description>&lt;p&gt;x&lt;/p&gt;</description></item>")
    });
    assert_eq!(read_at(&rss(&many)).items.len(), 5_000);
    for deep in
        ["<a>", "<![CDATA[", "<!--", "&amp;", "<!DOCTYPE [", "<?", "<media:group xmlns:media='http://search.yahoo.com/mrss/'>"]
    {
        let _ = read_at(&rss(&format!("<item><title>t</title><description>{}</description></item>", deep.repeat(20_000))));
        let _ = read_at(&deep.repeat(20_000));
    }
    let _ = read_at(&format!("{{\"version\":\"https://jsonfeed.org/version/1\",\"items\":{}", "[".repeat(100_000)));
    let xhtml = format!(
        "<feed xmlns=\"http://www.w3.org/2005/Atom\"><entry><id>1</id><content type=\"xhtml\">{}</content></entry></feed>",
        "<div>".repeat(20_000)
    );
    let _ = read_at(&xhtml);
}

proptest! {
    #[test]
    fn any_text_gives_an_answer(text in "\\PC{0,300}") {
        let _ = read_at(&text);
        let _ = read_at(&rss(&text));
        let _ = read_at(&rss(&format!("<item><title>{text}</title><pubDate>{text}</pubDate><link>{text}</link></item>")));
        let _ = read_at(&format!("{{\"version\":\"https://jsonfeed.org/version/1\",\"items\":[{text}]}}"));
        prop_assert!(moment::parse(&text).is_none_or(|m| m.timestamp() != i64::MAX));
    }
}
