//! The timers of a world: set, due, fired.

use crate::act::Command;
use crate::definition::{NodeIx, TimerSpec};
use crate::state::Vars;
use crate::waits::is_timer;

use super::clock::{Instant, due};
use super::world::{Outcome, Timer, World};

impl World {
    pub(super) fn watch_starts(&mut self, process: usize) {
        let Some(def) = self.definitions.get(process) else { return };
        let starts = def.event_starts().iter().filter(|ix| is_timer(def.node(**ix)));
        let specs: Vec<(NodeIx, TimerSpec)> = starts
            .filter_map(|ix| {
                let node = def.node(*ix);
                let computed = || {
                    crate::profile::timer_text(&crate::data::shown(
                        &node.timer_code.as_ref()?.eval(&|_| None).ok()?,
                    ))
                };
                Some((*ix, node.timer.clone().or_else(computed)?))
            })
            .collect();
        for (node, spec) in specs {
            self.set_timer(None, process, 0, node, spec);
        }
    }

    pub(super) fn set_timer(
        &mut self,
        instance: Option<usize>,
        process: usize,
        token: u32,
        node: NodeIx,
        spec: TimerSpec,
    ) {
        let Some(due) = due(self.clock, &spec) else { return };
        self.seq += 1;
        let (set_at, seq) = (self.clock, self.seq);
        self.timers.push(Timer { instance, process, token, node, due, set_at, seq, spec });
    }

    /// The timer that is due first.
    pub(super) fn next_timer(&self, until: Instant) -> Option<usize> {
        let live = self.timers.iter().enumerate().filter(|(_, timer)| {
            timer.due <= until && timer.instance.is_none_or(|at| self.is_active(at))
        });
        live.min_by_key(|(_, timer)| (timer.due, timer.seq)).map(|(at, _)| at)
    }

    /// Fires a timer now.
    pub(super) fn fire(&mut self, at: usize) -> Outcome {
        if at >= self.timers.len() {
            return Ok(());
        }
        let timer = self.timers.remove(at);
        let Some(instance) = timer.instance else {
            if let TimerSpec::Cycle(text) = &timer.spec {
                let spec = fewer(text);
                if let Some(spec) = spec {
                    self.set_timer(None, timer.process, 0, timer.node, spec);
                }
            }
            return self.begin_at(timer.process, timer.node, Vars::new());
        };
        // A script that takes time tells when it began.
        let (token, boundary) = (timer.token, Some(timer.node));
        self.timers.push(timer);
        let outcome = self.act(instance, Command::TimerFired { token, boundary });
        let gone =
            |t: &Timer| (t.instance, t.token, Some(t.node)) == (Some(instance), token, boundary);
        if let Some(place) = self.timers.iter().position(gone) {
            self.timers.remove(place);
        }
        outcome
    }
}

/// The rest of a repetition after one round.
fn fewer(text: &str) -> Option<TimerSpec> {
    let (count, rest) = text.strip_prefix('R')?.split_once('/')?;
    match count.parse::<u32>() {
        Ok(count) if count > 1 => Some(TimerSpec::Cycle(format!("R{}/{rest}", count - 1))),
        Ok(_) => None,
        Err(_) => Some(TimerSpec::Cycle(text.to_owned())),
    }
}
