//! A batch of rows on its way to the shelves: each finds its product or makes one; then all are written at once.

use super::actions;
use super::model::{self, StandardPrices, Stored};
use super::mrp::{self, Asked};
use super::net::Net;
use super::rules::told::{Told, Words};
use super::rules::{self, Goods};
use super::said::{again, unknown_hsn};
use super::slot::Slot;
use super::{Books, Memory, Opening};
use crate::error::AppError;
use crate::imports::{Mode, Outcome, Run};
use crate::kernel::ids::ProductId;
use crate::kernel::language::Said;
use crate::platform::db::Scope;
use crate::products::actions::set_standard_prices;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// The products that a batch is about.
pub struct Shelves<'r> {
    run: Run<'r>,
    slots: Vec<Slot>,
    by_sku: HashMap<String, usize>,
    by_identity: HashMap<String, usize>,
    by_barcode: HashMap<String, usize>,
    hsn: HashSet<String>,
    standard: StandardPrices,
    net: Net,
}

impl<'r> Shelves<'r> {
    /// What is there of these rows. Four statements, five where GST is to be taken out of prices.
    pub fn load(
        scope: &mut Scope,
        run: &Run<'r>,
        rows: &[Result<Goods, Said>],
    ) -> Result<Self, AppError> {
        let mut shelves = Self::find(scope, run, rows)?;
        let goods = rows.iter().filter_map(|row| row.as_ref().ok());
        let default = rules::hsn(run.settings.default_of("hsn")).ok();
        let hsn = goods
            .filter_map(|goods| goods.hsn.clone())
            .chain(default)
            .collect();
        shelves.hsn = model::hsn_known(scope, &hsn)?;
        let products: Vec<ProductId> = shelves.slots.iter().map(|slot| slot.now.id).collect();
        shelves.standard = StandardPrices::of(scope, products)?;
        if run.settings.has(rules::WITH_GST) && !shelves.standard.includes_tax {
            let stored = shelves.slots.iter().map(|slot| &slot.now);
            shelves.net = Net::load(scope, run.settings, rows, stored)?;
        }
        Ok(shelves)
    }

    /// The products of these rows. One statement.
    pub fn find(
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
        let mut shelves = Self {
            run: *run,
            slots: Vec::new(),
            by_sku: HashMap::new(),
            by_identity: HashMap::new(),
            by_barcode: HashMap::new(),
            hsn: HashSet::new(),
            standard: StandardPrices::default(),
            net: Net::default(),
        };
        for stored in known {
            shelves.add(Slot::of(stored));
        }
        Ok(shelves)
    }

    fn add(&mut self, slot: Slot) {
        let place = self.slots.len();
        let now = &slot.now;
        self.by_sku.insert(now.sku.clone(), place);
        self.by_identity.entry(slot.identity()).or_insert(place);
        if let Some(barcode) = &now.barcode {
            self.by_barcode.insert(barcode.clone(), place);
        }
        self.slots.push(slot);
    }

    /// Finds the product of a row, or makes it.
    pub fn put(&mut self, goods: Goods, memory: &mut Memory) -> Outcome {
        let (key, words) = (goods.key(), Words::of(&goods));
        let found = self.place_of(&goods, &key);
        let made = || {
            memory
                .code_of(&goods)
                .filter(|_| self.run.mode == Mode::Check)
        };
        let product = match found {
            Some(place) => Some(self.slots[place].now.sku.clone()),
            None => made(),
        };
        let code = product.clone().unwrap_or_else(|| key.clone());
        if let Some(said) = self.wrong(&goods, (&code, found), memory) {
            return Outcome::Refused(said);
        }
        // Only a new product may be named by the row above.
        let goods = if product.is_some() {
            goods.own()
        } else {
            goods
        };
        // Rows without a code that an earlier try has written are remembered by the code that they would get.
        let told = memory.told.get(&code).or_else(|| memory.told.get(&key));
        let told = told.cloned().unwrap_or_default();
        if let Some(said) = told.refusal(&words) {
            return Outcome::Refused(said);
        }
        // What a check has seen above is not on these shelves.
        let is_above = found.is_none() && product.is_some();
        let stored = found.map(|place| &self.slots[place].now);
        let taken_out = if is_above {
            Ok(goods)
        } else {
            self.net.taken_out(goods, stored)
        };
        let goods = match taken_out {
            Ok(goods) => goods,
            Err(said) => return Outcome::Refused(said),
        };
        let outcome = match (found, product) {
            (Some(place), _) => self.merge(place, goods, &told),
            (None, Some(product)) => Outcome::Merged(again(told.first_above(goods.line), &product)),
            (None, None) => match goods.complete(self.run.settings) {
                Err(said) => Outcome::Refused(said),
                Ok(goods) => self.make(key, goods, memory),
            },
        };
        let outcome = match (outcome, told.stays(&words)) {
            (Outcome::Merged(_), Some(said)) => Outcome::Kept(said),
            (outcome, _) => outcome,
        };
        if !matches!(outcome, Outcome::Refused(_)) {
            memory.told.entry(code).or_insert(told).add(words);
        }
        outcome
    }

