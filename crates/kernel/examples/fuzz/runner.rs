//! Runs all targets side by side, each in a process of its own; what fails is made smaller.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::thread;
use std::time::Instant;

use crate::targets::{ALL, Target};
use crate::{Wanted, watch};

/// Most tries to make an input smaller.
const TRIES_MAX: usize = 300;
/// Most seconds for that.
const SMALLER_SECONDS: u64 = 60;

/// Runs every target; whether none found anything.
pub fn all(wanted: &Wanted) -> Result<bool, String> {
    let program = std::env::current_exe().map_err(|why| why.to_string())?;
    std::fs::create_dir_all(&wanted.out)
        .map_err(|why| format!("{}: {why}", wanted.out.display()))?;
    // What an earlier run saved is not blamed on this one.
    for target in &ALL {
        while let Some(file) = saved(&wanted.out, target) {
            std::fs::remove_file(&file).map_err(|why| format!("{}: {why}", file.display()))?;
        }
    }
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let waiting = Mutex::new(ALL.iter());
    let found: Mutex<Vec<&'static Target>> = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..cores {
            scope.spawn(|| {
                while let Some(target) = waiting.lock().ok().and_then(|mut all| all.next()) {
                    if !one(&program, target, wanted)
                        && let Ok(mut found) = found.lock()
                    {
                        found.push(target);
                    }
                }
            });
        }
    });
    let found = found.into_inner().map_err(|why| why.to_string())?;
    println!("fuzz: {} passed, {} failed", ALL.len() - found.len(), found.len());
    Ok(found.is_empty())
}

/// One target; whether nothing was found.
fn one(program: &Path, target: &Target, wanted: &Wanted) -> bool {
    let (seconds, seed) = (wanted.seconds.to_string(), wanted.seed.to_string());
    let flags = ["--seconds", &seconds, "--seed", &seed];
    if passes(program, target, &flags, wanted, false) {
        return true;
    }
    // A process that died by itself saved nothing: the same inputs again, each saved before.
    if saved(&wanted.out, target).is_none() {
        let place = std::fs::read_to_string(watch::place_file(&wanted.out, target.name));
        let from = place.unwrap_or_default();
        let flags = ["--careful", "--from", from.trim(), "--seconds", "60", "--seed", &seed];
        passes(program, target, &flags, wanted, false);
    }
    let Some(file) = saved(&wanted.out, target) else {
        println!("{}: failed, but not a second time; seed {seed}", target.name);
        return false;
    };
    smaller(program, target, &file, wanted);
    println!(
        "repeat: cargo run -p kernel --example fuzz -- {} --replay {}",
        target.name,
        file.display()
    );
    false
}

fn passes(program: &Path, target: &Target, flags: &[&str], wanted: &Wanted, silent: bool) -> bool {
    let mut command = Command::new(program);
    command.arg(target.name).args(flags).arg("--out").arg(&wanted.out);
    if silent {
        command.stdout(Stdio::null()).stderr(Stdio::null());
    }
    command.status().is_ok_and(|status| status.success())
}

/// The input that a target saved.
fn saved(out: &Path, target: &Target) -> Option<PathBuf> {
    let entries = std::fs::read_dir(out).ok()?;
    let begins = format!("{}-", target.name);
    let is_input = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        name.starts_with(&begins) && name.ends_with(".input")
    };
    entries.flatten().map(|entry| entry.path()).find(is_input)
}

/// Leaves out parts of an input, large ones first, as long as it still fails.
fn smaller(program: &Path, target: &Target, file: &Path, wanted: &Wanted) {
    let Ok(mut bytes) = std::fs::read(file) else { return };
    let trial = file.with_extension("trial");
    let trial_text = trial.to_string_lossy().into_owned();
    #[expect(clippy::disallowed_methods, reason = "the search ends by the clock")]
    let began = Instant::now();
    let (mut part, mut tries) = (bytes.len() / 2, 0);
    while part > 0 {
        let mut at = 0;
        while at < bytes.len() {
            if tries >= TRIES_MAX || began.elapsed().as_secs() > SMALLER_SECONDS {
                part = 1;
                break;
            }
            tries += 1;
            let mut less = bytes.clone();
            less.drain(at..(at + part).min(bytes.len()));
            let written = std::fs::write(&trial, &less).is_ok();
            if written && !passes(program, target, &["--replay", &trial_text], wanted, true) {
                bytes = less;
            } else {
                at += part;
            }
        }
        part /= 2;
    }
    let _gone = std::fs::remove_file(&trial);
    if std::fs::write(file, &bytes).is_ok() {
        println!("{}: {} bytes are left after {tries} tries", target.name, bytes.len());
    }
}
