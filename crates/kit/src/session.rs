//! Sessions: opaque tokens in the browser, their digest in the table; anti-forgery tokens from
//! them.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::chance::{Chance, Clock};
use crate::limits;

/// An answer that comes later.
pub type Later<'a, V> = Pin<Box<dyn Future<Output = V> + Send + 'a>>;

/// The table of sessions could not be read or written; people are asked to try again.
#[derive(Debug, thiserror::Error)]
#[error("sessions are out of reach: {0}")]
pub struct SessionFault(pub String);

/// SHA-256 of a session token; the table never holds the token itself.
pub type TokenHash = [u8; 32];

/// On which side a person signed in; one does not open the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Realm {
    /// Officers, posts, leaders.
    Officer,
    /// Citizens and companies.
    Citizen,
}

/// A live session as the table holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionInfo {
    /// The account signed in.
    pub account_id: String,
    /// Officer or citizen.
    pub realm: Realm,
    /// Random, per session; anti-forgery tokens are derived from it.
    pub csrf_secret: [u8; 32],
    /// When it was made, ms UTC.
    pub created_at_ms: i64,
    /// When it ends by itself, ms UTC.
    pub expires_at_ms: i64,
}

/// The table of sessions, implemented by the binary over the store.
pub trait Sessions: Send + Sync {
    /// The session of a token digest; the caller checks `expires_at_ms`.
    fn find(&self, token: TokenHash) -> Later<'_, Result<Option<SessionInfo>, SessionFault>>;
    /// Keeps a new session.
    fn create(&self, token: TokenHash, info: SessionInfo) -> Later<'_, Result<(), SessionFault>>;
    /// Ends a session; one that is not there is no error.
    fn end(&self, token: TokenHash) -> Later<'_, Result<(), SessionFault>>;
}

/// What a province sets about its pages.
#[derive(Debug, Clone)]
pub struct Site {
    /// The province, such as "Kiên Giang".
    pub place: String,
    /// The support line as read, such as "(0297) 1022".
    pub phone: String,
    /// Whether people reach the program over TLS.
    pub tls: bool,
    /// Whether data are invented; every page then says so.
    pub demo: bool,
    /// Paths of officers' pages begin with this, such as "/desk".
    pub officer_prefix: String,
    /// 32 bytes kept with the other secrets; signs flashes and visitors' anti-forgery tokens.
    pub secret: [u8; 32],
    /// What may be uploaded.
    pub uploads: UploadLimits,
}

/// How much one request may bring.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UploadLimits {
    /// Largest file, in bytes.
    pub file_bytes: usize,
    /// Largest body of a request with files, in bytes.
    pub request_bytes: usize,
}

impl Default for UploadLimits {
    fn default() -> Self {
        Self { file_bytes: limits::FILE_MAX_BYTES, request_bytes: limits::BODY_MAX_BYTES }
    }
}

/// All that the kit needs from the program; cheap to clone.
#[derive(Clone)]
pub struct Kit {
    /// The table of sessions.
    pub sessions: Arc<dyn Sessions>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Unguessable bytes.
    pub chance: Arc<dyn Chance>,
    /// What the province set.
    pub site: Arc<Site>,
}

/// A session just made: hand it to `redirect(…).signed_in(…)`, which sets the cookie.
#[derive(Clone)]
pub struct SignedIn(pub(crate) String);

impl Kit {
    /// 32 unguessable bytes.
    pub fn secret(&self) -> [u8; 32] {
        let mut bytes = [0; 32];
        self.chance.fill(&mut bytes);
        bytes
    }

    /// Makes a session for an account whose proof (password, key) was checked by the caller.
    /// Always a new token: a token that a stranger planted before sign-in is worth nothing after
    /// it.
    pub async fn sign_in(&self, account_id: &str, realm: Realm) -> Result<SignedIn, SessionFault> {
        let token = URL_SAFE_NO_PAD.encode(self.secret());
        let now = self.clock.now_ms();
        let life = match realm {
            Realm::Officer => limits::OFFICER_SESSION_MS,
            Realm::Citizen => limits::CITIZEN_SESSION_MS,
        };
        let info = SessionInfo {
            account_id: account_id.to_owned(),
            realm,
            csrf_secret: self.secret(),
            created_at_ms: now,
            expires_at_ms: now + life,
        };
        self.sessions.create(token_hash(&token), info).await?;
        Ok(SignedIn(token))
    }

    /// Ends the session of a visit, if there is one; answer with `redirect(…).signed_out()`.
    pub async fn sign_out(&self, visit: &crate::Visit) -> Result<(), SessionFault> {
        match visit.token_hash() {
            Some(token) => self.sessions.end(token).await,
            None => Ok(()),
        }
    }

    /// The live session of a token, `None` when unknown or over.
    pub(crate) async fn session(&self, token: &str) -> Result<Option<SessionInfo>, SessionFault> {
        let found = self.sessions.find(token_hash(token)).await?;
        let now = self.clock.now_ms();
        Ok(found.filter(|info| info.expires_at_ms > now))
    }

    /// The anti-forgery token of a root: a session's secret or a visitor's cookie.
    pub(crate) fn csrf(&self, root: &[u8]) -> String {
        hex::encode(self.sign("csrf", root))
    }

    /// HMAC-SHA256 under the site's secret, apart for each purpose.
    pub(crate) fn sign(&self, purpose: &str, message: &[u8]) -> [u8; 32] {
        // HMAC takes keys of any length, so the error arm cannot be reached; an empty answer would
        // then match nothing.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.site.secret) else {
            return self.secret();
        };
        mac.update(purpose.as_bytes());
        mac.update(&[0]);
        mac.update(message);
        mac.finalize().into_bytes().into()
    }
}

/// Digest of a token as the table holds it.
pub fn token_hash(token: &str) -> TokenHash {
    Sha256::digest(token.as_bytes()).into()
}

/// Compares without telling by its duration where two values part.
pub(crate) fn same(one: &[u8], other: &[u8]) -> bool {
    one.ct_eq(other).into()
}
