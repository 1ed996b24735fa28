//! What is wrong with a form: one typed fault per field, shown at the field and in the summary.

use crate::texts::T;

/// One thing to correct.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Name of the field.
    pub field: String,
    /// Key of the text that says what is wrong and what to do.
    pub key: String,
    /// Variables of that text.
    pub args: Vec<(String, String)>,
}

impl Fault {
    /// A fault without variables.
    pub fn new(field: impl Into<String>, key: impl Into<String>) -> Fault {
        Fault { field: field.into(), key: key.into(), args: Vec::new() }
    }

    /// Adds a variable.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl ToString) -> Fault {
        self.args.push((name.to_owned(), value.to_string()));
        self
    }

    /// The sentence.
    pub fn text(&self, t: impl Into<T>) -> String {
        t.into().dynamic(&self.key, &self.args)
    }
}

/// All faults of a form, in the order of its fields.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Faults(Vec<Fault>);

impl Faults {
    /// None yet.
    pub fn new() -> Faults {
        Faults::default()
    }

    /// Adds a fault; the first of a field stays, since one sentence at a time can be followed.
    pub fn add(&mut self, fault: Fault) {
        if self.of(&fault.field).is_none() {
            self.0.push(fault);
        }
    }

    /// The fault of a field.
    pub fn of(&self, field: &str) -> Option<&Fault> {
        self.0.iter().find(|fault| fault.field == field)
    }

    /// Whether all is well.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// In order.
    pub fn iter(&self) -> impl Iterator<Item = &Fault> {
        self.0.iter()
    }
}

impl Extend<Fault> for Faults {
    fn extend<I: IntoIterator<Item = Fault>>(&mut self, faults: I) {
        faults.into_iter().for_each(|fault| self.add(fault));
    }
}

impl FromIterator<Fault> for Faults {
    fn from_iter<I: IntoIterator<Item = Fault>>(faults: I) -> Faults {
        let mut all = Faults::new();
        all.extend(faults);
        all
    }
}
