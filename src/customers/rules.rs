//! Decisions about customers, as pure functions.

use crate::kernel::gstin::UNREGISTERED;
use crate::kernel::language::{Said, text};
use chrono::{DateTime, Utc};

/// How long an invitation is good.
pub const INVITATION_DAYS: i64 = 7;

/// How a customer can stand under GST: the code, and its words.
///
/// A UIN is no GSTIN, and its holders can't be written down yet.
pub const KINDS: [(&str, &str); 6] = [
    ("registered", text!("Registered")),
    ("composition", text!("Composition scheme")),
    ("unregistered", text!("Not registered")),
    ("sez", text!("Special economic zone")),
    ("overseas", text!("Abroad")),
    ("deemed_export", text!("Deemed export")),
];

/// Whether customers of a kind have a GSTIN.
pub fn has_gstin(kind: &str) -> bool {
    !matches!(kind, "unregistered" | "overseas")
}

/// What an invitation is at a moment: a letter that was not used in time is expired without anybody having to say so.
pub fn invitation_state(
    status: &str,
    expires_at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> &'static str {
    match status {
        "accepted" => "accepted",
        "revoked" => "revoked",
        _ if expires_at <= now => "expired",
        _ => "sent",
    }
}

/// Whether a place is a third person's: goods that are billed to the customer go there (bill to, ship to), and the place of supply is where
/// the customer is billed (IGST Act, section 10(1)(b)). A place is known by its GSTIN, or by `URP` where it is somebody's who has none.
pub fn is_third_person(customer: Option<&str>, place: Option<&str>) -> bool {
    if place == Some(UNREGISTERED) {
        return customer.is_some();
    }
    let pan = |gstin: &str| gstin.get(2..12).map(str::to_owned);
    matches!((customer.and_then(pan), place.and_then(pan)), (Some(own), Some(other)) if own != other)
}

/// A place of a customer has a GSTIN of the same PAN; one that is said to be somebody else's has one of another PAN, or none.
///
/// # Errors
/// The refusal in words.
pub fn whose_place(customer: Option<&str>, place: Option<&str>, is_said: bool) -> Result<(), Said> {
    let pan = |gstin: Option<&str>| {
        gstin
            .and_then(|text| text.get(2..12))
            .unwrap_or_default()
            .to_owned()
    };
    match (is_third_person(customer, place), is_said) {
        (true, true) | (false, false) => Ok(()),
        (true, false) => Err(Said::new(
            "This GSTIN holds the PAN {other}, but the customer's PAN is {own}.",
        )
        .with("other", pan(place))
        .with("own", pan(customer))),
        (false, true) if customer.is_none() => Err(Said::new(
            "The customer has no GSTIN, so its goods bear the tax of where they go. Take the tick away.",
        )),
        (false, true) => Err(Said::new(
            "This GSTIN is the customer's own. Take the tick away.",
        )),
    }
}

/// Bills go to a place of the customer's own.
///
/// # Errors
/// The refusal in words.
pub fn may_be_billed(customer: Option<&str>, place: Option<&str>, label: &str) -> Result<(), Said> {
    if is_third_person(customer, place) {
        return Err(Said::new(
            "{label} is somebody else's place. Bills go to one of the customer's own.",
        )
        .with("label", label));
    }
    Ok(())
}

/// Goods and bills go only to an address that is in use.
///
/// # Errors
/// The refusal in words.
pub fn may_be_chosen(label: &str, is_active: bool) -> Result<(), Said> {
    if is_active {
        return Ok(());
    }
    Err(Said::new("The address {label} is not in use. Use it again first.").with("label", label))
}

/// The address where goods or bills go stays in use.
///
/// # Errors
/// The refusal in words.
pub fn may_leave(label: &str, is_default: bool, is_billing: bool) -> Result<(), Said> {
    let said = match (is_default, is_billing) {
        (true, _) => Said::new("Goods go to {label}. Choose another address for goods first."),
        (_, true) => Said::new("Bills go to {label}. Choose another address for bills first."),
        _ => return Ok(()),
    };
    Err(said.with("label", label))
}

/// Only somebody who has no portal yet is invited into it.
///
/// # Errors
/// The refusal in words.
pub fn may_be_invited(name: &str, is_connected: bool) -> Result<(), Said> {
    if !is_connected {
        return Ok(());
    }
    Err(Said::new("{name} is connected already and can order in the portal.").with("name", name))
}

/// Whether a retailer may be connected to a customer. `known` are the connections that one of the two has already, each with whether it
/// is the retailer's and whether it is the customer's.
///
/// # Errors
/// The refusal in words.
pub fn may_connect(company: &str, known: &[(bool, bool, &str)]) -> Result<(), Said> {
    for (is_retailers, is_customers, status) in known {
        let is_open = matches!(*status, "active" | "paused");
        if *is_retailers && is_open {
            return Err(
                Said::new("Your shop is connected to {company} already.").with("company", company)
            );
        }
        if *is_customers && !*is_retailers {
            return Err(Said::new(
                "Another shop has this place at {company} already. Ask {company} what to do.",
            )
            .with("company", company));
        }
        // A connection that ended is taken up again only between the same two.
        if !(*is_retailers && *is_customers) {
            return Err(Said::new(
                "Your shop was connected to {company} before, under another number. Ask {company} to open that connection again.",
            )
            .with("company", company));
        }
    }
    Ok(())
}
