//! The arithmetic of credit and debit notes: what of a billed line is given back, so that all that is given back is never more than was billed.

use super::work::heads_of;
use super::{LineSums, Terms};
use crate::kernel::language::Said;
use crate::kernel::money::Money;
use crate::kernel::number;
use crate::tax::rules::Rate;
use rust_decimal::Decimal;

/// What earlier notes gave back of a line.
#[derive(Clone, Copy, Debug, Default)]
pub struct Credited {
    /// Units that were taken back.
    pub units: Decimal,
    /// All that was given back, head by head.
    pub sums: LineSums,
    /// What of it was given back without units: taxable value.
    pub value: Money,
    /// The same with tax.
    pub value_with_tax: Money,
}

/// A line as it was billed.
#[derive(Clone, Copy, Debug)]
pub struct Billed<'a> {
    /// What was billed.
    pub sums: &'a LineSums,
    /// Units that were paid for.
    pub quantity: Decimal,
    /// Whether the price held the tax.
    pub includes_tax: bool,
    /// The rate then: a note bears the rate of the supply, not today's.
    pub rate: Rate,
    /// What earlier notes gave back.
    pub credited: &'a Credited,
}

impl Billed<'_> {
    /// Units that nobody took back yet.
    pub fn left(&self) -> Decimal {
        self.quantity - self.credited.units
    }
}

/// Units of a line taken back at the price that was really charged, after all discounts. The last units take what is left to the paisa.
///
/// # Errors
/// In words, when that is more units than are left.
pub fn units_back(line: &Billed, quantity: Decimal, terms: &Terms) -> Result<LineSums, Said> {
    let left = line.left();
    if quantity <= Decimal::ZERO || quantity > left {
        return Err(Said::new(
            "{quantity} is not between 1 and the {left} that are left to credit.",
        )
        .with("quantity", number::indian(quantity))
        .with("left", number::indian(left)));
    }
    if quantity == left {
        return Ok(rest(line, quantity, terms));
    }
    let part = |all: Money, value: Money| {
        Money::rounded((all - value).as_decimal() * quantity / line.quantity)
    };
    let amount = if line.includes_tax {
        part(line.sums.pay(), line.credited.value_with_tax)
    } else {
        part(line.sums.taxable, line.credited.value)
    };
    let cess_fixed = part(line.sums.cess_fixed, Money::ZERO);
    Ok(within(line, amount, cess_fixed, quantity, terms))
}

/// A lower price of a line: an amount as its price is, with tax or without, spread over some units.
///
/// # Errors
/// In words, when it is more than is left of the line.
pub fn value_back(
    line: &Billed,
    amount: Money,
    units: Decimal,
    terms: &Terms,
) -> Result<LineSums, Said> {
    let left = if line.includes_tax {
        line.sums.pay() - line.credited.sums.pay()
    } else {
        line.sums.taxable - line.credited.sums.taxable
    };
    if amount <= Money::ZERO || amount > left {
        return Err(Said::new(
            "{amount} is not between nothing and the {left} that is left to credit.",
        )
        .with("amount", amount)
        .with("left", left));
    }
    if amount == left {
        return Ok(rest(line, units, terms));
    }
    Ok(within(line, amount, Money::ZERO, units, terms))
}

/// A higher price of a line: what is billed more.
pub fn value_more(line: &Billed, amount: Money, units: Decimal, terms: &Terms) -> LineSums {
    heads_of(amount, line.includes_tax, &line.rate, terms).of_note(
        Money::ZERO,
        units,
        terms.is_reverse_charge,
    )
}

/// All that is left of a line.
fn rest(line: &Billed, units: Decimal, terms: &Terms) -> LineSums {
    line.sums.less(&line.credited.sums).of_note(
        line.sums.cess_fixed - line.credited.sums.cess_fixed,
        units,
        terms.is_reverse_charge,
    )
}

/// An amount with its heads, none of them above what is left of that head.
fn within(
    line: &Billed,
    amount: Money,
    cess_fixed: Money,
    units: Decimal,
    terms: &Terms,
) -> LineSums {
    let on = if line.includes_tax {
        amount - cess_fixed
    } else {
        amount
    };
    let left = line.sums.less(&line.credited.sums);
    heads_of(on, line.includes_tax, &line.rate, terms)
        .at_most(&left)
        .of_note(
            cess_fixed.min(left.cess_fixed),
            units,
            terms.is_reverse_charge,
        )
}

impl LineSums {
    /// What is left of a billed line, head by head.
    fn less(&self, given: &LineSums) -> LineSums {
        LineSums {
            taxable: self.taxable - given.taxable,
            cgst: self.cgst - given.cgst,
            sgst: self.sgst - given.sgst,
            igst: self.igst - given.igst,
            cess: self.cess - given.cess,
            cess_fixed: self.cess_fixed - given.cess_fixed,
            ..LineSums::default()
        }
    }

    /// No head above another line's.
    fn at_most(self, most: &LineSums) -> LineSums {
        LineSums {
            taxable: self.taxable.min(most.taxable),
            cgst: self.cgst.min(most.cgst),
            sgst: self.sgst.min(most.sgst),
            igst: self.igst.min(most.igst),
            cess: self.cess.min(most.cess),
            ..self
        }
    }

    /// As a line of a note: nothing was taken off, the price of a unit is what is given back for it.
    fn of_note(self, cess_fixed: Money, units: Decimal, is_reverse_charge: bool) -> LineSums {
        let line = LineSums {
            gross: self.taxable,
            cess_fixed,
            net_price: if units.is_zero() {
                self.taxable.as_decimal()
            } else {
                number::rounded(self.taxable.as_decimal() / units, 3)
            },
            ..self
        };
        LineSums {
            total: if is_reverse_charge {
                line.taxable
            } else {
                line.pay()
            },
            ..line
        }
    }
}
