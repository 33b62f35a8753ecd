//! Tax that customers deducted from what they paid: rows and queries.

use crate::error::AppError;
use crate::kernel::dates::parse_day;
use crate::kernel::ids::{CustomerId, DocumentId, EntryId, PaymentId};
use crate::kernel::money::Money;
use crate::kernel::percent::Percent;
use crate::platform::db::schema::{customers, documents, payments, tax_deductions};
use crate::platform::db::{Scope, prepared};
use crate::tax::withholding::rules::Tax;
use crate::web::list::{ALL_FOUND, COUNT_CAP, Cursor, Found, ListQuery, Page, Total, keyset};
use chrono::{DateTime, NaiveDate, Utc};
use diesel::dsl::sql;
use diesel::expression::SqlLiteral;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Integer, Nullable, Numeric, Text, Uuid as SqlUuid};
use std::collections::HashMap;
use uuid::Uuid;

/// What a list of deductions can be filtered by: whether the customer's certificate is here.
pub const CERTIFICATES: [&str; 2] = ["outstanding", "here"];

/// Tax that a customer deducted.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = tax_deductions)]
pub struct Deduction {
    /// The payment by which it settles bills.
    pub id: PaymentId,
    /// The customer.
    pub customer_id: CustomerId,
    /// The money that came with it.
    pub received_with: Option<PaymentId>,
    /// To which tax it is credited.
    pub tax: Tax,
    /// The section, as it was named on the day.
    pub section: String,
    /// As the rule of the day had it.
    pub rate: Percent,
    /// The value without GST of what was paid with it.
    pub taxable: Money,
    /// How much.
    pub amount: Money,
    /// The day on which it counts.
    pub deducted_on: NaiveDate,
    /// Number of the certificate, once it is here.
    pub certificate: Option<String>,
    /// The certificate's date.
    pub certificate_on: Option<NaiveDate>,
    /// Last change; guards against lost edits.
    pub updated_at: DateTime<Utc>,
}

impl Deduction {
    /// One of them, locked until the transaction ends.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn lock(scope: &mut Scope, id: PaymentId) -> Result<Self, AppError> {
        let row = tax_deductions::table
            .filter(
                tax_deductions::tenant_id
                    .eq(scope.tenant())
                    .and(tax_deductions::id.eq(id)),
            )
            .for_update()
            .select(Self::as_select());
        Ok(scope.one(row)?)
    }
}

/// A deduction with whose it is, and what of it was taken back.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = tax_deductions)]
pub struct DeductionRow {
    /// The deduction.
    #[diesel(embed)]
    pub deduction: Deduction,
    /// Number of its payment.
    #[diesel(select_expression = sql::<Text>("(select p.number from payments p where p.tenant_id = tax_deductions.tenant_id and p.id = tax_deductions.id)"))]
    #[diesel(select_expression_type = SqlLiteral<Text>)]
    pub number: String,
    /// Number of the money that came with it.
    #[diesel(select_expression = sql::<Nullable<Text>>("(select p.number from payments p where p.tenant_id = tax_deductions.tenant_id and p.id = tax_deductions.received_with)"))]
    #[diesel(select_expression_type = SqlLiteral<Nullable<Text>>)]
    pub money: Option<String>,
    /// The customer's name.
    #[diesel(select_expression = sql::<Text>("(select c.name from customers c where c.tenant_id = tax_deductions.tenant_id and c.id = tax_deductions.customer_id)"))]
    #[diesel(select_expression_type = SqlLiteral<Text>)]
    pub customer: String,
    /// The customer's code.
    #[diesel(select_expression = sql::<Text>("(select c.code from customers c where c.tenant_id = tax_deductions.tenant_id and c.id = tax_deductions.customer_id)"))]
    #[diesel(select_expression_type = SqlLiteral<Text>)]
    pub code: String,
    /// What of it was taken back: recorded, and not deducted after all.
    #[diesel(select_expression = sql::<Numeric>("coalesce((select sum(r.amount) from payments r where r.tenant_id = tax_deductions.tenant_id and r.refund_of = tax_deductions.id and r.number is not null), 0)"))]
    #[diesel(select_expression_type = SqlLiteral<Numeric>)]
    pub taken_back: Money,
}

/// A page of deductions.
pub struct DeductionList {
    /// The deductions.
    pub page: Page<DeductionRow>,
    /// How many match, as far as they were counted.
    pub count: Total,
    /// What they come to together; `None` where not all were looked at.
    pub total: Option<Money>,
}

impl DeductionRow {
    fn of<'q>(scope: &Scope) -> tax_deductions::BoxedQuery<'q, Pg> {
        tax_deductions::table
            .filter(tax_deductions::tenant_id.eq(scope.tenant()))
            .into_boxed()
    }

    /// What counts of it.
    pub fn stands(&self) -> Money {
        self.deduction.amount - self.taken_back
    }

