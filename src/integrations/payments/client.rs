//! The client of a gateway that speaks like Razorpay: orders, payments, refunds over HTTP; webhooks and returns signed by HMAC-SHA256.

use crate::accounting::outside::{
    Asked, CURRENCY, Captured, Forged, GatewayError, GatewaySeat, HookEvent, NewAccount, NewOrder,
    PaymentGateway, Refunded,
};
use crate::config::Secret;
use chrono::{DateTime, Utc};
use reqwest::blocking::{Client as Http, RequestBuilder};
use reqwest::redirect::Policy;
use ring::{digest, hmac};
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::OnceLock;
use std::time::Duration;
use url::Url;

/// Most bytes of an answer that are read.
const MOST_BYTES: u64 = 1024 * 1024;

/// The client. It makes its connections when it is first used.
#[derive(Default)]
pub struct Client {
    http: OnceLock<Http>,
}

#[derive(Deserialize)]
struct Entity {
    id: String,
    #[serde(default)]
    order_id: Option<String>,
    #[serde(default)]
    amount: i64,
    #[serde(default)]
    currency: Option<String>,
    #[serde(default)]
    status: String,
    #[serde(default)]
    method: Option<String>,
    #[serde(default)]
    created_at: i64,
    #[serde(default)]
    error_description: Option<String>,
}

#[derive(Deserialize)]
struct Items {
    items: Vec<Entity>,
}

/// What the database keeps as text: no control characters, and so long at most.
fn plain(text: &str, most: usize) -> String {
    text.chars()
        .filter(|c| !c.is_control())
        .take(most)
        .collect()
}

impl Entity {
    /// Whether it says that it is about another currency.
    fn is_foreign(&self) -> bool {
        self.currency
            .as_deref()
            .is_some_and(|said| said != CURRENCY)
    }

    /// A payment that has come to an end; none while it is under way.
    fn ended(self) -> Option<Captured> {
        let failed_because = match self.status.as_str() {
            "captured" => None,
            "failed" => Some(plain(
                self.error_description
                    .as_deref()
                    .unwrap_or("The payment failed."),
                300,
            )),
            _ => return None,
        };
        Some(Captured {
            order: plain(&self.order_id?, 100),
            payment: plain(&self.id, 100),
            paise: self.amount,
            currency: plain(&self.currency.unwrap_or_default(), 10),
            method: plain(&self.method.unwrap_or_default(), 40),
            at: DateTime::<Utc>::from_timestamp(self.created_at, 0)?,
            failed_because,
        })
    }
}

fn away(why: impl std::fmt::Display) -> GatewayError {
    GatewayError::Away(why.to_string())
}

impl Client {
    fn http(&self) -> Result<&Http, GatewayError> {
        if let Some(http) = self.http.get() {
            return Ok(http);
        }
        drop(rustls::crypto::ring::default_provider().install_default());
        let made = Http::builder()
            .connect_timeout(Duration::from_secs(5))
            .timeout(Duration::from_secs(20))
            .redirect(Policy::none())
            .no_proxy()
            .build()
            .map_err(away)?;
        Ok(self.http.get_or_init(|| made))
    }

    fn send<T: for<'de> Deserialize<'de>>(request: RequestBuilder) -> Result<T, GatewayError> {
        use std::io::Read;
        let answer = request.send().map_err(|error| away(error.without_url()))?;
        let status = answer.status();
        let mut body = Vec::new();
        answer
            .take(MOST_BYTES)
            .read_to_end(&mut body)
            .map_err(away)?;
        if status.is_success() {
            return serde_json::from_slice(&body).map_err(away);
        }
        let told: Value = serde_json::from_slice(&body).unwrap_or_default();
        let word = |name: &str| {
            let word = told
                .pointer(&format!("/error/{name}"))
                .and_then(Value::as_str);
            plain(word.unwrap_or_default(), 300)
        };
        // What the gateway says of its own trouble is no refusal.
        if status.is_client_error() && status != 408 && status != 429 {
            return Err(GatewayError::Refused {
                code: word("code"),
                said: word("description"),
            });
        }
        Err(away(format!("answered {status}")))
    }

    fn at(seat: &GatewaySeat, path: &str) -> Result<Url, GatewayError> {
        seat.base.join(path).map_err(away)
    }

    fn signed_in(seat: &GatewaySeat, request: RequestBuilder) -> RequestBuilder {
        request.basic_auth(&seat.key_id, Some(seat.key_secret.expose()))
    }
}

/// Whether a signature in hexadecimal is this secret's over these bytes. It takes as long for every wrong one.
fn holds(secret: &[u8], message: &[u8], signature: &str) -> bool {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret);
    unhex(signature).is_some_and(|tag| hmac::verify(&key, message, &tag).is_ok())
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    if !text.is_ascii() || text.len() != 64 {
        return None;
    }
    (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(text.get(at..at + 2)?, 16).ok())
        .collect()
}

fn hex(bytes: &[u8]) -> String {
    let digit = |half: u8| char::from_digit(u32::from(half), 16);
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .filter_map(digit)
        .collect()
}

