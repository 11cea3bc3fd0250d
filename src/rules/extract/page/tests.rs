//! Listings and articles by selectors and by their own shape.

use super::*;
use crate::domain::item::Item;
use crate::rules::facts;
use proptest::prelude::*;

mod announced;
mod apart;
mod boards;
mod empties;
mod ends;
mod events;
mod files;
mod handmade;
mod headed;
mod hours;
mod meetings;
mod names;
mod panels;
mod parts;
mod registers;
mod stories;
mod timelines;
mod trees;
mod years;

fn with(markup: &str, select: &Select) -> Reading {
    let url = Url::parse("https://www.anytown.example/news").unwrap();
    read(&Document::parse(markup, &url).unwrap(), &url, select)
}

fn found(markup: &str) -> Reading {
    with(markup, &Select::default())
}

fn line(item: &Item) -> String {
    let day = item.published.map_or("-".to_owned(), |day| day.to_string());
    format!("{day} {} <{}>", item.title, item.url.path())
}

fn lines(reading: &Reading) -> Vec<String> {
    reading.items.iter().map(line).collect()
}

/// Title, day of the meeting, day of publication and papers of each item; its path, where that is asked for.
fn held(reading: &Reading, paths: bool) -> Vec<String> {
    let told = |item: &Item| {
        let mut item = item.clone();
        facts::fill(&mut item);
        let day = item.meeting.as_ref().and_then(|meeting| meeting.date).map_or("-".to_owned(), |day| day.to_string());
        let papers: Vec<&str> = item.documents.iter().map(|paper| paper.title.as_str()).collect();
        let published = item.published.map_or(String::new(), |day| format!(" published {day}"));
        let path = if paths { format!(" <{}>", item.url.path()) } else { String::new() };
        format!("{} [{day}]{published}{path} {}", item.title, papers.join(", ")).trim_end().to_owned()
    };
    reading.items.iter().map(told).collect()
}

const LIST: &str = "<h1>News</h1>
    <div class=e><p class=t>One thing happened</p><p class=when>5 May 2020</p><a class=x href=/x>x</a><a class=go href=/1>go</a></div>
    <div class=e><p class=t>Another thing happened</p><p class=when>4 May 2020</p><a class=x href=/x>x</a><a class=go href=/2>go</a></div>
    <div class=e><p class=t>No link here</p></div><p class=forth><a href=/news?p=2>on</a></p>";

#[test]
fn selectors_say_where_everything_is() {
    let select = Select {
        item: "div.e".into(),
        link: "a.go".into(),
        title: ".t".into(),
        date: ".when".into(),
        next: ".forth".into(),
        ..Select::default()
    };
    let reading = with(LIST, &select);
    assert_eq!(lines(&reading), ["2020-05-05 One thing happened </1>", "2020-05-04 Another thing happened </2>"]);
    assert_eq!(reading.listing.next_url.map(|url| url.to_string()).as_deref(), Some("https://www.anytown.example/news?p=2"));
    assert_eq!(reading.warnings, ["select.link \"a.go\" matches in 2 of 3 entries"]);
}

#[test]
fn a_selector_that_matches_nothing_is_named() {
    let warns = |select: Select, words: &str| {
        let reading = with(LIST, &select);
        assert!(reading.warnings.iter().any(|w| w == words), "{words}: {:?}", reading.warnings);
        reading.items.len()
    };
    let base = Select { item: "div.e".into(), link: "a.go".into(), ..Select::default() };
    assert_eq!(warns(Select { item: ".gone".into(), ..base.clone() }, "select.item \".gone\" matches 0 elements"), 0);
    assert_eq!(warns(Select { title: ".no".into(), ..base.clone() }, "select.title \".no\" matches in 0 of 2 entries"), 2);
    assert_eq!(warns(Select { date: ".no".into(), ..base.clone() }, "select.date \".no\" matches in 0 of 2 entries"), 2);
    assert_eq!(warns(Select { remove: vec![".no".into()], ..base.clone() }, "select.remove \".no\" matches 0 elements"), 2);
    let broken = with(LIST, &Select { date: "p[".into(), ..base });
    assert!(broken.warnings.iter().any(|w| w.starts_with("select.date \"p[\" is no CSS selector")), "{:?}", broken.warnings);
}

