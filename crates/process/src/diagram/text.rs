//! Words in a picture: escaped, broken into lines by an estimate of their width.

use std::fmt::Write as _;

/// Width of an average character at the size of the picture's text, in pixels.
const CHARACTER: f64 = 6.4;
/// Distance of two lines.
pub(super) const LINE: f64 = 14.0;

/// Text for an element or an attribute in double quotes.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

/// Lines of at most this width; what does not fit into `most` lines ends in an ellipsis.
pub(super) fn wrap(text: &str, width: f64, most: usize) -> Vec<String> {
    let room = (width / CHARACTER).max(4.0) as usize;
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        let mut word = word.to_owned();
        while let Some(rest) = tail(&word, room) {
            let head: String = word.chars().take(room).collect();
            lines.push(head);
            word = rest;
        }
        match lines.last_mut() {
            Some(line) if length(line) + 1 + length(&word) <= room => {
                line.push(' ');
                line.push_str(&word);
            }
            _ => lines.push(word),
        }
        if lines.len() > most {
            break;
        }
    }
    if lines.len() > most {
        lines.truncate(most);
        if let Some(last) = lines.last_mut() {
            let kept: String = last.chars().take(room.saturating_sub(1)).collect();
            *last = format!("{}…", kept.trim_end());
        }
    }
    lines
}

fn length(text: &str) -> usize {
    text.chars().count()
}

fn tail(word: &str, room: usize) -> Option<String> {
    (length(word) > room).then(|| word.chars().skip(room).collect())
}

/// White around letters that stand on lines.
const HALO: &str = " stroke=\"#ffffff\" stroke-width=\"3\" paint-order=\"stroke\"";

/// Lines at a point, begun at `top`; `free` ones stand outside of shapes and may cross lines.
pub(super) fn lines(
    out: &mut String,
    lines: &[String],
    (x, top): (f64, f64),
    anchor: &str,
    free: bool,
) {
    let halo = if free { HALO } else { "" };
    for (n, line) in lines.iter().enumerate() {
        let y = top + LINE * n as f64 + 11.0;
        // Writing to a String cannot fail.
        let _ = write!(
            out,
            "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\" \
             fill=\"#1a1a1a\"{halo}>{}</text>",
            escape(line)
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_broken_into_lines() {
        assert_eq!(wrap("Trình lãnh đạo phê duyệt", 64.0, 3), ["Trình lãnh", "đạo phê", "duyệt"]);
        assert_eq!(wrap("a bb ccc dddd eeeee", 32.0, 2), ["a bb", "ccc…"]);
        assert_eq!(wrap("abcdefghij", 32.0, 3), ["abcde", "fghij"]);
        assert!(wrap("", 64.0, 3).is_empty());
        assert_eq!(escape("<a b=\"c\">&'\u{1}"), "&lt;a b=&quot;c&quot;&gt;&amp;&#39; ");
    }
}
