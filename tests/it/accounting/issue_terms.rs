//! What may be said on the form of an invoice, field by field: each brings a case that somebody else worked out to its figures.

use super::by_form::{
    buyer, documents, fill_lines, is_as_expected, issued, of_invoice, opened, packed, pin,
    previewed, supplier, undertaking, waiting,
};
use crate::support::gst_cases::CASES;
use crate::support::{Page, ask};

#[test]
fn discounts_on_lines_and_on_the_whole_lower_the_taxable_value() {
    // given
    let case = CASES.case("INV-08");
    let (tenant, page) = waiting(case);
    page.shows("dl.totals .total", "₹56,710.00");

    // when, then: the discounts of lines alone
    let off = fill_lines(page.form("#issue"), "discount", &["7.5%", "150.00", ""]);
    let lines = previewed(off, "₹56,254.00", "₹56,710.00");

    // when, then: and that on all of it, before tax
    let form = lines
        .form("#issue")
        .fill("whole", "1000.00")
        .fill("whole_when", "before");
    let whole = previewed(form, "₹54,908.00", "₹56,254.00");
    assert_eq!(documents(&tenant), "0");
    let page = issued(whole.form("#issue"));
    is_as_expected(&tenant, &page, case);
}

#[test]
fn a_discount_after_tax_and_a_charge_without_tax_move_the_total_alone() {
    // given
    let case = CASES.case("INV-18");
    let (tenant, page) = waiting(case);
    page.shows("dl.totals .total", "₹70,333.00");

    // when, then: before tax the same discount lowers value and tax
    let form = page
        .form("#issue")
        .fill("whole", "2%")
        .fill("whole_when", "before")
        .fill("other_charges", "250");
    let before = previewed(form, "₹69,177.00", "₹70,333.00");

    // when, then: after it, neither
    let form = before.form("#issue").fill("whole_when", "after");
    let after = previewed(form, "₹69,578.00", "₹69,177.00");
    let page = issued(after.form("#issue"));
    is_as_expected(&tenant, &page, case);
}

#[test]
fn a_special_economic_zone_is_supplied_with_payment_of_tax() {
    // given: a letter of undertaking, so that the form offers to leave the tax out
    let case = CASES.case("INV-13");
    let (tenant, page) = waiting(case);
    undertaking(&tenant);
    let page = tenant.owner.open(&page.path);
    page.shows("dl.totals .total", "₹59,750.00");

    // when
    let form = page.form("#issue").fill("zero_rated", "with");
    let with = previewed(form, "₹70,504.00", "₹59,750.00");

    // then: integrated tax, although the zone is in the supplier's own state
    let page = issued(with.form("#issue"));
    page.shows(".sheet", "ON PAYMENT OF INTEGRATED TAX");
    is_as_expected(&tenant, &page, case);
    let letter = of_invoice(&tenant, "coalesce(undertaking_id::text, 'none')");
    assert_eq!(letter, "none");
}

#[test]
fn a_special_economic_zone_is_supplied_without_payment_under_a_letter_of_undertaking() {
    // given: no letter yet
    let case = CASES.case("INV-14");
    let (tenant, page) = waiting(case);
    page.shows("dl.totals .total", "₹64,606.00");

    // when, then: refused, and what was chosen stays chosen
    let refused = page.form("#issue").fill("zero_rated", "without").submit();
    refused.is(422).shows(
        ".notice.bad",
        "No letter of undertaking of 27ZZZCV0001K1ZY covers today.",
    );
    assert_eq!(documents(&tenant), "0");

    // when, then: with the letter
    undertaking(&tenant);
    let page = issued(refused.form("#issue"));
    page.shows(".sheet", "WITHOUT PAYMENT OF INTEGRATED TAX")
        .shows(".sheet", "AD2704260000001");
    is_as_expected(&tenant, &page, case);
    let letter = of_invoice(&tenant, "(undertaking_id is not null)::text");
    assert_eq!(letter, "true");
}

