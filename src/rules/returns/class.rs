//! From what a server said to what a bounce means: by the table of refusals.

use super::{Bounce, BounceClass, stage};
use crate::domain::delivery::RefusalKind;
use crate::rules::refusal::{Enhanced, Phase, blames_mailbox, kind_with, names_us};

/// Longest quotation of a server's words that is kept, in characters.
const QUOTED_MAX: usize = 300;

/// What a refusal says that says no more than no: a filter's whole answer.
const NO_MORE_THAN_NO: &[&str] = &[
    "rejected",
    "access denied",
    "denied",
    "refused",
    "mail rejected",
    "mail refused",
    "message rejected",
    "message refused",
    "recipient rejected",
    "recipient address rejected",
    "recipient address rejected access denied",
    "not accepted",
];

/// Who is spoken of: whose address means whom.
#[derive(Clone, Copy, Default)]
pub(super) struct Named<'a> {
    /// Whom we wrote to.
    pub(super) them: &'a [String],
    /// Where the bounce came to, and who wrote what it returns.
    pub(super) us: &'a [String],
}

/// What these words mean, with the status that was given beside them; `all` is what they are taken from.
pub(super) fn bounce(given: Option<Enhanced>, words: &str, all: &str, named: Named<'_>) -> Bounce {
    let said = words.split_whitespace().find_map(Enhanced::parse).filter(|said| said.class != 2);
    // x.0.0 says nothing but the class.
    let telling = |status: &Enhanced| (status.subject, status.detail) != (0, 0);
    let status = said.filter(telling).or(given.filter(telling));
    let class = status.or(said).or(given).map_or(5, |status| status.class);
    let code = code_in(words);
    let is_for_now = code.map_or(class == 4, |code| code < 500);
    let phase = if named.means_us(words) { Phase::Mail } else { stage::of(all, words) };
    let is_to_everybody = matches!(phase, Phase::Connect | Phase::Mail);
    let read = named.read(words);
    let mut kind = kind_with(phase, code.unwrap_or(if is_for_now { 450 } else { 550 }), status, &read);
    if kind == RefusalKind::Transient && !is_to_everybody {
        // A server that gave up for good was in earnest, also where the last word was "later". But that is no proof that
        // there is no such mailbox, unless nobody ever said "later".
        let is_for_now = code.is_some() || status.is_some();
        let in_earnest = kind_with(phase, 550, status, &read);
        let is_no_proof = in_earnest == RefusalKind::Relay || (in_earnest == RefusalKind::AddressGone && is_for_now);
        kind = if is_no_proof { kind } else { in_earnest };
    }
    // Who put it off until the end for what is thought of the sender has said what is thought of us.
    if kind == RefusalKind::Transient && phase == Phase::Mail && kind_with(Phase::Rcpt, 550, status, &read) == RefusalKind::Policy
    {
        kind = RefusalKind::Policy;
    }
    let blames = !is_to_everybody && blames_mailbox(status, is_for_now, words);
    let is_content = status.is_some_and(|status| matches!(status.subject, 6 | 7)) || (phase == Phase::Content && !is_for_now);
    let is_ours = (is_content && !blames) || (!is_for_now && says_no_more_than_no(words));
    let class = match kind {
        RefusalKind::AddressGone => BounceClass::Gone,
        // Who greets nobody for now may do so later.
        RefusalKind::Relay if is_for_now => BounceClass::Soft,
        RefusalKind::Policy | RefusalKind::Throttled | RefusalKind::TooLarge | RefusalKind::Relay => BounceClass::Ours,
        RefusalKind::Permanent | RefusalKind::Unknown if is_ours => BounceClass::Ours,
        RefusalKind::Transient | RefusalKind::Permanent | RefusalKind::Unknown => BounceClass::Soft,
    };
    let blames_mailbox = class == BounceClass::Soft && blames;
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(QUOTED_MAX).collect();
    Bounce { class, blames_mailbox, status: status.or(said).or(given), words }
}

impl<'a> Named<'a> {
    /// Whether a reply names us, and nobody else, as who is refused or unknown.
    fn means_us(self, words: &str) -> bool {
        let is_line = !words.contains('\n');
        let words = stage::even(words);
        // Before its code stands who said it to whom; without a code, a diagnosis is one line.
        let Some(reply) = stage::reply_in(&words).or(is_line.then_some(words.as_str())) else { return false };
        let names = |all: &'a [String]| all.iter().map(String::as_str).collect::<Vec<_>>();
        names_us(reply, &names(self.us), &names(self.them))
    }

    /// The words, where "verification failed for" means whom we wrote to; Exim says it of senders too.
    fn read(self, words: &str) -> String {
        let mut read = words.to_owned();
        for them in self.them {
            read = read.replace(&format!("Verification failed for <{them}>"), "");
        }
        read
    }
}

/// Whether a refusal says nothing besides.
fn says_no_more_than_no(words: &str) -> bool {
    let lower = words.lines().map(stage::even).find_map(|line| stage::reply_in(&line).map(str::to_owned));
    let lower = lower.unwrap_or_else(|| stage::even(words));
    let is_word = |word: &&str| !word.contains(['@', '/']) && !word.chars().any(|c| c.is_ascii_digit());
    let bare = lower.split_whitespace().filter(is_word).map(|word| word.trim_matches(|c: char| !c.is_alphabetic()));
    let bare = bare.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    NO_MORE_THAN_NO.contains(&bare.as_str())
}

/// The first reply code (RFC 5321 §4.2.1): three digits by themselves, 4xx or 5xx.
fn code_in(words: &str) -> Option<u16> {
    let mut rest = words.split(|c: char| c.is_whitespace() || matches!(c, '-' | ':' | '(' | ')'));
    rest.find_map(|word| {
        let is_code = word.len() == 3 && word.starts_with(['4', '5']);
        is_code.then(|| word.parse().ok()).flatten()
    })
}
