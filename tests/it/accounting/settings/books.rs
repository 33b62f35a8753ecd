//! Bank and terms, turnover, letters of undertaking; and who gets in.

use super::{one, open};
use crate::support::settings::{account, gstin, series, undertaking};
use crate::support::trade::an_invoice;
use crate::support::{Browser, Tenant, gstin_in, retailer, run, tenant};
use mandi::kernel::dates;
use mandi::platform::permissions::Role;

#[test]
fn bank_and_upi_are_checked_and_stand_on_the_next_invoice() {
    // given
    let tenant = tenant();
    let shop = retailer(&tenant);
    let page = open(&tenant, "/accounting");
    let form = page
        .form("#printed")
        .fill("bank_name", "State Bank, T. Nagar")
        .fill("bank_account", "0011 2233 4455")
        .fill("bank_ifsc", "sbin0000796")
        .fill("upi_id", "foods@okbank")
        .fill("terms", "Goods once sold are not taken back.");

    // when, then: each wrong one beside its field, with nothing lost
    for (field, typed, words) in [
        ("bank_ifsc", "SBIN1000796", "An IFSC has 11 characters"),
        ("bank_ifsc", "", "Enter the IFSC of the branch too."),
        (
            "bank_account",
            "12",
            "An account number has 5 to 18 digits or letters.",
        ),
        ("bank_account", "", "Enter the account number too."),
        (
            "upi_id",
            "foods",
            "A UPI id looks like example.foods@okbank.",
        ),
        ("upi_id", "foods@ok-bank", "A UPI id looks like"),
        (
            "age_buckets",
            "60, 30",
            "one to six numbers of days, rising",
        ),
    ] {
        let answer = form.clone().fill(field, typed).submit();
        answer.is(422).shows(&format!("#{field}-e"), words);
        assert_eq!(
            answer.attribute("#bank_name", "value").as_deref(),
            Some("State Bank, T. Nagar")
        );
        assert_eq!(
            answer.texts("#terms"),
            ["Goods once sold are not taken back."]
        );
    }
    assert_eq!(
        one(
            &tenant,
            "select count(*) from accounting_settings where tenant_id = '$t'"
        ),
        "0"
    );

    form.submit().is(303);
    assert_eq!(
        one(
            &tenant,
            "select concat_ws(' ', bank_account, bank_ifsc, upi_id, round_off, age_buckets::text) from accounting_settings where tenant_id = '$t'"
        ),
        "001122334455 SBIN0000796 foods@okbank rupee {30,60,90}"
    );
    let bill = an_invoice(&tenant, &shop);
    tenant
        .owner
        .open(&tenant.path(&format!("/invoices/{}", bill.url_no)))
        .shows("main", "001122334455")
        .shows("main", "SBIN0000796")
        .shows("main", "Goods once sold are not taken back.");
    open(&tenant, "/audit").shows("main", "Bank and terms added · Asha Owner");
}

#[test]
fn turnover_is_recorded_by_year_and_says_who_has_to_e_invoice() {
    // given
    let tenant = tenant();
    let list = open(&tenant, "/turnovers");
    list.shows("tbody tr:last-child", "2017–18")
        .shows("tbody tr:last-child", "Not recorded");
    let year = list.click("2024–25");

    // when, then
    for (typed, words) in [
        ("much", "number"),
        ("-5", "An amount here can't be less than zero."),
    ] {
        year.form("#turnover")
            .fill("amount", typed)
            .submit()
            .is(422)
            .shows("#amount-e", words);
    }
    year.form("#turnover")
        .fill("amount", "5,00,00,000.01")
        .submit()
        .follow()
        .shows(".toast", "The turnover of 2024–25 is saved.")
        .shows("tbody", "₹5,00,00,000.01")
        .shows("tbody", "Above ₹5 crore");
    open(&tenant, "/e-invoices").shows("#has-to", "The turnover of 2024-25 was above ₹5 crore");
    year.form("#turnover")
        .fill("amount", "1")
        .submit()
        .is(422)
        .shows("#amount-t", "Saved meanwhile: 50000000.01");
    open(&tenant, "/turnovers/2024-25")
        .form("#turnover")
        .fill("amount", "")
        .submit()
        .is(303);
    assert_eq!(
        one(
            &tenant,
            "select count(*) from turnovers where tenant_id = '$t'"
        ),
        "0"
    );
    assert_eq!(open(&tenant, "/e-invoices").count("#has-to"), 0);
    for never in ["2016-17", "2098-99", "2024-26", "%00"] {
        open(&tenant, &format!("/turnovers/{never}")).is(404);
    }
}

