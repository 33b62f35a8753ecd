//! The lines of a document as tables: which columns there are, and what stands in them.

use super::{Cell, Column, Label, Table, Tongues};
use crate::accounting::model::{Document, DocumentLine};
use crate::accounting::rules::document::Kind;
use crate::kernel::language::{Said, text};
use crate::kernel::money::{Money, UnitPrice};
use crate::kernel::number::{self, indian};
use crate::products::packs::{Pack, unit_word};
use crate::tax::rules::{Half, LineTax};
use rust_decimal::Decimal;
use std::collections::BTreeMap;

/// Which heads and columns a document has.
pub struct Heads {
    /// IGST, in place of the other two.
    pub is_inter: bool,
    /// What the second of the two is called.
    pub half: &'static str,
    /// Whether it bears tax.
    pub has_tax: bool,
    /// Whether any line bears cess.
    pub has_cess: bool,
    /// Whether any line has a discount.
    pub has_discount: bool,
}

impl Heads {
    /// What a document's lines need.
    pub fn of(document: &Document, goods: &[Goods<'_>]) -> Self {
        let is_taxed = !matches!(document.kind, Kind::BillOfSupply | Kind::CommercialNote);
        let half = match document.half {
            Some(Half::Utgst) => "UTGST",
            _ => "SGST",
        };
        Self::new((document.is_inter_state, half), is_taxed, goods)
    }

    /// What goods need: whether they bear IGST, else what the second half is called; whether they bear tax at all.
    pub fn new(
        (is_inter, half): (bool, &'static str),
        is_taxed: bool,
        goods: &[Goods<'_>],
    ) -> Self {
        Self {
            is_inter,
            half,
            has_tax: is_taxed,
            has_cess: is_taxed && goods.iter().any(|line| !line.tax.cess.is_zero()),
            has_discount: goods.iter().any(|line| !line.discount.is_zero()),
        }
    }
}

/// A line of any paper: of a tax document, of an order, of a shipment.
#[derive(Clone, Copy, Debug)]
pub struct Goods<'l> {
    /// Its place.
    pub position: i32,
    /// The product's code.
    pub sku: &'l str,
    /// What it is.
    pub name: &'l str,
    /// The same in Hindi.
    pub name_hi: Option<&'l str>,
    /// Its HSN or SAC.
    pub hsn: &'l str,
    /// Its unit; services may have none.
    pub unit: Option<&'l str>,
    /// Units in a pack.
    pub pack_size: Decimal,
    /// What a pack is called.
    pub pack_name: Option<&'l str>,
    /// Units.
    pub quantity: Decimal,
    /// Units given free beside them.
    pub free: Decimal,
    /// Price of a unit as agreed.
    pub price: UnitPrice,
    /// Whether that price holds the tax.
    pub includes_tax: bool,
    /// Price of a unit before tax, in rupees.
    pub net_price: Decimal,
    /// Discount before tax.
    pub discount: Money,
    /// GST, per cent.
    pub tax_rate: Decimal,
    /// Cess on the value, per cent.
    pub cess_rate: Decimal,
    /// Specific cess, rupees for a unit.
    pub cess_per_unit: Decimal,
    /// Its value and its tax; specific cess is within the cess.
    pub tax: LineTax,
}

impl<'l> Goods<'l> {
    /// A line of a tax document.
    pub fn of_line(line: &'l DocumentLine) -> Self {
        Self {
            position: line.position,
            sku: &line.sku,
            name: &line.name,
            name_hi: line.name_hi.as_deref(),
            hsn: &line.hsn,
            unit: line.unit.as_deref(),
            pack_size: line.pack_size,
            pack_name: line.pack_name.as_deref(),
            quantity: line.quantity,
            free: line.free_quantity,
            price: line.price,
            includes_tax: line.includes_tax,
            net_price: line.net_price,
            discount: line.discount,
            tax_rate: line.tax_rate,
            cess_rate: line.cess_rate,
            cess_per_unit: line.cess_per_unit,
            tax: LineTax {
                taxable: line.taxable,
                cgst: line.cgst,
                sgst: line.sgst,
                igst: line.igst,
                cess: line.cess + line.cess_fixed,
                total: line.total,
            },
        }
    }
}

/// A rate without zeros at its end.
fn percent(rate: Decimal) -> String {
    format!("{}%", number::indian(rate))
}

/// What was supplied.
pub fn lines_table(
    currency: Option<&str>,
    lines: &[Goods<'_>],
    heads: &Heads,
    tongues: Tongues,
) -> Table {
    let label = |key| tongues.label(key);
    let mut columns = vec![
        Column::figures(Label::plain("#")),
        Column::growing(label(text!("Description"))),
        Column::words(Label::plain("HSN")),
        Column::figures(label(text!("Qty"))),
        Column::figures(label(text!("Rate"))),
    ];
    if heads.has_discount {
        columns.push(Column::figures(label(text!("Discount"))));
    }
    if heads.has_tax {
        columns.push(Column::figures(label(text!("Taxable"))));
        columns.extend(head_columns(heads, tongues));
    }
    columns.push(Column::figures(label(text!("Amount"))));
    let rows = lines
        .iter()
        .map(|line| line_row(currency, line, heads, tongues))
        .collect();
    let mut foot = vec![
        Cell::default(),
        Cell::of(label(text!("Total")).inline()),
        Cell::default(),
        Cell::default(),
        Cell::default(),
    ];
    if heads.has_discount {
        foot.push(money(lines.iter().map(|line| line.discount).sum()));
    }
    if heads.has_tax {
        let sums: LineTax = lines.iter().map(|line| line.tax).sum();
        foot.push(money(sums.taxable));
        foot.extend(head_cells(heads, sums));
    }
    foot.push(money(lines.iter().map(|line| line.tax.total).sum()));
    Table {
        columns,
        rows,
        foot: Some(foot),
    }
}

fn money(amount: Money) -> Cell {
    Cell::of(amount.plain())
}

fn head_columns(heads: &Heads, tongues: Tongues) -> Vec<Column> {
    let mut columns = if heads.is_inter {
        vec![Column::figures(Label::plain("IGST"))]
    } else {
        vec![
            Column::figures(Label::plain("CGST")),
            Column::figures(Label::plain(heads.half)),
        ]
    };
    if heads.has_cess {
        columns.push(Column::figures(tongues.label(text!("Cess"))));
    }
    columns
}

fn head_cells(heads: &Heads, sums: LineTax) -> Vec<Cell> {
    let mut cells = if heads.is_inter {
        vec![money(sums.igst)]
    } else {
        vec![money(sums.cgst), money(sums.sgst)]
    };
    if heads.has_cess {
        cells.push(money(sums.cess));
    }
    cells
}

fn line_row(
    currency: Option<&str>,
    line: &Goods<'_>,
    heads: &Heads,
    tongues: Tongues,
) -> Vec<Cell> {
    let mut cells = vec![
        Cell::of(line.position.to_string()),
        description(line, tongues),
        Cell::of(line.hsn),
        quantity(line, tongues),
        rate(currency, line, tongues),
    ];
    if heads.has_discount {
        cells.push(money(line.discount));
    }
    if heads.has_tax {
        cells.push(money(line.tax.taxable));
        let mut amounts = head_cells(heads, line.tax);
        for (index, cell) in amounts.iter_mut().enumerate() {
            let is_cess = heads.has_cess && index == if heads.is_inter { 1 } else { 2 };
            let rate = match (is_cess, heads.is_inter) {
                (true, _) => cess_rate(line),
                (false, true) => percent(line.tax_rate),
                (false, false) => percent(line.tax_rate / Decimal::TWO),
            };
            cell.below.push(rate);
        }
        cells.extend(amounts);
    }
    cells.push(money(line.tax.total));
    cells
}

fn cess_rate(line: &Goods<'_>) -> String {
    let mut parts = Vec::new();
    if !line.cess_rate.is_zero() {
        parts.push(percent(line.cess_rate));
    }
    if !line.cess_per_unit.is_zero() {
        parts.push(format!("₹{}", number::indian(line.cess_per_unit)));
    }
    parts.join(" + ")
}

fn description(line: &Goods<'_>, tongues: Tongues) -> Cell {
    let mut cell = Cell::of(line.name);
    if tongues.second.is_some() {
        cell.below.extend(line.name_hi.map(str::to_owned));
    }
    let pack = Pack {
        size: line.pack_size,
        name: line.pack_name,
        unit: line.unit.unwrap_or_default(),
    };
    let mut below: Vec<String> = Vec::new();
    if !line.sku.is_empty() {
        below.push(line.sku.to_owned());
    }
    below.extend(pack.beside(line.quantity + line.free, tongues.first));
    if !below.is_empty() {
        cell.below.push(below.join(" · "));
    }
    cell
}

fn quantity(line: &Goods<'_>, tongues: Tongues) -> Cell {
    let unit = line.unit.map(|unit| unit_word(unit, tongues.first));
    let mut cell = Cell::of(indian(line.quantity));
    cell.below.extend(unit);
    if !line.free.is_zero() {
        let free = Said::new("+ {quantity} free").with("quantity", indian(line.free));
        cell.below.push(tongues.first.say(&free));
    }
    cell
}

/// What a unit costs before tax; the agreed price stands below where it was another one.
fn rate(currency: Option<&str>, line: &Goods<'_>, tongues: Tongues) -> Cell {
    let agreed = line.price.to_string();
    let bare = agreed.trim_start_matches('₹').to_owned();
    let net = with_places(line.net_price);
    // Where only a price was wrong, a unit has none: it has what it costs more or less.
    if line.price.as_decimal().is_zero() && !line.tax.taxable.is_zero() && !line.quantity.is_zero()
    {
        let each = line.tax.taxable.as_decimal() / line.quantity;
        return Cell::of(with_places(number::rounded(each, 4)));
    }
    if let Some(currency) = currency {
        return Cell::of(net).with(format!("{currency} {bare}"));
    }
    if line.includes_tax {
        let said = Said::new("{price} with tax").with("price", bare);
        return Cell::of(net).with(tongues.first.say(&said));
    }
    Cell::of(bare)
}

/// At least two places after the point, more where there are more.
pub fn with_places(price: Decimal) -> String {
    let mut price = price.normalize();
    if price.scale() < 2 {
        price.rescale(2);
    }
    number::unsigned_indian(price)
}

/// Tax by code and rate, in the order of the codes.
pub fn by_hsn(lines: &[Goods<'_>], heads: &Heads, tongues: Tongues) -> Table {
    let mut groups: BTreeMap<(&str, Decimal), Vec<&Goods<'_>>> = BTreeMap::new();
    for line in lines {
        groups
            .entry((line.hsn, line.tax_rate.normalize()))
            .or_default()
            .push(line);
    }
    let mut columns = vec![
        Column::words(Label::plain("HSN")),
        Column::figures(tongues.label(text!("Taxable"))),
    ];
    if heads.has_tax {
        columns.push(Column::figures(tongues.label(text!("GST"))));
        columns.extend(head_columns(heads, tongues));
    }
    let rows = groups
        .into_iter()
        .map(|((hsn, rate), lines)| {
            let sums: LineTax = lines.into_iter().map(|line| line.tax).sum();
            let mut cells = vec![Cell::of(hsn), money(sums.taxable)];
            if heads.has_tax {
                cells.push(Cell::of(percent(rate)));
                cells.extend(head_cells(heads, sums));
            }
            cells
        })
        .collect();
    Table {
        columns,
        rows,
        foot: None,
    }
}
