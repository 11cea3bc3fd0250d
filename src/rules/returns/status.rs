//! Delivery status notifications: RFC 3464's fields, one block for the message and one for each recipient.

use super::class::{Named, bounce};
use super::parts::field;
use super::{Said, Verdict, address_in};
use crate::rules::refusal::Enhanced;

/// What the fields say of each recipient; `words` is what the same mail tells people, and `us` who wrote what it returns.
pub(super) fn read(fields: &str, words: &str, us: &[String]) -> Vec<Said> {
    let fields = fields.replace("\r\n", "\n");
    let said = fields.split("\n\n").filter_map(|block| {
        let names = ["Final-Recipient", "Original-Recipient", "X-Actual-Recipient"];
        let of: Vec<String> = names.iter().filter_map(|name| address_in(&field(block, name)?).map(str::to_owned)).collect();
        let verdict = recipient(block, words, Named { them: &of, us })?;
        Some(Said { of, verdict })
    });
    said.collect()
}

/// What is said of ours, among what is said of several; of nobody who is known to be ours, the worst.
pub(super) fn verdict(all: &[Said], is_ours: &dyn Fn(&str) -> bool) -> Verdict {
    let of_ours = all.iter().filter(|said| said.of.iter().any(|name| is_ours(name)));
    let worst = of_ours.max_by_key(|said| weight(&said.verdict)).or_else(|| all.iter().max_by_key(|said| weight(&said.verdict)));
    worst.map_or(Verdict::Other, |said| said.verdict.clone())
}

fn weight(verdict: &Verdict) -> u8 {
    match verdict {
        Verdict::Bounce(_) => 3,
        Verdict::Delayed => 2,
        Verdict::Receipt => 1,
        Verdict::Complaint | Verdict::AutoReply | Verdict::Other => 0,
    }
}

/// What a block says of its recipient; `None` where it is about none.
fn recipient(block: &str, words: &str, named: Named<'_>) -> Option<Verdict> {
    let status = field(block, "Status").and_then(|status| status.split_whitespace().next().and_then(Enhanced::parse));
    let action = field(block, "Action").map(|action| action.to_lowercase());
    let action = action.as_deref().map(|action| action.split_whitespace().next().unwrap_or_default());
    match (action, status.map(|status| status.class)) {
        (Some("delayed"), _) | (None, Some(4)) => Some(Verdict::Delayed),
        (Some("delivered" | "relayed" | "expanded"), _) | (None, Some(2)) => Some(Verdict::Receipt),
        // SendGrid says "expired", OpenSMTPD "error".
        (Some("failed" | "failure" | "expired"), _) | (_, Some(5)) => {
            let diagnosis = field(block, "Diagnostic-Code").or_else(|| field(block, "X-SMTP-Status")).unwrap_or_default();
            let diagnosis = diagnosis.split_once(';').map_or(diagnosis.as_str(), |(_, said)| said);
            // A report without a diagnosis has it in its words alone.
            let said = if diagnosis.trim().is_empty() { super::prose::saying(words) } else { diagnosis.to_owned() };
            Some(Verdict::Bounce(bounce(status, &said, words, named)))
        }
        _ => None,
    }
}
