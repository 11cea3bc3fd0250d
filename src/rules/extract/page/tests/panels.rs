//! Boxes, panels and tabs of a page, and what passes by in them.

use super::*;

const TOLD: [(&str, &str, &str); 3] = [
    ("3 November 2026", "Peer review begins", "Four officers from two other councils read a hundred case files."),
    ("11 June 2026", "New director starts", "She comes from the county's fostering service and knows it well."),
    ("30 January 2026", "Plan agreed", "The plan has twelve actions, each with the name of an officer."),
];

fn article(inner: &str) -> String {
    let markup = format!(
        "<title>Plan | Testshire</title><main><article><h1>Improvement plan</h1><p class=date>Published: 3 November 2026</p>\
         <p>The board met in November and heard of the plan for children across the borough.</p>{inner}\
         <p>A report will follow in the spring of next year.</p></article></main>"
    );
    let items = found(&markup).items;
    assert_eq!(items.len(), 1, "{inner}");
    items[0].text.as_ref().unwrap().as_str().to_owned()
}

#[test]
fn the_bold_words_below_a_day_name_what_happened_then() {
    let page = |part: fn(&str, &str, &str) -> String| {
        let parts: String = TOLD.iter().map(|(day, title, text)| part(day, title, text)).collect();
        found(&format!("<title>Where we are</title><main><h1>Where we are</h1><p>How it changed.</p><ul>{parts}</ul></main>"))
    };
    for part in [
        (|day: &str, title: &str, text: &str| format!("<li><h3>{day}</h3><p><b>{title}.</b> {text}</p></li>"))
            as fn(&str, &str, &str) -> String,
        |day, title, text| format!("<li><h3>{day}</h3><p><strong>{title}</strong> - {text}</p></li>"),
    ] {
        let titles: Vec<String> =
            page(part).items.iter().map(|item| format!("{} {}", item.published.unwrap(), item.title)).collect();
        assert_eq!(titles, ["2026-11-03 Peer review begins", "2026-06-11 New director starts", "2026-01-30 Plan agreed"]);
    }
    let labelled = page(|day, _, text| format!("<li><h3>{day}</h3><p><b>Who was there:</b> {text}</p></li>"));
    assert_eq!(labelled.items[0].title, "3 November 2026");
}

#[test]
fn the_years_on_tabs_are_those_of_the_days_in_their_panels() {
    let rows = |year: &str| {
        let row = |(at, (day, title, _)): (usize, &(&str, &str, &str))| {
            format!("<li><a href=/news/{year}/{at}>{title} in {year}</a> <span>{}</span></li>", day.trim_end_matches(" 2026"))
        };
        TOLD.iter().enumerate().map(row).collect::<String>()
    };
    let panel = |year: &str, more: &str| format!("<div role=tabpanel id=y{year} {more}><ul>{}</ul></div>", rows(year));
    let links =
        "<ul role=tablist class=nav><li><a role=tab href=#y2026>2026</a></li><li><a role=tab href=#y2025>2025</a></li></ul>";
    let buttons = "<div role=tablist><button role=tab aria-controls=y2026>2026</button><button role=tab aria-controls=y2025>2025</button></div>";
    let named = "<div role=tablist><button role=tab id=t1>2026</button><button role=tab id=t2>2025</button></div>";
    for (tabs, first, second) in
        [(links, "", ""), (buttons, "", ""), (buttons, "", "hidden"), (named, "aria-labelledby=t1", "aria-labelledby=t2")]
    {
        let markup = format!("<main><h1>News of the board</h1>{tabs}{}{}</main>", panel("2026", first), panel("2025", second));
        let days: Vec<String> =
            found(&markup).items.iter().filter_map(|item| item.published).map(|day| day.to_string()).collect();
        let expect = ["2026-11-03", "2026-06-11", "2026-01-30", "2025-11-03", "2025-06-11", "2025-01-30"];
        assert_eq!(days, expect, "{tabs}");
    }
}

#[test]
fn what_a_tab_says_stands_over_its_panel_once() {
    let panels = |before: [&str; 2]| {
        format!(
            "{}<div role=tabpanel id=a><p>We hired forty social workers this year.</p></div>{}<div role=tabpanel id=b>\
             <p>We will open three homes in the spring.</p></div>",
            before[0], before[1]
        )
    };
    let expect =
        "What we did\nWe hired forty social workers this year.\nWhat comes next\nWe will open three homes in the spring.";
    let tab = |id: &str, words: &str| format!("<button role=tab aria-controls={id}>{words}</button>");
    let (did, comes) = (tab("a", "What we did"), tab("b", "What comes next"));
    for inner in [
        format!("<div role=tablist>{did}{comes}</div>{}", panels(["", ""])),
        format!("<div role=tablist>{did}{comes}</div>{}", panels(["<h2>What we did</h2>", "<h2>What comes next</h2>"])),
        format!("<div role=tablist>{}</div>", panels([&format!("<h3>{did}</h3>"), &format!("<h3>{comes}</h3>")])),
    ] {
        assert!(article(&inner).contains(expect), "{inner}: {}", article(&inner));
    }
}

