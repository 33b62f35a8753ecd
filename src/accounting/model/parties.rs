//! What a document says of people and places, frozen when it was issued.

use crate::error::AppError;
use crate::platform::db::{Scope, prepared};
use chrono::NaiveDate;
use diesel::QueryableByName;
use diesel::sql_types::{Nullable, Text};
use serde::Deserialize;

/// The `parties` of a document.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Parties {
    /// Who supplies.
    pub seller: Person,
    /// Who is billed.
    pub buyer: Person,
    /// Where the goods go.
    pub delivery: Option<Person>,
    /// Whence they go.
    pub dispatch: Option<Person>,
    /// Where to pay.
    pub bank: Bank,
    /// The small print.
    pub terms: Option<String>,
    /// Number of the order.
    pub order_no: Option<String>,
    /// Number of the shipment.
    pub shipment_no: Option<String>,
    /// Number plate, where it was known.
    pub vehicle: Option<String>,
    /// Number of the letter of undertaking that covered the day, if there was one.
    pub undertaking: Option<String>,
    /// For a note: the document that it corrects.
    pub original: Option<Original>,
}

/// Somebody on a document.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Person {
    /// Legal name, or that of the place.
    pub name: String,
    /// The name customers know.
    pub trade_name: Option<String>,
    /// What the customer calls the address.
    pub label: Option<String>,
    /// GSTIN or UIN.
    pub gstin: Option<String>,
    /// Building and street.
    pub street: String,
    /// Town.
    pub city: String,
    /// PIN code.
    pub pincode: String,
    /// GST's code of the state; 96 is abroad.
    pub state: String,
    /// Country, ISO 3166.
    pub country: String,
    /// Telephone, E.164.
    pub phone: Option<String>,
    /// E-mail.
    pub email: Option<String>,
}

/// Where to pay.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, QueryableByName)]
#[serde(default)]
pub struct Bank {
    /// Bank and branch.
    #[diesel(sql_type = Nullable<Text>, column_name = bank_name)]
    pub name: Option<String>,
    /// Account number.
    #[diesel(sql_type = Nullable<Text>, column_name = bank_account)]
    pub account: Option<String>,
    /// IFSC.
    #[diesel(sql_type = Nullable<Text>, column_name = bank_ifsc)]
    pub ifsc: Option<String>,
    /// UPI address.
    #[diesel(sql_type = Nullable<Text>, column_name = upi_id)]
    pub upi: Option<String>,
}

impl Bank {
    /// Where the company is paid today, as far as it has said so. A retailer may read it too.
    ///
    /// # Errors
    /// When the database refuses.
    #[expect(
        clippy::disallowed_methods,
        reason = "a set-returning function: the settings themselves are not for retailers"
    )]
    pub fn of(scope: &mut Scope) -> Result<Self, AppError> {
        let row = scope.maybe(prepared("select * from ways_to_pay()"))?;
        Ok(row.unwrap_or_default())
    }

    /// UPI address, bank, account and IFSC, line by line; nothing where nothing was said.
    pub fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        lines.extend(self.upi.as_ref().map(|upi| format!("UPI {upi}")));
        lines.extend(self.name.clone());
        if let (Some(account), Some(ifsc)) = (&self.account, &self.ifsc) {
            lines.push(format!("A/c {account} · IFSC {ifsc}"));
        }
        lines
    }
}

/// The document that a note corrects.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Original {
    /// Its number.
    pub number: String,
    /// Its date.
    pub date: NaiveDate,
}
