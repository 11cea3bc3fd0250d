//! What decides whether an item was revised: a hash over its normalised record, never over a page or its markup.
//!
//! Clerks re-paste texts and systems change quotation marks, dashes, capitals and spacing; none of that is news. What people would
//! call a change is: words, dates, decisions, documents and their sizes (a replaced file keeps its address).
//!
//! Where the hashes differ, [`likeness`] says whether the contents do.

pub(crate) mod bytes;
pub(crate) mod closing;
mod days;
mod hours;
mod remarks;
mod stamps;
mod tables;
mod yearless;

pub(crate) use remarks::Said;
pub(crate) use stamps::Stamps;

use crate::domain::item::{Document, Fingerprint, Item, hash_hex};
use crate::domain::text::{SafeHtml, Text};
use crate::rules::extract::key;
use chrono::NaiveDate;
use icu_normalizer::ComposingNormalizerBorrowed;
use std::collections::{BTreeMap, BTreeSet};
use url::Url;

/// The fingerprint of what is known of `item`. Its key and address are not part of it, nor is its markup but for where it
/// links to; nor are the next meeting and the commitments: they are read from its text and its own days, which are, so that
/// nothing can change in them alone.
#[must_use]
pub fn fingerprint(item: &Item) -> Fingerprint {
    let record = Record::of(item, &Stamps::default());
    let mut parts: Vec<&[u8]> = Vec::new();
    for (name, value) in &record.fields {
        parts.extend([name.as_bytes(), value.as_bytes()]);
    }
    let sizes: Vec<String> = record.sizes.iter().map(|(place, size)| format!("{place:?} {}", bytes::plain(size))).collect();
    parts.extend(record.place.iter().flat_map(|place| [b"meeting place".as_slice(), place.as_bytes()]));
    parts.extend(item.closes.iter().flat_map(|day| [b"closes".as_slice(), day.as_str().as_bytes()]));
    parts.extend(sizes.iter().flat_map(|size| [b"size".as_slice(), size.as_bytes()]));
    Fingerprint(hash_hex(&parts))
}

/// How two contents with different fingerprints compare.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Likeness {
    /// One says what the other does not.
    #[default]
    Other,
    /// They say the same; at most a file's size is no longer given, or given more roughly.
    Same,
    /// They say the same, and the later one says a size that the earlier one did not, or says it more finely.
    Finer,
}

/// How what is read `now` compares with what was read `before`. Whether a system shows the sizes of files, and in which unit,
/// is its own affair: only one that contradicts what was known before says that the file is another.
#[must_use]
pub fn likeness(before: &Item, now: &Item) -> Likeness {
    let closing = closing::likeness(before, now);
    let stamps = Stamps::between(before, now);
    let (mut was, is) = (Record::of(before, &stamps), Record::of(now, &stamps));
    let mut said = was.likeness(&is);
    if said == Likeness::Other && tables::are_only_sorted(before, now) {
        was.text_is_of(&is);
        said = was.likeness(&is);
    }
    let (before, now) = (was, is);
    if said == Likeness::Other || closing == Likeness::Other {
        return Likeness::Other;
    }
    let mut likeness = match (&before.place, &now.place) {
        (Some(was), Some(is)) if was != is => return Likeness::Other,
        // Whether a list shows places at all is its own affair.
        (None, Some(_)) => Likeness::Finer,
        _ if said == Likeness::Finer => said,
        _ => closing,
    };
    let known = bytes::by_place(&before.sizes);
    for (place, is) in bytes::by_place(&now.sizes) {
        let was = known.get(&place).cloned().unwrap_or_default();
        if was.len() != is.len() {
            likeness = Likeness::Finer;
        } else if !was.iter().zip(&is).all(|(was, is)| bytes::are_same(was, is)) {
            return Likeness::Other;
        } else if was.iter().zip(&is).any(|(was, is)| bytes::is_finer(was, is)) {
            likeness = Likeness::Finer;
        }
    }
    likeness
}

/// What a text links to, each once and in an order of its own: how often and where is layout.
fn targets(html: &SafeHtml, stamps: &Stamps) -> BTreeSet<String> {
    if stamps.is_none() {
        return links(html).into_keys().collect();
    }
    links(html).into_values().map(|url| key::document(&stamps.without(url))).collect()
}

