//! Lists within lists: an item that says no more than a year, a month or a body stands over the entries of the list that it holds, and
//! over nothing else.

use super::{Above, DAY_CELL, is_year, month_named, names_month, year};
use crate::rules::extract::text::Line;
use crate::rules::facts::meeting;
use ego_tree::NodeId;
use scraper::ElementRef;

/// Longest words of such an item, in bytes.
const BYTES_MAX: usize = 60;
/// Elements from an item's own words up to it.
const NEAR: usize = 3;
/// Deeper lists say no more of when.
const DEPTH_MAX: usize = 8;

/// The items around a line that stand over lists, each with what held outside of it.
#[derive(Default)]
pub(super) struct Lists<'a>(Vec<(NodeId, Above<'a>)>);

impl<'a> Lists<'a> {
    /// What holds again at a line behind such items; `None` where it stands in all of them.
    pub(super) fn leave(&mut self, line: &Line<'_>) -> Option<Above<'a>> {
        let mut before = None;
        while let Some((item, above)) = self.0.last() {
            if line.block.id() == *item || line.block.ancestors().any(|around| around.id() == *item) {
                break;
            }
            before = Some(*above);
            self.0.pop();
        }
        before
    }

    /// Goes on below a line that is such an item's own; whether it is.
    pub(super) fn enter(&mut self, line: &Line<'a>, above: &Above<'a>) -> bool {
        if line.text.len() > BYTES_MAX || self.0.len() >= DEPTH_MAX || !says_over(line, above) {
            return false;
        }
        let item = over_list(line);
        self.0.extend(item.map(|item| (item.id(), *above)));
        item.is_some()
    }

    /// The rank of the last of them: below that of any heading, and of those around it.
    pub(super) fn rank(&self) -> u8 {
        DAY_CELL + u8::try_from(self.0.len()).unwrap_or(u8::MAX - DAY_CELL)
    }
}

/// Whether a line says something of all that stands below it.
fn says_over(line: &Line<'_>, above: &Above<'_>) -> bool {
    let is_month = || year(&line.text).is_some() && names_month(line) || above.now.year.is_some() && month_named(&line.text);
    is_year(&line.text) || is_month() || meeting::body_over(&line.text).is_some()
}

/// The item whose own words a line is, where that holds a list.
fn over_list<'a>(line: &Line<'a>) -> Option<ElementRef<'a>> {
    let is_list = |element: ElementRef<'_>| matches!(element.value().name(), "ul" | "ol");
    let mut around = std::iter::once(line.block).chain(line.block.ancestors().filter_map(ElementRef::wrap)).take(NEAR);
    let item = around.find(|element| element.value().name() == "li")?;
    item.child_elements().any(is_list).then_some(item)
}
