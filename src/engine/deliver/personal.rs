//! What a letter to one person says, as it is when it leaves; or why it is not sent after all.

mod counted;

use super::letters::mail_domain;
use super::reader::{Addressed, ENDED};
use super::{Postman, letters};
use crate::domain::bundle::{Bundle, Member};
use crate::domain::choice::{CadenceChange, Choice};
use crate::domain::delivery::{OTHERS_ONLY, Position};
use crate::domain::item::KnownItem;
use crate::domain::occasion::Occasion;
use crate::domain::pause::Pause;
use crate::domain::source::Source;
use crate::domain::subscriber::{Address, Ending, Interests, SubscriberId};
use crate::engine::known::with_state;
use crate::engine::outages::long_unreadable;
use crate::ports::Message;
use crate::render::email::{
    Addition, ConfirmMail, Head, ListHead, PersonalMail, Rendered, Tokens, WatchMail, WatchOccasion, Ways, assemble, confirm,
    personal, watch,
};
use crate::render::page::Watched;
use crate::render::wants::{changed, changes_in_lines, in_lines};
use crate::rules::health::health;
use crate::rules::interest::{self, Why};
use crate::rules::token::{Purpose, Token};
use crate::rules::verp::{self, Tag};
use crate::store::records::{ItemState, Person, Request, RequestedChoice, Subscription};
use crate::store::subscriptions::FILE_ORIGIN;
use crate::store::{Store, StoreError};
use chrono::{DateTime, Utc};
use counted::{counted, without_words};
use std::cmp::Reverse;
use std::collections::BTreeSet;

/// The message of a letter for `occasion` to the one member of its bundle, who lived this life when it became due, or why it is
/// not sent.
pub(super) async fn message(
    store: &Store,
    postman: &Postman<'_>,
    occasion: Occasion,
    bundle: &Bundle,
    (member, life): (Member, u32),
) -> Result<Result<Addressed, &'static str>, StoreError> {
    let member_id = SubscriberId::from_number(member.number);
    let is_watch = matches!(occasion, Occasion::CannotRead { .. } | Occasion::StillWatching { .. });
    // How the watch goes concerns whoever took over; what else is said is an answer to somebody at that address.
    let taken_over = if is_watch { store.who_gets(&member_id, life).await? } else { None };
    let taken_over = taken_over.filter(|reader| reader.id != member_id).map(|reader| (reader.id, reader.person.life));
    if let Some((reader, _)) = &taken_over
        && store.has_letter(reader, occasion, bundle.window.to).await?
    {
        return Ok(Err("the address that took over has one like it"));
    }
    let (id, lives) = taken_over.clone().unwrap_or((member_id, life));
    let life = taken_over.is_none().then_some(life);
    let letter = Letter { store, postman, id: &id, life, lives, planned: bundle.planned, at: bundle.window.to };
    let found = match occasion {
        Occasion::Confirm { until } => letter.question(until).await?,
        Occasion::Add { until } => letter.addition(until).await?,
        Occasion::Known | Occasion::Manage | Occasion::Welcome => letter.to_a_reader(occasion).await?,
        Occasion::CannotRead { since } => letter.of_an_outage(since).await?,
        Occasion::StillWatching { since } => letter.of_a_quiet_month(since).await?,
        Occasion::Goodbye | Occasion::EndedByLink { .. } | Occasion::Moved | Occasion::MovedBack => {
            letter.to_one_who_left(occasion).await?
        }
    };
    let (to, rendered) = match found {
        Ok(found) => found,
        Err(why) => return Ok(Err(why)),
    };
    if !letters::may_be_mailed(postman, &to) {
        return Ok(Err(OTHERS_ONLY));
    }
    let from = postman.from.1;
    let message_id = bundle.delivery(member.number).message_id(mail_domain(postman.site, from));
    let token = postman.links.leave(&id, lives);
    let one_click_url = letters::one_click_url(postman.site, &token);
    let owner = Address::parse(&postman.site.contact).ok();
    let list_id = letters::list_id(postman.site, from);
    let is_subscribed = !matches!(
        occasion,
        Occasion::Confirm { .. } | Occasion::Goodbye | Occasion::EndedByLink { .. } | Occasion::Moved | Occasion::MovedBack
    );
    let leave = letters::leaving_mailbox(postman, (id.number(), lives));
    let list = is_subscribed.then(|| ListHead {
        unsubscribe_mailbox: leave.as_ref(),
        ..letters::list_head(postman.site, &list_id, &one_click_url, owner.as_ref(), ["letter", occasion.as_str()])
    });
    let head = Head {
        from_name: postman.from.0,
        from,
        to: &to,
        reply_to: None,
        date: bundle.planned,
        message_id: &message_id,
        thread: None,
        list,
    };
    let bytes = assemble(&rendered, &head);
    let tag = Tag::Other { subscriber: id.number(), at: bundle.window.to };
    let mailbox = postman.bounces.mailbox.as_ref();
    let from = mailbox.map_or_else(|| from.clone(), |mailbox| verp::address(postman.key, mailbox, tag));
    Ok(Ok(Addressed { message: Message { message_id, from, to, bytes }, taken_over: taken_over.map(|(id, _)| id) }))
}

