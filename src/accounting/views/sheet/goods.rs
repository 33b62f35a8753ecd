//! Papers that are no tax documents: the proforma of an order, the delivery challan of a shipment.

use super::lines::{Goods, Heads, by_hsn, lines_table};
use super::of::{Beside, fact};
use super::people::{head, people, state};
use super::sums::pay;
use super::{Fact, Label, Sheet, Tongues, Weight};
use crate::accounting::model::{OrderParties, Parties};
use crate::kernel::dates;
use crate::kernel::language::{Said, text};
use crate::kernel::money::Money;
use crate::kernel::number;
use crate::kernel::words;
use crate::logistics::model::{Line, Shipment};
use crate::logistics::rules;
use crate::orders::model::{Order, OrderLine};
use crate::tax::rules::LineTax;
use rust_decimal::Decimal;

/// The copies of rule 55.
const COPIES: [&str; 3] = [
    text!("Original for consignee"),
    text!("Duplicate for transporter"),
    text!("Triplicate for consigner"),
];

/// What an order is to cost, before it is billed.
pub struct Proforma<'o> {
    /// The order.
    pub order: &'o Order,
    /// Its lines.
    pub lines: &'o [OrderLine],
    /// Both sides.
    pub parties: &'o OrderParties,
}

/// Goods that leave before their invoice.
pub struct Challan<'s> {
    /// The shipment.
    pub shipment: &'s Shipment,
    /// The lines of its order, with what it takes of each.
    pub lines: &'s [Line],
    /// Both sides.
    pub parties: &'s OrderParties,
}

/// A price before tax, from what goods cost without it.
fn net_price(taxable: Decimal, quantity: Decimal) -> Decimal {
    if quantity.is_zero() {
        return Decimal::ZERO;
    }
    number::rounded(taxable / quantity, 2)
}

