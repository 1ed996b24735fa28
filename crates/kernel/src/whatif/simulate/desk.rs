//! A desk: officers who take waiting cases in the order in which they came, and what is counted.

use std::collections::VecDeque;

use super::clock::Work;
use super::tally::Tally;

/// Where a token waits: the case's place and the token's own number, which is never used again.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Ticket {
    pub(super) slot: u32,
    pub(super) token: u64,
}

/// A desk at work.
pub(super) struct Desk {
    pub(super) officers: u32,
    busy: u32,
    queue: VecDeque<(Ticket, Work)>,
    /// Tickets in the queue that were not given back.
    waiting: u32,
    last: Work,
    queue_area: u128,
    busy_area: u128,
    pub(super) longest: u32,
    pub(super) waits: Tally,
}

impl Desk {
    pub(super) fn new(officers: u32) -> Self {
        Self {
            officers,
            busy: 0,
            queue: VecDeque::new(),
            waiting: 0,
            last: 0,
            queue_area: 0,
            busy_area: 0,
            longest: 0,
            waits: Tally::default(),
        }
    }

    /// Time passes.
    pub(super) fn until(&mut self, now: Work) {
        let span = u128::from(now.saturating_sub(self.last));
        self.queue_area += span * u128::from(self.waiting);
        self.busy_area += span * u128::from(self.busy);
        self.last = now;
    }

    /// A case comes. Whether an officer takes it at once; otherwise it queues.
    pub(super) fn come(&mut self, ticket: Ticket, now: Work) -> bool {
        self.until(now);
        if self.busy < self.officers {
            self.busy += 1;
            self.waits.add(0);
            return true;
        }
        self.queue.push_back((ticket, now));
        self.waiting += 1;
        self.longest = self.longest.max(self.waiting);
        false
    }

    /// An officer is free again.
    pub(super) fn free(&mut self, now: Work) {
        self.until(now);
        self.busy = self.busy.saturating_sub(1);
    }

    /// A case in the queue waits no more; its ticket is passed over later.
    pub(super) fn give_back(&mut self, now: Work) {
        self.until(now);
        self.waiting = self.waiting.saturating_sub(1);
    }

    /// The next case for a free officer, if its ticket still holds.
    pub(super) fn next(&mut self, now: Work, holds: impl Fn(Ticket) -> bool) -> Option<Ticket> {
        if self.busy >= self.officers {
            return None;
        }
        while let Some((ticket, since)) = self.queue.pop_front() {
            if holds(ticket) {
                self.until(now);
                self.waiting = self.waiting.saturating_sub(1);
                self.busy += 1;
                self.waits.add(now.saturating_sub(since));
                return Some(ticket);
            }
        }
        None
    }

    /// Mean length of the queue over a time.
    pub(super) fn queue_mean(&self, span: Work) -> f64 {
        ratio(self.queue_area, u128::from(span))
    }

    /// Share of the officers' time that was work.
    pub(super) fn utilisation(&self, span: Work) -> f64 {
        ratio(self.busy_area, u128::from(span) * u128::from(self.officers))
    }

    /// How many wait now.
    pub(super) fn waiting(&self) -> u32 {
        self.waiting
    }
}

#[expect(clippy::cast_precision_loss, reason = "a mean")]
fn ratio(area: u128, span: u128) -> f64 {
    if span == 0 { 0.0 } else { area as f64 / span as f64 }
}
