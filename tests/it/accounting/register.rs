//! The tax register and the file of GSTR-1: the month that somebody else worked out, issued document by document.

use super::cases::{issuing, packed, series_of, write};
use crate::support::billing::{Company, Packed};
use crate::support::gst_cases::{CASES, Case};
use crate::support::trade::{self, shop_of};
use crate::support::{Page, Tenant, ask, run, tenant};
use mandi::accounting::actions::{
    CancelCode, Correcting, Issued, Issuing, Part, What, cancel, credit, issue,
};
use mandi::accounting::model::{Document, DocumentLine};
use mandi::accounting::rules::document::Reason;
use mandi::kernel::ids::DocumentId;
use mandi::platform::permissions::Role;
use rust_decimal::Decimal;
use serde_json::Value;
use std::collections::HashMap;
use uuid::Uuid;

/// The registration of the month.
const GSTIN: &str = "27ZZZCV0001K1ZY";
/// Where its register is.
const MONTH: &str = "month=2026-10";

/// What somebody else worked out of the month.
fn worked_out() -> Value {
    let cases: Value = serde_json::from_str(include_str!("../../data/gst-cases.json")).unwrap();
    cases["gstr1_case"].clone()
}

/// The next document of a kind takes this number.
fn number_next(company: &Company, kind: &str, number: &str, day: &str) {
    let (template, before) = series_of(number);
    let (tenant, id) = (company.id, Uuid::now_v7());
    company.run(&format!(
        "update document_series set is_default = false where tenant_id = '{tenant}' and kind = '{kind}';
         with made as (
           insert into document_series (tenant_id, id, registration_id, kind, code, template, is_default)
             select tenant_id, '{id}', id, '{kind}', upper(left(replace('{id}', '-', ''), 4) || right('{id}', 6)), '{template}', false
               from gst_registrations r where tenant_id = '{tenant}'
                and not exists (select from document_series s where s.tenant_id = r.tenant_id and s.template = '{template}')
             returning tenant_id, id)
         insert into document_counters (tenant_id, series_id, year, last, last_day) select tenant_id, id, '2026-27', {before}, '{day}' from made where {before} > 0;
         update document_series set is_default = true where tenant_id = '{tenant}' and template = '{template}'"
    ));
}

/// A company with the settings of the month.
fn company(tenant: &Tenant) -> Company {
    let company = Company::of(tenant.app, tenant.id, Some(GSTIN));
    company.run(&format!(
        "insert into accounting_settings (tenant_id, id, round_off) values ('{0}', gen_random_uuid(), 'rupee');
         insert into turnovers (tenant_id, id, year, amount) values ('{0}', gen_random_uuid(), '2025-26', 120000000);
         insert into undertakings (tenant_id, id, registration_id, number, valid_from, valid_to)
           select tenant_id, gen_random_uuid(), id, 'AD2704260000001', '2026-04-01', '2027-03-31' from gst_registrations where tenant_id = '{0}'",
        tenant.id
    ));
    company
}

/// Totals are rounded as a case has them.
fn round_as(company: &Company, case: &Case) {
    let way = if case.input.round_off == "none" {
        "none"
    } else {
        "rupee"
    };
    company.run(&format!(
        "update accounting_settings set round_off = '{way}' where tenant_id = '{}'",
        company.id
    ));
}

/// An invoice that is taken back at once, under the number that the month lost.
fn lost(company: &Company, number: &str, day: &str) {
    company.rate("1006", "5", "0", "0", "taxable");
    let customer = company.customer("unregistered", None, "27");
    let line = Packed {
        hsn: "1006",
        unit: "KGS",
        quantity: "10",
        price: "40",
        includes_tax: false,
    };
    let shipment = company.shipment(customer, None, &[line]);
    number_next(company, "invoice", number, day);
    let issuing = Issuing {
        shipment,
        ..Issuing::default()
    };
    let bill = write(company, day, |scope| issue(scope, "Asha Owner", &issuing)).unwrap();
    assert_eq!(bill.number, number);
    write(company, day, |scope| {
        cancel(
            scope,
            "Asha Owner",
            bill.id,
            CancelCode::Duplicate,
            "Written twice",
        )
    });
}

