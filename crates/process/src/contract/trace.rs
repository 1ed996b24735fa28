//! What a scenario reports after each step.

use serde_json::{Map, Value as Json, json};

use crate::definition::Definition;
use crate::state::{ScopeKind, State, Token, open_jobs, open_tasks};
use crate::waits::{is_timer, waits};

use super::world::{Instance, Status, World};

impl World {
    pub(super) fn snapshot(&self) -> Json {
        let instances: Vec<Json> = self
            .instances
            .iter()
            .enumerate()
            .filter_map(|(at, instance)| Some(self.shown(at, instance, self.def(at)?)))
            .collect();
        json!({"clock": self.clock.text(), "instances": instances})
    }

    fn shown(&self, at: usize, instance: &Instance, def: &Definition) -> Json {
        let (state, how) = match instance.status {
            Status::Active => ("active", Json::Null),
            Status::Suspended => ("suspended", Json::Null),
            Status::Ended(how) => ("ended", Json::from(how)),
            Status::Failed => ("failed", Json::Null),
        };
        let id = |node| def.node(node).id.as_str();
        let lives = matches!(instance.status, Status::Active | Status::Suspended);
        let mut tasks: Vec<&str> = Vec::new();
        let mut waiting: Vec<&str> = Vec::new();
        if lives {
            tasks.extend(open_tasks(def, &instance.state).map(|(_, node)| id(node)));
            let events = waits(def, &instance.state).into_iter();
            let events = events.filter(|(_, node)| !is_timer(def.node(*node)));
            waiting.extend(events.map(|(_, node)| id(node)));
            waiting.extend(open_jobs(def, &instance.state).map(|(_, node)| id(node)));
        }
        let own = self.timers.iter().filter(|timer| timer.instance == Some(at));
        let timers: Vec<Json> =
            own.map(|timer| json!({"element": id(timer.node), "due": timer.due.text()})).collect();
        json!({
            "name": instance.name, "process": def.id(), "state": state, "how": how,
            "error": instance.error, "tree": tree(def, &instance.state, 0),
            "tasks": tasks, "timers": timers, "waits": waiting,
            "variables": instance.state.vars,
        })
    }
}

/// The tokens of a scope with what their own scopes hold.
fn tree(def: &Definition, state: &State, scope: u32) -> Vec<Json> {
    state.inside(scope).map(|token| branch(def, state, token)).collect()
}

fn branch(def: &Definition, state: &State, token: &Token) -> Json {
    let mut node = Map::new();
    node.insert("id".to_owned(), Json::from(def.node(token.node).id.as_str()));
    match state.scope(token.id).map(|scope| scope.kind) {
        Some(ScopeKind::Multi) => {
            node.insert("multi".to_owned(), Json::Bool(true));
            node.insert("children".to_owned(), Json::from(tree(def, state, token.id)));
        }
        // A standard loop runs one round at a time: the round stands for the activity.
        Some(ScopeKind::Loop) => {
            if let Some(round) = state.inside(token.id).next() {
                return branch(def, state, round);
            }
        }
        Some(ScopeKind::Body) => {
            node.insert("children".to_owned(), Json::from(tree(def, state, token.id)));
        }
        None => {}
    }
    Json::Object(node)
}
