//! A catalogue out of a file.
//!
//! A row is found again by its code; without one, by the code that its name, brand, MRP and pack make, so the same file finds the same
//! products. What is there is changed where the file says something; values for the whole file are for new products alone. Several rows of one
//! product fill what those above them left blank; a row that says otherwise than one above it is refused, unless only its category or its
//! description differs: shops list one product in two categories, and the first one stays.

mod actions;
mod fields;
mod model;
mod mrp;
mod net;
pub mod rules;
mod said;
mod shelf;
mod slot;

use crate::error::AppError;
use crate::imports::{FieldSpec, Importer, Kind, Line, Mode, OptionSpec, Outcome, Run, Settings};
use crate::kernel::ids::{ImportId, ProductId};
use crate::kernel::language::{Said, text};
use crate::platform::db::Scope;
use crate::platform::permissions::EditProducts;
use fields::FIELDS;
use rules::Goods;
use rules::told::{Told, Words};
use rust_decimal::Decimal;
use shelf::Shelves;
use std::collections::{BTreeSet, HashMap};
use std::marker::PhantomData;

/// What a new product has in the warehouse.
#[derive(Clone, Copy, Debug)]
pub struct Opening {
    /// The product.
    pub product: ProductId,
    /// Units.
    pub quantity: Option<Decimal>,
    /// Below so many free units it is low.
    pub reorder_level: Option<Decimal>,
}

/// Where the stock of a file goes: a room that this one does not know.
pub trait Books: 'static {
    /// What new products have in the usual warehouse.
    ///
    /// # Errors
    /// When the database refuses.
    fn open(scope: &mut Scope, import: Option<ImportId>, stock: &[Opening])
    -> Result<(), AppError>;
}

/// Reads a catalogue in.
pub struct ProductImport<B: Books>(PhantomData<B>);

/// What is known of earlier rows of the file.
#[derive(Debug, Default)]
pub struct Memory {
    /// Products by their codes, and what the rows so far have said of them.
    told: HashMap<String, Told>,
    /// What a check would have made, or an earlier try has: codes, and names with brand, MRP and pack, each with the product's code.
    made: HashMap<String, String>,
    /// Barcodes that a check has seen, with the key of the product.
    barcodes: HashMap<String, String>,
}

impl Memory {
    /// The code of the product that a row is about, if the file has made it.
    fn code_of(&self, goods: &Goods) -> Option<String> {
        let by_code = self.made.get(&goods.key());
        let by_name = || {
            let code = self.made.get(&goods.identity());
            code.filter(|_| goods.sku.is_none())
        };
        by_code.or_else(by_name).cloned()
    }
}

const OPTIONS: &[OptionSpec] = &[
    OptionSpec {
        name: rules::PAISE,
        label: text!("Prices are in paise"),
        hint: text!("2500 is ₹25.00."),
    },
    OptionSpec {
        name: rules::WITH_GST,
        label: text!("Prices hold GST"),
        hint: text!(
            "It is taken out by the HSN code: of ₹105.00 with 5%, ₹100.00 goes into the list Standard. A list with GST takes prices as they stand."
        ),
    },
];

impl<B: Books> Importer for ProductImport<B> {
    type Permission = EditProducts;
    type Memory = Memory;

    const KIND: Kind = Kind {
        code: "products",
        path: "/products/import",
        list: "/products",
        needs: "products.edit",
        check: "imports.check_products",
        apply: "imports.products",
        title: text!("Import products"),
        about: text!(
            "A price list or catalogue with a row for each product. Rows whose SKU you have already change that product; rows without an SKU get one."
        ),
        list_label: text!("Products"),
        next: Some((text!("Bring in the opening stock"), "/stock/import")),
    };

