//! Retailers, their people, and how they stand with each supplier.

use crate::error::AppError;
use crate::kernel::ids::{CustomerId, RetailerId, TenantId, UserId};
use crate::kernel::money::Money;
use crate::platform::db::schema::{connections, retailer_users, retailers, users};
use crate::platform::db::{PlatformTx, Scope, prepared};
use crate::platform::permissions::ShopRole;
use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{Date, Integer, Nullable, Numeric, Text, Uuid as SqlUuid};

/// A retailer's own record.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = retailers)]
pub struct Retailer {
    pub name: String,
    pub gstin: Option<String>,
    pub phone: Option<String>,
    pub city: Option<String>,
}

impl Retailer {
    /// A retailer with its people: name, e-mail and role; at most 50.
    ///
    /// # Errors
    /// `NotFound` when nobody may come in any more.
    pub fn with_people_across(
        tx: &mut PlatformTx,
        id: RetailerId,
    ) -> Result<(Self, Vec<(String, String, String)>), AppError> {
        let rows: Vec<(Self, (String, String, String))> = tx.load(
            retailers::table
                .inner_join(retailer_users::table.inner_join(users::table))
                .filter(retailers::id.eq(id).and(retailer_users::is_active))
                .order((users::name, users::id))
                .limit(50)
                .select((
                    Self::as_select(),
                    (users::name, users::email, retailer_users::role),
                )),
        )?;
        let mut people = Vec::with_capacity(rows.len());
        let mut shop = None;
        for (retailer, person) in rows {
            shop.get_or_insert(retailer);
            people.push(person);
        }
        Ok((shop.ok_or(AppError::NotFound)?, people))
    }
}

/// How a retailer stands with one supplier: all zero when nothing ever happened.
#[derive(Clone, Debug, QueryableByName)]
pub struct Standing {
    /// The supplier.
    #[diesel(sql_type = SqlUuid)]
    pub supplier: TenantId,
    /// Orders that are placed and neither closed nor cancelled.
    #[diesel(sql_type = Nullable<Integer>)]
    pub open_orders: Option<i32>,
    /// What of the confirmed ones is still to come, with tax.
    #[diesel(sql_type = Nullable<Numeric>)]
    pub to_come: Option<Money>,
    /// What is owed by bills.
    #[diesel(sql_type = Nullable<Numeric>)]
    pub balance: Option<Money>,
    /// When goods on their way are expected.
    #[diesel(sql_type = Nullable<Date>)]
    pub next_delivery: Option<NaiveDate>,
}

impl Standing {
    /// How a retailer stands with each of its suppliers, in one statement.
    ///
    /// # Errors
    /// When the database refuses.
    #[expect(
        clippy::disallowed_methods,
        reason = "a set-returning function, which the query builder can't join"
    )]
    pub fn across(tx: &mut PlatformTx, retailer: RetailerId) -> Result<Vec<Self>, AppError> {
        let statement = prepared(
            "select n.tenant_id as supplier, a.open_orders, c.amount as to_come, a.balance, a.next_delivery from connections n
               left join customer_accounts a on a.tenant_id = n.tenant_id and a.id = n.customer_id
               left join coming_from_suppliers($1) c on c.supplier = n.tenant_id
               where n.retailer_id = $1 and n.status in ('active', 'paused') limit 200",
        )
        .bind::<SqlUuid, _>(retailer);
        Ok(tx.load(statement)?)
    }
}

/// What a retailer has overdue at one supplier, and what it paid there last.
#[derive(Clone, Debug, QueryableByName)]
pub struct Owed {
    /// The supplier.
    #[diesel(sql_type = SqlUuid)]
    pub supplier: TenantId,
    /// What of the bills is past its day.
    #[diesel(sql_type = Numeric)]
    pub overdue: Money,
    /// What was paid last.
    #[diesel(sql_type = Nullable<Numeric>)]
    pub paid: Option<Money>,
    /// When that was.
    #[diesel(sql_type = Nullable<Date>)]
    pub paid_on: Option<NaiveDate>,
}

impl Owed {
    /// The same of each of its suppliers on a day, in one statement.
    ///
    /// # Errors
    /// When the database refuses.
    #[expect(
        clippy::disallowed_methods,
        reason = "a set-returning function, which the query builder can't call"
    )]
    pub fn across(
        tx: &mut PlatformTx,
        retailer: RetailerId,
        today: NaiveDate,
    ) -> Result<Vec<Self>, AppError> {
        let statement = prepared("select * from owed_to_suppliers($1, $2)")
            .bind::<SqlUuid, _>(retailer)
            .bind::<Date, _>(today);
        Ok(tx.load(statement)?)
    }
}

/// Somebody of a connected retailer, as staff see them.
#[derive(Clone, Debug, QueryableByName)]
pub struct Person {
    /// Name of the shop.
    #[diesel(sql_type = Text)]
    pub shop: String,
    /// Where the shop is.
    #[diesel(sql_type = Nullable<Text>)]
    pub city: Option<String>,
    /// The person.
    #[diesel(sql_type = Text)]
    pub person: String,
    /// The person's address.
    #[diesel(sql_type = Text)]
    pub email: String,
    /// The person's role at the shop.
    #[diesel(sql_type = Text)]
    pub role: String,
}

impl Person {
    /// The people of the retailer behind a customer; none when there is no retailer.
    ///
    /// # Errors
    /// When the database refuses.
    #[expect(
        clippy::disallowed_methods,
        reason = "a set-returning function, which the query builder can't call"
    )]
    pub fn of_customer(scope: &mut Scope, customer: CustomerId) -> Result<Vec<Self>, AppError> {
        Ok(scope
            .load(prepared("select * from people_of_customer($1)").bind::<SqlUuid, _>(customer))?)
    }
}

/// Whether a person owns a retailer.
///
/// # Errors
/// When the database refuses.
pub fn is_owner_across(
    tx: &mut PlatformTx,
    user: UserId,
    retailer: RetailerId,
) -> Result<bool, AppError> {
    let rows = retailer_users::table
        .filter(retailer_users::retailer_id.eq(retailer))
        .filter(retailer_users::user_id.eq(user))
        .filter(retailer_users::role.eq(ShopRole::Owner.code()))
        .filter(retailer_users::is_active)
        .select(retailer_users::id);
    Ok(tx.maybe::<uuid::Uuid>(rows)?.is_some())
}

/// The state of a retailer's connection to a company, and the customer it is of.
///
/// # Errors
/// When the database refuses.
pub fn connection_of(
    scope: &mut Scope,
    retailer: RetailerId,
    customer: CustomerId,
) -> Result<Vec<(RetailerId, CustomerId, String)>, AppError> {
    let rows = connections::table
        .filter(connections::tenant_id.eq(scope.tenant()))
        .filter(
            connections::retailer_id
                .eq(retailer)
                .or(connections::customer_id.eq(customer)),
        )
        .for_update()
        .select((
            connections::retailer_id,
            connections::customer_id,
            connections::status,
        ));
    Ok(scope.load(rows)?)
}
