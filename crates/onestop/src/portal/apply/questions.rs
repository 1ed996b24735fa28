//! The questions of each page of an application, and the check of what was answered.

use super::draft::Content;
use super::files;
use crate::app::App;
use crate::refusals::form_faults;
use crate::view;
use kernel::calendar::Date;
use kernel::case::Delivery;
use kernel::people::{DraftParty, Party};
use kernel::procedure::{AnswerKind, Edition, FormSchema};
use kit::{Entries, Fault, Faults, Field, T, Visit};

/// Prefix of the applicant's fields.
const APPLICANT: &str = "applicant_";

/// A page of the application.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Step {
    /// Who applies.
    Applicant,
    /// The questions of the procedure.
    Answers,
    /// Papers with their files.
    Papers,
    /// How the result goes out; exemption.
    Result,
}

impl Step {
    pub(super) const ALL: [Self; 4] = [Self::Applicant, Self::Answers, Self::Papers, Self::Result];

    /// As the address has it.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Applicant => "nguoi-nop",
            Self::Answers => "noi-dung",
            Self::Papers => "giay-to",
            Self::Result => "ket-qua",
        }
    }

    pub(super) fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.as_str() == key)
    }

    /// Key of its heading.
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Applicant => "apply-step-applicant",
            Self::Answers => "apply-step-answers",
            Self::Papers => "apply-step-papers",
            Self::Result => "apply-step-result",
        }
    }

    /// The pages that an edition has: one without questions or papers has no page for them.
    pub(super) fn of(edition: &Edition, form: Option<&FormSchema>) -> Vec<Self> {
        let has = |step: &Self| match step {
            Self::Answers => form.is_some_and(|f| !f.fields.is_empty()),
            Self::Papers => !edition.papers.is_empty(),
            _ => true,
        };
        Self::ALL.into_iter().filter(has).collect()
    }
}

/// What the questions of a page depend on.
#[derive(Clone, Copy)]
pub(super) struct About<'a> {
    pub(super) t: T,
    pub(super) edition: &'a Edition,
    pub(super) form: Option<&'a FormSchema>,
    pub(super) today: Date,
    /// Largest file, in bytes.
    pub(super) file_bytes: usize,
}

impl<'a> About<'a> {
    /// The questions of an edition on a visit.
    pub(super) fn of(
        app: &App,
        visit: &Visit,
        edition: &'a Edition,
        form: Option<&'a FormSchema>,
    ) -> Self {
        let file_bytes = visit.kit().site.uploads.file_bytes;
        Self { t: visit.t(), edition, form, today: app.today(), file_bytes }
    }

    /// The fields of a page, filled.
    pub(super) fn fields(&self, step: Step, entries: &Entries, faults: &Faults) -> Vec<Field> {
        let fields = match step {
            Step::Applicant => applicant_fields(self.t, entries),
            Step::Answers => self.answer_fields(),
            Step::Papers => self.paper_fields(),
            Step::Result => self.result_fields(),
        };
        fields.into_iter().map(|f| f.fill(entries, faults)).collect()
    }

    /// Names under which the browser sends the fields of a page.
    pub(super) fn names(&self, step: Step) -> Vec<String> {
        let none = Entries::default();
        let fields = self.fields(step, &none, &Faults::new());
        let mut names = Vec::new();
        for field in fields {
            if field.kind == kit::form::Kind::Date {
                names.extend(["d", "m", "y"].map(|part| format!("{}-{part}", field.name)));
            } else {
                names.push(field.name);
            }
        }
        names
    }

    /// What is wrong with a page.
    pub(super) fn faults(&self, step: Step, content: &Content) -> Faults {
        let entries = content.entries();
        let mut faults = Faults::new();
        match step {
            Step::Applicant => {
                if let Err(found) = party(&entries, self.today) {
                    faults.extend(form_faults(&found).iter().cloned());
                }
            }
            Step::Answers => {
                if let Err(found) = self.answers(&entries) {
                    let told = found.iter().map(|fault| self.with_label(fault));
                    faults.extend(told);
                }
            }
            Step::Papers => files::missing(self.edition, content, &mut faults),
            Step::Result => {
                if delivery(&content.text("delivery")).is_none() {
                    let what = self.t.s("apply-delivery-what");
                    faults.add(Fault::new("delivery", "err-choose").with("what", what));
                }
                let exemption = content.text("exemption");
                let known = self.edition.exemptions.iter().any(|e| e.key == exemption);
                if !exemption.is_empty() && !known {
                    faults.add(Fault::new("exemption", "err-choice"));
                }
            }
        }
        faults
    }

    /// Checked answers.
    pub(super) fn answers(
        &self,
        entries: &Entries,
    ) -> Result<Vec<(String, String)>, Vec<kernel::people::Fault>> {
        let Some(form) = self.form else { return Ok(Vec::new()) };
        let typed = |key: &str| {
            let is_date = form.fields.iter().any(|f| f.key == key && f.kind == AnswerKind::Date);
            if is_date {
                let part = |p: &str| entries.text(&format!("{key}-{p}")).to_owned();
                return format!("{}/{}/{}", part("d"), part("m"), part("y"));
            }
            entries.get(key).unwrap_or_default().to_owned()
        };
        form.check(&typed, self.today)
    }

