//! Credit and debit notes: less or more is owed than a document says, at the rates of that document.

use super::issue::{
    Issued, NewDocument, NewLine, gst_type, insert_lines, number, refusal, send_later,
};
use crate::accounting::model::{Books, Document, DocumentLine, Returned, Series};
use crate::accounting::rules::document::{Kind, Reason};
use crate::accounting::rules::kind::{Facts, Liability, liability};
use crate::accounting::rules::notes::{credit_kind, may_note};
use crate::error::AppError;
use crate::kernel::dates;
use crate::kernel::ids::{DocumentId, DocumentLineId, EntryId};
use crate::kernel::language::Said;
use crate::kernel::money::{Money, UnitPrice};
use crate::ledger::actions::{Posting, Source, allocate, post};
use crate::ledger::rules::Cause;
use crate::orders::actions::event;
use crate::orders::model::Order;
use crate::platform::db::Scope;
use crate::tax::bill::{
    BillSums, LineSums, RoundOff, Terms, add_up, main_hsn, units_back, value_back, value_more,
};
use crate::tax::rules::{Half, Nature, SupplyType, Treatment};
use rust_decimal::Decimal;

/// What is corrected.
#[derive(Clone, Debug)]
pub enum Correcting {
    /// All that is left of the document.
    Whole,
    /// So much of some lines.
    Lines(Vec<Part>),
}

/// A line that is corrected.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    /// The line of the original.
    pub line: DocumentLineId,
    /// What of it.
    pub what: What,
}

/// What of a line is corrected. Amounts are with tax where the line's price is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum What {
    /// So many units, at what was charged for them.
    Units(Decimal),
    /// So much less, or more, for every unit that was not taken back.
    Price(Money),
    /// So much less, or more, in all.
    Amount(Money),
}

/// Writes a credit note. After the last day for it, one that leaves the tax as it was. Locks order, account, series.
///
/// What can't be credited comes back in words, and nothing was written.
///
/// # Errors
/// When the database refuses.
pub fn credit(
    scope: &mut Scope,
    who: &str,
    document: &Document,
    how: &Correcting,
    (reason, words): (Reason, &str),
) -> Result<Result<Issued, Said>, AppError> {
    let fresh = lock(scope, document)?;
    credit_locked(scope, who, &fresh, how, (reason, words))
}

/// Locks what all notes on a document lock first, and reads it as it is then.
fn lock(scope: &mut Scope, document: &Document) -> Result<Document, AppError> {
    match document.order_id {
        Some(order) => {
            Order::lock_by_id(scope, order)?;
            Document::by_id(scope, document.id)
        }
        None => Document::lock(scope, document.id),
    }
}

/// The same for a document whose order is locked already.
pub(super) fn credit_locked(
    scope: &mut Scope,
    who: &str,
    original: &Document,
    how: &Correcting,
    why: (Reason, &str),
) -> Result<Result<Issued, Said>, AppError> {
    if let Err(said) = may_note(&original.number, original.kind, original.status) {
        return Ok(Err(said));
    }
    let today = dates::today(scope.now());
    let kind = credit_kind(original.document_date, today);
    let lines = DocumentLine::find(scope, original.id)?;
    let returned = Returned::of(scope, original.id)?;
    let books = Books::of(scope, original.id, today, kind.as_str())?;
    let parts = match credited_lines(original, &lines, &returned, how) {
        Ok(parts) => parts,
        Err(said) => return Ok(Err(said)),
    };
    let parts = if kind == Kind::CommercialNote {
        parts.into_iter().map(Noted::without_tax).collect()
    } else {
        parts
    };
    let is_mirror =
        matches!(how, Correcting::Whole) && !books.has_credits && kind == Kind::CreditNote;
    let sums = match foot(original, &books, &parts, is_mirror) {
        Ok(sums) => sums,
        Err(said) => return Ok(Err(said)),
    };
    write(scope, who, (original, &books), (kind, &parts, &sums), why).map(Ok)
}

