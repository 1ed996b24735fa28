//! Where outside models are found, and small models of our own.

use std::path::{Path, PathBuf};

/// Folder of outside cases, if the environment names one.
pub fn cases(part: &str) -> Option<PathBuf> {
    let Some(folder) = std::env::var_os("MOTCUA_CASES") else {
        eprintln!("SKIPPED: set MOTCUA_CASES to the folder of outside cases to run {part}");
        return None;
    };
    let folder = Path::new(&folder).join(part);
    assert!(folder.is_dir(), "MOTCUA_CASES names no folder with {part}");
    Some(folder)
}

/// All `.bpmn` files under a folder, sorted.
pub fn models(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|end| end == "bpmn") {
                let name = path.file_stem().unwrap().to_string_lossy().into_owned();
                found.push((name, std::fs::read(&path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

/// Processes of this repository.
pub fn own_models() -> Vec<(String, Vec<u8>)> {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../procedures/processes");
    if own.is_dir() { models(&own) } else { Vec::new() }
}

/// A file with this content in `definitions`.
pub fn definitions(content: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <definitions xmlns=\"http://www.omg.org/spec/BPMN/20100524/MODEL\"\n\
         xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"\n\
         xmlns:camunda=\"http://camunda.org/schema/1.0/bpmn\"\n\
         xmlns:mc=\"http://motcua.vn/bpmn/1\" id=\"D\" targetNamespace=\"urn:test\">\n\
         {content}\n</definitions>\n"
    )
}

/// A file with one process with this content.
pub fn process(content: &str) -> String {
    definitions(&format!("<process id=\"P\" isExecutable=\"true\">\n{content}\n</process>"))
}