/// Items among which the latest of somebody's choice is looked for.
const LOOKED_THROUGH: usize = 200;

struct Letter<'a> {
    store: &'a Store,
    postman: &'a Postman<'a>,
    id: &'a SubscriberId,
    /// The life of theirs that it is for; `None`: whichever they live.
    life: Option<u32>,
    /// The life of theirs that its links are of.
    lives: u32,
    planned: DateTime<Utc>,
    /// Where it stands in the log.
    at: Position,
}

/// Why somebody hears of these pages, each reason once: they follow them, or look for words that may stand on any.
fn reasons(subscriptions: &[Subscription], watched: &[Watched]) -> Vec<String> {
    let mut why = BTreeSet::new();
    for wants in subscriptions.iter().map(|running| &running.interests) {
        let followed = watched.iter().map(|page| interest::follows_for(wants, &page.source));
        for reason in followed {
            match reason {
                Some(reason) => drop(why.insert(reason)),
                None => why.extend(wants.keywords.iter().cloned().map(Why::Keyword)),
            }
        }
    }
    why.into_iter().map(|why| why.to_string()).collect()
}

type Found = Result<(Address, Rendered), &'static str>;

impl Letter<'_> {
    /// Whether they asked for it.
    async fn question(&self, until: DateTime<Utc>) -> Result<Found, StoreError> {
        let Some((request, requested, address)) = self.asked(until).await? else { return Ok(Err("it is no longer asked")) };
        let person = self.store.person(self.id).await?.map(|row| row.value);
        if person.and_then(|person| person.suppressed).is_some_and(|(why, at)| why.closes(request.asked, at)) {
            return Ok(Err(ENDED));
        }
        let rendered = confirm(&ConfirmMail {
            site: self.postman.site,
            wants: self.wants(&without_words(&requested.choice), requested.monthly),
            is_move: request.instead_of.is_some(),
            pause: self.pause_of(&request).await?,
            confirm_url: self.confirm_url(until),
            valid_days: Purpose::Confirm.life().map_or(0, |life| u32::try_from(life.num_days()).unwrap_or(0)),
        });
        Ok(Ok((address, rendered)))
    }

    /// Whether more is to be added to what they get. Where they get nothing any more by now, it is the question of a stranger.
    async fn addition(&self, until: DateTime<Utc>) -> Result<Found, StoreError> {
        let Some((person, subscriptions)) = self.store.to_be_mailed(self.id).await? else {
            return self.question(until).await;
        };
        let Some((request, requested, _)) = self.asked(until).await? else { return Ok(Err("it is no longer asked")) };
        let of = |is_listed: bool| -> Choice {
            let rows = subscriptions.iter().filter(|running| running.origin.starts_with(FILE_ORIGIN) == is_listed);
            rows.map(|running| (running.cadence, running.interests.clone())).collect()
        };
        let (own, listed, is_move) = (of(false), of(true), request.instead_of.is_some());
        let asked = &requested.choice;
        // What comes there already is not said to be added.
        let comes_already = own.clone().joined(&listed).covers(asked) && (person.monthly_since.is_some() || !requested.monthly);
        let amendment = own.amended_by(asked);
        let changes =
            amendment.changes.iter().map(|change| CadenceChange { interests: counted(&change.interests), ..change.clone() });
        let changes: Vec<CadenceChange> = changes.collect();
        let mut wants = changes_in_lines(self.postman.site, &changes, &self.postman.sources.all());
        if !(is_move && comes_already) {
            wants.extend(self.wants(&without_words(&amendment.added), requested.monthly));
        }
        let mail = PersonalMail {
            wants: self.wants(&amendment.kept.joined(&listed), person.monthly_since.is_some()),
            unsubscribe_url: Some(self.ways().unsubscribe_url),
            pause: self.pause_of(&request).await?,
            addition: Some(Addition {
                wants,
                is_change: !changes.is_empty() && !is_move,
                is_move,
                confirm_url: self.confirm_url(until),
                valid_days: Purpose::Confirm.life().map_or(0, |life| life.num_days()),
            }),
            ..self.empty()
        };
        Ok(Ok((person.address, personal(&mail, Occasion::Add { until }))))
    }

    /// What a yes to it would mean for a pause.
    async fn pause_of(&self, request: &Request) -> Result<Option<Pause>, StoreError> {
        self.store.pause_of_a_yes(self.id, request.instead_of.as_ref(), self.postman.clock.now()).await
    }

    /// A request that can still be confirmed, with what it asks for and where.
    async fn asked(&self, until: DateTime<Utc>) -> Result<Option<(Request, RequestedChoice, Address)>, StoreError> {
        let request = self.store.request(self.id, until).await?.map(|row| row.value);
        let requested = self.store.requested_choice(self.id, until).await?.map(|row| row.value);
        let is_in_time = self.postman.clock.now() <= until;
        Ok(request.zip(requested).filter(|_| is_in_time).and_then(|(request, requested)| {
            let address = request.address.clone()?;
            Some((request, requested, address))
        }))
    }

    fn confirm_url(&self, until: DateTime<Utc>) -> String {
        let token = Token { purpose: Purpose::Confirm, subscriber: self.id.clone(), expires: Some(until), life: None };
        self.postman.site.link(&format!("confirm/{}", self.postman.links.sign(&token)))
    }

    async fn to_a_reader(&self, occasion: Occasion) -> Result<Found, StoreError> {
        let Some((person, subscriptions)) = self.reader().await? else { return Ok(Err(ENDED)) };
        let choice: Choice = subscriptions.into_iter().map(|running| (running.cadence, running.interests)).collect();
        let is_welcome = occasion == Occasion::Welcome;
        let latest = if is_welcome { self.latest(&choice).await? } else { None };
        let now = self.postman.clock.now();
        let pause = if is_welcome { self.store.pause_since_a_yes(&person, self.planned, now).await? } else { None };
        // The record of a yes stands where its welcome does.
        let consent = if is_welcome { self.store.consent(self.id, self.at).await? } else { None };
        let changes = consent.map(|row| row.value.changes).unwrap_or_default();
        let Ways { unsubscribe_url, manage_url } = self.ways();
        let mail = PersonalMail {
            changed: changed(self.postman.site, &changes, &self.postman.sources.all()),
            wants: self.wants(&choice, person.monthly_since.is_some()),
            manage_url: Some(manage_url),
            unsubscribe_url: Some(unsubscribe_url),
            latest: latest.as_ref().map(|(source, known)| (known, source)),
            pause,
            ..self.empty()
        };
        Ok(Ok((person.address, personal(&mail, occasion))))
    }

    /// The pages that they follow and that cannot be read, as it is now.
    async fn of_an_outage(&self, since: DateTime<Utc>) -> Result<Found, StoreError> {
        let Some((person, subscriptions)) = self.reader().await? else { return Ok(Err(ENDED)) };
        let (site, now) = (self.postman.site, self.postman.clock.now());
        if person.is_paused(now) {
            return Ok(Err("the reader wants a pause"));
        }
        let mut watched = Vec::new();
        let follows = |source: &Source| subscriptions.iter().any(|wants| interest::follows(&wants.interests, source));
        for source in self.postman.sources.all().into_iter().filter(follows) {
            let Some(state) = self.store.source_state(&source.id).await?.map(|row| row.value) else { continue };
            if long_unreadable(&state, now).is_some() {
                watched.push(Watched {
                    source,
                    last_read: state.read_well,
                    health: health(state.outcome.as_ref(), false, None, now),
                    next_read: Some(state.next_due),
                    items: state.items,
                    newest: None,
                });
            }
        }
        if watched.is_empty() {
            return Ok(Err("it can be read again"));
        }
        let mail = WatchMail {
            site,
            occasion: WatchOccasion::CannotRead { since },
            now: self.planned,
            why: reasons(&subscriptions, &watched),
            watched,
            ways: self.ways(),
        };
        Ok(Ok((person.address, watch(&mail))))
    }

    /// How the pages that they follow were doing at the end of a month that brought nothing.
    async fn of_a_quiet_month(&self, since: DateTime<Utc>) -> Result<Found, StoreError> {
        let Some((person, subscriptions)) = self.reader().await? else { return Ok(Err(ENDED)) };
        if person.monthly_since.is_none() {
            return Ok(Err("the reader does not want it any more"));
        }
        if person.is_paused(self.postman.clock.now()) {
            return Ok(Err("the reader wants a pause"));
        }
        let month = self.store.months().await?.and_then(|row| row.value.told).filter(|month| month.from == since);
        let Some(month) = month else { return Ok(Err("another month has gone by")) };
        let concerns = |source: &Source| {
            let wants = |wants: &Interests| interest::follows(wants, source) || !wants.keywords.is_empty();
            subscriptions.iter().any(|running| wants(&running.interests))
        };
        let pages = month.pages.into_iter().filter_map(|page| {
            let source = self.postman.sources.get(&page.source).filter(|source| concerns(source))?.clone();
            let (last_read, health) = (page.last_read, page.health);
            Some(Watched { source, last_read, health, next_read: None, items: 0, newest: None })
        });
        let watched: Vec<Watched> = pages.collect();
        if watched.is_empty() {
            return Ok(Err("no page that they follow is watched any more"));
        }
        let mail = WatchMail {
            site: self.postman.site,
            occasion: WatchOccasion::StillWatching { since },
            now: month.at,
            why: reasons(&subscriptions, &watched),
            watched,
            ways: self.ways(),
        };
        Ok(Ok((person.address, watch(&mail))))
    }

    /// Where their own links lead.
    fn ways(&self) -> Ways {
        let links = self.postman.links;
        let (leave, manage) = (links.leave(self.id, self.lives), links.link(Purpose::Manage, self.id, self.planned));
        Ways::of(self.postman.site, Tokens { leave: &leave, manage: &manage })
    }

    /// The newest item of what was chosen, by the days that people see.
    async fn latest(&self, choice: &Choice) -> Result<Option<(Source, KnownItem)>, StoreError> {
        let (sources, zone) = (self.postman.sources.all(), self.postman.site.timezone);
        let mut states: Vec<(&Source, ItemState)> = Vec::new();
        for source in &sources {
            let there = self.store.items(&source.id).await?.into_iter().map(|row| row.value);
            states.extend(there.filter(|state| state.withdrawn.is_none()).map(|state| (source, state)));
        }
        states.sort_by_cached_key(|(_, state)| (Reverse((state.news_day(zone), state.first_seen)), state.id.clone()));
        for (source, state) in states.iter().take(LOOKED_THROUGH) {
            let Some(known) = with_state(self.store, &source.id, state, state.revision).await? else { continue };
            if choice.iter().any(|(_, interests)| interest::matches(interests, source, &known.item).is_some()) {
                return Ok(Some(((*source).clone(), known)));
            }
        }
        Ok(None)
    }

    async fn to_one_who_left(&self, occasion: Occasion) -> Result<Found, StoreError> {
        let person = self.store.person(self.id).await?.map(|row| row.value);
        let is_meant = |person: &Person| self.life.is_none_or(|life| life == person.life);
        let left = person.filter(|person| is_meant(person) && person.suppressed.is_some_and(|(why, _)| why.may_return()));
        let Some(person) = left else { return Ok(Err("they came back, or are not to be written to")) };
        let mut mailed_to = None;
        if let Occasion::EndedByLink { mailed_to: number } = occasion {
            mailed_to = self.store.person(&SubscriberId::from_number(number)).await?;
        }
        let expires = person.move_back_until();
        let back = expires.map(|_| Token { purpose: Purpose::MoveBack, subscriber: self.id.clone(), expires, life: None });
        let days = if back.is_some() { Purpose::MoveBack.life() } else { Purpose::Manage.life() };
        let mail = PersonalMail {
            back_url: back.map(|token| self.postman.site.link(&format!("back/{}", self.postman.links.sign(&token)))),
            valid_days: days.map_or(0, |life| life.num_days()),
            mailed_to: mailed_to.map(|row| row.value.address.masked()),
            // That page has a button which takes the end back for a day. A letter that leaves later is the same letter.
            undo_url: person.undo_until().map(|_| self.ways().unsubscribe_url),
            is_by_admin: person.suppressed.is_some_and(|(why, _)| why == Ending::ByAdmin),
            reason: person.ended_because,
            ..self.empty()
        };
        Ok(Ok((person.address, personal(&mail, occasion))))
    }

    /// Whom it is for, with what they get, where that life of theirs goes on.
    async fn reader(&self) -> Result<Option<(Person, Vec<Subscription>)>, StoreError> {
        let found = self.store.to_be_mailed(self.id).await?;
        Ok(found.filter(|(person, _)| self.life.is_none_or(|life| life == person.life)))
    }

    fn empty(&self) -> PersonalMail<'_> {
        PersonalMail {
            site: self.postman.site,
            wants: Vec::new(),
            manage_url: None,
            valid_days: Purpose::Manage.life().map_or(0, |life| life.num_days()),
            unsubscribe_url: None,
            sign_up_url: self.postman.site.link("subscribe"),
            latest: None,
            addition: None,
            back_url: None,
            mailed_to: None,
            undo_url: None,
            is_by_admin: false,
            reason: None,
            changed: Vec::new(),
            pause: None,
        }
    }

    /// What is wanted, in words.
    fn wants(&self, choice: &Choice, monthly: bool) -> Vec<String> {
        in_lines(self.postman.site, choice, monthly, &self.postman.sources.all())
    }
}
