//! Sizes of files as numbers, whichever way a page writes them: "468 KB", "468kB", "468 kilobytes".

use std::collections::BTreeMap;

/// A size in one way of writing: its figures and the letter of its unit; what is no size stays as its words.
pub(crate) fn plain(size: &str) -> String {
    parsed(size).map_or_else(|| super::plain(size), |(figures, unit)| format!("{figures} {}", unit.to_ascii_uppercase()))
}

/// Whether both may be the size of one file: "0.46 MB" is what "468 KB" is rounded to, by thousands or by 1,024.
pub(crate) fn are_same(a: &str, b: &str) -> bool {
    if plain(a) == plain(b) {
        return true;
    }
    let (Some((a, of_a)), Some((b, of_b))) = (parsed(a), parsed(b)) else { return false };
    // Under one unit a page that replaced a file says so in its last figure.
    of_a != of_b
        && [1000.0, 1024.0].iter().any(|step| {
            let (low_a, high_a) = range(&a, of_a, *step);
            let (low_b, high_b) = range(&b, of_b, *step);
            low_a <= high_b && low_b <= high_a
        })
}

/// Sizes by where they stand.
pub(crate) fn by_place<P: Ord + Copy>(sizes: &[(P, String)]) -> BTreeMap<P, Vec<&str>> {
    let mut all: BTreeMap<P, Vec<&str>> = BTreeMap::new();
    for (place, size) in sizes {
        all.entry(*place).or_default().push(size);
    }
    all
}

/// Whether `now` says more exactly than `before` what both are the size of.
pub(crate) fn is_finer(before: &str, now: &str) -> bool {
    let width = |size: &str| parsed(size).map(|(figures, unit)| range(&figures, unit, 1000.0)).map(|(low, high)| high - low);
    width(before).zip(width(now)).is_some_and(|(before, now)| now < before)
}

/// The figures, without parts of thousands and idle zeros, and the first letter of the unit.
fn parsed(size: &str) -> Option<(String, char)> {
    let size = size.trim().to_ascii_lowercase();
    let at = size.find(|c: char| c.is_ascii_alphabetic())?;
    let (figures, unit) = size.split_at_checked(at)?;
    let known =
        ["b", "byte", "bytes", "k", "kb", "kib", "kilobytes", "m", "mb", "mib", "megabytes", "g", "gb", "gib", "gigabytes"];
    let figures: String = figures.chars().filter(|c| *c != ',' && !c.is_whitespace()).collect();
    let is_number = figures.parse::<f64>().is_ok();
    let figures = if figures.contains('.') { figures.trim_end_matches('0').trim_end_matches('.') } else { &figures };
    (is_number && known.contains(&unit)).then(|| unit.chars().next().map(|unit| (figures.to_owned(), unit)))?
}

/// The least and the most bytes that are written so.
fn range(figures: &str, unit: char, step: f64) -> (f64, f64) {
    let bytes = match unit {
        'k' => step,
        'm' => step * step,
        'g' => step * step * step,
        _ => 1.0,
    };
    let decimals = figures.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    // Up, down or to the nearest: pages do all three; without decimals one up would be of almost any size below it.
    let last = if decimals == 0 { 0.5 } else { (0..decimals).fold(1.0, |place: f64, _| place / 10.0) };
    let number: f64 = figures.parse().unwrap_or_default();
    ((number - last) * bytes, (number + last) * bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_is_the_same_however_it_is_written() {
        let check = |a: &str, b: &str, expect: bool| assert_eq!(are_same(a, b), expect, "{a} and {b}");
        for other in ["468KB", "468kB", "468 kb", "468 kilobytes", "468.0 KB", "0.46 MB", "0.5MB", "479,232 bytes"] {
            check("468 KB", other, true);
        }
        for other in ["469 KB", "512 KB", "0.52 MB", "4.68 MB", "468 MB", "468"] {
            check("468 KB", other, false);
        }
        check("1.2 MB", "1,230 KB", true);
        check("1,340 KB", "1\u{202f}340 KB", true);
        check("1,340 KB", "1.31 MB", true);
        check("1,340 KB", "340 KB", false);
        check("1,340 KB", "2,340 KB", false);
        check("1.2 MB", "1.3 MB", false);
        for (size, expect) in
            [("348 KB", false), ("480 KB", false), ("520 KB", true), ("902 KB", true), ("1,400 KB", true), ("1.7 MB", false)]
        {
            check(size, "1 MB", expect);
        }
    }
}