/// Issues every document of the month by the product's own actions, series by series; the one that was taken back in its place.
fn month(tenant: &Tenant) -> Company {
    let company = company(tenant);
    let mut bills: HashMap<String, DocumentId> = HashMap::new();
    let mut notes = Vec::new();
    for id in worked_out()["documents"].as_array().unwrap() {
        let case = CASES.case(id.as_str().unwrap());
        let (number, day) = (&case.input.doc_no, &case.input.doc_date);
        if case.input.doc_type == "CRN" {
            notes.push(case);
            continue;
        }
        if number == "MH/26-27/00110" {
            lost(&company, "MH/26-27/00109", "2026-10-16");
        }
        round_as(&company, case);
        let shipment = packed(&company, case);
        number_next(&company, "invoice", number, day);
        let issued: Issued = write(&company, day, |scope| {
            let issuing = issuing(case, &shipment, scope);
            issue(scope, "Asha Owner", &issuing)
        })
        .unwrap_or_else(|faults| panic!("{id}: {faults:?}"));
        assert_eq!(issued.number, *number, "{id}");
        bills.insert(number.clone(), issued.id);
    }
    for note in notes {
        let (number, day) = (&note.input.doc_no, &note.input.doc_date);
        let bill = bills[&note.input.original.as_ref().unwrap().doc_no];
        round_as(&company, note);
        number_next(&company, "credit_note", number, day);
        let written = write(&company, day, |scope| {
            let document = Document::by_id(scope, bill)?;
            let lines = DocumentLine::find(scope, bill)?;
            let came_back = &note.input.lines[0];
            let line = lines.iter().find(|line| line.hsn == came_back.hsn);
            let part = Part {
                line: line.unwrap().id,
                what: What::Units(came_back.qty),
            };
            let why = (Reason::Return, "Came back");
            credit(
                scope,
                "Asha Owner",
                &document,
                &Correcting::Lines(vec![part]),
                why,
            )
        })
        .unwrap();
        assert_eq!(written.number, *number);
    }
    company
}

/// The amount that a cell or a sentence ends with.
fn amount(text: &str) -> Decimal {
    let figure = text.rsplit('₹').next().unwrap().replace(',', "");
    let figure: Decimal = figure.trim().parse().unwrap();
    if text.contains('−') {
        -figure
    } else {
        figure
    }
}

fn dec(text: &str) -> Decimal {
    text.parse().unwrap()
}

/// What the rows of a table of the register say: label, address and five amounts.
fn sums(page: &Page, table: &str) -> Vec<(String, String, Vec<Decimal>)> {
    let labels = page.texts(&format!("#{table}-sums tbody th a"));
    let links = page.attributes(&format!("#{table}-sums tbody th a"), "href");
    let cells = page.texts(&format!("#{table}-sums tbody td.num"));
    assert_eq!(cells.len(), 6 * labels.len(), "{table}");
    let rows = cells.chunks(6);
    let amounts = rows.map(|row| row[1..].iter().map(|cell| amount(cell)).collect());
    labels
        .into_iter()
        .zip(links)
        .zip(amounts)
        .map(|((label, href), amounts)| (label, href, amounts))
        .collect()
}

/// The amounts of a table's row.
fn row(page: &Page, table: &str, label: &str) -> Vec<Decimal> {
    let rows = sums(page, table);
    let found = rows.iter().find(|(its, ..)| its == label);
    found
        .unwrap_or_else(|| panic!("no {label}: {rows:?}"))
        .2
        .clone()
}

/// The file of the month.
fn file(tenant: &Tenant, asked: &str) -> Value {
    let path = tenant.path(&format!("/tax-register/gstr1?{asked}"));
    let (status, headers, bytes) = tenant.owner.bytes(&path);
    assert_eq!(
        (status, headers["content-type"].to_str().unwrap()),
        (200, "application/json"),
        "{path}"
    );
    serde_json::from_slice(&bytes).unwrap()
}

