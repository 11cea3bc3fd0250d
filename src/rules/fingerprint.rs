//! What decides whether an item was revised: a hash over its normalised record, never over a page or its markup.
//!
//! Clerks re-paste texts and systems change quotation marks, dashes and spacing; none of that is news. What people would
//! call a change is: words, dates, decisions, documents and their sizes (a replaced file keeps its address).

pub(crate) mod bytes;
mod remarks;

use crate::domain::item::{Document, Fingerprint, Item, hash_hex};
use crate::domain::text::SafeHtml;
use crate::rules::extract::key;
use chrono::NaiveDate;
use icu_normalizer::ComposingNormalizerBorrowed;
use std::collections::BTreeSet;
use url::Url;

/// The fingerprint of what is known of `item`. Its key and address are not part of it, nor is its markup but for where it
/// links to; nor are the next meeting and the commitments: they are read from its text and its own days, which are, so that
/// nothing can change in them alone.
#[must_use]
pub fn fingerprint(item: &Item) -> Fingerprint {
    let mut record = Record::default();
    record.exact("title", &remarks::without(item.title.as_str()));
    record.day("published", item.published);
    if let Some(meeting) = &item.meeting {
        record.words("meeting body", meeting.body.as_ref().map_or("", |b| b.as_str()));
        record.day("meeting date", meeting.date);
        record.words("meeting item", meeting.item.as_ref().map_or("", |i| i.as_str()));
    }
    record.exact("stage", &format!("{:?}", item.stage));
    record.exact("text", &remarks::without(item.text.as_ref().map_or("", |t| t.as_str())));
    for target in item.html.iter().flat_map(targets) {
        record.exact("link", &target);
    }
    let mut documents: Vec<Record> = item.documents.iter().map(document).collect();
    // In which order a page names its documents is layout.
    documents.sort();
    for document in documents {
        record.fields.extend(document.fields);
    }
    for decision in &item.decisions {
        record.words("decision", decision.text.as_str());
    }
    record.words("reasons", item.reasons.as_ref().map_or("", |r| r.as_str()));
    record.words("options rejected", item.options_rejected.as_ref().map_or("", |o| o.as_str()));
    let parts: Vec<&[u8]> = record.fields.iter().map(Vec::as_slice).collect();
    Fingerprint(hash_hex(&parts))
}

/// What a text links to, each once and in an order of its own: how often and where is layout.
pub(crate) fn targets(html: &SafeHtml) -> BTreeSet<String> {
    const HREF: &str = " href=\"";
    let mut found = BTreeSet::new();
    let mut rest = html.as_str();
    while let Some(at) = rest.find(HREF) {
        rest = rest.get(at + HREF.len()..).unwrap_or_default();
        let (raw, after) = rest.split_once('"').unwrap_or((rest, ""));
        let url = Url::parse(&raw.replace("&amp;", "&")).ok();
        found.extend(url.filter(Url::has_host).as_ref().map(key::document));
        rest = after;
    }
    found
}

fn document(document: &Document) -> Record {
    let mut record = Record::default();
    record.exact("document address", &document.url.as_ref().map(key::document).unwrap_or_default());
    record.exact("document", &remarks::without(document.title.as_str()));
    // An address is one kind of file; whether a page names it is layout.
    record.exact("document kind", document.kind.as_deref().filter(|_| document.url.is_none()).unwrap_or_default());
    record.exact("document size", &document.size.as_deref().map(bytes::plain).unwrap_or_default());
    record.exact("document restricted", if document.restricted { "yes" } else { "no" });
    record
}

/// The fields of a record with their names, so that no text can pass from one to the next unnoticed.
#[derive(Default, PartialEq, Eq, PartialOrd, Ord)]
struct Record {
    fields: Vec<Vec<u8>>,
}

impl Record {
    fn exact(&mut self, name: &str, value: &str) {
        self.fields.push(name.as_bytes().to_vec());
        self.fields.push(value.as_bytes().to_vec());
    }

    fn words(&mut self, name: &str, text: &str) {
        self.exact(name, &plain(text));
    }

    fn day(&mut self, name: &str, day: Option<NaiveDate>) {
        self.exact(name, &day.map(|d| d.to_string()).unwrap_or_default());
    }
}

