//! Documents as they are listed.

use super::Document;
use crate::accounting::rules::document::{Family, Status};
use crate::error::AppError;
use crate::kernel::dates;
use crate::kernel::ids::{CustomerId, DocumentId, EntryId};
use crate::kernel::money::Money;
use crate::ledger::model::Owed;
use crate::platform::db::schema::{customers, documents};
use crate::platform::db::{Scope, prepared};
use crate::web::bulk;
use crate::web::list::{ALL_FOUND, COUNT_CAP, Cursor, Found, ListQuery, Page, Sort, Total, keyset};
use chrono::NaiveDate;
use diesel::dsl::sql;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Array, Bool, Date, Integer, Nullable, Numeric, Text};
use std::collections::HashMap;
use uuid::Uuid;

/// What a list of bills can be filtered by.
pub const STATES: [&str; 4] = ["open", "overdue", "paid", "cancelled"];

/// The same of credit notes, which nobody pays.
pub const NOTE_STATES: [&str; 3] = ["open", "paid", "cancelled"];

/// Where a page sorted by dates begins.
type Day = (NaiveDate, Uuid);
/// Where a page sorted by amounts begins.
type Amount = (Money, Uuid);

/// A page of documents with what stands beside them.
pub struct DocumentList {
    /// The documents.
    pub page: Page<Document>,
    /// How many match, as far as they were counted.
    pub count: Total,
    /// What they come to together; `None` for none, and where there are more than were counted.
    pub total: Option<Money>,
    /// Code and name of their customers.
    pub customers: HashMap<CustomerId, (String, String)>,
    /// What of each is still open, since when, and in which instalments.
    pub open: HashMap<Uuid, Owed>,
}

