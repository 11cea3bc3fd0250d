//! Lists of files that say below each when it was put there.

use super::*;

const FILES: [(&str, &str, &str); 3] = [
    ("Response to the second visit", "Word, 310 KB", "14 August 2026"),
    ("Stocktake, winter 2025", "PDF, 1.9 MB", "3 February 2026"),
    ("Terms of reference", "PDF, 77 KB", "21 November 2025"),
];

fn expected() -> Vec<String> {
    let days = ["2026-08-14", "2026-02-03", "2025-11-21"];
    FILES.iter().zip(days).zip(1..).map(|(((name, ..), day), at)| format!("{day} {name} </files/{at}.pdf>")).collect()
}

fn page(rest: &str) -> Reading {
    found(&format!("<title>Papers | Testshire</title><main><h1>Papers</h1><p>What was written for the review.</p>{rest}</main>"))
}

#[test]
fn a_day_below_a_file_is_that_files() {
    let check = |entry: &dyn Fn(&str, &str, &str, usize) -> String| {
        let entries: String = FILES.iter().zip(1..).map(|((name, size, day), at)| entry(name, size, day, at)).collect();
        assert_eq!(lines(&page(&entries)), expected(), "{entries}");
    };
    let icon = |at: usize| format!("<a class=i href=/files/{at}.pdf aria-hidden=true><svg viewBox='0 0 9 9'></svg></a>");
    let named = |name: &str, at: usize| format!("<a href=/files/{at}.pdf>{name}</a>");
    check(&|name, size, day, at| {
        format!("<div class=doc>{}<div>{}</div><div>{size}</div><div>{day}</div></div>", icon(at), named(name, at))
    });
    check(&|name, size, day, at| format!("<div class=doc><div>{}</div><div>{size}</div><p>{day}</p></div>", named(name, at)));
    check(&|name, size, day, at| format!("<div class=doc><p>{} ({size})</p><p>{day}</p></div>", named(name, at)));
    check(&|name, size, day, at| {
        format!("<section><div>{}</div><p><strong>{day}</strong></p><p>{size}</p></section>", named(name, at))
    });
    let listed = |(at, (name, size, day)): (usize, &(&str, &str, &str))| {
        format!("<li>{}<div>{}</div><div>{size}</div><div>{day}</div></li>", icon(at + 1), named(name, at + 1))
    };
    let list: String = FILES.iter().enumerate().map(listed).collect();
    assert_eq!(lines(&page(&format!("<ul>{list}</ul>"))), expected());
}

#[test]
fn a_day_above_what_was_told_and_its_file_begins_it() {
    let update = |(at, (name, _, day)): (usize, &(&str, &str, &str))| {
        format!(
            "<p>{day}</p><p>The commissioners wrote to the leader about what they saw.</p><p><a href=/files/{at}.pdf>{name}</a></p>"
        )
    };
    let flat: String = FILES.iter().enumerate().map(update).collect();
    let part = |file| format!("<div class=u>{}</div>", update(file));
    let parted: String = FILES.iter().enumerate().map(part).collect();
    for told in [flat, parted] {
        let titles: Vec<String> = page(&told).items.iter().map(|item| item.title.to_string()).collect();
        assert_eq!(titles, FILES.map(|(_, _, day)| day), "{told}");
    }
}

#[test]
fn the_size_of_a_file_may_stand_in_a_column_of_its_own() {
    let row = |(name, size, day): &(&str, &str, &str)| {
        let size = size.split_once(", ").unwrap().1;
        let file = name.to_lowercase().replace(' ', "-");
        format!(
            "<tr><td><img src=pdf.png alt=pdf></td><td><a href=/docs/{file}.pdf>{name}</a></td><td>{day}</td><td>{size}</td></tr>"
        )
    };
    let rows: String = FILES.iter().map(row).collect();
    let head = "<tr><th></th><th>Name</th><th>Date</th><th>Size</th></tr>";
    let items = found(&format!("<main><h1>Papers</h1><table><thead>{head}</thead><tbody>{rows}</tbody></table></main>")).items;
    assert_eq!(items.len(), FILES.len());
    for (item, (_, size, _)) in items.iter().zip(FILES) {
        let given = item.documents[0].size.as_ref().map(|size| size.as_str().to_owned());
        assert_eq!(given.as_deref().map(|given| size.ends_with(given)), Some(true), "{given:?}");
    }
}

#[test]
fn the_size_of_a_file_is_read_among_what_else_stands_behind_its_link() {
    let forms: [fn(&str, &str) -> String; 6] = [
        |link, size| {
            format!("<img src=pdf.svg alt=''><div>{link} <span>{size}</span> <span>Updated 3 November 2026</span></div>")
        },
        |link, size| format!("{link} <small>PDF {size} | Last updated: 03/11/2026</small>"),
        |link, size| format!("{link} (PDF, {size}, updated 3 November 2026)"),
        |link, size| format!("<p>{link}</p><p>{size} - uploaded 3 November 2026</p>"),
        |link, size| {
            format!("{link} <span>Updated 3 November 2026</span>, <span>{size}</span>, <a href=/help>Help with files</a>")
        },
        |link, size| format!("<h3>{link}</h3><div>File size: {size} Updated: 3 November 2026</div>"),
    ];
    let sizes = ["204 KB", "1.31MB", "1,340 kB"];
    for form in forms {
        let entry = |(at, (name, ..)): (usize, &(&str, &str, &str))| {
            format!("<li>{}</li>", form(&format!("<a href=/files/{at}.pdf>{name}</a>"), sizes[at]))
        };
        let entries: String = FILES.iter().enumerate().map(entry).collect();
        let items = page(&format!("<ul>{entries}</ul>")).items;
        let read: Vec<_> = items.iter().filter_map(|item| item.documents.first()?.size.as_deref()).collect();
        assert_eq!(read, sizes, "{entries}");
    }
}
