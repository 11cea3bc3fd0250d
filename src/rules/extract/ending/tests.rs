//! Which pages are whole, and of which only the beginning came.

use super::*;

const PAGE: &str = "<!DOCTYPE html><html lang=en><head><title>News</title><script>let a = 1;</script></head><body>\
     <nav><a href=\"/\">Home</a><a href=\"/contact\">Contact us</a></nav><main>\
     <h1>News</h1><ul><li><a href=\"/1\">Board, first</a></li><li>It's <!-- no --> second</li></ul></main>\
     <footer><p>Contact us</p><p>Testshire Council, High Street</p><p>© 2027</p><p>Privacy notice</p></footer></body></html>";

fn upto(end: &str) -> &'static [u8] {
    let end = PAGE.find(end).unwrap() + end.len();
    &PAGE.as_bytes()[..end]
}

fn is_cut(body: &[u8], closed_before: Option<bool>, before: Option<&[u8]>, sibling: Option<&[u8]>) -> bool {
    Ending::of(body).is_cut(body, Examples { closed_before, before, sibling })
}

#[test]
fn a_page_that_says_where_it_ends_is_whole_whatever_follows() {
    assert_eq!(Ending::of(PAGE.as_bytes()), Ending::Closed);
    assert_eq!(Ending::of(format!("{}<!-- 0.2 s", PAGE.to_uppercase()).as_bytes()), Ending::Closed);
    assert!(!is_cut(PAGE.as_bytes(), Some(true), Some(b"<html><body><p>Other words altogether"), None));
}

#[test]
fn what_stops_within_a_tag_a_comment_or_a_script_is_torn() {
    for end in ["<html lang", "<title>Ne", "let a", "<main", "href=\"/1", "<!-- no", "</ul", "second</"] {
        assert_eq!(Ending::of(upto(end)), Ending::Torn, "{end}");
        for closed_before in [None, Some(true)] {
            assert!(is_cut(upto(end), closed_before, None, None), "{end}");
        }
        assert!(is_cut(upto(end), Some(false), Some(PAGE.as_bytes()), None), "{end}");
    }
}

#[test]
fn what_stops_within_an_element_is_open_and_held_where_nothing_speaks_for_it() {
    for end in ["Board, fir", "<li>It's", "-->", "second</li>", "</ul>", "<p>Contact us"] {
        assert_eq!(Ending::of(upto(end)), Ending::Open, "{end}");
        let is_between_parts = end == "</ul>";
        assert_eq!(is_cut(upto(end), None, None, None), !is_between_parts, "{end}");
        assert!(is_cut(upto(end), Some(true), Some(PAGE.as_bytes()), None), "{end}");
        assert!(is_cut(upto(end), None, None, Some(PAGE.as_bytes())), "{end}");
        assert!(!is_cut(upto(end), Some(false), None, None), "pages of this kind were read like that");
    }
}

#[test]
fn a_page_that_only_leaves_out_optional_end_tags_is_whole() {
    let bare = upto("</footer>");
    assert_eq!(Ending::of(bare), Ending::Settled);
    for before in [None, Some(PAGE.as_bytes())] {
        for closed_before in [None, Some(true), Some(false)] {
            assert!(!is_cut(bare, closed_before, before, None));
        }
    }
    // With the words of another day, and an element that nobody ever closed.
    let today = String::from_utf8_lossy(bare).replace("2027", "2028").replace("Board, first", "Board, third");
    let unclosed = today.replace("<main>", "<main><div>");
    assert!(!is_cut(today.as_bytes(), Some(true), Some(PAGE.as_bytes()), None));
    assert!(!is_cut(unclosed.replace("</main>", "").as_bytes(), Some(true), Some(PAGE.as_bytes()), None));
    assert!(!is_cut(unclosed.replace("</main>", "").as_bytes(), None, None, Some(PAGE.as_bytes())));
}

#[test]
fn a_page_without_its_last_words_is_cut_though_no_element_is_open() {
    let flat = "<!doctype html><html><body><h1>Minutes</h1><p>Members met.</p><p>They agreed the plan.</p><p>They went home.</p>\
                <p>Printed by the council</p>";
    let whole = format!("{flat}</body></html>");
    let cut = &flat[..flat.find("<p>They agreed").unwrap()];
    assert_eq!(Ending::of(cut.as_bytes()), Ending::Settled);
    assert!(is_cut(cut.as_bytes(), Some(true), Some(whole.as_bytes()), None));
    assert!(!is_cut(flat.as_bytes(), Some(true), Some(whole.as_bytes()), None));
    let corrected = flat.replace("They went home.", "They went home at ten.");
    assert!(!is_cut(corrected.as_bytes(), Some(true), Some(whole.as_bytes()), None));
}

#[test]
fn a_page_that_never_closed_what_it_opened_ends_within_the_same() {
    let open = "<!doctype html><html><body><main><h1>Minutes</h1><ul><li>One</li></ul><p>They went home";
    let corrected = open.replace("went home", "stayed");
    let cut = &open[..open.find("One").unwrap()];
    assert!(!is_cut(corrected.as_bytes(), Some(false), Some(open.as_bytes()), None));
    assert!(is_cut(cut.as_bytes(), Some(false), Some(open.as_bytes()), None));
    assert!(is_cut(corrected.as_bytes(), Some(true), Some(format!("{open}</p></main></body></html>").as_bytes()), None));
}

#[test]
fn a_part_of_a_page_and_what_is_no_page_are_as_they_are() {
    for body in ["<ul><li>One</li>", "{\"items\": [", "<rss><channel><item><title>a", ""] {
        assert_eq!(Ending::of(body.as_bytes()), Ending::Loose, "{body}");
        assert!(!is_cut(body.as_bytes(), Some(true), Some(PAGE.as_bytes()), None), "{body}");
    }
}
