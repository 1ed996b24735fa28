//! Item definitions: types with parts, collections and allowed values, and whether values fit.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::read::{Source, child, children, text_of};
use crate::feel::ast::Tests;
use crate::feel::eval::{Machine, coerced};
use crate::feel::{EvalError, Known, Type, UnaryTests, Value, tidy};
use crate::limits;
use crate::model::Element;
use crate::problem::Problem;
use crate::value::Context;

/// What a value must be.
#[derive(Clone, Debug)]
pub(super) enum Shape {
    Of(Type),
    /// Another definition, by its place.
    Item(usize),
    Parts(Vec<(Arc<str>, Item)>),
}

/// A definition: a shape, perhaps a list of it, perhaps only some values.
#[derive(Clone, Debug)]
pub(super) struct Item {
    pub(super) shape: Shape,
    list: bool,
    /// Tests that each value must pass; of a list, each of its items.
    pub(super) allowed: Option<Arc<Tests>>,
    /// Tests that the value must pass as a whole.
    constraint: Option<Arc<Tests>>,
    /// Of a type of functions, what they give.
    gives: Option<Box<Shape>>,
}

impl Item {
    fn any() -> Self {
        Self::plain(Shape::Of(Type::Any))
    }

    pub(super) fn plain(shape: Shape) -> Self {
        Self { shape, list: false, allowed: None, constraint: None, gives: None }
    }
}

/// All item definitions of the models used together.
#[derive(Default, Debug)]
pub(super) struct Items {
    items: Vec<Item>,
    /// Places by the number of the model and the name.
    by_name: BTreeMap<(usize, String), usize>,
}

/// Imports of a model: the prefix and the number of the model it stands for.
pub(super) type Imports = Vec<(String, usize)>;

impl Items {
    /// Reads the definitions of all models. Problems are added to the list.
    pub(super) fn read(
        sources: &[Source],
        imports: &[Imports],
        problems: &mut Vec<Problem>,
    ) -> Self {
        let mut found = Self::default();
        let mut elements = Vec::new();
        for (number, source) in sources.iter().enumerate() {
            for element in children(&source.root, "itemDefinition") {
                let name = tidy(element.attr("name").unwrap_or_default());
                let place = elements.len();
                if found.by_name.insert((number, name.clone()), place).is_some() {
                    let reason = format!("there are two item definitions {name:?}");
                    problems.push(source.problem("duplicate-name", element, reason));
                }
                elements.push((number, element));
            }
        }
        if elements.len() > limits::ITEM_DEFINITIONS {
            let reason = format!("more than {} item definitions", limits::ITEM_DEFINITIONS);
            let first = sources.first().map(|first| first.problem("limit", &first.root, reason));
            problems.extend(first);
            elements.clear();
            found.by_name.clear();
        }
        for (number, element) in elements {
            let mut reader = Reader { items: &found, sources, imports, number, problems };
            let item = reader.item(element, 0);
            found.items.push(item);
        }
        found.cut_circles(sources, problems);
        found
    }

    /// Definitions that only refer to one another in a circle are no types.
    fn cut_circles(&mut self, sources: &[Source], problems: &mut Vec<Problem>) {
        let names: Vec<((usize, String), usize)> =
            self.by_name.iter().map(|(name, place)| (name.clone(), *place)).collect();
        for ((number, name), start) in names {
            let mut at = start;
            for _ in 0..limits::ITEM_DEPTH {
                match self.items.get(at).map(|item| &item.shape) {
                    Some(Shape::Item(next)) => at = *next,
                    _ => break,
                }
            }
            let ends = !matches!(self.items.get(at).map(|i| &i.shape), Some(Shape::Item(_)));
            if ends {
                continue;
            }
            if let Some(item) = self.items.get_mut(start) {
                item.shape = Shape::Of(Type::Any);
            }
            if let Some(source) = sources.get(number) {
                let reason = format!("the item definition {name:?} refers to itself");
                problems.push(source.problem("cycle", &source.root, reason));
            }
        }
    }

    /// The shape that a type reference names in a model.
    pub(super) fn find(&self, number: usize, imports: &Imports, name: &str) -> Option<Shape> {
        let name = tidy(name);
        if let Some(place) = self.by_name.get(&(number, name.clone())) {
            return Some(Shape::Item(*place));
        }
        if let Some((prefix, rest)) = name.split_once(['.', ':']) {
            let model = imports.iter().find(|(known, _)| known == prefix);
            let place = model.and_then(|(_, at)| self.by_name.get(&(*at, rest.to_owned())));
            if let Some(place) = place {
                return Some(Shape::Item(*place));
            }
            if name.contains(':') {
                // DMN 1.1 writes types with a prefix of XML: that of FEEL or of the model itself.
                let own = self.by_name.get(&(number, rest.to_owned()));
                let built_in = || Type::built_in(rest).map(Shape::Of);
                return own.map(|place| Shape::Item(*place)).or_else(built_in);
            }
        }
        Type::built_in(&name).map(Shape::Of)
    }

