//! Form schemas: the questions of a procedure, and the check of what was answered.

use crate::calendar::Date;
use crate::limits;
use crate::people::{self, Fault};
use serde::{Deserialize, Serialize};

/// What kind of answer a field takes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnswerKind {
    /// One line.
    Text,
    /// Several lines.
    Textarea,
    /// A whole number.
    Number,
    /// A date, written `YYYY-MM-DD` after the check.
    Date,
    /// One of the choices.
    Choice,
    /// An address in one line.
    Address,
    /// An identity number of 9 or 12 digits.
    Identity,
}

/// One question.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Field {
    /// Key: letters, digits, underscores.
    pub key: String,
    /// Kind of answer.
    pub kind: AnswerKind,
    /// Label.
    pub label: String,
    /// English label.
    pub label_en: String,
    /// Hint under the label.
    #[serde(default)]
    pub hint: String,
    /// English hint.
    #[serde(default)]
    pub hint_en: String,
    /// Whether an answer is needed.
    #[serde(default)]
    pub required: bool,
    /// Choices as (key, label, English label).
    #[serde(default)]
    pub choices: Vec<(String, String, String)>,
    /// Longest answer in characters, or highest number; 0 takes the kernel's limit.
    #[serde(default)]
    pub max: u32,
}

/// The questions of a procedure's form.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct FormSchema {
    /// Name of the schema.
    pub name: String,
    /// Questions in order.
    pub fields: Vec<Field>,
}

impl FormSchema {
    /// Checks typed answers; `typed` yields what stands in a field. Answers come back in the order
    /// of the schema, without the empty ones.
    ///
    /// # Errors
    /// Every fault found.
    pub fn check(
        &self,
        typed: &dyn Fn(&str) -> String,
        today: Date,
    ) -> Result<Vec<(String, String)>, Vec<Fault>> {
        let mut answers = Vec::new();
        let mut faults = Vec::new();
        for field in &self.fields {
            match field.check(&typed(&field.key), today) {
                Ok(Some(answer)) => answers.push((field.key.clone(), answer)),
                Ok(None) if field.required => {
                    let fault = Fault::new(&field.key, "err-required");
                    faults
                        .push(fault.with("label", &field.label).with("label_en", &field.label_en));
                }
                Ok(None) => {}
                Err(fault) => faults.push(fault),
            }
        }
        if faults.is_empty() { Ok(answers) } else { Err(faults) }
    }
}

impl Field {
    fn check(&self, typed: &str, today: Date) -> Result<Option<String>, Fault> {
        let max = if self.max == 0 { limits::ANSWER_CHARS } else { self.max as usize };
        match self.kind {
            AnswerKind::Text => people::line(&self.key, typed, max),
            AnswerKind::Address => people::line(&self.key, typed, max.min(limits::ADDRESS_CHARS)),
            AnswerKind::Textarea => paragraphs(&self.key, typed, max),
            AnswerKind::Identity => people::identity_number(&self.key, typed),
            AnswerKind::Number => self.number(typed),
            AnswerKind::Date => date(&self.key, typed, today),
            AnswerKind::Choice => self.choice(typed),
        }
    }

    fn number(&self, typed: &str) -> Result<Option<String>, Fault> {
        let typed: String = typed.chars().filter(|c| !matches!(c, ' ' | '.')).collect();
        if typed.is_empty() {
            return Ok(None);
        }
        let highest = if self.max == 0 { i64::from(u32::MAX) } else { i64::from(self.max) };
        match typed.parse::<i64>() {
            Ok(n) if (0..=highest).contains(&n) => Ok(Some(n.to_string())),
            _ => Err(Fault::new(&self.key, "err-number").with("max", highest)),
        }
    }

    fn choice(&self, typed: &str) -> Result<Option<String>, Fault> {
        if typed.is_empty() {
            return Ok(None);
        }
        if self.choices.iter().any(|(key, ..)| key == typed) {
            Ok(Some(typed.to_owned()))
        } else {
            Err(Fault::new(&self.key, "err-choice"))
        }
    }
}

/// A text of several lines that may be empty; line ends become `\n`.
///
/// # Errors
/// Too long, or with control characters.
pub fn paragraphs(field: &str, typed: &str, max: usize) -> Result<Option<String>, Fault> {
    let lines: Vec<String> = typed.lines().map(people::tidy).collect();
    let text = lines.join("\n").trim().to_owned();
    if text.chars().count() > max {
        return Err(Fault::new(field, "err-too-long").with("max", max));
    }
    Ok((!text.is_empty()).then_some(text))
}

/// A date typed as `25/4/2019` or `2019-04-25`.
fn date(field: &str, typed: &str, today: Date) -> Result<Option<String>, Fault> {
    use chrono::Datelike;
    let typed = typed.trim();
    if typed.is_empty() || typed == "//" || typed == "--" {
        return Ok(None);
    }
    let fault = || Fault::new(field, "err-date");
    let parts: Vec<&str> = typed.split(['/', '-', '.']).collect();
    let [a, b, c] = parts.as_slice() else {
        return Err(fault());
    };
    let (year, day) = if a.len() == 4 { (a, c) } else { (c, a) };
    let number = |text: &str| text.trim().parse::<u32>().ok();
    let found = match (year.trim().parse::<i32>().ok(), number(b), number(day)) {
        (Some(y), Some(m), Some(d)) => Date::from_ymd_opt(y, m, d),
        _ => None,
    };
    match found {
        Some(date) if (1880..=today.year() + 50).contains(&date.year()) => {
            Ok(Some(date.format("%Y-%m-%d").to_string()))
        }
        _ => Err(fault()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(key: &str, kind: AnswerKind, required: bool) -> Field {
        Field {
            key: key.into(),
            kind,
            label: key.into(),
            label_en: key.into(),
            hint: String::new(),
            hint_en: String::new(),
            required,
            choices: vec![("m".into(), "Nam".into(), "Male".into())],
            max: 10,
        }
    }

    #[test]
    fn answers_are_checked_by_kind_and_faults_all_named() {
        let schema = FormSchema {
            name: "x".into(),
            fields: vec![
                field("a", AnswerKind::Text, true),
                field("b", AnswerKind::Date, true),
                field("c", AnswerKind::Choice, false),
                field("d", AnswerKind::Number, false),
            ],
        };
        let today = Date::from_ymd_opt(2019, 4, 25).unwrap();
        let good = |key: &str| match key {
            "a" => " Lan  Anh ".to_owned(),
            "b" => "9/4/2019".to_owned(),
            "c" => "m".to_owned(),
            _ => String::new(),
        };
        let answers = schema.check(&good, today).unwrap();
        assert_eq!(answers[0].1, "Lan Anh");
        assert_eq!(answers[1].1, "2019-04-09");
        let bad = |key: &str| match key {
            "b" => "31/2/2019".to_owned(),
            "c" => "x".to_owned(),
            "d" => "11".to_owned(),
            _ => String::new(),
        };
        let faults = schema.check(&bad, today).unwrap_err();
        let keys: Vec<&str> = faults.iter().map(|f| f.key.as_str()).collect();
        assert_eq!(keys, ["err-required", "err-date", "err-choice", "err-number"]);
    }
}
