//! The Technology Compatibility Kit of DMN: every result of every test case.

use std::path::{Path, PathBuf};

use process::dmn::contract::score;

use crate::report::{Row, Verdict};

/// Evaluates the tests of each folder.
pub fn run(folder: &Path) -> Result<Vec<Row>, String> {
    let mut rows = Vec::new();
    for inside in crate::entries(folder)?.into_iter().filter(|path| path.is_dir()) {
        let files = crate::entries(&inside)?;
        let ends = |path: &&PathBuf, end: &str| path.extension().is_some_and(|found| found == end);
        let models = files.iter().filter(|path| ends(path, "dmn"));
        let models: Vec<(String, Vec<u8>)> = models
            .map(|path| Ok((crate::name(path), crate::bytes(path)?)))
            .collect::<Result<_, String>>()?;
        for test in files.iter().filter(|path| ends(path, "xml")) {
            rows.extend(tested(&models, test)?);
        }
    }
    Ok(rows)
}

fn tested(models: &[(String, Vec<u8>)], test: &Path) -> Result<Vec<Row>, String> {
    let name = crate::name(test);
    // The model that is tested comes first; the others are those that it may import.
    let stem = name.split("-test-").next().unwrap_or_default();
    let mut lent: Vec<(&str, &[u8])> =
        models.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
    lent.sort_by_key(|(name, _)| !name.starts_with(stem));
    let row = |case: String, verdict| Row { group: "results".to_owned(), case, verdict };
    Ok(match score(&lent, &crate::bytes(test)?) {
        Ok(score) => {
            let passed = (0..score.passed).map(|_| row(name.clone(), Verdict::Passed));
            let failed = score.failed.iter().map(|(case, result, says)| {
                row(format!("{name} {case} {result}"), Verdict::Failed(says.clone()))
            });
            passed.chain(failed).collect()
        }
        Err(problems) => {
            let why = problems.first().map(ToString::to_string).unwrap_or_default();
            vec![row(name, Verdict::Failed(why))]
        }
    })
}
