//! What an element is called, and what it says: a name alone takes nothing away from a text.

use super::*;

fn text(inner: &str) -> String {
    let opening = "<p>The panel met in the town hall and heard from six schools about places for next year.</p>";
    let closing = "<p>It meets again when the schools have answered.</p>";
    let page = found(&format!(
        "<title>Places for next year | Testshire</title><main><h1>Places for next year</h1><p>Published 4 May 2026</p>\
         <div>{opening}{inner}{closing}</div></main>"
    ));
    page.items.iter().filter_map(|item| item.text.as_ref()).map(|text| text.as_str().replace('\n', " / ")).collect()
}

#[test]
fn prose_stays_whatever_its_element_is_called() {
    let said = "Forty families answered the letter, and most were content.";
    for inner in [
        format!("<section id=feedback-from-families><h2>What they said</h2><p>{said}</p></section>"),
        format!("<section id=feedback-from-families><p>{said} See <a href=/a>the list</a>.</p></section>"),
        format!("<h2 id=feedback-from-families>Feedback from families</h2><p>{said}</p>"),
        format!("<h2 class=related>What they said</h2><p>{said}</p>"),
        format!("<h2>Latest news</h2><p>{said}</p>"),
        format!("<h3>Recent news</h3><p>{said}</p><p>The rest will be asked in June.</p>"),
        format!("<h2>Latest news</h2><p>The <a href=/letters/1>letter</a> went out in March to all of them.</p><p>{said}</p>"),
        format!("<h2>Share your views</h2><p>{said}</p>"),
        format!("<h2>Subscribe to garden waste</h2><p>{said}</p>"),
        format!("<div class=footer-note><p>{said}</p></div>"),
        format!("<p class=sharing-information>{said}</p>"),
        format!("<ul><li id=comments-from-the-chair>{said}</li></ul>"),
        format!("<div class=share-of-the-budget><p>{said}</p></div>"),
        format!("<div class='entry category-feedback tag-share'><p>{said}</p></div>"),
    ] {
        assert!(text(&inner).contains(said), "{inner}");
    }
}

#[test]
fn what_only_leads_on_or_asks_is_the_sites() {
    for inner in [
        "<div class=share><p>Share this: <a href=//f.example>Quokkabook</a> <a href=//t.example>Twittle</a></p></div>",
        "<div class=related><ul><li><a href=/a>Quokka schools</a><li><a href=/b>Quokka roads</a></ul></div>",
        "<div class=sidebar><p>The Quokka office is open on weekdays.</p></div>",
        "<div class=newsletter><p>Quokka news by email.</p><input name=email></div>",
        "<p>Did this page help? <a href=#>Quokka</a></p>",
        "<h2>Share your feedback</h2><p>Quokka is how we get better at this.</p>",
        "<h2>Sign up for news by email</h2><p>Quokka comes each Friday.</p>",
        "<div class=carousel><div><h3>Quokka one</h3><a href=/a>Find out more</a></div><div><h3>Two</h3><a href=/b>More</a></div></div>",
        "<div class=add-to-calendar><button>Add to calendar</button><ul><li><a href=//g.example>Quokka</a></li></ul></div>",
        "<details><summary>Add to calendar</summary><ul><li><a href=/quokka.ics>Quokka</a></li></ul></details>",
        "<div><h2>More on this story</h2><ul><li><a href=/n/1>Quokka</a></li><li><a href=/n/2>Quokkas</a></li></ul></div>",
        "<h2>Related topics</h2><ul><li><a href=/t/1>Quokka</a></li><li><a href=/t/2>Quokkas</a></li></ul>",
        "<div><h2>News</h2><ul><li><a href=/a>Quokka schools</a> <span>2 days ago</span><li><a href=/b>Quokka roads</a></ul></div>",
    ] {
        assert!(!text(inner).contains("Quokka"), "{inner}: {}", text(inner));
    }
}

#[test]
fn an_aside_below_the_headline_that_calls_something_off_is_told() {
    let said = "The visit on Monday has been cancelled because of the snow.";
    let page = found(&format!(
        "<title>Visits | Testshire</title><div id=page><div><h1>Visits to schools this year</h1>\
         <aside><h2>Visit cancelled</h2><p>{said}</p></aside><p>Members visit each school in the term after it was inspected.</p>\
         <p>Published 4 May 2026</p></div><aside><p>The office is open on weekdays.</p></aside></div>"
    ));
    let text = page.items[0].text.as_ref().unwrap().as_str();
    assert!(text.contains(said), "{text}");
    assert!(!text.contains("weekdays"), "{text}");
}

