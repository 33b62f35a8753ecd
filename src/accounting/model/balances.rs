//! Customers with what they owe, for the list of their ledgers.

use crate::error::AppError;
use crate::kernel::ids::CustomerId;
use crate::kernel::money::Money;
use crate::platform::db::schema::{customers, open_items};
use crate::platform::db::{Scope, prepared};
use crate::web::list::{COUNT_CAP, Cursor, ListQuery, Page, Sort, keyset};
use chrono::NaiveDate;
use diesel::dsl::sql;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Date, Numeric, Text, Uuid as SqlUuid};
use uuid::Uuid;

/// What the list can be filtered by: who owes something, who is late, whose money is not used up.
pub const STATES: [&str; 3] = ["owes", "late", "left"];

/// What a customer owes.
const BALANCE: &str = "coalesce((select a.balance from customer_accounts a where a.tenant_id = customers.tenant_id and a.id = customers.id), 0)";
/// The beginning of what of that is past its day; the day and a bracket follow.
const OVERDUE: &str = "(select coalesce(sum(i.open), 0) from open_items i where i.tenant_id = customers.tenant_id and i.customer_id = customers.id and i.side = 'debit' and i.is_open and i.due_on < ";
/// What of the customer's money no bill was paid with yet.
const LEFT: &str = "(select coalesce(sum(i.open), 0) from open_items i where i.tenant_id = customers.tenant_id and i.customer_id = customers.id and i.side = 'credit' and i.is_open)";

/// Who owes something at all.
const OWES: &str = "exists (select from customer_accounts a where a.tenant_id = customers.tenant_id and a.id = customers.id and a.balance > 0)";
/// The beginning of who has something past its day; the day and a bracket follow. What is open is never nothing.
const IS_LATE: &str = "exists (select from open_items i where i.tenant_id = customers.tenant_id and i.customer_id = customers.id and i.side = 'debit' and i.is_open and i.due_on < ";
/// Whose money is not used up.
const HAS_LEFT: &str = "exists (select from open_items i where i.tenant_id = customers.tenant_id and i.customer_id = customers.id and i.side = 'credit' and i.is_open)";

/// What everybody owes: from what is kept of each customer, and from the open items that it is asked of; customers are counted to an end.
const OF_ALL: &str = "select (select count(*) from (select from customers c where c.tenant_id = $1 limit $3) c) as count,
    (select coalesce(sum(a.balance), 0) from customer_accounts a where a.tenant_id = $1) as balance,
    (select coalesce(sum(i.open), 0) from open_items i where i.tenant_id = $1 and i.side = 'debit' and i.is_open and i.due_on < $2) as overdue,
    (select coalesce(sum(i.open), 0) from open_items i where i.tenant_id = $1 and i.side = 'credit' and i.is_open) as unused";

/// What some customers owe together.
#[derive(QueryableByName)]
struct Sums {
    #[diesel(sql_type = BigInt)]
    count: i64,
    #[diesel(sql_type = Numeric)]
    balance: Money,
    #[diesel(sql_type = Numeric)]
    overdue: Money,
    #[diesel(sql_type = Numeric)]
    unused: Money,
}

/// A customer with what it owes.
#[derive(Clone, Debug, Queryable)]
pub struct Balance {
    /// The customer.
    pub id: CustomerId,
    /// Code that people say.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Where it is.
    pub city: Option<String>,
    /// What it owes all in all; below zero is its money.
    pub balance: Money,
    /// What of that is past its day.
    pub overdue: Money,
    /// What of its money no bill was paid with yet.
    pub left: Money,
}

/// A page of balances.
pub struct Balances {
    /// The customers.
    pub page: Page<Balance>,
    /// How many match.
    pub count: i64,
    /// What all of them owe.
    pub balance: Money,
    /// What of that is past its day.
    pub overdue: Money,
    /// What of their money is not used up.
    pub left: Money,
}

/// The columns of a [`Balance`].
macro_rules! cells {
    ($today:expr) => {
        (
            customers::id,
            customers::code,
            customers::name,
            customers::city,
            sql::<Numeric>(BALANCE),
            sql::<Numeric>(OVERDUE).bind::<Date, _>($today).sql(")"),
            sql::<Numeric>(LEFT),
        )
    };
}

