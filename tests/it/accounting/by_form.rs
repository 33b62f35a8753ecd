//! A case brought to its invoice as people bring it: customer and address by the forms of the office, the bill by that of invoices. Order and
//! packing are others' tests.

use super::cases_read_back::foot;
use crate::support::billing::Company;
use crate::support::gst_cases::Case;
use crate::support::{FormFiller, Page, Shop, Tenant, ask, run, tenant, trade};
use mandi::kernel::ids::ProductId;

/// A company with the GSTIN of a case's supplier, and what becomes of the paise of its totals.
pub fn supplier(case: &Case) -> Tenant {
    let tenant = tenant();
    let gstin = &case.input.supplier.gstin;
    run(
        tenant.app,
        &format!(
            "update companies set pan = '{pan}' where id = '{id}';
             update gst_registrations set gstin = '{gstin}', state_code = '{state}' where tenant_id = '{id}';
             insert into accounting_settings (tenant_id, id, round_off) values ('{id}', gen_random_uuid(), '{round_off}')",
            id = tenant.id,
            pan = &gstin[2..12],
            state = &gstin[..2],
            round_off = if case.input.round_off == "none" {
                "none"
            } else {
                "rupee"
            },
        ),
    );
    tenant
}

/// A letter of undertaking that covers today.
pub fn undertaking(tenant: &Tenant) {
    run(
        tenant.app,
        &format!(
            "insert into undertakings (tenant_id, id, registration_id, number, valid_from, valid_to)
               select tenant_id, gen_random_uuid(), id, 'AD2704260000001', current_date - 30, current_date + 300
                 from gst_registrations where tenant_id = '{}'",
            tenant.id
        ),
    );
}

/// A PIN code of a state.
pub fn pin(state: &str) -> &'static str {
    match state {
        "24" => "380001",
        "27" => "411019",
        "29" => "560025",
        "33" => "600017",
        other => panic!("no PIN code of {other}"),
    }
}

/// The buyer of a case and its address, typed into the form of a new customer.
pub fn buyer(tenant: &Tenant, case: &Case) -> Shop {
    let recipient = &case.input.recipient;
    let gstin = if recipient.gstin == "URP" {
        ""
    } else {
        recipient.gstin.as_str()
    };
    let form = tenant
        .owner
        .open(&tenant.path("/customers/new"))
        .form("#customer")
        .fill("name", "Example Retail Stores")
        .fill("kind", &recipient.kind)
        .fill("gstin", gstin)
        .fill("street", "221 Residency Road")
        .fill("town", "Greenfield")
        .fill("state", &recipient.state);
    let form = if recipient.state == "96" {
        form.fill("country", "US")
    } else {
        form.fill("pincode", pin(&recipient.state))
    };
    form.submit().is(303);
    let id = ask(
        tenant.app,
        &format!(
            "select c.id::text as value from customers c join customer_addresses a on a.tenant_id = c.tenant_id and a.customer_id = c.id
               where c.tenant_id = '{}' and c.kind = '{}' and a.state_code = '{}'",
            tenant.id, recipient.kind, recipient.state
        ),
    );
    Shop {
        slug: String::new(),
        customer: id.parse().unwrap(),
        owner: tenant.owner.clone(),
    }
}

/// The goods of a case, ordered and packed: the shipment's number. `price`: what each costs in rupees, where the case's prices are in
/// something else.
pub fn packed(tenant: &Tenant, shop: &Shop, case: &Case, price: Option<&str>) -> String {
    let company = Company {
        app: tenant.app,
        id: tenant.id,
    };
    let mut lines: Vec<(ProductId, String)> = Vec::new();
    for (place, line) in (1..).zip(&case.input.lines) {
        company.rate(&line.hsn, &line.gst_rate.to_string(), "0", "0", "taxable");
        let ordered_at = price.map_or_else(|| line.unit_price.to_string(), str::to_owned);
        let product = trade::goods(tenant, &format!("GOODS-{place}"), &ordered_at, "5000");
        run(
            tenant.app,
            &format!(
                "update products set hsn = '{}', unit = '{}' where tenant_id = '{}' and id = '{product}'",
                line.hsn,
                line.unit.as_deref().unwrap_or("OTH"),
                tenant.id
            ),
        );
        lines.push((product, line.qty.to_string()));
    }
    let lines: Vec<(ProductId, &str)> = lines
        .iter()
        .map(|(product, quantity)| (*product, quantity.as_str()))
        .collect();
    trade::packed(tenant, &trade::confirmed(tenant, shop, &lines))
}