#[test]
fn only_a_page_with_nothing_else_is_empty() {
    let outcome =
        |rest: &str| found(&format!("<title>Updates</title><h1>Board update</h1>{rest}")).refusal.map(|(outcome, _)| outcome);
    let says = "<p>There are no meetings planned.</p>";
    let prose = "<p>The board met in the town hall and heard from two foster carers about their year.</p>";
    assert_eq!(outcome(says), Some(Outcome::Empty));
    assert_eq!(outcome(&format!("<p>Here you find what the board has done.</p>{says}")), Some(Outcome::Empty));
    for rest in [
        format!("<p>Published: 3 May 2026</p>{prose}{says}"),
        format!("{says}{prose}{prose}"),
        format!("{}{says}", prose.repeat(5)),
        format!(
            "{says}<ul><li><a href=/a>First news of the board</a> 3 May 2026</li><li><a href=/b>Second news of it</a> 2 May 2026</li></ul>"
        ),
    ] {
        assert_eq!(outcome(&rest), None, "{rest}");
    }
}

#[test]
fn a_day_that_is_a_whole_title_is_that_of_publication_and_one_within_a_title_is_not() {
    let days = |item: fn(&str) -> String| {
        let items = ["18 November 2026", "11 November 2026", "4 November 2026"].map(item).concat();
        found(&format!("<h1>Notices</h1><ul>{items}</ul>")).items.iter().map(|item| item.published.is_some()).collect::<Vec<_>>()
    };
    assert_eq!(days(|day| format!("<li><a href='/m/{day}.pdf'>{day}</a>")), [true; 3]);
    assert_eq!(days(|day| format!("<li><a href='/m/{day}.pdf'>{day}</a> (PDF)")), [true; 3]);
    assert_eq!(days(|day| format!("<li><a href='/m/{day}.pdf'>Board minutes {day}</a>")), [false; 3]);
    assert_eq!(days(|day| format!("<li><a href='/m/{day}.pdf'>Board minutes {day}</a> (PDF, 90 KB)")), [false; 3]);
}

#[test]
fn minutes_that_follow_an_agenda_are_news_of_the_same_meeting() {
    let row = |day: &str, papers: &[&str]| {
        let cells =
            papers.iter().map(|paper| format!("<td><a href='/f/{paper}-{}.pdf'>{paper} (PDF)</a>", day.replace(' ', "-")));
        format!("<tr><td>{day}{}", cells.collect::<String>())
    };
    let earlier = row("7 July 2026", &["Agenda", "Minutes"]) + &row("14 April 2026", &["Agenda", "Minutes"]);
    let page = |papers: &[&str]| found(&format!("<h1>Board</h1><table>{}{earlier}</table>", row("6 October 2026", papers)));
    let (before, after) = (page(&["Agenda"]), page(&["Agenda", "Minutes"]));
    assert_eq!(before.items.len(), 3);
    assert_eq!(before.items[0].key, after.items[0].key);
    assert_eq!(before.items[0].key, "anytown.example/news#2026-10-06");
    assert_eq!((before.items[0].documents.len(), after.items[0].documents.len()), (1, 2));
}

#[test]
fn what_is_removed_is_neither_listed_nor_read() {
    let markup = "<h1>Title</h1><div class=ad><p>Buy our advertised things now, they are good.</p></div><p>The text of the page stands here.</p>";
    let reading = with(markup, &Select { remove: vec![".ad".into()], ..Select::default() });
    assert_eq!(reading.items[0].text.as_ref().unwrap(), "The text of the page stands here.");
}

#[test]
fn a_body_selector_says_what_the_text_is() {
    let markup =
        "<h1>Title</h1><p>Something else entirely that is long enough to be read.</p><div class=b><p>Only this.</p></div>";
    let reading = with(markup, &Select { body: ".b".into(), ..Select::default() });
    assert_eq!(reading.items[0].text.as_ref().unwrap(), "Only this.");
    let reading = with(markup, &Select { body: ".gone".into(), ..Select::default() });
    assert!(reading.items[0].text.as_ref().unwrap().as_str().contains("Something else"));
    assert_eq!(reading.warnings, ["select.body \".gone\" matches 0 elements"]);
}

