//! A document is taken back: before its goods have left, and before anybody paid.

use crate::accounting::model::{Document, EInvoice};
use crate::accounting::rules::document::{Kind, Status};
use crate::accounting::rules::einvoice;
use crate::error::AppError;
use crate::kernel::dates;
use crate::kernel::ids::{DocumentId, EntryId};
use crate::kernel::language::{Said, text};
use crate::kernel::money::Money;
use crate::ledger::actions::{Posting, Source, Undo, allocate, lock_account, post, undo};
use crate::ledger::rules::{Cause, EntryKind};
use crate::logistics::model::{Line, Shipment};
use crate::orders::actions::{event, supply};
use crate::orders::model::Order;
use crate::platform::db::Scope;
use crate::platform::db::schema::{documents, einvoices, open_items};
use diesel::prelude::*;
use rust_decimal::Decimal;

/// Why a document is cancelled, as the authority counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CancelCode {
    /// There are two of it.
    Duplicate = 1,
    /// Something in it is wrong.
    Mistake = 2,
    /// The order was cancelled.
    OrderCancelled = 3,
    /// Something else.
    Other = 4,
}

impl CancelCode {
    /// All of them.
    pub const ALL: [Self; 4] = [
        Self::Duplicate,
        Self::Mistake,
        Self::OrderCancelled,
        Self::Other,
    ];

    /// As people say it; a key of the message catalogue.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Duplicate => text!("There are two of it"),
            Self::Mistake => text!("Something in it is wrong"),
            Self::OrderCancelled => text!("The order was cancelled"),
            Self::Other => text!("Another reason"),
        }
    }

    /// The code of a number.
    pub fn by_number(number: i16) -> Option<Self> {
        Self::ALL.into_iter().find(|code| *code as i16 == number)
    }
}

/// What became of a wish to cancel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cancelled {
    /// It is cancelled.
    AtOnce,
    /// The authority has it and has to cancel it first.
    Asked,
}

/// Cancels a document that the authority does not have; of one that it has, notes the wish.
///
/// # Errors
/// `NotFound`; `Refused` when the goods have left, something is paid, or the authority would not any more.
pub fn cancel(
    scope: &mut Scope,
    who: &str,
    id: DocumentId,
    code: CancelCode,
    reason: &str,
) -> Result<Cancelled, AppError> {
    let found = Document::by_id(scope, id)?;
    let order = match found.order_id {
        Some(order) => Some(Order::lock_by_id(scope, order)?),
        None => None,
    };
    let document = Document::lock(scope, id)?;
    may_cancel(&document).map_err(AppError::refused)?;
    let authority = EInvoice::lock(scope, id)?;
    match authority.status {
        einvoice::Status::Registered | einvoice::Status::InFlight | einvoice::Status::Unknown => {
            return Err(AppError::refused(
                Said::new("{number} is registered at the authority, or is being registered. Write a credit note.")
                    .with("number", &document.number),
            ));
        }
        _ => {}
    }
    finish(scope, who, &document, order, (code, reason))?;
    Ok(Cancelled::AtOnce)
}

/// Takes a document back in the books that the authority has cancelled. What was paid of it since somebody asked stands on account again.
///
/// # Errors
/// `NotFound`; `Refused` when the books can't follow: its goods have left, or a note is on it.
pub(super) fn follow(scope: &mut Scope, id: DocumentId) -> Result<(), AppError> {
    let found = Document::by_id(scope, id)?;
    let order = match found.order_id {
        Some(order) => Some(Order::lock_by_id(scope, order)?),
        None => None,
    };
    let document = Document::lock(scope, id)?;
    let row = EInvoice::lock(scope, id)?;
    if document.status == Status::Cancelled {
        return Ok(());
    }
    let who = row.cancel_by_name.unwrap_or_default();
    let code = row
        .cancel_code
        .and_then(CancelCode::by_number)
        .unwrap_or(CancelCode::Other);
    let reason = row.cancel_remark.unwrap_or_default();
    lock_account(scope, document.customer_id)?;
    undo(scope, &who, Undo::OffBill(EntryId::from(id.uuid())))?;
    finish(scope, &who, &document, order, (code, &reason))
}