/// The text of a page with these parts around its text.
fn with(above: &str, inner: &str, is_marked: bool) -> String {
    let told = "<p>The panel met in the town hall and heard from six schools about places for next year.</p>\
        <p>It meets again when the schools have answered.</p>";
    let body = format!("{above}<h1>Places for next year</h1><p>Published 4 May 2026</p>{inner}{told}");
    let body = if is_marked { format!("<main>{body}</main>") } else { format!("<div id=page><div>{body}</div></div>") };
    let page = found(&format!("<title>Places for next year | Testshire</title>{body}"));
    page.items.iter().filter_map(|item| item.text.as_ref()).map(|text| text.as_str().replace('\n', " / ")).collect()
}

#[test]
fn a_part_of_a_text_stays_where_nothing_marks_the_content() {
    let said = "Forty families answered the letter, and most were content.";
    for inner in [
        format!("<p class=share>{said}</p>"),
        format!("<p class=footer>{said}</p>"),
        format!("<ul><li class=header>{said}</li><li>None objected.</li></ul>"),
        format!("<section class=social><h2>Social care</h2><p>{said}</p></section>"),
        format!("<div role=complementary><p>{said}</p></div>"),
        format!("<aside><p>{said}</p></aside>"),
    ] {
        for is_marked in [true, false] {
            let read = with("", &format!("<p>The letter went out in March.</p>{inner}"), is_marked);
            assert!(read.contains(said), "{inner}: {read}");
        }
    }
    let site = with("", "<p class=share><a href=//f.example>Quokkabook</a> <a href=//t.example>Twittle</a></p>", false);
    assert!(!site.contains("Quokka"), "{site}");
}

#[test]
fn what_stands_above_the_headline_and_opens_the_title_of_the_window_is_not_the_headline() {
    let page = |headings: &str| {
        let said = "<p>Present: the chair, the clerk and nine members, who agreed what to ask of the county.</p>";
        found(&format!("<title>Upper Tarn Joint Committee - minutes</title><main>{headings}{said}</main>")).items.remove(0).title
    };
    let (committee, minutes) = ("Upper Tarn Joint Committee", "Minutes of 12 September 2025");
    assert_eq!(page(&format!("<h2>{committee}</h2><h1>{minutes}</h1>")), minutes);
    assert_eq!(page(&format!("<h1>Democracy</h1><h2>{committee}</h2>")), committee);
}

#[test]
fn a_notice_above_the_headline_that_speaks_of_the_page_is_read() {
    for notice in [
        "<div class=alert><p>Forty: this meeting has been cancelled.</p></div>",
        "<div class=notice><p>Forty: this page is no longer kept up to date.</p></div>",
        "<div role=alert class=notification-banner><p>The visit of the forty on 3 May is postponed.</p></div>",
        "<div class=alert><p>Important: the venue has changed. The forty are in the Guildhall.</p></div>",
        "<div role=alert><p>New venue: Guildhall, room forty.</p></div>",
    ] {
        assert!(with(notice, "", true).to_lowercase().contains("forty"), "{notice}: {}", with(notice, "", true));
    }
    for notice in [
        "<div class=alert><p>Quokka Lane is closed on Monday. <a href=/roads>Find out more</a></p></div>",
        "<div class='alert site-alert'><p>Quokka collections are cancelled today.</p></div>",
        "<div class=banner><p>Quokka passes are on sale.</p></div>",
    ] {
        assert!(!with(notice, "", true).contains("Quokka"), "{notice}: {}", with(notice, "", true));
    }
}

