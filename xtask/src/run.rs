//! Runs other programs, shows what they print as they print it, and counts the tests they report.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;

/// Tests that passed and failed.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Count {
    /// Passed.
    pub passed: u64,
    /// Failed.
    pub failed: u64,
}

/// A cargo command in the root of the workspace.
pub fn cargo(args: &[&str]) -> Command {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.args(args).current_dir(crate::tree::root());
    command
}

/// A program with fixed arguments, then those of the caller, in the root of the workspace.
pub fn program(path: &Path, fixed: &[&str], args: &[String]) -> Command {
    let mut command = Command::new(path);
    command.args(fixed).args(args).current_dir(crate::tree::root());
    command
}

/// Whether a program is there and starts.
pub fn starts(name: &str, arg: &str) -> bool {
    let mut command = Command::new(name);
    command.arg(arg).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// Runs it with the terminal handed over; whether it ended well.
pub fn passes(mut command: Command) -> bool {
    match command.status() {
        Ok(status) => status.success(),
        Err(why) => {
            println!("{}: {why}", command.get_program().display());
            false
        }
    }
}

/// What a command wrote to stdout, or why it did not run.
///
/// # Errors
/// It did not start, or ended badly: what it wrote to stderr.
pub fn output(mut command: Command) -> Result<String, String> {
    let name = command.get_program().display().to_string();
    let out = command.output().map_err(|why| format!("{name}: {why}"))?;
    if out.status.success() {
        Ok(String::from_utf8_lossy(&out.stdout).into_owned())
    } else {
        Err(format!("{name}: {}", String::from_utf8_lossy(&out.stderr).trim()))
    }
}

/// Runs it, shows its lines, and counts the tests that they report; whether it ended well.
pub fn counted(mut command: Command) -> (bool, Count) {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = match command.spawn() {
        Ok(child) => child,
        Err(why) => {
            println!("{}: {why}", command.get_program().display());
            return (false, Count::default());
        }
    };
    let (out, err) = (child.stdout.take(), child.stderr.take());
    let other = thread::spawn(move || err.map(show).unwrap_or_default());
    let mut count = out.map(show).unwrap_or_default();
    let rest = other.join().unwrap_or_default();
    count.passed += rest.passed;
    count.failed += rest.failed;
    (child.wait().is_ok_and(|status| status.success()), count)
}

fn show(stream: impl Read) -> Count {
    let mut count = Count::default();
    for line in BufReader::new(stream).split(b'\n').map_while(Result::ok) {
        let line = String::from_utf8_lossy(&line).into_owned();
        println!("{line}");
        if let Some(found) = report(&plain(&line)) {
            count.passed += found.passed;
            count.failed += found.failed;
        }
    }
    count
}

/// A line without the colours of a terminal.
fn plain(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        if c == '\u{1b}' {
            chars.by_ref().find(char::is_ascii_alphabetic);
        } else {
            out.push(c);
        }
    }
    out
}

/// The counts in a summary line of nextest, of cargo's own runner, of the browser journeys or of
/// the fuzzing.
fn report(line: &str) -> Option<Count> {
    let line = line.trim();
    let nextest = line.starts_with("Summary [") && line.contains(" run:");
    let cargo = line.starts_with("test result:");
    let own = line.starts_with("journeys:") || line.starts_with("fuzz:");
    if !(nextest || cargo || own) {
        return None;
    }
    let number = |word: &str| {
        let words: Vec<&str> = line.split([' ', ',', ';', ':', '(', ')']).collect();
        let at = words.iter().position(|w| *w == word)?;
        words.get(at.checked_sub(1)?)?.parse().ok()
    };
    let timed_out = number("timed").unwrap_or(0);
    let failed = number("failed").unwrap_or(0) + timed_out;
    Some(Count { passed: number("passed").unwrap_or(0), failed })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn summaries_of_the_runners_are_read() {
        let of = |line| report(&plain(line)).map(|c| (c.passed, c.failed));
        let nextest =
            "     Summary [   0.005s] 7 tests run: 5 passed (1 slow), 2 failed, 3 skipped";
        assert_eq!(of(nextest), Some((5, 2)));
        let coloured = "\u{1b}[32;1m     Summary\u{1b}[0m [   0.005s] \u{1b}[1m2\u{1b}[0m tests run: \u{1b}[1m2\u{1b}[0m \u{1b}[32;1mpassed\u{1b}[0m, 0 skipped";
        assert_eq!(of(coloured), Some((2, 0)));
        let cargo =
            "test result: FAILED. 4 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out";
        assert_eq!(of(cargo), Some((4, 1)));
        assert_eq!(of("journeys: 3 passed, 1 failed"), Some((3, 1)));
        assert_eq!(of("fuzz: 9 passed, 0 failed"), Some((9, 0)));
        assert_eq!(of("a text about tests that passed"), None);
    }
}
