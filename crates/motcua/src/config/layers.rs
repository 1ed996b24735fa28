//! Lays the sources of the configuration over each other and names every fault with its place.

use super::{Config, DEFAULT, FILE_BYTES_MAX, FILE_NAME};
use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use toml::{Table, Value};

/// Beginning of the environment variables that are read.
const ENV_PREFIX: &str = "MOTCUA_";

/// A fault of the configuration.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ConfigFault {
    /// The file, the environment variable or the flag that set the value.
    pub place: String,
    /// Line of the file, from 1; 0 where there is none.
    pub line: u64,
    /// The key, as `section.key`; empty for the file as a whole.
    pub key: String,
    /// "expected …, but …", in English.
    pub reason: String,
}

impl fmt::Display for ConfigFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.place)?;
        if self.line > 0 {
            write!(f, ":{}", self.line)?;
        }
        if !self.key.is_empty() {
            write!(f, ": {}", self.key)?;
        }
        write!(f, ": {}", self.reason)
    }
}

impl std::error::Error for ConfigFault {}

/// What the command line says about the configuration.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Flags {
    /// `--config FILE`; without it `config.toml` of the data folder is read if it exists.
    pub config: Option<PathBuf>,
    /// `--data DIR`.
    pub data: Option<PathBuf>,
    /// `--listen ADDR`.
    pub listen: Option<String>,
    /// `--seeds DIR`.
    pub seeds: Option<PathBuf>,
}

/// Where a value came from: place and line.
type Origins = BTreeMap<String, (String, u64)>;

struct Layers {
    values: Table,
    origins: Origins,
    faults: Vec<ConfigFault>,
}

/// Reads the configuration. `env` holds the variables of the process.
///
/// # Errors
/// Every fault found; nothing is used then.
pub fn load(flags: &Flags, env: &[(String, String)]) -> Result<Config, Vec<ConfigFault>> {
    let values: Table = match DEFAULT.parse() {
        Ok(values) => values,
        Err(error) => return Err(vec![syntax("config.default.toml", DEFAULT, &error)]),
    };
    let mut layers = Layers { values, origins: Origins::new(), faults: Vec::new() };
    let known = layers.values.clone();
    let from_env = variables(&known, env, &mut layers.faults);
    let data = flags.data.clone().or_else(|| {
        from_env.iter().find(|(key, ..)| key == "data.dir").map(|(_, _, text)| text.into())
    });
    let default_dir = text_of(&known, "data.dir");
    let data = data.unwrap_or_else(|| default_dir.into());
    match &flags.config {
        Some(path) => layers.file(path, &known),
        None if data.join(FILE_NAME).exists() => layers.file(&data.join(FILE_NAME), &known),
        None => {}
    }
    for (key, name, text) in from_env {
        layers.text(&known, &key, &name, &text);
    }
    let path = |path: &Option<PathBuf>| path.as_ref().map(|p| p.to_string_lossy().into_owned());
    let by_flag = [
        ("data.dir", "--data", path(&flags.data)),
        ("server.listen", "--listen", flags.listen.clone()),
        ("data.seeds", "--seeds", path(&flags.seeds)),
    ];
    for (key, flag, text) in by_flag {
        if let Some(text) = text {
            layers.text(&known, key, flag, &text);
        }
    }
    layers.finish()
}

/// The variables that belong to us as (key, variable, text).
fn variables(
    known: &Table,
    env: &[(String, String)],
    faults: &mut Vec<ConfigFault>,
) -> Vec<(String, String, String)> {
    let keys = keys_of(known);
    let mut found = Vec::new();
    for (name, text) in env.iter().filter(|(name, _)| name.starts_with(ENV_PREFIX)) {
        let key = keys.iter().find(|key| variable_of(key) == *name);
        match key {
            Some(key) => found.push((key.clone(), name.clone(), text.clone())),
            None => faults.push(ConfigFault {
                place: name.clone(),
                line: 0,
                key: String::new(),
                reason: "this variable is not known; `motcua config` lists the keys".into(),
            }),
        }
    }
    found
}

/// The environment variable of a key: `server.listen` → `MOTCUA_SERVER_LISTEN`.
pub(crate) fn variable_of(key: &str) -> String {
    format!("{ENV_PREFIX}{}", key.to_uppercase().replace('.', "_"))
}

/// All keys as `section.key`.
pub(crate) fn keys_of(table: &Table) -> Vec<String> {
    let sections = table.iter().filter_map(|(name, section)| Some((name, section.as_table()?)));
    sections
        .flat_map(|(name, section)| section.keys().map(move |k| format!("{name}.{k}")))
        .collect()
}

fn value_of<'t>(table: &'t Table, key: &str) -> Option<&'t Value> {
    let (section, name) = key.split_once('.')?;
    table.get(section)?.as_table()?.get(name)
}

fn text_of(table: &Table, key: &str) -> String {
    value_of(table, key).and_then(Value::as_str).unwrap_or_default().to_owned()
}

