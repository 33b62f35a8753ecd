//! The documents behind a sum of the register, each with what it adds to it.

use super::{Filing, Sums, asked, over_lines};
use crate::accounting::rules::document::Kind;
use crate::accounting::rules::gstr1::Section;
use crate::error::AppError;
use crate::kernel::ids::DocumentId;
use crate::kernel::money::Money;
use crate::platform::db::Scope;
use crate::web::list::{Cursor, ListQuery, Page, split};
use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Date, Nullable, Numeric, Text, Uuid as SqlUuid};
use rust_decimal::Decimal;
use uuid::Uuid;

/// As many documents as a file holds.
const ALL: i64 = 100_000;

/// What an address asks for of a register.
#[derive(Clone, Debug, Default)]
pub struct Behind {
    sections: Option<Vec<String>>,
    kinds: Option<Vec<String>>,
    rate: Option<Decimal>,
    is_without_rate: bool,
    hsn: Option<String>,
    unit: Option<String>,
    buyers: Option<String>,
    number: Option<String>,
}

impl Behind {
    /// Parameters that an address has beside month, registration, table and kind.
    pub const OTHERS: [&'static str; 4] = ["rate", "hsn", "unit", "buyers"];

    /// What an address asks for; what it does not know is left out.
    pub fn asked(query: &ListQuery) -> Self {
        let all = |name: &str, known: &'static [&'static str]| {
            let asked = query.all(name, known).into_iter().map(str::to_owned);
            let asked: Vec<String> = asked.collect();
            (!asked.is_empty()).then_some(asked)
        };
        let one = |name: &str| query.get(name).map(str::to_owned);
        Self {
            sections: all("table", Section::CODES),
            kinds: all("kind", Kind::CODES),
            rate: query.get("rate").and_then(|rate| rate.parse().ok()),
            is_without_rate: query.get("rate") == Some("none"),
            hsn: one("hsn"),
            unit: one("unit"),
            buyers: one("buyers"),
            number: query.search().map(str::to_uppercase),
        }
    }
}

/// A document and what it adds to the sum; notes are taken off.
#[derive(Clone, Debug, QueryableByName)]
pub struct Part {
    /// The document.
    #[diesel(sql_type = SqlUuid)]
    pub id: DocumentId,
    /// What it is.
    #[diesel(sql_type = Text)]
    pub kind: Kind,
    /// Its number.
    #[diesel(sql_type = Text)]
    pub number: String,
    /// Its number in addresses.
    #[diesel(sql_type = Text)]
    pub url_no: String,
    /// Its financial year.
    #[diesel(sql_type = Text)]
    pub year: String,
    /// Its date.
    #[diesel(sql_type = Date)]
    pub document_date: NaiveDate,
    /// What all of it comes to.
    #[diesel(sql_type = Numeric)]
    pub total: Money,
    /// The customer's name.
    #[diesel(sql_type = Text)]
    pub customer: String,
    /// The customer's code.
    #[diesel(sql_type = Text)]
    pub code: String,
    /// What it adds.
    #[diesel(embed)]
    pub sums: Sums,
}

/// A page of documents behind a sum, and the sum.
pub struct Parts {
    /// The documents.
    pub page: Page<Part>,
    /// What all of them add.
    pub sums: Sums,
}

/// The documents of the lines that are asked for: `$5` to `$12`.
macro_rules! over_parts {
    ($rest:literal) => {
        over_lines!(
            ", parts as (
               select l.id, l.kind, l.number, l.url_no, l.year, l.document_date, l.total, l.customer_id, sum(l.taxable) as taxable, sum(l.igst) as igst,
                      sum(l.cgst) as cgst, sum(l.sgst) as sgst, sum(l.cess) as cess
                 from lines l
                where ($5::text[] is null or l.section = any($5)) and ($6::text[] is null or l.kind = any($6)) and ($7::numeric is null or l.rate = $7)
                  and (not $8 or l.rate is null) and ($9::text is null or (l.hsn = $9 and l.section <> 'outside' and l.taxable <> 0))
                  and ($10::text is null or l.unit = $10) and ($11::text is null or l.buyers = $11) and ($12::text is null or strpos(l.number, $12) > 0)
                group by l.id, l.kind, l.number, l.url_no, l.year, l.document_date, l.total, l.customer_id
             )",
            $rest
        )
    };
}

