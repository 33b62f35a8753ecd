//! Registered documents in the registrar's books, with the e-way bill of each.
#![expect(
    clippy::disallowed_methods,
    reason = "the sandboxes' schema is not in schema.rs: they are strangers"
)]

use super::calls::from_indian;
use super::eway::Bill;
use crate::error::AppError;
use crate::platform::db::{PlatformTx, prepared};
use chrono::{DateTime, NaiveDate, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Date, Integer, Jsonb, Nullable, Text, Timestamptz};

/// A registered document.
#[derive(Clone, Debug, QueryableByName)]
pub struct Registered {
    #[diesel(sql_type = Text)]
    pub gstin: String,
    #[diesel(sql_type = Text)]
    pub fin_year: String,
    #[diesel(sql_type = Text)]
    pub doc_type: String,
    #[diesel(sql_type = Text)]
    pub doc_no: String,
    #[diesel(sql_type = Text)]
    pub irn: String,
    #[diesel(sql_type = BigInt)]
    pub ack_no: i64,
    #[diesel(sql_type = Timestamptz)]
    pub ack_at: DateTime<Utc>,
    /// `ACT` or `CNL`.
    #[diesel(sql_type = Text)]
    pub status: String,
    #[diesel(sql_type = Date)]
    pub doc_date: NaiveDate,
    #[diesel(sql_type = Jsonb)]
    pub payload: serde_json::Value,
    #[diesel(sql_type = Text)]
    pub signed_invoice: String,
    #[diesel(sql_type = Text)]
    pub signed_qr: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub ewb_no: Option<String>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub ewb_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub ewb_valid_until: Option<DateTime<Utc>>,
    /// `ACT` or `CNL`.
    #[diesel(sql_type = Nullable<Text>)]
    pub ewb_status: Option<String>,
    /// Kilometres.
    #[diesel(sql_type = Nullable<Integer>)]
    pub ewb_distance: Option<i32>,
    /// Vehicles of the bill, the newest first, as answers show them.
    #[diesel(sql_type = Jsonb)]
    pub ewb_vehicles: serde_json::Value,
}

impl Registered {
    /// Whether the registration holds.
    pub fn is_active(&self) -> bool {
        self.status == "ACT"
    }

    /// Whether an e-way bill holds for it.
    pub fn has_bill(&self) -> bool {
        self.ewb_status.as_deref() == Some("ACT")
    }
}

macro_rules! find {
    ($condition:literal) => {
        concat!(
            "select gstin, fin_year, doc_type, doc_no, irn, ack_no, ack_at, status, doc_date, payload, signed_invoice, signed_qr, \
                    ewb_no, ewb_at, ewb_valid_until, ewb_status, ewb_distance, ewb_vehicles \
             from sandbox.invoices where ",
            $condition,
            " for update"
        )
    };
}

/// A document by its IRN, held until the call ends.
///
/// # Errors
/// When the database refuses.
pub fn by_irn(tx: &mut PlatformTx, irn: &str) -> Result<Option<Registered>, AppError> {
    let query = prepared(find!("irn = $1")).bind::<Text, _>(irn.to_owned());
    Ok(tx.load(query)?.into_iter().next())
}

/// A document by what it calls itself, held until the call ends.
///
/// # Errors
/// When the database refuses.
pub fn by_number(
    tx: &mut PlatformTx,
    gstin: &str,
    fin_year: &str,
    doc_type: &str,
    number: &str,
) -> Result<Option<Registered>, AppError> {
    let query = prepared(find!(
        "gstin = $1 and fin_year = $2 and doc_type = $3 and doc_no = $4"
    ))
    .bind::<Text, _>(gstin.to_owned())
    .bind::<Text, _>(fin_year.to_owned())
    .bind::<Text, _>(doc_type.to_owned())
    .bind::<Text, _>(number.to_owned());
    Ok(tx.load(query)?.into_iter().next())
}

