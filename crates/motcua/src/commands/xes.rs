//! XES (IEEE 1849-2016), written as a stream: a log of traces of events for process mining.

use kernel::calendar::Instant;
use std::io::{self, Write};

/// An attribute of a trace or an event.
pub(super) enum Value<'a> {
    /// Text.
    Text(&'a str),
    /// A moment, in the law's time zone.
    At(Instant),
    /// A whole number.
    Whole(i64),
}

/// One event of a trace; the first three are promised for every event.
pub(super) struct Line<'a> {
    /// `concept:name`.
    pub(super) name: &'a str,
    /// `time:timestamp`.
    pub(super) at: Instant,
    /// `lifecycle:transition`, a transition of the standard life cycle.
    pub(super) transition: &'static str,
    /// The others: key and value.
    pub(super) more: Vec<(&'static str, Value<'a>)>,
}

/// A log under way.
pub(super) struct Log<W: Write> {
    out: W,
}

/// What comes before the first trace: extensions, what every trace and event has, classifiers.
const HEAD: &str = "\
<?xml version=\"1.0\" encoding=\"UTF-8\"?>
<log xes.version=\"1849-2016\" xes.features=\"\" xmlns=\"http://www.xes-standard.org/\">
  <extension name=\"Concept\" prefix=\"concept\" \
uri=\"http://www.xes-standard.org/concept.xesext\"/>
  <extension name=\"Time\" prefix=\"time\" uri=\"http://www.xes-standard.org/time.xesext\"/>
  <extension name=\"Lifecycle\" prefix=\"lifecycle\" \
uri=\"http://www.xes-standard.org/lifecycle.xesext\"/>
  <extension name=\"Organizational\" prefix=\"org\" uri=\"http://www.xes-standard.org/org.xesext\"/>
  <global scope=\"trace\">
    <string key=\"concept:name\" value=\"\"/>
  </global>
  <global scope=\"event\">
    <string key=\"concept:name\" value=\"\"/>
    <date key=\"time:timestamp\" value=\"1970-01-01T00:00:00+00:00\"/>
    <string key=\"lifecycle:transition\" value=\"complete\"/>
  </global>
  <classifier name=\"Activity\" keys=\"concept:name\"/>
  <classifier name=\"Activity and transition\" keys=\"concept:name lifecycle:transition\"/>
  <string key=\"lifecycle:model\" value=\"standard\"/>
";

impl<W: Write> Log<W> {
    /// Begins a log.
    pub(super) fn begin(mut out: W) -> io::Result<Self> {
        out.write_all(HEAD.as_bytes())?;
        Ok(Self { out })
    }

    /// Writes one trace.
    pub(super) fn trace(
        &mut self,
        attributes: &[(&str, Value<'_>)],
        lines: &[Line<'_>],
    ) -> io::Result<()> {
        self.out.write_all(b"  <trace>\n")?;
        for (key, value) in attributes {
            self.attribute("    ", key, value)?;
        }
        for line in lines {
            self.out.write_all(b"    <event>\n")?;
            self.attribute("      ", "concept:name", &Value::Text(line.name))?;
            self.attribute("      ", "time:timestamp", &Value::At(line.at))?;
            self.attribute("      ", "lifecycle:transition", &Value::Text(line.transition))?;
            for (key, value) in &line.more {
                self.attribute("      ", key, value)?;
            }
            self.out.write_all(b"    </event>\n")?;
        }
        self.out.write_all(b"  </trace>\n")
    }

    fn attribute(&mut self, indent: &str, key: &str, value: &Value<'_>) -> io::Result<()> {
        let (kind, text) = match value {
            Value::Text(text) => ("string", escaped(text)),
            Value::At(at) => ("date", at.to_string()),
            Value::Whole(number) => ("int", number.to_string()),
        };
        writeln!(self.out, "{indent}<{kind} key=\"{key}\" value=\"{text}\"/>")
    }

    /// Ends the log; what it was written to comes back.
    pub(super) fn end(mut self) -> io::Result<W> {
        self.out.write_all(b"</log>\n")?;
        self.out.flush()?;
        Ok(self.out)
    }
}

/// Text as the value of an attribute; what XML 1.0 cannot hold becomes U+FFFD.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for sign in text.chars() {
        match sign {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' => out.push_str("&#9;"),
            '\n' => out.push_str("&#10;"),
            '\r' => out.push_str("&#13;"),
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use process::Document;

    #[test]
    fn what_was_written_is_read_back() {
        let name = "Thẩm định <\"hồ sơ\"> & \u{1}\n";
        let at = Instant::parse("2019-04-25T09:12:00+07:00").unwrap();
        let more = vec![("org:resource", Value::Text("kg.rg/leader")), ("n", Value::Whole(-3))];
        let lines = [
            Line { name, at, transition: "schedule", more },
            Line { name: "b", at, transition: "complete", more: Vec::new() },
        ];
        let mut log = Log::begin(Vec::new()).unwrap();
        log.trace(&[("concept:name", Value::Text("T-1"))], &lines).unwrap();
        log.trace(&[("concept:name", Value::Text("T-2"))], &[]).unwrap();
        let written = log.end().unwrap();
        let root = Document::read(&written, "log.xes").unwrap().root().unwrap();
        assert_eq!((root.local.as_str(), root.attr("xes.version")), ("log", Some("1849-2016")));
        assert_eq!(root.namespace, "http://www.xes-standard.org/");
        // The order of the standard's schema.
        let mut kinds: Vec<&str> = root.children.iter().map(|c| c.local.as_str()).collect();
        kinds.dedup();
        assert_eq!(kinds, ["extension", "global", "classifier", "string", "trace"]);
        let traces: Vec<_> = root.children.iter().filter(|c| c.local == "trace").collect();
        assert_eq!(traces.len(), 2);
        let events: Vec<_> = traces[0].children.iter().filter(|c| c.local == "event").collect();
        let value = |event: usize, key: &str| {
            let found = events[event].children.iter().find(|a| a.attr("key") == Some(key));
            found.map(|a| (a.local.clone(), a.attr("value").unwrap().to_owned())).unwrap()
        };
        let shown = name.replace('\u{1}', "\u{fffd}");
        assert_eq!(value(0, "concept:name"), ("string".to_owned(), shown));
        let time = ("date".to_owned(), "2019-04-25T09:12:00+07:00".to_owned());
        assert_eq!(value(0, "time:timestamp"), time);
        assert_eq!(value(0, "n"), ("int".to_owned(), "-3".to_owned()));
        assert_eq!(value(1, "lifecycle:transition").1, "complete");
    }
}
