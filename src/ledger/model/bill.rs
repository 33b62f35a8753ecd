//! What a customer has to pay, and its money that nothing was paid with yet.

use super::Parts;
use crate::error::AppError;
use crate::kernel::ids::{CustomerId, EntryId};
use crate::kernel::money::Money;
use crate::ledger::rules::{EntryKind, Instalment};
use crate::platform::db::{Scope, prepared};
use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Date, Nullable, Numeric, Text, Uuid as SqlUuid};

/// Something that a customer has to pay.
#[derive(Clone, Debug, QueryableByName)]
pub struct OpenBill {
    /// The entry; a document's own id.
    #[diesel(sql_type = SqlUuid)]
    pub id: EntryId,
    /// What it is.
    #[diesel(sql_type = Text)]
    pub kind: EntryKind,
    /// The document's or payment's number.
    #[diesel(sql_type = Nullable<Text>)]
    pub number: Option<String>,
    /// A document's number as its address has it.
    #[diesel(sql_type = Nullable<Text>)]
    pub url_no: Option<String>,
    /// Its date.
    #[diesel(sql_type = Date)]
    pub date: NaiveDate,
    /// When it has to be paid.
    #[diesel(sql_type = Date)]
    pub due_on: NaiveDate,
    /// What it came to.
    #[diesel(sql_type = Numeric)]
    pub total: Money,
    /// What of that is to be paid.
    #[diesel(sql_type = Numeric)]
    pub open: Money,
    #[diesel(embed)]
    parts: Parts,
}

/// Money of a customer that something can still be paid with.
#[derive(Clone, Debug)]
pub struct Credit {
    /// The entry; a payment's or note's own id.
    pub id: EntryId,
    /// What it is.
    pub kind: EntryKind,
    /// The payment's or note's number.
    pub number: Option<String>,
    /// A note's number as its address has it.
    pub url_no: Option<String>,
    /// The day on which it came.
    pub date: NaiveDate,
    /// What is left of it.
    pub open: Money,
}

/// Some open items with what they are, and with their instalments. The tenant is the first value.
macro_rules! with_parts {
    ($bills:literal, $more:literal, $order:literal) => {
        concat!(
            "with i as (", $bills, "), n as (
                 select o.document_id, array_agg(o.due_on order by o.part) as days, array_agg(o.amount order by o.part) as amounts, array_agg(o.open order by o.part) as opens
                   from instalments_open($1, array(select i.id from i)) o group by 1
             ) select i.id, e.kind, coalesce(d.number, p.number) as number, d.url_no, i.entry_date as date, i.due_on, i.amount as total, i.open, n.days, n.amounts, n.opens", $more, "
               from i
               join ledger_entries e on e.tenant_id = i.tenant_id and e.id = i.id
               left join documents d on d.tenant_id = e.tenant_id and d.id = e.document_id
               left join payments p on p.tenant_id = e.tenant_id and p.id = e.payment_id
               left join n on n.document_id = i.id
               ", $order
        )
    };
}

impl OpenBill {
    /// Its instalments, the first at the head; empty where none are agreed.
    pub fn parts(&self) -> Vec<Instalment> {
        self.parts.list()
    }

