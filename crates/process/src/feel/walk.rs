//! Walks the tree of an expression: free names, literals.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::ast::{Args, Expr, Kind, Link, Over, Test, Tests};

/// Calls `visit` with each direct part.
pub(crate) fn parts(expr: &Expr, visit: &mut dyn FnMut(&Expr)) {
    match &expr.kind {
        Kind::Literal(_) | Kind::Name(_) => {}
        Kind::Negate(inner) => visit(inner),
        Kind::Chain(first, rest) => {
            visit(first);
            rest.iter().for_each(|(_, part)| visit(part));
        }
        Kind::All(list) | Kind::Some(list) | Kind::List(list) => list.iter().for_each(visit),
        Kind::Between(three) | Kind::If(three) => three.iter().for_each(visit),
        Kind::In(value, tests) => {
            visit(value);
            test_parts(tests, visit);
        }
        Kind::For(over, body) | Kind::Quantified(_, over, body) => {
            over.iter().for_each(|(_, over)| over_parts(over, visit));
            visit(body);
        }
        Kind::Tail(first, links) => {
            visit(first);
            links.iter().for_each(|(_, link)| link_parts(link, visit));
        }
        Kind::Context(entries) => entries.iter().for_each(|(_, part)| visit(part)),
        Kind::Range(range) => range.low.iter().chain(&range.high).for_each(visit),
        Kind::Function(lambda) => visit(&lambda.body),
        Kind::Boxed(boxed) => boxed.parts(visit),
    }
}

fn link_parts(link: &Link, visit: &mut dyn FnMut(&Expr)) {
    match link {
        Link::Path(_) | Link::InstanceOf(_) => {}
        Link::Filter(filter) => visit(filter),
        Link::Call(Args::Placed(args)) => args.iter().for_each(visit),
        Link::Call(Args::Named(args)) => args.iter().for_each(|(_, arg)| visit(arg)),
    }
}

fn over_parts(over: &Over, visit: &mut dyn FnMut(&Expr)) {
    match over {
        Over::List(list) => visit(list),
        Over::Span(from, to) => {
            visit(from);
            visit(to);
        }
    }
}

pub(crate) fn test_parts(tests: &Tests, visit: &mut dyn FnMut(&Expr)) {
    for test in &tests.list {
        match test {
            Test::Compare(_, expr) | Test::Value(expr) => visit(expr),
        }
    }
}

/// The names an expression takes from outside. A path is given as far as it is plain, `a.b.c`.
pub(crate) struct Free {
    pub(crate) paths: BTreeSet<String>,
    bound: Vec<Arc<str>>,
    /// Names inside a filter may be entries of the items, so they are not asked for.
    filters: usize,
}

impl Free {
    pub(crate) fn of(bound: Vec<Arc<str>>) -> Self {
        Self { paths: BTreeSet::new(), bound, filters: 0 }
    }

    fn take(&mut self, path: String, root: &str) {
        let bound = self.bound.iter().any(|name| **name == *root);
        if !bound && self.filters == 0 && super::builtins::find(root).is_none() {
            self.paths.insert(path);
        }
    }

    fn within(&mut self, names: impl Iterator<Item = Arc<str>>, body: &Expr) {
        let before = self.bound.len();
        self.bound.extend(names);
        self.walk(body);
        self.bound.truncate(before);
    }

    pub(crate) fn walk(&mut self, expr: &Expr) {
        match &expr.kind {
            Kind::Name(name) => self.take(name.to_string(), name),
            Kind::Tail(first, links) => self.tail(first, links),
            Kind::For(over, body) | Kind::Quantified(_, over, body) => {
                let before = self.bound.len();
                for (name, over) in over {
                    over_parts(over, &mut |part| self.walk(part));
                    self.bound.push(name.clone());
                }
                self.within(std::iter::once("partial".into()), body);
                self.bound.truncate(before);
            }
            Kind::Context(entries) => {
                let before = self.bound.len();
                for (name, part) in entries {
                    // A function may call itself by the name of its entry.
                    let own = matches!(part.kind, Kind::Function(_)).then(|| name.clone());
                    self.within(own.into_iter(), part);
                    self.bound.push(name.clone());
                }
                self.bound.truncate(before);
            }
            Kind::Function(lambda) => {
                self.within(lambda.params.iter().map(|(name, _)| name.clone()), &lambda.body);
            }
            Kind::In(value, tests) => {
                self.walk(value);
                self.tests(tests);
            }
            _ => parts(expr, &mut |part| self.walk(part)),
        }
    }

    /// The parts of unary tests, in which `?` is the value tested.
    pub(crate) fn tests(&mut self, tests: &Tests) {
        self.bound.push("?".into());
        test_parts(tests, &mut |part| self.walk(part));
        self.bound.pop();
    }

    fn tail(&mut self, first: &Expr, links: &[(usize, Link)]) {
        if let Kind::Name(root) = &first.kind {
            let mut path = root.to_string();
            for (_, link) in links {
                let Link::Path(name) = link else { break };
                path.push('.');
                path.push_str(name);
            }
            self.take(path, root);
        } else {
            self.walk(first);
        }
        for (_, link) in links {
            let inside = usize::from(matches!(link, Link::Filter(_)));
            self.filters += inside;
            link_parts(link, &mut |part| self.walk(part));
            self.filters -= inside;
        }
    }
}

/// Whether a text literal of this content stands anywhere in the expression.
pub(crate) fn mentions(expr: &Expr, text: &str) -> bool {
    if let Kind::Literal(value) = &expr.kind {
        return value.as_str() == Some(text);
    }
    let mut found = false;
    parts(expr, &mut |part| found = found || mentions(part, text));
    found
}
