//! The cases that somebody else worked out, issued from stored rows, and read back from there: from the rows, from the paper, and from what
//! is sent to the authority.

use super::cases_on_paper::ENGLISH;
use super::cases_read_back;
use crate::support::billing::{Company, Packed};
use crate::support::gst_cases::{CASES, Case, InputLine, discount};
use crate::support::{app, ask, pdf};
use chrono::{NaiveDate, TimeZone, Utc};
use mandi::accounting::actions::einvoices::goods_of;
use mandi::accounting::actions::{
    Correcting, Fx, Issued, Issuing, LineTerms, Part, What, credit, draft, issue,
};
use mandi::accounting::inv01;
use mandi::accounting::model::{Document, DocumentLine, EInvoice, Paper};
use mandi::accounting::print;
use mandi::accounting::rules::document::{Kind, Reason};
use mandi::accounting::rules::einvoice;
use mandi::accounting::views::papers::Look;
use mandi::error::AppError;
use mandi::kernel::money::Money;
use mandi::platform::db::{Clock, Db, Member, Meter, Scope};
use mandi::tax::bill::{Discount, Whole};
use mandi::tax::rules::ZeroRated;
use rust_decimal::Decimal;
use uuid::Uuid;

/// The database at noon in India on a day.
fn noon(day: &str) -> Db {
    let day: NaiveDate = day.parse().unwrap();
    let clock = Clock::default();
    clock.set(Some(
        Utc.from_utc_datetime(&day.and_hms_opt(6, 30, 0).unwrap()),
    ));
    app().state.db.with_clock(clock)
}

pub(super) fn write<T>(
    company: &Company,
    day: &str,
    work: impl FnOnce(&mut Scope) -> Result<T, AppError>,
) -> T {
    let member = Member::system(company.id, "test");
    noon(day).write(&member, &Meter::default(), work).unwrap()
}

/// The template and the number before, so that the next number is this one.
pub(super) fn series_of(number: &str) -> (String, u32) {
    let digits = number.len() - number.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    let (prefix, sequence) = number.split_at(number.len() - digits);
    let template = format!("{prefix}{{SEQ:{digits}}}");
    let template = template.replace("26-27", "{FY}").replace("25-26", "{FY}");
    (template, sequence.parse::<u32>().unwrap() - 1)
}

fn give_series(company: &Company, kind: &str, number: &str, year: &str, day: &str) {
    let (template, before) = series_of(number);
    let (tenant, id) = (company.id, Uuid::now_v7());
    company.run(&format!(
        "delete from document_series where tenant_id = '{tenant}' and kind = '{kind}';
         insert into document_series (tenant_id, id, registration_id, kind, template)
           select tenant_id, '{id}', id, '{kind}', '{template}' from gst_registrations where tenant_id = '{tenant}'"
    ));
    if before > 0 {
        company.run(&format!(
            "insert into document_counters (tenant_id, series_id, year, last, last_day) values ('{tenant}', '{id}', '{year}', {before}, '{day}')"
        ));
    }
}

/// A company, its customer and a packed shipment as a case has them; the shipment's number.
fn stored(case: &Case) -> (Company, String) {
    let input = &case.input;
    let company = Company::new(app(), Some(&input.supplier.gstin));
    set(&company, case);
    let shipment = packed(&company, case);
    give_series(
        &company,
        "invoice",
        &input.doc_no,
        &case.expected.fin_year,
        &input.doc_date,
    );
    (company, shipment)
}

/// Gives a company the settings of a case.
fn set(company: &Company, case: &Case) {
    let (tenant, input) = (company.id, &case.input);
    company.run(&format!(
        "update gst_registrations set taxpayer_type = '{kind}' where tenant_id = '{tenant}';
         insert into accounting_settings (tenant_id, id, round_off, einvoice_from) values ('{tenant}', gen_random_uuid(), '{round_off}', '2020-10-01');
         insert into turnovers (tenant_id, id, year, amount) select '{tenant}', gen_random_uuid(), year, {turnover} from unnest('{{2024-25,2025-26}}'::text[]) year;
         insert into undertakings (tenant_id, id, registration_id, number, valid_from, valid_to)
           select tenant_id, gen_random_uuid(), id, 'AD2704260000001', '2026-04-01', '2027-03-31' from gst_registrations where tenant_id = '{tenant}'",
        kind = input.supplier.kind,
        round_off = if input.round_off == "none" { "none" } else { "rupee" },
        turnover = input.supplier.aato_peak,
    ));
}

