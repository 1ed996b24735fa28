//! What came of the cases, as a table for the terminal and for the readme.

use std::fmt::Write as _;
use std::path::Path;

/// Failures that are known and wait to be mended: suite, case, reason. One that is here and passes
/// fails the command, so that the list never grows stale.
const KNOWN: &[(&str, &str, &str)] = &[];

/// Where the readme's table begins and ends.
const BEGIN: &str =
    "<!-- conformance: written by `cargo xtask conformance DIR --update-readme` -->";
const END: &str = "<!-- end of conformance -->";

/// How one case went.
pub enum Verdict {
    /// As expected.
    Passed,
    /// Refused by name as outside of the profile: the elements.
    Outside(Vec<String>),
    /// The suite itself says that model and expectation contradict each other.
    Disputed,
    /// Not as expected: why.
    Failed(String),
}

/// One case of a suite.
pub struct Row {
    /// The part of the suite.
    pub group: String,
    /// The case.
    pub case: String,
    /// How it went.
    pub verdict: Verdict,
}

/// The counts of one part of a suite.
#[derive(Default)]
struct Line {
    suite: String,
    group: String,
    counts: [usize; 4],
}

/// All suites.
#[derive(Default)]
pub struct Report {
    lines: Vec<Line>,
    /// The elements, and the cases that were refused for them.
    outside: Vec<(String, Vec<String>)>,
    failed: Vec<String>,
    known: Vec<String>,
    stale: Vec<String>,
}

impl Report {
    /// Takes the cases of one suite.
    pub fn add(&mut self, suite: &str, rows: Vec<Row>) {
        for Row { group, case, verdict } in rows {
            let known = KNOWN.iter().find(|(s, c, _)| *s == suite && *c == case);
            let column = match verdict {
                Verdict::Passed => {
                    self.stale.extend(known.map(|_| format!("{suite} {case}")));
                    0
                }
                Verdict::Outside(elements) => {
                    let elements = elements.join("; ");
                    let case = format!("{suite} {case}");
                    match self.outside.iter_mut().find(|(known, _)| *known == elements) {
                        Some((_, cases)) => cases.push(case),
                        None => self.outside.push((elements, vec![case])),
                    }
                    1
                }
                Verdict::Disputed => 2,
                Verdict::Failed(why) => {
                    match known {
                        Some((.., reason)) => {
                            self.known.push(format!("{suite} {case}: {why}; known: {reason}"));
                        }
                        None => self.failed.push(format!("{suite} {case}: {why}")),
                    }
                    3
                }
            };
            let there = |line: &Line| line.suite == suite && line.group == group;
            let at = self.lines.iter().position(there).unwrap_or_else(|| {
                let line = Line { suite: suite.to_owned(), group, ..Line::default() };
                self.lines.push(line);
                self.lines.len() - 1
            });
            if let Some(count) = self.lines.get_mut(at).and_then(|l| l.counts.get_mut(column)) {
                *count += 1;
            }
        }
    }

    /// Whether everything went as expected or is known.
    pub fn held(&self) -> bool {
        self.failed.is_empty() && self.stale.is_empty()
    }

    fn outside(&self) -> Vec<String> {
        let line =
            |(elements, cases): &(String, Vec<String>)| format!("{}: {elements}", cases.join(", "));
        self.outside.iter().map(line).collect()
    }

    /// The table and what did not pass, for people at a terminal.
    pub fn terminal(&self) -> String {
        let mut out = String::new();
        if !self.lines.is_empty() {
            let titles = ["cases", "passed", "outside", "disputed", "failed"];
            let _ = write!(out, "{:<18}{:<14}", "suite", "part");
            let _ = writeln!(out, "{}", titles.map(|title| format!("{title:>10}")).concat());
        }
        for line in &self.lines {
            let total: usize = line.counts.iter().sum();
            let _ = write!(out, "{:<18}{:<14}{total:>10}", line.suite, line.group);
            let _ = writeln!(out, "{}", line.counts.map(|count| format!("{count:>10}")).concat());
        }
        let lists = [
            ("refused as outside of the profile", &self.outside()),
            ("failed, known", &self.known),
            ("FAILED", &self.failed),
            ("PASSED BUT LISTED AS KNOWN FAILURE", &self.stale),
        ];
        for (title, list) in lists.iter().filter(|(_, list)| !list.is_empty()) {
            let _ = writeln!(out, "{title}:");
            for entry in *list {
                let _ = writeln!(out, "  {entry}");
            }
        }
        out
    }

    /// The table as the readme carries it.
    fn markdown(&self) -> String {
        let mut out = String::from(
            "| suite | part | cases | passed | outside the profile | disputed | failed |\n\
             |---|---|---:|---:|---:|---:|---:|\n",
        );
        for line in &self.lines {
            let total: usize = line.counts.iter().sum();
            let [passed, outside, disputed, failed] = line.counts;
            let _ = writeln!(
                out,
                "| {} | {} | {total} | {passed} | {outside} | {disputed} | {failed} |",
                line.suite, line.group
            );
        }
        let lists = [("Outside the profile", &self.outside()), ("Failed", &self.known)];
        for (title, list) in lists.iter().filter(|(_, list)| !list.is_empty()) {
            let _ = writeln!(out, "\n{title}:");
            for entry in *list {
                let _ = writeln!(out, "* {entry}");
            }
        }
        out
    }

    /// Puts the table between the marks of a readme.
    ///
    /// # Errors
    /// The file cannot be read or written, or lacks the marks.
    pub fn write_into(&self, readme: &Path) -> Result<(), String> {
        let shown = readme.display();
        let old = std::fs::read_to_string(readme).map_err(|why| format!("{shown}: {why}"))?;
        let marks = old.split_once(BEGIN).and_then(|(before, rest)| {
            let (_, after) = rest.split_once(END)?;
            Some((before, after))
        });
        let Some((before, after)) = marks else {
            return Err(format!("{shown}: the marks {BEGIN} and {END} are not there"));
        };
        let new = format!("{before}{BEGIN}\n{}{END}{after}", self.markdown());
        if new != old {
            std::fs::write(readme, new).map_err(|why| format!("{shown}: {why}"))?;
        }
        Ok(())
    }
}
