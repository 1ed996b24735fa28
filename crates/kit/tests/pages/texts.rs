//! Every key that the kit's sources and templates use exists.

use std::fs;
use std::path::Path;

use kit::Lang;
use kit::texts::{Texts, uses};

fn visit(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            visit(&path, found);
        } else if let Ok(source) = fs::read_to_string(&path) {
            let name = path.display().to_string();
            found.extend(
                uses(&source).into_iter().map(|one| (one.key, format!("{name}:{}", one.line))),
            );
        }
    }
}

#[test]
fn keys_used_by_the_kit_exist() {
    let mut found = Vec::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for folder in ["src", "templates"] {
        visit(&root.join(folder), &mut found);
    }
    assert!(found.len() > 40);
    let keys = Texts::load().keys(Lang::Vi);
    let missing: Vec<_> = found
        .iter()
        .filter(|(key, place)| {
            !place.contains("tests.rs") && !place.contains("scan.rs") && !keys.contains_key(key)
        })
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn every_state_of_a_case_has_its_word() {
    let states = "draft submitted pre_supplement rejected accepted processing processing.assign \
        processing.appraise processing.consult processing.field processing.meeting \
        processing.review processing.sign processing.stamp interlinked supplement supplemented \
        fin_duty withdraw_req withdrawn stopped result_ready returned suspended_lawful";
    let keys = Texts::load().keys(Lang::En);
    for state in states.split_whitespace() {
        assert!(keys.contains_key(&kit::pieces::state_key(state)), "{state}");
    }
}
