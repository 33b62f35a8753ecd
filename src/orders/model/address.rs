//! Where a customer's goods can go.

use crate::error::AppError;
use crate::kernel::country;
use crate::kernel::ids::{AddressId, CustomerId};
use crate::platform::db::Scope;
use crate::platform::db::schema::customer_addresses;
use diesel::pg::Pg;
use diesel::prelude::*;

/// An address of a customer.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = customer_addresses)]
pub struct Address {
    pub id: AddressId,
    pub label: String,
    pub street: String,
    pub city: String,
    pub pincode: String,
    pub state_code: String,
    /// Two letters.
    pub country: String,
}

impl Address {
    fn of<'q>(scope: &Scope) -> customer_addresses::BoxedQuery<'q, Pg> {
        customer_addresses::table
            .filter(customer_addresses::tenant_id.eq(scope.tenant()))
            .into_boxed()
    }

    /// The addresses in use of a customer, its usual one first; at most 50.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn of_customer(scope: &mut Scope, customer: CustomerId) -> Result<Vec<Self>, AppError> {
        let query = Self::of(scope)
            .filter(customer_addresses::customer_id.eq(customer))
            .filter(customer_addresses::is_active)
            .order((
                customer_addresses::is_default.desc(),
                customer_addresses::id,
            ))
            .limit(50)
            .select(Self::as_select());
        Ok(scope.load(query)?)
    }

    /// It in one line.
    pub fn words(&self) -> String {
        if self.country != "IN" {
            let country = country::name(&self.country);
            return format!("{}, {}, {country}", self.street, self.city);
        }
        format!("{}, {} {}", self.street, self.city, self.pincode)
    }
}
