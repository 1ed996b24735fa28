//! Pieces of pages that take plain data: status tag, timeline, "why this date" with its calendar.

use askama::Template;
use askama::filters::HtmlSafe;

use crate::texts::{T, When};

/// The class of a status; word, colour and shape say the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// ▶ in work.
    Work,
    /// ○ new.
    New,
    /// ✓ good, on time, done.
    Ok,
    /// ◆ due soon.
    Soon,
    /// ▲ late.
    Late,
    /// ❙❙ waiting for the citizen or for money.
    Wait,
    /// ■ stopped.
    Stop,
}

/// A status: `{{ tag }}`.
#[derive(Debug, Clone, Template)]
#[template(source = r#"<span class="{{ self.class() }}">{{ word }}</span>"#, ext = "html")]
pub struct Tag {
    /// The fact ("Trễ 2 ngày"), not the class ("quá hạn").
    pub word: String,
    /// Its class.
    pub tone: Tone,
}

impl HtmlSafe for Tag {}

impl Tag {
    /// A status.
    pub fn new(tone: Tone, word: impl Into<String>) -> Tag {
        Tag { word: word.into(), tone }
    }

    /// The state of a case by its code of the domain, such as "processing" or "fin_duty".
    pub fn state(t: T, code: &str) -> Tag {
        let tone = match code {
            "submitted" | "draft" => Tone::New,
            "pre_supplement" | "supplement" | "fin_duty" | "suspended_lawful" => Tone::Wait,
            "rejected" | "withdrawn" | "stopped" => Tone::Stop,
            "result_ready" | "returned" => Tone::Ok,
            _ => Tone::Work,
        };
        Tag::new(tone, t.s(&state_key(code)))
    }

    /// How a running case stands against its date, in whole working days; 0 is today.
    pub fn due_days(t: T, left: i64) -> Tag {
        match left {
            ..0 => Tag::new(Tone::Late, t.a1("due-late", "n", -left)),
            0 => Tag::new(Tone::Soon, t.s("due-today")),
            1 => Tag::new(Tone::Soon, t.a1("due-left", "n", left)),
            _ => Tag::new(Tone::Work, t.a1("due-left", "n", left)),
        }
    }

    fn class(&self) -> &'static str {
        match self.tone {
            Tone::Work => "mc-tag",
            Tone::New => "mc-tag mc-tag--new",
            Tone::Ok => "mc-tag mc-tag--ok",
            Tone::Soon => "mc-tag mc-tag--soon",
            Tone::Late => "mc-tag mc-tag--late",
            Tone::Wait => "mc-tag mc-tag--wait",
            Tone::Stop => "mc-tag mc-tag--stop",
        }
    }
}

/// The text key of a state's code ("fin_duty" → "state-fin-duty", "processing.sign" likewise).
pub fn state_key(code: &str) -> String {
    format!("state-{}", code.replace(['_', '.'], "-"))
}

/// Where a step of a case stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepState {
    /// Behind us.
    Done,
    /// In work.
    Now,
    /// To come; its dates say "dự kiến".
    Next,
}

/// One line under a step; empty parts are left out.
#[derive(Debug, Clone, Default)]
pub struct StepLine {
    /// For `<time datetime>`; empty shows no time.
    pub machine: String,
    /// The time as read.
    pub when: String,
    /// Who holds it, in bold.
    pub who: String,
    /// The rest of the sentence.
    pub text: String,
}

/// One step of a timeline.
#[derive(Debug, Clone)]
pub struct Step {
    /// Where it stands.
    pub state: StepState,
    /// What happens, in plain words.
    pub what: String,
    /// Lines under it.
    pub lines: Vec<StepLine>,
}

impl Step {
    fn class(&self) -> &'static str {
        match self.state {
            StepState::Done => "is-done",
            StepState::Now => "is-now",
            StepState::Next => "is-next",
        }
    }

    fn is_done(&self) -> bool {
        self.state == StepState::Done
    }

    fn is_now(&self) -> bool {
        self.state == StepState::Now
    }

    fn state_word(&self, t: &T) -> String {
        t.s(match self.state {
            StepState::Done => "time-step-done",
            StepState::Now => "time-step-now",
            StepState::Next => "time-step-next",
        })
    }
}

/// Where a case is and was: `{{ timeline }}`.
#[derive(Debug, Clone, Template)]
#[template(path = "kit/timeline.html")]
pub struct Timeline {
    /// Texts.
    pub t: T,
    /// Steps in order.
    pub steps: Vec<Step>,
}

impl HtmlSafe for Timeline {}

/// One line of a sum: fees, or the derivation of a date.
#[derive(Debug, Clone, Default)]
pub struct SumLine {
    /// What.
    pub what: String,
    /// How much, or when.
    pub value: String,
    /// For `<time datetime>` when the value is a time, else empty.
    pub machine: String,
    /// Reason and article, may be empty.
    pub reason: String,
}

