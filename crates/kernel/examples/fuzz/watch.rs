//! Runs one target in this process, with a watchdog: panics, endless loops and floods of memory.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::mutate::input;
use crate::targets::Target;
use crate::{FOUND, Wanted};

/// How often the watchdog looks.
const LOOK: Duration = Duration::from_millis(100);
/// Looks after which one input has taken too long: 20 seconds of running. Looks are counted and not
/// time, so that a process that was stopped for a while is not blamed.
const LOOKS_MAX: u32 = 200;
/// Most memory, in pages of 4 KiB: 2 GiB.
const PAGES_MAX: u64 = 512 * 1024;

/// What the watchdog sees.
#[derive(Default)]
struct Seen {
    number: AtomicU64,
    input: Mutex<Vec<u8>>,
    over: AtomicBool,
}

/// Where the number of the present input is written, for who finds this process dead.
pub fn place_file(out: &Path, target: &str) -> PathBuf {
    out.join(format!("{target}.at"))
}

/// Where an input that failed is saved.
pub fn found_file(out: &Path, target: &str, number: u64) -> PathBuf {
    out.join(format!("{target}-{number}.input"))
}

/// Tries one input: whether nothing was found.
pub fn replay(target: &Target, file: &Path) -> Result<bool, String> {
    let bytes = std::fs::read(file).map_err(|why| format!("{}: {why}", file.display()))?;
    let seen = Arc::new(Seen::default());
    let dog = watchdog(target.name, None, &seen);
    let found = tried(target, &bytes);
    seen.over.store(true, Ordering::Relaxed);
    let _ended = dog.join();
    match found {
        Ok(()) => Ok(true),
        Err(why) => {
            println!("{}: {why}", target.name);
            Ok(false)
        }
    }
}

fn tried(target: &Target, bytes: &[u8]) -> Result<(), String> {
    let caught = catch_unwind(AssertUnwindSafe(|| (target.once)(bytes)));
    caught.unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
        let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
        Err(format!("panic: {}", text.unwrap_or_default()))
    })
}

/// Tries inputs until the time is over: whether nothing was found.
pub fn run(target: &Target, wanted: &Wanted) -> Result<bool, String> {
    let out = &wanted.out;
    std::fs::create_dir_all(out).map_err(|why| format!("{}: {why}", out.display()))?;
    let samples = (target.samples)();
    let seen = Arc::new(Seen::default());
    let _dog = watchdog(target.name, Some(out.clone()), &seen);
    #[expect(clippy::disallowed_methods, reason = "a run ends by the clock")]
    let began = Instant::now();
    let mut number = wanted.from;
    while began.elapsed().as_secs() < wanted.seconds {
        let bytes = input(&samples, target.words, wanted.seed, number);
        if wanted.careful {
            let file = found_file(out, target.name, number);
            std::fs::write(&file, &bytes).map_err(|why| why.to_string())?;
        }
        bytes.clone_into(&mut seen.input.lock().unwrap_or_else(PoisonError::into_inner));
        seen.number.store(number, Ordering::Relaxed);
        if let Err(why) = tried(target, &bytes) {
            save(out, target.name, number, &bytes, &why);
            return Ok(false);
        }
        if wanted.careful {
            let _gone = std::fs::remove_file(found_file(out, target.name, number));
        }
        number += 1;
    }
    seen.over.store(true, Ordering::Relaxed);
    let count = number - wanted.from;
    let rate = count / began.elapsed().as_secs().max(1);
    println!("{:<12} {count:>9} inputs, {rate:>6} a second", target.name);
    Ok(true)
}

fn save(out: &Path, target: &str, number: u64, bytes: &[u8], why: &str) {
    let file = found_file(out, target, number);
    match std::fs::write(&file, bytes) {
        Ok(()) => println!("{target}: input {number}: {why}\nsaved: {}", file.display()),
        Err(error) => println!("{target}: input {number}: {why}\nnot saved: {error}"),
    }
}

/// Ends this process when one input takes too long or too much. Without a folder nothing is saved.
fn watchdog(
    target: &'static str,
    out: Option<PathBuf>,
    seen: &Arc<Seen>,
) -> thread::JoinHandle<()> {
    let seen = Arc::clone(seen);
    thread::spawn(move || {
        let (mut last, mut looks) = (u64::MAX, 0);
        while !seen.over.load(Ordering::Relaxed) {
            thread::sleep(LOOK);
            let number = seen.number.load(Ordering::Relaxed);
            looks = if number == last { looks + 1 } else { 0 };
            last = number;
            if let Some(out) = &out {
                let _told = std::fs::write(place_file(out, target), number.to_string());
            }
            let why = if looks > LOOKS_MAX {
                "it does not come to an end"
            } else if pages().is_some_and(|pages| pages > PAGES_MAX) {
                "it takes more than 2 GiB"
            } else {
                continue;
            };
            let bytes = seen.input.lock().unwrap_or_else(PoisonError::into_inner).clone();
            match &out {
                Some(out) => save(out, target, number, &bytes, why),
                None => println!("{target}: {why}"),
            }
            std::process::exit(i32::from(FOUND));
        }
    })
}

/// Memory in use, where the system tells.
fn pages() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/self/statm").ok()?;
    text.split(' ').nth(1)?.parse().ok()
}
