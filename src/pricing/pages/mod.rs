//! Handlers of price lists.

pub mod check;
pub mod lists;
pub mod percent;
pub mod prices;

use crate::error::AppError;
use crate::kernel::ids::PriceListId;

/// The list of an address.
fn list_id(text: &str) -> Result<PriceListId, AppError> {
    text.parse().map_err(|_| AppError::NotFound)
}
