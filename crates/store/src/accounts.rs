//! Table `account`: officers who may sign in, and their passwords.
//!
//! Hashing is slow on purpose: call `hash_password` and `verify_password` on a thread that may
//! wait, a bounded number at a time, and never inside a unit of work.

use crate::bounds;
use crate::error::StoreError;
use crate::secrets::random;
use crate::sql::{Query, Row, Statement, Tx};
use crate::values;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use rand::RngCore;
use uuid::Uuid;

const ADD: Statement = Statement {
    name: "account_add",
    sql: "INSERT INTO account (id, login, password_phc, display_name, active, must_change,
                               failed_count, created_at, changed_at)
          VALUES ($1, $2, $3, $4, 1, $5, 0, $6, $6)",
};
const BY_LOGIN: Statement = Statement {
    name: "account_by_login",
    sql: "SELECT id, login, password_phc, display_name, active, must_change, failed_count,
                 locked_until
          FROM account WHERE login = $1",
};
const BY_ID: Statement = Statement {
    name: "account_by_id",
    sql: "SELECT id, login, password_phc, display_name, active, must_change, failed_count,
                 locked_until
          FROM account WHERE id = $1",
};
const AFTER: Statement = Statement {
    name: "accounts_after",
    sql: "SELECT id, login, password_phc, display_name, active, must_change, failed_count,
                 locked_until
          FROM account WHERE login > $1 ORDER BY login LIMIT $2",
};
const SET_PASSWORD: Statement = Statement {
    name: "account_set_password",
    sql: "UPDATE account SET password_phc = $1, must_change = $2, failed_count = 0,
                             locked_until = NULL, changed_at = $3
          WHERE id = $4",
};
const SET_ACTIVE: Statement = Statement {
    name: "account_set_active",
    sql: "UPDATE account SET active = $1, changed_at = $2 WHERE id = $3",
};
const SET_NAME: Statement = Statement {
    name: "account_set_name",
    sql: "UPDATE account SET display_name = $1, changed_at = $2 WHERE id = $3",
};
const FAILED: Statement = Statement {
    name: "account_failed",
    sql: "UPDATE account SET failed_count = $1, locked_until = $2 WHERE id = $3",
};

/// Every statement of this file.
#[must_use]
pub fn statements() -> &'static [Statement] {
    &[ADD, BY_LOGIN, BY_ID, AFTER, SET_PASSWORD, SET_ACTIVE, SET_NAME, FAILED]
}

/// An officer's account.
#[derive(Clone, PartialEq, Eq)]
pub struct Account {
    /// Its random id.
    pub id: Uuid,
    /// Folded sign-in name.
    pub login: String,
    /// Password hash as PHC text.
    pub password_phc: String,
    /// Name shown to others.
    pub display_name: String,
    /// Whether it may sign in.
    pub active: bool,
    /// Whether the password must be changed first.
    pub must_change: bool,
    /// Wrong passwords since the last right one.
    pub failed_count: i64,
    /// Until when it rests, in milliseconds UTC.
    pub locked_until_ms: Option<i64>,
}

impl std::fmt::Debug for Account {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Account").field("id", &self.id).finish_non_exhaustive()
    }
}

impl Account {
    /// Whether a password may be tried now.
    #[must_use]
    pub fn may_try(&self, now_ms: i64) -> bool {
        self.active && self.locked_until_ms.is_none_or(|until| until <= now_ms)
    }
}

/// Why a sign-in name or password cannot be used.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum CredentialError {
    /// The sign-in name is empty, too long, or has other signs than letters, digits and `._-@`.
    #[error("a sign-in name has 1 to 64 letters, digits or one of . _ - @")]
    Login,
    /// The password is too short.
    #[error("a password has at least 10 characters")]
    TooShort,
    /// The password is too long.
    #[error("a password has at most 256 characters")]
    TooLong,
    /// The hashing itself failed.
    #[error("the password could not be hashed")]
    Hashing,
}

/// The one written form of a sign-in name.
///
/// # Errors
/// `Login`
pub fn fold_login(text: &str) -> Result<String, CredentialError> {
    let folded = text.trim().to_ascii_lowercase();
    let fine = |c: char| c.is_ascii_alphanumeric() || "._-@".contains(c);
    if folded.is_empty() || folded.len() > bounds::LOGIN_CHARS_MAX || !folded.chars().all(fine) {
        return Err(CredentialError::Login);
    }
    Ok(folded)
}

/// Argon2id with the costs that OWASP recommends first: 19 MiB, two passes, one lane.
fn hasher() -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::default())
}

/// Hashes a new password. Slow.
///
/// # Errors
/// `TooShort`, `TooLong`, `Hashing`.
pub fn hash_password(rng: &mut dyn RngCore, password: &str) -> Result<String, CredentialError> {
    let chars = password.chars().count();
    if chars < bounds::PASSWORD_CHARS_MIN {
        return Err(CredentialError::TooShort);
    }
    if chars > bounds::PASSWORD_CHARS_MAX {
        return Err(CredentialError::TooLong);
    }
    let salt: [u8; 16] = random(rng);
    let hash: PasswordHash = hasher()
        .hash_password_with_salt(password.as_bytes(), &salt)
        .map_err(|_| CredentialError::Hashing)?;
    Ok(hash.to_string())
}

/// Whether the password belongs to the hash. Slow, and equally slow without an account (`None`),
/// so that time does not tell whether a sign-in name exists.
#[must_use]
pub fn verify_password(phc: Option<&str>, password: &str) -> bool {
    // The hash of nobody's password, with the same costs as every other.
    const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5bm9ib2R5MDE$\
                          AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    if password.chars().count() > bounds::PASSWORD_CHARS_MAX {
        return false;
    }
    let Ok(hash) = PasswordHash::new(phc.unwrap_or(NOBODY)) else { return false };
    let right = hasher().verify_password(password.as_bytes(), &hash).is_ok();
    right && phc.is_some()
}