/// A document by the number of its e-way bill, held until the call ends.
///
/// # Errors
/// When the database refuses.
pub fn by_bill(tx: &mut PlatformTx, number: &str) -> Result<Option<Registered>, AppError> {
    let query = prepared(find!("ewb_no = $1")).bind::<Text, _>(number.to_owned());
    Ok(tx.load(query)?.into_iter().next())
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

/// The next number of an acknowledgement.
///
/// # Errors
/// When the database refuses.
pub fn next_ack(tx: &mut PlatformTx) -> Result<i64, AppError> {
    let query =
        prepared("select nextval(pg_get_serial_sequence('sandbox.invoices', 'ack_no')) as number");
    Ok(tx.one::<Number>(query)?.number)
}

/// Keeps a new document. `false` when somebody else registered the same meanwhile.
///
/// # Errors
/// When the database refuses.
pub fn keep(tx: &mut PlatformTx, new: &Registered) -> Result<bool, AppError> {
    let kept = tx.execute(
        prepared(
            "insert into sandbox.invoices (gstin, fin_year, doc_type, doc_no, irn, ack_no, ack_at, doc_date, payload, signed_invoice, signed_qr)
             overriding system value values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict do nothing",
        )
        .bind::<Text, _>(new.gstin.clone())
        .bind::<Text, _>(new.fin_year.clone())
        .bind::<Text, _>(new.doc_type.clone())
        .bind::<Text, _>(new.doc_no.clone())
        .bind::<Text, _>(new.irn.clone())
        .bind::<BigInt, _>(new.ack_no)
        .bind::<Timestamptz, _>(new.ack_at)
        .bind::<Date, _>(new.doc_date)
        .bind::<Jsonb, _>(new.payload.clone())
        .bind::<Text, _>(new.signed_invoice.clone())
        .bind::<Text, _>(new.signed_qr.clone()),
    )?;
    Ok(kept == 1)
}

/// Cancels a document.
///
/// # Errors
/// When the database refuses.
pub fn cancel(tx: &mut PlatformTx, irn: &str) -> Result<(), AppError> {
    let now = tx.now();
    tx.execute(
        prepared("update sandbox.invoices set status = 'CNL', cancelled_at = $2 where irn = $1")
            .bind::<Text, _>(irn.to_owned())
            .bind::<Timestamptz, _>(now),
    )?;
    Ok(())
}

/// Keeps an e-way bill of a document: its number.
///
/// # Errors
/// When the database refuses.
pub fn keep_bill(tx: &mut PlatformTx, irn: &str, bill: &Bill) -> Result<i64, AppError> {
    let now = tx.now();
    let number = tx
        .one::<Number>(prepared(
            "select nextval('sandbox.eway_bill_numbers') as number",
        ))?
        .number;
    let vehicles: Vec<serde_json::Value> = bill.vehicle.iter().cloned().collect();
    tx.execute(
        prepared(
            "update sandbox.invoices set ewb_no = $2, ewb_at = $3, ewb_valid_until = $4, ewb_status = 'ACT', ewb_distance = $5, ewb_vehicles = $6 where irn = $1",
        )
        .bind::<Text, _>(irn.to_owned())
        .bind::<Text, _>(number.to_string())
        .bind::<Timestamptz, _>(now)
        .bind::<Nullable<Timestamptz>, _>(bill.valid_until.map(from_indian))
        .bind::<Integer, _>(i32::try_from(bill.distance).unwrap_or(i32::MAX))
        .bind::<Jsonb, _>(serde_json::Value::from(vehicles)),
    )?;
    Ok(number)
}

/// Another vehicle of the e-way bill of a document, and until when the bill is valid with it.
///
/// # Errors
/// When the database refuses.
pub fn add_vehicle(
    tx: &mut PlatformTx,
    irn: &str,
    vehicle: &serde_json::Value,
    valid_until: DateTime<Utc>,
) -> Result<(), AppError> {
    tx.execute(
        prepared(
            "update sandbox.invoices set ewb_vehicles = jsonb_build_array($2) || ewb_vehicles, ewb_valid_until = $3 where irn = $1",
        )
        .bind::<Text, _>(irn.to_owned())
        .bind::<Jsonb, _>(vehicle.clone())
        .bind::<Timestamptz, _>(valid_until),
    )?;
    Ok(())
}

/// Cancels the e-way bill of a document.
///
/// # Errors
/// When the database refuses.
pub fn cancel_bill(tx: &mut PlatformTx, irn: &str) -> Result<(), AppError> {
    tx.execute(
        prepared("update sandbox.invoices set ewb_status = 'CNL' where irn = $1")
            .bind::<Text, _>(irn.to_owned()),
    )?;
    Ok(())
}
