//! A catalogue out of a file.
//!
//! A row is found again by its code; without one, by the code that its name, brand, MRP and pack make, so the same file finds the same
//! products. What is there is changed where the file says something; values for the whole file are for new products alone. Of several rows of
//! one product the first counts, and the others fill what it left blank.

mod actions;
mod model;
pub mod rules;
mod shelf;

use crate::error::AppError;
use crate::imports::{FieldSpec, Importer, Kind, Line, OptionSpec, Outcome, Run, Settings};
use crate::kernel::ids::{ImportId, ProductId};
use crate::kernel::language::{Said, text};
use crate::platform::db::Scope;
use crate::platform::permissions::EditProducts;
use rust_decimal::Decimal;
use shelf::Shelves;
use std::collections::HashMap;
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
    /// Key of a product, and its first row.
    seen: HashMap<String, u32>,
    /// What a check would have made: keys, and names with brand, MRP and pack.
    made: HashMap<String, ()>,
    /// Barcodes that a check has seen, with the key of the product.
    barcodes: HashMap<String, String>,
}

const FIELDS: &[FieldSpec] = &[
    FieldSpec::new(
        "sku",
        text!("SKU"),
        &[
            "sku",
            "skucode",
            "itemcode",
            "productcode",
            "code",
            "itemno",
            "stockcode",
            "articleno",
            "partno",
            "materialcode",
        ],
    ),
    FieldSpec::new(
        "name",
        text!("Name"),
        &[
            "name",
            "productname",
            "product",
            "itemname",
            "item",
            "title",
            "itemdescription",
            "particulars",
            "descriptionofgoods",
            "material",
        ],
    )
    .required()
    .filled_down(),
    FieldSpec::new(
        "variant",
        text!("Variant, added to the name"),
        &[
            "variant",
            "optionvalues",
            "optionvalue",
            "size",
            "flavour",
            "colour",
            "color",
        ],
    ),
    FieldSpec::new(
        "name_hi",
        text!("Name in Hindi"),
        &["namehi", "nameinhindi", "hindiname", "hindi", "नाम"],
    )
    .filled_down(),
    FieldSpec::new(
        "brand",
        text!("Brand"),
        &["brand", "brandname", "make", "manufacturer", "company"],
    )
    .or("")
    .filled_down(),
    FieldSpec::new(
        "category",
        text!("Category"),
        &[
            "category",
            "categoryname",
            "categorypath",
            "group",
            "itemgroup",
            "productgroup",
            "department",
        ],
    )
    .or("")
    .carried_on(),
    FieldSpec::new(
        "category2",
        text!("Category below it"),
        &["subcategory", "subgroup", "category2"],
    )
    .carried_on(),
    FieldSpec::new(
        "category3",
        text!("Category below that"),
        &["type", "producttype", "subsubcategory", "category3"],
    )
    .carried_on(),
    FieldSpec::new(
        "description",
        text!("Description"),
        &[
            "description",
            "productdescription",
            "details",
            "about",
            "longdescription",
        ],
    )
    .filled_down(),
    FieldSpec::new(
        "hsn",
        text!("HSN code"),
        &["hsn", "hsncode", "hsnsac", "hsnno", "saccode", "sac"],
    )
    .or("")
    .filled_down(),
    FieldSpec::new(
        "tax_condition",
        text!("GST condition"),
        &["gstcondition", "taxcondition"],
    )
    .or("")
    .filled_down(),
    FieldSpec::new(
        "unit",
        text!("Unit"),
        &["unit", "uom", "uqc", "unitofmeasure", "units"],
    )
    .or("PCS")
    .filled_down(),
    FieldSpec::new(
        "pack_size",
        text!("Units in a pack"),
        &[
            "packsize",
            "unitsperpack",
            "casesize",
            "unitspercase",
            "piecespercase",
            "packqty",
            "moq",
            "caseof",
            "packof",
            "boxof",
            "percase",
            "perbox",
        ],
    ),
    FieldSpec::new(
        "pack_name",
        text!("Name of the pack"),
        &["packname", "packtype", "packing", "packaging"],
    ),
    FieldSpec::new(
        "mrp",
        text!("MRP"),
        &[
            "mrp",
            "marketprice",
            "maximumretailprice",
            "retailprice",
            "listprice",
        ],
    ),
    FieldSpec::new(
        "price",
        text!("Price without GST"),
        &[
            "price",
            "saleprice",
            "sellingprice",
            "discountedsellingprice",
            "rate",
            "unitprice",
            "wholesaleprice",
            "dealerprice",
            "ptr",
            "fixedprice",
            "salesprice",
            "ourrate",
            "ourprice",
            "netrate",
            "basicrate",
            "rateperunit",
            "priceperunit",
        ],
    )
    .needing("prices.edit"),
    FieldSpec::new(
        "barcode",
        text!("Barcode"),
        &["barcode", "ean", "ean13", "upc", "gtin"],
    ),
    FieldSpec::new(
        "weight_g",
        text!("Weight in grammes"),
        &[
            "weightg",
            "weightingms",
            "weightgrams",
            "weightgm",
            "grams",
            "weight",
        ],
    ),
    FieldSpec::new("status", text!("Status"), &["status", "state", "active"]).or("active"),
    FieldSpec::new(
        "stock",
        text!("Opening stock, for new products"),
        &[
            "openingstock",
            "stock",
            "stockonhand",
            "availablequantity",
            "onhand",
            "qtyonhand",
            "closingstock",
            "qty",
            "qtyingodown",
            "godownstock",
            "godownqty",
            "currentstock",
            "instock",
            "balanceqty",
        ],
    )
    .needing("stock.edit"),
    FieldSpec::new(
        "reorder_level",
        text!("Reorder level, for new products"),
        &["reorderlevel", "reorderpoint", "minstock", "minimumstock"],
    )
    .needing("stock.edit"),
];

const OPTIONS: &[OptionSpec] = &[OptionSpec {
    name: rules::PAISE,
    label: text!("Prices are in paise"),
    hint: text!("2500 is ₹25.00."),
}];

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
        shelves.write::<B>(scope)?;
        Ok(outcomes)
    }

    fn recall(run: &Run, lines: &[Line], memory: &mut Memory) {
        for line in lines {
            if let Ok(goods) = rules::parse(line, run.settings) {
                memory.seen.entry(goods.key()).or_insert(goods.line);
            }
        }
    }
}
