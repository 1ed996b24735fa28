//! Builds the table from the typed view of a file.

use super::{Lane, May, Named, Next, Row, StepKind, Table, Time, Who, order};
use crate::bpmn::{self, Definitions, Kind, Node, Owner, Trigger};
use crate::model::{MC_NS, Model};
use crate::profile::is_duration;

impl Table {
    /// The table of a file.
    #[must_use]
    pub fn of(model: &Model) -> Self {
        Self::of_view(&Definitions::of(model))
    }

    /// The table of a view that is there already.
    #[must_use]
    pub fn of_view(view: &Definitions<'_>) -> Self {
        let mut rows = Vec::new();
        for process in 0..view.processes.len() {
            order::of_level(view, Owner { process, parent: None }, &mut rows);
        }
        let nodes = rows.into_iter().filter_map(|ix| view.nodes.get(ix));
        let shown = nodes.filter(|node| folded_into(view, node).is_none());
        Self {
            processes: view
                .processes
                .iter()
                .map(|process| Named { id: process.id.to_owned(), name: process.name.clone() })
                .collect(),
            lanes: view.lanes.iter().map(|found| lane(view, found)).collect(),
            rows: shown.map(|node| row(view, node)).collect(),
        }
    }

    /// The row with this id.
    #[must_use]
    pub fn row(&self, id: &str) -> Option<&Row> {
        self.rows.iter().find(|row| row.id == id)
    }
}

/// The step whose choice a gateway is: an exclusive split with one way in, right after a step that
/// leads nowhere else.
pub(super) fn folded_into<'v, 'a>(
    view: &'v Definitions<'a>,
    gateway: &Node<'a>,
) -> Option<&'v Node<'a>> {
    let ([arrives], true) = (gateway.incoming.as_slice(), gateway.outgoing.len() > 1) else {
        return None;
    };
    if gateway.kind != Kind::ExclusiveGateway {
        return None;
    }
    let step = view.node(view.flows.get(*arrives)?.source)?;
    let plain = step.outgoing.len() == 1 && !step.kind.is_gateway() && step.owner == gateway.owner;
    plain.then_some(step)
}

/// The gateway that is folded into a step.
pub(super) fn choice_of<'v, 'a>(
    view: &'v Definitions<'a>,
    step: &Node<'a>,
) -> Option<&'v Node<'a>> {
    let [way] = step.outgoing.as_slice() else { return None };
    let gateway = view.node(view.flows.get(*way)?.target)?;
    folded_into(view, gateway).filter(|found| found.id == step.id)?;
    Some(gateway)
}

fn row<'a>(view: &Definitions<'a>, node: &Node<'a>) -> Row {
    let choice = choice_of(view, node);
    let own = |local: &str| node.element.attr_in(MC_NS, local).map(str::to_owned);
    let kind = match node.kind {
        Kind::UserTask => StepKind::User { kind: own("kind") },
        Kind::ServiceTask => {
            StepKind::Service { job: own("job"), wait: own("wait").as_deref() == Some("true") }
        }
        Kind::ManualTask => StepKind::Manual,
        kind if kind.is_gateway() => StepKind::Gateway,
        kind if kind.is_event() => StepKind::Event,
        kind if kind.is_sub_process() => StepKind::SubProcess,
        _ => StepKind::Other,
    };
    let outcomes = own("outcomes").unwrap_or_default();
    let outcomes = outcomes.split(',').map(str::trim).filter(|outcome| !outcome.is_empty());
    let parent = view.parent_of(node.owner);
    Row {
        id: node.id.to_owned(),
        name: node.name.clone(),
        kind,
        element: node.element.local.clone(),
        process: view.process_of(node.owner).map_or("", |process| process.id).to_owned(),
        parent: parent.map(|parent| parent.id.to_owned()),
        depth: depth(view, node),
        on: node.attached_to().map(|on| view.resolve(on).to_owned()),
        cuts: node.kind == Kind::BoundaryEvent && node.interrupting(),
        triggers: node.triggers.iter().map(|found| found.trigger.name().to_owned()).collect(),
        who: who(view, node),
        time: time(node),
        outcomes: outcomes.map(str::to_owned).collect(),
        choice: choice
            .map(|gateway| Named { id: gateway.id.to_owned(), name: gateway.name.clone() }),
        next: next(view, choice.unwrap_or(node)),
        may: may(view, node),
    }
}

