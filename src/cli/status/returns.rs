//! What came back by mail, as `status` tells it.

use super::ago;
use crate::rules::complaints::{Standing, standing};
use crate::store::Store;
use crate::store::gone::LATELY_DAYS;
use crate::store::records::{ReturnKind, ToldGone};
use crate::store::returns::COMPLAINT_DAYS;
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::BTreeMap;

/// So many mails back in a day for what is thought of us need a person.
const POLICY_RETURNS_MAX: u64 = 5;

/// What came back lately, counted, and what of it needs a person.
pub(super) async fn returns(
    store: &Store,
    now: DateTime<Utc>,
    needs: &mut Vec<String>,
) -> anyhow::Result<BTreeMap<ReturnKind, u64>> {
    let lately = store.returns_since(now - TimeDelta::days(COMPLAINT_DAYS)).await?;
    if let Some(pause) = store.complaint_pause().await?.map(|row| row.value)
        && let Some(since) = pause.since
    {
        let (complaints, sent, since) = (pause.complaints, pause.sent, ago(since, now));
        needs.push(format!(
            "nothing is sent, since {since}: {complaints} readers called {sent} mails spam. Find out why, then `boardwatch mail resume`"
        ));
    } else if lately.counts.contains_key(&ReturnKind::Complaint) {
        let (complaints, sent) = store.complaints(now).await?;
        if standing(complaints, sent) != Standing::Fine {
            needs.push(format!(
                "{complaints} readers called {sent} mails of the last {COMPLAINT_DAYS} days spam: one in a thousand is too many"
            ));
        }
    }
    if let Some(told) = store.told_gone().await?.map(|row| row.value)
        && let Some(doubted) = told.doubted
    {
        needs.push(format!(
            "{}, since {}. It is not believed, and nobody is suppressed for it. Find out what the mail servers say, then `boardwatch \
             mail resume` throws it away and sends again what it brought back; with `--believe` those people are suppressed. Last it said: {}",
            said_of_all(&told),
            ago(doubted, now),
            told.words.as_deref().unwrap_or("nothing")
        ));
    }
    if let Some(thrown_away) = store.told_gone().await?.and_then(|row| row.value.thrown_away)
        && thrown_away.late > 0
        && thrown_away.is_recent(now)
    {
        let (mails, it) =
            if thrown_away.late == 1 { ("1 more mail", "it") } else { (&*format!("{} more mails", thrown_away.late), "they") };
        needs.push(format!(
            "{mails} from before what was thrown away {} came back later. Nobody is suppressed for that. Once the mail servers are in order, \
             `boardwatch mail again --since {}` sends what {it} brought back",
            ago(thrown_away.at, now),
            thrown_away.at.format("%Y-%m-%d")
        ));
    }
    let today = store.returns_since(now).await?.counts.get(&ReturnKind::Policy).copied().unwrap_or(0);
    if today >= POLICY_RETURNS_MAX {
        let said = lately.last_policy.clone().unwrap_or_default();
        let day = now.format("%Y-%m-%d");
        needs.push(format!(
            "{today} mails came back today for what is thought of their sender: {said}. Once that is put right, `boardwatch mail again \
             --since {day}` sends them once more"
        ));
    }
    Ok(lately.counts)
}

/// How many mails came back as if nobody could be reached.
fn said_of_all(told: &ToldGone) -> String {
    let ToldGone { people, mailed, counted, .. } = told;
    let of = if *people == 1 { "1 person".to_owned() } else { format!("{people} people") };
    let said = format!("mail comes back saying of {of} that nothing reaches them");
    match mailed {
        // A return may come long after its mail; until there are many, nobody counts who was mailed.
        0 if counted.is_none() => said,
        0 => format!("{said}, and nobody was mailed in the last {LATELY_DAYS} days"),
        _ => format!("{said}, where {mailed} were mailed in the last {LATELY_DAYS} days"),
    }
}

/// What mails that came back are called.
pub(super) fn returned_as(kind: ReturnKind) -> &'static str {
    match kind {
        ReturnKind::Gone => "address gone",
        ReturnKind::Soft => "not taken",
        ReturnKind::Policy => "refused for the sender",
        ReturnKind::Delayed => "delayed",
        ReturnKind::Receipt => "receipts",
        ReturnKind::AutoReply => "auto-replies",
        ReturnKind::Complaint => "complaints",
        ReturnKind::Unsubscribe => "unsubscribed by mail",
        ReturnKind::Unproven => "unproven",
        ReturnKind::Unknown => "to be read by you",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn whom_mail_came_back_from_is_told_and_who_was_mailed_only_where_that_was_counted() {
        let check = |people: u64, mailed: u64, counted: bool, ends: &str| {
            let counted = counted.then_some("2026-11-22T10:00:00Z");
            let told =
                json!({"since": "2026-11-22T09:00:00Z", "people": people, "alike": {}, "mailed": mailed, "counted": counted});
            let said = said_of_all(&serde_json::from_value(told).unwrap());
            assert!(said.ends_with(ends), "{said}");
        };
        check(50, 0, false, "saying of 50 people that nothing reaches them");
        check(1, 0, false, "saying of 1 person that nothing reaches them");
        check(50, 0, true, "nothing reaches them, and nobody was mailed in the last 2 days");
        check(50, 300, true, "nothing reaches them, where 300 were mailed in the last 2 days");
    }
}
