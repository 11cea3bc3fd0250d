//! What a delivery says, as it is now to be sent. Those who are told the same for the same reasons share one letter and one
//! stencil of the whole message, also across bundles; each delivery only fills in what is its reader's own.

use super::earlier::{Earlier, Grounds};
use super::job::Job;
use super::reader::{Addressed, ENDED, Tells, identities};
use super::threads::{Threads, threaded};
use super::{Postman, personal};
use crate::domain::bundle::{Bundle, BundleId};
use crate::domain::delivery::{DeliveryId, OTHERS_ONLY, Told};
use crate::domain::item::hash_hex;
use crate::domain::site::Site;
use crate::domain::subscriber::{Address, Cadence, Interests, SubscriberId};
use crate::engine::known::in_words;
use crate::ports::Message;
use crate::render::email::{Head, Letter, ListHead, MailEntry, Own, Stencil, Tokens, assemble};
use crate::render::wants::told_before;
use crate::rules::interest;
use crate::rules::token::Purpose;
use crate::rules::verp::{self, Tag};
use crate::store::moves::Reader;
use crate::store::{Store, StoreError};
use chrono::{DateTime, NaiveDate, Utc};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Octets of letters and stencils that are kept; where people differ more than that, they are written again.
const KEPT_OCTETS_MAX: usize = 16 * 1024 * 1024;
/// Combinations of bundle, group and interests whose letter is known; each takes some hundred octets.
const KINDS_MAX: usize = 4_096;

/// Who gets the same within a bundle: members of one group who are told for the same reasons, and whether it stands under another
/// message.
type Kind = (BundleId, u16, Grounds, bool);

/// What decides how a letter reads, and whether it stands under another message.
type Content = (Cadence, Vec<Told>, Grounds, bool);

/// Members of one group of a bundle who asked for the same.
type Askers = (BundleId, u16, Vec<Interests>);

/// A letter, and the stencil of the messages that carry it.
struct Sheet {
    letter: Letter,
    stencil: Stencil,
}

/// The sheets of a pass that are kept.
#[derive(Default)]
pub(super) struct Kept {
    by_kind: HashMap<Kind, Arc<Sheet>>,
    by_content: HashMap<Content, Arc<Sheet>>,
    /// What of their mail they did not ask for.
    unasked: HashMap<Askers, Arc<[Told]>>,
    octets: usize,
}

/// The letters of a pass.
pub(super) struct Letters<'a> {
    pub(super) store: &'a Store,
    pub(super) postman: &'a Postman<'a>,
    /// Since when only some may be mailed.
    pub(super) only_some_since: Option<DateTime<Utc>>,
    nobody: Nobody,
    pub(super) threads: Threads<'a>,
    kept: Mutex<Kept>,
}

/// For whom samples are written. Tokens and Message-ID are some that only this installation can make, so no page holds them.
struct Nobody {
    to: Address,
    token: String,
    manage: String,
    leave: Option<Address>,
    thread: DeliveryId,
    message_id: String,
}

impl<'a> Letters<'a> {
    pub(super) fn new(store: &'a Store, postman: &'a Postman<'a>, only_some_since: Option<DateTime<Utc>>) -> Self {
        let link = |purpose| postman.links.link(purpose, &SubscriberId::from_number(0), postman.clock.now());
        let (token, manage) = (link(Purpose::Unsubscribe), link(Purpose::Manage));
        let id = hash_hex(&[b"nobody", token.as_bytes()]);
        let message_id = format!("<{id}@{}>", mail_domain(postman.site, postman.from.1));
        let leave = leaving_mailbox(postman, (0, 0));
        let thread = DeliveryId::of_nobody(&token);
        let nobody = Nobody { to: postman.from.1.clone(), token, manage, leave, thread, message_id };
        Self { store, postman, only_some_since, nobody, threads: Threads::new(store), kept: Mutex::default() }
    }

