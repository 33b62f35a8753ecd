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
use super::rules::{Status, in_packs};
use crate::kernel::language::Lang;
use crate::web::components::Pill;
use rust_decimal::Decimal;

/// A quantity of a product in whole packs and what is left: `4 case 5 pc`.
pub fn quantity(product: &Product, quantity: Decimal) -> String {
    in_packs(
        quantity,
        &product.unit,
        product.pack_size,
        product.pack_name.as_deref(),
    )
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
