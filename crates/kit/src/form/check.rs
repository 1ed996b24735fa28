//! Reads fields into values and collects what is wrong on the way.

use unicode_normalization::UnicodeNormalization;

use super::{Entries, Fault, Faults, Upload};
use crate::respond::sniff;
use crate::texts::When;

/// Reads a form field by field; `done()` gives the faults, if any.
pub struct Check<'a> {
    entries: &'a Entries,
    faults: Faults,
}

impl<'a> Check<'a> {
    /// Starts with what was wrong already while reading files.
    pub fn new(entries: &'a Entries) -> Check<'a> {
        Check { entries, faults: entries.faults().clone() }
    }

    /// Adds a fault found by the caller.
    pub fn fault(&mut self, fault: Fault) {
        self.faults.add(fault);
    }

    /// A text that must be there. `what` names it in the sentence "Nhập …", in the page's language.
    pub fn required(&mut self, name: &str, what: &str, max_chars: usize) -> String {
        let value = self.optional(name, max_chars);
        if value.is_empty() {
            self.faults.add(Fault::new(name, "err-required").with("what", what));
        }
        value
    }

    /// A text that may be empty.
    pub fn optional(&mut self, name: &str, max_chars: usize) -> String {
        // Some keyboards send marks apart from their letters; the law's texts and ours have them
        // together.
        let value: String = self.entries.text(name).nfc().collect();
        if value.chars().count() > max_chars {
            self.faults.add(Fault::new(name, "err-long").with("max", max_chars));
        }
        value
    }

    /// One of the values offered; anything else, also nothing, is a fault.
    pub fn choice(&mut self, name: &str, what: &str, offered: &[&str]) -> Option<String> {
        let value = self.entries.text(name);
        if offered.contains(&value) {
            return Some(value.to_owned());
        }
        self.faults.add(Fault::new(name, "err-choose").with("what", what));
        None
    }

    /// A box that must be ticked.
    pub fn ticked(&mut self, name: &str, what: &str) -> bool {
        let ticked = !self.entries.text(name).is_empty();
        if !ticked {
            self.faults.add(Fault::new(name, "err-choose").with("what", what));
        }
        ticked
    }

    /// A date of three fields `name-d`, `name-m`, `name-y`; `None` and no fault when all are empty.
    pub fn date(&mut self, name: &str) -> Option<When> {
        let parts = ["d", "m", "y"].map(|part| self.entries.text(&format!("{name}-{part}")));
        if parts.iter().all(|part| part.is_empty()) {
            return None;
        }
        let [Ok(day), Ok(month), Ok(year)] = parts.map(str::parse::<u16>) else {
            self.faults.add(Fault::new(name, "err-date-parts"));
            return None;
        };
        if !(1..=12).contains(&month) {
            self.faults.add(Fault::new(name, "err-date-month"));
            return None;
        }
        let when = When::from_ymd(i32::from(year), byte(month), byte(day));
        if when.exists() && (1000..=9999).contains(&year) {
            return Some(when);
        }
        let fault = Fault::new(name, "err-date").with("day", day).with("month", month);
        self.faults.add(fault.with("year", year));
        None
    }

    /// A date that must be there.
    pub fn required_date(&mut self, name: &str, what: &str) -> Option<When> {
        let date = self.date(name);
        if date.is_none() {
            self.faults.add(Fault::new(name, "err-required").with("what", what));
        }
        date
    }

    /// Pictures and PDFs of a field, by their first bytes and not by their names; at least one when
    /// required. Another kind is a fault.
    pub fn files(&mut self, name: &str, what: &str, required: bool) -> Vec<&'a Upload> {
        let files = self.any_files(name, what, required);
        for file in files.iter().filter(|file| sniff(&file.bytes).is_none()) {
            self.faults.add(Fault::new(name, "err-file-type").with("name", &file.name));
        }
        files
    }

    /// Files of any kind; at least one when required.
    pub fn any_files(&mut self, name: &str, what: &str, required: bool) -> Vec<&'a Upload> {
        let files: Vec<&'a Upload> =
            self.entries.all_files().iter().filter(|file| file.field == name).collect();
        if required && files.is_empty() {
            self.faults.add(Fault::new(name, "err-choose").with("what", what));
        }
        files
    }

    /// Ends the reading.
    pub fn done(self) -> Result<(), Faults> {
        if self.faults.is_empty() { Ok(()) } else { Err(self.faults) }
    }
}

/// A number too large for a day or month becomes one that no calendar has.
fn byte(value: u16) -> u8 {
    u8::try_from(value).unwrap_or(u8::MAX)
}
