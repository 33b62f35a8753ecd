//! Pages leave compressed. actix's own middleware would send each page to another thread and make a compressor anew; a page is small enough to
//! be compressed where it is, by a compressor that each thread keeps.

use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::http::header::{
    ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE, ETAG, HeaderMap, HeaderValue, VARY,
};
use actix_web::{HttpRequest, HttpResponse};
use flate2::{Compress, Compression, FlushCompress, Status};
use std::cell::RefCell;

/// Below so many bytes there is nothing to win.
const LEAST: usize = 1_024;
/// Above so many bytes a page would hold its thread too long; actix's middleware takes those.
const MOST: usize = 1 << 20;

thread_local! {
    static COMPRESSOR: RefCell<Compress> = RefCell::new(Compress::new_gzip(Compression::fast(), 15));
}

/// Whether whoever asks takes gzip.
pub(super) fn takes_gzip(request: &HttpRequest) -> bool {
    let accepted = request.headers().get(ACCEPT_ENCODING);
    let accepted = accepted.and_then(|value| value.to_str().ok()).unwrap_or("");
    accepted.split(',').any(|one| {
        let (name, rest) = one.split_once(';').unwrap_or((one, ""));
        let weight = rest.trim().strip_prefix("q=").map(str::parse::<f32>);
        name.trim().eq_ignore_ascii_case("gzip") && !matches!(weight, Some(Ok(0.0) | Err(_)))
    })
}

/// The answer, compressed if it is a page of some size.
pub(super) fn squeeze(answer: HttpResponse<BoxBody>) -> HttpResponse<BoxBody> {
    if !is_page(answer.headers(), answer.body().size()) {
        return answer;
    }
    let (answer, body) = answer.into_parts();
    let bytes = match body.try_into_bytes() {
        Ok(bytes) => bytes,
        Err(body) => return answer.set_body(body),
    };
    let Some(small) = gzip(&bytes) else {
        return answer.set_body(BoxBody::new(bytes));
    };
    let mut answer = answer.set_body(BoxBody::new(small));
    let headers = answer.headers_mut();
    headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    headers.append(VARY, HeaderValue::from_static("accept-encoding"));
    answer
}

fn is_page(headers: &HeaderMap, size: BodySize) -> bool {
    let is_html = headers
        .get(CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    let has_size =
        matches!(size, BodySize::Sized(bytes) if (LEAST as u64..=MOST as u64).contains(&bytes));
    is_html && has_size && !headers.contains_key(CONTENT_ENCODING) && !headers.contains_key(ETAG)
}

fn gzip(bytes: &[u8]) -> Option<Vec<u8>> {
    COMPRESSOR.with_borrow_mut(|compressor| {
        compressor.reset();
        // A page becomes a fifth; where it does not, the vector is too small and the page goes as it is.
        let mut small = Vec::with_capacity(bytes.len() / 2 + LEAST);
        let status = compressor.compress_vec(bytes, &mut small, FlushCompress::Finish);
        matches!(status, Ok(Status::StreamEnd)).then_some(small)
    })
}