impl Balance {
    /// How the list can be sorted.
    pub const SORTS: [&'static str; 3] = ["name", "balance", "overdue"];

    /// How it is sorted unless told otherwise.
    pub const BY_NAME: Sort = Sort {
        by: "name",
        is_descending: false,
    };

    fn matching<'q>(
        scope: &Scope,
        query: &ListQuery,
        today: NaiveDate,
    ) -> customers::BoxedQuery<'q, Pg> {
        let mut rows = customers::table
            .filter(customers::tenant_id.eq(scope.tenant()))
            .into_boxed();
        for state in query.all("state", &STATES) {
            rows = match state {
                "owes" => rows.filter(sql::<Bool>(OWES)),
                "late" => rows.filter(sql::<Bool>(IS_LATE).bind::<Date, _>(today).sql(")")),
                _ => rows.filter(sql::<Bool>(HAS_LEFT)),
            };
        }
        if let Some(search) = query.search() {
            // Behind row security no index would serve `ilike`: this function looks inside the company by itself.
            rows = rows.filter(
                sql::<Bool>("customers.id in (select search_customers(")
                    .bind::<Text, _>(search.to_owned())
                    .sql("))"),
            );
        }
        rows
    }

    /// One page of customers, how many match, and what all of them owe, have overdue and have left. Two statements; three with a filter.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn list(
        scope: &mut Scope,
        query: &ListQuery,
        today: NaiveDate,
    ) -> Result<Balances, AppError> {
        let page = Self::page(scope, query, today)?;
        let is_filtered = query.search().is_some() || !query.all("state", &STATES).is_empty();
        let sums = if is_filtered {
            Self::sums(scope, query, today)?
        } else {
            Self::sums_of_all(scope, today)?
        };
        Ok(Balances {
            page,
            count: sums.count,
            balance: sums.balance,
            overdue: sums.overdue,
            left: sums.unused,
        })
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "sums of three tables in one statement"
    )]
    fn sums_of_all(scope: &mut Scope, today: NaiveDate) -> Result<Sums, AppError> {
        let statement = prepared(OF_ALL)
            .bind::<SqlUuid, _>(scope.tenant())
            .bind::<Date, _>(today)
            .bind::<BigInt, _>(COUNT_CAP + 1);
        Ok(scope.one(statement)?)
    }

    fn page(
        scope: &mut Scope,
        query: &ListQuery,
        today: NaiveDate,
    ) -> Result<Page<Self>, AppError> {
        let sort = query.sort(&Self::SORTS, Self::BY_NAME);
        let (size, is_down, id) = (query.size(), sort.is_descending, customers::id);
        let rows = Self::matching(scope, query, today)
            .select(cells!(today))
            .limit(size + 1);
        if sort.by == "name" {
            let cursor: Option<Cursor<(String, Uuid)>> = query.cursor();
            let rows = keyset!(rows, cursor.as_ref(), is_down, customers::name, id);
            let found = scope.load(rows)?;
            return Ok(Page::new(found, size, cursor.as_ref(), |row: &Self| {
                (row.name.clone(), row.id.uuid())
            }));
        }
        let cursor: Option<Cursor<(Money, Uuid)>> = query.cursor();
        let mark = cursor.as_ref();
        let is_by_balance = sort.by == "balance";
        let found: Vec<Self> = if is_by_balance {
            let rows = keyset!(rows, mark, is_down, sql::<Numeric>(BALANCE), id);
            scope.load(rows)?
        } else {
            let overdue = || sql::<Numeric>(OVERDUE).bind::<Date, _>(today).sql(")");
            let rows = keyset!(rows, mark, is_down, overdue(), id);
            scope.load(rows)?
        };
        Ok(Page::new(found, size, mark, |row: &Self| {
            let by = if is_by_balance {
                row.balance
            } else {
                row.overdue
            };
            (by, row.id.uuid())
        }))
    }

    /// What the matching customers owe, what of that is past its day, and what of their money is not used up.
    fn sums(scope: &mut Scope, query: &ListQuery, today: NaiveDate) -> Result<Sums, AppError> {
        let balances = Self::matching(scope, query, today).select(sql::<Numeric>(BALANCE));
        let (count, balance) = scope.count_and_sum(balances)?;
        let ids = Self::matching(scope, query, today).select(customers::id);
        let open = open_items::table
            .filter(open_items::tenant_id.eq(scope.tenant()))
            .filter(open_items::is_open)
            .filter(open_items::customer_id.eq_any(ids))
            .select((
                sql::<Numeric>(
                    "coalesce(sum(open_items.open) filter (where open_items.side = 'debit' and open_items.due_on < ",
                )
                .bind::<Date, _>(today)
                .sql("), 0)"),
                sql::<Numeric>(
                    "coalesce(sum(open_items.open) filter (where open_items.side = 'credit'), 0)",
                ),
            ));
        let (overdue, unused) = scope.one(open)?;
        Ok(Sums {
            count: count.min(COUNT_CAP + 1),
            balance: balance.unwrap_or_default(),
            overdue,
            unused,
        })
    }

    /// Everything that the filter shows, for a file, by name; at most 100,000.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn export(
        scope: &mut Scope,
        query: &ListQuery,
        today: NaiveDate,
    ) -> Result<Vec<Self>, AppError> {
        let rows = Self::matching(scope, query, today)
            .select(cells!(today))
            .order((customers::name, customers::id))
            .limit(100_000);
        Ok(scope.load(rows)?)
    }
}