/// What both papers have: everything but title, facts, copy and the words at the end.
fn paper(
    (parties, printed): (&OrderParties, &Parties),
    goods: &[Goods<'_>],
    beside: &Beside,
    tongues: Tongues,
) -> Sheet {
    let heads = Heads::new((parties.has_igst, parties.half()), true, goods);
    let sums: LineTax = goods.iter().map(|line| line.tax).sum();
    let label = |key| tongues.label(key);
    let mut totals = vec![fact(
        label(text!("Taxable value")),
        sums.taxable.to_string(),
    )];
    if heads.is_inter {
        totals.push(fact(Label::plain("IGST"), sums.igst.to_string()));
    } else {
        totals.push(fact(Label::plain("CGST"), sums.cgst.to_string()));
        totals.push(fact(Label::plain(heads.half), sums.sgst.to_string()));
    }
    if heads.has_cess {
        totals.push(fact(label(text!("Cess")), sums.cess.to_string()));
    }
    totals.push(Fact {
        weight: Weight::Grand,
        ..fact(label(text!("Total")), sums.total.to_string())
    });
    Sheet {
        tongues,
        title: Label::default(),
        copy: None,
        number: String::new(),
        date: String::new(),
        made_at: chrono::DateTime::UNIX_EPOCH,
        head: head(&parties.gstin, printed, beside),
        facts: Vec::new(),
        parties: people(printed.buyer.gstin.as_deref(), printed, tongues),
        legends: Vec::new(),
        cancelled: None,
        irn: None,
        lines: lines_table(None, goods, &heads, tongues),
        by_hsn: (goods.len() > 1).then(|| {
            let title = label(text!("Tax by HSN"));
            (title, by_hsn(goods, &heads, tongues))
        }),
        totals,
        words: Some(Label {
            text: words::rupees(sums.total, tongues.first),
            second: tongues.second.map(|lang| words::rupees(sums.total, lang)),
        }),
        pay: None,
        terms: Vec::new(),
        signature: Some((
            tongues.say(&Said::new("For {company}").with("company", &printed.seller.name)),
            label(text!("Authorised signatory")),
        )),
        closing: Label::default(),
    }
}

fn facts(rows: Vec<(&'static str, Option<String>)>, tongues: Tongues) -> Vec<Fact> {
    let mut facts: Vec<Fact> = rows
        .into_iter()
        .filter_map(|(key, value)| Some(fact(tongues.label(key), value?)))
        .collect();
    if let Some(first) = facts.first_mut() {
        first.weight = Weight::Strong;
    }
    facts
}

impl Sheet {
    /// What an order is to cost. It takes no number of its own and owes nothing.
    pub fn proforma(of: &Proforma<'_>, beside: &Beside, tongues: Tongues) -> Self {
        let printed = of.parties.parties();
        let order = of.order;
        let goods: Vec<Goods<'_>> = of
            .lines
            .iter()
            .filter(|line| !line.billable().is_zero())
            .map(|line| order_goods(line, of.parties.has_igst))
            .collect();
        let day = |at| dates::date(dates::today(at), tongues.first);
        let placed = order.placed_at.unwrap_or(order.created_at);
        let sheet = paper((of.parties, &printed), &goods, beside, tongues);
        let total = goods.iter().map(|line| line.tax.total).sum();
        let rows = vec![
            (text!("Order"), Some(order.number.clone())),
            (text!("Date"), Some(day(placed))),
            (text!("Your order no."), order.po_number.clone()),
            (
                text!("Place of supply"),
                Some(state(&of.parties.place_of_supply)),
            ),
        ];
        Self {
            title: tongues.label(text!("Proforma invoice")),
            number: order.number.clone(),
            date: day(placed),
            made_at: order.updated_at,
            facts: facts(rows, tongues),
            legends: vec![tongues.label(text!(
                "This is no tax invoice: it shows what the order is to cost."
            ))],
            pay: pay(&printed, total, &order.number, tongues),
            closing: tongues.label(text!("Made by a computer; valid without a seal.")),
            ..sheet
        }
    }

    /// What a shipment carries that is billed later; `None` before it has a number, and for a copy that there is not.
    pub fn challan(of: &Challan<'_>, beside: &Beside, tongues: Tongues) -> Option<Self> {
        let printed = of.parties.parties();
        let shipment = of.shipment;
        let number = shipment.challan_no.clone()?;
        let out_at = shipment.out_at?;
        let copy = COPIES.get(beside.copy.checked_sub(1)?)?;
        let mut goods = Vec::new();
        for line in of.lines {
            if let Some(packed) = line.packed.filter(|packed| !packed.is_zero()) {
                let position = i32::try_from(goods.len() + 1).unwrap_or(i32::MAX);
                goods.push(packed_goods(line, (position, packed), of.parties.has_igst));
            }
        }
        let day = dates::date(dates::today(out_at), tongues.first);
        let sheet = paper((of.parties, &printed), &goods, beside, tongues);
        let packages = shipment.packages.map(|packages| packages.to_string());
        let rows = vec![
            (text!("Challan no."), Some(number.clone())),
            (text!("Date"), Some(day.clone())),
            (
                text!("Reason"),
                shipment.why().map(|why| why.in_words(tongues.first)),
            ),
            (text!("Order"), Some(shipment.order_no.clone())),
            (text!("Shipment"), Some(shipment.number.clone())),
            (text!("Vehicle"), shipment.vehicle.clone()),
            (text!("Driver"), shipment.driver.clone()),
            (text!("Packages"), packages),
            (
                text!("Place of supply"),
                Some(state(&of.parties.place_of_supply)),
            ),
        ];
        Some(Self {
            title: tongues.label(text!("Delivery challan")),
            copy: Some(tongues.label(copy)),
            number,
            date: day,
            made_at: out_at,
            facts: facts(rows, tongues),
            legends: vec![tongues.label(text!(
                "Goods sent on delivery challan under rule 55 of the CGST Rules; the tax invoice follows."
            ))],
            closing: tongues.label(text!("Made by a computer; valid without a seal.")),
            ..sheet
        })
    }
}

fn order_goods(line: &OrderLine, has_igst: bool) -> Goods<'_> {
    let left = line.billable();
    // Of a line that was cut, only what is left counts.
    let tax = if left == line.quantity {
        line.amounts()
    } else {
        rules::amounts_of(line.price, line.includes_tax, left, line.rate(), has_igst)
    };
    Goods {
        position: line.position,
        sku: &line.sku,
        name: &line.name,
        name_hi: None,
        hsn: &line.hsn,
        unit: Some(&line.unit),
        pack_size: line.pack_size,
        pack_name: line.pack_name.as_deref(),
        quantity: left,
        free: Decimal::ZERO,
        price: line.price,
        includes_tax: line.includes_tax,
        net_price: net_price(tax.taxable.as_decimal(), left),
        discount: Money::ZERO,
        tax_rate: line.tax_rate,
        cess_rate: line.cess_rate,
        cess_per_unit: line.cess_per_unit,
        tax,
    }
}

fn packed_goods(line: &Line, (position, packed): (i32, Decimal), has_igst: bool) -> Goods<'_> {
    let tax = rules::amounts_of(line.price, line.includes_tax, packed, line.rate(), has_igst);
    Goods {
        position,
        sku: &line.sku,
        name: &line.name,
        name_hi: None,
        hsn: &line.hsn,
        unit: Some(&line.unit),
        pack_size: line.pack_size,
        pack_name: line.pack_name.as_deref(),
        quantity: packed,
        free: Decimal::ZERO,
        price: line.price,
        includes_tax: line.includes_tax,
        net_price: net_price(tax.taxable.as_decimal(), packed),
        discount: Money::ZERO,
        tax_rate: line.tax_rate,
        cess_rate: line.cess_rate,
        cess_per_unit: line.cess_per_unit,
        tax,
    }
}