fn header<'h>(headers: &'h [(String, String)], name: &str) -> Option<&'h str> {
    headers
        .iter()
        .find(|(known, _)| known == name)
        .map(|(_, value)| value.as_str())
}

impl PaymentGateway for Client {
    fn open_account(
        &self,
        base: &Url,
        name: &str,
        hooks_to: &Url,
    ) -> Result<NewAccount, GatewayError> {
        #[derive(Deserialize)]
        struct Opened {
            key_id: String,
            key_secret: String,
            hook_secret: String,
        }
        let at = base.join("sandbox/merchants").map_err(away)?;
        let asked = json!({ "name": name, "hook_url": hooks_to.as_str() });
        let request = self.http()?.post(at).body(asked.to_string());
        let opened: Opened = Self::send(request)?;
        Ok(NewAccount {
            key_id: opened.key_id,
            key_secret: Secret::new(opened.key_secret),
            hook_secret: Secret::new(opened.hook_secret),
        })
    }

    fn ask(&self, seat: &GatewaySeat, order: &NewOrder) -> Result<Asked, GatewayError> {
        let asked = json!({
            "amount": order.paise,
            "currency": CURRENCY,
            "receipt": order.receipt,
            "notes": { "for": order.note },
            "callback_url": order.return_to.as_str(),
        });
        let request = self.http()?.post(Self::at(seat, "v1/orders")?);
        let request = request
            .header("content-type", "application/json")
            .body(asked.to_string());
        let made: Entity = Self::send(Self::signed_in(seat, request))?;
        if made.amount != order.paise || made.is_foreign() {
            return Err(away("the order there is about another amount"));
        }
        Ok(Asked {
            order: plain(&made.id, 100),
        })
    }

    fn page(&self, seat: &GatewaySeat, order: &str) -> Url {
        let mut page = seat.pages.clone();
        page.set_path(&format!("/sandbox/pay/{order}"));
        page
    }

    fn find(&self, seat: &GatewaySeat, order: &str) -> Result<Vec<Captured>, GatewayError> {
        let at = Self::at(seat, &format!("v1/orders/{order}/payments"))?;
        let found: Items = Self::send(Self::signed_in(seat, self.http()?.get(at)))?;
        let ended = found.items.into_iter().filter_map(Entity::ended);
        // An answer about something else is none.
        Ok(ended.filter(|one| one.order == order).collect())
    }

    fn refund(
        &self,
        seat: &GatewaySeat,
        payment: &str,
        paise: i64,
        receipt: &str,
    ) -> Result<Refunded, GatewayError> {
        let at = Self::at(seat, &format!("v1/payments/{payment}/refund"))?;
        let asked = json!({ "amount": paise, "receipt": receipt });
        let request = self.http()?.post(at);
        let request = request
            .header("content-type", "application/json")
            .body(asked.to_string());
        let made: Entity = Self::send(Self::signed_in(seat, request))?;
        if made.amount != paise || made.is_foreign() {
            return Err(away("the refund there is of another amount"));
        }
        Ok(Refunded {
            refund: plain(&made.id, 100),
            paise: made.amount,
        })
    }

    fn verify_hook(
        &self,
        secret: &[u8],
        headers: &[(String, String)],
        body: &[u8],
    ) -> Result<HookEvent, Forged> {
        let signature = header(headers, "x-razorpay-signature")
            .ok_or_else(|| Forged("no signature".to_owned()))?;
        if !holds(secret, body, signature) {
            return Err(Forged("the signature does not hold".to_owned()));
        }
        // Without an id of its own, the same bytes are the same event.
        let id = header(headers, "x-razorpay-event-id").map(|id| plain(id, 100));
        let id = id
            .filter(|id| !id.is_empty())
            .unwrap_or_else(|| hex(digest::digest(&digest::SHA256, body).as_ref()));
        let told: Value = serde_json::from_slice(body).unwrap_or_default();
        let kind = told.get("event").and_then(Value::as_str).unwrap_or("");
        let kind = match plain(kind, 60) {
            kind if kind.is_empty() => "unreadable".to_owned(),
            kind => kind,
        };
        let payment = match kind.as_str() {
            "payment.captured" | "payment.failed" | "order.paid" => told
                .pointer("/payload/payment/entity")
                .and_then(|entity| Entity::deserialize(entity).ok())
                .and_then(Entity::ended),
            _ => None,
        };
        Ok(HookEvent { id, kind, payment })
    }

    fn verify_return(
        &self,
        seat: &GatewaySeat,
        order: &str,
        query: &[(String, String)],
    ) -> Result<String, Forged> {
        let word =
            |name: &str| header(query, name).ok_or_else(|| Forged(format!("{name} is not there")));
        let payment = word("razorpay_payment_id")?;
        if word("razorpay_order_id")? != order {
            return Err(Forged("about another order".to_owned()));
        }
        let secret = seat.key_secret.expose().as_bytes();
        let message = format!("{order}|{payment}");
        if holds(secret, message.as_bytes(), word("razorpay_signature")?) {
            Ok(payment.to_owned())
        } else {
            Err(Forged("the signature does not hold".to_owned()))
        }
    }
}
