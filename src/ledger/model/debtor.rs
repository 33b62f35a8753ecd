//! Customers and bills by what was open of them on a day.

use super::Ageing;
use crate::error::AppError;
use crate::kernel::ids::{CustomerId, EntryId};
use crate::kernel::money::Money;
use crate::ledger::rules::{Bucket, EntryKind};
use crate::platform::db::{Scope, prepared};
use crate::web::list::{Cursor, Mark, Page};
use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Date, Integer, Nullable, Numeric, Text, Uuid as SqlUuid};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What of the receivables is asked for.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The day.
    pub as_of: NaiveDate,
    /// One customer, or all of them.
    pub customer: Option<CustomerId>,
    /// Words that find customers.
    pub words: Option<String>,
    /// The first place and the last that are shown, as [`Bucket::place`] counts.
    pub places: (usize, usize),
}

/// A customer with what it had open.
#[derive(Clone, Debug, QueryableByName)]
pub struct Debtor {
    /// The customer.
    #[diesel(sql_type = SqlUuid)]
    pub id: CustomerId,
    /// Code that people say.
    #[diesel(sql_type = Text)]
    pub code: String,
    /// Its name.
    #[diesel(sql_type = Text)]
    pub name: String,
    /// Where it is.
    #[diesel(sql_type = Nullable<Text>)]
    pub city: Option<String>,
    /// What it owed all in all.
    #[diesel(sql_type = Numeric)]
    pub total: Money,
    #[diesel(sql_type = Array<Integer>)]
    places: Vec<i32>,
    #[diesel(sql_type = Array<Numeric>)]
    amounts: Vec<Money>,
}

/// Something that was open: a bill, or, below zero, money of a customer.
#[derive(Clone, Debug, QueryableByName)]
pub struct Due {
    /// The entry; a document's or payment's own id.
    #[diesel(sql_type = SqlUuid)]
    pub id: EntryId,
    /// Whose it is.
    #[diesel(sql_type = Text)]
    pub code: String,
    /// That customer's name.
    #[diesel(sql_type = Text)]
    pub name: String,
    /// What it is.
    #[diesel(sql_type = Text)]
    pub kind: EntryKind,
    /// The document's or payment's number.
    #[diesel(sql_type = Nullable<Text>)]
    pub number: Option<String>,
    /// A document's number as its address has it.
    #[diesel(sql_type = Nullable<Text>)]
    pub url_no: Option<String>,
    /// Its date.
    #[diesel(sql_type = Date)]
    pub date: NaiveDate,
    /// When it had to be paid.
    #[diesel(sql_type = Date)]
    pub due_on: NaiveDate,
    /// What it came to.
    #[diesel(sql_type = Numeric)]
    pub total: Money,
    /// What of that was open.
    #[diesel(sql_type = Numeric)]
    pub open: Money,
    #[diesel(sql_type = Integer)]
    place: i32,
}

impl Debtor {
    /// What it had open in a bucket.
    pub fn of_bucket(&self, bucket: Bucket) -> Money {
        let place = i32::try_from(bucket.place()).unwrap_or(i32::MAX);
        let at = self.places.iter().position(|known| *known == place);
        at.and_then(|at| self.amounts.get(at).copied())
            .unwrap_or_default()
    }
}

impl Due {
    /// Where it stands by its age.
    pub fn bucket(&self) -> Bucket {
        Bucket::at(usize::try_from(self.place).unwrap_or_default())
    }
}

/// A page of receivables.
pub struct Receivables<T> {
    /// The rows.
    pub page: Page<T>,
    /// What all that matches comes to, bucket by bucket.
    pub ageing: Ageing,
}

/// Where a page begins that is sorted by what is owed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DebtorMark {
    total: Money,
    id: Uuid,
}

impl Mark for DebtorMark {
    fn is_sound(&self) -> bool {
        true
    }
}

/// Where a page begins that is sorted by when it had to be paid.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DueMark {
    due_on: NaiveDate,
    id: Uuid,
}

impl Mark for DueMark {
    fn is_sound(&self) -> bool {
        crate::kernel::dates::is_sensible_day(self.due_on)
    }
}

macro_rules! debtors {
    ($open:literal, $from:literal, $order:literal) => {
        concat!(
            "with s as (
                 select o.customer_id, age_place(o.side, o.due_on, $1, e.ends) as place, sum(case when o.side = 'credit' then -o.open else o.open end) as amount
                   from (select age_ends() as ends offset 0) e, ", $open, " o where $3 = '' or o.customer_id in (select search_customers($3)) group by 1, 2
             ), t as (
                 select s.customer_id as id, sum(s.amount) as total, array_agg(s.place) as places, array_agg(s.amount) as amounts from s group by 1
             ) select t.id, c.code, c.name, c.city, t.total, t.places, t.amounts
                 from t join customers c on c.tenant_id = $4 and c.id = t.id
                 where ", $from, " order by ", $order, " limit $5"
        )
    };
}

macro_rules! debtors_of {
    ($open:literal) => {
        [
            debtors!($open, "true", "t.total desc, t.id desc"),
            debtors!(
                $open,
                "(t.total < $6 or t.total = $6 and t.id < $7)",
                "t.total desc, t.id desc"
            ),
            debtors!(
                $open,
                "(t.total > $6 or t.total = $6 and t.id > $7)",
                "t.total, t.id"
            ),
        ]
    };
}