#[test]
fn the_register_of_a_month_is_what_somebody_else_worked_out() {
    // given
    let tenant = tenant();
    month(&tenant);

    // when
    let page = tenant
        .owner
        .open(&tenant.path(&format!("/tax-register?{MONTH}")));

    // then: table by table
    let figures = |taxable: &str, igst: &str, half: &str| {
        vec![dec(taxable), dec(igst), dec(half), dec(half), dec("0")]
    };
    for (label, wanted) in [
        (
            "4A · Registered buyers (B2B)",
            figures("228263.38", "58295.55", "166.58"),
        ),
        (
            "4B · Registered buyers, reverse charge",
            figures("24350.00", "0", "2191.50"),
        ),
        (
            "6B · Special economic zones",
            figures("114500.55", "10754.91", "0"),
        ),
        (
            "5 · Buyers without GSTIN, large (B2CL)",
            figures("89405.09", "16092.91", "0"),
        ),
        ("6A · Exports", figures("950682.00", "36957.51", "0")),
        (
            "7 · Buyers without GSTIN, others (B2CS)",
            figures("1256.36", "0", "53.95"),
        ),
        (
            "8 · Nil-rated, exempt and non-GST",
            figures("815.90", "0", "0"),
        ),
        (
            "9B · Notes to registered buyers",
            figures("-1015.62", "-182.81", "0"),
        ),
        (
            "9B · Notes to buyers without GSTIN",
            figures("-44066.95", "-7932.05", "0"),
        ),
        ("Together", figures("1364190.71", "113986.02", "2412.03")),
    ] {
        assert_eq!(row(&page, "sections", label), wanted, "{label}");
    }
    assert_eq!(sums(&page, "sections").len(), 10);
    assert_eq!(
        row(&page, "kinds", "Credit note"),
        figures("-45082.57", "-8114.86", "0")
    );
    // and the numbers of the month, the lost one among them
    let used = page.rows("#numbers-used tbody tr");
    assert_eq!(used.len(), 5, "{used:?}");
    assert!(
        used.iter().any(|row| row.contains("MH/26-27/00101")
            && row.contains("MH/26-27/00111")
            && row.ends_with("Issued 11 Cancelled 1")),
        "{used:?}"
    );

    // and what is owed by table 3.1 of GSTR-3B is the same money
    let owed = worked_out()["gstr3b_outward"]["osup_det"]["txval"].clone();
    let of = |label: &str| row(&page, "sections", label)[0];
    let taxed = of("4A · Registered buyers (B2B)")
        + of("5 · Buyers without GSTIN, large (B2CL)")
        + of("7 · Buyers without GSTIN, others (B2CS)")
        + of("9B · Notes to registered buyers")
        + of("9B · Notes to buyers without GSTIN");
    assert_eq!(taxed.normalize().to_string(), owed.to_string());
}

