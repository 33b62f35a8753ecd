//! What the tables of GSTR-1 are called, and the month that a return is for.

use crate::kernel::dates::parse_day;
use crate::kernel::language::text;
use crate::tax::rules::SupplyType;
use chrono::{Datelike, Months, NaiveDate};

states! {
    /// The table of GSTR-1 that a line of a document belongs to; `model/register/lines.sql` says which.
    Section:
    /// 4A: to registered buyers.
    B2b "b2b"
    /// 4B: to registered buyers who pay the tax themselves.
    Reverse "reverse"
    /// 6B: to special economic zones.
    Sez "sez"
    /// 6C: deemed exports.
    Deemed "deemed"
    /// 5: large, to buyers without a GSTIN in another state.
    B2cl "b2cl"
    /// 6A: exports.
    Exports "exp"
    /// 7: all else to buyers without a GSTIN, notes taken off.
    B2cs "b2cs"
    /// 8: nil-rated, exempt and non-GST, notes taken off.
    Nil "nil"
    /// 9B: notes to registered buyers.
    Cdnr "cdnr"
    /// 9B: notes on exports and on large supplies to buyers without a GSTIN.
    Cdnur "cdnur"
    /// What the return doesn't know: notes without GST, and supplies under composition.
    Outside "outside"
}

impl Section {
    /// As the return calls it; a key of the message catalogue.
    pub const fn label(self) -> &'static str {
        match self {
            Self::B2b => text!("4A · Registered buyers (B2B)"),
            Self::Reverse => text!("4B · Registered buyers, reverse charge"),
            Self::Sez => text!("6B · Special economic zones"),
            Self::Deemed => text!("6C · Deemed exports"),
            Self::B2cl => text!("5 · Buyers without GSTIN, large (B2CL)"),
            Self::Exports => text!("6A · Exports"),
            Self::B2cs => text!("7 · Buyers without GSTIN, others (B2CS)"),
            Self::Nil => text!("8 · Nil-rated, exempt and non-GST"),
            Self::Cdnr => text!("9B · Notes to registered buyers"),
            Self::Cdnur => text!("9B · Notes to buyers without GSTIN"),
            Self::Outside => text!("Not in GSTR-1"),
        }
    }
}

/// What a supply is called in the return.
pub const fn invoice_type(supply: SupplyType) -> &'static str {
    match supply {
        SupplyType::B2b => "R",
        SupplyType::SezWithPayment => "SEWP",
        SupplyType::SezWithoutPayment => "SEWOP",
        SupplyType::DeemedExport => "DE",
        SupplyType::ExportWithPayment => "EXPWP",
        SupplyType::ExportWithoutPayment => "EXPWOP",
        SupplyType::B2c => "B2CL",
    }
}

/// A month of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Month(NaiveDate);

impl Month {
    /// The month of a day.
    pub fn of(day: NaiveDate) -> Self {
        Self(day.with_day(1).unwrap_or(day))
    }

    /// A month as `2026-10`.
    pub fn parse(text: &str) -> Option<Self> {
        (text.len() == 7)
            .then(|| parse_day(&format!("{text}-01")))
            .flatten()
            .map(Self)
    }

    /// Its first day.
    pub fn first(self) -> NaiveDate {
        self.0
    }

    /// Its last day.
    pub fn last(self) -> NaiveDate {
        let next = self.0.checked_add_months(Months::new(1));
        next.and_then(|day| day.pred_opt()).unwrap_or(self.0)
    }

    /// As addresses have it: `2026-10`.
    pub fn code(self) -> String {
        self.0.format("%Y-%m").to_string()
    }

    /// As the return has it: `102026`.
    pub fn period(self) -> String {
        self.0.format("%m%Y").to_string()
    }
}
