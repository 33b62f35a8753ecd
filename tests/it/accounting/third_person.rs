//! Bill to, ship to (IGST Act, section 10(1)(b)): goods go to somebody else's place, and the tax is that of where the customer is billed.

use super::einvoices::trade;
use crate::support::registrar::Registrar;
use crate::support::trade::{billed, confirmed, give_address, goods, packed, sound};
use crate::support::{Tenant, ask, gstin_in, run};
use serde_json::json;

/// A place of the customer's, by its name.
fn address_id(tenant: &Tenant, label: &str) -> String {
    ask(
        tenant.app,
        &format!(
            "select id::text as value from customer_addresses where tenant_id = '{}' and label = '{label}'",
            tenant.id
        ),
    )
}

/// Sets what is known of a place.
fn is_now(tenant: &Tenant, place: &str, what: &str) {
    run(
        tenant.app,
        &format!(
            "update customer_addresses set {what} where tenant_id = '{}' and id = '{place}'",
            tenant.id
        ),
    );
}

/// A GSTIN of another person in Karnataka, which the registrar knows.
fn stranger(registrar: &Registrar) -> String {
    let gstin = gstin_in("29", &crate::support::gstin()[2..12]);
    registrar.know(&gstin, "REG");
    gstin
}

#[test]
#[expect(
    clippy::too_many_lines,
    reason = "one customer's place, from the typing error to the bill that the authority takes"
)]
fn goods_that_go_to_a_third_person_bear_the_tax_of_where_they_are_billed() {
    // given: a customer in the supplier's own state, with a place of its own there
    let trade = trade();
    let (tenant, theirs) = (&trade.tenant, stranger(&trade.registrar));
    give_address(tenant, &trade.shop);
    run(
        tenant.app,
        &format!(
            "update customer_addresses set is_default = true, is_billing = true where tenant_id = '{}'",
            tenant.id
        ),
    );
    let code = trade.ask(&format!(
        "select code from customers where tenant_id = '{}'",
        tenant.id
    ));
    let page = tenant.path(&format!("/customers/{code}"));
    let form = tenant
        .owner
        .open(&format!("{page}/addresses/new"))
        .form("#address")
        .fill("label", "Sharma Caterers")
        .fill("street", "9 Mill Road")
        .fill("town", "Bengaluru")
        .fill("pincode", "560001")
        .fill("place_gstin", &theirs);

    // when, then: another's GSTIN is a slip of the pen unless it is said to be meant; and one's own is no third person's
    form.clone()
        .submit()
        .is(422)
        .shows("#place_gstin-e", "but the customer's PAN is");
    form.clone()
        .fill("third_person", "on")
        .fill("place_gstin", "")
        .submit()
        .is(422)
        .shows("#state-e", "Choose a state from the list.");
    form.clone()
        .fill("third_person", "on")
        .fill("place_gstin", &trade.buyer)
        .fill("pincode", "600017")
        .submit()
        .is(422)
        .shows("#place_gstin-e", "This GSTIN is the customer's own.");
    form.fill("third_person", "on")
        .submit()
        .follow()
        .is(200)
        .shows("#addresses", "9 Mill Road, Bengaluru 560001, Karnataka");
    let there = address_id(tenant, "Sharma Caterers");
    let edit = tenant.owner.open(&format!("{page}/addresses/{there}"));
    assert!(edit.attribute("#third_person", "checked").is_some());
    tenant
        .owner
        .post(&format!("{page}/addresses/{there}/billing"), &[])
        .is(409)
        .shows("main", "Sharma Caterers is somebody else's place.");

    // when: goods are ordered for there, and billed
    tenant
        .owner
        .post(&format!("{page}/addresses/{there}/default"), &[])
        .is(303);
    let product = goods(tenant, "RICE", "120.00", "100");
    run(
        tenant.app,
        &format!(
            "update products set hsn = '100630', unit = 'KGS' where tenant_id = '{}'",
            tenant.id
        ),
    );
    let order = confirmed(tenant, &trade.shop, &[(product, "12")]);
    let bill = billed(tenant, &packed(tenant, &order));

    // then: CGST and SGST of Tamil Nadu, where it is billed, although the goods go to Karnataka
    let row = trade.ask(&format!(
        "select concat_ws(' ', place_of_supply, taxable, cgst, sgst, igst, parties->'buyer'->>'gstin', parties->'delivery'->>'name', parties->'delivery'->>'gstin')
           from documents where tenant_id = '{}' and id = '{}'",
        tenant.id, bill.id
    ));
    assert_eq!(
        row,
        format!(
            "33 1440.00 36.00 36.00 0.00 {} Sharma Caterers {theirs}",
            trade.buyer
        )
    );
    let shown = tenant
        .owner
        .open(&tenant.path(&format!("/invoices/{}", bill.url_no)));
    shown.is(200).shows(".sheet", "Sharma Caterers");

    // and the authority takes it, with the third person as whom it is shipped to
    trade.becomes(&bill, "registered");
    let sent = trade.registrar.registered(&trade.gstin);
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0].payload["ShipDtls"]["Gstin"], theirs.as_str());
    assert_eq!(sent[0].payload["ShipDtls"]["LglNm"], "Sharma Caterers");
    sound(tenant);

    // and so do the same goods to another registration of the customer's own, a distinct person; to its own place without one they bear IGST
    let own = gstin_in("29", &trade.buyer[2..12]);
    trade.registrar.know(&own, "REG");
    for (gstin, wanted) in [
        (format!("'{own}'"), "33 36.00 36.00 0.00"),
        ("null".to_owned(), "29 0.00 0.00 72.00"),
    ] {
        is_now(tenant, &there, &format!("gstin = {gstin}"));
        let order = confirmed(tenant, &trade.shop, &[(product, "12")]);
        let bill = billed(tenant, &packed(tenant, &order));
        let heads = trade.ask(&format!(
            "select concat_ws(' ', place_of_supply, cgst, sgst, igst) from documents where tenant_id = '{}' and id = '{}'",
            tenant.id, bill.id
        ));
        assert_eq!(heads, wanted);
    }
}

