//! Parts of a page that are not where one would look for them: panels that are folded up, boxes between paragraphs, rows whose
//! classes take turns, days in columns.

use super::*;

fn article(inner: &str) -> String {
    let reading = found(&format!("<title>Winter plan | Testshire</title><div id=page><h1>Winter plan</h1>{inner}</div>"));
    let [item] = reading.items.as_slice() else { panic!("{inner}: {:?} {:?}", lines(&reading), reading.warnings) };
    item.text.as_ref().map(|text| text.as_str().replace('\n', " / ")).unwrap_or_default()
}

const FIRST: &str = "<p>The council has agreed how homes will be kept warm this winter.</p>";
const WHOLE: &str =
    "The council has agreed how homes will be kept warm this winter. / Grants / Every household may ask for one grant.";

#[test]
fn a_panel_that_a_control_opens_is_read() {
    for panel in [
        "<h2><button aria-expanded=false>Grants</button></h2><div hidden><p>Every household may ask for one grant.</p></div>",
        "<h3 class=x>Grants</h3><hr><section id=p1 hidden>Every household may ask for one grant.</section><p><a href=#p1 aria-controls='p9 p1'>",
        "<a role=button aria-expanded=false href=#>Grants</a><div style='display: none'>Every household may ask for one grant.</div>",
        "<h2>Grants</h2><p></p><div hidden=until-found>Every household may ask for one grant.</div>",
        "<h4>Grants</h4><i></i><div role=tabpanel hidden><p>Every household may ask for one grant.</p></div>",
    ] {
        assert_eq!(article(&format!("{FIRST}{panel}")), WHOLE, "{panel}");
    }
}

#[test]
fn what_is_hidden_for_good_and_what_a_menu_opens_stay_unread() {
    let whole = WHOLE.split(" / ").next().unwrap();
    for hidden in [
        "<div hidden><p>Leave this field empty if you are a person.</p></div>",
        "<nav><a href=#m aria-controls=m>Menu</a></nav><hr><div id=m hidden><p>All that we do, from A to Z, in one long list.</p></div>",
        "<i aria-expanded=false></i><div hidden><a href=/a>Warm homes</a> <a href=/b>Cold homes</a></div>",
        "<nav><button aria-expanded=false>More</button><div hidden><p>Everything else that you may want to know.</p></div></nav>",
        "<p style='display:none'>An older notice, which is not shown any more.</p>",
    ] {
        assert_eq!(article(&format!("{FIRST}{hidden}")), whole, "{hidden}");
    }
    // Where the page says what its content is, nothing beside it is read.
    let beside = "<main><h1>Winter plan</h1><p>The council has agreed how homes will be kept warm.</p></main>\
        <button aria-expanded=false>Settings</button><div hidden><p>We would like to count visits, if you let us do so.</p></div>";
    let reading = found(beside);
    assert_eq!(reading.items[0].text.as_ref().unwrap().as_str(), "The council has agreed how homes will be kept warm.");
}

#[test]
fn the_word_that_folds_a_panel_is_no_part_of_its_heading() {
    for heading in [
        "<h2><span>Grants</span><span data-nosnippet><span>Show</span></span></h2>",
        "<h2><button>Grants <span aria-hidden=true>+</span></button></h2>",
        "<h2><span><span>Grants</span></span><span class=t><span class=u>Hide</span></span></h2>",
    ] {
        assert_eq!(article(&format!("{FIRST}{heading}<p>Every household may ask for one grant.</p>")), WHOLE, "{heading}");
    }
    let shown = article("<h2>What we <span>show</span> and what we do not</h2><p>Every household may ask for one grant.</p>");
    assert!(shown.starts_with("What we show and what we do not / "), "{shown}");
}

#[test]
fn a_box_for_letters_goes_and_the_article_goes_on() {
    for letters in [
        "<div class=b1><h3>News to your inbox</h3><p>12,000 people get our letter each Friday.</p><button>Sign up</button></div>",
        "<section><h2>Subscribe to our bulletin</h2><form><input type=email><button>Go</button></form></section>",
        "<div><p><b>Sign up for e-mail alerts</b></p><a class=btn href=/letters>Sign up now</a></div>",
        "<div><h2>Related news</h2><a href=/n/1>Cold spell ends</a></div>",
    ] {
        let markup =
            format!("<div class=text>{FIRST}{letters}<h2>Grants</h2><p>Every household may ask for one grant.</p></div>");
        assert_eq!(article(&markup), WHOLE, "{letters}");
    }
    let about = "<div><p>Sign up for the bulletin of the winter plan, which tells you when grants open and how to ask for one.</p>\
        <p>It comes by email.</p><a href=/letters>Sign up</a></div>";
    assert!(article(about).starts_with("Sign up for the bulletin"), "a page that is about the letters");
}

