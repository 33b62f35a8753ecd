//! How documents stand at the authority: rows and queries.

use super::Document;
use crate::accounting::fault::Fault;
use crate::accounting::rules::einvoice::Status;
use crate::error::AppError;
use crate::kernel::ids::{CustomerId, DocumentId, RegistrationId, TenantId};
use crate::platform::db::Scope;
use crate::platform::db::schema::{documents, einvoices};
use chrono::{DateTime, NaiveDate, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use serde_json::Value as Json;
use uuid::Uuid;

type ItsKey = diesel::dsl::And<
    diesel::dsl::Eq<einvoices::tenant_id, TenantId>,
    diesel::dsl::Eq<einvoices::id, DocumentId>,
>;

/// One row.
pub type ItsRow = diesel::helper_types::Filter<einvoices::table, ItsKey>;

/// After which document a page begins, by its date and id.
pub type After = (NaiveDate, Uuid);

/// How a document stands at the authority.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = einvoices)]
pub struct EInvoice {
    /// The document.
    pub id: DocumentId,
    /// The customer.
    pub customer_id: CustomerId,
    /// The registration.
    pub registration_id: RegistrationId,
    /// The document's date: the window is counted from it.
    pub document_date: NaiveDate,
    /// not_required, pending, in_flight, unknown, registered, failed_fix, failed_wait, cancelled or expired_window.
    pub status: Status,
    /// Why none is required, or why a registered one lacks its signed texts.
    pub why: Option<String>,
    /// Where it was sent.
    pub environment: Option<String>,
    /// Of the bytes that were sent last.
    pub payload_sha256: Option<Vec<u8>>,
    /// How often these bytes were refused; three end the automatic tries.
    pub refusals: i32,
    /// Waits in a row; the next one is longer.
    pub waits: i32,
    /// When it is tried again by itself.
    pub next_try_at: Option<DateTime<Utc>>,
    /// Since when it is not known whether the authority has it.
    pub unknown_since: Option<DateTime<Utc>>,
    /// What was wrong last: code, line, field, words, how to put it right.
    pub faults: Option<Json>,
    /// Acknowledgement number.
    pub ack_no: Option<String>,
    /// When it was registered; the 24 hours for cancelling count from it.
    pub ack_at: Option<DateTime<Utc>>,
    /// The invoice as registered, signed; exactly as received.
    pub signed_invoice: Option<String>,
    /// What the printed code holds, signed; exactly as received.
    pub signed_qr: Option<String>,
    /// The key that signed.
    pub kid: Option<String>,
    /// Whether signature and content were checked.
    pub is_verified: bool,
    /// Last day on which it may be reported; null is no window.
    pub last_day: Option<NaiveDate>,
    /// The last alarm given: 1 after three days, 2 after twenty, 3 a day before the window closes, 4 a day unknown, 5 when it has closed.
    pub alarm: i16,
    /// When somebody asked to cancel it there.
    pub cancel_asked_at: Option<DateTime<Utc>>,
    /// When the authority cancelled it.
    pub cancelled_at: Option<DateTime<Utc>>,
    /// When the document was issued.
    pub created_at: DateTime<Utc>,
    /// Last change; guards against lost edits.
    pub updated_at: DateTime<Utc>,
    /// Why it is to be cancelled there: 1 duplicate, 2 data entry mistake, 3 order cancelled, 4 others.
    pub cancel_code: Option<i16>,
    /// The same in words, as the authority is told.
    pub cancel_remark: Option<String>,
    /// Name of whoever asked.
    pub cancel_by_name: Option<String>,
}

impl EInvoice {
    fn of<'q>(scope: &Scope) -> einvoices::BoxedQuery<'q, Pg> {
        einvoices::table
            .filter(einvoices::tenant_id.eq(scope.tenant()))
            .into_boxed()
    }

    /// How a document stands.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn find(scope: &mut Scope, document: DocumentId) -> Result<Self, AppError> {
        let row = Self::of(scope)
            .filter(einvoices::id.eq(document))
            .select(Self::as_select());
        Ok(scope.one(row)?)
    }

    /// How some documents stand. One statement.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn of_documents(
        scope: &mut Scope,
        documents: &[DocumentId],
    ) -> Result<Vec<Self>, AppError> {
        let rows = Self::of(scope)
            .filter(einvoices::id.eq_any(documents.to_vec()))
            .select(Self::as_select());
        Ok(scope.load(rows)?)
    }

    /// The same, locked until the transaction ends.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn lock(scope: &mut Scope, document: DocumentId) -> Result<Self, AppError> {
        let row = einvoices::table
            .filter(
                einvoices::tenant_id
                    .eq(scope.tenant())
                    .and(einvoices::id.eq(document)),
            )
            .for_update()
            .select(Self::as_select());
        Ok(scope.one(row)?)
    }

    /// Documents that are not registered and may still be sent, with themselves, the oldest first. One statement.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn unsent(scope: &mut Scope, most: i64) -> Result<Vec<(Self, Document)>, AppError> {
        Self::unsent_after(scope, most, After::default())
    }

    /// The same from a place on.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn unsent_after(
        scope: &mut Scope,
        most: i64,
        (day, id): After,
    ) -> Result<Vec<(Self, Document)>, AppError> {
        let rows = einvoices::table
            .filter(einvoices::tenant_id.eq(scope.tenant()))
            .inner_join(
                documents::table.on(documents::tenant_id
                    .eq(scope.tenant())
                    .and(documents::id.eq(einvoices::id))),
            )
            .filter(einvoices::status.eq_any([
                Status::Pending,
                Status::FailedFix,
                Status::FailedWait,
            ]))
            .filter(einvoices::document_date.ge(day))
            .filter(einvoices::document_date.gt(day).or(einvoices::id.gt(id)))
            .order((einvoices::document_date, einvoices::id))
            .limit(most)
            .select((Self::as_select(), Document::as_select()));
        Ok(scope.load(rows)?)
    }

    /// How some documents stand, locked until the transaction ends, in the order of their ids.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn some(scope: &mut Scope, documents: &[DocumentId]) -> Result<Vec<Self>, AppError> {
        let rows = einvoices::table
            .filter(einvoices::tenant_id.eq(scope.tenant()))
            .filter(einvoices::id.eq_any(documents.to_vec()))
            .order(einvoices::id)
            .for_update()
            .select(Self::as_select());
        Ok(scope.load(rows)?)
    }

    /// What was wrong last.
    pub fn wrong(&self) -> Vec<Fault> {
        self.faults
            .as_ref()
            .and_then(|faults| serde_json::from_value(faults.clone()).ok())
            .unwrap_or_default()
    }

    /// Whether it is still to be registered without anybody doing something.
    pub const fn waits_for_authority(&self) -> bool {
        matches!(
            self.status,
            Status::Pending | Status::InFlight | Status::Unknown | Status::FailedWait
        )
    }

    /// Whether it is not registered and may be sent, now or again.
    pub const fn is_unsent(&self) -> bool {
        matches!(
            self.status,
            Status::Pending | Status::FailedFix | Status::FailedWait
        )
    }

    /// Whether the authority is asked to cancel it, and has not done so.
    pub const fn is_being_cancelled(&self) -> bool {
        matches!(self.status, Status::Registered) && self.cancel_asked_at.is_some()
    }

    /// Its row, to be changed.
    pub fn its_row(&self, scope: &Scope) -> ItsRow {
        einvoices::table.filter(
            einvoices::tenant_id
                .eq(scope.tenant())
                .and(einvoices::id.eq(self.id)),
        )
    }
}
