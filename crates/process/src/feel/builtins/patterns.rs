//! Functions with patterns (DMN 10.3.4.3). Patterns run in linear time, so look-around and
//! back-references are not known.

use regex::{Regex, RegexBuilder};

use super::texts::BYTES_A_STEP;
use super::{Builtin, Eval, single, take, text};
use crate::feel::Limit;
use crate::feel::eval::Machine;
use crate::limits;
use crate::value::Value;

pub(super) const TABLE: &[Builtin] = &[
    Builtin::new("matches", &[&["input", "pattern", "flags?"]], |m, args| {
        let found = take!(text(m, args, 0));
        let Some(pattern) = pattern(m, args, 1, 2)? else { return Ok(Value::Null) };
        m.spend(found.len() / BYTES_A_STEP)?;
        Ok(Value::Bool(pattern.is_match(&found)))
    }),
    Builtin::new("replace", &[&["input", "pattern", "replacement", "flags?"]], replace),
    Builtin::new("split", &[&["string", "delimiter"]], |m, args| {
        let found = take!(text(m, args, 0));
        let Some(pattern) = pattern(m, args, 1, 2)? else { return Ok(Value::Null) };
        m.spend(found.len() / BYTES_A_STEP)?;
        let parts: Vec<&str> = pattern.split(&found).take(limits::LIST_ITEMS + 1).collect();
        m.spend(parts.len())?;
        m.list(parts.into_iter().map(Value::from).collect())
    }),
];

/// What reading a pattern costs.
const PATTERN_STEPS: usize = 500;

fn pattern(
    machine: &mut Machine<'_>,
    args: &[Value],
    at: usize,
    flags_at: usize,
) -> Eval<Option<Regex>> {
    machine.spend(PATTERN_STEPS)?;
    let Some(pattern) = text(machine, args, at) else { return Ok(None) };
    if pattern.len() > limits::PATTERN_BYTES {
        machine.null(format!("the pattern is longer than {} bytes", limits::PATTERN_BYTES));
        return Ok(None);
    }
    let flags = match args.get(flags_at) {
        None | Some(Value::Null) => "".into(),
        Some(_) => match single(args, flags_at) {
            Value::Str(flags) => flags.clone(),
            _ => {
                machine.null("the flags are not a string");
                return Ok(None);
            }
        },
    };
    if !flags.chars().all(|flag| "smix".contains(flag)) {
        machine.null("a flag is s, m, i or x");
        return Ok(None);
    }
    let built = RegexBuilder::new(&pattern)
        .dot_matches_new_line(flags.contains('s'))
        .multi_line(flags.contains('m'))
        .case_insensitive(flags.contains('i'))
        .ignore_whitespace(flags.contains('x'))
        .size_limit(limits::PATTERN_SIZE)
        .build();
    Ok(match built {
        Ok(pattern) => Some(pattern),
        Err(_) => {
            machine.null("the pattern is not one that is read here");
            None
        }
    })
}

fn replace(machine: &mut Machine<'_>, args: &[Value]) -> Eval<Value> {
    let found = take!(text(machine, args, 0));
    let Some(pattern) = pattern(machine, args, 1, 3)? else { return Ok(Value::Null) };
    let replacement = take!(text(machine, args, 2));
    let Some(template) = template(&replacement) else {
        return Ok(machine.null("the replacement has a backslash that escapes nothing"));
    };
    machine.spend((found.len() + template.len()) / BYTES_A_STEP)?;
    let groups = template.matches('$').count();
    let (mut out, mut last) = (String::new(), 0);
    for captures in pattern.captures_iter(&found) {
        let Some(whole) = captures.get(0) else { continue };
        out.push_str(found.get(last..whole.start()).unwrap_or_default());
        last = whole.end();
        // Checked before it is made: a group may be asked for many times.
        let most = whole.len().saturating_mul(groups) + template.len();
        machine.spend(1 + most / BYTES_A_STEP)?;
        if out.len() + most > limits::TEXT_BYTES {
            return Err(machine.over(Limit::TextBytes));
        }
        captures.expand(&template, &mut out);
    }
    out.push_str(found.get(last..).unwrap_or_default());
    machine.text(out)
}

/// A replacement as XPath writes it (`$1`, `\$`, `\\`) in the form that the library reads.
fn template(replacement: &str) -> Option<String> {
    let mut out = String::new();
    let mut chars = replacement.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next()? {
                '$' => out.push_str("$$"),
                '\\' => out.push('\\'),
                _ => return None,
            },
            '$' => match chars.next_if(char::is_ascii_digit) {
                Some(digit) => {
                    out.push_str("${");
                    out.push(digit);
                    out.push('}');
                }
                None => out.push_str("$$"),
            },
            _ => out.push(c),
        }
    }
    Some(out)
}
