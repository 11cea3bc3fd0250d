//! Markup as people read it: lines, sections, and nothing that nobody sees.

use super::*;

fn document(markup: &str) -> Document<'static> {
    Document::parse(markup, &Url::parse("https://www.example.org/a/page.aspx").unwrap()).unwrap()
}

fn lines(markup: &str) -> Vec<String> {
    document(markup).lines().iter().map(|line| line.text.clone()).collect()
}

fn body(markup: &str) -> (String, String) {
    let document = document(markup);
    let (text, html) = document.body(&document.lines());
    (text.to_string(), html.to_string())
}

#[test]
fn a_paragraph_cell_or_item_is_a_line_however_it_is_wrapped() {
    assert_eq!(
        lines("<P>The Minutes of the\r\n  Policy&nbsp;&nbsp;Committee</P><p>&nbsp;</p><div>x<span>y</span></div>"),
        ["The Minutes of the Policy Committee", "xy"]
    );
    assert_eq!(
        lines("<ul><li>one<li>· two</ul><dl><dt>a<dd>b</dl><table><tr><td>181.<td>Title</table>"),
        ["one", "two", "a", "b", "181. Title"]
    );
    assert_eq!(
        lines("<ol type=a><li>That x<li>That y</ol><ol start=3><li>z</ol><ol type=a><li>a) q</ol>"),
        ["a) That x", "b) That y", "3. z", "a) q"]
    );
}

#[test]
fn what_nobody_sees_is_no_text() {
    let hidden = "<script>a</script><style>b</style><noscript>c</noscript><template><p>d</template><!-- e --><p hidden>f</p>\
        <p style='display: none'>g</p><span class=mgHide>h</span><input type=hidden value=i><svg><title>j</title></svg><p>seen";
    assert_eq!(lines(hidden), ["seen"]);
}

#[test]
fn words_that_are_only_read_out_are_no_text_whatever_a_design_system_calls_them() {
    for hidden in [
        "class=sr-only",
        "class=acme-u-visually-hidden",
        "class='x acme__visuallyhidden'",
        "style='position: absolute; left: -9999px'",
    ] {
        assert_eq!(lines(&format!("<p><a href=/a.pdf>Agenda<span {hidden}> of 4 May 2027</span></a>")), ["Agenda"], "{hidden}");
    }
    for shown in ["class=not-sr-only", "class=not-visually-hidden", "class=hidden-label", "style='left: 9px'"] {
        assert_eq!(lines(&format!("<p>Agenda<span {shown}> of May</span>")), ["Agenda of May"], "{shown}");
    }
}

#[test]
fn a_line_break_within_a_sentence_or_item_joins_and_elsewhere_parts() {
    assert_eq!(
        body("<ul><li>used in training and<br>attending where possible</li></ul>").0,
        "used in training and attending where possible"
    );
    assert_eq!(
        body("<p>Practitioner Forum update<br>Staff are finding it hard</p>").0,
        "Practitioner Forum update\nStaff are finding it hard"
    );
    assert_eq!(body("<p>It was resolved that:<br>a) x<br>b) y</p>").0, "It was resolved that:\na) x\nb) y");
}

#[test]
fn markup_is_cut_where_the_text_is() {
    let document = document(
        "<div><h2>Title</h2><div><p>One <a href='../b.pdf' onclick=x()>two</a></p>loose<br>words<ul><li>item</li></ul></div><p>after</p></div>",
    );
    let lines = document.lines();
    let (text, html) = document.body(&lines[1..5]);
    assert_eq!(text.as_str(), "One two\nloose words\nitem");
    let link = r#"<a href="https://www.example.org/b.pdf" rel="noopener noreferrer">two</a>"#;
    assert_eq!(html.as_str(), format!("<p>One {link}</p><p>loose<br>words</p><ul><li>item</li></ul>"));
}

