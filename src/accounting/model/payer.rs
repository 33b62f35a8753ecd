//! Customers that a payment may come from.

use crate::error::AppError;
use crate::kernel::money::Money;
use crate::platform::db::{Scope, prepared};
use diesel::prelude::*;
use diesel::sql_types::{Nullable, Numeric, Text, Uuid as SqlUuid};

/// A customer with what it owes.
#[derive(Clone, Debug, QueryableByName)]
pub struct Payer {
    /// Code that people say.
    #[diesel(sql_type = Text)]
    pub code: String,
    /// Its name.
    #[diesel(sql_type = Text)]
    pub name: String,
    /// Where it is.
    #[diesel(sql_type = Nullable<Text>)]
    pub city: Option<String>,
    /// What it owes.
    #[diesel(sql_type = Numeric)]
    pub balance: Money,
}

impl Payer {
    /// The customers whom some words find, who owes most first; at most 20. One statement.
    ///
    /// # Errors
    /// When the database refuses.
    #[expect(
        clippy::disallowed_methods,
        reason = "a join of tables that no key of the query builder ties"
    )]
    pub fn find(scope: &mut Scope, words: &str) -> Result<Vec<Self>, AppError> {
        let statement = prepared(
            "select c.code, c.name, c.city, coalesce(a.balance, 0) as balance from customers c
               left join customer_accounts a on a.tenant_id = c.tenant_id and a.id = c.id
               where c.tenant_id = $1 and c.id in (select search_customers($2)) order by balance desc, c.code limit 20",
        )
        .bind::<SqlUuid, _>(scope.tenant())
        .bind::<Text, _>(words.to_owned());
        Ok(scope.load(statement)?)
    }
}