#[test]
fn a_menu_is_no_listing() {
    let menu = (0..20).fold(String::new(), |all, n| all + &format!("<li><a href=/s{n}>A service with number {n}</a></li>"));
    for wrap in ["ul class=menu", "div id=main-menu", "nav", "div class=cookie-banner", "div role=navigation"] {
        let tag = wrap.split(' ').next().unwrap();
        let reading =
            found(&format!("<{wrap}>{menu}</{tag}><h1>Contact us</h1><p>Call the contact centre between nine and five.</p>"));
        assert_eq!(lines(&reading), ["- Contact us </news>"], "{wrap}");
    }
}

#[test]
fn an_items_own_page_is_an_article_whatever_it_lists() {
    let url = Url::parse("https://www.anytown.example/news/1").unwrap();
    let teasers = (0..9).fold(String::new(), |all, n| {
        all + &format!("<li><h3><a href=/t{n}>Teaser of story number {n}</a></h3><p>{} May 2020</p></li>", n + 1)
    });
    let document =
        Document::parse(&format!("<h1>Short story</h1><p>It was short, and it is told.</p><ul>{teasers}</ul>"), &url).unwrap();
    let reading = read_item(&document, &url, &Select { item: "li".into(), ..Select::default() });
    assert_eq!(reading.items.len(), 1);
    assert_eq!(reading.items[0].key, "anytown.example/news/1");
    assert!(reading.items[0].text.as_ref().unwrap().as_str().starts_with("It was short, and it is told."));
}

#[test]
fn a_page_without_title_or_text_has_no_items() {
    for markup in [
        "",
        "<p>x</p>",
        "<h1>Only a heading</h1>",
        "random words that are on no page at all",
        "<h1>News</h1><p>There are no news items.</p>",
    ] {
        assert!(found(markup).items.is_empty(), "{markup}");
    }
}

#[test]
fn a_date_in_a_sentence_is_not_the_day_of_publication() {
    let markup = |rest: &str| {
        format!("<h1>Bin changes</h1>{rest}<p>Collections change on 4 March 2024 for all residents of the town.</p>")
    };
    let day = |rest: &str| found(&markup(rest)).items[0].published.map(|day| day.to_string());
    assert_eq!(day(""), None);
    assert_eq!(day("<p>Last updated: 5 March 2024</p>"), None);
    assert_eq!(day("<p>Posted on 1 March 2024</p>").as_deref(), Some("2024-03-01"));
    assert_eq!(day("<p><span class=date>1 March 2024</span></p>").as_deref(), Some("2024-03-01"));
    assert_eq!(day("<time datetime='2024-03-01T10:00:00Z'>Friday</time>").as_deref(), Some("2024-03-01"));
}

const UPDATES: &str = "<h1>Board updates</h1><p>A summary after each meeting.</p>
    <h2 id=s1>12 November 2025</h2><p>Caseloads are falling in all but two of the teams.</p><ul><li>Re-referrals: 17 per cent</li></ul>
    <h2 id=s2>1 October 2025</h2><p>Posted on 9 October 2025</p><p>The lead inspector's letter was discussed at some length.</p>
    <h2 id=s3>Board meeting, 20 August 2025</h2><p>The quality assurance framework was agreed by all.</p>";

fn told(reading: &Reading) -> Vec<String> {
    let text = |item: &Item| item.text.as_ref().map(|text| text.as_str().replace('\n', " / ")).unwrap_or_default();
    reading.items.iter().map(|item| format!("{}#{} {}", line(item), item.url.fragment().unwrap_or("-"), text(item))).collect()
}

#[test]
fn each_dated_section_of_one_long_page_is_an_update() {
    let expect = [
        "2025-11-12 12 November 2025 </news>#s1 Caseloads are falling in all but two of the teams. / Re-referrals: 17 per cent",
        "2025-10-09 1 October 2025 </news>#s2 The lead inspector's letter was discussed at some length.",
        "- Board meeting, 20 August 2025 </news>#s3 The quality assurance framework was agreed by all.",
    ];
    assert_eq!(told(&found(UPDATES)), expect);
}

