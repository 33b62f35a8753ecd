//! Documents on their way to the authority while the program is killed. The sandbox registrar dies with it; its books, like the real one's, do
//! not.

use super::clerks::Warehouse;
use super::{Killer, books_are_sound, every_job_ends, nothing_is_locked, rounds, short_lease};
use crate::support::postgres::Urls;
use crate::support::process;
use crate::support::registrar::registrar_of;
use crate::support::trade::billed;
use crate::support::{gstin, gstin_in, run, run_in, until};

/// How long the registrar takes to answer, by round: in every other one so long that a call is open whenever the process is killed, in the
/// others so short that a transaction mostly is.
fn mood(round: usize) -> &'static str {
    if round.is_multiple_of(2) {
        "slow 400"
    } else {
        "slow 2"
    }
}

/// Invoices of each round.
const EACH: usize = 60;

/// The company has to e-invoice, and its shops have a GSTIN that the registrar knows.
fn make_liable(warehouse: &Warehouse) {
    let (app, company) = (warehouse.tenant.app, warehouse.tenant.id);
    run(
        app,
        &format!(
            "insert into accounting_settings (tenant_id, id, einvoice_from) values ('{company}', gen_random_uuid(), '2023-08-01');
             update gst_registrations set address = '4 Mount Road', city = 'Chennai', pincode = '600002' where tenant_id = '{company}';
             update products set hsn = '100630', unit = 'KGS' where tenant_id = '{company}'"
        ),
    );
    let registrar = registrar_of(app);
    for shop in &warehouse.shops {
        let buyer = gstin_in("33", &gstin()[2..12]);
        run(
            app,
            &format!(
                "update customers set kind = 'registered', gstin = '{buyer}' where tenant_id = '{company}' and id = '{}'",
                shop.customer
            ),
        );
        registrar.know(&buyer, "REG");
    }
}

/// Two minutes go by: nobody waits any more for answers that the killed process was to get. Attempts are kept as they were begun, so this goes
/// round their trigger.
fn two_minutes_go_by(urls: &Urls) {
    run_in(
        &urls.superuser,
        "alter table einvoice_attempts disable trigger end_once;
         update einvoice_attempts set started_at = started_at - interval '2 minutes' where finished_at is null;
         alter table einvoice_attempts enable trigger end_once;
         update einvoice_sessions set login_until = login_until - interval '2 minutes';
         update einvoices set next_try_at = next_try_at - interval '2 minutes';
         update jobs set run_at = run_at - interval '2 minutes' where state = 'queued'",
    );
}

#[test]
fn registering_survives_the_kill() {
    // given
    let urls = process::database("crash_registering");
    let killer = Killer::new();
    let warehouse = Warehouse::closed(&urls);
    make_liable(&warehouse);
    let mut cut = 0;
    // So many at work that one of them is in a transaction at nearly every moment.
    let settings = [
        short_lease(&urls),
        vec![("MANDI_WORKERS", "6"), ("MANDI_DB_POOL", "10")],
    ]
    .concat();
    for round in 1..=rounds() {
        // when documents wait, and the process that sends them is gone in the middle of it
        for shipment in warehouse.shipments(EACH) {
            billed(&warehouse.tenant, &shipment);
        }
        registrar_of(warehouse.tenant.app).mood("", mood(round), "generate", 100_000);
        let process = process::serve(&settings);
        until("it is at work", || {
            warehouse.number("select count(*) from einvoice_attempts where finished_at is null") > 0
        });
        killer.strike(&process, &urls, (0, 80));
        drop(process);
        registrar_of(warehouse.tenant.app).mood("", "well", "generate", 1);
        cut += warehouse.number("select count(*) from einvoice_attempts where finished_at is null");

        // then the next one clears up what became of each, with no person
        two_minutes_go_by(&urls);
        let process = process::serve(&short_lease(&urls));
        let waits = "select count(*) from einvoices where status <> 'registered'";
        until(
            &format!("round {round}: every document is registered"),
            || warehouse.number(waits) == 0,
        );
        every_job_ends(&urls);
        drop(process);

        // then: each is in the registrar's books once, under the key that we hold
        let documents = round * EACH;
        let there = "select concat_ws(' ', count(*), count(distinct (doc_type, doc_no)), count(distinct irn)) from sandbox.invoices";
        assert_eq!(
            warehouse.ask(there),
            format!("{documents} {documents} {documents}"),
            "round {round}"
        );
        let same = "select count(*) from einvoices e join documents d on d.tenant_id = e.tenant_id and d.id = e.id
                      join sandbox.invoices i on i.doc_no = d.number and i.irn = d.irn and i.ack_no::text = e.ack_no::text and i.signed_qr = e.signed_qr
                      where e.is_verified";
        assert_eq!(warehouse.number(same), documents, "round {round}");
        nothing_is_locked(&urls);
        books_are_sound(&urls, &format!("registering {round}"));
    }
    let looked = warehouse.ask(
        "select count(*) from einvoice_attempts where operation = 'find' and outcome = 'done'",
    );
    println!("registering: {cut} calls cut off, {looked} of them found at the authority");
    assert!(cut > 0, "no kill has cut off a call");
    killer.has_hit("registering");
}