#[test]
fn the_papers_at_an_articles_end_are_part_of_its_text() {
    let papers = "<h2>Related documents</h2><ul><li><a href=/files/a.pdf>Plan of the park</a> (PDF, 1MB)</li></ul>";
    assert!(article(papers).contains("Related documents\nPlan of the park (PDF, 1MB)"), "{}", article(papers));
    let news = "<h2>Related news</h2><ul><li><a href=/n/1>Quokka found</a></li></ul>";
    assert!(!article(news).contains("Quokka"));
}

#[test]
fn a_panel_between_two_meetings_that_says_who_meets_is_told_by_itself() {
    let panel =
        |title: &str| format!("<div class=panel><h2>{title}</h2><p>What is told of {title} by the clerk of the board.</p></div>");
    let page = |titles: &[&str]| {
        let panels: String = titles.iter().map(|title| panel(title)).collect();
        found(&format!("<main><h1>Improvement board</h1><p>What the board did.</p>{panels}</main>"))
    };
    let titles = ["Meeting of 5 November 2026", "Who sits on the board", "Meeting of 3 September 2026"];
    let read = page(&titles);
    assert_eq!(read.items.iter().map(|item| item.title.as_str()).collect::<Vec<_>>(), titles);
    let mixed = page(&["About us", titles[0], titles[1], "How to ask", titles[2]]);
    assert_eq!(mixed.items.len(), 1);
}

#[test]
fn a_box_of_prose_that_is_set_like_a_sidebar_is_read() {
    let said = "Families will have one worker and not five.";
    assert!(article(&format!("<div class=sidebar-box><h3>What it means</h3><p>{said}</p></div>")).contains(said));
    let last = format!(
        "<main><h1>Improvement plan</h1><p>Published: 3 November 2026</p><p>The board heard of the plan for all children.</p>\
         <div class=sidebar-box><p>{said}</p></div></main>"
    );
    assert!(found(&last).items[0].text.as_ref().unwrap().as_str().ends_with(said));
    for other in [
        "<div class=sidebar><h2>Contact</h2><p>Ring the quokka desk on weekdays.</p></div>",
        "<div class=sidebar-box><h3>Latest news</h3><p><a href=/n/1>Quokka found</a></p></div>",
    ] {
        assert!(!article(other).to_lowercase().contains("quokka"), "{other}");
    }
}

#[test]
fn what_goes_by_within_an_article_is_not_the_articles() {
    for passing in [
        "<div role=alert><p>Quokka alert: snow is expected tonight.</p></div>",
        "<div role=status><p>Our phone lines are busy with quokkas.</p></div>",
        "<div role=marquee><p>Quokkas are on show.</p></div>",
        "<div class=rotator><p>Foster a quokka today.</p></div>",
        "<div class=news-ticker><p>Quokka news.</p></div>",
        "<div class='rotating-banner' role=alert><h3>Quokkas</h3><p>They are out. <a href=/q>More</a></p></div>",
    ] {
        assert!(!article(passing).to_lowercase().contains("quokka"), "{passing}: {}", article(passing));
    }
    for own in [
        "<div role=alert><p>Forty: the closing date is now 5 December.</p></div>",
        "<div role=alert class=alert><p>The meeting of the forty is cancelled because of snow.</p></div>",
        "<div role=status><p>Forty homes are meant.</p></div>",
    ] {
        assert!(article(own).to_lowercase().contains("forty"), "{own}");
    }
}

#[test]
fn a_button_that_opens_all_parts_is_no_text() {
    for words in ["Open all", "Close all sections", "Dangos popeth"] {
        let text = article(&format!("<div class=accordion__controls><button type=button>{words}</button></div><h2>Members</h2>"));
        assert!(!text.contains(words), "{text}");
    }
    let part = "<h2><button type=button>Show all that was agreed in November</button></h2><p>That the plan be agreed.</p>";
    assert!(article(part).contains("Show all that was agreed"), "a part's own heading");
}

