//! The verbs of addresses: add, change, choose for goods or bills, take out of use.

use crate::customers::model::{Address, Customer};
use crate::customers::rules;
use crate::error::AppError;
use crate::kernel::gstin::UNREGISTERED;
use crate::kernel::ids::{AddressId, CustomerId};
use crate::kernel::state::State;
use crate::platform::db::Scope;
use crate::platform::db::schema::{customer_addresses, customers};
use chrono::{DateTime, Utc};
use diesel::prelude::*;

/// An address as it was typed and found right.
#[derive(Clone, Debug)]
pub struct NewAddress {
    pub label: String,
    pub street: String,
    pub city: String,
    pub pincode: String,
    pub state: State,
    /// Two letters; `IN` unless the state is "Other country".
    pub country: String,
    pub gstin: Option<String>,
    /// Somebody else's place, to which goods go that are billed to the customer.
    pub is_third_person: bool,
    pub phone: Option<String>,
}

impl NewAddress {
    /// Whether it is of somebody else who has no GSTIN.
    fn is_unregistered(&self) -> bool {
        self.is_third_person && self.gstin.is_none()
    }

    /// Under which GSTIN it is, if it has one of its own; `URP` for somebody else who has none.
    fn registration(&self) -> Option<&str> {
        if self.is_unregistered() {
            return Some(UNREGISTERED);
        }
        self.gstin.as_deref()
    }

    /// Whether its GSTIN is of whom it is said to be.
    ///
    /// # Errors
    /// `Refused` in words.
    fn of(&self, customer: &Customer) -> Result<(), AppError> {
        let (own, there) = (customer.gstin.as_deref(), self.registration());
        rules::whose_place(own, there, self.is_third_person).map_err(AppError::refused)
    }
}

fn insert(
    scope: &mut Scope,
    customer: CustomerId,
    new: &NewAddress,
    is_first: bool,
) -> Result<AddressId, AppError> {
    let (id, now) = (AddressId::new(), scope.now());
    scope.execute(diesel::insert_into(customer_addresses::table).values((
        customer_addresses::id.eq(id),
        customer_addresses::customer_id.eq(customer),
        customer_addresses::label.eq(&new.label),
        customer_addresses::street.eq(&new.street),
        customer_addresses::city.eq(&new.city),
        customer_addresses::pincode.eq(&new.pincode),
        customer_addresses::state_code.eq(new.state.code()),
        customer_addresses::country.eq(&new.country),
        customer_addresses::gstin.eq(&new.gstin),
        customer_addresses::is_unregistered.eq(new.is_unregistered()),
        customer_addresses::phone.eq(&new.phone),
        customer_addresses::is_billing.eq(is_first),
        customer_addresses::is_default.eq(is_first),
        customer_addresses::created_at.eq(now),
        customer_addresses::updated_at.eq(now),
    )))?;
    Ok(id)
}

/// The first address of a customer that was opened in this transaction: for goods and for bills.
pub(super) fn first_address(
    scope: &mut Scope,
    customer: CustomerId,
    new: &NewAddress,
) -> Result<AddressId, AppError> {
    insert(scope, customer, new, true)
}

/// Adds an address; the first one is for goods and for bills.
///
/// # Errors
/// `NotFound`; `Refused` for a GSTIN of somebody else.
pub fn add_address(scope: &mut Scope, code: &str, new: &NewAddress) -> Result<AddressId, AppError> {
    let customer = Customer::lock(scope, code)?;
    add_to(scope, &customer, new)
}

/// A buyer adds an address of its own shop. What the company says of the buyer is the company's, so its row is not locked: of two first
/// addresses at once the second is an ordinary one.
///
/// # Errors
/// As [`add_address`].
pub fn add_own_address(scope: &mut Scope, new: &NewAddress) -> Result<AddressId, AppError> {
    let id = scope.member().customer().ok_or(AppError::NotFound)?;
    let customer = Customer::find(scope, id)?;
    // Where tax is due follows from it, so it is for the company to say that a place is somebody else's.
    let new = &NewAddress {
        is_third_person: false,
        ..new.clone()
    };
    match scope.attempt(|scope| add_to(scope, &customer, new)) {
        Err(error)
            if error
                .constraint()
                .is_some_and(|name| name.starts_with("customer_addresses_one_")) =>
        {
            insert(scope, customer.id, new, false)
        }
        added => added,
    }
}

fn add_to(scope: &mut Scope, customer: &Customer, new: &NewAddress) -> Result<AddressId, AppError> {
    new.of(customer)?;
    let is_first = Address::all(scope, customer.id)?.is_empty();
    if is_first {
        let (own, there) = (customer.gstin.as_deref(), new.registration());
        rules::may_be_billed(own, there, &new.label).map_err(AppError::refused)?;
    }
    insert(scope, customer.id, new, is_first)
}

