//! Letters about orders: enqueued here in the transaction of what happened, written and sent by a job.

use crate::error::AppError;
use crate::kernel::ids::OrderId;
use crate::platform::db::Scope;
use crate::platform::jobs::{self, NewJob};
use serde::{Deserialize, Serialize};

/// Kind of the job that writes the letters.
pub const LETTERS: &str = "orders.letters";

/// What a letter is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// It was placed; held ones say so.
    Placed,
    /// The company will deliver it, or part of it.
    Confirmed,
    /// It may go on.
    Released,
    /// It was cancelled.
    Cancelled,
    /// Goods left.
    Sent,
    /// Goods arrived.
    Delivered,
}

/// What the job needs.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Letters {
    /// The order.
    pub order: OrderId,
    /// What happened.
    pub kind: Kind,
    /// The shipment's number, for what left and what arrived.
    pub shipment: Option<String>,
}

/// Tells both sides what happened to an order, each in its language, once the transaction has committed. One statement.
///
/// # Errors
/// When the database refuses.
pub fn tell(
    scope: &mut Scope,
    (order, number): (OrderId, &str),
    kind: Kind,
    shipment: Option<String>,
) -> Result<(), AppError> {
    let letters = Letters {
        order,
        kind,
        shipment,
    };
    let job = NewJob::new(LETTERS, format!("Letters about order {number}"), &letters)?;
    jobs::enqueue(scope, &job)
}
