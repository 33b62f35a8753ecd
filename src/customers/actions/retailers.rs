//! The verbs: sign a retailer up, connect it to a company.

use crate::error::AppError;
use crate::kernel::ids::{ConnectionId, CustomerId, RetailerId, TenantId, UserId};
use crate::kernel::slug::Slug;
use crate::platform::db::schema::{connections, customers, retailer_users, retailers};
use crate::platform::db::{PlatformTx, Scope};
use crate::platform::permissions::ShopRole;
use diesel::prelude::*;
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
/// The constraint `retailers_slug_key` when the short name is taken.
pub fn sign_up(
    tx: &mut PlatformTx,
    new: &NewRetailer,
    owner: UserId,
) -> Result<RetailerId, AppError> {
    let (id, now) = (RetailerId::new(), tx.now());
    tx.execute(diesel::insert_into(retailers::table).values((
        retailers::id.eq(id),
        retailers::slug.eq(new.slug.as_str()),
        retailers::name.eq(&new.name),
        retailers::city.eq(&new.city),
        retailers::is_demo.eq(new.is_demo),
        retailers::created_at.eq(now),
        retailers::updated_at.eq(now),
    )))?;
    join(tx, id, owner)?;
    Ok(id)
}

/// Makes somebody the owner of a retailer.
fn join(tx: &mut PlatformTx, retailer: RetailerId, owner: UserId) -> Result<(), AppError> {
    tx.execute(diesel::insert_into(retailer_users::table).values((
        retailer_users::retailer_id.eq(retailer),
        retailer_users::id.eq(Uuid::now_v7()),
        retailer_users::user_id.eq(owner),
        retailer_users::role.eq(ShopRole::Owner.code()),
    )))?;
    Ok(())
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
    let (id, now) = (RetailerId::new(), tx.now());
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
        let rows = tx.execute(
            diesel::insert_into(retailers::table)
                .values((
                    retailers::id.eq(id),
                    retailers::slug.eq(&slug),
                    retailers::name.eq(&shop.name),
                    retailers::gstin.eq(&shop.gstin),
                    retailers::phone.eq(&shop.phone),
                    retailers::city.eq(&shop.city),
                    retailers::created_at.eq(now),
                    retailers::updated_at.eq(now),
                ))
                .on_conflict(retailers::slug)
                .do_nothing(),
        )?;
        if rows == 1 {
            join(tx, id, owner)?;
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
