//! The list of slices, and what binds them to the store, the clock and the outside.

use crate::config::Config;
use crate::install::Installation;
use axum::Router;
use axum::extract::{ConnectInfo, Request};
use axum::middleware::{self, Next};
use axum::response::Response;
use kit::UploadLimits;
use kit::chance::{Chance, Clock};
use kit::session::{Kit, Later, Realm, SessionFault, SessionInfo, Sessions, Site, TokenHash};
use onestop::{App, ClientAddress, DemoAccount, Inner, Place, Settings};
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, RwLock};
use store::pins::PinLimits;
use store::sessions::{self, NewSession};
use store::{ActError, Store, StoreError};
use uuid::Uuid;

/// Milliseconds in a minute.
const MINUTE_MS: i64 = 60_000;
/// Bytes in a MiB.
const MIB: u64 = 1024 * 1024;

/// Everything that serves.
pub struct Wired {
    /// All routes behind the kit's door.
    pub router: Router,
    /// The one-stop shop, for the worker.
    pub app: App,
}

impl std::fmt::Debug for Wired {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Wired").field("app", &self.app).finish_non_exhaustive()
    }
}

/// What comes in by the front door.
#[derive(Clone)]
pub struct Front {
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Chance.
    pub chance: Arc<dyn Chance>,
    /// Signs flashes and visitors' tokens.
    pub secret: [u8; 32],
    /// Accounts shown on the sign-in page; empty but in the demo.
    pub demo: Vec<DemoAccount>,
    /// Name of the province, where the configuration names none.
    pub province: String,
}

/// Binds everything together.
#[must_use]
pub fn wire(config: &Config, installation: Installation, front: Front) -> Wired {
    let Installation { store, blobs, catalogue, .. } = installation;
    let is_demo = !front.demo.is_empty();
    let name = if is_demo { front.province } else { config.province.name.clone() };
    let app = App(Arc::new(Inner {
        store: store.clone(),
        catalogue: RwLock::new(catalogue),
        blobs,
        clock: Arc::clone(&front.clock),
        chance: Arc::clone(&front.chance),
        place: Place {
            address: config.server.address(),
            name: name.clone(),
            phone: config.province.phone.clone(),
        },
        settings: settings(config),
        demo: front.demo,
        trials: onestop::Trials::default(),
    }));
    let site = Site {
        place: name,
        phone: config.province.phone.clone(),
        tls: config.server.address().starts_with("https"),
        demo: is_demo,
        officer_prefix: "/noi-lam-viec".to_owned(),
        secret: front.secret,
        uploads: uploads(config),
    };
    let kit = Kit {
        sessions: Arc::new(Table {
            store,
            clock: Arc::clone(&front.clock),
            officer_ms: hours_ms(config.sessions.officer_hours),
            citizen_ms: hours_ms(config.sessions.citizen_hours),
        }),
        clock: front.clock,
        chance: front.chance,
        site: Arc::new(site),
    };
    let proxies = config.server.trusted_proxies.clone();
    let address = middleware::from_fn(move |request: Request, next: Next| {
        let proxies = proxies.clone();
        async move { with_address(request, next, &proxies).await }
    });
    let router = kit::open(onestop::routes(app.clone()), kit).layer(address);
    Wired { router, app }
}

/// What one request may bring.
fn uploads(config: &Config) -> UploadLimits {
    let bytes = |mib: u64, usual| usize::try_from(mib * MIB).unwrap_or(usual);
    let usual = UploadLimits::default();
    UploadLimits {
        file_bytes: bytes(config.uploads.file_mib, usual.file_bytes),
        request_bytes: bytes(config.uploads.request_mib, usual.request_bytes),
    }
}

/// The limits of the configuration, which `config::load` has checked against the program's.
fn settings(config: &Config) -> Settings {
    let pin = config.pin;
    let usual = PinLimits::default();
    let tries = |set: u64, usual: u32| u32::try_from(set).unwrap_or(usual);
    let minutes = i64::try_from(pin.window_minutes);
    Settings {
        file_bytes_max: config.uploads.file_mib * MIB,
        files_per_case: usize::try_from(config.uploads.files_per_case)
            .unwrap_or(kernel::limits::FILES_PER_CASE),
        pin: PinLimits {
            per_case: tries(pin.tries_per_case, usual.per_case),
            per_address: tries(pin.tries_per_address, usual.per_address),
            window_ms: minutes.map_or(usual.window_ms, |minutes| minutes * MINUTE_MS),
        },
    }
}