#[test]
fn goods_that_go_to_somebody_without_gstin_bear_the_tax_of_where_they_are_billed() {
    // given: a customer in the supplier's own state, and somebody in Karnataka who has no GSTIN
    let trade = trade();
    let tenant = &trade.tenant;
    give_address(tenant, &trade.shop);
    run(
        tenant.app,
        &format!(
            "update customer_addresses set is_default = true, is_billing = true where tenant_id = '{}'",
            tenant.id
        ),
    );
    let code = trade.ask(&format!(
        "select code from customers where tenant_id = '{}'",
        tenant.id
    ));
    let page = tenant.path(&format!("/customers/{code}"));
    tenant
        .owner
        .open(&format!("{page}/addresses/new"))
        .form("#address")
        .fill("label", "Sharma Caterers")
        .fill("street", "9 Mill Road")
        .fill("town", "Bengaluru")
        .fill("pincode", "560001")
        .fill("state", "29")
        .fill("third_person", "on")
        .submit()
        .follow()
        .is(200)
        .shows("#addresses", "9 Mill Road, Bengaluru 560001, Karnataka");
    let there = address_id(tenant, "Sharma Caterers");
    let edit = tenant.owner.open(&format!("{page}/addresses/{there}"));
    assert!(edit.attribute("#third_person", "checked").is_some());
    tenant
        .owner
        .post(&format!("{page}/addresses/{there}/billing"), &[])
        .is(409)
        .shows("main", "Sharma Caterers is somebody else's place.");
    tenant
        .owner
        .post(&format!("{page}/addresses/{there}/default"), &[])
        .is(303);
    let product = goods(tenant, "RICE", "120.00", "100");
    run(
        tenant.app,
        &format!(
            "update products set hsn = '100630', unit = 'KGS' where tenant_id = '{}'",
            tenant.id
        ),
    );

    // when
    let order = confirmed(tenant, &trade.shop, &[(product, "12")]);
    let bill = billed(tenant, &packed(tenant, &order));

    // then: the tax of Tamil Nadu, and the paper says where the goods go and that nobody is registered there
    let row = trade.ask(&format!(
        "select concat_ws(' ', place_of_supply, taxable, cgst, sgst, igst, parties->'delivery'->>'name', parties->'delivery'->>'gstin')
           from documents where tenant_id = '{}' and id = '{}'",
        tenant.id, bill.id
    ));
    assert_eq!(row, "33 1440.00 36.00 36.00 0.00 Sharma Caterers URP");
    tenant
        .owner
        .open(&tenant.path(&format!("/invoices/{}", bill.url_no)))
        .is(200)
        .shows(".sheet", "Sharma Caterers")
        .shows(".sheet", "Not registered under GST")
        .shows_not(".sheet", "GSTIN URP");

    // and the authority is told so
    trade.becomes(&bill, "registered");
    let sent = trade.registrar.registered(&trade.gstin);
    assert_eq!(sent.len(), 1);
    assert_eq!(
        sent[0].payload["ShipDtls"],
        json!({
            "Gstin": "URP", "LglNm": "Sharma Caterers", "Addr1": "9 Mill Road", "Loc": "Bengaluru", "Pin": 560_001, "Stcd": "29",
        })
    );
    assert_eq!(sent[0].payload["BuyerDtls"]["Gstin"], trade.buyer.as_str());
    sound(tenant);

    // and the customer's own place there bears IGST
    is_now(tenant, &there, "is_unregistered = false");
    let order = confirmed(tenant, &trade.shop, &[(product, "12")]);
    let bill = billed(tenant, &packed(tenant, &order));
    let heads = trade.ask(&format!(
        "select concat_ws(' ', place_of_supply, cgst, sgst, igst) from documents where tenant_id = '{}' and id = '{}'",
        tenant.id, bill.id
    ));
    assert_eq!(heads, "29 0.00 0.00 72.00");
}
