//! What document can be taken back.

use crate::accounting::rules::document::Status;
use crate::accounting::rules::einvoice;
use crate::kernel::language::Said;
use crate::kernel::money::Money;

/// What decides it.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// Its number.
    pub number: &'a str,
    /// Whether it stands.
    pub status: Status,
    /// How it stands at the authority.
    pub authority: Option<einvoice::Status>,
    /// What it comes to.
    pub total: Money,
    /// What of that is not settled.
    pub open: Money,
    /// The shipment that has left with it.
    pub left_with: Option<&'a str>,
    /// Whether a note that stands corrects it.
    pub is_corrected: bool,
}

/// Whether a document can be taken back: it stands, the authority does not have it, its goods have not left with it, and nobody has paid or
/// credited any of it.
///
/// # Errors
/// Why not, in words.
pub fn may_cancel(facts: &Facts) -> Result<(), Said> {
    stands(facts.number, facts.status)?;
    facts
        .authority
        .map_or(Ok(()), |status| authority_lets(facts.number, status))?;
    nothing_hangs_on(&Hanging {
        number: facts.number,
        left_with: facts.left_with,
        settled: facts.total - facts.open,
        is_corrected: facts.is_corrected,
    })
}

/// What hangs on a document, whoever is to cancel it: on paper or at the authority.
#[derive(Clone, Copy, Debug)]
pub struct Hanging<'a> {
    /// Its number.
    pub number: &'a str,
    /// The shipment that has left with it.
    pub left_with: Option<&'a str>,
    /// What of it is paid or credited.
    pub settled: Money,
    /// Whether a note that stands corrects it.
    pub is_corrected: bool,
}

/// Refuses a document that the books could not take back.
///
/// # Errors
/// What hangs on it, in words.
pub fn nothing_hangs_on(hanging: &Hanging) -> Result<(), Said> {
    if let Some(shipment) = hanging.left_with {
        return Err(has_left(hanging.number, shipment));
    }
    if !hanging.settled.is_zero() {
        return Err(is_settled(hanging.number, hanging.settled));
    }
    if hanging.is_corrected {
        return Err(is_corrected(hanging.number));
    }
    Ok(())
}

/// Refuses what is cancelled already.
///
/// # Errors
/// In words.
pub fn stands(number: &str, status: Status) -> Result<(), Said> {
    match status {
        Status::Issued => Ok(()),
        Status::Cancelled => {
            Err(Said::new("{number} is cancelled already.").with("number", number))
        }
    }
}

/// Refuses what the authority has, or may have.
///
/// # Errors
/// In words.
pub fn authority_lets(number: &str, status: einvoice::Status) -> Result<(), Said> {
    use einvoice::Status;
    match status {
        Status::Registered => Err(Said::new(
            "{number} is registered at the authority. Within 24 hours of that it is cancelled there, by its page under E-invoices; after that, write a credit note.",
        )
        .with("number", number)),
        Status::InFlight | Status::Unknown => Err(Said::new(
            "{number} is being registered at the authority. Wait until it is known whether the authority has it.",
        )
        .with("number", number)),
        Status::NotRequired
        | Status::Pending
        | Status::FailedFix
        | Status::FailedWait
        | Status::ExpiredWindow
        | Status::Cancelled => Ok(()),
    }
}

/// What is said while a call about it is being made.
pub fn is_being_asked(number: &str) -> Said {
    Said::new("The authority is being asked about {number} at this moment. Try again in a minute.")
        .with("number", number)
}

/// What is said when its goods have left with it.
pub fn has_left(number: &str, shipment: &str) -> Said {
    Said::new("{shipment} has left with {number}. Write a credit note.")
        .with("shipment", shipment)
        .with("number", number)
}

/// What is said when a note corrects it.
pub fn is_corrected(number: &str) -> Said {
    Said::new("A note corrects {number}. Cancel that note first.").with("number", number)
}

/// What is said when some of it is settled.
pub fn is_settled(number: &str, amount: Money) -> Said {
    Said::new("{amount} of {number} is paid or credited. Write a credit note.")
        .with("amount", amount)
        .with("number", number)
}
