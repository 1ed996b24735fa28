//! What is wrong with a seed file: file, line, field and reason. Collected up to a limit.

use std::fmt;

/// Most faults kept of one reading; more are only counted.
pub const FAULTS_MAX: usize = 200;

/// One fault in the seeds.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct SeedFault {
    /// The file, relative to the seeds folder.
    pub file: String,
    /// Line from 1; 0 for the file as a whole.
    pub line: u64,
    /// Column or key; empty where no single one is at fault.
    pub field: String,
    /// "expected …, but …", in English.
    pub reason: String,
}

impl fmt::Display for SeedFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: ", self.file, self.line)?;
        if !self.field.is_empty() {
            write!(f, "{}: ", self.field)?;
        }
        f.write_str(&self.reason)
    }
}

impl std::error::Error for SeedFault {}

/// Collects faults while reading goes on, so that all of them are named at once.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    list: Vec<SeedFault>,
    left_out: usize,
}

impl Faults {
    pub(crate) fn add(&mut self, file: &str, line: u64, field: &str, reason: impl Into<String>) {
        if self.list.len() >= FAULTS_MAX {
            self.left_out += 1;
            return;
        }
        let (file, field, reason) = (file.to_owned(), field.to_owned(), reason.into());
        self.list.push(SeedFault { file, line, field, reason });
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The faults in order of file and line, each once; the last one tells how many were left out.
    pub(crate) fn into_list(mut self) -> Vec<SeedFault> {
        self.list.sort();
        self.list.dedup();
        if self.left_out > 0 {
            let reason = format!("{} more faults are not listed", self.left_out);
            self.list.push(SeedFault { file: "*".into(), line: 0, field: String::new(), reason });
        }
        self.list
    }
}
