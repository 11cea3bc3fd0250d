//! How a group of links stands to other groups, and to the page's own content.

use super::{DATED_SHARE, Judged, PROSE_BYTES, is_headline, is_prose};
use crate::rules::extract::text::Line;

impl Judged<'_> {
    /// Whether these are meetings, each named by its day, and the others the papers below them.
    pub(super) fn heads(&self, others: &Self) -> bool {
        const NEARLY_ALL: f64 = 0.8;
        let are_below = self.first_line < others.first_line;
        are_below && self.of_days >= NEARLY_ALL && self.papers == 0.0 && others.papers >= NEARLY_ALL && others.of_days == 0.0
    }

    /// Whether the page's own content begins below it, under the headline: a menu, or the latest news beside an article.
    pub(super) fn stands_beside(&self, lines: &[Line<'_>]) -> bool {
        // Where every entry has a heading of the first rank, none is the page's.
        let mut headlines = lines.iter().enumerate().filter(|(_, line)| is_headline(line)).map(|(at, _)| at);
        let (first, second, third) = (headlines.next(), headlines.next(), headlines.next());
        let headline = second.or(first).filter(|at| third.is_none() && *at > self.last_line);
        let Some(headline) = headline else { return false };
        let own = lines.get(headline + 1..).unwrap_or_default();
        let prose: usize = own.iter().filter(|line| is_prose(line)).map(|line| line.text.len()).sum();
        let is_bare = self.dated < DATED_SHARE && self.headed < DATED_SHARE;
        prose >= PROSE_BYTES || (is_bare && !own.is_empty())
    }
}
