//! What a wish to cancel a registered document depends on.

use super::{Document, EInvoice};
use crate::accounting::rules::cancelling::Facts;
use crate::accounting::rules::document;
use crate::accounting::rules::einvoice::Status;
use crate::error::AppError;
use crate::kernel::ids::DocumentId;
use crate::kernel::money::Money;
use crate::platform::db::schema::{documents, einvoices};
use crate::platform::db::{Scope, prepared};
use diesel::prelude::*;
use diesel::sql_types::{Bool, Nullable, Numeric, Text, Uuid as SqlUuid};

#[derive(QueryableByName)]
struct Around {
    #[diesel(sql_type = Bool)]
    has_bill: bool,
    #[diesel(sql_type = Nullable<Text>)]
    eway_bill: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    left_with_it: Option<String>,
    #[diesel(sql_type = Nullable<Numeric>)]
    settled: Option<Money>,
    #[diesel(sql_type = Bool)]
    is_corrected: bool,
}

impl EInvoice {
    /// What a wish to cancel the document depends on. One statement.
    ///
    /// # Errors
    /// When the database refuses.
    #[expect(
        clippy::disallowed_methods,
        reason = "what stands around one document, of several tables at once"
    )]
    pub fn cancel_facts(&self, scope: &mut Scope, document: &Document) -> Result<Facts, AppError> {
        let statement = prepared(
            "select b.id is not null as has_bill, b.number as eway_bill, s.number as left_with_it, i.settled,
                    exists (select from documents n where n.tenant_id = d.tenant_id and n.original_id = d.id and n.status = 'issued') as is_corrected
               from documents d
               left join eway_bills b on b.tenant_id = d.tenant_id and b.document_id = d.id and b.status in ('asked', 'in_flight', 'unknown', 'active')
               left join shipments s on s.tenant_id = d.tenant_id and s.id = d.shipment_id and d.kind in ('invoice', 'bill_of_supply')
                    and s.status not in ('picking', 'packed') and s.papers = 'invoice'
               left join open_items i on i.tenant_id = d.tenant_id and i.id = d.id
               where d.tenant_id = $1 and d.id = $2 limit 1",
        )
        .bind::<SqlUuid, _>(scope.tenant())
        .bind::<SqlUuid, _>(document.id);
        let around: Around = scope.one(statement)?;
        Ok(Facts {
            number: document.number.clone(),
            kind: document.kind,
            document: document.status,
            status: self.status,
            ack_at: self.ack_at,
            is_asked: self.is_being_cancelled(),
            eway_bill: around.has_bill.then_some(around.eway_bill),
            left: around.left_with_it,
            settled: around.settled.unwrap_or(Money::ZERO),
            is_corrected: around.is_corrected,
        })
    }

    /// The number of a document that the authority is asked to cancel, or has cancelled while it still stands here; nothing for any other.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn leaving(scope: &mut Scope, id: DocumentId) -> Result<Option<String>, AppError> {
        let numbers = einvoices::table
            .filter(einvoices::tenant_id.eq(scope.tenant()))
            .inner_join(
                documents::table.on(documents::tenant_id
                    .eq(scope.tenant())
                    .and(documents::id.eq(einvoices::id))),
            )
            .filter(einvoices::id.eq(id))
            .filter(einvoices::status.eq_any([Status::Registered, Status::Cancelled]))
            .filter(einvoices::cancel_asked_at.is_not_null())
            .filter(documents::status.eq(document::Status::Issued))
            .select(documents::number);
        Ok(scope.load(numbers)?.pop())
    }
}
