//! Delivery status notifications: RFC 3464's fields, one block for the message and one for each recipient.

use super::class::bounce;
use super::parts::field;
use super::{Names, Verdict};
use crate::rules::refusal::Enhanced;

/// What the fields say; `words` is what the same mail tells people.
pub(super) fn read(fields: &str, words: &str, names: &mut Names) -> Verdict {
    let fields = fields.replace("\r\n", "\n");
    let (mut verdict, mut rank) = (Verdict::Other, 0);
    for block in fields.split("\n\n") {
        let Some((said, weight)) = recipient(block, words) else { continue };
        for name in ["Final-Recipient", "Original-Recipient", "X-Actual-Recipient"] {
            if let Some(address) = field(block, name) {
                names.recipient(&address);
            }
        }
        // Our mail has one recipient; where a server speaks of several, the worst is about ours.
        if weight > rank {
            (verdict, rank) = (said, weight);
        }
    }
    verdict
}

/// What a block says of its recipient, and how much that weighs; `None` where it is about none.
fn recipient(block: &str, words: &str) -> Option<(Verdict, u8)> {
    let status = field(block, "Status").and_then(|status| status.split_whitespace().next().and_then(Enhanced::parse));
    let action = field(block, "Action").map(|action| action.to_lowercase());
    let action = action.as_deref().map(|action| action.split_whitespace().next().unwrap_or_default());
    match (action, status.map(|status| status.class)) {
        (Some("failed" | "failure"), _) | (None, Some(5)) => {
            let diagnosis = field(block, "Diagnostic-Code").or_else(|| field(block, "X-SMTP-Status")).unwrap_or_default();
            let diagnosis = diagnosis.split_once(';').map_or(diagnosis.as_str(), |(_, said)| said);
            // A report without a diagnosis has it in its words alone.
            let said = if diagnosis.trim().is_empty() { super::prose::saying(words) } else { diagnosis.to_owned() };
            Some((Verdict::Bounce(bounce(status, &said)), 3))
        }
        (Some("delayed"), _) | (None, Some(4)) => Some((Verdict::Delayed, 2)),
        (Some("delivered" | "relayed" | "expanded"), _) | (None, Some(2)) => Some((Verdict::Receipt, 1)),
        _ => None,
    }
}
