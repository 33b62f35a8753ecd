//! The last note on a document: what notes give back adds up to what was billed, charges and paise among it.

use super::einvoices::trade;
use super::notes_screens::{books, fields, newest};
use crate::support::trade::{self as goods_of, confirmed, goods, packed, shop_of, wholly_sound};
use crate::support::{Tenant, ask, run, tenant, until};
use mandi::accounting::actions::{Correcting, Issued, Part, What, credit};
use mandi::accounting::model::{Document, DocumentLine};
use mandi::accounting::rules::document::Reason;
use mandi::kernel::language::Said;
use mandi::kernel::money::Money;
use mandi::platform::db::{Member, Meter};
use uuid::Uuid;

/// The bill of a packed shipment with charges, as its page issues it: its number, as in addresses.
fn billed_with(tenant: &Tenant, shipment: &str, charges: &str) -> String {
    let page = tenant
        .owner
        .open(&tenant.path(&format!("/invoices/new?shipment={shipment}")));
    // Another total than was shown: it is shown first.
    let seen = page.form("#issue").fill("other_charges", charges).submit();
    seen.is(422).form("#issue").submit().is(303);
    ask(
        tenant.app,
        &format!(
            "select d.url_no as value from documents d join shipments s on s.tenant_id = d.tenant_id and s.invoice_id = d.id
               where d.tenant_id = '{}' and s.number = '{shipment}'",
            tenant.id
        ),
    )
}

/// Writes the credit note that its form asks for: units (`u`) or less per unit (`p`) of the first line; or all that is left.
fn credited(tenant: &Tenant, bill: &str, what: Option<(&str, &str)>) {
    let page = tenant
        .owner
        .open(&tenant.path(&format!("/credit-notes/new?invoice={bill}")));
    let form = page
        .form("#note")
        .fill("reason", "deficiency")
        .fill("words", "Wet bags");
    let form = match what {
        Some((field, value)) => {
            let field = fields(&page, field).remove(0);
            form.fill("how", "lines")
                .fill(&field, value)
                .press("op", "work")
                .submit()
                .form("#note")
        }
        None => form,
    };
    form.press("op", "issue").submit().is(303);
}

/// What the newest document gives back besides its lines: charges, discount after tax.
fn besides(tenant: &Tenant) -> String {
    ask(
        tenant.app,
        &format!(
            "select concat_ws(' ', other_charges, late_discount) as value from documents where tenant_id = '{}' order by id desc limit 1",
            tenant.id
        ),
    )
}

#[test]
fn charges_come_back_with_the_last_of_the_goods() {
    // given: goods of ₹504.00 with charges of ₹200.00, on the road, and a rupee less for each of twelve
    let tenant = tenant();
    let shop = shop_of(&tenant);
    let rice = goods(&tenant, "RICE", "40", "100");
    let shipment = packed(&tenant, &confirmed(&tenant, &shop, &[(rice, "12")]));
    let bill = billed_with(&tenant, &shipment, "200");
    assert_eq!(books(&tenant, &shop), "704.00 704.00 0.00 1");
    let (vehicle, driver) = goods_of::fleet(&tenant, 500);
    let today = mandi::kernel::dates::today(tenant.app.state.db.clock().now()).to_string();
    let post = |rest: &str, fields: &[(&str, &str)]| {
        let key = Uuid::new_v4().to_string();
        let mut fields = fields.to_vec();
        fields.push(("_key", key.as_str()));
        let path = tenant.path(&format!("/shipments/{shipment}/{rest}"));
        tenant.owner.post(&path, &fields)
    };
    post(
        "send",
        &[
            ("vehicle", vehicle.as_str()),
            ("driver", driver.as_str()),
            ("expected_on", today.as_str()),
        ],
    )
    .is(303);
    credited(&tenant, &bill, Some(("p", "1")));
    assert_eq!(
        newest(&tenant),
        "credit_note 12.00 0.30 0.30 0.00 0.40 13.00"
    );
    assert_eq!(besides(&tenant), "0.00 0.00");
    assert_eq!(books(&tenant, &shop), "691.00 691.00 0.00 2");

    // when
    post("return", &[("reason", "The shop was closed")]).is(303);

    // then: the rest of the goods and all charges, less what the first note was rounded up by
    assert_eq!(
        newest(&tenant),
        "credit_note 468.00 11.70 11.70 0.00 -0.40 691.00"
    );
    assert_eq!(besides(&tenant), "200.00 0.00");
    assert_eq!(books(&tenant, &shop), "0.00 0.00 0.00 3");
    let page = tenant
        .owner
        .get(&tenant.path(&format!("/credit-notes/new?invoice={bill}")));
    page.is(409).shows("main", "Notes have given back all of");
    wholly_sound(&tenant);
}

