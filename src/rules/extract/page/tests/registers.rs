//! Lists whose entries stand in tables, cards and under years: which line is the title, which of several days is the entry's.

use super::*;
use crate::domain::source::Platform;
use crate::rules::extract::{Page, extract};

/// The page as `auto` reads it.
fn auto(markup: &str) -> (Platform, Vec<String>) {
    let url = Url::parse("https://www.anytown.example/decisions").unwrap();
    let page = Page { url: &url, status: 200, content_type: None, body: markup.as_bytes() };
    let extraction = extract(&page, Platform::Auto, &Select::default());
    (extraction.platform, extraction.items.iter().map(line).collect())
}

const DECISIONS: [[&str; 5]; 3] = [
    ["OD 12/26", "Lease of the bandstand kiosk", "Head of Parks", "9 November 2026", "11 November 2026"],
    ["OD 11/26", "School street at Orchard Primary", "Head of Highways", "2 November 2026", "4 November 2026"],
    ["OD 9/26", "Renewal of the library system", "Chief Librarian", "26 October 2026", "29 October 2026"],
];

/// A register with this header; `row` makes the cells of a decision, the place of which is its number.
fn register(header: &str, row: impl Fn(usize, [&str; 5]) -> String) -> String {
    let rows: Vec<String> = DECISIONS.iter().enumerate().map(|(n, decision)| format!("<tr>{}</tr>", row(n, *decision))).collect();
    let rows = rows.concat();
    format!("<main><h1>Officer decisions</h1><table><tr>{header}</tr>{rows}</table></main>")
}

/// Each of these as a cell.
fn cells(tag: &str, words: &[&str]) -> String {
    words.iter().map(|words| format!("<{tag}>{words}</{tag}>")).collect::<Vec<_>>().concat()
}

const PUBLISHED: [&str; 3] = [
    "2026-11-11 Lease of the bandstand kiosk </d/0>",
    "2026-11-04 School street at Orchard Primary </d/1>",
    "2026-10-29 Renewal of the library system </d/2>",
];

#[test]
fn labels_over_columns_are_a_list_of_decisions_and_no_decision() {
    let names = ["Reference", "Decision", "Decision maker", "Date of decision", "Date published"];
    for tag in ["th", "td"] {
        let page = register(&cells(tag, &names), |n, [number, title, who, taken, published]| {
            cells("td", &[number, &format!("<a href=/d/{n}>{title}</a>"), who, taken, published])
        });
        assert_eq!(auto(&page), (Platform::Page, PUBLISHED.map(str::to_owned).to_vec()), "{tag}");
    }
}

#[test]
fn labels_beside_their_values_are_a_decision() {
    let rows = [("Decision maker", "Leader"), ("Decision status", "For determination"), ("Date of decision", "9 November 2026")];
    let rows = rows.map(|(name, value)| format!("<tr><th>{name}</th><td>{value}</td></tr>")).concat();
    let page =
        format!("<main><h1>Lease of the kiosk</h1><table>{rows}</table><p>That the kiosk be let for five years.</p></main>");
    assert_eq!(auto(&page).0, Platform::ModerngovDecision);
}

#[test]
fn labels_that_stand_for_each_of_several_decisions_are_of_none() {
    let record = |(n, [_, title, who, taken, published]): (usize, &[&str; 5])| {
        format!(
            "<div><h2><a href=/d/{n}>{title}</a></h2><dl><dt>Decision maker</dt><dd>{who}</dd><dt>Date of decision</dt>\
             <dd>{taken}</dd><dt>Date published</dt><dd>{published}</dd></dl></div>"
        )
    };
    let records: String = DECISIONS.iter().enumerate().map(record).collect();
    let page = format!("<main><h1>Officer decisions</h1>{records}</main>");
    assert_eq!(auto(&page), (Platform::Page, PUBLISHED.map(str::to_owned).to_vec()));
}

