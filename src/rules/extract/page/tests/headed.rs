//! Lists that their page's headline names, beside prose.

use super::*;

const PROSE: &str = "<p>Papers are published five clear working days before a meeting. Some matters have to be discussed in private \
    because they concern particular people or contracts, and the agenda says which they are and why.</p>\
    <p>Anyone may put a question to the chair in writing up to noon on the second working day before a meeting. Questions and the \
    answers to them are printed with the minutes, unless the chair declines one that was answered before.</p>";

fn at(title: &str, above: &str, folder: &str) -> Reading {
    let entry =
        |name: &str| format!("<li><a href={folder}{}/>{name}: autumn papers</a></li>", name.replace(' ', "-").to_lowercase());
    let list: String = ["Schools Panel", "Family Hub", "Roads Board"].map(entry).concat();
    let markup = format!("<title>{title} | Testshire</title><main><h1>{title}</h1>{above}<ul>{list}</ul>{PROSE}</main>");
    let url = Url::parse("https://www.anytown.example/boards/papers/").unwrap();
    read(&Document::parse(&markup, &url).unwrap(), &url, &Select::default())
}

#[test]
fn a_list_that_its_headline_names_is_read_beside_prose_which_is_the_page_s() {
    for above in ["", "<p>All papers are here, and those of earlier years are in the store of the county's records office.</p>"] {
        let reading = at("Papers of partnerships", above, "/boards/papers/");
        let titles: Vec<&str> = reading.items.iter().map(|item| item.title.as_str()).collect();
        assert_eq!(
            titles,
            ["Schools Panel: autumn papers", "Family Hub: autumn papers", "Roads Board: autumn papers"],
            "{above}"
        );
        let page = reading.page.unwrap();
        let said = page.text.unwrap();
        assert!(said.as_str().contains("five clear working days") && !said.as_str().contains("Schools Panel"), "{said}");
    }
}

#[test]
fn a_story_with_links_at_its_end_stays_one() {
    let is_one = |reading: &Reading| reading.items.len() == 1 && reading.page.is_none();
    assert!(is_one(&at("Leader welcomes what the inspectors said of homes", "", "/boards/papers/")), "another headline");
    assert!(is_one(&at("Papers of partnerships", "", "/services/")), "links to elsewhere");
    assert!(is_one(&at("New papers of partnerships", "<p>3 November 2026</p>", "/boards/papers/")), "a day");
    assert!(
        is_one(&at("Papers of partnerships", "<p>What is new.</p><h2>Related pages</h2>", "/boards/papers/")),
        "related pages"
    );
}
