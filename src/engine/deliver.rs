//! Delivering: deliveries that are due are claimed, rendered, handed to the next hop, and settled or put back.
//!
//! A message goes out between two commits, so a stop repeats it at most once per stop, under the same Message-ID; it is
//! never lost. Before it leaves, the subscription is looked at once more: nobody is mailed after leaving.

use super::known::{Sources, in_words};
use crate::domain::delivery::{Refusal, RefusalKind, Settlement};

use crate::domain::site::Site;

use crate::domain::subscriber::{Address, SubscriberId};
use crate::ports::{Clock, Mail, Message};
use crate::render::email::{DigestMail, Head, ListHead, MailEntry, assemble, digest};
use crate::rules::interest;
use crate::rules::schedule::retry_delivery;
use crate::rules::token::{self, Purpose, Token};
use crate::store::records::{Claim, Outgoing, Subscription};
use crate::store::{Row, Store, StoreError};
use chrono::{DateTime, TimeDelta, Utc};
use futures::StreamExt;
use std::collections::BTreeSet;

/// Longer than any conversation may take; after it another process may try.
const CLAIM: TimeDelta = TimeDelta::minutes(30);
/// Refusals by the relay itself, one after the other, after which the rest of a pass is left for later.
const RELAY_FAILURES_MAX: usize = 3;

/// What delivering needs besides the store.
#[derive(Clone, Copy)]
pub struct Postman<'a> {
    /// The next hop.
    pub mail: &'a dyn Mail,
    /// The time.
    pub clock: &'a dyn Clock,
    /// The sources, for the words.
    pub sources: &'a Sources,
    /// Who we are.
    pub site: &'a Site,
    /// The sender's name and address.
    pub from: (Option<&'a str>, &'a Address),
    /// When not empty: nobody else is ever mailed.
    pub only_to: &'a [Address],
    /// Conversations at a time.
    pub connections: usize,
    /// Messages a minute at most.
    pub per_minute_max: Option<u32>,
    /// Signs the links.
    pub key: &'a [u8; 32],
    /// This process, in claims.
    pub owner: &'a str,
}

/// What a pass of delivering did.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Delivered {
    /// Accepted by the next hop.
    pub sent: usize,
    /// Refused for good, with the masked address and the reply.
    pub refused: Vec<(String, String)>,
    /// Put back for later, with the last reply.
    pub postponed: usize,
    /// Why the last one was put back.
    pub last_reply: Option<String>,
    /// Not sent because the subscription had ended, or nobody else may be mailed.
    pub cancelled: usize,
}

/// Sends everything that is due, until nothing is, the relay is out of reach, or `stop` says so.
pub async fn deliver(store: &Store, postman: &Postman<'_>, stop: &(dyn Fn() -> bool + Sync)) -> Result<Delivered, StoreError> {
    let mut done = Delivered::default();
    let mut relay_failures = 0;
    let mut pace = Pace::new(postman.per_minute_max, postman.clock.now());
    while !stop() && relay_failures < RELAY_FAILURES_MAX {
        let room = pace.room(postman.connections.max(1), postman.clock).await;
        let now = postman.clock.now();
        let claim = Claim { owner: postman.owner.to_owned(), until: now + CLAIM };
        let batch = store.claim_due(room, &claim, now).await?;
        if batch.is_empty() {
            break;
        }
        pace.spend(batch.len());
        let ends: Vec<Result<End, StoreError>> =
            futures::stream::iter(batch).map(|row| deliver_one(store, postman, row)).buffered(room).collect().await;
        for end in ends {
            match end? {
                End::Sent => (done.sent, relay_failures) = (done.sent + 1, 0),
                End::Refused(to, reply) => done.refused.push((to, reply)),
                End::Cancelled => done.cancelled += 1,
                End::Postponed(refusal) => {
                    done.postponed += 1;
                    relay_failures += usize::from(refusal.kind == RefusalKind::Relay);
                    done.last_reply = Some(refusal.reply);
                }
            }
        }
    }
    Ok(done)
}

enum End {
    Sent,
    Refused(String, String),
    Postponed(Refusal),
    Cancelled,
}

async fn deliver_one(store: &Store, postman: &Postman<'_>, row: Row<Outgoing>) -> Result<End, StoreError> {
    let outgoing = &row.value;
    let message = match write(store, postman, outgoing).await? {
        Ok(message) => message,
        Err(reason) => {
            tracing::info!(delivery.id = %outgoing.id, reason, "a delivery was cancelled");
            let settlement = Settlement::Cancelled { reason: reason.to_owned() };
            return settled(store.settle(&row, settlement, postman.clock.now()).await, End::Cancelled);
        }
    };
    let to = message.to.masked();
    // If we stop after this and before it is settled: the row is still queued, so the message goes again under the same
    // Message-ID.
    let answer = postman.mail.send(message).await;
    let now = postman.clock.now();
    match answer {
        Ok(reply) => settled(store.settle(&row, Settlement::Sent { reply }, now).await, End::Sent),
        Err(refusal) => {
            let attempts = outgoing.attempts;
            let seed = u64::from_str_radix(outgoing.id.as_str().get(..16).unwrap_or_default(), 16).unwrap_or(0);
            let wait = retry_delivery(refusal.kind, attempts, seed).and_then(|wait| TimeDelta::from_std(wait).ok());
            if let Some(wait) = wait {
                tracing::info!(delivery.id = %outgoing.id, attempts, to, reply = refusal.reply, "not taken; again later");
                let end = End::Postponed(refusal.clone());
                settled(store.postpone(&row, now + wait, refusal.reply).await, end)
            } else {
                tracing::warn!(delivery.id = %outgoing.id, attempts, to, reply = refusal.reply, "refused for good");
                let end = End::Refused(to, refusal.reply.clone());
                settled(store.settle(&row, Settlement::Refused(refusal), now).await, end)
            }
        }
    }
}