/// A page of them: `$13` and `$14` mark where it begins, `$15` is how many.
macro_rules! over_page {
    ($beyond:literal, $order:literal) => {
        concat!(
            over_parts!(" select p.*, c.name as customer, c.code, 1::bigint as documents from (select * from parts where $13::date is null or (document_date, id) "),
            $beyond,
            " ($13, $14) order by document_date ", $order, ", id ", $order,
            " limit $15) p join customers c on c.tenant_id = $1 and c.id = p.customer_id order by p.document_date ", $order, ", p.id ", $order
        )
    };
}

impl Part {
    fn rows(
        scope: &mut Scope,
        (filing, behind): (Filing, &Behind),
        cursor: Option<&Cursor<(NaiveDate, Uuid)>>,
        most: i64,
    ) -> Result<Vec<Self>, AppError> {
        let (mark, is_back) = split(cursor);
        let text = if is_back {
            over_page!(">", "asc")
        } else {
            over_page!("<", "desc")
        };
        let statement = Self::bound(scope, (filing, behind), text)
            .bind::<Nullable<Date>, _>(mark.map(|(day, _)| *day))
            .bind::<Nullable<SqlUuid>, _>(mark.map(|(_, id)| *id))
            .bind::<BigInt, _>(most);
        Ok(scope.load(statement)?)
    }

    fn bound<'v>(
        scope: &Scope,
        (filing, behind): (Filing, &Behind),
        text: &'static str,
    ) -> crate::platform::db::Prepared<'v> {
        let behind = behind.clone();
        asked(scope, filing, text)
            .bind::<Nullable<Array<Text>>, _>(behind.sections)
            .bind::<Nullable<Array<Text>>, _>(behind.kinds)
            .bind::<Nullable<Numeric>, _>(behind.rate)
            .bind::<Bool, _>(behind.is_without_rate)
            .bind::<Nullable<Text>, _>(behind.hsn)
            .bind::<Nullable<Text>, _>(behind.unit)
            .bind::<Nullable<Text>, _>(behind.buyers)
            .bind::<Nullable<Text>, _>(behind.number)
    }

    /// One page of the documents behind a sum, the latest first, and the sum of all. Two statements.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn list(scope: &mut Scope, filing: Filing, query: &ListQuery) -> Result<Parts, AppError> {
        let behind = Behind::asked(query);
        let cursor = query.cursor::<(NaiveDate, Uuid)>();
        let rows = Self::rows(scope, (filing, &behind), cursor.as_ref(), query.size() + 1)?;
        let page = Page::new(rows, query.size(), cursor.as_ref(), |row: &Self| {
            (row.document_date, row.id.uuid())
        });
        let all = over_parts!(
            " select count(*) as documents, coalesce(sum(taxable), 0) as taxable, coalesce(sum(igst), 0) as igst, coalesce(sum(cgst), 0) as cgst,
                     coalesce(sum(sgst), 0) as sgst, coalesce(sum(cess), 0) as cess from parts"
        );
        let sums = scope.one(Self::bound(scope, (filing, &behind), all))?;
        Ok(Parts { page, sums })
    }

    /// All of them, for a file, the latest first; at most 100,000. One statement.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn export(
        scope: &mut Scope,
        filing: Filing,
        query: &ListQuery,
    ) -> Result<Vec<Self>, AppError> {
        Self::rows(scope, (filing, &Behind::asked(query)), None, ALL)
    }
}
