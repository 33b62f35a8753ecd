//! Credit and debit notes: less or more is owed than a document says, at the rates of that document.

mod draft;
mod sums;
mod write;

pub use draft::{NoteDraft, Worked, no_units};

use super::issue::Issued;
use crate::accounting::model::{DocNo, Document};
use crate::accounting::rules::document::Reason;
use crate::accounting::rules::notes::may_note;
use crate::error::AppError;
use crate::kernel::ids::DocumentLineId;
use crate::kernel::language::Said;
use crate::kernel::money::Money;
use crate::logistics::actions::take_in_part;
use crate::orders::model::Order;
use crate::platform::db::Scope;
use rust_decimal::Decimal;
use write::{Why, write};

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

/// Which note.
#[derive(Clone, Debug)]
pub enum Noting {
    /// Less is owed.
    Credit(Correcting),
    /// More is owed.
    Debit(Vec<Part>),
}

/// A note that somebody wants.
#[derive(Clone, Debug)]
pub struct Wish {
    /// What it says.
    pub what: Noting,
    /// Why.
    pub reason: Reason,
    /// Why, in words.
    pub words: String,
    /// Whether the credited units are in the house again.
    pub goods_are_back: bool,
    /// The total that was shown: any other is refused, so that nobody issues what they did not see.
    pub shown_total: Option<Money>,
}

/// What keeps a note from being written, and of which line it is said.
#[derive(Clone, Debug, PartialEq)]
pub struct Wrong {
    /// The line of the original; the note as a whole where there is none.
    pub line: Option<DocumentLineId>,
    /// Why, in words.
    pub said: Said,
    /// Whether nothing is wrong: somebody has to look at the sums first.
    pub is_to_be_seen: bool,
}

impl Wrong {
    /// Of the note as a whole.
    pub const fn all(said: Said) -> Self {
        Self {
            line: None,
            said,
            is_to_be_seen: false,
        }
    }

    /// Its sums, which nobody has seen.
    pub const fn unseen(said: Said) -> Self {
        Self {
            line: None,
            said,
            is_to_be_seen: true,
        }
    }

    /// Of one line.
    pub const fn of(line: DocumentLineId, said: Said) -> Self {
        Self {
            line: Some(line),
            said,
            is_to_be_seen: false,
        }
    }
}

/// Writes the note that somebody wants and has seen. Less that is owed lets orders go on that fit the credit now. Locks order, levels, account,
/// series.
///
/// What is wrong with it comes back, and nothing was written.
///
/// # Errors
/// `NotFound`; `Refused` when its document can't be corrected, or its goods can't come back in part.
pub fn correct(
    scope: &mut Scope,
    who: &str,
    no: &DocNo,
    wish: &Wish,
) -> Result<Result<Issued, Vec<Wrong>>, AppError> {
    Document::lock_order(scope, no)?;
    let original = Document::find_locked(scope, no)?;
    let draft = NoteDraft::of(scope, original, &wish.what)?;
    let worked = match draft.work_out(&wish.what)? {
        Ok(worked) => worked,
        Err(wrong) => return Ok(Err(wrong)),
    };
    if let Err(said) = worked.is_what_was_shown(wish.shown_total) {
        return Ok(Err(vec![Wrong::unseen(said)]));
    }
    let back = if wish.goods_are_back {
        let (warehouse, parts) = draft.coming_back(&worked)?;
        take_in_part(scope, warehouse, &parts)?;
        parts
    } else {
        Vec::new()
    };
    let why = Why {
        reason: wish.reason,
        words: &wish.words,
        back: &back,
        frees_orders: true,
    };
    write(scope, who, &draft, &worked, &why).map(Ok)
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
    why: (Reason, &str),
) -> Result<Result<Issued, Said>, AppError> {
    let what = Noting::Credit(how.clone());
    match fresh(scope, document, &what)? {
        Ok(draft) => noted(scope, who, &draft, &what, why, true),
        Err(said) => Ok(Err(said)),
    }
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
    let what = Noting::Debit(parts.to_vec());
    match fresh(scope, document, &what)? {
        Ok(draft) => noted(scope, who, &draft, &what, why, true),
        Err(said) => Ok(Err(said)),
    }
}

/// Credits what is left of a document whose order is locked already, if anything is; whoever asks lets waiting orders go on afterwards.
pub(super) fn credit_rest(
    scope: &mut Scope,
    who: &str,
    original: Document,
    why: (Reason, &str),
) -> Result<Result<(), Said>, AppError> {
    let whole = Noting::Credit(Correcting::Whole);
    let draft = NoteDraft::of(scope, original, &whole)?;
    if draft.lines.iter().all(|line| draft.left(line).is_zero()) {
        return Ok(Ok(()));
    }
    Ok(noted(scope, who, &draft, &whole, why, false)?.map(|_| ()))
}

/// Locks what all notes on a document lock first, and reads it as it is then; or says why it can't be corrected.
fn fresh(
    scope: &mut Scope,
    document: &Document,
    what: &Noting,
) -> Result<Result<NoteDraft, Said>, AppError> {
    let original = match document.order_id {
        Some(order) => {
            Order::lock_by_id(scope, order)?;
            Document::by_id(scope, document.id)?
        }
        None => Document::lock(scope, document.id)?,
    };
    if let Err(said) = may_note(&original.number, original.kind, original.status) {
        return Ok(Err(said));
    }
    NoteDraft::of(scope, original, what).map(Ok)
}

fn noted(
    scope: &mut Scope,
    who: &str,
    draft: &NoteDraft,
    what: &Noting,
    (reason, words): (Reason, &str),
    frees_orders: bool,
) -> Result<Result<Issued, Said>, AppError> {
    let worked = match draft.work_out(what)? {
        Ok(worked) => worked,
        Err(wrong) => {
            let first = wrong.into_iter().next();
            return Ok(Err(first.map_or_else(sums::nothing, |wrong| wrong.said)));
        }
    };
    let why = Why {
        reason,
        words,
        back: &[],
        frees_orders,
    };
    write(scope, who, draft, &worked, &why).map(Ok)
}
