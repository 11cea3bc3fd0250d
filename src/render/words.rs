//! Every word of the web pages and the mails, a folder a language, and the small grammar that they share: days, numbers,
//! lists, and cutting at a word's end.
//!
//! [`Words`] has a field for every phrase, so a language that lacks one does not compile. To add one, copy `en.rs` and `en/`,
//! translate them, and name it in [`Words::of`].

mod en;
pub(in crate::render) mod kinds;

pub(in crate::render) use kinds::{
    ArchiveWords, ChooseWords, DigestWords, FactWords, FootWords, FrontWords, HealthWords, ItemWords, LayoutWords, LetterWords,
    ManageWords, NoteWords, PaceWords, ProblemWords, Readable, RevisionWords, SearchWords, StatusWords, WantsWords, WatchWords,
};

use crate::domain::site::Site;
use crate::domain::subscriber::Cadence;
use chrono::{NaiveDate, NaiveTime, Timelike};

/// The words of one language.
pub(in crate::render) struct Words {
    /// BCP 47, primary subtag only.
    language: &'static str,
    pub(in crate::render) layout: LayoutWords,
    pub(in crate::render) front: FrontWords,
    pub(in crate::render) item: ItemWords,
    pub(in crate::render) archive: ArchiveWords,
    pub(in crate::render) search: SearchWords,
    pub(in crate::render) status: StatusWords,
    pub(in crate::render) health: HealthWords,
    pub(in crate::render) problem: ProblemWords,
    pub(in crate::render) choose: ChooseWords,
    pub(in crate::render) notes: NoteWords,
    pub(in crate::render) manage: ManageWords,
    pub(in crate::render) facts: FactWords,
    pub(in crate::render) revision: RevisionWords,
    pub(in crate::render) wants: WantsWords,
    pub(in crate::render) digest: DigestWords,
    pub(in crate::render) watch: WatchWords,
    pub(in crate::render) foot: FootWords,
    pub(in crate::render) letter: LetterWords,
}

impl Words {
    /// English, for tests of what is made with words.
    #[cfg(test)]
    pub(in crate::render) fn english() -> &'static Self {
        &en::WORDS
    }

    /// The words of the site's language; English where there are none yet.
    pub(in crate::render) fn of(site: &Site) -> &'static Self {
        let all = [&en::WORDS];
        let wanted = primary(&site.language);
        all.into_iter().find(|words| words.language.eq_ignore_ascii_case(wanted)).unwrap_or(&en::WORDS)
    }

    /// What a field offers in which somebody says how often: values and their labels.
    pub(in crate::render) fn options(&self) -> [(&'static str, &'static str); 3] {
        let [at_once, daily, weekly] = self.choose.often;
        let [immediate, day, week] = Cadence::ALL.map(Cadence::as_str);
        [(immediate, at_once), (day, daily), (week, weekly)]
    }

    /// The same of one thing among others, and that it comes as often as they do.
    pub(in crate::render) fn own_options(&self) -> [(&'static str, &'static str); 4] {
        let [at_once, daily, weekly] = self.options();
        [("", self.choose.like_the_rest), at_once, daily, weekly]
    }

    /// That no council runs the site.
    pub(in crate::render) fn not_official(&self, site: &Site) -> String {
        (self.layout.not_official)(&site.name)
    }

    /// The language tag of a page in these words: the site's own ("en-GB") where it is the same language.
    pub(in crate::render) fn tag<'a>(&self, site: &'a Site) -> &'a str {
        if primary(&site.language).eq_ignore_ascii_case(self.language) { &site.language } else { self.language }
    }
}

fn primary(tag: &str) -> &str {
    tag.split(['-', '_']).next().unwrap_or(tag)
}

/// "19 January 2021".
pub(super) fn day(date: NaiveDate) -> String {
    date.format("%-d %B %Y").to_string()
}

/// "10am", "5:30pm", "midday", "midnight": as GOV.UK writes times.
pub(super) fn time(at: NaiveTime) -> String {
    match (at.hour(), at.minute()) {
        (0, 0) => "midnight".to_owned(),
        (12, 0) => "midday".to_owned(),
        (_, 0) => at.format("%-I%P").to_string(),
        _ => at.format("%-I:%M%P").to_string(),
    }
}

/// "Tuesday 25 February 2020".
pub(super) fn weekday_and_day(date: NaiveDate) -> String {
    date.format("%A %-d %B %Y").to_string()
}

/// "1 update", "7 updates".
pub(super) fn count(n: usize, one: &str) -> String {
    if n == 1 { format!("1 {one}") } else { format!("{n} {one}s") }
}

/// "a", "a and b", "a, b and c".
pub(super) fn list(parts: &[String]) -> String {
    match parts {
        [] => String::new(),
        [only] => only.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

/// At most `chars_max` characters, cut at a word's end where there is one in the last third, with "…".
pub(super) fn clip(text: &str, chars_max: usize) -> String {
    if text.chars().count() <= chars_max {
        return text.to_owned();
    }
    let mut cut: String = text.chars().take(chars_max.saturating_sub(1)).collect();
    if let Some(at) = cut.rfind(char::is_whitespace).filter(|at| at * 3 >= cut.len() * 2) {
        cut.truncate(at);
    }
    cut.truncate(cut.trim_end_matches([' ', ',', ';', ':', '-', '–', '.']).len());
    cut.push('…');
    cut
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono_tz::Tz;

    #[test]
    fn a_language_without_words_is_english_and_says_so() {
        let site = |language: &str| Site {
            name: String::new(),
            url: "https://boards.example.org".parse().unwrap(),
            contact: String::new(),
            postal_address: None,
            timezone: Tz::UTC,
            language: language.to_owned(),
            topics: std::collections::BTreeMap::new(),
        };
        let check = |language: &str, expect: &str| {
            let site = site(language);
            assert_eq!(Words::of(&site).tag(&site), expect);
        };
        check("en-GB", "en-GB");
        check("EN", "EN");
        check("cy", "en");
    }

    #[test]
    fn a_cut_text_ends_at_a_word() {
        assert_eq!(clip("Improvement Board Update", 40), "Improvement Board Update");
        assert_eq!(clip("Improvement Board, Update", 20), "Improvement Board…");
        assert_eq!(clip("Llanfairpwllgwyngyll", 10), "Llanfairp…");
        assert_eq!(clip("ééééé", 3), "éé…");
    }

    #[test]
    fn times_are_written_as_people_say_them() {
        let check = |raw: &str, expect: &str| assert_eq!(time(raw.parse().unwrap()), expect);
        check("14:00:00", "2pm");
        check("09:30:00", "9:30am");
        check("12:00:00", "midday");
        check("12:05:59", "12:05pm");
        check("00:00:00", "midnight");
        check("00:10:00", "12:10am");
    }

    #[test]
    fn lists_read_as_english() {
        let check = |parts: &[&str], expect| assert_eq!(list(&parts.iter().map(|&p| p.to_owned()).collect::<Vec<_>>()), expect);
        check(&[], "");
        check(&["a"], "a");
        check(&["a", "b"], "a and b");
        check(&["a", "b", "c"], "a, b and c");
    }
}
