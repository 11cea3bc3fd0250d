//! From what a server said to what a bounce means: by the table of refusals.

use super::{Bounce, BounceClass};
use crate::domain::delivery::RefusalKind;
use crate::rules::refusal::{Enhanced, Phase, kind_with};

/// Longest quotation of a server's words that is kept, in characters.
const QUOTED_MAX: usize = 300;

/// What these words mean, with the status that was given beside them.
pub(super) fn bounce(given: Option<Enhanced>, words: &str) -> Bounce {
    let said = words.split_whitespace().find_map(Enhanced::parse).filter(|said| said.class != 2);
    // x.0.0 says nothing but the class.
    let telling = |status: &Enhanced| (status.subject, status.detail) != (0, 0);
    let status = said.filter(telling).or(given.filter(telling));
    let class = status.or(said).or(given).map_or(5, |status| status.class);
    // A server that gave up for good was in earnest, also where the last word was "later".
    let code = code_in(words).unwrap_or(if class == 4 { 450 } else { 550 });
    let mut kind = kind_with(Phase::Rcpt, code, status, words);
    if kind == RefusalKind::Transient {
        // "Later", said of a mailbox for days, is no proof that there is none.
        let in_earnest = kind_with(Phase::Rcpt, 550, status, words);
        kind = if in_earnest == RefusalKind::AddressGone { kind } else { in_earnest };
    }
    let is_content = status.is_some_and(|status| matches!(status.subject, 6 | 7));
    let class = match kind {
        RefusalKind::AddressGone => BounceClass::Gone,
        RefusalKind::Policy | RefusalKind::Throttled | RefusalKind::TooLarge | RefusalKind::Relay => BounceClass::Ours,
        RefusalKind::Transient | RefusalKind::Permanent | RefusalKind::Unknown if is_content => BounceClass::Ours,
        RefusalKind::Transient | RefusalKind::Permanent | RefusalKind::Unknown => BounceClass::Soft,
    };
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(QUOTED_MAX).collect();
    Bounce { class, status: status.or(said).or(given), words }
}

/// The first reply code (RFC 5321 §4.2.1): three digits by themselves, 4xx or 5xx.
fn code_in(words: &str) -> Option<u16> {
    let mut rest = words.split(|c: char| c.is_whitespace() || matches!(c, '-' | ':' | '(' | ')'));
    rest.find_map(|word| {
        let is_code = word.len() == 3 && word.starts_with(['4', '5']);
        is_code.then(|| word.parse().ok()).flatten()
    })
}
