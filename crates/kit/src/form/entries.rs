//! What a person sent: fields and files, unchecked.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use bytes::Bytes;
use tokio::sync::SemaphorePermit;

use super::{Faults, ONCE_FIELD, OnceKey};
use crate::respond::Refused;

/// One file as sent; the caller sniffs and stores it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// Field it came in.
    pub field: String,
    /// Name on the sender's machine, without folders; personal data, never a path of ours.
    pub name: String,
    /// Content.
    pub bytes: Bytes,
}

#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Sent {
    pub fields: Vec<(String, String)>,
    pub files: Vec<Upload>,
    pub faults: Faults,
    /// The place among the requests with files, given back when the last copy goes.
    pub place: Place,
}

/// A place among the requests with files; one is like any other.
#[derive(Debug, Default)]
pub(super) struct Place(pub Option<SemaphorePermit<'static>>);

impl PartialEq for Place {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Place {}

/// Fields and files of one request (POST: body, GET: query); cheap to clone. As a handler argument
/// it has passed the anti-forgery check already.
#[derive(Debug, Clone, Default)]
pub struct Entries(pub(super) Arc<Sent>);

impl Entries {
    /// From what stands after `?`.
    pub fn from_query(query: &str) -> Entries {
        Entries::from_pairs(form_urlencoded::parse(query.as_bytes()).into_owned())
    }

    /// From pairs: sample data of pages, values known from an account.
    pub fn from_pairs<K, V>(pairs: impl IntoIterator<Item = (K, V)>) -> Entries
    where
        K: Into<String>,
        V: Into<String>,
    {
        let fields = pairs.into_iter().map(|(key, value)| (key.into(), value.into())).collect();
        Entries(Arc::new(Sent { fields, ..Sent::default() }))
    }

    /// The first value of a field as sent.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.fields.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The first value without blanks around it; empty when absent.
    pub fn text(&self, name: &str) -> &str {
        self.get(name).unwrap_or_default().trim()
    }

    /// All values of a field: ticked boxes.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.fields.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Whether a field has this value: a ticked box, the button pressed.
    pub fn has(&self, name: &str, value: &str) -> bool {
        self.all(name).any(|found| found == value)
    }

    /// All fields in order.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.fields.iter().map(|(key, value)| (key.as_str(), value.as_str()))
    }

    /// Files of a field; a file field left empty has none.
    pub fn files<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Upload> {
        self.0.files.iter().filter(move |file| file.field == name)
    }

    /// All files.
    pub fn all_files(&self) -> &[Upload] {
        &self.0.files
    }

    /// What was wrong with single files already while reading (too large, empty).
    pub fn faults(&self) -> &Faults {
        &self.0.faults
    }

    /// The key that makes sending twice act once.
    pub fn once(&self) -> Option<OnceKey> {
        self.get(ONCE_FIELD).and_then(OnceKey::parse)
    }
}

impl<S: Sync> FromRequestParts<S> for Entries {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Entries, Refused> {
        parts.extensions.get::<Entries>().cloned().ok_or_else(Refused::fault)
    }
}