/// Changes an address, unless somebody saved since `version`; says whether it did.
///
/// # Errors
/// `NotFound`; `Refused` for a GSTIN of somebody else.
pub fn save_address(
    scope: &mut Scope,
    code: &str,
    id: AddressId,
    new: &NewAddress,
    version: DateTime<Utc>,
) -> Result<bool, AppError> {
    let customer = Customer::lock(scope, code)?;
    let address = Address::find(scope, customer.id, id)?;
    new.of(&customer)?;
    if address.is_billing {
        let (own, there) = (customer.gstin.as_deref(), new.registration());
        rules::may_be_billed(own, there, &new.label).map_err(AppError::refused)?;
    }
    let now = scope.now();
    let row = customer_addresses::table.filter(
        customer_addresses::tenant_id
            .eq(scope.tenant())
            .and(customer_addresses::id.eq(id))
            .and(customer_addresses::customer_id.eq(customer.id))
            .and(customer_addresses::updated_at.eq(version)),
    );
    let rows = scope.execute(diesel::update(row).set((
        customer_addresses::label.eq(&new.label),
        customer_addresses::street.eq(&new.street),
        customer_addresses::city.eq(&new.city),
        customer_addresses::pincode.eq(&new.pincode),
        customer_addresses::state_code.eq(new.state.code()),
        customer_addresses::country.eq(&new.country),
        customer_addresses::gstin.eq(&new.gstin),
        customer_addresses::is_unregistered.eq(new.is_unregistered()),
        customer_addresses::phone.eq(&new.phone),
        customer_addresses::updated_at.eq(now),
    )))?;
    Ok(rows == 1)
}

/// An address that is in use, its customer locked.
fn to_be_chosen(
    scope: &mut Scope,
    code: &str,
    id: AddressId,
) -> Result<(Customer, Address), AppError> {
    let customer = Customer::lock(scope, code)?;
    let address = Address::find(scope, customer.id, id)?;
    rules::may_be_chosen(&address.label, address.is_active).map_err(AppError::refused)?;
    Ok((customer, address))
}

/// Moves a mark that one address of a customer has: from whichever has it to this one.
macro_rules! move_mark {
    ($scope:expr, $customer:expr, $to:expr, $mark:ident) => {{
        let scope: &mut Scope = $scope;
        let now = scope.now();
        let rows = customer_addresses::table.filter(
            customer_addresses::tenant_id
                .eq(scope.tenant())
                .and(customer_addresses::customer_id.eq($customer)),
        );
        let former = rows.filter(customer_addresses::$mark);
        scope.execute(diesel::update(former).set((
            customer_addresses::$mark.eq(false),
            customer_addresses::updated_at.eq(now),
        )))?;
        let chosen = rows.filter(customer_addresses::id.eq($to));
        scope.execute(diesel::update(chosen).set((
            customer_addresses::$mark.eq(true),
            customer_addresses::updated_at.eq(now),
        )))?;
    }};
}

/// Goods go to this address from now on, unless told otherwise.
///
/// # Errors
/// `NotFound`; `Refused` when it is out of use.
pub fn make_default(scope: &mut Scope, code: &str, id: AddressId) -> Result<Address, AppError> {
    let (customer, address) = to_be_chosen(scope, code, id)?;
    move_mark!(scope, customer.id, id, is_default);
    let (own, there) = (customer.gstin.as_deref(), address.registration());
    if rules::is_third_person(own, there) {
        return Ok(address);
    }
    // The list says where the shop is.
    let own = customers::table.filter(
        customers::tenant_id
            .eq(scope.tenant())
            .and(customers::id.eq(customer.id)),
    );
    scope.execute(diesel::update(own).set(customers::city.eq(&address.city)))?;
    Ok(address)
}

/// Bills go to this address from now on.
///
/// # Errors
/// `NotFound`; `Refused` when it is out of use, or somebody else's.
pub fn make_billing(scope: &mut Scope, code: &str, id: AddressId) -> Result<Address, AppError> {
    let (customer, address) = to_be_chosen(scope, code, id)?;
    let (own, there) = (customer.gstin.as_deref(), address.registration());
    rules::may_be_billed(own, there, &address.label).map_err(AppError::refused)?;
    move_mark!(scope, customer.id, id, is_billing);
    Ok(address)
}

/// Takes an address out of use; orders that have it keep it. A second time changes nothing.
///
/// # Errors
/// `NotFound`; `Refused` for the one where goods or bills go.
pub fn deactivate(scope: &mut Scope, code: &str, id: AddressId) -> Result<Address, AppError> {
    let customer = Customer::lock(scope, code)?;
    let address = Address::find(scope, customer.id, id)?;
    rules::may_leave(&address.label, address.is_default, address.is_billing)
        .map_err(AppError::refused)?;
    set_active(scope, id, false)?;
    Ok(address)
}

/// Takes an address into use again.
///
/// # Errors
/// `NotFound`.
pub fn activate(scope: &mut Scope, code: &str, id: AddressId) -> Result<Address, AppError> {
    let customer = Customer::lock(scope, code)?;
    let address = Address::find(scope, customer.id, id)?;
    set_active(scope, id, true)?;
    Ok(address)
}

fn set_active(scope: &mut Scope, id: AddressId, is_active: bool) -> Result<(), AppError> {
    let now = scope.now();
    let row = customer_addresses::table.filter(
        customer_addresses::tenant_id
            .eq(scope.tenant())
            .and(customer_addresses::id.eq(id)),
    );
    scope.execute(diesel::update(row).set((
        customer_addresses::is_active.eq(is_active),
        customer_addresses::updated_at.eq(now),
    )))?;
    Ok(())
}