    fn item(&self, place: usize) -> Option<&Item> {
        self.items.get(place)
    }

    /// The type as FEEL sees it. What nests too deep, as types that contain themselves do, is any.
    pub(super) fn type_of(&self, shape: &Shape) -> Type {
        self.type_at(shape, 0)
    }

    fn type_at(&self, shape: &Shape, depth: usize) -> Type {
        if depth > TYPE_DEPTH {
            return Type::Any;
        }
        match shape {
            Shape::Of(of) => of.clone(),
            Shape::Item(place) => match self.item(*place) {
                Some(item) => self.type_of_item(item, depth + 1),
                None => Type::Any,
            },
            Shape::Parts(parts) => Type::Context(
                parts
                    .iter()
                    .map(|(name, item)| (name.clone(), self.type_of_item(item, depth + 1)))
                    .collect(),
            ),
        }
    }

    fn type_of_item(&self, item: &Item, depth: usize) -> Type {
        let of = self.type_at(&item.shape, depth);
        if item.list { Type::List(Box::new(of)) } else { of }
    }

    /// The types of a model by name, for expressions that ask `instance of`.
    pub(super) fn types(&self, number: usize, imports: &Imports) -> BTreeMap<String, Type> {
        let mut types = BTreeMap::new();
        for ((at, name), place) in &self.by_name {
            let of = || self.type_of(&Shape::Item(*place));
            if *at == number {
                types.insert(name.clone(), of());
            }
            for (prefix, _) in imports.iter().filter(|(_, model)| model == at) {
                types.insert(format!("{prefix}.{name}"), of());
            }
        }
        types
    }

    /// What a function gives whose variable is of a shape: some write the type of the function
    /// there, others that of its result.
    pub(super) fn result(&self, shape: Shape) -> Option<Shape> {
        match &shape {
            Shape::Of(Type::Function) => None,
            Shape::Item(place) => match self.item(*place) {
                Some(Item { shape: Shape::Of(Type::Function), gives, .. }) => {
                    gives.as_deref().cloned()
                }
                _ => Some(shape),
            },
            _ => Some(shape),
        }
    }

    /// The values that a shape allows, if it says so.
    pub(super) fn allowed(&self, shape: &Shape) -> Option<Arc<Tests>> {
        let mut shape = shape;
        for _ in 0..limits::ITEM_DEPTH {
            let Shape::Item(place) = shape else { return None };
            let item = self.item(*place)?;
            if item.allowed.is_some() {
                return item.allowed.clone();
            }
            shape = &item.shape;
        }
        None
    }

    /// A value made to fit; the error says why it does not.
    pub(super) fn fit(
        &self,
        machine: &mut Machine<'_>,
        shape: &Shape,
        value: Value,
    ) -> Result<Result<Value, String>, EvalError> {
        machine.spend(1)?;
        if value.is_null() {
            return Ok(Ok(value));
        }
        match shape {
            Shape::Of(of) => Ok(coerced(of, value)
                .map_err(|value| format!("a {} where {} is wanted", value.kind(), named(of)))),
            Shape::Item(place) => match self.item(*place) {
                Some(item) => self.fit_item(machine, item, value),
                None => Ok(Ok(value)),
            },
            Shape::Parts(parts) => self.fit_parts(machine, parts, value),
        }
    }

    fn fit_parts(
        &self,
        machine: &mut Machine<'_>,
        parts: &[(Arc<str>, Item)],
        value: Value,
    ) -> Result<Result<Value, String>, EvalError> {
        let value = match value {
            Value::List(items) if items.len() == 1 => items.first().cloned().unwrap_or_default(),
            other => other,
        };
        let Value::Context(context) = &value else {
            return Ok(Err(format!("a {} where a context is wanted", value.kind())));
        };
        let mut fitted = Context::clone(context);
        for (name, item) in parts {
            let Some(part) = context.get(name) else {
                return Ok(Err(format!("the entry {name:?} is missing")));
            };
            match self.fit_item(machine, item, part.clone())? {
                Ok(part) => fitted.put(name.clone(), part),
                Err(reason) => return Ok(Err(format!("{name}: {reason}"))),
            }
        }
        Ok(Ok(Value::from(fitted)))
    }