/// Losing the row to another process means that our claim ran out: it will settle what it sends.
fn settled(result: Result<(), StoreError>, end: End) -> Result<End, StoreError> {
    match result {
        Err(error) if !error.is_conflict() => Err(error),
        Ok(()) | Err(_) => Ok(end),
    }
}

/// The message of a delivery as it is now to be sent, or why it is not.
async fn write(store: &Store, postman: &Postman<'_>, outgoing: &Outgoing) -> Result<Result<Message, &'static str>, StoreError> {
    let person = store.person(&outgoing.subscriber).await?;
    let subscriptions = store.active_subscriptions(&outgoing.subscriber).await?;
    let Some(person) = person.filter(|_| !subscriptions.is_empty()) else { return Ok(Err("the subscription ended")) };
    let address = person.value.address;
    if !postman.only_to.is_empty() && !postman.only_to.iter().any(|a| a.identity() == address.identity()) {
        return Ok(Err("mail.only_to names others only"));
    }
    let mut entries = Vec::new();
    for told in &outgoing.told {
        let known = in_words(store, &told.source, &told.item, told.revision).await?;
        let before = match told.previous {
            Some(previous) => store.revision(&told.item, previous).await?.map(|revision| revision.item),
            None => None,
        };
        if let (Some(known), Some(source)) = (known, postman.sources.get(&told.source)) {
            entries.push((told.change, known, before, source));
        }
    }
    if entries.is_empty() {
        return Ok(Err("the store no longer holds what it tells"));
    }
    let entries: Vec<MailEntry<'_>> = entries
        .iter()
        .map(|(change, known, before, source)| MailEntry { change: *change, known, source, before: before.as_ref() })
        .collect();
    let (page, one_click) = leaving(postman.site, postman.key, &outgoing.subscriber);
    let why = reasons(&subscriptions, outgoing, &entries);
    let rendered = digest(&DigestMail::new(postman.site, outgoing.cadence, why, page, entries));
    let message_id = outgoing.id.message_id(mail_domain(postman.site, postman.from.1));
    let list_id = format!("updates.{}", mail_domain(postman.site, postman.from.1));
    let owner = Address::parse(&postman.site.contact).ok();
    let bytes = assemble(
        &rendered,
        &Head {
            from_name: postman.from.0,
            from: postman.from.1,
            to: &address,
            reply_to: None,
            date: outgoing.planned,
            message_id: &message_id,
            list: Some(ListHead {
                name: &postman.site.name,
                id: &list_id,
                one_click_url: &one_click,
                unsubscribe_mailbox: None,
                owner: owner.as_ref(),
                feedback: ["digest", outgoing.cadence.as_str()],
            }),
        },
    );
    Ok(Ok(Message { message_id, from: postman.from.1.clone(), to: address, bytes }))
}

/// The page on which `subscriber` ends their subscription, and the address where one POST does.
#[must_use]
pub fn leaving(site: &Site, key: &[u8; 32], subscriber: &SubscriberId) -> (String, String) {
    let token = token::sign(key, &Token { purpose: Purpose::Unsubscribe, subscriber: subscriber.clone() });
    (site.link(&format!("unsubscribe/{token}")), site.link(&format!("one-click/{token}")))
}

/// The domain of Message-IDs and list names: the sender's, since the site may have none of its own.
fn mail_domain<'a>(site: &'a Site, from: &'a Address) -> &'a str {
    from.as_str().rsplit_once('@').map_or(site.host(), |(_, domain)| domain)
}

/// Why this person gets these items, each reason once.
fn reasons(subscriptions: &[Subscription], outgoing: &Outgoing, entries: &[MailEntry<'_>]) -> Vec<String> {
    let of_cadence = || subscriptions.iter().filter(|s| s.cadence == outgoing.cadence);
    let mut why = BTreeSet::new();
    for entry in entries {
        why.extend(of_cadence().filter_map(|s| interest::matches(&s.interests, entry.source, &entry.known.item)));
    }
    why.into_iter().map(|why| why.to_string()).collect()
}

/// At most so many messages a minute.
struct Pace {
    per_minute_max: Option<u32>,
    began: DateTime<Utc>,
    spent: usize,
}

impl Pace {
    fn new(per_minute_max: Option<u32>, now: DateTime<Utc>) -> Self {
        Self { per_minute_max, began: now, spent: 0 }
    }

    /// How many of `wanted` may go now; waits for the next minute where none may.
    async fn room(&mut self, wanted: usize, clock: &dyn Clock) -> usize {
        let Some(max) = self.per_minute_max.map(|max| max as usize) else { return wanted };
        let minute = TimeDelta::minutes(1);
        let mut passed = clock.now() - self.began;
        if self.spent >= max && passed < minute && passed >= TimeDelta::zero() {
            clock.sleep((minute - passed).to_std().unwrap_or_default()).await;
            passed = minute;
        }
        if passed >= minute || passed < TimeDelta::zero() {
            (self.began, self.spent) = (clock.now(), 0);
        }
        wanted.min(max - self.spent.min(max)).max(1)
    }

    fn spend(&mut self, sent: usize) {
        self.spent += sent;
    }
}