/// The customer and the packed shipment of a case; the shipment's number.
pub(super) fn packed(company: &Company, case: &Case) -> String {
    let (tenant, input) = (company.id, &case.input);
    let gstin = Some(input.recipient.gstin.as_str()).filter(|gstin| *gstin != "URP");
    let customer = company.customer(&input.recipient.kind, gstin, &input.recipient.state);
    let ship_to = input.ship_to_state.as_ref().map(|state| {
        assert!(input.ship_to_third_party);
        let id = Uuid::now_v7();
        company.run(&format!(
            "insert into customer_addresses (tenant_id, id, customer_id, label, street, city, pincode, state_code, gstin)
               values ('{tenant}', '{id}', '{customer}', 'Third person', '4 Camp', 'Pune', '411001', '{state}', '27ZZZPR1111M1Z2')"
        ));
        id
    });
    for line in &input.lines {
        company.rate(
            &line.hsn,
            &line.gst_rate.to_string(),
            &line.cess_rate.to_string(),
            &line.cess_per_unit.to_string(),
            line.treatment.as_deref().unwrap_or("taxable"),
        );
    }
    let texts: Vec<(String, String)> = input
        .lines
        .iter()
        .map(|line| {
            (
                (line.qty + line.free_qty).to_string(),
                line.unit_price.to_string(),
            )
        })
        .collect();
    let lines: Vec<Packed> = input
        .lines
        .iter()
        .zip(&texts)
        .map(|(line, (quantity, price))| Packed {
            hsn: &line.hsn,
            unit: line.unit.as_deref().unwrap_or("OTH"),
            quantity,
            price,
            includes_tax: input.price_mode == "inclusive",
        })
        .collect();
    company.shipment(customer, ship_to, &lines)
}

pub(super) fn issuing(case: &Case, shipment: &str, scope: &mut Scope) -> Issuing {
    let input = &case.input;
    let plain = Issuing {
        shipment: shipment.to_owned(),
        ..Issuing::default()
    };
    let seen = draft(scope, &plain).unwrap();
    let terms = |(line, packed): (&InputLine, &mandi::logistics::model::Line)| LineTerms {
        shipment_line: packed.shipment_line.unwrap(),
        free: line.free_qty,
        discount: line
            .discount
            .as_ref()
            .map_or(Discount::None, |off| discount(&off.kind, off.value)),
        price: input
            .fx
            .as_ref()
            .map(|_| line.unit_price.to_string().parse().unwrap()),
    };
    let whole = input.invoice_discount.as_ref().map(|whole| {
        let off = discount(&whole.kind, whole.value);
        match whole.timing.as_str() {
            "pre_tax" => Whole::BeforeTax(off),
            _ => Whole::AfterTax(off),
        }
    });
    Issuing {
        lines: input
            .lines
            .iter()
            .zip(&seen.order_lines)
            .map(terms)
            .collect(),
        whole: whole.unwrap_or_default(),
        other_charges: Money::rounded(input.other_charges.unwrap_or_default()),
        zero_rated: input.zero_rated_payment.as_deref().map(|way| match way {
            "with" => ZeroRated::With,
            _ => ZeroRated::Without,
        }),
        is_reverse_charge: input.reverse_charge,
        fx: input.fx.as_ref().map(|fx| Fx {
            currency: fx.currency.clone(),
            rate: fx.rate,
            source: "Customs, notified".to_owned(),
            on: input.doc_date.parse().unwrap(),
        }),
        ..plain
    }
}

/// A document with its state at the authority as both were written: from its commit on, workers look at it by today's clock, and what was
/// issued on the day of a case may be too late to be sent by now.
struct Written {
    issued: Issued,
    authority: EInvoice,
}

impl Written {
    fn of(scope: &mut Scope, issued: Issued) -> Result<Self, AppError> {
        let authority = EInvoice::find(scope, issued.id)?;
        Ok(Self { issued, authority })
    }
}