/// The addresses that a text links to, by what they lead to.
pub(crate) fn links(html: &SafeHtml) -> BTreeMap<String, Url> {
    const HREF: &str = " href=\"";
    let mut found = BTreeMap::new();
    let mut rest = html.as_str();
    while let Some(at) = rest.find(HREF) {
        rest = rest.get(at + HREF.len()..).unwrap_or_default();
        let (raw, after) = rest.split_once('"').unwrap_or((rest, ""));
        let url = Url::parse(&raw.replace("&amp;", "&")).ok().filter(Url::has_host);
        found.extend(url.map(|url| (key::document(&url), url)));
        rest = after;
    }
    found
}

/// A field's name, and what it says.
type Field = (&'static str, String);

/// Where a size stands: in which field, after how many bytes.
type Place = (usize, usize);

/// The fields of a record with their names, so that no text can pass from one to the next unnoticed; and beside them the sizes
/// of files, and where a meeting takes place.
#[derive(Default)]
struct Record {
    fields: Vec<(&'static str, String)>,
    /// When it was put out, or takes place.
    day: Option<NaiveDate>,
    sizes: Vec<(Place, String)>,
    place: Option<String>,
}

impl Record {
    fn of(item: &Item, stamps: &Stamps) -> Self {
        let takes_place = item.meeting.as_ref().and_then(|meeting| meeting.date);
        let mut record = Self { day: item.published.or(takes_place), ..Self::default() };
        record.said("title", item.title.as_str());
        record.day("published", item.published);
        if let Some(meeting) = &item.meeting {
            record.words("meeting body", meeting.body.as_ref());
            record.day("meeting date", meeting.date);
            record.words("meeting item", meeting.item.as_ref());
            record.place = meeting.place.as_ref().map(|place| unstyled(place.as_str()));
            // What was known before hours were read says nothing of them.
            for (name, hour) in [("meeting start", meeting.start), ("meeting end", meeting.end)] {
                if let Some(hour) = hour {
                    record.exact(name, hour.to_string());
                }
            }
        }
        record.exact("stage", format!("{:?}", item.stage));
        record.said("text", item.text.as_ref().map_or("", |t| t.as_str()));
        for target in item.html.iter().flat_map(|html| targets(html, stamps)) {
            record.exact("link", target);
        }
        let mut documents: Vec<_> = item.documents.iter().map(|paper| document(paper, stamps)).collect();
        // In which order a page names its documents is layout.
        documents.sort();
        for (fields, size) in documents {
            let place = (record.fields.len(), 0);
            record.fields.extend(fields);
            record.sizes.extend(size.map(|size| (place, size)));
        }
        for decision in &item.decisions {
            record.words("decision", Some(&decision.text));
        }
        record.words("reasons", item.reasons.as_ref());
        record.words("options rejected", item.options_rejected.as_ref());
        record
    }

    /// How the fields of both compare, however their words spell a day. A day or an hour that can be read on one side alone is no
    /// other one where the words say the same in another spelling: without its year.
    fn likeness(&self, now: &Self) -> Likeness {
        const IN_WORDS: &[&str] = &["title", "text", "document", "decision", "reasons", "options rejected"];
        const READ_OFF: &[&str] = &["published", "meeting body", "meeting date", "meeting item", "meeting start", "meeting end"];
        let around = now.day.or(self.day);
        let is_same = |((name, was), (other, is)): (&Field, &Field)| {
            name == other && (was == is || IN_WORDS.contains(name) && days::are_alike(was, is, around))
        };
        let is_said = |(name, _): &&Field| !READ_OFF.contains(name);
        let (was, is): (Vec<&Field>, Vec<&Field>) =
            (self.fields.iter().filter(is_said).collect(), now.fields.iter().filter(is_said).collect());
        if was.len() != is.len() || !was.iter().copied().zip(is.iter().copied()).all(is_same) {
            return Likeness::Other;
        }
        let is_respelt = || was.iter().zip(&is).any(|(was, is)| was != is);
        let read = |record: &Self, wanted: &str| {
            let value = record.fields.iter().find(|(name, _)| *name == wanted).map(|(_, value)| value.clone());
            value.filter(|value| !value.is_empty())
        };
        // A row may say who meets in its name, or beside it.
        let is_title = |said: &String| [self, now].iter().any(|record| read(record, "title").as_ref() == Some(said));
        let mut likeness = Likeness::Same;
        for name in READ_OFF {
            match (read(self, name), read(now, name)) {
                (was, is) if was == is => {}
                (Some(was), Some(is)) if days::are_alike(&was, &is, around) => {}
                (Some(body), None) | (None, Some(body)) if *name == "meeting body" && is_title(&body) => {}
                (None, _) if is_respelt() => likeness = Likeness::Finer,
                (Some(_), None) if is_respelt() => {}
                _ => return Likeness::Other,
            }
        }
        likeness
    }

    /// Says in its text what another does, with the same sizes.
    fn text_is_of(&mut self, other: &Self) {
        let at = |record: &Self| record.fields.iter().position(|(name, _)| *name == "text");
        let (Some(own), Some(theirs)) = (at(self), at(other)) else { return };
        if let Some((field, said)) = self.fields.get_mut(own).zip(other.fields.get(theirs)) {
            field.1.clone_from(&said.1);
        }
        self.sizes.retain(|((field, _), _)| *field != own);
        let sizes = other.sizes.iter().filter(|((field, _), _)| *field == theirs);
        self.sizes.extend(sizes.map(|((_, place), size)| ((own, *place), size.clone())));
    }

    fn exact(&mut self, name: &'static str, value: String) {
        self.fields.push((name, value));
    }

    fn words(&mut self, name: &'static str, text: Option<&Text>) {
        self.exact(name, text.map(|text| unstyled(text.as_str())).unwrap_or_default());
    }

    fn day(&mut self, name: &'static str, day: Option<NaiveDate>) {
        self.exact(name, day.map(|d| d.to_string()).unwrap_or_default());
    }

    fn said(&mut self, name: &'static str, text: &str) {
        let said = Said::of(text);
        let field = self.fields.len();
        self.sizes.extend(said.sizes.into_iter().map(|(at, size)| ((field, at), size)));
        self.exact(name, said.words);
    }
}

/// A document's fields, and its size.
fn document(document: &Document, stamps: &Stamps) -> ([(&'static str, String); 4], Option<String>) {
    // An address is one kind of file; whether a page names it is layout.
    let kind = document.kind.clone().filter(|_| document.url.is_none());
    let fields = [
        ("document address", document.url.clone().map(|url| key::document(&stamps.without(url))).unwrap_or_default()),
        ("document", Said::of(document.title.as_str()).words),
        ("document kind", kind.unwrap_or_default()),
        ("document restricted", if document.restricted { "yes" } else { "no" }.to_owned()),
    ];
    (fields, document.size.clone())
}

/// The plain words in small letters: a headline in capitals says no more than another.
pub(crate) fn uncased(text: &str) -> String {
    plain(text).to_lowercase()
}

/// The same with hours in one spelling.
pub(crate) fn unstyled(text: &str) -> String {
    hours::in_one_spelling(&plain(text)).to_lowercase()
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
            other => {
                // Written plain, 10² would be 102 and 1½ would be 11/2.
                if is_set_apart(other) && out.ends_with(|before: char| before.is_ascii_digit()) {
                    out.push('^');
                }
                out.push(other);
            }
        }
    }
    if out.is_ascii() { out } else { ComposingNormalizerBorrowed::new_nfkc().normalize(&out).into_owned() }
}

/// A figure that is raised or lowered, or a fraction in one character.
fn is_set_apart(c: char) -> bool {
    matches!(c, '²' | '³' | '¹' | '¼'..='¾' | '⁰'..='₉' | '⅐'..='⅞')
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
        check("THE PLAN WAS Agreed", "The plan was agreed");
        let mut shouted = item("The plan");
        shouted.title = Text::line("BOARD UPDATE");
        assert_eq!(fingerprint(&shouted), fingerprint(&item("The plan")), "a headline in capitals");
        let other = |a: &str, b: &str| assert_ne!(fingerprint(&item(a)), fingerprint(&item(b)), "{a:?} and {b:?}");
        other("10² metres", "102 metres");
        other("10² metres", "10³ metres");
        other("1½ miles", "11⁄2 miles");
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
        same("Webmaster: the clerk. You are visitor 10142", "Webmaster: the clerk. You are visitor 10242.");
        same("The letter - opens in new window", "The letter");
        same("The letter (opens in a new tab)", "The letter");
        same("Read the letter (PDF, 340 KB).", "Read the letter (pdf 340kB).");
        let other = |a: &str, b: &str| assert_ne!(fingerprint(&item(a)), fingerprint(&item(b)), "{a:?} and {b:?}");
        other("It met. It had 14 visitors", "It met. It had 15 visitors");
        other("The consultation had 144 views", "The consultation had 150 views");
        other("The letter was downloaded 12 times", "The letter was downloaded 13 times");
        other("The centre (opened 2 years ago) stays", "The centre (opened 3 years ago) stays");
        other("The board meets on 3 May 2027 (2 places)", "The board meets on 3 May 2027 (3 places)");
        other("The centre opens in new rooms", "The centre");
        other("Read the letter (PDF, 340 KB).", "Read the letter (PDF, 341 KB).");
    }

    #[test]
    fn a_day_that_is_only_spelt_otherwise_says_nothing_and_another_one_does() {
        use Likeness::{Other, Same};
        let check = |a: &str, b: &str, expect| assert_eq!(likeness(&item(a), &item(b)), expect, "{a} | {b}");
        check("It meets on Thursday 10 December 2026.", "It meets on Thursday, 10th December 2026.", Same);
        check("Date\nThursday 10 December 2026\nTime\n6pm", "Date\n10/12/2026\nTime\n18:00", Same);
        check("It meets on 10 December 2026.", "It meets on 11/12/2026.", Other);
        check("It meets on 10 December 2026 in Room 4.", "It meets on 10/12/2026 in Room 5.", Other);
        let titled = |title: &str| Item { title: Text::line(title), ..item("Agreed") };
        assert_eq!(likeness(&titled("Board, 10 December 2026"), &titled("Board, 10/12/2026")), Same);
        let linked = |day: &str| {
            let html = format!("<a href=\"https://council.example.org/{day}/\">Agenda</a>");
            Item { html: Some(SafeHtml::sanitise(&html, None)), ..item("Agreed") }
        };
        assert_eq!(likeness(&linked("2026/12/10"), &linked("10-12-2026")), Other, "where words lead is no spelling");
    }

    #[test]
    fn a_size_that_comes_or_goes_or_is_rounded_says_nothing_and_another_one_does() {
        use Likeness::{Finer, Other, Same};
        let sized = |size: Option<&str>| {
            let mut sized = item("Turnover");
            sized.documents[0].size = size.map(str::to_owned);
            sized
        };
        let check = |before, now, expect| assert_eq!(likeness(&sized(before), &sized(now)), expect, "{before:?} {now:?}");
        check(Some("468 KB"), None, Same);
        check(None, Some("468 KB"), Finer);
        check(Some("468 KB"), Some("0.5 MB"), Same);
        check(Some("0.5 MB"), Some("468 KB"), Finer);
        check(Some("1,340 KB"), Some("1.3 MB"), Same);
        check(Some("468 KB"), Some("469 KB"), Other);
        check(Some("1,340 KB"), Some("2,340 KB"), Other);
        let text = |a: &str, b: &str, expect| assert_eq!(likeness(&item(a), &item(b)), expect, "{a} | {b}");
        text("The letter (PDF, 340 KB)\nTwo", "The letter\nTwo", Same);
        text("The letter (PDF, 340 KB)\nTwo", "The letter [340 KB PDF]\nTwo", Same);
        text("The letter PDF 2458 KB\nTwo", "The letter PDF 2.4 MB\nTwo", Same);
        text("The letter PDF 377 KB", "The letter 377KB", Same);
        text("The letter\nTwo", "The letter (PDF, 340 KB)\nTwo", Finer);
        text("The letter (PDF, 340 KB)", "The letter (PDF, 352 KB)", Other);
        text("The letter (PDF, 340 KB)", "The latter (PDF, 340 KB)", Other);
        text("One (1 MB)\nTwo (2 MB)", "One\nTwo (3 MB)", Other);
    }

    #[test]
    fn an_hour_in_another_spelling_is_no_change_of_a_decision_and_another_hour_is() {
        let decided = |hour: &str| {
            let decisions =
                serde_json::json!([{"label": null, "text": format!("That the library closes at {hour} on weekdays.")}]);
            Item { decisions: serde_json::from_value(decisions).unwrap(), ..item("The Cabinet met.") }
        };
        for hour in ["6pm", "6:00 pm", "6 p.m.", "18:00"] {
            assert_eq!(fingerprint(&decided(hour)), fingerprint(&decided("6.00 pm")), "{hour}");
        }
        assert_ne!(fingerprint(&decided("7pm")), fingerprint(&decided("6pm")));
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
