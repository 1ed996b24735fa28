//! One field of a form: label, hint, fault, control; the same markup for hand-written and
//! data-driven forms.

use askama::Template;
use askama::filters::HtmlSafe;

use super::{Entries, Faults};
use crate::texts::T;

/// The kind of control.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// One line.
    Text,
    /// Several lines.
    Area,
    /// One of a few, all in sight.
    Radio,
    /// Any of a few, or a single box to tick.
    Check,
    /// One of many.
    Select,
    /// Day, month, year.
    Date,
    /// A file or several.
    File,
    /// A secret, never shown again.
    Password,
}

/// One value offered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// Value as sent.
    pub value: String,
    /// Words beside it.
    pub label: String,
    /// A line under it, may be empty.
    pub hint: String,
    /// Whether it is chosen.
    pub on: bool,
}

/// A field with what it shows. `{{ field }}` in a template writes it.
#[derive(Debug, Clone, Template)]
#[template(path = "kit/field.html")]
pub struct Field {
    t: T,
    /// Name as sent; also the id in the page.
    pub name: String,
    /// The kind of control.
    pub kind: Kind,
    /// Words above it.
    pub label: String,
    /// A line before the control, may be empty.
    pub hint: String,
    /// What is wrong, may be empty.
    pub error: String,
    /// The value of a text, area.
    pub value: String,
    /// Day, month, year as typed.
    pub parts: [String; 3],
    /// What radio, check and select offer.
    pub choices: Vec<Choice>,
    /// The label is the page's `h1` (one question a page).
    pub heading: bool,
    /// The label is for readers only; the eye has another clue.
    pub quiet: bool,
    /// Says "không bắt buộc" beside the label.
    pub is_optional: bool,
    /// `autocomplete`, may be empty.
    pub autocomplete: String,
    /// `inputmode`, may be empty.
    pub inputmode: String,
    /// Width class without prefix: "4", "6", "12", "20"; empty is full width.
    pub width: &'static str,
    /// Digits that align.
    pub numeric: bool,
    /// Address of suggestions while typing, may be empty.
    pub suggest: String,
    /// The key that leads to it; empty without one.
    pub key: &'static str,
    /// Kinds of files that the browser offers first.
    pub accept: &'static str,
    /// Several files at once.
    pub multiple: bool,
    /// Focus lands here when the page opens.
    pub focus: bool,
}

impl HtmlSafe for Field {}

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident $kind:ident;)*) => {
        impl Field {
            $($(#[$doc])*
            pub fn $name(t: T, name: impl Into<String>, label: impl Into<String>) -> Field {
                Field::new(t, Kind::$kind, name.into(), label.into())
            })*
        }
    };
}

kinds! {
    /// One line.
    text Text;
    /// Several lines.
    area Area;
    /// One of a few.
    radio Radio;
    /// Boxes; without choices a single box whose words are the label.
    checkbox Check;
    /// One of many.
    select Select;
    /// Day, month, year.
    date Date;
    /// A file; the hint with kinds and size is filled in.
    file File;
    /// A secret.
    password Password;
}

impl Field {
    fn new(t: T, kind: Kind, name: String, label: String) -> Field {
        let hint = match kind {
            Kind::File => {
                t.a1("form-file-hint", "mb", crate::limits::FILE_MAX_BYTES / (1024 * 1024))
            }
            _ => String::new(),
        };
        Field {
            t,
            name,
            kind,
            label,
            hint,
            error: String::new(),
            value: String::new(),
            parts: Default::default(),
            choices: Vec::new(),
            heading: false,
            quiet: false,
            is_optional: false,
            autocomplete: String::new(),
            inputmode: String::new(),
            width: "",
            numeric: false,
            suggest: String::new(),
            key: Default::default(),
            accept: "image/jpeg,image/png,application/pdf",
            multiple: false,
            focus: false,
        }
    }

