//! Addresses of customers: rows and queries.

use crate::error::AppError;
use crate::kernel::gstin::UNREGISTERED;
use crate::kernel::ids::{AddressId, CustomerId};
use crate::platform::db::Scope;
use crate::platform::db::schema::customer_addresses;
use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;

/// Where a customer is billed, or where its goods go.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = customer_addresses)]
pub struct Address {
    pub id: AddressId,
    pub customer_id: CustomerId,
    pub label: String,
    pub street: String,
    pub city: String,
    pub pincode: String,
    pub state_code: String,
    /// Two letters.
    pub country: String,
    pub gstin: Option<String>,
    /// Whether it is the place of somebody else, who has no GSTIN.
    pub is_unregistered: bool,
    pub phone: Option<String>,
    pub is_billing: bool,
    pub is_default: bool,
    pub is_active: bool,
    pub updated_at: DateTime<Utc>,
}

impl Address {
    /// Whether it is outside of India.
    pub fn is_abroad(&self) -> bool {
        self.country != "IN"
    }

    /// The town, with its PIN code in India.
    pub fn town(&self) -> String {
        if self.is_abroad() {
            return self.city.clone();
        }
        format!("{} {}", self.city, self.pincode)
    }

    /// Under which GSTIN it is, if it has one of its own; `URP` for somebody else who has none.
    pub fn registration(&self) -> Option<&str> {
        if self.is_unregistered {
            return Some(UNREGISTERED);
        }
        self.gstin.as_deref()
    }

    fn of<'q>(scope: &Scope) -> customer_addresses::BoxedQuery<'q, Pg> {
        customer_addresses::table
            .filter(customer_addresses::tenant_id.eq(scope.tenant()))
            .into_boxed()
    }

    /// A customer's addresses: the usual one first, those out of use last; at most 100.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn all(scope: &mut Scope, customer: CustomerId) -> Result<Vec<Self>, AppError> {
        let query = Self::of(scope)
            .filter(customer_addresses::customer_id.eq(customer))
            .order((
                customer_addresses::is_active.desc(),
                customer_addresses::is_default.desc(),
                customer_addresses::label,
                customer_addresses::id,
            ))
            .limit(100)
            .select(Self::as_select());
        Ok(scope.load(query)?)
    }

    /// One address of a customer.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn find(scope: &mut Scope, customer: CustomerId, id: AddressId) -> Result<Self, AppError> {
        let query = Self::of(scope)
            .filter(customer_addresses::customer_id.eq(customer))
            .filter(customer_addresses::id.eq(id))
            .select(Self::as_select());
        Ok(scope.one(query)?)
    }
}
