//! The outermost ring: every request gets an id, a meter and a language; every answer its headers; every failure its page.

use super::ctx::{Arrival, Ctx};
use super::{error, page};
use crate::config::Config;
use crate::error::AppError;
use crate::kernel::language::Lang;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::{Error, HttpRequest, web};
use std::net::IpAddr;
use std::sync::Arc;
use tracing::Instrument;

/// Name of the cookie in which a signed-out page keeps the chosen language.
pub const LANGUAGE_COOKIE: &str = "mandi-language";

/// Everything that a page may load comes from here. Nothing inline, nothing foreign.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; \
                      manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The middleware of every route that people use.
///
/// # Errors
/// None: a failure leaves as a page.
pub async fn ring(request: ServiceRequest, next: Next<impl MessageBody + 'static>) -> Result<ServiceResponse<BoxBody>, Error> {
    let ctx = Arc::new(Ctx::new(arrival(request.request())));
    let span = tracing::info_span!("request", id = %ctx.request, method = %request.method(), path = request.path(), user = tracing::field::Empty, tenant = tracing::field::Empty);
    let inner = Arc::clone(&ctx);
    Arc::clone(&ctx).run(serve(inner, request, next)).instrument(span).await
}

async fn serve(ctx: Arc<Ctx>, request: ServiceRequest, next: Next<impl MessageBody + 'static>) -> Result<ServiceResponse<BoxBody>, Error> {
    let original = request.request().clone();
    let is_unsafe = !matches!(*request.method(), Method::GET | Method::HEAD);
    let mut response = if is_unsafe && !is_same_origin(&original) {
        let answer = error::render(&AppError::CrossSite, &ctx, "/");
        request.into_response(answer).map_into_boxed_body()
    } else {
        match next.call(request).await {
            Ok(response) => settle(&ctx, response.map_into_boxed_body()),
            Err(failure) => ServiceResponse::new(original.clone(), shown(&ctx, &original, failure)),
        }
    };
    dress(&ctx, &original, &mut response, is_unsafe);
    observe(&ctx, &original, response.status());
    Ok(response)
}

/// A failure that came back as a response gets its page here.
fn settle(ctx: &Ctx, response: ServiceResponse<BoxBody>) -> ServiceResponse<BoxBody> {
    let request = response.request().clone();
    let kept = ctx.take_failure();
    let status = response.status();
    if let Some(failure) = kept {
        return ServiceResponse::new(request.clone(), error::render(&failure, ctx, &address_of(&request)));
    }
    if let Some(failure) = response.response().error().and_then(|cause| cause.as_error::<AppError>()) {
        let answer = error::render(failure, ctx, &address_of(&request));
        return ServiceResponse::new(request, answer);
    }
    match foreign(status, response.response().error()) {
        Some(failure) => ServiceResponse::new(request.clone(), error::render(&failure, ctx, &address_of(&request))),
        None => response,
    }
}

fn shown(ctx: &Ctx, request: &HttpRequest, failure: Error) -> actix_web::HttpResponse {
    let address = address_of(request);
    if let Some(kept) = ctx.take_failure() {
        return error::render(&kept, ctx, &address);
    }
    if let Some(ours) = failure.as_error::<AppError>() {
        return error::render(ours, ctx, &address);
    }
    let status = failure.as_response_error().status_code();
    let ours = foreign(status, Some(&failure)).unwrap_or_else(|| AppError::internal(failure.to_string()));
    error::render(&ours, ctx, &address)
}

/// actix's own refusals (no such route, a path that does not fit) in our words.
fn foreign(status: StatusCode, cause: Option<&Error>) -> Option<AppError> {
    let cause = cause.map_or_else(|| status.to_string(), ToString::to_string);
    match status {
        StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => Some(AppError::NotFound),
        // Our own pages answer 400 and 5xx only through `AppError`, so these are actix's.
        StatusCode::BAD_REQUEST => Some(AppError::Malformed(cause)),
        status if status.is_server_error() => Some(AppError::internal(cause)),
        _ => None,
    }
}

fn address_of(request: &HttpRequest) -> String {
    request.uri().path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string)
}

fn arrival(request: &HttpRequest) -> Arrival {
    let headers = request.headers();
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    Arrival {
        route: format!("{} {}", request.method(), request.path()),
        address: client_address(request),
        agent: text("user-agent").map(|agent| agent.chars().take(400).collect()),
        is_htmx: text("hx-request") == Some("true"),
        accepts: text("accept-language").map_or(Lang::En, Lang::from_accept_language),
        chosen: request.cookie(LANGUAGE_COOKIE).and_then(|cookie| Lang::from_code(cookie.value())),
        flash: page::read_flash(request),
    }
}

