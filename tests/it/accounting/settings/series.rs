//! Series of numbers.

use super::{documents_are_sound, one, open};
use crate::support::settings::series;
use crate::support::trade::{an_invoice, confirmed, goods, packed};
use crate::support::{retailer, tenant};
use mandi::kernel::dates;

#[test]
#[expect(
    clippy::too_many_lines,
    reason = "one story from its beginning to its end"
)]
fn series_look_as_rule_46_wants_and_stay_as_they_are_once_they_have_numbered() {
    // given
    let tenant = tenant();
    let shop = retailer(&tenant);
    let list = open(&tenant, "/series");
    list.shows("#none", "No series yet.");
    let new = list.click("Add a series");
    let add = |prefix: &str, digits: &str| {
        new.form("#series")
            .fill("kind", "invoice")
            .fill("prefix", prefix)
            .fill("digits", digits)
            .forge("_key", &uuid::Uuid::now_v7().to_string())
            .submit()
    };

    // when, then: what the rule does not take
    for (prefix, digits, words) in [
        ("INVOICE-{FY}/", "5", "INVOICE-26-27/00001 has 19."),
        ("TN_", "5", "letters, digits, - and / only"),
        ("0TN/", "5", "begins with a letter or a digit other than 0"),
        (
            "TN/{YEAR}/",
            "5",
            "In braces only {FY} and {FY4} are known.",
        ),
        ("", "5", "Enter what the numbers begin with"),
    ] {
        let answer = add(prefix, digits);
        answer.is(422).shows("#prefix-e", words);
        assert_eq!(
            answer.attribute("#prefix", "value").as_deref(),
            Some(prefix)
        );
    }
    let count = || {
        one(
            &tenant,
            "select count(*) from document_series where tenant_id = '$t'",
        )
    };
    assert_eq!(count(), "0");

    // and what it takes: sixteen characters, the next number in sight
    let added = add("tn-{FY4}/", "8").follow();
    added.shows(".toast", "The series TN-{FY4}/{SEQ:8} is added.");
    let year = dates::FinancialYear::of(dates::today(tenant.app.state.db.clock().now()));
    let short = year.code()[2..].replace('-', "");
    added
        .shows("tbody td", &format!("TN-{short}/00000001"))
        .shows(".pill", "For new documents");
    add("TN/{FY4}/", "4")
        .is(422)
        .shows("#prefix-e", "could come out alike");

    // when: it has numbered
    let open_form = open(&tenant, "/series").click("TN-{FY4}");
    assert_eq!(
        an_invoice(&tenant, &shop).number,
        format!("TN-{short}/00000001")
    );

    // then: it stays, and the next one is shown
    let refused = open_form.form("#series").fill("prefix", "CH/").submit();
    refused.is(409).shows(
        "main",
        "has numbered documents, and those keep their numbers",
    );
    let page = open(&tenant, "/series").click("TN-{FY4}");
    page.shows("#used", "can't be changed any more")
        .shows("#next", &format!("TN-{short}/00000002"));
    assert_eq!(page.count("#series"), 0);

    // when: another one is taken for new documents
    add("B/", "6").is(303);
    assert_eq!(an_invoice(&tenant, &shop).number, "B/000001");
    let list = open(&tenant, "/series");
    assert_eq!(
        list.texts("tbody .pill"),
        ["For new documents", "Can be chosen"]
    );
    let stop = |id: &str| {
        tenant.owner.post(
            &tenant.path(&format!("/settings/series/{id}/use")),
            &[("op", "stop")],
        )
    };
    let id = |template: &str| {
        one(
            &tenant,
            &format!(
                "select id from document_series where tenant_id = '$t' and template = '{template}'"
            ),
        )
    };
    stop(&id("B/{SEQ:6}"))
        .is(409)
        .shows("main", "Take another series for them first.");
    list.form("tbody form").press("op", "stop").submit().is(303);
    assert_eq!(
        open(&tenant, "/series").texts("tbody .pill"),
        ["For new documents", "Out of use"]
    );
    open(&tenant, "/series")
        .form("tbody form")
        .press("op", "prefer")
        .submit()
        .is(303);
    assert_eq!(
        an_invoice(&tenant, &shop).number,
        format!("TN-{short}/00000002")
    );
    documents_are_sound(&tenant);
}

#[test]
fn a_series_that_has_numbered_nothing_is_corrected() {
    // given
    let tenant = tenant();
    let id = series(&tenant);
    let page = open(&tenant, &format!("/series/{id}"));
    let (mine, theirs) = (page.form("#series"), page.form("#series"));

    // when
    theirs
        .fill("prefix", "Y/")
        .fill("digits", "4")
        .submit()
        .is(303);
    let answer = mine.fill("prefix", "X/").submit();

    // then
    answer.is(422).shows("#prefix-t", "Saved meanwhile: Y/");
    let template = || {
        one(
            &tenant,
            "select template from document_series where tenant_id = '$t'",
        )
    };
    assert_eq!(template(), "Y/{SEQ:4}");
    answer.form("#series").submit().is(303);
    assert_eq!(template(), "X/{SEQ:5}");
}

