//! What the lines of a page say of the links of a group: which words they repeat, and which days stand beside them.

use super::Member;
use crate::rules::extract::page::entries::{is_generic, words};
use crate::rules::extract::page::{dated, naming};
use crate::rules::extract::text::Line;
use scraper::ElementRef;

/// What the page repeats, where that tells which words name an entry: in cards, in rows, and beside a "Read more".
pub(super) fn repeated(group: &[Member<'_>], lines: &[Line<'_>]) -> naming::Repeated {
    let asks =
        |member: &Member<'_>| naming::holds_lines(member.link) || is_generic(&words(member.link)) || is_in_row(member.link);
    let named = group.iter().map(|member| (words(member.link), &*member.key));
    if group.iter().any(asks) { naming::repeated(lines, named) } else { naming::Repeated::default() }
}

fn is_in_row(link: ElementRef<'_>) -> bool {
    const NEAR: usize = 4;
    link.ancestors().take(NEAR).filter_map(ElementRef::wrap).any(|above| above.value().name() == "tr")
}

/// Whether, in one run of text, a line that is nothing but a day stands above the line of each link, or below it.
pub(super) fn beside(group: &[Member<'_>], lines: &[Line<'_>], beside: fn(usize) -> Option<usize>) -> bool {
    let is_dated = |member: &Member<'_>| {
        let pair = lines.get(member.line).zip(beside(member.line).and_then(|at| lines.get(at)));
        pair.is_some_and(|(own, day)| day.block.id() == own.block.id() && day.links.is_empty() && dated::is_date(&day.text))
    };
    let sample = group.get(..20).unwrap_or(group);
    sample.first().is_some_and(is_dated) && sample.iter().filter(|member| is_dated(member)).count() * 5 >= sample.len() * 4
}
