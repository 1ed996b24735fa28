//! A bar chart drawn on the server: each bar with its words and its number written beside it, so
//! that nothing is said by colour or length alone; it prints. The page sets the table with the same
//! numbers under it.

use askama::Template;
use askama::filters::HtmlSafe;

/// Width of the drawing, in its own units.
const WIDTH: f64 = 640.0;
/// Height of a bar with its words.
const ROW: usize = 48;
/// From the top of a row to the foot of its words, and to its bar.
const WORDS: usize = 18;
const BAR: usize = 26;
/// Characters of a label that fit beside the number on a narrow page; the table has all of it.
const LABEL_CHARS: usize = 38;

/// One bar.
#[derive(Debug, Clone, PartialEq)]
pub struct Bar {
    /// What it stands for.
    pub label: String,
    /// Its number as people read it.
    pub value: String,
    /// Its length, 0 to 1.
    pub share: f64,
    /// What the others are compared with; drawn darker.
    pub base: bool,
}

/// A chart: `{{ chart }}`.
#[derive(Debug, Clone, Template)]
#[template(path = "kit/bars.html")]
pub struct Bars {
    /// Begins the ids in the page; no two charts of a page have the same.
    pub id: String,
    /// What is shown.
    pub title: String,
    /// How to read it.
    pub hint: String,
    /// The bars from the top.
    pub bars: Vec<Bar>,
}

impl HtmlSafe for Bars {}

/// A bar with its place.
struct Placed<'a> {
    bar: &'a Bar,
    label: String,
    words_y: usize,
    bar_y: usize,
    width: String,
}

impl Bars {
    /// The whole chart in words, for whoever does not see it.
    fn told(&self) -> String {
        let one = |bar: &Bar| format!("{}: {}", bar.label, bar.value);
        self.bars.iter().map(one).collect::<Vec<_>>().join("; ")
    }

    fn height(&self) -> usize {
        self.bars.len() * ROW
    }

    fn placed(&self) -> Vec<Placed<'_>> {
        let place = |(at, bar)| placed(at, bar);
        self.bars.iter().enumerate().map(place).collect()
    }
}

fn placed(at: usize, bar: &Bar) -> Placed<'_> {
    let share = if bar.share.is_finite() { bar.share.clamp(0.0, 1.0) } else { 0.0 };
    Placed {
        label: short(&bar.label),
        words_y: at * ROW + WORDS,
        bar_y: at * ROW + BAR,
        width: format!("{:.1}", share * WIDTH),
        bar,
    }
}

fn short(label: &str) -> String {
    if label.chars().count() <= LABEL_CHARS {
        return label.to_owned();
    }
    let kept: String = label.chars().take(LABEL_CHARS - 1).collect();
    format!("{}…", kept.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bar(label: &str, value: &str, share: f64) -> Bar {
        Bar { label: label.to_owned(), value: value.to_owned(), share, base: false }
    }

    fn chart(bars: Vec<Bar>) -> String {
        let (title, hint) = ("Đúng hạn <1>".to_owned(), "Càng dài càng nhiều".to_owned());
        Bars { id: "dung-han".to_owned(), title, hint, bars }.render().unwrap()
    }

    #[test]
    fn each_bar_has_its_words_its_number_and_its_length() {
        let mut first = bar("Hiện nay", "87,5%", 0.875);
        first.base = true;
        let drawn = chart(vec![first, bar("Thêm một văn thư", "100%", 1.0)]);
        assert!(drawn.contains("viewBox=\"0 0 640 96\""), "{drawn}");
        assert_eq!(drawn.matches("<rect").count(), 4, "a track and a bar each: {drawn}");
        for words in [
            "role=\"img\" aria-labelledby=\"dung-han-t dung-han-d\"",
            "<desc id=\"dung-han-d\">Hiện nay: 87,5%; Thêm một văn thư: 100%</desc>",
            "class=\"c-ink\" x=\"0\" y=\"26\" width=\"560.0\"",
            "class=\"c-sea\" x=\"0\" y=\"74\" width=\"640.0\"",
            ">87,5%</text>",
        ] {
            assert!(drawn.contains(words), "{words}: {drawn}");
        }
    }

    #[test]
    fn what_people_wrote_is_escaped_and_no_length_leaves_the_drawing() {
        let long = "Bàn ".repeat(20);
        let bars =
            vec![bar("<script>\"&", "1 < 2", f64::NAN), bar(&long, "x", 7.0), bar("", "y", -1.0)];
        let drawn = chart(bars);
        assert!(!drawn.contains("<script") && !drawn.contains("1 < 2"), "{drawn}");
        assert!(drawn.contains("Đúng hạn &#60;1&#62;</title>"), "{drawn}");
        assert!(
            drawn.contains("…</text>") && drawn.contains(long.trim_end()),
            "cut in the drawing"
        );
        assert_eq!(drawn.matches("width=\"0.0\"").count(), 2, "{drawn}");
        // The bar, and the three tracks behind.
        assert_eq!(drawn.matches("width=\"640").count(), 1 + 3, "{drawn}");
    }

    #[test]
    fn a_chart_without_bars_has_no_height() {
        assert!(chart(Vec::new()).contains("viewBox=\"0 0 640 0\""));
    }
}
