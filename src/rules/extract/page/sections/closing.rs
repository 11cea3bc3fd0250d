//! Days that close the entry above them, and begin nothing: a file's title, its size, and when it was put there.

use crate::rules::extract::page::entries::is_generic;
use crate::rules::extract::text::Line;
use ego_tree::NodeId;
use rustc_hash::FxHashMap;

/// Elements around a day that are looked at for its entry.
const NEAR: usize = 6;

/// Whether most of the days stand each in an element that holds no other of them, and in which a link leads to what the day is
/// of before the day is said. A day that begins something stands first in its part, or has none.
pub(super) fn close_entries(lines: &[Line<'_>], days: &[usize]) -> bool {
    let mut held: FxHashMap<NodeId, usize> = FxHashMap::default();
    for id in days.iter().filter_map(|at| lines.get(*at)).flat_map(around) {
        *held.entry(id).or_default() += 1;
    }
    let closes = |day: &usize| {
        let Some(line) = lines.get(*day) else { return false };
        let Some(part) = around(line).take_while(|id| held.get(id) == Some(&1)).last() else { return false };
        let mut within =
            lines.get(..*day).unwrap_or_default().iter().rev().take_while(|above| around(above).any(|id| id == part));
        within.any(is_title)
    };
    days.iter().filter(|day| closes(day)).count() * 2 > days.len()
}

/// The elements around a line's words, from its block upwards.
fn around(line: &Line<'_>) -> impl Iterator<Item = NodeId> {
    std::iter::once(line.block.id()).chain(line.block.ancestors().map(|above| above.id())).take(NEAR)
}

/// Whether a line is a link with words of its own, and hardly more: "Annual report (PDF, 2 MB)".
fn is_title(line: &Line<'_>) -> bool {
    const BESIDE_BYTES_MAX: usize = 24;
    !line.links.is_empty() && !is_generic(&line.text) && line.outside().trim().len() <= BESIDE_BYTES_MAX
}
