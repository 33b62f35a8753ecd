//! Stock on hand, and one product's ledger.

use super::{kind_word, level_pill, signed};
use crate::inventory::forms::ReorderForm;
use crate::inventory::model::{
    Hold, Item, ItemLevel, LEVEL_STATES, Level, Move, MoveRow, Warehouse,
};
use crate::inventory::rules;
use crate::kernel::language::Lang;
use crate::kernel::number::indian;
use crate::web::components::{Empty, Pill, SortHead, Summary};
use crate::web::export::Sheet;
use crate::web::filters;
use crate::web::forms::new_key;
use crate::web::layout::Shell;
use crate::web::list::{ListQuery, Page, Total};
use crate::web::listing::{KeptView, ListBuilder, Listing};
use askama::Template;
use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use uuid::Uuid;

/// A product in a warehouse, in the list.
pub struct Row {
    pub level: Level,
    pub on_hand: String,
    pub reserved: String,
    pub free: String,
    pub reorder: String,
    pub pill: Pill,
}

#[derive(Template)]
#[template(path = "inventory/stock.html")]
pub struct StockPage {
    pub shell: Shell,
    pub list: Listing,
    pub name: SortHead,
    pub sku: SortHead,
    pub rows: Vec<Row>,
    pub base: String,
    pub may_edit: bool,
}

fn optional(level: Option<Decimal>) -> String {
    level.map_or_else(String::new, indian)
}

impl StockPage {
    pub fn new(
        shell: Shell,
        lang: Lang,
        (base, may_edit): (String, bool),
        (query, kept): (&ListQuery, Vec<KeptView>),
        ((page, total), warehouses): ((Page<Level>, Total), Vec<Warehouse>),
    ) -> Self {
        let sort = Level::sort(query);
        let codes: Vec<&str> = warehouses.iter().map(|row| row.code.as_str()).collect();
        let first = Empty {
            icon: "layers",
            heading: lang.t("No products yet").into_owned(),
            text: lang
                .t("Add products or import your catalogue first; then bring in the opening stock.")
                .into_owned(),
            action: may_edit.then(|| {
                (
                    lang.t("Import a catalogue").into_owned(),
                    format!("{base}/products/import"),
                )
            }),
        };
        Self {
            shell,
            list: ListBuilder::new(query, lang, lang.t("Name, code or barcode"))
                .filter("warehouse", lang.t("Warehouse"), &codes, |code| {
                    let found = warehouses.iter().find(|row| row.code == code);
                    found.map_or_else(String::new, |row| format!("{} · {}", row.code, row.name))
                })
                .filter(
                    "level",
                    lang.t("Level"),
                    &LEVEL_STATES,
                    |state| match state {
                        "reorder" => lang.t("To reorder").into_owned(),
                        state => level_pill(lang, state).text,
                    },
                )
                .export(&format!("{base}/stock/export"))
                .views(&format!("{base}/settings/views"), "stock", kept)
                .finish(&page, total, first, lang.t("No stock matches")),
            name: query.head(lang.t("Product").into_owned(), "name", sort, false),
            sku: query.head(lang.t("Code").into_owned(), "sku", sort, false),
            rows: page
                .rows
                .into_iter()
                .map(|level| Row {
                    on_hand: indian(level.on_hand),
                    reserved: indian(level.reserved),
                    free: indian(level.free()),
                    reorder: optional(level.reorder_level),
                    pill: level_pill(lang, rules::state(level.free(), level.reorder_level)),
                    level,
                })
                .collect(),
            base,
            may_edit,
        }
    }
}

/// Stock as a file.
pub fn stock_sheet(lang: Lang, rows: Vec<Level>) -> Sheet {
    let heads = [
        lang.t("Code"),
        lang.t("Product"),
        lang.t("Warehouse"),
        lang.t("Unit"),
        lang.t("On hand"),
        lang.t("Reserved"),
        lang.t("Free"),
        lang.t("Reorder level"),
    ];
    let plain = |quantity: Decimal| quantity.normalize().to_string();
    Sheet {
        name: "stock",
        heads: heads.into_iter().map(|head| head.into_owned()).collect(),
        rows: rows
            .into_iter()
            .map(|row| {
                let free = row.free();
                vec![
                    row.sku,
                    row.name,
                    row.warehouse.unwrap_or_default(),
                    row.unit,
                    plain(row.on_hand),
                    plain(row.reserved),
                    plain(free),
                    row.reorder_level.map_or_else(String::new, plain),
                ]
            })
            .collect(),
    }
}