#[test]
fn a_row_whose_link_says_only_its_number_is_called_by_its_subject() {
    let header = cells("th", &["Ref", "Subject", "Taken by", "Date taken", "Published"]);
    let page = register(&header, |n, [number, title, who, taken, published]| {
        cells("td", &[&format!("<a href=/d/{n}>{number}</a>"), title, who, taken, published])
    });
    assert_eq!(auto(&page).1, PUBLISHED);
    let header = cells("th", &["Title", "Decision maker", "Date published", "Papers to read"]);
    let page = register(&header, |n, [_, title, who, _, published]| {
        cells("td", &[title, who, published, &format!("<a href=/d/{n}>See the notice</a>")])
    });
    assert_eq!(auto(&page).1, PUBLISHED);
}

#[test]
fn a_register_with_one_row_is_a_list_of_one() {
    let header = cells("th", &["Decision", "Decision maker", "Date of decision"]);
    let row = cells("td", &["<a href=/d/0>Lease of the bandstand kiosk</a>", "Head of Parks", "11 November 2026"]);
    let page = format!("<main><h1>Officer decisions</h1><table><tr>{header}</tr><tr>{row}</tr></table></main>");
    assert_eq!(auto(&page).1, PUBLISHED[..1]);
}

const STORIES: [[&str; 3]; 4] = [
    ["Youth", "What six hundred pupils told us", "what-six-hundred-pupils-said"],
    ["The Board", "Knife bins: where they stand", "knife-bins"],
    ["Youth", "A year of street work", "4711"],
    ["Money", "Jo’s story", "jos-story"],
];

fn named(card: impl Fn(&str, &str, &str, &str) -> String) -> Vec<String> {
    let cards =
        STORIES.iter().enumerate().map(|(n, [tag, title, slug])| card(tag, title, slug, &format!("{} November 2026", 9 - n)));
    let filter = "<p><a href=/?tag=1>Youth</a> | <a href=/?tag=2>Money</a></p>";
    let cards: String = cards.collect();
    let reading = found(&format!("<h1>Updates</h1>{filter}<div>{cards}</div>"));
    assert!(reading.items.iter().all(|item| item.published.is_some()), "{:?}", lines(&reading));
    reading.items.into_iter().map(|item| item.title.to_string()).collect()
}

#[test]
fn a_card_is_named_by_neither_its_category_nor_its_reading_time_nor_its_button() {
    let expect = STORIES.map(|[_, title, _]| title);
    let block = named(|tag, title, slug, day| {
        format!(
            "<a href=/u/{slug}><div><div>{tag}</div><div>4 min read</div></div><div>{title}</div><div>{day}</div><div>Read</div></a>"
        )
    });
    assert_eq!(block, expect);
    let span = named(|tag, title, slug, day| {
        format!(
            "<div><a href=/u/{slug}><span>{tag}</span><div>{title}</div><p><span>{day}</span><span>12 min read</span></p></a></div>"
        )
    });
    assert_eq!(span, expect);
    let run = named(|tag, title, slug, day| {
        format!(
            "<li><a href=/u/{slug}><span>{tag}</span> <span>{title}</span> <span>{day}</span> <span>1 min read</span></a></li>"
        )
    });
    assert_eq!(run, expect);
    let beside = named(|tag, title, slug, day| {
        format!("<div><div>{tag}</div><div>{title}</div><div>{day}</div><a href=/u/{slug}>Read</a></div>")
    });
    assert_eq!(beside, expect);
}

#[test]
fn an_entry_with_one_class_more_is_an_entry() {
    let post = |n: u32, class: &str, day: &str| {
        format!("<article class='{class}'><a href=/p/{n}><h2>What the panel asked {n}</h2></a>{day}</article>")
    };
    for (one, other) in [("post", "aa-plain post"), ("card", "no-image card"), ("card", "wide")] {
        for dated in [true, false] {
            let day =
                |n: u32| if dated { format!("<time datetime=2026-10-0{n}>{n}</time>") } else { "<p>In short.</p>".to_owned() };
            let posts: String = (1..=6).map(|n| post(n, if n % 3 == 0 { other } else { one }, &day(n))).collect();
            assert_eq!(found(&format!("<h1>Posts</h1><div>{posts}</div>")).items.len(), 6, "{other} {dated}");
        }
    }
}

