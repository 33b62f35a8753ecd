//! A customer's ledger over a period: opening balance, entries, closing balance.

use crate::error::AppError;
use crate::kernel::dates;
use crate::kernel::ids::{CustomerId, EntryId};
use crate::kernel::language::Said;
use crate::kernel::money::Money;
use crate::kernel::number;
use crate::ledger::rules::EntryKind;
use crate::platform::db::{Scope, prepared};
use crate::web::list::{Cursor, Mark, Page};
use chrono::{Datelike, Days, NaiveDate};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date, Nullable, Numeric, Text, Uuid as SqlUuid};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// From one day to another, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub to: NaiveDate,
}

impl Period {
    /// What an address asks for: from the beginning of the financial year to today, unless it says otherwise. Turned round, it is one day.
    pub fn asked(from: Option<&str>, to: Option<&str>, today: NaiveDate) -> Self {
        let to = to.and_then(dates::parse_day).unwrap_or(today);
        let from = from
            .and_then(dates::parse_day)
            .unwrap_or_else(|| dates::FinancialYear::of(to).first_day());
        Self {
            from: from.min(to),
            to,
        }
    }

    fn day_before(self) -> NaiveDate {
        self.from
            .checked_sub_days(Days::new(1))
            .unwrap_or(self.from)
    }

    fn day_after(self) -> NaiveDate {
        self.to.checked_add_days(Days::new(1)).unwrap_or(self.to)
    }

    /// The whole months in it, from the first day of one to the first day after the last.
    fn months(self) -> (NaiveDate, NaiveDate) {
        let first = |day: NaiveDate| day.with_day(1).unwrap_or(day);
        let from = if self.from.day() == 1 {
            self.from
        } else {
            first(
                first(self.from)
                    .checked_add_days(Days::new(31))
                    .unwrap_or(self.from),
            )
        };
        let after = self.day_after();
        // A few days inside one month have no whole month in them: all of them are counted one by one.
        let begin = from.min(after);
        (begin, first(after).max(begin))
    }
}

/// An entry as a statement shows it.
#[derive(Clone, Debug, QueryableByName)]
pub struct Line {
    /// The entry.
    #[diesel(sql_type = SqlUuid)]
    pub id: EntryId,
    /// The day on which it counts.
    #[diesel(sql_type = Date)]
    pub date: NaiveDate,
    /// What it is.
    #[diesel(sql_type = Text)]
    pub kind: EntryKind,
    /// When it has to be paid.
    #[diesel(sql_type = Nullable<Date>)]
    pub due_on: Option<NaiveDate>,
    /// In rupees: above zero the customer owes more, below zero less.
    #[diesel(sql_type = Numeric)]
    pub amount: Money,
    /// Why, where no document says it.
    #[diesel(sql_type = Nullable<Text>)]
    pub reason: Option<String>,
    /// What the document is, for one, or for what was written off of it.
    #[diesel(sql_type = Nullable<Text>)]
    pub document_kind: Option<EntryKind>,
    /// The document's number.
    #[diesel(sql_type = Nullable<Text>)]
    pub document: Option<String>,
    /// The document's number as its address has it.
    #[diesel(sql_type = Nullable<Text>)]
    pub url_no: Option<String>,
    /// The payment's number.
    #[diesel(sql_type = Nullable<Text>)]
    pub payment: Option<String>,
    /// How the payment came.
    #[diesel(sql_type = Nullable<Text>)]
    pub method: Option<String>,
    /// The cheque's number, or the bank's reference.
    #[diesel(sql_type = Nullable<Text>)]
    pub reference: Option<String>,
    /// What is owed after it. Worked out over the rows of a page.
    #[diesel(sql_type = Numeric)]
    pub balance: Money,
}

/// What a period comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, QueryableByName)]
pub struct Sums {
    /// What was owed before it.
    #[diesel(sql_type = Numeric)]
    pub opening: Money,
    /// What was owed more in it.
    #[diesel(sql_type = Numeric)]
    pub debits: Money,
    /// What was owed less in it.
    #[diesel(sql_type = Numeric)]
    pub credits: Money,
    /// How many entries it has.
    #[diesel(sql_type = BigInt)]
    pub entries: i64,
    /// What was owed before the first row of the page, or, going back, after its last.
    #[diesel(sql_type = Numeric)]
    edge: Money,
}

