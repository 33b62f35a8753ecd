//! The gateway's addresses for merchants, on whatever listens for it.

use super::{Gateway, books};
use crate::error::AppError;
use actix_web::http::StatusCode;
use actix_web::web::{self, Bytes, Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};

/// All of them; the gateway itself is in the application's data.
pub fn routes(cfg: &mut ServiceConfig) {
    post(cfg, "/sandbox/merchants", enrol);
    post(cfg, "/v1/orders", ask);
    cfg.route(
        "/v1/orders/{id}/payments",
        web::get().to(|request, body, gateway| hear(payments, request, body, gateway)),
    );
    post(cfg, "/v1/payments/{id}/refund", refund);
}

/// A call of a merchant, as far as this gateway looks at it.
struct Call {
    /// Key id and secret.
    login: Option<(String, String)>,
    /// What the address names.
    subject: String,
    body: Value,
}

type Answer = Result<(u16, Value), AppError>;
type Deed = fn(&Gateway, &Call) -> Answer;

fn post(cfg: &mut ServiceConfig, path: &str, deed: Deed) {
    cfg.route(
        path,
        web::post().to(move |request, body, gateway| hear(deed, request, body, gateway)),
    );
}

async fn hear(
    deed: Deed,
    request: HttpRequest,
    body: Bytes,
    gateway: Data<Gateway>,
) -> HttpResponse {
    let call = Call {
        login: login(&request),
        subject: request.match_info().query("id").to_owned(),
        body: serde_json::from_slice(&body).unwrap_or_default(),
    };
    #[expect(
        clippy::disallowed_methods,
        reason = "no page and no actor: another machine's call, answered from its own books"
    )]
    let answer = web::block(move || deed(&gateway, &call)).await;
    match answer {
        Ok(Ok((status, body))) => {
            HttpResponse::build(StatusCode::from_u16(status).unwrap_or(StatusCode::OK)).json(body)
        }
        _ => HttpResponse::ServiceUnavailable().finish(),
    }
}

fn login(request: &HttpRequest) -> Option<(String, String)> {
    let header = request.headers().get("authorization")?.to_str().ok()?;
    let bare = BASE64_STANDARD
        .decode(header.strip_prefix("Basic ")?)
        .ok()?;
    let text = String::from_utf8(bare).ok()?;
    let (key, secret) = text.split_once(':')?;
    Some((key.to_owned(), secret.to_owned()))
}

fn refused(status: u16, said: &str) -> Answer {
    Ok((
        status,
        json!({ "error": { "code": "BAD_REQUEST_ERROR", "description": said } }),
    ))
}

/// Does a merchant's call, once it is known who calls.
fn as_merchant(
    gateway: &Gateway,
    call: &Call,
    deed: impl FnOnce(&mut crate::platform::db::PlatformTx, &str) -> Answer,
) -> Answer {
    gateway.transact(|tx| {
        let Some((key, secret)) = &call.login else {
            return refused(401, "Please provide your api key for authentication.");
        };
        match books::merchant(tx, key)? {
            Some(merchant) if merchant.key_secret == *secret => deed(tx, &merchant.key_id),
            _ => refused(401, "Authentication failed"),
        }
    })
}

fn word<'c>(call: &'c Call, name: &str) -> &'c str {
    call.body.get(name).and_then(Value::as_str).unwrap_or("")
}

fn enrol(gateway: &Gateway, call: &Call) -> Answer {
    let (name, hook_url) = (word(call, "name"), word(call, "hook_url"));
    if url::Url::parse(hook_url).is_err() {
        return refused(400, "The webhook address is no address.");
    }
    let merchant = gateway.transact(|tx| books::enrol(tx, name, hook_url))?;
    Ok((
        200,
        json!({ "key_id": merchant.key_id, "key_secret": merchant.key_secret, "hook_secret": merchant.hook_secret }),
    ))
}

fn ask(gateway: &Gateway, call: &Call) -> Answer {
    let amount = call.body.get("amount").and_then(Value::as_i64);
    let Some(amount) = amount.filter(|amount| *amount >= 100) else {
        return refused(400, "Order amount less than minimum amount allowed");
    };
    let (receipt, back) = (word(call, "receipt"), word(call, "callback_url"));
    if receipt.is_empty() || word(call, "currency") != "INR" || url::Url::parse(back).is_err() {
        return refused(400, "receipt, currency and callback_url are needed.");
    }
    as_merchant(gateway, call, |tx, key| {
        let order = books::ask(tx, key, (amount, receipt, back))?;
        let paid = if order.status == "paid" {
            order.amount
        } else {
            0
        };
        Ok((
            200,
            json!({ "id": order.id, "entity": "order", "amount": order.amount, "amount_paid": paid, "currency": "INR",
                "receipt": order.receipt, "status": order.status }),
        ))
    })
}

fn payments(gateway: &Gateway, call: &Call) -> Answer {
    as_merchant(gateway, call, |tx, key| {
        match books::order(tx, &call.subject)? {
            Some(order) if order.key_id == key => {
                let found = books::payments(tx, &order.id)?;
                let items: Vec<Value> = found.iter().map(books::Payment::entity).collect();
                Ok((
                    200,
                    json!({ "entity": "collection", "count": items.len(), "items": items }),
                ))
            }
            _ => refused(400, "The id provided does not exist"),
        }
    })
}

fn refund(gateway: &Gateway, call: &Call) -> Answer {
    let amount = call.body.get("amount").and_then(Value::as_i64);
    as_merchant(gateway, call, |tx, key| {
        let wanted = (amount.unwrap_or_default(), word(call, "receipt"));
        match books::refund(tx, (key, &call.subject), wanted)? {
            Some(refund) => Ok((
                200,
                json!({ "id": refund.id, "entity": "refund", "amount": refund.amount, "payment_id": call.subject, "status": "processed" }),
            )),
            None => refused(
                400,
                "The total refund amount is greater than the payment amount",
            ),
        }
    })
}
