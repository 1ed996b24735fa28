//! Reads a request's body into entries, within limits; a file at fault is named, the rest is kept.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::multipart::Field;
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::header;
use axum::http::request::Parts;
use bytes::{Bytes, BytesMut};
use tokio::sync::Semaphore;
use tokio::time::timeout;

use super::entries::{Place, Sent};
use super::pace::{Slow, paced};
use super::{Entries, Fault, ONCE_FIELD, Upload};
use crate::limits;
use crate::respond::Refused;
use crate::session::UploadLimits;
use crate::visit::CSRF_FIELD;

/// Requests with files at the same time: each holds its files in memory until it is answered.
static UPLOADS: Semaphore = Semaphore::const_new(limits::UPLOADS_AT_ONCE);

/// What a request has brought so far, and how much it may bring.
struct Total {
    bytes: usize,
    uploads: UploadLimits,
}

/// Reads a body by its declared kind, in a time that is bounded: a body that stalls, trickles or
/// takes too long altogether is given up, so that no place among the uploads is held without end.
pub(crate) async fn read_body(
    parts: &Parts,
    body: Body,
    uploads: UploadLimits,
) -> Result<Entries, Refused> {
    let slow = Slow::default();
    let reading = read_kind(parts, paced(body, slow.clone()), uploads);
    match timeout(limits::BODY_MAX, reading).await {
        Ok(Err(_)) if slow.was() => Err(Refused::too_slow()),
        Ok(read) => read,
        Err(_) => Err(Refused::too_slow()),
    }
}

/// The header in which a program gives the anti-forgery token.
const CSRF_HEADER: &str = "x-csrf-token";
/// The header in which a program gives the key that makes sending twice act once.
const ONCE_HEADER: &str = "idempotency-key";

/// A JSON object as entries: a list gives its name several times, `true` is a ticked box, an object
/// stays JSON. Token and key come in headers, so that no form of another site can send them.
async fn read_json(parts: &Parts, body: Body, uploads: UploadLimits) -> Result<Entries, Refused> {
    let bytes = to_bytes(body, limits::FORM_MAX_BYTES).await;
    let bytes = bytes.map_err(|_| Refused::too_large(uploads))?;
    let object: serde_json::Map<String, serde_json::Value> =
        serde_json::from_slice(&bytes).map_err(|_| Refused::bad_request())?;
    let mut fields = Vec::new();
    for (name, value) in object.into_iter().filter(|(name, _)| !name.starts_with('_')) {
        match value {
            serde_json::Value::Array(items) => {
                fields.extend(items.into_iter().filter_map(plain).map(|item| (name.clone(), item)));
            }
            one => fields.extend(plain(one).map(|value| (name, value))),
        }
    }
    for (header, field) in [(CSRF_HEADER, CSRF_FIELD), (ONCE_HEADER, ONCE_FIELD)] {
        let given = parts.headers.get(header).and_then(|value| value.to_str().ok());
        fields.extend(given.map(|value| (field.to_owned(), value.to_owned())));
    }
    let long = fields.iter().any(|(_, value)| value.len() > limits::FIELD_MAX_BYTES);
    if long || fields.len() > limits::FIELDS_MAX {
        return Err(Refused::too_large(uploads));
    }
    Ok(Entries(Arc::new(Sent { fields, ..Sent::default() })))
}

fn plain(value: serde_json::Value) -> Option<String> {
    match value {
        serde_json::Value::Null => None,
        serde_json::Value::Bool(on) => Some(if on { "1" } else { "0" }.to_owned()),
        serde_json::Value::String(text) => Some(text),
        other => Some(other.to_string()),
    }
}

