//! What the lines and the foot of a note come to.

use super::{Correcting, Part, What};
use crate::accounting::model::{Books, Document, DocumentLine, Returned};
use crate::error::AppError;
use crate::kernel::ids::DocumentLineId;
use crate::kernel::language::Said;
use crate::kernel::money::Money;
use crate::tax::bill::{BillSums, LineSums, RoundOff, Terms, add_up, units_back, value_back};
use crate::tax::rules::{Half, Nature, SupplyType};
use rust_decimal::Decimal;

/// A line of a note.
pub(super) struct Noted<'a> {
    pub line: &'a DocumentLine,
    pub units: Decimal,
    pub free: Decimal,
    /// Whether the units come back, or only their price was wrong.
    pub counts_units: bool,
    pub sums: LineSums,
}

impl Noted<'_> {
    /// The same, leaving the tax as it was.
    pub fn without_tax(mut self) -> Self {
        self.sums = LineSums {
            cgst: Money::ZERO,
            sgst: Money::ZERO,
            igst: Money::ZERO,
            cess: Money::ZERO,
            cess_fixed: Money::ZERO,
            total: self.sums.taxable,
            ..self.sums
        };
        self
    }
}

pub(super) fn nothing() -> Said {
    Said::new("Nothing is left to credit.")
}

pub(super) fn find(lines: &[DocumentLine], id: DocumentLineId) -> Result<&DocumentLine, AppError> {
    lines
        .iter()
        .find(|line| line.id == id)
        .ok_or(AppError::NotFound)
}

/// What counted for every line of the original.
pub(super) fn terms(original: &Document) -> Terms {
    let nature = match original.half {
        _ if original.is_inter_state => Nature::Inter,
        Some(half) => Nature::Intra(half),
        None => Nature::Intra(Half::Sgst),
    };
    Terms {
        is_reverse_charge: original.is_reverse_charge,
        is_without_payment: matches!(
            original.supply_type,
            SupplyType::SezWithoutPayment | SupplyType::ExportWithoutPayment
        ),
        ..Terms::plain(nature)
    }
}

pub(super) fn credited_lines<'l>(
    original: &Document,
    lines: &'l [DocumentLine],
    returned: &Returned,
    how: &Correcting,
) -> Result<Vec<Noted<'l>>, Said> {
    let whole = lines.iter().map(|line| (line, None));
    let wanted: Vec<(&DocumentLine, Option<What>)> = match how {
        Correcting::Whole => whole.collect(),
        Correcting::Lines(parts) => {
            let line = |part: &Part| {
                Some((
                    lines.iter().find(|line| line.id == part.line)?,
                    Some(part.what),
                ))
            };
            parts.iter().filter_map(line).collect()
        }
    };
    let terms = terms(original);
    let mut noted = Vec::with_capacity(wanted.len());
    for (line, what) in wanted {
        let (sums, (credited, free)) = (line.sums(), returned.line(line.id));
        let billed = line.billed(&sums, &credited);
        let left = billed.left();
        let (units, counts_units, sums) = match what {
            None if left.is_zero() => continue,
            None => (left, true, units_back(&billed, left, &terms)?),
            Some(What::Units(units)) => (units, true, units_back(&billed, units, &terms)?),
            Some(What::Price(less)) => {
                let amount = Money::rounded(less.as_decimal() * left);
                (left, false, value_back(&billed, amount, left, &terms)?)
            }
            Some(What::Amount(amount)) => (
                Decimal::ONE,
                false,
                value_back(&billed, amount, left, &terms)?,
            ),
        };
        noted.push(Noted {
            line,
            units,
            // With the last units that were paid for, those come back that were free.
            free: if counts_units && units == left {
                line.free_quantity - free
            } else {
                Decimal::ZERO
            },
            counts_units,
            sums,
        });
    }
    if noted.is_empty() {
        Err(nothing())
    } else {
        Ok(noted)
    }
}

/// The foot of a credit note. A whole one mirrors its original, charges and round-off too; all notes together are never more than that.
pub(super) fn foot(
    original: &Document,
    books: &Books,
    noted: &[Noted],
    is_mirror: bool,
) -> Result<BillSums, Said> {
    if is_mirror {
        let lines = noted.iter().map(|noted| noted.line.sums()).collect();
        let mut sums = add_up(
            lines,
            original.late_discount,
            original.other_charges,
            RoundOff::Exact,
        )?;
        (sums.round_off, sums.total) = (original.round_off, original.total);
        return Ok(sums);
    }
    let lines: Vec<LineSums> = noted.iter().map(|noted| noted.sums).collect();
    let rounded = add_up(lines.clone(), Money::ZERO, Money::ZERO, books.round_off)?;
    let left = original.total - books.credited;
    if rounded.total <= left {
        return Ok(rounded);
    }
    let mut exact = add_up(lines, Money::ZERO, Money::ZERO, RoundOff::Exact)?;
    let over = exact.total - left;
    if over > Money::ZERO {
        // The lines are never more than the original's; its discount after tax and its round-off may be what they are over by.
        if over <= Money::from_paise(50) {
            exact.round_off = -over;
        } else {
            exact.late_discount = over.min(exact.total);
        }
        exact.total = exact.total - over.min(exact.total);
    }
    Ok(exact)
}
