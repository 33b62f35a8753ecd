//! How documents and their lines are written.

use super::{Draft, Issuing};
use crate::accounting::actions::money_letters::are_wanted;
use crate::accounting::rules::document::Kind;
use crate::accounting::rules::kind::Liability;
use crate::error::AppError;
use crate::kernel::ids::{
    CustomerId, DocumentId, DocumentLineId, JobId, OrderId, OrderLineId, ProductId, RegistrationId,
    SeriesId, ShipmentId, ShipmentLineId, UndertakingId, UserId,
};
use crate::kernel::language::Said;
use crate::kernel::money::{Money, UnitPrice};
use crate::platform::db::schema::document_lines;
use crate::platform::db::{Scope, prepared};
use crate::tax::bill::{BillSums, LineSums, main_hsn};
use crate::tax::rules::{Nature, Treatment};
use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Bool, Date, Jsonb, Nullable, Text, Uuid as SqlUuid};
use rust_decimal::Decimal;
use serde::Serialize;
use serde_json::Value as Json;

/// Lines in a statement: each binds some forty values, and a statement takes 65,535.
const LINES_AT_ONCE: usize = 1_000;

/// A line of a document, to be written.
#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = document_lines)]
pub struct NewLine {
    pub id: DocumentLineId,
    pub document_id: DocumentId,
    pub kind: Kind,
    pub customer_id: CustomerId,
    pub position: i32,
    pub order_line_id: Option<OrderLineId>,
    pub shipment_line_id: Option<ShipmentLineId>,
    pub original_line_id: Option<DocumentLineId>,
    pub product_id: Option<ProductId>,
    pub sku: String,
    pub name: String,
    pub name_hi: Option<String>,
    pub hsn: String,
    pub unit: Option<String>,
    pub pack_size: Decimal,
    pub pack_name: Option<String>,
    pub quantity: Decimal,
    pub free_quantity: Decimal,
    pub price: UnitPrice,
    pub includes_tax: bool,
    pub net_price: Decimal,
    pub gross: Money,
    pub line_discount: Money,
    pub shared_discount: Money,
    pub discount: Money,
    pub treatment: Treatment,
    pub tax_rate: Decimal,
    pub cess_rate: Decimal,
    pub cess_per_unit: Decimal,
    pub taxable: Money,
    pub cgst: Money,
    pub sgst: Money,
    pub igst: Money,
    pub cess: Money,
    pub cess_fixed: Money,
    pub total: Money,
    pub created_at: DateTime<Utc>,
}

impl NewLine {
    /// The same line with other amounts.
    pub fn with(self, sums: &LineSums) -> Self {
        Self {
            net_price: sums.net_price,
            gross: sums.gross,
            line_discount: sums.line_discount,
            shared_discount: sums.shared_discount,
            discount: sums.discount,
            taxable: sums.taxable,
            cgst: sums.cgst,
            sgst: sums.sgst,
            igst: sums.igst,
            cess: sums.cess,
            cess_fixed: sums.cess_fixed,
            total: sums.total,
            ..self
        }
    }
}

/// Writes lines; their document follows in the same transaction.
///
/// # Errors
/// When the database refuses.
pub fn insert_lines(scope: &mut Scope, lines: &[NewLine]) -> Result<(), AppError> {
    for some in lines.chunks(LINES_AT_ONCE) {
        let some = some.to_vec();
        scope.execute(diesel::insert_into(document_lines::table).values(some))?;
    }
    Ok(())
}

