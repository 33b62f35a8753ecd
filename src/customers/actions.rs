//! The verbs: sign a retailer up, connect it to a company.

use crate::error::AppError;
use crate::kernel::ids::{ConnectionId, CustomerId, RetailerId, TenantId, UserId};
use crate::kernel::slug::Slug;
use crate::platform::db::PlatformTx;
use crate::platform::db::schema::{connections, customers, retailer_users, retailers};
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
    tx.execute(diesel::insert_into(retailer_users::table).values((
        retailer_users::retailer_id.eq(id),
        retailer_users::id.eq(Uuid::now_v7()),
        retailer_users::user_id.eq(owner),
        retailer_users::role.eq(ShopRole::Owner.code()),
    )))?;
    Ok(id)
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
        scope.execute(diesel::insert_into(connections::table).values((
            connections::id.eq(ConnectionId::new()),
            connections::retailer_id.eq(retailer),
            connections::customer_id.eq(customer),
            connections::created_at.eq(now),
            connections::updated_at.eq(now),
        )))?;
        Ok(customer)
    })
}