/// A sum; the last line is the total: `{{ sum }}`.
#[derive(Debug, Clone, Template)]
#[template(path = "kit/sum.html")]
pub struct Sum {
    /// Lines in order.
    pub lines: Vec<SumLine>,
    /// Small print (officers' side column).
    pub small: bool,
}

impl HtmlSafe for Sum {}

/// What a day is to the count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DayKind {
    /// Outside of the count.
    Out,
    /// Day of receipt, not counted (Civil Code 2015, Article 147.2).
    From,
    /// The nth working day.
    Work(u32),
    /// The nth working day, on a day worked in exchange for another.
    Extra(u32),
    /// A day off and why; empty means weekend.
    Off(String),
    /// The clock stood still and why; empty says just that.
    Pause(String),
}

/// One day of the calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalDay {
    /// The date.
    pub date: When,
    /// What it is to the count.
    pub kind: DayKind,
    /// Whether it is today.
    pub today: bool,
    /// Whether the result is due on it.
    pub due: bool,
}

impl CalDay {
    /// A day that is neither today nor due.
    pub fn new(date: When, kind: DayKind) -> CalDay {
        CalDay { date, kind, today: false, due: false }
    }

    fn class(&self) -> &'static str {
        match self.kind {
            _ if self.due => "is-due",
            _ if self.today => "is-today",
            DayKind::Out => "is-out",
            DayKind::From => "is-from",
            DayKind::Work(_) => "",
            DayKind::Extra(_) => "is-extra",
            DayKind::Off(_) => "is-off",
            DayKind::Pause(_) => "is-pause",
        }
    }

    fn label(&self) -> String {
        format!("{}/{}", self.date.day, self.date.month)
    }

    fn is_out(&self) -> bool {
        self.kind == DayKind::Out && !self.today && !self.due
    }

    fn is_from(&self) -> bool {
        self.kind == DayKind::From
    }

    fn number(&self) -> Option<u32> {
        match self.kind {
            DayKind::Work(n) | DayKind::Extra(n) => Some(n),
            _ => None,
        }
    }

    fn words(&self, t: &T) -> String {
        let mut words = vec![match &self.kind {
            DayKind::Out => t.s("why-day-out"),
            DayKind::From => t.s("why-day-from"),
            DayKind::Work(n) => t.a1("why-day-work", "n", n),
            DayKind::Extra(n) => t.a1("why-day-extra", "n", n),
            DayKind::Off(reason) if reason.is_empty() => t.s("why-weekend"),
            DayKind::Pause(reason) if reason.is_empty() => t.s("why-day-pause"),
            DayKind::Off(reason) | DayKind::Pause(reason) => reason.clone(),
        }];
        if self.today {
            words.push(t.s("why-day-today"));
        }
        if self.due {
            words.push(t.s("why-day-due"));
        }
        words.join(", ")
    }
}

/// Weeks of the count, Monday first: `{{ calendar }}`. Days must follow one another.
#[derive(Debug, Clone, Template)]
#[template(path = "kit/calendar.html")]
pub struct Calendar {
    /// Texts.
    pub t: T,
    /// Heading of the table.
    pub caption: String,
    /// Days from receipt to due date.
    pub days: Vec<CalDay>,
}

impl HtmlSafe for Calendar {}

impl Calendar {
    fn weekdays(&self) -> Vec<String> {
        (1..=7).map(|day| self.t.s(&format!("weekday-short-{day}"))).collect()
    }

    /// Fills the first and last week with days outside of the count.
    fn weeks(&self) -> Vec<Vec<CalDay>> {
        let (Some(first), Some(last)) = (self.days.first(), self.days.last()) else {
            return Vec::new();
        };
        let out = |date| CalDay::new(date, DayKind::Out);
        let before = i64::from(first.date.weekday()) - 1;
        let after = 7 - i64::from(last.date.weekday());
        let mut days: Vec<CalDay> =
            (1..=before).rev().map(|n| out(first.date.plus_days(-n))).collect();
        days.extend(self.days.iter().cloned());
        days.extend((1..=after).map(|n| out(last.date.plus_days(n))));
        days.chunks(7).map(<[CalDay]>::to_vec).collect()
    }

    fn has_extra(&self) -> bool {
        self.days.iter().any(|day| matches!(day.kind, DayKind::Extra(_)))
    }

    fn has_pause(&self) -> bool {
        self.days.iter().any(|day| matches!(day.kind, DayKind::Pause(_)))
    }
}

/// Why this date: the lines of the derivation, each with its article, and the counted days:
/// `{{ why }}`. Open for citizens, folded for officers.
#[derive(Debug, Clone, Template)]
#[template(path = "kit/why.html")]
pub struct Why {
    /// Texts.
    pub t: T,
    /// Such as `t.a1("why-title", "date", …)`.
    pub title: String,
    /// Folded behind its title.
    pub folded: bool,
    /// The derivation.
    pub sum: Sum,
    /// The counted days; none for limits in hours.
    pub calendar: Option<Calendar>,
}

impl HtmlSafe for Why {}
