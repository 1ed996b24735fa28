//! Durable acts a second in process, with a number of callers in flight: each waits for its commit
//! before it comes again, like an officer does.

use super::figures::stopwatch;
use crate::install::Installation;
use kernel::access::Actor;
use kernel::calendar::Instant;
use kernel::case::Command;
use kernel::catalogue::Catalogue;
use kernel::ids::CaseId;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha12Rng;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;
use store::ActError;
use store::cases::{self, CaseError, Env};

/// How long one figure is measured.
const SPAN: Duration = Duration::from_secs(5);

/// One figure.
#[derive(Clone, Copy, Debug)]
pub struct Acts {
    /// Callers in flight.
    pub in_flight: usize,
    /// Cases that they act on.
    pub cases: usize,
    /// Acts a second.
    pub acts_per_s: f64,
    /// Acts for each durable commit.
    pub acts_per_commit: f64,
}

/// What the callers of one figure share.
struct Round {
    store: store::Store,
    catalogue: Arc<Catalogue>,
    ids: Arc<Vec<CaseId>>,
    now: Instant,
    watch: Box<dyn Fn() -> Duration + Send + Sync>,
    stop: AtomicBool,
    done: AtomicU64,
}

/// Measures: each act seals a note, records it, and rewrites the case's row.
///
/// # Errors
/// What an act says.
pub fn acts(
    installation: &Installation,
    ids: &Arc<Vec<CaseId>>,
    in_flight: usize,
    now: Instant,
    seed: u64,
) -> Result<Acts, String> {
    let before = installation.store.statistics();
    let round = Arc::new(Round {
        store: installation.store.clone(),
        catalogue: Arc::clone(&installation.catalogue),
        ids: Arc::clone(ids),
        now,
        watch: Box::new(stopwatch()),
        stop: AtomicBool::new(false),
        done: AtomicU64::new(0),
    });
    // Every act so far counts, so that the seeds of two figures never meet.
    let first = seed ^ (before.acts << 16);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
    let runtime = runtime.map_err(|e| e.to_string())?;
    let (count, span) = runtime.block_on(async {
        let mut callers = tokio::task::JoinSet::new();
        let watch = stopwatch();
        for n in 0..in_flight {
            callers.spawn(caller(Arc::clone(&round), first + n as u64));
        }
        tokio::time::sleep(SPAN).await;
        let measured = (round.done.load(Ordering::Relaxed), watch());
        round.stop.store(true, Ordering::Relaxed);
        while let Some(ended) = callers.join_next().await {
            ended.map_err(|_| "a caller panicked".to_owned())??;
        }
        Ok::<_, String>(measured)
    })?;
    let after = installation.store.statistics();
    let commits = (after.commits - before.commits).max(1);
    #[expect(clippy::cast_precision_loss, reason = "figures for people")]
    Ok(Acts {
        in_flight,
        cases: ids.len(),
        acts_per_s: count as f64 / span.as_secs_f64(),
        acts_per_commit: (after.acts - before.acts) as f64 / commits as f64,
    })
}

/// One who acts on chance cases until told to stop.
async fn caller(round: Arc<Round>, seed: u64) -> Result<(), String> {
    let mut rng = ChaCha12Rng::seed_from_u64(seed);
    while !round.stop.load(Ordering::Relaxed) {
        let id = round.ids[rng.random_range(0..round.ids.len())];
        let catalogue = Arc::clone(&round.catalogue);
        // Time passes while we act, as it does for people: ids sort by it.
        let passed = i64::try_from((round.watch)().as_millis()).unwrap_or(0);
        let now = Instant(round.now.0 + passed);
        let seed = rng.random::<u64>();
        let acted = round.store.act(move |tx| {
            let actor = Actor::system("bench");
            let mut rng = ChaCha12Rng::seed_from_u64(seed);
            let mut env = Env { catalogue: &catalogue, actor: &actor, now, rng: &mut rng };
            note(tx, &mut env, id)
        });
        acted.await.map_err(|e: ActError<CaseError>| e.to_string())?;
        round.done.fetch_add(1, Ordering::Relaxed);
    }
    Ok(())
}

fn note(tx: &mut store::Tx<'_>, env: &mut Env<'_>, id: CaseId) -> Result<(), CaseError> {
    let stored = cases::by_id(tx, id.0)?.ok_or(CaseError::NotFound)?;
    let subject = stored.case.subject;
    let sealed = cases::keep(tx, env, subject, Some(id), "note", "đã gọi cho người nộp")?;
    cases::act_on(tx, env, stored, &Command::Note { note: Some(sealed) })?;
    Ok(())
}
