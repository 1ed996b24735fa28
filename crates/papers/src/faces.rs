//! Typefaces: a complete Times-metric family where one is installed, else the embedded serif.
//!
//! Decree 30/2020 asks for Times New Roman. A family counts only when its regular, bold and italic
//! faces carry every Vietnamese letter; an old Liberation Serif (1.x), for example, does not.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use typst::foundations::Bytes;
use typst::text::{Font, FontBook, FontStyle, FontWeight};
use typst::utils::LazyHash;

use crate::limits::{FONT_BYTES_MAX, FONT_SEARCH_DEPTH, FONT_SEARCH_ENTRIES};

/// The embedded family, always there.
const EMBEDDED: &str = "Libertinus Serif";
/// Accepted families, best first, with the start of their file names (lower case, no separators).
const TIMES_LIKE: [(&str, &str); 3] =
    [("Times New Roman", "times"), ("Tinos", "tinos"), ("Liberation Serif", "liberationserif")];
/// Where systems keep shared fonts.
const FONT_FOLDERS: [&str; 4] =
    ["/usr/share/fonts", "/usr/local/share/fonts", "/Library/Fonts", "C:\\Windows\\Fonts"];
/// Every letter of Vietnamese outside ASCII, lower case; upper case is derived.
const VIETNAMESE: &str = "áàảãạăắằẳẵặâấầẩẫậđéèẻẽẹêếềểễệíìỉĩịóòỏõọôốồổỗộơớờởỡợúùủũụưứừửữựýỳỷỹỵ";

/// The loaded faces and their directory.
pub(crate) struct Faces {
    pub(crate) book: LazyHash<FontBook>,
    pub(crate) fonts: Vec<Font>,
    pub(crate) family: &'static str,
}

impl Faces {
    /// Whether the main family can print `c` in the faces that forms use.
    pub(crate) fn covers(&self, c: char) -> bool {
        covered(&self.fonts, self.family, c)
    }
}

/// The faces of this machine, searched once and then kept.
pub(crate) fn faces() -> &'static Faces {
    static FACES: OnceLock<Faces> = OnceLock::new();
    FACES.get_or_init(|| load(&FONT_FOLDERS.map(PathBuf::from)))
}

/// Name of the family that papers are set in on this machine.
#[must_use]
pub fn typeface() -> &'static str {
    faces().family
}

/// Loads the best complete family from `folders`, always with the embedded one behind it.
fn load(folders: &[PathBuf]) -> Faces {
    let mut fonts: Vec<Font> = installed(folders);
    let family = TIMES_LIKE
        .iter()
        .map(|(family, _)| *family)
        .find(|family| complete(&fonts, family))
        .unwrap_or(EMBEDDED);
    fonts.retain(|font| font.info().family == family);
    fonts.extend(
        typst_assets::fonts()
            .flat_map(|data| Font::iter(Bytes::new(data)))
            .filter(|font| font.info().family == EMBEDDED),
    );
    Faces { book: LazyHash::new(FontBook::from_fonts(&fonts)), fonts, family }
}

/// Whether regular, bold and italic of `family` carry all of Vietnamese.
fn complete(fonts: &[Font], family: &str) -> bool {
    VIETNAMESE.chars().flat_map(|c| std::iter::once(c).chain(c.to_uppercase())).all(|c| {
        // Three faces have to exist, and each has to carry the letter.
        covered(fonts, family, c)
    })
}

fn covered(fonts: &[Font], family: &str, c: char) -> bool {
    let has = |style: FontStyle, weight: FontWeight| {
        fonts.iter().any(|font| {
            let info = font.info();
            info.family == family
                && info.variant.style == style
                && info.variant.weight == weight
                && info.coverage.contains(c as u32)
        })
    };
    has(FontStyle::Normal, FontWeight::REGULAR)
        && has(FontStyle::Normal, FontWeight::BOLD)
        && has(FontStyle::Italic, FontWeight::REGULAR)
}

/// Reads the font files of the accepted families. What cannot be read is passed over: the embedded
/// family stands behind.
fn installed(folders: &[PathBuf]) -> Vec<Font> {
    let mut found = Vec::new();
    let mut budget = FONT_SEARCH_ENTRIES;
    for folder in folders {
        search(folder, FONT_SEARCH_DEPTH, &mut budget, &mut found);
    }
    // The order of directory entries is not fixed; papers should not depend on it.
    found.sort();
    found
        .iter()
        .filter_map(|path| std::fs::read(path).ok())
        .flat_map(|data| Font::iter(Bytes::new(data)).collect::<Vec<_>>())
        .collect()
}

fn search(folder: &Path, depth: usize, budget: &mut usize, found: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        if *budget == 0 {
            return;
        }
        *budget -= 1;
        let (path, Ok(kind)) = (entry.path(), entry.file_type()) else { continue };
        if kind.is_dir() && depth > 0 {
            search(&path, depth - 1, budget, found);
        } else if is_candidate(&path)
            && entry.metadata().is_ok_and(|meta| meta.len() <= FONT_BYTES_MAX)
        {
            found.push(path);
        }
    }
}

fn is_candidate(path: &Path) -> bool {
    let Some(name) = path.file_name().and_then(|name| name.to_str()) else { return false };
    let name: String =
        name.to_lowercase().chars().filter(|c| !matches!(c, ' ' | '-' | '_')).collect();
    let is_font = [".ttf", ".otf", ".ttc"].iter().any(|end| name.ends_with(end));
    is_font && TIMES_LIKE.iter().any(|(_, start)| name.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_family_is_complete_for_vietnamese() {
        let faces = load(&[]);
        assert_eq!(faces.family, EMBEDDED);
        assert!(complete(&faces.fonts, EMBEDDED));
    }

    #[test]
    fn a_false_font_file_falls_back_to_the_embedded_family() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("Times_New_Roman.ttf"), b"not a font").unwrap();
        let faces = load(&[folder.path().to_owned()]);
        assert_eq!(faces.family, EMBEDDED);
    }

    #[test]
    fn an_uncovered_sign_is_known() {
        assert!(load(&[]).covers('ữ'));
        assert!(!load(&[]).covers('ក'));
    }

    #[test]
    fn only_times_like_files_are_read() {
        assert!(is_candidate(Path::new("LiberationSerif-Bold.ttf")));
        assert!(is_candidate(Path::new("Times_New_Roman.ttf")));
        assert!(!is_candidate(Path::new("DejaVuSerif.ttf")));
        assert!(!is_candidate(Path::new("times.txt")));
    }
}
