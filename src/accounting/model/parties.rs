//! What a document says of people and places, frozen when it was issued.

use chrono::NaiveDate;
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
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Bank {
    /// Bank and branch.
    pub name: Option<String>,
    /// Account number.
    pub account: Option<String>,
    /// IFSC.
    pub ifsc: Option<String>,
    /// UPI address.
    pub upi: Option<String>,
}

/// The document that a note corrects.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Original {
    /// Its number.
    pub number: String,
    /// Its date.
    pub date: NaiveDate,
}
