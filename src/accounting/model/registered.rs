//! The list of documents by how they stand at the authority.

use crate::accounting::rules::einvoice::Status;
use crate::error::AppError;
use crate::kernel::ids::{DocumentId, TenantId};
use crate::kernel::money::Money;
use crate::platform::db::Scope;
use crate::platform::db::schema::{customers, documents, einvoices};
use crate::web::list::{COUNT_CAP, ListQuery, Page, keyset};
use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use serde_json::Value as Json;
use uuid::Uuid;

/// A document in the list.
#[derive(Clone, Debug, Queryable)]
pub struct EInvoiceRow {
    /// The document.
    pub id: DocumentId,
    /// Its number.
    pub number: String,
    /// Its number in addresses.
    pub url_no: String,
    /// Its financial year.
    pub year: String,
    /// Its date.
    pub date: NaiveDate,
    /// What it comes to.
    pub total: Money,
    /// The customer's name.
    pub customer: String,
    /// The customer's code.
    pub customer_code: String,
    /// How it stands.
    pub status: Status,
    /// What was wrong last.
    pub faults: Option<Json>,
    /// When it is tried again.
    pub next_try_at: Option<DateTime<Utc>>,
    /// Acknowledgement number.
    pub ack_no: Option<String>,
    /// When the document was issued.
    pub created_at: DateTime<Utc>,
    /// Waits in a row.
    pub waits: i32,
    /// Since when it is not known whether the authority has it.
    pub unknown_since: Option<DateTime<Utc>>,
    /// Last change: of one that waits, the last try.
    pub updated_at: DateTime<Utc>,
}

/// Rows of a page, how many there are, and what their documents come to; `None` for none, and above the cap, where not all are looked at.
pub type EInvoiceRows = (Page<EInvoiceRow>, i64, Option<Money>);

/// E-invoices with their documents and customers.
#[diesel::dsl::auto_type(no_type_alias)]
fn of(scope: &Scope) -> _ {
    let tenant: TenantId = scope.tenant();
    let its = documents::tenant_id.eq(einvoices::tenant_id);
    let whose = customers::tenant_id.eq(einvoices::tenant_id);
    einvoices::table
        .inner_join(documents::table.on(its.and(documents::id.eq(einvoices::id))))
        .inner_join(customers::table.on(whose.and(customers::id.eq(einvoices::customer_id))))
        .filter(einvoices::tenant_id.eq(tenant))
}

/// What their number is counted by.
#[diesel::dsl::auto_type(no_type_alias)]
fn counts(scope: &Scope) -> _ {
    let tenant: TenantId = scope.tenant();
    let its = documents::tenant_id.eq(einvoices::tenant_id);
    einvoices::table
        .inner_join(documents::table.on(its.and(documents::id.eq(einvoices::id))))
        .filter(einvoices::tenant_id.eq(tenant))
}

impl EInvoiceRow {
    /// One page, the newest first, how many match and what they come to. Unless a state is asked for, those that need no registration are left out.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn list(scope: &mut Scope, query: &ListQuery) -> Result<EInvoiceRows, AppError> {
        let mut states = query.all("status", Status::CODES);
        if states.is_empty() {
            states = Status::CODES.to_vec();
            states.retain(|code| *code != Status::NotRequired.as_str());
        }
        let states: Vec<String> = states.into_iter().map(str::to_owned).collect();
        let mut rows = of(scope)
            .filter(einvoices::status.eq_any(states))
            .into_boxed();
        if let Some(search) = query.search() {
            rows = rows.filter(documents::number.eq(search.to_uppercase()));
        }
        let mut counted = counts(scope).into_boxed();
        let states = query.all("status", Status::CODES);
        counted = if states.is_empty() {
            counted.filter(einvoices::status.ne(Status::NotRequired))
        } else {
            let states: Vec<String> = states.into_iter().map(str::to_owned).collect();
            counted.filter(einvoices::status.eq_any(states))
        };
        if let Some(search) = query.search() {
            counted = counted.filter(documents::number.eq(search.to_uppercase()));
        }
        let cursor = query.cursor::<(DateTime<Utc>, Uuid)>();
        let rows = rows
            .select((
                einvoices::id,
                documents::number,
                documents::url_no,
                documents::year,
                einvoices::document_date,
                documents::total,
                customers::name,
                customers::code,
                einvoices::status,
                einvoices::faults,
                einvoices::next_try_at,
                einvoices::ack_no,
                einvoices::created_at,
                einvoices::waits,
                einvoices::unknown_since,
                einvoices::updated_at,
            ))
            .limit(query.size() + 1);
        let rows = keyset!(
            rows,
            cursor.as_ref(),
            true,
            einvoices::created_at,
            einvoices::id
        );
        let found = scope.load(rows)?;
        let page = Page::new(found, query.size(), cursor.as_ref(), |row: &Self| {
            (row.created_at, row.id.uuid())
        });
        let totals = counted.select(documents::total).limit(COUNT_CAP + 1);
        let (count, total) = scope.count_and_sum(totals)?;
        Ok((page, count, total.filter(|_| count <= COUNT_CAP)))
    }
}