/// A document's row as the statement reads it: JSON, because it has more columns than a statement is readable with.
#[derive(Clone, Debug, Serialize)]
pub struct NewDocument {
    pub id: DocumentId,
    pub kind: &'static str,
    pub gst_type: Option<&'static str>,
    pub registration_id: RegistrationId,
    #[serde(skip)]
    pub day: NaiveDate,
    pub due_on: Option<NaiveDate>,
    pub customer_id: CustomerId,
    pub order_id: Option<OrderId>,
    pub shipment_id: Option<ShipmentId>,
    pub original_id: Option<DocumentId>,
    pub reason: Option<&'static str>,
    pub reason_note: Option<String>,
    pub supplier_gstin: String,
    pub supplier_type: String,
    pub buyer_kind: &'static str,
    pub buyer_gstin: Option<String>,
    pub supply_type: &'static str,
    pub place_of_supply: &'static str,
    pub place_reason: Option<String>,
    pub is_inter_state: bool,
    pub half: Option<&'static str>,
    pub is_reverse_charge: bool,
    pub undertaking_id: Option<UndertakingId>,
    pub currency: Option<String>,
    pub fx_rate: Option<Decimal>,
    pub fx_source: Option<String>,
    pub fx_on: Option<NaiveDate>,
    pub po_number: Option<String>,
    pub parties: Json,
    pub discount: Decimal,
    pub taxable: Decimal,
    pub cgst: Decimal,
    pub sgst: Decimal,
    pub igst: Decimal,
    pub cess: Decimal,
    pub late_discount: Decimal,
    pub other_charges: Decimal,
    pub round_off: Decimal,
    pub total: Decimal,
    pub total_fc: Option<Decimal>,
    pub item_count: usize,
    pub main_hsn: String,
    pub issued_at: DateTime<Utc>,
    pub issued_by: Option<UserId>,
    pub issued_by_name: String,
}

/// As returns and e-invoices call a kind.
pub const fn gst_type(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::Invoice => Some("INV"),
        Kind::CreditNote => Some("CRN"),
        Kind::DebitNote => Some("DBN"),
        Kind::BillOfSupply | Kind::CommercialNote => None,
    }
}

impl NewDocument {
    /// The invoice, or bill of supply, of a shipment.
    pub(super) fn invoice(
        draft: &Draft,
        issuing: &Issuing,
        (id, bill): (DocumentId, &BillSums),
        who: &str,
        scope: &Scope,
    ) -> Self {
        let setting = &draft.setting;
        let by_value = draft.lines.iter().zip(&bill.lines);
        let main = main_hsn(by_value.map(|(line, sums)| (line.line.hsn.as_str(), sums.taxable)));
        let half = match draft.nature {
            Nature::Inter => None,
            Nature::Intra(half) => Some(half.as_str()),
        };
        let fx = issuing.fx.as_ref();
        Self {
            id,
            kind: draft.kind.as_str(),
            gst_type: gst_type(draft.kind),
            registration_id: setting.registration_id,
            day: draft.day,
            due_on: Some(draft.due_on),
            customer_id: setting.customer_id,
            order_id: Some(setting.order_id),
            shipment_id: Some(setting.shipment_id),
            original_id: None,
            reason: None,
            reason_note: None,
            supplier_gstin: setting.supplier_gstin.clone(),
            supplier_type: setting.supplier_type.clone(),
            buyer_kind: setting.buyer_kind.as_str(),
            buyer_gstin: setting.buyer_gstin.clone(),
            supply_type: draft.supply_type.as_str(),
            place_of_supply: draft.place.as_str(),
            place_reason: draft.place_reason.clone(),
            is_inter_state: draft.nature == Nature::Inter,
            half,
            is_reverse_charge: issuing.is_reverse_charge,
            undertaking_id: setting
                .undertaking_id
                .filter(|_| draft.is_without_payment()),
            currency: fx.map(|fx| fx.currency.clone()),
            fx_rate: fx.map(|fx| fx.rate),
            fx_source: fx.map(|fx| fx.source.clone()),
            fx_on: fx.map(|fx| fx.on),
            po_number: setting.po_number.clone(),
            parties: setting.parties.clone(),
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
            item_count: bill.lines.len(),
            main_hsn: main.to_owned(),
            issued_at: scope.now(),
            issued_by: scope.member().user(),
            issued_by_name: who.to_owned(),
        }
        .with(bill)
    }

    /// The same document with these sums.
    pub fn with(self, bill: &BillSums) -> Self {
        Self {
            discount: bill.discount.as_decimal(),
            taxable: bill.taxable.as_decimal(),
            cgst: bill.cgst.as_decimal(),
            sgst: bill.sgst.as_decimal(),
            igst: bill.igst.as_decimal(),
            cess: bill.cess.as_decimal(),
            late_discount: bill.late_discount.as_decimal(),
            other_charges: bill.other_charges.as_decimal(),
            round_off: bill.round_off.as_decimal(),
            total: bill.total.as_decimal(),
            total_fc: bill.total_fc.map(Money::as_decimal),
            item_count: bill.lines.len(),
            ..self
        }
    }
}

