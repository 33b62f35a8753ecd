//! Orders that are locked to be changed: one by its id, and those of a customer that wait for credit.

use super::Order;
use crate::error::AppError;
use crate::kernel::ids::{CustomerId, OrderId, TenantId};
use crate::orders::rules::{OrderStatus, is_credit_hold};
use crate::platform::db::Scope;
use crate::platform::db::schema::orders;
use diesel::prelude::*;

/// The orders of a customer that are held: for credit, or for anything else.
#[diesel::dsl::auto_type(no_type_alias)]
fn of(scope: &Scope, customer: CustomerId) -> _ {
    let tenant: TenantId = scope.tenant();
    let waits: OrderStatus = OrderStatus::ToApprove;
    orders::table
        .filter(orders::tenant_id.eq(tenant))
        .filter(orders::customer_id.eq(customer))
        .filter(orders::is_held)
        .filter(orders::status.eq(waits))
}

impl Order {
    /// One order by its id, locked for change.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn lock_by_id(scope: &mut Scope, id: OrderId) -> Result<Self, AppError> {
        let query = orders::table
            .filter(orders::tenant_id.eq(scope.tenant()).and(orders::id.eq(id)))
            .for_update()
            .select(Self::as_select());
        Ok(scope.one(query)?)
    }

    /// The orders of a customer that wait for credit, the oldest first, locked for change. Whoever holds one is waited for.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn lock_held_for_credit(
        scope: &mut Scope,
        customer: CustomerId,
    ) -> Result<Vec<Self>, AppError> {
        let query = of(scope, customer)
            // Siblings are locked by id.
            .order(orders::id)
            .for_update()
            .select(Self::as_select());
        Ok(Self::for_credit(scope.load(query)?))
    }

    /// The same without those that somebody else holds just now: for whoever holds the customer's account, which comes after orders.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn try_held_for_credit(
        scope: &mut Scope,
        customer: CustomerId,
    ) -> Result<Vec<Self>, AppError> {
        let query = of(scope, customer)
            .order(orders::id)
            .for_update()
            .skip_locked()
            .select(Self::as_select());
        Ok(Self::for_credit(scope.load(query)?))
    }

    /// How many orders of a customer wait for credit.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn count_held_for_credit(
        scope: &mut Scope,
        customer: CustomerId,
    ) -> Result<usize, AppError> {
        let query = of(scope, customer).select(Self::as_select());
        Ok(Self::for_credit(scope.load(query)?).len())
    }

    fn for_credit(mut held: Vec<Self>) -> Vec<Self> {
        held.retain(|order| order.hold_reason().as_ref().is_some_and(is_credit_hold));
        held.sort_by_key(|order| (order.placed_at, order.id));
        held
    }
}