/// Puts the client's address on a request: the peer's, or, if the peer is a trusted proxy, the last
/// one that the proxies themselves did not add.
async fn with_address(mut request: Request, next: Next, proxies: &[IpAddr]) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|c| c.0.ip());
    let forwarded = request.headers().get_all("x-forwarded-for").iter();
    let listed: Vec<String> = forwarded
        .filter_map(|v| v.to_str().ok())
        .flat_map(|v| v.split(','))
        .map(|part| part.trim().to_owned())
        .collect();
    let address = client(peer, &listed, proxies);
    request.extensions_mut().insert(ClientAddress(address));
    next.run(request).await
}

fn client(peer: Option<IpAddr>, listed: &[String], proxies: &[IpAddr]) -> String {
    let Some(peer) = peer else { return "unknown".to_owned() };
    if !proxies.contains(&peer) {
        return peer.to_string();
    }
    let parsed = listed.iter().rev().map(|text| text.parse::<IpAddr>());
    let found = parsed.take_while(Result::is_ok).flatten().find(|ip| !proxies.contains(ip));
    found.unwrap_or(peer).to_string()
}

/// The kit's sessions over the store.
struct Table {
    store: Store,
    clock: Arc<dyn Clock>,
    /// How long an officer's session lasts.
    officer_ms: i64,
    /// How long a filer's session lasts.
    citizen_ms: i64,
}

fn hours_ms(hours: u64) -> i64 {
    i64::try_from(hours).unwrap_or(24) * 3_600_000
}

fn fault(error: ActError<StoreError>) -> SessionFault {
    SessionFault(error.into_store().to_string())
}

fn realm_key(realm: Realm) -> &'static str {
    match realm {
        Realm::Officer => "officer",
        Realm::Citizen => "citizen",
    }
}

impl Sessions for Table {
    fn find(&self, token: TokenHash) -> Later<'_, Result<Option<SessionInfo>, SessionFault>> {
        Box::pin(async move {
            let now = self.clock.now_ms();
            let read = self.store.read(move |r| sessions::by_token(r, &token, now));
            let Some(session) = read.await.map_err(fault)? else { return Ok(None) };
            if sessions::needs_touch(&session, now) {
                let until = session.expires_at_ms;
                let touched = self.store.act(move |tx| sessions::touch(tx, &token, now, until));
                if let Err(error) = touched.await {
                    tracing::warn!(%error, "the last use of a session was not written");
                }
            }
            Ok(session.account_id.map(|account| SessionInfo {
                account_id: account.to_string(),
                realm: if session.realm == "officer" { Realm::Officer } else { Realm::Citizen },
                csrf_secret: session.csrf,
                created_at_ms: session.created_at_ms,
                expires_at_ms: session.expires_at_ms,
            }))
        })
    }

    fn create(&self, token: TokenHash, info: SessionInfo) -> Later<'_, Result<(), SessionFault>> {
        Box::pin(async move {
            let account = Uuid::parse_str(&info.account_id)
                .map_err(|e| SessionFault(format!("account id: {e}")))?;
            let new = NewSession {
                token_hash: token,
                realm: realm_key(info.realm).to_owned(),
                account_id: Some(account),
                csrf: info.csrf_secret,
                user_agent: String::new(),
                expires_at_ms: info.created_at_ms
                    + match info.realm {
                        Realm::Officer => self.officer_ms,
                        Realm::Citizen => self.citizen_ms,
                    },
            };
            let now = info.created_at_ms;
            self.store.act(move |tx| sessions::start(tx, &new, now)).await.map_err(fault)
        })
    }

    fn end(&self, token: TokenHash) -> Later<'_, Result<(), SessionFault>> {
        Box::pin(async move {
            let now = self.clock.now_ms();
            let ended = self.store.act(move |tx| sessions::end(tx, &token, now));
            ended.await.map(|_| ()).map_err(fault)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn only_trusted_proxies_are_believed() {
        let listed = ["203.0.113.9".to_owned(), "198.51.100.7".to_owned(), "10.0.0.2".to_owned()];
        let proxies = [ip("10.0.0.1"), ip("10.0.0.2")];
        assert_eq!(client(Some(ip("10.0.0.1")), &listed, &proxies), "198.51.100.7");
        assert_eq!(client(Some(ip("192.0.2.4")), &listed, &proxies), "192.0.2.4");
        let torn = ["198.51.100.7".to_owned(), "not an address".to_owned()];
        assert_eq!(client(Some(ip("10.0.0.1")), &torn, &proxies), "10.0.0.1");
        assert_eq!(client(None, &listed, &proxies), "unknown");
    }
}