    /// A line before the control.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Field {
        self.hint = hint.into();
        self
    }

    /// The label becomes the page's heading.
    #[must_use]
    pub fn as_heading(mut self) -> Field {
        self.heading = true;
        self
    }

    /// The label is for readers only.
    #[must_use]
    pub fn quiet(mut self) -> Field {
        self.quiet = true;
        self
    }

    /// A file's largest size, if the province sets another than the usual one.
    #[must_use]
    pub fn file_bytes(mut self, most: usize) -> Field {
        self.hint = self.t.a1("form-file-hint", "mb", most / (1024 * 1024));
        self
    }

    /// Says that it may stay empty.
    #[must_use]
    pub fn optional(mut self) -> Field {
        self.is_optional = true;
        self
    }

    /// What the browser may fill in, such as "name", "tel".
    #[must_use]
    pub fn autocomplete(mut self, value: impl Into<String>) -> Field {
        self.autocomplete = value.into();
        self
    }

    /// Digits: numeric keypad, aligned; `width` in characters: "4", "6", "12", "20".
    #[must_use]
    pub fn digits(mut self, width: &'static str) -> Field {
        self.inputmode = "numeric".to_owned();
        self.numeric = true;
        self.width = width;
        self
    }

    /// Width class: "4", "6", "12", "20".
    #[must_use]
    pub fn width(mut self, width: &'static str) -> Field {
        self.width = width;
        self
    }

    /// Suggestions while typing come from this address (`?q=` is added), as a page fragment.
    #[must_use]
    pub fn suggest(mut self, address: impl Into<String>) -> Field {
        self.suggest = address.into();
        self
    }

    /// Leads there by a key (see the shortcut bar of the page).
    #[must_use]
    pub fn key(mut self, key: &'static str) -> Field {
        self.key = key;
        self
    }

    /// Other kinds of files than pictures and PDF, such as ".xlsx,.csv".
    #[must_use]
    pub fn accept(mut self, kinds: &'static str) -> Field {
        self.accept = kinds;
        self
    }

    /// Several files.
    #[must_use]
    pub fn multiple(mut self) -> Field {
        self.multiple = true;
        self
    }

    /// Focus lands here when the page opens (not on pages with faults).
    #[must_use]
    pub fn focus(mut self) -> Field {
        self.focus = true;
        self
    }

    /// Adds a value offered.
    #[must_use]
    pub fn choice(self, value: impl Into<String>, label: impl Into<String>) -> Field {
        self.choice_hint(value, label, "")
    }

    /// Adds a value offered with a line under it.
    #[must_use]
    pub fn choice_hint(
        mut self,
        value: impl Into<String>,
        label: impl Into<String>,
        hint: impl Into<String>,
    ) -> Field {
        let choice =
            Choice { value: value.into(), label: label.into(), hint: hint.into(), on: false };
        self.choices.push(choice);
        self
    }

    /// Shows what was sent or is known, and the fault of this field. Call after the choices.
    #[must_use]
    pub fn fill(mut self, entries: &Entries, faults: &Faults) -> Field {
        if self.kind != Kind::Password {
            self.value = entries.get(&self.name).unwrap_or_default().to_owned();
        }
        for (part, ending) in self.parts.iter_mut().zip(["d", "m", "y"]) {
            let name = format!("{}-{ending}", self.name);
            *part = entries.get(&name).unwrap_or_default().to_owned();
        }
        for choice in &mut self.choices {
            choice.on = entries.has(&self.name, &choice.value);
        }
        self.error = faults.of(&self.name).map(|fault| fault.text(self.t)).unwrap_or_default();
        self
    }

    /// Shows a value.
    #[must_use]
    pub fn value(mut self, value: impl Into<String>) -> Field {
        self.value = value.into();
        for choice in &mut self.choices {
            choice.on = choice.value == self.value;
        }
        self
    }

    fn is(&self, kind: &str) -> bool {
        let name = match self.kind {
            Kind::Text => "text",
            Kind::Area => "area",
            Kind::Radio => "radio",
            Kind::Check => "check",
            Kind::Select => "select",
            Kind::Date => "date",
            Kind::File => "file",
            Kind::Password => "password",
        };
        name == kind
    }

    /// Whether several controls share the label, so that it is a `legend`.
    fn is_group(&self) -> bool {
        let boxes = matches!(self.kind, Kind::Radio | Kind::Check) && !self.choices.is_empty();
        boxes || self.kind == Kind::Date
    }

    /// Ids of hint and fault for `aria-describedby`; empty when there are none.
    fn described(&self) -> String {
        let mut ids = Vec::new();
        if !self.hint.is_empty() {
            ids.push(format!("{}-hint", self.name));
        }
        if !self.error.is_empty() {
            ids.push(format!("{}-err", self.name));
        }
        ids.join(" ")
    }

    /// The id that the error summary points to: the first control of the field.
    pub fn anchor(&self) -> String {
        match self.kind {
            Kind::Date => format!("{}-d", self.name),
            Kind::Radio | Kind::Check if !self.choices.is_empty() => format!("{}-1", self.name),
            _ => self.name.clone(),
        }
    }
}
