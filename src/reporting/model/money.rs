//! What a company sold, what it is owed, and what the authority refused.

use crate::accounting::rules::einvoice::Status;
use crate::error::AppError;
use crate::kernel::money::Money;
use crate::ledger::model::{Ageing, Sum};
use crate::platform::db::{Scope, prepared};
use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Date, Integer, Numeric, Text, Uuid as SqlUuid};

/// What the reader may be told; what it may not is not added up.
#[derive(Clone, Copy, Debug)]
pub struct Asks {
    /// Of documents, and how they stand at the authority.
    pub documents: bool,
    /// Of what customers owe.
    pub ledger: bool,
}

/// The figures of the books on a day.
#[derive(Clone, Debug)]
pub struct Takings {
    /// What the documents of the last 30 days come to, notes taken off and cancelled ones left out; with tax.
    pub sales: Money,
    /// How many documents that are.
    pub documents: i64,
    /// Documents that the authority refused and nobody has put right.
    pub refused: i64,
    /// What they come to.
    pub refused_amount: Money,
    /// Whether the company sends anything to the authority at all.
    pub sends: bool,
    /// What all customers owe, by age.
    pub ageing: Ageing,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Array<Integer>)]
    ends: Vec<i32>,
    #[diesel(sql_type = Array<Integer>)]
    places: Vec<i32>,
    #[diesel(sql_type = Array<Numeric>)]
    amounts: Vec<Money>,
    #[diesel(sql_type = Array<BigInt>)]
    items: Vec<i64>,
    #[diesel(sql_type = BigInt)]
    customers: i64,
    #[diesel(sql_type = BigInt)]
    documents: i64,
    #[diesel(sql_type = Numeric)]
    sales: Money,
    #[diesel(sql_type = BigInt)]
    refused: i64,
    #[diesel(sql_type = Numeric)]
    refused_amount: Money,
    #[diesel(sql_type = Bool)]
    sends: bool,
}

impl Takings {
    /// The figures on a day. One statement.
    ///
    /// # Errors
    /// When the database refuses.
    #[expect(
        clippy::disallowed_methods,
        reason = "sums of several rooms in one statement"
    )]
    pub fn of(scope: &mut Scope, today: NaiveDate, asks: Asks) -> Result<Self, AppError> {
        let mut sent = Status::CODES.to_vec();
        sent.retain(|state| *state != Status::NotRequired.as_str());
        let statement = prepared(include_str!("money.sql"))
            .bind::<SqlUuid, _>(scope.tenant())
            .bind::<Date, _>(today)
            .bind::<Bool, _>(asks.documents)
            .bind::<Bool, _>(asks.ledger)
            .bind::<Array<Text>, _>(sent);
        let row: Row = scope.one(statement)?;
        let sums = row.amounts.into_iter().zip(row.items);
        let sums = sums.map(|(amount, items)| Sum { amount, items });
        let ageing = Ageing::made(
            today,
            row.ends,
            row.places.into_iter().zip(sums),
            row.customers,
        );
        Ok(Self {
            sales: row.sales,
            documents: row.documents,
            refused: row.refused,
            refused_amount: row.refused_amount,
            sends: row.sends,
            ageing,
        })
    }
}
