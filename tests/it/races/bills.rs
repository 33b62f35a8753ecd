//! Many clerks who issue invoices of one series at once.

use super::{Watch, books_are_sound, nobody_was_in_anybodys_way, two};
use crate::support::process::{self, Process};
use crate::support::trade::{confirmed, goods, packed, shop_of};
use crate::support::{Browser, Tenant, app_without_workers, ask, run, tenant_in};
use mandi::kernel::ids::ProductId;
use std::sync::Barrier;

/// Invoices.
const BILLS: usize = 100;
/// Shipments among them that can't be billed.
const BAD: usize = 10;
/// Shipments among them whose bill fails when its transaction ends, long after its number was taken.
const LATE: usize = 10;
/// Transactions that overlap at least: each has its own shipment and order, so they only wait for their number.
const OVERLAP: i64 = 30;

/// A form to issue a shipment, as its page offers it.
fn form(tenant: &Tenant, browser: &Browser, shipment: &str) -> Vec<(String, String)> {
    let page = browser.open(&tenant.path(&format!("/invoices/new?shipment={shipment}")));
    page.is(200).form("#issue").fields
}

/// All at once, at one program and the other in turn: the status of each, and where it led.
fn at_once(
    tenant: &Tenant,
    browsers: &[Browser],
    forms: Vec<Vec<(String, String)>>,
) -> Vec<(u16, String)> {
    let barrier = Barrier::new(forms.len());
    std::thread::scope(|scope| {
        let threads: Vec<_> = forms
            .into_iter()
            .zip(browsers.iter().cycle())
            .map(|(form, browser)| {
                let barrier = &barrier;
                scope.spawn(move || {
                    let fields: Vec<(&str, &str)> = form
                        .iter()
                        .map(|(name, value)| (name.as_str(), value.as_str()))
                        .collect();
                    barrier.wait();
                    let page = browser.post(&tenant.path("/invoices/new"), &fields);
                    (page.status, page.header("location").to_owned())
                })
            })
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    })
}

fn numbers(tenant: &Tenant) -> String {
    ask(
        tenant.app,
        "select concat_ws(' ', count(*), min(sequence), max(sequence), count(distinct number), (select last from document_counters)) as value from documents",
    )
}

/// Has the bills of some shipments fail at the commit: everything is written by then, the number among it.
fn fail_late(tenant: &Tenant, shipments: &[String]) {
    let numbers = shipments.join("', '");
    let ids = ask(
        tenant.app,
        &format!(
            "select string_agg(id::text, ',') as value from shipments where number in ('{numbers}')"
        ),
    );
    run(
        tenant.app,
        &format!(
            "create function fail_late() returns trigger language plpgsql as $$ begin raise exception 'planted: % fails late', new.number; end $$;
             create constraint trigger fail_late after insert on documents deferrable initially deferred
               for each row when (new.shipment_id = any ('{{{ids}}}'::uuid[])) execute function fail_late()"
        ),
    );
}

#[test]
fn a_hundred_invoices_at_once_take_a_hundred_numbers() {
    // given: a hundred packed shipments of ten shops, ten of goods whose rate nobody knows any more, and ten whose bills fail at their commit
    let urls = process::database("races_bills");
    let tenant = tenant_in(app_without_workers(&urls));
    let soap = goods(&tenant, "SOAP", "40", "100000");
    let odd = goods(&tenant, "ODD", "40", "100000");
    let shops: Vec<_> = (0..10).map(|_| shop_of(&tenant)).collect();
    let shipment = |nth: usize, product: ProductId| {
        let order = confirmed(&tenant, &shops[nth % shops.len()], &[(product, "12")]);
        packed(&tenant, &order)
    };
    let bad: Vec<String> = (0..BAD).map(|nth| shipment(nth, odd)).collect();
    let late: Vec<String> = (0..LATE).map(|nth| shipment(nth, soap)).collect();
    let good: Vec<String> = (0..=BILLS).map(|nth| shipment(nth, soap)).collect();
    let processes: Vec<Process> = two(&urls, "35");
    let browsers: Vec<Browser> = processes
        .iter()
        .map(|process| tenant.owner.moved_to(&process.base))
        .collect();
    let (last, good) = good.split_last().unwrap();
    let forms: Vec<_> = good
        .iter()
        .enumerate()
        .flat_map(|(nth, number)| {
            let some = |few: &[String]| {
                let every = BILLS / few.len();
                (nth % every == 0).then(|| few[nth / every].clone())
            };
            std::iter::once(number.clone())
                .chain(some(&bad))
                .chain(some(&late))
        })
        .map(|number| form(&tenant, &browsers[0], &number))
        .collect();
    run(
        tenant.app,
        &format!(
            "update products set hsn = '99999999' where id = '{odd}'; update order_lines set hsn = '99999999' where product_id = '{odd}'"
        ),
    );
    fail_late(&tenant, &late);

    // when
    let watch = Watch::begin(&urls.superuser);
    let answers = at_once(&tenant, &browsers, forms);
    let overlapped = watch.end();

    // then
    assert!(
        overlapped >= OVERLAP,
        "only {overlapped} transactions overlapped"
    );
    let with = |status: u16| answers.iter().filter(|(got, _)| *got == status).count();
    assert_eq!(
        (with(303), with(422), with(500)),
        (BILLS, BAD, LATE),
        "{answers:?}"
    );
    assert_eq!(numbers(&tenant), "100 1 100 100 100");

    // then: the series goes on where it was, also with one that had failed
    run(
        tenant.app,
        "drop trigger fail_late on documents; drop function fail_late()",
    );
    for (number, after) in [("-00101", last), ("-00102", &late[0])] {
        let after = form(&tenant, &browsers[1], after);
        let answers = at_once(&tenant, &browsers[1..], vec![after]);
        assert_eq!(answers[0].0, 303);
        assert!(answers[0].1.contains(number), "{answers:?}");
    }
    assert_eq!(numbers(&tenant), "102 1 102 102 102");
    nobody_was_in_anybodys_way(&processes);
    books_are_sound(&urls.owner);
}
