//! Pairs of pages: two fetches between which nothing has happened, and two between which something has. The first must be
//! no change, the second must be one and of the right class; on every platform.

mod above;
mod alike;
mod body;
mod noise;
mod real;
mod scene;
mod words;

use super::*;
use boardwatch::rules::fingerprint::fingerprint;

/// Every platform with pages of its own.
const PLATFORMS: [Platform; 12] = [
    Platform::ContensisBlog,
    Platform::ModerngovIssue,
    Platform::ModerngovItem,
    Platform::ModerngovMeeting,
    Platform::ModerngovDecision,
    Platform::ModerngovDecisions,
    Platform::Cmis,
    Platform::Jadu,
    Platform::LocalgovDrupal,
    Platform::Govuk,
    Platform::Feed,
    Platform::Page,
];

/// The items of a page, with how they differ from those of another.
fn differences(before: &[Item], after: &[Item]) -> Vec<String> {
    let print = |item: &Item| (item.key.clone(), fingerprint(item));
    let (was, is): (Vec<_>, Vec<_>) = (before.iter().map(print).collect(), after.iter().map(print).collect());
    let gone = was.iter().filter(|old| !is.contains(old)).map(|(key, _)| format!("{key} is not as it was"));
    let come = is.iter().filter(|new| !was.iter().any(|old| old.0 == new.0)).map(|(key, _)| format!("{key} is new"));
    gone.chain(come).collect()
}