/// Writes a debit note: more is owed than the document says. It never counts units. Locks order, account, series.
///
/// # Errors
/// When the database refuses.
pub fn debit(
    scope: &mut Scope,
    who: &str,
    document: &Document,
    parts: &[Part],
    why: (Reason, &str),
) -> Result<Result<Issued, Said>, AppError> {
    let original = &lock(scope, document)?;
    if let Err(said) = may_note(&original.number, original.kind, original.status) {
        return Ok(Err(said));
    }
    let today = dates::today(scope.now());
    let lines = DocumentLine::find(scope, original.id)?;
    let returned = Returned::of(scope, original.id)?;
    let books = Books::of(scope, original.id, today, Kind::DebitNote.as_str())?;
    let mut noted = Vec::with_capacity(parts.len());
    for part in parts {
        let line = find(&lines, part.line)?;
        let (sums, (credited, _)) = (line.sums(), returned.line(line.id));
        let billed = line.billed(&sums, &credited);
        let units = billed.left();
        let amount = match part.what {
            What::Units(_) => {
                return Ok(Err(Said::new(
                    "A debit note is about amounts, not about units.",
                )));
            }
            What::Price(more) => Money::rounded(more.as_decimal() * units),
            What::Amount(more) => more,
        };
        if amount <= Money::ZERO {
            return Ok(Err(Said::new("The amount must be more than zero.")));
        }
        noted.push(Noted {
            line,
            units: match part.what {
                What::Price(_) => units,
                _ => Decimal::ONE,
            },
            free: Decimal::ZERO,
            counts_units: false,
            sums: value_more(&billed, amount, units, &terms(original)),
        });
    }
    let sums = noted.iter().map(|noted| noted.sums).collect();
    let sums = match add_up(sums, Money::ZERO, Money::ZERO, books.round_off) {
        Ok(sums) if !noted.is_empty() => sums,
        Ok(_) => return Ok(Err(nothing())),
        Err(said) => return Ok(Err(said)),
    };
    write(
        scope,
        who,
        (original, &books),
        (Kind::DebitNote, &noted, &sums),
        why,
    )
    .map(Ok)
}

/// A line of a note.
struct Noted<'a> {
    line: &'a DocumentLine,
    units: Decimal,
    free: Decimal,
    /// Whether the units come back, or only their price was wrong.
    counts_units: bool,
    sums: LineSums,
}

