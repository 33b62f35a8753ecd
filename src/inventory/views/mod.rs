//! One struct for each template of stock and warehouses.

mod adjust;
mod stock;
mod warehouses;

pub use adjust::AdjustPage;
pub use stock::{ItemPage, StockPage, moves_sheet, stock_sheet};
pub use warehouses::{WarehousePage, WarehousesPage, warehouse_form};

use crate::kernel::language::Lang;
use crate::kernel::number::indian;
use crate::web::components::Pill;
use rust_decimal::Decimal;

/// Units that came or went, with their sign.
pub fn signed(quantity: Decimal) -> String {
    if quantity > Decimal::ZERO {
        format!("+{}", indian(quantity))
    } else {
        indian(quantity)
    }
}

/// How low stock is.
pub fn level_pill(lang: Lang, state: &str) -> Pill {
    match state {
        "out" => Pill::new(lang.t("Out"), "bad", ""),
        "low" => Pill::new(lang.t("Low"), "warn", "half"),
        _ => Pill::new(lang.t("In stock"), "ok", "full"),
    }
}

/// A kind of move in words.
pub fn kind_word(lang: Lang, kind: &str) -> String {
    match kind {
        "opening" => lang.t("Opening stock"),
        "adjustment" => lang.t("Adjustment"),
        "shipment" => lang.t("Shipment"),
        _ => lang.t("Return"),
    }
    .into_owned()
}
