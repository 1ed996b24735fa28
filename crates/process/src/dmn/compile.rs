//! Compiles all elements of the models, each after what it requires.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::boxed::{Compiler, Tables, logic_in, null, of};
use super::evaluate::{Decisions, Entry};
use super::graph::{Graph, Kind, Node};
use super::items::{Imports, Items, Shape};
use super::read::{Source, child};
use super::service::Service;
use crate::feel::ast::{Expr, Kind as Form, Lambda};
use crate::feel::eval::Machine;
use crate::feel::function::{Closure, Function, Kind as FunctionKind};
use crate::feel::{EvalError, Known, Names, Type, Value, tidy};
use crate::limits;
use crate::problem::Problem;
use crate::value::Context;

/// A name under which a required element is seen; one of another model stands behind a prefix.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    pub(super) place: usize,
    pub(super) prefix: Option<Arc<str>>,
    pub(super) name: Arc<str>,
}

/// Compiled logic of a decision.
#[derive(Debug)]
pub(super) struct Unit {
    pub(super) place: usize,
    pub(super) logic: Expr,
    pub(super) sees: Vec<Seen>,
    /// Functions it may call: knowledge models and services, by place.
    pub(super) functions: BTreeMap<usize, Value>,
}

impl Unit {
    /// Its value, given the values of what it requires.
    pub(super) fn value(
        &self,
        machine: &mut Machine<'_>,
        values: &BTreeMap<usize, Value>,
    ) -> Result<Value, EvalError> {
        let names = bound(&self.sees, |place| {
            self.functions.get(&place).or_else(|| values.get(&place)).cloned()
        });
        machine.with(names, |machine| machine.eval(&self.logic))
    }
}

/// Names and values of what is seen; prefixes become contexts.
pub(super) fn bound(
    sees: &[Seen],
    value: impl Fn(usize) -> Option<Value>,
) -> Vec<(Arc<str>, Value)> {
    let mut plain = Vec::new();
    let mut prefixed: BTreeMap<Arc<str>, Context> = BTreeMap::new();
    for seen in sees {
        let value = value(seen.place).unwrap_or_default();
        match &seen.prefix {
            Some(prefix) => {
                prefixed.entry(prefix.clone()).or_default().put(seen.name.clone(), value);
            }
            None => plain.push((seen.name.clone(), value)),
        }
    }
    plain.extend(prefixed.into_iter().map(|(prefix, context)| (prefix, Value::from(context))));
    plain
}

struct Build<'b> {
    sources: &'b [Source],
    imports: &'b [Imports],
    items: Arc<Items>,
    graph: &'b Graph<'b>,
    known: Vec<Known>,
    functions: BTreeMap<usize, Value>,
    units: BTreeMap<usize, Arc<Unit>>,
    problems: Vec<Problem>,
    tables: Vec<(usize, Tables)>,
}

impl Decisions {
    /// Compiles the first model with those that it imports. It does not stop at a mistake: see
    /// [`Decisions::problems`]; logic that is refused is null.
    #[must_use]
    pub fn compile(sources: &[Source]) -> Self {
        let mut problems = Vec::new();
        let imports = super::graph::imports(sources, &mut problems);
        let items = Arc::new(Items::read(sources, &imports, &mut problems));
        let graph = Graph::read(sources, &mut problems);
        let known = |number: usize| known(number, &graph, &items, sources, &imports);
        let mut build = Build {
            sources,
            imports: &imports,
            items: items.clone(),
            graph: &graph,
            known: (0..sources.len()).map(known).collect(),
            functions: BTreeMap::new(),
            units: BTreeMap::new(),
            problems,
            tables: Vec::new(),
        };
        for place in &graph.order {
            build.node(*place);
        }
        build.finish()
    }
}

/// All names of a model, for reading: elements, parts of types, entries, columns, parameters.
fn known(
    number: usize,
    graph: &Graph<'_>,
    items: &Items,
    sources: &[Source],
    imports: &[Imports],
) -> Known {
    let none = Imports::new();
    let own = imports.get(number).unwrap_or(&none);
    let mut names = Names::default();
    let within = |at: usize| at == number || own.iter().any(|(_, model)| *model == at);
    for node in graph.nodes.iter().filter(|node| within(node.source)) {
        names.add(&node.name);
        names.add(&variable_name(node));
    }
    own.iter().for_each(|(prefix, _)| names.add(prefix));
    for (_, source) in sources.iter().enumerate().filter(|(at, _)| within(*at)) {
        collect(&source.root, &mut names);
    }
    Known { names, types: items.types(number, own) }
}

fn collect(element: &crate::model::Element, names: &mut Names) {
    let named = ["itemComponent", "output", "variable", "column", "formalParameter", "parameter"];
    if named.contains(&element.local.as_str()) {
        names.add(element.attr("name").unwrap_or_default());
    }
    if let Some(name) = element.attr("iteratorVariable") {
        names.add(name);
    }
    element.children.iter().for_each(|child| collect(child, names));
}