    fn fields() -> &'static [FieldSpec] {
        FIELDS
    }

    fn options() -> &'static [OptionSpec] {
        OPTIONS
    }

    fn preview(line: &Line, settings: &Settings) -> Result<Vec<(&'static str, String)>, Said> {
        let goods = rules::parse(line, settings)?;
        Ok(goods.shown(settings))
    }

    fn standing(
        scope: &mut Scope,
        settings: &Settings,
        lines: &[Line],
    ) -> Result<BTreeSet<u32>, AppError> {
        let rows: Vec<_> = lines
            .iter()
            .map(|line| rules::parse(line, settings))
            .collect();
        let run = Run {
            import: None,
            settings,
            mode: Mode::Check,
        };
        Ok(Shelves::find(scope, &run, &rows)?.standing(&rows))
    }

    fn preview_change(
        line: &Line,
        settings: &Settings,
    ) -> Result<Vec<(&'static str, String)>, Said> {
        Ok(rules::parse(line, settings)?.changes())
    }

    fn warnings(settings: &Settings) -> Vec<Said> {
        if settings.columns.contains_key("price") {
            return Vec::new();
        }
        vec![Said::new(if settings.columns.contains_key("mrp") {
            "No column is the Price, and the MRP is not taken for it: no prices come in, and nobody can order a new product until it has one. Where a column holds prices with GST, choose it, and tick Prices hold GST."
        } else {
            "No column is the Price: no prices come in, and nobody can order a new product until it has one. Where a column holds prices with GST, choose it, and tick Prices hold GST."
        })]
    }

    fn warned(count: i32, is_written: bool) -> Said {
        let said = if is_written {
            Said::new("{count} products are sold above their MRP with GST. {what}")
        } else {
            Said::new("{count} products would be sold above their MRP with GST. {what}")
        };
        let what = Said::new(
            "Nobody may sell above the MRP. The column is taken as the price without GST, and GST comes on top of it. If its prices hold GST already, change the columns and tick Prices hold GST. Else lower the price, or correct the MRP.",
        );
        said.with("count", count).with("what", what)
    }

    fn next(settings: &Settings) -> Option<(&'static str, &'static str)> {
        Self::KIND
            .next
            .filter(|_| !settings.columns.contains_key("stock"))
    }

    fn batch(
        scope: &mut Scope,
        run: &Run,
        lines: &[Line],
        memory: &mut Memory,
    ) -> Result<Vec<Outcome>, AppError> {
        let parsed: Vec<_> = lines
            .iter()
            .map(|line| rules::parse(line, run.settings))
            .collect();
        let mut shelves = Shelves::load(scope, run, &parsed)?;
        let mut outcomes = Vec::with_capacity(parsed.len());
        for goods in parsed {
            outcomes.push(match goods {
                Ok(goods) => shelves.put(goods, memory),
                Err(said) => Outcome::Refused(said),
            });
        }
        let above = shelves.above_mrp(scope)?;
        shelves.write::<B>(scope)?;
        Ok(lines
            .iter()
            .zip(outcomes)
            .map(|(line, outcome)| match (above.get(&line.number), outcome) {
                (None, outcome) | (Some(_), outcome @ Outcome::Refused(_)) => outcome,
                (Some(above), Outcome::Kept(said)) => Outcome::Warned {
                    is_new: false,
                    said: Said::new("{list} {next}")
                        .with("list", said)
                        .with("next", above.clone()),
                },
                (Some(said), outcome) => Outcome::Warned {
                    is_new: outcome == Outcome::Created,
                    said: said.clone(),
                },
            })
            .collect())
    }

    fn recall(run: &Run, lines: &[Line], memory: &mut Memory) {
        for line in lines {
            let Ok(goods) = rules::parse(line, run.settings) else {
                continue;
            };
            let code = memory.code_of(&goods).unwrap_or_else(|| goods.key());
            let words = Words::of(&goods);
            if let Ok(whole) = goods.complete(run.settings) {
                for name in [code.clone(), whole.identity()] {
                    memory.made.entry(name).or_insert_with(|| code.clone());
                }
            }
            memory.told.entry(code).or_default().add(words);
        }
    }
}
