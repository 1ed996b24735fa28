//! Looks at decision tables for overlaps, gaps and rules that are never reached.
//!
//! Each column is cut at the values that its cells name; a cell is then a set of the parts
//! between. A column with a cell that is not made of plain values is not judged.

mod column;

use column::{Column, Part};

use super::table::{Hit, Table, listed};
use crate::feel::ast::Expr;
use crate::feel::eval::equal;
use crate::limits;

/// Where a finding stands (a line, or 0 for the table), its code, and what it says.
type Report<'r> = dyn FnMut(usize, &'static str, String) + 'r;

/// Looks at one table.
pub(super) fn table(table: &Table, mut report: impl FnMut(usize, &'static str, String)) {
    let whole = table.rules.iter().all(|rule| rule.cells.len() == table.inputs.len());
    if !whole || table.rules.is_empty() || table.inputs.is_empty() {
        return;
    }
    let columns: Vec<Column> = (0..table.inputs.len()).map(|at| Column::of(table, at)).collect();
    let mut search = Search { table, columns: &columns, steps: limits::TABLE_STEPS };
    let done = search.pairs(&mut report).and_then(|()| search.gaps(&mut report));
    if done.is_none() {
        let reason = "the table is too large to be searched for gaps and overlaps".to_owned();
        report(table.line, "not-searched", reason);
    }
}

struct Search<'t> {
    table: &'t Table,
    columns: &'t [Column],
    steps: usize,
}

impl Search<'_> {
    fn spend(&mut self, steps: usize) -> Option<()> {
        self.steps = self.steps.checked_sub(steps)?;
        Some(())
    }

    /// Looks at each pair of rules, as far as the hit policy asks.
    fn pairs(&mut self, report: &mut Report<'_>) -> Option<()> {
        if !matches!(self.table.hit, Hit::Unique | Hit::Any | Hit::First) {
            return Some(());
        }
        let mut findings = 0;
        for later in 0..self.table.rules.len() {
            for earlier in 0..later {
                self.spend(1)?;
                let Some((code, says)) = self.fault(later, earlier)? else { continue };
                findings += 1;
                if findings > limits::TABLE_FINDINGS {
                    return Some(());
                }
                let line = self.table.rules.get(later).map_or(0, |rule| rule.line);
                let shared = self.shared(later, earlier);
                report(line, code, format!("{}, {says}{shared}", listed(&[earlier, later])));
            }
        }
        Some(())
    }

    /// What is wrong with two rules together: its code and how it goes on after their numbers.
    fn fault(
        &mut self,
        later: usize,
        earlier: usize,
    ) -> Option<Option<(&'static str, &'static str)>> {
        let hit = self.table.hit;
        if hit == Hit::First {
            let hidden = self.within(later, earlier)?;
            let fault = ("unreachable-rule", "the first of which hides the other");
            return Some(hidden.then_some(fault));
        }
        if !self.overlap(later, earlier)? {
            return Some(None);
        }
        if hit == Hit::Unique {
            return Some(Some(("overlap", "which overlap, but the table is unique")));
        }
        let differ = self.differ(later, earlier);
        Some(differ.then_some(("overlap", "which overlap, but have different outputs")))
    }

    /// Whether some input surely matches both.
    fn overlap(&mut self, a: usize, b: usize) -> Option<bool> {
        for column in self.columns {
            self.spend(1 + column.words())?;
            if !column.meet(a, b) {
                return Some(false);
            }
        }
        Some(true)
    }

    /// Whether all that matches `inner` surely matches `outer`.
    fn within(&mut self, inner: usize, outer: usize) -> Option<bool> {
        for column in self.columns {
            self.spend(1 + column.words())?;
            if !column.covers(outer, inner) {
                return Some(false);
            }
        }
        Some(true)
    }

    /// Whether the outputs are surely different.
    fn differ(&self, a: usize, b: usize) -> bool {
        let outputs = |at: usize| self.table.rules.get(at).map(|rule| rule.outputs.as_slice());
        let (Some(a), Some(b)) = (outputs(a), outputs(b)) else { return false };
        a.iter().zip(b).any(|(a, b)| different(a, b))
    }

    /// For which inputs both match, in words.
    fn shared(&self, a: usize, b: usize) -> String {
        let conditions = self.columns.iter().filter_map(|column| {
            let parts = column.shared(a, b)?;
            column.condition(&parts)
        });
        let conditions: Vec<String> = conditions.collect();
        if conditions.is_empty() {
            return String::new();
        }
        format!(": {}", conditions.join(" and "))
    }

    /// Looks for inputs that no rule matches.
    fn gaps(&mut self, report: &mut Report<'_>) -> Option<()> {
        let policy = matches!(self.table.hit, Hit::Unique | Hit::Any | Hit::First | Hit::Priority);
        let default = self.table.outputs.iter().any(|output| output.default.is_some());
        if !policy || default || self.columns.iter().any(Column::is_vague) {
            return Some(());
        }
        let mut found = Vec::new();
        let all = (0..self.table.rules.len()).collect();
        self.gap(0, all, &mut Vec::new(), &mut found)?;
        for gap in found {
            report(self.table.line, "gap", format!("no rule for {gap}"));
        }
        Some(())
    }

    /// Splits a column into groups of parts that the same rules match, and goes on in each.
    fn gap(
        &mut self,
        at: usize,
        rules: Vec<usize>,
        path: &mut Vec<String>,
        found: &mut Vec<String>,
    ) -> Option<()> {
        if found.len() >= limits::TABLE_FINDINGS {
            return Some(());
        }
        if rules.is_empty() {
            let all = "any input".to_owned();
            found.push(if path.is_empty() { all } else { path.join(" and ") });
            return Some(());
        }
        let columns = self.columns;
        let Some(column) = columns.get(at) else { return Some(()) };
        let mut groups: Vec<(Vec<usize>, Vec<Part>)> = Vec::new();
        for part in column.parts() {
            self.spend(1 + rules.len())?;
            let matching: Vec<usize> =
                rules.iter().copied().filter(|rule| column.has(*rule, part)).collect();
            self.spend(groups.len())?;
            match groups.iter_mut().find(|(known, _)| *known == matching) {
                Some((_, parts)) => parts.push(part),
                None => groups.push((matching, vec![part])),
            }
        }
        for (matching, parts) in groups {
            let condition = column.condition(&parts);
            path.extend(condition.clone());
            self.gap(at + 1, matching, path, found)?;
            if condition.is_some() {
                path.pop();
            }
        }
        Some(())
    }
}

fn different(a: &Expr, b: &Expr) -> bool {
    match (column::constant(a), column::constant(b)) {
        (Some(a), Some(b)) => equal(&a, &b) != Some(true),
        _ => false,
    }
}
