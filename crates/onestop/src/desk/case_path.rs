//! The way of a case through its own version of the process: drawn, and told as a list.

use super::processes::{Svg, drawn, version_page};
use crate::view;
use askama::Template;
use askama::filters::HtmlSafe;
use kernel::calendar::Date;
use kernel::case::{Case, Event};
use kernel::catalogue::Catalogue;
use kernel::procedure::Definitions;
use kit::T;
use process::diagram::Highlights;
use process::{Definition, Event as Move, Node, NodeIx, NodeKind};
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
    let way = Way::of(catalogue, &edition.name, case, history);
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

/// What was passed, in order, and where the case stands. A case that was moved passed elements of
/// earlier versions: they are told, and drawn as far as this version has them too.
struct Way<'d> {
    /// Steps that were left, each time, with the boundary events that took effect.
    left: Vec<&'d Node>,
    /// Flows that were chosen.
    chosen: HashSet<&'d str>,
    current: HashMap<NodeIx, usize>,
}

impl<'d> Way<'d> {
    fn of(catalogue: &'d Catalogue, process: &str, case: &Case, history: &[HistoryEntry]) -> Self {
        let mut way = Self { left: Vec::new(), chosen: HashSet::new(), current: HashMap::new() };
        let versions = Definitions::Versions(catalogue.process_editions(process));
        let mut definition = None;
        for entry in history {
            if let Some(version) = entry.event.pins() {
                definition = versions.of(version);
            }
            let Some(definition) = definition else { continue };
            for step in moves(&entry.event) {
                way.pass(definition, step);
            }
        }
        if !case.business.is_terminal() {
            for token in &case.process.tokens {
                *way.current.entry(token.node).or_default() += 1;
            }
        }
        way
    }

    fn pass(&mut self, definition: &'d Definition, step: &Move) {
        let node = match step {
            Move::Started => definition.start(),
            Move::Left { node, .. }
            | Move::Joined { node, .. }
            | Move::Split { node, .. }
            | Move::Ended { node, .. }
            | Move::Forked { node, .. } => *node,
            Move::Interrupted { by, .. } => *by,
            Move::Chose { node, flow, .. } => {
                let flow = definition.flows().get(usize::from(*flow));
                self.chosen.extend(flow.map(|flow| flow.id.as_str()));
                *node
            }
            _ => return,
        };
        self.left.push(definition.node(node));
    }

    /// What the picture shows: a flow was taken if the case left its source and came to its target,
    /// out of a choice only if it was chosen.
    fn highlights(&self, definition: &Definition, case: &Case) -> Highlights {
        let here = self.left.iter().filter_map(|node| definition.node_by_id(&node.id));
        let left: BTreeSet<NodeIx> = here.collect();
        let been = |ix: &NodeIx| left.contains(ix) || self.current.contains_key(ix);
        let chosen = |flow: &process::Flow| {
            let choice = definition.node(flow.from).kind == NodeKind::Exclusive
                && definition.outgoing(flow.from).count() > 1;
            !choice || self.chosen.contains(flow.id.as_str())
        };
        let taken = definition
            .flows()
            .iter()
            .filter(|flow| left.contains(&flow.from) && been(&flow.to) && chosen(flow));
        let id = |ix: &NodeIx| definition.node(*ix).id.clone();
        let ahead = match case.business.is_terminal() {
            true => HashSet::new(),
            false => Highlights::ahead_of(definition, &case.process),
        };
        Highlights {
            current: self.current.iter().map(|(ix, n)| (id(ix), *n)).collect(),
            done: left.iter().filter(|ix| !self.current.contains_key(ix)).map(id).collect(),
            taken: taken.map(|flow| flow.id.clone()).collect(),
            ahead,
            ..Highlights::default()
        }
    }

    /// The way in words: steps in the order in which they were done, then where the case stands.
    fn told(&self, t: T, definition: &Definition) -> Vec<PathStep> {
        let step = |node: &Node, now: bool| {
            let tells = matches!(
                node.kind,
                NodeKind::UserTask
                    | NodeKind::ServiceTask
                    | NodeKind::Call
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
        let done = self.left.iter().filter_map(|node| step(node, false));
        done.chain(now.into_iter().filter_map(|ix| step(definition.node(ix), true))).collect()
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