fn may_cancel(document: &Document) -> Result<(), Said> {
    if document.status == Status::Cancelled {
        return Err(Said::new("{number} is cancelled already.").with("number", &document.number));
    }
    Ok(())
}

/// Takes a document back in the books: entry, goods, state at the authority, document. Its order is locked.
fn finish(
    scope: &mut Scope,
    who: &str,
    document: &Document,
    order: Option<Order>,
    (code, reason): (CancelCode, &str),
) -> Result<(), AppError> {
    let (now, today) = (scope.now(), dates::today(scope.now()));
    let is_bill = matches!(document.kind, Kind::Invoice | Kind::BillOfSupply);
    let mut open_delta = Money::ZERO;
    if let (true, Some(order), Some(shipment)) = (is_bill, &order, document.shipment_id) {
        let shipment = Shipment::by_id(scope, shipment)?;
        if !shipment.may_lose_its_bill() {
            return Err(AppError::refused(
                Said::new("{shipment} has left with {number}. Write a credit note.")
                    .with("shipment", &shipment.number)
                    .with("number", &document.number),
            ));
        }
        if shipment.is_in_the_house() {
            let lines = Line::of_order(scope, order.id, Some(shipment.id))?;
            let after: Vec<_> = lines
                .iter()
                .map(|line| {
                    let mut after = line.as_supply();
                    let packed = line.packed.unwrap_or_default();
                    if packed > Decimal::ZERO && line.shipment_line.is_some() {
                        after.billed -= packed;
                        after.is_changed = true;
                    }
                    after
                })
                .collect();
            open_delta = supply(scope, order, &after)?.open;
        }
    }
    take_back(scope, who, document, (today, open_delta))?;
    if let Some(order) = &order {
        let said = Said::new("{number} was cancelled: {reason}")
            .with("number", &document.number)
            .with("reason", reason);
        event(
            scope,
            (order.id, order.customer_id),
            who,
            &[("credited", said, false)],
        )?;
    }
    let authority = einvoices::table.filter(
        einvoices::tenant_id
            .eq(scope.tenant())
            .and(einvoices::id.eq(document.id))
            .and(einvoices::status.eq_any(["pending", "failed_fix", "failed_wait"])),
    );
    scope.execute(diesel::update(authority).set((
        einvoices::status.eq("not_required"),
        einvoices::why.eq(text!("It was cancelled before it was registered.")),
        einvoices::updated_at.eq(now),
    )))?;
    let row = documents::table.filter(
        documents::tenant_id
            .eq(scope.tenant())
            .and(documents::id.eq(document.id)),
    );
    scope.execute(diesel::update(row).set((
        documents::status.eq(Status::Cancelled),
        documents::cancelled_at.eq(now),
        documents::cancelled_by_name.eq(who),
        documents::cancel_code.eq(code as i16),
        documents::cancel_reason.eq(reason),
    )))?;
    Ok(())
}

/// The entry against the document's own, set against it: so nothing of it may be paid.
fn take_back(
    scope: &mut Scope,
    who: &str,
    document: &Document,
    (today, open_delta): (chrono::NaiveDate, Money),
) -> Result<(), AppError> {
    let entry = EntryId::new();
    let is_credit = matches!(document.kind, Kind::CreditNote | Kind::CommercialNote);
    let posting = Posting {
        id: entry,
        kind: EntryKind::Cancellation,
        entry_date: today,
        due_on: None,
        amount: if is_credit {
            document.total
        } else {
            -document.total
        },
        source: Source::Document(document.id),
        reason: None,
    };
    post(scope, document.customer_id, who, &[posting], open_delta)?;
    if document.total.is_zero() {
        return Ok(());
    }
    let item = open_items::table
        .filter(
            open_items::tenant_id
                .eq(scope.tenant())
                .and(open_items::id.eq(document.id.uuid())),
        )
        .select(open_items::open);
    let open: Money = scope.one(item)?;
    if open != document.total {
        return Err(AppError::refused(
            Said::new("{amount} of {number} is paid or credited. Write a credit note.")
                .with("amount", document.total - open)
                .with("number", &document.number),
        ));
    }
    let own = EntryId::from(document.id.uuid());
    let (credit, debit) = if is_credit {
        (own, entry)
    } else {
        (entry, own)
    };
    allocate(scope, credit, &[(debit, open)], Cause::Cancellation, who)
}