#[test]
fn a_list_of_contents_goes_with_its_label() {
    for contents in [
        "<div class=toc><p>In short</p><ul><li><a href=#g>Grants</a></li><li><a href=#h>Heat</a></li></ul></div>",
        "<p>On this page</p><ul><li><a href=#g>Grants</a></li></ul>",
        "<div><div class=t>Table of Contents</div><a href=#g>Grants</a><br><a href=#h>Heat</a></div>",
    ] {
        let markup = format!("{contents}{FIRST}<h2 id=g>Grants</h2><p>Every household may ask for one grant.</p>");
        assert_eq!(article(&markup), WHOLE, "{contents}");
    }
}

#[test]
fn what_is_written_behind_a_systems_text_belongs_to_it() {
    let url = Url::parse("https://www.anytown.example/news/article/812/winter").unwrap();
    let page = "<article><h1>Winter plan</h1><div class=editor><p>The council has agreed how homes will be kept warm.</p></div>\
        <h2>Notes</h2><p>The grant was first paid in 2024.</p><div class=share><a href=/s>Share</a></div></article>";
    let document = Document::parse(page, &url).unwrap();
    let habits = habits::Habits { entries: &[], links: "", article: "article", body: &["div.editor"], refine: |_, _| {} };
    let reading = habits::read(&document, &url, &habits, true);
    let text = reading.items[0].text.as_ref().unwrap().as_str();
    assert_eq!(text, "The council has agreed how homes will be kept warm.\nNotes\nThe grant was first paid in 2024.");
}

/// A list of five, each entry made from its number.
fn list(entry: impl Fn(usize) -> String) -> Vec<String> {
    let entries: String = (1..=5).map(entry).collect();
    lines(&found(&format!("<title>News</title><h1>News of the board</h1><div class=all>{entries}</div>")))
}

fn all_five() -> Vec<String> {
    (1..=5).map(|n| format!("2026-10-{:02} What the board did in week {n} </week/{n}>", 30 - n)).collect()
}

#[test]
fn entries_whose_classes_take_turns_are_one_list() {
    let entry = |class: &str, n: usize| {
        format!(
            "<div class='{class}'><h3><a href=/week/{n}>What the board did in week {n}</a></h3><p>{} October 2026</p></div>",
            30 - n
        )
    };
    let turns = |names: &'static [&'static str]| list(|n| entry(names[n % names.len()], n));
    assert_eq!(turns(&["rowOdd", "rowEven"]), all_five());
    assert_eq!(turns(&["sys_oddentry", "sys_evenentry"]), all_five());
    assert_eq!(turns(&["blue", "green"]), all_five());
    assert_eq!(turns(&["story plain", "story tinted"]), all_five());
}

#[test]
fn the_header_of_an_entry_is_not_the_sites() {
    for class in ["page-header", "header", "Page-Header"] {
        let entry = |n: usize| {
            format!(
                "<div class=blog><div><div class={class}><h2><a href=/week/{n}>What the board did in week {n}</a></h2></div>\
                 <p>Published: {} October 2026</p><p>The board met and heard from three services.</p></div></div>",
                30 - n
            )
        };
        assert_eq!(list(entry), all_five(), "{class}");
    }
    let site =
        "<div class=header><h2><a href=/>Testshire Council</a></h2></div><h1>Winter plan</h1><p>The council has agreed.</p>";
    let reading = found(site);
    assert_eq!(reading.items[0].text.as_ref().unwrap().as_str(), "The council has agreed.");
}

#[test]
fn a_short_line_says_its_day_beside_other_things() {
    for said in ["{d} Oct 26 | 3 min read", "{d} October 26 · Board", "Board • {d}/10/26", "Board news – {d} Oct 26 – 3 min read"]
    {
        let entry = |n: usize| {
            let said = said.replace("{d}", &(30 - n).to_string());
            format!("<div class=c><h3><a href=/week/{n}>What the board did in week {n}</a></h3><div>{said}</div></div>")
        };
        assert_eq!(list(entry), all_five(), "{said}");
    }
}

