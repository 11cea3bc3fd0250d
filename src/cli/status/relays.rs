//! What `status` says of the mail servers.

use super::{Outbox, ago};
use crate::ports::{Awaited, AwaitedStep};
use crate::store::Store;
use crate::store::outbox::Waiting;
use crate::store::records::{LateAnswers, ProviderOut, SlowProvider, Unanswered};
use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;

/// Mail is due and none has left for so long: longer than a server may keep us waiting.
const STILL_MAX: TimeDelta = TimeDelta::minutes(15);

/// That the mail server puts off all that it is given.
#[derive(Serialize, Debug)]
pub(super) struct PutOff {
    /// Since when.
    since: DateTime<Utc>,
    /// What it said last.
    reply: String,
}

/// That it does, where mail waits for it and it has lasted.
pub(super) async fn put_off(store: &Store, waiting: &Waiting, now: DateTime<Utc>) -> anyhow::Result<Option<PutOff>> {
    let standstill = store.standstill().await?.map(|row| row.value).filter(|still| still.needs_a_person(now));
    Ok(standstill.filter(|_| waiting.deliveries > 0).map(|still| PutOff { since: still.since, reply: still.reply }))
}

/// That nothing leaves although it is due, or has been tried and was put off. While mail leaves, what is still to come waits for
/// its turn.
pub(super) fn standing_still(outbox: &Outbox, last_left: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Option<String> {
    if let Some(PutOff { since, reply }) = &outbox.put_off {
        let (since, waiting) = (ago(*since, now), outbox.waiting);
        let mails = if waiting == 1 { "mail waits" } else { "mails wait" };
        return Some(format!(
            "no mail has left since {since}, and {waiting} {mails}: the mail server puts off whatever it is given: {reply}. Once that \
             is put right, `boardwatch mail resume` tries at once"
        ));
    }
    let due = outbox.due_since?;
    let still = last_left.map_or(due, |left| left.max(due));
    let why = outbox.last_reply.as_deref().unwrap_or("not tried yet");
    (now - still > STILL_MAX).then(|| format!("no mail has left since {}, and some is due: {why}", ago(still, now)))
}

/// Providers that refuse mail to their readers, whoever else is served meanwhile: each needs a person.
pub(super) async fn providers(store: &Store, now: DateTime<Utc>, needs: &mut Vec<String>) -> anyhow::Result<Vec<ProviderOut>> {
    let mut providers = store.providers_out().await?.map(|row| row.value.providers).unwrap_or_default();
    providers.retain(|out| out.eased.is_none() && out.is_worth_telling() && !out.is_believed(now) && !out.is_over(now));
    for out in &providers {
        let rest = if out.rests(now) {
            format!("; nothing is tried there before {}", out.until.format("%H:%M UTC"))
        } else {
            String::new()
        };
        let (what, name, since, remedy) = (out.what(), &out.name, ago(out.since, now), out.remedy());
        needs.push(format!("{what}: {name}, since {since}: {}{rest}. {remedy}", out.reply));
    }
    Ok(providers)
}

/// What the mail server leaves without an answer, or answers slowly, while it takes other mail. Much of the former needs a person.
pub(super) async fn late(store: &Store, now: DateTime<Utc>, needs: &mut Vec<String>) -> anyhow::Result<LateAnswers> {
    let mut late = store.late_answers().await?.map(|row| row.value).unwrap_or_default();
    late.unanswered.take_if(|unanswered| unanswered.is_over(now));
    needs.extend(late.unanswered.filter(Unanswered::is_worth_telling).map(|unanswered| left_unanswered(&unanswered, now)));
    Ok(late)
}

/// The same of what nobody has to look into.
pub(super) fn late_words(late: &LateAnswers, now: DateTime<Utc>) -> Vec<String> {
    let unanswered = late.unanswered.filter(|unanswered| !unanswered.is_worth_telling());
    let slow = late.slow.iter().map(|SlowProvider { name, since, seconds }| {
        let since = ago(*since, now);
        format!("the mail server takes {seconds} s over a mail to {name}, since {since}; mail to others does not wait for that")
    });
    unanswered.map(|unanswered| left_unanswered(&unanswered, now)).into_iter().chain(slow).collect()
}

/// An answer that is waited for at this moment.
pub(super) fn awaited_words(awaited: &Awaited) -> String {
    let Awaited { relay, provider, step, lines, longest_seconds } = awaited;
    let wait = if *lines == 1 { "1 line waits".to_owned() } else { format!("{lines} lines wait") };
    let what = match step {
        AwaitedStep::Connection => "let us in",
        AwaitedStep::Envelope => "say whether it takes a mail",
        AwaitedStep::Text => "say that it has a mail",
    };
    let whom = provider.as_ref().map(|provider| format!(" to {provider}")).unwrap_or_default();
    let most = if *lines == 1 { "" } else { " at most" };
    format!("{wait} for the mail server {relay} to {what}{whom}, for {longest_seconds} s{most}")
}

fn left_unanswered(unanswered: &Unanswered, now: DateTime<Utc>) -> String {
    let Unanswered { since, many, hang, .. } = *unanswered;
    let mails = if many == 1 { "1 mail".to_owned() } else { format!("{many} mails") };
    let hang = match hang {
        0 => "all of them have been ended, and are tried again".to_owned(),
        hang => format!("{hang} of them still wait for one"),
    };
    format!(
        "the mail server has left {mails} of the last quarter of an hour without an answer in good time, since {}; {hang}",
        ago(since, now)
    )
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