#[test]
fn an_export_bears_its_tax_or_none_and_never_reverse_charge() {
    // given: a buyer abroad, and a letter of undertaking
    let case = CASES.case("INV-12");
    let (tenant, page) = waiting(case);
    undertaking(&tenant);
    let page = tenant.owner.open(&page.path);
    page.shows("dl.totals .total", "₹5,51,370.00");

    // when, then: nobody abroad pays tax to this government
    let form = page.form("#issue").fill("reverse_charge", "on");
    form.submit().is(422).shows(
        ".notice.bad",
        "Only a buyer with a GSTIN can pay the tax by reverse charge.",
    );
    assert_eq!(documents(&tenant), "0");

    // when, then: with payment of tax it is shown, without it is issued
    let form = page.form("#issue").fill("zero_rated", "with");
    let with = previewed(form, "₹5,78,938.50", "₹5,51,370.00");
    assert!(with.rows("dl.totals")[0].contains("IGST ₹27,568.50"));
    let form = with.form("#issue").fill("zero_rated", "without");
    let without = previewed(form, "₹5,51,370.00", "₹5,78,938.50");
    let page = issued(without.form("#issue"));
    page.shows(".sheet", "WITHOUT PAYMENT OF INTEGRATED TAX");
    is_as_expected(&tenant, &page, case);
    let currency = of_invoice(&tenant, "coalesce(currency, 'none')");
    assert_eq!(currency, "none");
}

#[test]
fn an_export_in_rupees_bears_its_tax() {
    // given
    let case = CASES.case("INV-12");
    let (tenant, page) = waiting(case);

    // when: no letter of undertaking, so the form offers payment of tax
    let page_of_bill = issued(page.form("#issue").fill("zero_rated", "with"));

    // then
    page_of_bill
        .shows(".sheet", "ON PAYMENT OF INTEGRATED TAX")
        .shows(".sheet", "₹27,568.50");
    let row = of_invoice(
        &tenant,
        "concat_ws(' ', supply_type, place_of_supply, taxable, igst, round_off, total)",
    );
    assert_eq!(row, "EXPWP 96 551370.00 27568.50 0.00 578938.50");
}

#[test]
fn under_reverse_charge_tax_is_shown_and_not_owed() {
    // given
    let case = CASES.case("INV-15");
    let (tenant, page) = waiting(case);
    page.shows("dl.totals .total", "₹28,733.00");

    // when
    let form = page.form("#issue").fill("reverse_charge", "on");
    let reverse = previewed(form, "₹24,350.00", "₹28,733.00");
    let page = issued(reverse.form("#issue"));

    // then
    is_as_expected(&tenant, &page, case);
    assert_eq!(of_invoice(&tenant, "is_reverse_charge::text"), "true");
    let said = page.rows(".sheet")[0].clone();
    assert!(said.contains("Reverse charge Yes"), "{said}");
}

#[test]
fn another_place_of_supply_changes_the_heads_and_has_a_reason() {
    // given: a buyer registered in Karnataka, whose goods go to a place of its own in Maharashtra
    let case = CASES.case("INV-17");
    let tenant = supplier(case);
    let shop = buyer(&tenant, case);
    let code = ask(
        tenant.app,
        &format!(
            "select code as value from customers where id = '{}'",
            shop.customer
        ),
    );
    let customer = tenant.path(&format!("/customers/{code}"));
    tenant
        .owner
        .open(&format!("{customer}/addresses/new"))
        .form("#address")
        .fill("label", "Depot")
        .fill("street", "4 Camp")
        .fill("town", "Pune")
        .fill("pincode", pin("27"))
        .fill("state", "27")
        .submit()
        .is(303);
    let depot = ask(
        tenant.app,
        &format!(
            "select id::text as value from customer_addresses where tenant_id = '{}' and label = 'Depot'",
            tenant.id
        ),
    );
    tenant
        .owner
        .post(&format!("{customer}/addresses/{depot}/default"), &[])
        .is(303);
    let shipment = packed(&tenant, &shop, case, None);
    let page = opened(&tenant, &shipment);
    let shown = &page.rows("dl.totals")[0];
    assert!(shown.contains("CGST ₹5,845.50 SGST ₹5,845.50"), "{shown}");

    // when, then: without a reason nothing is issued, and the place stays chosen
    let refused = page.form("#issue").fill("place", "29").submit();
    refused
        .is(422)
        .shows("#errors", "There is 1 problem")
        .shows("#place_reason-e", "Say in 300 characters or fewer why");
    assert_eq!(
        refused.attribute("#place option[selected]", "value"),
        Some("29".to_owned())
    );
    assert_eq!(documents(&tenant), "0");

    // when
    let reason = "The goods are for a third person without a GSTIN";
    let page = issued(refused.form("#issue").fill("place_reason", reason));

    // then: integrated tax, as the case has it
    is_as_expected(&tenant, &page, case);
    page.shows(".sheet", "Karnataka");
    assert_eq!(of_invoice(&tenant, "place_reason"), reason);
}

