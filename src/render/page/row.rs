//! One item in a list of items: its day, title, where it is from, and the links to its page here and at the council's.

use super::item_path;
use crate::domain::item::KnownItem;
use crate::domain::site::Site;
use crate::domain::source::Source;
use crate::domain::text::Text;
use crate::render::lines;
use crate::render::words::Words;
use crate::rules::day::Day;
use crate::rules::search::Piece;

/// One item in a list.
pub(super) struct ItemRow {
    /// The day that it goes by, and what happened then.
    pub(super) day: String,
    pub(super) datetime: String,
    pub(super) title: Text,
    /// Its page on this site.
    pub(super) page: String,
    /// The council's own page, where a browser opens it.
    pub(super) url: Option<String>,
    pub(super) from: Text,
    /// "Cabinet, 15 December 2022, item 181", where its day does not say that already.
    pub(super) meeting: Option<String>,
    pub(super) withdrawn: bool,
    pub(super) changed: bool,
    /// The words around what was looked for.
    pub(super) snippet: Option<Vec<Piece>>,
}

impl ItemRow {
    /// `source`: where it was found, where that is still known.
    pub(super) fn of(site: &Site, known: &KnownItem, source: Option<&Source>) -> Self {
        let words = Words::of(site);
        let day = Day::of(known, site.timezone);
        let meeting =
            known.item.meeting.as_ref().filter(|m| !matches!(day, Day::Meeting(_)) || m.body.is_some() || m.item.is_some());
        let url = &known.item.url;
        let from = source.map_or_else(|| known.source.to_string(), |s| (words.layout.of_council)(&s.council, &s.title));
        Self {
            day: (words.facts.on_its_day)(day),
            datetime: day.date().format("%Y-%m-%d").to_string(),
            title: Text::line(known.item.title.as_str()).or_absent().unwrap_or_else(|| Text::line(words.layout.untitled)),
            page: site.path(&item_path(&known.source, &known.id)),
            url: matches!(url.scheme(), "http" | "https").then(|| url.to_string()),
            from: Text::line(&from),
            meeting: meeting.and_then(|_| lines::meeting(words, &known.item)),
            withdrawn: known.withdrawn.is_some(),
            changed: known.revision > 1,
            snippet: None,
        }
    }
}
