//! Tax documents: rows and queries.

use super::Parties;
use crate::accounting::rules::document::{Family, Kind, Reason, Status};
use crate::accounting::rules::einvoice;
use crate::error::AppError;
use crate::kernel::ids::{
    CustomerId, DocumentId, OrderId, RegistrationId, SeriesId, ShipmentId, UndertakingId, UserId,
};
use crate::kernel::money::Money;
use crate::kernel::state::State;
use crate::orders::model::Order;
use crate::platform::db::Scope;
use crate::platform::db::schema::{documents, einvoices, orders};
use crate::tax::rules::{BuyerKind, Half, SupplyType};
use chrono::{DateTime, NaiveDate, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::Bool;
use rust_decimal::Decimal;
use serde_json::Value as Json;

/// What an address names: `/invoices/MH-26-27-00042?year=2026-27`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocNo {
    /// Under which address it stands.
    pub family: Family,
    /// Its number, with hyphens for slashes.
    pub url_no: String,
    /// Its financial year; `None` is the newest one that has such a number.
    pub year: Option<String>,
}

impl DocNo {
    /// What somebody typed or an address asks for.
    ///
    /// # Errors
    /// `NotFound` for what can be no number.
    pub fn asked(family: Family, url_no: &str, year: Option<&str>) -> Result<Self, AppError> {
        let is_sound =
            |text: &str| (1..=40).contains(&text.len()) && !text.chars().any(char::is_control);
        if !is_sound(url_no) || !year.is_none_or(is_sound) {
            return Err(AppError::NotFound);
        }
        Ok(Self {
            family,
            url_no: url_no.to_owned(),
            year: year.map(str::to_owned),
        })
    }
}

/// A tax document, as issued.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = documents)]
pub struct Document {
    /// The document; its entry in the ledger has the same id.
    pub id: DocumentId,
    /// invoice, bill_of_supply, credit_note, debit_note or commercial_note (a credit without GST).
    pub kind: Kind,
    /// As returns and e-invoices call it: INV, CRN, DBN; null where they don't know it.
    pub gst_type: Option<String>,
    /// issued or cancelled. A cancelled one keeps its number.
    pub status: Status,
    /// The registration that supplies.
    pub registration_id: RegistrationId,
    /// The series of its number.
    pub series_id: SeriesId,
    /// Financial year of its date, e.g. 2026-27.
    pub year: String,
    /// Which number of its series in that year.
    pub sequence: i32,
    /// The number as printed.
    pub number: String,
    /// The number as in addresses.
    pub url_no: String,
    /// The date printed on it, in India.
    pub document_date: NaiveDate,
    /// When it has to be paid.
    pub due_on: Option<NaiveDate>,
    /// The customer.
    pub customer_id: CustomerId,
    /// The order, if it is of one.
    pub order_id: Option<OrderId>,
    /// The shipment, if it is of one.
    pub shipment_id: Option<ShipmentId>,
    /// For a note: the document that it corrects.
    pub original_id: Option<DocumentId>,
    /// For a note: return, price, deficiency, discount or other.
    pub reason: Option<Reason>,
    /// For a note: why, in words.
    pub reason_note: Option<String>,
    /// GSTIN of the registration, as printed.
    pub supplier_gstin: String,
    /// How the registration stood under GST.
    pub supplier_type: String,
    /// How the buyer stood under GST.
    pub buyer_kind: BuyerKind,
    /// GSTIN of the buyer; null is URP.
    pub buyer_gstin: Option<String>,
    /// As e-invoices call it; B2C has none.
    pub supply_type: SupplyType,
    /// GST state code; 96 is abroad.
    pub place_of_supply: State,
    /// Why the place is another than the rules say, where somebody set it.
    pub place_reason: Option<String>,
    /// Whether it bears IGST.
    pub is_inter_state: bool,
    /// What the second half of an intra-state tax is: SGST or UTGST.
    pub half: Option<Half>,
    /// Whether the buyer pays the tax: it is shown and not part of the total.
    pub is_reverse_charge: bool,
    /// The letter of undertaking, without payment of tax.
    pub undertaking_id: Option<UndertakingId>,
    /// Currency of the prices; null is rupees.
    pub currency: Option<String>,
    /// Rupees for one of it.
    pub fx_rate: Option<Decimal>,
    /// Where that rate is from.
    pub fx_source: Option<String>,
    /// Of which day that rate is.
    pub fx_on: Option<NaiveDate>,
    /// The customer's own number.
    pub po_number: Option<String>,
    /// Seller, buyer, delivery and dispatch address, bank, terms and transport, as printed.
    pub parties: Json,
    /// Sum of the discounts before tax, for information, in rupees.
    pub discount: Money,
    /// Sum of the lines before tax, in rupees.
    pub taxable: Money,
    /// Central tax, in rupees.
    pub cgst: Money,
    /// State or union territory tax, in rupees.
    pub sgst: Money,
    /// Integrated tax, in rupees.
    pub igst: Money,
    /// Cess, on the value and by unit, in rupees.
    pub cess: Money,
    /// Discount after tax, in rupees.
    pub late_discount: Money,
    /// Charges without tax, in rupees.
    pub other_charges: Money,
    /// To the rupee, in rupees; on the last credit note of a document also what those before it were rounded by.
    pub round_off: Money,
    /// What is owed or given back, in rupees.
    pub total: Money,
    /// The same in the currency of the prices.
    pub total_fc: Option<Decimal>,
    /// Number of lines.
    pub item_count: i32,
    /// HSN of the line with the highest taxable value.
    pub main_hsn: String,
    /// When it was issued.
    pub issued_at: DateTime<Utc>,
    /// Who issued it; null when the system did.
    pub issued_by: Option<UserId>,
    /// That person's name then.
    pub issued_by_name: String,
    /// When it was cancelled.
    pub cancelled_at: Option<DateTime<Utc>>,
    /// Who cancelled it.
    pub cancelled_by_name: Option<String>,
    /// Why, as the authority counts: 1 duplicate, 2 data entry mistake, 3 order cancelled, 4 others.
    pub cancel_code: Option<i16>,
    /// Why, in words.
    pub cancel_reason: Option<String>,
    /// SHA-256 of GSTIN, year, type and number: the authority gives the same.
    pub irn: Option<String>,
}

