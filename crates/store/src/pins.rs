//! Table `pin`: the eight digits that open a case to its filer, kept as a keyed hash only.

use crate::bounds;
use crate::error::StoreError;
use crate::limits::{self, Verdict};
use crate::secrets::mac;
use crate::sql::{Query, Statement, Tx};
use crate::values;
use rand::RngCore;
use subtle::ConstantTimeEq;
use uuid::Uuid;

const PURPOSE: &str = "pin";

const NEXT: Statement = Statement {
    name: "pin_next",
    sql: "SELECT coalesce(max(number), 0) + 1 FROM pin WHERE case_id = $1",
};
const VOID: Statement = Statement {
    name: "pin_void",
    sql: "UPDATE pin SET voided_at = $1 WHERE case_id = $2 AND voided_at IS NULL",
};
const ADD: Statement = Statement {
    name: "pin_add",
    sql: "INSERT INTO pin (case_id, number, digest, key_version, issued_at)
          VALUES ($1, $2, $3, $4, $5)",
};
const CURRENT: Statement = Statement {
    name: "pin_current",
    sql: "SELECT digest, key_version FROM pin
          WHERE case_id = $1 AND voided_at IS NULL ORDER BY number DESC LIMIT 1",
};

/// Every statement of this file.
#[must_use]
pub fn statements() -> &'static [Statement] {
    &[NEXT, VOID, ADD, CURRENT]
}

/// How many PINs may be tried, and for how long they count.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PinLimits {
    /// Wrong PINs for one case within the window.
    pub per_case: u32,
    /// Wrong PINs from one address within the window.
    pub per_address: u32,
    /// The window, in milliseconds.
    pub window_ms: i64,
}

impl Default for PinLimits {
    fn default() -> Self {
        Self {
            per_case: bounds::PIN_TRIES_PER_CASE,
            per_address: bounds::PIN_TRIES_PER_ADDRESS,
            window_ms: bounds::PIN_WINDOW_MS,
        }
    }
}

/// What became of a PIN that was tried.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PinCheck {
    /// It is the case's PIN.
    Right,
    /// It is not, or there is no such case: the answer does not tell.
    Wrong,
    /// Too many were tried; not looked at before this instant (ms UTC).
    Blocked {
        /// When the next try is allowed.
        until_ms: i64,
    },
}

/// Eight random digits, all equally likely.
fn digits(rng: &mut dyn RngCore) -> String {
    // The largest multiple of 10^8 within 32 bits; above it some digits would be likelier.
    const COUNT: u32 = 100_000_000;
    const FAIR: u32 = u32::MAX - u32::MAX % COUNT;
    loop {
        let drawn = rng.next_u32();
        if drawn < FAIR {
            return format!("{:0width$}", drawn % COUNT, width = bounds::PIN_DIGITS);
        }
    }
}

fn digest(
    query: &impl Query,
    version: u32,
    case_id: Uuid,
    pin: &str,
) -> Result<[u8; 32], StoreError> {
    let key = query.keys().derived(version, PURPOSE)?;
    Ok(mac(&key, &[case_id.as_bytes(), pin.as_bytes()]))
}

/// Issues a new PIN and voids the one before. It is shown once and never again.
///
/// # Errors
/// What the engine says; the same for the functions below.
pub fn issue(
    tx: &mut Tx<'_>,
    rng: &mut dyn RngCore,
    case_id: Uuid,
    now_ms: i64,
) -> Result<String, StoreError> {
    let pin = digits(rng);
    let version = tx.keys().current();
    let digest = digest(tx, version, case_id, &pin)?;
    let number = tx.one(&NEXT, values![case_id], |row| row.int(0))?;
    tx.execute(&VOID, values![now_ms, case_id])?;
    tx.execute_one(&ADD, values![case_id, number, digest, version, now_ms])?;
    Ok(pin)
}

/// Voids the case's PIN; `false` if it had none.
///
/// # Errors
/// What the engine says.
pub fn void(tx: &mut Tx<'_>, case_id: Uuid, now_ms: i64) -> Result<bool, StoreError> {
    Ok(tx.execute(&VOID, values![now_ms, case_id])? > 0)
}

/// A PIN as somebody outside tries it.
#[derive(Clone, Copy, Debug)]
pub struct PinTry<'a> {
    /// The number as it was typed.
    pub asked: &'a str,
    /// The case that has this number, if any.
    pub case_id: Option<Uuid>,
    /// The PIN as it was typed, without blanks.
    pub pin: &'a str,
    /// Where it comes from.
    pub address: &'a str,
}

/// Tries a PIN. A right one gives its place back: a family, a village office or a whole building
/// behind one address may open as many cases as it has PINs for. A number that no case has
/// (`case_id: None`) counts, costs and answers the same. The unit must end in `Ok` whatever the
/// answer, or the count is taken back with it.
///
/// # Errors
/// What the engine says.
pub fn check(
    tx: &mut Tx<'_>,
    tried: PinTry<'_>,
    max: PinLimits,
    now_ms: i64,
) -> Result<PinCheck, StoreError> {
    let PinTry { asked, case_id, pin, address } = tried;
    let by_address = limits::key(&["pin-address", address]);
    let by_case = match case_id {
        Some(id) => limits::key(&["pin-case", &id.to_string()]),
        None => limits::key(&["pin-unknown", asked]),
    };
    for (key, most) in [(&by_address, max.per_address), (&by_case, max.per_case)] {
        // Looking first: a blocked try must not use up the other bucket.
        if let Verdict::Blocked { until_ms } = limits::look(tx, key, most, now_ms)? {
            return Ok(PinCheck::Blocked { until_ms });
        }
    }
    limits::hit(tx, &by_address, max.window_ms, max.per_address, now_ms)?;
    limits::hit(tx, &by_case, max.window_ms, max.per_case, now_ms)?;

    let id = case_id.unwrap_or(Uuid::nil());
    let kept =
        tx.optional(&CURRENT, values![id], |row| Ok((row.array::<32>(0)?, row.small(1)?)))?;
    let version = kept.map_or(tx.keys().current(), |(_, version)| version);
    let tried = digest(tx, version, id, pin)?;
    let right = bool::from(tried.ct_eq(&kept.map_or([0; 32], |(digest, _)| digest)));
    if right && kept.is_some() {
        limits::clear(tx, &by_case)?;
        limits::give_back(tx, &by_address)?;
        return Ok(PinCheck::Right);
    }
    Ok(PinCheck::Wrong)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;

    #[test]
    fn a_pin_is_eight_digits() {
        let mut rng = rand_chacha::ChaCha20Rng::seed_from_u64(7);
        for _ in 0..1000 {
            let pin = digits(&mut rng);
            assert!(pin.len() == 8 && pin.bytes().all(|b| b.is_ascii_digit()), "{pin}");
        }
    }
}
