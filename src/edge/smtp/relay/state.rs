//! What is known of a server, of its lines, and what waits for it: behind one lock, and nothing here waits.

use super::super::manners::Manners;
use super::super::order::Order;
use super::super::silent::Silent;
use super::super::throttle::Throttle;
use super::super::trouble::Trouble;
use crate::domain::delivery::{Refusal, RefusalKind};
use crate::rules::operator::operator;
use crate::rules::refusal::{may_be_of_one, puts_off_for_policy};
use std::collections::{BTreeSet, VecDeque};
use tokio::time::Instant;

/// One that has enough for now of what is for so many domains has enough of us, whoever it is for.
const ENOUGH_FOR_MAX: usize = 3;

/// Fewer conversations that hang are no sign of the server itself, however few lines it is given.
const HUNG_MIN: usize = 3;

/// So many lines more may hang, of those that ask whether it has come round.
const ASKING_MAX: usize = 16;

/// What is said of a server that is told whom mail is for, and says nothing.
const UNANSWERED: &str = "the server leaves one mail after the other without an answer";

/// What is known of a server, its lines and what waits for it.
pub(super) struct State {
    pub(super) waiting: VecDeque<Order>,
    /// Lines that are open, being opened or being closed…
    pub(super) lines: usize,
    /// …and those of them that have nothing to do…
    pub(super) idle: usize,
    /// …or whose server has fallen silent, once it was said whom a message is for.
    pub(super) hung: usize,
    /// Lines that have come to hang since it took something.
    pub(super) unanswered: usize,
    pub(super) throttle: Throttle,
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
        Self {
            waiting: VecDeque::new(),
            lines: 0,
            idle: 0,
            hung: 0,
            unanswered: 0,
            throttle: Throttle::new(connections),
            trouble: None,
            put_off: 0,
            enough_for: BTreeSet::new(),
            silent: Silent::default(),
            manners: Manners::default(),
            is_closed: false,
        }
    }

    /// How many lines may be open: those that hang do not count, up to twice as many as the server may be given, and a few more that
    /// ask whether it has come round.
    pub(super) fn lines_max(&self) -> usize {
        self.throttle.lines() + self.hung.min(2 * self.throttle.most() + ASKING_MAX)
    }

    /// Whether so much hangs, with nothing taken between, or with no line left, that it is the server and not whom the mail is for.
    pub(super) fn hangs_for_all(&self) -> bool {
        self.unanswered >= (2 * self.throttle.most()).max(HUNG_MIN) || self.has_no_line()
    }

    /// Whether every line hangs that it may have.
    pub(super) fn has_no_line(&self) -> bool {
        self.hung >= self.lines && self.lines >= self.lines_max()
    }

    /// What waits, where none of it would be answered; and the server is in trouble then.
    pub(super) fn not_to_be_answered(&mut self) -> Option<(Refusal, VecDeque<Order>)> {
        if self.waiting.is_empty() || !self.hangs_for_all() {
            return None;
        }
        let refusal = Refusal { kind: RefusalKind::Relay, reply: UNANSWERED.to_owned() };
        self.in_trouble(&refusal);
        Some((refusal, std::mem::take(&mut self.waiting)))
    }

    /// Whether what waits needs another line, which is then counted.
    pub(super) fn takes_line(&mut self) -> bool {
        let needs_line = self.waiting.len() > self.idle && self.lines < self.lines_max();
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

    /// The next message whose sender still waits and that may still leave.
    pub(super) fn pop(&mut self) -> Option<Order> {
        loop {
            let order = self.waiting.pop_front()?.if_current();
            if order.is_some() {
                return order;
            }
        }
    }

    /// Whether it puts off what is for anybody, and not what is for one provider's readers: it says so of several, or that what we
    /// may send is spent.
    pub(super) fn has_enough(&mut self, refusal: &Refusal, to: &str) -> bool {
        let is_throttled = refusal.kind == RefusalKind::Throttled;
        if is_throttled && !may_be_of_one(refusal) {
            return true;
        }
        if !is_throttled && !puts_off_for_policy(refusal, false) {
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
