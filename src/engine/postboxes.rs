//! Looking into the boxes of returned mail, each in its turn. One that cannot be read keeps nobody from the others: admins
//! are told once, and it is left alone for a while, longer each time.

use super::returns::{Reader, ReturnsError};
use crate::ports::Postbox;
use crate::rules::schedule::postbox_rest;
use crate::store::StoreError;
use crate::store::records::PostboxOut;
use chrono::{DateTime, TimeDelta, Utc};
use std::sync::Arc;

/// Reads what waits in `postboxes`, until nothing does or `stop` says so. Answers how many mails.
pub async fn look_into(
    postboxes: &[Arc<dyn Postbox>],
    reader: &Reader<'_>,
    stop: &(dyn Fn() -> bool + Sync),
) -> Result<usize, StoreError> {
    reader.watch_gone().await?;
    let before = reader.store.postboxes_out().await?;
    let known = before.as_ref().map(|row| row.value.boxes.as_slice()).unwrap_or_default();
    let mut out = Vec::new();
    let mut read = 0;
    for postbox in postboxes {
        let name = postbox.name();
        let earlier = known.iter().find(|out| out.name == name);
        if let Some(resting) = earlier.filter(|earlier| earlier.rests(reader.clock.now())) {
            out.push(resting.clone());
            continue;
        }
        match reader.empty(postbox.as_ref(), stop).await {
            Ok(mails) => {
                read += mails;
                if earlier.is_some() {
                    tracing::info!(postbox = name, "returned mail can be read again");
                }
            }
            Err(ReturnsError::Store(error)) => return Err(error),
            Err(ReturnsError::Postbox(error)) => out.push(told(name, error.to_string(), earlier, reader.clock.now())),
        }
    }
    // If we stop before this: it is tried again, and told again.
    reader.store.record_postboxes_out(before.as_ref(), out).await?;
    Ok(read)
}

/// The record of a box that could not be read, after telling of it.
fn told(name: String, reply: String, earlier: Option<&PostboxOut>, now: DateTime<Utc>) -> PostboxOut {
    let in_a_row = earlier.map_or(0, |earlier| earlier.in_a_row).saturating_add(1);
    let until = now + TimeDelta::from_std(postbox_rest(in_a_row)).unwrap_or_default();
    if earlier.is_none() {
        tracing::error!(postbox = name, reply, %until, "returned mail cannot be read: who leaves by mail is not heard");
    } else {
        tracing::info!(postbox = name, reply, %until, "returned mail still cannot be read");
    }
    PostboxOut { name, reply, since: earlier.map_or(now, |earlier| earlier.since), in_a_row, until }
}
