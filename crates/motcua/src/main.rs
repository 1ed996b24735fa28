//! The front door: only here are the clock, the system's randomness and the environment read.

use clap::Parser;
use motcua::cli::Cli;
use motcua::commands;
use motcua::world::World;
use rand::TryRngCore;
use std::io;
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

/// Units of work are boxed by one thread and freed by another, which the system's allocator does
/// slowly.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[expect(clippy::disallowed_methods, reason = "the front door: time enters here and nowhere else")]
fn clock() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

fn dice(bytes: &mut [u8]) -> io::Result<()> {
    rand::rngs::OsRng.try_fill_bytes(bytes).map_err(io::Error::other)
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let text = |s: std::ffi::OsString| s.to_string_lossy().into_owned();
    let mut world = World {
        env: std::env::vars_os().map(|(name, value)| (text(name), text(value))).collect(),
        stdin: &mut io::stdin(),
        out: &mut io::stdout(),
        err: &mut io::stderr(),
        clock,
        dice,
    };
    ExitCode::from(commands::run(&cli, &mut world).code())
}
