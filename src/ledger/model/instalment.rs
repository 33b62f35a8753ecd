//! Instalments of bills: what is open of them, and the agreements themselves.

use crate::error::AppError;
use crate::kernel::ids::{DocumentId, EntryId, InstalmentPlanId};
use crate::kernel::money::Money;
use crate::ledger::rules::Instalment;
use crate::platform::db::schema::instalment_plans;
use crate::platform::db::{Scope, prepared};
use chrono::{DateTime, NaiveDate, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Array, Date, Nullable, Numeric, Text, Timestamptz, Uuid as SqlUuid};
use uuid::Uuid;

/// Instalments as columns of another row's query: null where there are none.
#[derive(Clone, Debug, Default, QueryableByName)]
pub struct Parts {
    #[diesel(sql_type = Nullable<Array<Date>>)]
    days: Option<Vec<NaiveDate>>,
    #[diesel(sql_type = Nullable<Array<Numeric>>)]
    amounts: Option<Vec<Money>>,
    #[diesel(sql_type = Nullable<Array<Numeric>>)]
    opens: Option<Vec<Money>>,
}

impl Parts {
    /// The instalments, the first at the head.
    pub fn list(&self) -> Vec<Instalment> {
        let days = self.days.iter().flatten();
        let amounts = self.amounts.iter().flatten();
        let rows = days.zip(amounts).zip(self.opens.iter().flatten());
        rows.map(|((due_on, amount), open)| Instalment {
            due_on: *due_on,
            amount: *amount,
            open: *open,
        })
        .collect()
    }
}

/// What of an entry is open, since when, and in which parts.
#[derive(Clone, Debug, QueryableByName)]
pub struct Owed {
    #[diesel(sql_type = SqlUuid)]
    id: EntryId,
    /// What of it nothing was set against yet.
    #[diesel(sql_type = Numeric)]
    pub open: Money,
    /// When it is due: with the first instalment that is open, where there are some.
    #[diesel(sql_type = Date)]
    pub due_on: NaiveDate,
    #[diesel(embed)]
    parts: Parts,
}

impl Owed {
    /// The entry.
    pub fn id(&self) -> Uuid {
        self.id.uuid()
    }

    /// Its instalments, the first at the head; empty where none are agreed.
    pub fn parts(&self) -> Vec<Instalment> {
        self.parts.list()
    }

    /// Whether instalments are agreed.
    pub fn has_parts(&self) -> bool {
        self.parts.days.is_some()
    }

    /// What of some entries is open. One statement.
    ///
    /// # Errors
    /// When the database refuses.
    #[expect(
        clippy::disallowed_methods,
        reason = "a join with a set-returning function"
    )]
    pub fn of(scope: &mut Scope, ids: &[EntryId]) -> Result<Vec<Self>, AppError> {
        let statement = prepared(
            "select i.id, i.open, i.due_on, n.days, n.amounts, n.opens from open_items i
               left join (select o.document_id, array_agg(o.due_on order by o.part) as days, array_agg(o.amount order by o.part) as amounts,
                                 array_agg(o.open order by o.part) as opens from instalments_open($1, $2) o group by 1) n on n.document_id = i.id
               where i.tenant_id = $1 and i.id = any($2)",
        )
        .bind::<SqlUuid, _>(scope.tenant())
        .bind::<Array<SqlUuid>, _>(ids.to_vec());
        Ok(scope.load(statement)?)
    }
}

/// An agreement on instalments of a bill, as it was made.
#[derive(Clone, Debug, QueryableByName)]
pub struct Plan {
    /// The agreement.
    #[diesel(sql_type = SqlUuid)]
    pub id: InstalmentPlanId,
    /// What was open of the bill.
    #[diesel(sql_type = Numeric)]
    pub amount: Money,
    /// Why, where somebody said it.
    #[diesel(sql_type = Nullable<Text>)]
    pub reason: Option<String>,
    /// Who made it.
    #[diesel(sql_type = Text)]
    pub made_by_name: String,
    /// When.
    #[diesel(sql_type = Timestamptz)]
    pub created_at: DateTime<Utc>,
    /// When it was replaced or ended; none while it stands.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub ended_at: Option<DateTime<Utc>>,
    /// Who did that.
    #[diesel(sql_type = Text)]
    pub ended_by_name: String,
    #[diesel(sql_type = Array<Date>)]
    days: Vec<NaiveDate>,
    #[diesel(sql_type = Array<Numeric>)]
    amounts: Vec<Money>,
}

impl Plan {
    fn of<'q>(scope: &Scope) -> instalment_plans::BoxedQuery<'q, Pg> {
        instalment_plans::table
            .filter(instalment_plans::tenant_id.eq(scope.tenant()))
            .into_boxed()
    }

    /// Its parts as they were agreed: day and amount.
    pub fn parts(&self) -> impl Iterator<Item = (NaiveDate, Money)> {
        let days = self.days.iter().copied();
        days.zip(self.amounts.iter().copied())
    }

    /// The agreement that stands, if there is one.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn standing(
        scope: &mut Scope,
        bill: EntryId,
    ) -> Result<Option<InstalmentPlanId>, AppError> {
        let row = Self::of(scope)
            .filter(instalment_plans::document_id.eq(bill.uuid()))
            .filter(instalment_plans::ended_at.is_null())
            .select(instalment_plans::id);
        let standing: Vec<InstalmentPlanId> = scope.load(row)?;
        Ok(standing.into_iter().next())
    }

    /// All agreements on a bill, the one that stands or the newest at the head; at most 50. One statement.
    ///
    /// # Errors
    /// When the database refuses.
    #[expect(
        clippy::disallowed_methods,
        reason = "rows with what belongs to each, so that the page asks once"
    )]
    pub fn of_bill(scope: &mut Scope, bill: DocumentId) -> Result<Vec<Self>, AppError> {
        let statement = prepared(
            "select p.id, p.amount, p.reason, p.made_by_name, p.created_at, p.ended_at, p.ended_by_name,
                    array_agg(n.due_on order by n.position) as days, array_agg(n.amount order by n.position) as amounts
               from (select * from instalment_plans p where p.tenant_id = $1 and p.document_id = $2 order by p.created_at desc, p.id desc limit 50) p
               join instalments n on n.tenant_id = $1 and n.plan_id = p.id
               group by p.id, p.amount, p.reason, p.made_by_name, p.created_at, p.ended_at, p.ended_by_name
               order by p.ended_at is not null, p.created_at desc, p.id desc",
        )
        .bind::<SqlUuid, _>(scope.tenant())
        .bind::<SqlUuid, _>(bill);
        Ok(scope.load(statement)?)
    }
}
