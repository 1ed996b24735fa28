//! For each rule a file that breaks it and one that does not.

/// Code, broken, sound; the files are content of `definitions`. A rule may have several.
pub fn samples() -> Vec<(&'static str, &'static str, &'static str)> {
    let entries = include_str!("rule_samples.txt").split("\n# ").skip(1);
    let parts = |entry: &'static str| {
        let (code, files) = entry.split_once('\n').unwrap();
        let (broken, sound) = files.split_once("\n= sound\n").unwrap();
        (code, broken, sound)
    };
    entries.map(parts).collect()
}
