//! The sanitiser is the judge of what the builder makes.

use super::*;
use proptest::prelude::*;

fn base() -> Url {
    Url::parse("https://www.example.org/a/b.aspx").unwrap()
}

/// One step of building.
#[derive(Clone, Debug)]
enum Step {
    Open(&'static str, &'static str),
    Close,
    Words(&'static str),
    Break,
}

fn built(steps: &[Step]) -> (SafeHtml, bool) {
    let base = base();
    let mut builder = Builder::new(Some(&base));
    for step in steps {
        match step {
            Step::Open(element, value) => {
                builder.open(element, |_| Some(value));
            }
            Step::Close => builder.close(),
            Step::Words(words) => builder.words(words),
            Step::Break => builder.line_break(),
        }
    }
    let settled = builder.settled;
    (builder.finish(), settled)
}

fn any_step() -> impl Strategy<Value = Step> {
    const REFUSED: &[&str] = &["script", "img", "div", "svg", "math", "style"];
    const VALUES: &[&str] = &[
        "x",
        "/x?a=1&b=2",
        "javascript:alert(1)",
        "https://example.org/ \u{a0}\"<>",
        "mailto:a@example.org",
        "//[",
        "\u{202e}",
        "1",
    ];
    const WORDS: &[&str] =
        &["board", " ", "\n", "\r\n", "a\u{a0}", "<script>", "&amp;", "\u{0}\u{1}\u{202e}\u{feff}x", "é", "\"", "]]>", "-->"];
    prop_oneof![
        4 => (prop::sample::select(ELEMENTS), prop::sample::select(VALUES)).prop_map(|(element, value)| Step::Open(element, value)),
        1 => (prop::sample::select(REFUSED)).prop_map(|element| Step::Open(element, "x")),
        3 => Just(Step::Close),
        3 => prop::sample::select(WORDS).prop_map(Step::Words),
        1 => Just(Step::Break),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn the_sanitiser_gives_back_whatever_was_built(steps in prop::collection::vec(any_step(), 0..24)) {
        let (html, settled) = built(&steps);
        prop_assert_eq!(&SafeHtml::sanitise(html.as_str(), Some(&base())), &html, "settled: {}", settled);
        prop_assert_eq!(&SafeHtml::sanitise(html.as_str(), None), &html);
    }
}

#[test]
fn ordinary_markup_needs_no_sanitiser() {
    use Step::{Break, Close, Open, Words};
    let check = |steps: &[Step], expect: &str| assert_eq!(built(steps), (SafeHtml::built(expect.to_owned()), true));
    check(
        &[Open("p", ""), Words("See "), Open("a", "c.pdf"), Words("the\u{a0}plan "), Close, Break, Words("R&D "), Close],
        "<p>See <a href=\"https://www.example.org/a/c.pdf\" rel=\"noopener noreferrer\">the&nbsp;plan</a><br>R&amp;D</p>",
    );
    check(
        &[Open("table", ""), Open("tbody", ""), Open("tr", ""), Open("td", "2"), Open("ul", ""), Open("li", ""), Words("one")],
        "<table><tbody><tr><td colspan=\"2\" rowspan=\"2\"><ul><li>one</li></ul></td></tr></tbody></table>",
    );
    check(&[Open("a", "javascript:x"), Words("no"), Close, Open("script", ""), Words("<b>")], "no&lt;b&gt;");
}

#[test]
fn what_a_parser_would_rearrange_goes_through_the_sanitiser() {
    use Step::{Open, Words};
    let check = |steps: &[Step], expect: &str| {
        let (html, settled) = built(steps);
        assert_eq!((html.as_str(), settled), (expect, false));
    };
    check(&[Open("p", ""), Words("a"), Open("p", ""), Words("b")], "<p>a</p><p>b</p><p></p>");
    check(
        &[Open("table", ""), Words("a"), Open("tbody", ""), Open("tr", ""), Words("b")],
        "ab<table><tbody><tr></tr></tbody></table>",
    );
    check(&[Open("h2", ""), Words("a"), Open("h3", ""), Words("b")], "<h2>a</h2><h3>b</h3>");
}