// Of all customers, and of one.
const DEBTORS: [[&str; 3]; 2] = [
    debtors_of!("open_on($1, $2)"),
    debtors_of!("open_of($2, $1)"),
];

macro_rules! dues {
    ($open:literal, $from:literal, $order:literal) => {
        concat!(
            "select o.id, c.code, c.name, e.kind, coalesce(d.number, p.number) as number, d.url_no, o.entry_date as date, o.due_on, abs(e.amount) as total, o.amount as open, o.place
               from (select * from (
                   select o.*, case when o.side = 'credit' then -o.open else o.open end as amount, age_place(o.side, o.due_on, $1, e.ends) as place
                     from (select age_ends() as ends offset 0) e, ", $open, " o where $3 = '' or o.customer_id in (select search_customers($3))) o
                 where o.place between $6 and $7 and ", $from, " order by ", $order, " limit $5) o
               join customers c on c.tenant_id = $4 and c.id = o.customer_id
               join ledger_entries e on e.tenant_id = $4 and e.id = o.id
               left join documents d on d.tenant_id = $4 and d.id = e.document_id
               left join payments p on p.tenant_id = $4 and p.id = e.payment_id
               order by ", $order
        )
    };
}

// What its rows are is asked for the page alone, not for whatever is open.
macro_rules! dues_of {
    ($open:literal) => {
        [
            dues!($open, "true", "o.due_on, o.id"),
            dues!(
                $open,
                "(o.due_on > $8 or o.due_on = $8 and o.id > $9)",
                "o.due_on, o.id"
            ),
            dues!(
                $open,
                "(o.due_on < $8 or o.due_on = $8 and o.id < $9)",
                "o.due_on desc, o.id desc"
            ),
        ]
    };
}

const DUES: [[&str; 3]; 2] = [dues_of!("open_on($1, $2)"), dues_of!("open_of($2, $1)")];

/// The text for all customers, or for one: a plan that does for both would read all of them.
fn text_for<K>(
    [of_all, of_one]: [[&'static str; 3]; 2],
    asked: &Asked,
    cursor: Option<&Cursor<K>>,
) -> &'static str {
    let [first, after, before] = match asked.customer {
        None => of_all,
        Some(_) => of_one,
    };
    match cursor {
        None => first,
        Some(Cursor::After(_)) => after,
        Some(Cursor::Before(_)) => before,
    }
}

impl Debtor {
    /// Customers with something open, who owed most first, and what they all come to. Two statements.
    ///
    /// # Errors
    /// When the database refuses.
    #[expect(
        clippy::disallowed_methods,
        reason = "sums over a set-returning function, joined with customers"
    )]
    pub fn list(
        scope: &mut Scope,
        asked: &Asked,
        (cursor, size): (Option<Cursor<DebtorMark>>, i64),
    ) -> Result<Receivables<Self>, AppError> {
        let mut statement = prepared(text_for(DEBTORS, asked, cursor.as_ref()))
            .bind::<Date, _>(asked.as_of)
            .bind::<Nullable<SqlUuid>, _>(asked.customer)
            .bind::<Text, _>(asked.words.clone().unwrap_or_default())
            .bind::<SqlUuid, _>(scope.tenant())
            .bind::<BigInt, _>(size + 1);
        if let Some(Cursor::After(mark) | Cursor::Before(mark)) = &cursor {
            statement = statement
                .bind::<Numeric, _>(mark.total)
                .bind::<SqlUuid, _>(mark.id);
        }
        let found = scope.load(statement)?;
        let page = Page::new(found, size, cursor.as_ref(), |row: &Self| DebtorMark {
            total: row.total,
            id: row.id.uuid(),
        });
        let ageing = Ageing::found(scope, asked.customer, asked.as_of, asked.words.as_deref())?;
        Ok(Receivables { page, ageing })
    }
}

impl Due {
    /// What was open, bill by bill, what was due first at the head, and what all of it comes to. Two statements.
    ///
    /// # Errors
    /// When the database refuses.
    #[expect(
        clippy::disallowed_methods,
        reason = "a set-returning function, joined with what its rows are"
    )]
    pub fn list(
        scope: &mut Scope,
        asked: &Asked,
        (cursor, size): (Option<Cursor<DueMark>>, i64),
    ) -> Result<Receivables<Self>, AppError> {
        let place = |place: usize| i32::try_from(place).unwrap_or(i32::MAX);
        let mut statement = prepared(text_for(DUES, asked, cursor.as_ref()))
            .bind::<Date, _>(asked.as_of)
            .bind::<Nullable<SqlUuid>, _>(asked.customer)
            .bind::<Text, _>(asked.words.clone().unwrap_or_default())
            .bind::<SqlUuid, _>(scope.tenant())
            .bind::<BigInt, _>(size + 1)
            .bind::<Integer, _>(place(asked.places.0))
            .bind::<Integer, _>(place(asked.places.1));
        if let Some(Cursor::After(mark) | Cursor::Before(mark)) = &cursor {
            statement = statement
                .bind::<Date, _>(mark.due_on)
                .bind::<SqlUuid, _>(mark.id);
        }
        let found = scope.load(statement)?;
        let page = Page::new(found, size, cursor.as_ref(), |row: &Self| DueMark {
            due_on: row.due_on,
            id: row.id.uuid(),
        });
        let ageing = Ageing::found(scope, asked.customer, asked.as_of, asked.words.as_deref())?;
        Ok(Receivables { page, ageing })
    }
}
