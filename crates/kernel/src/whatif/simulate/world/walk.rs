//! A token on its way: from node to node until it rests, and what joins make of those that rest.

use super::super::dice::join;
use super::super::plan::Act;
use super::super::{Refused, STEPS_PER_CASE_MAX};
use super::{BRANCH, Case, Moving, NO_FLOW, Token, Waits, World};

impl World<'_, '_> {
    /// A token goes on by all of these flows.
    pub(super) fn on(&mut self, flows: &[u16], key: u64, way: u32) {
        let way = if flows.len() > 1 { 0 } else { way };
        for flow in flows {
            let key = join(key, u64::from(*flow));
            self.moving.push_back(Moving { key, way, flow: *flow });
        }
    }

    /// Moves every token of a case until it rests, then sees whether the case has ended.
    pub(super) fn walk(&mut self, slot: u32, outcome: u16) -> Result<(), Refused> {
        loop {
            while let Some(moving) = self.moving.pop_front() {
                let to = self.plan.to.get(usize::from(moving.flow)).copied().unwrap_or_default();
                self.arrive_at(slot, to, moving, outcome)?;
            }
            if !self.inclusive_join(slot, outcome)? {
                break;
            }
        }
        let now = self.now;
        let Some(case) = self.case(slot) else { return Ok(()) };
        if case.tokens.is_empty() {
            let (duration, on_time) = (now - case.arrived, now <= case.due);
            self.out.durations.add(duration);
            self.out.on_time += u64::from(on_time);
            self.out.cases += 1;
            self.free.push(slot);
        } else if case.tokens.iter().all(|token| token.waits == Waits::Join) {
            return self.stopped("a case waits for ever at a join".to_owned());
        }
        Ok(())
    }

    fn arrive_at(
        &mut self,
        slot: u32,
        to: u16,
        moving: Moving,
        outcome: u16,
    ) -> Result<(), Refused> {
        let plan = self.plan;
        let Some(place) = plan.places.get(usize::from(to)) else { return Ok(()) };
        if !place.joins && place.reach.is_none() {
            return self.begin(slot, to, moving.key, moving.way, outcome);
        }
        let id = self.token_number();
        let Some(case) = self.case(slot) else { return Ok(()) };
        case.tokens.push(Token {
            id,
            key: moving.key,
            node: to,
            via: moving.flow,
            way: 0,
            waits: Waits::Join,
        });
        if place.joins {
            let here = |via: u16| {
                case.tokens.iter().find(|t| t.node == to && t.via == via).map(|token| token.id)
            };
            let of: Option<Vec<u64>> = place.incoming.iter().map(|flow| here(*flow)).collect();
            if let Some(of) = of {
                self.joined(slot, to, &of, outcome)?;
            }
        }
        Ok(())
    }

    pub(super) fn token_number(&mut self) -> u64 {
        self.next_token += 1;
        self.next_token
    }

    /// Tokens at a join become one.
    fn joined(&mut self, slot: u32, at: u16, of: &[u64], outcome: u16) -> Result<(), Refused> {
        let Some(case) = self.case(slot) else { return Ok(()) };
        // The sum does not depend on who came first.
        let mut key = 0_u64;
        case.tokens.retain(|token| {
            let taken = of.contains(&token.id);
            if taken {
                key = key.wrapping_add(token.key);
            }
            !taken
        });
        self.begin(slot, at, join(key, u64::from(at)), 0, outcome)
    }

    /// Opens an inclusive join that no other token can still reach by an empty flow.
    fn inclusive_join(&mut self, slot: u32, outcome: u16) -> Result<bool, Refused> {
        let Some(case) = usize::try_from(slot).ok().and_then(|slot| self.cases.get(slot)) else {
            return Ok(false);
        };
        let waiting = case.tokens.iter().filter(|token| token.via != NO_FLOW);
        let found = waiting.map(|token| token.node).find_map(|node| {
            let place = self.plan.places.get(usize::from(node))?;
            let reach = place.reach.as_ref()?;
            ready(case, node, &place.incoming, reach).map(|of| (node, of))
        });
        let Some((node, of)) = found else { return Ok(false) };
        self.joined(slot, node, &of, outcome)?;
        Ok(true)
    }

    /// A node begins.
    pub(super) fn begin(
        &mut self,
        slot: u32,
        node: u16,
        key: u64,
        way: u32,
        outcome: u16,
    ) -> Result<(), Refused> {
        let plan = self.plan;
        let Some(place) = plan.places.get(usize::from(node)) else { return Ok(()) };
        self.count(slot, node)?;
        match &place.act {
            Act::On => self.on(&place.out, key, way),
            Act::End => {}
            Act::Terminate => self.terminate(slot),
            Act::Exclusive(ways) | Act::Inclusive(ways) => {
                let mut picked = std::mem::take(&mut self.picked);
                ways.pick(outcome, join(key, BRANCH), &mut picked);
                if picked.is_empty() && !place.out.is_empty() {
                    return self.stopped(format!("no way leads out of gateway number {node}"));
                }
                self.on(&picked, key, way);
                self.picked = picked;
            }
            Act::Work { .. } | Act::Outside(_) | Act::Timer(_) => {
                return self.wait(slot, node, key, way);
            }
        }
        Ok(())
    }

    pub(super) fn count(&mut self, slot: u32, node: u16) -> Result<(), Refused> {
        if let Some(visits) = self.out.visits.get_mut(usize::from(node)) {
            *visits += 1;
        }
        let Some(case) = self.case(slot) else { return Ok(()) };
        case.steps += 1;
        if case.steps > STEPS_PER_CASE_MAX {
            return self.stopped(format!("one case took more than {STEPS_PER_CASE_MAX} steps"));
        }
        Ok(())
    }

    fn terminate(&mut self, slot: u32) {
        self.moving.clear();
        let tokens = self.case(slot).map(|case| std::mem::take(&mut case.tokens));
        for token in tokens.unwrap_or_default() {
            let place = self.plan.places.get(usize::from(token.node));
            if let Some(Act::Work { desk, .. }) = place.map(|place| &place.act) {
                self.let_go(*desk, token.waits);
            }
        }
    }
}

/// The tokens with which an inclusive join opens, one for each flow by which some came.
fn ready(case: &Case, node: u16, incoming: &[u16], reach: &[u64]) -> Option<Vec<u64>> {
    let bit = |flow: u16| incoming.iter().position(|f| *f == flow).map_or(0, |n| 1_u64 << n);
    let (mut filled, mut of) = (0_u64, Vec::new());
    for token in case.tokens.iter().filter(|token| token.node == node && token.via != NO_FLOW) {
        let flow = bit(token.via);
        if flow & filled == 0 && flow != 0 {
            filled |= flow;
            of.push(token.id);
        }
    }
    let others = case.tokens.iter().filter(|token| token.node != node || token.via == NO_FLOW);
    let blocked = others.map(|token| reach.get(usize::from(token.node)).copied().unwrap_or(0));
    let mut blocked = blocked.map(|leads| leads & !filled != 0 && leads & filled == 0);
    (!of.is_empty() && !blocked.any(|blocked| blocked)).then_some(of)
}