    fn fit_item(
        &self,
        machine: &mut Machine<'_>,
        item: &Item,
        value: Value,
    ) -> Result<Result<Value, String>, EvalError> {
        if value.is_null() {
            return Ok(Ok(value));
        }
        let fitted = if item.list {
            let items = match value {
                Value::List(items) => items.to_vec(),
                single => vec![single],
            };
            let mut fitted = Vec::with_capacity(items.len());
            for value in items {
                match self.fit_one(machine, item, value)? {
                    Ok(value) => fitted.push(value),
                    Err(reason) => return Ok(Err(reason)),
                }
            }
            Value::from(fitted)
        } else {
            match self.fit_one(machine, item, value)? {
                Ok(value) => value,
                Err(reason) => return Ok(Err(reason)),
            }
        };
        if let Some(constraint) = &item.constraint
            && !machine.matches(constraint, &fitted)?
        {
            return Ok(Err("the value is not allowed".to_owned()));
        }
        Ok(Ok(fitted))
    }

    fn fit_one(
        &self,
        machine: &mut Machine<'_>,
        item: &Item,
        value: Value,
    ) -> Result<Result<Value, String>, EvalError> {
        let value = match self.fit(machine, &item.shape, value)? {
            Ok(value) => value,
            Err(reason) => return Ok(Err(reason)),
        };
        if let Some(allowed) = item.allowed.as_ref().filter(|_| !value.is_null())
            && !machine.matches(allowed, &value)?
        {
            return Ok(Err("the value is not one of those allowed".to_owned()));
        }
        Ok(Ok(value))
    }
}

/// How deep FEEL sees into types.
const TYPE_DEPTH: usize = 6;

fn named(of: &Type) -> &'static str {
    match of {
        Type::Any => "anything",
        Type::Null => "null",
        Type::Number => "a number",
        Type::Text => "a string",
        Type::Boolean => "a boolean",
        Type::Date => "a date",
        Type::Time => "a time",
        Type::DateTime => "a date and time",
        Type::Days | Type::Months => "a duration",
        Type::List(_) => "a list",
        Type::Context(_) => "a context",
        Type::Range(_) => "a range",
        Type::Function => "a function",
    }
}

struct Reader<'r> {
    items: &'r Items,
    sources: &'r [Source],
    imports: &'r [Imports],
    number: usize,
    problems: &'r mut Vec<Problem>,
}

impl Reader<'_> {
    fn refuse(&mut self, element: &Element, reason: String) {
        if let Some(source) = self.sources.get(self.number) {
            self.problems.push(source.problem("type", element, reason));
        }
    }

    fn item(&mut self, element: &Element, depth: usize) -> Item {
        if depth > limits::ITEM_DEPTH {
            self.refuse(element, format!("parts nest deeper than {}", limits::ITEM_DEPTH));
            return Item::any();
        }
        let components: Vec<&Element> = children(element, "itemComponent").collect();
        let shape = if let Some(reference) = child(element, "typeRef") {
            self.reference(element, reference.text.trim())
        } else if let Some(name) = element.attr("typeRef") {
            self.reference(element, name)
        } else if child(element, "functionItem").is_some() {
            Shape::Of(Type::Function)
        } else if components.is_empty() {
            Shape::Of(Type::Any)
        } else {
            let part = |component: &&Element| {
                let name = tidy(component.attr("name").unwrap_or_default());
                (Arc::from(name), self.item(component, depth + 1))
            };
            Shape::Parts(components.iter().map(part).collect())
        };
        Item {
            shape,
            list: element.attr("isCollection") == Some("true"),
            allowed: self.tests(element, "allowedValues"),
            constraint: self.tests(element, "typeConstraint"),
            gives: self.gives(element).map(Box::new),
        }
    }

    fn gives(&mut self, element: &Element) -> Option<Shape> {
        let function = child(element, "functionItem")?;
        let name = function.attr("outputTypeRef")?;
        Some(self.reference(function, name))
    }

    fn reference(&mut self, element: &Element, name: &str) -> Shape {
        let none = Imports::new();
        let imports = self.imports.get(self.number).unwrap_or(&none);
        match self.items.find(self.number, imports, name) {
            Some(shape) => shape,
            None => {
                self.refuse(element, format!("there is no type {name:?}"));
                Shape::Of(Type::Any)
            }
        }
    }

    fn tests(&mut self, element: &Element, local: &str) -> Option<Arc<Tests>> {
        let (text, _) = text_of(child(element, local)?)?;
        match UnaryTests::parse_known(text, &Known::default()) {
            Ok(tests) => Some(Arc::new(tests.into_tests())),
            Err(error) => {
                self.refuse(element, format!("{local}: {error}"));
                None
            }
        }
    }
}
