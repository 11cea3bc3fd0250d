//! Where what a text says ends: papers at its end are part of it, whatever follows; a decision ends with the row that names it.

use super::*;

fn article(content: &str) -> Item {
    let mut reading = found(&format!("<main><h1>Board meets in March</h1>{content}</main>"));
    assert_eq!(reading.items.len(), 1, "{content}");
    reading.items.remove(0)
}

const TOLD: &str = "<p>The board heard that forty actions of the plan are complete, and thanked its director.</p>";

#[test]
fn papers_at_the_end_of_a_text_are_part_of_it_whatever_follows_them() {
    let paper = |n: u32| format!("<a href=/files/report-{n}.pdf>Report {n} (PDF, 9{n} KB)</a>");
    for papers in [
        format!("<h2>Documents</h2><ul><li>{}</li><li>{}</li></ul>", paper(1), paper(2)),
        format!("<h2>Supporting documents</h2><p>{}</p><p>{}</p>", paper(1), paper(2)),
        format!("<h3>Downloads</h3><div class=download>{}</div><div class=download>{}</div>", paper(1), paper(2)),
        format!("<div class=file>{}</div><div class=file>{}</div>", paper(1), paper(2)),
        format!("<ul class=files><li>{}</li><li>{}</li></ul>", paper(1), paper(2)),
    ] {
        let bare = article(&format!("{TOLD}{papers}"));
        let text = bare.text.as_ref().unwrap().as_str();
        assert!(text.contains("Report 1") && text.contains("Report 2"), "{papers}: {text}");
        assert_eq!(bare.documents.len(), 2, "{papers}");
        for below in [
            "<p><a href=/print>Print this page</a></p>",
            "<p>Print this page</p>",
            "<button>Print this page</button>",
            "<p>Last updated: 3 March 2027</p>",
            "<div class=share><a href=https://x.com/share>Share</a></div>",
            "<p><a href=/news>Back to news</a></p>",
        ] {
            let page = article(&format!("{TOLD}{papers}{below}"));
            assert_eq!((page.text.as_ref().unwrap().as_str(), &page.documents), (text, &bare.documents), "{papers}{below}");
        }
    }
}

#[test]
fn what_stands_beside_a_term_is_decided_and_not_what_follows_the_list() {
    const REST: &str =
        "<p>The board thanked all who had written to it in the spring.</p><p>It meets again in May, in the town hall.</p>";
    for record in [
        "<dl><dt>Decision maker</dt><dd>The Board</dd><dt>Decision</dt><dd>That the plan be agreed.</dd></dl>",
        "<dl><dt>Decision</dt><dd>That the plan be agreed.</dd><dt>Lead officer</dt><dd>Ann Hale</dd></dl>",
        "<dl><div><dt>Decision:</dt><dd><p>That the plan be agreed.</p></dd></div><div><dt>Ward</dt><dd>All</dd></div></dl>",
        "<table><tr><th>Decision</th><td>That the plan be agreed.</td></tr><tr><th>Ward</th><td>All</td></tr></table>",
    ] {
        let decided: Vec<String> =
            article(&format!("{TOLD}{record}{REST}")).decisions.iter().map(|decision| decision.text.to_string()).collect();
        assert_eq!(decided, ["That the plan be agreed."], "{record}");
    }
    let clauses =
        "<dl><dt>Decision</dt><dd><ul><li>That the plan be agreed.</li><li>That it be looked at in May.</li></ul></dd></dl>";
    assert_eq!(article(&format!("{TOLD}{clauses}{REST}")).decisions.len(), 2);
    let headed = "<h2>Decision</h2><p>That the plan be agreed.</p><p>That it be looked at in May.</p>";
    assert_eq!(article(&format!("{TOLD}{headed}")).decisions.len(), 2);
}
