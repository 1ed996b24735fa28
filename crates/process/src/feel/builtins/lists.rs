//! Functions of lists (DMN 10.3.4.4), counting aside.

use std::cmp::Ordering;

use super::{Builtin, Eval, list, place_number, take};
use crate::feel::eval::{Machine, by_order, equal, index};
use crate::feel::function::Function;
use crate::value::Value;

pub(super) const TABLE: &[Builtin] = &[
    Builtin::new("list contains", &[&["list", "element"]], |m, args| {
        let items = take!(list(m, args, 0));
        let wanted = args.get(1).unwrap_or(&Value::Null);
        m.spend(items.len())?;
        Ok(Value::Bool(items.iter().any(|item| equal(item, wanted) == Some(true))))
    }),
    Builtin::new("index of", &[&["list", "match"]], |m, args| {
        let items = take!(list(m, args, 0));
        let wanted = args.get(1).unwrap_or(&Value::Null);
        m.spend(items.len())?;
        let places = (1_i64..).zip(items.iter());
        let places = places.filter(|(_, item)| equal(item, wanted) == Some(true));
        m.list(places.map(|(place, _)| Value::from(place)).collect())
    }),
    Builtin::new("sublist", &[&["list", "start position", "length?"]], sublist),
    Builtin::many("append", &[&["list", "item"]], |m, args| {
        let items = match args.first() {
            Some(Value::Null) => std::sync::Arc::default(),
            _ => take!(list(m, args, 0)),
        };
        let added = args.get(1..).unwrap_or_default();
        m.list(items.iter().chain(added).cloned().collect())
    }),
    Builtin::many("concatenate", &[&["list"]], |m, args| {
        let all = take!(all_items(m, args)?);
        m.list(all)
    }),
    Builtin::many("union", &[&["list"]], |m, args| {
        let all = take!(all_items(m, args)?);
        distinct(m, &all)
    }),
    Builtin::new("distinct values", &[&["list"]], |m, args| {
        let items = take!(list(m, args, 0));
        distinct(m, &items)
    }),
    Builtin::new("insert before", &[&["list", "position", "newItem"]], |m, args| {
        let items = take!(list(m, args, 0));
        let at = take!(place(m, args, items.len())?);
        let mut items = items.to_vec();
        items.insert(at, args.get(2).cloned().unwrap_or_default());
        m.list(items)
    }),
    Builtin::new("remove", &[&["list", "position"]], |m, args| {
        let items = take!(list(m, args, 0));
        let at = take!(place(m, args, items.len())?);
        let mut items = items.to_vec();
        items.remove(at);
        m.list(items)
    }),
    Builtin::new(
        "list replace",
        &[&["list", "position", "newItem"], &["list", "match", "newItem"]],
        list_replace,
    ),
    Builtin::new("reverse", &[&["list"]], |m, args| {
        let items = take!(list(m, args, 0));
        m.list(items.iter().rev().cloned().collect())
    }),
    Builtin::new("flatten", &[&["list"]], |m, args| {
        let items = take!(list(m, args, 0));
        let mut flat = Vec::new();
        flatten(m, &items, &mut flat)?;
        m.list(flat)
    }),
    Builtin::new("sort", &[&["list", "precedes?"]], |m, args| {
        let items = take!(list(m, args, 0));
        let sorted = match args.get(1) {
            None | Some(Value::Null) => sort(m, items.to_vec(), None)?,
            Some(Value::Function(precedes)) => sort(m, items.to_vec(), Some(precedes))?,
            Some(other) => {
                let what = format!("argument 2 is not a function, but {}", other.kind());
                return Ok(m.null(what));
            }
        };
        m.list(sorted)
    }),
];

