//! The outermost ring: every request gets an id, a meter and a language; every answer its headers; every failure its page.

use super::ctx::{Arrival, Ctx};
use super::{error, page, routes, squeeze};
use crate::config::Config;
use crate::error::AppError;
use crate::kernel::language::Lang;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::InternalError;
use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::{Error, HttpRequest, HttpResponse, web};
use std::net::IpAddr;
use std::sync::Arc;
use tracing::Instrument;

/// Name of the cookie in which a signed-out page keeps the chosen language.
pub const LANGUAGE_COOKIE: &str = "mandi-language";

/// Everything that a page may load comes from here. Nothing inline, nothing foreign.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; \
                      manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// What is still needed of a request once it has gone down the line. actix lets nobody hold the request itself meanwhile.
struct Kept {
    address: String,
    has_flash: bool,
    is_unsafe: bool,
    /// Comes from one of our own pages, or is a message of another machine, which proves itself by its signature.
    is_same_origin: bool,
    takes_gzip: bool,
    config: Arc<Config>,
}

/// The middleware of every route that people use.
///
/// # Errors
/// A failure leaves as an error that carries its finished page.
pub async fn ring(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let Some(state) = request.app_data::<web::Data<super::State>>() else {
        return Err(AppError::internal("no state").into());
    };
    let kept = Kept {
        address: request
            .uri()
            .path_and_query()
            .map_or_else(|| "/".to_owned(), ToString::to_string),
        has_flash: request.cookie("mandi-flash").is_some(),
        is_unsafe: !matches!(*request.method(), Method::GET | Method::HEAD),
        is_same_origin: request.path().starts_with(routes::HOOKS)
            || is_same_origin(request.request()),
        takes_gzip: squeeze::takes_gzip(request.request()),
        config: Arc::clone(&state.config),
    };
    let ctx = Arc::new(Ctx::new(arrival(request.request(), &kept.config)));
    let span = tracing::info_span!("request", id = %ctx.request, method = %request.method(), path = loggable(request.path()));
    Arc::clone(&ctx)
        .run(serve(ctx, kept, request, next))
        .instrument(span)
        .await
}

/// A path as logs may show it: the link of an invitation lets somebody in, so its token stays out.
fn loggable(path: &str) -> &str {
    const INVITATION: &str = "/invite/";
    if path.starts_with(INVITATION) {
        INVITATION
    } else {
        path
    }
}

async fn serve(
    ctx: Arc<Ctx>,
    kept: Kept,
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    // No address of ours holds the character zero, and PostgreSQL takes it in no text.
    if kept.address.contains("%00") {
        let mut answer = error::render(&AppError::NotFound, &ctx, "/");
        dress(&ctx, &kept, &mut answer);
        return Ok(request.into_response(answer).map_into_boxed_body());
    }
    if kept.is_unsafe && !kept.is_same_origin {
        let mut answer = error::render(&AppError::CrossSite, &ctx, &kept.address);
        dress(&ctx, &kept, &mut answer);
        return Ok(request.into_response(answer).map_into_boxed_body());
    }
    match next.call(request).await {
        Ok(response) => {
            let (request, answer) =
                settle(&ctx, &kept, response.map_into_boxed_body()).into_parts();
            let mut answer = answer;
            dress(&ctx, &kept, &mut answer);
            let route = request
                .match_pattern()
                .unwrap_or_else(|| "(none)".to_owned());
            observe(
                &ctx,
                request.method(),
                &route,
                request.match_info().get("company"),
                answer.status(),
            );
            if kept.takes_gzip {
                answer = squeeze::squeeze(answer);
            }
            Ok(ServiceResponse::new(request, answer))
        }
        Err(failure) => {
            let mut answer = shown(&ctx, &kept, &failure);
            dress(&ctx, &kept, &mut answer);
            observe(&ctx, &Method::GET, "(failed early)", None, answer.status());
            Err(InternalError::from_response(failure, answer).into())
        }
    }
}

/// A failure that came back as a response gets its page here.
fn settle(ctx: &Ctx, kept: &Kept, response: ServiceResponse<BoxBody>) -> ServiceResponse<BoxBody> {
    if let Some(failure) = ctx.take_failure() {
        return response.into_response(error::render(&failure, ctx, &kept.address));
    }
    let cause = response.response().error();
    if let Some(failure) = cause.and_then(|cause| cause.as_error::<AppError>()) {
        let answer = error::render(failure, ctx, &kept.address);
        return response.into_response(answer);
    }
    match foreign(response.status(), cause) {
        Some(failure) => response.into_response(error::render(&failure, ctx, &kept.address)),
        None => response,
    }
}

