//! A period of an account as a page shows it: to the office, and to the retailer.

use super::ledger::EntryRow;
use crate::kernel::dates;
use crate::kernel::language::{Lang, Said};
use crate::kernel::money::Money;
use crate::ledger::model::{Line, Period, Statement};
use crate::web::Remarks;
use crate::web::components::{Field, Pager};
use crate::web::list::ListQuery;
use chrono::NaiveDate;

/// What is said of a period that begins after it ends.
pub fn turned(lang: Lang, query: &ListQuery, period: Period) -> Option<Said> {
    let from = query.get("from").and_then(dates::parse_day)?;
    (from > period.to).then(|| {
        Said::new("The first day has to be {day} or before.")
            .with("day", dates::date(period.to, lang))
    })
}

/// The days of a period, as they were typed.
fn fields(lang: Lang, query: &ListQuery, period: Period) -> Vec<Field> {
    let said = turned(lang, query, period);
    let remarks = said.map_or_else(Remarks::default, |said| Remarks::from(("from", said)));
    let day = |name: &str, day: NaiveDate| {
        let typed = query.get(name).and_then(dates::parse_day);
        typed.unwrap_or(day).to_string()
    };
    vec![
        Field::new("date", "from", lang.t("From"))
            .value(day("from", period.from))
            .remarks(&remarks, lang),
        Field::new("date", "to", lang.t("To")).value(day("to", period.to)),
    ]
}

/// Entries of a period with the balance after each, what they come to, and the files that hold them.
pub struct PeriodCard {
    pub path: String,
    pub fields: Vec<Field>,
    pub opening: Money,
    pub debits: Money,
    pub credits: Money,
    pub closing: Money,
    /// The balance before the first row of this page.
    pub before: Money,
    /// Whether the period begins with this page.
    pub is_first: bool,
    pub rows: Vec<EntryRow>,
    pub pager: Pager,
    pub csv: String,
    pub xlsx: String,
    pub pdf: String,
}

impl PeriodCard {
    /// `path` is the account's address; `row` says an entry as this reader sees it.
    pub fn new(
        lang: Lang,
        path: String,
        (query, period): (&ListQuery, Period),
        statement: &Statement,
        row: impl Fn(&Line) -> EntryRow,
    ) -> Self {
        let sums = statement.sums;
        Self {
            fields: fields(lang, query, period),
            opening: sums.opening,
            debits: sums.debits,
            credits: sums.credits,
            closing: sums.closing(),
            before: statement.before,
            is_first: query.get("after").is_none() && query.get("before").is_none(),
            rows: statement.page.rows.iter().map(row).collect(),
            pager: statement.page.pager(query, lang, sums.entries),
            csv: query.file(&format!("{path}/export"), "csv"),
            xlsx: query.file(&format!("{path}/export"), "xlsx"),
            pdf: query.at(&format!("{path}/pdf")),
            path,
        }
    }
}
