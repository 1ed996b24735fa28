//! The profile: which elements and attributes are executed, and why the others are refused.

use crate::limits;
use crate::model::{Element, MC_NS};

/// Elements inside a process that are pictures or words and have no effect.
pub(crate) fn is_artefact(local: &str) -> bool {
    matches!(
        local,
        "documentation" | "extensionElements" | "textAnnotation" | "association" | "group"
    )
}

/// Root elements that only declare or draw; what uses them is judged where it is used.
pub(crate) fn is_declaration(local: &str) -> bool {
    matches!(
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
    )
}

/// Why an element of a process is refused.
pub(crate) fn refusal(local: &str) -> &'static str {
    match local {
        "task" => "a task without a type is not executed; make it a user task or a service task",
        "manualTask" | "sendTask" | "receiveTask" | "scriptTask" | "businessRuleTask" => {
            "this type of task is not executed yet; use a user task or a service task"
        }
        "subProcess" | "adHocSubProcess" | "transaction" | "callActivity" => {
            "processes inside a process are not executed yet; draw the steps in one process"
        }
        "inclusiveGateway" | "eventBasedGateway" | "complexGateway" => {
            "this gateway is not executed yet; use an exclusive or a parallel gateway"
        }
        "intermediateThrowEvent" => "throwing events are not executed yet",
        "multiInstanceLoopCharacteristics" | "standardLoopCharacteristics" => {
            "repeated tasks are not executed yet; draw the loop with a gateway"
        }
        "messageFlow" => "messages to other pools are not executed yet; use a service task",
        "messageEventDefinition"
        | "signalEventDefinition"
        | "errorEventDefinition"
        | "escalationEventDefinition"
        | "compensateEventDefinition"
        | "conditionalEventDefinition"
        | "linkEventDefinition"
        | "cancelEventDefinition"
        | "terminateEventDefinition"
        | "timerEventDefinition" => "this kind of event is not executed here",
        "timeCycle" => "repeating timers are not executed yet; use a duration or a date",
        _ => "it is outside the profile of this engine",
    }
}

/// Attributes of a BPMN element that are known; `None` tells the reason for the others.
pub(crate) fn attribute_refusal(local: &str, name: &str, value: &str) -> Option<String> {
    let fine = match (local, name) {
        (_, "id" | "name") => true,
        ("userTask" | "serviceTask", "implementation") => true,
        (_, "isForCompensation" | "parallelMultiple") => value == "false",
        (_, "startQuantity" | "completionQuantity") => value == "1",
        ("startEvent", "isInterrupting") => true,
        ("exclusiveGateway", "default") => true,
        ("exclusiveGateway" | "parallelGateway", "gatewayDirection") => true,
        ("boundaryEvent", "attachedToRef") => true,
        ("boundaryEvent", "cancelActivity") => matches!(value, "true" | "false"),
        ("sequenceFlow", "sourceRef" | "targetRef" | "isImmediate") => true,
        ("lane", "partitionElementRef") => false,
        _ => false,
    };
    if fine { None } else { Some(format!("the attribute {name}={value:?} is not executed")) }
}

/// Finds attributes and extension elements in our namespace that this element does not know.
pub(crate) fn unknown_extensions(element: &Element) -> Vec<String> {
    let known: &[&str] = match element.local.as_str() {
        "userTask" => &["kind", "outcomes", "limitShare", "limit"],
        "serviceTask" => &["job", "wait", "limitShare", "limit"],
        "lane" => &["role", "unit"],
        _ => &[],
    };
    let own = element.attributes.iter().filter(|attribute| attribute.namespace == MC_NS);
    let unknown = own.filter(|attribute| !known.contains(&attribute.local.as_str()));
    let attributes =
        unknown.map(|attribute| format!("the attribute mc:{} is unknown here", attribute.local));
    let inside = element.bpmn("extensionElements").flat_map(|extensions| &extensions.children);
    let elements = inside.filter(|child| child.namespace == MC_NS);
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