/// Nothing else than the two kinds of forms, and JSON of programs, is taken.
async fn read_kind(parts: &Parts, body: Body, uploads: UploadLimits) -> Result<Entries, Refused> {
    let kind = parts.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let kind = kind.unwrap_or_default().to_ascii_lowercase();
    if kind.starts_with("multipart/form-data") {
        let sent = read_multipart(parts, body, uploads).await?;
        return Ok(Entries(Arc::new(sent)));
    }
    if kind.is_empty() || kind.starts_with("application/x-www-form-urlencoded") {
        let bytes = to_bytes(body, limits::FORM_MAX_BYTES).await;
        let bytes = bytes.map_err(|_| Refused::too_large(uploads))?;
        let fields: Vec<_> = form_urlencoded::parse(&bytes).into_owned().collect();
        let long = fields.iter().any(|(_, value)| value.len() > limits::FIELD_MAX_BYTES);
        if long || fields.len() > limits::FIELDS_MAX {
            return Err(Refused::too_large(uploads));
        }
        return Ok(Entries(Arc::new(Sent { fields, ..Sent::default() })));
    }
    if kind.starts_with("application/json") {
        return read_json(parts, body, uploads).await;
    }
    Err(Refused::bad_request())
}

async fn read_multipart(parts: &Parts, body: Body, uploads: UploadLimits) -> Result<Sent, Refused> {
    let request = Request::from_parts(parts.clone(), body);
    let form = Multipart::from_request(request, &()).await;
    let mut form = form.map_err(|_| Refused::bad_request())?;
    let mut sent = Sent::default();
    let mut total = Total { bytes: 0, uploads };
    while let Some(field) = form.next_field().await.map_err(|_| Refused::bad_request())? {
        let Some(name) = field.name().map(str::to_owned) else {
            return Err(Refused::bad_request());
        };
        match field.file_name().map(clean_name) {
            // A file field left empty arrives as a part without a file name or without content.
            Some(file) if file.is_empty() => drain(field, 0, &mut total).await.map(drop)?,
            Some(file) => read_file(&mut sent, name, file, field, &mut total).await?,
            None => {
                let (bytes, over) = drain(field, limits::FIELD_MAX_BYTES, &mut total).await?;
                if over || sent.fields.len() >= limits::FIELDS_MAX {
                    return Err(Refused::too_large(uploads));
                }
                let text = String::from_utf8(bytes.to_vec());
                sent.fields.push((name, text.map_err(|_| Refused::bad_request())?));
            }
        }
    }
    Ok(sent)
}

async fn read_file(
    sent: &mut Sent,
    field: String,
    name: String,
    content: Field<'_>,
    total: &mut Total,
) -> Result<(), Refused> {
    let uploads = total.uploads;
    if sent.place.0.is_none() {
        let place = UPLOADS.try_acquire().map_err(|_| Refused::busy(limits::BUSY_RETRY_S))?;
        sent.place = Place(Some(place));
    }
    let (bytes, over) = drain(content, uploads.file_bytes, total).await?;
    if sent.files.len() >= limits::FILES_MAX {
        return Err(Refused::too_large(uploads));
    }
    if over {
        let mb = uploads.file_bytes / (1024 * 1024);
        sent.faults.add(Fault::new(field, "err-file-size").with("name", name).with("mb", mb));
    } else if bytes.is_empty() {
        sent.faults.add(Fault::new(field, "err-file-empty").with("name", name));
    } else {
        sent.files.push(Upload { field, name, bytes });
    }
    Ok(())
}

/// Reads a part to its end, keeping at most `keep` bytes. The flag says that there were more; then
/// nothing is kept, so that the other entries can still be shown again.
async fn drain(
    mut field: Field<'_>,
    keep: usize,
    total: &mut Total,
) -> Result<(Bytes, bool), Refused> {
    let mut kept = BytesMut::new();
    let mut over = false;
    while let Some(chunk) = field.chunk().await.map_err(|_| Refused::bad_request())? {
        total.bytes += chunk.len();
        if total.bytes > total.uploads.request_bytes {
            return Err(Refused::too_large(total.uploads));
        }
        over = over || kept.len() + chunk.len() > keep;
        if over {
            kept = BytesMut::new();
        } else {
            kept.extend_from_slice(&chunk);
        }
    }
    Ok((kept.freeze(), over))
}

/// The file's own name: no folders, no control characters, bounded.
fn clean_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    last.chars().filter(|c| !c.is_control()).take(limits::FILE_NAME_MAX_CHARS).collect()
}
