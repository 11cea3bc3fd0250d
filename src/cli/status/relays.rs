//! What `status` says of the mail servers.

use super::{Outbox, ago};
use crate::store::Store;
use chrono::{DateTime, TimeDelta, Utc};

/// Mail is due and none has left for so long: longer than a server may keep us waiting.
const STILL_MAX: TimeDelta = TimeDelta::minutes(15);

/// That nothing leaves although it is due. While mail leaves, what is still to come waits for its turn.
pub(super) fn standing_still(outbox: &Outbox, last_left: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Option<String> {
    let due = outbox.due_since?;
    let still = last_left.map_or(due, |left| left.max(due));
    let why = outbox.last_reply.as_deref().unwrap_or("not tried yet");
    (now - still > STILL_MAX).then(|| format!("no mail has left since {}, and some is due: {why}", ago(still, now)))
}

/// Those that are out of use need a person; the answer is what is odd about others.
pub(super) async fn out_and_odd(store: &Store, now: DateTime<Utc>, needs: &mut Vec<String>) -> anyhow::Result<Vec<String>> {
    let mut odd = Vec::new();
    for out in store.relays_out().await? {
        let (relay, since, reply) = (out.relay, ago(out.since, now), out.reply);
        if out.serves {
            odd.push(format!("{relay}: {reply}, since {since}"));
        } else {
            needs.push(format!("the mail server {relay} is out of use since {since}, another one takes its mail: {reply}"));
        }
    }
    Ok(odd)
}