#[test]
fn the_footer_of_an_article_says_when_it_was_posted() {
    let check = |foot: &str, expect: Option<&str>| {
        let page = found(&format!(
            "<main><article><h1>Food festival returns</h1><p>The festival comes back to the quay after six years away.</p>\
             <p>Forty stalls will stand along the wall.</p>{foot}</main>"
        ));
        let [item] = page.items.as_slice() else { panic!("{foot}: {:?}", page.warnings) };
        assert_eq!(item.published.map(|day| day.to_string()).as_deref(), expect, "{foot}");
        assert!(!item.text.as_ref().unwrap().as_str().contains("2026"), "{foot}: {:?}", item.text);
    };
    let posted = Some("2026-05-19");
    check("<footer><span>Posted on <time>19 May 2026</time></span> in <a href=/c>News</a></footer></article>", posted);
    check("<footer><div>Postiwyd ar 19 Mai 2026</div><div>Categori: <a href=/c>Newyddion</a></div></footer></article>", posted);
    check("<footer>By the clerk on 19 May 2026</footer></article>", posted);
    check("<footer>Last reviewed 19 May 2026</footer></article>", None);
    check("</article><footer>Posted on 19 May 2026</footer>", None);
    check("<article><h3>Trees</h3><footer>Posted on 19 May 2026</footer></article></article>", None);
}

#[test]
fn of_two_days_in_a_row_the_one_of_publication_counts() {
    let rows = |header: &str, days: fn(&str) -> String| {
        let row = |n: usize| {
            let day = format!("{} October 2026", 30 - n);
            format!("<tr><td><a href=/week/{n}>What the board did in week {n}</a></td>{}</tr>", days(&day))
        };
        let rows: String = (1..=5).map(row).collect();
        lines(&found(&format!("<h1>Notes</h1><table><tr><th>Name</th>{header}</tr>{rows}</table>")))
    };
    let modified_first = |day: &str| format!("<td>20 November 2026</td><td>{day}</td>");
    assert_eq!(rows("<th>Modified</th><th>Issued</th>", modified_first), all_five());
    assert_eq!(rows("<th>Review date</th><th>Date</th>", modified_first), all_five());
    // Without words for it: what is the same in every row is no entry's.
    assert_eq!(rows("<th>A</th><th>B</th>", modified_first), all_five());
    let issued_first = |day: &str| format!("<td>{day}</td><td class=date>20 November 2026</td>");
    assert_eq!(rows("<th>Issue date</th><th>Last updated</th>", issued_first), all_five());
}

#[test]
fn a_flat_run_of_links_and_days_is_a_dated_list() {
    for entry in [
        "<a href=/week/{n}>What the board did in week {n}</a> {d} October 2026<br>",
        "{d} October 2026 <a href=/week/{n}>What the board did in week {n}</a><br>",
        "{d} October 2026<br><a href=/week/{n}>What the board did in week {n}</a><br>They met at noon.<br><br>",
        "<b>{d} October 2026</b><br><a href=/week/{n}>What the board did in week {n}</a><br>They met at noon.<br><br>",
        "<a href=/week/{n}>What the board did in week {n}</a> - {d}/10/26<br>They met at noon.<br>",
    ] {
        let filled = |n: usize| entry.replace("{n}", &n.to_string()).replace("{d}", &(30 - n).to_string());
        assert_eq!(list(filled), all_five(), "{entry}");
    }
}

#[test]
fn months_over_links_with_days_part_a_list() {
    let shapes = ["<span>{d}</span> {link}", "{link} ({d})", "<p>{d}</p><p>{link}</p>"];
    for (shape, heading) in shapes.iter().flat_map(|shape| ["h2", "h3"].map(|heading| (shape, heading))) {
        let entry = |n: usize, month: &str| {
            let link = format!("<a href=/week/{n}>What the board did in week {n}</a>");
            format!("<li>{}</li>", shape.replace("{link}", &link).replace("{d}", &format!("Friday {} {month} 2026", 30 - 7 * n)))
        };
        let month = |month: &str, weeks: [usize; 2]| {
            let entries = weeks.map(|n| entry(n, month)).concat();
            format!("<{heading}>{month} 2026</{heading}><ul>{entries}</ul>")
        };
        let markup =
            format!("<main><h1>News</h1><p>What we do.</p>{}{}</main>", month("October", [1, 2]), month("January", [3, 4]));
        let titles: Vec<_> = found(&markup).items.iter().map(|item| item.title.as_str().to_owned()).collect();
        assert_eq!(titles, [1, 2, 3, 4].map(|n| format!("What the board did in week {n}")), "{markup}");
    }
}

