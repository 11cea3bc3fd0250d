//! Where what a text says ends: papers at its end are part of it, whatever follows; a decision ends with the row that names it.

use super::*;

fn article(content: &str) -> Item {
    let mut reading = found(&format!("<main><h1>Board meets in March</h1>{content}</main>"));
    assert_eq!(reading.items.len(), 1, "{content}");
    reading.items.remove(0)
}

const TOLD: &str = "<p>The board heard that forty actions of the plan are complete, and thanked its director.</p>";

#[test]
fn papers_at_the_end_of_a_text_are_part_of_it_whatever_follows_them() {
    let paper = |n: u32| format!("<a href=/files/report-{n}.pdf>Report {n} (PDF, 9{n} KB)</a>");
    for papers in [
        format!("<h2>Documents</h2><ul><li>{}</li><li>{}</li></ul>", paper(1), paper(2)),
        format!("<h2>Supporting documents</h2><p>{}</p><p>{}</p>", paper(1), paper(2)),
        format!("<h3>Downloads</h3><div class=download>{}</div><div class=download>{}</div>", paper(1), paper(2)),
        format!("<div class=file>{}</div><div class=file>{}</div>", paper(1), paper(2)),
        format!("<ul class=files><li>{}</li><li>{}</li></ul>", paper(1), paper(2)),
    ] {
        let bare = article(&format!("{TOLD}{papers}"));
        let text = bare.text.as_ref().unwrap().as_str();
        assert!(text.contains("Report 1") && text.contains("Report 2"), "{papers}: {text}");
        assert_eq!(bare.documents.len(), 2, "{papers}");
        for below in [
            "<p><a href=/print>Print this page</a></p>",
            "<p>Print this page</p>",
            "<button>Print this page</button>",
            "<p>Last updated: 3 March 2027</p>",
            "<div class=share><a href=https://x.com/share>Share</a></div>",
            "<p><a href=/news>Back to news</a></p>",
        ] {
            let page = article(&format!("{TOLD}{papers}{below}"));
            assert_eq!((page.text.as_ref().unwrap().as_str(), &page.documents), (text, &bare.documents), "{papers}{below}");
        }
    }
}

#[test]
fn what_stands_beside_a_term_is_decided_and_not_what_follows_the_list() {
    const REST: &str =
        "<p>The board thanked all who had written to it in the spring.</p><p>It meets again in May, in the town hall.</p>";
    for record in [
        "<dl><dt>Decision maker</dt><dd>The Board</dd><dt>Decision</dt><dd>That the plan be agreed.</dd></dl>",
        "<dl><dt>Decision</dt><dd>That the plan be agreed.</dd><dt>Lead officer</dt><dd>Ann Hale</dd></dl>",
        "<dl><div><dt>Decision:</dt><dd><p>That the plan be agreed.</p></dd></div><div><dt>Ward</dt><dd>All</dd></div></dl>",
        "<table><tr><th>Decision</th><td>That the plan be agreed.</td></tr><tr><th>Ward</th><td>All</td></tr></table>",
    ] {
        let decided: Vec<String> =
            article(&format!("{TOLD}{record}{REST}")).decisions.iter().map(|decision| decision.text.to_string()).collect();
        assert_eq!(decided, ["That the plan be agreed."], "{record}");
    }
    let clauses =
        "<dl><dt>Decision</dt><dd><ul><li>That the plan be agreed.</li><li>That it be looked at in May.</li></ul></dd></dl>";
    assert_eq!(article(&format!("{TOLD}{clauses}{REST}")).decisions.len(), 2);
    let headed = "<h2>Decision</h2><p>That the plan be agreed.</p><p>That it be looked at in May.</p>";
    assert_eq!(article(&format!("{TOLD}{headed}")).decisions.len(), 2);
}

