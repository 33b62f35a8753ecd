//! Decisions about what customers owe, as pure functions.

use crate::kernel::ids::EntryId;
use crate::kernel::language::{Said, text};
use crate::kernel::money::Money;
use chrono::NaiveDate;

states! {
    /// What an entry of the ledger is.
    EntryKind:
    /// What was owed before the books began.
    Opening "opening"
    /// An invoice.
    Invoice "invoice"
    /// A bill of supply.
    BillOfSupply "bill_of_supply"
    /// A debit note.
    DebitNote "debit_note"
    /// A credit note.
    CreditNote "credit_note"
    /// A commercial note, without tax.
    CommercialNote "commercial_note"
    /// A document was cancelled.
    Cancellation "cancellation"
    /// Money came.
    Receipt "receipt"
    /// A cheque came back from the bank.
    Bounce "bounce"
    /// Money went back.
    Refund "refund"
    /// What nobody will pay any more.
    WriteOff "write_off"
}

impl EntryKind {
    /// As people say it; a key of the message catalogue.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Opening => text!("Opening balance"),
            Self::Invoice => text!("Invoice"),
            Self::BillOfSupply => text!("Bill of supply"),
            Self::DebitNote => text!("Debit note"),
            Self::CreditNote => text!("Credit note"),
            Self::CommercialNote => text!("Commercial note"),
            Self::Cancellation => text!("Cancelled"),
            Self::Receipt => text!("Payment received"),
            Self::Bounce => text!("Cheque returned"),
            Self::Refund => text!("Refund"),
            Self::WriteOff => text!("Written off"),
        }
    }
}

states! {
    /// Why something was set against something.
    Cause:
    /// What was due first was paid first.
    OldestFirst "oldest_first"
    /// Somebody chose.
    ByHand "by_hand"
    /// The retailer chose when it paid.
    Wish "wish"
    /// A note corrects its document.
    Note "note"
    /// A cancellation ends its document.
    Cancellation "cancellation"
    /// A cheque came back.
    Bounce "bounce"
    /// Money went back.
    Refund "refund"
    /// What nobody will pay any more.
    WriteOff "write_off"
    /// Taken off again.
    Undone "undone"
}

impl Cause {
    /// Whether somebody may take it off again: what was a choice. What a bounce, a refund, a write-off or a cancellation joins stays joined.
    pub const fn may_be_undone(self) -> bool {
        match self {
            Self::OldestFirst | Self::ByHand | Self::Wish | Self::Note => true,
            Self::Cancellation | Self::Bounce | Self::Refund | Self::WriteOff | Self::Undone => {
                false
            }
        }
    }
}

/// So much of each of some debits, out of credits one after the other: the first until it is used up, then the next.
pub fn share_out(
    credits: &[(EntryId, Money)],
    parts: &[(EntryId, Money)],
) -> Vec<(EntryId, Vec<(EntryId, Money)>)> {
    let mut wanted = parts.to_vec();
    let share = |(credit, money): &(EntryId, Money)| {
        let mut left = *money;
        let mut its = Vec::new();
        for (debit, amount) in &mut wanted {
            let part = left.min(*amount);
            if part > Money::ZERO {
                its.push((*debit, part));
                left -= part;
                *amount -= part;
            }
        }
        (*credit, its)
    };
    credits.iter().map(share).collect()
}

/// Where something that is open stands by its age.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Bucket {
    /// Money of the customer that nothing was paid with yet.
    Unallocated,
    /// Not past its day.
    NotDue,
    /// Past its day: in the bucket of this place, the first one is 0.
    Late(usize),
}

impl Bucket {
    /// The bucket of a place in a row of figures: 0 is money of the customer, 1 what is not due, then what is late.
    pub fn at(place: usize) -> Self {
        match place {
            0 => Self::Unallocated,
            1 => Self::NotDue,
            late => Self::Late(late - 2),
        }
    }

    /// Its place in a row of figures.
    pub fn place(self) -> usize {
        match self {
            Self::Unallocated => 0,
            Self::NotDue => 1,
            Self::Late(late) => late + 2,
        }
    }

    /// How many there are where so many days end buckets: one for each, one for what is older, what is not due, and money of customers.
    pub fn number(ends: &[i32]) -> usize {
        ends.len() + 3
    }

    /// Its words: "Not due", "1–30 days", "Over 90 days", "Unallocated".
    pub fn words(self, ends: &[i32]) -> Said {
        let Self::Late(late) = self else {
            return match self {
                Self::Unallocated => Said::new("Unallocated"),
                Self::NotDue | Self::Late(_) => Said::new("Not due"),
            };
        };
        let first = late
            .checked_sub(1)
            .and_then(|before| ends.get(before))
            .map_or(1, |end| end + 1);
        match ends.get(late) {
            Some(last) => Said::new("{first}–{last} days")
                .with("first", first)
                .with("last", *last),
            None => Said::new("Over {days} days").with("days", first - 1),
        }
    }
}

/// Where a debit stands that has to be paid on a day, as of another. `ends` rise.
pub fn bucket(due_on: NaiveDate, as_of: NaiveDate, ends: &[i32]) -> Bucket {
    let late = (as_of - due_on).num_days();
    if late <= 0 {
        return Bucket::NotDue;
    }
    let place = ends.iter().position(|end| late <= i64::from(*end));
    Bucket::Late(place.unwrap_or(ends.len()))
}

/// How far a bill is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Nothing was ever owed by it.
    Nothing,
    /// All of it.
    Paid,
    /// Some of it; the rest may wait.
    PartPaid,
    /// Nothing of it yet, and it may wait.
    Unpaid,
    /// Something of it is past its day.
    Overdue,
}

impl Standing {
    /// As people say it; a key of the message catalogue.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Nothing => text!("Nothing to pay"),
            Self::Paid => text!("Paid"),
            Self::PartPaid => text!("Part paid"),
            Self::Unpaid => text!("Unpaid"),
            Self::Overdue => text!("Overdue"),
        }
    }

    /// Tone and shape of its pill.
    pub const fn pill(self) -> (&'static str, &'static str) {
        match self {
            Self::Nothing => ("", "plain"),
            Self::Paid => ("ok", "full"),
            Self::PartPaid => ("info", "half"),
            Self::Unpaid => ("info", ""),
            Self::Overdue => ("bad", "half"),
        }
    }
}

/// How far something of `total` is paid of which `open` is left, and which has to be paid by a day.
pub fn standing(total: Money, open: Money, due_on: NaiveDate, today: NaiveDate) -> Standing {
    if total.is_zero() {
        Standing::Nothing
    } else if open.is_zero() {
        Standing::Paid
    } else if due_on < today {
        Standing::Overdue
    } else if open < total {
        Standing::PartPaid
    } else {
        Standing::Unpaid
    }
}

/// How much of what is still open may be written off.
///
/// # Errors
/// Why not.
pub fn may_write_off(open: Money, amount: Money) -> Result<(), Said> {
    if open.is_zero() {
        return Err(Said::new("Nothing of it is open any more."));
    }
    if amount > open {
        return Err(Said::new("Only {open} of it are open.").with("open", open));
    }
    Ok(())
}
