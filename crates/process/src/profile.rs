//! The profile: which elements and attributes are executed, and why the others are refused.

use crate::bpmn::{Definitions, Kind, Trigger};
use crate::definition::TimerSpec;
use crate::limits;
use crate::model::{BPMN_NS, Element, MC_NS};
use crate::problem::OUTSIDE_PROFILE;

/// Elements inside a process that are pictures or words and have no effect.
pub(crate) fn is_artefact(local: &str) -> bool {
    matches!(
        local,
        "documentation" | "extensionElements" | "textAnnotation" | "association" | "group"
    )
}

/// Elements of a process or sub-process beside its nodes that are understood.
pub(crate) fn beside(local: &str) -> bool {
    is_artefact(local)
        || matches!(
            local,
            "sequenceFlow"
                | "laneSet"
                | "incoming"
                | "outgoing"
                | "dataObject"
                | "dataObjectReference"
                | "dataStoreReference"
                | "property"
                | "ioSpecification"
                | "dataInputAssociation"
                | "dataOutputAssociation"
                | "multiInstanceLoopCharacteristics"
                | "standardLoopCharacteristics"
                | "completionCondition"
                | "auditing"
                | "monitoring"
                | "category"
                | "supportedInterfaceRef"
                | "ioBinding"
                | "resourceRole"
                | "performer"
                | "humanPerformer"
                | "potentialOwner"
                | "correlationSubscription"
                | "supports"
        )
}

/// Parts of tasks, events and gateways that are understood, or have no bearing on execution.
pub(crate) fn is_part(local: &str) -> bool {
    is_artefact(local)
        || local.ends_with("EventDefinition")
        || local == "eventDefinitionRef"
        || matches!(
            local,
            "incoming"
                | "outgoing"
                | "property"
                | "ioSpecification"
                | "dataInput"
                | "dataOutput"
                | "inputSet"
                | "outputSet"
                | "dataInputAssociation"
                | "dataOutputAssociation"
                | "multiInstanceLoopCharacteristics"
                | "standardLoopCharacteristics"
                | "script"
                | "rendering"
                | "auditing"
                | "monitoring"
                | "category"
                | "categoryValueRef"
                | "resourceRole"
                | "performer"
                | "humanPerformer"
                | "potentialOwner"
                | "activationCondition"
        )
}

/// Root elements that only declare or draw; what uses them is judged where it is used.
fn is_declaration(local: &str) -> bool {
    local.ends_with("EventDefinition")
        || matches!(
            local,
            "itemDefinition"
                | "message"
                | "signal"
                | "error"
                | "escalation"
                | "category"
                | "interface"
                | "import"
                | "resource"
                | "documentation"
                | "extensionElements"
                | "relationship"
                | "dataStore"
                | "endPoint"
                | "partnerEntity"
                | "partnerRole"
                | "correlationProperty"
                | "extension"
        )
}

/// Judges what stands at the root of a file beside its processes.
pub(crate) fn root_refusals(
    view: &Definitions<'_>,
    strict: bool,
    refuse: &mut dyn FnMut(&Element, &str, &str, usize, String),
) {
    let mut processes = 0;
    for child in view.root.children.iter().filter(|child| child.namespace == BPMN_NS) {
        let local = child.local.as_str();
        match local {
            "process" => {
                processes += 1;
                if strict && processes > 1 {
                    let reason = "a file holds one process; this is another".to_owned();
                    refuse(child, OUTSIDE_PROFILE, local, child.line, reason);
                }
            }
            "collaboration" => {}
            _ if !strict && is_global_task(local) => {}
            _ if is_declaration(local) => {}
            // What is drawn beside the processes is kept and has no effect on them.
            "choreography" | "globalChoreographyTask" | "conversation" | "globalConversation"
                if !strict && !view.processes.is_empty() => {}
            _ => refuse(child, OUTSIDE_PROFILE, local, child.line, refusal(local).to_owned()),
        }
    }
}

/// A task outside any process that call activities may call.
pub(crate) fn is_global_task(local: &str) -> bool {
    matches!(
        local,
        "globalTask"
            | "globalUserTask"
            | "globalManualTask"
            | "globalScriptTask"
            | "globalBusinessRuleTask"
    )
}