    /// The deduction of a payment's number.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn by_number(scope: &mut Scope, number: &str) -> Result<Self, AppError> {
        let its = payments::table
            .filter(payments::tenant_id.eq(scope.tenant()))
            .filter(payments::number.eq(number.to_owned()))
            .select(payments::id);
        let row = Self::of(scope)
            .filter(tax_deductions::id.eq_any(its))
            .select(Self::as_select());
        Ok(scope.one(row)?)
    }

    /// The deduction that a payment is, or that came with it.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn of_payment(scope: &mut Scope, id: PaymentId) -> Result<Option<Self>, AppError> {
        let row = Self::of(scope)
            .filter(
                tax_deductions::id
                    .eq(id)
                    .or(tax_deductions::received_with.eq(id)),
            )
            .limit(1)
            .select(Self::as_select());
        Ok(scope.maybe(row)?)
    }

    /// What the search finds: by number, section or customer as payments are found, and by the certificate. None without a search.
    #[expect(
        clippy::disallowed_methods,
        reason = "a set-returning function beside a table, which the query builder can't say"
    )]
    fn found(scope: &mut Scope, query: &ListQuery, most: i32) -> Result<Option<Found>, AppError> {
        let Some(search) = query.search() else {
            return Ok(None);
        };
        let statement = prepared(
            "select ids, cardinality(ids) >= $2 as is_cut from (select array(
                 select d.id from tax_deductions d where d.tenant_id = $3 and upper(d.certificate) = upper(trim($1))
                 union
                 select search_payments($1, $2)) as ids offset 0) found",
        )
        .bind::<Text, _>(search.to_owned())
        .bind::<Integer, _>(most)
        .bind::<SqlUuid, _>(scope.tenant());
        Ok(Some(scope.one(statement)?))
    }

    fn matching<'q>(
        scope: &Scope,
        query: &ListQuery,
        found: Option<&Found>,
    ) -> tax_deductions::BoxedQuery<'q, Pg> {
        let mut rows = Self::of(scope);
        match query.all("certificate", &CERTIFICATES).as_slice() {
            ["outstanding"] => {
                let stands = "tax_deductions.amount > coalesce((select sum(r.amount) from payments r where r.tenant_id = tax_deductions.tenant_id and r.refund_of = tax_deductions.id and r.number is not null), 0)";
                rows = rows
                    .filter(tax_deductions::certificate.is_null())
                    .filter(sql::<Bool>(stands));
            }
            ["here"] => rows = rows.filter(tax_deductions::certificate.is_not_null()),
            _ => {}
        }
        if let [tax] = query.all("tax", Tax::CODES).as_slice() {
            rows = rows.filter(tax_deductions::tax.eq((*tax).to_owned()));
        }
        if let Some(from) = query.get("from").and_then(parse_day) {
            rows = rows.filter(tax_deductions::deducted_on.ge(from));
        }
        if let Some(to) = query.get("to").and_then(parse_day) {
            rows = rows.filter(tax_deductions::deducted_on.le(to));
        }
        if let Some(code) = query.get("customer") {
            let one = customers::table
                .filter(customers::tenant_id.eq(scope.tenant()))
                .filter(customers::code.eq(code.to_uppercase()))
                .select(customers::id);
            rows = rows.filter(tax_deductions::customer_id.eq_any(one));
        }
        if let Some(found) = found {
            rows = rows.filter(tax_deductions::id.eq_any(found.ids()));
        }
        rows
    }

    /// One page of deductions, the latest day first, how many match and what they come to. Two statements; a search is read as far as it is
    /// shown, and not counted.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn list(scope: &mut Scope, query: &ListQuery) -> Result<DeductionList, AppError> {
        let cursor: Option<Cursor<(NaiveDate, Uuid)>> = query.cursor();
        // Of what the search finds most are payments without a deduction.
        let found = Self::found(scope, query, ListQuery::LOOKED_AT)?;
        let rows = Self::matching(scope, query, found.as_ref())
            .select(Self::as_select())
            .limit(query.reads());
        let rows = keyset!(
            rows,
            query.reads_from(cursor.as_ref()),
            true,
            tax_deductions::deducted_on,
            tax_deductions::id
        );
        let rows: Vec<Self> = scope.load(rows)?;
        let sum: Money = rows.iter().map(Self::stands).sum();
        let rows = (rows, found.as_ref());
        let (page, searched) = Page::read(rows, query, cursor.as_ref(), |row: &Self| {
            (row.deduction.deducted_on, row.deduction.id.uuid())
        });
        if let Some(count) = searched {
            let total = (!count.is_more && count.rows > 0).then_some(sum);
            return Ok(DeductionList { page, count, total });
        }
        let stands = sql::<Numeric>(
            "tax_deductions.amount - coalesce((select sum(r.amount) from payments r where r.tenant_id = tax_deductions.tenant_id and r.refund_of = tax_deductions.id and r.number is not null), 0)",
        );
        let sums = Self::matching(scope, query, None)
            .select(stands)
            .limit(COUNT_CAP + 1);
        let (count, total) = scope.count_and_sum(sums)?;
        Ok(DeductionList {
            page,
            count: Total::from(count),
            total: total.filter(|_| count <= COUNT_CAP),
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
            .order((
                tax_deductions::deducted_on.desc(),
                tax_deductions::id.desc(),
            ))
            .limit(100_000);
        Ok(scope.load(rows)?)
    }
}

/// What documents come to with GST and without, by the entries that they made; of what no document made, nothing. One statement.
///
/// # Errors
/// When the database refuses.
pub fn values_of(
    scope: &mut Scope,
    entries: &[EntryId],
) -> Result<HashMap<EntryId, (Money, Money)>, AppError> {
    let ids: Vec<DocumentId> = entries.iter().map(|id| id.uuid().into()).collect();
    let rows = documents::table
        .filter(documents::tenant_id.eq(scope.tenant()))
        .filter(documents::id.eq_any(ids))
        .select((documents::id, documents::total, documents::taxable));
    let rows: Vec<(DocumentId, Money, Money)> = scope.load(rows)?;
    Ok(rows
        .into_iter()
        .map(|(id, total, taxable)| (id.uuid().into(), (total, taxable)))
        .collect())
}
