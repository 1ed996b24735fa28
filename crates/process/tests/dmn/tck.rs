//! The DMN Technology Compatibility Kit, level 2, if it lies beside the project.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use process::dmn::contract::{EXIT_DONE, run, score};

/// Where the kit may be: named by the environment, or in the folder `shared` beside the project.
fn folder() -> Option<PathBuf> {
    let beside = || {
        let project = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2)?;
        Some(project.parent()?.join("shared/cases/dmn-tck"))
    };
    let named = std::env::var_os("DMN_TCK").map(PathBuf::from);
    named.or_else(beside).filter(|folder| folder.is_dir())
}

#[test]
#[expect(clippy::print_stderr, reason = "the figures are what this test is run for")]
fn level_2() {
    let Some(folder) = folder() else {
        eprintln!("SKIPPED: the DMN TCK is not there; name its folder in DMN_TCK");
        return;
    };
    let mut files: BTreeMap<PathBuf, Vec<PathBuf>> = BTreeMap::new();
    for entry in fs::read_dir(&folder).expect("the folder is read").flatten() {
        if entry.path().is_dir() {
            let inside = fs::read_dir(entry.path()).expect("the folder is read").flatten();
            files.insert(entry.path(), inside.map(|file| file.path()).collect());
        }
    }
    let (mut passed, mut failed, mut accepted) = (0, 0, 0);
    for (folder, inside) in &files {
        let read = |ending: &str| {
            let found = inside.iter().find(|file| file.to_string_lossy().ends_with(ending));
            fs::read(found.expect("the file is there")).expect("the file is read")
        };
        let (model, test) = (read(".dmn"), read(".xml"));
        let name = folder.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
        let models: [(&str, &[u8]); 1] = [("model.dmn", &model)];
        let found = score(&models, &test).unwrap_or_else(|problems| panic!("{name}: {problems:?}"));
        eprintln!("{name}: {} passed, {} failed", found.passed, found.failed.len());
        for (case, result, says) in &found.failed {
            eprintln!("  {case} {result}: {says}");
        }
        passed += found.passed;
        failed += found.failed.len();
        let (answer, exit) = run(&models, &test);
        assert_eq!(exit, EXIT_DONE, "{name}: {answer}");
        if answer.get("problems").is_none() {
            accepted += 1;
        } else {
            eprintln!("  {}", answer["problems"]);
        }
    }
    eprintln!("in all {} models: {passed} passed, {failed} failed", files.len());
    eprintln!("{accepted} models without any remark of the linter");
    assert_eq!(failed, 0);
    assert!(passed > 0);
}
