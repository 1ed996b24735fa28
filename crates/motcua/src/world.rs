//! What a command gets from outside: the environment, the three streams, the clock and chance.

use std::io::{self, Read, Write};

/// How a command ended; the numbers are the program's exit codes and stand in `--help`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum Exit {
    /// Done, and nothing found.
    Fine = 0,
    /// Refused, or something was found.
    Refused = 1,
    /// Wrong use, or input that cannot be read.
    Usage = 2,
    /// The data folder cannot be opened.
    Closed = 3,
    /// The data are damaged.
    Damaged = 4,
}

impl Exit {
    /// The number for the operating system.
    #[must_use]
    pub const fn code(self) -> u8 {
        self as u8
    }
}

/// The surroundings of a command. Tests make their own; `main` makes the real one.
pub struct World<'w> {
    /// Environment variables.
    pub env: Vec<(String, String)>,
    /// What the command reads.
    pub stdin: &'w mut dyn Read,
    /// Where answers go.
    pub out: &'w mut dyn Write,
    /// Where faults and progress go.
    pub err: &'w mut dyn Write,
    /// The clock: milliseconds since 1970 UTC.
    pub clock: fn() -> i64,
    /// Fills a slice with bytes that nobody can guess.
    pub dice: fn(&mut [u8]) -> io::Result<()>,
}

impl World<'_> {
    /// Writes a line to `out`. A reader that went away is not an error of ours.
    pub fn say(&mut self, line: impl std::fmt::Display) {
        let _gone = writeln!(self.out, "{line}");
    }

    /// Writes a line to `err`.
    pub fn warn(&mut self, line: impl std::fmt::Display) {
        let _gone = writeln!(self.err, "{line}");
    }
}
