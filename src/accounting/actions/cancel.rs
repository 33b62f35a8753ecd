//! A document is taken back: before its goods have left, and before anybody paid.

use super::money_letters::are_wanted;
use crate::accounting::model::{Attempt, DocNo, Document, EInvoice};
use crate::accounting::rules::cancel as rules;
use crate::accounting::rules::document::{Kind, Status};
use crate::error::AppError;
use crate::kernel::dates;
use crate::kernel::ids::{DocumentId, EntryId, JobId};
use crate::kernel::language::{Said, text};
use crate::kernel::money::Money;
use crate::ledger::actions::{Posting, Source, Undo, allocate_what_fits, lock_account, post, undo};
use crate::ledger::rules::{Cause, EntryKind};
use crate::logistics::model::{Line, Shipment};
use crate::orders::actions::{event, recheck_at_once, supply};
use crate::orders::model::Order;
use crate::platform::db::{Scope, prepared};
use diesel::prelude::*;
use diesel::sql_types::{Bool, SmallInt, Text, Timestamptz, Uuid as SqlUuid};
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

/// Cancels a document that the authority does not have. Locks order, document, account.
///
/// # Errors
/// `NotFound`; `Refused` when the authority has it or may have it, its goods have left, a note corrects it, or something is paid.
pub fn cancel(
    scope: &mut Scope,
    who: &str,
    id: DocumentId,
    code: CancelCode,
    reason: &str,
) -> Result<(), AppError> {
    let no = Document::by_id(scope, id)?.no();
    cancel_by_no(scope, who, &no, (code, reason))
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

/// The same for the document that an address names. Locks order, document, account.
///
/// # Errors
/// As [`cancel`].
pub fn cancel_by_no(
    scope: &mut Scope,
    who: &str,
    no: &DocNo,
    why: (CancelCode, &str),
) -> Result<(), AppError> {
    let order = Document::lock_order(scope, no)?;
    // Whoever begins a call holds its row at the authority: what has begun is seen from here on, and nothing begins before this is done.
    let (document, authority) = Document::lock_with_authority(scope, no)?;
    rules::stands(&document.number, document.status).map_err(AppError::refused)?;
    rules::authority_lets(&document.number, authority).map_err(AppError::refused)?;
    finish(scope, who, &document, order, why)
}

/// Takes a document back in the books: entry, goods, state at the authority, document. Its order is locked.
fn finish(
    scope: &mut Scope,
    who: &str,
    document: &Document,
    order: Option<Order>,
    (code, reason): (CancelCode, &str),
) -> Result<(), AppError> {
    let today = dates::today(scope.now());
    let is_bill = matches!(document.kind, Kind::Invoice | Kind::BillOfSupply);
    let mut open_delta = Money::ZERO;
    if let (true, Some(order), Some(shipment)) = (is_bill, &order, document.shipment_id) {
        let shipment = Shipment::by_id(scope, shipment)?;
        if !shipment.may_lose_its_bill() {
            let said = rules::has_left(&document.number, &shipment.number);
            return Err(AppError::refused(said));
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
    if mark(scope, who, (document.id, &document.number), (code, reason))? {
        recheck_at_once(scope, document.customer_id)?;
    }
    Ok(())
}

#[derive(QueryableByName)]
struct Marked {
    #[diesel(sql_type = Bool)]
    has_held: bool,
}

/// Writes that a document is taken back, that the authority need not know of it, and that the customer is told. Says whether orders of its
/// customer wait. Its state at the authority is locked already, so that a call that was begun is seen.
///
/// # Errors
/// `Refused` while a note corrects it, and when the authority has it, may have it, or is just being asked.
#[expect(
    clippy::disallowed_methods,
    reason = "a document, how it stands at the authority and the letter about it in one statement"
)]
fn mark(
    scope: &mut Scope,
    who: &str,
    (id, number): (DocumentId, &str),
    (code, reason): (CancelCode, &str),
) -> Result<bool, AppError> {
    let statement = prepared(
        "with e as (
             update einvoices set status = 'not_required', why = $6, updated_at = $3
               where tenant_id = $1 and id = $2 and status in ('pending', 'failed_fix', 'failed_wait')
                 and not exists (select from einvoice_attempts a where a.tenant_id = $1 and a.document_id = $2 and a.finished_at is null)
               returning id
         )
         update documents d set status = 'cancelled', cancelled_at = $3, cancelled_by_name = $4, cancel_code = $5, cancel_reason = $7
           where d.tenant_id = $1 and d.id = $2
             and not exists (select from documents n where n.tenant_id = d.tenant_id and n.original_id = d.id and n.status = 'issued')
             and (exists (select from e) or exists (select from einvoices x
                 where x.tenant_id = d.tenant_id and x.id = d.id and x.status in ('not_required', 'cancelled', 'expired_window')))
           returning exists (select from orders o where o.tenant_id = d.tenant_id and o.customer_id = d.customer_id and o.is_held and o.status = 'to_approve') as has_held,
               case when $8 then enqueue_job($9, 'money.letters', 'Letter about a cancelled document', jsonb_build_object('what', 'cancelled', 'id', d.id), concat('cancelled:', d.id), 100::smallint, now(), 8) end as letter",
    )
    .bind::<SqlUuid, _>(scope.tenant())
    .bind::<SqlUuid, _>(id)
    .bind::<Timestamptz, _>(scope.now())
    .bind::<Text, _>(who.to_owned())
    .bind::<SmallInt, _>(code as i16)
    .bind::<Text, _>(text!("It was cancelled before it was registered."))
    .bind::<Text, _>(reason.to_owned())
    .bind::<Bool, _>(are_wanted(scope))
    .bind::<SqlUuid, _>(JobId::new());
    let marked: Option<Marked> = scope.maybe(statement)?;
    if let Some(marked) = marked {
        return Ok(marked.has_held);
    }
    Err(AppError::refused(why_not(scope, id, number)?))
}

/// Why a document could not be marked.
fn why_not(scope: &mut Scope, id: DocumentId, number: &str) -> Result<Said, AppError> {
    let authority = EInvoice::find(scope, id)?;
    if let Err(said) = rules::authority_lets(number, authority.status) {
        return Ok(said);
    }
    if Document::is_corrected(scope, id)? {
        return Ok(rules::is_corrected(number));
    }
    if Attempt::is_running(scope, id)? {
        return Ok(rules::is_being_asked(number));
    }
    Ok(Said::new("{number} changed at this moment. Try again.").with("number", number))
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
    let own = EntryId::from(document.id.uuid());
    let both = if is_credit {
        (own, entry)
    } else {
        (entry, own)
    };
    let set = allocate_what_fits(scope, both, Cause::Cancellation, who)?;
    if set != document.total {
        let said = rules::is_settled(&document.number, document.total - set);
        return Err(AppError::refused(said));
    }
    Ok(())
}
