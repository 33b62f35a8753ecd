//! Documents as they are listed.

use super::Document;
use crate::accounting::rules::document::{Family, Status};
use crate::error::AppError;
use crate::kernel::dates;
use crate::kernel::ids::{CustomerId, DocumentId};
use crate::kernel::money::Money;
use crate::platform::db::Scope;
use crate::platform::db::schema::{customers, documents, open_items};
use crate::web::bulk;
use crate::web::list::{ALL_FOUND, COUNT_CAP, Cursor, ListQuery, Page, Sort, keyset};
use chrono::NaiveDate;
use diesel::dsl::sql;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Integer, Text};
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
    /// How many match, up to the cap and one.
    pub count: i64,
    /// What they come to together; up to the cap.
    pub total: Money,
    /// Code and name of their customers.
    pub customers: HashMap<CustomerId, (String, String)>,
    /// What of each is still open.
    pub open: HashMap<Uuid, Money>,
}

impl Document {
    /// How a list of documents can be sorted.
    pub const SORTS: [&'static str; 2] = ["date", "amount"];

    /// How it is sorted unless told otherwise.
    pub const BY_DATE: Sort = Sort {
        by: "date",
        is_descending: true,
    };

    fn matching<'q>(
        scope: &Scope,
        family: Family,
        query: &ListQuery,
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
                "overdue" => rows
                    .filter(sql::<Bool>(open))
                    .filter(documents::due_on.lt(today)),
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
        match (query.search(), scope.member().customer()) {
            // Behind row security no index would serve the comparisons: this function looks inside the company by itself.
            (Some(search), None) => {
                rows = rows.filter(
                    sql::<Bool>("documents.id in (select search_documents(")
                        .bind::<Text, _>(search.to_owned())
                        .sql(", ")
                        .bind::<Integer, _>(ALL_FOUND)
                        .sql("))"),
                );
            }
            (Some(search), Some(_)) => {
                let number = search.trim().to_uppercase();
                rows = rows.filter(
                    documents::number
                        .eq(number.clone())
                        .or(documents::url_no.eq(number.clone()))
                        .or(documents::po_number.eq(number)),
                );
            }
            (None, _) => {}
        }
        rows
    }

    /// One page of documents, how many match, what they come to, what of them is open. Four statements.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn list(
        scope: &mut Scope,
        family: Family,
        query: &ListQuery,
    ) -> Result<DocumentList, AppError> {
        let sort = query.sort(&Self::SORTS, Self::BY_DATE);
        let page = if sort.by == "amount" {
            Self::page_by_amount(scope, family, query, sort)?
        } else {
            Self::page_by_date(scope, family, query, sort)?
        };
        let totals = Self::matching(scope, family, query)
            .select(documents::total)
            .limit(COUNT_CAP + 1);
        let totals: Vec<Money> = scope.load(totals)?;
        Ok(DocumentList {
            customers: Self::customers(scope, &page.rows)?,
            open: Self::open(scope, &page.rows)?,
            count: i64::try_from(totals.len()).unwrap_or(i64::MAX),
            total: totals.into_iter().sum(),
            page,
        })
    }

    fn page_by_date(
        scope: &mut Scope,
        family: Family,
        query: &ListQuery,
        sort: Sort,
    ) -> Result<Page<Self>, AppError> {
        let cursor: Option<Cursor<Day>> = query.cursor();
        let rows = Self::matching(scope, family, query)
            .select(Self::as_select())
            .limit(query.size() + 1);
        let mark = cursor.as_ref();
        let rows = keyset!(
            rows,
            mark,
            sort.is_descending,
            documents::document_date,
            documents::id
        );
        let found = scope.load(rows)?;
        Ok(Page::new(found, query.size(), mark, |row: &Self| {
            (row.document_date, row.id.uuid())
        }))
    }

    fn page_by_amount(
        scope: &mut Scope,
        family: Family,
        query: &ListQuery,
        sort: Sort,
    ) -> Result<Page<Self>, AppError> {
        let cursor: Option<Cursor<Amount>> = query.cursor();
        let rows = Self::matching(scope, family, query)
            .select(Self::as_select())
            .limit(query.size() + 1);
        let mark = cursor.as_ref();
        let rows = keyset!(
            rows,
            mark,
            sort.is_descending,
            documents::total,
            documents::id
        );
        let found = scope.load(rows)?;
        Ok(Page::new(found, query.size(), mark, |row: &Self| {
            (row.total, row.id.uuid())
        }))
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
        let rows = Self::matching(scope, family, query)
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
        let all = Self::matching(scope, family, query)
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
    pub fn open(scope: &mut Scope, rows: &[Self]) -> Result<HashMap<Uuid, Money>, AppError> {
        let ids: Vec<Uuid> = rows.iter().map(|row| row.id.uuid()).collect();
        let query = open_items::table
            .filter(open_items::tenant_id.eq(scope.tenant()))
            .filter(open_items::id.eq_any(ids))
            .select((open_items::id, open_items::open));
        let found: Vec<(Uuid, Money)> = scope.load(query)?;
        Ok(found.into_iter().collect())
    }
}
