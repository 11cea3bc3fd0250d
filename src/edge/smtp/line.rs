//! A line's life: opened for the first message that waits, used for one after another, closed when nothing comes any more.
//!
//! A message whose line breaks before the server was given its text goes over a fresh line once; after that it may have been
//! taken, and nobody but its sender decides. A sender that goes away in the middle takes the line with it.

use super::envelope::{Envelope, with_dots};
use super::hush::Hush;
use super::order::{About, FellSilent, Load, Order, Undone, Unheard};
use super::relay::{Hangs, Relay};
use super::reply::Phase;
use super::session::{Session, Stop, late};
use crate::domain::delivery::Refusal;
use crate::ports::AwaitedStep;
use crate::rules::refusal::{of_whom, unnamed};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::sync::oneshot;
use tokio::time::Instant;

/// What waited in vain for an answer as a group was answered so much faster where it is said one command at a time, if that was the reason.
const FASTER: u32 = 2;

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
            Next::Open(order) => match open(&relay, order.unheard.is_some()).await {
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
async fn open(relay: &Relay, one_at_a_time: bool) -> Result<Session, Refusal> {
    let _waits = relay.awaits.begin(AwaitedStep::Connection, None);
    let mut session = Session::open(&relay.settings, relay.tls.as_ref(), relay.patience.connect).await?;
    if one_at_a_time || !relay.pipelines() {
        session.forgo_pipelining();
    }
    session.expect_first_within(relay.first_answer(session.pipelines()));
    Ok(session)
}

/// Serves `order` and what can be pipelined behind it.
async fn serve(relay: &Arc<Relay>, mut session: Session, order: Order) -> Next {
    let mut current = Some((order, None));
    while let Some((order, said)) = current.take() {
        let Some(mut order) = (if said.is_none() { order.if_current() } else { Some(order) }) else { break };
        let octets = order.load.parcel.message.bytes.len();
        let (used_before, is_ahead, answered_before) = (session.messages() > 0, said.is_some(), session.has_answered());
        let hush = session.expect_word_within(relay.hush(order.load.domain()));
        let (begun, mut was_left) = (Instant::now(), false);
        let offered = {
            let _waits = relay.awaits.begin(AwaitedStep::Envelope, Some(order.load.domain()));
            let Order { load, envelope, done, .. } = &mut order;
            let offered = offer(relay, &mut session, envelope, octets, said);
            // Nothing is handed over yet, and another server may have an answer.
            let has_other = load.has_other;
            let leaves = |phase| has_other && matches!(phase, Phase::Rcpt | Phase::Data);
            let on_silence = |late| match late {
                Late::Silent(phase) if leaves(phase) => {
                    was_left = true;
                    Goes::Elsewhere
                }
                Late::Slow | Late::Silent(_) => tell(load, late),
            };
            heard(relay, offered, &hush, done, on_silence).await
        };
        let Some(offered) = offered else { return Next::Begin };
        let has_answered = session.has_answered();
        if has_answered && !answered_before && session.pipelines() {
            relay.answered();
        }
        if let Some(Unheard { at, waited }) = order.unheard.take() {
            let is_heard = offered.as_ref().err().is_none_or(|stop| !session.is_broken() || goes_beyond(stop.phase, at));
            // What is slow either way says nothing of groups.
            relay.said_one_at_a_time(is_heard, begun.elapsed() * FASTER < waited);
        }
        if let Err(stop) = offered {
            // A line that took a message is closed for many reasons; one that says nothing more threw away what it was asked.
            if session.is_broken() && is_ahead && !has_answered && session.was_silent() {
                relay.unheard();
                return Next::Open(Order { unheard: Some(Unheard { at: stop.phase, waited: begun.elapsed() }), ..order });
            }
            // One that offers to be sent groups, and refuses them by name.
            if session.pipelines() && stop.refusal.reply.to_ascii_lowercase().contains("pipelin") {
                relay.unheard();
                return Next::Open(Order { unheard: Some(Unheard { at: Phase::Connect, waited: Duration::MAX }), ..order });
            }
            // A line that is closed behind an answer was closed for what came next, and not for coming as one.
            let waited = match stop.phase {
                _ if session.was_silent() || was_left => begun.elapsed(),
                Phase::Mail => Duration::MAX,
                Phase::Connect | Phase::Rcpt | Phase::Data | Phase::Content => Duration::ZERO,
            };
            if session.is_broken() && !is_ahead && !has_answered && relay.unanswered(session.pipelines(), &stop) {
                return Next::Open(Order { unheard: Some(Unheard { at: stop.phase, waited }), ..order });
            }
            // A kept line may have been closed behind our back; nothing was handed over, so a fresh one may try.
            if used_before && session.is_broken() && stop.phase == Phase::Mail {
                return Next::Open(order);
            }
            answer(relay, order, session.is_broken(), Err(stop));
            break;
        }
        relay.offered(begun.elapsed());
        // The server waits for its text. Whoever left meanwhile is mailed nothing: the line is dropped, and the server forgets it.
        let Some(mut order) = order.if_current() else {
            return Next::Begin;
        };
        let (mut ahead, commands) = match look_ahead(relay, &mut session, &order) {
            Some((ahead, commands)) => (Some(ahead), commands),
            None => (None, None),
        };
        let text = with_dots(&order.load.parcel.message.bytes, commands.as_deref().unwrap_or_default());
        let hush = session.expect_word_within(relay.hush(order.load.domain()));
        order.load.has_text.store(true, Ordering::Relaxed);
        let (sent, mut is_late) = (Instant::now(), false);
        let offered_for = sent - begun;
        let carried = {
            let _waits = relay.awaits.begin(AwaitedStep::Text, Some(order.load.domain()));
            let Order { load, done, .. } = &mut order;
            let carried = session.carry(&text, &relay.patience);
            heard(relay, carried, &hush, done, |is_late_for| {
                // What would follow on this line does not wait for it.
                is_late = true;
                if let Some(ahead) = ahead.take() {
                    relay.put_back(ahead);
                }
                if let (Late::Silent(phase), true) = (is_late_for, load.has_other) {
                    relay.leaves_texts_for(load.domain(), &late(phase).refusal);
                }
                tell(load, is_late_for)
            })
            .await
        };
        let Some(carried) = carried else {
            if let Some(ahead) = ahead {
                relay.put_back(ahead);
            }
            return Next::Begin;
        };
        if carried.is_ok() {
            relay.took(sent.elapsed(), offered_for + sent.elapsed(), order.load.domain());
        }
        answer(relay, order, session.is_broken(), carried);
        match ahead {
            // What was asked ahead is answered on this line, and asked on another.
            None if is_late && commands.is_some() => return Next::Begin,
            Some(ahead) if session.is_broken() => return Next::Open(ahead),
            ahead => current = ahead.map(|ahead| (ahead, commands)),
        }
    }
    match session.is_fit() {
        true if session.messages() >= relay.patience.messages_per_line => Next::Close(session),
        true => Next::GoOn(session),
        false => Next::Begin,
    }
}

/// How late an answer is.
#[derive(Clone, Copy)]
enum Late {
    /// Later than most are: others do not wait for it.
    Slow,
    /// So late that the server has fallen silent.
    Silent(Phase),
}

/// What becomes of a message to which the server says nothing.
enum Goes {
    /// It is waited for.
    On,
    /// Another server is asked.
    Elsewhere,
}

/// Waits for an answer, and meanwhile for the server to be slow, or to fall silent: `on_late` is told, and other messages get another
/// line. `None`: who waits for it has gone away.
async fn heard<T>(
    relay: &Arc<Relay>,
    answer: impl Future<Output = Result<T, Stop>>,
    hush: &Hush,
    done: &mut oneshot::Sender<Result<String, Undone>>,
    mut on_late: impl FnMut(Late) -> Goes,
) -> Option<Result<T, Stop>> {
    let mut answer = std::pin::pin!(answer);
    let mut is_slow = std::pin::pin!(tokio::time::sleep(relay.slow_after()));
    let mut hangs: Option<Hangs> = None;
    loop {
        tokio::select! {
            answer = &mut answer => return Some(answer),
            () = done.closed() => return None,
            () = &mut is_slow, if hangs.is_none() => {
                on_late(Late::Slow);
                hangs = Some(relay.is_slow());
            }
            phase = hush.falls(), if !hangs.as_ref().is_some_and(Hangs::is_silent) => {
                if let Goes::Elsewhere = on_late(Late::Silent(phase)) {
                    return Some(Err(late(phase)));
                }
                hangs = Some(relay.hangs());
            }
        }
    }
}

/// Tells the sender that the server says nothing.
fn tell(load: &mut Load, is_late: Late) -> Goes {
    if let Late::Silent(phase) = is_late
        && let Some(silent) = load.silent.take()
    {
        // Who has gone away does not want to know.
        silent.send(FellSilent { refusal: late(phase).refusal, elsewhere: load.has_other }).ok();
    }
    Goes::On
}

/// Whether a conversation that stopped in the one phase had been answered what stood in the other.
fn goes_beyond(stopped: Phase, at: Phase) -> bool {
    let step = |phase| match phase {
        Phase::Connect => 0,
        Phase::Mail => 1,
        Phase::Rcpt => 2,
        Phase::Data => 3,
        Phase::Content => 4,
    };
    step(stopped) > step(at)
}

/// The message whose envelope leaves behind the one under way, with its commands: none where it needs what the server does
/// not offer. That is found out in its turn.
fn look_ahead(relay: &Relay, session: &mut Session, order: &Order) -> Option<(Order, Option<String>)> {
    let is_last = session.messages() + 1 >= relay.patience.messages_per_line;
    if !session.pipelines() || is_last || order.load.parcel.alone {
        return None;
    }
    let ahead = relay.next_now(order.load.domain())?;
    let octets = ahead.load.parcel.message.bytes.len();
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
    session.check(envelope, octets)?;
    let commands = session.commands(envelope, octets);
    session.offer(&commands, &relay.patience).await
}

/// Tells the sender, in words that do not name the recipient. A message that the server certainly does not have goes back
/// where the server itself is in trouble.
fn answer(relay: &Relay, order: Order, is_broken: bool, outcome: Result<String, Stop>) {
    let to = order.load.parcel.message.to.clone();
    let nameless = |reply: &str| unnamed(reply, Some(&to));
    let outcome = outcome.map(|reply| nameless(&reply)).map_err(|Stop { phase, refusal }| {
        let is_answer = refusal.reply.starts_with(['4', '5']);
        let about = match phase {
            // Up to here it was not said whom the message is for (RFC 5321 §3.3).
            Phase::Connect | Phase::Mail => About::All,
            Phase::Rcpt | Phase::Data | Phase::Content if is_broken && !is_answer => About::Unanswered,
            Phase::Rcpt | Phase::Data | Phase::Content => About::One,
        };
        let refusal = of_whom(refusal, &[order.load.parcel.message.from.as_str()], &[to.as_str()]);
        let refusal = Refusal { reply: nameless(&refusal.reply), ..refusal };
        let is_elsewheres = relay.refused(&refusal, to.as_str(), about);
        let load = is_elsewheres.then(|| Box::new(order.load));
        Undone::Refused { refusal, about, load }
    });
    // Who has gone away does not want to know.
    order.done.send(outcome).ok();
}
