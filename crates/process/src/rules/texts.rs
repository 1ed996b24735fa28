//! What a rule is. The tables with codes and texts are beside this file.

/// How much a broken rule weighs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Grade {
    /// The file has no clear meaning.
    Error,
    /// The letter of the standard is broken, the meaning is clear. The file is not published.
    Formal,
    /// Worth a look; the file may be published.
    Warning,
}

/// A rule.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Rule {
    /// Short and stable, in kebab-case.
    pub code: &'static str,
    /// How much it weighs.
    pub grade: Grade,
    /// Section of the BPMN 2.0 specification (formal/2011-01-03) that it is from.
    pub section: &'static str,
    /// What is wrong, in Vietnamese.
    pub vi: &'static str,
    /// What is wrong, in English.
    pub en: &'static str,
}

/// A row of a table.
pub(super) const fn rule(
    code: &'static str,
    grade: Grade,
    section: &'static str,
    vi: &'static str,
    en: &'static str,
) -> Rule {
    Rule { code, grade, section, vi, en }
}

/// All rules.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    super::texts_flow::RULES.iter().chain(super::texts_parts::RULES)
}
