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