#[test]
fn what_opens_as_a_correction_above_the_headline_is_read_whatever_it_stands_in() {
    for said in [
        "<strong>Correction:</strong> the survey was answered by 560 Quokkas, not 600.",
        "Corrected 19 November: 560 Quokkas answered, not 600.",
        "Update, 19 November: the Quokka survey now closes on 8 January.",
        "<strong>Updated 19 November 2026:</strong> the Quokka form has nine pages, not eleven.",
        "<strong>Please note:</strong> this Quokka event has been cancelled.",
        "<strong>ERRATUM:</strong> for 600 Quokkas read 560.",
        "Cancelled: the Quokka walk on 3 May.",
        "Correction: Quokka Lane has 40 bins, not 400.",
    ] {
        for (open, close) in [
            ("<p>", "</p>"),
            ("<div>", "</div>"),
            ("<div><p>", "</p></div>"),
            ("<section><p>", "</p></section>"),
            ("<aside><p>", "</p></aside>"),
            ("<blockquote><p>", "</p></blockquote>"),
            ("<div class=panel>", "</div>"),
            ("<div class=message><p>", "</p></div>"),
            ("<div class=announcement>", "</div>"),
            ("<div class=info-box>", "</div>"),
            ("<div class=govuk-inset-text>", "</div>"),
            ("<div class=callout><p>", "</p></div>"),
        ] {
            let notice = format!("{open}{said}{close}");
            let read = with(&notice, "", true);
            assert_eq!(read.matches("Quokka").count(), 1, "{notice}: {read}");
        }
    }
}

#[test]
fn what_a_site_tells_all_of_its_visitors_is_not_read_above_a_headline() {
    for said in [
        "Snow is expected in Quokka Lane. Please take care.",
        "Online payments are unavailable in Quokka until 5pm.",
        "Bin collections in Quokka are a day late.",
        "Our Quokka phone lines are closed on Monday.",
        "Please note: Quokka council offices close at noon on Friday.",
        "Update: Quokka bin collections are back to normal this week.",
    ] {
        for class in ["notice", "callout", "important", "govuk-warning-text", "panel", ""] {
            let notice = format!("<div class='{class}'><p>{said}</p></div>");
            assert!(!with(&notice, "", true).contains("Quokka"), "{notice}: {}", with(&notice, "", true));
        }
    }
    for day in ["Updated 19 November 2026", "Updated: 19 November 2026", "Update"] {
        let notice = format!("<p>{day}</p>");
        assert!(!with(&notice, "", true).contains("Update"), "{notice}: {}", with(&notice, "", true));
    }
}

#[test]
fn a_banner_of_the_whole_site_is_in_no_text() {
    for banner in [
        "<div class=site-alert><p>Quokka Lane is closed this week.</p></div>",
        "<div class=banner><h2>Quokka passes</h2><p>They are on sale now.</p><a href=/leisure/passes>Buy a Quokka pass</a></div>",
        "<div class=cta><h2>Foster with Quokka</h2><p>Families need you.</p><a href=/foster>Apply</a></div>",
    ] {
        assert!(!with("", banner, true).contains("Quokka"), "{banner}: {}", with("", banner, true));
    }
    for own in [
        "<div class='alert alert-info'><p>The Forty have asked for more. Read <a href=/letters/1>what they wrote</a> in full.</p></div>",
        "<div class=callout><h3>Forty places</h3><p>The survey ends on 5 May.</p><a href=/consultations/places>Take part</a></div>",
        "<div class=banner><p>Forty more places will be found.</p></div>",
        "<div class=notification-banner><p>The Forty meet on 14 May.</p><p><a href=/visits/hall>See the new hall</a></p></div>",
        "<div class=site-visit-notice><p>The Forty visit the site on 14 May.</p></div>",
    ] {
        assert!(with("", own, true).contains("Forty"), "{own}: {}", with("", own, true));
    }
}

#[test]
fn a_status_that_only_a_drawing_shows_is_read_once() {
    for mark in [
        "<svg viewBox='0 0 9 9'><title>Withdrawn</title><path d=M0/></svg>",
        "<svg role=img aria-label=Withdrawn></svg>",
        "<span class=icon role=img aria-label=Withdrawn></span>",
        "<i class='fa fa-times' aria-label=Withdrawn></i>",
        "<svg aria-label=Withdrawn></svg> Withdrawn",
    ] {
        let read = with("", &format!("<table><tr><td>Hill School</td><td>{mark}</td></tr></table>"), true);
        assert_eq!(read.matches("Withdrawn").count(), 1, "{mark}: {read}");
    }
    let drawn = with("", "<p>See us on <svg><title>Quokkabook</title></svg> each week.</p>", true);
    assert!(!drawn.contains("Quokka"), "{drawn}");
}

