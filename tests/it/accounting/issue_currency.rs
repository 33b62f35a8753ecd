//! Exports in another currency (rule 34): prices, rate, source and day as they are typed, and what follows from them.

use super::by_form::{
    buyer, documents, fill_lines, is_as_expected, issued, of_invoice, opened, packed, previewed,
    supplier, waiting,
};
use crate::support::gst_cases::CASES;
use crate::support::{FormFiller, Page, Tenant, ask, pdf, run, trade, until};
use chrono::{Days, NaiveDate};
use mandi::accounting::rules::currency::{CURRENCIES, known, rate};
use mandi::kernel::dates;
use mandi::kernel::language::Lang;
use mandi::platform::permissions::Role;

const SOURCE: &str = "CBIC 71/2026";

fn today(tenant: &Tenant) -> NaiveDate {
    dates::today(tenant.app.state.db.clock().now())
}

/// Goods for a buyer abroad, ordered in rupees and packed: the page of their invoice.
fn export() -> (Tenant, Page) {
    let case = CASES.case("INV-11");
    let tenant = supplier(case);
    let shop = buyer(&tenant, case);
    let shipment = packed(&tenant, &shop, case, Some("500"));
    let page = opened(&tenant, &shipment);
    (tenant, page)
}

/// What INV-11 says of its currency, with a rate of a day.
fn in_dollars(page: &Page, on: NaiveDate) -> FormFiller {
    let form = page
        .form("#issue")
        .fill("currency", "USD")
        .fill("fx_rate", "88.1250")
        .fill("fx_source", SOURCE)
        .fill("fx_on", &on.to_string());
    fill_lines(form, "price", &["6.35", "41.20"])
}

/// The export in dollars, issued.
fn billed() -> (Tenant, Page, NaiveDate) {
    let (tenant, page) = export();
    let on = today(&tenant) - Days::new(4);
    let seen = previewed(in_dollars(&page, on), "₹4,36,269.51", "₹2,73,240.00");
    let bill = issued(seen.form("#issue"));
    (tenant, bill, on)
}

#[test]
fn an_export_in_dollars_comes_to_the_figures_of_its_case() {
    // given
    let case = CASES.case("INV-11");
    let (tenant, page) = export();
    page.shows("dl.totals .total", "₹2,73,240.00");
    let first = page.texts("#currency option");
    assert_eq!(first[0], "INR · Indian rupee");
    assert_eq!(first.len(), CURRENCIES.len() + 1);

    // when: nobody has seen these sums yet
    let on = today(&tenant) - Days::new(4);
    let seen = previewed(in_dollars(&page, on), "₹4,36,269.51", "₹2,73,240.00");

    // then: both totals are shown, and nothing typed is lost
    let totals = &seen.rows("dl.totals")[0];
    for wanted in [
        "Taxable value ₹3,99,312.00",
        "IGST ₹36,957.51",
        "Total ₹4,36,269.51",
        "Total in USD 4,531.20",
    ] {
        assert!(totals.contains(wanted), "{wanted}: {totals}");
    }
    let kept = seen.form("#issue").fields;
    let on_form = on.to_string();
    for (name, value) in [
        ("currency", "USD"),
        ("fx_rate", "88.1250"),
        ("fx_source", SOURCE),
        ("fx_on", on_form.as_str()),
        ("price", "6.35"),
        ("price", "41.20"),
    ] {
        let field = (name.to_owned(), value.to_owned());
        assert!(kept.contains(&field), "{name}");
    }
    assert_eq!(documents(&tenant), "0");

    // when
    let page = issued(seen.form("#issue"));

    // then: page, paper and rows
    is_as_expected(&tenant, &page, case);
    let row = of_invoice(
        &tenant,
        "concat_ws(' ', currency, fx_rate, total_fc, fx_on, fx_source)",
    );
    assert_eq!(row, format!("USD 88.125000 4531.20 {on} {SOURCE}"));
    let url_no = of_invoice(&tenant, "url_no");
    let path = tenant.path(&format!("/invoices/{url_no}/pdf"));
    let paper = pdf::text(&tenant.owner.bytes(&path).2);
    let squeezed = |text: &str| text.split_whitespace().collect::<String>();
    let both = [page.rows(".sheet")[0].clone(), paper];
    for text in both.map(|text| squeezed(&text)) {
        for wanted in [
            "1 USD = ₹88.125",
            SOURCE,
            &dates::date(on, Lang::En),
            "Total in USD USD 4,531.20",
            "USD 6.35",
            "USD 41.20",
            "559.594",
            "Greenfield, United States",
            "Country of destination: United States",
        ] {
            assert!(text.contains(&squeezed(wanted)), "{wanted}: {text}");
        }
        assert!(!text.contains("999999"), "{text}");
    }
}