#[test]
fn every_sum_of_the_register_opens_the_documents_that_make_it() {
    // given
    let tenant = tenant();
    month(&tenant);
    let register = tenant
        .owner
        .open(&tenant.path(&format!("/tax-register?{MONTH}")));
    let codes = register.click("HSN summary");

    // when each of its sums is opened
    let mut opened = 0;
    let tables = ["sections", "kinds", "rates"].map(|table| sums(&register, table));
    let parts = ["b2b", "b2c"].map(|part| sums(&codes, part));
    for (label, href, wanted) in tables.iter().chain(&parts).flatten() {
        let list = tenant.owner.open(href);
        list.is(200);

        // then the rows come to it, and the sentence below says so
        let cells = list.texts("#list tbody td.num");
        let rows: Vec<Vec<Decimal>> = cells
            .chunks(6)
            .map(|row| row[..5].iter().map(|cell| amount(cell)).collect())
            .collect();
        let together: Vec<Decimal> = (0..5)
            .map(|place| rows.iter().map(|row| row[place]).sum())
            .collect();
        assert_eq!(together, *wanted, "{label} at {href}");
        let foot = list.texts("#foot").pop().unwrap();
        let before = foot.split(" before tax").next().unwrap();
        assert_eq!(amount(before), wanted[0], "{label}: {foot}");
        opened += 1;
    }
    // ten tables, two kinds, four rates, twenty-five codes; tables, kinds and rates each with the whole
    assert_eq!(opened, 10 + 3 + 5 + 25);

    // and the summary comes to the register without what has no code: nothing
    let of_codes: Decimal = parts.iter().flatten().map(|(_, _, sums)| sums[0]).sum();
    assert_eq!(of_codes, row(&register, "sections", "Together")[0]);

    // and the document behind a row is the document
    let bill = tenant
        .owner
        .open(&tenant.path(&format!("/tax-register/documents?{MONTH}&table=b2cl")));
    bill.shows("#list tbody", "WEB/26/004410");
    bill.click("WEB/26/004410")
        .is(200)
        .shows("main", "1,05,498.00");
    // a search among them, and their file
    let one = tenant
        .owner
        .open(&tenant.path(&format!("/tax-register/documents?{MONTH}&q=00106")));
    assert_eq!(one.count("#list tbody tr"), 1);
    let link = one.attribute("#export a:first-child", "href").unwrap();
    let (_, _, bytes) = tenant.owner.bytes(&link);
    let text = String::from_utf8(bytes).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 2, "{text}");
    assert!(
        lines[1].starts_with("MH/26-27/00106,Tax invoice,2026-10-13,"),
        "{text}"
    );
    let figures: Vec<Decimal> = lines[1].split(',').skip(5).map(dec).collect();
    let wanted = ["59749.50", "10754.91", "0", "0", "0", "70504"].map(dec);
    assert_eq!(figures, wanted);
}

#[test]
fn the_file_of_gstr_1_is_the_one_that_somebody_else_worked_out() {
    // given
    let tenant = tenant();
    let company = month(&tenant);

    // when
    let mut found = file(&tenant, &format!("{MONTH}&registration={GSTIN}"));

    // then: all of it, but for the tool's own marks
    let marks = found.as_object_mut().unwrap();
    assert_eq!(marks.remove("version"), Some("GST3.2.4".into()));
    assert_eq!(marks.remove("hash"), Some("hash".into()));
    assert_eq!(found, worked_out()["gstr1_json"]);

    // and a month without documents names none
    let empty = file(&tenant, "month=2026-09");
    assert_eq!(
        empty,
        serde_json::json!({"gstin": GSTIN, "fp": "092026", "version": "GST3.2.4", "hash": "hash"})
    );
    // under composition there is no such return
    company.run(&format!(
        "update gst_registrations set taxpayer_type = 'composition' where tenant_id = '{}'",
        tenant.id
    ));
    tenant
        .owner
        .get(&tenant.path(&format!("/tax-register/gstr1?{MONTH}")))
        .is(409);
}

#[test]
fn a_document_that_is_not_registered_or_has_a_short_code_is_to_be_mended_first() {
    // given: a bill with a code of four digits, which the authority refused; its month is today's
    let tenant = tenant();
    let shop = shop_of(&tenant);
    let bill = trade::an_invoice(&tenant, &shop);
    let path = tenant.path("/tax-register?show=gstr1");
    let as_issued = tenant.owner.open(&path);
    as_issued
        .shows("#told", "1 document has something to be put right")
        .shows("#to-mend", "Fewer digits of HSN than are asked for: 1006.")
        .shows_not("#to-mend", "e-invoice");
    run(
        tenant.app,
        &format!(
            "alter table einvoices disable trigger user;
             update einvoices set status = 'failed_fix', why = null, faults = '[]' where id = '{}';
             alter table einvoices enable trigger user",
            bill.id
        ),
    );

    // when
    let refused = tenant.owner.open(&path);

    // then: both are said, and lead to where they are mended
    refused.shows(
        "#to-mend",
        "Refused as an e-invoice: put it right and send it again.",
    );
    let url_no = bill.number.replace('/', "-");
    let links = refused.attributes("#to-mend a", "href");
    assert!(
        links[0].contains(&format!("/invoices/{url_no}?")),
        "{links:?}"
    );
    assert!(
        links[1].contains(&format!("/e-invoices/{url_no}?")),
        "{links:?}"
    );
    refused.click(&bill.number).is(200);
    // a small company's codes may have four digits
    run(
        tenant.app,
        &format!(
            "insert into turnovers (tenant_id, id, year, amount)
               select '{}', gen_random_uuid(), financial_year((d.document_date - interval '1 year')::date), 20000000 from documents d where d.id = '{}'",
            tenant.id, bill.id
        ),
    );
    tenant
        .owner
        .open(&path)
        .shows("#to-mend", "Refused as an e-invoice")
        .shows_not("#to-mend", "Fewer digits");
    // what is taken back needs nothing
    run(
        tenant.app,
        &format!(
            "alter table einvoices disable trigger user;
             update einvoices set status = 'not_required', why = 'Nothing to report', faults = null where id = '{}';
             alter table einvoices enable trigger user",
            bill.id
        ),
    );
    let mended = tenant.owner.open(&path);
    mended.shows(
        "#told",
        "Nothing has to be put right before this month is filed.",
    );
    assert_eq!(mended.count("#to-mend"), 0);
}

