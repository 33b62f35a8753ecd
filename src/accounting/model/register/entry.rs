//! What goes into a return: each document by rate, and the sums of what it names no document of.

use super::{Filing, Sums, asked, over_lines};
use crate::accounting::rules::document::Kind;
use crate::accounting::rules::gstr1::Section;
use crate::error::AppError;
use crate::kernel::language::Said;
use crate::kernel::money::Money;
use crate::platform::db::Scope;
use crate::tax::rules::{SupplyType, Treatment};
use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Date, Integer, Nullable, Numeric, Text};
use rust_decimal::Decimal;

/// So many rows a file holds.
const MOST: i32 = 200_000;

/// A document as the return names it.
#[derive(Clone, Debug)]
pub struct Named {
    /// What it is.
    pub kind: Kind,
    /// Its number.
    pub number: String,
    /// Its date.
    pub day: NaiveDate,
    /// What it comes to, tax and round-off included.
    pub total: Money,
    /// What the supply is.
    pub supply_type: SupplyType,
    /// Whether the buyer pays the tax.
    pub is_reverse_charge: bool,
    /// GSTIN of the buyer; empty where it has none.
    pub buyer_gstin: String,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(embed)]
    entry: Entry,
    #[diesel(sql_type = Nullable<Text>)]
    kind: Option<Kind>,
    #[diesel(sql_type = Nullable<Text>)]
    number: Option<String>,
    #[diesel(sql_type = Nullable<Date>)]
    document_date: Option<NaiveDate>,
    #[diesel(sql_type = Nullable<Numeric>)]
    total: Option<Money>,
    #[diesel(sql_type = Nullable<Text>)]
    supply_type: Option<SupplyType>,
    #[diesel(sql_type = Nullable<Bool>)]
    is_reverse_charge: Option<bool>,
    #[diesel(sql_type = Nullable<Text>)]
    buyer_gstin: Option<String>,
}

impl Row {
    /// The document, where the table names one.
    fn named(self) -> (Entry, Option<Named>) {
        let Self {
            entry,
            kind,
            number,
            document_date,
            total,
            supply_type,
            is_reverse_charge,
            buyer_gstin,
        } = self;
        let named = move || {
            Some(Named {
                kind: kind?,
                number: number?,
                day: document_date?,
                total: total?,
                supply_type: supply_type?,
                is_reverse_charge: is_reverse_charge?,
                buyer_gstin: buyer_gstin.unwrap_or_default(),
            })
        };
        (entry, named())
    }
}

/// A row of the return: a document and a rate; of small supplies to buyers without a GSTIN a place and a rate; of what bears no tax a
/// group of buyers and how the law treats it.
#[derive(Clone, Debug, QueryableByName)]
pub struct Entry {
    /// The table.
    #[diesel(sql_type = Text)]
    pub section: Section,
    /// Whether it is between states.
    #[diesel(sql_type = Bool)]
    pub is_inter_state: bool,
    /// Whether the buyer has a GSTIN.
    #[diesel(sql_type = Bool)]
    pub has_gstin: bool,
    /// GST's code of the place of supply, where the table has it.
    #[diesel(sql_type = Nullable<Text>)]
    pub place_of_supply: Option<String>,
    /// How the law treats it, where it bears no tax.
    #[diesel(sql_type = Nullable<Text>)]
    pub treatment: Option<Treatment>,
    /// GST, per cent.
    #[diesel(sql_type = Numeric)]
    pub rate: Decimal,
    /// What it comes to; below zero for a credit note.
    #[diesel(embed)]
    pub sums: Sums,
}

impl Entry {
    /// Everything of a month, by rate, each with its document where the table names one. One statement.
    ///
    /// # Errors
    /// `Refused` for more rows than a file holds.
    pub fn all(scope: &mut Scope, filing: Filing) -> Result<Vec<(Self, Option<Named>)>, AppError> {
        let statement = asked(
            scope,
            filing,
            over_lines!(
                ", shown as (
                   select section, case when section in ('b2cs', 'nil') then null else id end as id, is_inter_state, has_gstin,
                          case when section <> 'nil' then place_of_supply end as place_of_supply, case when section = 'nil' then treatment end as treatment,
                          rate, taxable, igst, cgst, sgst, cess
                     from lines where section <> 'outside' and taxable <> 0
                 )
                 select s.*, d.kind, d.number, d.document_date, d.total, d.supply_type, d.is_reverse_charge, d.buyer_gstin
                   from (select section, id, is_inter_state, has_gstin, place_of_supply, treatment, rate, count(*) as documents,
                                sum(taxable) as taxable, sum(igst) as igst, sum(cgst) as cgst, sum(sgst) as sgst, sum(cess) as cess
                           from shown group by section, id, is_inter_state, has_gstin, place_of_supply, treatment, rate) s
                   left join documents d on d.tenant_id = $1 and d.id = s.id
                   order by s.section, d.number, s.place_of_supply, s.rate limit $5"
            ),
        )
        .bind::<Integer, _>(MOST + 1);
        let rows: Vec<Row> = scope.load(statement)?;
        if i64::try_from(rows.len()).unwrap_or(i64::MAX) > i64::from(MOST) {
            let said = Said::new(
                "One file holds no more than {most} rows, and the month has more of them. Take its documents from the list behind the register.",
            );
            return Err(AppError::refused(said.with("most", i64::from(MOST))));
        }
        Ok(rows.into_iter().map(Row::named).collect())
    }
}