#[test]
fn notes_on_an_export_have_its_rate_and_give_back_its_dollars() {
    // given
    let (tenant, _, on) = billed();
    let url_no = of_invoice(&tenant, "url_no");
    let new_note = tenant.path(&format!("/credit-notes/new?invoice={url_no}"));
    let newest = || {
        ask(
            tenant.app,
            &format!(
                "select concat_ws(' ', taxable, igst, total, currency, fx_rate, fx_on, total_fc) as value from documents
                   where tenant_id = '{}' and kind = 'credit_note' order by sequence desc limit 1",
                tenant.id
            ),
        )
    };

    // when: ten of the first line come back
    let page = tenant.owner.open(&new_note);
    page.shows("#lines", "₹559.594");
    let units = page.attributes("#lines input[name^='u-']", "name");
    let worked = page
        .form("#note")
        .fill("how", "lines")
        .fill(&units[0], "10")
        .press("op", "work")
        .submit();
    worked.is(200).shows("#sums", "₹5,595.94");
    let answer = worked
        .form("#note")
        .fill("reason", "return")
        .fill("words", "Torn")
        .press("op", "issue")
        .submit();
    answer.is(303);
    let note = answer.follow();

    // then: at the rate of the invoice, in rupees and in dollars
    assert_eq!(
        newest(),
        format!("5595.94 279.80 5875.74 USD 88.125000 {on} 63.50")
    );
    let said = note.rows(".sheet")[0].clone();
    for wanted in ["1 USD = ₹88.125", "USD 6.35", "USD 63.50", SOURCE] {
        assert!(said.contains(wanted), "{wanted}: {said}");
    }

    // when: and all that is left
    let answer = tenant
        .owner
        .open(&new_note)
        .form("#note")
        .fill("reason", "return")
        .fill("words", "All torn")
        .press("op", "issue")
        .submit();
    answer.is(303);

    // then: both notes together are the invoice, in each currency
    assert_eq!(
        newest(),
        format!("393716.06 36677.71 430393.77 USD 88.125000 {on} 4467.70")
    );
    trade::sound(&tenant);
}

