//! What the pages of price lists show.

mod check;
mod lists;
mod percent;
mod prices;

pub use check::{Answered, CheckPage};
pub use lists::{Around, FormPage, IndexPage, ShowPage};
pub use percent::PercentPage;
pub use prices::PricesPage;

use super::model::PriceList;
use super::rules::Status;
use crate::kernel::dates;
use crate::kernel::language::{Lang, Said};
use crate::web::components::Pill;
use chrono::NaiveDate;

/// A list's status on a day: one that is active may still be waiting for its first day, or be over.
pub fn pill(lang: Lang, list: &PriceList, today: NaiveDate) -> Pill {
    match list.status() {
        Status::Draft => Pill::new(lang.t("Draft"), "", ""),
        Status::Ended => Pill::new(lang.t("Ended"), "", "plain"),
        Status::Active if list.valid_from > today => Pill::new(lang.t("Coming"), "info", ""),
        Status::Active if list.valid_to.is_some_and(|last| last < today) => {
            Pill::new(lang.t("Over"), "", "plain")
        }
        Status::Active => Pill::new(lang.t("Active"), "ok", "full"),
    }
}

/// The first day of a price in words: one that counts since GST began counts from the beginning.
pub fn first_day(lang: Lang, day: NaiveDate) -> String {
    if Some(day) <= dates::GST_BEGAN {
        lang.t("the beginning").into_owned()
    } else {
        dates::date(day, lang)
    }
}

/// From when to when a list counts.
pub fn period(lang: Lang, list: &PriceList) -> String {
    match list.valid_to {
        Some(to) => dates::range(list.valid_from, to, lang),
        None => lang.say(&Said::new("since {day}").with("day", first_day(lang, list.valid_from))),
    }
}

/// Whether a list's prices hold GST, in words.
pub fn tax_words(lang: Lang, includes_tax: bool) -> String {
    if includes_tax {
        lang.t("With GST")
    } else {
        lang.t("Before GST")
    }
    .into_owned()
}
