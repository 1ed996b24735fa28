//! Configuration: the commented default, a file, the environment, flags; later ones win.

mod layers;
#[cfg(test)]
mod tests;

pub use layers::{ConfigFault, Flags, load};

use crate::seed::units::org_code;
use serde::Deserialize;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

/// The commented default file, printed by `motcua config`.
pub const DEFAULT: &str = include_str!("../../../../config.default.toml");
/// Name of the configuration file inside the data folder.
pub const FILE_NAME: &str = "config.toml";
/// Largest configuration file, in bytes.
pub const FILE_BYTES_MAX: u64 = 1024 * 1024;
/// Highest limit for one uploaded file, in MiB: what the intake reads.
pub const FILE_MIB_MAX: u64 = 20;
/// Highest limit for one request, in MiB.
pub const REQUEST_MIB_MAX: u64 = 200;
/// Highest number of files of one case.
pub const FILES_PER_CASE_MAX: u64 = kernel::limits::FILES_PER_CASE as u64;
/// Longest session, in hours.
pub const SESSION_HOURS_MAX: u64 = 24;
/// Highest number of wrong PINs that may be allowed.
pub const PIN_TRIES_MAX: u64 = 100;
/// Longest window for wrong PINs, in minutes.
pub const PIN_WINDOW_MINUTES_MAX: u64 = 1_440;

/// The whole configuration. Empty texts mean "none"; the methods give them as `Option`.
#[derive(Clone, PartialEq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Folders and files.
    pub data: Data,
    /// The web server.
    pub server: Server,
    /// Names on pages and papers.
    pub province: Province,
    /// Organisation codes.
    pub org: Org,
    /// Limits of uploads.
    pub uploads: Uploads,
    /// Lifetimes of sessions.
    pub sessions: Sessions,
    /// Limits of the tracking PIN.
    pub pin: Pin,
    /// Logging.
    pub log: Log,
}

/// Folders and files.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Data {
    /// Data folder.
    pub dir: PathBuf,
    /// Master key file; see [`Data::keys_path`].
    pub keys: PathBuf,
    /// Folder of seeds; see [`Data::seed_source`].
    pub seeds: PathBuf,
}

impl Data {
    /// The master key file: as set, or `<dir>.keys` beside the data folder.
    #[must_use]
    pub fn keys_path(&self) -> PathBuf {
        if self.keys.as_os_str().is_empty() {
            let mut name = self.dir.file_name().unwrap_or_default().to_owned();
            name.push(".keys");
            return self.dir.with_file_name(name);
        }
        self.keys.clone()
    }

    /// Where seeds come from.
    #[must_use]
    pub fn seed_source(&self) -> crate::seed::SeedSource {
        if self.seeds.as_os_str().is_empty() {
            return crate::seed::SeedSource::Embedded;
        }
        crate::seed::SeedSource::Folder(self.seeds.clone())
    }
}

/// The web server.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Server {
    /// Where to listen.
    pub listen: SocketAddr,
    /// What people see; see [`Server::address`].
    pub public_address: String,
    /// TLS certificate chain (PEM).
    pub tls_cert: PathBuf,
    /// TLS private key (PEM).
    pub tls_key: PathBuf,
    /// Proxies that are believed.
    pub trusted_proxies: Vec<IpAddr>,
}

impl Server {
    /// Certificate and key, if TLS is served here.
    #[must_use]
    pub fn tls(&self) -> Option<(&Path, &Path)> {
        let set = !self.tls_cert.as_os_str().is_empty() && !self.tls_key.as_os_str().is_empty();
        set.then_some((self.tls_cert.as_path(), self.tls_key.as_path()))
    }

    /// The address that people see, without a slash at its end.
    #[must_use]
    pub fn address(&self) -> String {
        if self.public_address.is_empty() {
            let scheme = if self.tls().is_some() { "https" } else { "http" };
            return format!("{scheme}://{}", self.listen);
        }
        self.public_address.trim_end_matches('/').to_owned()
    }
}

/// Names on pages and papers.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Province {
    /// Vietnamese name.
    pub name: String,
    /// English name.
    pub name_en: String,
    /// Hotline; empty: none.
    pub phone: String,
}

/// Organisation codes.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Org {
    /// Codes that take the place of those in the seeds, such as `H33=H35`, with commas between;
    /// empty: as the seeds have them. See [`Org::codes`].
    pub code: String,
    /// Whether the authority has confirmed the codes; until then `check` and `serve` say that they
    /// are inferred.
    pub code_confirmed: bool,
}

