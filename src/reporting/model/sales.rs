//! Documents of a period with what they add to the sales: bills and debit notes, less credit notes; what was cancelled adds nothing.

use crate::accounting::rules::document::{Kind, Status};
use crate::error::AppError;
use crate::kernel::dates;
use crate::kernel::ids::DocumentId;
use crate::kernel::money::Money;
use crate::platform::db::schema::{customers, documents};
use crate::platform::db::{Scope, prepared};
use crate::web::list::{ALL_FOUND, Cursor, Found, ListQuery, Page, Sort, Total, keyset};
use chrono::{Days, NaiveDate};
use diesel::dsl::sql;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Array, Date, Integer, Nullable, Numeric, Text};
use uuid::Uuid;

/// Kinds that the list can be filtered by.
pub const KINDS: [&str; 5] = [
    "invoice",
    "bill_of_supply",
    "debit_note",
    "credit_note",
    "commercial_note",
];

/// Days of which sales are asked for, both included.
#[derive(Clone, Copy, Debug)]
pub struct SalesPeriod {
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub to: NaiveDate,
}

impl SalesPeriod {
    /// What an address asks for: the last 30 days, unless it says otherwise. Turned round, it is one day.
    pub fn asked(query: &ListQuery, today: NaiveDate) -> Self {
        let day = |name: &str| query.get(name).and_then(dates::parse_day);
        let to = day("to").unwrap_or(today);
        let from = day("from").or_else(|| to.checked_sub_days(Days::new(29)));
        Self {
            from: from.unwrap_or(to).min(to),
            to,
        }
    }
}

/// A document, and what it adds.
#[derive(Clone, Debug, Queryable)]
pub struct Sale {
    /// The document.
    pub id: DocumentId,
    /// What it is.
    pub kind: Kind,
    /// Its number.
    pub number: String,
    /// Its number in addresses.
    pub url_no: String,
    /// Its financial year.
    pub year: String,
    /// Its date.
    pub date: NaiveDate,
    /// The customer's name.
    pub customer: String,
    /// The customer's code.
    pub code: String,
    taxable: Money,
    total: Money,
}

/// The columns of a [`Sale`]; its customer is asked for row by row, so that a page reads no more customers than it shows.
macro_rules! cells {
    () => {
        (
            documents::id,
            documents::kind,
            documents::number,
            documents::url_no,
            documents::year,
            documents::document_date,
            sql::<Text>("(select c.name from customers c where c.tenant_id = documents.tenant_id and c.id = documents.customer_id)"),
            sql::<Text>("(select c.code from customers c where c.tenant_id = documents.tenant_id and c.id = documents.customer_id)"),
            documents::taxable,
            documents::total,
        )
    };
}

/// A page of sales.
pub struct Sales {
    /// The documents.
    pub page: Page<Sale>,
    /// How many match, as far as the pager says it.
    pub count: Total,
    /// How many match, and what all of them come to; `None` for a search that finds more than it shows.
    pub sums: Option<(i64, Money)>,
}

