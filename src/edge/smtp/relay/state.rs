//! What is known of a server, of its lines, and what waits for it: behind one lock, and nothing here waits.

use super::super::manners::Manners;
use super::super::order::{About, Left, Order};
use super::super::paces::Paces;
use super::super::silent::Silent;
use super::super::throttle::Throttle;
use super::super::trouble::Trouble;
use super::allowance::{Allowance, May};
use crate::domain::bundle::Lane;
use crate::domain::delivery::{Refusal, RefusalKind};
use crate::rules::operator::operator;
use crate::rules::refusal::{may_be_of_one, puts_off_for_policy};
use std::collections::{BTreeSet, VecDeque};
use tokio::time::Instant;

/// One that has enough for now of what is for so many domains has enough of us, whoever it is for.
const ENOUGH_FOR_MAX: usize = 3;

/// Fewer conversations that hang are no sign of the server itself, however few lines it is given.
const HUNG_MIN: usize = 3;

/// What is said of a server that is told whom mail is for, and says nothing.
const UNANSWERED: &str = "the server leaves one mail after the other without an answer";

/// What is said of messages for which it has no line.
const NO_LINE: &str = "the server leaves mail without an answer on every line that it may have";

/// What is known of a server, its lines and what waits for it.
pub(super) struct State {
    pub(super) waiting: VecDeque<Order>,
    /// Lines that are open, being opened or being closed…
    pub(super) lines: usize,
    /// …and those of them that have nothing to do…
    pub(super) idle: usize,
    /// …or whose server has fallen silent, once it was said whom a message is for.
    pub(super) hung: usize,
    /// Lines whose server is slow about one message, and has not fallen silent yet.
    pub(super) slow: usize,
    /// Lines that have come to hang since it took something.
    pub(super) unanswered: usize,
    pub(super) throttle: Throttle,
    /// How many lines may hang.
    pub(super) allowance: Allowance,
    /// Whose mail it answers slowly.
    pub(super) paces: Paces,
    pub(super) trouble: Option<Trouble>,
    /// Messages in a row that it put off, or broke the line behind, whoever they were for.
    pub(super) put_off: u32,
    /// To whom it said, since it took something, that it is too much, or what it thinks of us: so many different operators at most.
    pub(super) enough_for: BTreeSet<String>,
    /// Whom it has no answer for.
    pub(super) silent: Silent,
    pub(super) manners: Manners,
    pub(super) is_closed: bool,
}

impl State {
    /// Of one that may be given so many lines, with nothing known.
    pub(super) fn new(connections: u32) -> Self {
        let throttle = Throttle::new(connections);
        Self {
            waiting: VecDeque::new(),
            lines: 0,
            idle: 0,
            hung: 0,
            slow: 0,
            unanswered: 0,
            allowance: Allowance::new(throttle.most()),
            throttle,
            paces: Paces::default(),
            trouble: None,
            put_off: 0,
            enough_for: BTreeSet::new(),
            silent: Silent::default(),
            manners: Manners::default(),
            is_closed: false,
        }
    }

    /// How many lines may be open: those that hang, or are slow, do not count, as far as they may.
    pub(super) fn lines_max(&self) -> usize {
        self.throttle.lines() + (self.hung + self.slow).min(self.allowance.all())
    }

    /// Whether a message as urgent as that has a line, now or when another one is free again.
    pub(super) fn has_line_for(&self, lane: Lane) -> bool {
        self.allowance.may(lane, self.hung, Instant::now()) != May::Not
    }

    /// Whether there is no line for the least urgent of what waits.
    pub(super) fn is_for_lack_of_lines(&self) -> bool {
        self.waiting.back().is_some_and(|order| !self.has_line_for(order.lane()))
    }

    /// Whether what waits first may be begun now, with so many lines `at_most` that have something to do and do not hang.
    fn may_begin(&self, at_most: usize) -> bool {
        let Some(order) = self.waiting.front() else { return false };
        let busy = self.lines.saturating_sub(self.idle + self.hung + self.slow);
        match self.allowance.may(order.lane(), self.hung + self.slow, Instant::now()) {
            May::Beside => true,
            May::Alone => busy <= at_most,
            May::Not => false,
        }
    }

