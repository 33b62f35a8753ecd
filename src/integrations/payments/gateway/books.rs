//! The gateway's own books: merchants, orders, payments, refunds, webhooks on their way.
#![expect(
    clippy::disallowed_methods,
    reason = "the sandboxes' schema is not in schema.rs: they are strangers"
)]

use super::signature::sign;
use crate::error::AppError;
use crate::platform::db::{PlatformTx, prepared};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Binary, Integer, Text, Timestamptz};
use ring::rand::{SecureRandom, SystemRandom};
use serde_json::json;

/// Who takes money here.
#[derive(Clone, QueryableByName)]
pub struct Merchant {
    /// Key id.
    #[diesel(sql_type = Text)]
    pub key_id: String,
    /// Key secret.
    #[diesel(sql_type = Text)]
    pub key_secret: String,
    /// What webhooks are signed with.
    #[diesel(sql_type = Text)]
    pub hook_secret: String,
    /// Its name.
    #[diesel(sql_type = Text)]
    pub name: String,
}

/// What a merchant asked for.
#[derive(Clone, Debug, QueryableByName)]
pub struct Order {
    /// The order.
    #[diesel(sql_type = Text)]
    pub id: String,
    /// Whose.
    #[diesel(sql_type = Text)]
    pub key_id: String,
    /// In paise.
    #[diesel(sql_type = BigInt)]
    pub amount: i64,
    /// The merchant's own name for it.
    #[diesel(sql_type = Text)]
    pub receipt: String,
    /// Where the payer goes back to.
    #[diesel(sql_type = Text)]
    pub return_url: String,
    /// created, attempted or paid.
    #[diesel(sql_type = Text)]
    pub status: String,
}

/// What was paid, or failed.
#[derive(Clone, Debug, QueryableByName)]
pub struct Payment {
    /// The payment.
    #[diesel(sql_type = Text)]
    pub id: String,
    /// The order that it is for.
    #[diesel(sql_type = Text)]
    pub order_id: String,
    /// In paise.
    #[diesel(sql_type = BigInt)]
    pub amount: i64,
    /// What of it went back.
    #[diesel(sql_type = BigInt)]
    pub refunded: i64,
    /// captured or failed.
    #[diesel(sql_type = Text)]
    pub status: String,
    /// upi or card.
    #[diesel(sql_type = Text)]
    pub method: String,
    /// When.
    #[diesel(sql_type = Timestamptz)]
    pub created_at: DateTime<Utc>,
}

/// What went back.
#[derive(Clone, Debug, QueryableByName)]
pub struct Refund {
    /// The refund.
    #[diesel(sql_type = Text)]
    pub id: String,
    /// In paise.
    #[diesel(sql_type = BigInt)]
    pub amount: i64,
}

/// A webhook that is due.
#[derive(QueryableByName)]
pub struct Due {
    /// Its id; what is after a `#` only tells two sendings of one event apart.
    #[diesel(sql_type = Text)]
    pub id: String,
    /// The exact bytes.
    #[diesel(sql_type = Binary)]
    pub body: Vec<u8>,
    /// Where it goes.
    #[diesel(sql_type = Text)]
    pub hook_url: String,
    /// What it is signed with.
    #[diesel(sql_type = Text)]
    pub hook_secret: String,
}

#[derive(QueryableByName)]
struct Moment {
    #[diesel(sql_type = Timestamptz)]
    at: DateTime<Utc>,
}

impl Payment {
    /// As the gateway tells of it.
    pub fn entity(&self) -> serde_json::Value {
        let error = (self.status == "failed").then_some("The bank declined the card.");
        json!({
            "id": self.id, "entity": "payment", "amount": self.amount, "currency": "INR", "status": self.status,
            "order_id": self.order_id, "method": self.method, "amount_refunded": self.refunded,
            "captured": self.status == "captured", "error_description": error, "created_at": self.created_at.timestamp(),
        })
    }
}

/// A new id or secret.
///
/// # Errors
/// When the system gives no random numbers.
pub fn mint(prefix: &str) -> Result<String, AppError> {
    let mut bytes = [0_u8; 15];
    SystemRandom::new()
        .fill(&mut bytes)
        .map_err(|_| AppError::internal("no random numbers"))?;
    let word: String = BASE64_URL_SAFE_NO_PAD
        .encode(bytes)
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect();
    Ok(format!("{prefix}{word}"))
}

/// Takes a merchant in.
///
/// # Errors
/// When the database refuses.
pub fn enrol(tx: &mut PlatformTx, name: &str, hook_url: &str) -> Result<Merchant, AppError> {
    let statement = prepared(
        "insert into sandbox.merchants (key_id, key_secret, hook_secret, hook_url, name) values ($1, $2, $3, $4, $5)
           returning key_id, key_secret, hook_secret, name",
    )
    .bind::<Text, _>(mint("rzp_sandbox_")?)
    .bind::<Text, _>(mint("ks")?)
    .bind::<Text, _>(mint("hs")?)
    .bind::<Text, _>(hook_url.to_owned())
    .bind::<Text, _>(name.to_owned());
    Ok(tx.one(statement)?)
}

