//! TOML files of the seeds: legal profiles and form schemas.

use super::faults::Faults;
use super::files::{Files, stem};
use super::table::date;
use kernel::calendar::Date;
use kernel::case::{CodeFormat, LegalProfile};
use kernel::org::Validity;
use kernel::procedure::{AnswerKind, FormSchema};
use serde::Deserialize;
use std::collections::HashSet;

const PROFILES: &str = "profiles.toml";
const FORMS: &str = "procedures/forms/";
/// Keys that the kernel's `Field` reads.
const FIELD_KEYS: &[&str] =
    &["key", "kind", "label", "label_en", "hint", "hint_en", "required", "choices", "max"];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ProfilesFile {
    profiles: Vec<ProfileRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ProfileRow {
    key: String,
    from: String,
    to: String,
    forms: String,
    code_format: CodeFormat,
    local_filing: bool,
    cutoff: String,
    verified: bool,
    source: String,
}

/// Reads the legal profiles: no gap and no overlap from the first to the last.
pub(crate) fn profiles(files: &Files, faults: &mut Faults) -> Vec<LegalProfile> {
    let Some(text) = files.need(PROFILES, faults) else { return Vec::new() };
    let read: ProfilesFile = match toml::from_str(text) {
        Ok(read) => read,
        Err(error) => {
            toml_fault(PROFILES, text, &error, faults);
            return Vec::new();
        }
    };
    let mut profiles: Vec<LegalProfile> = Vec::new();
    for (index, row) in read.profiles.into_iter().enumerate() {
        let line = table_line(text, "[[profiles]]", index);
        let Some(profile) = profile(row, line, faults) else { continue };
        let before = profiles.last().map(|p| p.valid.to.and_then(|to| to.succ_opt()));
        if before.is_some_and(|expected| expected != Some(profile.valid.from)) {
            let reason = "expected the day after the profile above ends: no gap, no overlap";
            faults.add(PROFILES, line, "from", reason);
        }
        if profiles.iter().any(|p| p.key == profile.key) {
            faults.add(PROFILES, line, "key", format!("{} appears twice", profile.key));
        }
        profiles.push(profile);
    }
    if profiles.is_empty() && faults.is_empty() {
        faults.add(PROFILES, 0, "profiles", "expected at least one profile");
    }
    profiles
}

fn profile(row: ProfileRow, line: u64, faults: &mut Faults) -> Option<LegalProfile> {
    let from = profile_date("from", &row.from, line, faults);
    let to = if row.to.is_empty() {
        Some(None)
    } else {
        profile_date("to", &row.to, line, faults).map(Some)
    };
    let cutoff = minutes(&row.cutoff);
    if cutoff.is_none() {
        let reason = format!("expected a clock time HH:MM, but found \"{}\"", row.cutoff);
        faults.add(PROFILES, line, "cutoff", reason);
    }
    for (field, text) in [("key", &row.key), ("forms", &row.forms), ("source", &row.source)] {
        if text.trim().is_empty() {
            faults.add(PROFILES, line, field, "expected a value, but it is empty");
        }
    }
    let valid = Validity { from: from?, to: to? };
    if valid.to.is_some_and(|to| to < valid.from) {
        faults.add(PROFILES, line, "to", "expected a day not before `from`");
    }
    Some(LegalProfile {
        key: row.key,
        valid,
        forms: row.forms,
        code_format: row.code_format,
        local_filing: row.local_filing,
        cutoff_minutes: cutoff?,
        verified: row.verified,
        source: row.source,
    })
}

fn profile_date(field: &str, text: &str, line: u64, faults: &mut Faults) -> Option<Date> {
    let found = date(text);
    if found.is_none() {
        let reason = format!("expected a date YYYY-MM-DD, but found \"{text}\"");
        faults.add(PROFILES, line, field, reason);
    }
    found
}

fn minutes(text: &str) -> Option<u16> {
    let (hours, minutes) = text.split_once(':')?;
    let (h, m) = (hours.parse::<u16>().ok()?, minutes.parse::<u16>().ok()?);
    (hours.len() == 2 && minutes.len() == 2 && h < 24 && m < 60).then_some(h * 60 + m)
}

/// Reads all form schemas of `procedures/forms/`.
pub(crate) fn forms(files: &Files, faults: &mut Faults) -> Vec<FormSchema> {
    let mut forms = Vec::new();
    for (file, text) in files.in_folder(FORMS, ".toml") {
        match toml::from_str::<FormSchema>(text) {
            Ok(form) => {
                form_faults(file, text, &form, faults);
                forms.push(form);
            }
            Err(error) => toml_fault(file, text, &error, faults),
        }
    }
    if forms.is_empty() {
        faults.add(FORMS, 0, "", "expected at least one form schema");
    }
    forms
}

fn form_faults(file: &str, text: &str, form: &FormSchema, faults: &mut Faults) {
    if form.name != stem(file) {
        let reason = format!("expected the name of the file, but found \"{}\"", form.name);
        faults.add(file, table_line(text, "name", 0), "name", reason);
    }
    unknown_keys(file, text, faults);
    let mut seen = HashSet::new();
    for (index, field) in form.fields.iter().enumerate() {
        let line = table_line(text, "[[fields]]", index);
        let fine = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        if field.key.is_empty() || !field.key.chars().all(fine) {
            let reason = format!("expected letters, digits and '_', but found \"{}\"", field.key);
            faults.add(file, line, "key", reason);
        }
        if !seen.insert(field.key.as_str()) {
            faults.add(file, line, "key", format!("\"{}\" appears twice", field.key));
        }
        if field.label.is_empty() || field.label_en.is_empty() {
            faults.add(file, line, "label", "expected a label in both languages");
        }
        if (field.kind == AnswerKind::Choice) == field.choices.is_empty() {
            faults.add(file, line, "choices", "expected choices for a choice and for nothing else");
        }
    }
}

/// The kernel reads forms leniently; here a misspelt key is a fault.
fn unknown_keys(file: &str, text: &str, faults: &mut Faults) {
    let Ok(table) = text.parse::<toml::Table>() else { return };
    for key in table.keys().filter(|k| !["name", "fields"].contains(&k.as_str())) {
        faults.add(file, table_line(text, key, 0), key, "this key is not known");
    }
    let fields = table.get("fields").and_then(toml::Value::as_array);
    for (index, field) in fields.into_iter().flatten().enumerate() {
        let keys = field.as_table().into_iter().flat_map(toml::Table::keys);
        for key in keys.filter(|k| !FIELD_KEYS.contains(&k.as_str())) {
            faults.add(file, table_line(text, "[[fields]]", index), key, "this key is not known");
        }
    }
}

/// Records a fault of the TOML reader with its line.
fn toml_fault(file: &str, text: &str, error: &toml::de::Error, faults: &mut Faults) {
    let start = error.span().map_or(0, |span| span.start);
    let line = text.bytes().take(start).filter(|b| *b == b'\n').count() as u64 + 1;
    let at_line = text.lines().nth(usize::try_from(line).unwrap_or(1) - 1).unwrap_or_default();
    let field = at_line.split_once('=').map_or("", |(key, _)| key.trim());
    faults.add(file, line, field, error.message());
}

/// The line on which the `index`-th line that begins with `head` stands; 0 if there is none.
fn table_line(text: &str, head: &str, index: usize) -> u64 {
    let lines = text.lines().enumerate().filter(|(_, line)| line.trim_start().starts_with(head));
    lines.map(|(at, _)| at as u64 + 1).nth(index).unwrap_or(0)
}