    /// What a customer has to pay, what was due first at the head; at most `most`. One statement.
    ///
    /// # Errors
    /// When the database refuses.
    #[expect(
        clippy::disallowed_methods,
        reason = "a join of tables that no key of the query builder ties"
    )]
    pub fn of(scope: &mut Scope, customer: CustomerId, most: i64) -> Result<Vec<Self>, AppError> {
        let statement = prepared(with_parts!(
            "select * from open_items i where i.tenant_id = $1 and i.customer_id = $2 and i.side = 'debit' and i.is_open
               order by i.due_on, i.entry_date, i.id limit $3",
            "",
            "order by i.due_on, i.entry_date, i.id"
        ))
        .bind::<SqlUuid, _>(scope.tenant())
        .bind::<SqlUuid, _>(customer)
        .bind::<BigInt, _>(most);
        Ok(scope.load(statement)?)
    }

    /// The same, and the customer's money that something can still be paid with, what came first at the head; at most `most` of each. One
    /// statement.
    ///
    /// # Errors
    /// When the database refuses.
    #[expect(
        clippy::disallowed_methods,
        reason = "a join of tables that no key of the query builder ties"
    )]
    pub fn and_credits(
        scope: &mut Scope,
        customer: CustomerId,
        most: i64,
    ) -> Result<(Vec<Self>, Vec<Credit>), AppError> {
        let statement = prepared(with_parts!(
            "select i.* from (values ('debit'), ('credit')) s (side)
               cross join lateral (select * from open_items i where i.tenant_id = $1 and i.customer_id = $2 and i.side = s.side and i.is_open
                       order by i.due_on, i.entry_date, i.id limit $3) i",
            ", i.side = 'credit' as is_credit",
            "order by i.due_on, i.entry_date, i.id"
        ))
        .bind::<SqlUuid, _>(scope.tenant())
        .bind::<SqlUuid, _>(customer)
        .bind::<BigInt, _>(most);
        let found: Vec<OfASide> = scope.load(statement)?;
        let (credits, bills): (Vec<_>, Vec<_>) =
            found.into_iter().partition(|found| found.is_credit);
        Ok((
            bills.into_iter().map(|found| found.item).collect(),
            credits.into_iter().map(|found| found.item.into()).collect(),
        ))
    }

    /// One of them, whatever is left of it, and whose it is. One statement.
    ///
    /// # Errors
    /// `NotFound`, for money of the customer too.
    #[expect(
        clippy::disallowed_methods,
        reason = "a join of tables that no key of the query builder ties"
    )]
    pub fn find(scope: &mut Scope, id: EntryId) -> Result<(Self, CustomerId), AppError> {
        let statement = prepared(with_parts!(
            "select * from open_items i where i.tenant_id = $1 and i.id = $2 and i.side = 'debit'",
            ", i.customer_id",
            ""
        ))
        .bind::<SqlUuid, _>(scope.tenant())
        .bind::<SqlUuid, _>(id);
        let found: Found = scope.one(statement)?;
        Ok((found.bill, found.customer_id))
    }
}

#[derive(QueryableByName)]
struct Unused {
    #[diesel(sql_type = Numeric)]
    amount: Money,
}

impl Credit {
    /// What all the money of a customer comes to that something can still be paid with. One statement.
    ///
    /// # Errors
    /// When the database refuses.
    #[expect(
        clippy::disallowed_methods,
        reason = "a sum that is zero where there is nothing"
    )]
    pub fn unused(scope: &mut Scope, customer: CustomerId) -> Result<Money, AppError> {
        let statement = prepared(
            "select coalesce(sum(i.open), 0) as amount from open_items i
               where i.tenant_id = $1 and i.customer_id = $2 and i.side = 'credit' and i.is_open",
        )
        .bind::<SqlUuid, _>(scope.tenant())
        .bind::<SqlUuid, _>(customer);
        let unused: Unused = scope.one(statement)?;
        Ok(unused.amount)
    }
}

#[derive(QueryableByName)]
struct OfASide {
    #[diesel(sql_type = Bool)]
    is_credit: bool,
    #[diesel(embed)]
    item: OpenBill,
}

impl From<OpenBill> for Credit {
    fn from(item: OpenBill) -> Self {
        Self {
            id: item.id,
            kind: item.kind,
            number: item.number,
            url_no: item.url_no,
            date: item.date,
            open: item.open,
        }
    }
}

#[derive(QueryableByName)]
struct Found {
    #[diesel(embed)]
    bill: OpenBill,
    #[diesel(sql_type = SqlUuid)]
    customer_id: CustomerId,
}
