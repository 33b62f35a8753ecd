//! What the lines and the foot of a note come to.

use super::{Correcting, NoteDraft, Part, What, Wrong};
use crate::accounting::model::{Books, Document, DocumentLine};
use crate::accounting::rules::document::Kind;
use crate::accounting::rules::notes::most_rounded;
use crate::error::AppError;
use crate::kernel::ids::DocumentLineId;
use crate::kernel::language::Said;
use crate::kernel::money::Money;
use crate::logistics::actions::PartBack;
use crate::tax::bill::{
    BillSums, LineSums, RoundOff, Terms, add_up, units_back, value_back, value_more,
};
use crate::tax::rules::{Half, Nature, SupplyType};
use rust_decimal::Decimal;

/// A line of a note.
pub(super) struct Noted {
    pub line: DocumentLine,
    pub units: Decimal,
    pub free: Decimal,
    /// Whether the units come back, or only their price was wrong.
    pub counts_units: bool,
    pub sums: LineSums,
}

impl Noted {
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

    /// What it comes to as its price is: with tax where that holds it.
    pub fn as_priced(&self, sums: &LineSums) -> Money {
        if self.line.includes_tax {
            sums.taxable + sums.tax()
        } else {
            sums.taxable
        }
    }

    /// Its goods, where it takes any back.
    pub fn comes_back(&self) -> Option<PartBack> {
        let units = self.units + self.free;
        if !self.counts_units || units.is_zero() {
            return None;
        }
        Some(PartBack {
            shipment_line: self.line.shipment_line_id?,
            order_line: self.line.order_line_id?,
            product: self.line.product_id?,
            units,
        })
    }
}

pub(super) fn nothing() -> Said {
    Said::new("Nothing is left to credit.")
}

fn find(lines: &[DocumentLine], id: DocumentLineId) -> Result<&DocumentLine, AppError> {
    lines
        .iter()
        .find(|line| line.id == id)
        .ok_or(AppError::NotFound)
}

/// What counted for every line of the original.
fn terms(original: &Document) -> Terms {
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

/// The lines that somebody wants corrected, each once.
fn wanted<'d>(
    draft: &'d NoteDraft,
    parts: &[Part],
) -> Result<Vec<(&'d DocumentLine, What)>, AppError> {
    let mut wanted: Vec<(&DocumentLine, What)> = Vec::with_capacity(parts.len());
    for part in parts {
        let line = find(&draft.lines, part.line)?;
        if wanted.iter().any(|(known, _)| known.id == line.id) {
            return Err(AppError::Malformed(format!("line {} twice", line.id)));
        }
        wanted.push((line, part.what));
    }
    Ok(wanted)
}

/// A debit note never counts units, so none can be counted back.
fn no_units_on_debit() -> Said {
    Said::new("A debit note is about amounts, not about units.")
}