/// Whether an event definition may stand on an event of this kind (BPMN 2.0, table 10.93).
pub(crate) fn fits(kind: Kind, trigger: Trigger) -> bool {
    match kind {
        Kind::StartEvent => {
            !matches!(trigger, Trigger::Cancel | Trigger::Link | Trigger::Terminate)
        }
        Kind::IntermediateCatchEvent => matches!(
            trigger,
            Trigger::Message
                | Trigger::Timer
                | Trigger::Conditional
                | Trigger::Link
                | Trigger::Signal
        ),
        Kind::BoundaryEvent => !matches!(trigger, Trigger::Link | Trigger::Terminate),
        Kind::IntermediateThrowEvent => matches!(
            trigger,
            Trigger::Message
                | Trigger::Escalation
                | Trigger::Compensate
                | Trigger::Link
                | Trigger::Signal
        ),
        Kind::EndEvent => !matches!(trigger, Trigger::Timer | Trigger::Conditional | Trigger::Link),
        _ => false,
    }
}

/// Why an element of a process is refused.
pub(crate) fn refusal(local: &str) -> &'static str {
    match local {
        "complexGateway" => "complex gateways are not executed; use an inclusive gateway",
        "implicitThrowEvent" => "implicit throwing events are not executed",
        "choreography"
        | "choreographyTask"
        | "subChoreography"
        | "callChoreography"
        | "globalChoreographyTask" => "choreographies are read but not executed",
        "conversation" | "globalConversation" => "conversations are read but not executed",
        "timeCycle" => "repeating timers are not executed yet; use a duration or a date",
        "globalTask"
        | "globalUserTask"
        | "globalManualTask"
        | "globalScriptTask"
        | "globalBusinessRuleTask" => "global tasks are not executed; call a process",
        _ => "it is outside the profile of this engine",
    }
}

/// Finds attributes and extension elements in our namespace that this element does not know.
pub(crate) fn unknown_extensions(element: &Element) -> Vec<String> {
    let known: &[&str] = match element.local.as_str() {
        "userTask" => &["kind", "outcomes", "limitShare", "limit"],
        "serviceTask" => &["job", "wait", "limitShare", "limit"],
        "lane" => &["role", "unit"],
        "scriptTask" => &["result"],
        "businessRuleTask" => &["decision", "result"],
        "callActivity" => &["version", "asks", "limitShare", "limit"],
        _ => &[],
    };
    let own = element.attributes.iter().filter(|attribute| attribute.namespace == MC_NS);
    let unknown = own.filter(|attribute| !known.contains(&attribute.local.as_str()));
    let attributes =
        unknown.map(|attribute| format!("the attribute mc:{} is unknown here", attribute.local));
    let inside = element.bpmn("extensionElements").flat_map(|extensions| &extensions.children);
    let maps = |child: &Element| {
        element.local == "callActivity" && matches!(child.local.as_str(), "in" | "out")
    };
    let elements = inside.filter(|child| child.namespace == MC_NS && !maps(child));
    attributes
        .chain(elements.map(|child| format!("the element mc:{} is unknown", child.local)))
        .collect()
}

/// A key: lower-case letters, digits, `_`, `.` and `-`, starting with a letter.
pub(crate) fn is_key(text: &str) -> bool {
    let part = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "_.-".contains(c);
    text.len() <= limits::KEY_BYTES
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(part)
}

/// `P5WD`, `PT16WH` (quarters allowed: `P0.25WD`), or ISO 8601 such as `P1M`, `P2DT4H`, `P2W`.
pub(crate) fn is_duration(text: &str) -> bool {
    let Some(rest) = text.strip_prefix('P') else { return false };
    if let Some(days) = rest.strip_suffix("WD") {
        return is_quarters(days);
    }
    if let Some(hours) = rest.strip_prefix('T').and_then(|rest| rest.strip_suffix("WH")) {
        return is_quarters(hours);
    }
    if let Some(weeks) = rest.strip_suffix('W') {
        return is_count(weeks);
    }
    let (date, time) = match rest.split_once('T') {
        Some((_, "")) => return false,
        Some(parts) => parts,
        None => (rest, ""),
    };
    !rest.is_empty() && fields(date, "YMD") && fields(time, "HMS")
}

