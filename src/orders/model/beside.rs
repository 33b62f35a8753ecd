//! What stands beside an order for employees: its customer, who reads its letters, and what typed words may mean.

use super::{Order, OrderLine};
use crate::error::AppError;
use crate::kernel::ids::{AddressId, CustomerId, ProductId};
use crate::kernel::money::Money;
use crate::platform::db::schema::{customer_addresses, products};
use crate::platform::db::{Scope, prepared};
use diesel::prelude::*;
use diesel::sql_types::{Integer, Nullable, Numeric, Text, Timestamptz, Uuid as SqlUuid};
use rust_decimal::Decimal;
use uuid::Uuid;

/// The customer beside an order: who it is and how its credit stands.
#[derive(Clone, Debug, QueryableByName)]
pub struct Card {
    #[diesel(sql_type = Text)]
    pub code: String,
    #[diesel(sql_type = Text)]
    pub name: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub city: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub phone: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub gstin: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub note: Option<String>,
    #[diesel(sql_type = Integer)]
    pub terms_days: i32,
    /// Most that it may owe with open orders.
    #[diesel(sql_type = Nullable<Numeric>)]
    pub credit_limit: Option<Money>,
    /// Bills and open orders together.
    #[diesel(sql_type = Numeric)]
    pub exposure: Money,
    /// What of that are orders that were placed later and are held too: they wait behind this one.
    #[diesel(sql_type = Numeric)]
    pub behind: Money,
}

impl Card {
    /// The customer of an order. One statement.
    ///
    /// # Errors
    /// When the database refuses.
    #[expect(
        clippy::disallowed_methods,
        reason = "three tables and a sum in one row, so that the page asks once"
    )]
    pub fn of(scope: &mut Scope, order: &Order) -> Result<Self, AppError> {
        let statement = prepared(
            "select c.code, c.name, c.city, c.phone, c.gstin, c.note, c.terms_days, c.credit_limit, coalesce(a.balance + a.open_amount + a.unbilled, 0) as exposure,
                    (select coalesce(sum(h.open_amount), 0) from orders h where h.tenant_id = c.tenant_id and h.customer_id = c.id
                        and h.is_held and h.status = 'to_approve' and (h.placed_at, h.id) > (coalesce($3, now()), $4)) as behind
               from customers c left join customer_accounts a on a.tenant_id = c.tenant_id and a.id = c.id
               where c.tenant_id = $1 and c.id = $2",
        )
        .bind::<SqlUuid, _>(scope.tenant())
        .bind::<SqlUuid, _>(order.customer_id)
        .bind::<Nullable<Timestamptz>, _>(order.placed_at)
        .bind::<SqlUuid, _>(order.id);
        Ok(scope.one(statement)?)
    }

    /// What has to be paid before an order that is held for credit fits, live. Orders behind it wait for their own money.
    pub fn to_pay(&self) -> Option<Money> {
        crate::orders::rules::over_credit(self.credit_limit, self.exposure - self.behind)
    }
}

/// Where letters about a customer's orders go.
#[derive(Clone, Debug, QueryableByName)]
pub struct Readers {
    /// The customer's name.
    #[diesel(sql_type = Text)]
    pub name: String,
    /// The customer's address, else that of the shop's owner.
    #[diesel(sql_type = Nullable<Text>)]
    pub email: Option<String>,
    /// The customer's language.
    #[diesel(sql_type = Text)]
    pub language: String,
    /// The shop's part of addresses, if it uses the portal.
    #[diesel(sql_type = Nullable<Text>)]
    pub retailer: Option<String>,
    /// The company's name.
    #[diesel(sql_type = Text)]
    pub company: String,
    /// The company's part of addresses.
    #[diesel(sql_type = Text)]
    pub slug: String,
    /// The company's address, else that of its first owner.
    #[diesel(sql_type = Nullable<Text>)]
    pub company_email: Option<String>,
}

impl Readers {
    /// The readers of a customer's letters. One statement; only for the company itself.
    ///
    /// # Errors
    /// `NotFound`.
    #[expect(
        clippy::disallowed_methods,
        reason = "a set-returning function, which the query builder can't call"
    )]
    pub fn of(scope: &mut Scope, customer: CustomerId) -> Result<Self, AppError> {
        let statement = prepared("select * from letter_readers($1)").bind::<SqlUuid, _>(customer);
        Ok(scope.one(statement)?)
    }
}