#[test]
fn an_update_stays_the_same_item_when_the_page_grows_and_its_heading_is_reworded() {
    let keys = |markup: &str| found(markup).items.into_iter().map(|item| item.key).collect::<Vec<_>>();
    let first = keys(UPDATES);
    assert_eq!(first[0], "anytown.example/news#2025-11-12");
    let grown = UPDATES
        .replace("<h2 id=s1>", "<h2 id=s1>14 January 2026</h2><p>The board met for the first time this year.</p><h2 id=s2>")
        .replace("Board meeting, 20", "Improvement Board, Wednesday 20");
    assert_eq!(keys(&grown)[1..], first);
}

#[test]
fn a_posted_article_with_a_timeline_stays_one_article() {
    let posted = UPDATES.replace("<p>A summary after each meeting.", "<p>Published: 20 November 2025</p><p>How it came about.");
    assert_eq!(lines(&found(&posted)), ["2025-11-20 Board updates </news>"]);
}

#[test]
fn dated_headings_over_links_to_pages_are_a_list_of_these() {
    let list = "<h1>What is new</h1><h3>12 November 2025</h3><p><a href=/a>Progress at six months</a><br>The board heard that caseloads fell.</p>
        <h3>10 September 2025</h3><p><a href=/b>The letter of the inspector</a><br>Read it in full, with our reply.</p>
        <h3>9 July 2025</h3><p><a href=/c>A new lead member</a><br>The portfolio has changed hands again.</p><p><a href=/old>Archive</a></p>";
    let expect = [
        "2025-11-12 Progress at six months </a>",
        "2025-09-10 The letter of the inspector </b>",
        "2025-07-09 A new lead member </c>",
    ];
    assert_eq!(lines(&found(list))[..3], expect);
}

#[test]
fn no_row_is_lost_for_its_place_its_state_or_the_markup_of_its_title() {
    let row = |class: &str, n: usize, title: &str| format!("<tr class='{class}'><td>{n} May 2025<td>{title}");
    let link = |n: usize| format!("<a href=/n{n}>Notice number {n} of the council</a>");
    let rows = [
        row("odd views-row-first", 9, &format!("<p><b>{}</b>", link(9))),
        row("even hilite", 8, &link(8)),
        row("odd", 7, &link(7)),
        row("even views-row-last", 6, &link(6)),
    ];
    let read = found(&format!("<h1>Notices</h1><table>{}</table>", rows.concat()));
    let expect = [9, 8, 7, 6].map(|n| format!("2025-05-0{n} Notice number {n} of the council </n{n}>"));
    assert_eq!(lines(&read), expect);
}

#[test]
fn bold_days_and_days_below_headings_part_updates() {
    let told = "<p>The board heard that caseloads fell in all nine teams.</p>";
    let check = |begin: fn(&str, &str) -> String, titles: [&str; 2]| {
        let (first, second) = (begin("October update", "22 October 2025"), begin("July update", "23 July 2025"));
        let read = found(&format!("<h1>Updates</h1><p>What the board did.</p>{first}{told}{second}{told}"));
        assert_eq!(lines(&read), [format!("2025-10-22 {} </news>", titles[0]), format!("2025-07-23 {} </news>", titles[1])]);
        assert!(read.items.iter().all(|item| item.text.as_ref().is_some_and(|text| text.as_str().starts_with("The board"))));
    };
    check(|_, day| format!("<p><b>{day}</b></p>"), ["22 October 2025", "23 July 2025"]);
    check(|title, day| format!("<h3>{title}</h3><p>Posted {day}</p>"), ["October update", "July update"]);
    check(|title, day| format!("<h2>{title}</h2><time>{day}</time>"), ["October update", "July update"]);
}

#[test]
fn files_of_a_series_are_a_list_and_the_papers_of_one_meeting_are_not() {
    let page = |days: [&str; 3]| {
        let files = days
            .iter()
            .enumerate()
            .fold(String::new(), |all, (n, day)| all + &format!("<li><a href=/m{n}.pdf>Paper {n} of {day}</a>"));
        let prose = "<p>Minutes are put here once the board has agreed them at the meeting after, which may take some weeks.</p>";
        found(&format!("<h1>Board</h1>{prose}<ul>{files}</ul>{prose}{prose}")).items.len()
    };
    assert_eq!(page(["14 May 2025", "12 March 2025", "10 January 2025"]), 3);
    assert_eq!(page(["14 May 2025", "14 May 2025", "14 May 2025"]), 1);
}