#[test]
fn the_tax_chosen_on_an_export_stays_chosen_whatever_else_is_wrong() {
    // given: no letter of undertaking, so tax is paid unless somebody says otherwise
    let case = CASES.case("INV-12");
    let (tenant, page) = waiting(case);
    let chosen = |page: &Page| page.attributes("#zero_rated option[selected]", "value");
    assert_eq!(chosen(&page), ["with"]);
    page.shows("dl.totals .total", "₹5,78,938.50");

    // when: without it, beside a charge that is none
    let wrong = |page: &Page, way: &str| {
        page.form("#issue")
            .fill("zero_rated", way)
            .fill("other_charges", "a lot")
            .submit()
    };
    let answer = wrong(&page, "without");

    // then: both are said beside their fields, and both stay as they were typed
    answer
        .is(422)
        .shows("#errors", "There are 2 problems")
        .shows(
            "#zero_rated-e",
            &format!(
                "No letter of undertaking of {} covers today.",
                case.input.supplier.gstin
            ),
        )
        .shows("dl.totals .total", "₹5,51,370.00");
    assert_eq!(answer.count("#other_charges-e"), 1);
    assert_eq!(chosen(&answer), ["without"]);
    assert_eq!(
        answer.attribute("#other_charges", "value"),
        Some("a lot".to_owned())
    );

    // when, then: with the letter recorded the same choice is no longer wrong
    undertaking(&tenant);
    let answer = wrong(&answer, "without");
    answer.is(422).shows("#errors", "There is 1 problem");
    assert_eq!(answer.count("#zero_rated-e"), 0);
    assert_eq!(chosen(&answer), ["without"]);

    // when, then: without a choice the letter is taken; the other choice stays chosen, too
    let page = tenant.owner.open(&page.path);
    assert_eq!(chosen(&page), ["without"]);
    let answer = wrong(&page, "with");
    answer
        .is(422)
        .shows("#errors", "There is 1 problem")
        .shows("dl.totals .total", "₹5,78,938.50");
    assert_eq!(chosen(&answer), ["with"]);
    assert_eq!(documents(&tenant), "0");

    // and put right it is issued so
    issued(answer.form("#issue").fill("other_charges", ""));
    let row = of_invoice(&tenant, "concat_ws(' ', supply_type, igst)");
    assert_eq!(row, "EXPWP 27568.50");
}

#[test]
fn the_sums_are_worked_out_before_anything_is_issued() {
    // given
    let case = CASES.case("INV-18");
    let (tenant, page) = waiting(case);
    page.shows("dl.totals .total", "₹70,333.00").shows(
        "#einvoiced",
        "It will be no e-invoice: The company did not have to e-invoice on this day.",
    );

    // when
    let worked = page
        .form("#issue")
        .fill("whole", "2%")
        .fill("whole_when", "after")
        .fill("other_charges", "250")
        .press("op", "work")
        .submit();

    // then: the new sums, without a word of anything wrong
    worked.is(200).shows("dl.totals .total", "₹69,578.00");
    assert_eq!(worked.count("#errors"), 0);
    assert_eq!(worked.count(".notice[id^=fault-]"), 0);
    assert_eq!(documents(&tenant), "0");

    // when, then: what is wrong is said here, too
    let wrong = worked
        .form("#issue")
        .fill("whole", "a lot")
        .press("op", "work")
        .submit();
    wrong.is(422).shows("#errors", "There is 1 problem");
    assert_eq!(wrong.attribute("#whole", "value"), Some("a lot".to_owned()));
    assert_eq!(documents(&tenant), "0");

    // when, then: sums that were seen are issued at the first press
    let page = issued(worked.form("#issue"));
    is_as_expected(&tenant, &page, case);
}
