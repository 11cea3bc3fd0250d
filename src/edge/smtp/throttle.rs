//! How many lines a server is given: one more while it takes what it gets in good time, half as many when it says that it
//! is too much (additive increase, multiplicative decrease).

use std::time::Duration;
use tokio::time::Instant;

/// Lines to begin with.
const FIRST: f64 = 2.0;
/// Lines that are turned away together say it once.
const ONCE_IN: Duration = Duration::from_secs(1);
/// After that it is given no more lines for so long.
const HOLD: Duration = Duration::from_secs(5);
/// A server that answers within this is never slow.
const PROMPT: Duration = Duration::from_millis(200);
/// So many times its best: it has enough to do.
pub(super) const BUSY: u32 = 4;

/// An answer that is late is told to be after this time, however slow the server is.
pub(super) const LATE_MAX: Duration = Duration::from_secs(60);

/// What one server is given.
#[derive(Debug)]
pub(super) struct Throttle {
    max: f64,
    lines: f64,
    /// The shortest wait for the last reply so far, and the usual one of late.
    best: Option<Duration>,
    usual: Duration,
    /// The usual wait of late until an envelope was answered.
    offers: Duration,
    turned_away: Option<Instant>,
}

impl Throttle {
    pub(super) fn new(max: u32) -> Self {
        let max = f64::from(max.max(1));
        Self { max, lines: FIRST.min(max), best: None, usual: Duration::ZERO, offers: Duration::ZERO, turned_away: None }
    }

    /// Lines that may be open.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between one and the configured number")]
    pub(super) fn lines(&self) -> usize {
        self.lines.floor().clamp(1.0, self.max) as usize
    }

    /// The most that it may be given.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a number of lines")]
    pub(super) fn most(&self) -> usize {
        self.max as usize
    }

    /// After how long an answer is late: `hush`, or several times what is `usual` of mail for the same readers, or of all mail of late;
    /// never later than a minute.
    pub(super) fn late(&self, hush: Duration, usual: Option<Duration>) -> Duration {
        (usual.unwrap_or_else(|| self.usual.max(self.offers)) * BUSY).clamp(hush, LATE_MAX.max(hush))
    }

    /// An envelope was answered, so long after it was told.
    pub(super) fn offered(&mut self, after: Duration) {
        self.offers = (self.offers * 15 + after) / 16;
    }

    /// Whether it answers soon, as far as is known.
    pub(super) fn is_prompt(&self) -> bool {
        self.usual < PROMPT
    }

    /// A message was taken, so long `after` it was all sent.
    pub(super) fn took(&mut self, after: Duration, now: Instant) {
        self.usual = if self.best.is_none() { after } else { (self.usual * 15 + after) / 16 };
        let best = self.best.map_or(after, |best| best.min(after));
        self.best = Some(best);
        let is_held = self.turned_away.is_some_and(|at| now - at < HOLD);
        if !is_held && self.usual < PROMPT.max(best * BUSY) {
            self.lines = (self.lines + 1.0 / self.lines).min(self.max);
        }
    }

    /// The server said that it is too much.
    pub(super) fn turned_away(&mut self, now: Instant) {
        if self.turned_away.is_none_or(|at| now - at >= ONCE_IN) {
            self.turned_away = Some(now);
            self.lines = (self.lines / 2.0).max(1.0);
        }
    }

    /// The server wants to be left alone: one line, and from there one more at a time.
    pub(super) fn shut(&mut self, now: Instant) {
        self.turned_away = Some(now);
        self.lines = 1.0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_that_takes_everything_soon_has_all_lines_and_no_more() {
        let mut throttle = Throttle::new(10);
        assert_eq!(throttle.lines(), 2);
        for _ in 0..100 {
            throttle.took(Duration::from_millis(3), Instant::now());
        }
        assert_eq!(throttle.lines(), 10);
        assert_eq!(Throttle::new(1).lines(), 1);
    }

    #[test]
    fn lines_that_are_turned_away_together_halve_it_once() {
        let mut throttle = Throttle::new(16);
        let now = Instant::now();
        (0..200).for_each(|_| throttle.took(Duration::from_millis(3), now));
        (0..16).for_each(|_| throttle.turned_away(now));
        assert_eq!(throttle.lines(), 8);
        throttle.turned_away(now + ONCE_IN);
        assert_eq!(throttle.lines(), 4);
        (0..20).for_each(|n| throttle.turned_away(now + ONCE_IN * (n + 2)));
        assert_eq!(throttle.lines(), 1);
        throttle.took(Duration::from_millis(3), now + ONCE_IN * 22);
        assert_eq!(throttle.lines(), 1, "not so soon");
        throttle.took(Duration::from_millis(3), now + ONCE_IN * 22 + HOLD);
        assert_eq!(throttle.lines(), 2);
    }

    #[test]
    fn a_server_that_grows_slow_gets_no_more_lines_and_one_that_always_was_does() {
        let mut throttle = Throttle::new(10);
        let now = Instant::now();
        throttle.took(Duration::from_millis(100), now);
        let before = throttle.lines();
        (0..200).for_each(|_| throttle.took(Duration::from_secs(2), now));
        assert!(throttle.lines() <= before + 2, "{}", throttle.lines());
        assert!(!throttle.is_prompt());
        let mut far = Throttle::new(10);
        (0..200).for_each(|_| far.took(Duration::from_secs(2), now));
        assert_eq!(far.lines(), 10);
    }

    #[test]
    fn what_is_late_follows_from_what_is_usual() {
        let (mut throttle, hush) = (Throttle::new(10), Duration::from_secs(5));
        assert_eq!(throttle.late(hush, None), hush);
        throttle.took(Duration::from_secs(8), Instant::now());
        assert_eq!(throttle.late(hush, None), Duration::from_secs(32), "one that looks into each message");
        (0..99).for_each(|_| throttle.took(Duration::from_millis(3), Instant::now()));
        (0..99).for_each(|_| throttle.offered(Duration::from_secs(10)));
        assert!(throttle.late(hush, None) > hush * 7, "one that asks others about each recipient");
        assert_eq!(throttle.late(hush, Some(Duration::from_secs(2))), Duration::from_secs(8), "and not about these");
        (0..99).for_each(|_| throttle.offered(Duration::from_secs(90)));
        assert_eq!(throttle.late(hush, None), LATE_MAX);
    }

    #[test]
    fn a_server_that_wants_to_be_left_alone_is_given_one_line_then_one_more_at_a_time() {
        let mut throttle = Throttle::new(10);
        let now = Instant::now();
        (0..100).for_each(|_| throttle.took(Duration::ZERO, now));
        throttle.shut(now);
        assert_eq!(throttle.lines(), 1);
        throttle.took(Duration::ZERO, now + HOLD);
        assert_eq!(throttle.lines(), 2);
        throttle.took(Duration::ZERO, now + HOLD);
        assert_eq!(throttle.lines(), 2);
    }
}
