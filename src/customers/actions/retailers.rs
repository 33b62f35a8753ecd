//! The verbs: sign a retailer up, connect it to a company.

use crate::error::AppError;
use crate::kernel::ids::{ConnectionId, CustomerId, RetailerId, TenantId, UserId};
use crate::kernel::slug::Slug;
use crate::platform::db::schema::{connections, customers};
use crate::platform::db::{PlatformTx, Scope};
use crate::platform::permissions::ShopRole;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use uuid::Uuid;

/// A shop to be signed up.
#[derive(Clone, Debug)]
pub struct NewRetailer {
    pub slug: Slug,
    pub name: String,
    pub city: Option<String>,
    pub is_demo: bool,
}

/// Signs a retailer up with its owner.
///
/// # Errors
/// `Internal` when the short name is taken.
pub fn sign_up(
    tx: &mut PlatformTx,
    new: &NewRetailer,
    owner: UserId,
) -> Result<RetailerId, AppError> {
    let shop = NewShop {
        name: new.name.clone(),
        gstin: None,
        phone: None,
        city: new.city.clone(),
    };
    let id = RetailerId::new();
    if open(tx, (id, new.slug.as_str()), (&shop, new.is_demo), owner)? {
        return Ok(id);
    }
    Err(AppError::internal("another shop has this short name"))
}

/// A shop with its owner, unless another one has the short name; says whether it was free. One statement.
#[expect(
    clippy::disallowed_methods,
    reason = "two inserts in one statement, the second only when the first found the name free"
)]
fn open(
    tx: &mut PlatformTx,
    (id, slug): (RetailerId, &str),
    (shop, is_demo): (&NewShop, bool),
    owner: UserId,
) -> Result<bool, AppError> {
    let now = tx.now();
    let rows = tx.execute(
        diesel::sql_query(
            "with shop as (
               insert into retailers (id, slug, name, gstin, phone, city, is_demo, created_at, updated_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $8)
                 on conflict (slug) do nothing returning id)
             insert into retailer_users (retailer_id, id, user_id, role) select shop.id, $9, $10, $11 from shop",
        )
        .bind::<SqlUuid, _>(id)
        .bind::<Text, _>(slug.to_owned())
        .bind::<Text, _>(shop.name.clone())
        .bind::<Nullable<Text>, _>(shop.gstin.clone())
        .bind::<Nullable<Text>, _>(shop.phone.clone())
        .bind::<Nullable<Text>, _>(shop.city.clone())
        .bind::<Bool, _>(is_demo)
        .bind::<Timestamptz, _>(now)
        .bind::<SqlUuid, _>(Uuid::now_v7())
        .bind::<SqlUuid, _>(owner)
        .bind::<Text, _>(ShopRole::Owner.code()),
    )?;
    Ok(rows == 1)
}

/// Connects a retailer to a company: the company gets a customer with this code.
///
/// # Errors
/// The constraint `customers_tenant_id_code_key` when the code is taken.
pub fn connect(
    tx: &mut PlatformTx,
    company: TenantId,
    retailer: RetailerId,
    (code, name): (&str, &str),
) -> Result<CustomerId, AppError> {
    tx.in_company(company, |scope| {
        let (customer, now) = (CustomerId::new(), scope.now());
        scope.execute(diesel::insert_into(customers::table).values((
            customers::id.eq(customer),
            customers::code.eq(code),
            customers::name.eq(name),
            customers::created_at.eq(now),
            customers::updated_at.eq(now),
        )))?;
        connect_to(scope, retailer, customer)?;
        Ok(customer)
    })
}

/// Connects a retailer to a customer that the company has in its book already.
///
/// # Errors
/// The constraints of `connections` when either is connected.
pub fn connect_to(
    scope: &mut Scope,
    retailer: RetailerId,
    customer: CustomerId,
) -> Result<(), AppError> {
    let now = scope.now();
    scope.execute(diesel::insert_into(connections::table).values((
        connections::id.eq(ConnectionId::new()),
        connections::retailer_id.eq(retailer),
        connections::customer_id.eq(customer),
        connections::created_at.eq(now),
        connections::updated_at.eq(now),
    )))?;
    Ok(())
}

/// Signs a retailer up under a short name that is free: the one that its name suggests, or that with a number behind it.
///
/// # Errors
/// When the database refuses.
pub fn sign_up_as(
    tx: &mut PlatformTx,
    shop: &NewShop,
    owner: UserId,
) -> Result<(RetailerId, String), AppError> {
    let id = RetailerId::new();
    let base = Slug::suggest(&shop.name).map_or_else(|| "shop".to_owned(), |slug| slug.to_string());
    let base: String = base.chars().take(34).collect();
    let base = base.trim_end_matches('-');
    // A number that others take at the same moment is skipped; after a few tries the id itself makes the name free.
    let numbered = (2..8).map(|number| format!("{base}-{number}"));
    let last: String = id.to_string().chars().rev().take(5).collect();
    let names = std::iter::once(base.to_owned())
        .chain(numbered)
        .chain(std::iter::once(format!("{base}-{last}")));
    for slug in names {
        if open(tx, (id, &slug), (shop, false), owner)? {
            return Ok((id, slug));
        }
    }
    Err(AppError::internal("no short name for a shop is free"))
}

/// A shop that its first supplier told us of.
#[derive(Clone, Debug)]
pub struct NewShop {
    pub name: String,
    pub gstin: Option<String>,
    pub phone: Option<String>,
    pub city: Option<String>,
}