#[test]
fn what_is_sponsored_and_tools_with_tokens_are_no_part_of_a_text() {
    let more = "<h3>What comes next</h3><p>The board meets again in May, in the town hall of Anytown.</p>";
    let plain = article(&format!("{TOLD}{more}"));
    for noise in [
        "<h3>Sponsored</h3><p><a href=https://shop.example.com/offer?c=81>Save on boilers this winter</a></p>",
        "<h3>Sponsored</h3><ul><li><a href=https://shop.example.com/1>Boilers</a></li><li><a href=https://shop.example.com/2>Sofas</a></li></ul>",
        "<h3>Advertisement</h3><div><a href=https://shop.example.com/offer>Save on boilers</a></div>",
        "<p><a href=\"/share?token=8f7e6d\">Share this page</a></p>",
        "<p>Share this page</p>",
    ] {
        for content in [format!("{TOLD}{noise}{more}"), format!("{TOLD}{more}{noise}")] {
            assert_eq!(article(&content).text, plain.text, "{content}");
        }
    }
    let walk = "<h3>Sponsored walk</h3><p>Two hundred people walked from the town hall to the sea.</p>";
    assert!(article(&format!("{TOLD}{walk}")).text.unwrap().as_str().contains("to the sea"));
}

#[test]
fn that_an_event_is_cancelled_is_how_it_stands_and_no_part_of_its_name() {
    let card = |title: &str, n: u32| {
        format!("<li><h2><a href=/events/{n}>{title}</a></h2><p>{n} March 2027, 6pm</p><p>Town Hall</p></li>")
    };
    let page = format!(
        "<html><head><title>Events</title></head><body><main><h1>Events</h1><ul>{}{}{}</ul></main></body></html>",
        card("Youth forum - CANCELLED", 3),
        card("Canceled: Carers' drop-in", 9),
        card("Board in public", 12)
    );
    let url = Url::parse("https://www.anytown.example/events").unwrap();
    let page = crate::rules::extract::Page { url: &url, status: 200, content_type: None, body: page.as_bytes() };
    let extraction = crate::rules::extract::extract(&page, crate::domain::source::Platform::Auto, &Select::default());
    let told: Vec<_> = extraction.items.iter().map(|item| (item.title.as_str(), item.stage)).collect();
    let off = Some(crate::domain::item::Stage::Cancelled);
    assert_eq!(told, [("Youth forum", off), ("Carers' drop-in", off), ("Board in public", None)]);
}

#[test]
fn a_day_with_its_weekday_and_a_whole_hour_is_when_something_begins_and_not_when_it_was_posted() {
    let says = |line: &str| {
        let item = found(&format!("<main><h1>Carers' week in Anytown</h1><p>{line}</p>{TOLD}</main>")).items.remove(0);
        let met =
            item.meeting.as_ref().and_then(|meeting| Some((meeting.date?.to_string(), meeting.start.map(|at| at.to_string()))));
        (met, item.published.map(|day| day.to_string()))
    };
    let met = Some(("2026-12-10".to_owned(), Some("18:00:00".to_owned())));
    for line in ["Thursday 10 December 2026, 6pm", "Thursday 10 December 2026 at 6 p.m.", "Thursday, 10th December 2026 - 6 pm"] {
        assert_eq!(says(line), (met.clone(), None), "{line}");
    }
    let posted = Some("2026-12-10".to_owned());
    for line in [
        "Thursday 10 December 2026, 6:04pm",
        "10 December 2026, 6pm",
        "Posted Thursday 10 December 2026, 6pm",
        "Thursday 10 December 2026",
    ] {
        assert_eq!(says(line), (None, posted.clone()), "{line}");
    }
}

fn text(content: &str) -> String {
    article(content).text.map(|text| text.to_string()).unwrap_or_default()
}