    /// A missing answer names its question; a date names what is wrong with it.
    fn with_label(&self, fault: &kernel::people::Fault) -> Fault {
        let field = self.form.and_then(|f| f.fields.iter().find(|x| x.key == fault.field));
        let label = field.map(|f| view::in_language(self.t, &f.label, &f.label_en));
        let label = label.unwrap_or_default();
        match fault.key.as_str() {
            "err-required" => Fault::new(&*fault.field, "err-answer").with("label", label),
            _ => {
                let mut told = Fault::new(&*fault.field, key_of(&fault.key)).with("label", label);
                for (name, value) in &fault.args {
                    told = told.with(name, value);
                }
                told
            }
        }
    }

    fn answer_fields(&self) -> Vec<Field> {
        let t = self.t;
        let schema = self.form.map(|f| f.fields.as_slice()).unwrap_or_default();
        let field = |q: &kernel::procedure::Field| {
            let label = view::in_language(t, &q.label, &q.label_en);
            let key = q.key.as_str();
            let mut field = match q.kind {
                AnswerKind::Textarea => Field::area(t, key, label),
                AnswerKind::Date => Field::date(t, key, label),
                AnswerKind::Number => Field::text(t, key, label).digits("12"),
                AnswerKind::Identity => Field::text(t, key, label).digits("20"),
                AnswerKind::Choice => Field::radio(t, key, label),
                AnswerKind::Text | AnswerKind::Address => Field::text(t, key, label),
            };
            for (value, words, english) in &q.choices {
                field = field.choice(value, view::in_language(t, words, english));
            }
            let hint = view::in_language(t, &q.hint, &q.hint_en);
            let field = if hint.is_empty() { field } else { field.hint(hint) };
            if q.required { field } else { field.optional() }
        };
        schema.iter().map(field).collect()
    }

    fn paper_fields(&self) -> Vec<Field> {
        let t = self.t;
        let field = |paper: &kernel::procedure::Paper| {
            let words = super::super::procedure::form_words(t, paper);
            let field = Field::file(t, files::field_of(paper.no), &*paper.name);
            let field = field.file_bytes(self.file_bytes).multiple();
            let hint = format!("{words}. {}", field.hint);
            let field = field.hint(hint);
            if paper.required { field } else { field.optional() }
        };
        self.edition.papers.iter().map(field).collect()
    }

    fn result_fields(&self) -> Vec<Field> {
        let t = self.t;
        let delivery = Field::radio(t, "delivery", t.s("apply-delivery"))
            .choice("counter", t.s("delivery-counter"))
            .choice_hint("post", t.s("delivery-post"), t.s("delivery-post-hint"))
            .choice("online", t.s("delivery-online"));
        let mut fields = vec![delivery];
        if !self.edition.exemptions.is_empty() && self.edition.fee_vnd > 0 {
            let mut exemption = Field::radio(t, "exemption", t.s("apply-exemption"))
                .hint(t.s("apply-exemption-hint"))
                .choice("", t.s("apply-exemption-none"));
            for one in &self.edition.exemptions {
                exemption = exemption.choice_hint(&*one.key, &*one.who, &*one.ground);
            }
            fields.push(exemption);
        }
        fields
    }
}

/// The kernel tells of a date as a whole; the kit's words want its parts.
fn key_of(key: &str) -> &str {
    if key == "err-date" { "err-date-none" } else { key }
}

fn applicant_fields(t: T, entries: &Entries) -> Vec<Field> {
    let name = |field: &str| format!("{APPLICANT}{field}");
    let organisation = entries.text(&name("kind")) == "organisation";
    let number_hint =
        if organisation { t.s("apply-number-org-hint") } else { t.s("apply-number-hint") };
    vec![
        Field::radio(t, name("kind"), t.s("apply-kind"))
            .choice("person", t.s("apply-kind-person"))
            .choice("organisation", t.s("apply-kind-organisation")),
        Field::text(t, name("name"), t.s("apply-name"))
            .hint(t.s("apply-name-hint"))
            .autocomplete("name"),
        Field::text(t, name("number"), t.s("apply-number"))
            .hint(number_hint)
            .digits("20")
            .optional(),
        Field::date(t, name("born"), t.s("apply-born")).hint(t.s("apply-born-hint")).optional(),
        Field::text(t, name("phone"), t.s("apply-phone"))
            .hint(t.s("apply-phone-hint"))
            .autocomplete("tel")
            .digits("20")
            .optional(),
        Field::text(t, name("email"), t.s("apply-email")).autocomplete("email").optional(),
        Field::text(t, name("address"), t.s("apply-address"))
            .autocomplete("street-address")
            .optional(),
    ]
}

/// The applicant, checked.
pub(super) fn party(entries: &Entries, today: Date) -> Result<Party, Vec<kernel::people::Fault>> {
    let text = |field: &str| entries.get(&format!("{APPLICANT}{field}")).unwrap_or_default().into();
    let draft = DraftParty {
        kind: text("kind"),
        name: text("name"),
        number: text("number"),
        born_day: text("born-d"),
        born_month: text("born-m"),
        born_year: text("born-y"),
        phone: text("phone"),
        email: text("email"),
        address: text("address"),
    };
    draft.check(APPLICANT, today).map_err(|faults| {
        let told = |mut fault: kernel::people::Fault| {
            fault.key = key_of(&fault.key).to_owned();
            fault
        };
        faults.into_iter().map(told).collect()
    })
}

/// A way to hand over the result, by its key.
pub(super) fn delivery(key: &str) -> Option<Delivery> {
    [Delivery::Counter, Delivery::Online, Delivery::Post].into_iter().find(|d| d.as_str() == key)
}