impl Sale {
    /// How the list can be sorted.
    pub const SORTS: [&'static str; 1] = ["date"];

    /// How it is sorted unless told otherwise.
    pub const BY_DATE: Sort = Sort {
        by: "date",
        is_descending: true,
    };

    fn signed(&self, amount: Money) -> Money {
        match self.kind {
            Kind::Invoice | Kind::BillOfSupply | Kind::DebitNote => amount,
            Kind::CreditNote | Kind::CommercialNote => -amount,
        }
    }

    /// What it adds before tax.
    pub fn before_tax(&self) -> Money {
        self.signed(self.taxable)
    }

    /// What it adds with tax; below zero for a credit note.
    pub fn amount(&self) -> Money {
        self.signed(self.total)
    }

    /// The kinds that are asked for; none for all of them.
    fn kinds(query: &ListQuery) -> Option<Vec<String>> {
        let kinds = query.all("kind", &KINDS).into_iter().map(str::to_owned);
        let kinds: Vec<String> = kinds.collect();
        (!kinds.is_empty()).then_some(kinds)
    }

    /// What the search finds in the period, of so many as are looked at. One statement; none without a search.
    #[expect(
        clippy::disallowed_methods,
        reason = "a set-returning function: behind row security no index would serve the comparisons, and it looks inside the company by itself"
    )]
    fn found(
        scope: &mut Scope,
        period: SalesPeriod,
        query: &ListQuery,
        most: i32,
    ) -> Result<Option<Found>, AppError> {
        let Some(search) = query.search() else {
            return Ok(None);
        };
        let statement = prepared(
            "select ids, cardinality(ids) >= $2 as is_cut from (select array(select search_documents($1, $2, $3, $4, $5, $6)) as ids offset 0) found",
        )
        .bind::<Text, _>(search.to_owned())
        .bind::<Integer, _>(most)
        .bind::<Nullable<Array<Text>>, _>(Self::kinds(query))
        .bind::<Date, _>(period.from)
        .bind::<Date, _>(period.to)
        // What was cancelled takes no place of what was sold.
        .bind::<Text, _>(Status::Issued.as_str());
        Ok(Some(scope.one(statement)?))
    }

    fn matching<'q>(
        scope: &Scope,
        period: SalesPeriod,
        query: &ListQuery,
        found: Option<&Found>,
    ) -> documents::BoxedQuery<'q, Pg> {
        let mut rows = documents::table
            .filter(documents::tenant_id.eq(scope.tenant()))
            .filter(documents::status.eq(Status::Issued))
            .filter(documents::document_date.ge(period.from))
            .filter(documents::document_date.le(period.to))
            .into_boxed();
        if let Some(kinds) = Self::kinds(query) {
            rows = rows.filter(documents::kind.eq_any(kinds));
        }
        if let Some(code) = query.get("customer") {
            let one = customers::table
                .filter(customers::tenant_id.eq(scope.tenant()))
                .filter(customers::code.eq(code.to_uppercase()))
                .select(customers::id);
            rows = rows.filter(documents::customer_id.eq_any(one));
        }
        if let Some(found) = found {
            rows = rows.filter(documents::id.eq_any(found.ids()));
        }
        rows
    }

    /// One page of sales, how many match and what all of them come to, however many. Two statements; a search is read as far as it is shown,
    /// and not counted.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn list(
        scope: &mut Scope,
        period: SalesPeriod,
        query: &ListQuery,
    ) -> Result<Sales, AppError> {
        let sort = query.sort(&Self::SORTS, Self::BY_DATE);
        let cursor: Option<Cursor<(NaiveDate, Uuid)>> = query.cursor();
        let found = Self::found(scope, period, query, query.candidates())?;
        let rows = Self::matching(scope, period, query, found.as_ref())
            .select(cells!())
            .limit(query.reads());
        let rows = keyset!(
            rows,
            query.reads_from(cursor.as_ref()),
            sort.is_descending,
            documents::document_date,
            documents::id
        );
        let rows: Vec<Self> = scope.load(rows)?;
        let sum: Money = rows.iter().map(Self::amount).sum();
        let rows = (rows, found.as_ref());
        let (page, searched) = Page::read(rows, query, cursor.as_ref(), |row: &Self| {
            (row.date, row.id.uuid())
        });
        if let Some(count) = searched {
            let sums = (!count.is_more).then_some((count.rows, sum));
            return Ok(Sales { page, count, sums });
        }
        let signed = sql::<Numeric>(
            "case when documents.kind in ('credit_note', 'commercial_note') then -documents.total else documents.total end",
        );
        let sums = Self::matching(scope, period, query, None).select(signed);
        let (count, total) = scope.count_and_sum(sums)?;
        Ok(Sales {
            page,
            count: Total::from(count),
            sums: Some((count, total.unwrap_or_default())),
        })
    }

    /// Everything that the filter shows, for a file, the latest first; at most 100,000.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn export(
        scope: &mut Scope,
        period: SalesPeriod,
        query: &ListQuery,
    ) -> Result<Vec<Self>, AppError> {
        let found = Self::found(scope, period, query, ALL_FOUND)?;
        let rows = Self::matching(scope, period, query, found.as_ref())
            .select(cells!())
            .order((documents::document_date.desc(), documents::id.desc()))
            .limit(100_000);
        Ok(scope.load(rows)?)
    }
}
