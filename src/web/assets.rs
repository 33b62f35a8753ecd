//! What browsers load besides pages: inside the program, named after their content, kept by browsers for a year.

use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, web};

/// A file that `build.rs` prepared.
pub struct Asset {
    name: &'static str,
    path: &'static str,
    media_type: &'static str,
    digest: &'static str,
    plain: &'static [u8],
    brotli: &'static [u8],
    gzip: &'static [u8],
}

include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// The address of an asset by its plain name: `app.css`, `app.js`, `htmx.js`, `sse.js`, `prefetch.json`, `favicon.svg`.
///
/// A name that is not there gives an address that answers 404, which the tests of every page see.
pub fn path(name: &str) -> &'static str {
    ASSETS
        .iter()
        .find(|asset| asset.name == name)
        .map_or("/assets/missing", |asset| asset.path)
}

/// Brotli sizes of every asset, for the budget's test.
pub fn sizes() -> Vec<(&'static str, usize)> {
    ASSETS
        .iter()
        .map(|asset| (asset.name, asset.brotli.len()))
        .collect()
}

/// `/assets/{name}`.
pub async fn serve(request: HttpRequest, name: web::Path<String>) -> HttpResponse {
    let wanted = format!("/assets/{}", name.as_str());
    let Some(asset) = ASSETS.iter().find(|asset| asset.path == wanted) else {
        return HttpResponse::NotFound().finish();
    };
    let etag = format!("\"{}\"", asset.digest);
    let known = request.headers().get(header::IF_NONE_MATCH);
    let accepted = request
        .headers()
        .get(header::ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let (encoding, body) = if accepted.contains("br") {
        ("br", asset.brotli)
    } else if accepted.contains("gzip") {
        ("gzip", asset.gzip)
    } else {
        ("identity", asset.plain)
    };
    if known.is_some_and(|value| value == etag.as_str()) {
        return HttpResponse::NotModified()
            .insert_header((header::ETAG, etag))
            .finish();
    }
    HttpResponse::Ok()
        .content_type(asset.media_type)
        .insert_header((header::ETAG, etag))
        .insert_header((header::CACHE_CONTROL, "public, max-age=31536000, immutable"))
        .insert_header((header::VARY, "Accept-Encoding"))
        .insert_header(("X-Content-Type-Options", "nosniff"))
        // Set even for identity, so that nothing compresses a prepared body again.
        .insert_header((header::CONTENT_ENCODING, HeaderValue::from_static(encoding)))
        .body(body)
}
