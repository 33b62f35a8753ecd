//! What notes have given back of a document.

use super::DocumentLine;
use crate::error::AppError;
use crate::kernel::ids::{DocumentId, DocumentLineId, SeriesId};
use crate::kernel::money::Money;
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
    /// What of the original is still to be paid.
    #[diesel(sql_type = Numeric)]
    pub open: Money,
    /// What earlier notes gave back of it, in all.
    #[diesel(sql_type = Numeric)]
    pub credited: Money,
    /// Whether there were any.
    #[diesel(sql_type = Bool)]
    pub has_credits: bool,
    /// Whether the authority is asked to cancel the original.
    #[diesel(sql_type = Bool)]
    pub is_being_cancelled: bool,
}

impl Books {
    /// The books around a document, for a note of a kind. One statement.
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
    ) -> Result<Self, AppError> {
        let statement = prepared(include_str!("../actions/issue/books.sql"))
            .bind::<SqlUuid, _>(scope.tenant())
            .bind::<SqlUuid, _>(original)
            .bind::<Date, _>(day)
            .bind::<Text, _>(kind.to_owned());
        Ok(scope.one(statement)?)
    }
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = SqlUuid)]
    line: DocumentLineId,
    #[diesel(sql_type = Numeric)]
    units: Decimal,
    #[diesel(sql_type = Numeric)]
    free: Decimal,
    #[diesel(sql_type = Numeric)]
    taxable: Money,
    #[diesel(sql_type = Numeric)]
    cgst: Money,
    #[diesel(sql_type = Numeric)]
    sgst: Money,
    #[diesel(sql_type = Numeric)]
    igst: Money,
    #[diesel(sql_type = Numeric)]
    cess: Money,
    #[diesel(sql_type = Numeric)]
    cess_fixed: Money,
    #[diesel(sql_type = Numeric)]
    value: Money,
    #[diesel(sql_type = Numeric)]
    value_with_tax: Money,
}

/// What standing notes have given back of each line of a document.
#[derive(Clone, Debug, Default)]
pub struct Returned(HashMap<DocumentLineId, (Credited, Decimal)>);

impl Returned {
    /// By line. One statement.
    ///
    /// # Errors
    /// When the database refuses.
    #[expect(
        clippy::disallowed_methods,
        reason = "sums by line under several conditions"
    )]
    pub fn of(scope: &mut Scope, document: DocumentId) -> Result<Self, AppError> {
        let statement = prepared(
            "select n.original_line_id as line, coalesce(sum(n.quantity) filter (where n.shipment_line_id is not null), 0) as units,
                    coalesce(sum(n.free_quantity) filter (where n.shipment_line_id is not null), 0) as free,
                    sum(n.taxable) as taxable, sum(n.cgst) as cgst, sum(n.sgst) as sgst, sum(n.igst) as igst, sum(n.cess) as cess, sum(n.cess_fixed) as cess_fixed,
                    coalesce(sum(n.taxable) filter (where n.shipment_line_id is null), 0) as value,
                    coalesce(sum(n.taxable + n.cgst + n.sgst + n.igst + n.cess + n.cess_fixed) filter (where n.shipment_line_id is null), 0) as value_with_tax
               from documents d join document_lines n on n.tenant_id = d.tenant_id and n.document_id = d.id
               where d.tenant_id = $1 and d.original_id = $2 and d.status = 'issued' and d.kind in ('credit_note', 'commercial_note') group by 1",
        )
        .bind::<SqlUuid, _>(scope.tenant())
        .bind::<SqlUuid, _>(document);
        let rows: Vec<Row> = scope.load(statement)?;
        Ok(Self(
            rows.into_iter()
                .map(|row| {
                    let sums = LineSums {
                        taxable: row.taxable,
                        cgst: row.cgst,
                        sgst: row.sgst,
                        igst: row.igst,
                        cess: row.cess,
                        cess_fixed: row.cess_fixed,
                        ..LineSums::default()
                    };
                    let credited = Credited {
                        units: row.units,
                        sums,
                        value: row.value,
                        value_with_tax: row.value_with_tax,
                    };
                    (row.line, (credited, row.free))
                })
                .collect(),
        ))
    }

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