#[test]
fn letters_of_undertaking_hold_for_a_year_and_stay_once_documents_name_them() {
    // given: a buyer in a special economic zone
    let tenant = tenant();
    let shop = retailer(&tenant);
    run(
        tenant.app,
        &format!(
            "update customers set kind = 'sez', gstin = '{}' where tenant_id = '{}' and id = '{}'",
            gstin_in("33", &crate::support::gstin()[2..12]),
            tenant.id,
            shop.customer
        ),
    );
    let today = dates::today(tenant.app.state.db.clock().now());
    let year = dates::FinancialYear::of(today);
    let (first, last) = (year.first_day().to_string(), year.last_day().to_string());
    let page = open(&tenant, "/undertakings");
    page.shows("#none", "None:");
    let form = |number: &str, from: &str, to: &str| {
        page.form("#undertaking")
            .fill("number", number)
            .fill("valid_from", from)
            .fill("valid_to", to)
            .forge("_key", &uuid::Uuid::now_v7().to_string())
            .submit()
    };

    // when, then
    let after = (year.last_day() + chrono::Days::new(1)).to_string();
    form("AD330426", &first, &after).is(422).shows(
        "#valid_to-e",
        "holds for one financial year: this one until 31 Mar",
    );
    form("AD330426", &last, &first)
        .is(422)
        .shows("#valid_to-e", "The last day comes before the first.");
    form("AD330426", &first, &last)
        .follow()
        .shows(".toast", "The letter of undertaking AD330426 is recorded.")
        .shows("tbody .pill", "Holds today");
    form("AD330426", &first, &last)
        .is(422)
        .shows("#number-e", "This number is recorded already.");

    // corrected while no document names it
    let one_of_them = open(&tenant, "/undertakings").click("AD330426");
    one_of_them
        .form("#undertaking")
        .fill("number", "AD330427")
        .submit()
        .is(303);
    one_of_them
        .form("#undertaking")
        .fill("number", "AD330428")
        .submit()
        .is(422)
        .shows("#number-t", "Saved meanwhile: AD330427");

    // and no more once one does
    let open_form = open(&tenant, "/undertakings").click("AD330427");
    an_invoice(&tenant, &shop);
    assert_eq!(
        one(
            &tenant,
            "select count(*) from documents where tenant_id = '$t' and undertaking_id is not null"
        ),
        "1"
    );
    open_form
        .form("#undertaking")
        .fill("number", "AD330429")
        .submit()
        .is(409)
        .shows("main", "Documents name the letter of undertaking AD330427");
    assert_eq!(
        one(
            &tenant,
            "select number from undertakings where tenant_id = '$t'"
        ),
        "AD330427"
    );
}

#[test]
fn only_the_books_own_people_and_no_other_company_get_in() {
    // given
    let (tenant, rival) = (tenant(), tenant());
    let gstin = gstin(&tenant);
    account(&tenant, &gstin);
    let places = [
        "/e-invoices".to_owned(),
        format!("/e-invoices/{gstin}"),
        "/series".to_owned(),
        "/series/new".to_owned(),
        format!("/series/{}", series(&tenant)),
        "/accounting".to_owned(),
        "/turnovers".to_owned(),
        "/turnovers/2025-26".to_owned(),
        "/undertakings".to_owned(),
        format!("/undertakings/{}", undertaking(&tenant)),
    ];
    let (_, accounts) = tenant.employee(Role::Accounts);
    let (_, sales) = tenant.employee(Role::Sales);
    let whole = |browser: &Browser, of: &Tenant, place: &str| {
        browser.open(&of.path(&format!("/settings{place}"))).status
    };

    // when, then
    for place in &places {
        assert_eq!(whole(&accounts, &tenant, place), 200, "{place}");
        assert_eq!(whole(&sales, &tenant, place), 403, "{place}");
        assert_eq!(whole(&rival.owner, &tenant, place), 404, "{place}");
    }
    for own in [1, 4, 9] {
        assert_eq!(
            whole(&rival.owner, &rival, &places[own]),
            404,
            "{}",
            places[own]
        );
    }
    let try_it = format!("/settings/e-invoices/{gstin}/try");
    rival.owner.post(&rival.path(&try_it), &[]).is(404);
    sales.post(&tenant.path(&try_it), &[]).is(403);
    rival
        .owner
        .post(
            &rival.path(&format!("/settings/e-invoices/{gstin}/registration")),
            &[("taxpayer_type", "composition")],
        )
        .is(404);
    assert_eq!(
        one(
            &tenant,
            "select taxpayer_type from gst_registrations where tenant_id = '$t'"
        ),
        "regular"
    );
    sales
        .open(&tenant.path("/settings"))
        .shows_not("main", "Series of numbers");
}

#[test]
fn a_composition_supplier_bills_without_tax() {
    // given
    let tenant = tenant();
    let shop = retailer(&tenant);
    let page = open(&tenant, &format!("/e-invoices/{}", gstin(&tenant)));

    // when: half an address, then the type
    page.form("#standing")
        .fill("city", "Chennai")
        .submit()
        .is(422)
        .shows("#address-e", "Street, city and PIN code belong together.")
        .shows("#pincode-e", "belong together");
    page.form("#standing")
        .fill("taxpayer_type", "composition")
        .submit()
        .is(303);
    page.form("#standing")
        .fill("taxpayer_type", "casual")
        .submit()
        .is(422)
        .shows("#taxpayer_type-t", "Saved meanwhile: Composition");

    // then
    let bill = an_invoice(&tenant, &shop);
    assert_eq!(
        one(
            &tenant,
            &format!(
                "select concat_ws(' ', kind, cgst, supplier_type) from documents where id = '{}'",
                bill.id
            )
        ),
        "bill_of_supply 0.00 composition"
    );
}