    /// The message of a delivery as it is now to be sent, or why it is not.
    pub(super) async fn message(&self, job: &Job) -> Result<Result<Addressed, &'static str>, StoreError> {
        let (postman, bundle, member) = (self.postman, job.bundle.as_ref(), job.member);
        let life = bundle.life(job.place);
        if let Some(occasion) = bundle.occasion {
            return personal::message(self.store, postman, occasion, bundle, (member, life)).await;
        }
        let Some(reader) = self.store.who_gets(&SubscriberId::from_number(member.number), life).await? else {
            return Ok(Err(ENDED));
        };
        if reader.person.is_paused(postman.clock.now()) {
            return Ok(Err("the reader wants a pause"));
        }
        let (to, number) = (reader.person.address.clone(), reader.id.number());
        if !may_be_mailed(postman, &to) {
            return Ok(Err(OTHERS_ONLY));
        }
        let only = match self.tells(job, &reader).await? {
            Tells::All => None,
            Tells::Only(told) => Some(told),
            Tells::Nothing(why) => return Ok(Err(why)),
        };
        let thread = match &only {
            Some(told) => self.thread(told.iter(), bundle, &reader).await?,
            None => self.thread(bundle.told(member.group), bundle, &reader).await?,
        };
        let grounds = self.grounds(bundle, member.group, only.as_deref(), &reader).await?;
        let sheet = match only {
            Some(told) => self.sheet_of((bundle.cadence, told, grounds, thread.is_some()), bundle).await?,
            None => self.sheet((job.id.clone(), member.group, grounds, thread.is_some()), bundle).await?,
        };
        let Some(sheet) = sheet else { return Ok(Err("the store no longer holds what it tells")) };
        let token = postman.links.leave(&reader.id, reader.person.life);
        let manage = postman.links.link(Purpose::Manage, &reader.id, bundle.planned);
        let leave = leaving_mailbox(postman, (number, reader.person.life));
        // The delivery's own, whoever has taken over: the two may be told by one window, in a message each.
        let message_id = job.delivery().message_id(mail_domain(postman.site, postman.from.1));
        let marks = marks(&token, &manage, leave.as_ref(), thread.as_ref());
        let own = Own { to: &to, marks: &marks, message_id: &message_id, date: bundle.planned };
        let bytes = sheet.stencil.stamp(&own);
        let bytes = bytes.unwrap_or_else(|| self.whole(&sheet.letter, bundle.cadence, &own));
        let tag = Tag::Digest { subscriber: number, cadence: bundle.cadence, to: bundle.window.to };
        let mailbox = postman.bounces.mailbox.as_ref();
        let from = mailbox.map_or_else(|| postman.from.1.clone(), |mailbox| verp::address(postman.key, mailbox, tag));
        let taken_over = (number != member.number).then_some(reader.id);
        Ok(Ok(Addressed { message: Message { message_id, from, to, bytes }, taken_over }))
    }

    /// `None` where there is nothing left to tell.
    async fn sheet(&self, kind: Kind, bundle: &Bundle) -> Result<Option<Arc<Sheet>>, StoreError> {
        if let Some(sheet) = self.kept().by_kind.get(&kind) {
            return Ok(Some(sheet.clone()));
        }
        let (_, group, grounds, is_threaded) = &kind;
        let content = (bundle.cadence, bundle.told(*group).cloned().collect(), grounds.clone(), *is_threaded);
        let sheet = self.sheet_of(content, bundle).await?;
        if let Some(sheet) = &sheet {
            self.kept().keep_kind(kind, sheet.clone());
        }
        Ok(sheet)
    }

    async fn sheet_of(&self, content: Content, bundle: &Bundle) -> Result<Option<Arc<Sheet>>, StoreError> {
        let known = self.kept().by_content.get(&content).cloned();
        if known.is_some() {
            return Ok(known);
        }
        let Some(letter) = self.write(&content).await? else { return Ok(None) };
        let sheet = Arc::new(self.cut(letter, bundle, content.3));
        self.kept().keep(content, sheet.clone());
        Ok(Some(sheet))
    }

    pub(super) fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Under which message one stands: of those that tell what became of one item alone, the first that told its reader of it.
    async fn thread(
        &self,
        told: impl Iterator<Item = &Told>,
        bundle: &Bundle,
        reader: &Reader,
    ) -> Result<Option<DeliveryId>, StoreError> {
        let Some(item) = threaded(told) else { return Ok(None) };
        let first = self.threads.first(item, &identities(reader), &bundle.series()).await?;
        Ok(first.map(|first| first.delivery))
    }

    fn cut(&self, letter: Letter, bundle: &Bundle, is_threaded: bool) -> Sheet {
        let Nobody { to, token, manage, leave, thread, message_id } = &self.nobody;
        let marks = marks(token, manage, leave.as_ref(), is_threaded.then_some(thread));
        let sample = Own { to, marks: &marks, message_id, date: bundle.planned };
        let stencil = Stencil::cut(self.whole(&letter, bundle.cadence, &sample), &sample);
        Sheet { letter, stencil }
    }

    /// The message to `own`, written for it alone.
    fn whole(&self, letter: &Letter, cadence: Cadence, own: &Own<'_>) -> Vec<u8> {
        let Postman { site, from: (from_name, from), .. } = *self.postman;
        let mark = |place: usize| own.marks.get(place).copied().unwrap_or_default();
        let tokens = Tokens { leave: mark(0), manage: mark(1) };
        let leave = own.marks.get(2).and_then(|mailbox| Address::parse(mailbox).ok());
        let thread = own.marks.get(2 + usize::from(self.nobody.leave.is_some()));
        let thread = thread.map(|delivery| format!("<{delivery}@{}>", mail_domain(site, from)));
        let owner = Address::parse(&site.contact).ok();
        let (list_id, one_click_url) = (list_id(site, from), one_click_url(site, tokens.leave));
        let head = Head {
            from_name,
            from,
            to: own.to,
            reply_to: None,
            date: own.date,
            message_id: own.message_id,
            thread: thread.as_deref(),
            list: Some(ListHead {
                unsubscribe_mailbox: leave.as_ref(),
                ..list_head(site, &list_id, &one_click_url, owner.as_ref(), ["digest", cadence.as_str()])
            }),
        };
        assemble(&letter.with_tokens(tokens), &head)
    }

    async fn write(&self, (cadence, all_told, (wants, earlier), _): &Content) -> Result<Option<Letter>, StoreError> {
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
        let mut why = reasons(wants, &entries);
        why.extend(self.told_earlier(earlier, &entries));
        let places = Tokens { leave: &self.nobody.token, manage: &self.nobody.manage };
        Ok((!entries.is_empty()).then(|| Letter::new(self.postman.site, *cadence, why, entries, places)))
    }
}

