//! How a document is worked out from its lines.

use super::{BillLine, BillSums, LineSums, RoundOff, Terms, Whole};
use crate::kernel::language::Said;
use crate::kernel::money::Money;
use crate::kernel::number;
use crate::kernel::quantity::Quantity;
use crate::tax::rules::{Nature, Rate};
use rust_decimal::Decimal;
use std::cmp::Reverse;

/// Works a document out.
///
/// # Errors
/// In words: a discount above what it is taken off, a cess by unit above a price that holds it, more than any total can be.
pub fn bill(lines: &[BillLine], terms: &Terms) -> Result<BillSums, Said> {
    let mut before = Vec::with_capacity(lines.len());
    for (index, line) in lines.iter().enumerate() {
        before.push(Before::of(index + 1, line, terms)?);
    }
    let nets: Vec<Money> = before.iter().map(Before::net).collect();
    let net: Money = nets.iter().copied().sum();
    let (early, late) = match terms.whole {
        Whole::None => (Money::ZERO, Money::ZERO),
        Whole::BeforeTax(discount) => (discount.of(net), Money::ZERO),
        Whole::AfterTax(discount) => (Money::ZERO, discount.of(net)),
    };
    if early.is_negative() || early > net {
        return Err(Said::new(
            "The discount of {discount} is not between nothing and the {amount} of all lines.",
        )
        .with("discount", early)
        .with("amount", net));
    }
    let mut sums = Vec::with_capacity(lines.len());
    for (index, ((line, before), shared)) in lines
        .iter()
        .zip(&before)
        .zip(share(early, &nets))
        .enumerate()
    {
        sums.push(line_sums(index + 1, line, before, shared, terms)?);
    }
    let mut bill = add_up(sums, late, terms.other_charges, terms.round_off)?;
    bill.total_fc = terms.fx.map(|fx| in_currency(&bill.lines, &before, fx));
    Ok(bill)
}

/// The foot of a document of these lines.
///
/// # Errors
/// In words, when a discount after tax is more than all of it, or the total more than any total can be.
pub fn add_up(
    lines: Vec<LineSums>,
    late_discount: Money,
    other_charges: Money,
    round_off: RoundOff,
) -> Result<BillSums, Said> {
    let sum = |of: fn(&LineSums) -> Money| lines.iter().map(of).sum::<Money>();
    let all = sum(|line| line.total);
    if late_discount.is_negative() || late_discount > all + other_charges {
        return Err(Said::new(
            "The discount of {discount} is not between nothing and the {amount} of all lines.",
        )
        .with("discount", late_discount)
        .with("amount", all));
    }
    let before = all - late_discount + other_charges;
    let total = match round_off {
        RoundOff::Rupee => before.to_rupee(),
        RoundOff::Exact => before,
    };
    if total > Money::MOST {
        return Err(too_large());
    }
    Ok(BillSums {
        discount: sum(|line| line.discount),
        taxable: sum(|line| line.taxable),
        cgst: sum(|line| line.cgst),
        sgst: sum(|line| line.sgst),
        igst: sum(|line| line.igst),
        cess: sum(|line| line.cess + line.cess_fixed),
        late_discount,
        other_charges,
        round_off: total - before,
        total,
        total_fc: None,
        lines,
    })
}

fn too_large() -> Said {
    Said::new("An amount must be {most} or less.").with("most", Money::MOST)
}

/// A line before the discount on the whole.
struct Before {
    gross: Money,
    discount: Money,
}

impl Before {
    fn of(number: usize, line: &BillLine, terms: &Terms) -> Result<Self, Said> {
        let gross = line
            .price
            .as_decimal()
            .checked_mul(line.quantity.as_decimal())
            .and_then(|amount| amount.checked_mul(terms.fx.unwrap_or(Decimal::ONE)))
            .filter(|amount| *amount <= Money::MOST.as_decimal())
            .map(Money::rounded)
            .ok_or_else(too_large)?;
        let discount = line.discount.of(gross);
        if discount.is_negative() || discount > gross {
            return Err(
                Said::new("The discount of {discount} on line {line} is not between nothing and its {amount}.")
                    .with("discount", discount)
                    .with("line", number)
                    .with("amount", gross),
            );
        }
        Ok(Self { gross, discount })
    }

    fn net(&self) -> Money {
        self.gross - self.discount
    }
}

/// What of a rate is charged.
fn charged(rate: &Rate, terms: &Terms) -> Rate {
    if !terms.is_without_payment {
        return *rate;
    }
    Rate {
        gst: Decimal::ZERO,
        cess: Decimal::ZERO,
        cess_per_unit: Decimal::ZERO,
        ..*rate
    }
}

