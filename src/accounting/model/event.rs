//! What gateways told us: rows and queries.

use crate::accounting::rules::gateway::Outcome;
use crate::error::AppError;
use crate::kernel::ids::{GatewayAccountId, GatewayEventId, PaymentId};
use crate::platform::db::Scope;
use crate::platform::db::schema::gateway_events;
use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;

/// A webhook whose signature held.
#[derive(Clone, Queryable, Selectable)]
#[diesel(table_name = gateway_events)]
pub struct GatewayEvent {
    /// The event here.
    pub id: GatewayEventId,
    /// The account at whose address it came.
    pub account_id: GatewayAccountId,
    /// The gateway's id of it.
    pub event_id: String,
    /// What it is about.
    pub kind: String,
    /// The exact bytes.
    pub body: Vec<u8>,
    /// The signature that came with it.
    pub signature: String,
    /// The payment, once it is known.
    pub payment_id: Option<PaymentId>,
    /// When it came.
    pub received_at: DateTime<Utc>,
    /// When it was worked off.
    pub applied_at: Option<DateTime<Utc>>,
    /// What came of it.
    pub outcome: Option<Outcome>,
    /// The same in words.
    pub said: Option<String>,
}

/// An event without its bytes, for the list.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = gateway_events)]
pub struct EventRow {
    /// The gateway's id of it.
    pub event_id: String,
    /// What it is about.
    pub kind: String,
    /// When it came.
    pub received_at: DateTime<Utc>,
    /// What came of it; none when it is not worked off yet.
    pub outcome: Option<Outcome>,
    /// The same in words.
    pub said: Option<String>,
}

impl GatewayEvent {
    fn of<'q>(scope: &Scope) -> gateway_events::BoxedQuery<'q, Pg> {
        gateway_events::table
            .filter(gateway_events::tenant_id.eq(scope.tenant()))
            .into_boxed()
    }

    /// One event.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn find(scope: &mut Scope, id: GatewayEventId) -> Result<Self, AppError> {
        let row = Self::of(scope)
            .filter(gateway_events::id.eq(id))
            .select(Self::as_select());
        Ok(scope.one(row)?)
    }

    /// Whether an event still waits to be worked off, locked until the transaction ends.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn lock_waiting(scope: &mut Scope, id: GatewayEventId) -> Result<bool, AppError> {
        let row = gateway_events::table
            .filter(
                gateway_events::tenant_id
                    .eq(scope.tenant())
                    .and(gateway_events::id.eq(id)),
            )
            .for_update()
            .select(gateway_events::applied_at);
        let applied: Option<DateTime<Utc>> = scope.one(row)?;
        Ok(applied.is_none())
    }

    /// Whether an event already says that a payment here was paid otherwise than it was asked for, by the payment that the gateway calls so. A
    /// row of its own is there for each that the gateway took.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn tells_of(scope: &mut Scope, payment: PaymentId, there: &str) -> Result<bool, AppError> {
        let named = serde_json::to_vec(there).map_err(AppError::internal)?;
        let said = Self::of(scope)
            .filter(gateway_events::payment_id.eq(payment))
            .filter(gateway_events::outcome.eq(Outcome::OtherAmount))
            .limit(100)
            .select(gateway_events::body);
        let said: Vec<Vec<u8>> = scope.load(said)?;
        Ok(said
            .iter()
            .any(|body| body.windows(named.len()).any(|some| some == named)))
    }

    /// The latest, the newest first.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn latest(scope: &mut Scope, most: i64) -> Result<Vec<EventRow>, AppError> {
        let rows = Self::of(scope)
            .order((
                gateway_events::received_at.desc(),
                gateway_events::id.desc(),
            ))
            .limit(most)
            .select(EventRow::as_select());
        Ok(scope.load(rows)?)
    }
}