#[test]
fn a_word_beside_a_day_takes_nothing_from_it() {
    let log = |entry: &dyn Fn(u32) -> String| {
        let entries = |days: std::ops::RangeInclusive<u32>| days.rev().map(entry).collect::<String>();
        let reading =
            found(&format!("<h1>Log</h1><h2>2026 <a href=#a>#</a></h2>{}<h2>2025</h2>{}", entries(3..=4), entries(1..=2)));
        lines(&reading)
    };
    let expect = [
        "2026-05-04 Step 4 of all </4>",
        "2026-05-03 Step 3 of all </3>",
        "2025-05-02 Step 2 of all </2>",
        "2025-05-01 Step 1 of all </1>",
    ];
    for badge in ["<mark>New</mark>", "<b>Updated</b>", "<em>Must read</em>", "New!"] {
        let after = |n: u32| format!("<li><span>{n} May</span> <a href=/{n}>Step {n} of all</a> {badge}</li>");
        assert_eq!(log(&after), expect, "{badge}");
        let before = |n: u32| format!("<li>{badge} <a href=/{n}>Step {n} of all</a> <i>{n} May</i></li>");
        assert_eq!(log(&before), expect, "{badge}");
    }
    let within = |n: u32| format!("<li><a href=/{n}><span>{n} May</span> <span>Step {n} of all</span></a></li>");
    assert_eq!(log(&within), expect);
    let terms = |n: u32| format!("<dt>{n} May <sup>New</sup></dt><dd><a href=/{n}>Step {n} of all</a></dd>");
    assert_eq!(log(&terms), expect);
}

#[test]
fn what_opens_a_part_of_the_page_says_its_year() {
    let entry = |n: u32| format!("<li><a href=/{n}>Step {n} of all</a> <small>{n} May</small></li>");
    let part = |year: u32, entries: String| format!("<details><summary>{year}</summary><ul>{entries}</ul></details>");
    let page = format!("<h1>Log</h1>{}{}", part(2026, [4, 3].map(entry).concat()), part(2025, [2, 1].map(entry).concat()));
    assert_eq!(lines(&found(&page))[1..3], ["2026-05-03 Step 3 of all </3>", "2025-05-02 Step 2 of all </2>"]);
}

const BODY: &str = "<p>Two homes that were closed will take children again from the new year.</p>\
    <p>“Nobody should grow up forty miles from their school,” the chair said.</p>";

fn only(markup: &str) -> (String, Vec<String>) {
    let reading = found(markup);
    let [item] = reading.items.as_slice() else { panic!("{:?}", lines(&reading)) };
    let text = item.text.as_ref().map(|text| text.as_str().lines().map(str::to_owned).collect());
    (item.title.to_string(), text.unwrap_or_default())
}

#[test]
fn a_heading_that_names_the_kind_of_page_is_no_title() {
    for (kind, below) in [
        (
            "Decision details",
            "<table><tr><th>Number:</th><td>7</td></tr><tr><th>Subject:</th><td>Two homes reopen</td></tr></table>",
        ),
        ("News article", "<h2>Two homes reopen</h2><p>16 November 2026</p>"),
        ("Press release", "<p>Ref: 8/26</p><p>16 November 2026</p><h2>Two homes reopen</h2>"),
        ("Record of decision", "<p><b>Title:</b> Two homes reopen</p>"),
    ] {
        let (title, text) = only(&format!("<title>{kind}</title><main><h1>{kind}</h1>{below}{BODY}</main>"));
        assert_eq!(title, "Two homes reopen", "{kind}");
        assert_eq!(
            text.last().map(String::as_str),
            Some("“Nobody should grow up forty miles from their school,” the chair said.")
        );
    }
    let by_head = only(&format!("<title>Two homes reopen | Anytown</title><main><h1>News article</h1>{BODY}</main>"));
    assert_eq!(by_head.0, "Two homes reopen");
    let none = only(&format!("<title>News article | Anytown</title><main><h1>News article</h1>{BODY}</main>"));
    assert_eq!(none.0, "News article");
}