/// Moves as a file.
pub fn moves_sheet(lang: Lang, rows: Vec<(String, String, Move)>) -> Sheet {
    let heads = [
        lang.t("Time"),
        lang.t("Code"),
        lang.t("Product"),
        lang.t("Warehouse"),
        lang.t("Kind"),
        lang.t("Quantity"),
        lang.t("Reason"),
        lang.t("Shipment"),
        lang.t("Who"),
    ];
    Sheet {
        name: "stock-moves",
        heads: heads.into_iter().map(|head| head.into_owned()).collect(),
        rows: rows
            .into_iter()
            .map(|(sku, name, row)| {
                vec![
                    row.at.to_rfc3339(),
                    sku,
                    name,
                    row.warehouse,
                    kind_word(lang, &row.kind),
                    row.quantity.normalize().to_string(),
                    row.reason.unwrap_or_default(),
                    row.shipment.unwrap_or_default(),
                    row.who.unwrap_or_default(),
                ]
            })
            .collect(),
    }
}

/// A warehouse on a product's page.
pub struct Place {
    pub level: ItemLevel,
    pub on_hand: String,
    pub reserved: String,
    pub free: String,
    /// What stands in the field of the reorder level, and what is wrong with it.
    pub reorder: String,
    pub error: Option<String>,
    /// The level that stands there.
    pub was: String,
    pub pill: Pill,
}

/// A move on a product's page.
pub struct Entry {
    pub at: DateTime<Utc>,
    pub warehouse: String,
    pub kind: String,
    pub reason: String,
    pub shipment: Option<String>,
    pub who: String,
    pub quantity: String,
    pub balance: String,
}

#[derive(Template)]
#[template(path = "inventory/item.html")]
pub struct ItemPage {
    pub shell: Shell,
    pub summary: Option<Summary>,
    pub item: Item,
    pub places: Vec<Place>,
    pub entries: Vec<Entry>,
    pub holds: Vec<(Hold, String)>,
    pub previous: Option<String>,
    pub next: Option<String>,
    pub base: String,
    pub here: String,
    pub may_edit: bool,
    pub key: Uuid,
}

impl ItemPage {
    pub fn new(
        shell: Shell,
        lang: Lang,
        (base, may_edit): (String, bool),
        query: &ListQuery,
        (item, (levels, page), holds): (Item, (Vec<ItemLevel>, Page<MoveRow>), Vec<Hold>),
        form: &ReorderForm,
    ) -> Self {
        let pager = page.pager(query, lang, 0);
        let error = form.remarks.on("reorder_level", lang);
        let places = levels.into_iter().map(|level| {
            let free = level.on_hand - level.reserved;
            let is_typed = error.is_some() && form.warehouse == level.code;
            Place {
                on_hand: indian(level.on_hand),
                reserved: indian(level.reserved),
                free: indian(free),
                reorder: if is_typed {
                    form.reorder_level.clone()
                } else {
                    optional(level.reorder_level)
                },
                error: error.clone().filter(|_| is_typed),
                was: if is_typed {
                    form.was.clone()
                } else {
                    optional(level.reorder_level)
                },
                pill: level_pill(lang, rules::state(free, level.reorder_level)),
                level,
            }
        });
        Self {
            summary: error.as_ref().map(|words| Summary {
                problems: vec![(format!("reorder-{}", form.warehouse), words.clone())],
            }),
            shell: shell.with_errors(error.is_some()),
            places: places.collect(),
            entries: page
                .rows
                .into_iter()
                .map(|(row, balance)| Entry {
                    at: row.at,
                    warehouse: row.warehouse,
                    kind: kind_word(lang, &row.kind),
                    reason: row.reason.unwrap_or_default(),
                    shipment: row.shipment,
                    who: row.who.unwrap_or_else(|| "–".to_owned()),
                    quantity: signed(row.quantity),
                    balance: indian(balance),
                })
                .collect(),
            holds: holds
                .into_iter()
                .map(|hold| {
                    let quantity = indian(hold.quantity);
                    (hold, quantity)
                })
                .collect(),
            previous: pager.previous,
            next: pager.next,
            here: format!("{base}/stock/{}", item.sku),
            item,
            base,
            may_edit,
            key: new_key(),
        }
    }
}
