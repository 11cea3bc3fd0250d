//! From what a server said to what a bounce means: by the table of refusals.

use super::{Bounce, BounceClass};
use crate::domain::delivery::RefusalKind;
use crate::rules::refusal::{Enhanced, Phase, blames_mailbox, kind_with};

/// Longest quotation of a server's words that is kept, in characters.
const QUOTED_MAX: usize = 300;

/// What these words mean, with the status that was given beside them.
pub(super) fn bounce(given: Option<Enhanced>, words: &str) -> Bounce {
    let said = words.split_whitespace().find_map(Enhanced::parse).filter(|said| said.class != 2);
    // x.0.0 says nothing but the class.
    let telling = |status: &Enhanced| (status.subject, status.detail) != (0, 0);
    let status = said.filter(telling).or(given.filter(telling));
    let class = status.or(said).or(given).map_or(5, |status| status.class);
    let code = code_in(words);
    let is_for_now = code.map_or(class == 4, |code| code < 500);
    let mut kind = kind_with(Phase::Rcpt, code.unwrap_or(if is_for_now { 450 } else { 550 }), status, words);
    if kind == RefusalKind::Transient {
        // A server that gave up for good was in earnest, also where the last word was "later". But that is no proof that
        // there is no such mailbox, unless nobody ever said "later", as where a name server knows no such name.
        let is_for_now = code.is_some() || status.is_some();
        let in_earnest = kind_with(Phase::Rcpt, 550, status, words);
        let is_no_proof = in_earnest == RefusalKind::Relay || (in_earnest == RefusalKind::AddressGone && is_for_now);
        kind = if is_no_proof { kind } else { in_earnest };
    }
    let is_content = status.is_some_and(|status| matches!(status.subject, 6 | 7));
    let class = match kind {
        RefusalKind::AddressGone => BounceClass::Gone,
        RefusalKind::Policy | RefusalKind::Throttled | RefusalKind::TooLarge | RefusalKind::Relay => BounceClass::Ours,
        RefusalKind::Permanent | RefusalKind::Unknown if is_content => BounceClass::Ours,
        RefusalKind::Transient | RefusalKind::Permanent | RefusalKind::Unknown => BounceClass::Soft,
    };
    let blames_mailbox = class == BounceClass::Soft && blames_mailbox(status, is_for_now, words);
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(QUOTED_MAX).collect();
    Bounce { class, blames_mailbox, status: status.or(said).or(given), words }
}

/// The first reply code (RFC 5321 §4.2.1): three digits by themselves, 4xx or 5xx.
fn code_in(words: &str) -> Option<u16> {
    let mut rest = words.split(|c: char| c.is_whitespace() || matches!(c, '-' | ':' | '(' | ')'));
    rest.find_map(|word| {
        let is_code = word.len() == 3 && word.starts_with(['4', '5']);
        is_code.then(|| word.parse().ok()).flatten()
    })
}
