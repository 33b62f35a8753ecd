//! Orders that wait for credit, and what has to be paid to free each.

use crate::error::AppError;
use crate::kernel::ids::OrderId;
use crate::kernel::money::Money;
use crate::orders::rules::credit_hold;
use crate::platform::db::{Scope, prepared};
use crate::web::list::{Cursor, ListQuery, Page};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Numeric, Text, Timestamptz, Uuid as SqlUuid};
use uuid::Uuid;

/// An order that waits for credit.
#[derive(Clone, Debug, QueryableByName)]
pub struct Held {
    /// The order.
    #[diesel(sql_type = SqlUuid)]
    pub id: OrderId,
    /// Its number.
    #[diesel(sql_type = Text)]
    pub number: String,
    /// When it was placed.
    #[diesel(sql_type = Timestamptz)]
    pub placed_at: DateTime<Utc>,
    /// What it comes to.
    #[diesel(sql_type = Numeric)]
    pub total: Money,
    /// The customer's code.
    #[diesel(sql_type = Text)]
    pub code: String,
    /// The customer's name.
    #[diesel(sql_type = Text)]
    pub customer: String,
    /// What the customer may owe.
    #[diesel(sql_type = Nullable<Numeric>)]
    pub limit: Option<Money>,
    /// What counts against that: bills and open orders, this one among them.
    #[diesel(sql_type = Numeric)]
    pub exposure: Money,
    /// What has to be paid before it goes on; those of its customer that were placed before go on with it.
    #[diesel(sql_type = Numeric)]
    pub over: Money,
}

/// A page of them.
pub struct HeldList {
    /// The orders.
    pub page: Page<Held>,
    /// How many wait.
    pub count: i64,
    /// What they come to.
    pub total: Money,
    /// What has to be paid to free all of them.
    pub over: Money,
}

#[derive(QueryableByName)]
struct Sums {
    #[diesel(sql_type = BigInt)]
    count: i64,
    #[diesel(sql_type = Numeric)]
    total: Money,
    #[diesel(sql_type = Numeric)]
    over: Money,
}

/// As `over_each` of the orders' rules decides it: the oldest order of a customer comes first, the later ones count on top of it.
macro_rules! held {
    ($rest:literal) => {
        concat!(
            "with h as (
                 select o.id, o.number, o.placed_at, o.total, o.customer_id, c.code, c.name as customer, c.credit_limit as \"limit\",
                        coalesce(a.balance + a.open_amount + a.unbilled, 0) as exposure,
                        greatest(coalesce(coalesce(a.balance + a.open_amount + a.unbilled, 0) - c.credit_limit
                            - sum(o.open_amount) over (partition by o.customer_id)
                            + sum(o.open_amount) over (partition by o.customer_id order by o.placed_at, o.id), 0), 0) as over
                     from orders o join customers c on c.tenant_id = o.tenant_id and c.id = o.customer_id
                     left join customer_accounts a on a.tenant_id = o.tenant_id and a.id = o.customer_id
                     where o.tenant_id = $1 and o.is_held and o.status = 'to_approve' and o.hold_reason ->> 'key' = $2
             ), f as (
                 -- All that wait are looked at, the oldest too, and not the newest orders of whom the words find.
                 select * from h where $3 = '' or h.id in (select search_orders($3, 0))
                     or h.customer_id in (select search_customers($3, null, array(select distinct h.customer_id from h)))
             ) ",
            $rest
        )
    };
}

const FIRST: &str = held!("select * from f order by f.placed_at, f.id limit $4");
const AFTER: &str = held!(
    "select * from f where (f.placed_at, f.id) > ($5, $6) order by f.placed_at, f.id limit $4"
);
const BEFORE: &str = held!(
    "select * from f where (f.placed_at, f.id) < ($5, $6) order by f.placed_at desc, f.id desc limit $4"
);
// What frees the last order of a customer frees those before it.
const SUMS: &str = held!(
    "select coalesce(sum(g.number), 0)::bigint as count, coalesce(sum(g.total), 0) as total, coalesce(sum(g.over), 0) as over
         from (select count(*) as number, sum(f.total) as total, max(f.over) as over from f group by f.customer_id) g"
);

impl Held {
    /// One page of them, who has waited longest at the head, and what all come to. Two statements.
    ///
    /// # Errors
    /// When the database refuses.
    #[expect(
        clippy::disallowed_methods,
        reason = "sums over the orders before, which the query builder can't say"
    )]
    pub fn list(scope: &mut Scope, query: &ListQuery, size: i64) -> Result<HeldList, AppError> {
        let cursor: Option<Cursor<(DateTime<Utc>, Uuid)>> = query.cursor();
        let reason = credit_hold(Money::ZERO, Money::ZERO);
        let words = query.search().unwrap_or_default().to_owned();
        let text = match &cursor {
            None => FIRST,
            Some(Cursor::After(_)) => AFTER,
            Some(Cursor::Before(_)) => BEFORE,
        };
        let mut rows = prepared(text)
            .bind::<SqlUuid, _>(scope.tenant())
            .bind::<Text, _>(reason.key().to_owned())
            .bind::<Text, _>(words.clone())
            .bind::<BigInt, _>(size + 1);
        if let Some(Cursor::After((at, id)) | Cursor::Before((at, id))) = &cursor {
            rows = rows.bind::<Timestamptz, _>(*at).bind::<SqlUuid, _>(*id);
        }
        let found = scope.load(rows)?;
        let page = Page::new(found, size, cursor.as_ref(), |row: &Self| {
            (row.placed_at, row.id.uuid())
        });
        let sums = prepared(SUMS)
            .bind::<SqlUuid, _>(scope.tenant())
            .bind::<Text, _>(reason.key().to_owned())
            .bind::<Text, _>(words);
        let Sums { count, total, over } = scope.one(sums)?;
        Ok(HeldList {
            page,
            count,
            total,
            over,
        })
    }
}
