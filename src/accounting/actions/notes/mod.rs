//! Credit and debit notes: less or more is owed than a document says, at the rates of that document.

mod sums;
mod write;

use super::issue::Issued;
use crate::accounting::model::{Books, Document, DocumentLine, Returned};
use crate::accounting::rules::document::{Kind, Reason};
use crate::accounting::rules::notes::{credit_kind, may_note};
use crate::error::AppError;
use crate::kernel::dates;
use crate::kernel::ids::DocumentLineId;
use crate::kernel::language::Said;
use crate::kernel::money::Money;
use crate::orders::model::Order;
use crate::platform::db::Scope;
use crate::tax::bill::{add_up, value_more};
use rust_decimal::Decimal;
use sums::{Noted, credited_lines, find, foot, nothing, terms};
use write::write;

/// What is corrected.
#[derive(Clone, Debug)]
pub enum Correcting {
    /// All that is left of the document.
    Whole,
    /// So much of some lines.
    Lines(Vec<Part>),
}

/// A line that is corrected.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    /// The line of the original.
    pub line: DocumentLineId,
    /// What of it.
    pub what: What,
}

/// What of a line is corrected. Amounts are with tax where the line's price is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum What {
    /// So many units, at what was charged for them.
    Units(Decimal),
    /// So much less, or more, for every unit that was not taken back.
    Price(Money),
    /// So much less, or more, in all.
    Amount(Money),
}

/// Writes a credit note. After the last day for it, one that leaves the tax as it was. Locks order, account, series.
///
/// What can't be credited comes back in words, and nothing was written.
///
/// # Errors
/// When the database refuses.
pub fn credit(
    scope: &mut Scope,
    who: &str,
    document: &Document,
    how: &Correcting,
    (reason, words): (Reason, &str),
) -> Result<Result<Issued, Said>, AppError> {
    let fresh = lock(scope, document)?;
    credit_locked(scope, who, &fresh, how, (reason, words))
}

/// Locks what all notes on a document lock first, and reads it as it is then.
fn lock(scope: &mut Scope, document: &Document) -> Result<Document, AppError> {
    match document.order_id {
        Some(order) => {
            Order::lock_by_id(scope, order)?;
            Document::by_id(scope, document.id)
        }
        None => Document::lock(scope, document.id),
    }
}

/// The same for a document whose order is locked already.
pub(super) fn credit_locked(
    scope: &mut Scope,
    who: &str,
    original: &Document,
    how: &Correcting,
    why: (Reason, &str),
) -> Result<Result<Issued, Said>, AppError> {
    if let Err(said) = may_note(&original.number, original.kind, original.status) {
        return Ok(Err(said));
    }
    let today = dates::today(scope.now());
    let kind = credit_kind(original.document_date, today);
    let lines = DocumentLine::find(scope, original.id)?;
    let returned = Returned::of(scope, original.id)?;
    let books = Books::of(scope, original.id, today, kind.as_str())?;
    if books.is_being_cancelled {
        return Ok(Err(being_cancelled(original)));
    }
    let parts = match credited_lines(original, &lines, &returned, how) {
        Ok(parts) => parts,
        Err(said) => return Ok(Err(said)),
    };
    let parts = if kind == Kind::CommercialNote {
        parts.into_iter().map(Noted::without_tax).collect()
    } else {
        parts
    };
    let is_mirror =
        matches!(how, Correcting::Whole) && !books.has_credits && kind == Kind::CreditNote;
    let sums = match foot(original, &books, &parts, is_mirror) {
        Ok(sums) => sums,
        Err(said) => return Ok(Err(said)),
    };
    write(scope, who, (original, &books), (kind, &parts, &sums), why).map(Ok)
}

fn being_cancelled(original: &Document) -> Said {
    Said::new("The authority is asked to cancel {number}: wait for its answer.")
        .with("number", &original.number)
}

/// Writes a debit note: more is owed than the document says. It never counts units. Locks order, account, series.
///
/// # Errors
/// When the database refuses.
pub fn debit(
    scope: &mut Scope,
    who: &str,
    document: &Document,
    parts: &[Part],
    why: (Reason, &str),
) -> Result<Result<Issued, Said>, AppError> {
    let original = &lock(scope, document)?;
    if let Err(said) = may_note(&original.number, original.kind, original.status) {
        return Ok(Err(said));
    }
    let today = dates::today(scope.now());
    let lines = DocumentLine::find(scope, original.id)?;
    let returned = Returned::of(scope, original.id)?;
    let books = Books::of(scope, original.id, today, Kind::DebitNote.as_str())?;
    if books.is_being_cancelled {
        return Ok(Err(being_cancelled(original)));
    }
    let mut noted = Vec::with_capacity(parts.len());
    for part in parts {
        let line = find(&lines, part.line)?;
        let (sums, (credited, _)) = (line.sums(), returned.line(line.id));
        let billed = line.billed(&sums, &credited);
        let units = billed.left();
        let amount = match part.what {
            What::Units(_) => {
                return Ok(Err(Said::new(
                    "A debit note is about amounts, not about units.",
                )));
            }
            What::Price(more) => Money::rounded(more.as_decimal() * units),
            What::Amount(more) => more,
        };
        if amount <= Money::ZERO {
            return Ok(Err(Said::new("The amount must be more than zero.")));
        }
        noted.push(Noted {
            line,
            units: match part.what {
                What::Price(_) => units,
                _ => Decimal::ONE,
            },
            free: Decimal::ZERO,
            counts_units: false,
            sums: value_more(&billed, amount, units, &terms(original)),
        });
    }
    let sums = noted.iter().map(|noted| noted.sums).collect();
    let sums = match add_up(sums, Money::ZERO, Money::ZERO, books.round_off) {
        Ok(sums) if !noted.is_empty() => sums,
        Ok(_) => return Ok(Err(nothing())),
        Err(said) => return Ok(Err(said)),
    };
    write(
        scope,
        who,
        (original, &books),
        (Kind::DebitNote, &noted, &sums),
        why,
    )
    .map(Ok)
}
