//! Decisions about what customers owe, as pure functions.

use crate::kernel::ids::EntryId;
use crate::kernel::language::{Said, text};
use crate::kernel::money::Money;
use chrono::{Days, Months, NaiveDate};

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

states! {
    /// How far instalments lie apart.
    Every:
    /// Seven days.
    Week "week"
    /// Fourteen days.
    Fortnight "fortnight"
    /// The same day of each month, or its last one.
    Month "month"
}

impl Every {
    /// As people say it; a key of the message catalogue.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Week => text!("Every week"),
            Self::Fortnight => text!("Every two weeks"),
            Self::Month => text!("Every month"),
        }
    }

    /// The day so many steps after another.
    fn after(self, first: NaiveDate, steps: u32) -> Option<NaiveDate> {
        let days = u64::from(steps) * 7;
        match self {
            Self::Week => first.checked_add_days(Days::new(days)),
            Self::Fortnight => first.checked_add_days(Days::new(2 * days)),
            Self::Month => first.checked_add_months(Months::new(steps)),
        }
    }
}

/// A part of a bill with its own day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Instalment {
    /// When it has to be paid.
    pub due_on: NaiveDate,
    /// What it comes to.
    pub amount: Money,
    /// What of that is open.
    pub open: Money,
}

/// What a customer is asked for of a bill with instalments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DueNow {
    /// The day of the first part that is open.
    pub due_on: NaiveDate,
    /// What is open of the parts whose day has come; of the next one where none has.
    pub amount: Money,
}

/// What is asked for on a day; `None` where nothing is open, or there are no instalments.
pub fn due_now(parts: &[Instalment], today: NaiveDate) -> Option<DueNow> {
    let mut open = parts.iter().filter(|part| !part.open.is_zero());
    let first = open.next()?;
    let others = open.take_while(|part| part.due_on <= today);
    let others: Money = others.map(|part| part.open).sum();
    Some(DueNow {
        due_on: first.due_on,
        amount: first.open + others,
    })
}

/// Fewest and most instalments of a bill.
pub const INSTALMENTS: std::ops::RangeInclusive<usize> = 2..=12;

/// The last day on which an instalment may be due that is agreed on a day.
fn last_day(today: NaiveDate) -> NaiveDate {
    today.checked_add_months(Months::new(60)).unwrap_or(today)
}

/// Whether an instalment may be due on a day.
///
/// # Errors
/// Why not.
pub fn may_be_due(day: NaiveDate, today: NaiveDate) -> Result<NaiveDate, Said> {
    if day < today {
        return Err(Said::new("The day must be today or later."));
    }
    if day > last_day(today) {
        return Err(Said::new("The day must be within five years."));
    }
    Ok(day)
}

/// What is open in equal parts, the first one on a day; the last one takes the paise that are left.
///
/// # Errors
/// Where there is too little for so many.
pub fn equal_parts(
    open: Money,
    number: u8,
    (first, every): (NaiveDate, Every),
) -> Result<Vec<(NaiveDate, Money)>, Said> {
    let too_little = || {
        Said::new("{open} can't be paid in {number} parts.")
            .with("open", open)
            .with("number", number)
    };
    let paise = open.to_paise().ok_or_else(too_little)?;
    let one = paise / i64::from(number.max(1));
    if one == 0 {
        return Err(too_little());
    }
    let mut parts = Vec::new();
    for step in 0..u32::from(number) {
        let day = every.after(first, step).ok_or_else(too_little)?;
        parts.push((day, Money::from_paise(one)));
    }
    if let Some((_, last)) = parts.last_mut() {
        *last = Money::from_paise(paise - one * (i64::from(number) - 1));
    }
    Ok(parts)
}

/// Whether parts may be agreed on for what is open of a bill: so many, day after day, and together what is open.
///
/// # Errors
/// Why not.
pub fn may_agree(open: Money, parts: &[(NaiveDate, Money)], today: NaiveDate) -> Result<(), Said> {
    if open.is_zero() {
        return Err(Said::new("Nothing of it is open any more."));
    }
    if !INSTALMENTS.contains(&parts.len()) {
        return Err(Said::new("Agree on 2 to 12 instalments."));
    }
    for (day, _) in parts {
        may_be_due(*day, today)?;
    }
    if parts
        .iter()
        .zip(parts.iter().skip(1))
        .any(|((one, _), (next, _))| next <= one)
    {
        return Err(Said::new(
            "Each instalment must be due after the one before it.",
        ));
    }
    let sum: Money = parts.iter().map(|(_, amount)| *amount).sum();
    if sum != open {
        return Err(Said::new(
            "The instalments come to {sum}, and {open} are open: they have to be the same.",
        )
        .with("sum", sum)
        .with("open", open));
    }
    Ok(())
}
