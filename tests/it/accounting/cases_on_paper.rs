//! Every case of gst-cases.json on paper and on the screen: what both show are the amounts that somebody else worked out.

use crate::support::gst_cases::{CASES, Case, Expected, ExpectedLine};
use crate::support::pdf;
use chrono::{NaiveDate, Utc};
use mandi::accounting::model::{Document, DocumentLine};
use mandi::accounting::print;
use mandi::accounting::rules::document::{Kind, Status};
use mandi::accounting::views::sheet::{Beside, Sheet, Tongues};
use mandi::kernel::ids::{CustomerId, DocumentId, DocumentLineId, RegistrationId, SeriesId};
use mandi::kernel::language::Lang;
use mandi::kernel::money::Money;
use mandi::kernel::state::State;
use mandi::kernel::words;
use mandi::tax::rules::{BuyerKind, Half, SupplyType, Treatment};
use mandi::web::page;
use rust_decimal::Decimal;
use scraper::{Html, Selector};
use serde_json::json;

pub const ENGLISH: Tongues = Tongues {
    first: Lang::En,
    second: None,
};

fn money(amount: Decimal) -> Money {
    Money::rounded(amount)
}

/// The rows that a case comes to, as they are stored.
fn rows(case: &Case) -> (Document, Vec<DocumentLine>) {
    let (input, wanted) = (&case.input, &case.expected);
    let kind = match input.doc_type.as_str() {
        "INV" if wanted.lines.iter().all(|line| line.gst_rt.is_zero()) => Kind::BillOfSupply,
        "INV" => Kind::Invoice,
        "CRN" => Kind::CreditNote,
        other => panic!("{other}"),
    };
    let id = DocumentId::new();
    let lines = wanted
        .lines
        .iter()
        .zip(&input.lines)
        .enumerate()
        .map(|(index, (line, typed))| DocumentLine {
            id: DocumentLineId::new(),
            document_id: id,
            kind,
            customer_id: CustomerId::new(),
            position: i32::try_from(index + 1).unwrap(),
            order_line_id: None,
            shipment_line_id: None,
            original_line_id: None,
            product_id: None,
            sku: format!("SKU-{index}"),
            name: format!("Goods of {}", line.hsn),
            name_hi: None,
            hsn: line.hsn.clone(),
            is_service: line.is_service == "Y",
            unit: line.unit.clone(),
            pack_size: Decimal::ONE,
            pack_name: None,
            quantity: line.qty,
            free_quantity: line.free_qty,
            price: typed.unit_price.to_string().parse().unwrap(),
            includes_tax: input.price_mode == "inclusive",
            net_price: line.unit_price,
            gross: money(line.tot_amt),
            line_discount: Money::ZERO,
            shared_discount: Money::ZERO,
            discount: money(line.discount),
            treatment: Treatment::Taxable,
            tax_rate: line.gst_rt,
            cess_rate: line.ces_rt,
            cess_per_unit: typed.cess_per_unit,
            taxable: money(line.ass_amt),
            cgst: money(line.cgst_amt),
            sgst: money(line.sgst_amt),
            igst: money(line.igst_amt),
            cess: money(line.ces_amt),
            cess_fixed: money(line.ces_non_advl_amt),
            total: money(line.tot_item_val),
            created_at: Utc::now(),
        })
        .collect();
    (document(case, wanted, (id, kind)), lines)
}

