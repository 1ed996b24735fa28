//! Reads decision tables from XML.

use std::sync::Arc;

use super::boxed::{Compiler, null, of};
use super::items::Shape;
use super::read::{child, children, text_of};
use super::table::{Aggregate, Hit, Input, Output, Rule, Table};
use crate::feel::ast::{Expr, Kind, Tests};
use crate::feel::{Type, tidy};
use crate::limits;
use crate::model::Element;

impl Compiler<'_> {
    pub(super) fn table(&mut self, element: &Element) -> Expr {
        let inputs: Vec<Input> = children(element, "input").map(|i| self.input(i)).collect();
        let found: Vec<&Element> = children(element, "output").collect();
        let single = found.len() == 1;
        let outputs: Vec<Output> =
            found.into_iter().map(|output| self.output(element, output, single)).collect();
        let rows: Vec<&Element> = children(element, "rule").collect();
        let too_wide = inputs.len().max(outputs.len()) > limits::TABLE_COLUMNS;
        if too_wide || rows.len() > limits::TABLE_RULES {
            let reason = format!(
                "a table has at most {} columns of a kind and {} rules",
                limits::TABLE_COLUMNS,
                limits::TABLE_RULES
            );
            self.refuse("limit", element.line, &element.local, reason);
            return null();
        }
        if outputs.is_empty() {
            let reason = "the table has no output".to_owned();
            self.refuse("table", element.line, &element.local, reason);
            return null();
        }
        let rules = rows.into_iter().enumerate();
        let rules = rules.map(|(at, row)| self.rule(at, row, inputs.len(), outputs.len()));
        let rules = rules.collect();
        let hit = self.hit(element);
        let table = Arc::new(Table { hit, inputs, outputs, rules, line: element.line });
        self.tables.push((table.clone(), element.line));
        of(Kind::Boxed(table))
    }

    fn hit(&mut self, element: &Element) -> Hit {
        let aggregate = match element.attr("aggregation") {
            None => None,
            Some("SUM") => Some(Aggregate::Sum),
            Some("MIN") => Some(Aggregate::Min),
            Some("MAX") => Some(Aggregate::Max),
            Some("COUNT") => Some(Aggregate::Count),
            Some(other) => {
                let reason = format!("there is no aggregation {other:?}");
                self.refuse("table", element.line, &element.local, reason);
                None
            }
        };
        match element.attr("hitPolicy").unwrap_or("UNIQUE") {
            "UNIQUE" => Hit::Unique,
            "ANY" => Hit::Any,
            "FIRST" => Hit::First,
            "PRIORITY" => Hit::Priority,
            "RULE ORDER" => Hit::RuleOrder,
            "OUTPUT ORDER" => Hit::OutputOrder,
            "COLLECT" => Hit::Collect(aggregate),
            other => {
                let reason = format!("there is no hit policy {other:?}");
                self.refuse("table", element.line, &element.local, reason);
                Hit::Unique
            }
        }
    }

    fn input(&mut self, element: &Element) -> Input {
        let expression = child(element, "inputExpression");
        let (text, line) = expression.and_then(text_of).unwrap_or(("", element.line));
        let expr = if text.is_empty() {
            let reason = "the input has no expression".to_owned();
            self.refuse("table", element.line, "input", reason);
            null()
        } else {
            self.expression(text, line, "inputExpression")
        };
        let typed = expression.and_then(|e| e.attr("typeRef").map(|name| (name, e)));
        let shape = typed.and_then(|(name, at)| self.shape(name, at));
        let allowed = self.values(element, "inputValues");
        let allowed = allowed.or_else(|| self.items.allowed(shape.as_ref()?));
        let boolean =
            shape.as_ref().is_some_and(|shape| self.items.type_of(shape) == Type::Boolean);
        let expr = match shape {
            Some(shape) => self.fitted(expr, shape),
            None => expr,
        };
        let label = element.attr("label").unwrap_or(text);
        Input { expr, label: tidy(label), allowed, boolean }
    }

    fn output(&mut self, table: &Element, element: &Element, single: bool) -> Output {
        let name = tidy(element.attr("name").unwrap_or_default());
        if name.is_empty() && !single {
            let reason = "one of several outputs has no name".to_owned();
            self.refuse("table", element.line, "output", reason);
        }
        // The type of a single output is that of the table or of the decision.
        let variable = || child(self.owner, "variable").and_then(|v| v.attr("typeRef"));
        let typed = element.attr("typeRef").map(str::to_owned);
        let around = || table.attr("typeRef").or_else(variable).map(str::to_owned);
        let typed = typed.or_else(|| if single { around() } else { None });
        let shape: Option<Shape> = typed.and_then(|name| self.shape(&name, element));
        let allowed = self.values(element, "outputValues");
        let allowed = allowed.or_else(|| self.items.allowed(shape.as_ref()?));
        let default = child(element, "defaultOutputEntry").and_then(text_of);
        let default = default.filter(|(text, _)| !text.is_empty());
        let default = default.map(|(text, line)| self.expression(text, line, "defaultOutputEntry"));
        Output { name: name.into(), allowed, default }
    }

    fn values(&mut self, element: &Element, local: &str) -> Option<Arc<Tests>> {
        let (text, line) = text_of(child(element, local)?)?;
        if text.is_empty() || text == "-" {
            return None;
        }
        Some(Arc::new(self.cell(text, line, local)))
    }

    fn rule(&mut self, at: usize, element: &Element, inputs: usize, outputs: usize) -> Rule {
        let mut cells = Vec::new();
        for entry in children(element, "inputEntry") {
            let (text, line) = text_of(entry).unwrap_or(("", entry.line));
            cells.push(self.cell(text, line, "inputEntry"));
        }
        let mut values = Vec::new();
        for entry in children(element, "outputEntry") {
            let (text, line) = text_of(entry).unwrap_or(("", entry.line));
            let empty = text.is_empty() || text == "-";
            values.push(if empty { null() } else { self.expression(text, line, "outputEntry") });
        }
        if cells.len() != inputs || values.len() != outputs {
            let reason = format!(
                "rule {} has {} input and {} output entries, but the table {inputs} and {outputs}",
                at + 1,
                cells.len(),
                values.len()
            );
            self.refuse("table", element.line, "rule", reason);
        }
        Rule { cells, outputs: values, line: element.line }
    }
}
