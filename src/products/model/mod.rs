//! Products, categories, pictures: rows and queries.

mod category;
mod facts;
mod found;
mod list;
mod picture;
mod product;

pub use category::{Category, MOST_COUNTED};
pub use facts::{ListFacts, PriceLine, Standard, StockLine, lock_standard_list, standard_price};
pub use picture::Picture;
pub use product::Product;