impl Sums {
    /// What was owed at its end.
    pub fn closing(&self) -> Money {
        self.opening + self.debits - self.credits
    }
}

/// A customer's ledger over a period.
pub struct Statement {
    /// A page of its entries, the oldest first, each with what was owed after it.
    pub page: Page<Line>,
    /// What was owed before the first row of the page.
    pub before: Money,
    /// What the whole period comes to.
    pub sums: Sums,
}

/// Where a page of entries begins.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct EntryMark {
    date: NaiveDate,
    id: Uuid,
}

impl Mark for EntryMark {
    fn is_sound(&self) -> bool {
        dates::is_sensible_day(self.date)
    }
}

/// The three texts that pages are asked by: an index does each from where it begins.
macro_rules! page_of {
    ($from:literal, $order:literal) => {
        concat!(
            "select e.id, e.entry_date as date, e.kind, e.due_on, e.amount, e.reason, d.kind as document_kind, d.number as document, d.url_no, p.number as payment, p.method, p.reference, 0::numeric as balance
               from (select * from ledger_entries e where e.tenant_id = $1 and e.customer_id = $2 and e.entry_date >= $3 and e.entry_date <= $4 ",
            $from,
            " order by ", $order, " limit $5) e
               left join documents d on d.tenant_id = e.tenant_id and d.id = case when e.kind = 'write_off'
                   then (select a.debit_id from allocations a where a.tenant_id = e.tenant_id and a.credit_id = e.id order by a.entry_date, a.at limit 1)
                   else e.document_id end
               left join payments p on p.tenant_id = e.tenant_id and p.id = e.payment_id
               order by ", $order
        )
    };
}

const FIRST: &str = page_of!("", "e.entry_date, e.id");
const AFTER: &str = page_of!(
    "and (e.entry_date > $6 or e.entry_date = $6 and e.id > $7)",
    "e.entry_date, e.id"
);
const BEFORE: &str = page_of!(
    "and (e.entry_date < $6 or e.entry_date = $6 and e.id < $7)",
    "e.entry_date desc, e.id desc"
);

/// Most entries of a statement as a file.
pub const MOST_IN_A_FILE: i64 = 100_000;
/// Most entries of a statement on paper, which is set while somebody waits for it.
pub const MOST_ON_PAPER: i64 = 5_000;

impl Statement {
    /// A page of a customer's ledger over a period, and what the period comes to. Two statements.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn of(
        scope: &mut Scope,
        customer: CustomerId,
        period: Period,
        (cursor, size): (Option<Cursor<EntryMark>>, i64),
    ) -> Result<Self, AppError> {
        let sums = Self::sums(scope, customer, period, cursor.as_ref())?;
        let found = Self::rows(scope, customer, period, (cursor.as_ref(), size + 1))?;
        let mut page = Page::new(found, size, cursor.as_ref(), |entry: &Line| EntryMark {
            date: entry.date,
            id: entry.id.uuid(),
        });
        let moved: Money = page.rows.iter().map(|entry| entry.amount).sum();
        let before = match cursor {
            Some(Cursor::Before(_)) => sums.edge - moved,
            Some(Cursor::After(_)) | None => sums.edge,
        };
        let mut balance = before;
        for entry in &mut page.rows {
            balance += entry.amount;
            entry.balance = balance;
        }
        Ok(Self { page, before, sums })
    }

    /// All of it, for a file or for paper. Two statements; one where it is refused.
    ///
    /// # Errors
    /// `Refused` for more than `most` entries: with some of them left out the closing balance would not follow from the rows.
    pub fn whole(
        scope: &mut Scope,
        customer: CustomerId,
        period: Period,
        most: i64,
    ) -> Result<(Vec<Line>, Sums), AppError> {
        let sums = Self::sums(scope, customer, period, None)?;
        if sums.entries > most {
            return Err(AppError::refused(
                Said::new("These days have {entries} entries, and one statement holds {most} at most. Choose a shorter period.")
                    .with("entries", number::indian(sums.entries.into()))
                    .with("most", number::indian(most.into())),
            ));
        }
        let mut rows = Self::rows(scope, customer, period, (None, most + 1))?;
        let mut balance = sums.opening;
        for entry in &mut rows {
            balance += entry.amount;
            entry.balance = balance;
        }
        Ok((rows, sums))
    }

    fn rows(
        scope: &mut Scope,
        customer: CustomerId,
        period: Period,
        (cursor, most): (Option<&Cursor<EntryMark>>, i64),
    ) -> Result<Vec<Line>, AppError> {
        let (text, mark, begins, ends) = match cursor {
            None => (FIRST, None, period.from, period.to),
            Some(Cursor::After(mark)) => (AFTER, Some(mark), period.from.max(mark.date), period.to),
            Some(Cursor::Before(mark)) => {
                (BEFORE, Some(mark), period.from, period.to.min(mark.date))
            }
        };
        asked(scope, text, (customer, begins, ends), most, mark)
    }

    /// What a period comes to: whole months from their sums, the days around them one by one. One statement.
    #[expect(
        clippy::disallowed_methods,
        reason = "sums of two tables in one statement"
    )]
    fn sums(
        scope: &mut Scope,
        customer: CustomerId,
        period: Period,
        cursor: Option<&Cursor<EntryMark>>,
    ) -> Result<Sums, AppError> {
        let (begin, end) = period.months();
        let (day, id, is_after) = match cursor {
            // Nothing lies before the first day.
            None => (period.from, Uuid::nil(), false),
            Some(Cursor::After(mark)) => (mark.date, mark.id, true),
            Some(Cursor::Before(mark)) => (mark.date, mark.id, false),
        };
        let statement = prepared(
            "with parts as (
                 select m.debits, m.credits, m.entries::bigint as entries from ledger_months m
                   where m.tenant_id = $1 and m.customer_id = $2 and m.month >= $5 and m.month < $6
                 union all
                 select greatest(e.amount, 0), greatest(-e.amount, 0), 1 from ledger_entries e
                   where e.tenant_id = $1 and e.customer_id = $2 and e.entry_date >= $3 and e.entry_date < $5
                 union all
                 select greatest(e.amount, 0), greatest(-e.amount, 0), 1 from ledger_entries e
                   where e.tenant_id = $1 and e.customer_id = $2 and e.entry_date >= $6 and e.entry_date <= $4
             ) select balance_on($2, $7) as opening, coalesce(sum(debits), 0) as debits, coalesce(sum(credits), 0) as credits, coalesce(sum(entries), 0)::bigint as entries,
                      balance_on($2, $8 - 1) + coalesce((select sum(e.amount) from ledger_entries e
                          where e.tenant_id = $1 and e.customer_id = $2 and e.entry_date = $8 and (e.id < $9 or e.id = $9 and $10)), 0) as edge
                 from parts",
        )
        .bind::<SqlUuid, _>(scope.tenant())
        .bind::<SqlUuid, _>(customer)
        .bind::<Date, _>(period.from)
        .bind::<Date, _>(period.to)
        .bind::<Date, _>(begin)
        .bind::<Date, _>(end)
        .bind::<Date, _>(period.day_before())
        .bind::<Date, _>(day)
        .bind::<SqlUuid, _>(id)
        .bind::<diesel::sql_types::Bool, _>(is_after);
        Ok(scope.one(statement)?)
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "a join of tables that no key of the query builder ties"
)]
fn asked(
    scope: &mut Scope,
    text: &'static str,
    (customer, begins, ends): (CustomerId, NaiveDate, NaiveDate),
    most: i64,
    mark: Option<&EntryMark>,
) -> Result<Vec<Line>, AppError> {
    let statement = prepared(text)
        .bind::<SqlUuid, _>(scope.tenant())
        .bind::<SqlUuid, _>(customer)
        .bind::<Date, _>(begins)
        .bind::<Date, _>(ends)
        .bind::<BigInt, _>(most);
    Ok(match mark {
        None => scope.load(statement)?,
        Some(mark) => scope.load(
            statement
                .bind::<Date, _>(mark.date)
                .bind::<SqlUuid, _>(mark.id),
        )?,
    })
}
