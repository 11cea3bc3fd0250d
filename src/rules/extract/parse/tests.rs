//! Pages are parsed as html5ever alone parses them, but for what nobody reads and what no page can be.

use super::gate::{DEPTH_MAX, ELEMENTS_MAX, FORMATTING_MAX, REMADE_MAX};
use super::*;
use proptest::prelude::*;
use scraper::{Node, Selector};

fn parsed(markup: &str) -> Tree {
    parse(markup).unwrap()
}

/// Tags with their attributes, and words, in the tree's order; comments and unread text left out.
fn told(html: &Html) -> Vec<String> {
    let mut told: Vec<String> = Vec::new();
    let mut words = false;
    for edge in html.tree.root().traverse() {
        let (node, opens) = match edge {
            ego_tree::iter::Edge::Open(node) => (node, true),
            ego_tree::iter::Edge::Close(node) => (node, false),
        };
        match node.value() {
            Node::Element(element) if opens => {
                words = false;
                told.push(format!("{element:?}"));
            }
            Node::Element(element) => {
                words = false;
                told.push(format!("/{}", element.name()));
            }
            Node::Text(text) if opens => {
                let unread = |name: &str| matches!(name, "script" | "style");
                if node.parent().and_then(|p| p.value().as_element()).is_some_and(|e| unread(e.name())) {
                    continue;
                }
                match told.last_mut().filter(|_| words) {
                    Some(before) => before.push_str(text),
                    None => told.push(format!("\"{}", &**text)),
                }
                words = true;
            }
            Node::Text(_)
            | Node::Document
            | Node::Fragment
            | Node::Doctype(_)
            | Node::Comment(_)
            | Node::ProcessingInstruction(_) => {}
        }
    }
    told
}

/// html5ever's own tokenizer is the judge, but for white space: what stands before a comment in a table may come to stand
/// elsewhere, since comments are left out.
fn check(markup: &str) {
    assert_eq!(worded(&parsed(markup).html), worded(&Html::parse_document(markup)), "{markup:?}");
}

/// The tags, and the words between two of them.
fn worded(html: &Html) -> Vec<String> {
    let words = |told: String| told.split_whitespace().collect::<Vec<_>>().join(" ");
    told(html).into_iter().map(words).map(|told| told.replacen("\" ", "\"", 1)).filter(|told| told != "\"").collect()
}

#[test]
fn a_page_is_parsed_as_html5ever_parses_it() {
    for page in [
        "<!DOCTYPE html><html><body><!-- <div> --><script>if (a<b) '<div>'</script><ul><li>one<li>two</ul><p>x<p>y",
        "<p>x<table><tr><td>y", // without a doctype a table stays in its paragraph
        "<!DOCTYPE html PUBLIC \"-//W3C//DTD HTML 4.01//EN\" \"http://www.w3.org/TR/html4/strict.dtd\"><p>x<table><tr><td>y",
        "<!doctype html public '-//W3C//DTD HTML 3.2//EN'><p>x<table>y",
        "A &amp; B &ampx &notit; &#8211;&#x2013;&#0;&#128;&#xD800; &nosuch; &",
        "<a href='?a=1&amp;b=2&copy=3&copy;' TITLE=\"x\" title=y a b=c/>z</a>",
        "one\r\ntwo\rthree\n\r\n<pre>\r\n\r\nfour</pre><textarea>\n<b></textarea>",
        "<title>a &lt; <b> </title><svg><title><b>x</title><path/><![CDATA[ <p> ]]></svg><![CDATA[ y ]]>",
        "<svg><style><b>x</b></style><foreignObject><p>y<div>z</svg><math><mi>a</mi><annotation-xml encoding=text/html><p>",
        "<script>x<!--<script>y</script>--></script>z<style>a</styl></style><noscript><p>x</noscript><xmp><b></xmp>",
        "<template><tr><td>x</template><table>a<tr>b<td>c</table><select><option>x<option>y</select>",
        "<b><p>one</b><i>two</p></i><a href=x>y<a href=z>w</a>",
        "<p>caf\u{e9} \u{2013} <b\u{e9}>x</b\u{e9}><p \u{e9}=\u{e9}\u{e9}>",
        "<plaintext><b>x",
        "<p =\"x\"><p 'x'><p x=></p ><//p><?php x ?><!x><! --><!--->x-->y<!-- --!>z<",
        "",
    ] {
        check(page);
    }
}

