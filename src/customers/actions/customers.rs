//! The verbs of a company's book of customers: open, change, set terms, pause, resume.

use super::addresses::{self, NewAddress};
use crate::customers::model::{Address, Customer};
use crate::customers::rules;
use crate::error::AppError;
use crate::kernel::gstin::Gstin;
use crate::kernel::ids::{CustomerId, GroupId, WarehouseId};
use crate::kernel::language::{Lang, Said};
use crate::kernel::money::Money;
use crate::platform::db::Scope;
use crate::platform::db::schema::{connections, customers};
use crate::platform::jobs::{self, NewJob};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};

/// What the sales people write of a customer.
#[derive(Clone, Debug)]
pub struct Profile {
    pub name: String,
    /// registered, composition, unregistered or sez.
    pub kind: &'static str,
    pub gstin: Option<Gstin>,
    pub phone: Option<String>,
    pub email: Option<String>,
    pub language: Lang,
    pub group: Option<GroupId>,
    pub warehouse: Option<WarehouseId>,
    pub note: Option<String>,
}

/// What those who keep the books write of it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Terms {
    /// Days until a bill is due.
    pub days: i32,
    /// Most that it may owe; `None` is no limit.
    pub limit: Option<Money>,
}

/// Opens a customer's page in the book, with its first address. Without a code it gets the next one that is free.
///
/// # Errors
/// The constraint `customers_tenant_id_code_key` when the code is taken.
pub fn open(
    scope: &mut Scope,
    code: Option<String>,
    profile: &Profile,
    terms: Terms,
    address: Option<&NewAddress>,
) -> Result<(CustomerId, String), AppError> {
    let (id, now) = (CustomerId::new(), scope.now());
    let code = match code {
        Some(code) => code,
        None => Customer::next_code(scope)?,
    };
    scope.execute(diesel::insert_into(customers::table).values((
        customers::id.eq(id),
        customers::code.eq(&code),
        customers::terms_days.eq(terms.days),
        customers::credit_limit.eq(terms.limit),
        customers::created_at.eq(now),
        (
            customers::name.eq(&profile.name),
            customers::kind.eq(profile.kind),
            customers::gstin.eq(profile.gstin.as_ref().map(Gstin::as_str)),
            customers::phone.eq(&profile.phone),
            customers::email.eq(&profile.email),
            customers::language.eq(profile.language.code()),
            customers::group_id.eq(profile.group),
            customers::warehouse_id.eq(profile.warehouse),
            customers::note.eq(&profile.note),
            customers::city.eq(address.map(|address| &address.city)),
            customers::updated_at.eq(now),
        ),
    )))?;
    if let Some(address) = address {
        addresses::first_address(scope, id, address)?;
    }
    Ok((id, code))
}

/// Changes what the sales people write of a customer, unless somebody saved since `version`; says whether it did.
///
/// # Errors
/// `Refused` for a GSTIN whose PAN is not that of the place to which the customer's bills go.
pub fn save_profile(
    scope: &mut Scope,
    id: CustomerId,
    profile: &Profile,
    version: DateTime<Utc>,
) -> Result<bool, AppError> {
    let now = scope.now();
    let row = customers::table.filter(
        customers::tenant_id
            .eq(scope.tenant())
            .and(customers::id.eq(id))
            .and(customers::updated_at.eq(version)),
    );
    let rows = scope.execute(diesel::update(row).set((
        customers::name.eq(&profile.name),
        customers::kind.eq(profile.kind),
        customers::gstin.eq(profile.gstin.as_ref().map(Gstin::as_str)),
        customers::phone.eq(&profile.phone),
        customers::email.eq(&profile.email),
        customers::language.eq(profile.language.code()),
        customers::group_id.eq(profile.group),
        customers::warehouse_id.eq(profile.warehouse),
        customers::note.eq(&profile.note),
        customers::updated_at.eq(now),
    )))?;
    if rows == 1 {
        let own = profile.gstin.as_ref().map(Gstin::as_str);
        for place in Address::all(scope, id)? {
            if place.is_billing && rules::is_third_person(own, place.registration()) {
                return Err(AppError::refused(
                    Said::new("Bills go to {label}, whose GSTIN holds another PAN. Have them go to another address first, or change that one.")
                        .with("label", place.label),
                ));
            }
        }
    }
    Ok(rows == 1)
}

/// Kind of the event that a customer's terms changed. Whoever decided something by them is registered for it in `app`.
pub const TERMS_CHANGED: &str = "customers.terms_changed";

/// What that event says.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct TermsChanged {
    /// The customer.
    pub customer: CustomerId,
}

/// Changes a customer's terms, unless somebody saved since `version`; says whether it did. Orders that wait for credit are looked at again
/// once the transaction has committed.
///
/// # Errors
/// When the database refuses.
#[expect(clippy::disallowed_methods, reason = "a function call without a table")]
pub fn save_terms(
    scope: &mut Scope,
    id: CustomerId,
    terms: Terms,
    version: DateTime<Utc>,
) -> Result<bool, AppError> {
    let now = scope.now();
    // An order that is being held by the old limit right now is seen by the event below, or sees the new limit.
    scope.execute(
        diesel::sql_query("select begin_terms_change($1)").bind::<diesel::sql_types::Uuid, _>(id),
    )?;
    let row = customers::table.filter(
        customers::tenant_id
            .eq(scope.tenant())
            .and(customers::id.eq(id))
            .and(customers::updated_at.eq(version)),
    );
    let rows = scope.execute(diesel::update(row).set((
        customers::terms_days.eq(terms.days),
        customers::credit_limit.eq(terms.limit),
        customers::updated_at.eq(now),
    )))?;
    if rows == 0 {
        return Ok(false);
    }
    // No key: a job that is queued already may have read the old terms by the time that these are committed.
    let changed = NewJob::new(
        TERMS_CHANGED,
        "Orders that wait for credit",
        &TermsChanged { customer: id },
    )?;
    jobs::enqueue(scope, &changed)?;
    Ok(true)
}

/// No new orders from this customer; its portal stays open to look. A second time changes nothing.
///
/// # Errors
/// `NotFound`.
pub fn pause(scope: &mut Scope, code: &str) -> Result<Customer, AppError> {
    become_status(scope, code, "active", "paused")
}

/// Takes orders from a customer again. A second time changes nothing.
///
/// # Errors
/// `NotFound`.
pub fn resume(scope: &mut Scope, code: &str) -> Result<Customer, AppError> {
    become_status(scope, code, "paused", "active")
}

fn become_status(
    scope: &mut Scope,
    code: &str,
    from: &'static str,
    to: &'static str,
) -> Result<Customer, AppError> {
    let customer = Customer::lock(scope, code)?;
    if customer.status == to {
        return Ok(customer);
    }
    let now = scope.now();
    let row = customers::table.filter(
        customers::tenant_id
            .eq(scope.tenant())
            .and(customers::id.eq(customer.id)),
    );
    scope.execute(
        diesel::update(row).set((customers::status.eq(to), customers::updated_at.eq(now))),
    )?;
    // The portal's door says it too.
    let door = connections::table.filter(
        connections::tenant_id
            .eq(scope.tenant())
            .and(connections::customer_id.eq(customer.id))
            .and(connections::status.eq(from)),
    );
    scope.execute(
        diesel::update(door).set((connections::status.eq(to), connections::updated_at.eq(now))),
    )?;
    Ok(customer)
}
