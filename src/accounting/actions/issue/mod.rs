//! Issuing the invoice of a shipment: worked out by today's rates, counted as owed, numbered; all of it, or nothing.

mod draft;
mod ready;
mod write;

pub use draft::{Draft, DraftLine, draft, is_zero_rated};
pub(in crate::accounting) use write::{NewDocument, NewLine, gst_type, insert_lines, number};

use super::letters;
use crate::accounting::fault::Fault;
use crate::accounting::model::Series;
use crate::accounting::rules::document::Kind;
use crate::error::AppError;
use crate::kernel::ids::{DocumentId, EntryId, SeriesId, ShipmentLineId};
use crate::kernel::language::Said;
use crate::kernel::money::{Money, UnitPrice};
use crate::kernel::state::State;
use crate::ledger::actions::{Posting, Source, post};
use crate::logistics::model::{Line, lock_order};
use crate::logistics::rules::Status;
use crate::orders::actions::{SupplyLine, event, supply};
use crate::platform::db::Scope;
use crate::platform::jobs::{self, NewJob};
use crate::tax::bill::{BillSums, Discount, Whole};
use crate::tax::rules::ZeroRated;
use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// Kind of the job that registers a document at the authority.
pub const SEND: &str = "einvoices.send";

/// What that job needs.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Send {
    /// The document.
    pub document: DocumentId,
}

/// An invoice to be issued.
#[derive(Clone, Debug, Default)]
pub struct Issuing {
    /// Number of the shipment.
    pub shipment: String,
    /// What was said of its lines; the others are billed as they were packed.
    pub lines: Vec<LineTerms>,
    /// Discount on the whole.
    pub whole: Whole,
    /// What is charged without tax.
    pub other_charges: Money,
    /// To a special economic zone or abroad: with tax or without. Unless somebody says, without where an undertaking covers the day.
    pub zero_rated: Option<ZeroRated>,
    /// Whether the buyer pays the tax.
    pub is_reverse_charge: bool,
    /// Another place of supply than the rules say, and why.
    pub place: Option<(State, String)>,
    /// The currency, if the prices are not in rupees.
    pub fx: Option<Fx>,
    /// Another series than the usual one.
    pub series: Option<SeriesId>,
    /// The total that was shown: any other is refused, so that nobody issues what they did not see.
    pub shown_total: Option<Money>,
}

/// What was said of a line.
#[derive(Clone, Copy, Debug)]
pub struct LineTerms {
    /// The line of the shipment.
    pub shipment_line: ShipmentLineId,
    /// Of its units, those that are free.
    pub free: Decimal,
    /// Discount, in rupees.
    pub discount: Discount,
    /// Price of a unit in the document's currency, where that is not rupees.
    pub price: Option<UnitPrice>,
}

/// A currency.
#[derive(Clone, Debug)]
pub struct Fx {
    /// ISO 4217.
    pub currency: String,
    /// Rupees for one of it.
    pub rate: Decimal,
    /// Where that rate is from.
    pub source: String,
    /// Of which day it is.
    pub on: NaiveDate,
}

/// A document that was issued.
#[derive(Clone, Debug)]
pub struct Issued {
    /// The document.
    pub id: DocumentId,
    /// What it is.
    pub kind: Kind,
    /// Its number as printed.
    pub number: String,
    /// Its number as in addresses.
    pub url_no: String,
    /// What it comes to.
    pub total: Money,
}

