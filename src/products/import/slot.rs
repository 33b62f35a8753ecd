//! A product's place on the shelves of a batch: how it was, and how it will be.

use super::Opening;
use super::model::Stored;
use super::rules::told::{Field, Told};
use super::rules::{self, Goods};
use crate::kernel::ids::ProductId;
use rust_decimal::Decimal;

/// A product, as it was and as it will be.
pub struct Slot {
    /// As it was; nothing of a new one.
    pub before: Option<Stored>,
    /// As it will be.
    pub now: Stored,
    /// Its categories from the top, where a row says them.
    pub path: Vec<String>,
    /// Its standard price, where a row says it.
    pub price: Option<Decimal>,
    /// What a new one begins with.
    pub opening: Option<Opening>,
    /// The row that said something on which it depends whether it is sold above its MRP.
    pub priced: Option<u32>,
}

impl Slot {
    /// A product that is there.
    pub fn of(stored: Stored) -> Self {
        Self {
            before: Some(stored.clone()),
            now: stored,
            path: Vec::new(),
            price: None,
            opening: None,
            priced: None,
        }
    }

    /// A product that a row makes.
    pub fn new(sku: String, name: String, hsn: String, goods: Goods) -> Self {
        let id = ProductId::new();
        let quantity = goods.stock.filter(|stock| !stock.is_zero());
        let opening = (quantity.is_some() || goods.reorder_level.is_some()).then_some(Opening {
            product: id,
            quantity,
            reorder_level: goods.reorder_level,
        });
        Self {
            before: None,
            now: Stored {
                id,
                sku,
                name,
                name_hi: goods.name_hi,
                brand: goods.brand,
                category_id: None,
                description: goods.description,
                hsn,
                tax_condition: goods.tax_condition.unwrap_or_default(),
                unit: goods.unit.unwrap_or_else(|| "PCS".to_owned()),
                pack_size: goods.pack_size.unwrap_or(Decimal::ONE),
                pack_name: goods.pack_name,
                mrp: goods.mrp,
                barcode: goods.barcode,
                weight_g: goods.weight_g,
                status: goods.status.unwrap_or_else(|| "active".to_owned()),
            },
            path: goods.category,
            price: goods.price,
            opening,
            priced: Some(goods.line),
        }
    }

    /// What makes it this product where a row has no code.
    pub fn identity(&self) -> String {
        let now = &self.now;
        rules::identity(
            &now.name,
            now.brand.as_deref(),
            (now.mrp, Some(now.pack_size), now.weight_g),
        )
    }

    /// Takes what a row says, but for what a row above it has said.
    pub fn take(&mut self, goods: Goods, told: &Told) {
        let line = goods.line;
        let is_open = |field: Field| !told.has_above(line, field);
        let now = &mut self.now;
        put(&mut now.name, goods.name, is_open(Field::Name));
        put(&mut now.hsn, goods.hsn, is_open(Field::Hsn));
        let condition = is_open(Field::TaxCondition);
        put(&mut now.tax_condition, goods.tax_condition, condition);
        put(&mut now.unit, goods.unit, is_open(Field::Unit));
        let (size, name) = (is_open(Field::PackSize), is_open(Field::PackName));
        put(&mut now.pack_size, goods.pack_size, size);
        fill(&mut now.pack_name, goods.pack_name, name);
        put(&mut now.status, goods.status, is_open(Field::Status));
        fill(&mut now.name_hi, goods.name_hi, is_open(Field::NameHi));
        fill(&mut now.brand, goods.brand, is_open(Field::Brand));
        let description = is_open(Field::Description);
        fill(&mut now.description, goods.description, description);
        fill(&mut now.mrp, goods.mrp, is_open(Field::Mrp));
        fill(&mut now.weight_g, goods.weight_g, is_open(Field::Weight));
        fill(&mut self.price, goods.price, is_open(Field::Price));
        fill(&mut now.barcode, goods.barcode, is_open(Field::Barcode));
        if !goods.category.is_empty() && is_open(Field::Category) {
            self.path = goods.category;
        }
    }
}

/// A row takes what it says, where no row above it has said the same already.
fn put<T>(now: &mut T, given: Option<T>, is_open: bool) {
    if let Some(given) = given.filter(|_| is_open) {
        *now = given;
    }
}

fn fill<T>(now: &mut Option<T>, given: Option<T>, is_open: bool) {
    if given.is_some() && is_open {
        *now = given;
    }
}
