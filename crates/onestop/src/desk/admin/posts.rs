//! Posts found by a few letters of title or unit, as choices of a form: without a script one types,
//! presses the button, and picks.

use super::words;
use crate::view;
use kernel::access::StaffScope;
use kernel::calendar::Date;
use kernel::catalogue::Catalogue;
use kernel::fold::fold;
use kernel::org::Post;
use kit::{Entries, Faults, Field, T};

/// Posts that one search offers.
const OFFERED: usize = 25;

/// The field that one types into, and the posts found by it.
pub(super) struct Picker {
    /// What was typed.
    pub(super) typed: Field,
    /// The posts to pick from; none before the first search.
    pub(super) post: Option<Field>,
    /// How many more there are.
    pub(super) more: usize,
    /// Something was typed, and nothing fits.
    pub(super) none: bool,
}

/// The posts in reach whose key, title or unit has all the words typed; units that are over on the
/// day are left out.
fn found<'c>(
    catalogue: &'c Catalogue,
    (scope, today): (&StaffScope, Date),
    typed: &str,
) -> Vec<&'c Post> {
    if let Some(post) = catalogue.staff.post(typed.trim()) {
        let theirs = scope.grant(&post.unit, &catalogue.tree).is_some();
        return Some(post).filter(|_| theirs).into_iter().collect();
    }
    let folded = fold(typed);
    let wanted: Vec<&str> = folded.split(' ').filter(|word| !word.is_empty()).collect();
    let fits = |post: &&Post| {
        let Some(unit) = catalogue.tree.unit(&post.unit) else { return false };
        if unit.valid.to.is_some_and(|to| to < today) {
            return false;
        }
        let role = post.role.as_str();
        let text =
            format!("{} {} {} {} {role}", post.title, post.title_en, unit.name, unit.name_en);
        let text = fold(&text);
        let has = |word: &&str| text.split(' ').any(|one| one.starts_with(*word));
        wanted.iter().all(has) && scope.grant(&post.unit, &catalogue.tree).is_some()
    };
    if wanted.is_empty() {
        return Vec::new();
    }
    catalogue.staff.posts().into_iter().filter(fits).collect()
}

impl Picker {
    /// The picker with what was typed and picked.
    pub(super) fn new(
        (catalogue, t): (&Catalogue, T),
        reach: (&StaffScope, Date),
        (entries, faults): (&Entries, &Faults),
    ) -> Self {
        let typed = entries.text("tim");
        let picked = entries.text("post");
        let asked = if typed.is_empty() { picked } else { typed };
        let all = found(catalogue, reach, asked);
        let label = Field::text(t, "tim", t.s("admin-find-post")).hint(t.s("admin-find-post-hint"));
        let mut typed_field = label.fill(entries, &Faults::new());
        if typed.is_empty() && !picked.is_empty() {
            typed_field = typed_field.value(picked);
        }
        if all.is_empty() {
            typed_field.error = faults.of("post").map(|f| f.text(t)).unwrap_or_default();
        }
        let post = (!all.is_empty()).then(|| {
            let offer = |field: Field, post: &&Post| {
                let unit = view::unit(catalogue, t, &post.unit);
                field.choice_hint(&post.id, words::title(t, post), unit)
            };
            let field = Field::radio(t, "post", t.s("admin-post"));
            let field = all.iter().take(OFFERED).fold(field, offer).fill(entries, faults);
            match all.as_slice() {
                [only] if picked.is_empty() => {
                    let error = field.error.clone();
                    let mut field = field.value(&only.id);
                    field.error = error;
                    field
                }
                _ => field,
            }
        });
        Self {
            none: all.is_empty() && !asked.is_empty(),
            more: all.len().saturating_sub(OFFERED),
            typed: typed_field,
            post,
        }
    }
}