#[derive(QueryableByName)]
struct Numbered {
    #[diesel(sql_type = Text)]
    number: String,
    #[diesel(sql_type = Text)]
    url_no: String,
}

/// Writes a document, with its number and with how it stands at the authority. Nothing may follow but the commit: whoever has taken a number
/// holds its series until then. `from` is the first day of e-invoicing by which its state was decided.
///
/// # Errors
/// `Refused` when that day has changed meanwhile.
#[expect(
    clippy::disallowed_methods,
    reason = "a document, its number and its e-invoice in one statement"
)]
pub fn number(
    scope: &mut Scope,
    document: &NewDocument,
    series: SeriesId,
    (liability, from): (&Liability, Option<NaiveDate>),
) -> Result<(String, String), AppError> {
    let row = serde_json::to_value(document).map_err(AppError::internal)?;
    let (status, why, last_day) = match liability {
        Liability::NotRequired(why) => ("not_required", Some(*why), None),
        Liability::Pending { last_day } => ("pending", None, *last_day),
    };
    let statement = prepared(include_str!("document.sql"))
        .bind::<Jsonb, _>(row)
        .bind::<SqlUuid, _>(series)
        .bind::<Date, _>(document.day)
        .bind::<Text, _>(status)
        .bind::<Nullable<Text>, _>(why)
        .bind::<Nullable<Date>, _>(last_day)
        .bind::<Nullable<Date>, _>(from)
        // Of bills another job tells, which is queued with what else follows them.
        .bind::<Bool, _>(document.original_id.is_some() && are_wanted(scope))
        .bind::<SqlUuid, _>(JobId::new());
    let done: Option<Numbered> = scope.maybe(statement)?;
    done.map(|done| (done.number, done.url_no)).ok_or_else(|| {
        AppError::refused(Said::new(
            "Somebody changed the settings for e-invoices at this moment. Issue it again.",
        ))
    })
}

impl Draft {
    /// Its lines, to be written.
    pub(super) fn new_lines(
        &self,
        document: DocumentId,
        now: DateTime<Utc>,
        bill: &BillSums,
    ) -> Vec<NewLine> {
        let lines = (1..).zip(self.lines.iter().zip(&bill.lines));
        lines
            .map(|(position, (line, sums))| {
                let rate = line.bill.rate;
                let (from, unit) = (&line.line, line.unit().map(str::to_owned));
                NewLine {
                    id: DocumentLineId::new(),
                    document_id: document,
                    kind: self.kind,
                    customer_id: self.setting.customer_id,
                    position,
                    order_line_id: Some(from.order_line),
                    shipment_line_id: from.shipment_line,
                    original_line_id: None,
                    product_id: Some(from.product_id),
                    sku: from.sku.clone(),
                    name: from.name.clone(),
                    name_hi: line.name_hi.clone(),
                    hsn: from.hsn.clone(),
                    unit,
                    pack_size: from.pack_size,
                    pack_name: from.pack_name.clone(),
                    quantity: line.quantity.as_decimal(),
                    free_quantity: line.free,
                    price: line.bill.price,
                    includes_tax: line.bill.includes_tax,
                    net_price: sums.net_price,
                    gross: sums.gross,
                    line_discount: sums.line_discount,
                    shared_discount: sums.shared_discount,
                    discount: sums.discount,
                    treatment: rate.treatment,
                    tax_rate: rate.gst,
                    cess_rate: rate.cess,
                    cess_per_unit: rate.cess_per_unit,
                    taxable: sums.taxable,
                    cgst: sums.cgst,
                    sgst: sums.sgst,
                    igst: sums.igst,
                    cess: sums.cess,
                    cess_fixed: sums.cess_fixed,
                    total: sums.total,
                    created_at: now,
                }
            })
            .collect()
    }
}
