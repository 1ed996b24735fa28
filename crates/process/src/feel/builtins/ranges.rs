//! Relations of points and ranges (DMN 10.3.4.9): before, meets, overlaps and the rest.

use std::cmp::Ordering;

use super::{Builtin, Eval, single};
use crate::feel::eval::{Machine, order};
use crate::value::{Range, Value};

const TWO: &[&[&str]] =
    &[&["point1", "point2"], &["point", "range"], &["range", "point"], &["range1", "range2"]];

pub(super) const TABLE: &[Builtin] = &[
    Builtin::new("before", TWO, |m, args| said(m, args, before)),
    Builtin::new("after", TWO, |m, args| said(m, args, |a, b| before(b, a))),
    Builtin::new("meets", TWO, |m, args| said(m, args, meets)),
    Builtin::new("met by", TWO, |m, args| said(m, args, |a, b| meets(b, a))),
    Builtin::new("overlaps", TWO, |m, args| said(m, args, overlaps)),
    Builtin::new("overlaps before", TWO, |m, args| said(m, args, overlaps_before)),
    Builtin::new("overlaps after", TWO, |m, args| said(m, args, |a, b| overlaps_before(b, a))),
    Builtin::new("finishes", TWO, |m, args| said(m, args, finishes)),
    Builtin::new("finished by", TWO, |m, args| said(m, args, |a, b| finishes(b, a))),
    Builtin::new("includes", TWO, |m, args| said(m, args, includes)),
    Builtin::new("during", TWO, |m, args| said(m, args, |a, b| includes(b, a))),
    Builtin::new("starts", TWO, |m, args| said(m, args, starts)),
    Builtin::new("started by", TWO, |m, args| said(m, args, |a, b| starts(b, a))),
    Builtin::new("coincides", TWO, |m, args| said(m, args, coincides)),
];

/// An end of a range, or a point, as which it is both ends.
#[derive(Clone, Copy)]
struct End<'v> {
    value: &'v Value,
    included: bool,
}

/// What is compared; a point has its value at both ends.
#[derive(Clone, Copy)]
struct Span<'v> {
    low: End<'v>,
    high: End<'v>,
    point: bool,
}

fn span(value: &Value) -> Span<'_> {
    match value {
        Value::Range(range) => {
            let Range { low, high, low_included, high_included } = &**range;
            Span {
                low: End { value: low, included: *low_included },
                high: End { value: high, included: *high_included },
                point: false,
            }
        }
        point => {
            let end = End { value: point, included: true };
            Span { low: end, high: end, point: true }
        }
    }
}

fn said(
    machine: &mut Machine<'_>,
    args: &[Value],
    relation: fn(Span<'_>, Span<'_>) -> Option<bool>,
) -> Eval<Value> {
    let (left, right) = (single(args, 0), single(args, 1));
    Ok(match relation(span(left), span(right)) {
        Some(truth) => Value::Bool(truth),
        None => {
            let what = format!("{} and {} do not stand so", left.kind(), right.kind());
            machine.null(what)
        }
    })
}

fn cmp(a: End<'_>, b: End<'_>) -> Option<Ordering> {
    order(a.value, b.value)
}

fn before(a: Span<'_>, b: Span<'_>) -> Option<bool> {
    let found = cmp(a.high, b.low)?;
    let touch = a.high.included && b.low.included;
    Some(found.is_lt() || (found.is_eq() && !touch))
}

fn meets(a: Span<'_>, b: Span<'_>) -> Option<bool> {
    if a.point || b.point {
        return None;
    }
    Some(cmp(a.high, b.low)?.is_eq() && a.high.included && b.low.included)
}

/// Whether the upper end of one reaches the lower end of the other.
fn reaches(a: End<'_>, b: End<'_>) -> Option<bool> {
    let found = cmp(a, b)?;
    Some(found.is_gt() || (found.is_eq() && a.included && b.included))
}

fn overlaps(a: Span<'_>, b: Span<'_>) -> Option<bool> {
    if a.point || b.point {
        return None;
    }
    Some(reaches(a.high, b.low)? && reaches(b.high, a.low)?)
}

/// Whether an upper end lies no further than another.
fn ends_within(a: End<'_>, b: End<'_>) -> Option<bool> {
    let found = cmp(a, b)?;
    Some(found.is_lt() || (found.is_eq() && (!a.included || b.included)))
}

/// Whether a lower end lies no earlier than another.
fn starts_within(a: End<'_>, b: End<'_>) -> Option<bool> {
    let found = cmp(a, b)?;
    Some(found.is_gt() || (found.is_eq() && (!a.included || b.included)))
}

fn overlaps_before(a: Span<'_>, b: Span<'_>) -> Option<bool> {
    if a.point || b.point {
        return None;
    }
    let start = cmp(a.low, b.low)?;
    let earlier = start.is_lt() || (start.is_eq() && a.low.included && !b.low.included);
    Some(earlier && reaches(a.high, b.low)? && ends_within(a.high, b.high)?)
}

fn finishes(a: Span<'_>, b: Span<'_>) -> Option<bool> {
    if b.point {
        return None;
    }
    let same = cmp(a.high, b.high)?.is_eq();
    if a.point {
        return Some(same && b.high.included);
    }
    let same = same && a.high.included == b.high.included;
    Some(same && starts_within(a.low, b.low)?)
}

fn starts(a: Span<'_>, b: Span<'_>) -> Option<bool> {
    if b.point {
        return None;
    }
    let same = cmp(a.low, b.low)?.is_eq();
    if a.point {
        return Some(same && b.low.included);
    }
    let same = same && a.low.included == b.low.included;
    Some(same && ends_within(a.high, b.high)?)
}

fn includes(a: Span<'_>, b: Span<'_>) -> Option<bool> {
    if a.point {
        return None;
    }
    Some(starts_within(b.low, a.low)? && ends_within(b.high, a.high)?)
}

fn coincides(a: Span<'_>, b: Span<'_>) -> Option<bool> {
    if a.point != b.point {
        return None;
    }
    let same = cmp(a.low, b.low)?.is_eq() && cmp(a.high, b.high)?.is_eq();
    Some(same && a.low.included == b.low.included && a.high.included == b.high.included)
}
