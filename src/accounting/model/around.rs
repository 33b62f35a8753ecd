//! What stands around a document: its shipment, what it corrects, what corrects it, how far it is settled.

use super::{Document, EInvoice};
use crate::accounting::rules::cancel::Facts;
use crate::accounting::rules::cancelling;
use crate::accounting::rules::document::{Kind, Status};
use crate::accounting::rules::einvoice;
use crate::error::AppError;
use crate::kernel::money::Money;
use crate::logistics::rules::{Papers, Status as ShipmentStatus};
use crate::platform::db::{Scope, prepared};
use diesel::prelude::*;
use diesel::sql_types::{Jsonb, Nullable, Numeric, Text, Uuid as SqlUuid};
use serde::Deserialize;

/// A document that another one names.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Other {
    /// What it is, as stored.
    pub kind: String,
    /// Its number as printed.
    pub number: String,
    /// Its number as in addresses.
    pub url_no: String,
    /// Its financial year.
    pub year: String,
    /// What it comes to.
    pub total: Money,
    /// Whether it stands or was cancelled.
    pub status: String,
}

impl Other {
    /// What it is.
    ///
    /// # Errors
    /// When the row says something that no document is.
    pub fn kind(&self) -> Result<Kind, AppError> {
        self.kind.parse().map_err(AppError::internal)
    }

    /// Whether it still stands.
    pub fn stands(&self) -> bool {
        self.status == Status::Issued.as_str()
    }
}

/// What stands around a document.
#[derive(Clone, Debug, QueryableByName)]
pub struct Around {
    /// How it stands at the authority.
    #[diesel(sql_type = Nullable<Text>)]
    pub authority: Option<einvoice::Status>,
    /// What of it is not settled.
    #[diesel(sql_type = Nullable<Numeric>)]
    pub open: Option<Money>,
    /// What standing credit notes gave back of it.
    #[diesel(sql_type = Numeric)]
    pub credited: Money,
    /// Number of its shipment.
    #[diesel(sql_type = Nullable<Text>)]
    pub shipment: Option<String>,
    /// How far that is.
    #[diesel(sql_type = Nullable<Text>)]
    pub shipment_status: Option<ShipmentStatus>,
    /// With what that leaves, or left.
    #[diesel(sql_type = Nullable<Text>)]
    pub papers: Option<Papers>,
    /// Number of its e-way bill that is not cancelled; empty while it has none yet.
    #[diesel(sql_type = Nullable<Text>)]
    pub eway_bill: Option<String>,
    /// The document that it corrects, and the notes that correct it, the oldest first; at most 50.
    #[diesel(sql_type = Jsonb)]
    others: serde_json::Value,
}

#[derive(Default, Deserialize)]
struct Others {
    original: Option<Other>,
    notes: Vec<Other>,
}

impl Around {
    /// What stands around a document. One statement.
    ///
    /// # Errors
    /// `NotFound`.
    #[expect(
        clippy::disallowed_methods,
        reason = "several tables in one row, so that the page asks once"
    )]
    pub fn of(scope: &mut Scope, document: &Document) -> Result<Self, AppError> {
        let statement = prepared(
            "select e.status as authority, i.open, s.number as shipment, s.status as shipment_status, s.papers,
                    (select coalesce(sum(n.total), 0) from documents n
                        where n.tenant_id = d.tenant_id and n.original_id = d.id and n.status = 'issued' and n.kind in ('credit_note', 'commercial_note')) as credited,
                    (select coalesce(b.number, '') from eway_bills b
                        where b.tenant_id = d.tenant_id and b.document_id = d.id and b.status in ('asked', 'in_flight', 'unknown', 'active') limit 1) as eway_bill,
                    jsonb_build_object(
                        'original', (select jsonb_build_object('kind', o.kind, 'number', o.number, 'url_no', o.url_no, 'year', o.year, 'total', o.total::text, 'status', o.status)
                            from documents o where o.tenant_id = d.tenant_id and o.id = d.original_id),
                        'notes', (select coalesce(jsonb_agg(jsonb_build_object('kind', n.kind, 'number', n.number, 'url_no', n.url_no, 'year', n.year, 'total', n.total::text,
                                'status', n.status) order by n.id), '[]')
                            from (select * from documents n where n.tenant_id = d.tenant_id and n.original_id = d.id order by n.id limit 50) n)) as others
               from documents d
               left join einvoices e on e.tenant_id = d.tenant_id and e.id = d.id
               left join open_items i on i.tenant_id = d.tenant_id and i.id = d.id
               left join shipments s on s.tenant_id = d.tenant_id and s.id = d.shipment_id
               where d.tenant_id = $1 and d.id = $2",
        )
        .bind::<SqlUuid, _>(scope.tenant())
        .bind::<SqlUuid, _>(document.id);
        Ok(scope.one(statement)?)
    }

    /// The document that this one corrects, and the notes that correct it.
    ///
    /// # Errors
    /// When the row can't be read.
    pub fn others(&self) -> Result<(Option<Other>, Vec<Other>), AppError> {
        let others: Others =
            serde_json::from_value(self.others.clone()).map_err(AppError::internal)?;
        Ok((others.original, others.notes))
    }

    /// What decides whether the document can be cancelled.
    pub fn facts<'a>(&'a self, document: &'a Document, notes: &[Other]) -> Facts<'a> {
        let has_left = match (document.kind, self.shipment_status, self.papers) {
            (Kind::Invoice | Kind::BillOfSupply, Some(status), papers) => {
                !matches!(status, ShipmentStatus::Picking | ShipmentStatus::Packed)
                    && papers != Some(Papers::Challan)
            }
            _ => false,
        };
        Facts {
            number: &document.number,
            status: document.status,
            authority: self.authority,
            total: document.total,
            open: self.open.unwrap_or(document.total),
            left_with: self.shipment.as_deref().filter(|_| has_left),
            is_corrected: notes.iter().any(Other::stands),
        }
    }

    /// What decides whether the authority may be asked to cancel it.
    pub fn cancel_facts(
        &self,
        (document, row): (&Document, &EInvoice),
        notes: &[Other],
    ) -> cancelling::Facts {
        let facts = self.facts(document, notes);
        let bill = self.eway_bill.clone();
        cancelling::Facts {
            number: document.number.clone(),
            kind: document.kind,
            document: document.status,
            status: row.status,
            ack_at: row.ack_at,
            is_asked: row.is_being_cancelled(),
            eway_bill: bill.map(|number| (!number.is_empty()).then_some(number)),
            left: facts.left_with.map(str::to_owned),
            settled: facts.total - facts.open,
            is_corrected: facts.is_corrected,
        }
    }
}
