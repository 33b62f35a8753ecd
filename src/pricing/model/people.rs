//! Whom a price is for, and of what, as somebody typed it.

use crate::error::AppError;
use crate::kernel::ids::{CustomerId, GroupId};
use crate::platform::db::Scope;
use crate::platform::db::schema::customer_groups;
use crate::products::model::Product;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Text, Uuid as SqlUuid};

/// A group of customers.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = customer_groups)]
pub struct Group {
    /// The group.
    pub id: GroupId,
    /// What people call it.
    pub name: String,
}

impl Group {
    /// The company's groups by name; at most 200.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn all(scope: &mut Scope) -> Result<Vec<Self>, AppError> {
        let rows = customer_groups::table
            .filter(customer_groups::tenant_id.eq(scope.tenant()))
            .order((customer_groups::name, customer_groups::id))
            .limit(200)
            .select(Self::as_select());
        Ok(scope.load(rows)?)
    }
}

/// What was typed meant one thing, or several, or none.
#[derive(Clone, Debug)]
pub enum Found<T> {
    /// This one.
    One(T),
    /// One of these, by their words.
    Several(Vec<String>),
    /// Nothing of the company.
    Nobody,
}

#[derive(QueryableByName)]
struct CustomerRow {
    #[diesel(sql_type = SqlUuid)]
    id: CustomerId,
    #[diesel(sql_type = Text)]
    code: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Bool)]
    is_exact: bool,
}

/// The customer that somebody typed: its code, its name, or a part of it that only one has.
///
/// # Errors
/// When the database refuses.
#[expect(
    clippy::disallowed_methods,
    reason = "a search function beside a look-up by code, in one statement"
)]
pub fn find_customer(
    scope: &mut Scope,
    typed: &str,
) -> Result<Found<(CustomerId, String)>, AppError> {
    let tenant = scope.tenant();
    let statement = diesel::sql_query(
        "select c.id, c.code, c.name, (c.code = upper($2) or lower(c.name) = lower($2)) as is_exact from customers c
           where c.tenant_id = $1 and (c.code = upper($2) or c.id in (select search_customers($2))) order by 4 desc, c.name limit 6",
    )
    .bind::<SqlUuid, _>(tenant)
    .bind::<Text, _>(typed.trim().to_owned());
    let rows: Vec<CustomerRow> = scope.load(statement)?;
    let exact = rows.iter().filter(|row| row.is_exact).count();
    Ok(match rows.as_slice() {
        [] => Found::Nobody,
        [one, rest @ ..] if rest.is_empty() || exact == 1 => Found::One((one.id, one.name.clone())),
        several => Found::Several(
            several
                .iter()
                .map(|row| format!("{} {}", row.code, row.name))
                .collect(),
        ),
    })
}

#[derive(QueryableByName)]
struct ProductRow {
    #[diesel(sql_type = Text)]
    sku: String,
    #[diesel(sql_type = Text)]
    name: String,
}

/// The product that somebody typed: its code, its barcode, or words that only one has.
///
/// # Errors
/// When the database refuses.
#[expect(
    clippy::disallowed_methods,
    reason = "a search function, which the query builder can't call"
)]
pub fn find_product(scope: &mut Scope, typed: &str) -> Result<Found<Product>, AppError> {
    if let Some(product) = Product::with_sku(scope, typed)? {
        return Ok(Found::One(product));
    }
    let tenant = scope.tenant();
    let statement = diesel::sql_query(
        "select p.sku, p.name from search_products($2, 6) f join products p on p.tenant_id = $1 and p.id = f.id order by f.rank desc, p.name",
    )
    .bind::<SqlUuid, _>(tenant)
    .bind::<Text, _>(typed.trim().to_owned());
    let rows: Vec<ProductRow> = scope.load(statement)?;
    match rows.as_slice() {
        [] => Ok(Found::Nobody),
        [one] => Product::by_sku(scope, &one.sku).map(Found::One),
        several => Ok(Found::Several(
            several
                .iter()
                .map(|row| format!("{} {}", row.sku, row.name))
                .collect(),
        )),
    }
}
