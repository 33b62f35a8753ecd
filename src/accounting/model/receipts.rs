//! Payments as people list them, and what they were set against.

use super::Payment;
use crate::accounting::rules::payment::{Direction, Method, Status};
use crate::error::AppError;
use crate::kernel::dates::parse_day;
use crate::kernel::ids::{AllocationId, EntryId, PaymentId};
use crate::kernel::money::Money;
use crate::ledger::rules::{Cause, EntryKind};
use crate::platform::db::schema::customers;
use crate::platform::db::schema::payments::{self, table as Payments};
use crate::platform::db::{Scope, prepared};
use crate::web::list::{ALL_FOUND, COUNT_CAP, Cursor, Found, ListQuery, Page, Total, keyset};
use chrono::NaiveDate;
use diesel::dsl::sql;
use diesel::expression::SqlLiteral;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Date, Integer, Nullable, Numeric, Text, Uuid as SqlUuid};
use uuid::Uuid;

/// States that a list of payments can be filtered by; what a gateway was only asked for is no payment yet.
pub const STATES: [&str; 3] = ["received", "bounced", "refunded"];

/// Ways to pay that it can be filtered by.
pub const METHODS: [&str; 6] = ["cash", "cheque", "upi", "neft", "gateway", "tds"];

/// A payment with whose it is, and what is left of it.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = payments)]
pub struct PaymentRow {
    /// The payment.
    #[diesel(embed)]
    pub payment: Payment,
    /// The customer's name.
    #[diesel(select_expression = sql::<Text>("(select c.name from customers c where c.tenant_id = payments.tenant_id and c.id = payments.customer_id)"))]
    #[diesel(select_expression_type = SqlLiteral<Text>)]
    pub customer: String,
    /// The customer's code.
    #[diesel(select_expression = sql::<Text>("(select c.code from customers c where c.tenant_id = payments.tenant_id and c.id = payments.customer_id)"))]
    #[diesel(select_expression_type = SqlLiteral<Text>)]
    pub code: String,
    /// What of it no bill was paid with yet.
    #[diesel(select_expression = sql::<Numeric>("coalesce((select i.open from open_items i where i.tenant_id = payments.tenant_id and i.id = payments.id and i.side = 'credit'), 0)"))]
    #[diesel(select_expression_type = SqlLiteral<Numeric>)]
    pub open: Money,
    /// For a refund: the number of the payment that it gives back.
    #[diesel(select_expression = sql::<Nullable<Text>>("(select o.number from payments o where o.tenant_id = payments.tenant_id and o.id = payments.refund_of)"))]
    #[diesel(select_expression_type = SqlLiteral<Nullable<Text>>)]
    pub gives_back: Option<String>,
}

/// A page of payments.
pub struct PaymentList {
    /// The payments.
    pub page: Page<PaymentRow>,
    /// How many match, as far as they were counted.
    pub count: Total,
    /// What they come to together, refunds taken off: all of a period, else `None` where there are more than were counted, and for a search
    /// that finds more than it shows.
    pub total: Option<Money>,
}

impl PaymentRow {
    fn counted<'q>(scope: &Scope) -> payments::BoxedQuery<'q, Pg> {
        Payments
            .filter(payments::tenant_id.eq(scope.tenant()))
            .filter(payments::number.is_not_null())
            .into_boxed()
    }

