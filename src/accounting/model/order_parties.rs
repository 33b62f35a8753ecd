//! Who is on a paper of an order that is no tax document: a proforma, a delivery challan.

use super::Parties;
use crate::error::AppError;
use crate::kernel::ids::OrderId;
use crate::kernel::state::State;
use crate::platform::db::{Scope, prepared};
use diesel::prelude::*;
use diesel::sql_types::{Bool, Jsonb, Text, Uuid as SqlUuid};
use serde_json::Value as Json;

/// Both sides of an order.
#[derive(Clone, Debug, QueryableByName)]
pub struct OrderParties {
    /// GSTIN of the registration that supplies.
    #[diesel(sql_type = Text)]
    pub gstin: String,
    #[diesel(sql_type = Text)]
    state_code: String,
    /// GST's code of the place of supply.
    #[diesel(sql_type = Text)]
    pub place_of_supply: String,
    /// Whether the supply bears IGST.
    #[diesel(sql_type = Bool)]
    pub has_igst: bool,
    #[diesel(sql_type = Jsonb)]
    parties: Json,
}

impl OrderParties {
    /// The parties of an order. One statement.
    ///
    /// # Errors
    /// `NotFound`.
    #[expect(
        clippy::disallowed_methods,
        reason = "a join of seven tables for one paper"
    )]
    pub fn of(scope: &mut Scope, order: OrderId) -> Result<Self, AppError> {
        let statement = prepared(include_str!("order_parties.sql"))
            .bind::<SqlUuid, _>(scope.tenant())
            .bind::<SqlUuid, _>(order);
        Ok(scope.one(statement)?)
    }

    /// Who is on it.
    pub fn parties(&self) -> Parties {
        serde_json::from_value(self.parties.clone()).unwrap_or_default()
    }

    /// What the second half of a tax within the state is called.
    pub fn half(&self) -> &'static str {
        if State::by_code(&self.state_code).is_some_and(State::has_utgst) {
            "UTGST"
        } else {
            "SGST"
        }
    }
}