#[test]
fn all_that_is_wrong_with_a_currency_is_said_at_once() {
    // given
    let (tenant, page) = export();

    // when: a currency that nobody knows, a rate of nothing, no source, no day, and prices that are none
    let form = page
        .form("#issue")
        .fill("currency", "XYZ")
        .fill("fx_rate", "0");
    let form = fill_lines(form, "price", &["", "cheap"]);
    let answer = form.submit();

    // then
    answer
        .is(422)
        .shows("#errors", "There are 6 problems")
        .shows("#currency-e", "Choose a currency from the list.")
        .shows("#fx_rate-e", "more than 0, at most 10,00,000")
        .shows("#fx_source-e", "Source of the rate must be filled in.")
        .shows("#fx_on-e", "Enter a date.")
        .shows(
            "#issue .error",
            "Price in the currency: Enter the price of a unit in the currency.",
        )
        .shows("#issue .error", "Write the number in figures");
    for link in answer.attributes("#errors a", "href") {
        let id = format!("#issue [id='{}']", link.trim_start_matches('#'));
        assert_eq!(answer.count(&id), 1, "{link}");
    }
    let kept = answer.form("#issue").fields;
    for (name, value) in [("fx_rate", "0"), ("price", ""), ("price", "cheap")] {
        assert!(
            kept.contains(&(name.to_owned(), value.to_owned())),
            "{name}"
        );
    }

    // when, then: no source; a rate of tomorrow; and a price in a currency that nobody has chosen
    let on = today(&tenant);
    let one = |form: FormFiller, field: &str, said: &str| {
        let answer = form.submit();
        answer
            .is(422)
            .shows("#errors", "There is 1 problem")
            .shows(&format!("#{field}-e"), said);
    };
    one(
        in_dollars(&page, on).fill("fx_source", " "),
        "fx_source",
        "Source of the rate must be filled in.",
    );
    one(
        in_dollars(&page, on + Days::new(1)),
        "fx_on",
        "The day of the rate can't be after that of the invoice.",
    );
    one(
        in_dollars(&page, on).fill("currency", "INR"),
        "currency",
        "Choose the currency of the prices, or clear them",
    );
    assert_eq!(documents(&tenant), "0");

    // and today's rate from a source is issued
    let seen = previewed(in_dollars(&page, on), "₹4,36,269.51", "₹2,73,240.00");
    issued(seen.form("#issue"));
    assert_eq!(documents(&tenant), "1");
}

#[test]
fn a_buyer_in_india_is_billed_in_rupees() {
    // given: a form that asks for no currency
    let case = CASES.case("INV-17");
    let (tenant, page) = waiting(case);
    assert_eq!(page.count("#currency"), 0);
    assert_eq!(page.count("[name=price]"), 0);
    let on = today(&tenant).to_string();

    // when
    let answer = page
        .form("#issue")
        .forge("currency", "USD")
        .forge("fx_rate", "88.125")
        .forge("fx_source", SOURCE)
        .forge("fx_on", &on)
        .forge("price", "15")
        .submit();

    // then: refused beside the field, with what was typed
    answer
        .is(422)
        .shows("#errors", "There is 1 problem")
        .shows("#currency-e", "Only a buyer abroad is billed");
    assert_eq!(
        answer.attribute("#fx_rate", "value"),
        Some("88.125".to_owned())
    );
    assert_eq!(documents(&tenant), "0");

    // and in rupees it is issued, once its sums were seen again
    let answer = answer
        .form("#issue")
        .fill("currency", "INR")
        .fill("fx_rate", "")
        .fill("fx_source", "")
        .fill("fx_on", "")
        .fill("price", "")
        .submit();
    answer.is(422).shows("dl.totals .total", "₹76,641.00");
    issued(answer.form("#issue"));
    let row = of_invoice(&tenant, "concat_ws(' ', coalesce(currency, 'none'), total)");
    assert_eq!(row, "none 76641.00");
}

#[test]
fn prices_in_another_currency_are_for_those_who_may_give_discounts() {
    // given
    let (tenant, page) = export();
    let (_, warehouse) = tenant.employee(Role::Warehouse);
    let theirs = warehouse.open(&page.path);
    theirs.is(200);
    assert_eq!(theirs.count("#currency"), 0);

    // when
    let refused = theirs
        .form("#issue")
        .forge("currency", "USD")
        .forge("price", "0.01")
        .submit();

    // then
    refused.is(409).shows(
        "main",
        "Only an owner, a manager or accounts can set prices in another currency.",
    );
    assert_eq!(documents(&tenant), "0");

    // and in rupees they issue it
    theirs.form("#issue").submit().is(303);
    let row = of_invoice(&tenant, "concat_ws(' ', coalesce(currency, 'none'), total)");
    assert_eq!(row, "none 273240.00");
}