    /// What the search finds, of so many as are looked at: by number, or the latest of the days that are asked for. One statement; none
    /// without a search.
    #[expect(
        clippy::disallowed_methods,
        reason = "a set-returning function: behind row security, and beside an `or`, no index would serve, and it looks inside the company by itself"
    )]
    fn found(scope: &mut Scope, query: &ListQuery, most: i32) -> Result<Option<Found>, AppError> {
        let Some(search) = query.search() else {
            return Ok(None);
        };
        let statement = prepared(
            "select ids, cardinality(ids) >= $2 as is_cut from (select array(select search_payments($1, $2, $3, $4)) as ids offset 0) found",
        )
        .bind::<Text, _>(search.to_owned())
        .bind::<Integer, _>(most)
        .bind::<Nullable<Date>, _>(query.get("from").and_then(parse_day))
        .bind::<Nullable<Date>, _>(query.get("to").and_then(parse_day));
        Ok(Some(scope.one(statement)?))
    }

    fn matching<'q>(
        scope: &Scope,
        query: &ListQuery,
        found: Option<&Found>,
    ) -> payments::BoxedQuery<'q, Pg> {
        let mut rows = Self::counted(scope);
        let owned = |all: Vec<&str>| all.into_iter().map(str::to_owned).collect::<Vec<String>>();
        let states = query.all("status", &STATES);
        if !states.is_empty() {
            rows = rows.filter(payments::status.eq_any(owned(states)));
        }
        let methods = query.all("method", &METHODS);
        if !methods.is_empty() {
            rows = rows.filter(payments::method.eq_any(owned(methods)));
        }
        if let [direction] = query.all("direction", &["in", "out"]).as_slice() {
            rows = rows.filter(payments::direction.eq((*direction).to_owned()));
        }
        if let Some(from) = query.get("from").and_then(parse_day) {
            rows = rows.filter(payments::paid_on.ge(from));
        }
        if let Some(to) = query.get("to").and_then(parse_day) {
            rows = rows.filter(payments::paid_on.le(to));
        }
        if query.get("left").is_some() {
            rows = rows.filter(sql::<Bool>("exists (select from open_items i where i.tenant_id = payments.tenant_id and i.id = payments.id and i.side = 'credit' and i.is_open)"));
        }
        if let Some(code) = query.get("customer") {
            let one = customers::table
                .filter(customers::tenant_id.eq(scope.tenant()))
                .filter(customers::code.eq(code.to_uppercase()))
                .select(customers::id);
            rows = rows.filter(payments::customer_id.eq_any(one));
        }
        if let Some(found) = found {
            rows = rows.filter(payments::id.eq_any(found.ids()));
        }
        rows
    }

    /// One page of payments, the latest day first, how many match and what they come to. Two statements; a search is read as far as it is shown, and not counted.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn list(scope: &mut Scope, query: &ListQuery) -> Result<PaymentList, AppError> {
        let cursor: Option<Cursor<(NaiveDate, Uuid)>> = query.cursor();
        let found = Self::found(scope, query, query.candidates())?;
        let rows = Self::matching(scope, query, found.as_ref())
            .select(Self::as_select())
            .limit(query.reads());
        let rows = keyset!(
            rows,
            query.reads_from(cursor.as_ref()),
            true,
            payments::paid_on.assume_not_null(),
            payments::id
        );
        let rows: Vec<Self> = scope.load(rows)?;
        let sum: Money = rows.iter().map(Self::signed).sum();
        let rows = (rows, found.as_ref());
        let (page, searched) = Page::read(rows, query, cursor.as_ref(), |row: &Self| {
            let day = row.payment.paid_on.unwrap_or_default();
            (day, row.payment.id.uuid())
        });
        if let Some(count) = searched {
            let total = (!count.is_more && count.rows > 0).then_some(sum);
            return Ok(PaymentList { page, count, total });
        }
        let signed = sql::<Numeric>(
            "case payments.direction when 'in' then payments.amount else -payments.amount end",
        );
        let mut sums = Self::matching(scope, query, None).select(signed);
        let is_period = query.get("from").and_then(parse_day).is_some();
        // The dashboard's figure of a period leads here, and has to be found here however many there are.
        if !is_period {
            sums = sums.limit(COUNT_CAP + 1);
        }
        let (count, total) = scope.count_and_sum(sums)?;
        Ok(PaymentList {
            page,
            count: Total::from(count),
            total: total.filter(|_| is_period || count <= COUNT_CAP),
        })
    }

    /// Everything that the filter shows, for a file; at most 100,000.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn export(scope: &mut Scope, query: &ListQuery) -> Result<Vec<Self>, AppError> {
        let found = Self::found(scope, query, ALL_FOUND)?;
        let rows = Self::matching(scope, query, found.as_ref())
            .select(Self::as_select())
            .order((payments::paid_on.desc(), payments::id.desc()))
            .limit(100_000);
        Ok(scope.load(rows)?)
    }

    /// One payment by its number.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn by_number(scope: &mut Scope, number: &str) -> Result<Self, AppError> {
        let row = Self::counted(scope)
            .filter(payments::number.eq(number.to_owned()))
            .select(Self::as_select());
        Ok(scope.one(row)?)
    }

    /// What was given back of a payment, and what its gateway was asked to give back, the oldest first; at most 100.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn refunds_of(scope: &mut Scope, payment: PaymentId) -> Result<Vec<Self>, AppError> {
        let rows = Payments
            .filter(payments::tenant_id.eq(scope.tenant()))
            .filter(payments::refund_of.eq(payment))
            .select(Self::as_select())
            .order(payments::id)
            .limit(100);
        Ok(scope.load(rows)?)
    }

    /// What it adds to what came in; below zero for what went back.
    fn signed(&self) -> Money {
        match self.payment.direction {
            Direction::In => self.payment.amount,
            Direction::Out => -self.payment.amount,
        }
    }

    /// Whether it is a cheque that may still come back.
    pub fn may_bounce(&self) -> bool {
        self.payment.method == Method::Cheque
            && self.payment.status == Status::Received
            && self.payment.direction == Direction::In
    }
}

