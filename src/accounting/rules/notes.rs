//! What credit and debit notes may do.

use crate::accounting::rules::document::{Kind, Reason, Status};
use crate::kernel::dates::FinancialYear;
use crate::kernel::language::{Said, text};
use crate::kernel::money::Money;
use crate::logistics::rules::Status as ShipmentStatus;
use chrono::NaiveDate;

/// The last day on which a credit note lowers the tax of a supply (CGST Act, section 34): 30 November after the end of its financial year.
pub fn last_day(supplied: NaiveDate) -> NaiveDate {
    let ends = FinancialYear::of(supplied).last_day();
    NaiveDate::from_ymd_opt(chrono::Datelike::year(&ends), 11, 30).unwrap_or(ends)
}

/// The last note of a document takes back what all notes before it were rounded by, as far as the authority takes a round-off (INV-01).
pub fn most_rounded() -> Money {
    Money::from_paise(9_999)
}

/// What a credit of a document is on a day: after the last day it leaves the tax as it was.
pub fn credit_kind(supplied: NaiveDate, today: NaiveDate) -> Kind {
    if today > last_day(supplied) {
        Kind::CommercialNote
    } else {
        Kind::CreditNote
    }
}

/// Whether a note on a document can be written.
///
/// # Errors
/// Why not, in words.
pub fn may_note(number: &str, kind: Kind, status: Status) -> Result<(), Said> {
    if status == Status::Cancelled {
        return Err(Said::new("{number} is cancelled.").with("number", number));
    }
    match kind {
        Kind::Invoice | Kind::BillOfSupply | Kind::DebitNote => Ok(()),
        Kind::CreditNote | Kind::CommercialNote => {
            Err(Said::new("{number} is a credit note itself.").with("number", number))
        }
    }
}

/// Whether some of a shipment's goods can come back while the rest stays. What is on the road comes back as a whole, and what has not left
/// is packed anew.
///
/// # Errors
/// Why not, in words.
pub fn may_come_back(shipment: ShipmentStatus) -> Result<(), Said> {
    match shipment {
        ShipmentStatus::Delivered => Ok(()),
        ShipmentStatus::Out => Err(Said::new(
            "The shipment is on the road. If it comes back, say so on its own page.",
        )),
        ShipmentStatus::Picking | ShipmentStatus::Packed => Err(Said::new(
            "The shipment has not left, so nothing of it can come back.",
        )),
        ShipmentStatus::Returned | ShipmentStatus::Cancelled => {
            Err(Said::new("Nothing of the shipment is with the customer."))
        }
    }
}

impl Reason {
    /// As people say it; a key of the message catalogue.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Return => text!("Goods came back"),
            Self::Price => text!("The price was wrong"),
            Self::Deficiency => text!("The goods were not as they should be"),
            Self::Discount => text!("A discount after the sale"),
            Self::Other => text!("Another reason"),
        }
    }
}