fn document(case: &Case, wanted: &Expected, (id, kind): (DocumentId, Kind)) -> Document {
    let (input, sums) = (&case.input, &wanted.totals);
    let day: NaiveDate = input.doc_date.parse().unwrap();
    let place = |state: &str, name: &str| json!({ "name": name, "street": "4 Market Road", "city": "Town", "pincode": "400001", "state": state, "country": if state == "96" { "US" } else { "IN" } });
    let mut parties = json!({
        "seller": place(&input.supplier.gstin[..2], "Annapurna Trading Company"),
        "buyer": place(&input.recipient.state, "The Buyer"),
        "bank": { "upi": "annapurna@examplebank" },
    });
    if let Some(original) = &input.original {
        parties["original"] = json!({ "number": original.doc_no, "date": "2026-10-06" });
    }
    Document {
        id,
        kind,
        gst_type: Some(input.doc_type.clone()),
        status: Status::Issued,
        registration_id: RegistrationId::new(),
        series_id: SeriesId::new(),
        year: wanted.fin_year.clone(),
        sequence: 1,
        number: input.doc_no.clone(),
        url_no: input.doc_no.replace('/', "-"),
        document_date: day,
        due_on: Some(day),
        customer_id: CustomerId::new(),
        order_id: None,
        shipment_id: None,
        original_id: None,
        reason: None,
        reason_note: None,
        supplier_gstin: input.supplier.gstin.clone(),
        supplier_type: input.supplier.kind.clone(),
        buyer_kind: input.recipient.kind.parse::<BuyerKind>().unwrap(),
        buyer_gstin: Some(input.recipient.gstin.clone()).filter(|gstin| gstin != "URP"),
        supply_type: wanted.sup_typ.parse::<SupplyType>().unwrap(),
        place_of_supply: State::by_code(&wanted.place_of_supply).unwrap(),
        place_reason: None,
        is_inter_state: wanted.supply_nature == "inter",
        half: match wanted.tax_heads.get(1).map(String::as_str) {
            Some("UTGST") => Some(Half::Utgst),
            Some("SGST") => Some(Half::Sgst),
            _ => None,
        },
        is_reverse_charge: input.reverse_charge,
        undertaking_id: None,
        currency: input.fx.as_ref().map(|fx| fx.currency.clone()),
        fx_rate: input.fx.as_ref().map(|fx| fx.rate),
        fx_source: None,
        fx_on: None,
        po_number: None,
        parties,
        discount: wanted.lines.iter().map(|line| money(line.discount)).sum(),
        taxable: money(sums.ass_val),
        cgst: money(sums.cgst_val),
        sgst: money(sums.sgst_val),
        igst: money(sums.igst_val),
        cess: wanted
            .lines
            .iter()
            .map(|line| money(line.ces_amt + line.ces_non_advl_amt))
            .sum(),
        late_discount: money(sums.discount),
        other_charges: money(sums.oth_chrg),
        round_off: money(sums.rnd_off_amt),
        total: money(sums.tot_inv_val),
        total_fc: sums.tot_inv_val_fc,
        item_count: wanted.item_cnt,
        main_hsn: wanted.main_hsn.clone(),
        issued_at: "2026-10-20T06:00:00Z".parse().unwrap(),
        issued_by: None,
        issued_by_name: "Asha Owner".to_owned(),
        cancelled_at: None,
        cancelled_by_name: None,
        cancel_code: None,
        cancel_reason: None,
        irn: wanted.irn.clone(),
    }
}

/// The amounts of a line that its row has to show, in the order of its columns.
pub fn amounts(line: &ExpectedLine, case: &Case, kind: Kind) -> Vec<String> {
    let plain = |amount: Decimal| money(amount).plain();
    let mut amounts = Vec::new();
    if case
        .expected
        .lines
        .iter()
        .any(|line| !line.discount.is_zero())
    {
        amounts.push(plain(line.discount));
    }
    if kind != Kind::BillOfSupply {
        amounts.push(plain(line.ass_amt));
        if case.expected.supply_nature == "inter" {
            amounts.push(plain(line.igst_amt));
        } else {
            amounts.push(plain(line.cgst_amt));
            amounts.push(plain(line.sgst_amt));
        }
        let cess = |line: &ExpectedLine| line.ces_amt + line.ces_non_advl_amt;
        if case.expected.lines.iter().any(|line| !cess(line).is_zero()) {
            amounts.push(plain(cess(line)));
        }
    }
    amounts.push(plain(line.tot_item_val));
    amounts
}

