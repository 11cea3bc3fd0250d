//! A line's life: opened for the first message that waits, used for one after another, closed when nothing comes any more.
//!
//! A message whose line breaks before the server was given its text goes over a fresh line once; after that it may have been
//! taken, and nobody but its sender decides. A sender that goes away in the middle takes the line with it.

use super::envelope::{Envelope, with_dots};
use super::relay::{Order, Relay, Undone};
use super::reply::Phase;
use super::session::{Session, Stop};
use crate::domain::delivery::Refusal;
use crate::rules::refusal::{of_whom, unnamed};
use std::sync::Arc;
use tokio::time::Instant;

/// What a line does next.
enum Next {
    /// Opens a session, for this message.
    Open(Order),
    /// Goes on with the session.
    GoOn(Session),
    /// Says goodbye.
    Close(Session),
    /// Begins anew; there is nothing to say goodbye to.
    Begin,
}

/// Serves messages until it may end.
pub(super) async fn run(relay: Arc<Relay>) {
    let mut next = Next::Begin;
    loop {
        next = match next {
            Next::Begin => match relay.next().await {
                Some(order) => Next::Open(order),
                None if relay.may_end() => return,
                None => Next::Begin,
            },
            Next::Open(order) => match open(&relay).await {
                Ok(session) => serve(&relay, session, order).await,
                Err(refusal) if relay.cannot_open(order, &refusal) => return,
                Err(_) => Next::Begin,
            },
            Next::GoOn(session) => match relay.next().await {
                Some(order) => serve(&relay, session, order).await,
                None => Next::Close(session),
            },
            Next::Close(session) => {
                session.quit(relay.patience.connect).await;
                if relay.may_end() {
                    return;
                }
                Next::Begin
            }
        };
    }
}

/// A session that speaks as the server understands it.
async fn open(relay: &Relay) -> Result<Session, Refusal> {
    let mut session = Session::open(&relay.settings, relay.tls.as_ref(), relay.patience.connect).await?;
    if !relay.pipelines() {
        session.forgo_pipelining();
    }
    session.expect_first_within(relay.first_answer(session.pipelines()));
    Ok(session)
}

/// Serves `order` and what can be pipelined behind it.
async fn serve(relay: &Relay, mut session: Session, order: Order) -> Next {
    let mut current = Some((order, None));
    while let Some((order, said)) = current.take() {
        let Some(Order { parcel, envelope, mut done }) = (if said.is_none() { order.if_current() } else { Some(order) }) else {
            break;
        };
        let octets = parcel.message.bytes.len();
        let (used_before, is_ahead, answered_before) = (session.messages() > 0, said.is_some(), session.has_answered());
        let offered = tokio::select! {
            offered = offer(relay, &mut session, &envelope, octets, said) => offered,
            () = done.closed() => return Next::Begin,
        };
        let has_answered = session.has_answered();
        if has_answered && !answered_before {
            relay.answered(session.pipelines());
        }
        if let Err(stop) = offered {
            let order = Order { parcel, envelope, done };
            // A line that took a message is closed for many reasons; one that says nothing more threw away what it was asked.
            if session.is_broken() && is_ahead && !has_answered && session.was_silent() {
                relay.unheard();
                return Next::Open(order);
            }
            // One that offers to be sent groups, and refuses them by name.
            if session.pipelines() && stop.refusal.reply.to_ascii_lowercase().contains("pipelin") {
                relay.unheard();
                return Next::Open(order);
            }
            if session.is_broken() && !is_ahead && !has_answered && relay.unanswered(session.pipelines(), &stop.refusal) {
                return Next::Open(order);
            }
            // A kept line may have been closed behind our back; nothing was handed over, so a fresh one may try.
            if used_before && session.is_broken() && stop.phase == Phase::Mail {
                return Next::Open(order);
            }
            answer(relay, order, Err(stop));
            break;
        }
        // The server waits for its text. Whoever left meanwhile is mailed nothing: the line is dropped, and the server forgets it.
        let Some(Order { parcel, envelope, mut done }) = (Order { parcel, envelope, done }).if_current() else {
            return Next::Begin;
        };
        let ahead = look_ahead(relay, &mut session);
        let commands = ahead.as_ref().and_then(|(_, commands)| commands.as_deref()).unwrap_or_default();
        let text = with_dots(&parcel.message.bytes, commands);
        let sent = Instant::now();
        let carried = tokio::select! {
            carried = session.carry(&text, &relay.patience) => carried,
            () = done.closed() => {
                if let Some((ahead, _)) = ahead {
                    relay.put_back(ahead);
                }
                return Next::Begin;
            }
        };
        if carried.is_ok() {
            relay.took(sent.elapsed());
        }
        answer(relay, Order { parcel, envelope, done }, carried);
        match ahead {
            Some((ahead, _)) if session.is_broken() => return Next::Open(ahead),
            next => current = next,
        }
    }
    match session.is_fit() {
        true if session.messages() >= relay.patience.messages_per_line => Next::Close(session),
        true => Next::GoOn(session),
        false => Next::Begin,
    }
}

/// The message whose envelope leaves behind the one under way, with its commands: none where it needs what the server does
/// not offer. That is found out in its turn.
fn look_ahead(relay: &Relay, session: &mut Session) -> Option<(Order, Option<String>)> {
    if !session.pipelines() || session.messages() + 1 >= relay.patience.messages_per_line {
        return None;
    }
    let ahead = relay.next_now()?;
    let octets = ahead.parcel.message.bytes.len();
    let commands = session.check(&ahead.envelope, octets).is_ok().then(|| session.commands(&ahead.envelope, octets));
    Some((ahead, commands))
}

/// Offers a message, or hears what the server says to what was `said` ahead.
async fn offer(
    relay: &Relay,
    session: &mut Session,
    envelope: &Envelope,
    octets: usize,
    said: Option<String>,
) -> Result<(), Stop> {
    if let Some(commands) = said {
        return session.hear_ahead(&commands, &relay.patience).await;
    }
    session.check(envelope, octets).map_err(|refusal| Stop { phase: Phase::Rcpt, refusal })?;
    let commands = session.commands(envelope, octets);
    session.offer(&commands, &relay.patience).await
}

/// Tells the sender, in words that do not name the recipient. A message that the server certainly does not have goes back
/// where the server itself is in trouble.
fn answer(relay: &Relay, order: Order, outcome: Result<String, Stop>) {
    let to = order.parcel.message.to.clone();
    let nameless = |reply: &str| unnamed(reply, Some(&to));
    let outcome = outcome.map(|reply| nameless(&reply)).map_err(|Stop { phase, refusal }| {
        // Up to here it was not said whom the message is for (RFC 5321 §3.3).
        let is_to_all = matches!(phase, Phase::Connect | Phase::Mail);
        let refusal = of_whom(refusal, &[order.parcel.message.from.as_str()], &[to.as_str()]);
        let refusal = Refusal { reply: nameless(&refusal.reply), ..refusal };
        let is_elsewheres = relay.refused(&refusal, to.as_str(), is_to_all);
        let parcel = is_elsewheres.then(|| Box::new(order.parcel));
        Undone::Refused { refusal, is_to_all, parcel }
    });
    // Who has gone away does not want to know.
    order.done.send(outcome).ok();
}
