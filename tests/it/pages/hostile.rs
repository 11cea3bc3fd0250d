//! Any bytes as a page: an outcome, never a panic, and nothing left out unsaid. What bad pages cost is measured, not tested:
//! `just bench extract bad`.

use super::floods::{self, Flood};
use super::probes::{self, check};
use super::*;
use proptest::prelude::*;

const URL: &str = "https://www.example.org/ieIssueDetails.aspx?IId=1";
const PLATFORMS: [Platform; 7] = [
    Platform::ContensisBlog,
    Platform::ModerngovIssue,
    Platform::ModerngovItem,
    Platform::ModerngovMeeting,
    Platform::ModerngovDecision,
    Platform::ModerngovDecisions,
    Platform::Auto,
];

fn all_fixtures() -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for kind in
        ["contensis-blog", "moderngov-issue", "moderngov-item", "moderngov-meeting", "moderngov-decision", "moderngov-decisions"]
    {
        for entry in std::fs::read_dir(folder().join(kind)).unwrap() {
            let name = format!("{kind}/{}", entry.unwrap().file_name().to_str().unwrap());
            found.push((name.clone(), fixture(&name)));
        }
    }
    found.sort();
    found
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_bytes_are_answered(bytes in proptest::collection::vec(any::<u8>(), 0..2_000)) {
        for platform in PLATFORMS {
            check(&read_as(platform, URL, &bytes));
        }
    }

    #[test]
    fn any_markup_is_answered(pieces in proptest::collection::vec(prop_oneof![
        Just("<p>"), Just("</div>"), Just("<table><tr><td>"), Just("<li>"), Just("<a href=x>"), Just("</a>"), Just("<br>"), Just("<h2>"),
        Just("Meeting: 15/12/2022 - Cabinet (Item 181)"), Just("Meeting:"), Just("15/12/2022"), Just("(Item"), Just("181."), Just("a)"),
        Just("Recent posts"), Just("Displaying 1 to 9 of 9"), Just("Posted: Tuesday 11th February 2020"), Just("Blog:"), Just("Next"),
        Just("Tuesday 11th February 2020"), Just("Supporting documents:"), Just("Restricted enclosure"), Just("Reasons for the decision:"),
        Just("Decision:"), Just("It was resolved that:"), Just("·"), Just("PDF 468 KB"), Just("Date of next meeting"), Just("\u{202e}"),
        Just("Contact us"), Just("<h1>Agenda and minutes</h1>"), Just("Cabinet - Thursday, 15th December, 2022 2.30 pm"), Just("CA.3"), Just("<a name=AI5>"),
        Just("Decision Maker:"), Just("Publication date: 1/2/2022"), Just("<a href=ieDecisionDetails.aspx?ID=1>"), Just("<tr>"), Just("<td>"), Just("<dt>"), Just("<dd>"),
        Just("Email:"), Just("<ol type=a start=99999999999999999999>"), Just("&#0;"), Just("é – ‘"), Just("<base href=//>"),
    ], 0..40)) {
        let page = pieces.join(" ");
        for platform in PLATFORMS {
            check(&read_as(platform, URL, page.as_bytes()));
        }
    }

    #[test]
    fn broken_fixtures_are_answered(which in any::<prop::sample::Index>(), cut in 0.0..1.0_f64, junk in "[<>&\"'a-z/= \u{0}-\u{1f}é]{0,12}") {
        let fixtures = all_fixtures();
        let (_, bytes) = which.get(&fixtures);
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
        let at = (bytes.len() as f64 * cut) as usize;
        let broken = [&bytes[..at], junk.as_bytes(), &bytes[(at + junk.len()).min(bytes.len())..]].concat();
        for page in [&broken, &bytes[..at].to_vec()] {
            for platform in PLATFORMS {
                check(&read_as(platform, URL, page));
            }
        }
    }
}

#[test]
fn fixtures_with_a_few_bytes_changed_are_answered() {
    // A generator of its own, so that every run changes the same bytes.
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut below = move |most: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % u64::try_from(most.max(1)).unwrap()).unwrap()
    };
    let choices: Vec<u8> = probes::choices().collect();
    let fixtures = all_fixtures();
    for (at, (name, bytes)) in fixtures.iter().enumerate() {
        let (_, other) = &fixtures[below(fixtures.len())];
        let mut changed = [&[choices[at % choices.len()]], bytes.as_slice()].concat();
        for _ in 0..=below(8) {
            let place = 1 + below(changed.len() - 1);
            match below(3) {
                0 => changed[place] = u8::try_from(below(256)).unwrap(),
                1 => drop(changed.drain(place..(place + below(200)).min(changed.len()))),
                _ => {
                    let from = below(other.len());
                    changed.splice(place..place, other[from..(from + below(200)).min(other.len())].iter().copied());
                }
            }
        }
        println!("{name}");
        for (_, probe) in probes::ALL {
            probe(&changed);
            probe(bytes);
        }
    }
}

