//! The tax register: what the documents of a registration and a month come to, and what is behind each sum.

mod entry;
mod mismatch;
mod part;

pub use entry::{Entry, Named};
pub use mismatch::Mismatch;
pub use part::{Behind, Part, Parts};

use crate::accounting::rules::document::Kind;
use crate::accounting::rules::gstr1::{Month, Section};
use crate::error::AppError;
use crate::kernel::ids::RegistrationId;
use crate::kernel::money::Money;
use crate::platform::db::{Prepared, Scope, prepared};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date, Integer, Nullable, Numeric, Text, Uuid as SqlUuid};
use rust_decimal::Decimal;

/// A statement over the lines of `lines.sql`.
macro_rules! over_lines {
    ($($rest:literal),+ $(,)?) => {
        concat!(include_str!("lines.sql"), $($rest),+)
    };
}
use over_lines;

/// What a register is of.
#[derive(Clone, Copy, Debug)]
pub struct Filing {
    /// The registration that supplies.
    pub registration: RegistrationId,
    /// The month of the documents.
    pub month: Month,
}

/// A statement about a registration and a month: `$1` to `$4` are bound.
#[expect(
    clippy::disallowed_methods,
    reason = "sums over lines that are told apart by conditions on three documents"
)]
fn asked<'v>(scope: &Scope, filing: Filing, text: &'static str) -> Prepared<'v> {
    prepared(text)
        .bind::<SqlUuid, _>(scope.tenant())
        .bind::<SqlUuid, _>(filing.registration)
        .bind::<Date, _>(filing.month.first())
        .bind::<Date, _>(filing.month.last())
}

/// What some lines come to; notes are taken off.
#[derive(Clone, Copy, Debug, Default, QueryableByName)]
pub struct Sums {
    /// How many documents they are of.
    #[diesel(sql_type = BigInt)]
    pub documents: i64,
    /// Taxable value.
    #[diesel(sql_type = Numeric)]
    pub taxable: Money,
    /// Integrated tax.
    #[diesel(sql_type = Numeric)]
    pub igst: Money,
    /// Central tax.
    #[diesel(sql_type = Numeric)]
    pub cgst: Money,
    /// State or union territory tax.
    #[diesel(sql_type = Numeric)]
    pub sgst: Money,
    /// Cess, by value and by unit.
    #[diesel(sql_type = Numeric)]
    pub cess: Money,
}

impl Sums {
    /// The amounts in the order of their columns.
    pub fn amounts(&self) -> [Money; 5] {
        [self.taxable, self.igst, self.cgst, self.sgst, self.cess]
    }

    /// Whether nothing is left.
    pub fn is_zero(&self) -> bool {
        self.amounts().iter().all(|amount| amount.is_zero())
    }
}

/// What a sum is of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum By {
    /// A table of the return.
    Section(Section),
    /// A kind of document.
    Kind(Kind),
    /// A rate; `None` is without GST.
    Rate(Option<Decimal>),
    /// Everything.
    All,
}

/// A sum of the register.
#[derive(Clone, Copy, Debug)]
pub struct Total {
    /// Of what.
    pub by: By,
    /// The sum.
    pub sums: Sums,
}

#[derive(QueryableByName)]
struct TotalRow {
    #[diesel(sql_type = Integer)]
    grouped: i32,
    #[diesel(sql_type = Nullable<Text>)]
    section: Option<Section>,
    #[diesel(sql_type = Nullable<Text>)]
    kind: Option<Kind>,
    #[diesel(sql_type = Nullable<Numeric>)]
    rate: Option<Decimal>,
    #[diesel(embed)]
    sums: Sums,
}

