//! What a delivery says, as it is now to be sent. Those who are told the same for the same reasons share one letter and one
//! stencil of the whole message, also across bundles; each delivery only fills in what is its reader's own.

use super::Postman;
use crate::domain::bundle::{Bundle, BundleId, Member};
use crate::domain::delivery::Told;
use crate::domain::item::hash_hex;
use crate::domain::site::Site;
use crate::domain::subscriber::{Address, Cadence, Interests, SubscriberId};
use crate::engine::known::in_words;
use crate::ports::Message;
use crate::render::email::{Head, Letter, ListHead, MailEntry, Own, Stencil, assemble, unsubscribe_path};
use crate::rules::interest;
use crate::rules::token::{self, Purpose, Token};
use crate::rules::verp::{self, Tag};
use crate::store::{Store, StoreError};
use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Octets of letters and stencils that are kept; where people differ more than that, they are written again.
const KEPT_OCTETS_MAX: usize = 16 * 1024 * 1024;
/// Combinations of bundle, group and interests whose letter is known; each takes some hundred octets.
const KINDS_MAX: usize = 4_096;

/// Who gets the same within a bundle: members of one group who asked for the same.
type Kind = (BundleId, u16, Vec<Interests>);

/// What decides how a letter reads.
type Content = (Cadence, Vec<Told>, Vec<Interests>);

/// A letter, and the stencil of the messages that carry it.
struct Sheet {
    letter: Letter,
    stencil: Stencil,
}

/// The sheets of a pass that are kept.
#[derive(Default)]
struct Kept {
    by_kind: HashMap<Kind, Arc<Sheet>>,
    by_content: HashMap<Content, Arc<Sheet>>,
    octets: usize,
}

/// The letters of a pass.
pub(super) struct Letters<'a> {
    store: &'a Store,
    postman: &'a Postman<'a>,
    nobody: Nobody,
    kept: Mutex<Kept>,
}

/// For whom samples are written. Token and Message-ID are some that only this installation can make, so no page holds them.
struct Nobody {
    to: Address,
    token: String,
    leave: Option<Address>,
    message_id: String,
}

impl<'a> Letters<'a> {
    pub(super) fn new(store: &'a Store, postman: &'a Postman<'a>) -> Self {
        let token = token_of(postman.key, &SubscriberId::from_number(0));
        let id = hash_hex(&[b"nobody", token.as_bytes()]);
        let message_id = format!("<{id}@{}>", mail_domain(postman.site, postman.from.1));
        let leave = leaving_mailbox(postman, 0);
        let nobody = Nobody { to: postman.from.1.clone(), token, leave, message_id };
        Self { store, postman, nobody, kept: Mutex::default() }
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
        let Some(sheet) = self.sheet((id.clone(), member.group, wants), bundle).await? else {
            return Ok(Err("the store no longer holds what it tells"));
        };
        let token = token_of(postman.key, &subscriber);
        let leave = leaving_mailbox(postman, member.number);
        let message_id = bundle.delivery(member.number).message_id(mail_domain(postman.site, postman.from.1));
        let own = Own { to: &to, marks: &marks(&token, leave.as_ref()), message_id: &message_id, date: bundle.planned };
        let bytes = sheet.stencil.stamp(&own);
        let bytes = bytes.unwrap_or_else(|| self.whole(&sheet.letter, bundle.cadence, &own));
        let tag = Tag::Digest { subscriber: member.number, cadence: bundle.cadence, to: bundle.window.to };
        let mailbox = postman.bounces.mailbox.as_ref();
        let from = mailbox.map_or_else(|| postman.from.1.clone(), |mailbox| verp::address(postman.key, mailbox, tag));
        Ok(Ok(Message { message_id, from, to, bytes }))
    }

    /// `None` where there is nothing left to tell.
    async fn sheet(&self, kind: Kind, bundle: &Bundle) -> Result<Option<Arc<Sheet>>, StoreError> {
        if let Some(sheet) = self.kept().by_kind.get(&kind) {
            return Ok(Some(sheet.clone()));
        }
        let (_, group, wants) = &kind;
        let content = (bundle.cadence, bundle.told(*group).cloned().collect(), wants.clone());
        let known = self.kept().by_content.get(&content).cloned();
        let sheet = match known {
            Some(sheet) => sheet,
            None => match self.write(&content).await? {
                Some(letter) => Arc::new(self.cut(letter, bundle)),
                None => return Ok(None),
            },
        };
        self.kept().keep(kind, content, sheet.clone());
        Ok(Some(sheet))
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn cut(&self, letter: Letter, bundle: &Bundle) -> Sheet {
        let Nobody { to, token, leave, message_id } = &self.nobody;
        let sample = Own { to, marks: &marks(token, leave.as_ref()), message_id, date: bundle.planned };
        let stencil = Stencil::cut(self.whole(&letter, bundle.cadence, &sample), &sample);
        Sheet { letter, stencil }
    }

    /// The message to `own`, written for it alone.
    fn whole(&self, letter: &Letter, cadence: Cadence, own: &Own<'_>) -> Vec<u8> {
        let Postman { site, from: (from_name, from), .. } = *self.postman;
        let token = own.marks.first().copied().unwrap_or_default();
        let leave = own.marks.get(1).and_then(|mailbox| Address::parse(mailbox).ok());
        let owner = Address::parse(&site.contact).ok();
        let head = Head {
            from_name,
            from,
            to: own.to,
            reply_to: None,
            date: own.date,
            message_id: own.message_id,
            list: Some(ListHead {
                name: &site.name,
                id: &format!("updates.{}", mail_domain(site, from)),
                one_click_url: &one_click_url(site, token),
                unsubscribe_mailbox: leave.as_ref(),
                owner: owner.as_ref(),
                feedback: ["digest", cadence.as_str()],
            }),
        };
        assemble(&letter.with_token(token), &head)
    }

    async fn write(&self, (cadence, all_told, wants): &Content) -> Result<Option<Letter>, StoreError> {
        let mut told = Vec::new();
        for news in all_told {
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
        let place = &self.nobody.token;
        Ok((!entries.is_empty()).then(|| Letter::new(self.postman.site, *cadence, why, entries, place)))
    }
}

impl Kept {
    fn keep(&mut self, kind: Kind, content: Content, sheet: Arc<Sheet>) {
        let octets = sheet.letter.octets() + sheet.stencil.octets();
        if self.octets + octets > KEPT_OCTETS_MAX || self.by_kind.len() >= KINDS_MAX {
            *self = Self::default();
        }
        if self.by_content.insert(content, sheet.clone()).is_none() {
            self.octets += octets;
        }
        self.by_kind.insert(kind, sheet);
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

/// Where a mail ends the subscription of the person of this number.
fn leaving_mailbox(postman: &Postman<'_>, subscriber: u128) -> Option<Address> {
    let mailbox = postman.bounces.mailbox.as_ref()?;
    Some(verp::address(postman.key, mailbox, Tag::Leave { subscriber }))
}

/// What names a reader in their message.
fn marks<'a>(token: &'a str, leave: Option<&'a Address>) -> Vec<&'a str> {
    std::iter::once(token).chain(leave.map(Address::as_str)).collect()
}

fn one_click_url(site: &Site, token: &str) -> String {
    site.link(&format!("one-click/{token}"))
}

/// The domain of Message-IDs and list names: the sender's, since the site may have none of its own.
fn mail_domain<'a>(site: &'a Site, from: &'a Address) -> &'a str {
    from.as_str().rsplit_once('@').map_or(site.host(), |(_, domain)| domain)
}
