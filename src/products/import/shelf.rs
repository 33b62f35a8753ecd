//! A batch of rows on its way to the shelves: each finds its product or makes one; then all are written at once.

use super::actions;
use super::model::{self, Stored};
use super::rules::{self, Goods};
use super::{Books, Memory, Opening};
use crate::error::AppError;
use crate::imports::{Mode, Outcome, Run};
use crate::kernel::ids::ProductId;
use crate::kernel::language::Said;
use crate::platform::db::Scope;
use crate::products::actions::set_standard_prices;
use rust_decimal::Decimal;
use std::collections::{BTreeMap, HashMap, HashSet};

/// A product, as it was and as it will be.
struct Slot {
    before: Option<Stored>,
    now: Stored,
    path: Vec<String>,
    price: Option<Decimal>,
    opening: Option<Opening>,
}

/// The products that a batch is about.
pub struct Shelves<'r> {
    run: Run<'r>,
    slots: Vec<Slot>,
    by_sku: HashMap<String, usize>,
    by_identity: HashMap<String, usize>,
    by_barcode: HashMap<String, usize>,
    hsn: HashSet<String>,
}

impl<'r> Shelves<'r> {
    /// What is there of these rows. Three statements.
    pub fn load(
        scope: &mut Scope,
        run: &Run<'r>,
        rows: &[Result<Goods, Said>],
    ) -> Result<Self, AppError> {
        let goods = || rows.iter().filter_map(|row| row.as_ref().ok());
        let codes = goods().map(Goods::key).collect();
        let names = goods()
            .filter(|goods| goods.sku.is_none())
            .filter_map(|goods| goods.name.clone())
            .collect();
        let barcodes = goods().filter_map(|goods| goods.barcode.clone()).collect();
        let is_change = run.mode == Mode::Write;
        let known = model::known(scope, (codes, names, barcodes), is_change)?;
        let default = rules::hsn(run.settings.default_of("hsn")).ok();
        let hsn = goods()
            .filter_map(|goods| goods.hsn.clone())
            .chain(default)
            .collect();
        let mut shelves = Self {
            run: *run,
            slots: Vec::new(),
            by_sku: HashMap::new(),
            by_identity: HashMap::new(),
            by_barcode: HashMap::new(),
            hsn: model::hsn_known(scope, &hsn)?,
        };
        for stored in known {
            shelves.add(Slot {
                before: Some(stored.clone()),
                now: stored,
                path: Vec::new(),
                price: None,
                opening: None,
            });
        }
        Ok(shelves)
    }

    fn add(&mut self, slot: Slot) {
        let place = self.slots.len();
        let now = &slot.now;
        self.by_sku.insert(now.sku.clone(), place);
        self.by_identity.entry(identity(now)).or_insert(place);
        if let Some(barcode) = &now.barcode {
            self.by_barcode.insert(barcode.clone(), place);
        }
        self.slots.push(slot);
    }

    /// Finds the product of a row, or makes it.
    pub fn put(&mut self, goods: Goods, memory: &mut Memory) -> Outcome {
        let (key, line) = (goods.key(), goods.line);
        let first = *memory.seen.entry(key.clone()).or_insert(line);
        let earlier = (first < line).then_some(first);
        let found = self.by_sku.get(&key).copied().or_else(|| {
            let is_unnamed = goods.sku.is_some();
            let place = self.by_identity.get(&goods.identity());
            place.copied().filter(|_| !is_unnamed)
        });
        if let Some(said) = self.wrong(&goods, (&key, found), memory) {
            return Outcome::Refused(said);
        }
        if let Some(place) = found {
            return self.merge(place, goods, earlier);
        }
        if self.run.mode == Mode::Check {
            let is_made = memory.made.contains_key(&key)
                || (goods.sku.is_none() && memory.made.contains_key(&goods.identity()));
            if is_made {
                return Outcome::Merged(again(earlier, &key));
            }
        }
        match goods.complete(self.run.settings) {
            Err(said) => Outcome::Refused(said),
            Ok(goods) => self.make(key, goods, memory),
        }
    }

    /// What only the rest of the catalogue tells.
    fn wrong(
        &self,
        goods: &Goods,
        (key, found): (&str, Option<usize>),
        memory: &Memory,
    ) -> Option<Said> {
        if let Some(code) = goods.hsn.as_ref().filter(|code| !self.hsn.contains(*code)) {
            return Some(unknown_hsn(code));
        }
        let barcode = goods.barcode.as_ref()?;
        let place = self.by_barcode.get(barcode).copied();
        let other = match place {
            Some(place) if found != Some(place) => Some(self.slots[place].now.sku.clone()),
            Some(_) => None,
            None => memory
                .barcodes
                .get(barcode)
                .filter(|other| *other != key)
                .cloned(),
        };
        other.map(|sku| {
            Said::new("The barcode {barcode} belongs to {sku} already.")
                .with("barcode", barcode)
                .with("sku", sku)
        })
    }