#[test]
fn panels_that_each_lead_to_a_meetings_page_are_a_list_however_short_a_venue_is() {
    let panel = |(name, day, venue): (&str, &str, &str)| {
        let slug = name.replace(' ', "-");
        format!(
            "<div class=section><div><h2><span>{name}</span></h2><div>{day}</div></div><div><p>{venue}</p>\
             <p><a href=/meetings/{slug}>Papers and details<span hidden> for {name}</span></a></p></div></div>"
        )
    };
    for venue in ["Hall", "The Old Exchange", "Market Hall, Upper Room, by the stairs beside the library"] {
        let meetings = [
            ("Housing Board", "10 December 2026, 2pm", venue),
            ("Finance Board", "16 December 2026, 10.30am", "Dale House, Council Chamber"),
            ("Parenting Panel", "12 January 2027, 4.30pm", "Riverside Centre, Hall 2"),
        ];
        let reading = found(&format!(
            "<title>Improvement meetings</title><main><h1>Improvement meetings</h1><div>{}</div></main>",
            meetings.map(panel).concat()
        ));
        let keys: Vec<&str> = reading.items.iter().map(|item| item.key.rsplit('/').next().unwrap()).collect();
        assert_eq!(keys, ["Housing-Board", "Finance-Board", "Parenting-Panel"], "{venue}: {:?}", reading.warnings);
    }
}

#[test]
fn a_panel_that_is_opened_by_its_name_goes_by_that_and_not_by_the_link_within_it() {
    let meetings = [("Harbour Board", "7 December 2026"), ("Licensing Panel", "9 December 2026"), ("Cabinet", "15 January 2027")];
    for names_body in [true, false] {
        let opens = |(name, day): (&str, &str)| if names_body { format!("{name} – {day}") } else { day.to_owned() };
        for count in [2, 3] {
            let panel = |one: &(&str, &str)| {
                let (opens, slug) = (opens(*one), one.0.replace(' ', "-"));
                format!(
                    "<details><summary>{opens}</summary><p>7pm, Lantern Rooms</p><p><a href=/m/{slug}>Agenda</a></p></details>"
                )
            };
            let panels: String = meetings[..count].iter().map(panel).collect();
            let reading = found(&format!("<title>Board meetings</title><main><h1>Board meetings</h1>{panels}</main>"));
            let titles: Vec<&str> = reading.items.iter().map(|item| item.title.as_str()).collect();
            let expect: Vec<String> = meetings[..count].iter().map(|one| opens(*one)).collect();
            assert_eq!(titles, expect, "{panels}");
        }
    }
}

#[test]
fn what_opens_a_panel_names_it_whatever_boxes_its_words_stand_in() {
    let panel = |day: &str, file: &str, said: fn(&str) -> String| {
        let files =
            format!("<ul><li><a href=/f/{file}-agenda.pdf>Agenda</a></li><li><a href=/f/{file}-papers.pdf>Papers</a></li></ul>");
        format!("<details><summary>{}</summary><div>{files}</div></details>", said(&format!("Improvement Board – {day}")))
    };
    for said in [
        (|words| words.to_owned()) as fn(&str) -> String,
        |words| format!("<span class=title-header><div class=title-text>{words}</div></span><span class=icon></span>"),
        |words| format!("<div><p>{words}</p></div>"),
    ] {
        let panels = [("3 November 2026", "nov"), ("1 September 2026", "sep"), ("30 June 2026", "jun")];
        let panels: String = panels.into_iter().map(|(day, file)| panel(day, file, said)).collect();
        let read = found(&format!("<div id=content><h1>Improvement Board meetings</h1>{panels}</div>"));
        let told = read.items.iter().map(|item| (item.title.as_str(), item.documents.len())).collect::<Vec<_>>();
        let days = ["3 November 2026", "1 September 2026", "30 June 2026"].map(|day| format!("Improvement Board – {day}"));
        assert_eq!(told, days.iter().map(|title| (title.as_str(), 2)).collect::<Vec<_>>());
    }
}

#[test]
fn a_footer_between_a_headline_and_its_text_is_the_headlines() {
    let day = "<time itemprop=datePublished datetime=2026-11-15>15.11.2026</time>";
    let text = "<p>Three people were led to safety from a fire in a flat on Saturday night.</p><p>The alarm woke the family.</p>";
    let head = "<div class=header><h1>Three rescued</h1></div>";
    let page = |inner: &str| {
        let item = found(&format!("<main><div class=article>{inner}</div></main>")).items.remove(0);
        item.published.map(|day| day.to_string())
    };
    assert_eq!(page(&format!("{head}<div class=footer><p>{day}</p></div><div>{text}</div>")).as_deref(), Some("2026-11-15"));
    assert_eq!(
        page(&format!("{head}<div>{text}</div><div class=footer><p>© 15 November 2026 <a href=/>Home</a></p></div>")),
        None
    );
}