#[test]
fn layout_tables_leave_no_trace_and_data_tables_stay() {
    assert_eq!(body("<table><tr><td><p>a</p><p>b</p></td></tr></table>").1, "<p>a</p><p>b</p>");
    let data = body("<div><table><tr><th>a<th>b<tr><td>1<td>2</table></div>").1;
    assert_eq!(data, "<table><tbody><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></tbody></table>");
}

#[test]
fn links_are_absolute_and_follow_the_base() {
    let page =
        document("<base href='/x/'><a href='b.pdf'>b</a> <a href='javascript:x'>j</a> <a href='mailto:a@example.org'>m</a>");
    let lines = page.lines();
    let urls: Vec<_> = lines[0].links.iter().map(|l| l.url.as_ref().map(Url::as_str)).collect();
    assert_eq!(urls, [Some("https://www.example.org/x/b.pdf"), None, None]);
}

#[test]
fn the_frame_of_a_page_is_told_from_its_content() {
    let page = document(
        "<header>Council</header><nav>Menu</nav><div class='page with-sidebar'><div id=footer-wrap class=nav><main><header><h1>Head</h1></header>\
         <p>Body</p><aside>Beside</aside></main></div></div><div class='site-footer'>Foot</div>",
    );
    let content: Vec<_> = page.lines().iter().filter(|l| !l.chrome).map(|l| l.text.clone()).collect();
    assert_eq!(content, ["Head", "Body"]);
}

#[test]
fn paragraphs_that_begin_with_a_bullet_are_a_list() {
    let (text, html) = body(
        "<p>It asked for:</p><p><span>·<span>&nbsp;&nbsp; </span></span>fewer <b>changes</b></p>\n<p>• more time</p><p>The end.</p>",
    );
    assert_eq!(text, "It asked for:\nfewer changes\nmore time\nThe end.");
    assert_eq!(html, "<p>It asked for:</p><ul><li>fewer <b>changes</b></li><li>more time</li></ul><p>The end.</p>");
}

#[test]
fn preformatted_words_keep_their_lines() {
    let (text, _) = body("<pre>Contact:\n01632 960123\n press@example.org\n</pre><p>After.</p>");
    assert_eq!(text, "Contact:\n01632 960123\npress@example.org\nAfter.");
}

#[test]
fn words_for_screen_readers_are_no_part_of_a_line() {
    assert_eq!(
        lines("<p><a href=/r>Monitoring visit<span class=\"nonvisual\">, pdf - 22 May 2026</span></a></p>"),
        ["Monitoring visit"]
    );
    assert_eq!(lines("<h1 class=visually-hidden>News</h1>"), ["News"]);
}

#[test]
fn a_line_that_one_reader_changes_is_the_same_for_the_next() {
    let document = document("<ol type=a><li>That <b>x</b> be <a href=y.pdf>noted</a></ol><p>Plan");
    let mut first = document.lines();
    assert_eq!((first[0].text.as_str(), first[0].outside()), ("a) That x be noted", "That x be"));
    assert_eq!((first[1].folded(), first[1].outside()), ("plan", "Plan"));
    first[1].text = "Other".to_owned();
    assert_eq!(first[1].folded(), "other");
    assert_eq!(document.lines()[1].folded(), "plan");
}

#[test]
fn a_line_break_parts_a_headline_only_for_the_eye() {
    assert_eq!(lines("<h1>Board chair<br>appointed</h1><p>One<br>two"), ["Board chair appointed", "One", "two"]);
    assert_eq!(lines("<h1>Board chair appointed<br></h1><p>One"), ["Board chair appointed", "One"]);
    let long = "A page that never closes its headline says much. ".repeat(4);
    assert_eq!(lines(&format!("<h1>{long}<br>One")).len(), 2);
}

#[test]
fn a_badge_that_goes_again_is_no_part_of_a_line() {
    assert_eq!(lines("<li><a href=/m>SEND Board</a> <span class=badge>New</span></li>"), ["SEND Board"]);
    assert_eq!(lines("<h2><a href=/m>SEND Board <em class=\"govuk-tag tag--new\">New!</em></a></h2>"), ["SEND Board"]);
    assert_eq!(lines("<p><span class=label>New</span> <span class=label>Homes</span></p>"), ["Homes"]);
    assert_eq!(lines("<p><span>New</span> homes <b class=badge>New Forest</b></p>"), ["New homes New Forest"]);
}

