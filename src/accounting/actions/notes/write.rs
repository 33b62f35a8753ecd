//! How notes are written.

use super::sums::Noted;
use super::{NoteDraft, Worked};
use crate::accounting::actions::issue::{
    Issued, NewDocument, NewLine, gst_type, insert_lines, number, refusal, send_later,
};
use crate::accounting::model::{Document, Series};
use crate::accounting::rules::document::{Kind, Reason};
use crate::accounting::rules::kind::{Facts, Liability, liability};
use crate::error::AppError;
use crate::kernel::dates;
use crate::kernel::ids::{DocumentId, DocumentLineId, EntryId};
use crate::kernel::language::Said;
use crate::kernel::money::{Money, UnitPrice};
use crate::ledger::actions::{Posting, Source, allocate_what_fits, post};
use crate::ledger::rules::Cause;
use crate::logistics::actions::{PartBack, mark_part};
use crate::orders::actions::{event, recheck_at_once};
use crate::platform::db::Scope;
use crate::tax::bill::{BillSums, main_hsn};
use crate::tax::rules::{Half, Treatment};
use rust_decimal::Decimal;

/// Why a note is written, and what else follows from it.
pub(super) struct Why<'a> {
    pub reason: Reason,
    pub words: &'a str,
    /// Units that are in stock again already.
    pub back: &'a [PartBack],
    /// Whether orders that wait for credit are looked at again at once.
    pub frees_orders: bool,
}

/// Writes a note: entry, lines, what it is set against, and the document itself.
pub(super) fn write(
    scope: &mut Scope,
    who: &str,
    draft: &NoteDraft,
    worked: &Worked,
    why: &Why,
) -> Result<Issued, AppError> {
    let (original, books, kind) = (&draft.original, &draft.books, draft.kind);
    let (noted, sums) = (&worked.noted, &worked.sums);
    let (id, now) = (DocumentId::new(), scope.now());
    let today = dates::today(now);
    let series = match books.series {
        Some(series) => series,
        None => {
            let gstin = &original.supplier_gstin;
            Series::begin(scope, original.registration_id, gstin, kind)?
        }
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
    if !why.back.is_empty() {
        mark_part(scope, why.back)?;
    }
    if !is_debit && sums.total > Money::ZERO {
        let both = (EntryId::from(id.uuid()), EntryId::from(original.id.uuid()));
        allocate_what_fits(scope, both, Cause::Note, who)?;
    }
    if let Some(order) = original.order_id {
        let happened = happened(draft, sums.total, why);
        event(scope, (order, original.customer_id), who, &happened)?;
    }
    if !is_debit && why.frees_orders {
        recheck_at_once(scope, original.customer_id)?;
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
    let because = (why.reason, why.words);
    let document = NewDocument::note(original, (id, kind, due_on), because, who, scope)
        .about(
            noted
                .iter()
                .zip(&sums.lines)
                .map(|(noted, sums)| (noted.line.hsn.as_str(), sums.taxable)),
        )
        .with(sums);
    let (number, url_no) = number(scope, &document, series, (&liability, books.einvoice_from))
        .map_err(|error| refusal(error, &original.number))?;
    Ok(Issued {
        id,
        kind,
        number,
        url_no,
        total: sums.total,
    })
}

/// What the order's history says of it.
fn happened(draft: &NoteDraft, total: Money, why: &Why) -> Vec<(&'static str, Said, bool)> {
    let said = if draft.kind == Kind::DebitNote {
        Said::new("{number} was corrected: {total} more. {reason}")
    } else {
        Said::new("{number} was corrected: {total} less. {reason}")
    };
    let said = said
        .with("number", &draft.original.number)
        .with("total", total)
        .with("reason", why.words);
    let mut happened = vec![("credited", said, false)];
    if !why.back.is_empty() {
        let back = Said::new("Some of {shipment} came back.").with(
            "shipment",
            draft.books.shipment_no.clone().unwrap_or_default(),
        );
        happened.push(("returned", back, false));
    }
    happened
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
            currency: original.currency.clone(),
            fx_rate: original.fx_rate,
            fx_source: original.fx_source.clone(),
            fx_on: original.fx_on,
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