#[test]
fn links_behind_a_text_that_lead_back_are_none_of_it() {
    for ways in [
        "<p><a href=/l>Back to list</a> | <a href=javascript:p()>Print</a> | <a href=/a>Email me when there is more</a></p>",
        "<ul><li><a href=/l>Return to the register</a></li><li><a href=/c>Ask the clerk</a></li></ul>",
    ] {
        let (_, text) = only(&format!("<main><h1>Two homes reopen</h1>{BODY}{ways}</main>"));
        assert_eq!(text.len(), 2, "{ways}: {text:?}");
    }
    let sources = "<ul><li><a href=/l>The inspectors’ letter</a></li><li><a href=/c>The plan of 2024</a></li></ul>";
    let (_, text) = only(&format!("<main><h1>Two homes reopen</h1>{BODY}{sources}</main>"));
    assert_eq!(text.len(), 4, "{text:?}");
}

#[test]
fn a_box_between_paragraphs_that_is_one_link_elsewhere_is_no_text() {
    let [first, second] =
        ["<p>Two homes will take children again from the new year.</p>", "<p>Both were closed in 2024, for want of staff.</p>"];
    let text = |between: &str| only(&format!("<main><h1>Two homes reopen</h1>{first}{between}{second}</main>")).1.len();
    assert_eq!(text("<div><a href=/jobs/homes><img src=j.jpg alt=''> Come and work in one of our homes</a></div>"), 2);
    assert_eq!(
        text("<aside class=x><a href=/foster><picture><img src=f.jpg></picture><h3>Could you foster?</h3></a></aside>"),
        2
    );
    // What an editor has written, what belongs to the same part of the site, and files are.
    assert_eq!(text("<p><a href=/jobs/homes><img src=j.jpg alt=''> What it is like to work in a home</a></p>"), 3);
    assert_eq!(text("<div><a href=/news/2024/closed><img src=c.jpg alt=''> How the homes came to be closed</a></div>"), 3);
    assert_eq!(text("<div><a href=/media/letter.pdf><img src=p.png alt=''> The inspectors’ letter</a></div>"), 3);
}

#[test]
fn a_story_with_a_box_that_leads_elsewhere_is_no_list_of_one() {
    let promotion = "<div><a href=/foster><h3>Could you foster?</h3></a><p>12 November 2026</p></div>";
    let (title, _) = only(&format!("<main><div><h1>Two homes reopen</h1></div><div>{BODY}{promotion}</div></main>"));
    assert_eq!(title, "Two homes reopen");
}

#[test]
fn a_list_of_one_link_is_a_list_and_a_story_with_one_link_is_none() {
    let url = Url::parse("https://www.anytown.example/council/panel").unwrap();
    let read = |rest: &str| {
        let markup = format!("<title>Decisions of the panel</title><main><h1>Decisions of the panel</h1>{rest}</main>");
        let reading = super::read(&Document::parse(&markup, &url).unwrap(), &url, &Select::default());
        (reading.listing.shown, lines(&reading))
    };
    let one = |place: &str| (Some(1), vec![format!("2026-10-29 Repair of the quay wall <{place}>")]);
    let under = "<p>Decisions since the order of 4 August 2026.</p>";
    for entry in [
        "<div class=all><div class=one><span><a href=/council/panel/4>Repair of the quay wall</a></span><div>published <i>Oct 29, 2026</i></div><p>The panel agrees to it.</p></div></div>",
        "<ul><li><a href=/d/4>Repair of the quay wall</a><span class=date>29 October 2026</span><p>The panel agrees to it.</p></li></ul>",
        "<div><article><p>29 October 2026</p><p><a href=/d/4>Repair of the quay wall</a></p><p>The panel agrees to it.</p><a href=/d/4>Read more</a></article></div>",
    ] {
        let place = if entry.contains("/council/panel/4") { "/council/panel/4" } else { "/d/4" };
        assert_eq!(read(&format!("{under}{entry}")), one(place), "{entry}");
    }
    let told = "<p>The panel has agreed to repair the quay wall, which the storm of September broke in three places.</p>";
    for story in [
        format!("<p>29 October 2026</p>{told}{told}<ul><li><a href=/n/3>Storm breaks quay wall</a> 12 September 2026</li></ul>"),
        format!("<div><p>Posted: 29 October 2026</p>{told}{told}<p><a href=/council/panel/map>Map of the quay</a></p></div>"),
        format!("<div>{told}<p>See <a href=/council/panel/map>the map of the quay</a>, 29 October 2026.</p></div>"),
        "<p>Published 29 October 2026</p><ul><li><a href=/council/panel/order.pdf>The order</a></li></ul>".to_owned(),
    ] {
        assert_eq!(read(&story).0, None, "{story}");
    }
}