impl Letters<'_> {
    /// When they had been told of what they do not ask for, a reason a day.
    fn told_earlier(&self, earlier: &[Earlier], entries: &[MailEntry<'_>]) -> Vec<String> {
        let mut titles: BTreeMap<(NaiveDate, bool), Vec<&str>> = BTreeMap::new();
        for Earlier { item, day, has_chosen } in earlier {
            if let Some(entry) = entries.iter().find(|entry| entry.known.id == *item) {
                titles.entry((*day, *has_chosen)).or_default().push(entry.known.item.title.as_str());
            }
        }
        let is_all = entries.len() == 1;
        let said = titles.iter().map(|((day, has_chosen), titles)| {
            let named: &[&str] = if is_all { &[] } else { titles };
            told_before(self.postman.site, named, *day, *has_chosen)
        });
        said.collect()
    }
}

impl Kept {
    pub(super) fn unasked(&self, askers: &Askers) -> Option<Arc<[Told]>> {
        self.unasked.get(askers).cloned()
    }

    pub(super) fn keep_unasked(&mut self, askers: Askers, unasked: Arc<[Told]>) {
        if self.unasked.len() >= KINDS_MAX {
            self.unasked.clear();
        }
        self.unasked.insert(askers, unasked);
    }

    fn keep(&mut self, content: Content, sheet: Arc<Sheet>) {
        let octets = sheet.letter.octets() + sheet.stencil.octets();
        if self.octets + octets > KEPT_OCTETS_MAX {
            *self = Self::default();
        }
        if self.by_content.insert(content, sheet).is_none() {
            self.octets += octets;
        }
    }

    fn keep_kind(&mut self, kind: Kind, sheet: Arc<Sheet>) {
        if self.by_kind.len() >= KINDS_MAX {
            *self = Self::default();
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

/// Whether the configuration lets this address be mailed.
pub(super) fn may_be_mailed(postman: &Postman<'_>, to: &Address) -> bool {
    postman.only_to.is_empty() || postman.only_to.iter().any(|address| address.identity() == to.identity())
}

/// The headers by which mail programs show and end the subscription.
pub(super) fn list_head<'a>(
    site: &'a Site,
    id: &'a str,
    one_click_url: &'a str,
    owner: Option<&'a Address>,
    feedback: [&'a str; 2],
) -> ListHead<'a> {
    ListHead { name: &site.name, id, one_click_url, unsubscribe_mailbox: None, owner, feedback }
}

/// Where a mail ends the subscription of the person of this number in this life; `None` where nobody would read it.
pub(super) fn leaving_mailbox(postman: &Postman<'_>, (subscriber, life): (u128, u32)) -> Option<Address> {
    let mailbox = postman.bounces.mailbox.as_ref().filter(|_| postman.bounces.is_read)?;
    Some(verp::address(postman.key, mailbox, Tag::Leave { subscriber, life: Some(life) }))
}

/// What names a reader in their message.
fn marks<'a>(token: &'a str, manage: &'a str, leave: Option<&'a Address>, thread: Option<&'a DeliveryId>) -> Vec<&'a str> {
    [token, manage].into_iter().chain(leave.map(Address::as_str)).chain(thread.map(DeliveryId::as_str)).collect()
}

/// The list's permanent name.
pub(super) fn list_id(site: &Site, from: &Address) -> String {
    format!("updates.{}", mail_domain(site, from))
}

/// Where one POST ends the subscription whose token this is.
pub(super) fn one_click_url(site: &Site, token: &str) -> String {
    site.link(&format!("one-click/{token}"))
}

/// The domain of Message-IDs and list names: the sender's, since the site may have none of its own.
pub(super) fn mail_domain<'a>(site: &'a Site, from: &'a Address) -> &'a str {
    from.as_str().rsplit_once('@').map_or(site.host(), |(_, domain)| domain)
}
