//! Boxed expressions (DMN 10.2): from XML into the tree that FEEL's machine evaluates.

use std::sync::Arc;

use super::items::{Imports, Item, Items, Shape};
use super::read::{Source, child, children, text_of};
use super::table::Table;
use crate::feel::ast::{Args, Boxed, Expr, Kind, Lambda, Link, Over, Tests};
use crate::feel::eval::Machine;
use crate::feel::{EvalError, Expression, FeelError, Known, Type, UnaryTests, Value, tidy, walk};
use crate::limits;
use crate::model::Element;
use crate::problem::{OUTSIDE_PROFILE, Problem};

/// A table with the element that it stands in, for those who look for gaps and overlaps.
pub(super) type Tables = Vec<(Arc<Table>, usize)>;

/// Compiles the logic of one element.
pub(super) struct Compiler<'c> {
    pub(super) items: &'c Arc<Items>,
    pub(super) imports: &'c Imports,
    pub(super) source: &'c Source,
    pub(super) number: usize,
    /// The decision or knowledge model around it.
    pub(super) owner: &'c Element,
    /// Names for reading: all of the model, because names have blanks.
    pub(super) known: &'c Known,
    /// Names that the logic may use here.
    pub(super) visible: Vec<String>,
    pub(super) problems: Vec<Problem>,
    pub(super) tables: Tables,
    pub(super) depth: usize,
}

/// Elements that are boxed expressions.
const LOGIC: &[&str] = &[
    "literalExpression",
    "decisionTable",
    "invocation",
    "context",
    "list",
    "relation",
    "functionDefinition",
    "conditional",
    "for",
    "every",
    "some",
    "filter",
];

/// The boxed expression inside an element, if there is one.
pub(super) fn logic_in(element: &Element) -> Option<&Element> {
    element
        .children
        .iter()
        .find(|child| child.namespace == element.namespace && LOGIC.contains(&child.local.as_str()))
}

