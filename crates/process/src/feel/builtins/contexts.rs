//! Functions of contexts (DMN 10.3.4.8).

use std::sync::Arc;

use super::{Builtin, Eval, context, list, single, take, text};
use crate::feel::eval::{Machine, merged};
use crate::value::{Context, Value};

pub(super) const TABLE: &[Builtin] = &[
    Builtin::new("get value", &[&["m", "key"], &["context", "key"]], |m, args| {
        let found = take!(context(m, args, 0));
        let keys = take!(keys(m, args));
        let mut value = Value::Context(found);
        for key in keys {
            value = match value.as_context().and_then(|context| context.get(&key)) {
                Some(inner) => inner.clone(),
                None => return Ok(m.null(format!("the context has no entry {key:?}"))),
            };
        }
        Ok(value)
    }),
    Builtin::new("get entries", &[&["m"], &["context"]], |m, args| {
        let found = take!(context(m, args, 0));
        let mut entries = Vec::new();
        for (name, value) in found.iter() {
            let entry =
                Context::from_iter([("key", Value::Str(name.clone())), ("value", value.clone())]);
            entries.push(m.context(entry)?);
        }
        m.list(entries)
    }),
    Builtin::new("context", &[&["entries"]], from_entries),
    Builtin::new(
        "context put",
        &[&["context", "key", "value"], &["context", "keys", "value"]],
        |m, args| {
            let found = take!(context(m, args, 0));
            let keys = take!(keys(m, args));
            put(m, &found, &keys, args.get(2).cloned().unwrap_or_default())
        },
    ),
    Builtin::new("context merge", &[&["contexts"]], |m, args| {
        let items = take!(list(m, args, 0));
        let contexts: Option<Vec<&Context>> = items.iter().map(Value::as_context).collect();
        let Some(contexts) = contexts else { return Ok(m.null("an item is not a context")) };
        let entries: usize = contexts.iter().map(|context| context.len()).sum();
        m.spend(entries)?;
        if entries > crate::limits::CONTEXT_ENTRIES {
            return Err(m.over(crate::feel::Limit::ListItems));
        }
        m.context(merged(contexts.into_iter()))
    }),
];

/// One key or a list of them, in the second argument.
fn keys(machine: &mut Machine<'_>, args: &[Value]) -> Option<Vec<Arc<str>>> {
    match args.get(1) {
        Some(Value::List(items)) if !items.is_empty() => {
            let keys: Option<Vec<Arc<str>>> = items
                .iter()
                .map(|item| if let Value::Str(key) = item { Some(key.clone()) } else { None })
                .collect();
            if keys.is_none() {
                machine.null("a key is not a string");
            }
            keys
        }
        _ => Some(vec![text(machine, args, 1)?]),
    }
}

fn put(
    machine: &mut Machine<'_>,
    context: &Context,
    keys: &[Arc<str>],
    value: Value,
) -> Eval<Value> {
    machine.spend(1 + context.len())?;
    let Some((key, rest)) = keys.split_first() else { return Ok(value) };
    let value = if rest.is_empty() {
        value
    } else {
        match context.get(key) {
            Some(Value::Context(inner)) => {
                let inner = inner.clone();
                let value = put(machine, &inner, rest, value)?;
                take!(Some(value).filter(|value| !value.is_null()))
            }
            _ => return Ok(machine.null(format!("the entry {key:?} is not a context"))),
        }
    };
    let mut changed = context.clone();
    changed.put(key.clone(), value);
    machine.context(changed)
}

/// A context from a list of contexts with `key` and `value`.
fn from_entries(machine: &mut Machine<'_>, args: &[Value]) -> Eval<Value> {
    let items = take!(list(machine, args, 0));
    let mut made = Context::default();
    for item in items.iter() {
        let entry = item.as_context().map(|entry| (entry.get("key"), entry.get("value")));
        let Some((Some(Value::Str(key)), Some(value))) = entry else {
            return Ok(machine.null("an entry has no key or no value"));
        };
        if made.get(key).is_some() {
            return Ok(machine.null(format!("the key {key:?} stands twice")));
        }
        machine.spend(1 + made.len())?;
        made.put(key.clone(), value.clone());
    }
    machine.context(made)
}

/// A value that is the same in kind and worth, as `is` asks (DMN 10.3.4.7).
pub(super) fn same(args: &[Value]) -> bool {
    let (a, b) = (single(args, 0), single(args, 1));
    a.kind() == b.kind()
        && match (a, b) {
            (Value::Time(a), Value::Time(b)) => a == b,
            (Value::DateTime(a), Value::DateTime(b)) => a == b,
            _ => crate::feel::eval::equal(a, b) == Some(true),
        }
}
