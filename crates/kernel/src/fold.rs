//! Folding of Vietnamese text for search: composed, lower case, marks off, đ to d.
//!
//! Neither database folds Vietnamese rightly, so the folded text is made here and stored beside the
//! exact one.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Folds a text for search. Runs of anything but letters and digits become one space.
#[must_use]
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut gap = false;
    for c in text.nfd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase) {
        let c = if c == 'đ' { 'd' } else { c };
        if c.is_alphanumeric() {
            if gap && !out.is_empty() {
                out.push(' ');
            }
            gap = false;
            out.push(c);
        } else {
            gap = true;
        }
    }
    out
}

/// The distinct folded words of a text, in order of first appearance.
#[must_use]
pub fn words(text: &str) -> Vec<String> {
    let mut seen: Vec<String> = Vec::new();
    for word in fold(text).split(' ').filter(|w| !w.is_empty()) {
        if !seen.iter().any(|s| s == word) {
            seen.push(word.to_owned());
        }
    }
    seen
}

/// The first letters of the folded words: "Đăng ký khai sinh" gives "dkks".
#[must_use]
pub fn initials(text: &str) -> String {
    fold(text).split(' ').filter_map(|w| w.chars().next()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_go_and_d_with_stroke_becomes_d() {
        assert_eq!(fold("Đăng ký KHAI SINH"), "dang ky khai sinh");
        assert_eq!(fold("Nguyễn  Thị-Ặc"), "nguyen thi ac");
        assert_eq!(fold("e\u{302}\u{301}"), "e");
    }

    #[test]
    fn words_are_distinct_and_initials_follow() {
        assert_eq!(words("Trần trần Văn"), ["tran", "van"]);
        assert_eq!(initials("Đăng ký hộ kinh doanh"), "dkhkd");
    }
}
