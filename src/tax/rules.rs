//! The arithmetic of GST and the questions that decide it, as pure functions. Source: CGST Act sections 12 and 15, IGST Act sections 5 to 13.

use crate::kernel::money::{Money, UnitPrice};
use crate::kernel::quantity::Quantity;
use rust_decimal::Decimal;

/// What decides the place of supply of goods. State codes are GST's, two digits.
#[derive(Clone, Copy, Debug)]
pub struct Parties<'a> {
    /// State of the registration that supplies.
    pub supplier: &'a str,
    /// How the buyer stands under GST: registered, composition, unregistered or sez.
    pub kind: &'a str,
    /// The buyer's GSTIN, if it has one.
    pub gstin: Option<&'a str>,
    /// State where the buyer is billed, if known.
    pub billing: Option<&'a str>,
    /// State where the goods go.
    pub delivery: &'a str,
    /// GSTIN of the place where the goods go, if it has one of its own.
    pub delivery_gstin: Option<&'a str>,
}

/// The place of supply of goods (IGST Act, section 10): where the movement ends; with a third person at the delivery address (bill to, ship
/// to), where the buyer is billed; for a unit in a special economic zone, its own state.
pub fn place_of_supply<'a>(parties: &Parties<'a>) -> &'a str {
    let billed = parties
        .gstin
        .and_then(|gstin| gstin.get(..2))
        .or(parties.billing);
    if parties.kind == "sez" {
        return billed.unwrap_or(parties.delivery);
    }
    if parties.gstin.is_none() {
        return parties.delivery;
    }
    let is_third_person = parties.delivery_gstin.is_some_and(|there| {
        Some(there) != parties.gstin && pan(there) != parties.gstin.and_then(pan)
    });
    if is_third_person {
        return billed.unwrap_or(parties.delivery);
    }
    parties.delivery
}

fn pan(gstin: &str) -> Option<&str> {
    gstin.get(2..12)
}

/// Whether a supply is between states, so that it bears IGST.
pub fn is_inter_state(supplier: &str, kind: &str, place_of_supply: &str) -> bool {
    kind == "sez" || supplier != place_of_supply
}

/// GST and cess of a code, per cent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rate {
    /// CGST and SGST together, or IGST.
    pub gst: Decimal,
    /// Compensation cess on the value.
    pub cess: Decimal,
}

/// A line's amounts, in rupees.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct LineTax {
    /// Before tax.
    pub taxable: Money,
    /// Central tax.
    pub cgst: Money,
    /// State or union territory tax: always as much as the central.
    pub sgst: Money,
    /// Integrated tax.
    pub igst: Money,
    /// Cess.
    pub cess: Money,
    /// All of it.
    pub total: Money,
}

impl std::ops::Add for LineTax {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self {
            taxable: self.taxable + other.taxable,
            cgst: self.cgst + other.cgst,
            sgst: self.sgst + other.sgst,
            igst: self.igst + other.igst,
            cess: self.cess + other.cess,
            total: self.total + other.total,
        }
    }
}

impl std::iter::Sum for LineTax {
    fn sum<I: Iterator<Item = Self>>(lines: I) -> Self {
        lines.fold(Self::default(), std::ops::Add::add)
    }
}

/// The tax of a line: a quantity at a price of one unit that holds the tax or does not.
///
/// With tax inside the price the taxes are taken out first and the taxable value is the remainder, so the line always comes to what the
/// buyer pays.
pub fn line(
    price: UnitPrice,
    includes_tax: bool,
    quantity: Quantity,
    rate: Rate,
    is_inter_state: bool,
) -> LineTax {
    let amount = price.times(quantity);
    let hundred = Decimal::ONE_HUNDRED;
    let divisor = if includes_tax {
        hundred + rate.gst + rate.cess
    } else {
        hundred
    };
    let share = |per_cent: Decimal| Money::rounded(amount.as_decimal() * per_cent / divisor);
    let half = rate.gst / Decimal::TWO;
    let (cgst, igst) = if is_inter_state {
        (Money::ZERO, share(rate.gst))
    } else {
        (share(half), Money::ZERO)
    };
    let cess = share(rate.cess);
    let tax = cgst + cgst + igst + cess;
    let taxable = if includes_tax { amount - tax } else { amount };
    LineTax {
        taxable,
        cgst,
        sgst: cgst,
        igst,
        cess,
        total: taxable + tax,
    }
}
