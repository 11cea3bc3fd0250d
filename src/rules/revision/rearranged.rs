//! Whether a text says what another did, arranged otherwise: a table of meetings that has become a list.

use super::moments::{COLUMNS, PLACE};
use crate::domain::item::Item;
use crate::rules::fingerprint::Said;

/// Whether two contents say the same words in the same order, however they part them, but for what columns are called.
#[must_use]
pub fn is_only_rearranged(before: &Item, now: &Item) -> bool {
    let said = |item: &Item| Said::however_spelt(item.text.as_ref().map_or("", |text| text.as_str())).words;
    let is_column = |word: &str| COLUMNS.contains(&word) || PLACE.contains(&word);
    let words = |said: &str| -> Vec<String> {
        let all = said.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty() && !is_column(word));
        all.map(str::to_owned).collect()
    };
    let (was, is) = (words(&said(before)), words(&said(now)));
    !was.is_empty() && was == is
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::text::Text;
    use url::Url;

    #[test]
    fn a_table_that_becomes_a_list_says_the_same_and_another_day_in_it_is_another_word() {
        let page = |text: &str| {
            let url = Url::parse("https://council.example.org/meetings").unwrap();
            Item { text: Some(Text::new(text)), ..Item::bare("k".into(), Text::line("Meetings"), url) }
        };
        let table = page("Meeting\nDate\nTime\nPlace\nCabinet\nTuesday 8 December 2026\n6pm\nCouncil Chamber");
        let check = |text: &str, expect: bool| assert_eq!(is_only_rearranged(&table, &page(text)), expect, "{text}");
        check("Cabinet\nTuesday 8 December 2026, 6pm, Council Chamber", true);
        check("Cabinet: 8 December 2026 at 6.00 pm\nPlace: Council Chamber", true);
        check("Cabinet\nWednesday 9 December 2026, 6pm, Council Chamber", false);
        check("Cabinet\nTuesday 8 December 2026, 7pm, Council Chamber", false);
        check("Cabinet\nTuesday 8 December 2026, 6pm, Committee Room", false);
    }
}
