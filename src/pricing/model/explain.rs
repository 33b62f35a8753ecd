//! Every list of a company, seen from one customer, product, quantity and day: for whoever asks why a price is what it is.

use crate::error::AppError;
use crate::kernel::ids::{CustomerId, PriceListId, ProductId};
use crate::kernel::money::UnitPrice;
use crate::platform::db::{Scope, prepared};
use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Date, Nullable, Numeric, Text, Uuid as SqlUuid};
use rust_decimal::Decimal;

/// A list that might have given the price.
#[derive(Clone, Debug, QueryableByName)]
pub struct Candidate {
    /// The list.
    #[diesel(sql_type = SqlUuid)]
    pub id: PriceListId,
    /// Its name.
    #[diesel(sql_type = Text)]
    pub name: String,
    /// draft, active or ended.
    #[diesel(sql_type = Text)]
    pub status: String,
    /// The list of everybody.
    #[diesel(sql_type = Bool)]
    pub is_default: bool,
    /// First day.
    #[diesel(sql_type = Date)]
    pub valid_from: NaiveDate,
    /// Last day.
    #[diesel(sql_type = Nullable<Date>)]
    pub valid_to: Option<NaiveDate>,
    /// Whether it names this customer.
    #[diesel(sql_type = Bool)]
    pub is_for_customer: bool,
    /// Whether it names this customer's group.
    #[diesel(sql_type = Bool)]
    pub is_for_group: bool,
    /// Its price at this quantity on this day.
    #[diesel(sql_type = Nullable<Numeric>)]
    pub price: Option<UnitPrice>,
    /// The break that the quantity reaches in it.
    #[diesel(sql_type = Nullable<Numeric>)]
    pub min_qty: Option<Decimal>,
}

impl Candidate {
    /// Every list of the company as the resolver sees it, in the order in which it asks; at most 500. One statement.
    ///
    /// # Errors
    /// When the database refuses.
    #[expect(
        clippy::disallowed_methods,
        reason = "lateral joins over the lists, in one statement"
    )]
    pub fn all(
        scope: &mut Scope,
        (product, quantity): (ProductId, Decimal),
        customer: Option<CustomerId>,
        day: NaiveDate,
    ) -> Result<Vec<Self>, AppError> {
        let tenant = scope.tenant();
        let statement = prepared(
            "select l.id, l.name, l.status, l.is_default, l.valid_from, l.valid_to, f.is_for_customer, f.is_for_group, i.price, i.min_qty
               from price_lists l
               cross join lateral (select
                   exists (select from price_list_targets t where t.tenant_id = l.tenant_id and t.price_list_id = l.id and t.customer_id = $2) as is_for_customer,
                   exists (select from price_list_targets t join customers c on c.tenant_id = t.tenant_id and c.group_id = t.group_id
                             where t.tenant_id = l.tenant_id and t.price_list_id = l.id and c.id = $2) as is_for_group) f
               left join lateral (select x.price, x.min_qty from price_items x where x.tenant_id = l.tenant_id and x.price_list_id = l.id
                   and x.product_id = $3 and x.min_qty <= $4 and x.valid_from <= $5 order by x.min_qty desc, x.valid_from desc limit 1) i on true
               where l.tenant_id = $1
               order by case when f.is_for_customer then 1 when f.is_for_group then 2 when l.is_default then 3 else 4 end, l.valid_from desc, l.id limit 500",
        )
        .bind::<SqlUuid, _>(tenant)
        .bind::<Nullable<SqlUuid>, _>(customer)
        .bind::<SqlUuid, _>(product)
        .bind::<Numeric, _>(quantity)
        .bind::<Date, _>(day);
        Ok(scope.load(statement)?)
    }
}
