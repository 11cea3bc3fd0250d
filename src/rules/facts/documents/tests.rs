//! What a link's words say of its file.

use super::*;

#[test]
fn a_name_is_parted_from_kind_size_and_icon() {
    let check = |text: &str, title: &str, kind: Option<&str>, size: Option<&str>| {
        let named = named(text);
        assert_eq!((named.title, named.kind, named.size), (title, kind, size), "{text}");
    };
    check("Improvement Plan pdf icon PDF 468 KB", "Improvement Plan", Some("pdf"), Some("468 KB"));
    check("Improvement Plan PDF 468 KB", "Improvement Plan", Some("pdf"), Some("468 KB"));
    check("Improvement PlanPDF 468 KB", "Improvement Plan", Some("pdf"), Some("468 KB"));
    check("polc2 - 23.09.2015 PDF 119 KB", "polc2 - 23.09.2015", Some("pdf"), Some("119 KB"));
    check("Budget (DOCX, 1.2MB)", "Budget", Some("docx"), Some("1.2MB"));
    check("Leaflet WORD 96 KB", "Leaflet", Some("doc"), Some("96 KB"));
    check("Notes RICH TEXT 9 KB", "Notes", Some("rtf"), Some("9 KB"));
    check("Last WORD", "Last WORD", None, None);
    check("A small text 9 KB", "A small text", None, Some("9 KB"));
    check("Agenda (156Kb)", "Agenda", None, Some("156Kb"));
    check("Terms of reference [pdf]", "Terms of reference", Some("pdf"), None);
    check("Plan (Word, 96 KB)", "Plan", Some("doc"), Some("96 KB"));
    check("Appendix 1 , item 16. PDF 95 KB", "Appendix 1", Some("pdf"), Some("95 KB"));
    check("Sufficiency strategy, item 5.", "Sufficiency strategy", None, None);
    check("Budget, line item 5", "Budget, line item 5", None, None);
    check("(Download Agenda. 120KB)", "Agenda", None, Some("120KB"));
    check("Plan pdf icon", "Plan", Some("pdf"), None);
    // A title may stand in another line.
    check("pdf icon PDF 468 KB", "", Some("pdf"), Some("468 KB"));
    check("(PDF, 2 MB)", "", Some("pdf"), Some("2 MB"));
    check("Appendix B", "Appendix B", None, None);
    check("Budget gap narrows to £4m", "Budget gap narrows to £4m", None, None);
    check("Town centre 10k", "Town centre 10k", None, None);
    check("Budget gap PDF 468k", "Budget gap", Some("pdf"), Some("468k"));
    check("A new PDF", "A new PDF", None, None);
    check("Vitamin B12 b", "Vitamin B12 b", None, None);
    check("Report (Appendix 2)", "Report (Appendix 2)", None, None);
    check("", "", None, None);
}

#[test]
fn a_size_of_thousands_is_read_whole() {
    let check = |text: &str, title: &str, size: &str| {
        let named = named(text);
        assert_eq!((named.title, named.kind, named.size), (title, Some("pdf"), Some(size)), "{text}");
    };
    for size in ["1,340 KB", "1 340 KB", "1\u{a0}340 KB", "1\u{202f}340 KB", "1,234,567 bytes", "1,340KB", "12 340 KB"] {
        check(&format!("Report (PDF, {size})"), "Report", size);
        check(&format!("Report [{size} PDF]"), "Report", size);
        check(&format!("Report PDF {size}"), "Report", size);
    }
    check("Appendix 1 (PDF, 340 KB)", "Appendix 1", "340 KB");
    check("Report (PDF,340KB)", "Report", "340KB");
    check("Report (PDF, 1,340 KB, 12 pages)", "Report", "1,340 KB");
    // A number may be the name's.
    let of = |text: &'static str| (named(text).title, named(text).size);
    assert_eq!(of("Appendix 1 340 KB"), ("Appendix 1", Some("340 KB")));
    assert_eq!(of("Budget 2026 340 KB"), ("Budget 2026", Some("340 KB")));
    assert_eq!(about("1,340 KB").map(|about| about.size), Some(Some("1,340 KB")));
}

#[test]
fn a_line_about_a_file_is_told_from_a_sentence() {
    let check = |line: &str, expect: Option<(Option<&str>, Option<&str>)>| {
        assert_eq!(about(line).map(|about| (about.kind, about.size)), expect, "{line}");
    };
    check("PDF, 917KB, 16 pages", Some((Some("pdf"), Some("917KB"))));
    check("MS Excel Spreadsheet, 144KB", Some((Some("xls"), Some("144KB"))));
    check("(DOCX 1.2 MB)", Some((Some("docx"), Some("1.2 MB"))));
    check("(156Kb)", Some((None, Some("156Kb"))));
    check("HTML", Some((Some("html"), None)));
    check("Ref: ABC-1, PDF, 2 pages", Some((Some("pdf"), None)));
    check("The plan, in PDF, is 16 pages long", None);
    check("", None);
}

#[test]
fn restricted_documents_have_no_link() {
    let url = Url::parse("https://example.org/documents/s1/x.pdf").unwrap();
    let check = |text: &str, url: Option<&Url>, restricted: bool, linked: bool| {
        let document = document(text, url).unwrap();
        assert_eq!((document.restricted, document.url.is_some()), (restricted, linked), "{text}");
    };
    check("Restricted enclosure", None, true, false);
    check("Restricted enclosure 2", Some(&url), true, false);
    check("Exempt Appendix B", None, true, false);
    check("Appendix B , View reasons restricted (97/3)", Some(&url), true, false);
    check("Appendix B, view the reasons why document 97/3 is restricted", Some(&url), true, false);
    assert_eq!(document("Appendix B , View reasons", Some(&url)).unwrap().title, "Appendix B");
    check("Policy on confidential files", Some(&url), false, true);
    check("Appendix 1 to follow", None, false, false);
    assert!(is_to_follow("Appendix 1 to follow"));
}