impl Document {
    /// Who is on it and where, as printed. What is not there stays empty.
    pub fn parties(&self) -> Parties {
        serde_json::from_value(self.parties.clone()).unwrap_or_default()
    }

    pub(super) fn of<'q>(scope: &Scope) -> documents::BoxedQuery<'q, Pg> {
        documents::table
            .filter(documents::tenant_id.eq(scope.tenant()))
            .into_boxed()
    }

    /// The document that an address names; a buyer finds only its own.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn find(scope: &mut Scope, no: &DocNo) -> Result<Self, AppError> {
        let mut rows = Self::of(scope)
            .filter(documents::kind.eq_any(no.family.kinds()))
            .filter(documents::url_no.eq(no.url_no.clone()))
            .order(documents::year.desc())
            .limit(1);
        if let Some(year) = &no.year {
            rows = rows.filter(documents::year.eq(year.clone()));
        }
        Ok(scope.one(rows.select(Self::as_select()))?)
    }

    /// The document of a number and a financial year, whichever family it is of: of several the bill. Where an address names no year, the
    /// newest: numbers without the year in them come again in each.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn by_number(
        scope: &mut Scope,
        url_no: &str,
        year: Option<&str>,
    ) -> Result<Self, AppError> {
        let asked = DocNo::asked(Family::Bills, url_no, year)?;
        let mut rows = Self::of(scope)
            .filter(documents::url_no.eq(asked.url_no))
            .order(documents::year.desc())
            .limit(10);
        if let Some(year) = asked.year {
            rows = rows.filter(documents::year.eq(year));
        }
        let found: Vec<Self> = scope.load(rows.select(Self::as_select()))?;
        let rank = |document: &Self| match document.kind.family() {
            Family::Bills => 0,
            Family::CreditNotes => 1,
            Family::DebitNotes => 2,
        };
        found.into_iter().min_by_key(rank).ok_or(AppError::NotFound)
    }

    /// The order of the document that an address names, locked: notes on it, its cancelling and what happens to its goods follow one another.
    /// Nothing where it has none.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn lock_order(scope: &mut Scope, no: &DocNo) -> Result<Option<Order>, AppError> {
        let mut its = Self::of(scope)
            .filter(documents::kind.eq_any(no.family.kinds()))
            .filter(documents::url_no.eq(no.url_no.clone()))
            .order(documents::year.desc())
            .limit(1);
        if let Some(year) = &no.year {
            its = its.filter(documents::year.eq(year.clone()));
        }
        let query = orders::table
            .filter(
                orders::tenant_id
                    .eq(scope.tenant())
                    .and(orders::id.eq_any(its.select(documents::order_id.assume_not_null()))),
            )
            .for_update()
            .select(Order::as_select());
        Ok(scope.load(query)?.pop())
    }

    /// The document that an address names, as it is once its order is locked; one without an order is locked itself.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn find_locked(scope: &mut Scope, no: &DocNo) -> Result<Self, AppError> {
        let found = Self::find(scope, no)?;
        match found.order_id {
            Some(_) => Ok(found),
            None => Self::lock(scope, found.id),
        }
    }

    /// The document that an address names and how it stands at the authority, both locked. One statement.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn lock_with_authority(
        scope: &mut Scope,
        no: &DocNo,
    ) -> Result<(Self, einvoice::Status), AppError> {
        let (year, is_any) = (no.year.clone().unwrap_or_default(), no.year.is_none());
        let row = documents::table
            .filter(documents::tenant_id.eq(scope.tenant()))
            .inner_join(
                einvoices::table.on(einvoices::tenant_id
                    .eq(scope.tenant())
                    .and(einvoices::id.eq(documents::id))),
            )
            .filter(documents::kind.eq_any(no.family.kinds()))
            .filter(documents::url_no.eq(no.url_no.clone()))
            .filter(documents::year.eq(year).or(is_any.into_sql::<Bool>()))
            .order(documents::year.desc())
            .limit(1)
            .for_no_key_update()
            .select((Self::as_select(), einvoices::status));
        Ok(scope.one(row)?)
    }

    /// What an address names it by.
    pub fn no(&self) -> DocNo {
        DocNo {
            family: self.kind.family(),
            url_no: self.url_no.clone(),
            year: Some(self.year.clone()),
        }
    }

    /// One document by its id.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn by_id(scope: &mut Scope, id: DocumentId) -> Result<Self, AppError> {
        let row = Self::of(scope)
            .filter(documents::id.eq(id))
            .select(Self::as_select());
        Ok(scope.one(row)?)
    }

    /// Some documents by their ids, by date and number. One statement.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn by_ids(scope: &mut Scope, ids: &[DocumentId]) -> Result<Vec<Self>, AppError> {
        let rows = Self::of(scope)
            .filter(documents::id.eq_any(ids.to_vec()))
            .order((documents::document_date, documents::number, documents::id))
            .select(Self::as_select());
        Ok(scope.load(rows)?)
    }

    /// How many of some ids are documents of the company's. One statement.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn count(scope: &mut Scope, ids: &[DocumentId]) -> Result<usize, AppError> {
        let rows = Self::of(scope)
            .filter(documents::id.eq_any(ids.to_vec()))
            .count();
        let count: i64 = scope.one(rows)?;
        Ok(usize::try_from(count).unwrap_or_default())
    }

    /// One document, locked until the transaction ends: notes on it, and its cancelling, follow one another.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn lock(scope: &mut Scope, id: DocumentId) -> Result<Self, AppError> {
        let row = documents::table
            .filter(
                documents::tenant_id
                    .eq(scope.tenant())
                    .and(documents::id.eq(id)),
            )
            // Rows that name it may come meanwhile: a call to the authority is written down by whoever holds its state there.
            .for_no_key_update()
            .select(Self::as_select());
        Ok(scope.one(row)?)
    }

    /// Whether a note that stands corrects a document.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn is_corrected(scope: &mut Scope, id: DocumentId) -> Result<bool, AppError> {
        let notes = Self::of(scope)
            .filter(documents::original_id.eq(id))
            .filter(documents::status.eq(Status::Issued))
            .limit(1)
            .count();
        let count: i64 = scope.one(notes)?;
        Ok(count > 0)
    }
}
