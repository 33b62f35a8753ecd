//! The nightly look at what is not sent: one letter about what is new, to those who can do something.

use super::einvoices::{Trade, trade_of};
use super::many::more_of;
use crate::support::{App, own_app_set, run, tenant_in, until, word};
use chrono::{DateTime, Duration, Utc};
use mandi::accounting::actions::Issued;
use mandi::platform::permissions::Role;

/// The clock of the application is at this moment.
fn now_it_is(trade: &Trade, moment: DateTime<Utc>) {
    trade.tenant.app.state.db.clock().set(Some(moment));
}

/// Asks for a night so many times at once, and waits until all of it is over.
fn night(trade: &Trade, times: u32) {
    run(
        trade.tenant.app,
        &format!(
            "select enqueue_job(gen_random_uuid(), 'einvoices.night', 'Night', '{{}}', null, 100::smallint, now(), 8) from generate_series(1, {times})"
        ),
    );
    until("the night is over", || {
        trade.ask("select count(*) from jobs where kind in ('einvoices.night', 'einvoices.look') and state in ('queued', 'running')") == "0"
    });
}

fn letters(trade: &Trade, to: &str) -> String {
    trade.ask(&format!(
        "select count(*) from mails where kind = 'einvoices-unsound' and recipient = '{to}'"
    ))
}

fn newest(trade: &Trade, to: &str, column: &str) -> String {
    trade.ask(&format!(
        "select {column} from mails where kind = 'einvoices-unsound' and recipient = '{to}' order by created_at desc, id desc limit 1"
    ))
}

/// A company with three documents that wait: a sound one, one with a code of no list, and one whose supplier has a PIN code of another state.
fn ground(app: &'static App) -> (Trade, [Issued; 3]) {
    let trade = trade_of(tenant_in(app));
    trade.first();
    trade.switch_account(false);
    let pin = |pin: &str| {
        run(
            app,
            &format!(
                "update gst_registrations set pincode = '{pin}' where tenant_id = '{}'",
                trade.tenant.id
            ),
        );
    };
    let (sound, strange) = (trade.issue("SOUND"), trade.issue("STRANGE"));
    pin("110001");
    let far = trade.issue("FAR");
    pin("600002");
    for document in [&sound, &strange, &far] {
        trade.becomes(document, "failed_fix");
    }
    trade.spoil(&strange, "hsn = '999999'");
    trade.switch_account(true);
    (trade, [sound, strange, far])
}