#[test]
fn the_parts_of_a_welsh_page_are_told_from_its_text() {
    for inner in [
        "<div><p>Ar y dudalen hon</p><ul><li><a href=#a>Quokka a</a></li><li><a href=#b>Quokka b</a></li></ul></div>",
        "<div><h2>Tanysgrifio i'n cylchlythyr</h2><p>Newyddion Quokka drwy e-bost.</p><form><input type=email><button>Tanysgrifio</button></form></div>",
    ] {
        assert!(!with("", inner, true).contains("Quokka"), "{inner}: {}", with("", inner, true));
    }
    for end in [
        "<h2>Rhannu'r dudalen hon</h2><ul><li><a href=//f.example/s>Quokkabook</a></li></ul>",
        "<h2>Oedd y dudalen hon yn ddefnyddiol?</h2><p>Quokka.</p>",
        "<p><a href=/newyddion>Yn ôl i newyddion Quokka</a></p>",
        "<p>Tagiau: <a href=/t/q>Quokka</a></p>",
        "<h2>Newyddion cysylltiedig</h2><ul><li><a href=/n/1>Quokka</a></li></ul>",
    ] {
        let page = found(&format!(
            "<title>Lleoedd ysgol | Sir Test</title><main><h1>Lleoedd ysgol</h1><p>Cyhoeddwyd: 4 Mai 2026</p><p>Cyfarfu'r panel yn neuadd \
             y dref a chlywodd gan chwe ysgol am leoedd y flwyddyn nesaf.</p>{end}</main>"
        ));
        let [item] = page.items.as_slice() else { panic!("{end}: {:?}", page.warnings) };
        assert_eq!(item.text.as_ref().unwrap().as_str().lines().count(), 1, "{end}: {:?}", item.text);
        assert_eq!(item.published.unwrap().to_string(), "2026-05-04", "{end}");
    }
}

fn titles(markup: &str) -> Vec<String> {
    found(markup).items.iter().map(|item| item.title.to_string()).collect()
}

#[test]
fn an_entry_whose_link_names_nothing_is_called_by_the_day_beside_it() {
    const DAYS: [&str; 3] = ["Monday 4 May 2026", "Monday 1 June 2026", "Monday 6 July 2026"];
    let page = |entry: &dyn Fn(usize, &str) -> String| {
        let entries: String = DAYS.iter().enumerate().map(|(n, day)| entry(n, day)).collect();
        format!("<h1>Minutes of meetings</h1>{entries}")
    };
    assert_eq!(titles(&page(&|n, day| format!("<p>{day} - <a href=/docs/{n}.pdf>click here</a></p>"))), DAYS);
    assert_eq!(titles(&page(&|n, day| format!("<p>{day}: <a href=/minutes/{n}>here</a></p>"))), DAYS);
    assert_eq!(titles(&page(&|n, day| format!("<p>{day}</p><p><a href=/docs/{n}.pdf>Click here</a></p>"))), DAYS);
}

#[test]
fn papers_that_are_all_called_the_same_under_months_are_told_apart_by_these() {
    let month = |(n, month): (usize, &str)| {
        format!("<li>{month} 2025<ul><li><a href=/m{n}.pdf>Minutes</a></li><li><a href=/a{n}.pdf>Agenda</a></li></ul></li>")
    };
    let months: Vec<String> = ["May", "June", "July"].into_iter().enumerate().map(month).collect();
    let expect =
        ["May", "June", "July"].iter().flat_map(|month| [format!("Minutes, {month} 2025"), format!("Agenda, {month} 2025")]);
    assert_eq!(titles(&format!("<h1>Parish council</h1><ul>{}</ul>", months.concat())), expect.collect::<Vec<_>>());
}

#[test]
fn a_story_about_a_body_was_posted_on_its_day() {
    let entry = |(day, title): &(&str, &str)| {
        let stamp = format!("<p>Press release &bull; <time datetime={day}T16:30:00Z>{day} 16:30 GMT</time></p>");
        format!(
            "<article><header>{stamp}<h2><a href=/n/{}>{title}</a></h2></header><p>The full story.</p></article>",
            title.len()
        )
    };
    let titles = [
        ("2026-03-31", "Council exits intervention"),
        ("2026-03-19", "Improvement board holds its last meeting"),
        ("2026-03-02", "Library hours agreed"),
    ];
    let items = found(&format!("<h1>Newsroom</h1>{}", titles.iter().map(entry).collect::<Vec<_>>().concat())).items;
    let days: Vec<String> = items.iter().filter_map(|item| item.published).map(|day| day.to_string()).collect();
    assert_eq!(days, titles.map(|(day, _)| day));
}