/// What a payment was set against.
#[derive(Clone, Debug, QueryableByName)]
pub struct Allocated {
    /// The allocation.
    #[diesel(sql_type = SqlUuid)]
    pub id: AllocationId,
    /// The debit's entry.
    #[diesel(sql_type = SqlUuid)]
    pub debit: EntryId,
    /// What the debit is.
    #[diesel(sql_type = Text)]
    pub kind: EntryKind,
    /// The document's or payment's number.
    #[diesel(sql_type = Nullable<Text>)]
    pub number: Option<String>,
    /// A document's number as its address has it.
    #[diesel(sql_type = Nullable<Text>)]
    pub url_no: Option<String>,
    /// When the debit had to be paid.
    #[diesel(sql_type = Date)]
    pub due_on: NaiveDate,
    /// So much of it.
    #[diesel(sql_type = Numeric)]
    pub amount: Money,
    /// The day from which that counts.
    #[diesel(sql_type = Date)]
    pub date: NaiveDate,
    /// Why.
    #[diesel(sql_type = Text)]
    pub cause: Cause,
    /// Who did it.
    #[diesel(sql_type = Text)]
    pub who: String,
}

impl Allocated {
    /// What a credit is set against now, what was due first at the head; at most `most`. One statement.
    ///
    /// # Errors
    /// When the database refuses.
    #[expect(
        clippy::disallowed_methods,
        reason = "a join of tables that no key of the query builder ties"
    )]
    pub fn of(scope: &mut Scope, credit: EntryId, most: i64) -> Result<Vec<Self>, AppError> {
        let statement = prepared(
            "select a.id, a.debit_id as debit, e.kind, coalesce(d.number, p.number) as number, d.url_no, i.due_on, a.amount, a.entry_date as date, a.cause, a.user_name as who
               from allocations a
               join open_items i on i.tenant_id = a.tenant_id and i.id = a.debit_id
               join ledger_entries e on e.tenant_id = a.tenant_id and e.id = a.debit_id
               left join documents d on d.tenant_id = e.tenant_id and d.id = e.document_id
               left join payments p on p.tenant_id = e.tenant_id and p.id = e.payment_id
               where a.tenant_id = $1 and a.credit_id = $2 and a.amount > 0
                 and not exists (select from allocations u where u.tenant_id = a.tenant_id and u.undoes_id = a.id)
               order by i.due_on, i.entry_date, i.id, a.id limit $3",
        )
        .bind::<SqlUuid, _>(scope.tenant())
        .bind::<SqlUuid, _>(credit)
        .bind::<BigInt, _>(most);
        Ok(scope.load(statement)?)
    }
}