#[test]
fn currencies_have_codes_and_rates_have_bounds() {
    let codes: Vec<&str> = CURRENCIES.iter().map(|(code, _)| *code).collect();
    assert!(codes.is_sorted());
    for code in codes {
        assert!(code.len() == 3 && code.bytes().all(|b| b.is_ascii_uppercase()));
        assert_eq!(known(code), Ok(code));
    }
    for typed in ["", "INR", "usd", "XYZ"] {
        assert!(known(typed).is_err(), "{typed}");
    }
    for typed in ["88.125", "0.000001", "10,00,000"] {
        assert!(rate(typed).is_ok(), "{typed}");
    }
    for typed in ["", "0", "-1", "0.0000001", "10,00,001", "few"] {
        assert!(rate(typed).is_err(), "{typed}");
    }
}

#[test]
fn the_letter_about_an_export_says_its_dollars_first() {
    // given: a buyer who reads letters
    let (tenant, page) = export();
    run(
        tenant.app,
        &format!(
            "update customers set email = 'abroad@test.example', updated_at = now() where tenant_id = '{}'",
            tenant.id
        ),
    );

    // when
    let on = today(&tenant) - Days::new(4);
    let seen = previewed(in_dollars(&page, on), "₹4,36,269.51", "₹2,73,240.00");
    issued(seen.form("#issue"));

    // then
    let sql = format!(
        "select coalesce((select text_body from mails where tenant_id = '{}' and kind = 'bill' and recipient = 'abroad@test.example'), '') as value",
        tenant.id
    );
    until("the letter is written", || {
        !ask(tenant.app, &sql).is_empty()
    });
    let text = ask(tenant.app, &sql);
    let total = "Total: USD 4,531.20 (₹4,36,269.51)";
    assert!(text.contains(total), "{text}");
}

#[test]
fn the_goods_of_an_export_leave_with_a_bill_of_the_portal() {
    // given
    let (tenant, _, _) = billed();
    let (number, url_no) = (of_invoice(&tenant, "number"), of_invoice(&tenant, "url_no"));
    let of_shipment = |what: &str| {
        ask(
            tenant.app,
            &format!(
                "select {what} as value from shipments where tenant_id = '{}'",
                tenant.id
            ),
        )
    };
    let need = "Goods worth ₹4,36,269.51 need an e-way bill before they leave by motor: it is more than ₹50,000.00.";
    let elsewhere =
        "It is an export: its e-way bill is made in the e-way bill portal itself, where the place";

    // when: the authority has its invoice
    let stands = |how: &str| {
        run(
            tenant.app,
            &format!(
                "alter table einvoices disable trigger user;
                 update einvoices set {how} where tenant_id = '{}';
                 alter table einvoices enable trigger user",
                tenant.id
            ),
        );
    };
    stands("status = 'registered', environment = 'sandbox', ack_no = '1', ack_at = now()");
    let own = tenant.path(&format!("/e-invoices/{url_no}"));
    let page = tenant.owner.open(&own);

    // then: its page says where the bill is made, and leads nowhere
    page.is(200)
        .shows("[aria-labelledby=s-eway]", need)
        .shows("#portal", elsewhere);
    assert_eq!(page.count("[aria-labelledby=s-eway] a"), 0);
    tenant.owner.get(&format!("{own}/e-way-bill")).is(409);

    // when: its goods are to leave
    let (vehicle, driver) = trade::fleet(&tenant, 50_000);
    let send = tenant.path(&format!("/shipments/{}/send", of_shipment("number")));
    let page = tenant.owner.open(&send);
    stands("status = 'not_required', environment = null, ack_no = null, ack_at = null");

    // then: the same, and they stay until somebody says that it is made
    page.is(200).shows("#eway", need).shows("#eway", elsewhere);
    assert_eq!(page.count("#eway a"), 0);
    let refused = page
        .form("#send")
        .fill("vehicle", &vehicle)
        .fill("driver", &driver)
        .submit();
    refused.is(422).shows(
        "#eway_known-e",
        &format!("The goods of {number} are an export: make their e-way bill in the portal itself"),
    );
    refused
        .form("#send")
        .fill("eway_known", "on")
        .submit()
        .is(303);
    assert_eq!(of_shipment("status"), "out");
}