#[test]
fn what_is_shown_without_words_is_read_where_it_says_something() {
    let cell = |inner: &str| lines(&format!("<table><tr><td>Hire staff<td>{inner}</table>"))[1..].to_vec();
    assert_eq!(cell("<img src=r.png alt='Red'>"), ["Red"]);
    assert_eq!(cell("<img src=r.png alt='Nearly there'>"), ["Nearly there"]);
    assert_eq!(cell("<span class=sr-only>Nearly there</span><i class=amber></i>"), ["Nearly there"]);
    assert_eq!(cell("<img src=r.png alt='photo.jpg'>"), Vec::<String>::new());
    assert_eq!(cell("<a href=/a.pdf><img src=r.png alt='PDF'></a>"), Vec::<String>::new());
    assert_eq!(cell("In hand <img src=r.png alt='A clock'>"), ["In hand"]);
    assert_eq!(lines("<p>Status: <img src=r.png alt='RAG rating: red'>"), ["Status: RAG rating: red"]);
    assert_eq!(lines("<p>Status: <span class=visually-hidden>Amber</span><span class=rag></span>"), ["Status: Amber"]);
    assert_eq!(
        lines("<ul><li><input type=checkbox checked disabled> Hired<li><input type=checkbox disabled> Trained"),
        ["☑ Hired", "☐ Trained"]
    );
    assert_eq!(lines("<p><input type=checkbox checked> I agree"), ["I agree"]);
}

#[test]
fn figures_that_are_raised_are_written_so_and_letters_are_not() {
    assert_eq!(
        lines("<p>10<sup>2</sup> m, CO<sub>2</sub>, 20<sup>th</sup>, plan<sup><a href=#n>1, 2</a></sup>"),
        ["10² m, CO₂, 20th, plan¹, ²"]
    );
}

#[test]
fn words_that_are_struck_out_say_so_and_links_among_them_stay_whole() {
    assert_eq!(lines("<p>We need <del>40</del> <ins>45</ins> homes"), ["We need [struck out: 40] 45 homes"]);
    assert_eq!(
        lines("<p><s>The board <b>will</b> close</s><p><del> </del>It stays"),
        ["[struck out: The board will close]", "It stays"]
    );
    let page = document("<li><s><a href=/m>Cabinet</a></s> 4 May");
    let line = page.lines().remove(0);
    assert_eq!(
        (line.text.as_str(), line.outside(), line.links[0].text.as_str()),
        ("[struck out: Cabinet] 4 May", "4 May", "[struck out: Cabinet]")
    );
}

#[test]
fn asides_and_feet_with_words_of_the_text_are_content() {
    let content = |markup: &str| {
        let page = document(&format!("<main><article><h1>Plan</h1><p>One.</p>{markup}</article></main>"));
        page.lines().iter().filter(|line| !line.chrome).skip(2).map(|line| line.text.clone()).collect::<Vec<_>>()
    };
    assert_eq!(content("<aside class=callout><p>Moved to 9 December.</p></aside>"), ["Moved to 9 December."]);
    assert_eq!(content("<aside>Correction: it is on 9 December.</aside>"), ["Correction: it is on 9 December."]);
    assert_eq!(content("<footer><p>Report author: J Smith</p></footer>"), ["Report author: J Smith"]);
    let none = Vec::<String>::new();
    assert_eq!(content("<aside><h2>Related news</h2><ul><li><a href=/b>B</a></ul></aside>"), none);
    assert_eq!(content("<aside class=update><h3>Latest news</h3><p>Otters are back.</p></aside>"), none);
    assert_eq!(content("<footer>Tags: <a href=/t>Parks</a></footer>"), none);
    assert_eq!(content("<div class=ad-slot><p>Buy now, and save.</p></div>"), none);
}