    fn merge(&mut self, place: usize, goods: Goods, earlier: Option<u32>) -> Outcome {
        let slot = &mut self.slots[place];
        let is_first = earlier.is_none();
        let mrp = goods
            .mrp
            .filter(|_| is_first)
            .or(slot.now.mrp)
            .or(goods.mrp);
        if is_first && let Err(said) = rules::fits(goods.price, mrp) {
            return Outcome::Refused(said);
        }
        let now = &mut slot.now;
        if is_first {
            take(&mut now.name, goods.name);
            take(&mut now.hsn, goods.hsn);
            take(&mut now.tax_condition, goods.tax_condition);
            take(&mut now.unit, goods.unit);
            take(&mut now.pack_size, goods.pack_size);
            take(&mut now.status, goods.status);
            slot.price = goods.price.or(slot.price);
        }
        fill(&mut now.name_hi, goods.name_hi, is_first);
        fill(&mut now.brand, goods.brand, is_first);
        fill(&mut now.description, goods.description, is_first);
        fill(&mut now.pack_name, goods.pack_name, is_first);
        fill(&mut now.mrp, goods.mrp, is_first);
        fill(&mut now.weight_g, goods.weight_g, is_first);
        if let Some(barcode) = &goods.barcode {
            fill(&mut now.barcode, Some(barcode.clone()), is_first);
            self.by_barcode.insert(barcode.clone(), place);
        }
        let has_category = now.category_id.is_some() || !slot.path.is_empty();
        if !goods.category.is_empty() && (is_first || !has_category) {
            slot.path = goods.category;
        }
        Outcome::Merged(again(earlier, &slot.now.sku))
    }

    fn make(&mut self, sku: String, goods: Goods, memory: &mut Memory) -> Outcome {
        let (Some(name), Some(hsn)) = (goods.name.clone(), goods.hsn.clone()) else {
            return Outcome::Refused(Said::new("The row has no name."));
        };
        if !self.hsn.contains(&hsn) {
            return Outcome::Refused(unknown_hsn(&hsn));
        }
        if self.run.mode == Mode::Check {
            memory.made.insert(sku.clone(), ());
            memory.made.insert(goods.identity(), ());
            if let Some(barcode) = &goods.barcode {
                memory.barcodes.insert(barcode.clone(), sku.clone());
            }
        }
        let id = ProductId::new();
        let has_stock = goods.stock.is_some_and(|stock| !stock.is_zero());
        let opening = (has_stock || goods.reorder_level.is_some()).then_some(Opening {
            product: id,
            quantity: goods.stock.filter(|stock| !stock.is_zero()),
            reorder_level: goods.reorder_level,
        });
        self.add(Slot {
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
        });
        Outcome::Created
    }

    /// Writes what has changed. Its statements don't grow with the rows.
    pub fn write<B: Books>(mut self, scope: &mut Scope) -> Result<(), AppError> {
        if self.run.mode == Mode::Check {
            return Ok(());
        }
        let paths: BTreeMap<String, Vec<String>> = self
            .slots
            .iter()
            .filter(|slot| !slot.path.is_empty())
            .map(|slot| (slot.path.join(" > "), slot.path.clone()))
            .collect();
        let categories = actions::categories(scope, &paths)?;
        for slot in &mut self.slots {
            if let Some(id) = categories.get(&slot.path.join(" > ").to_lowercase()) {
                slot.now.category_id = Some(*id);
            }
        }
        let new: Vec<&Stored> = self
            .slots
            .iter()
            .filter(|slot| slot.before.is_none())
            .map(|slot| &slot.now)
            .collect();
        actions::insert(scope, &new)?;
        let changed: Vec<&Stored> = self
            .slots
            .iter()
            .filter(|slot| {
                slot.before
                    .as_ref()
                    .is_some_and(|before| *before != slot.now)
            })
            .map(|slot| &slot.now)
            .collect();
        actions::update(scope, &changed)?;
        let prices: Vec<_> = self
            .slots
            .iter()
            .filter_map(|slot| Some((slot.now.id, slot.price?)))
            .collect();
        set_standard_prices(scope, &prices)?;
        let openings: Vec<Opening> = self.slots.iter().filter_map(|slot| slot.opening).collect();
        if !openings.is_empty() {
            B::open(scope, self.run.import, &openings)?;
        }
        Ok(())
    }
}

fn identity(stored: &Stored) -> String {
    rules::identity(
        &stored.name,
        stored.brand.as_deref(),
        (stored.mrp, Some(stored.pack_size), stored.weight_g),
    )
}

fn take<T>(now: &mut T, given: Option<T>) {
    if let Some(given) = given {
        *now = given;
    }
}

/// The first row of a product says; a later one only fills what is blank.
fn fill<T>(now: &mut Option<T>, given: Option<T>, is_first: bool) {
    if given.is_some() && (is_first || now.is_none()) {
        *now = given;
    }
}

fn again(earlier: Option<u32>, sku: &str) -> Said {
    match earlier {
        Some(line) => Said::new("The same product as row {line}.").with("line", line.to_string()),
        None => Said::new("{sku} is in the catalogue already.").with("sku", sku.to_owned()),
    }
}

fn unknown_hsn(code: &str) -> Said {
    Said::new("The HSN code {code} is not in the list. Add a GST rate of your own for it, or for all that begins with {start}, under All settings, Tax rates; then send the row again.")
        .with("code", code.to_owned())
        .with("start", code.get(..2).unwrap_or(code).to_owned())
}
