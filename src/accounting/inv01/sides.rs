//! Both sides of a document, as they were frozen with it.

use crate::accounting::model::Document;
use crate::error::AppError;
use serde::Deserialize;

/// A side of a document as it is printed: `documents.parties`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Side {
    /// Legal name.
    pub name: String,
    /// GSTIN; none for most buyers of a shop.
    pub gstin: Option<String>,
    /// Street.
    pub street: String,
    /// Town.
    pub city: String,
    /// PIN code, as text.
    pub pincode: String,
    /// GST's code of the state.
    pub state: String,
    /// ISO code of the country.
    pub country: String,
    /// Its own code here, for a buyer.
    pub code: String,
}

/// Both sides, and where goods come from and go to.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Sides {
    /// Who supplies.
    pub seller: Side,
    /// Who is billed.
    pub buyer: Side,
    /// Where the goods go.
    pub delivery: Option<Side>,
    /// Where they come from.
    pub dispatch: Option<Side>,
}

impl Sides {
    /// The sides of a document.
    ///
    /// # Errors
    /// When what is stored is none.
    pub fn of(document: &Document) -> Result<Self, AppError> {
        serde_json::from_value(document.parties.clone()).map_err(AppError::internal)
    }

    /// Where the goods go, if that is another person or another registration than is billed.
    pub fn ship_to(&self) -> Option<&Side> {
        let delivery = self.delivery.as_ref()?;
        let there = delivery.gstin.as_deref()?;
        (self.buyer.gstin.as_deref() != Some(there)).then_some(delivery)
    }

    /// The place of the buyer that is written: the one that the goods go to, where that is of the same registration.
    pub fn billed_at(&self) -> &Side {
        let whole = |side: &&Side| {
            !side.street.is_empty() && !side.city.is_empty() && !side.pincode.is_empty()
        };
        let is_own = |side: &&Side| {
            side.state == self.buyer.state
                && side
                    .gstin
                    .as_ref()
                    .is_none_or(|gstin| Some(gstin) == self.buyer.gstin.as_ref())
        };
        self.delivery
            .as_ref()
            .filter(is_own)
            .filter(whole)
            .unwrap_or(&self.buyer)
    }

    /// Where the goods come from, if not from the seller's own address.
    pub fn dispatched_from(&self) -> Option<&Side> {
        let from = self.dispatch.as_ref()?;
        let is_elsewhere = from.street != self.seller.street || from.pincode != self.seller.pincode;
        (is_elsewhere && !from.city.is_empty() && !from.pincode.is_empty()).then_some(from)
    }
}