#[test]
fn a_table_longer_than_any_that_is_known_is_read_to_its_end() {
    let flood = floods::named("a table of meetings", 2 * 1024 * 1024).unwrap();
    let read = read_as(Platform::Auto, "https://www.example.org/meetings", &flood.body);
    let rows = String::from_utf8(flood.body).unwrap().matches("<tr class").count();
    assert_eq!((read.outcome, read.items.len()), (Outcome::Items, rows), "{:?}", read.warnings);
    let is_dated = |item: &Item| item.meeting.as_ref().is_some_and(|meeting| meeting.date.is_some());
    assert!(rows > 15_000 && read.items.iter().all(is_dated));
}

#[test]
fn the_text_within_nesting_without_end_is_read() {
    const DEEP: usize = 16_000;
    let issue =
        "<p>Issue - meetings</p><h2>Plan</h2><p>Meeting: 15/12/2022 - Cabinet (Item 1)</p><p>1 Plan</p><p>It was noted.</p>";
    for (open, close) in
        [("<div>", "</div>"), ("<span>", ""), ("<b>", ""), ("<table><tr><td>", ""), ("<ul><li>", "</ul>"), ("<font size=1>", "")]
    {
        let page = open.repeat(DEEP) + issue + &close.repeat(DEEP);
        let read = read_as(Platform::ModerngovIssue, URL, page.as_bytes());
        check(&read);
        assert_eq!(read.items[0].text.as_ref().unwrap(), &"It was noted.", "{open}");
        let says_so = |warning: &String| warning.contains("nest more than") || warning.contains("formatting is left open");
        assert!(read.warnings.iter().any(says_so), "{open}: {:?}", read.warnings);
    }
}

#[test]
fn a_page_of_many_meetings_is_read_to_its_end() {
    const BLOCKS: u32 = 2_000;
    let block = |n: u32| {
        format!(
            "<p>Meeting: {:02}/01/20{:02} - Cabinet (Item {n})</p><p>{n} Plan</p><p>It was noted.</p>",
            1 + n % 28,
            n / 28 % 100
        )
    };
    let read = read_as(Platform::ModerngovIssue, URL, (0..BLOCKS).map(block).collect::<String>().as_bytes());
    assert_eq!(read.items.len(), usize::try_from(BLOCKS).unwrap());
    assert!(read.items.iter().all(|item| item.text.as_ref().is_some_and(|text| *text == "It was noted.")));
}

#[test]
fn zero_bytes_are_no_text() {
    let read = read_as(Platform::Auto, "https://www.example.org/news", &vec![0; 1024 * 1024]);
    assert_eq!(read.outcome, Outcome::Unrecognised);
    let words = read_as(
        Platform::ModerngovIssue,
        URL,
        b"<h2>Plan</h2><h3>Meeting: 15/12/2022 - Cab\0inet (Item 1)</h3><p>It was \0noted.</p>",
    );
    assert_eq!(words.items[0].text.as_ref().unwrap(), &"It was noted.");
}

#[test]
fn a_title_cannot_act_wherever_it_goes() {
    let title = "Plan\r\nBcc: all@example.org\u{1}]]>&lt;script&gt;alert(1)&lt;/script&gt;\u{202e}gpj.exe ".to_owned()
        + &"x".repeat(5_000);
    let page =
        format!("<h1>Issue - meetings</h1><h2>{title}</h2><h3>Meeting: 15/12/2022 - Cabinet (Item 1)</h3><p>It was noted.</p>");
    let read = read_as(Platform::ModerngovIssue, URL, page.as_bytes());
    check(&read);
    let title = read.items[0].title.as_str();
    assert!(title.starts_with("Plan Bcc: all@example.org ]]><script>alert(1)</script>gpj.exe xxx"), "{title}");
}

#[test]
fn a_flood_of_anything_is_read_whole_and_what_is_left_out_is_said() {
    const BYTES: usize = 64 * 1024;
    insta::assert_snapshot!("floods", floods::all(BYTES).iter().map(answered).collect::<String>());
}

/// What reading a flood gives: its outcome, how much of it, where that ends, and every warning.
fn answered(flood: &Flood) -> String {
    let read = read_as(Platform::Auto, "https://www.example.org/news", &flood.body);
    check(&read);
    let last = read.items.last().map(|item| {
        let text = item.text.as_ref().map_or("", |text| text.as_str());
        let end: Vec<char> = text.chars().rev().take(30).collect();
        let (characters, end) = (text.chars().count(), end.into_iter().rev().collect::<String>());
        format!("  the last is {:?}, with {characters} characters that end in {end:?}\n", item.title.as_str())
    });
    let warnings: String = read.warnings.iter().flat_map(|warning| ["  ", warning, "\n"]).collect();
    format!("{}: {:?}, {} items\n{}{warnings}", flood.name, read.outcome, read.items.len(), last.unwrap_or_default())
}