#[test]
fn a_day_until_which_people_can_answer_is_none_of_publication() {
    const OPEN: [[&str; 2]; 3] = [
        ["Local plan for the coast", "12 January 2027"],
        ["Parking in the old town", "29 January 2027"],
        ["Admissions to schools in 2028", "5 February 2027"],
    ];
    let list = |entry: fn(usize, [&str; 2]) -> String| OPEN.iter().enumerate().map(|(n, one)| entry(n, *one)).collect::<String>();
    let table = |header: &str| {
        let rows = list(|n, [title, day]| format!("<tr><td><a href=/c/{n}>{title}</a></td><td><time>{day}</time></td></tr>"));
        format!("<table><tr><th>Consultation</th><th>{header}</th></tr>{rows}</table>")
    };
    let open = [0, 1, 2].map(|n| format!("- {} </c/{n}>", OPEN[n][0]));
    for listed in [
        table("Closing date"),
        table("Deadline for comments"),
        table("Closes"),
        list(|n, [title, day]| {
            format!("<li><a href=/c/{n}>{title}</a> (respond by <time datetime=2027-01-12>{day}</time>)</li>")
        }),
        list(|n, [title, day]| format!("<p><a href=/c/{n}>{title}</a> closes on <b class=date>{day}</b></p>")),
    ] {
        let page = format!("<main><h1>Consultations</h1>{listed}</main>");
        assert_eq!(lines(&found(&page)).iter().map(|line| line.replace("/news", "")).collect::<Vec<_>>(), open, "{listed}");
    }
    let posted = format!("<main><h1>Consultations</h1>{}</main>", table("Date"));
    assert!(lines(&found(&posted))[0].starts_with("2027-01-12 "), "{:?}", lines(&found(&posted)));
    let both =
        list(|n, [title, day]| format!("<tr><td>1 December 2026</td><td><a href=/c/{n}>{title}</a></td><td>{day}</td></tr>"));
    let both = format!(
        "<main><h1>Consultations</h1><table><tr><th>Started</th><th>What</th><th>Closing date</th></tr>{both}</table></main>"
    );
    assert!(lines(&found(&both)).iter().all(|line| line.starts_with("2026-12-01 ")), "{:?}", lines(&found(&both)));
}

#[test]
fn a_table_of_reports_with_their_files_is_none_of_meetings() {
    let rows = [("Third report on progress", "14 January 2026", 3), ("Second report on progress", "9 October 2025", 2)];
    let rows =
        rows.map(|(title, day, n)| format!("<tr><td>{title}</td><td>{day}</td><td><a href=/f/{n}.pdf>PDF 1.2MB</a></td></tr>"));
    let head = "<tr><th>Report</th><th>Date</th><th>Download</th></tr>";
    let (_, read) = auto(&format!("<main><h1>Assurance panel reports</h1><table>{head}{}</table></main>", rows.concat()));
    assert_eq!(read, ["2026-01-14 Third report on progress </f/3.pdf>", "2025-10-09 Second report on progress </f/2.pdf>"]);
}