#[test]
fn the_ways_to_edit_a_wikis_parts_and_what_it_files_its_page_under_are_no_text() {
    const SPAN: &str =
        "<span class=ed><span>[</span><a href=/e>edit</a><span> | </span><a href=/s>edit source</a><span>]</span></span>";
    let headed = |heading: &str| format!("{TOLD}{heading}<p>Nine in ten referrals are decided within a day.</p>");
    let plain = text(&headed("<h2>Front door</h2>"));
    for heading in [
        format!("<h2><span>Front door</span>{SPAN}</h2>"),
        format!("<div><h2>Front door</h2>{SPAN}</div>"),
        "<h2>Front door <a href=/e>Edit this section</a></h2>".to_owned(),
    ] {
        assert_eq!(text(&headed(&heading)), plain, "{heading}");
    }
    assert!(text(&headed("<h2>Front door <a href=/e>Edit your details</a></h2>")).contains("Edit your details"));
    let filed =
        "<div><a href=/c>Categories</a>: <ul><li><a href=/c/b>Bulletins</a></li><li><a href=/c/c>Children</a></li></ul></div>";
    assert_eq!(text(&format!("{}{filed}", headed("<h2>Front door</h2>"))), plain);
}

#[test]
fn who_wrote_an_article_and_when_is_no_text_below_its_standfirst() {
    let meta = "<h4><a href=/author/ines>Ines Corrigan</a></h4><div><time datetime=2026-11-20>20 Nov 2026</time><span>— 2 min read</span></div>";
    let page = |meta: &str| article(&format!("<p>Parents and carers came to talk to the board.</p>{meta}{TOLD}"));
    let (with, without) = (page(meta), page("<p>20 Nov 2026</p>"));
    assert_eq!(with.text, without.text);
    assert_eq!(with.published, without.published);
    let names = "<h4><a href=/author/ines>Ines Corrigan</a></h4><p>She leads the board.</p>";
    assert!(page(names).text.is_some_and(|text| text.as_str().contains("Ines Corrigan")));
}

#[test]
fn a_line_parted_by_bullets_says_when_it_was_released() {
    let line = "News release &bull; Ref: 114/26 &bull; Released Thursday, November 19th, 2026 at 4:15pm";
    let item = article(&format!("<p class=meta>{line}</p>{TOLD}<p>It reports at Easter on 4 January 2027.</p>"));
    assert_eq!(item.published.map(|day| day.to_string()).as_deref(), Some("2026-11-19"));
}

#[test]
fn an_arrow_alone_leads_to_the_next_page() {
    let entry = |path: &str| {
        format!("<article><h2><a href={path}>A story of some length {path}</a></h2><p>3 November 2026</p></article>")
    };
    let list = format!("<h1>News</h1>{}{}", entry("/a"), entry("/b"));
    let next = |words: &str| {
        found(&format!("{list}<p class=pagination><a class=next href='/news?start=4'>{words}</a></p>")).listing.next_url
    };
    assert_eq!(next("&rarr;").map(|url| url.to_string()).as_deref(), Some("https://www.anytown.example/news?start=4"));
    assert_eq!(next("&rarr; Why we do this"), None);
}

#[test]
fn what_a_component_shows_of_itself_is_read() {
    let card = |path: &str, title: &str, day: &str| {
        format!(
            "<news-card href={path}><template shadowrootmode=open><style>p{{}}</style><article><h3><a href={path}>{title}</a></h3>\
             <p>{day}</p></article></template></news-card><template><h3><a href=/t>Never shown</a></h3></template>"
        )
    };
    let cards = card("/n/a", "Market square to reopen", "19 November 2026")
        + &card("/n/b", "Adult social care survey", "3 November 2026");
    let expect = ["2026-11-19 Market square to reopen </n/a>", "2026-11-03 Adult social care survey </n/b>"];
    assert_eq!(lines(&found(&format!("<main><h1>News</h1>{cards}</main>"))), expect);
}

