//! Stylesheet, script and mark: inside the program, compressed once, cached for ever under an
//! address that carries the content's hash.

use std::io::Write;
use std::sync::LazyLock;

use axum::Router;
use axum::body::Body;
use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};

use crate::limits;
use crate::respond::{Raw, Refused};

/// Characters of the hash in an address; 64 bits part all versions there will ever be.
const HASH_CHARS: usize = 16;

struct Asset {
    name: &'static str,
    path: String,
    kind: &'static str,
    plain: &'static [u8],
    gzip: Bytes,
}

static ASSETS: LazyLock<Vec<Asset>> = LazyLock::new(|| {
    vec![
        asset("motcua.css", "text/css; charset=utf-8", include_bytes!("../assets/motcua.css")),
        asset("motcua.js", "text/javascript; charset=utf-8", include_bytes!("../assets/motcua.js")),
        asset("mark.svg", "image/svg+xml", include_bytes!("../assets/mark.svg")),
    ]
});

fn asset(name: &'static str, kind: &'static str, plain: &'static [u8]) -> Asset {
    let mut hash = hex::encode(Sha256::digest(plain));
    hash.truncate(HASH_CHARS);
    let (stem, ending) = name.split_once('.').unwrap_or((name, ""));
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    // Writing to memory does not fail; an empty answer would mean "send it plain".
    let gzip = gzip.write_all(plain).and_then(|()| gzip.finish()).unwrap_or_default();
    Asset { name, path: format!("{stem}-{hash}.{ending}"), kind, plain, gzip: gzip.into() }
}

/// The address of an asset; its bare name when there is none such (seen in tests of pages).
pub fn href(name: &str) -> String {
    let found = ASSETS.iter().find(|asset| asset.name == name);
    format!("/assets/{}", found.map_or(name, |asset| asset.path.as_str()))
}

/// Route of the assets.
pub fn routes() -> Router {
    Router::new().route("/assets/{path}", get(asset_by_path))
}

async fn asset_by_path(Path(path): Path<String>, headers: HeaderMap) -> Result<Response, Refused> {
    let found = ASSETS.iter().find(|asset| asset.path == path).ok_or_else(Refused::not_found)?;
    let accepts = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
    let gzip = accepts.is_some_and(|value| value.contains("gzip")) && !found.gzip.is_empty();
    let body = if gzip { Body::from(found.gzip.clone()) } else { Body::from(found.plain) };
    let mut response = body.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(found.kind));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if gzip {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    let cache = format!("public, max-age={}, immutable", limits::ASSET_AGE_S);
    if let Ok(cache) = HeaderValue::from_str(&cache) {
        headers.insert(header::CACHE_CONTROL, cache);
    }
    response.extensions_mut().insert(Raw);
    Ok(response)
}