impl Compiler<'_> {
    /// A problem at a line, named after the element around the logic.
    pub(super) fn refuse(&mut self, code: &str, line: usize, kind: &str, reason: String) {
        let attr = |name: &str| self.owner.attr(name).unwrap_or_default();
        let owner = (attr("id"), attr("name"));
        let problem = Problem::error(code, &self.source.file, line, owner, kind, reason);
        if self.problems.len() < limits::PROBLEMS {
            self.problems.push(problem);
        }
    }

    /// A problem that refuses nothing.
    pub(super) fn remark(&mut self, code: &str, line: usize, kind: &str, reason: String) {
        let before = self.problems.len();
        self.refuse(code, line, kind, reason);
        let found = self.problems.split_off(before);
        self.problems.extend(found.into_iter().map(Problem::as_warning));
    }

    pub(super) fn inner(&mut self, element: &Element) -> Expr {
        match logic_in(element) {
            Some(logic) => self.logic(logic),
            None => {
                let reason = "expected an expression, but there is none".to_owned();
                self.refuse("no-logic", element.line, &element.local, reason);
                null()
            }
        }
    }

    pub(super) fn logic(&mut self, element: &Element) -> Expr {
        self.depth += 1;
        if self.depth > limits::BOXED_DEPTH {
            let reason = format!("expressions nest deeper than {}", limits::BOXED_DEPTH);
            self.refuse("limit", element.line, &element.local, reason);
            self.depth -= 1;
            return null();
        }
        let expr = match element.local.as_str() {
            "literalExpression" => self.literal(element),
            "decisionTable" => self.table(element),
            "invocation" => self.invocation(element),
            "context" => self.context(element),
            "list" => {
                let items = element.children.iter().filter(|c| LOGIC.contains(&&*c.local));
                of(Kind::List(items.map(|item| self.logic(item)).collect()))
            }
            "relation" => self.relation(element),
            "functionDefinition" => self.function(element),
            "conditional" => {
                let mut part = |local: &str| match child(element, local) {
                    Some(part) => self.inner(part),
                    None => null(),
                };
                of(Kind::If(Box::new([part("if"), part("then"), part("else")])))
            }
            "for" | "every" | "some" => self.iteration(element),
            _ => self.filter(element),
        };
        self.depth -= 1;
        let typed = element.attr("typeRef").filter(|_| element.local != "functionDefinition");
        match typed.and_then(|name| self.shape(name, element)) {
            Some(shape) => self.fitted(expr, shape),
            None => expr,
        }
    }

    /// The shape of a type reference; one that is not known is a problem.
    pub(super) fn shape(&mut self, name: &str, at: &Element) -> Option<Shape> {
        let found = self.items.find(self.number, self.imports, name);
        if found.is_none() {
            self.refuse("type", at.line, &at.local, format!("there is no type {name:?}"));
        }
        found.filter(|shape| !matches!(shape, Shape::Of(Type::Any)))
    }

    /// An expression whose value is made to fit a type.
    pub(super) fn fitted(&self, expr: Expr, shape: Shape) -> Expr {
        let (items, item) = (self.items.clone(), Item::plain(shape));
        of(Kind::Boxed(Arc::new(Fitted { expr, items, item })))
    }

    fn literal(&mut self, element: &Element) -> Expr {
        if child(element, "importedValues").is_some() {
            let reason = "imported values are not executed".to_owned();
            self.refuse(OUTSIDE_PROFILE, element.line, "importedValues", reason);
            return null();
        }
        let language = element.attr("expressionLanguage");
        let language = language.or_else(|| self.source.root.attr("expressionLanguage"));
        if let Some(language) = language.filter(|l| !l.to_ascii_uppercase().contains("FEEL")) {
            let reason = format!("expected FEEL, but the language is {language}");
            self.refuse(OUTSIDE_PROFILE, element.line, &element.local, reason);
            return null();
        }
        match text_of(element) {
            Some((text, line)) if !text.is_empty() => self.expression(text, line, &element.local),
            _ => {
                let reason = "the expression is empty".to_owned();
                self.refuse("no-logic", element.line, &element.local, reason);
                null()
            }
        }
    }

    /// FEEL text that begins on a line.
    pub(super) fn expression(&mut self, text: &str, line: usize, kind: &str) -> Expr {
        match Expression::parse_known(text, self.known) {
            Ok(parsed) => {
                self.check_names(&parsed.names(), line, kind);
                parsed.into_expr()
            }
            Err(error) => {
                self.bad_feel(text, line, kind, &error);
                null()
            }
        }
    }

    /// Unary tests in text that begins on a line; nothing written is `-`.
    pub(super) fn cell(&mut self, text: &str, line: usize, kind: &str) -> Tests {
        if text.is_empty() {
            return Tests::default();
        }
        match UnaryTests::parse_known(text, self.known) {
            Ok(parsed) => {
                self.check_names(&parsed.names(), line, kind);
                parsed.into_tests()
            }
            Err(error) => {
                self.bad_feel(text, line, kind, &error);
                Tests::default()
            }
        }
    }

    fn bad_feel(&mut self, text: &str, line: usize, kind: &str, error: &FeelError) {
        let before = text.get(..error.position).unwrap_or(text);
        let line = line + before.matches('\n').count();
        let reason = format!("{text:?} is not FEEL: {error}");
        self.refuse("feel", line, kind, reason);
    }

    /// Each name must be visible here, whole or as the beginning of a path.
    fn check_names(&mut self, names: &[String], line: usize, kind: &str) {
        for name in names {
            let seen = self.visible.iter().any(|visible| {
                let rest = name.strip_prefix(visible.as_str());
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
            });
            if !seen {
                let reason = format!("there is no name {name:?} here");
                self.refuse("unknown-name", line, kind, reason);
            }
        }
    }

    /// Compiles with more names in sight.
    pub(super) fn seeing<T>(
        &mut self,
        names: impl IntoIterator<Item = String>,
        run: impl FnOnce(&mut Self) -> T,
    ) -> T {
        let before = self.visible.len();
        self.visible.extend(names);
        let made = run(self);
        self.visible.truncate(before);
        made
    }

    fn invocation(&mut self, element: &Element) -> Expr {
        let called = match element.children.iter().find(|c| LOGIC.contains(&&*c.local)) {
            Some(called) => self.logic(called),
            None => {
                let reason = "an invocation calls nothing".to_owned();
                self.refuse("no-logic", element.line, &element.local, reason);
                null()
            }
        };
        let mut args = Vec::new();
        for binding in children(element, "binding") {
            let name = child(binding, "parameter").and_then(|p| p.attr("name"));
            let name = tidy(name.unwrap_or_default());
            let value = match logic_in(binding) {
                Some(logic) => self.logic(logic),
                None => null(),
            };
            args.push((Arc::from(name), value));
        }
        of(Kind::Tail(Box::new(called), vec![(0, Link::Call(Args::Named(args)))]))
    }

    /// Entries in order; one without a name is the result.
    fn context(&mut self, element: &Element) -> Expr {
        let before = self.visible.len();
        let (mut entries, mut result) = (Vec::<(Arc<str>, Expr)>::new(), false);
        for entry in children(element, "contextEntry") {
            let variable = child(entry, "variable");
            let name = tidy(variable.and_then(|v| v.attr("name")).unwrap_or_default());
            // Functions may call themselves by the name of their entry.
            let own = logic_in(entry).filter(|logic| logic.local == "functionDefinition");
            let own = own.map(|_| name.clone());
            let mut value = self.seeing(own, |compiler| compiler.inner(entry));
            let typed = variable.and_then(|v| v.attr("typeRef").map(|name| (name, v)));
            if let Some(shape) = typed.and_then(|(name, at)| self.shape(name, at)) {
                value = self.fitted(value, shape);
            }
            result = result || name.is_empty();
            if entries.iter().any(|(known, _)| **known == *name) {
                let reason = format!("the entry {name:?} stands twice");
                self.refuse("duplicate-name", entry.line, "contextEntry", reason);
            }
            entries.push((name.as_str().into(), value));
            self.visible.push(name);
        }
        self.visible.truncate(before);
        let context = of(Kind::Context(entries));
        if !result {
            return context;
        }
        of(Kind::Tail(Box::new(context), vec![(0, Link::Path("".into()))]))
    }

    fn relation(&mut self, element: &Element) -> Expr {
        let name = |column: &Element| tidy(column.attr("name").unwrap_or_default());
        let columns: Vec<String> = children(element, "column").map(name).collect();
        let mut rows = Vec::new();
        for row in children(element, "row") {
            let cells = row.children.iter().filter(|c| LOGIC.contains(&&*c.local));
            let cells: Vec<Expr> = cells.map(|cell| self.logic(cell)).collect();
            if cells.len() != columns.len() {
                let reason =
                    format!("{} cells in a row, but {} columns", cells.len(), columns.len());
                self.refuse("row", row.line, "row", reason);
            }
            let names = columns.iter().map(|name| Arc::from(name.as_str()));
            // Cells do not see one another, unlike entries of a context.
            rows.push(of(Kind::Boxed(Arc::new(Row(names.zip(cells).collect())))));
        }
        of(Kind::List(rows))
    }

    fn function(&mut self, element: &Element) -> Expr {
        let lambda = self.lambda(element);
        of(Kind::Function(Arc::new(lambda)))
    }

    /// The parameters and body of a function definition or of encapsulated logic.
    pub(super) fn lambda(&mut self, element: &Element) -> Lambda {
        let kind = element.attr("kind").unwrap_or("FEEL");
        if kind != "FEEL" {
            let reason = format!("functions of the kind {kind} are not executed");
            self.refuse(OUTSIDE_PROFILE, element.line, &element.local, reason);
            return Lambda { params: Vec::new(), body: null() };
        }
        let mut params: Vec<(Arc<str>, Type)> = Vec::new();
        for parameter in children(element, "formalParameter") {
            let name = tidy(parameter.attr("name").unwrap_or_default());
            let typed = parameter.attr("typeRef").and_then(|name| self.shape(name, parameter));
            let typed = typed.map_or(Type::Any, |shape| self.items.type_of(&shape));
            params.push((Arc::from(name), typed));
        }
        let names: Vec<String> = params.iter().map(|(name, _)| name.to_string()).collect();
        let body = self.seeing(names, |compiler| compiler.inner(element));
        Lambda { params, body }
    }

    fn iteration(&mut self, element: &Element) -> Expr {
        let name = tidy(element.attr("iteratorVariable").unwrap_or_default());
        let over = match child(element, "in") {
            Some(part) => self.inner(part),
            None => null(),
        };
        let local = if element.local == "for" { "return" } else { "satisfies" };
        let names = [name.clone(), "partial".to_owned()];
        let body = self.seeing(names, |compiler| match child(element, local) {
            Some(part) => compiler.inner(part),
            None => null(),
        });
        let overs = vec![(Arc::from(name), Over::List(over))];
        of(match element.local.as_str() {
            "for" => Kind::For(overs, Box::new(body)),
            quantifier => Kind::Quantified(quantifier == "every", overs, Box::new(body)),
        })
    }

    fn filter(&mut self, element: &Element) -> Expr {
        let list = match child(element, "in") {
            Some(part) => self.inner(part),
            None => null(),
        };
        // The filter sees the entries of the items, whose names are known only when it runs.
        let before = self.problems.len();
        let filter = match child(element, "match") {
            Some(part) => self.seeing(["item".to_owned()], |compiler| compiler.inner(part)),
            None => null(),
        };
        let late = self.problems.split_off(before);
        self.problems.extend(late.into_iter().filter(|p| p.code != "unknown-name"));
        of(Kind::Tail(Box::new(list), vec![(0, Link::Filter(filter))]))
    }
}

