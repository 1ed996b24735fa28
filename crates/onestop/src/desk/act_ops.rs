//! The fields of operations beyond the drawn process: where to, who, until when; and for each the
//! reason and the ground.

use super::act::outcome_word;
use super::act_fields::Ground;
use crate::view;
use kernel::case::{self, Action};
use kernel::ids::AccountId;
use kit::Field;

/// The fields of an operation, in order.
pub(super) fn fields(g: &Ground<'_>, action: Action) -> Vec<Field> {
    let mut fields = match action {
        // The drawn way leaves it to whoever has the case.
        Action::Choose(_) => return vec![steps(g, action)],
        Action::Return(_) | Action::Jump(_) | Action::AddStep | Action::Happen(_) => {
            vec![steps(g, action)]
        }
        Action::Skip(_) => skipped(g).into_iter().collect(),
        Action::Delegate(token) => vec![officers(g, &lendable(g, token)), g.date("lent-until")],
        Action::Transfer => vec![units(g)],
        Action::CoProcess => vec![officers(g, &helpers(g))],
        Action::EndCoProcess => {
            let now = g.case.ops.helpers.iter().map(|helper| helper.officer.clone());
            vec![officers(g, &now.collect::<Vec<_>>())]
        }
        Action::SetData => vec![g.area("vars").hint(g.t.s("desk-field-vars-hint"))],
        _ => Vec::new(),
    };
    // What rests on the same ground each time needs no words, but takes them.
    let known = matches!(
        action,
        Action::TakeBack(_) | Action::Release(_) | Action::Retry(_) | Action::EndCoProcess
    );
    let (reason, ground) = (g.area("reason"), g.text("ground", ""));
    let ground = ground.hint(g.t.s("desk-field-ground-hint"));
    if known {
        fields.extend([reason.optional(), ground.optional()]);
    } else {
        fields.extend([reason, ground]);
    }
    fields
}

/// The steps that the act may lead to; the likeliest stands last and is chosen.
fn steps(g: &Ground<'_>, action: Action) -> Field {
    let label = match action {
        Action::AddStep => g.label("to-add"),
        Action::Jump(_) => g.label("to-jump"),
        Action::Happen(_) => g.label("to-happen"),
        Action::Choose(_) => g.label("to-choose"),
        _ => g.label("to"),
    };
    let mut field = Field::radio(g.t, "to", label);
    let targets = g.task.map(|task| task.targets.as_slice()).unwrap_or_default();
    for step in targets {
        let name = view::task_name(g.t, &step.name, Some(&step.kind));
        field = field.choice(step.id.clone(), name);
    }
    let likely = targets.last().filter(|_| matches!(action, Action::Return(_) | Action::Happen(_)));
    g.done(field, likely.map(|step| step.id.as_str()).unwrap_or_default())
}

/// The outcome that counts behind a step that is left out, where it has any.
fn skipped(g: &Ground<'_>) -> Option<Field> {
    let outcomes = &g.task?.outcomes;
    let first = outcomes.first()?;
    let mut field = Field::radio(g.t, "outcome", g.label("outcome-skipped"));
    for outcome in outcomes {
        field = field.choice(outcome.clone(), outcome_word(g.t, outcome));
    }
    Some(g.done(field, first))
}

fn officers(g: &Ground<'_>, all: &[AccountId]) -> Field {
    let mut field = Field::select(g.t, "officer", g.label("officer"));
    field = field.choice("", g.t.s("form-choose"));
    for account in all {
        field = field.choice(account.as_str(), g.names.of(g.t, account.as_str()));
    }
    let only = match all {
        [one] => one.as_str(),
        _ => "",
    };
    g.done(field, only)
}

fn lendable(g: &Ground<'_>, token: u32) -> Vec<AccountId> {
    let ctx = g.catalogue.ctx(g.case, &g.officer.actor, g.now);
    ctx.map(|ctx| case::lendable_to(g.case, token, &ctx)).unwrap_or_default()
}

fn helpers(g: &Ground<'_>) -> Vec<AccountId> {
    let ctx = g.catalogue.ctx(g.case, &g.officer.actor, g.now);
    ctx.map(|ctx| case::helpers_for(g.case, &ctx)).unwrap_or_default()
}

fn units(g: &Ground<'_>) -> Field {
    let mut field = Field::select(g.t, "unit", g.label("unit"));
    field = field.choice("", g.t.s("form-choose"));
    let ctx = g.catalogue.ctx(g.case, &g.officer.actor, g.now);
    let all = ctx.map(|ctx| case::transfer_targets(g.case, &ctx)).unwrap_or_default();
    for unit in &all {
        field = field.choice(unit.as_str(), view::unit(g.catalogue, g.t, unit));
    }
    g.done(field, "")
}