#[test]
fn charges_come_back_with_the_last_units_and_not_before() {
    // given: goods of ₹504.00 with charges of ₹200.00
    let tenant = tenant();
    let shop = shop_of(&tenant);
    let rice = goods(&tenant, "RICE", "40", "100");
    let shipment = packed(&tenant, &confirmed(&tenant, &shop, &[(rice, "12")]));
    let bill = billed_with(&tenant, &shipment, "200");

    // when, then
    credited(&tenant, &bill, Some(("u", "11")));
    assert_eq!(
        newest(&tenant),
        "credit_note 440.00 11.00 11.00 0.00 0.00 462.00"
    );
    assert_eq!(besides(&tenant), "0.00 0.00");
    assert_eq!(books(&tenant, &shop), "242.00 242.00 0.00 2");
    credited(&tenant, &bill, Some(("u", "1")));
    assert_eq!(
        newest(&tenant),
        "credit_note 40.00 1.00 1.00 0.00 0.00 242.00"
    );
    assert_eq!(besides(&tenant), "200.00 0.00");
    assert_eq!(books(&tenant, &shop), "0.00 0.00 0.00 3");
    wholly_sound(&tenant);
}

#[test]
fn the_last_note_takes_the_paise_that_others_left() {
    // given: three units at ₹31.87, ₹100.39 with tax, billed as ₹100.00 to a buyer whose bills are registered
    let trade = trade();
    let (tenant, shop) = (&trade.tenant, &trade.shop);
    let rice = goods(tenant, "RICE", "31.87", "100");
    run(
        tenant.app,
        &format!("update products set hsn = '100630', unit = 'KGS' where id = '{rice}'"),
    );
    let order = confirmed(tenant, shop, &[(rice, "3")]);
    let bill = goods_of::billed(tenant, &packed(tenant, &order));
    assert_eq!(newest(tenant), "invoice 95.61 2.39 2.39 0.00 -0.39 100.00");

    // when: unit by unit, ₹33.47 each
    for _ in 0..2 {
        credited(tenant, &bill.url_no, Some(("u", "1")));
        assert_eq!(
            newest(tenant),
            "credit_note 31.87 0.80 0.80 0.00 -0.47 33.00"
        );
    }
    credited(tenant, &bill.url_no, None);

    // then: the last one comes to what is left, and nothing stays owed
    assert_eq!(
        newest(tenant),
        "credit_note 31.87 0.79 0.79 0.00 0.55 34.00"
    );
    assert_eq!(besides(tenant), "0.00 0.00");
    assert_eq!(books(tenant, shop), "0.00 0.00 0.00 4");
    // The authority takes them all.
    until("all are registered", || {
        trade.ask(&format!(
            "select string_agg(distinct status, ' ') || count(*) from einvoices where tenant_id = '{}'",
            tenant.id
        )) == "registered4"
    });
    assert_eq!(trade.registrar.registered(&trade.gstin).len(), 4);
    trade.is_clean();
}

/// Credits so much of the only line of a document.
fn credit_of(tenant: &Tenant, document: &Issued, what: What) -> Result<Issued, Said> {
    let member = Member::system(tenant.id, "test");
    tenant
        .app
        .state
        .db
        .write(&member, &Meter::default(), |scope| {
            let line = DocumentLine::find(scope, document.id)?[0].id;
            let document = Document::by_id(scope, document.id)?;
            let part = Correcting::Lines(vec![Part { line, what }]);
            credit(
                scope,
                "Asha Owner",
                &document,
                &part,
                (Reason::Price, "Agreed"),
            )
        })
        .unwrap()
}

#[test]
fn a_debit_note_is_given_back_by_amounts() {
    // given: a rupee more on each of twelve, ₹12.60 with tax, asked for as ₹13.00
    let tenant = tenant();
    let shop = shop_of(&tenant);
    let bill = goods_of::an_invoice(&tenant, &shop);
    let more = goods_of::a_note(&tenant, &bill, false);
    assert_eq!(books(&tenant, &shop), "517.00 517.00 0.00 2");

    // when, then: it counts no units, so none are counted back
    let six: rust_decimal::Decimal = "6".parse().unwrap();
    let refused = credit_of(&tenant, &more, What::Units(six)).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "A debit note is about amounts, not about units."
    );
    assert_eq!(books(&tenant, &shop), "517.00 517.00 0.00 2");

    // when, then: half of it, and then the other half
    let amount = What::Amount(Money::from_rupees(6));
    credit_of(&tenant, &more, amount).unwrap();
    assert_eq!(
        newest(&tenant),
        "credit_note 6.00 0.15 0.15 0.00 -0.30 6.00"
    );
    credit_of(&tenant, &more, amount).unwrap();
    assert_eq!(newest(&tenant), "credit_note 6.00 0.15 0.15 0.00 0.70 7.00");
    assert_eq!(books(&tenant, &shop), "504.00 504.00 0.00 4");
    wholly_sound(&tenant);
}