/// The merchant with a key.
///
/// # Errors
/// When the database refuses.
pub fn merchant(tx: &mut PlatformTx, key_id: &str) -> Result<Option<Merchant>, AppError> {
    let query = prepared(
        "select key_id, key_secret, hook_secret, name from sandbox.merchants where key_id = $1",
    )
    .bind::<Text, _>(key_id.to_owned());
    Ok(tx.maybe(query)?)
}

/// An order of a merchant; the same receipt twice is the same order.
///
/// # Errors
/// When the database refuses.
pub fn ask(
    tx: &mut PlatformTx,
    key_id: &str,
    (amount, receipt, return_url): (i64, &str, &str),
) -> Result<Order, AppError> {
    let now = tx.now();
    let statement = prepared(
        "insert into sandbox.gateway_orders as o (id, key_id, amount, currency, receipt, return_url, created_at) values ($1, $2, $3, 'INR', $4, $5, $6)
           on conflict (key_id, receipt) do update set receipt = excluded.receipt
           returning o.id, o.key_id, o.amount, o.receipt, o.return_url, o.status",
    )
    .bind::<Text, _>(mint("order_")?)
    .bind::<Text, _>(key_id.to_owned())
    .bind::<BigInt, _>(amount)
    .bind::<Text, _>(receipt.to_owned())
    .bind::<Text, _>(return_url.to_owned())
    .bind::<Timestamptz, _>(now);
    Ok(tx.one(statement)?)
}

/// An order by its id.
///
/// # Errors
/// When the database refuses.
pub fn order(tx: &mut PlatformTx, id: &str) -> Result<Option<Order>, AppError> {
    let query = prepared(
        "select id, key_id, amount, receipt, return_url, status from sandbox.gateway_orders where id = $1",
    )
    .bind::<Text, _>(id.to_owned());
    Ok(tx.maybe(query)?)
}

/// What was paid for an order, and what failed, the first at the head.
///
/// # Errors
/// When the database refuses.
pub fn payments(tx: &mut PlatformTx, order: &str) -> Result<Vec<Payment>, AppError> {
    let query = prepared(
        "select id, order_id, amount, refunded, status, method, created_at from sandbox.gateway_payments where order_id = $1 order by created_at, id",
    )
    .bind::<Text, _>(order.to_owned());
    Ok(tx.load(query)?)
}

/// Takes the money of an order, once, or notes that it failed.
///
/// # Errors
/// `NotFound` when it is paid already; whatever the database refuses.
pub fn pay(
    tx: &mut PlatformTx,
    order: &Order,
    (status, method): (&str, &str),
) -> Result<Payment, AppError> {
    let now = tx.now();
    let locked = prepared(
        "update sandbox.gateway_orders set status = case when $2 = 'captured' then 'paid' else 'attempted' end where id = $1 and status <> 'paid'",
    )
    .bind::<Text, _>(order.id.clone())
    .bind::<Text, _>(status.to_owned());
    if tx.execute(locked)? == 0 {
        return Err(AppError::NotFound);
    }
    let statement = prepared(
        "insert into sandbox.gateway_payments (id, order_id, amount, status, method, created_at) values ($1, $2, $3, $4, $5, $6)
           returning id, order_id, amount, refunded, status, method, created_at",
    )
    .bind::<Text, _>(mint("pay_")?)
    .bind::<Text, _>(order.id.clone())
    .bind::<BigInt, _>(order.amount)
    .bind::<Text, _>(status.to_owned())
    .bind::<Text, _>(method.to_owned())
    .bind::<Timestamptz, _>(now);
    Ok(tx.one(statement)?)
}

/// Gives money of a payment back; the same receipt twice is the same refund. None when it is more than is left.
///
/// # Errors
/// When the database refuses.
pub fn refund(
    tx: &mut PlatformTx,
    (key_id, payment): (&str, &str),
    (amount, receipt): (i64, &str),
) -> Result<Option<Refund>, AppError> {
    let known = prepared(
        "select r.id, r.amount from sandbox.gateway_refunds r where r.payment_id = $1 and r.receipt = $2",
    )
    .bind::<Text, _>(payment.to_owned())
    .bind::<Text, _>(receipt.to_owned());
    if let Some(known) = tx.maybe::<Refund>(known)? {
        return Ok(Some(known));
    }
    let taken = prepared(
        "update sandbox.gateway_payments p set refunded = p.refunded + $2 from sandbox.gateway_orders o
           where p.id = $1 and o.id = p.order_id and o.key_id = $3 and p.status = 'captured' and $2 > 0 and p.refunded + $2 <= p.amount",
    )
    .bind::<Text, _>(payment.to_owned())
    .bind::<BigInt, _>(amount)
    .bind::<Text, _>(key_id.to_owned());
    if tx.execute(taken)? == 0 {
        return Ok(None);
    }
    let now = tx.now();
    let statement = prepared(
        "insert into sandbox.gateway_refunds (id, payment_id, receipt, amount, created_at) values ($1, $2, $3, $4, $5) returning id, amount",
    )
    .bind::<Text, _>(mint("rfnd_")?)
    .bind::<Text, _>(payment.to_owned())
    .bind::<Text, _>(receipt.to_owned())
    .bind::<BigInt, _>(amount)
    .bind::<Timestamptz, _>(now);
    Ok(Some(tx.one(statement)?))
}