#[test]
fn a_register_holds_its_own_company_and_registration_alone() {
    // given: two companies with a bill each, in the same month
    let (tenant, rival) = (tenant(), tenant());
    let ours = trade::an_invoice(&tenant, &shop_of(&tenant));
    let theirs = trade::an_invoice(&rival, &shop_of(&rival));
    let gstin = |tenant: &Tenant| {
        ask(
            tenant.app,
            &format!(
                "select gstin as value from gst_registrations where tenant_id = '{}'",
                tenant.id
            ),
        )
    };

    // when, then: each reads its own
    for (whose, own, other) in [(&tenant, &ours, &theirs), (&rival, &theirs, &ours)] {
        let asked = format!("registration={}", gstin(whose));
        let list = whose
            .owner
            .open(&whose.path(&format!("/tax-register/documents?{asked}")));
        list.shows(
            "#foot",
            "1 document comes to ₹480.00 before tax, and ₹24.00 of tax.",
        );
        let links = list.attributes("#list tbody a.go", "href");
        assert_eq!(links.len(), 1);
        let found = file(whose, &asked);
        assert_eq!(found["gstin"], gstin(whose).as_str());
        let issued = &found["doc_issue"]["doc_det"][0]["docs"];
        assert_eq!(issued[0]["from"], own.number.as_str());
        assert_eq!(issued[0]["totnum"], 1);
        // both have the same number: what tells them apart is whose they are
        assert_ne!(own.id, other.id);
    }
    // another company's registration is none of its pages
    let asked = format!("registration={}", gstin(&tenant));
    for page in ["", "/export", "/documents", "/documents/export", "/gstr1"] {
        let page = format!("/tax-register{page}?{asked}");
        rival.owner.get(&rival.path(&page)).is(404);
        rival.owner.get(&tenant.path(&page)).is(404);
        tenant.owner.get(&tenant.path(&page)).is(200);
    }
    // whoever may not read invoices reads no register
    let (_, driver) = tenant.employee(Role::Driver);
    let (_, viewer) = tenant.employee(Role::Viewer);
    driver.get(&tenant.path("/tax-register")).is(403);
    viewer.get(&tenant.path("/tax-register")).is(200);
    // a second registration of the company has a register of its own, without the bill
    run(
        tenant.app,
        &format!(
            "insert into gst_registrations (tenant_id, id, gstin, state_code, trade_name) values ('{}', gen_random_uuid(), '29AAACF0001A1Z5', '29', 'South')",
            tenant.id
        ),
    );
    let south = tenant
        .owner
        .open(&tenant.path("/tax-register/documents?registration=29AAACF0001A1Z5"));
    assert_eq!(south.count("#list tbody tr"), 0);
    // what was typed as a month and is none stays in sight
    tenant
        .owner
        .open(&tenant.path("/tax-register?month=2026-13"))
        .shows(
            "#period .error",
            "Enter a month as year and month, like 2026-10.",
        );
}