impl Total {
    /// The sums by table, by kind and by rate, and of all. One statement.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn all(scope: &mut Scope, filing: Filing) -> Result<Vec<Self>, AppError> {
        let statement = asked(
            scope,
            filing,
            over_lines!(
                "select grouping(section, kind, rate) as grouped, section, kind, rate, count(distinct id) as documents,
                        coalesce(sum(taxable), 0) as taxable, coalesce(sum(igst), 0) as igst, coalesce(sum(cgst), 0) as cgst,
                        coalesce(sum(sgst), 0) as sgst, coalesce(sum(cess), 0) as cess
                   from lines group by grouping sets ((section), (kind), (rate), ()) order by grouped, rate nulls last"
            ),
        );
        let rows: Vec<TotalRow> = scope.load(statement)?;
        let total = |row: TotalRow| Self {
            by: match (row.section, row.kind) {
                (Some(section), _) => By::Section(section),
                (_, Some(kind)) => By::Kind(kind),
                // Three bits, one for each column that is not grouped by.
                _ if row.grouped == 6 => By::Rate(row.rate.map(|rate| rate.normalize())),
                _ => By::All,
            },
            sums: row.sums,
        };
        Ok(rows.into_iter().map(total).collect())
    }
}

/// Numbers of a series that a month used (table 13), cancelled ones included.
#[derive(Clone, Debug, QueryableByName)]
pub struct Numbers {
    /// What the series numbers.
    #[diesel(sql_type = Text)]
    pub kind: Kind,
    /// The first of them.
    #[diesel(sql_type = Text)]
    pub first_number: String,
    /// The last of them.
    #[diesel(sql_type = Text)]
    pub last_number: String,
    /// How many.
    #[diesel(sql_type = BigInt)]
    pub issued: i64,
    /// How many of those are cancelled.
    #[diesel(sql_type = BigInt)]
    pub cancelled: i64,
}

impl Numbers {
    /// All series of a month. One statement.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn all(scope: &mut Scope, filing: Filing) -> Result<Vec<Self>, AppError> {
        let statement = asked(
            scope,
            filing,
            "select kind, (array_agg(number order by sequence))[1] as first_number, (array_agg(number order by sequence desc))[1] as last_number,
                    count(*) as issued, count(*) filter (where status = 'cancelled') as cancelled
               from documents where tenant_id = $1 and registration_id = $2 and document_date between $3 and $4
               group by kind, series_id, year order by kind, first_number",
        );
        Ok(scope.load(statement)?)
    }
}

/// A row of the HSN summary (table 12).
#[derive(Clone, Debug, QueryableByName)]
pub struct HsnSum {
    /// b2b or b2c; all before May 2025.
    #[diesel(sql_type = Text)]
    pub buyers: String,
    /// The code.
    #[diesel(sql_type = Text)]
    pub hsn: String,
    /// The unit as GST codes it; NA for services.
    #[diesel(sql_type = Text)]
    pub unit: String,
    /// GST, per cent.
    #[diesel(sql_type = Numeric)]
    pub rate: Decimal,
    /// Units, less what came back.
    #[diesel(sql_type = Numeric)]
    pub quantity: Decimal,
    /// What it comes to.
    #[diesel(embed)]
    pub sums: Sums,
}

impl HsnSum {
    /// The summary, by buyers, code, unit and rate. What was given away is not in it. One statement.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn all(scope: &mut Scope, filing: Filing) -> Result<Vec<Self>, AppError> {
        let statement = asked(
            scope,
            filing,
            over_lines!(
                "select buyers, hsn, unit, rate, sum(quantity) as quantity, count(distinct id) as documents,
                        sum(taxable) as taxable, sum(igst) as igst, sum(cgst) as cgst, sum(sgst) as sgst, sum(cess) as cess
                   from lines where section <> 'outside' and taxable <> 0 group by buyers, hsn, unit, rate
                   having sum(taxable) <> 0 or sum(quantity) <> 0 or sum(igst + cgst + sgst + cess) <> 0 order by buyers, hsn, unit, rate"
            ),
        );
        Ok(scope.load(statement)?)
    }
}