/// The name under which the logic of others sees an element.
fn variable_name(node: &Node<'_>) -> String {
    let variable = child(node.element, "variable").and_then(|v| v.attr("name")).map(tidy);
    variable.filter(|name| !name.is_empty()).unwrap_or_else(|| node.name.clone())
}

impl<'b> Build<'b> {
    fn sees(&self, node: &Node<'_>, required: &[usize]) -> Vec<Seen> {
        let mut sees = Vec::new();
        for place in required {
            let Some(other) = self.graph.nodes.get(*place) else { continue };
            let name = variable_name(other).into();
            let imports = self.imports.get(node.source);
            let prefix = imports
                .filter(|_| other.source != node.source)
                .and_then(|imports| imports.iter().find(|(_, model)| *model == other.source))
                .map(|(prefix, _)| Arc::from(prefix.as_str()))
                .filter(|prefix: &Arc<str>| !prefix.is_empty());
            sees.push(Seen { place: *place, prefix, name });
        }
        sees
    }

    /// Compiles with the names that are seen, and keeps what was found on the way.
    fn with<T>(
        &mut self,
        place: usize,
        sees: &[Seen],
        run: impl FnOnce(&mut Compiler<'_>) -> T,
    ) -> Option<T> {
        let node = self.graph.nodes.get(place)?;
        let visible = sees.iter().map(|seen| match &seen.prefix {
            Some(prefix) => format!("{prefix}.{}", seen.name),
            None => seen.name.to_string(),
        });
        let mut compiler = Compiler {
            items: &self.items,
            imports: self.imports.get(node.source)?,
            source: self.sources.get(node.source)?,
            number: node.source,
            owner: node.element,
            known: self.known.get(node.source)?,
            visible: visible.collect(),
            problems: Vec::new(),
            tables: Vec::new(),
            depth: 0,
        };
        let made = run(&mut compiler);
        let (mut problems, tables) = (compiler.problems, compiler.tables);
        self.problems.append(&mut problems);
        self.tables.push((place, tables));
        Some(made)
    }

    fn node(&mut self, place: usize) {
        let Some(node) = self.graph.nodes.get(place) else { return };
        match node.kind {
            Kind::Input => {}
            Kind::Decision => self.decision(place, node),
            Kind::Knowledge => self.knowledge(place, node),
            Kind::Service => self.service(place, node),
        }
    }

    fn decision(&mut self, place: usize, node: &'b Node<'b>) {
        let sees = self.sees(node, &node.requires);
        let element = node.element;
        let logic = self.with(place, &sees, |compiler| {
            let expr = match logic_in(element) {
                Some(logic) => compiler.logic(logic),
                None => {
                    // Drawn, but not yet decided how: it may be given from outside.
                    let reason = "the decision has no logic and is always null".to_owned();
                    compiler.remark("no-logic", element.line, &element.local, reason);
                    null()
                }
            };
            let typed = child(element, "variable");
            let shape = typed
                .and_then(|v| v.attr("typeRef").map(|name| (name, v)))
                .and_then(|(name, at)| compiler.shape(name, at));
            match shape {
                Some(shape) => compiler.fitted(expr, shape),
                None => expr,
            }
        });
        let functions = node
            .requires
            .iter()
            .filter_map(|required| Some((*required, self.functions.get(required)?.clone())));
        let functions = functions.collect();
        let logic = logic.unwrap_or_else(null);
        self.units.insert(place, Arc::new(Unit { place, logic, sees, functions }));
    }

    fn knowledge(&mut self, place: usize, node: &'b Node<'b>) {
        let sees = self.sees(node, &node.requires);
        let own = variable_name(node);
        let lambda = self.with(place, &sees, |compiler| {
            let Some(logic) = child(node.element, "encapsulatedLogic") else {
                let reason = "the knowledge model has no logic".to_owned();
                compiler.refuse("no-logic", node.element.line, &node.element.local, reason);
                return Lambda { params: Vec::new(), body: null() };
            };
            // It may call itself.
            compiler.seeing([own.clone()], |compiler| {
                let mut lambda = compiler.lambda(logic);
                let typed = child(node.element, "variable").and_then(|v| v.attr("typeRef"));
                let shape = typed.and_then(|name| compiler.shape(name, node.element));
                if let Some(shape) = shape.and_then(|shape| compiler.items.result(shape)) {
                    lambda.body = compiler.fitted(lambda.body, shape);
                }
                lambda
            })
        });
        let lambda = lambda.unwrap_or_else(|| Lambda { params: Vec::new(), body: null() });
        let names = bound(&sees, |place| self.functions.get(&place).cloned());
        self.functions.insert(place, function(lambda, names, Some(own.into())));
    }

    fn service(&mut self, place: usize, node: &'b Node<'b>) {
        let parts = &node.service;
        let sees = self.sees(node, &parts.inputs);
        let wanted: Vec<usize> = parts.outputs.iter().chain(&parts.inside).copied().collect();
        let plan = self.plan(&wanted, &parts.inputs);
        let mut params = Vec::new();
        for seen in &sees {
            let other = self.graph.nodes.get(seen.place);
            let of = other.and_then(|other| self.shape_of(other));
            params.push((seen.name.clone(), of.map_or(Type::Any, |of| self.items.type_of(&of))));
        }
        let service = Service {
            inputs: sees.iter().map(|seen| (seen.place, seen.name.clone())).collect(),
            plan,
            outputs: self
                .sees(node, &parts.outputs)
                .into_iter()
                .map(|seen| (seen.place, seen.name))
                .collect(),
        };
        let body = of(Form::Boxed(Arc::new(service)));
        let result = self.shape_of(node).and_then(|shape| self.items.result(shape));
        let body = match result {
            Some(shape) => self.with(place, &[], |compiler| compiler.fitted(body, shape)),
            None => Some(body),
        };
        let lambda = Lambda { params, body: body.unwrap_or_else(null) };
        self.functions.insert(place, function(lambda, Vec::new(), None));
    }

    /// The decisions that some values need, in order, as far as they are not given.
    fn plan(&self, wanted: &[usize], given: &[usize]) -> Vec<Arc<Unit>> {
        plan(self.graph, wanted, given)
            .into_iter()
            .filter_map(|place| self.units.get(&place).cloned())
            .collect()
    }

    fn shape_of(&self, node: &Node<'_>) -> Option<Shape> {
        let name = child(node.element, "variable").and_then(|v| v.attr("typeRef"))?;
        self.items.find(node.source, self.imports.get(node.source)?, name)
    }

    fn finish(mut self) -> Decisions {
        for (place, tables) in std::mem::take(&mut self.tables) {
            let Some(node) = self.graph.nodes.get(place) else { continue };
            let Some(source) = self.sources.get(node.source) else { continue };
            for (table, line) in tables {
                super::lint::table(&table, |line_of, code, reason| {
                    let mut problem = source.problem(code, node.element, reason);
                    problem.line = if line_of == 0 { line } else { line_of };
                    problem.kind = "decisionTable".to_owned();
                    self.problems.push(problem.as_warning());
                });
            }
        }
        self.problems.truncate(limits::PROBLEMS);
        let entries = self.graph.nodes.iter().enumerate();
        let entries = entries.map(|(place, node)| Entry {
            source: node.source,
            kind: node.kind,
            name: node.name.clone(),
            id: node.element.attr("id").unwrap_or_default().to_owned(),
            broken: !self.graph.order.contains(&place),
            shape: if node.kind == Kind::Input { self.shape_of(node) } else { None },
            plan: plan(self.graph, &[place], &[]),
            inputs: inputs(self.graph, place),
        });
        Decisions {
            entries: entries.collect(),
            namespaces: self.sources.iter().map(|source| source.namespace.clone()).collect(),
            prefixes: self.imports.first().cloned().unwrap_or_default(),
            items: self.items.clone(),
            units: self.units,
            functions: self.functions,
            problems: self.problems,
        }
    }
}

/// Which elements some need, themselves included, as far as they are not given.
fn reach(graph: &Graph<'_>, wanted: &[usize], given: &[usize]) -> Vec<bool> {
    let mut needed = vec![false; graph.nodes.len()];
    let mut open: Vec<usize> = wanted.to_vec();
    while let Some(place) = open.pop() {
        match needed.get_mut(place) {
            Some(needed) if !*needed && !given.contains(&place) => *needed = true,
            _ => continue,
        }
        if let Some(node) = graph.nodes.get(place) {
            open.extend(&node.requires);
        }
    }
    needed
}

/// The decisions that some need, themselves included, in an order in which they can be decided.
fn plan(graph: &Graph<'_>, wanted: &[usize], given: &[usize]) -> Vec<usize> {
    let needed = reach(graph, wanted, given);
    let decision = |place: &usize| {
        let node = graph.nodes.get(*place);
        node.is_some_and(|node| node.kind == Kind::Decision)
    };
    let asked = |place: &usize| needed.get(*place) == Some(&true) && decision(place);
    graph.order.iter().copied().filter(asked).collect()
}

/// The inputs that an element needs.
fn inputs(graph: &Graph<'_>, place: usize) -> Vec<usize> {
    let needed = reach(graph, &[place], &[]);
    let nodes = graph.nodes.iter().enumerate();
    let inputs =
        nodes.filter(|(at, node)| node.kind == Kind::Input && needed.get(*at) == Some(&true));
    inputs.map(|(at, _)| at).collect()
}

fn function(lambda: Lambda, names: Vec<(Arc<str>, Value)>, own: Option<Arc<str>>) -> Value {
    let closure = Closure { lambda: Arc::new(lambda), names, own };
    Value::Function(Function(FunctionKind::Defined(Arc::new(closure))))
}
