//! Answers for machines: is it alive, can it work, what does it count. No session, no layout.

use crate::platform::db::{Meter, PlatformActor, migrate};
use crate::platform::metrics;
use crate::web::State;
use actix_web::{HttpRequest, HttpResponse, web};
use diesel::dsl::sql;
use diesel::sql_types::BigInt;

/// `/health`: the process answers.
pub async fn live() -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/plain; charset=utf-8")
        .insert_header(("Cache-Control", "no-store"))
        .body("alive\n")
}

/// `/health/ready`: the database answers and has the shape that this program knows.
#[expect(
    clippy::disallowed_methods,
    reason = "a probe has no request to run inside of"
)]
pub async fn ready(state: web::Data<State>) -> HttpResponse {
    let db = state.db.clone();
    let asked = web::block(move || {
        db.platform_read(&PlatformActor::default(), &Meter::default(), |tx| {
            Ok(tx.one::<i64>(diesel::select(sql::<BigInt>(
                "(select count(*) from schedules) * 0 + 1",
            )))?)
        })
    })
    .await;
    let (status, words) = match asked {
        Ok(Ok(_)) => (200, format!("ready, {} migrations\n", migrate::known())),
        failed => {
            // Whoever asks is anybody; what is wrong is for the log.
            tracing::warn!(?failed, "not ready");
            (503, "not ready: the database does not answer\n".to_owned())
        }
    };
    HttpResponse::build(
        actix_web::http::StatusCode::from_u16(status)
            .unwrap_or(actix_web::http::StatusCode::SERVICE_UNAVAILABLE),
    )
    .content_type("text/plain; charset=utf-8")
    .insert_header(("Cache-Control", "no-store"))
    .body(words)
}

/// `/metrics`, for whoever knows the token; without a token set, only for this machine itself.
#[expect(
    clippy::disallowed_methods,
    reason = "a probe has no request to run inside of"
)]
pub async fn figures(request: HttpRequest, state: web::Data<State>) -> HttpResponse {
    if !may_count(&request, &state) {
        return HttpResponse::NotFound().finish();
    }
    let db = state.db.clone();
    match web::block(move || metrics::render(&db)).await {
        Ok(Ok(text)) => HttpResponse::Ok()
            .content_type("text/plain; version=0.0.4; charset=utf-8")
            .body(text),
        _ => HttpResponse::ServiceUnavailable().finish(),
    }
}

fn may_count(request: &HttpRequest, state: &State) -> bool {
    match &state.config.metrics_token {
        Some(token) => {
            let given = request
                .headers()
                .get("authorization")
                .and_then(|value| value.to_str().ok())
                .unwrap_or_default();
            same(
                given.as_bytes(),
                format!("Bearer {}", token.expose()).as_bytes(),
            )
        }
        // A proxy on this machine speaks for others, and says so.
        None => {
            request
                .peer_addr()
                .is_some_and(|address| address.ip().is_loopback())
                && !request.headers().contains_key("x-forwarded-for")
        }
    }
}

/// Compares without telling by time how much was right.
fn same(given: &[u8], wanted: &[u8]) -> bool {
    given.len() == wanted.len()
        && given
            .iter()
            .zip(wanted)
            .fold(0, |sum, (a, b)| sum | (a ^ b))
            == 0
}
