//! Known names: FEEL allows blanks and signs in names, so a reader must know them to see them.

use std::collections::BTreeMap;

/// A set of names, each with single blanks between its words.
#[derive(Clone, Default, Debug)]
pub struct Names {
    /// Names by first letter, longest first, so that the longest that fits is taken.
    by_first: BTreeMap<char, Vec<String>>,
}

impl<S: AsRef<str>> FromIterator<S> for Names {
    fn from_iter<I: IntoIterator<Item = S>>(names: I) -> Self {
        let mut set = Self::default();
        for name in names {
            set.add(name.as_ref());
        }
        set
    }
}

impl Names {
    /// Adds a name; blanks are made single.
    pub fn add(&mut self, name: &str) {
        let name = tidy(name);
        let Some(first) = name.chars().next() else { return };
        let group = self.by_first.entry(first).or_default();
        if !group.contains(&name) {
            let at = group.partition_point(|known| known.len() > name.len());
            group.insert(at, name);
        }
    }

    /// Whether the name is known.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        let first = name.chars().next();
        let group = first.and_then(|first| self.by_first.get(&first));
        group.is_some_and(|group| group.iter().any(|known| known == name))
    }

    /// The longest known name at the beginning of a text, and how many bytes of it that takes.
    pub(super) fn longest(&self, text: &str) -> Option<(&str, usize)> {
        let group = self.by_first.get(&text.chars().next()?)?;
        group.iter().find_map(|name| Some((name.as_str(), taken(name, text)?)))
    }
}

/// A name with single blanks and none at its ends.
#[must_use]
pub fn tidy(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// How many bytes a name takes at the beginning of a text, if the text begins with it.
fn taken(name: &str, text: &str) -> Option<usize> {
    let mut at = 0;
    for wanted in name.chars() {
        let rest = text.get(at..)?;
        if wanted == ' ' {
            let blank = rest.len() - rest.trim_start().len();
            if blank == 0 {
                return None;
            }
            at += blank;
        } else if rest.starts_with(wanted) {
            at += wanted.len_utf8();
        } else {
            return None;
        }
    }
    let last = name.chars().next_back()?;
    let next = text.get(at..)?.chars().next();
    let goes_on = is_part(last) && next.is_some_and(is_part);
    (!goes_on).then_some(at)
}

/// Whether a name may begin with it (DMN 10.3.1.2, rule 28).
pub(super) fn is_start(c: char) -> bool {
    c.is_alphabetic() || c == '_' || c == '?'
}

/// Whether it continues a word of a name.
pub(super) fn is_part(c: char) -> bool {
    // Combining marks belong to the letter before them, as Vietnamese is often typed.
    c.is_alphanumeric() || c == '_' || c == '?' || ('\u{300}'..='\u{36f}').contains(&c)
}