impl Org {
    /// Each code of the seeds with the one that takes its place; pairs that make no sense are left
    /// out, [`load`] has refused them before.
    #[must_use]
    pub fn codes(&self) -> Vec<(String, String)> {
        let pair = |text: &str| {
            let (old, new) = text.split_once('=')?;
            Some((org_code(old.trim())?, org_code(new.trim())?))
        };
        self.pairs().filter_map(pair).collect()
    }

    fn pairs(&self) -> impl Iterator<Item = &str> {
        self.code.split(',').map(str::trim).filter(|text| !text.is_empty())
    }
}

/// Limits of uploads.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Uploads {
    /// Largest file, in MiB.
    pub file_mib: u64,
    /// Largest request with files, in MiB.
    pub request_mib: u64,
    /// Most files of one case.
    pub files_per_case: u64,
}

/// Lifetimes of sessions.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sessions {
    /// An officer's, in hours.
    pub officer_hours: u64,
    /// A citizen's, in hours.
    pub citizen_hours: u64,
}

/// Limits of the tracking PIN.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pin {
    /// Wrong PINs for one case within the window.
    pub tries_per_case: u64,
    /// Wrong PINs from one address within the window.
    pub tries_per_address: u64,
    /// The window, in minutes.
    pub window_minutes: u64,
}

/// Logging.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Log {
    /// Level or filter.
    pub level: String,
}

impl Config {
    /// What the types cannot say: (key, reason) of every value that makes no sense.
    pub(crate) fn faults(&self) -> Vec<(&'static str, String)> {
        let mut faults = Vec::new();
        let numbers = [
            ("uploads.file_mib", self.uploads.file_mib, FILE_MIB_MAX),
            ("uploads.request_mib", self.uploads.request_mib, REQUEST_MIB_MAX),
            ("uploads.files_per_case", self.uploads.files_per_case, FILES_PER_CASE_MAX),
            ("sessions.officer_hours", self.sessions.officer_hours, SESSION_HOURS_MAX),
            ("sessions.citizen_hours", self.sessions.citizen_hours, SESSION_HOURS_MAX),
            ("pin.tries_per_case", self.pin.tries_per_case, PIN_TRIES_MAX),
            ("pin.tries_per_address", self.pin.tries_per_address, PIN_TRIES_MAX),
            ("pin.window_minutes", self.pin.window_minutes, PIN_WINDOW_MINUTES_MAX),
        ];
        for (key, value, max) in numbers {
            if value == 0 || value > max {
                faults.push((key, format!("expected 1 to {max}, but found {value}")));
            }
        }
        if self.uploads.request_mib < self.uploads.file_mib {
            let reason = "expected at least uploads.file_mib".to_owned();
            faults.push(("uploads.request_mib", reason));
        }
        let texts = [
            ("province.name", self.province.name.is_empty()),
            ("province.name_en", self.province.name_en.is_empty()),
            ("log.level", self.log.level.is_empty()),
            ("data.dir", self.data.dir.file_name().is_none()),
        ];
        let empty = texts.iter().filter(|(_, empty)| *empty);
        faults.extend(empty.map(|(key, _)| (*key, "expected a value".to_owned())));
        faults.extend(self.server_faults());
        if self.org.codes().len() != self.org.pairs().count() {
            let reason = format!("expected pairs like H33=H35, but found \"{}\"", self.org.code);
            faults.push(("org.code", reason));
        }
        if self.data.keys_path().starts_with(&self.data.dir) {
            let reason = "expected a file outside the data folder and its backups".to_owned();
            faults.push(("data.keys", reason));
        }
        faults
    }

    fn server_faults(&self) -> Vec<(&'static str, String)> {
        let mut faults = Vec::new();
        let server = &self.server;
        let cert = !server.tls_cert.as_os_str().is_empty();
        let key = !server.tls_key.as_os_str().is_empty();
        if cert != key {
            let missing = if cert { "server.tls_key" } else { "server.tls_cert" };
            faults.push((missing, "expected both tls_cert and tls_key, or neither".to_owned()));
        }
        let address = &server.public_address;
        let web = address.starts_with("https://") || address.starts_with("http://");
        if !address.is_empty() && (!web || address.contains(char::is_whitespace)) {
            let reason = format!("expected http://… or https://…, but found \"{address}\"");
            faults.push(("server.public_address", reason));
        }
        faults
    }
}