/// Compares the stored rows of a document with what a case expects.
#[expect(
    clippy::too_many_lines,
    reason = "one story from its beginning to its end"
)]
fn compare(company: &Company, case: &Case, Written { issued, authority }: &Written) {
    let (id, expected) = (&case.id, &case.expected);
    let (document, lines) = write(company, &case.input.doc_date, |scope| {
        Ok((
            Document::by_id(scope, issued.id)?,
            DocumentLine::find(scope, issued.id)?,
        ))
    });
    assert_eq!(document.number, case.input.doc_no, "{id}");
    assert_eq!(issued.number, document.number, "{id}");
    assert_eq!(document.year, expected.fin_year, "{id}");
    assert_eq!(
        document.document_date.to_string(),
        case.input.doc_date,
        "{id}"
    );
    assert_eq!(
        document.place_of_supply.as_str(),
        expected.place_of_supply,
        "{id}"
    );
    assert_eq!(
        document.is_inter_state,
        expected.supply_nature == "inter",
        "{id}"
    );
    assert_eq!(document.supply_type.as_str(), expected.sup_typ, "{id}");
    let heads = match document.half {
        None => vec!["IGST"],
        Some(half) => vec!["CGST", half.as_str()],
    };
    assert_eq!(expected.tax_heads, heads, "{id}");
    assert_eq!(document.irn, expected.irn, "{id}");
    let is_pending = authority.status == einvoice::Status::Pending;
    assert_eq!(
        is_pending, expected.irn_required,
        "{id}: {:?}",
        authority.why
    );
    assert_eq!(document.item_count, expected.item_cnt, "{id}");
    assert_eq!(document.main_hsn, expected.main_hsn, "{id}");
    let totals = &expected.totals;
    let found = [
        document.taxable,
        document.cgst,
        document.sgst,
        document.igst,
        document.cess,
        document.late_discount,
        document.other_charges,
        document.round_off,
        document.total,
    ];
    let wanted = [
        totals.ass_val,
        totals.cgst_val,
        totals.sgst_val,
        totals.igst_val,
        totals.ces_val,
        totals.discount,
        totals.oth_chrg,
        totals.rnd_off_amt,
        totals.tot_inv_val,
    ];
    assert_eq!(found.map(Money::as_decimal), wanted, "{id}");
    assert_eq!(document.total_fc, totals.tot_inv_val_fc, "{id}");
    assert_eq!(lines.len(), expected.lines.len(), "{id}");
    for (line, wanted) in lines.iter().zip(&expected.lines) {
        let found = [
            line.quantity,
            line.free_quantity,
            line.net_price,
            line.gross.as_decimal(),
            line.discount.as_decimal(),
            line.taxable.as_decimal(),
            line.tax_rate,
            line.igst.as_decimal(),
            line.cgst.as_decimal(),
            line.sgst.as_decimal(),
            line.cess_rate,
            line.cess.as_decimal(),
            line.cess_fixed.as_decimal(),
            line.total.as_decimal(),
        ];
        let figures: [Decimal; 14] = [
            wanted.qty,
            wanted.free_qty,
            wanted.unit_price,
            wanted.tot_amt,
            wanted.discount,
            wanted.ass_amt,
            wanted.gst_rt,
            wanted.igst_amt,
            wanted.cgst_amt,
            wanted.sgst_amt,
            wanted.ces_rt,
            wanted.ces_amt,
            wanted.ces_non_advl_amt,
            wanted.tot_item_val,
        ];
        assert_eq!(found, figures, "{id}, line {}", line.position);
        assert_eq!(line.hsn, wanted.hsn, "{id}");
        assert_eq!(line.is_service, wanted.is_service == "Y", "{id}");
        assert_eq!(line.unit, wanted.unit, "{id}");
    }
}

/// Prints what is stored of a document and makes its payload for the authority, and compares both with what a case expects; whether it has a
/// payload. A note names its original.
fn read_back(
    company: &Company,
    case: &Case,
    issued: &Issued,
    original: Option<&(String, NaiveDate)>,
) -> bool {
    let paper = write(company, &case.input.doc_date, |scope| {
        let document = Document::by_id(scope, issued.id)?;
        Paper::of(scope, document)
    });
    let sheet = Look::new(250, None).sheet(&paper, 1, ENGLISH).unwrap();
    let text = pdf::text(&print::pdf(&[sheet]).unwrap());
    cases_read_back::paper(case, issued.kind, &text);
    // The authority hears nothing of what is sold to buyers without a GSTIN.
    let is_sent = case.expected.sup_typ != "B2C";
    if is_sent {
        let bytes = inv01::payload(&paper.document, &paper.lines, original).unwrap();
        cases_read_back::payload(case, &bytes);
    }
    is_sent
}

