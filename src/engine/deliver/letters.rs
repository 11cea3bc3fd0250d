//! What a delivery says, as it is now to be sent. Those who are told the same for the same reasons share one letter; each
//! message then gets its own head and its own way out.

use super::Postman;
use crate::domain::bundle::{Bundle, BundleId, Member};
use crate::domain::site::Site;
use crate::domain::subscriber::{Address, Interests, SubscriberId};
use crate::engine::known::in_words;
use crate::ports::Message;
use crate::render::email::{Head, Letter, ListHead, MailEntry, assemble, unsubscribe_path};
use crate::rules::interest;
use crate::rules::token::{self, Purpose, Token};
use crate::store::{Store, StoreError};
use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

/// Letters kept; where people differ more than that, they are printed again.
const KEPT_MAX: usize = 256;

/// What decides how a letter reads: what is told, and what its readers asked for.
type Kind = (BundleId, u16, Vec<Interests>);

/// The letters of a pass.
pub(super) struct Letters<'a> {
    store: &'a Store,
    postman: &'a Postman<'a>,
    known: Mutex<HashMap<Kind, Arc<Letter>>>,
}

impl<'a> Letters<'a> {
    pub(super) fn new(store: &'a Store, postman: &'a Postman<'a>) -> Self {
        Self { store, postman, known: Mutex::default() }
    }

    /// The message to a member of the bundle `id` as it is now to be sent, or why it is not.
    pub(super) async fn message(
        &self,
        id: &BundleId,
        bundle: &Bundle,
        member: Member,
    ) -> Result<Result<Message, &'static str>, StoreError> {
        let postman = self.postman;
        let subscriber = SubscriberId::from_number(member.number);
        let Some((person, subscriptions)) = self.store.to_be_mailed(&subscriber).await? else {
            return Ok(Err("the subscription ended"));
        };
        let to = person.address;
        if !postman.only_to.is_empty() && !postman.only_to.iter().any(|a| a.identity() == to.identity()) {
            return Ok(Err("mail.only_to names others only"));
        }
        let wants = subscriptions.into_iter().filter(|s| s.cadence == bundle.cadence).map(|s| s.interests).collect();
        let Some(letter) = self.letter((id.clone(), member.group, wants), bundle).await? else {
            return Ok(Err("the store no longer holds what it tells"));
        };
        let token = token_of(postman.key, &subscriber);
        let from = postman.from.1;
        let message_id = bundle.delivery(member.number).message_id(mail_domain(postman.site, from));
        let owner = Address::parse(&postman.site.contact).ok();
        let bytes = assemble(
            &letter.with_token(&token),
            &Head {
                from_name: postman.from.0,
                from,
                to: &to,
                reply_to: None,
                date: bundle.planned,
                message_id: &message_id,
                list: Some(ListHead {
                    name: &postman.site.name,
                    id: &format!("updates.{}", mail_domain(postman.site, from)),
                    one_click_url: &one_click_url(postman.site, &token),
                    unsubscribe_mailbox: None,
                    owner: owner.as_ref(),
                    feedback: ["digest", bundle.cadence.as_str()],
                }),
            },
        );
        Ok(Ok(Message { message_id, from: from.clone(), to, bytes }))
    }

    /// `None` where there is nothing left to tell.
    async fn letter(&self, kind: Kind, bundle: &Bundle) -> Result<Option<Arc<Letter>>, StoreError> {
        let known = || self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(letter) = known().get(&kind) {
            return Ok(Some(letter.clone()));
        }
        let (_, group, wants) = &kind;
        let Some(letter) = self.write(bundle, *group, wants).await? else { return Ok(None) };
        let letter = Arc::new(letter);
        let mut known = known();
        if known.len() >= KEPT_MAX {
            known.clear();
        }
        known.insert(kind, letter.clone());
        Ok(Some(letter))
    }

    async fn write(&self, bundle: &Bundle, group: u16, wants: &[Interests]) -> Result<Option<Letter>, StoreError> {
        let mut told = Vec::new();
        for news in bundle.told(group) {
            let known = in_words(self.store, &news.source, &news.item, news.revision).await?;
            let before = match news.previous {
                Some(previous) => self.store.revision(&news.item, previous).await?.map(|revision| revision.item),
                None => None,
            };
            if let (Some(known), Some(source)) = (known, self.postman.sources.get(&news.source)) {
                told.push((news.change, known, before, source));
            }
        }
        let entries: Vec<MailEntry<'_>> = told
            .iter()
            .map(|(change, known, before, source)| MailEntry { change: *change, known, source, before: before.as_ref() })
            .collect();
        let why = reasons(wants, &entries);
        Ok((!entries.is_empty()).then(|| Letter::new(self.postman.site, bundle.cadence, why, entries)))
    }
}

/// Why somebody who wants this gets these items, each reason once.
fn reasons(wants: &[Interests], entries: &[MailEntry<'_>]) -> Vec<String> {
    let mut why = BTreeSet::new();
    for entry in entries {
        why.extend(wants.iter().filter_map(|wants| interest::matches(wants, entry.source, &entry.known.item)));
    }
    why.into_iter().map(|why| why.to_string()).collect()
}

/// The page on which `subscriber` ends their subscription, and the address where one POST does.
#[must_use]
pub fn leaving(site: &Site, key: &[u8; 32], subscriber: &SubscriberId) -> (String, String) {
    let token = token_of(key, subscriber);
    (site.link(&unsubscribe_path(&token)), one_click_url(site, &token))
}

fn token_of(key: &[u8; 32], subscriber: &SubscriberId) -> String {
    token::sign(key, &Token { purpose: Purpose::Unsubscribe, subscriber: subscriber.clone() })
}

fn one_click_url(site: &Site, token: &str) -> String {
    site.link(&format!("one-click/{token}"))
}

/// The domain of Message-IDs and list names: the sender's, since the site may have none of its own.
fn mail_domain<'a>(site: &'a Site, from: &'a Address) -> &'a str {
    from.as_str().rsplit_once('@').map_or(site.host(), |(_, domain)| domain)
}