/// A case that only waits for its bill: the company, and the page of the new invoice.
pub fn waiting(case: &Case) -> (Tenant, Page) {
    let tenant = supplier(case);
    let shop = buyer(&tenant, case);
    let shipment = packed(&tenant, &shop, case, None);
    let page = opened(&tenant, &shipment);
    (tenant, page)
}

/// The page of a shipment's new invoice.
pub fn opened(tenant: &Tenant, shipment: &str) -> Page {
    let page = tenant
        .owner
        .open(&tenant.path(&format!("/invoices/new?shipment={shipment}")));
    page.is(200);
    page
}

/// Types into all fields of a name, line by line.
#[track_caller]
pub fn fill_lines(mut form: FormFiller, name: &str, values: &[&str]) -> FormFiller {
    let mut typed = values.iter();
    for (known, value) in &mut form.fields {
        if known == name {
            *value = (*typed.next().unwrap()).to_owned();
        }
    }
    assert_eq!(typed.next(), None, "fewer fields {name}");
    form
}

/// Sends the form, which shows what it comes to now instead of issuing what nobody has seen.
#[track_caller]
pub fn previewed(form: FormFiller, now: &str, shown: &str) -> Page {
    let answer = form.submit();
    answer.is(422).shows(
        ".notice[role=status]",
        &format!("It comes to {now} now, not {shown}:"),
    );
    assert_eq!(answer.count("#errors"), 0);
    assert_eq!(answer.count(".notice.bad"), 0);
    answer
}

/// Sends the form, which issues: the invoice's page.
#[track_caller]
pub fn issued(form: FormFiller) -> Page {
    let answer = form.submit();
    answer.is(303);
    let page = answer.follow();
    page.is(200).shows("h1", "Tax invoice");
    page
}

/// How many documents a company has.
pub fn documents(tenant: &Tenant) -> String {
    ask(
        tenant.app,
        &format!(
            "select count(*)::text as value from documents where tenant_id = '{}'",
            tenant.id
        ),
    )
}

/// One text of the company's only invoice.
pub fn of_invoice(tenant: &Tenant, sql: &str) -> String {
    ask(
        tenant.app,
        &format!(
            "select {sql} as value from documents where tenant_id = '{}' and kind = 'invoice'",
            tenant.id
        ),
    )
}

/// Fails unless page, rows and the customer's account say what a case expects.
#[track_caller]
pub fn is_as_expected(tenant: &Tenant, page: &Page, case: &Case) {
    let squeezed = |text: &str| text.split_whitespace().collect::<String>();
    let sheet = squeezed(&page.texts(".sheet").concat());
    for (label, amount) in foot(case) {
        let said = squeezed(&format!("{label}{amount}"));
        assert!(sheet.contains(&said), "{said} is not on {sheet}");
    }
    let (expected, sums) = (&case.expected, &case.expected.totals);
    let row = of_invoice(
        tenant,
        "concat_ws(' ', supply_type, place_of_supply, taxable, cgst, sgst, igst, late_discount, other_charges, round_off, total)",
    );
    let wanted = format!(
        "{} {} {} {} {} {} {} {} {} {}",
        expected.sup_typ,
        expected.place_of_supply,
        sums.ass_val,
        sums.cgst_val,
        sums.sgst_val,
        sums.igst_val,
        sums.discount,
        sums.oth_chrg,
        sums.rnd_off_amt,
        sums.tot_inv_val
    );
    assert_eq!(row, wanted);
    let lines = ask(
        tenant.app,
        &format!(
            "select string_agg(concat_ws(' ', discount, taxable, cgst, igst, total), ', ' order by position) as value
               from document_lines where tenant_id = '{}' and kind = 'invoice'",
            tenant.id
        ),
    );
    let wanted: Vec<String> = expected
        .lines
        .iter()
        .map(|line| {
            format!(
                "{} {} {} {} {}",
                line.discount, line.ass_amt, line.cgst_amt, line.igst_amt, line.tot_item_val
            )
        })
        .collect();
    assert_eq!(lines, wanted.join(", "));
    let owed = ask(
        tenant.app,
        &format!(
            "select balance::text as value from customer_accounts where tenant_id = '{}'",
            tenant.id
        ),
    );
    assert_eq!(owed, sums.tot_inv_val.to_string());
    trade::sound(tenant);
}