fn sublist(machine: &mut Machine<'_>, args: &[Value]) -> Eval<Value> {
    let items = take!(list(machine, args, 0));
    let at = take!(place(machine, args, items.len())?);
    let length = match args.get(2) {
        None | Some(Value::Null) => items.len() - at,
        Some(_) => {
            let length = take!(place_number(machine, args, 2));
            match usize::try_from(length).ok().filter(|length| *length <= items.len() - at) {
                Some(length) => length,
                None => return Ok(machine.null(format!("the list has no {length} items there"))),
            }
        }
    };
    machine.list(items.iter().skip(at).take(length).cloned().collect())
}

/// Where the place in the second argument is.
fn place(machine: &mut Machine<'_>, args: &[Value], length: usize) -> Eval<Option<usize>> {
    let Some(place) = place_number(machine, args, 1) else { return Ok(None) };
    let found = index(place, length);
    if found.is_none() {
        machine.null(format!("a list of {length} has no place {place}"));
    }
    Ok(found)
}

fn all_items(machine: &mut Machine<'_>, args: &[Value]) -> Eval<Option<Vec<Value>>> {
    let mut all = Vec::new();
    for at in 0..args.len() {
        let Some(items) = list(machine, args, at) else { return Ok(None) };
        machine.spend(items.len())?;
        all.extend(items.iter().cloned());
    }
    Ok(Some(all))
}

/// Each value once, where it stood first.
fn distinct(machine: &mut Machine<'_>, items: &[Value]) -> Eval<Value> {
    let mut once: Vec<Value> = Vec::new();
    for item in items {
        let mut known = false;
        for other in &once {
            machine.weigh(item, other)?;
            known = known || equal(item, other) == Some(true);
        }
        if !known {
            once.push(item.clone());
        }
    }
    machine.list(once)
}

fn flatten(machine: &mut Machine<'_>, items: &[Value], flat: &mut Vec<Value>) -> Eval<()> {
    machine.spend(items.len())?;
    for item in items {
        match item {
            Value::List(inner) => flatten(machine, inner, flat)?,
            other => flat.push(other.clone()),
        }
    }
    Ok(())
}

/// Replaces by place, or wherever a function of item and new item says so.
fn list_replace(machine: &mut Machine<'_>, args: &[Value]) -> Eval<Value> {
    let items = take!(list(machine, args, 0));
    let new = args.get(2).cloned().unwrap_or_default();
    let mut items = items.to_vec();
    if let Some(Value::Function(chosen)) = args.get(1) {
        for item in &mut items {
            let answer = machine.invoke(chosen, vec![item.clone(), new.clone()])?;
            match answer {
                Value::Bool(true) => item.clone_from(&new),
                Value::Bool(false) => {}
                other => {
                    let what = format!("the match says {}, not true or false", other.kind());
                    return Ok(machine.null(what));
                }
            }
        }
    } else {
        let at = take!(place(machine, args, items.len())?);
        if let Some(item) = items.get_mut(at) {
            *item = new;
        }
    }
    machine.list(items)
}

/// Sorts by halves, so that a function that contradicts itself still comes to an end.
pub(super) fn sort(
    machine: &mut Machine<'_>,
    mut items: Vec<Value>,
    precedes: Option<&Function>,
) -> Eval<Vec<Value>> {
    machine.spend(items.len())?;
    if items.len() < 2 {
        return Ok(items);
    }
    let right = items.split_off(items.len() / 2);
    let left = sort(machine, items, precedes)?;
    let right = sort(machine, right, precedes)?;
    let mut merged = Vec::with_capacity(left.len() + right.len());
    let (mut left, mut right) = (left.into_iter().peekable(), right.into_iter().peekable());
    while let (Some(a), Some(b)) = (left.peek(), right.peek()) {
        let second_first = match precedes {
            None => by_order(b, a) == Ordering::Less,
            Some(function) => {
                let answer = machine.invoke(function, vec![b.clone(), a.clone()])?;
                answer == Value::Bool(true)
            }
        };
        machine.spend(1)?;
        merged.extend(if second_first { right.next() } else { left.next() });
    }
    merged.extend(left);
    merged.extend(right);
    Ok(merged)
}
