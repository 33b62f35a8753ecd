//! A period of an account as a page shows it: to the office, and to the retailer.

use super::ledger::{EntryRow, period_fields};
use crate::kernel::language::Lang;
use crate::kernel::money::Money;
use crate::ledger::model::{Line, Period, Statement};
use crate::web::components::{Field, Pager};
use crate::web::list::ListQuery;

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
            fields: period_fields(lang, period),
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
