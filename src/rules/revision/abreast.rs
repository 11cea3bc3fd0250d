//! Which of some sentences became which of others that stand in their place: those that share most of their words, in their
//! order. What is put before a sentence like it must not be told as that sentence reworded.

/// A sentence as it was and as it is, by their places; `None` on the side that has it not.
pub(super) type Pair = (Option<usize>, Option<usize>);

/// How many hundredths of their words two sentences share, at least, for one to be the other reworded.
const ALIKE: usize = 50;
/// Most pairs that are compared; longer runs are told in their order.
const COMPARED_MAX: usize = 4_000;

/// The pairs of two sides, in their order. Sentences that are like none of the other side's stand abreast as they come.
pub(super) fn pairs(was: &[String], is: &[String]) -> Vec<Pair> {
    let (mut found, mut before, mut now) = (Vec::new(), 0, 0);
    let anchors = if was.len() == is.len() && was.len() < 2 { Vec::new() } else { anchors(was, is) };
    for (old, new) in anchors.into_iter().chain([(was.len(), is.len())]) {
        let (gone, come) = (old - before, new - now);
        found.extend((0..gone.max(come)).map(|at| ((at < gone).then_some(before + at), (at < come).then_some(now + at))));
        if old < was.len() {
            found.push((Some(old), Some(new)));
        }
        (before, now) = (old + 1, new + 1);
    }
    found
}

/// The pairs of sentences that share most of their words, as many words as can be paired in order.
fn anchors(was: &[String], is: &[String]) -> Vec<(usize, usize)> {
    if was.is_empty() || is.is_empty() || was.len() * is.len() > COMPARED_MAX {
        return Vec::new();
    }
    let (old, new) = (was.iter().map(|s| sorted(s)).collect::<Vec<_>>(), is.iter().map(|s| sorted(s)).collect::<Vec<_>>());
    let likeness: Vec<Vec<usize>> = old.iter().map(|one| new.iter().map(|other| shared(one, other)).collect()).collect();
    let at = |grid: &[Vec<usize>], row: usize, column: usize| grid.get(row).and_then(|row| row.get(column)).copied().unwrap_or(0);
    // The most that can be paired of the first sentences of both sides.
    let mut best = vec![vec![0; new.len() + 1]; old.len() + 1];
    for row in 1..=old.len() {
        for column in 1..=new.len() {
            let paired = match at(&likeness, row - 1, column - 1) {
                alike if alike >= ALIKE => at(&best, row - 1, column - 1) + alike,
                _ => 0,
            };
            let most = paired.max(at(&best, row - 1, column)).max(at(&best, row, column - 1));
            if let Some(cell) = best.get_mut(row).and_then(|row| row.get_mut(column)) {
                *cell = most;
            }
        }
    }
    let (mut row, mut column, mut found) = (old.len(), new.len(), Vec::new());
    while row > 0 && column > 0 {
        let here = at(&best, row, column);
        if here == at(&best, row - 1, column) {
            row -= 1;
        } else if here == at(&best, row, column - 1) {
            column -= 1;
        } else {
            (row, column) = (row - 1, column - 1);
            found.push((row, column));
        }
    }
    found.reverse();
    found
}

fn sorted(sentence: &str) -> Vec<&str> {
    let mut words: Vec<&str> = sentence.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    words.sort_unstable();
    words
}

/// How many hundredths of the words of two sentences both have.
fn shared(one: &[&str], other: &[&str]) -> usize {
    let (mut left, mut right, mut both) = (one.iter().peekable(), other.iter().peekable(), 0_usize);
    while let (Some(a), Some(b)) = (left.peek(), right.peek()) {
        match a.cmp(b) {
            std::cmp::Ordering::Less => drop(left.next()),
            std::cmp::Ordering::Greater => drop(right.next()),
            std::cmp::Ordering::Equal => {
                (both, _, _) = (both + 1, left.next(), right.next());
            }
        }
    }
    (200 * both).checked_div(one.len() + other.len()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_that_share_their_words_stand_abreast() {
        let check = |was: &[&str], is: &[&str], expect: &[Pair]| {
            let owned = |side: &[&str]| side.iter().map(|s| (*s).to_owned()).collect::<Vec<_>>();
            assert_eq!(pairs(&owned(was), &owned(is)), expect, "{was:?} {is:?}");
        };
        check(&["a b c d"], &["a b c e"], &[(Some(0), Some(0))]);
        check(&["a b"], &["x y"], &[(Some(0), Some(0))]);
        check(&["a b c d"], &["x y", "a b c e"], &[(None, Some(0)), (Some(0), Some(1))]);
        check(&["a b c d"], &["a b x y", "a b c e"], &[(None, Some(0)), (Some(0), Some(1))]);
        check(&["a b c d"], &["a b c e", "x y"], &[(Some(0), Some(0)), (None, Some(1))]);
        check(&["x y", "a b c d"], &["a b c e"], &[(Some(0), None), (Some(1), Some(0))]);
        check(&["a b c d", "p q r s"], &["p q r t", "x y"], &[(Some(0), None), (Some(1), Some(0)), (None, Some(1))]);
        check(&["a b", "p q"], &["x y", "v w"], &[(Some(0), Some(0)), (Some(1), Some(1))]);
        check(&[], &["x y"], &[(None, Some(0))]);
        check(&["x y"], &[], &[(Some(0), None)]);
    }
}
