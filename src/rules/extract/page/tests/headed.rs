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

#[test]
fn the_pages_of_a_section_below_a_short_introduction_are_what_its_page_lists() {
    let under = |heading: &str, prose: &str| {
        let pages =
            ["plan", "findings", "workstreams"].map(|page| format!("<li><a href={page}/>Our {page} in short</a></li>")).concat();
        let markup = format!("<main><h1>Getting better</h1><p>{prose}</p><h2>{heading}</h2><ul>{pages}</ul></main>");
        let url = Url::parse("https://www.anytown.example/improvement/").unwrap();
        read(&Document::parse(&markup, &url).unwrap(), &url, &Select::default())
    };
    let short = "In March the government told us to improve. These pages say how we are going about it, month by month and in turn, \
        and what the team that keeps them up to date has still to do before the next visit of those who look at our work for it.";
    let reading = under("In this section", short);
    assert_eq!(reading.items.len(), 3);
    assert!(reading.page.is_some());
    assert_eq!(under("In this section", &short.repeat(4)).items.len(), 1, "an article");
    assert_eq!(under("See also", short).items.len(), 1, "other pages");
}

#[test]
fn the_only_entry_of_a_list_of_terms_is_one_of_what_the_headline_names() {
    let page = |headline: &str| {
        let markup = format!(
            "<div><h1>{headline}</h1><p>By law some of these must be made public, and they are posted here until their period ends.</p>\
             <dl><dt>November 13, 2025</dt><dt><a href=/legal/holm-park/>Protection order: Holm Park</a></dt><dd><p>Objections by 5 \
             December 2025. <a href=/legal/holm-park/>Read more</a></p></dd></dl><h2>How to object</h2><p>Write to the solicitor, \
             quoting what you object to. We reply within ten working days.</p></div>"
        );
        let reading = found(&markup);
        reading.items.iter().map(line).collect::<Vec<_>>()
    };
    assert_eq!(page("Statutory notices"), ["2025-11-13 Protection order: Holm Park </legal/holm-park/>"]);
    assert_eq!(page("How we protect Holm Park"), ["- How we protect Holm Park </news>"]);
}

#[test]
fn a_page_made_up_of_widgets_has_its_content_in_them() {
    let page = "<body><h1>Improvement Board news</h1><div class='widget_news widget'><div class='item'><h2><a \
        href=/News/2214/17>Chair's letter</a></h2><p class=item_date>26 June 2025</p><p>The chair sets out what the board has heard.\
        </p></div></div><div class='widget content'><h2>Contact</h2><p>Email board@example.org</p></div></body>";
    assert_eq!(lines(&found(page)), ["2025-06-26 Chair's letter </News/2214/17>"]);
}
