//! The arithmetic of tax documents, as pure functions: CGST Act section 15, with each head rounded to the paisa on its line.
//!
//! Prices either leave the tax out or hold it. Where they hold it, the taxes are taken out first and the taxable value is the remainder, so
//! that a line always comes to what the buyer pays.

mod credit;
mod work;

pub use credit::{Billed, Credited, units_back, value_back, value_more};
pub use work::{add_up, bill, main_hsn, share};

use super::rules::{Nature, Rate};
use crate::kernel::money::{Money, UnitPrice};
use crate::kernel::quantity::Quantity;
use rust_decimal::Decimal;

states! {
    /// What becomes of the paise of a total.
    RoundOff:
    /// To the nearest rupee, half away from zero.
    Rupee "rupee"
    /// They stay.
    Exact "none"
}

/// What is taken off an amount.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Discount {
    /// Nothing.
    #[default]
    None,
    /// So many rupees.
    Amount(Money),
    /// So many per cent.
    Percent(Decimal),
}

impl Discount {
    /// In rupees.
    fn of(self, amount: Money) -> Money {
        match self {
            Self::None => Money::ZERO,
            Self::Amount(rupees) => rupees,
            Self::Percent(per_cent) => {
                Money::rounded(amount.as_decimal() * per_cent / Decimal::ONE_HUNDRED)
            }
        }
    }
}

/// A discount on a whole document.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Whole {
    /// None.
    #[default]
    None,
    /// Given at the supply: it lowers the taxable value of every line.
    BeforeTax(Discount),
    /// For paying soon, say: it lowers the total alone.
    AfterTax(Discount),
}

/// A line to be billed.
#[derive(Clone, Copy, Debug)]
pub struct BillLine {
    /// Units that are paid for.
    pub quantity: Quantity,
    /// Price of a unit, in the document's currency.
    pub price: UnitPrice,
    /// Whether that price holds the tax.
    pub includes_tax: bool,
    /// Discount on this line, in rupees: with tax where the price holds it.
    pub discount: Discount,
    /// Its rate of tax.
    pub rate: Rate,
}

/// What counts for every line of a document.
#[derive(Clone, Copy, Debug)]
pub struct Terms {
    /// Which heads it bears.
    pub nature: Nature,
    /// Zero-rated under a letter of undertaking: no tax at all.
    pub is_without_payment: bool,
    /// The buyer pays the tax: it is worked out and not part of the total.
    pub is_reverse_charge: bool,
    /// Rupees for one of the currency of the prices.
    pub fx: Option<Decimal>,
    /// Discount on the whole.
    pub whole: Whole,
    /// What is charged without tax, in rupees.
    pub other_charges: Money,
    /// What becomes of the paise.
    pub round_off: RoundOff,
}

impl Terms {
    /// Nothing but the heads: no discount, no charges, in rupees, to the paisa.
    pub const fn plain(nature: Nature) -> Self {
        Self {
            nature,
            is_without_payment: false,
            is_reverse_charge: false,
            fx: None,
            whole: Whole::None,
            other_charges: Money::ZERO,
            round_off: RoundOff::Exact,
        }
    }
}

/// A line, worked out, in rupees.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct LineSums {
    /// Before tax and discount.
    pub gross: Money,
    /// Its own discount as agreed: with tax where the price holds it.
    pub line_discount: Money,
    /// Its share of the discount on the whole, in the same way.
    pub shared_discount: Money,
    /// Both, before tax.
    pub discount: Money,
    /// Gross less discount.
    pub taxable: Money,
    /// Central tax.
    pub cgst: Money,
    /// State or union territory tax: always as much as the central.
    pub sgst: Money,
    /// Integrated tax.
    pub igst: Money,
    /// Cess on the value.
    pub cess: Money,
    /// Cess by unit.
    pub cess_fixed: Money,
    /// All of it; the taxable value alone under reverse charge.
    pub total: Money,
    /// Price of a unit before tax, three decimals.
    pub net_price: Decimal,
}

impl LineSums {
    /// All its tax.
    pub fn tax(&self) -> Money {
        self.cgst + self.sgst + self.igst + self.cess + self.cess_fixed
    }

    /// What is paid with tax, whoever pays that.
    pub(super) fn pay(&self) -> Money {
        self.taxable + self.tax()
    }
}

/// A document, worked out, in rupees.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BillSums {
    /// Its lines in their order.
    pub lines: Vec<LineSums>,
    /// Sum of the discounts before tax.
    pub discount: Money,
    /// Sum of the taxable values.
    pub taxable: Money,
    /// Central tax.
    pub cgst: Money,
    /// State or union territory tax.
    pub sgst: Money,
    /// Integrated tax.
    pub igst: Money,
    /// Cess of both kinds.
    pub cess: Money,
    /// Discount after tax.
    pub late_discount: Money,
    /// What is charged without tax.
    pub other_charges: Money,
    /// To the rupee: −0.50 to 0.50, and what earlier notes were rounded by on the last one of a document.
    pub round_off: Money,
    /// What is owed or given back.
    pub total: Money,
    /// The prices less their discounts in the document's currency, before tax; none in rupees.
    pub total_fc: Option<Money>,
}
