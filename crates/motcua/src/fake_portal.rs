//! The fake national portal of the demonstration: now and then a case arrives from it.

use crate::demo_fill;
use crate::install::Installation;
use kernel::access::Actor;
use kernel::calendar::Instant;
use kernel::ids::UnitId;
use onestop::App;
use sim::Names;
use std::time::Duration;

/// Time between two arrivals.
const BETWEEN: Duration = Duration::from_secs(40);

/// Where cases go and what their people are called.
#[derive(Clone, Debug)]
pub struct Arrivals {
    desks: Vec<UnitId>,
    names: Names,
}

impl Arrivals {
    /// The desks of a demonstration.
    #[must_use]
    pub fn of(installation: &Installation, set: &str, now_ms: i64) -> Self {
        let day = Instant(now_ms).date();
        Self {
            desks: demo_fill::desks(&installation.loaded, set, day),
            names: demo_fill::names(&installation.loaded),
        }
    }
}

/// Sends cases until the process ends.
pub async fn run(app: App, arrivals: Arrivals) {
    let portal = Actor::system("national_portal");
    loop {
        tokio::time::sleep(BETWEEN).await;
        let arrivals = arrivals.clone();
        let arrived = app.act(&portal, move |tx, env| {
            let seed = u64::from_be_bytes(env.now.0.to_be_bytes());
            let (desks, names) = (&arrivals.desks, &arrivals.names);
            sim::portal_arrival(tx, env.catalogue, names, desks, env.now, seed)
        });
        match arrived.await {
            Ok(case) => tracing::info!(?case, "a case from the fake national portal"),
            Err(error) => tracing::warn!(%error, "a case from the fake national portal was lost"),
        }
    }
}