    /// What waits and is not to be given to it: all, where so much hangs with nothing taken between that it is the server, which is in
    /// trouble then, and not whom the mail is for; else what is not urgent enough for the lines that are left.
    pub(super) fn not_to_be_answered(&mut self) -> Option<Left> {
        let hangs_for_all = self.unanswered >= (2 * self.throttle.most()).max(HUNG_MIN);
        let (about, words) = if hangs_for_all { (About::All, UNANSWERED) } else { (About::NoLine, NO_LINE) };
        // The most urgent come first.
        let at = if hangs_for_all { 0 } else { self.waiting.partition_point(|order| self.has_line_for(order.lane())) };
        let waiting = self.waiting.split_off(at);
        let refusal = Refusal { kind: RefusalKind::Relay, reply: words.to_owned() };
        if waiting.is_empty() {
            return None;
        }
        if hangs_for_all {
            self.in_trouble(&refusal);
        }
        Some(Left { refusal, about, waiting })
    }

    /// Whether what waits needs another line, which is then counted.
    pub(super) fn takes_line(&mut self) -> bool {
        let needs_line = self.waiting.len() > self.idle && self.lines < self.lines_max() && self.may_begin(0);
        self.lines += usize::from(needs_line);
        needs_line
    }

    /// Lets a message wait behind what is as urgent.
    pub(super) fn queue(&mut self, order: Order) {
        let at = self.waiting.partition_point(|other| order.goes_behind(other));
        self.waiting.insert(at, order);
    }

    /// Lets a message that had its turn go before the others of its lane.
    pub(super) fn queue_again(&mut self, mut order: Order) {
        order.load.parcel.waited = true;
        self.queue(order);
    }

    /// Of what is as urgent, what is answered soon goes before what is not: that takes its line for long.
    fn first(&self) -> usize {
        let is_slow = |order: &&Order| self.paces.is_slow(order.load.domain());
        let Some(front) = self.waiting.front().filter(is_slow) else { return 0 };
        let alike = self.waiting.iter().take_while(|order| order.lane() == front.lane());
        alike.take_while(is_slow).count()
            % self.waiting.partition_point(|order| order.lane().rank() <= front.lane().rank()).max(1)
    }

    /// Whether what goes next may be asked behind another one.
    pub(super) fn next_is_not_alone(&self) -> bool {
        self.waiting.get(self.first()).is_some_and(|order| !order.load.parcel.alone)
    }

    /// The next message whose sender still waits and that may still leave.
    pub(super) fn pop(&mut self) -> Option<Order> {
        // It is for a line that has nothing else to do.
        while self.may_begin(1) {
            let at = self.first();
            let order = self.waiting.remove(at)?.if_current();
            if order.is_some() {
                return order;
            }
        }
        None
    }

    /// Whether it takes nothing of us for anybody, and not for one provider's readers: it says so of several, or that what we may send is
    /// spent.
    pub(super) fn has_enough(&mut self, refusal: &Refusal, to: &str) -> bool {
        let is_throttled = refusal.kind == RefusalKind::Throttled;
        if is_throttled && !may_be_of_one(refusal) {
            return true;
        }
        if !is_throttled && refusal.kind != RefusalKind::Policy && !puts_off_for_policy(refusal, false) {
            return false;
        }
        if self.enough_for.len() < ENOUGH_FOR_MAX {
            let domain = to.rsplit_once('@').map_or(to, |(_, domain)| domain);
            self.enough_for.insert(operator(domain));
        }
        self.enough_for.len() >= ENOUGH_FOR_MAX
    }

    pub(super) fn in_trouble(&mut self, refusal: &Refusal) {
        self.trouble = Some(Trouble::after(self.trouble.take(), &refusal.reply, Instant::now()));
    }
}
