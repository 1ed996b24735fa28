//! Decision services (DMN 10.4): decisions with a boundary, called like a function.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::compile::Unit;
use crate::feel::EvalError;
use crate::feel::ast::{Boxed, Expr};
use crate::feel::eval::Machine;
use crate::value::{Context, Value};

/// The logic of a decision service.
#[derive(Debug)]
pub(super) struct Service {
    /// The inputs by place and by the name of their parameter.
    pub(super) inputs: Vec<(usize, Arc<str>)>,
    /// The decisions inside, each after those it requires.
    pub(super) plan: Vec<Arc<Unit>>,
    /// The decisions whose values come out, by place and name.
    pub(super) outputs: Vec<(usize, Arc<str>)>,
}

impl Boxed for Service {
    fn eval(&self, machine: &mut Machine<'_>) -> Result<Value, EvalError> {
        let mut values = BTreeMap::new();
        for (place, name) in &self.inputs {
            values.insert(*place, machine.look(name).unwrap_or_default());
        }
        for unit in &self.plan {
            if !values.contains_key(&unit.place) {
                let value = unit.value(machine, &values)?;
                values.insert(unit.place, value);
            }
        }
        let of = |place: &usize| values.get(place).cloned().unwrap_or_default();
        if let [(place, _)] = self.outputs.as_slice() {
            return Ok(of(place));
        }
        let outputs = self.outputs.iter().map(|(place, name)| (name.clone(), of(place)));
        machine.context(outputs.collect::<Context>())
    }

    fn parts(&self, visit: &mut dyn FnMut(&Expr)) {
        self.plan.iter().for_each(|unit| visit(&unit.logic));
    }
}