/// Where the request came from. `X-Forwarded-For` counts only from proxies that the settings trust, read from the right.
fn client_address(request: &HttpRequest) -> IpAddr {
    let peer = request.peer_addr().map_or(IpAddr::from([0, 0, 0, 0]), |address| address.ip());
    let Some(config) = request.app_data::<web::Data<super::State>>().map(|state| Arc::clone(&state.config)) else { return peer };
    let trusted = |address: &IpAddr| config.trusted_proxies.iter().any(|net| net.contains(address));
    if !trusted(&peer) {
        return peer;
    }
    let chain = request.headers().get_all("x-forwarded-for").filter_map(|value| value.to_str().ok()).collect::<Vec<_>>().join(",");
    let mut nearest = peer;
    for hop in chain.rsplit(',').map(str::trim).filter(|hop| !hop.is_empty()) {
        let Ok(address) = hop.parse::<IpAddr>() else { break };
        nearest = address;
        if !trusted(&address) {
            break;
        }
    }
    nearest
}

/// Whether an unsafe request proves that it comes from our own page: `Sec-Fetch-Site`, or else `Origin`. One that proves nothing is refused.
fn is_same_origin(request: &HttpRequest) -> bool {
    let text = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text("sec-fetch-site") {
        return site == "same-origin";
    }
    let Some(origin) = text("origin").and_then(|origin| url::Url::parse(origin).ok()) else { return false };
    let host = text("host").unwrap_or_default();
    let named = match (origin.host_str(), origin.port()) {
        (Some(name), Some(port)) => format!("{name}:{port}"),
        (Some(name), None) => name.to_owned(),
        (None, _) => return false,
    };
    named.eq_ignore_ascii_case(host)
}

fn dress(ctx: &Ctx, request: &HttpRequest, response: &mut ServiceResponse<BoxBody>, is_unsafe: bool) {
    let config = request.app_data::<web::Data<super::State>>().map(|state| Arc::clone(&state.config));
    let is_html = response.headers().get("content-type").is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if is_html && !ctx.has_flash() && request.cookie("mandi-flash").is_some() && !response.headers().contains_key("set-cookie") {
        drop(response.response_mut().add_cookie(&page::end_flash()));
    }
    let succeeded = response.status().is_success() || response.status().is_redirection();
    let headers = response.headers_mut();
    put(headers, "x-request-id", &ctx.request.to_string());
    put(headers, "x-content-type-options", "nosniff");
    put(headers, "referrer-policy", "same-origin");
    put(headers, "cross-origin-opener-policy", "same-origin");
    put(headers, "cross-origin-resource-policy", "same-origin");
    put(headers, "permissions-policy", "camera=(self), geolocation=(self), microphone=(), payment=(), usb=()");
    put(headers, "x-frame-options", "DENY");
    put_new(headers, "content-security-policy", POLICY);
    put_new(headers, "vary", "HX-Request, Cookie, Accept-Language");
    put_new(headers, "cache-control", "private, no-cache");
    if is_html {
        put(headers, "speculation-rules", &format!("\"{}\"", super::assets::path("prefetch.json")));
    }
    if is_unsafe && succeeded {
        put_new(headers, "clear-site-data", "\"prefetchCache\"");
    }
    if let Some(config) = config {
        harden(headers, &config);
        time(headers, ctx, &config);
    }
}

fn harden(headers: &mut HeaderMap, config: &Config) {
    if config.is_secure() {
        put(headers, "strict-transport-security", "max-age=31536000; includeSubDomains");
    }
}

/// What the request cost, for developers and platform admins.
fn time(headers: &mut HeaderMap, ctx: &Ctx, config: &Config) {
    let may_see = !config.is_production() || ctx.person().is_some_and(|person| person.is_platform_admin);
    if may_see {
        let total = ctx.started.elapsed().as_secs_f64() * 1000.0;
        let database = ctx.meter.time().as_secs_f64() * 1000.0;
        put(headers, "server-timing", &format!("total;dur={total:.2}, db;dur={database:.2};desc=\"{} statements\"", ctx.meter.statements()));
    }
}

fn put(headers: &mut HeaderMap, name: &'static str, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(HeaderName::from_static(name), value);
    }
}

/// A header that a handler may have set otherwise.
fn put_new(headers: &mut HeaderMap, name: &'static str, value: &str) {
    if !headers.contains_key(name) {
        put(headers, name, value);
    }
}

/// One log line and the figures of a finished request.
fn observe(ctx: &Ctx, request: &HttpRequest, status: StatusCode) {
    let route = request.match_pattern().unwrap_or_else(|| "(none)".to_owned());
    let elapsed = ctx.started.elapsed();
    let labels = [("method", request.method().to_string()), ("route", route), ("status", status.as_u16().to_string())];
    metrics::counter!("mandi_requests_total", &labels).increment(1);
    metrics::histogram!("mandi_request_seconds", &labels[..2]).record(elapsed.as_secs_f64());
    let user = ctx.person().map(|person| person.id.to_string());
    tracing::info!(
        status = status.as_u16(),
        ms = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX),
        db_ms = u64::try_from(ctx.meter.time().as_millis()).unwrap_or(u64::MAX),
        statements = ctx.meter.statements(),
        user,
        company = request.match_info().get("company"),
        "answered"
    );
}
