//! Line drawings beside the words of tiles; each is the body of a 24 × 24 SVG.

const HEART: &str = r#"<path d="M12 20s-8-5-8-10a4 4 0 0 1 8-2 4 4 0 0 1 8 2c0 5-8 10-8 10z"/>"#;
const CARD: &str =
    r#"<rect x="3" y="5" width="18" height="14" rx="2"/><circle cx="8.5" cy="11" r="2"/>"#;

/// The drawing for a field of administration, by words of its Vietnamese name.
pub(super) fn of_field(field: &str) -> &'static str {
    let folded = kernel::fold::fold(field);
    let known = [
        ("ho tich", r#"<circle cx="12" cy="7" r="3.6"/><path d="M5 21c0-5 3-8 7-8s7 3 7 8"/>"#),
        ("dat dai", r#"<path d="M3 8l6-3 6 3 6-3v11l-6 3-6-3-6 3z"/><path d="M9 5v11M15 8v11"/>"#),
        ("xay dung", r#"<path d="M3 21h18M5 21V10l7-6 7 6v11M10 21v-6h4v6"/>"#),
        ("chung thuc", r#"<path d="M6 3h9l4 4v14H6z"/><path d="M9 13l2 2 4-4"/>"#),
        ("kinh doanh", r#"<path d="M4 9l1-5h14l1 5M4 9h16v11H4zM10 20v-6h4v6"/>"#),
        ("cu tru", CARD),
        ("thuy san", r#"<path d="M3 12c4-6 10-6 14 0-4 6-10 6-14 0zM17 12l4-3v6z"/>"#),
        ("nguoi co cong", HEART),
        ("bao tro", HEART),
    ];
    let found = known.iter().find(|(word, _)| folded.contains(word)).map(|(_, drawing)| *drawing);
    found.unwrap_or(r#"<path d="M6 3h9l4 4v14H6z"/><path d="M9 11h7M9 15h7"/>"#)
}