/// Value and heads of an amount, each head rounded by itself. With `is_inside` the amount holds them.
pub(super) fn heads_of(amount: Money, is_inside: bool, rate: &Rate, terms: &Terms) -> LineSums {
    let rate = charged(rate, terms);
    let divisor = divisor(is_inside, &rate);
    let part = |per_cent: Decimal| Money::rounded(amount.as_decimal() * per_cent / divisor);
    let (half, igst) = match terms.nature {
        Nature::Inter => (Money::ZERO, part(rate.gst)),
        Nature::Intra(_) => (part(rate.gst / Decimal::TWO), Money::ZERO),
    };
    let cess = part(rate.cess);
    LineSums {
        taxable: if is_inside {
            amount - half - half - igst - cess
        } else {
            amount
        },
        cgst: half,
        sgst: half,
        igst,
        cess,
        ..LineSums::default()
    }
}

/// What an amount is divided by for a per cent of its taxable value.
fn divisor(is_inside: bool, rate: &Rate) -> Decimal {
    if is_inside {
        Decimal::ONE_HUNDRED + rate.gst + rate.cess
    } else {
        Decimal::ONE_HUNDRED
    }
}

fn line_sums(
    number: usize,
    line: &BillLine,
    before: &Before,
    shared: Money,
    terms: &Terms,
) -> Result<LineSums, Said> {
    let rate = charged(&line.rate, terms);
    let net = before.net() - shared;
    let cess_fixed = cess_by_unit(line.quantity, &rate)?;
    let on = if line.includes_tax {
        net - cess_fixed
    } else {
        net
    };
    if on.is_negative() {
        return Err(Said::new(
            "Line {line} comes to {amount}, which does not even pay its cess of {cess}.",
        )
        .with("line", number)
        .with("amount", net)
        .with("cess", cess_fixed));
    }
    let mut sums = heads_of(on, line.includes_tax, &rate, terms);
    sums.cess_fixed = cess_fixed;
    sums.line_discount = before.discount;
    sums.shared_discount = shared;
    let agreed = (before.discount + shared).as_decimal();
    sums.discount =
        Money::rounded(agreed * Decimal::ONE_HUNDRED / divisor(line.includes_tax, &rate));
    sums.gross = sums.taxable + sums.discount;
    sums.net_price = if line.includes_tax {
        number::rounded(sums.gross.as_decimal() / line.quantity.as_decimal(), 3)
    } else {
        let fx = terms.fx.unwrap_or(Decimal::ONE);
        number::rounded(line.price.as_decimal() * fx, 3)
    };
    sums.total = if terms.is_reverse_charge {
        sums.taxable
    } else {
        sums.pay()
    };
    Ok(sums)
}

fn cess_by_unit(quantity: Quantity, rate: &Rate) -> Result<Money, Said> {
    rate.cess_per_unit
        .checked_mul(quantity.as_decimal())
        .filter(|cess| *cess <= Money::MOST.as_decimal())
        .map(Money::rounded)
        .ok_or_else(too_large)
}

/// The prices less the discounts in the document's currency.
fn in_currency(lines: &[LineSums], before: &[Before], fx: Decimal) -> Money {
    let paid = |(line, before): (&LineSums, &Before)| {
        let rupees = before.gross - line.line_discount - line.shared_discount;
        Money::rounded(rupees.as_decimal() / fx)
    };
    lines.iter().zip(before).map(paid).sum()
}

/// Shares an amount out by weights, in whole paise that add up to it: the largest remainders get the paise that are left, of equal ones the
/// earlier. All zero when every weight is.
pub fn share(amount: Money, weights: &[Money]) -> Vec<Money> {
    let paise = |money: Money| i128::from(money.to_paise().unwrap_or_default());
    let (amount, weights) = (
        paise(amount),
        weights.iter().map(|w| paise(*w)).collect::<Vec<_>>(),
    );
    let sum: i128 = weights.iter().sum();
    if sum == 0 {
        return vec![Money::ZERO; weights.len()];
    }
    let mut shares: Vec<i128> = weights.iter().map(|w| amount * w / sum).collect();
    let left = amount - shares.iter().sum::<i128>();
    let mut order: Vec<usize> = (0..weights.len()).collect();
    order.sort_by_key(|at| Reverse(amount * weights[*at] % sum));
    for at in order.into_iter().take(usize::try_from(left).unwrap_or(0)) {
        shares[at] += 1;
    }
    shares
        .into_iter()
        .map(|share| Money::from_paise(i64::try_from(share).unwrap_or_default()))
        .collect()
}

/// The code of the line with the highest taxable value, of equal ones the earlier: what an e-invoice calls its main HSN.
pub fn main_hsn<'a>(lines: impl Iterator<Item = (&'a str, Money)>) -> &'a str {
    let mut main: Option<(&str, Money)> = None;
    for line in lines {
        if main.is_none_or(|(_, most)| line.1 > most) {
            main = Some(line);
        }
    }
    main.map_or("", |(hsn, _)| hsn)
}