impl Noted<'_> {
    fn without_tax(mut self) -> Self {
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

fn nothing() -> Said {
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

fn credited_lines<'l>(
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
fn foot(
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

fn write(
    scope: &mut Scope,
    who: &str,
    (original, books): (&Document, &Books),
    (kind, noted, sums): (Kind, &[Noted], &BillSums),
    (reason, words): (Reason, &str),
) -> Result<Issued, AppError> {
    let (id, now) = (DocumentId::new(), scope.now());
    let today = dates::today(now);
    let series = match books.series {
        Some(series) => series,
        None => Series::usual(scope, original.registration_id, kind)?,
    };
    let is_debit = kind == Kind::DebitNote;
    let due_on = is_debit.then(|| {
        let given = original.due_on.unwrap_or(original.document_date) - original.document_date;
        today + given
    });
    let posting = Posting {
        id: EntryId::from(id.uuid()),
        kind: kind.entry(),
        entry_date: today,
        due_on,
        amount: if is_debit { sums.total } else { -sums.total },
        source: Source::Document(id),
        reason: None,
    };
    post(scope, original.customer_id, who, &[posting], Money::ZERO)?;
    insert_lines(scope, &new_lines(original, (id, kind), noted, sums, now))?;
    let set = sums.total.min(books.open);
    if !is_debit && set > Money::ZERO {
        let parts = [(EntryId::from(original.id.uuid()), set)];
        allocate(scope, EntryId::from(id.uuid()), &parts, Cause::Note, who)?;
    }
    if let Some(order) = original.order_id {
        let said = if is_debit {
            Said::new("{number} was corrected: {total} more. {reason}")
        } else {
            Said::new("{number} was corrected: {total} less. {reason}")
        };
        let said = said
            .with("number", &original.number)
            .with("total", sums.total)
            .with("reason", words);
        event(
            scope,
            (order, original.customer_id),
            who,
            &[("credited", said, false)],
        )?;
    }
    let liability = liability(&Facts {
        kind,
        day: today,
        from: books.einvoice_from,
        supplier_type: &original.supplier_type,
        supply_type: original.supply_type,
        turnover: books.turnover,
        is_taxable: noted
            .iter()
            .any(|noted| noted.line.treatment == Treatment::Taxable),
    });
    if matches!(liability, Liability::Pending { .. }) {
        send_later(scope, id)?;
    }
    let document = NewDocument::note(original, (id, kind, due_on), (reason, words), who, scope)
        .about(
            noted
                .iter()
                .zip(&sums.lines)
                .map(|(noted, sums)| (noted.line.hsn.as_str(), sums.taxable)),
        )
        .with(sums);
    let (number, url_no) = number(scope, &document, series, &liability)
        .map_err(|error| refusal(error, &original.number))?;
    Ok(Issued {
        id,
        kind,
        number,
        url_no,
        total: sums.total,
    })
}

fn new_lines(
    original: &Document,
    (id, kind): (DocumentId, Kind),
    noted: &[Noted],
    sums: &BillSums,
    now: chrono::DateTime<chrono::Utc>,
) -> Vec<NewLine> {
    (1..)
        .zip(noted.iter().zip(&sums.lines))
        .map(|(position, (noted, sums))| {
            let from = noted.line.clone();
            NewLine {
                id: DocumentLineId::new(),
                document_id: id,
                kind,
                customer_id: original.customer_id,
                position,
                order_line_id: from.order_line_id,
                shipment_line_id: from.shipment_line_id.filter(|_| noted.counts_units),
                original_line_id: Some(from.id),
                product_id: from.product_id,
                sku: from.sku,
                name: from.name,
                name_hi: from.name_hi,
                hsn: from.hsn,
                unit: from.unit,
                pack_size: from.pack_size,
                pack_name: from.pack_name,
                quantity: noted.units,
                free_quantity: noted.free,
                price: if noted.counts_units {
                    from.price
                } else {
                    UnitPrice::default()
                },
                includes_tax: from.includes_tax,
                net_price: Decimal::ZERO,
                gross: Money::ZERO,
                line_discount: Money::ZERO,
                shared_discount: Money::ZERO,
                discount: Money::ZERO,
                treatment: from.treatment,
                tax_rate: from.tax_rate,
                cess_rate: from.cess_rate,
                cess_per_unit: from.cess_per_unit,
                taxable: Money::ZERO,
                cgst: Money::ZERO,
                sgst: Money::ZERO,
                igst: Money::ZERO,
                cess: Money::ZERO,
                cess_fixed: Money::ZERO,
                total: Money::ZERO,
                created_at: now,
            }
            .with(sums)
        })
        .collect()
}

impl NewDocument {
    /// A note on a document, before its sums: both sides are as they were.
    fn note(
        original: &Document,
        (id, kind, due_on): (DocumentId, Kind, Option<chrono::NaiveDate>),
        (reason, words): (Reason, &str),
        who: &str,
        scope: &Scope,
    ) -> Self {
        let mut parties = original.parties.clone();
        if let Some(parties) = parties.as_object_mut() {
            let about = serde_json::json!({
                "number": original.number, "date": original.document_date, "total": original.total.as_decimal(),
            });
            parties.insert("original".to_owned(), about);
        }
        Self {
            id,
            kind: kind.as_str(),
            gst_type: gst_type(kind),
            registration_id: original.registration_id,
            day: dates::today(scope.now()),
            due_on,
            customer_id: original.customer_id,
            order_id: original.order_id,
            shipment_id: original.shipment_id,
            original_id: Some(original.id),
            reason: Some(reason.as_str()),
            reason_note: Some(words.to_owned()).filter(|words| !words.is_empty()),
            supplier_gstin: original.supplier_gstin.clone(),
            supplier_type: original.supplier_type.clone(),
            buyer_kind: original.buyer_kind.as_str(),
            buyer_gstin: original.buyer_gstin.clone(),
            supply_type: original.supply_type.as_str(),
            place_of_supply: original.place_of_supply.as_str(),
            place_reason: original.place_reason.clone(),
            is_inter_state: original.is_inter_state,
            half: original.half.map(Half::as_str),
            is_reverse_charge: original.is_reverse_charge,
            undertaking_id: original.undertaking_id,
            currency: None,
            fx_rate: None,
            fx_source: None,
            po_number: original.po_number.clone(),
            parties,
            discount: Decimal::ZERO,
            taxable: Decimal::ZERO,
            cgst: Decimal::ZERO,
            sgst: Decimal::ZERO,
            igst: Decimal::ZERO,
            cess: Decimal::ZERO,
            late_discount: Decimal::ZERO,
            other_charges: Decimal::ZERO,
            round_off: Decimal::ZERO,
            total: Decimal::ZERO,
            total_fc: None,
            item_count: 0,
            main_hsn: String::new(),
            issued_at: scope.now(),
            issued_by: scope.member().user(),
            issued_by_name: who.to_owned(),
        }
    }

    /// The same with the main code of these lines.
    fn about<'l>(mut self, lines: impl Iterator<Item = (&'l str, Money)>) -> Self {
        main_hsn(lines).clone_into(&mut self.main_hsn);
        self
    }
}