pub(super) fn of(kind: Kind) -> Expr {
    Expr { at: 0, kind }
}

pub(super) fn null() -> Expr {
    of(Kind::Literal(Value::Null))
}

/// An expression whose value must fit a type; one that does not is null with a remark.
#[derive(Debug)]
struct Fitted {
    expr: Expr,
    items: Arc<Items>,
    item: Item,
}

impl Boxed for Fitted {
    fn eval(&self, machine: &mut Machine<'_>) -> Result<Value, EvalError> {
        let value = machine.eval(&self.expr)?;
        match self.items.fit(machine, &self.item.shape, value)? {
            Ok(value) => Ok(value),
            Err(reason) => Ok(machine.null(reason)),
        }
    }

    fn parts(&self, visit: &mut dyn FnMut(&Expr)) {
        visit(&self.expr);
    }
}

/// A row of a relation.
#[derive(Debug)]
struct Row(Vec<(Arc<str>, Expr)>);

impl Boxed for Row {
    fn eval(&self, machine: &mut Machine<'_>) -> Result<Value, EvalError> {
        let mut row = crate::value::Context::default();
        for (name, cell) in &self.0 {
            let value = machine.eval(cell)?;
            row.put(name.clone(), value);
        }
        machine.context(row)
    }

    fn parts(&self, visit: &mut dyn FnMut(&Expr)) {
        self.0.iter().for_each(|(_, cell)| visit(cell));
    }
}

impl Boxed for Table {
    fn eval(&self, machine: &mut Machine<'_>) -> Result<Value, EvalError> {
        self.decide(machine)
    }

    fn parts(&self, visit: &mut dyn FnMut(&Expr)) {
        self.inputs.iter().for_each(|input| visit(&input.expr));
        for output in &self.outputs {
            output.default.iter().for_each(&mut *visit);
        }
        for rule in &self.rules {
            rule.outputs.iter().for_each(&mut *visit);
            rule.cells.iter().for_each(|cell| walk::test_parts(cell, visit));
        }
    }
}