fn issued(case: &Case) -> (Company, Written) {
    let (company, shipment) = stored(case);
    let written = write(&company, &case.input.doc_date, |scope| {
        let issuing = issuing(case, &shipment, scope);
        let issued = issue(scope, "Asha Owner", &issuing)?
            .unwrap_or_else(|faults| panic!("{}: {faults:?}", case.id));
        Written::of(scope, issued)
    });
    (company, written)
}

#[test]
fn every_invoice_of_the_cases_is_issued_to_the_paisa() {
    let invoices = CASES
        .invoices
        .iter()
        .filter(|case| case.input.doc_type == "INV");
    let (mut count, mut sent) = (0, 0);
    for case in invoices {
        let (company, written) = issued(case);
        let issued = &written.issued;
        assert_eq!(issued.kind, Kind::Invoice, "{}", case.id);
        compare(&company, case, &written);
        sent += u32::from(read_back(&company, case, issued, None));
        let goods = write(&company, &case.input.doc_date, |scope| {
            let document = Document::by_id(scope, issued.id)?;
            Ok(goods_of(scope, &document, false)?.consignment)
        });
        let expected = &case.expected;
        let value = Some(goods.value.as_decimal());
        assert_eq!(value, expected.ewb_consignment_value, "{}", case.id);
        assert_eq!(
            Some(goods.needs_bill()),
            expected.ewb_required,
            "{}",
            case.id
        );
        count += 1;
    }
    assert_eq!((count, sent), (18, 15));
}

#[test]
fn every_credit_note_of_the_cases_is_written_against_its_invoice() {
    for (note, original, at) in [("CRN-01", "INV-08", 1), ("CRN-02", "INV-05", 0)] {
        let (note, original) = (CASES.case(note), CASES.case(original));
        let (
            company,
            Written {
                issued: invoice, ..
            },
        ) = issued(original);
        assert_eq!(note.input.original.as_ref().unwrap().doc_no, invoice.number);
        give_series(
            &company,
            "credit_note",
            &note.input.doc_no,
            &note.expected.fin_year,
            &note.input.doc_date,
        );
        let written = write(&company, &note.input.doc_date, |scope| {
            let document = Document::by_id(scope, invoice.id)?;
            let lines = DocumentLine::find(scope, invoice.id)?;
            let parts = vec![Part {
                line: lines[at].id,
                what: What::Units(note.input.lines[0].qty),
            }];
            let correcting = Correcting::Lines(parts);
            let why = (Reason::Return, "Came back");
            let issued = credit(scope, "Asha Owner", &document, &correcting, why)?.unwrap();
            Written::of(scope, issued)
        });
        assert_eq!(written.issued.kind, Kind::CreditNote);
        compare(&company, note, &written);
        let day: NaiveDate = original.input.doc_date.parse().unwrap();
        let named = (original.input.doc_no.clone(), day);
        let is_sent = read_back(&company, note, &written.issued, Some(&named));
        assert_eq!(is_sent, note.id == "CRN-01");
        // What is left of the invoice is what was not credited.
        let open = ask(
            app(),
            &format!(
                "select open::text as value from open_items where id = '{}'",
                invoice.id
            ),
        );
        let left = invoice.total - written.issued.total;
        assert_eq!(open.parse::<Decimal>().unwrap(), left.as_decimal());
    }
}

#[test]
fn the_keys_at_the_authority_are_those_that_others_worked_out() {
    assert_eq!(CASES.irns.len(), 7);
    for case in &CASES.irns {
        let found = ask(
            app(),
            &format!(
                "select encode(sha256(decode('{}' || financial_year('{}') || '{}' || upper('{}'), 'escape')), 'hex') || ' ' || financial_year('{1}') as value",
                case.supplier_gstin, case.doc_date, case.doc_type, case.doc_no
            ),
        );
        assert_eq!(
            found,
            format!("{} {}", case.irn, case.fin_year),
            "{}",
            case.doc_no
        );
    }
}