#[test]
fn a_day_in_full_in_an_address_counts_where_the_page_gives_none() {
    let list = |day: &str| {
        (1..4).fold("<h1>News</h1>".to_owned(), |all, n| {
            all + &format!(
                "<article><h2><a href=/news/{day}/story-{n}>Story number {n} of the week</a></h2><p>It was fine.</p></article>"
            )
        })
    };
    let days =
        |markup: &str| found(markup).items.iter().map(|item| item.published.map(|day| day.to_string())).collect::<Vec<_>>();
    assert_eq!(days(&list("2025/08/29")), vec![Some("2025-08-29".to_owned()); 3]);
    for no_day in ["2025/08", "2025/13/01", "1012/08/29", "2025/08/2900"] {
        assert_eq!(days(&list(no_day)), vec![None; 3], "{no_day}");
    }
}

#[test]
fn a_form_to_fill_in_is_no_part_of_an_article() {
    let article = "<h1>Foster with us</h1><p>We need forty new families by next summer.</p>";
    let form = "<form><h2>Ask for a call</h2><label>Your name <input name=n></label><p>This form is protected by a check that you are no robot.</p></form>";
    let text = |markup: &str| found(markup).items[0].text.as_ref().unwrap().to_string();
    assert_eq!(text(&format!("{article}{form}")), "We need forty new families by next summer.");
    // A whole page in one form, as ASP.NET writes it.
    let whole = format!("<form><input type=hidden name=__VIEWSTATE value=x><input name=q>{article}</form>");
    assert_eq!(text(&whole), "We need forty new families by next summer.");
}

#[test]
fn what_stands_after_each_of_two_links_of_the_same_words_is_said_of_that_one() {
    let prose = "The board has looked at the plan for the library and at what it will cost. ".repeat(4);
    let files = "<a href=/a.pdf>Plan</a> (PDF, 1MB) and <a href=/b.pdf>Plan</a> (PDF, 2MB)";
    let reading = found(&format!("<h1>Library plan</h1><p>{prose}</p><p>{files}</p>"));
    let sizes: Vec<_> = reading.items[0].documents.iter().map(|document| document.size.as_deref()).collect();
    assert_eq!(sizes, [Some("1MB"), Some("2MB")]);
}

#[test]
fn large_and_deep_pages_are_read() {
    let rows = (0..6_000).fold(String::new(), |all, n| {
        all + &format!("<tr><td><a href=/d{n}>Decision number {n} of the board</a><td>5 May 2020<td><a href=/f{n}.pdf>PDF</a>")
    });
    let reading = found(&format!("<h1>Decisions</h1><table>{rows}</table>"));
    assert_eq!(reading.items.len(), 6_000);
    let different = (0..1_000).fold(String::new(), |all, n| {
        all + &format!(
            "<div class=c{}><a href=/a{n}>Link number {n} here</a><a href=/b{n}>Other number {n} here</a></div>",
            "x".repeat(n % 50)
        )
    });
    let _ = found(&different);
    let _ = found(&"<div><a href=x>y<ul><li>".repeat(1_000));
    let _ = found(&format!("<h1>t</h1>{}", "<div class=menu><p>words in it</p>".repeat(1_000)));
}

#[test]
fn who_removes_everything_gets_a_warning_and_no_items() {
    for css in ["*", "html", ":root", "body"] {
        assert!(with(LIST, &Select { remove: vec![css.into()], ..Select::default() }).items.is_empty(), "{css}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_markup_and_any_selector_give_an_answer(markup in "(<(a href=/x|h1|h3|li|ul|p|div class=date|time|table|td|tr|main)>|[a-z0-9 /]{0,8}|</(a|li|div|h1)>|5 May 2020){0,60}", css in "\\PC{0,20}") {
        let _ = found(&markup);
        let _ = with(&markup, &Select { item: css.clone(), title: css.clone(), body: css.clone(), remove: vec![css], ..Select::default() });
    }
}
