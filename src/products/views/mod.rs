//! What the pages of the catalogue show.

mod category;
mod form;
mod list;
mod pictures;
mod show;

pub use category::{CategoriesPage, CategoryPage};
pub use form::{FormFacts, FormPage};
pub use list::{ListPage, sheet};
pub use pictures::PicturesPage;
pub use show::ShowPage;

use super::model::Product;
use super::packs::Pack;
use super::rules::Status;
use crate::kernel::language::Lang;
use crate::web::components::Pill;
use rust_decimal::Decimal;

/// A quantity of a product in whole packs and what is left: `4 cs 5 pc`.
pub fn quantity(lang: Lang, product: &Product, quantity: Decimal) -> String {
    Pack::of_product(product).words(quantity, lang)
}

/// A product's status.
pub fn status_pill(lang: Lang, status: Status) -> Pill {
    let (tone, shape) = match status {
        Status::Active => ("ok", "full"),
        Status::Upcoming => ("info", ""),
        Status::Discontinued => ("", "plain"),
    };
    Pill::new(lang.t(status.label()), tone, shape)
}
