//! Groups of customers: rows and queries.

use crate::error::AppError;
use crate::kernel::ids::GroupId;
use crate::platform::db::Scope;
use crate::platform::db::schema::customer_groups;
use chrono::{DateTime, Utc};
use diesel::dsl::sql;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::BigInt;

/// A group of customers.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = customer_groups)]
pub struct Group {
    pub id: GroupId,
    pub name: String,
    pub updated_at: DateTime<Utc>,
}

impl Group {
    fn of<'q>(scope: &Scope) -> customer_groups::BoxedQuery<'q, Pg> {
        customer_groups::table
            .filter(customer_groups::tenant_id.eq(scope.tenant()))
            .into_boxed()
    }

    /// The company's groups by name; at most 200.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn all(scope: &mut Scope) -> Result<Vec<Self>, AppError> {
        let query = Self::of(scope)
            .order((customer_groups::name, customer_groups::id))
            .limit(200)
            .select(Self::as_select());
        Ok(scope.load(query)?)
    }

    /// The same, each with the number of its customers.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn counted(scope: &mut Scope) -> Result<Vec<(Self, i64)>, AppError> {
        let number = sql::<BigInt>(
            "(select count(*) from customers c where c.tenant_id = customer_groups.tenant_id and c.group_id = customer_groups.id)",
        );
        let query = Self::of(scope)
            .order((customer_groups::name, customer_groups::id))
            .limit(200)
            .select((Self::as_select(), number));
        Ok(scope.load(query)?)
    }

    /// One group.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn find(scope: &mut Scope, id: GroupId) -> Result<Self, AppError> {
        let query = Self::of(scope)
            .filter(customer_groups::id.eq(id))
            .select(Self::as_select());
        Ok(scope.one(query)?)
    }
}
