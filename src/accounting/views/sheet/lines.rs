//! The lines of a document as tables: which columns there are, and what stands in them.

use super::{Cell, Column, Label, Table, Tongues};
use crate::accounting::model::{Document, DocumentLine};
use crate::accounting::rules::document::Kind;
use crate::kernel::language::{Said, text};
use crate::kernel::money::Money;
use crate::kernel::number;
use crate::products::packs::{Pack, figure, unit_word};
use crate::tax::rules::Half;
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
    pub fn of(document: &Document, lines: &[DocumentLine]) -> Self {
        let is_taxed = !matches!(document.kind, Kind::BillOfSupply | Kind::CommercialNote);
        Self {
            is_inter: document.is_inter_state,
            half: match document.half {
                Some(Half::Utgst) => "UTGST",
                _ => "SGST",
            },
            has_tax: is_taxed,
            has_cess: is_taxed && lines.iter().any(|line| !cess(line).is_zero()),
            has_discount: lines.iter().any(|line| !line.discount.is_zero()),
        }
    }
}

fn cess(line: &DocumentLine) -> Money {
    line.cess + line.cess_fixed
}

/// A rate without zeros at its end.
fn percent(rate: Decimal) -> String {
    format!("{}%", number::indian(rate))
}

/// What was supplied.
pub fn lines_table(
    document: &Document,
    lines: &[DocumentLine],
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
        .map(|line| line_row(document, line, heads, tongues))
        .collect();
    let mut foot = vec![
        Cell::default(),
        Cell::of(label(text!("Total")).inline()),
        Cell::default(),
        Cell::default(),
        Cell::default(),
    ];
    if heads.has_discount {
        foot.push(money(document.discount));
    }
    if heads.has_tax {
        foot.push(money(document.taxable));
        foot.extend(head_cells(heads, Sums::of(lines)));
    }
    foot.push(money(lines.iter().map(|line| line.total).sum()));
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

/// Tax of some lines, head by head.
#[derive(Clone, Copy, Default)]
struct Sums {
    taxable: Money,
    cgst: Money,
    sgst: Money,
    igst: Money,
    cess: Money,
}

impl Sums {
    fn of<'l>(lines: impl IntoIterator<Item = &'l DocumentLine>) -> Self {
        lines.into_iter().fold(Self::default(), |sums, line| Self {
            taxable: sums.taxable + line.taxable,
            cgst: sums.cgst + line.cgst,
            sgst: sums.sgst + line.sgst,
            igst: sums.igst + line.igst,
            cess: sums.cess + cess(line),
        })
    }
}

fn head_cells(heads: &Heads, sums: Sums) -> Vec<Cell> {
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
    document: &Document,
    line: &DocumentLine,
    heads: &Heads,
    tongues: Tongues,
) -> Vec<Cell> {
    let mut cells = vec![
        Cell::of(line.position.to_string()),
        description(line, tongues),
        Cell::of(line.hsn.clone()),
        quantity(line, tongues),
        rate(document, line, tongues),
    ];
    if heads.has_discount {
        cells.push(money(line.discount));
    }
    if heads.has_tax {
        cells.push(money(line.taxable));
        let mut amounts = head_cells(heads, Sums::of([line]));
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
    cells.push(money(line.total));
    cells
}

fn cess_rate(line: &DocumentLine) -> String {
    let mut parts = Vec::new();
    if !line.cess_rate.is_zero() {
        parts.push(percent(line.cess_rate));
    }
    if !line.cess_per_unit.is_zero() {
        parts.push(format!("₹{}", number::indian(line.cess_per_unit)));
    }
    parts.join(" + ")
}

fn description(line: &DocumentLine, tongues: Tongues) -> Cell {
    let mut cell = Cell::of(line.name.clone());
    if tongues.second.is_some() {
        cell.below.extend(line.name_hi.clone());
    }
    let pack = Pack {
        size: line.pack_size,
        name: line.pack_name.as_deref(),
        unit: line.unit.as_deref().unwrap_or_default(),
    };
    let mut below: Vec<String> = Vec::new();
    if !line.sku.is_empty() {
        below.push(line.sku.clone());
    }
    below.extend(pack.beside(line.quantity + line.free_quantity, tongues.first));
    if !below.is_empty() {
        cell.below.push(below.join(" · "));
    }
    cell
}

fn quantity(line: &DocumentLine, tongues: Tongues) -> Cell {
    let unit = line
        .unit
        .as_deref()
        .map(|unit| unit_word(unit, tongues.first));
    let mut cell = Cell::of(figure(line.quantity));
    cell.below.extend(unit);
    if !line.free_quantity.is_zero() {
        let free = Said::new("+ {quantity} free").with("quantity", figure(line.free_quantity));
        cell.below.push(tongues.first.say(&free));
    }
    cell
}

/// What a unit costs before tax; the agreed price stands below where it was another one.
fn rate(document: &Document, line: &DocumentLine, tongues: Tongues) -> Cell {
    let agreed = line.price.to_string();
    let bare = agreed.trim_start_matches('₹').to_owned();
    let net = with_places(line.net_price);
    if let Some(currency) = &document.currency {
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
pub fn by_hsn(lines: &[DocumentLine], heads: &Heads, tongues: Tongues) -> Table {
    let mut groups: BTreeMap<(&str, Decimal), Vec<&DocumentLine>> = BTreeMap::new();
    for line in lines {
        groups
            .entry((line.hsn.as_str(), line.tax_rate.normalize()))
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
            let sums = Sums::of(lines);
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