/// A line of a credit note; nothing where nothing of the line is left.
fn credited_line(
    draft: &NoteDraft,
    line: &DocumentLine,
    what: Option<What>,
) -> Result<Option<Noted>, Said> {
    let terms = terms(&draft.original);
    let (sums, (credited, free)) = (line.sums(), draft.returned.line(line.id));
    let billed = line.billed(&sums, &credited);
    let left = billed.left();
    let (units, counts_units, sums) = match what {
        None if left.is_zero() => return Ok(None),
        None => (left, true, units_back(&billed, left, &terms)?),
        Some(What::Units(_)) if draft.original.kind == Kind::DebitNote => {
            return Err(no_units_on_debit());
        }
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
    Ok(Some(Noted {
        line: line.clone(),
        units,
        // With the last units that were paid for, those come back that were free.
        free: if counts_units && units == left {
            line.free_quantity - free
        } else {
            Decimal::ZERO
        },
        counts_units,
        sums,
    }))
}

/// The lines of a credit note; or what is wrong with them.
pub(super) fn credited_lines(
    draft: &NoteDraft,
    how: &Correcting,
) -> Result<Result<Vec<Noted>, Vec<Wrong>>, AppError> {
    let wanted: Vec<(&DocumentLine, Option<What>)> = match how {
        Correcting::Whole => draft.lines.iter().map(|line| (line, None)).collect(),
        Correcting::Lines(parts) => wanted(draft, parts)?
            .into_iter()
            .map(|(line, what)| (line, Some(what)))
            .collect(),
    };
    let (mut noted, mut wrong) = (Vec::with_capacity(wanted.len()), Vec::new());
    for (line, what) in wanted {
        match credited_line(draft, line, what) {
            Ok(one) => noted.extend(one),
            Err(said) => wrong.push(Wrong::of(line.id, said)),
        }
    }
    if noted.is_empty() && wrong.is_empty() {
        wrong.push(Wrong::all(nothing()));
    }
    Ok(if wrong.is_empty() {
        Ok(noted)
    } else {
        Err(wrong)
    })
}

/// A line of a debit note.
fn debited_line(draft: &NoteDraft, line: &DocumentLine, what: What) -> Result<Noted, Said> {
    let (sums, (credited, _)) = (line.sums(), draft.returned.line(line.id));
    let billed = line.billed(&sums, &credited);
    let left = billed.left();
    let amount = match what {
        What::Units(_) => {
            return Err(no_units_on_debit());
        }
        What::Price(more) => Money::rounded(more.as_decimal() * left),
        What::Amount(more) => more,
    };
    if amount <= Money::ZERO {
        return Err(Said::new("The amount must be more than zero."));
    }
    Ok(Noted {
        line: line.clone(),
        units: match what {
            What::Price(_) => left,
            _ => Decimal::ONE,
        },
        free: Decimal::ZERO,
        counts_units: false,
        sums: value_more(&billed, amount, left, &terms(&draft.original)),
    })
}

/// The lines of a debit note; or what is wrong with them.
pub(super) fn debited_lines(
    draft: &NoteDraft,
    parts: &[Part],
) -> Result<Result<Vec<Noted>, Vec<Wrong>>, AppError> {
    let (mut noted, mut wrong) = (Vec::with_capacity(parts.len()), Vec::new());
    for (line, what) in wanted(draft, parts)? {
        match debited_line(draft, line, what) {
            Ok(one) => noted.push(one),
            Err(said) => wrong.push(Wrong::of(line.id, said)),
        }
    }
    Ok(if wrong.is_empty() {
        Ok(noted)
    } else {
        Err(wrong)
    })
}

/// Whether nothing is left of any line after these: no value, and no tax where notes of this kind give tax back.
fn leaves_nothing(draft: &NoteDraft, noted: &[Noted]) -> bool {
    draft.lines.iter().all(|line| {
        let (credited, _) = draft.returned.line(line.id);
        let now = noted.iter().find(|noted| noted.line.id == line.id);
        let now = now.map_or_else(LineSums::default, |noted| noted.sums);
        let is_untaxed = draft.kind == Kind::CommercialNote;
        line.taxable <= credited.sums.taxable + now.taxable
            && (is_untaxed || line.sums().tax() <= credited.sums.tax() + now.tax())
    })
}

/// The foot of a credit note. The one that leaves nothing of any line closes its original, with what is left of charges, late discount and
/// round-off; all notes together are never more than that.
pub(super) fn foot(draft: &NoteDraft, noted: &[Noted], is_mirror: bool) -> Result<BillSums, Said> {
    let (original, books) = (&draft.original, &draft.books);
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
    let is_last = leaves_nothing(draft, noted);
    if is_last && draft.kind == Kind::CreditNote {
        return closing(original, books, lines);
    }
    let charges = if is_last {
        books.charges_left(original)
    } else {
        Money::ZERO
    };
    let rounded = add_up(lines.clone(), Money::ZERO, charges, books.round_off)?;
    let left = original.total - books.credited;
    if rounded.total <= left {
        return Ok(rounded);
    }
    let mut exact = add_up(lines, Money::ZERO, charges, RoundOff::Exact)?;
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

/// The foot of the note that closes its original: it comes to all that the notes before it left.
fn closing(original: &Document, books: &Books, lines: Vec<LineSums>) -> Result<BillSums, Said> {
    let mut sums = add_up(lines, Money::ZERO, Money::ZERO, RoundOff::Exact)?;
    let total = (original.total - books.credited).max(Money::ZERO);
    sums.other_charges = books.charges_left(original);
    sums.late_discount = (original.late_discount - books.credited_discount).max(Money::ZERO);
    let off = total - (sums.total + sums.other_charges - sums.late_discount);
    // What the notes before it were rounded by, all of it the other way round.
    sums.round_off = off.clamp(-most_rounded(), most_rounded());
    sums.other_charges += (off - sums.round_off).max(Money::ZERO);
    sums.late_discount += (sums.round_off - off).max(Money::ZERO);
    sums.total = total;
    Ok(sums)
}
