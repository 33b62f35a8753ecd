//! What may be done with a price list, and why a list did or did not give a price.

use super::model::{Candidate, PriceList};
use crate::kernel::language::{Said, text};
use chrono::NaiveDate;

/// Where a list stands in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Counts nowhere yet.
    Draft,
    /// Counts, between its days.
    Active,
    /// Counts nowhere any more.
    Ended,
}

impl Status {
    /// As stored.
    pub fn code(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Active => "active",
            Self::Ended => "ended",
        }
    }

    /// As people say it; a key of the message catalogue.
    pub fn label(self) -> &'static str {
        match self {
            Self::Draft => text!("Draft"),
            Self::Active => text!("Active"),
            Self::Ended => text!("Ended"),
        }
    }

    /// The status of a stored code.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Draft, Self::Active, Self::Ended]
            .into_iter()
            .find(|status| status.code() == code)
    }
}

/// Whether a list and its prices may still be changed.
///
/// # Errors
/// In words.
pub fn may_change(list: &PriceList) -> Result<(), Said> {
    match list.status() {
        Status::Draft | Status::Active => Ok(()),
        Status::Ended => Err(Said::new(
            "The price list {name} has ended and is kept as it was. Make a new one.",
        )
        .with("name", &list.name)),
    }
}

/// Whether a list may take its prices from another one.
///
/// # Errors
/// In words.
pub fn may_take_from(list: &PriceList, source: &PriceList) -> Result<(), Said> {
    if list.includes_tax == source.includes_tax {
        return Ok(());
    }
    let said = if list.includes_tax {
        Said::new(
            "The prices of {list} hold GST, and those of {source} do not: they can't be taken over.",
        )
    } else {
        Said::new(
            "The prices of {source} hold GST, and those of {list} do not: they can't be taken over.",
        )
    };
    Err(said.with("list", &list.name).with("source", &source.name))
}

/// Whether a list may begin to count.
///
/// # Errors
/// In words.
pub fn may_activate(list: &PriceList) -> Result<(), Said> {
    match list.status() {
        Status::Draft => Ok(()),
        Status::Active => {
            Err(Said::new("The price list {name} is active already.").with("name", &list.name))
        }
        Status::Ended => may_change(list),
    }
}

/// Whether a list may end.
///
/// # Errors
/// In words.
pub fn may_end(list: &PriceList) -> Result<(), Said> {
    if list.is_default {
        return Err(
            Said::new("{name} is the list of everybody: without it nobody could order. Change its prices instead.")
                .with("name", &list.name),
        );
    }
    may_change(list)
}

/// Whether a list may be for somebody in particular.
///
/// # Errors
/// In words.
pub fn may_target(list: &PriceList) -> Result<(), Said> {
    if list.is_default {
        return Err(Said::new(
            "{name} is the list of everybody. Make another list for some customers.",
        )
        .with("name", &list.name));
    }
    may_change(list)
}

/// Why a list gave the price, or did not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// It gave the price.
    Wins,
    /// It has a price, but another list comes first.
    Later,
    /// It has no price for this product at this quantity on this day.
    NoPrice,
    /// It is for others.
    NotForThem,
    /// It has not begun.
    NotBegun,
    /// It is over.
    Over,
    /// It is a draft.
    Draft,
    /// It has ended.
    Ended,
}

impl Reason {
    /// In words; a key of the message catalogue.
    pub fn words(self) -> &'static str {
        match self {
            Self::Wins => text!("Gives the price."),
            Self::Later => text!("Has a price, but a list that comes first has one too."),
            Self::NoPrice => text!("Has no price for this product at this quantity on this day."),
            Self::NotForThem => text!("Is for other customers."),
            Self::NotBegun => text!("Has not begun on this day."),
            Self::Over => text!("Is over on this day."),
            Self::Draft => text!("Is a draft."),
            Self::Ended => text!("Has ended."),
        }
    }
}

/// Why a list gave the price or did not. `wins`: whether the resolver took it.
pub fn reason(candidate: &Candidate, day: NaiveDate, wins: bool) -> Reason {
    if wins {
        return Reason::Wins;
    }
    match Status::from_code(&candidate.status) {
        Some(Status::Draft) | None => return Reason::Draft,
        Some(Status::Ended) => return Reason::Ended,
        Some(Status::Active) => {}
    }
    if candidate.valid_from > day {
        Reason::NotBegun
    } else if candidate.valid_to.is_some_and(|last| last < day) {
        Reason::Over
    } else if level(candidate).is_none() {
        Reason::NotForThem
    } else if candidate.price.is_none() {
        Reason::NoPrice
    } else {
        Reason::Later
    }
}

/// How near a list is to the customer: 1 its own, 2 its group's, 3 everybody's.
pub fn level(candidate: &Candidate) -> Option<u8> {
    if candidate.is_for_customer {
        Some(1)
    } else if candidate.is_for_group {
        Some(2)
    } else if candidate.is_default {
        Some(3)
    } else {
        None
    }
}
