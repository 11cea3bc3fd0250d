//! "Did you mean": the known word nearest to a mistyped one.

/// The hint for `word` where one of `known` is near enough to be meant, else the list of them where it is short.
pub(super) fn hint<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    /// A longer list helps nobody.
    const LIST_MAX: usize = 16;
    let known: Vec<&str> = known.into_iter().collect();
    if let Some(near) = nearest(word, &known) {
        return Some(format!("did you mean `{near}`?"));
    }
    let list = || known.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ");
    (!known.is_empty() && known.len() <= LIST_MAX).then(|| format!("known here: {}", list()))
}

/// The nearest of `known`, at most a third of the letters away, whatever the case.
fn nearest<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
    let lower = word.to_lowercase();
    let distance = |candidate: &&str| strsim::damerau_levenshtein(&lower, &candidate.to_lowercase());
    let best = known.iter().copied().min_by_key(distance)?;
    let limit = (word.chars().count().max(best.chars().count()) / 3).max(1);
    (distance(&best) <= limit).then_some(best)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_recognised_and_a_stranger_gets_the_list() {
        let check =
            |word: &str, expect: &str| assert_eq!(hint(word, ["every", "timeout", "url"]).as_deref(), Some(expect), "{word}");
        check("evry", "did you mean `every`?");
        check("Every", "did you mean `every`?");
        check("timeuot", "did you mean `timeout`?");
        check("ulr", "did you mean `url`?");
        check("password", "known here: `every`, `timeout`, `url`");
        assert_eq!(hint("x", []), None);
    }
}