/// Puts a webhook about a payment on its way, so many times, in so many seconds. Gives back the event's id.
///
/// # Errors
/// When the database refuses.
pub fn tell(
    tx: &mut PlatformTx,
    key_id: &str,
    payment: &Payment,
    (times, seconds): (i32, i64),
) -> Result<String, AppError> {
    let now = tx.now();
    let body = json!({
        "entity": "event", "account_id": key_id, "event": format!("payment.{}", payment.status), "contains": ["payment"],
        "payload": { "payment": { "entity": payment.entity() } }, "created_at": now.timestamp(),
    });
    let id = mint("evt_")?;
    for time in 0..times {
        let sending = if time == 0 {
            id.clone()
        } else {
            format!("{id}#{time}")
        };
        let statement = prepared(
            "insert into sandbox.hooks (id, key_id, body, due_at) values ($1, $2, $3, $4)",
        )
        .bind::<Text, _>(sending)
        .bind::<Text, _>(key_id.to_owned())
        .bind::<Binary, _>(body.to_string().into_bytes())
        .bind::<Timestamptz, _>(now + TimeDelta::seconds(seconds));
        tx.execute(statement)?;
    }
    Ok(id)
}

/// Whether every webhook of an event was answered.
///
/// # Errors
/// When the database refuses.
pub fn is_sent(tx: &mut PlatformTx, event: &str) -> Result<bool, AppError> {
    let query = prepared(
        "select due_at as at from sandbox.hooks where split_part(id, '#', 1) = $1 and sent_at is null limit 1",
    )
    .bind::<Text, _>(event.to_owned());
    Ok(tx.maybe::<Moment>(query)?.is_none())
}

/// Takes the webhooks that are due, for one sending: until it is answered each is due again, after growing waits.
///
/// # Errors
/// When the database refuses.
pub fn due(tx: &mut PlatformTx) -> Result<Vec<Due>, AppError> {
    let now = tx.now();
    let statement = prepared(
        "with d as (
             update sandbox.hooks h set tries = h.tries + 1,
                 due_at = $1 + make_interval(secs => case h.tries when 0 then 1 when 1 then 5 when 2 then 30 when 3 then 300 else 3600 end)
               where h.id in (select id from sandbox.hooks where sent_at is null and due_at <= $1 order by due_at, id limit 20 for update skip locked)
               returning h.id, h.body, h.key_id
         ) select d.id, d.body, m.hook_url, m.hook_secret from d join sandbox.merchants m using (key_id) order by d.id",
    )
    .bind::<Timestamptz, _>(now);
    Ok(tx.load(statement)?)
}

/// When the next webhook is due.
///
/// # Errors
/// When the database refuses.
pub fn next_due(tx: &mut PlatformTx) -> Result<Option<DateTime<Utc>>, AppError> {
    let query = prepared(
        "select due_at as at from sandbox.hooks where sent_at is null order by due_at limit $1",
    )
    .bind::<Integer, _>(1);
    Ok(tx.maybe::<Moment>(query)?.map(|moment| moment.at))
}

/// A webhook was answered.
///
/// # Errors
/// When the database refuses.
pub fn sent(tx: &mut PlatformTx, id: &str) -> Result<(), AppError> {
    let now = tx.now();
    let statement = prepared("update sandbox.hooks set sent_at = $2 where id = $1")
        .bind::<Text, _>(id.to_owned())
        .bind::<Timestamptz, _>(now);
    tx.execute(statement)?;
    Ok(())
}

/// Where the payer of an order goes back to, with the gateway's signed word that it is paid.
pub fn way_back(merchant: &Merchant, order: &Order, payment: &Payment) -> Option<url::Url> {
    let mut back = url::Url::parse(&order.return_url).ok()?;
    let message = format!("{}|{}", order.id, payment.id);
    let signature = sign(merchant.key_secret.as_bytes(), message.as_bytes());
    back.query_pairs_mut()
        .append_pair("razorpay_payment_id", &payment.id)
        .append_pair("razorpay_order_id", &order.id)
        .append_pair("razorpay_signature", &signature);
    Some(back)
}