    /// Where the product of a row stands, if there is one: by its code, or, where it has none, by what makes it this product.
    fn place_of(&self, goods: &Goods, key: &str) -> Option<usize> {
        let by_code = self.by_sku.get(key).copied();
        by_code.or_else(|| {
            let place = self.by_identity.get(&goods.identity());
            place.copied().filter(|_| goods.sku.is_none())
        })
    }

    /// Which of these rows, by number, are about products that are there.
    pub fn standing(&self, rows: &[Result<Goods, Said>]) -> BTreeSet<u32> {
        rows.iter()
            .filter_map(|row| row.as_ref().ok())
            .filter(|goods| self.place_of(goods, &goods.key()).is_some())
            .map(|goods| goods.line)
            .collect()
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

    /// What a row says of a product that is there. What a row above it has said is the same.
    fn merge(&mut self, place: usize, goods: Goods, told: &Told) -> Outcome {
        let line = goods.line;
        let slot = &mut self.slots[place];
        // The price that stands counts where the row changes the MRP alone: what was stored wrong before is not this row's fault.
        let standing = slot.price.or_else(|| self.standard.price(slot.now.id));
        let is_moved = goods.mrp.is_some() && goods.mrp != slot.now.mrp;
        let price = goods.price.or(standing.filter(|_| is_moved));
        if let Err(said) = rules::fits(price, goods.mrp.or(slot.now.mrp)) {
            return Outcome::Refused(said);
        }
        if told.is_priced_by(&goods) {
            slot.priced = Some(line);
        }
        if let Some(barcode) = &goods.barcode {
            self.by_barcode.insert(barcode.clone(), place);
        }
        slot.take(goods, told);
        Outcome::Merged(again(told.first_above(line), &slot.now.sku))
    }

    fn make(&mut self, sku: String, goods: Goods, memory: &mut Memory) -> Outcome {
        let (Some(name), Some(hsn)) = (goods.name.clone(), goods.hsn.clone()) else {
            return Outcome::Refused(Said::new("The row has no name."));
        };
        if !self.hsn.contains(&hsn) {
            return Outcome::Refused(unknown_hsn(&hsn));
        }
        if self.run.mode == Mode::Check {
            memory.made.insert(sku.clone(), sku.clone());
            memory.made.insert(goods.identity(), sku.clone());
            if let Some(barcode) = &goods.barcode {
                memory.barcodes.insert(barcode.clone(), sku.clone());
            }
        }
        self.add(Slot::new(sku, name, hsn, goods));
        Outcome::Created
    }

    /// What is to be said of rows, by number, whose products are sold above their MRP once GST is added. One statement at most.
    pub fn above_mrp(&self, scope: &mut Scope) -> Result<HashMap<u32, Said>, AppError> {
        let asked = self.slots.iter().filter_map(|slot| {
            Some(Asked {
                line: slot.priced?,
                hsn: &slot.now.hsn,
                condition: &slot.now.tax_condition,
                price: slot.price.or_else(|| self.standard.price(slot.now.id))?,
                mrp: slot.now.mrp?,
            })
        });
        mrp::above(scope, &self.standard, asked.collect())
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