#[test]
fn what_is_unsound_is_told_overnight_once_and_again_when_something_new_is() {
    // given
    let app = own_app_set("einvoices_night", &[]);
    let (trade, [sound, strange, far]) = ground(app);
    let company = trade.tenant.id;
    // and another company, with nothing wrong but that it has no account that may be used
    let other = trade_of(tenant_in(app));
    other.first();
    other.switch_account(false);
    let waits = other.issue("SOUND");
    other.becomes(&waits, "failed_fix");
    let (manager, _) = trade.tenant.employee(Role::Manager);
    let (accounts, _) = trade.tenant.employee(Role::Accounts);
    let (sales, _) = trade.tenant.employee(Role::Sales);
    let owner = &trade.tenant.owner_email;

    // when: the clock comes by twenty past five in the morning, in India
    let cron = "select cron from schedules where name = 'einvoices-night'";
    until("the night is on the clock", || {
        word(&app.owner_url, cron) == "20 5 * * *"
    });
    now_it_is(&trade, Utc::now() + Duration::days(1));
    until("the morning's letters are written", || {
        letters(&trade, owner) != "0"
    });
    run(
        app,
        "update schedules set next_run = '2100-01-01' where name = 'einvoices-night'",
    );

    // then: once, to everybody who may send, and to nobody else
    night(&trade, 3);
    for who in [owner, &manager, &accounts] {
        assert_eq!(letters(&trade, who), "1", "{who}");
    }
    assert_eq!(letters(&trade, &sales), "0");
    assert_eq!(letters(&trade, &other.tenant.owner_email), "0");

    // and with document, line, field and the way to put it right; the sound one is not in it
    let name = trade.ask(&format!(
        "select name from companies where id = '{company}'"
    ));
    assert_eq!(
        newest(&trade, &accounts, "subject"),
        format!("Unsent documents of {name} that have to be put right: 2")
    );
    let letter = newest(&trade, &accounts, "text_body");
    for words in [
        "New since the last letter: 2",
        &strange.number,
        "Line 1, HSN code: The authority may not know the HSN code 999999 of Product STRANGE.",
        &far.number,
        "PIN code: The PIN code 110001 of the supplier does not look like one of Tamil Nadu.",
        "If it is wrong, correct it, cancel this document and bill again.",
        &format!("{}{}", app.base, trade.path("/e-invoices/ready")),
    ] {
        assert!(letter.contains(words), "{words} is not in\n{letter}");
    }
    assert!(!letter.contains(&sound.number), "{letter}");
    let html = newest(&trade, &accounts, "html_body");
    for words in ["Line 1, HSN code", &trade.path("/products/STRANGE")] {
        assert!(html.contains(words), "{words} is not in\n{html}");
    }

    // when: the next night, with nothing new
    now_it_is(&trade, Utc::now() + Duration::days(2));
    night(&trade, 1);

    // then
    assert_eq!(letters(&trade, owner), "1");

    // when: something new is wrong
    trade.spoil(&sound, "unit = 'XYZ'");
    night(&trade, 3);

    // then: one more letter, what is new before what is known
    assert_eq!(letters(&trade, owner), "2");
    let letter = newest(&trade, owner, "text_body");
    let place = |words: &str| {
        letter
            .find(words)
            .unwrap_or_else(|| panic!("{words} is not in\n{letter}"))
    };
    place("that have to be put right: 3");
    place("New since the last letter: 1");
    place("Line 1, Unit: XYZ is not a unit that GST knows, Product SOUND is counted in it.");
    assert!(place(&sound.number) < place(&strange.number), "{letter}");

    // when: something is put right
    trade.spoil(&strange, "hsn = '100630'");
    night(&trade, 1);

    // then: nobody is told, and it counts no more
    assert_eq!(letters(&trade, owner), "2");
    let look = format!("select documents from einvoice_looks where tenant_id = '{company}'");
    assert_eq!(trade.ask(&look), "2");

    // when: it is wrong again
    trade.spoil(&strange, "hsn = '999999'");
    night(&trade, 1);

    // then
    assert_eq!(letters(&trade, owner), "3");
    assert_eq!(trade.ask(&look), "3");
}

#[test]
fn a_letter_names_ten_documents_and_five_things_of_each() {
    // given: twelve documents, each with six lines that are wrong
    let trade = trade_of(tenant_in(own_app_set("einvoices_night_many", &[])));
    trade.first();
    trade.switch_account(false);
    let one = trade.issue("ONE");
    trade.becomes(&one, "failed_fix");
    trade.switch_account(true);
    more_of(&trade, &one, 11);
    run(
        trade.tenant.app,
        "update document_lines l set hsn = '999999' from einvoices e
           where e.tenant_id = l.tenant_id and e.id = l.document_id and e.status = 'failed_fix';
         do $$ declare names text; begin
           select string_agg(quote_ident(column_name), ', ') into names from information_schema.columns
             where table_schema = 'public' and table_name = 'document_lines' and is_generated = 'NEVER';
           execute 'insert into document_lines (' || names || ') select ' || names || ' from (
             select (jsonb_populate_record(l, jsonb_build_object(''id'', gen_random_uuid(), ''position'', g.n, ''shipment_line_id'', null, ''order_line_id'', null))).*
               from document_lines l join einvoices e on e.tenant_id = l.tenant_id and e.id = l.document_id and e.status = ''failed_fix''
                 cross join generate_series(2, 6) g (n)) copies';
         end $$",
    );

    // when
    night(&trade, 1);

    // then
    let owner = &trade.tenant.owner_email;
    assert_eq!(letters(&trade, owner), "1");
    let letter = newest(&trade, owner, "text_body");
    let said = |words: &str| letter.matches(words).count();
    assert_eq!(said("that have to be put right: 12"), 1, "{letter}");
    assert_eq!(said("HSN code: The authority may not know"), 50, "{letter}");
    assert_eq!(said("Line 5, HSN code"), 10, "{letter}");
    assert_eq!(said("Line 6, HSN code"), 0, "{letter}");
    assert_eq!(said("And more that is wrong with it: 1"), 10, "{letter}");
    assert_eq!(said("and 2 more documents"), 1, "{letter}");

    // and the next night is quiet
    night(&trade, 1);
    assert_eq!(letters(&trade, owner), "1");
}
