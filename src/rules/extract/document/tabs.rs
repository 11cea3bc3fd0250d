//! Tabs over panels (WAI-ARIA 1.2): their labels stand in a row apart from what they are over, which without them nobody could
//! tell apart: "2026", "What comes next".

use crate::rules::extract::text::collapsed;
use rustc_hash::FxHashMap;
use scraper::ElementRef;

/// As which heading a label stands over its panel.
pub(super) const RANK: u8 = 2;
/// Longest label, in bytes.
const LABEL_BYTES_MAX: usize = 80;
/// Elements of a panel that are looked at for its own heading.
const NEAR: usize = 8;

/// The tabs of a page, by the ids of their panels and by their own.
#[derive(Default)]
pub(super) struct Tabs<'a> {
    by_panel: FxHashMap<&'a str, ElementRef<'a>>,
    by_id: FxHashMap<&'a str, ElementRef<'a>>,
}

impl<'a> Tabs<'a> {
    /// Of these elements, which call themselves tabs.
    pub(super) fn of(tabs: &[ElementRef<'a>]) -> Self {
        let mut found = Self::default();
        for tab in tabs.iter().copied() {
            let own = || std::iter::once(tab).chain(tab.descendent_elements().take(NEAR));
            let place = own().find_map(|element| element.attr("href")?.strip_prefix('#'));
            let panel = tab.attr("aria-controls").or(place).filter(|id| !id.is_empty());
            if let Some(panel) = panel {
                found.by_panel.insert(panel, tab);
            }
            found.by_id.extend(tab.attr("id").map(|id| (id, tab)));
        }
        found
    }

    /// The tab whose label stands over a panel, and nowhere beside it: an accordion's stands right above its own, and some panels
    /// begin with a heading that says the same.
    pub(super) fn of_panel(&self, panel: ElementRef<'a>, id: Option<&str>) -> Option<ElementRef<'a>> {
        let by_label = || panel.attr("aria-labelledby").and_then(|id| self.by_id.get(id.trim()));
        let tab = id.and_then(|id| self.by_panel.get(id)).or_else(by_label).copied()?;
        let label = words(tab);
        let is_list = |above: &ElementRef<'_>| above.attr("role") == Some("tablist");
        let list = tab.ancestors().filter_map(ElementRef::wrap).find(is_list).map(|list| list.id());
        let is_accordion = list.is_some_and(|list| panel.ancestors().any(|above| above.id() == list));
        let before = panel.prev_siblings().find_map(ElementRef::wrap);
        let stands_above = before.is_some_and(|before| words(before) == label);
        let is_heading = |e: &ElementRef<'_>| matches!(e.value().name(), "h1" | "h2" | "h3" | "h4" | "h5" | "h6");
        let says_it = panel.descendent_elements().take(NEAR).filter(is_heading).any(|heading| words(heading) == label);
        let is_one = !label.is_empty() && label.len() <= LABEL_BYTES_MAX;
        (is_one && !is_accordion && !stands_above && !says_it).then_some(tab)
    }
}

fn words(element: ElementRef<'_>) -> String {
    collapsed(&element.text().collect::<Vec<_>>().join(" "))
}
