//! `motcua verify`: proves that every chain holds and that replay gives exactly the rows.

use crate::cli::DataArgs;
use crate::world::{Exit, World};
use clap::Args;
use store::cases::{self, Beside, Finding, Ledger, Proof};
use store::journal::Check;
use store::{ActError, Options, Store, StoreError, audit, batches, delegations, processes, staff};

/// Flags of `verify`.
#[derive(Args, Clone, Debug, Default)]
pub struct VerifyArgs {
    /// Where data and configuration are.
    #[command(flatten)]
    pub place: DataArgs,
}

/// Proves the cases, then the record of access. Exit code 4 with the first bad row named.
pub fn run(args: &VerifyArgs, world: &mut World<'_>) -> Exit {
    let options = Options { read_only: true, ..Options::default() };
    let (_, installation) = match super::opened(&args.place, options, world) {
        Ok(opened) => opened,
        Err(exit) => return exit,
    };
    let bar = indicatif::ProgressBar::new_spinner();
    let catalogue = &installation.catalogue;
    let tell = |proof: &Proof| {
        bar.set_message(format!("{} hồ sơ / cases", proof.cases));
        bar.tick();
    };
    let mut last = 0;
    let mut proof = Proof::default();
    let mut ledger = Ledger::default();
    // Page by page, each a read of its own, so that a large database does not reach the read limit.
    let found = loop {
        let page = installation.store.read_blocking(|r| cases::verify_page(r, catalogue, last));
        match page {
            Ok(page) if page.cases == 0 => break Ok(()),
            Ok(page) => {
                proof.cases += page.cases;
                proof.rows += page.rows;
                ledger.join(page.ledger);
                last = page.last;
                tell(&proof);
            }
            Err(error) => break Err(error),
        }
    };
    let found = found
        .and_then(|()| installation.store.read_blocking(|r| processes::verify(r, catalogue)))
        .map(|rows| proof.rows += rows)
        .and_then(|()| installation.store.read_blocking(|r| staff::verify(r)))
        .map(|rows| proof.rows += rows)
        .and_then(|()| installation.store.read_blocking(|r| batches::verify(r)))
        .map(|rows| proof.rows += rows)
        .and_then(|()| installation.store.read_blocking(|r| delegations::verify(r, catalogue)))
        .map(|rows| proof.rows += rows)
        .and_then(|()| journal(&installation.store, proof.rows))
        .and_then(|()| beside(&installation.store, ledger));
    bar.finish_and_clear();
    match found {
        Ok(()) => {}
        Err(ActError::Refused(Finding::Store(error)) | ActError::Store(error)) => {
            world.warn(&error);
            return if matches!(error, StoreError::Corrupt(_)) {
                Exit::Damaged
            } else {
                Exit::Closed
            };
        }
        Err(ActError::Refused(finding)) => {
            world.say(format_args!("HỎNG / DAMAGED: {finding}"));
            return Exit::Damaged;
        }
    }
    match installation.store.read_blocking(|r| audit::check(r)) {
        Ok((records, None)) => {
            world.say(format_args!(
                "Đúng: {} hồ sơ, {} sự kiện, {records} lần truy cập / whole: {} cases, {} events, \
                 {records} records of access",
                proof.cases, proof.rows, proof.cases, proof.rows
            ));
            Exit::Fine
        }
        Ok((_, Some(bad))) => {
            world.say(format_args!("HỎNG / DAMAGED: access_record {bad}"));
            Exit::Damaged
        }
        Err(error) => {
            world.warn(error.into_store());
            Exit::Closed
        }
    }
}

/// Walks through the whole journal, each page a read of its own.
fn journal(store: &Store, rows: u64) -> Result<(), ActError<Finding>> {
    let mut check = Check::default();
    while store.read_blocking(|r| check.step(r)).map_err(|e| ActError::Store(e.into_store()))? {}
    cases::verify_journal(&check.found(), rows).map_err(ActError::Refused)
}

/// Proves the tables beside the cases, each page a read of its own.
fn beside(store: &Store, ledger: Ledger) -> Result<(), ActError<Finding>> {
    let mut walk = Beside::new(ledger);
    while store.read_blocking(|r| walk.step(r))? {}
    Ok(())
}