fn shown(ctx: &Ctx, kept: &Kept, failure: &Error) -> HttpResponse {
    if let Some(carried) = ctx.take_failure() {
        return error::render(&carried, ctx, &kept.address);
    }
    if let Some(ours) = failure.as_error::<AppError>() {
        return error::render(ours, ctx, &kept.address);
    }
    let status = failure.as_response_error().status_code();
    let ours =
        foreign(status, Some(failure)).unwrap_or_else(|| AppError::internal(failure.to_string()));
    error::render(&ours, ctx, &kept.address)
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

fn arrival(request: &HttpRequest, config: &Config) -> Arrival {
    let headers = request.headers();
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    Arrival {
        route: format!("{} {}", request.method(), request.path()),
        address: client_address(request, config),
        agent: text("user-agent").map(|agent| agent.chars().take(400).collect()),
        is_htmx: text("hx-request") == Some("true"),
        accepts: text("accept-language").map_or(Lang::En, Lang::from_accept_language),
        chosen: request
            .cookie(LANGUAGE_COOKIE)
            .and_then(|cookie| Lang::from_code(cookie.value())),
        flash: page::read_flash(request),
    }
}

/// Where the request came from. `X-Forwarded-For` counts only from proxies that the settings trust, read from the right.
fn client_address(request: &HttpRequest, config: &Config) -> IpAddr {
    let peer = request
        .peer_addr()
        .map_or(IpAddr::from([0, 0, 0, 0]), |address| address.ip());
    let trusted = |address: &IpAddr| {
        config
            .trusted_proxies
            .iter()
            .any(|net| net.contains(address))
    };
    if !trusted(&peer) {
        return peer;
    }
    let chain = request
        .headers()
        .get_all("x-forwarded-for")
        .filter_map(|value| value.to_str().ok())
        .collect::<Vec<_>>()
        .join(",");
    let mut nearest = peer;
    for hop in chain
        .rsplit(',')
        .map(str::trim)
        .filter(|hop| !hop.is_empty())
    {
        let Ok(address) = hop.parse::<IpAddr>() else {
            break;
        };
        nearest = address;
        if !trusted(&address) {
            break;
        }
    }
    nearest
}

/// Whether an unsafe request proves that it comes from our own page: `Sec-Fetch-Site`, or else `Origin`. One that proves nothing is refused.
fn is_same_origin(request: &HttpRequest) -> bool {
    let text = |name: &str| {
        request
            .headers()
            .get(name)
            .and_then(|value| value.to_str().ok())
    };
    if let Some(site) = text("sec-fetch-site") {
        return site == "same-origin";
    }
    let Some(origin) = text("origin").and_then(|origin| url::Url::parse(origin).ok()) else {
        return false;
    };
    let host = text("host").unwrap_or_default();
    let named = match (origin.host_str(), origin.port()) {
        (Some(name), Some(port)) => format!("{name}:{port}"),
        (Some(name), None) => name.to_owned(),
        (None, _) => return false,
    };
    named.eq_ignore_ascii_case(host)
}

fn dress(ctx: &Ctx, kept: &Kept, answer: &mut HttpResponse) {
    let is_html = answer
        .headers()
        .get("content-type")
        .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if is_html
        && kept.has_flash
        && !ctx.has_flash()
        && answer
            .cookies()
            .all(|cookie| cookie.name() != "mandi-flash")
    {
        drop(answer.add_cookie(&page::end_flash()));
    }
    let fetches_ahead = is_html && !answer.extensions().contains::<page::Follows>();
    let succeeded = answer.status().is_success() || answer.status().is_redirection();
    let headers = answer.headers_mut();
    put(headers, "x-request-id", &ctx.request.to_string());
    put(headers, "x-content-type-options", "nosniff");
    put(headers, "referrer-policy", "same-origin");
    put(headers, "cross-origin-opener-policy", "same-origin");
    put(headers, "cross-origin-resource-policy", "same-origin");
    put(
        headers,
        "permissions-policy",
        "camera=(self), geolocation=(self), microphone=(), payment=(), usb=()",
    );
    put(headers, "x-frame-options", "DENY");
    put_new(headers, "content-security-policy", POLICY);
    put_new(headers, "vary", "HX-Request, Cookie, Accept-Language");
    put_new(headers, "cache-control", "private, no-cache");
    if fetches_ahead {
        put(
            headers,
            "speculation-rules",
            &format!("\"{}\"", super::assets::path("prefetch.json")),
        );
    }
    if kept.is_unsafe && succeeded {
        put_new(headers, "clear-site-data", "\"prefetchCache\"");
    }
    if kept.config.is_https() {
        put(
            headers,
            "strict-transport-security",
            "max-age=31536000; includeSubDomains",
        );
    }
    time(headers, ctx, &kept.config);
}

/// What the request cost, for developers and platform admins.
fn time(headers: &mut HeaderMap, ctx: &Ctx, config: &Config) {
    let may_see =
        config.is_dev_or_demo() || ctx.person().is_some_and(|person| person.is_platform_admin);
    if may_see {
        let total = ctx.started.elapsed().as_secs_f64() * 1000.0;
        let database = ctx.meter.time().as_secs_f64() * 1000.0;
        put(
            headers,
            "server-timing",
            &format!(
                "total;dur={total:.2}, db;dur={database:.2};desc=\"{} statements\"",
                ctx.meter.statements()
            ),
        );
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
fn observe(ctx: &Ctx, method: &Method, route: &str, company: Option<&str>, status: StatusCode) {
    let elapsed = ctx.started.elapsed();
    let labels = [
        ("method", method.to_string()),
        ("route", route.to_owned()),
        ("status", status.as_u16().to_string()),
    ];
    metrics::counter!("mandi_requests_total", &labels).increment(1);
    metrics::histogram!("mandi_request_seconds", &labels[..2]).record(elapsed.as_secs_f64());
    let user = ctx.person().map(|person| person.id.to_string());
    tracing::info!(
        status = status.as_u16(),
        ms = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX),
        db_ms = u64::try_from(ctx.meter.time().as_millis()).unwrap_or(u64::MAX),
        statements = ctx.meter.statements(),
        user,
        company,
        "answered"
    );
}