/// An account to be added; `login` folded, `password_phc` from `hash_password`.
#[derive(Clone)]
pub struct NewAccount {
    /// Its random id.
    pub id: Uuid,
    /// Folded sign-in name.
    pub login: String,
    /// Password hash.
    pub password_phc: String,
    /// Name shown to others.
    pub display_name: String,
    /// Whether the password must be changed first.
    pub must_change: bool,
}

/// Adds an account.
///
/// # Errors
/// `Constraint` if the sign-in name is taken.
pub fn add(tx: &mut Tx<'_>, new: &NewAccount, now_ms: i64) -> Result<(), StoreError> {
    let row =
        values![new.id, &new.login, &new.password_phc, &new.display_name, new.must_change, now_ms,];
    tx.execute_one(&ADD, row)
}

fn account(row: &Row<'_>) -> Result<Account, StoreError> {
    Ok(Account {
        id: row.uuid(0)?,
        login: row.text(1)?,
        password_phc: row.text(2)?,
        display_name: row.text(3)?,
        active: row.flag(4)?,
        must_change: row.flag(5)?,
        failed_count: row.int(6)?,
        locked_until_ms: row.opt_int(7)?,
    })
}

/// The account with this folded sign-in name.
///
/// # Errors
/// What the engine says; the same for the functions below.
pub fn by_login(query: &mut impl Query, login: &str) -> Result<Option<Account>, StoreError> {
    query.optional(&BY_LOGIN, values![login], account)
}

/// The account with this id.
///
/// # Errors
/// What the engine says.
pub fn by_id(query: &mut impl Query, id: Uuid) -> Result<Option<Account>, StoreError> {
    query.optional(&BY_ID, values![id], account)
}

/// Accounts by sign-in name after `after` (empty: from the start), at most `limit`.
///
/// # Errors
/// What the engine says.
pub fn list(query: &mut impl Query, after: &str, limit: u32) -> Result<Vec<Account>, StoreError> {
    query.query(&AFTER, values![after, limit.min(bounds::LIST_MAX)], account)
}

/// Sets a new password and lifts a rest.
///
/// # Errors
/// `Rows` if there is no such account.
pub fn set_password(
    tx: &mut Tx<'_>,
    id: Uuid,
    password_phc: &str,
    must_change: bool,
    now_ms: i64,
) -> Result<(), StoreError> {
    tx.execute_one(&SET_PASSWORD, values![password_phc, must_change, now_ms, id])
}

/// Lets an account sign in, or no longer. The caller ends its sessions in the same unit.
///
/// # Errors
/// `Rows` if there is no such account.
pub fn set_active(tx: &mut Tx<'_>, id: Uuid, active: bool, now_ms: i64) -> Result<(), StoreError> {
    tx.execute_one(&SET_ACTIVE, values![active, now_ms, id])
}

/// Changes the name shown to others.
///
/// # Errors
/// `Rows` if there is no such account.
pub fn set_display_name(
    tx: &mut Tx<'_>,
    id: Uuid,
    name: &str,
    now_ms: i64,
) -> Result<(), StoreError> {
    tx.execute_one(&SET_NAME, values![name, now_ms, id])
}

/// Notes how a sign-in ended and returns until when the account now rests. A unit that calls it
/// for a wrong password must end in `Ok`, or the count is taken back with it.
///
/// # Errors
/// `Rows` if there is no such account.
pub fn note_sign_in(
    tx: &mut Tx<'_>,
    id: Uuid,
    right: bool,
    now_ms: i64,
) -> Result<Option<i64>, StoreError> {
    let account = tx.one(&BY_ID, values![id], account)?;
    if right {
        tx.execute_one(&FAILED, values![0, None::<i64>, id])?;
        return Ok(None);
    }
    let failed = account.failed_count.saturating_add(1);
    // After each further group of failures the account rests again.
    let rests = failed % bounds::SIGN_IN_FAILURES_MAX == 0;
    let until = if rests {
        Some(now_ms.saturating_add(bounds::SIGN_IN_REST_MS))
    } else {
        account.locked_until_ms
    };
    tx.execute_one(&FAILED, values![failed, until, id])?;
    Ok(until.filter(|until| *until > now_ms))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;

    #[test]
    fn passwords_verify_and_nobody_never_does() {
        let mut rng = rand_chacha::ChaCha20Rng::seed_from_u64(1);
        let phc = hash_password(&mut rng, "một cửa 2019").unwrap();
        assert!(phc.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{phc}");
        assert!(verify_password(Some(&phc), "một cửa 2019"));
        assert!(!verify_password(Some(&phc), "một cửa 2020"));
        assert!(!verify_password(None, "một cửa 2019"));
        let nobody = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5bm9ib2R5MDE$\
                      AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
        assert!(PasswordHash::new(nobody).is_ok(), "the stand-in must cost a real hashing");
        assert_eq!(hash_password(&mut rng, "ngắn"), Err(CredentialError::TooShort));
        assert_eq!(hash_password(&mut rng, &"x".repeat(257)), Err(CredentialError::TooLong));
    }

    #[test]
    fn sign_in_names_have_one_written_form() {
        assert_eq!(fold_login(" Can.Bo1 "), Ok("can.bo1".to_owned()));
        for bad in ["", "  ", "a b", "cán", &"x".repeat(65)] {
            assert_eq!(fold_login(bad), Err(CredentialError::Login), "{bad}");
        }
    }
}
