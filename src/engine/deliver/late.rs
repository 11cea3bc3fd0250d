//! What the mail server leaves without an answer, or answers slowly, while it takes other mail: for whoever looks.

use super::Postman;
use crate::store::records::{LateAnswers, SlowProvider};
use crate::store::{Store, StoreError};

/// Records it where it is another than before, or is over.
pub(super) async fn note(store: &Store, postman: &Postman<'_>) -> Result<(), StoreError> {
    let now = postman.clock.now();
    let before = store.late_answers().await?;
    let known = |name: &str| before.as_ref().and_then(|row| row.value.slow.iter().find(|slow| slow.name == name));
    let slow = postman.mail.slow().into_iter().map(|(name, usual)| {
        let since = known(&name).map_or(now, |slow| slow.since);
        SlowProvider { since, seconds: usual.as_secs(), name }
    });
    let after = LateAnswers { unanswered: postman.hanging.lately(now), slow: slow.collect() };
    let is_same = before.as_ref().map_or_else(|| after.is_empty(), |row| row.value.says_as_much_as(&after));
    if is_same { Ok(()) } else { store.record_late_answers(before.as_ref(), (!after.is_empty()).then_some(&after)).await }
}