#[test]
fn a_widget_is_what_a_page_is_for_where_it_lists_and_nothing_is_told_beside_it() {
    let entry = |n: usize| {
        format!("<li><h2><a href=/week/{n}>What the board did in week {n}</a></h2><p>{} October 2026</p></li>", 30 - n)
    };
    let entries: String = (1..=5).map(entry).collect();
    let widget = |class: &str| format!("<div class=\"{class}\"><ul>{entries}</ul></div>");
    let list = |class: &str| lines(&found(&format!("<main><h1>News</h1><p>What we do.</p>{}</main>", widget(class))));
    assert_eq!(list("widget widget--articles"), all_five());
    let story = "<p>The council has agreed a plan for the winter, which opens four rooms in the town hall to everybody.</p>";
    for class in ["widget widget--articles", "widget widget--related"] {
        let reading = found(&format!("<main><h1>Winter plan</h1>{}{}</main>", story.repeat(6), widget(class)));
        assert_eq!(reading.items.len(), 1, "{class}");
        assert!(!reading.items[0].text.as_ref().unwrap().as_str().contains("week"), "{class}");
    }
}

#[test]
fn a_passing_box_between_the_paragraphs_of_a_story_is_no_part_of_it_and_several_alike_are_a_list() {
    let story = "<p>The council has agreed a plan for the winter, which opens four rooms in the town hall to everybody.</p>";
    for passing in [
        "<div class=weather><h3>Weather today</h3><p>5°C, sunny</p></div>",
        "<div class=\"promo promo--wide\"><h3>Give blood</h3><p>Find out more today.</p><a href=/p1>Find out more</a></div>",
        "<blockquote class=testimonial>Great service - a resident</blockquote>",
    ] {
        let markup = format!("<main><article><h1>Winter plan</h1>{}{passing}{story}</article></main>", story.repeat(3));
        let text = found(&markup).items[0].text.clone().unwrap().to_string();
        assert_eq!(text.lines().count(), 4, "{text}");
        assert!(text.lines().all(|line| line.starts_with("The council has agreed")), "{text}");
    }
    let entry = |n: usize| {
        format!(
            "<div class=promo><h2><a href=/week/{n}>What the board did in week {n}</a></h2><p>{} October 2026</p></div>",
            30 - n
        )
    };
    let entries: String = (1..=5).map(entry).collect();
    assert_eq!(lines(&found(&format!("<main><h1>News</h1><p>What we do.</p>{entries}</main>"))), all_five());
}

#[test]
fn a_warning_that_is_wrapped_between_the_paragraphs_of_a_text_is_read() {
    let after = "<p>Every household may ask for one grant, and nobody has to say what they earn.</p>";
    let warning = "<div class='alert alert-info'><h4>Take care</h4><p>No one of us will call at your door. <a href=/s>Stay safe</a></p></div>";
    for wrapped in [warning.to_owned(), format!("<div class=part>{warning}</div>"), format!("<div><div>{warning}</div></div>")] {
        let text = article(&format!("<div class=field>{FIRST}{wrapped}{after}</div>"));
        assert!(
            text.contains("Take care / No one of us will call at your door. Stay safe / Every household"),
            "{wrapped}: {text}"
        );
    }
}

#[test]
fn a_paragraph_below_the_columns_of_a_text_is_part_of_it() {
    let column = |lang: &str, told: &str| {
        format!("<div class=half lang={lang}><h2>{told}</h2><p>{}</p></div>", format!("{told}. ").repeat(8))
    };
    let columns = format!("<div class=cols>{}{}</div>", column("cy", "Cynllun y gaeaf"), column("en", "What we do in winter"));
    let text = article(&format!("<div itemprop=articleBody>{columns}<p>Help / cymorth: 01632 960111</p></div>"));
    assert!(text.starts_with("Cynllun y gaeaf / ") && text.ends_with("Help / cymorth: 01632 960111"), "{text}");
}

#[test]
fn an_arrow_back_to_the_story_before_is_no_part_of_this_one() {
    for way in
        ["<div class=pn><a href=/n/1>&larr; Pool to open in May</a></div>", "<p><a href=/n/1>« Pool to open in May</a></p>"]
    {
        let text = article(&format!("<div>{FIRST}{way}</div>"));
        assert_eq!(text, WHOLE.split(" / ").next().unwrap(), "{way}");
    }
    let own = article(&format!("<div>{FIRST}<p><a href=/n/plan>Read the plan →</a></p></div>"));
    assert!(own.ends_with("Read the plan →"), "{own}");
}