#[test]
fn a_day_in_a_class_that_ends_in_what_was_done_on_it_is_read() {
    let entry = |path: &str, day: &str| {
        format!(
            "<article><h2><a href={path}>A story of some length {path}</a></h2><div class=byline><span>by <a href=/clerk>Clerk</a></span>\
             <span class=documentPublished><span>published</span> {day}</span>,\
             <span class=documentModified><span>last modified</span> Nov 16, 2026 09:14 AM</span></div><p>A short summary.</p></article>"
        )
    };
    let days =
        |page: &str| -> Vec<String> { found(page).items.iter().filter_map(|item| Some(item.published?.to_string())).collect() };
    let entries = entry("/a", "Nov 13, 2026") + &entry("/b", "Nov 02, 2026");
    assert_eq!(days(&format!("<h1>News</h1>{entries}")), ["2026-11-13", "2026-11-02"]);
}

#[test]
fn what_stands_around_a_text_of_how_it_was_put_out_is_none_of_it() {
    let plain = text(&format!("<p>20 November 2026</p>{TOLD}"));
    for above in [
        "<p>20 November 2026</p><p>Category: Children</p>",
        "<ul class=meta><li>20 November 2026</li><li>Category: Children</li><li>2 min read</li></ul>",
        "<p>Friday 20 November 2026</p><p>Press release</p>",
        "<p>November 2026 · 2 minute read · Communications team</p>",
        "<p>Communications team | November 2026 | 2 minute read</p>",
    ] {
        assert_eq!(text(&format!("{above}{TOLD}")), plain, "{above}");
    }
    for below in [
        "<p>This page was last updated on 24 November 2026</p>",
        "<p>This page was last updated on 24 November 2026 at 10:41</p>",
        "<hr><p>Anytown Borough Council, Civic Centre, High Street, Anytown AN1 1AA<br>Telephone 01632 960000 | Email all@example.org</p>",
        "<hr><div>Anytown Borough Council, Civic Centre, Anytown AN1 1AA. Tel: 01632 960000</div>",
        "<hr><p>Anytown Council | Town Hall | Anytown A1 1AA</p><p>Tel: 01632 960000</p><p>Email: all@example.org</p>",
    ] {
        assert_eq!(text(&format!("<p>20 November 2026</p>{TOLD}{below}")), plain, "{below}");
    }
    for below in [
        "<hr><p>Tell Anytown Council what you think, in the town hall, by post or at all@example.org.</p>",
        "<p>Anytown Borough Council, Civic Centre, High Street, Anytown AN1 1AA</p>",
        "<p>The new page was last updated in the spring, and the board wants it to be looked at each week.</p>",
    ] {
        assert_ne!(text(&format!("<p>20 November 2026</p>{TOLD}{below}")), plain, "{below}");
    }
}

#[test]
fn a_banner_that_holds_the_headline_is_no_notice() {
    let page = |class: &str| {
        let head = "<h1>Board meets in March</h1><ul><li>Date: 20 November 2026</li><li>Category: Children</li><li>3 minute read</li></ul>";
        let markup = format!("<section class={class}><div>{head}</div></section><div><main>{TOLD}</main></div>");
        let item = found(&markup).items.remove(0);
        (item.published.map(|day| day.to_string()), item.text.map(|text| text.to_string()))
    };
    assert_eq!(page("banner"), page("top"));
    assert_eq!(page("page-banner").0.as_deref(), Some("2026-11-20"));
}

#[test]
fn news_is_posted_at_the_hour_below_its_headline_whatever_board_it_names() {
    let read = |path: &str, title: &str| {
        let url = Url::parse(&format!("https://www.anytown.example{path}")).unwrap();
        let markup = format!("<main><h1>{title}</h1><p>Wednesday 18 November 2026 at 10.30am</p>{TOLD}</main>");
        let item = super::read(&Document::parse(&markup, &url).unwrap(), &url, &Select::default()).items.remove(0);
        let met = item.meeting.as_ref().and_then(|meeting| meeting.date);
        (item.published.map(|day| day.to_string()), met.map(|day| day.to_string()))
    };
    let day = || Some("2026-11-18".to_owned());
    assert_eq!(read("/news/board-reports", "Board reports progress"), (day(), None));
    assert_eq!(read("/council/board", "Improvement Board meeting"), (None, day()));
    assert_eq!(read("/news/board", "Improvement Board meeting"), (None, day()));
}
