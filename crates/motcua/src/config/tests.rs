//! The default file fits the types; layers win in order; faults name place, line and key.

use super::layers::{keys_of, variable_of};
use super::*;
use crate::seed::SeedSource;

fn folder_with(text: &str) -> (tempfile::TempDir, Flags) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(FILE_NAME), text).unwrap();
    let flags = Flags { data: Some(folder.path().to_owned()), ..Flags::default() };
    (folder, flags)
}

fn env(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect()
}

#[test]
fn the_default_file_fits_the_types_and_every_key_is_explained() {
    let config: Config = toml::from_str(DEFAULT).unwrap();
    assert_eq!(config.faults(), []);
    let loaded = load(&Flags { data: Some("/nowhere/at/all".into()), ..Flags::default() }, &[]);
    assert_eq!(loaded.unwrap().uploads, config.uploads);
    let table: toml::Table = DEFAULT.parse().unwrap();
    assert!(keys_of(&table).len() >= 20);
    let mut explained = false;
    for line in DEFAULT.lines() {
        if line.contains('=') && !line.starts_with('#') {
            assert!(explained, "no comment above: {line}");
        } else {
            explained = line.starts_with('#');
        }
    }
}

#[test]
fn file_then_environment_then_flags() {
    let (_folder, mut flags) = folder_with(
        "[server]\nlisten = \"0.0.0.0:1\"\n\
         [province]\nphone = \"02973 000\"\n[pin]\nwindow_minutes = 5\n",
    );
    let vars = env(&[
        ("MOTCUA_SERVER_LISTEN", "0.0.0.0:2"),
        ("MOTCUA_SERVER_TRUSTED_PROXIES", "10.0.0.1, 10.0.0.2"),
        ("MOTCUA_ORG_CODE_CONFIRMED", "true"),
        ("HOME", "x"),
    ]);
    let config = load(&flags, &vars).unwrap();
    assert_eq!(config.server.listen.port(), 2);
    assert_eq!(config.server.trusted_proxies.len(), 2);
    assert_eq!((config.province.phone.as_str(), config.pin.window_minutes), ("02973 000", 5));
    assert!(config.org.code_confirmed);
    flags.listen = Some("0.0.0.0:3".into());
    let config = load(&flags, &vars).unwrap();
    assert_eq!(config.server.listen.port(), 3);
    assert_eq!(config.server.address(), "http://0.0.0.0:3");
    assert_eq!(config.data.seed_source(), SeedSource::Embedded);
}

#[test]
fn faults_name_place_line_and_key_all_at_once() {
    let (_folder, flags) = folder_with(
        "[server]\nlisten = \"here\"\nlistn = 1\n\n\
         [uploads]\nfile_mib = 99\nrequest_mib = \"40\"\n[moon]\nx = 1\n",
    );
    let faults = load(&flags, &env(&[("MOTCUA_PIN", "1")])).unwrap_err();
    let found: Vec<(u64, &str)> = faults.iter().map(|f| (f.line, f.key.as_str())).collect();
    for expected in
        [(3, "server.listn"), (7, "uploads.request_mib"), (9, "moon.x"), (2, "server.listen")]
    {
        assert!(found.contains(&expected), "{expected:?}: {faults:?}");
    }
    assert!(faults.iter().any(|f| f.place == "MOTCUA_PIN"), "{faults:?}");
    let (_folder, flags) = folder_with("[uploads]\nfile_mib = 99\n");
    let faults = load(&flags, &[]).unwrap_err();
    assert!(faults.iter().any(|f| f.line == 2 && f.key == "uploads.file_mib"), "{faults:?}");
    assert!(faults[0].place.ends_with(FILE_NAME));
    let (_folder, flags) = folder_with("[server\n");
    assert_eq!(load(&flags, &[]).unwrap_err()[0].line, 1);
}

#[test]
fn keys_stay_outside_the_data_folder() {
    let mut config: Config = toml::from_str(DEFAULT).unwrap();
    assert_eq!(config.data.keys_path(), Path::new("motcua-data.keys"));
    config.data.keys = "motcua-data/keys".into();
    config.server.tls_cert = "cert.pem".into();
    config.server.public_address = "motcua.example".into();
    let faults: Vec<&str> = config.faults().iter().map(|(key, _)| *key).collect();
    assert_eq!(faults, ["server.tls_key", "server.public_address", "data.keys"]);
}

#[test]
fn each_key_has_a_variable_of_its_own() {
    let table: toml::Table = DEFAULT.parse().unwrap();
    let names: std::collections::BTreeSet<String> =
        keys_of(&table).iter().map(|key| variable_of(key)).collect();
    assert_eq!(names.len(), keys_of(&table).len());
}
