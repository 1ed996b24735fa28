//! The way of a case through its own version of the process: drawn, and told as a list.

use super::processes::{Svg, drawn, version_page};
use crate::view;
use askama::Template;
use askama::filters::HtmlSafe;
use kernel::calendar::Date;
use kernel::case::{Case, Event};
use kernel::catalogue::Catalogue;
use kit::T;
use process::diagram::Highlights;
use process::{Definition, Event as Move, NodeIx, NodeKind};
use std::collections::{BTreeSet, HashMap, HashSet};
use store::cases::HistoryEntry;

/// A step of the way.
struct PathStep {
    name: String,
    state: String,
    now: bool,
}

/// The section of the case page: `{{ path }}`.
#[derive(Template)]
#[template(path = "desk/case_path.html")]
pub(super) struct CasePath {
    t: T,
    edition: String,
    href: String,
    picture: Svg,
    steps: Vec<PathStep>,
}

impl HtmlSafe for CasePath {}

/// The way of a case; none before its acceptance, and for data that are not loaded.
pub(super) fn of(
    catalogue: &Catalogue,
    t: T,
    case: &Case,
    history: &[HistoryEntry],
    today: Date,
) -> Option<CasePath> {
    case.accepted_at?;
    let edition = catalogue.process_edition_of(case, today)?;
    let definition = &edition.definition;
    let model = process::read(edition.xml.as_bytes(), &format!("{}.bpmn", edition.name)).ok()?;
    let way = Way::of(definition, case, history);
    let highlights = way.highlights(definition, case);
    Some(CasePath {
        t,
        edition: t.a(
            "process-path-edition",
            &[("title", &edition.title), ("version", &u64::from(edition.version))],
        ),
        href: version_page(&edition.name, edition.version),
        picture: drawn(t, &model, highlights),
        steps: way.told(t, definition),
    })
}

/// What was passed, in order, and where the case stands.
struct Way {
    /// Steps that were left, each time, with the boundary events that took effect.
    left: Vec<NodeIx>,
    chosen: HashSet<u16>,
    current: HashMap<NodeIx, usize>,
}

impl Way {
    fn of(definition: &Definition, case: &Case, history: &[HistoryEntry]) -> Self {
        let mut way = Self { left: Vec::new(), chosen: HashSet::new(), current: HashMap::new() };
        for step in history.iter().flat_map(|entry| moves(&entry.event)) {
            match step {
                Move::Started => way.left.push(definition.start()),
                Move::Left { node, .. }
                | Move::Joined { node, .. }
                | Move::Split { node, .. }
                | Move::Ended { node, .. }
                | Move::Forked { node, .. } => way.left.push(*node),
                Move::Interrupted { by, .. } => way.left.push(*by),
                Move::Chose { node, flow, .. } => {
                    way.chosen.insert(*flow);
                    way.left.push(*node);
                }
                _ => {}
            }
        }
        if !case.business.is_terminal() {
            for token in &case.process.tokens {
                *way.current.entry(token.node).or_default() += 1;
            }
        }
        way
    }

    /// What the picture shows: a flow was taken if the case left its source and came to its target,
    /// out of a choice only if it was chosen.
    fn highlights(&self, definition: &Definition, case: &Case) -> Highlights {
        let left: BTreeSet<NodeIx> = self.left.iter().copied().collect();
        let been = |ix: &NodeIx| left.contains(ix) || self.current.contains_key(ix);
        let chosen = |number: usize, flow: &process::Flow| {
            let choice = definition.node(flow.from).kind == NodeKind::Exclusive
                && definition.outgoing(flow.from).count() > 1;
            !choice || u16::try_from(number).is_ok_and(|n| self.chosen.contains(&n))
        };
        let taken = definition.flows().iter().enumerate().filter(|(number, flow)| {
            left.contains(&flow.from) && been(&flow.to) && chosen(*number, flow)
        });
        let id = |ix: &NodeIx| definition.node(*ix).id.clone();
        let ahead = match case.business.is_terminal() {
            true => HashSet::new(),
            false => Highlights::ahead_of(definition, &case.process),
        };
        Highlights {
            current: self.current.iter().map(|(ix, n)| (id(ix), *n)).collect(),
            done: left.iter().filter(|ix| !self.current.contains_key(ix)).map(id).collect(),
            taken: taken.map(|(_, flow)| flow.id.clone()).collect(),
            ahead,
            ..Highlights::default()
        }
    }

    /// The way in words: steps in the order in which they were done, then where the case stands.
    fn told(&self, t: T, definition: &Definition) -> Vec<PathStep> {
        let step = |ix: NodeIx, now: bool| {
            let node = definition.node(ix);
            let tells = matches!(
                node.kind,
                NodeKind::UserTask
                    | NodeKind::ServiceTask
                    | NodeKind::TimerBoundary
                    | NodeKind::TimerCatch
                    | NodeKind::Catch
                    | NodeKind::Receive
                    | NodeKind::EventGateway
                    | NodeKind::AdHoc
                    | NodeKind::End
                    | NodeKind::TerminateEnd
            );
            let kind = node.task_kind.as_deref().or(node.job.as_deref());
            let name = view::task_name(t, &node.name, kind);
            let state = t.s(if now { "process-path-now" } else { "process-path-done" });
            tells.then(|| PathStep {
                name: if name.is_empty() { node.id.clone() } else { name },
                state,
                now,
            })
        };
        let mut now: Vec<NodeIx> = self.current.keys().copied().collect();
        now.sort();
        let done = self.left.iter().filter_map(|ix| step(*ix, false));
        done.chain(now.into_iter().filter_map(|ix| step(ix, true))).collect()
    }
}

/// The moves of the process that an event brought.
fn moves(event: &Event) -> &[Move] {
    match event {
        Event::Forwarded { moves, .. }
        | Event::TaskDone { moves, .. }
        | Event::SentBack { moves, .. }
        | Event::Moved { moves, .. }
        | Event::ChildAnswered { moves, .. }
        | Event::FinanceClosed { moves, .. } => moves,
        Event::Op(op) => op.moves(),
        _ => &[],
    }
}