#[test]
fn numbers_of_no_later_year_come_out_alike() {
    // given: numbers with the year in them
    let tenant = tenant();
    let new = open(&tenant, "/series").click("Add a series");
    let add = |kind: &str, prefix: &str| {
        new.form("#series")
            .fill("kind", kind)
            .fill("prefix", prefix)
            .fill("digits", "5")
            .forge("_key", &uuid::Uuid::now_v7().to_string())
            .submit()
    };
    add("invoice", "INV/{FY}/").is(303);
    let this = dates::FinancialYear::of(dates::today(tenant.app.state.db.clock().now()));
    let typed = |year: dates::FinancialYear| year.code()[2..].to_owned();

    // when, then: a year that is typed comes, now or later
    for year in [this, this.next(), this.next().next()] {
        for prefix in [
            format!("INV/{}/", typed(year)),
            format!("INV-{}-", typed(year)),
        ] {
            add("invoice", &prefix)
                .is(422)
                .shows("#prefix-e", "The numbers of INV/{FY}/{SEQ:5}")
                .shows("#prefix-e", "could come out alike");
        }
    }
    let count = || {
        one(
            &tenant,
            "select count(*) from document_series where tenant_id = '$t'",
        )
    };
    assert_eq!(count(), "1");

    // and what never comes out alike is taken: another word, and years that are none
    add("invoice", &format!("INW/{}/", typed(this.next()))).is(303);
    add("invoice", "INV/27-29/").is(303);
    assert_eq!(count(), "3");
}

#[test]
fn a_series_that_begins_by_itself_keeps_out_of_the_way_of_others() {
    // given: invoices that are numbered as credit notes usually are
    let tenant = tenant();
    let shop = retailer(&tenant);
    open(&tenant, "/series")
        .click("Add a series")
        .form("#series")
        .fill("kind", "invoice")
        .fill("prefix", "CN/{FY}/")
        .fill("digits", "5")
        .submit()
        .is(303);
    let bill = an_invoice(&tenant, &shop);
    let year = dates::FinancialYear::of(dates::today(tenant.app.state.db.clock().now()));
    let year = &year.code()[2..];
    assert_eq!(bill.number, format!("CN/{year}/00001"));

    // when
    tenant
        .owner
        .open(&tenant.path(&format!("/credit-notes/new?invoice={}", bill.url_no)))
        .form("#note")
        .fill("reason", "price")
        .fill("words", "Agreed")
        .press("op", "issue")
        .submit()
        .is(303);

    // then: it names the registration
    let gstin = one(
        &tenant,
        "select gstin from gst_registrations where tenant_id = '$t'",
    );
    let number = one(
        &tenant,
        "select number from documents where tenant_id = '$t' and kind = 'credit_note'",
    );
    let named = format!("C{}{}/{year}/00001", &gstin[..2], &gstin[12..13]);
    assert_eq!(number, named);
    documents_are_sound(&tenant);
}

#[test]
fn a_number_that_is_taken_is_refused_in_words() {
    // given: two series whose numbers come out alike, as no form leaves them, and a document of the first
    let tenant = tenant();
    let shop = retailer(&tenant);
    let first = an_invoice(&tenant, &shop);
    let year = dates::FinancialYear::of(dates::today(tenant.app.state.db.clock().now()));
    let year = &year.code()[2..];
    assert_eq!(first.number, format!("INV/{year}/00001"));
    crate::support::run(
        tenant.app,
        &format!(
            "update document_series set is_default = false where tenant_id = '{0}';
             insert into document_series (tenant_id, id, registration_id, kind, code, template)
               select tenant_id, gen_random_uuid(), registration_id, kind, 'S2', 'INV/{year}/{{SEQ:5}}' from document_series where tenant_id = '{0}'",
            tenant.id
        ),
    );
    let rice = goods(&tenant, "RICE", "40", "100");
    let shipment = packed(&tenant, &confirmed(&tenant, &shop, &[(rice, "12")]));
    let bill = || {
        tenant
            .owner
            .open(&tenant.path(&format!("/invoices/new?shipment={shipment}")))
            .form("#issue")
            .submit()
    };

    // when, then
    bill()
        .is(409)
        .shows("main", "Take another series for new documents");
    let count = || {
        one(
            &tenant,
            "select count(*) from documents where tenant_id = '$t'",
        )
    };
    assert_eq!(count(), "1");

    // when: another is taken
    crate::support::run(
        tenant.app,
        &format!(
            "update document_series set is_default = false where tenant_id = '{0}' and code <> '';
             update document_series set is_default = true where tenant_id = '{0}' and code = ''",
            tenant.id
        ),
    );

    // then
    bill().is(303);
    assert_eq!(count(), "2");
    documents_are_sound(&tenant);
}
