//! Texts: the same keys in both languages, every key used, every used key there.

use super::Finding;
use super::exceptions::TEXTS;
use crate::tree::File;
use std::collections::{BTreeMap, BTreeSet};

/// What a source or a template writes before a key that must exist.
const CALLS: &[&str] = &[".s(\"", ".a(\"", ".a1(\"", ".a2(\""];
/// Beginnings of keys that are only ever text keys.
const SURE: &[&str] = &["err-", "refused-", "refusal-"];

/// A message: where it stands, and its variables.
struct Message {
    path: String,
    line: usize,
    variables: BTreeSet<String>,
}

fn messages(files: &[File], language: &str) -> BTreeMap<String, Message> {
    let folder = format!("texts/{language}/");
    let mut found: BTreeMap<String, Message> = BTreeMap::new();
    for file in files.iter().filter(|f| f.path.starts_with(&folder) && f.is("ftl")) {
        let mut at = String::new();
        for (index, line) in file.text.lines().enumerate() {
            if let Some((key, _)) = line.split_once('=')
                && line.starts_with(|c: char| c.is_ascii_lowercase())
            {
                key.trim().clone_into(&mut at);
                let (path, line) = (file.path.clone(), index + 1);
                found.insert(at.clone(), Message { path, line, variables: BTreeSet::new() });
            }
            if let Some(message) = found.get_mut(&at).filter(|_| !line.starts_with('#')) {
                message.variables.extend(variables(line));
            }
        }
    }
    found
}

fn variables(line: &str) -> impl Iterator<Item = String> {
    line.split('$')
        .skip(1)
        .map(|rest| rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect())
}

/// Keys or variables that only one language has.
pub fn languages(files: &[File]) -> Vec<Finding> {
    let (vi, en) = (messages(files, "vi"), messages(files, "en"));
    let mut findings = Vec::new();
    for (key, message) in &vi {
        match en.get(key) {
            None => {
                let what = format!("{key} has no English");
                findings.push(Finding::new(&message.path, message.line, what));
            }
            Some(other) if other.variables != message.variables => {
                let what = format!("{key} has other variables in Vietnamese");
                findings.push(Finding::new(&other.path, other.line, what));
            }
            Some(_) => {}
        }
    }
    for (key, message) in en.iter().filter(|(key, _)| !vi.contains_key(*key)) {
        let what = format!("{key} has no Vietnamese");
        findings.push(Finding::new(&message.path, message.line, what));
    }
    if vi.is_empty() {
        findings.push(Finding::new("texts/vi", 0, "no texts were found"));
    }
    findings
}

/// Keys that nothing uses, and keys used that are not there. A key put together at run time counts
/// as used when a literal names its beginning up to a hyphen (`"state-"`, `"state-{code}"`).
pub fn keys(files: &[File]) -> Vec<Finding> {
    let vi = messages(files, "vi");
    let mut literals = BTreeSet::new();
    let mut prefixes = BTreeSet::new();
    let mut findings = Vec::new();
    for file in
        files.iter().filter(|f| f.path.starts_with("crates/") && (f.is("rs") || f.is("html")))
    {
        for (number, line) in file.lines() {
            for literal in quoted(line) {
                let missing = !vi.contains_key(literal) && !literal.ends_with('-');
                let sure = SURE.iter().any(|begin| literal.starts_with(begin));
                if is_key(literal) && missing && (sure || called(line, literal)) {
                    let what = format!("the text {literal} does not exist");
                    findings.push(Finding::new(&file.path, number, what));
                }
                match literal.split_once('{') {
                    Some((begin, _)) => prefixes.insert(begin.to_owned()),
                    None if literal.ends_with('-') => prefixes.insert(literal.to_owned()),
                    None => literals.insert(literal.to_owned()),
                };
            }
        }
    }
    let begun =
        |key: &str| prefixes.iter().any(|p| p.ends_with('-') && key.starts_with(p.as_str()));
    let excused = |key: &str| TEXTS.iter().any(|(prefix, _)| key.starts_with(prefix));
    for (key, message) in &vi {
        if !literals.contains(key) && !begun(key) && !excused(key) {
            let what = format!("nothing uses the text {key}");
            findings.push(Finding::new(&message.path, message.line, what));
        }
    }
    findings
}

/// Everything between two quotes, whichever opens: in a template a call may stand inside of a
/// quoted attribute (`label="{{ t.s("key") }}"`), so it cannot be told which quote closes.
fn quoted(line: &str) -> impl Iterator<Item = &str> {
    line.split('"').skip(1).chain(line.split('\'').skip(1))
}

fn called(line: &str, literal: &str) -> bool {
    CALLS.iter().any(|call| line.contains(&format!("{call}{literal}\"")))
}

fn is_key(literal: &str) -> bool {
    let letters = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    literal.contains('-') && literal.chars().all(letters)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, text: &str) -> File {
        File { path: path.into(), text: text.into() }
    }

    #[test]
    fn missing_unused_and_different_texts_are_found() {
        let files = [
            file(
                "texts/vi/a.ftl",
                "# lời\na-one = Một { $n }\na-two = Hai\nstate-x = X\na-old = Cũ\n",
            ),
            file("texts/en/a.ftl", "a-one = One\na-two = Two\nstate-x = X\na-new = New\n"),
            file("crates/k/src/a.rs", "//! x\nt.s(\"a-one\");\nt.s(\"a-gone\");\nf(\"a-two\");\n"),
            file(
                "crates/k/templates/a.html",
                "{{ t.dynamic(\"state-{x}\") }}{{ t.s(\"a-two\") }}\n",
            ),
        ];
        let said = |found: Vec<Finding>| {
            let mut said: Vec<String> = found.into_iter().map(|f| f.what).collect();
            said.sort();
            said
        };
        let languages = said(languages(&files));
        assert_eq!(languages.len(), 3, "{languages:?}");
        let keys = said(keys(&files));
        assert_eq!(keys, ["nothing uses the text a-old", "the text a-gone does not exist"]);
    }
}
