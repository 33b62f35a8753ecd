//! The verbs of the catalogue.

mod categories;
mod pictures;
mod products;

pub use categories::{NewCategory, add_category, delete_category, save_category};
pub use pictures::{MOST_PICTURES, add_picture, put_first, remove_picture};
pub use products::{Facts, StandardPrice, add, check, hold, save, set_standard_prices, set_status};
