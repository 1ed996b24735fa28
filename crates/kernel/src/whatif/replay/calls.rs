//! Called processes in a replay: what they gave back, the journal of the calling case keeps.

use super::Run;
use crate::case::Event;
use crate::ids::CaseId;
use process::{Command, Vars};

impl<'a> Run<'a> {
    /// The step at which a case waits for the called process that a child carries out.
    pub(super) fn called(&self, child: CaseId) -> Option<&'a str> {
        let asked = self.case.children.iter().find(|c| c.case == child && c.call)?;
        let past = self.past();
        let mut open = process::open_calls(past, &self.case.process);
        let (_, at) = open.find(|(token, _)| *token == asked.token)?;
        Some(&past.node(at).id)
    }

    /// A called process came to its end.
    pub(super) fn returned(&mut self, event: &Event, child: CaseId, given: &Vars, error: &str) {
        let Some(id) = self.called(child) else { return };
        let draft = self.draft.definition;
        let mut open = process::open_calls(draft, &self.state);
        let Some((token, _)) = open.find(|(_, at)| self.id(*at) == id) else {
            drop(open);
            return self.missing(event, id, "nothing would wait for this called process");
        };
        drop(open);
        let command = if error.is_empty() {
            Command::Returned { token, vars: given.clone() }
        } else {
            Command::Fail { token, code: error.to_owned() }
        };
        self.command(event, id, command, "");
    }
}