// But for links that nobody ended, and these places are none.
proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_page_is_parsed_as_html5ever_parses_it(pieces in proptest::collection::vec(prop_oneof![
        Just("<p>"), Just("</p>"), Just("<b>"), Just("</b>"), Just("<i class=x>"), Just("</i>"), Just("<a id=x>"), Just("</a>"), Just("<table>"),
        Just("<tr><td>"), Just("</table>"), Just("<li>"), Just("<ul>"), Just("</ul>"), Just("<script>"), Just("</script>"), Just("<style>"),
        Just("</style>"), Just("<title>"), Just("</title>"), Just("<svg>"), Just("</svg>"), Just("<math>"), Just("<desc>"), Just("<![CDATA["), Just("]]>"),
        Just("<!--"), Just("-->"), Just("&amp"), Just(";"), Just("&#"), Just("123"), Just("x"), Just("&"), Just("<"), Just(">"), Just("="), Just("'"),
        Just("\""), Just("/"), Just("\r"), Just("\n"), Just(" "), Just("<select>"), Just("<option>"), Just("<textarea>"), Just("<template>"), Just("</template>"),
        Just("<frameset>"), Just("<body a=b>"), Just("<html a=c>"), Just("<!DOCTYPE html>"), Just("<head>"), Just("<br>"), Just("</br>"), Just("é"), Just("</"),
        Just("<DIV ID="), Just("<pre>"), Just("<h1>"), Just("</h2>"), Just("<form>"), Just("<button>"), Just("<object>"), Just("<noscript>"),
    ], 0..40)) {
        check(&pieces.concat());
    }
}

#[test]
fn scripts_and_styles_that_nobody_reads_are_left_out() {
    let words = |page: &str| parsed(page).html.root_element().text().collect::<String>();
    assert_eq!(words("a<script src=y>x()</script>b<STYLE>p{}</STYLE>c"), "abc");
    assert_eq!(words("a<script>x()"), "a");
    assert_eq!(words("<script type='application/ld+json'>{}</script>"), "{}");
    assert_eq!(words("<textarea><script>x()</script></textarea>"), "<script>x()</script>");
}

#[test]
fn a_link_that_nobody_ended_ends_with_its_line() {
    let links = |page: &str| {
        let (html, linked) = (parsed(page).html, Selector::parse("a[href]").unwrap());
        let links = html.select(&linked).map(|link| link.text().collect::<String>());
        links.map(|words| words.trim().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(links("<ul><li>3 May <a href=/1>one<li>2 May <a href=/2>two</ul>footer"), ["one", "two"]);
    assert_eq!(links("3 May <a href=/1>one<br>2 May <A HREF='/2'>two<br>1 May"), ["one", "two"]);
    assert_eq!(links("<h3><a href=/1>one</h3><p>about it</p><a name=2>two</a>"), ["one"]);
    // What is ended holds whatever its author put in it.
    assert_eq!(links("<a href=/1><h3>one</h3><p>about it</p></a><a href=/2>two<br>lines</a>"), ["oneabout it", "twolines"]);
    assert_eq!(links("<a href=/1><br>one<abbr>s</abbr></a>"), ["ones"]);
}

#[test]
fn too_deep_tags_are_left_out_and_their_text_stays() {
    let deep = "<div>".repeat(10_000) + "<p>the text</p>" + &"</div>".repeat(10_000);
    let Tree { html, warnings, .. } = parsed(&deep);
    assert_eq!(html.root_element().text().collect::<String>().trim(), "the text");
    assert_eq!(html.select(&Selector::parse("div").unwrap()).count(), DEPTH_MAX);
    assert!(warnings[0].contains("nest more than"), "{warnings:?}");
    for hidden in ["<b>", "<!--><b>", "<p =\"><b>", "<svg><style><b>", "<span></div><b>", "<object></span><b>"] {
        let page = hidden.repeat(500) + "<p>x";
        let html = parsed(&page).html;
        let within = |node: ego_tree::NodeRef<'_, Node>| {
            node.ancestors().filter(|above| above.value().as_element().is_some_and(|e| e.name() == "b")).count()
        };
        assert!(html.tree.nodes().map(within).max() <= Some(FORMATTING_MAX), "{hidden}");
    }
    let foreign = "<svg>".to_owned() + &"<a><g><title>".repeat(500);
    assert!(parsed(&foreign).html.tree.nodes().all(|node| node.ancestors().count() < 300));
}

#[test]
fn formatting_that_is_left_open_again_and_again_is_dropped_and_its_words_stay() {
    let times = REMADE_MAX * 3 / 4;
    let Tree { html, warnings, .. } = parsed(&"<b><p>one</b><i>two</p></i>".repeat(times));
    assert_eq!(html.root_element().text().filter(|words| words.contains("two")).count(), times);
    let bold = |html: &Html| html.select(&Selector::parse("b").unwrap()).count();
    assert!(bold(&html) < REMADE_MAX * 11 / 10 && html.tree.nodes().count() < 6 * times, "{}", html.tree.nodes().count());
    assert!(warnings[0].contains("formatting"), "{warnings:?}");
    let unclosed = "<p>".to_owned() + &"<b class=x>".repeat(40) + &"<p>x".repeat(times / 10);
    let made = bold(&parsed(&unclosed).html);
    assert!(made < 2 * REMADE_MAX, "{made}");
}

#[test]
fn what_no_page_can_be_is_refused() {
    assert!(parse(&"<p>".repeat(ELEMENTS_MAX + 1)).is_err());
}
