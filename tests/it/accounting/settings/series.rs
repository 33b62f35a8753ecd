//! Series of numbers.

use super::{documents_are_sound, one, open};
use crate::support::settings::series;
use crate::support::trade::an_invoice;
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
