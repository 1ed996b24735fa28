//! Changes references to an id throughout a document.

use crate::xml::chars::{escape_attribute, split};
use crate::xml::normalise_attribute;
use crate::xml::tree::{Piece, Tag};

/// Attributes of BPMN and its diagram that name another element.
const REFERENCES: &[&str] = &[
    "id",
    "bpmnElement",
    "sourceRef",
    "targetRef",
    "default",
    "attachedToRef",
    "processRef",
    "calledElement",
    "messageRef",
    "signalRef",
    "errorRef",
    "escalationRef",
    "activityRef",
    "operationRef",
    "itemRef",
    "itemSubjectRef",
    "dataObjectRef",
    "dataStoreRef",
    "partitionElementRef",
    "sourceElement",
    "targetElement",
    "categoryValueRef",
    "choreographyRef",
    "initiatingParticipantRef",
    "correlationPropertyRef",
    "definitionalCollaborationRef",
    "implementationRef",
    "labelStyle",
    "noneBehaviorEventRef",
    "oneBehaviorEventRef",
];

/// Renames an id and all references to it inside an element.
pub(super) fn refer(tag: &mut Tag, old: &str, new: &str) {
    for attribute in &mut tag.attributes {
        let named = REFERENCES.contains(&attribute.name.as_str());
        if let Some(raw) = renamed(&attribute.raw, old, new).filter(|_| named) {
            attribute.raw = raw;
        }
    }
    let local = split(&tag.name).1;
    let reference = matches!(local, "incoming" | "outgoing" | "source" | "target")
        || local.ends_with("Ref")
        || local.ends_with("Refs");
    for piece in &mut tag.children {
        match piece {
            Piece::Tag(child) => refer(child, old, new),
            Piece::Text(raw) if reference => {
                if let Some(changed) = renamed(raw.trim(), old, new) {
                    *raw = changed;
                }
            }
            _ => {}
        }
    }
}

/// The raw reference with its new id, if it names the old one, with or without a prefix.
fn renamed(raw: &str, old: &str, new: &str) -> Option<String> {
    let value = normalise_attribute(raw);
    if value == old {
        return Some(escape_attribute(new, '"'));
    }
    let (prefix, local) = value.split_once(':')?;
    (local == old).then(|| format!("{prefix}:{}", escape_attribute(new, '"')))
}
