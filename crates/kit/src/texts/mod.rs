//! Texts by key, in Vietnamese (source) and English, embedded from `texts/<lang>/*.ftl`.

mod arg;
mod scan;
mod when;

pub use arg::Arg;
pub use scan::{Use, uses};
pub use when::{DAY_MS, OFFSET_MS, When};

use std::collections::BTreeMap;
use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use unic_langid::LanguageIdentifier;

/// A language of the pages. `Vi` is the source: what English lacks is shown in Vietnamese.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Lang {
    /// Tiếng Việt.
    #[default]
    Vi,
    /// English.
    En,
}

impl Lang {
    /// All languages, in the order of the switch.
    pub const ALL: [Lang; 2] = [Lang::Vi, Lang::En];

    /// The code used in `lang=`, `?lang=` and the cookie.
    pub fn code(self) -> &'static str {
        match self {
            Lang::Vi => "vi",
            Lang::En => "en",
        }
    }

    /// The language of a code; `None` for one we do not speak.
    pub fn parse(code: &str) -> Option<Lang> {
        Lang::ALL.into_iter().find(|lang| lang.code() == code)
    }
}

/// One file of texts: its name without folder and ending, and its content per language.
struct Source {
    name: &'static str,
    vi: &'static str,
    en: &'static str,
}

macro_rules! sources {
    ($($name:literal),* $(,)?) => {
        &[$(Source {
            name: $name,
            vi: include_str!(concat!("../../../../texts/vi/", $name, ".ftl")),
            en: include_str!(concat!("../../../../texts/en/", $name, ".ftl")),
        }),*]
    };
}

/// Files by concern, so that several people can write at once. A new file is one word here.
const SOURCES: &[Source] = sources![
    "common",
    "portal",
    "desk",
    "counter",
    "worklists",
    "registers",
    "admin",
    "security",
    "refusals",
    "statuses",
    "process",
];

/// Key and the names of its variables, as written in the files of one language.
pub type Keys = BTreeMap<String, Vec<String>>;

/// All texts of one language.
struct Book {
    bundle: FluentBundle<FluentResource>,
    keys: Keys,
}

/// All texts of all languages.
pub struct Texts {
    vi: Book,
    en: Book,
    faults: Vec<String>,
}

static TEXTS: LazyLock<Texts> = LazyLock::new(Texts::read);

impl Texts {
    /// The embedded texts, parsed once for the whole program.
    pub fn load() -> &'static Texts {
        &TEXTS
    }

    fn read() -> Texts {
        let mut faults = Vec::new();
        let vi = Book::read(Lang::Vi, &mut faults);
        let en = Book::read(Lang::En, &mut faults);
        Texts { vi, en, faults }
    }

    fn book(&self, lang: Lang) -> &Book {
        match lang {
            Lang::Vi => &self.vi,
            Lang::En => &self.en,
        }
    }

    /// Every key of a language with its variables, for convention tests.
    pub fn keys(&self, lang: Lang) -> &Keys {
        &self.book(lang).keys
    }

    /// What could not be read: broken lines, a key written twice. Must be empty (tested).
    pub fn faults(&self) -> &[String] {
        &self.faults
    }

    /// A handle for one language.
    pub fn t(&'static self, lang: Lang) -> T {
        T { texts: self, lang }
    }
}

impl Book {
    fn read(lang: Lang, faults: &mut Vec<String>) -> Book {
        let language = LanguageIdentifier::from_bytes(lang.code().as_bytes()).unwrap_or_default();
        let mut bundle = FluentBundle::new_concurrent(vec![language]);
        // The isolating marks are for texts of mixed direction; here they would only spoil copying.
        bundle.set_use_isolating(false);
        let mut keys = Keys::new();
        for source in SOURCES {
            let content = if lang == Lang::Vi { source.vi } else { source.en };
            for (key, vars) in scan::messages(content) {
                if keys.insert(key.clone(), vars).is_some() {
                    faults.push(format!("{}/{}: {key} is written twice", lang.code(), source.name));
                }
            }
            let resource = match FluentResource::try_new(content.to_owned()) {
                Ok(resource) => resource,
                Err((resource, errors)) => {
                    let place = format!("{}/{}", lang.code(), source.name);
                    faults.extend(errors.iter().map(|error| format!("{place}: {error}")));
                    resource
                }
            };
            bundle.add_resource_overriding(resource);
        }
        Book { bundle, keys }
    }

    fn find(&self, key: &str, args: Option<&FluentArgs<'_>>) -> Option<String> {
        let pattern = self.bundle.get_message(key)?.value()?;
        let mut errors = Vec::new();
        let text = self.bundle.format_pattern(pattern, args, &mut errors).into_owned();
        if !errors.is_empty() {
            tracing::warn!(key, ?errors, "a text lacks an argument");
        }
        Some(text)
    }
}

/// Texts in one language: two words wide, copied freely, lives in every page.
#[derive(Clone, Copy)]
pub struct T {
    texts: &'static Texts,
    lang: Lang,
}

impl T {
    /// The handle of a language over the embedded texts.
    pub fn new(lang: Lang) -> T {
        Texts::load().t(lang)
    }

    /// The language of this handle.
    pub fn lang(self) -> Lang {
        self.lang
    }

    /// `vi` or `en`.
    pub fn code(self) -> &'static str {
        self.lang.code()
    }

    /// The text of a key without variables. A missing key shows as `⟦key⟧`.
    pub fn s(self, key: &str) -> String {
        self.find(key, None)
    }

    /// The text of a key with its variables: `t.a("form-step", &[("n", &4), ("total", &11)])`.
    pub fn a(self, key: &str, args: &[(&str, &dyn Arg)]) -> String {
        let mut values = FluentArgs::with_capacity(args.len());
        for (name, value) in args {
            values.set((*name).to_owned(), value.value());
        }
        self.find(key, Some(&values))
    }

    /// One variable. Templates lend what they pass, so there `a1`, `a2`, `a3` are used, not `a`.
    pub fn a1(self, key: &str, name: &str, value: impl Arg) -> String {
        self.a(key, &[(name, &value)])
    }

    /// Two variables.
    pub fn a2(self, key: &str, one: &str, x: impl Arg, two: &str, y: impl Arg) -> String {
        self.a(key, &[(one, &x), (two, &y)])
    }

    /// Three variables, as pairs.
    pub fn a3(
        self,
        key: &str,
        one: (&str, impl Arg),
        two: (&str, impl Arg),
        three: (&str, impl Arg),
    ) -> String {
        self.a(key, &[(one.0, &one.1), (two.0, &two.1), (three.0, &three.1)])
    }

    /// The text of a key whose variables were collected at run time (flash, refusal, fault).
    pub fn dynamic(self, key: &str, args: &[(String, String)]) -> String {
        let mut values = FluentArgs::with_capacity(args.len());
        for (name, value) in args {
            values.set(name.clone(), arg::guess(value));
        }
        self.find(key, Some(&values))
    }

    /// Whether a key exists in the source language.
    pub fn has(self, key: &str) -> bool {
        self.texts.vi.keys.contains_key(key)
    }

    fn find(self, key: &str, args: Option<&FluentArgs<'_>>) -> String {
        self.texts
            .book(self.lang)
            .find(key, args)
            .or_else(|| self.texts.vi.find(key, args))
            .unwrap_or_else(|| {
                tracing::warn!(key, "a text is missing");
                format!("⟦{key}⟧")
            })
    }
}

impl From<&T> for T {
    fn from(t: &T) -> T {
        *t
    }
}

impl std::fmt::Debug for T {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "T({})", self.lang.code())
    }
}

#[cfg(test)]
mod tests;
