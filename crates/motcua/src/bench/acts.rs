//! Durable acts a second in process, with a number of callers in flight: each waits for its commit
//! before it comes again, like an officer does.

use super::figures::stopwatch;
use crate::install::Installation;
use kernel::access::Actor;
use kernel::calendar::Instant;
use kernel::case::Command;
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
    let (stop, done) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
    // Every act so far counts, so that the seeds of two figures never meet.
    let first = seed ^ (before.acts << 16);
    let watch = stopwatch();
    let callers: Vec<_> = (0..in_flight)
        .map(|n| {
            let (stop, done) = (Arc::clone(&stop), Arc::clone(&done));
            let (store, ids) = (installation.store.clone(), Arc::clone(ids));
            let catalogue = Arc::clone(&installation.catalogue);
            std::thread::spawn(move || {
                let mut rng = ChaCha12Rng::seed_from_u64(first + n as u64);
                while !stop.load(Ordering::Relaxed) {
                    let id = ids[rng.random_range(0..ids.len())];
                    let (catalogue, seed) = (Arc::clone(&catalogue), rng.random::<u64>());
                    let acted = store.act_blocking(move |tx| {
                        let actor = Actor::system("bench");
                        let mut rng = ChaCha12Rng::seed_from_u64(seed);
                        let mut env =
                            Env { catalogue: &catalogue, actor: &actor, now, rng: &mut rng };
                        note(tx, &mut env, id)
                    });
                    acted.map_err(|e: ActError<CaseError>| e.to_string())?;
                    done.fetch_add(1, Ordering::Relaxed);
                }
                Ok::<_, String>(())
            })
        })
        .collect();
    std::thread::sleep(SPAN);
    let (count, span) = (done.load(Ordering::Relaxed), watch());
    stop.store(true, Ordering::Relaxed);
    for caller in callers {
        caller.join().map_err(|_| "a caller panicked".to_owned())??;
    }
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

fn note(tx: &mut store::Tx<'_>, env: &mut Env<'_>, id: CaseId) -> Result<(), CaseError> {
    let stored = cases::by_id(tx, id.0)?.ok_or(CaseError::NotFound)?;
    let subject = stored.case.subject;
    let sealed = cases::keep(tx, env, subject, Some(id), "note", "đã gọi cho người nộp")?;
    cases::act(tx, env, id, None, &Command::Note { note: Some(sealed) })?;
    Ok(())
}
