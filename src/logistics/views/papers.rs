//! What is printed: pick lists and delivery challans.

use super::kilograms;
use crate::kernel::dates;
use crate::kernel::language::{Lang, text};
use crate::kernel::money::Money;
use crate::kernel::number::indian;
use crate::kernel::state::State;
use crate::logistics::model::{Line, Papers, RunLine, Shipment};
use crate::logistics::rules;
use crate::tax::rules::LineTax;
use crate::web::filters;
use crate::web::layout::Shell;
use askama::Template;
use rust_decimal::Decimal;

/// A product of a pick run.
pub struct PickRow {
    pub sku: String,
    pub name: String,
    pub unit: String,
    pub total: String,
    pub packs: Option<String>,
    /// For each shipment of the run what it wants, or nothing.
    pub parts: Vec<Option<String>>,
}

#[derive(Template)]
#[template(path = "logistics/pick_list.html")]
pub struct PickListPage {
    pub shell: Shell,
    pub back: String,
    pub shipments: Vec<Shipment>,
    pub rows: Vec<PickRow>,
    pub printed: String,
}

impl PickListPage {
    /// One run through the warehouse for some shipments; the lines come by product code.
    pub fn new(
        (shell, lang): (Shell, Lang),
        back: String,
        shipments: Vec<Shipment>,
        lines: Vec<RunLine>,
        printed: String,
    ) -> Self {
        let mut rows: Vec<PickRow> = Vec::new();
        let mut group: Vec<RunLine> = Vec::new();
        for line in lines {
            if group.first().is_some_and(|first| first.sku != line.sku) {
                rows.extend(pick_row(lang, &shipments, &group));
                group.clear();
            }
            group.push(line);
        }
        rows.extend(pick_row(lang, &shipments, &group));
        Self {
            shell,
            back,
            shipments,
            rows,
            printed,
        }
    }
}

fn pick_row(lang: Lang, shipments: &[Shipment], group: &[RunLine]) -> Option<PickRow> {
    let first = group.first()?;
    let total: Decimal = group.iter().map(|line| line.quantity).sum();
    let part = |shipment: &Shipment| {
        let its = group.iter().filter(|line| line.shipment_id == shipment.id);
        let wanted: Decimal = its.map(|line| line.quantity).sum();
        (!wanted.is_zero()).then(|| indian(wanted))
    };
    Some(PickRow {
        sku: first.sku.clone(),
        name: first.name.clone(),
        unit: first.unit.clone(),
        total: indian(total),
        packs: first.pack().beside(total, lang),
        parts: shipments.iter().map(part).collect(),
    })
}

/// A line of a challan.
pub struct ChallanRow {
    pub number: usize,
    pub name: String,
    pub sku: String,
    pub hsn: String,
    pub quantity: String,
    pub unit: String,
    pub price: String,
    pub taxable: String,
    pub rate: String,
    pub central: String,
    pub state: String,
    pub integrated: String,
    pub cess: String,
    pub total: String,
}

/// A sum under the lines.
pub struct ChallanSums {
    pub taxable: String,
    pub central: String,
    pub state: String,
    pub integrated: String,
    pub cess: String,
    pub total: String,
}

/// The three copies of rule 55, and who each is for.
const COPIES: [&str; 3] = [
    text!("Original for consignee"),
    text!("Duplicate for transporter"),
    text!("Triplicate for consigner"),
];

#[derive(Template)]
#[template(path = "logistics/challan.html")]
pub struct ChallanPage {
    pub shell: Shell,
    pub path: String,
    pub copy: String,
    pub copies: Vec<(String, String, bool)>,
    pub shipment: Shipment,
    pub papers: Papers,
    pub challan_no: String,
    /// Why the goods leave without their invoice.
    pub reason: Option<String>,
    pub day: String,
    pub state: String,
    pub place_of_supply: String,
    pub rows: Vec<ChallanRow>,
    pub sums: ChallanSums,
    pub is_inter_state: bool,
    pub has_cess: bool,
    pub second_tax: &'static str,
    pub weight: Option<String>,
}

fn state_word(code: &str) -> String {
    State::by_code(code).map_or_else(
        || code.to_owned(),
        |state| format!("{} ({code})", state.name()),
    )
}

fn challan_row(number: usize, line: &Line, packed: Decimal, tax: LineTax) -> ChallanRow {
    ChallanRow {
        number,
        name: line.name.clone(),
        sku: line.sku.clone(),
        hsn: line.hsn.clone(),
        quantity: indian(packed),
        unit: line.unit.clone(),
        price: line.price.to_string().replace('₹', ""),
        taxable: tax.taxable.plain(),
        rate: format!("{}%", line.tax_rate.normalize()),
        central: tax.cgst.plain(),
        state: tax.sgst.plain(),
        integrated: tax.igst.plain(),
        cess: tax.cess.plain(),
        total: tax.total.plain(),
    }
}

impl ChallanPage {
    pub fn new(
        shell: Shell,
        lang: Lang,
        path: String,
        (shipment, lines, papers): (Shipment, Vec<Line>, Papers),
        copy: usize,
    ) -> Self {
        let is_inter_state = papers.has_igst;
        let mut totals = LineTax::default();
        let mut rows = Vec::new();
        for line in &lines {
            let Some(packed) = line.packed.filter(|packed| !packed.is_zero()) else {
                continue;
            };
            let tax = rules::amounts_of(
                line.price,
                line.includes_tax,
                packed,
                line.rate(),
                is_inter_state,
            );
            totals = totals + tax;
            rows.push(challan_row(rows.len() + 1, line, packed, tax));
        }
        let chosen = copy.clamp(1, COPIES.len());
        let copies: Vec<(String, String, bool)> = (1..)
            .zip(COPIES)
            .map(|(number, word)| {
                let address = format!("{path}/challan?copy={number}");
                (lang.t(word).into_owned(), address, number == chosen)
            })
            .collect();
        let current = copies.iter().find(|(_, _, is_current)| *is_current);
        let is_territory = State::by_code(&papers.state_code).is_some_and(State::has_utgst);
        Self {
            shell,
            copy: current.map(|(word, _, _)| word.clone()).unwrap_or_default(),
            copies,
            challan_no: shipment.challan_no.clone().unwrap_or_default(),
            reason: shipment.why().map(|why| why.in_words(lang)),
            day: shipment
                .out_at
                .map(|at| dates::date(dates::today(at), lang))
                .unwrap_or_default(),
            state: state_word(&papers.state_code),
            place_of_supply: papers
                .place_of_supply
                .as_deref()
                .map(state_word)
                .unwrap_or_default(),
            sums: ChallanSums {
                taxable: totals.taxable.plain(),
                central: totals.cgst.plain(),
                state: totals.sgst.plain(),
                integrated: totals.igst.plain(),
                cess: totals.cess.plain(),
                total: totals.total.to_string(),
            },
            has_cess: totals.cess > Money::ZERO,
            is_inter_state,
            second_tax: if is_territory { "UTGST" } else { "SGST" },
            weight: shipment.weight_g.map(kilograms),
            rows,
            path,
            shipment,
            papers,
        }
    }
}