/// The words alone: white space of every kind made one space, typographic marks made plain, invisible characters gone, and
/// the same letters always written with the same characters (NFKC, Unicode TR15).
pub(crate) fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut is_gap = false;
    for c in text.chars() {
        if c.is_whitespace() {
            is_gap = true;
            continue;
        }
        if matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}') {
            continue;
        }
        if is_gap && !out.is_empty() {
            out.push(' ');
        }
        is_gap = false;
        match c {
            '‘' | '’' | '‚' | '‛' | '′' | '`' | '´' => out.push('\''),
            '“' | '”' | '„' | '‟' | '″' => out.push('"'),
            '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' => out.push('-'),
            '•' | '·' | '▪' | '●' | '∙' | '◦' => out.push('*'),
            '…' => out.push_str("..."),
            other => out.push(other),
        }
    }
    if out.is_ascii() { out } else { ComposingNormalizerBorrowed::new_nfkc().normalize(&out).into_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::item::Decision;
    use crate::domain::text::{SafeHtml, Text};
    use url::Url;

    fn item(text: &str) -> Item {
        Item {
            text: Some(Text::new(text)),
            documents: vec![Document {
                title: Text::line("Plan"),
                url: Url::parse("https://council.example.org/documents/s1/plan.pdf").ok(),
                kind: Some("pdf".into()),
                size: Some("468 KB".into()),
                restricted: false,
            }],
            decisions: vec![Decision { label: None, text: Text::new("That the plan be agreed") }],
            ..Item::bare("a".into(), Text::line("Board update"), Url::parse("https://council.example.org/a").unwrap())
        }
    }

    #[test]
    fn what_is_only_derived_from_the_text_is_no_change_of_its_own() {
        let read = item("The plan will be done by 20 December 2022. The next meeting will be held on 3 March 2020.");
        let mut filled = read.clone();
        crate::rules::facts::fill(&mut filled);
        assert_eq!((filled.commitments.len(), filled.next_meeting.is_some()), (1, true));
        assert_eq!(fingerprint(&filled), fingerprint(&read));
    }

    #[test]
    fn pasting_again_is_no_change() {
        let check = |a: &str, b: &str| assert_eq!(fingerprint(&item(a)), fingerprint(&item(b)), "{a:?} and {b:?}");
        check("The council’s plan – agreed", "The council's plan - agreed");
        check("The plan was\nagreed.", "The plan\u{a0}was  agreed. ");
        check("• one\n• two", "· one\n· two");
        check("The café’s naïve ﬁnance plan: 5 m²", "The cafe\u{301}’s nai\u{308}ve finance plan: 5 m2");
        let mut markup = item("The plan");
        markup.html = Some(SafeHtml::sanitise("<p>The <b>plan</b></p>", None));
        assert_eq!(fingerprint(&markup), fingerprint(&item("The plan")));
    }

    #[test]
    fn how_a_page_writes_a_file_s_size_and_kind_is_no_change() {
        let before = fingerprint(&item("Turnover"));
        for (kind, size) in [(Some("pdf"), "468KB"), (None, "468 kB"), (Some("doc"), "468 kb"), (Some("pdf"), "468 Kilobytes")] {
            let mut written = item("Turnover");
            written.documents[0].kind = kind.map(str::to_owned);
            written.documents[0].size = Some(size.to_owned());
            assert_eq!(before, fingerprint(&written), "{size}");
        }
    }

    #[test]
    fn a_remark_that_is_another_at_each_visit_is_no_change() {
        let same = |a: &str, b: &str| assert_eq!(fingerprint(&item(a)), fingerprint(&item(b)), "{a:?} and {b:?}");
        same("One\nThe letter (PDF) Downloaded 1213 times\nTwo", "One\nThe letter (PDF) Downloaded 1,214 times\nTwo");
        same("Published 3 May 2027 (2 days ago)", "Published 3 May 2027 (3 days ago)");
        same("20 November 2026 144 views", "20 November 2026 150 views");
        same("20 November 2026 | 8 min read", "20 November 2026");
        same("The letter - opens in new window", "The letter");
        same("The letter (opens in a new tab)", "The letter");
        same("Read the letter (PDF, 340 KB).", "Read the letter (pdf 340kB).");
        let other = |a: &str, b: &str| assert_ne!(fingerprint(&item(a)), fingerprint(&item(b)), "{a:?} and {b:?}");
        other("The consultation had 144 views", "The consultation had 150 views");
        other("The letter was downloaded 12 times", "The letter was downloaded 13 times");
        other("The centre (opened 2 years ago) stays", "The centre (opened 3 years ago) stays");
        other("The board meets on 3 May 2027 (2 places)", "The board meets on 3 May 2027 (3 places)");
        other("The centre opens in new rooms", "The centre");
        other("Read the letter (PDF, 340 KB).", "Read the letter (PDF, 341 KB).");
    }

    #[test]
    fn words_figures_documents_and_decisions_are_changes() {
        let before = fingerprint(&item("Turnover is 9.9%"));
        assert_ne!(before, fingerprint(&item("Turnover is 9.8%")));
        let mut replaced = item("Turnover is 9.9%");
        replaced.documents[0].size = Some("512 KB".into());
        assert_ne!(before, fingerprint(&replaced));
        let mut decided = item("Turnover is 9.9%");
        decided.decisions[0].text = Text::new("That the plan be noted");
        assert_ne!(before, fingerprint(&decided));
        let mut dated = item("Turnover is 9.9%");
        dated.published = NaiveDate::from_ymd_opt(2022, 12, 15);
        assert_ne!(before, fingerprint(&dated));
    }

    #[test]
    fn where_a_text_links_to_is_part_of_it_and_how_often_is_not() {
        let with = |html: &str| {
            let mut item = item("The report, the survey");
            item.html = Some(SafeHtml::sanitise(html, None));
            fingerprint(&item)
        };
        let link = |to: &str| format!("<p>The <a href=\"https://council.example.org/{to}\">report</a></p>");
        assert_ne!(with(&link("download.aspx?id=123")), with(&link("download.aspx?id=456")));
        assert_eq!(with(&link("download.aspx?id=123&amp;utm_source=a")), with(&link("download.aspx?id=123&amp;token=9f")));
        assert_eq!(with(&link("survey/1")), with(&link("survey/1").repeat(2)));
        assert_eq!(with(&link("survey/1")), with(&link("survey/1#part-2")));
    }
}
