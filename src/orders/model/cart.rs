//! Carts: rows and queries.

use crate::error::AppError;
use crate::kernel::ids::{CartId, CustomerId, ProductId};
use crate::kernel::money::{Money, UnitPrice};
use crate::kernel::quantity::Quantity;
use crate::platform::db::schema::{cart_lines, carts};
use crate::platform::db::{Scope, prepared};
use diesel::pg::Pg;
use diesel::prelude::*;
use rust_decimal::Decimal;

/// Most products in a cart.
pub const MOST_LINES: usize = 500;

/// A product in a cart.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = cart_lines)]
pub struct CartLine {
    pub product_id: ProductId,
    pub quantity: Quantity,
    /// The price that the buyer was last shown.
    pub seen_price: Option<UnitPrice>,
    /// The rate of GST that the buyer was last shown, per cent.
    pub seen_rate: Option<Decimal>,
    /// What the line came to then, with GST.
    pub seen_total: Option<Money>,
}

impl CartLine {
    fn of<'q>(scope: &Scope) -> cart_lines::BoxedQuery<'q, Pg> {
        cart_lines::table
            .filter(cart_lines::tenant_id.eq(scope.tenant()))
            .into_boxed()
    }

    /// What lies in a customer's cart, in the order in which it was put there.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn of_customer(scope: &mut Scope, customer: CustomerId) -> Result<Vec<Self>, AppError> {
        let query = Self::of(scope)
            .filter(cart_lines::customer_id.eq(customer))
            .order(cart_lines::id)
            .limit(MOST_LINES as i64 + 1)
            .select(Self::as_select());
        Ok(scope.load(query)?)
    }
}

/// A customer's cart, locked until the end of the transaction: two devices change it one after the other. `None` when it never had one.
///
/// # Errors
/// When the database refuses.
pub fn lock(scope: &mut Scope, customer: CustomerId) -> Result<Option<CartId>, AppError> {
    let cart = carts::table
        .filter(
            carts::tenant_id
                .eq(scope.tenant())
                .and(carts::customer_id.eq(customer)),
        )
        .for_update()
        .select(carts::id);
    Ok(scope.maybe(cart)?)
}

/// Takes everything out of a customer's cart, in the order in which it was put there. Whoever comes second waits and finds it empty. One
/// statement, with the cart's lock.
///
/// # Errors
/// When the database refuses.
#[expect(
    clippy::disallowed_methods,
    reason = "lock and delete in one statement, so that nobody reads what another has taken"
)]
pub fn take_all(
    scope: &mut Scope,
    customer: CustomerId,
) -> Result<Vec<(ProductId, Quantity)>, AppError> {
    #[derive(QueryableByName)]
    struct Taken {
        #[diesel(sql_type = diesel::sql_types::Uuid)]
        id: uuid::Uuid,
        #[diesel(sql_type = diesel::sql_types::Uuid)]
        product_id: ProductId,
        #[diesel(sql_type = diesel::sql_types::Numeric)]
        quantity: Quantity,
    }
    let statement = prepared(
        "with mine as materialized (select id from carts where tenant_id = $1 and customer_id = $2 for update)
         delete from cart_lines l using mine where l.tenant_id = $1 and l.cart_id = mine.id returning l.id, l.product_id, l.quantity",
    )
    .bind::<diesel::sql_types::Uuid, _>(scope.tenant())
    .bind::<diesel::sql_types::Uuid, _>(customer);
    let mut taken: Vec<Taken> = scope.load(statement)?;
    taken.sort_by_key(|line| line.id);
    Ok(taken
        .into_iter()
        .map(|line| (line.product_id, line.quantity))
        .collect())
}
