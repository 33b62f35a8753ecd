//! What notes have given back of a document.

use super::{Document, DocumentLine};
use crate::error::AppError;
use crate::kernel::ids::{DocumentId, DocumentLineId, SeriesId, WarehouseId};
use crate::kernel::money::Money;
use crate::logistics::rules::Status as ShipmentStatus;
use crate::platform::db::{Scope, prepared};
use crate::tax::bill::{Billed, Credited, LineSums, RoundOff};
use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Date, Nullable, Numeric, Text, Uuid as SqlUuid};
use rust_decimal::Decimal;
use std::collections::HashMap;

/// What a note is decided by beside its original.
#[derive(Clone, Debug, QueryableByName)]
pub struct Books {
    /// What becomes of the paise of totals.
    #[diesel(sql_type = Text)]
    pub round_off: RoundOff,
    /// First day on which the company has to e-invoice.
    #[diesel(sql_type = Nullable<Date>)]
    pub einvoice_from: Option<NaiveDate>,
    /// Turnover of the year before, if it is recorded.
    #[diesel(sql_type = Nullable<Numeric>)]
    pub turnover: Option<Money>,
    /// The usual series of such notes.
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub series: Option<SeriesId>,
    /// What earlier notes gave back of it, in all.
    #[diesel(sql_type = Numeric)]
    pub credited: Money,
    /// What of that were charges without tax.
    #[diesel(sql_type = Numeric)]
    pub credited_charges: Money,
    /// What was kept back of it as discount after tax.
    #[diesel(sql_type = Numeric)]
    pub credited_discount: Money,
    /// Whether there were any.
    #[diesel(sql_type = Bool)]
    pub has_credits: bool,
    /// Whether the authority is asked to cancel the original.
    #[diesel(sql_type = Bool)]
    pub is_being_cancelled: bool,
    /// Number of the shipment that the original bills, if it is of one.
    #[diesel(sql_type = Nullable<Text>)]
    pub shipment_no: Option<String>,
    /// How far that shipment is.
    #[diesel(sql_type = Nullable<Text>)]
    pub shipment_status: Option<ShipmentStatus>,
    /// The warehouse that it left, or will.
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub warehouse_id: Option<WarehouseId>,
    /// The name of that warehouse.
    #[diesel(sql_type = Nullable<Text>)]
    pub warehouse: Option<String>,
}

impl Books {
    /// The books around a document, for a note of a kind, and what standing notes have given back of its lines. One statement.
    ///
    /// # Errors
    /// `NotFound`.
    #[expect(
        clippy::disallowed_methods,
        reason = "sums of several tables for one note"
    )]
    pub fn of(
        scope: &mut Scope,
        original: DocumentId,
        day: NaiveDate,
        kind: &str,
    ) -> Result<(Self, Returned), AppError> {
        let statement = prepared(include_str!("../actions/issue/books.sql"))
            .bind::<SqlUuid, _>(scope.tenant())
            .bind::<SqlUuid, _>(original)
            .bind::<Date, _>(day)
            .bind::<Text, _>(kind.to_owned());
        let rows: Vec<Row> = scope.load(statement)?;
        let books = rows.first().map(|row| row.books.clone());
        let returned = Returned(rows.into_iter().filter_map(Row::returned).collect());
        Ok((books.ok_or(AppError::NotFound)?, returned))
    }
}

impl Books {
    /// What is left of the charges of the original.
    pub fn charges_left(&self, original: &Document) -> Money {
        (original.other_charges - self.credited_charges).max(Money::ZERO)
    }
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(embed)]
    books: Books,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    line: Option<DocumentLineId>,
    #[diesel(sql_type = Nullable<Numeric>)]
    units: Option<Decimal>,
    #[diesel(sql_type = Nullable<Numeric>)]
    free: Option<Decimal>,
    #[diesel(sql_type = Nullable<Numeric>)]
    taxable: Option<Money>,
    #[diesel(sql_type = Nullable<Numeric>)]
    cgst: Option<Money>,
    #[diesel(sql_type = Nullable<Numeric>)]
    sgst: Option<Money>,
    #[diesel(sql_type = Nullable<Numeric>)]
    igst: Option<Money>,
    #[diesel(sql_type = Nullable<Numeric>)]
    cess: Option<Money>,
    #[diesel(sql_type = Nullable<Numeric>)]
    cess_fixed: Option<Money>,
    #[diesel(sql_type = Nullable<Numeric>)]
    value: Option<Money>,
    #[diesel(sql_type = Nullable<Numeric>)]
    value_with_tax: Option<Money>,
}

impl Row {
    /// What it says of a line, where it is about one.
    fn returned(self) -> Option<(DocumentLineId, (Credited, Decimal))> {
        let amount = |amount: Option<Money>| amount.unwrap_or(Money::ZERO);
        let sums = LineSums {
            taxable: amount(self.taxable),
            cgst: amount(self.cgst),
            sgst: amount(self.sgst),
            igst: amount(self.igst),
            cess: amount(self.cess),
            cess_fixed: amount(self.cess_fixed),
            ..LineSums::default()
        };
        let credited = Credited {
            units: self.units.unwrap_or_default(),
            sums,
            value: amount(self.value),
            value_with_tax: amount(self.value_with_tax),
        };
        Some((self.line?, (credited, self.free.unwrap_or_default())))
    }
}

/// What standing notes have given back of each line of a document.
#[derive(Clone, Debug, Default)]
pub struct Returned(HashMap<DocumentLineId, (Credited, Decimal)>);

impl Returned {
    /// What was given back of a line, and of its free units.
    pub fn line(&self, line: DocumentLineId) -> (Credited, Decimal) {
        self.0.get(&line).copied().unwrap_or_default()
    }
}

impl DocumentLine {
    /// Its amounts.
    pub fn sums(&self) -> LineSums {
        LineSums {
            gross: self.gross,
            line_discount: self.line_discount,
            shared_discount: self.shared_discount,
            discount: self.discount,
            taxable: self.taxable,
            cgst: self.cgst,
            sgst: self.sgst,
            igst: self.igst,
            cess: self.cess,
            cess_fixed: self.cess_fixed,
            total: self.total,
            net_price: self.net_price,
        }
    }

    /// The line as notes are worked out from it.
    pub fn billed<'a>(&self, sums: &'a LineSums, credited: &'a Credited) -> Billed<'a> {
        Billed {
            sums,
            quantity: self.quantity,
            includes_tax: self.includes_tax,
            rate: self.rate(),
            credited,
        }
    }
}