fn depth(view: &Definitions<'_>, node: &Node<'_>) -> usize {
    let (mut depth, mut at) = (0, view.parent_of(node.owner));
    while let Some(parent) = at {
        depth += 1;
        at = view.parent_of(parent.owner);
    }
    depth
}

fn next<'a>(view: &Definitions<'a>, from: &Node<'a>) -> Vec<Next> {
    let default = from.default_flow().map(|flow| view.resolve(flow));
    let ways = view.outgoing(from).map(|flow| Next {
        flow: flow.id.to_owned(),
        to: flow.target.to_owned(),
        name: flow.name.clone(),
        condition: flow.condition.map(|condition| condition.text.to_owned()),
        default: default == Some(flow.id),
    });
    ways.collect()
}

fn who<'a>(view: &Definitions<'a>, node: &Node<'a>) -> Option<Who> {
    let (mut at, mut inherited) = (node, false);
    let lane = loop {
        if let Some(lane) = view.lane_of(at) {
            break lane;
        }
        at = view.parent_of(at.owner)?;
        inherited = true;
    };
    let (role, unit) = (word(view, lane, "role"), word(view, lane, "unit"));
    Some(Who { lane: lane.id.to_owned(), name: lane.name.clone(), role, unit, inherited })
}

/// `mc:role` or `mc:unit` of a lane or of the nearest lane around it that says it.
fn word<'a>(view: &Definitions<'a>, lane: &bpmn::Lane<'a>, local: &str) -> Option<String> {
    let mut at = Some(lane);
    while let Some(lane) = at {
        if let Some(word) = lane.element.attr_in(MC_NS, local) {
            return Some(word.to_owned());
        }
        at = lane.parent.and_then(|ix| view.lanes.get(ix));
    }
    None
}

fn lane<'a>(view: &Definitions<'a>, lane: &bpmn::Lane<'a>) -> Lane {
    let parent = lane.parent.and_then(|ix| view.lanes.get(ix));
    Lane {
        id: lane.id.to_owned(),
        name: lane.name.clone(),
        process: view.process_of(lane.owner).map_or("", |process| process.id).to_owned(),
        parent: parent.map(|parent| parent.id.to_owned()),
        role: word(view, lane, "role"),
        unit: word(view, lane, "unit"),
        steps: lane.nodes.iter().map(|id| (*id).to_owned()).collect(),
    }
}

fn time(node: &Node<'_>) -> Option<Time> {
    if let Some((_, time)) = timer(node).and_then(|timer| timer.times().next()) {
        let text = time.text.to_owned();
        return Some(if is_duration(&text) { Time::Limit(text) } else { Time::Written(text) });
    }
    let own = |local: &str| node.element.attr_in(MC_NS, local);
    match (own("limit"), own("limitShare")) {
        (Some(limit), _) => Some(Time::Limit(limit.to_owned())),
        (None, Some(share)) => Some(match share.parse() {
            Ok(share) => Time::Share(share),
            Err(_) => Time::Written(share.to_owned()),
        }),
        (None, None) => None,
    }
}

/// The timer of an event.
pub(super) fn timer<'n, 'a>(node: &'n Node<'a>) -> Option<&'n bpmn::EventDefinition<'a>> {
    node.triggers.iter().find(|found| found.trigger == Trigger::Timer)
}

fn may<'a>(view: &Definitions<'a>, node: &Node<'a>) -> May {
    let task = matches!(node.kind, Kind::UserTask | Kind::ServiceTask | Kind::ManualTask);
    let timed = matches!(node.kind, Kind::UserTask | Kind::ServiceTask);
    let duration = timer(node).is_some_and(|timer| {
        !timer.referred && timer.element.bpmn("timeDuration").next().is_some()
    });
    let one_way = node.outgoing.len() == 1 && choice_of(view, node).is_none();
    let held = view.lanes.iter().any(|lane| lane.owner == node.owner);
    May {
        kind: task || node.kind == Kind::Task,
        lane: held && node.kind != Kind::BoundaryEvent,
        time: timed || duration,
        outcomes: node.kind == Kind::UserTask,
        next: super::ways::leads(node),
        place: one_way && node.kind.is_activity() && !node.incoming.is_empty(),
        remove: super::steps::removable(view, node),
    }
}
