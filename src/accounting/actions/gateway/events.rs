//! What gateways tell by themselves: kept first, answered, then worked off.

use super::{Applied, apply};
use crate::accounting::model::GatewayEvent;
use crate::accounting::outside::{Captured, HookEvent};
use crate::accounting::rules::gateway::Outcome;
use crate::error::AppError;
use crate::kernel::ids::{GatewayAccountId, GatewayEventId, PaymentId};
use crate::platform::db::Scope;
use crate::platform::db::schema::gateway_events;
use crate::platform::jobs::{self, NewJob};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// Kind of the job that works an event off.
pub const APPLY: &str = "payments.event";

/// What that job needs.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Wait {
    /// The event.
    pub event: GatewayEventId,
}

/// A webhook whose signature held.
pub struct Heard<'a> {
    /// The account at whose address it came.
    pub account: GatewayAccountId,
    /// What it says.
    pub event: &'a HookEvent,
    /// The exact bytes.
    pub body: &'a [u8],
    /// The signature that came with it.
    pub signature: &'a str,
}

/// Keeps an event, and what is to be done about it; one that is known already is left as it is. Says whether it is new.
///
/// # Errors
/// When the database refuses.
pub fn keep(scope: &mut Scope, heard: &Heard<'_>) -> Result<bool, AppError> {
    let (id, now) = (GatewayEventId::new(), scope.now());
    let insert = diesel::insert_into(gateway_events::table)
        .values((
            gateway_events::id.eq(id),
            gateway_events::account_id.eq(heard.account),
            gateway_events::event_id.eq(&heard.event.id),
            gateway_events::kind.eq(&heard.event.kind),
            gateway_events::body.eq(heard.body),
            gateway_events::signature.eq(heard.signature),
            gateway_events::received_at.eq(now),
        ))
        .on_conflict_do_nothing();
    if scope.execute(insert)? == 0 {
        return Ok(false);
    }
    let mut job = NewJob::new(APPLY, "What the payment gateway told", &Wait { event: id })?;
    job.unique_key = Some(id.to_string());
    jobs::enqueue(scope, &job)?;
    Ok(true)
}

/// Works an event off, once. `told` is what it says, read again from its bytes.
///
/// # Errors
/// When the database refuses.
pub fn work_off(
    scope: &mut Scope,
    event: &GatewayEvent,
    told: &HookEvent,
) -> Result<Outcome, AppError> {
    if !GatewayEvent::lock_waiting(scope, event.id)? {
        return Ok(Outcome::Known);
    }
    let (outcome, payment, said) = match &told.payment {
        None => (Outcome::Ignored, None, None),
        Some(told) => match came_of(apply(scope, event.account_id, told)?) {
            // It was asked before it told, and a person sees that already.
            (Outcome::OtherAmount, Some(payment), said)
                if GatewayEvent::tells_of(scope, payment, &told.payment)? =>
            {
                (Outcome::Known, Some(payment), said)
            }
            came => came,
        },
    };
    let now = scope.now();
    let row = gateway_events::table.filter(
        gateway_events::tenant_id
            .eq(scope.tenant())
            .and(gateway_events::id.eq(event.id)),
    );
    scope.execute(diesel::update(row).set((
        gateway_events::applied_at.eq(now),
        gateway_events::outcome.eq(outcome),
        gateway_events::payment_id.eq(payment),
        gateway_events::said.eq(said),
    )))?;
    Ok(outcome)
}

/// Applies what a gateway said of a payment when it was asked. What is not what was asked for is kept for a person as if the gateway had told it
/// by itself: once, however often it says so, and not beside its own word of the same payment.
///
/// # Errors
/// When the database refuses.
pub fn apply_found(
    scope: &mut Scope,
    account: GatewayAccountId,
    told: &Captured,
) -> Result<Applied, AppError> {
    let applied = apply(scope, account, told)?;
    let (Outcome::OtherAmount, payment, said) = came_of(applied.clone()) else {
        return Ok(applied);
    };
    if let Some(payment) = payment
        && GatewayEvent::tells_of(scope, payment, &told.payment)?
    {
        return Ok(applied);
    }
    let body = json!({
        "order": told.order, "payment": told.payment, "amount": told.paise, "currency": told.currency,
        "method": told.method, "at": told.at.timestamp(),
    });
    let event: String = format!("asked-{}", told.payment)
        .chars()
        .take(100)
        .collect();
    let now = scope.now();
    let insert = diesel::insert_into(gateway_events::table)
        .values((
            gateway_events::id.eq(GatewayEventId::new()),
            gateway_events::account_id.eq(account),
            gateway_events::event_id.eq(event),
            gateway_events::kind.eq("payment.found"),
            gateway_events::body.eq(body.to_string().into_bytes()),
            gateway_events::signature.eq(""),
            gateway_events::payment_id.eq(payment),
            gateway_events::received_at.eq(now),
            gateway_events::applied_at.eq(now),
            gateway_events::outcome.eq(Outcome::OtherAmount),
            gateway_events::said.eq(said),
        ))
        .on_conflict_do_nothing();
    scope.execute(insert)?;
    Ok(applied)
}

fn came_of(applied: Applied) -> (Outcome, Option<PaymentId>, Option<String>) {
    match applied {
        Applied::Received(payment, number, _) => (Outcome::Applied, Some(payment), Some(number)),
        Applied::Failed(payment) => (Outcome::Applied, Some(payment), None),
        Applied::Known(payment) => (Outcome::Known, Some(payment), None),
        Applied::Unknown => (Outcome::UnknownPayment, None, None),
        Applied::Other(payment, said) => (Outcome::OtherAmount, Some(payment), Some(said)),
    }
}