impl Layers {
    fn file(&mut self, path: &Path, known: &Table) {
        let place = path.display().to_string();
        let size = std::fs::metadata(path).map(|m| m.len()).unwrap_or_default();
        let text = match std::fs::read_to_string(path) {
            Ok(text) if size <= FILE_BYTES_MAX => text,
            Ok(_) => {
                let reason = format!("expected at most {FILE_BYTES_MAX} bytes");
                return self.fault(&place, 0, "", reason);
            }
            Err(error) => return self.fault(&place, 0, "", format!("cannot be read: {error}")),
        };
        let table: Table = match text.parse() {
            Ok(table) => table,
            Err(error) => return self.faults.push(syntax(&place, &text, &error)),
        };
        for (section, values) in &table {
            let Some(values) = values.as_table() else {
                let reason = "expected a section in brackets, but found a value";
                self.fault(&place, line_of(&text, "", section), section, reason);
                continue;
            };
            for (name, value) in values {
                let (key, line) = (format!("{section}.{name}"), line_of(&text, section, name));
                match value_of(known, &key) {
                    None => {
                        let reason = "this key is not known; `motcua config` lists the keys";
                        self.fault(&place, line, &key, reason);
                    }
                    Some(default) if !default.same_type(value) => {
                        let (want, is) = (default.type_str(), value.type_str());
                        self.fault(&place, line, &key, format!("expected {want}, but found {is}"));
                    }
                    Some(_) => self.set(&key, value.clone(), &place, line),
                }
            }
            if !known.contains_key(section) && values.is_empty() {
                self.fault(&place, line_of(&text, section, ""), section, "no such section");
            }
        }
    }

    /// Sets a key from a text of the environment or the command line.
    fn text(&mut self, known: &Table, key: &str, place: &str, text: &str) {
        let value = match value_of(known, key) {
            Some(Value::Integer(_)) => text.parse().ok().map(Value::Integer),
            Some(Value::Boolean(_)) => text.parse().ok().map(Value::Boolean),
            Some(Value::Array(_)) => {
                let parts = text.split(',').map(str::trim).filter(|p| !p.is_empty());
                Some(Value::Array(parts.map(|p| Value::String(p.to_owned())).collect()))
            }
            _ => Some(Value::String(text.to_owned())),
        };
        match value {
            Some(value) => self.set(key, value, place, 0),
            None => {
                let want = value_of(known, key).map_or("a value", Value::type_str);
                self.fault(place, 0, key, format!("expected {want}, but found \"{text}\""));
            }
        }
    }

    fn set(&mut self, key: &str, value: Value, place: &str, line: u64) {
        let Some((section, name)) = key.split_once('.') else { return };
        if let Some(Value::Table(section)) = self.values.get_mut(section) {
            section.insert(name.to_owned(), value);
            self.origins.insert(key.to_owned(), (place.to_owned(), line));
        }
    }

    fn fault(&mut self, place: &str, line: u64, key: &str, reason: impl Into<String>) {
        let (place, key, reason) = (place.to_owned(), key.to_owned(), reason.into());
        self.faults.push(ConfigFault { place, line, key, reason });
    }

    fn finish(mut self) -> Result<Config, Vec<ConfigFault>> {
        let origin = |origins: &Origins, key: &str| {
            origins.get(key).cloned().unwrap_or_else(|| ("config.default.toml".to_owned(), 0))
        };
        match serde_path::<Config>(&self.values) {
            Ok(config) => {
                for (key, reason) in config.faults() {
                    let (place, line) = origin(&self.origins, key);
                    self.fault(&place, line, key, reason);
                }
                if self.faults.is_empty() {
                    return Ok(config);
                }
            }
            Err(wrong) => {
                for (key, reason) in wrong {
                    let (place, line) = origin(&self.origins, &key);
                    self.fault(&place, line, &key, reason);
                }
            }
        }
        Err(self.faults)
    }
}

/// Reads the types; when they do not fit, finds out which keys are to blame by putting the values
/// one by one over the defaults.
fn serde_path<T: serde::de::DeserializeOwned>(values: &Table) -> Result<T, Vec<(String, String)>> {
    let whole = match values.clone().try_into::<T>() {
        Ok(read) => return Ok(read),
        Err(error) => error,
    };
    let defaults: Table = DEFAULT.parse().unwrap_or_default();
    let mut wrong = Vec::new();
    for key in keys_of(values) {
        let mut alone = defaults.clone();
        let Some((section, name)) = key.split_once('.') else { continue };
        let value = value_of(values, &key).cloned();
        if let (Some(Value::Table(section)), Some(value)) = (alone.get_mut(section), value) {
            section.insert(name.to_owned(), value);
        }
        if let Err(error) = alone.try_into::<T>() {
            wrong.push((key.clone(), error.message().to_owned()));
        }
    }
    if wrong.is_empty() {
        wrong.push((String::new(), whole.message().to_owned()));
    }
    Err(wrong)
}

fn syntax(place: &str, text: &str, error: &toml::de::Error) -> ConfigFault {
    let start = error.span().map_or(0, |span| span.start);
    let line = text.bytes().take(start).filter(|b| *b == b'\n').count() as u64 + 1;
    let (place, reason) = (place.to_owned(), error.message().to_owned());
    ConfigFault { place, line, key: String::new(), reason }
}

/// The line of a key of a section; an empty name means the section's own line. 0: not found so
/// (dotted or inline, which is allowed).
fn line_of(text: &str, section: &str, name: &str) -> u64 {
    let mut here = String::new();
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        let head = line.strip_prefix('[').and_then(|rest| rest.split_once(']'));
        if let Some((found, _)) = head {
            found.trim().clone_into(&mut here);
        }
        let is_name = line.split_once('=').is_some_and(|(key, _)| key.trim() == name);
        if here == section && (is_name || (name.is_empty() && head.is_some())) {
            return index as u64 + 1;
        }
    }
    0
}
