//! `motcua serve`: serves the pages and runs the worker.

use crate::cli::{DataArgs, ListenArgs};
use crate::config::{self, Config};
use crate::fake_portal;
use crate::front;
use crate::install::{self, Installation, OpenFault};
use crate::outside::FakeOutside;
use crate::seed::Loaded;
use crate::server;
use crate::wire::{Front, wire};
use crate::world::{Exit, World};
use clap::Args;
use kit::chance::Clock;
use onestop::DemoAccount;
use std::sync::Arc;
use store::{Options, StoreError};

/// Flags of `serve`.
#[derive(Args, Clone, Debug, Default)]
pub struct ServeArgs {
    /// Where data and configuration are.
    #[command(flatten)]
    pub place: DataArgs,
    /// Where to listen.
    #[command(flatten)]
    pub listen: ListenArgs,
}

/// What only a demonstration shows.
#[derive(Clone, Debug)]
pub struct Shown {
    accounts: Vec<DemoAccount>,
    province: String,
    set: &'static str,
}

impl Shown {
    /// The accounts of one of the two provinces of the seeds.
    #[must_use]
    pub fn of(loaded: &Loaded, set: &'static str) -> Self {
        let of_set = loaded.demo.accounts.iter().filter(|a| a.set == set);
        let accounts = of_set
            .map(|a| DemoAccount {
                login: a.login.clone(),
                password: a.password.clone(),
                name: a.display_name.clone(),
                note: a.note.clone(),
                note_en: a.note_en.clone(),
            })
            .collect();
        let province = if set == "an-giang-2025" { "An Giang" } else { "Kiên Giang" };
        Self { accounts, province: province.to_owned(), set }
    }
}

/// Serves an installation that `init` made.
pub fn run(args: &ServeArgs, world: &mut World<'_>) -> Exit {
    let config = match config::load(&args.place.flags(Some(&args.listen)), &world.env) {
        Ok(config) => config,
        Err(faults) => {
            faults.iter().for_each(|fault| world.warn(fault));
            return Exit::Usage;
        }
    };
    if !config.org.code_confirmed {
        world.warn(
            "org.code_confirmed: mã định danh còn suy ra, chờ cơ quan xác nhận / \
             organisation codes are inferred, the authority has to confirm them",
        );
    }
    match install::open(&config, Options::default()) {
        Ok(installation) => serve(&config, installation, None, world),
        Err(fault) => cannot_open(&fault, world),
    }
}

/// Says why an installation cannot be opened, with the exit code for it.
pub fn cannot_open(fault: &OpenFault, world: &mut World<'_>) -> Exit {
    world.warn(fault);
    match fault {
        OpenFault::Seeds(_) | OpenFault::Staff(_) | OpenFault::Document(..) => Exit::Damaged,
        OpenFault::Store(StoreError::Corrupt(_)) => Exit::Damaged,
        _ => Exit::Closed,
    }
}

/// Serves until told to end.
pub fn serve(
    config: &Config,
    installation: Installation,
    shown: Option<Shown>,
    world: &mut World<'_>,
) -> Exit {
    start_log(&config.log.level);
    let front = match front_of(&installation, shown.as_ref(), world) {
        Ok(front) => front,
        Err(error) => {
            world.warn(error);
            return Exit::Closed;
        }
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => {
            world.warn(error);
            return Exit::Closed;
        }
    };
    let arrivals = shown
        .filter(|s| s.set == "an-giang-2025")
        .map(|s| fake_portal::Arrivals::of(&installation, s.set, front.clock.now_ms()));
    let address = config.server.address();
    let wired = wire(config, installation, front);
    // The portal's fake stands in until a link to the real one is configured.
    let outside = Arc::new(FakeOutside { portal_fails_one_in: 0 });
    let served = runtime.block_on(async {
        if let Some(arrivals) = arrivals {
            tokio::spawn(fake_portal::run(wired.app.clone(), arrivals));
        }
        let ready = |bound| {
            let shown =
                if config.server.listen.port() == 0 { format!("http://{bound}") } else { address };
            world.say(format_args!("Một cửa: {shown}  (Ctrl-C để dừng / to stop)"));
        };
        server::serve(config, wired, outside, ready).await
    });
    match served {
        Ok(()) => Exit::Fine,
        Err(error) => {
            world.warn(format_args!("{}: {error}", config.server.listen));
            Exit::Closed
        }
    }
}

/// Clock, chance, secret and shown accounts of an installation.
///
/// # Errors
/// What the store or the system says.
pub fn front_of(
    installation: &Installation,
    shown: Option<&Shown>,
    world: &World<'_>,
) -> Result<Front, StoreError> {
    let io = |e: std::io::Error| StoreError::Io(e.to_string());
    let clock = front::clock_of(&installation.store, world)?;
    let fresh = front::seed(world).map_err(io)?;
    let secret = front::page_secret(&installation.store, fresh, clock.now_ms())?;
    let chance = front::chance(world).map_err(io)?;
    let demo = shown.map(|s| s.accounts.clone()).unwrap_or_default();
    let province = shown.map(|s| s.province.clone()).unwrap_or_default();
    Ok(Front { clock, chance, secret, demo, province })
}

fn start_log(level: &str) {
    use tracing_subscriber::EnvFilter;
    let filter = EnvFilter::try_new(level).unwrap_or_else(|_| EnvFilter::new("info"));
    // A second server in one process (tests) keeps the first one's log.
    let _kept = tracing_subscriber::fmt().with_env_filter(filter).try_init();
}