/// `R3/PT10M`, `R/P1D`, also with a start: `R3/2019-04-25T09:00:00Z/P1D`.
pub(crate) fn is_cycle(text: &str) -> bool {
    let Some((count, rest)) = text.strip_prefix('R').and_then(|rest| rest.split_once('/')) else {
        return false;
    };
    let interval = match rest.split_once('/') {
        Some((start, interval)) => is_date(start).then_some(interval),
        None => Some(rest),
    };
    (count.is_empty() || is_count(count)) && interval.is_some_and(is_duration)
}

/// A computed time: a duration, a date or a cycle, told apart by its form.
pub(crate) fn timer_text(text: &str) -> Option<TimerSpec> {
    let text = text.trim().to_owned();
    if is_duration(&text) {
        Some(TimerSpec::Duration(text))
    } else if is_date(&text) {
        Some(TimerSpec::Date(text))
    } else if is_cycle(&text) {
        Some(TimerSpec::Cycle(text))
    } else {
        None
    }
}

fn is_count(digits: &str) -> bool {
    (1..=5).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_quarters(text: &str) -> bool {
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    is_count(whole) && matches!(part, "0" | "25" | "5" | "50" | "75")
}

/// Counts with the given units, each at most once and in this order.
fn fields(text: &str, units: &str) -> bool {
    let (mut rest, mut units) = (text, units);
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let Some(unit) = rest[end..].chars().next() else { return false };
        let Some(place) = units.find(unit) else { return false };
        if !is_count(&rest[..end]) {
            return false;
        }
        units = &units[place + 1..];
        rest = &rest[end + unit.len_utf8()..];
    }
    true
}

/// `2019-04-25`, optionally with a time `T09:12` or `T09:12:00` and a zone `Z` or `+07:00`.
pub(crate) fn is_date(text: &str) -> bool {
    let (date, time) = match text.split_once('T') {
        Some((date, time)) => (date, Some(time)),
        None => (text, None),
    };
    let time = time.map(|time| {
        let time = time.strip_suffix('Z').unwrap_or(time);
        let split = time.find(['+', '-']);
        split.map_or((time, "00:00"), |at| (&time[..at], &time[at + 1..]))
    });
    let clock = |text: &str| shaped(text, "##:##");
    shaped(date, "####-##-##")
        && in_range(date, 5, 1..=12)
        && in_range(date, 8, 1..=31)
        && time.is_none_or(|(time, zone)| {
            let time = time.split_once('.').map_or(
                time,
                |(time, part)| {
                    if is_count(part) { time } else { "" }
                },
            );
            (clock(time) || shaped(time, "##:##:##"))
                && clock(zone)
                && in_range(time, 0, 0..=23)
                && in_range(time, 3, 0..=59)
        })
}

fn shaped(text: &str, shape: &str) -> bool {
    text.len() == shape.len()
        && text.bytes().zip(shape.bytes()).all(|(byte, form)| match form {
            b'#' => byte.is_ascii_digit(),
            _ => byte == form,
        })
}

fn in_range(text: &str, at: usize, range: std::ops::RangeInclusive<u8>) -> bool {
    let number = text.get(at..at + 2).and_then(|digits| digits.parse::<u8>().ok());
    number.is_some_and(|number| range.contains(&number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_and_dates() {
        for good in ["P5WD", "P0.25WD", "PT16WH", "P1M", "P2W", "P1Y2M3DT4H5M6S", "PT30M"] {
            assert!(is_duration(good), "{good}");
        }
        for bad in ["", "P", "PT", "5WD", "P5", "P0.3WD", "P1M1Y", "PD", "P-1D", "P999999D", "P1DT"]
        {
            assert!(!is_duration(bad), "{bad}");
        }
        for good in
            ["2019-04-25", "2019-04-25T09:12", "2019-04-25T09:12:00+07:00", "2019-04-25T09:12Z"]
        {
            assert!(is_date(good), "{good}");
        }
        for bad in
            ["", "2019-13-01", "2019-4-1", "2019-04-25T", "2019-04-25T25:00", "today", "é-04-25"]
        {
            assert!(!is_date(bad), "{bad}");
        }
    }
}
