//! Calls of functions, with arguments by place or by name (DMN 10.3.2.13.5).

use std::sync::Arc;

use super::{Eval, Machine};
use crate::feel::ast::Args;
use crate::feel::builtins::Builtin;
use crate::feel::function::{Closure, Function, Kind};
use crate::feel::types::Type;
use crate::value::Value;

impl Machine<'_> {
    pub(super) fn call(&mut self, value: &Value, args: &Args) -> Eval<Value> {
        let Value::Function(function) = value else {
            return Ok(self.null(format!("a {} is not a function", value.kind())));
        };
        match args {
            Args::Placed(args) => {
                let args = args.iter().map(|arg| self.eval(arg)).collect::<Eval<Vec<_>>>()?;
                self.invoke(function, args)
            }
            Args::Named(args) => {
                let args = args.iter().map(|(name, arg)| Ok((name.clone(), self.eval(arg)?)));
                let args = args.collect::<Eval<Vec<_>>>()?;
                self.invoke_named(function, &args)
            }
        }
    }

    /// Calls with arguments by place.
    pub(crate) fn invoke(&mut self, function: &Function, args: Vec<Value>) -> Eval<Value> {
        self.spend(1 + args.len())?;
        match &function.0 {
            Kind::Builtin(builtin) => self.builtin(builtin, args),
            Kind::Defined(closure) => self.closure(closure, args),
        }
    }

    /// Calls with arguments by name; a name that is no parameter makes null.
    pub(crate) fn invoke_named(
        &mut self,
        function: &Function,
        args: &[(Arc<str>, Value)],
    ) -> Eval<Value> {
        let placed = match &function.0 {
            Kind::Builtin(builtin) => placed(builtin, args),
            Kind::Defined(closure) => {
                let params: Vec<&str> =
                    closure.lambda.params.iter().map(|(name, _)| &**name).collect();
                let all = params.len() == args.len();
                by_name(&params, args).filter(|_| all)
            }
        };
        match placed {
            Some(args) => self.invoke(function, args),
            None => Ok(self.null("the names of the arguments are not those of the function")),
        }
    }

    fn builtin(&mut self, builtin: &Builtin, args: Vec<Value>) -> Eval<Value> {
        if args.len() < builtin.least() || args.len() > builtin.most() {
            let what = format!("{} does not take {} arguments", builtin.name, args.len());
            return Ok(self.null(what));
        }
        (builtin.run)(self, &args)
    }

    fn closure(&mut self, closure: &Arc<Closure>, args: Vec<Value>) -> Eval<Value> {
        let params = &closure.lambda.params;
        if params.len() != args.len() {
            let what = format!("{} arguments given, but {} wanted", args.len(), params.len());
            return Ok(self.null(what));
        }
        let mut bound = Vec::with_capacity(args.len());
        for ((name, of), arg) in params.iter().zip(args) {
            // An argument that does not fit is null, and the call goes on (DMN 10.3.2.9.4).
            let value = match coerced(of, arg) {
                Ok(value) => value,
                Err(arg) => {
                    let what = format!("the argument {name:?} is not of its type");
                    self.null(format!("{what}, but {}", arg.kind()))
                }
            };
            bound.push((name.clone(), value));
        }
        // The body sees what was visible where it was written, not where it is called.
        self.spend(closure.names.len())?;
        let outer = std::mem::replace(&mut self.locals, closure.names.clone());
        if let Some(own) = &closure.own {
            let itself = Value::Function(Function(Kind::Defined(closure.clone())));
            self.locals.push((own.clone(), itself));
        }
        self.locals.extend(bound);
        let result = self.eval(&closure.lambda.body);
        self.locals = outer;
        result
    }
}

/// A value for a place of a type (DMN 10.3.2.9.4): as it is, out of or into a list of one, a day
/// as the moment it begins; null fits everywhere. The value comes back if it does not fit.
pub(crate) fn coerced(of: &Type, value: Value) -> Result<Value, Value> {
    if value.is_null() || of.holds(&value) {
        return Ok(value);
    }
    if let Value::List(items) = &value
        && let [only] = &***items
        && of.holds(only)
    {
        return Ok(only.clone());
    }
    match (of, &value) {
        (Type::List(item), single) if item.holds(single) => Ok(Value::from(vec![value])),
        (Type::DateTime, Value::Date(date)) => {
            let offset = crate::value::Offset::new(0);
            Ok(Value::DateTime(crate::value::DateTime::midnight(*date, offset)))
        }
        _ => Err(value),
    }
}

fn placed(builtin: &Builtin, args: &[(Arc<str>, Value)]) -> Option<Vec<Value>> {
    builtin.params.iter().find_map(|params| by_name(params, args))
}

/// Arguments in the order of the parameters; those left out at the end are not given.
fn by_name(params: &[&str], args: &[(Arc<str>, Value)]) -> Option<Vec<Value>> {
    let named = |param: &str| args.iter().find(|(name, _)| &**name == param.trim_end_matches('?'));
    if !args.iter().all(|(name, _)| params.iter().any(|p| p.trim_end_matches('?') == &**name)) {
        return None;
    }
    let mut placed = Vec::new();
    for param in params {
        match named(param) {
            Some((_, value)) => placed.push(value.clone()),
            None if param.ends_with('?') => placed.push(Value::Null),
            None => return None,
        }
    }
    while placed.len() > args.len() && placed.last().is_some_and(Value::is_null) {
        placed.pop();
    }
    Some(placed)
}
