//! White space around a new element, so that an indented file stays indented.

use crate::xml::chars::is_space;
use crate::xml::tree::{Piece, Tag};

/// Adds a child in a line of its own when the file is indented.
pub(super) fn place_child(
    holder: &mut Tag,
    at: Option<usize>,
    mut tag: Tag,
    depth: usize,
    unit: &str,
) {
    let lead = holder.children.iter().find_map(|piece| match piece {
        Piece::Text(text) if text.contains('\n') && text.chars().all(is_space) => {
            text.rsplit_once('\n').map(|(_, indent)| format!("\n{indent}"))
        }
        _ => None,
    });
    let has_children = holder.tags().next().is_some();
    let lead = lead.filter(|_| has_children);
    let lead = match lead {
        Some(lead) => lead,
        None if unit.is_empty() || has_children => String::new(),
        None => format!("\n{}", unit.repeat(depth)),
    };
    if !lead.is_empty() {
        indent(&mut tag, &lead, unit);
    }
    if !has_children && !lead.is_empty() {
        let close = format!("\n{}", unit.repeat(depth.saturating_sub(1)));
        holder.children.retain(|piece| !is_blank(piece));
        holder.children.extend([Piece::Text(lead), Piece::Tag(Box::new(tag)), Piece::Text(close)]);
        return;
    }
    let first = holder.children.iter().position(|piece| matches!(piece, Piece::Tag(_)));
    let last = holder.children.iter().rposition(|piece| matches!(piece, Piece::Tag(_)));
    let at = match at {
        Some(0) => first.unwrap_or(0),
        Some(at) => at,
        None => last.map_or(0, |last| last + 1),
    };
    let before = at.checked_sub(1).and_then(|before| holder.children.get(before));
    let spaced = before.is_some_and(is_blank);
    let lead = Piece::Text(lead);
    let new = Piece::Tag(Box::new(tag));
    // After white space the new element takes it over and its successor gets the new one.
    let pair = if spaced { [new, lead] } else { [lead, new] };
    let at = at.min(holder.children.len());
    holder.children.splice(at..at, pair);
    holder.children.retain(|piece| !matches!(piece, Piece::Text(text) if text.is_empty()));
}

fn is_blank(piece: &Piece) -> bool {
    matches!(piece, Piece::Text(text) if text.chars().all(is_space))
}

/// Puts the elements inside a new element on lines of their own.
fn indent(tag: &mut Tag, lead: &str, unit: &str) {
    if tag.tags().next().is_none() {
        return;
    }
    let inner = format!("{lead}{unit}");
    let mut children = Vec::new();
    for piece in std::mem::take(&mut tag.children) {
        if let Piece::Tag(mut child) = piece {
            indent(&mut child, &inner, unit);
            children.extend([Piece::Text(inner.clone()), Piece::Tag(child)]);
        } else {
            children.push(piece);
        }
    }
    children.push(Piece::Text(lead.to_owned()));
    tag.children = children;
}
