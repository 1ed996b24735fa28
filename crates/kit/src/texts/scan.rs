//! Finds keys in text files, and uses of keys in sources and templates, for convention tests.

/// Key and variables of each message of a text file, in order.
pub(super) fn messages(content: &str) -> Vec<(String, Vec<String>)> {
    let mut found: Vec<(String, Vec<String>)> = Vec::new();
    for line in content.lines() {
        let starts = line.starts_with(|c: char| c.is_ascii_alphabetic());
        if starts && let Some((key, _)) = line.split_once('=') {
            found.push((key.trim().to_owned(), Vec::new()));
        }
        if let Some((_, vars)) = found.last_mut() {
            for name in variables(line) {
                if !vars.contains(&name) {
                    vars.push(name);
                }
            }
        }
    }
    for (_, vars) in &mut found {
        vars.sort();
    }
    found
}

fn variables(line: &str) -> Vec<String> {
    line.split('{')
        .skip(1)
        .filter_map(|part| part.trim_start().strip_prefix('$'))
        .map(|rest| rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect())
        .collect()
}

/// One use of a key: the key and the line (from 1) where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Use {
    /// The key as written.
    pub key: String,
    /// Line in the file, from 1.
    pub line: usize,
}

/// What a source or template writes before a key.
const CALLS: [&str; 8] =
    [".s(\"", ".a(\"", ".a1(\"", ".a2(\"", ".a3(\"", "key: \"", "key(\"", "label(\""];

/// Keys that a Rust source or a template uses as literals: `t.s("…")`, `t.a("…"`, `key: "…"`,
/// `key("…")`. Keys put together at run time (`state-…`) are not seen.
pub fn uses(source: &str) -> Vec<Use> {
    let mut found = Vec::new();
    for (index, line) in source.lines().enumerate() {
        for call in CALLS {
            for part in line.split(call).skip(1) {
                if let Some((key, _)) = part.split_once('"') {
                    found.push(Use { key: key.to_owned(), line: index + 1 });
                }
            }
        }
    }
    found
}
