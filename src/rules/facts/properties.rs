//! What holds for any text: nothing panics, every fact's words are the text's own, and reading twice is reading once.

use super::*;
use crate::domain::text::Text;
use chrono::NaiveDate;
use proptest::prelude::*;
use url::Url;

/// Texts made of the words that the rules look for, and of anything else.
fn council_text() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        4 => prop::sample::select(vec![
            "by", "no later than", "before", "on", "the", "next", "meeting", "Board", "will", "be", "held", "RESOLVED", "that", ":", "a)", "(ii)", "1.", "Decision:",
            "Reasons for the decision:", "Date of next meeting", "Tuesday", "3", "31", "March", "may", "2024", "24", "'24", "3/4/24", "2024-02-30", "-", "to", "and", "&", ",",
            ".", "10am", "noon", "12.30pm", "end of", "early", "PDF", "468 KB", "(", ")", "[1.2MB]", "restricted", "to follow", "None", "İ", "ﬁ", "\u{a0}", "\u{2028}", "’",
        ]).prop_map(str::to_owned),
        1 => "\\PC{0,6}",
    ];
    let separator = prop_oneof![6 => Just(" "), 1 => Just("\n"), 1 => Just("")];
    prop::collection::vec((word, separator), 0..40)
        .prop_map(|words| words.iter().flat_map(|(word, space)| [word.as_str(), *space]).collect())
}

/// Words without their spaces: how a quote and its text are compared.
fn folded(text: &str) -> String {
    text.split_whitespace().collect()
}

proptest! {
    #[test]
    fn facts_are_in_the_words_of_any_text(text in council_text(), has_day in any::<bool>()) {
        let day = NaiveDate::from_ymd_opt(2024, 2, 29).filter(|_| has_day);
        // As in an item: one line a paragraph, and nothing that a text cannot hold.
        let text = Text::new(&text);
        let owned: Vec<String> = text.as_str().lines().map(str::to_owned).collect();
        let lines: Vec<&str> = owned.iter().map(String::as_str).collect();
        let all = folded(text.as_str());
        let said = |words: &str| all.contains(&folded(words));

        for date in dates::find_after(text.as_str(), day) {
            prop_assert!(text.as_str().get(date.span.clone()).is_some_and(|words| !words.is_empty()), "{:?}", date);
            prop_assert!(date.last_day.is_none_or(|last| last > date.day), "{:?}", date);
        }
        for commitment in commitments::read(&lines, day) {
            prop_assert!(said(commitment.quote.as_str()), "{:?}", commitment);
            // A clause of a resolution commits under the words that open it.
            let again = commitments::read(&["It was agreed that:", commitment.quote.as_str()], day);
            prop_assert!(again.contains(&commitment), "{:?} is not in {:?}", commitment, again);
        }
        if let Some(next) = next_meeting::read(&lines, day) {
            prop_assert!(said(next.quote.as_str()), "{:?}", next);
        }
        for decision in decisions::read(&owned, Some("Board")) {
            // A clause is read with the words that open its list, which may stand above other clauses.
            let whole = folded(decision.text.as_str());
            let splits = whole.char_indices().map(|(at, _)| whole.split_at(at));
            prop_assert!(splits.into_iter().any(|(stem, clause)| all.contains(stem) && all.contains(clause)), "{:?}", decision);
        }
        for section in [sections::Section::Reasons, sections::Section::OptionsRejected] {
            prop_assert!(sections::said(&owned, section).is_none_or(|words| said(words.as_str())));
        }
        for line in &lines {
            let url = Url::parse("https://council.example.org/documents/s1/plan.pdf").unwrap();
            for url in [None, Some(&url)] {
                let document = documents::document(line, url);
                prop_assert!(document.is_none_or(|d| folded(line).contains(&folded(d.title.as_str()))), "{}", line);
            }
        }
        prop_assert_eq!(commitments::read(&lines, day), commitments::read(&lines, day));
    }

    #[test]
    fn without_a_day_to_look_from_no_year_is_supplied(text in council_text()) {
        for date in dates::find(&text) {
            let year = date.last_day.unwrap_or(date.day).format("%Y").to_string();
            let words = &text[date.span.clone()];
            prop_assert!(words.contains(&year) || words.contains(&year[2..]), "{:?} in {:?}", date, words);
        }
    }
}

#[test]
fn a_commitment_is_quoted_without_the_letters_of_its_list_however_many() {
    let quotes = |text: &str| -> Vec<String> {
        commitments::read(&[text], None).into_iter().map(|commitment| commitment.quote.to_string()).collect()
    };
    assert_eq!(quotes("a) a) will by 2024 "), ["will by 2024"]);
    assert_eq!(quotes("• (ii) The plan will be complete by May 2024"), ["The plan will be complete by May 2024"]);
}