/// Issues the invoice, or bill of supply, of a packed shipment; or of one that left with a challan. Locks order, account, series. Fifteen
/// statements at most, however many lines.
///
/// What keeps it from being issued comes back as faults, and nothing was written.
///
/// # Errors
/// `NotFound`; `Refused` when the shipment can't be billed, or is billed already.
pub fn issue(
    scope: &mut Scope,
    who: &str,
    issuing: &Issuing,
) -> Result<Result<Issued, Vec<Fault>>, AppError> {
    let order = lock_order(scope, &issuing.shipment)?;
    let draft = draft(scope, issuing)?;
    let bill = match draft.billed(issuing) {
        Ok(bill) => bill,
        Err(faults) => return Ok(Err(faults)),
    };
    let id = DocumentId::new();
    let series = match issuing.series.or(draft.series) {
        Some(series) => series,
        None => {
            let setting = &draft.setting;
            let gstin = &setting.supplier_gstin;
            Series::begin(scope, setting.registration_id, gstin, draft.kind)?
        }
    };
    let open_delta = match draft.setting.shipment_status {
        // What is billed and not yet sent counts once: as a bill, and no longer as an order.
        Status::Packed => supply(scope, &order, &draft.supplied())?.open,
        // What left with a challan is no longer open.
        _ => Money::ZERO,
    };
    let posting = Posting {
        id: EntryId::from(id.uuid()),
        kind: draft.kind.entry(),
        entry_date: draft.day,
        due_on: Some(draft.due_on),
        amount: bill.total,
        source: Source::Document(id),
        reason: None,
    };
    post(scope, order.customer_id, who, &[posting], open_delta)?;
    insert_lines(scope, &draft.new_lines(id, scope.now(), bill))?;
    let happened = Said::new("{number} was billed: {total}.")
        .with("number", &draft.setting.shipment_no)
        .with("total", bill.total);
    event(
        scope,
        (order.id, order.customer_id),
        who,
        &[("invoiced", happened, false)],
    )?;
    let mut jobs: Vec<NewJob> = letters::about(scope, id)?.into_iter().collect();
    if draft.is_liable() {
        jobs.push(sending(id)?);
    }
    jobs::enqueue_all(scope, &jobs)?;
    let document = NewDocument::invoice(&draft, issuing, (id, bill), who, scope);
    let decided = (&draft.liability, draft.setting.einvoice_from);
    let (number, url_no) = number(scope, &document, series, decided)
        .map_err(|error| refusal(error, &draft.setting.shipment_no))?;
    Ok(Ok(Issued {
        id,
        kind: draft.kind,
        number,
        url_no,
        total: bill.total,
    }))
}

/// Has a document registered once the transaction has committed.
pub(in crate::accounting) fn send_later(
    scope: &mut Scope,
    document: DocumentId,
) -> Result<(), AppError> {
    jobs::enqueue(scope, &sending(document)?)
}

/// Has documents registered at once when the transaction has committed: a job that has put one off for later comes forward. However often,
/// a document waits in the queue once. Two statements.
pub(in crate::accounting) fn send_now(
    scope: &mut Scope,
    documents: &[DocumentId],
) -> Result<(), AppError> {
    let wanted = documents
        .iter()
        .map(|document| sending(*document))
        .collect::<Result<Vec<_>, _>>()?;
    jobs::enqueue_all(scope, &wanted)?;
    let keys: Vec<String> = documents.iter().map(ToString::to_string).collect();
    jobs::hurry(scope, SEND, &keys)
}

fn sending(document: DocumentId) -> Result<NewJob, AppError> {
    let mut job = NewJob::new(SEND, "Register an e-invoice", &Send { document })?;
    job.unique_key = Some(document.to_string());
    Ok(job)
}

/// What the database refuses, in words.
pub(in crate::accounting) fn refusal(error: AppError, shipment: &str) -> AppError {
    let said = match error.constraint() {
        Some("documents_one_bill_of_a_shipment") => {
            Said::new("{number} is billed already.").with("number", shipment)
        }
        Some("documents_in_order_of_dates") => Said::new("It turned midnight. Issue it again."),
        Some("document_series_full") => Said::new(
            "This series of numbers is full: the next number would be longer than 16 characters. Start another series.",
        ),
        Some("documents_tenant_id_kind_year_url_no_key" | "documents_by_gst_key") => Said::new(
            "Another document of this year has the next number of this series already. Take another series for new documents in the settings.",
        ),
        Some("shipment_lines_invoiced_were_sent") => {
            Said::new("More would be billed of {number} than was packed and has not come back.")
                .with("number", shipment)
        }
        _ => return error,
    };
    AppError::refused(said)
}

impl Draft {
    /// What it comes to, unless something is wrong with it or it is not what was shown.
    fn billed(&self, issuing: &Issuing) -> Result<&BillSums, Vec<Fault>> {
        let bill = match (&self.bill, self.faults.as_slice()) {
            (Some(bill), []) => bill,
            _ => return Err(self.faults.clone()),
        };
        match issuing.shown_total {
            Some(shown) if shown != bill.total => {
                let said = Said::new("It comes to {now} now, not {shown}: what you typed, a price, a rate or what was packed has changed it.")
                    .with("now", bill.total)
                    .with("shown", shown);
                let fix = Said::new("Look at it again and issue it then.");
                Err(vec![Fault::new("total", said, fix)])
            }
            _ => Ok(bill),
        }
    }

    /// The lines of its order from now on.
    fn supplied(&self) -> Vec<SupplyLine> {
        let billed = |line: &Line| {
            let mut after = line.as_supply();
            let packed = line.packed.unwrap_or_default();
            if line.shipment_line.is_some() && packed > Decimal::ZERO {
                after.billed += packed;
                after.is_changed = true;
            }
            after
        };
        self.order_lines.iter().map(billed).collect()
    }
}
