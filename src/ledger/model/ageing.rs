//! What is open by its age, as of any day: what came later is not seen.

use crate::error::AppError;
use crate::kernel::ids::CustomerId;
use crate::kernel::money::Money;
use crate::ledger::rules::Bucket;
use crate::platform::db::{Scope, prepared};
use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Date, Integer, Nullable, Numeric, Text, Uuid as SqlUuid};

/// What one bucket holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sum {
    /// In rupees; below zero for money of customers.
    pub amount: Money,
    /// How many bills, or payments.
    pub items: i64,
}

/// What is open by age.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ageing {
    /// The day.
    pub as_of: NaiveDate,
    /// Days past due at which buckets end.
    pub ends: Vec<i32>,
    /// Every bucket, by [`Bucket::place`].
    pub sums: Vec<Sum>,
    /// How many customers have something open.
    pub customers: i64,
}

/// A row of figures as the database adds them up; without a place, all of them together.
#[derive(Clone, Debug, QueryableByName)]
struct Row {
    #[diesel(sql_type = Array<Integer>)]
    ends: Vec<i32>,
    #[diesel(sql_type = Nullable<Integer>)]
    place: Option<i32>,
    #[diesel(sql_type = Numeric)]
    amount: Money,
    #[diesel(sql_type = BigInt)]
    items: i64,
    #[diesel(sql_type = BigInt)]
    customers: i64,
}

macro_rules! sums {
    ($open:literal) => {
        concat!(
            "with o as (
                 select o.customer_id, case when o.side = 'credit' then -o.open else o.open end as amount, age_place(o.side, o.due_on, $1, e.ends) as place
                   from (select age_ends() as ends offset 0) e, ", $open, "
             ) select age_ends() as ends, s.place, s.amount, s.items, s.customers
                 from (select place, coalesce(sum(amount), 0) as amount, count(*) as items, count(distinct customer_id) as customers from o group by grouping sets ((place), ())) s"
        )
    };
}

// One customer is asked for by a text of its own: a plan that does for all customers too would read all of them.
const ALL: &str = sums!("open_on($1, $2) o");
const OF_ONE: &str = sums!("open_of($2, $1) o");
const FOUND: &str = sums!("open_on($1, $2) o where o.customer_id in (select search_customers($3))");
const OF_ONE_FOUND: &str =
    sums!("open_of($2, $1) o where o.customer_id in (select search_customers($3))");

impl Ageing {
    /// What one customer, or all of them, had open at the end of a day, as far as is known now. One statement.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn of(
        scope: &mut Scope,
        customer: Option<CustomerId>,
        as_of: NaiveDate,
    ) -> Result<Self, AppError> {
        Self::found(scope, customer, as_of, None)
    }

    /// The same of the customers whom some words find. One statement.
    ///
    /// # Errors
    /// When the database refuses.
    #[expect(
        clippy::disallowed_methods,
        reason = "sums over a set-returning function"
    )]
    pub fn found(
        scope: &mut Scope,
        customer: Option<CustomerId>,
        as_of: NaiveDate,
        words: Option<&str>,
    ) -> Result<Self, AppError> {
        let mut statement = prepared(match (customer, words) {
            (None, None) => ALL,
            (Some(_), None) => OF_ONE,
            (None, Some(_)) => FOUND,
            (Some(_), Some(_)) => OF_ONE_FOUND,
        })
        .bind::<Date, _>(as_of)
        .bind::<Nullable<SqlUuid>, _>(customer);
        if let Some(words) = words {
            statement = statement.bind::<Text, _>(words.to_owned());
        }
        let found: Vec<Row> = scope.load(statement)?;
        Ok(Self::new(as_of, &found))
    }

    fn new(as_of: NaiveDate, found: &[Row]) -> Self {
        let ends = found
            .first()
            .map(|row| row.ends.clone())
            .unwrap_or_default();
        let mut sums = vec![Sum::default(); Bucket::number(&ends)];
        let mut customers = 0;
        for row in found {
            let place = row.place.and_then(|place| usize::try_from(place).ok());
            match place.and_then(|place| sums.get_mut(place)) {
                Some(sum) => {
                    *sum = Sum {
                        amount: row.amount,
                        items: row.items,
                    };
                }
                None => customers = row.customers,
            }
        }
        Self {
            as_of,
            ends,
            sums,
            customers,
        }
    }

    /// The same of figures that somebody added up beside others: `sums` by their places, empty buckets left out.
    pub fn made(
        as_of: NaiveDate,
        ends: Vec<i32>,
        sums: impl IntoIterator<Item = (i32, Sum)>,
        customers: i64,
    ) -> Self {
        let mut all = vec![Sum::default(); Bucket::number(&ends)];
        for (place, sum) in sums {
            let place = usize::try_from(place).ok();
            if let Some(known) = place.and_then(|place| all.get_mut(place)) {
                *known = sum;
            }
        }
        Self {
            as_of,
            ends,
            sums: all,
            customers,
        }
    }

    /// What a bucket holds.
    pub fn of_bucket(&self, bucket: Bucket) -> Sum {
        self.sums.get(bucket.place()).copied().unwrap_or_default()
    }

    /// What some buckets hold together, from one place to another.
    pub fn between(&self, first: usize, last: usize) -> Sum {
        let chosen = self.sums.iter().take(last.saturating_add(1)).skip(first);
        chosen.fold(Sum::default(), |all, one| Sum {
            amount: all.amount + one.amount,
            items: all.items + one.items,
        })
    }

    /// What is owed all in all: bills less money of customers. The balance.
    pub fn total(&self) -> Money {
        self.sums.iter().map(|sum| sum.amount).sum()
    }

    /// What is past its day.
    pub fn overdue(&self) -> Sum {
        self.between(2, usize::MAX - 1)
    }
}