impl Document {
    /// How a list of documents can be sorted.
    pub const SORTS: [&'static str; 2] = ["date", "amount"];

    /// How it is sorted unless told otherwise.
    pub const BY_DATE: Sort = Sort {
        by: "date",
        is_descending: true,
    };

    /// What a search of the company's people finds in a family, of so many as are looked at: by number, or the newest of the days that are
    /// asked for. One statement; none without a search, and none for a buyer, who searches by numbers alone.
    #[expect(
        clippy::disallowed_methods,
        reason = "a set-returning function: behind row security no index would serve the comparisons, and it looks inside the company by itself"
    )]
    fn found(
        scope: &mut Scope,
        family: Family,
        query: &ListQuery,
        most: i32,
    ) -> Result<Option<Found>, AppError> {
        let Some(search) = query
            .search()
            .filter(|_| scope.member().customer().is_none())
        else {
            return Ok(None);
        };
        let day = |name: &str| query.get(name).and_then(dates::parse_day);
        let kinds = family.kinds().iter().map(|kind| kind.as_str());
        let statement = prepared(
            "select ids, cardinality(ids) >= $2 as is_cut from (select array(select search_documents($1, $2, $3, $4, $5)) as ids offset 0) found",
        )
        .bind::<Text, _>(search.to_owned())
        .bind::<Integer, _>(most)
        .bind::<Array<Text>, _>(kinds.collect::<Vec<&str>>())
        .bind::<Nullable<Date>, _>(day("from"))
        .bind::<Nullable<Date>, _>(day("to"));
        Ok(Some(scope.one(statement)?))
    }

    fn matching<'q>(
        scope: &Scope,
        family: Family,
        query: &ListQuery,
        found: Option<&Found>,
    ) -> documents::BoxedQuery<'q, Pg> {
        let mut rows = Self::of(scope).filter(documents::kind.eq_any(family.kinds()));
        let today = dates::today(scope.now());
        for state in query.all("status", &STATES).into_iter().take(1) {
            let open = "exists (select from open_items i where i.tenant_id = documents.tenant_id and i.id = documents.id and i.is_open)";
            rows = match state {
                "cancelled" => rows.filter(documents::status.eq(Status::Cancelled)),
                "paid" => rows
                    .filter(documents::status.eq(Status::Issued))
                    .filter(sql::<Bool>("not ").sql(open)),
                // With the first instalment that is open, where some are agreed.
                "overdue" => rows.filter(
                    sql::<Bool>("exists (select from open_items i where i.tenant_id = documents.tenant_id and i.id = documents.id and i.side = 'debit' and i.is_open and i.due_on < ")
                        .bind::<Date, _>(today)
                        .sql(")"),
                ),
                _ => rows.filter(sql::<Bool>(open)),
            };
        }
        let day = |name: &str| query.get(name).and_then(dates::parse_day);
        if let Some(from) = day("from") {
            rows = rows.filter(documents::document_date.ge(from));
        }
        if let Some(to) = day("to") {
            rows = rows.filter(documents::document_date.le(to));
        }
        if let Some(code) = query.get("customer") {
            let one = customers::table
                .filter(customers::tenant_id.eq(scope.tenant()))
                .filter(customers::code.eq(code.to_uppercase()))
                .select(customers::id);
            rows = rows.filter(documents::customer_id.eq_any(one));
        }
        match (found, query.search()) {
            (Some(found), _) => rows = rows.filter(documents::id.eq_any(found.ids())),
            (None, Some(search)) => {
                let number = search.trim().to_uppercase();
                rows = rows.filter(
                    documents::number
                        .eq(number.clone())
                        .or(documents::url_no.eq(number.clone()))
                        .or(documents::po_number.eq(number)),
                );
            }
            (None, None) => {}
        }
        rows
    }

    /// One page of documents, how many match, what they come to, what of them is open. Four statements; a search is read as far as it is
    /// shown, and not counted.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn list(
        scope: &mut Scope,
        family: Family,
        query: &ListQuery,
    ) -> Result<DocumentList, AppError> {
        let sort = query.sort(&Self::SORTS, Self::BY_DATE);
        let found = Self::found(scope, family, query, query.candidates())?;
        let rows = Self::rows(scope, (family, query), sort, found.as_ref())?;
        // What was cancelled counts for nothing, unless it alone is asked for.
        let is_cancelled = query.all("status", &STATES).first() == Some(&"cancelled");
        let counts = |row: &&Self| is_cancelled || row.status != Status::Cancelled;
        let counted = if is_cancelled {
            "documents.total"
        } else {
            "case when documents.status = 'cancelled' then 0 else documents.total end"
        };
        let sum = (!rows.is_empty()).then(|| rows.iter().filter(counts).map(|row| row.total).sum());
        let rows = (rows, found.as_ref());
        let (page, searched) = if sort.by == "amount" {
            let cursor: Option<Cursor<Amount>> = query.cursor();
            Page::read(rows, query, cursor.as_ref(), |row: &Self| {
                (row.total, row.id.uuid())
            })
        } else {
            let cursor: Option<Cursor<Day>> = query.cursor();
            Page::read(rows, query, cursor.as_ref(), |row: &Self| {
                (row.document_date, row.id.uuid())
            })
        };
        let (count, total) = match searched {
            Some(searched) => (searched, sum),
            None => {
                let totals = Self::matching(scope, family, query, None)
                    .select(sql::<Numeric>(counted))
                    .limit(COUNT_CAP + 1);
                let (count, total) = scope.count_and_sum(totals)?;
                (Total::from(count), total)
            }
        };
        Ok(DocumentList {
            customers: Self::customers(scope, &page.rows)?,
            open: Self::open(scope, &page.rows)?,
            total: total.filter(|_| !count.is_more),
            count,
            page,
        })
    }

    /// The rows that a page is made of.
    fn rows(
        scope: &mut Scope,
        (family, query): (Family, &ListQuery),
        sort: Sort,
        found: Option<&Found>,
    ) -> Result<Vec<Self>, AppError> {
        let rows = Self::matching(scope, family, query, found)
            .select(Self::as_select())
            .limit(query.reads());
        let (down, id) = (sort.is_descending, documents::id);
        Ok(if sort.by == "amount" {
            let cursor: Option<Cursor<Amount>> = query.cursor();
            let from = query.reads_from(cursor.as_ref());
            scope.load(keyset!(rows, from, down, documents::total, id))?
        } else {
            let cursor: Option<Cursor<Day>> = query.cursor();
            let from = query.reads_from(cursor.as_ref());
            scope.load(keyset!(rows, from, down, documents::document_date, id))?
        })
    }

    /// Everything that the filter shows, for an export, the latest first; at most 100,000.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn export(
        scope: &mut Scope,
        family: Family,
        query: &ListQuery,
    ) -> Result<Vec<Self>, AppError> {
        let found = Self::found(scope, family, query, ALL_FOUND)?;
        let rows = Self::matching(scope, family, query, found.as_ref())
            .select(Self::as_select())
            .order((documents::document_date.desc(), documents::id.desc()))
            .limit(100_000);
        Ok(scope.load(rows)?)
    }

    /// The ids of all documents that the filter shows, for a print of all of them.
    ///
    /// # Errors
    /// `Refused` when they are too many.
    pub fn ids(
        scope: &mut Scope,
        family: Family,
        query: &ListQuery,
    ) -> Result<Vec<DocumentId>, AppError> {
        let found = Self::found(scope, family, query, ALL_FOUND)?;
        let all = Self::matching(scope, family, query, found.as_ref())
            .select(documents::id)
            .order(documents::id)
            .limit(bulk::MOST as i64 + 1);
        let ids = scope.load(all)?;
        bulk::refuse_too_many(ids.len())?;
        Ok(ids)
    }

    fn customers(
        scope: &mut Scope,
        rows: &[Self],
    ) -> Result<HashMap<CustomerId, (String, String)>, AppError> {
        let mut ids: Vec<CustomerId> = rows.iter().map(|row| row.customer_id).collect();
        ids.sort_unstable();
        ids.dedup();
        let query = customers::table
            .filter(customers::tenant_id.eq(scope.tenant()))
            .filter(customers::id.eq_any(ids))
            .select((customers::id, customers::code, customers::name));
        let found: Vec<(CustomerId, String, String)> = scope.load(query)?;
        Ok(found
            .into_iter()
            .map(|(id, code, name)| (id, (code, name)))
            .collect())
    }

    /// What of some documents is still open. One statement.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn open(scope: &mut Scope, rows: &[Self]) -> Result<HashMap<Uuid, Owed>, AppError> {
        let ids: Vec<EntryId> = rows.iter().map(|row| row.id.uuid().into()).collect();
        let found = Owed::of(scope, &ids)?;
        Ok(found.into_iter().map(|owed| (owed.id(), owed)).collect())
    }
}