/// The first text of each cell of each row, as the screen shows them.
fn screen_rows(html: &Html) -> Vec<Vec<String>> {
    let rows = Selector::parse(".sheet .scroll tbody tr").unwrap();
    let cells = Selector::parse("td").unwrap();
    html.select(&rows)
        .map(|row| {
            row.select(&cells)
                .map(|cell| cell.text().next().unwrap_or_default().to_owned())
                .collect()
        })
        .collect()
}

fn all_of_page(html: &Html) -> String {
    html.root_element().text().collect::<Vec<_>>().join("\n")
}

#[test]
fn paper_and_screen_show_each_case_to_the_paisa() {
    let mut seen = 0;
    for case in &CASES.invoices {
        // given
        let (document, lines) = rows(case);
        let sheet = Sheet::of(&document, &lines, &Beside::default(), ENGLISH);

        // when
        let paper = pdf::text(&print::pdf(std::slice::from_ref(&sheet)).unwrap());
        let html = Html::parse_document(&page::print(&sheet, Lang::En).unwrap());

        // then
        let screen = screen_rows(&html);
        assert_eq!(screen.len(), case.expected.lines.len(), "{}", case.id);
        for (row, line) in screen.iter().zip(&case.expected.lines) {
            let wanted = amounts(line, case, document.kind);
            assert_eq!(row[row.len() - wanted.len()..], wanted, "{}", case.id);
            for amount in &wanted {
                let is_there = paper.lines().any(|line| line == amount);
                assert!(is_there, "{}: {amount} is not on\n{paper}", case.id);
                seen += 1;
            }
        }
        let text = all_of_page(&html);
        let total = document.total.to_string();
        let in_words = words::rupees(document.total, Lang::En);
        let mut both = vec![total, in_words.clone(), document.number.clone()];
        if !document.round_off.is_zero() {
            both.push(document.round_off.to_string());
        }
        both.extend(sheet.totals.iter().map(|fact| fact.value.clone()));
        both.extend(sheet.facts.iter().map(|fact| fact.value.clone()));
        let on_one_line = paper.replace('\n', " ");
        for said in both {
            assert!(
                text.contains(&said),
                "{}: {said} is not on the screen\n{text}",
                case.id
            );
            assert!(
                on_one_line.contains(&said),
                "{}: {said} is not on\n{paper}",
                case.id
            );
        }
    }
    assert!(seen > 100, "{seen} amounts");
}

#[test]
fn the_words_of_the_law_are_on_what_needs_them() {
    let said = |id: &str| {
        let (document, lines) = rows(CASES.case(id));
        let sheet = Sheet::of(&document, &lines, &Beside::default(), ENGLISH);
        pdf::text(&print::pdf(&[sheet]).unwrap()).replace('\n', " ")
    };
    let abroad = said("INV-11");
    assert!(abroad.contains("ON PAYMENT OF INTEGRATED TAX"), "{abroad}");
    assert!(abroad.contains("1 USD = ₹88.125"), "{abroad}");
    assert!(abroad.contains("USD 4,531.20"), "{abroad}");
    let without = said("INV-14");
    assert!(
        without.contains("WITHOUT PAYMENT OF INTEGRATED TAX"),
        "{without}"
    );
    let reverse = said("INV-15");
    assert!(reverse.contains("Reverse charge Yes"), "{reverse}");
    assert!(reverse.contains("−₹4,383.00"), "{reverse}");
    let plain = said("INV-01");
    assert!(plain.contains("Reverse charge No"), "{plain}");
    assert!(!plain.contains("INTEGRATED TAX"), "{plain}");
    assert!(said("INV-03").contains("UTGST"));
    let note = said("CRN-01");
    assert!(note.contains("Credit note"), "{note}");
    assert!(note.contains("MH/26-27/00103"), "{note}");
}