/// A product as a line is typed: found by its code or its barcode.
#[derive(Clone, Debug, Queryable)]
pub struct Goods {
    pub id: ProductId,
    pub sku: String,
    pub barcode: Option<String>,
    pub unit: String,
    pub pack_size: Decimal,
    pub pack_name: Option<String>,
}

impl From<&OrderLine> for Goods {
    fn from(line: &OrderLine) -> Self {
        Self {
            id: line.product_id,
            sku: line.sku.clone(),
            barcode: None,
            unit: line.unit.clone(),
            pack_size: line.pack_size,
            pack_name: line.pack_name.clone(),
        }
    }
}

impl Goods {
    /// The products of these codes or barcodes. One statement.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn by_codes(scope: &mut Scope, codes: Vec<String>) -> Result<Vec<Self>, AppError> {
        let query = products::table
            .filter(products::tenant_id.eq(scope.tenant()))
            .filter(
                products::sku
                    .eq_any(codes.clone())
                    .or(products::barcode.eq_any(codes)),
            )
            .limit(2_000)
            .select((
                products::id,
                products::sku,
                products::barcode,
                products::unit,
                products::pack_size,
                products::pack_name,
            ));
        Ok(scope.load(query)?)
    }
}

/// An address that goods can go to, in one line.
#[derive(Clone, Debug, Queryable)]
pub struct Destination {
    pub id: AddressId,
    pub label: String,
    pub street: String,
    pub city: String,
}

impl Destination {
    /// It in one line.
    pub fn words(&self) -> String {
        format!("{}: {}, {}", self.label, self.street, self.city)
    }

    /// The addresses of a customer, its usual one first; at most 200.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn of_customer(scope: &mut Scope, customer: CustomerId) -> Result<Vec<Self>, AppError> {
        let query = customer_addresses::table
            .filter(customer_addresses::tenant_id.eq(scope.tenant()))
            .filter(customer_addresses::customer_id.eq(customer))
            .filter(customer_addresses::is_active)
            .order((
                customer_addresses::is_default.desc(),
                customer_addresses::id,
            ))
            .limit(200)
            .select((
                customer_addresses::id,
                customer_addresses::label,
                customer_addresses::street,
                customer_addresses::city,
            ));
        Ok(scope.load(query)?)
    }
}

/// A customer or a product that a typed word may mean.
#[derive(Clone, Debug, QueryableByName)]
pub struct Match {
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    #[diesel(sql_type = Text)]
    pub code: String,
    #[diesel(sql_type = Text)]
    pub name: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub city: Option<String>,
}

impl Match {
    /// Customers whom a word may mean, an exact code or name first; at most `most`.
    ///
    /// # Errors
    /// When the database refuses.
    #[expect(
        clippy::disallowed_methods,
        reason = "a set-returning function, which the query builder can't call"
    )]
    pub fn customers(scope: &mut Scope, word: &str, most: i32) -> Result<Vec<Self>, AppError> {
        let statement = prepared(
            "select c.id, c.code, c.name, c.city from customers c
               where c.tenant_id = $1 and c.id in (select search_customers($2))
               order by (upper($2) = c.code or lower($2) = lower(c.name)) desc, c.name, c.id limit $3",
        )
        .bind::<SqlUuid, _>(scope.tenant())
        .bind::<Text, _>(word.to_owned())
        .bind::<Integer, _>(most);
        Ok(scope.load(statement)?)
    }

    /// Products that a word may mean, best first; at most `most`.
    ///
    /// # Errors
    /// When the database refuses.
    #[expect(
        clippy::disallowed_methods,
        reason = "a set-returning function, which the query builder can't call"
    )]
    pub fn products(scope: &mut Scope, word: &str, most: i32) -> Result<Vec<Self>, AppError> {
        let statement = prepared(
            "select p.id, p.sku as code, p.name, null::text as city from search_products($2, $3) f
               join products p on p.tenant_id = $1 and p.id = f.id where p.status = 'active' order by f.rank desc, p.name, p.id limit $3",
        )
        .bind::<SqlUuid, _>(scope.tenant())
        .bind::<Text, _>(word.to_owned())
        .bind::<Integer, _>(most);
        Ok(scope.load(statement)?)
    }
}
