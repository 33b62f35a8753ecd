//! E-invoices as people handle them: what is ready, many at once, cancelling at the authority, and alarms before the window closes.

use super::einvoices::{Trade, trade, trade_in};
use crate::support::{Page, ask, own_app_set, run, trade as goods, until, word};
use chrono::{Duration, Utc};
use mandi::accounting::actions::Issued;
use mandi::accounting::rules::cancelling::{After, after, call, is_clear};
use mandi::accounting::rules::einvoice::{Operation, Outcome, Past};
use mandi::kernel::dates;
use mandi::platform::permissions::Role;
use uuid::Uuid;

impl Trade {
    pub fn path(&self, rest: &str) -> String {
        self.tenant.path(rest)
    }

    pub fn get(&self, rest: &str) -> Page {
        self.tenant.owner.get(&self.path(rest))
    }

    pub fn switch_account(&self, on: bool) {
        run(
            self.tenant.app,
            &format!(
                "update einvoice_accounts set is_active = {on} where tenant_id = '{}'",
                self.tenant.id
            ),
        );
    }

    /// A document that is registered, so that the company has an account from now on.
    pub fn first(&self) -> Issued {
        let first = self.issue("FIRST");
        self.becomes(&first, "registered");
        first
    }

    /// Asks for the cancelling of a document as its page does.
    pub fn cancel(&self, issued: &Issued) -> Page {
        self.get(&format!("/e-invoices/{}/cancel", issued.url_no))
            .is(200)
            .form("#confirm")
            .fill("code", "2")
            .fill("reason", "Wrong rate")
            .submit()
            .follow()
    }

    pub fn document(&self, issued: &Issued, what: &str) -> String {
        ask(
            self.tenant.app,
            &format!(
                "select coalesce(({what})::text, '') as value from documents where tenant_id = '{}' and id = '{}'",
                self.tenant.id, issued.id
            ),
        )
    }

    pub fn there(&self, issued: &Issued) -> String {
        let found = self.registrar.registered(&self.gstin);
        let row = found.iter().find(|row| row.doc_no == issued.number);
        row.map_or_else(String::new, |row| row.status.clone())
    }

    /// Makes a line of a document as no form leaves it.
    pub(super) fn spoil(&self, issued: &Issued, what: &str) {
        run(
            self.tenant.app,
            &format!(
                "alter table document_lines disable trigger user; update document_lines set {what} where document_id = '{}'; alter table document_lines enable trigger user",
                issued.id
            ),
        );
    }

    /// Fails unless all books of the company agree.
    #[track_caller]
    pub fn is_clean(&self) {
        goods::wholly_sound(&self.tenant);
    }

    /// Posts a wish to cancel without having been asked for it.
    pub fn wishes(&self, rest: &str) -> Page {
        let key = Uuid::new_v4().to_string();
        let fields = [
            ("_key", key.as_str()),
            ("code", "2"),
            ("reason", "Wrong rate"),
        ];
        self.tenant.owner.post(&self.path(rest), &fields)
    }

    /// The customer pays so much in cash, as its page takes it: the oldest bills first.
    pub fn pays(&self, amount: &str) -> Page {
        let code = self.ask(&format!(
            "select code from customers where id = '{}'",
            self.shop.customer
        ));
        self.get(&format!("/payments/new?customer={code}"))
            .is(200)
            .form("#payment")
            .fill("amount", amount)
            .fill("method", "cash")
            .submit()
            .follow()
    }

    fn registered_at(&self, moment: &str, issued: &Issued) {
        run(
            self.tenant.app,
            &format!(
                "alter table einvoices disable trigger proof; update einvoices set ack_at = {moment} where id = '{}'; alter table einvoices enable trigger proof",
                issued.id
            ),
        );
    }
}

#[test]
fn what_is_not_sent_is_looked_through_before_anybody_sends() {
    // given: an account that may not be used, so that three documents wait; of two a line is not as the authority wants it today
    let trade = trade();
    trade.first();
    trade.switch_account(false);
    let good = trade.issue("GOOD");
    let (short, odd) = (trade.issue("SHORT"), trade.issue("ODD"));
    for document in [&good, &short, &odd] {
        trade.becomes(document, "failed_fix");
    }
    trade.spoil(&short, "hsn = '1006'");
    trade.spoil(&odd, "unit = 'XYZ'");

    // when: without an account nothing is ready
    let page = trade.get("/e-invoices/ready");

    // then
    page.is(200)
        .shows("#summary", "0 ready · 0 refused · 3 to be put right");

    // when
    trade.switch_account(true);
    let page = trade.get("/e-invoices/ready");

    // then: line, field and the way to put it right
    page.is(200)
        .shows("#summary", "1 ready · 0 refused · 2 to be put right")
        .shows("#list", "Line 1:")
        .shows(
            "#list",
            "An e-invoice needs six digits of the HSN code, Product SHORT has 1006.",
        )
        .shows("#list", "Field HSN code")
        .shows(
            "#list",
            "XYZ is not a unit that GST knows, Product ODD is counted in it.",
        )
        .shows("#list", "Field Unit");
    let links = page.attributes("#list td a", "href");
    assert!(links.contains(&trade.path("/products/SHORT")), "{links:?}");
    let only = trade.get("/e-invoices/ready?state=ready");
    only.shows("#list", &good.number)
        .shows_not("#list", &short.number);

    // when
    let page = page.form("#send-ready").submit().follow();

    // then: the good one alone was sent
    page.is(200)
        .shows(".toast", "1 document is on its way to the authority.");
    trade.becomes(&good, "registered");
    assert_eq!(trade.word(&short, "status"), "failed_fix");
    assert_eq!(trade.sent(), 2);
    trade
        .get("/e-invoices/ready")
        .shows("#summary", "0 ready · 0 refused · 2 to be put right");
}

#[test]
fn what_the_authority_may_not_know_is_doubted_and_may_be_sent_all_the_same() {
    // given: a sound document, one with a code of no list, and one whose supplier has a PIN code of another state
    let trade = trade();
    trade.first();
    trade.switch_account(false);
    let (company, app) = (trade.tenant.id, trade.tenant.app);
    let pin = |pin: &str| {
        run(
            app,
            &format!(
                "update gst_registrations set pincode = '{pin}' where tenant_id = '{company}'"
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

    // when
    let page = trade.get("/e-invoices/ready");

    // then
    page.is(200)
        .shows("#summary", "1 ready · 0 refused · 2 to be put right")
        .shows(
            "#list",
            "The authority may not know the HSN code 999999 of Product STRANGE.",
        )
        .shows(
            "#list",
            "The PIN code 110001 of the supplier does not look like one of Tamil Nadu.",
        );

    // when: the company vouches for the code with a rate of its own
    run(
        app,
        &format!(
            "insert into own_tax_rates (tenant_id, id, hsn_prefix, rate, valid_from, reason) values ('{company}', gen_random_uuid(), '9999', 5, '2026-01-01', 'Ruling')"
        ),
    );

    // then
    trade
        .get("/e-invoices/ready")
        .shows("#summary", "2 ready · 0 refused · 1 to be put right");

    // when: somebody sends the doubted one from its own page
    trade.again(&far);

    // then: it is the authority that refuses it, by its own list
    until("it is refused", || {
        trade.word(&far, "faults->0->>'code'") == "3039"
    });
    assert_eq!(trade.word(&far, "status"), "failed_fix");
    // The PIN code is the supplier's own: it is no use to look at the customer.
    assert!(
        trade
            .word(&far, "faults->0->>'link'")
            .starts_with("/settings/e-invoices/")
    );
}

#[test]
fn ticked_documents_are_sent_and_the_others_say_why_not() {
    // given
    let trade = trade();
    trade.first();
    trade.switch_account(false);
    let documents = ["TICK-1", "TICK-2", "TICK-3"].map(|sku| trade.issue(sku));
    for document in &documents {
        trade.becomes(document, "failed_fix");
    }
    trade.spoil(&documents[2], "hsn = '1006'");
    trade.switch_account(true);
    let ids: Vec<String> = documents.iter().map(|one| one.id.to_string()).collect();

    // when: one that is good, and one that is not
    let send = trade.path("/e-invoices/send");
    let key = Uuid::new_v4().to_string();
    let fields = |action| {
        [
            ("_key", key.as_str()),
            ("id", ids[0].as_str()),
            ("id", ids[2].as_str()),
            ("shown", "3"),
            ("action", action),
        ]
    };
    let page = trade.tenant.owner.post(&send, &fields("send")).follow();

    // then: said why, and ticked still
    page.is(200).shows(
        ".toast",
        "1 document is on its way to the authority. 1 skipped:",
    );
    assert_eq!(
        page.attributes("#bulk input[name=id][checked]", "value"),
        [ids[2].clone()]
    );
    trade.becomes(&documents[0], "registered");
    assert_eq!(trade.word(&documents[1], "status"), "failed_fix");
    assert_eq!(trade.word(&documents[2], "status"), "failed_fix");

    // and nobody without the right sends, and nobody of another company sees them
    let (_, viewer) = trade.tenant.employee(Role::Viewer);
    let page = viewer.get(&trade.path("/e-invoices/ready"));
    page.is(200);
    assert_eq!(page.count("#send-ready"), 0);
    let key = Uuid::new_v4().to_string();
    viewer
        .post(&send, &[("_key", key.as_str()), ("action", "ready")])
        .is(403);
    let rival = crate::support::tenant();
    rival
        .owner
        .get(&rival.path("/e-invoices/ready"))
        .is(200)
        .shows_not("main", &documents[1].number);
    rival
        .owner
        .get(&rival.path(&format!("/e-invoices/{}/cancel", documents[0].url_no)))
        .is(404);
}

#[test]
fn a_registered_document_is_cancelled_there_and_then_here() {
    // given
    let trade = trade();
    let issued = trade.first();
    let owed = || {
        ask(
            trade.tenant.app,
            &format!(
                "select balance::text as value from customer_accounts where tenant_id = '{}' and id = '{}'",
                trade.tenant.id, trade.shop.customer
            ),
        )
    };
    assert_eq!(owed(), format!("{:.2}", issued.total.as_decimal()));
    trade
        .get(&format!("/e-invoices/{}", issued.url_no))
        .shows("main", "Can be cancelled until");

    // when: without a reason in words
    let page = trade
        .get(&format!("/e-invoices/{}/cancel", issued.url_no))
        .form("#confirm")
        .fill("code", "3")
        .fill("reason", " ")
        .submit();

    // then: asked again, nothing lost, nothing done
    page.is(422);
    assert_eq!(
        page.attribute("#code option[selected]", "value").as_deref(),
        Some("3")
    );
    assert_eq!(trade.word(&issued, "cancel_asked_at"), "");

    // when
    trade.cancel(&issued).is(200);

    // then: at the authority first, then in the books, with reason and remark
    trade.becomes(&issued, "cancelled");
    until("the books follow", || {
        trade.document(&issued, "status") == "cancelled"
    });
    assert_eq!(trade.there(&issued), "CNL");
    assert_eq!(trade.attempts(&issued), "generate done, cancel done");
    assert_eq!(
        trade.document(&issued, "cancel_code || ' ' || cancel_reason"),
        "2 Wrong rate"
    );
    assert_eq!(owed(), "0.00");
    let request = ask(
        trade.tenant.app,
        &format!(
            "select convert_from(request, 'UTF8') as value from einvoice_attempts where document_id = '{}' and operation = 'cancel'",
            issued.id
        ),
    );
    assert_eq!(
        request,
        format!(
            "{{\"Irn\":\"{}\",\"CnlRsn\":\"2\",\"CnlRem\":\"Wrong rate\"}}",
            trade.document(&issued, "irn")
        )
    );
    trade
        .get(&format!("/e-invoices/{}/cancel", issued.url_no))
        .is(409)
        .shows("main", "is cancelled already");

    // and the shipment can be billed again, under another number
    let shipment = ask(
        trade.tenant.app,
        &format!(
            "select number as value from shipments where tenant_id = '{}' order by id desc limit 1",
            trade.tenant.id
        ),
    );
    let second = goods::billed(&trade.tenant, &shipment);
    assert_ne!(second.number, issued.number);
    trade.becomes(&second, "registered");
    trade.is_clean();
}

#[test]
fn after_a_day_a_credit_note_is_the_way_out() {
    // given
    let trade = trade();
    let issued = trade.first();
    let path = format!("/e-invoices/{}/cancel", issued.url_no);
    trade.get(&path).is(200);

    // when, then: while its time lasts, the button says how much is left
    let own = format!("/e-invoices/{}", issued.url_no);
    let offer = |left: &str| {
        let page = trade.get(&own);
        page.is(200)
            .shows(".actions a", &format!("Cancel at the authority · {left}"))
            .shows_not(".actions", "Credit note…");
        assert_eq!(page.count("#too-late"), 0);
    };
    offer("23 hours left");
    trade.registered_at("now() - interval '18 hours 30 minutes'", &issued);
    offer("5 hours left");

    // when: it is over
    trade.registered_at("now() - interval '24 hours 1 minute'", &issued);

    // then: a way to a credit note stands in its place, for whoever may write one
    let page = trade.get(&own);
    page.is(200)
        .shows_not("main", "Cancel at the authority")
        .shows_not("main", "Can be cancelled until")
        .shows(
            "#too-late",
            "The 24 hours in which it could be cancelled at the authority are over: a credit note takes it back.",
        );
    page.click("Credit note…")
        .is(200)
        .shows("h1", &format!("Credit note on {}", issued.number));
    let (_, viewer) = trade.tenant.employee(Role::Viewer);
    let page = viewer.get(&trade.path(&own));
    page.is(200).shows_not("main", "Credit note…");
    assert_eq!(page.count("#too-late"), 0);

    // when: somebody asks all the same
    let page = trade.get(&path);

    // then
    page.is(409)
        .shows("main", "The 24 hours in which")
        .shows("main", "Write a credit note.");
    let key = Uuid::new_v4().to_string();
    let fields = [
        ("_key", key.as_str()),
        ("code", "2"),
        ("reason", "Wrong rate"),
    ];
    trade.tenant.owner.post(&trade.path(&path), &fields).is(409);
    assert_eq!(trade.attempts(&issued), "generate done");
    assert_eq!(trade.document(&issued, "status"), "issued");
}

#[test]
fn the_authority_s_own_clock_refuses_in_words_too() {
    // given: our books say that there is time, the authority says that there is none
    let trade = trade();
    let issued = trade.first();
    trade.registrar.run(&format!(
        "update sandbox.invoices set ack_at = ack_at - interval '25 hours' where doc_no = '{}' and gstin = '{}'",
        issued.number, trade.gstin
    ));

    // when
    trade.cancel(&issued).is(200);

    // then: the wish ends, the document stands, the page says what to do
    until("the wish ended", || {
        trade.attempts(&issued) == "generate done, cancel refused"
            && trade.word(&issued, "cancel_asked_at").is_empty()
    });
    assert_eq!(trade.word(&issued, "status"), "registered");
    assert_eq!(trade.word(&issued, "faults->0->>'code'"), "2270");
    assert_eq!(trade.document(&issued, "status"), "issued");
    trade
        .get(&format!("/e-invoices/{}", issued.url_no))
        .shows(
            "main",
            "The 24 hours in which it could be cancelled are over.",
        )
        .shows("main", "Write a credit note.");
}

#[test]
fn a_lost_answer_to_a_cancelling_is_looked_up_before_it_is_asked_again() {
    // given
    let trade = trade();
    let issued = trade.first();
    trade.registrar.mood(&trade.gstin, "losing", "cancel", 1);

    // when
    trade.cancel(&issued).is(200);

    // then: a look found it cancelled, and it was not asked again
    trade.becomes(&issued, "cancelled");
    until("the books follow", || {
        trade.document(&issued, "status") == "cancelled"
    });
    assert_eq!(
        trade.attempts(&issued),
        "generate done, cancel lost, fetch done"
    );

    // given: one whose wish never arrived
    let second = trade.issue("SECOND");
    trade.becomes(&second, "registered");
    trade.registrar.mood(&trade.gstin, "down", "cancel", 1);

    // when
    trade.cancel(&second).is(200);

    // then: a look found it standing, and then it was asked again
    until("the books follow", || {
        trade.document(&second, "status") == "cancelled"
    });
    assert_eq!(
        trade.attempts(&second),
        "generate done, cancel lost, fetch done, cancel done"
    );
    trade.is_clean();
}

#[test]
fn while_the_authority_is_asked_the_goods_stay_and_money_comes_off_again() {
    // given: an authority that takes its time
    let trade = trade();
    let issued = trade.first();
    trade.registrar.mood(&trade.gstin, "slow 5000", "cancel", 1);
    let shipment = trade.ask(&format!(
        "select number from shipments where invoice_id = '{}'",
        issued.id
    ));
    let shipment = trade.path(&format!("/shipments/{shipment}/send"));
    let (vehicle, driver) = goods::fleet(&trade.tenant, 500);
    let today = dates::today(trade.tenant.app.state.db.clock().now()).to_string();
    let send = || {
        let key = Uuid::new_v4().to_string();
        let fields = [
            ("_key", key.as_str()),
            ("vehicle", vehicle.as_str()),
            ("driver", driver.as_str()),
            ("expected_on", today.as_str()),
        ];
        trade.tenant.owner.post(&shipment, &fields)
    };

    // when: it is asked, somebody asks again, the goods are to leave, and the customer pays
    trade.cancel(&issued).is(200);
    let again = trade.get(&format!("/e-invoices/{}/cancel", issued.url_no));
    let sent = send();
    let leaving = run_refused(
        &trade,
        &format!(
            "update shipments set status = 'out' where tenant_id = '{}' and invoice_id = '{}'",
            trade.tenant.id, issued.id
        ),
    );
    let paid = trade.pays(&format!("{:.2}", issued.total.as_decimal()));

    // then: nothing happens twice, the goods stay, and the money stands on account
    again.is(409).shows("main", "wait for its answer");
    let words = format!(
        "The authority is asked to cancel {}: wait for its answer.",
        issued.number
    );
    sent.is(409).shows("main", &words);
    assert!(leaving.contains("is being cancelled"), "{leaving}");
    paid.is(200);
    until("the books follow", || {
        trade.document(&issued, "status") == "cancelled"
    });
    let open = ask(
        trade.tenant.app,
        &format!(
            "select string_agg(side || ' ' || open, ', ' order by id) as value from open_items where tenant_id = '{}' and is_open",
            trade.tenant.id
        ),
    );
    assert_eq!(open, format!("credit {:.2}", issued.total.as_decimal()));

    // and with a bill of their own the goods leave
    let number = shipment.rsplit('/').nth(1).unwrap();
    let second = goods::billed(&trade.tenant, number);
    trade.becomes(&second, "registered");
    send().is(303);
    trade.is_clean();
}

fn run_refused(trade: &Trade, sql: &str) -> String {
    use diesel::connection::SimpleConnection;
    let mut pg = trade.tenant.app.owner();
    pg.batch_execute(sql).unwrap_err().to_string()
}

#[test]
fn what_was_paid_before_or_has_an_e_way_bill_is_not_cancelled() {
    // given: an e-way bill
    let trade = trade();
    let issued = trade.first();
    let company = trade.tenant.id;
    run(
        trade.tenant.app,
        &format!(
            "insert into eway_bills (tenant_id, id, document_id, customer_id, status, number, made_at)
               values ('{company}', gen_random_uuid(), '{}', '{}', 'active', '391000000001', now())",
            issued.id, trade.shop.customer
        ),
    );
    let path = format!("/e-invoices/{}/cancel", issued.url_no);

    // when, then
    trade.get(&path).is(409).shows(
        "main",
        "has the e-way bill 391000000001. Cancel that first.",
    );
    run(
        trade.tenant.app,
        &format!(
            "update eway_bills set status = 'cancelled', cancelled_at = now() where tenant_id = '{company}'"
        ),
    );
    trade.get(&path).is(200);

    // given: a part of it is paid
    trade.pays("100").is(200);

    // when, then: neither asked nor done
    let words = format!(
        "₹100.00 of {} is paid or credited. Write a credit note.",
        issued.number
    );
    for room in ["e-invoices", "invoices"] {
        trade
            .get(&format!("/{room}/{}", issued.url_no))
            .shows("#no-cancel", &words)
            .shows_not("#no-cancel", "Within 24 hours");
    }
    trade.get(&path).is(409).shows("main", &words);
    trade.wishes(&path).is(409).shows("main", &words);
    assert_eq!(trade.word(&issued, "cancel_asked_at"), "");

    // given: a credit note on another
    let second = trade.issue("SECOND");
    trade.becomes(&second, "registered");
    goods::a_note(&trade.tenant, &second, true);

    // when, then
    let words = format!("of {} is paid or credited.", second.number);
    let path = format!("/e-invoices/{}/cancel", second.url_no);
    trade.get(&path).is(409).shows("main", &words);
    trade.wishes(&path).is(409).shows("main", &words);
    assert_eq!(trade.attempts(&second), "generate done");
    trade.is_clean();
}

#[test]
fn a_day_without_the_authority_ends_with_one_registration_and_one_alarm() {
    // given: a company with thirty days to report, in an application whose clock we drive
    let app = own_app_set("einvoices_alarms", &[]);
    let trade = trade_in(app);
    let (company, clock) = (trade.tenant.id, app.state.db.clock());
    let (accounts, _) = trade.tenant.employee(Role::Accounts);
    let (sales, _) = trade.tenant.employee(Role::Sales);
    let day = |days: i64| clock.set(Some(Utc::now() + Duration::days(days)));
    let watch = || {
        let done = || {
            word(
                &app.owner_url,
                "select count(*) from jobs where kind = 'einvoices.watch' and state = 'done'",
            )
            .parse::<i64>()
            .unwrap()
        };
        let before = done();
        run(
            app,
            "select enqueue_job(gen_random_uuid(), 'einvoices.watch', 'Watch', '{}', null, 100::smallint, now(), 8)",
        );
        until("the watch has looked", || done() > before);
    };
    let letters = |to: &str| {
        word(
            &app.owner_url,
            &format!(
                "select count(*) from mails where kind = 'einvoices-waiting' and recipient = '{to}'"
            ),
        )
    };
    trade.registrar.mood(&trade.gstin, "down", "", 100_000);
    let issued = trade.issue("ALARM");
    run(
        app,
        &format!(
            "update einvoices set last_day = document_date + 29 where tenant_id = '{company}'"
        ),
    );

    // when: three days, then the same again, then the day before the last
    day(3);
    watch();
    watch();
    assert_eq!(letters(&trade.tenant.owner_email), "1");
    day(28);
    watch();
    watch();

    // then: each alarm once, to the owner and to accounts, and to nobody else
    assert_eq!(letters(&trade.tenant.owner_email), "2");
    assert_eq!(letters(&accounts), "2");
    assert_eq!(letters(&sales), "0");
    let letter = word(
        &app.owner_url,
        &format!(
            "select text_body from mails where kind = 'einvoices-waiting' and recipient = '{accounts}' order by created_at desc, id desc limit 1"
        ),
    );
    assert!(letter.contains(&issued.number), "{letter}");
    assert!(
        letter.contains("The time in which it can be reported ends."),
        "{letter}"
    );
    assert_eq!(trade.registrar.registered(&trade.gstin).len(), 0);

    // when: the authority is back, and nobody tries at this moment
    until("nobody works at it", || {
        word(
            &app.owner_url,
            "select count(*) from jobs where kind = 'einvoices.send' and state = 'running'",
        ) == "0"
    });
    trade.registrar.mood(&trade.gstin, "well", "", 1);
    trade.again(&issued);

    // then: registered once
    until("it is registered", || {
        day(28);
        trade.word(&issued, "status") == "registered"
    });
    assert_eq!(trade.registrar.registered(&trade.gstin).len(), 1);
    clock.set(None);
}

#[test]
fn no_cancelling_is_asked_again_before_somebody_has_looked() {
    // given: every history of up to five calls
    let mut histories: Vec<Vec<Past>> = vec![Vec::new()];
    let mut looked_at = 0;
    for _ in 0..5 {
        let mut longer = Vec::new();
        for history in &histories {
            let next = call(history);
            for outcome in Outcome::ALL {
                let mut history = history.clone();
                history.push(Past {
                    operation: next,
                    outcome: *outcome,
                    is_stranger: false,
                    is_too_old: false,
                });
                longer.push(history);
            }
        }
        for history in &longer {
            // when
            let lost = history.iter().rposition(|step| {
                step.operation == Operation::Cancel
                    && matches!(step.outcome, Outcome::Lost | Outcome::Busy)
            });

            // then
            if let Some(lost) = lost
                && call(history) == Operation::Cancel
            {
                let has_looked = history[lost..].iter().any(|step| {
                    step.operation == Operation::Fetch
                        && matches!(
                            step.outcome,
                            Outcome::Done | Outcome::NotFound | Outcome::Refused
                        )
                });
                assert!(has_looked, "{history:?}");
                looked_at += 1;
            }
            // What may have happened is never called standing.
            if history
                .last()
                .is_some_and(|step| step.outcome == Outcome::Lost)
            {
                assert_ne!(after(history, false), After::Stands, "{history:?}");
            }
            if history.is_empty() {
                assert!(is_clear(history));
            }
        }
        histories = longer;
    }
    assert!(looked_at > 100, "{looked_at}");
}

#[test]
fn what_waits_says_why_on_both_lists_and_promises_no_try_that_is_over() {
    // given: the authority ends our login, and the new one too
    let trade = trade();
    trade.first();
    trade
        .registrar
        .mood(&trade.gstin, "failing 1005", "generate", 2);
    let ended = trade.issue("ENDED");
    until("the new login did not hold either", || {
        trade.attempts(&ended) == "generate signed_out, generate signed_out"
    });
    trade.becomes(&ended, "failed_wait");

    // when, then: the list of all and the list of what may go say the same
    let words = "The login at the authority no longer holds.";
    trade
        .get("/e-invoices")
        .is(200)
        .shows("#list", words)
        .shows("#list", "Again ");
    trade
        .get("/e-invoices/ready")
        .is(200)
        .shows("#summary", "1 ready · 0 refused · 0 to be put right")
        .shows("#list", words)
        .shows("#list", "Waiting for the authority · Again ");

    // when: the moment is over, and nobody has come to it
    run(
        trade.tenant.app,
        &format!(
            "update einvoices set next_try_at = now() - interval '1 hour' where tenant_id = '{}' and id = '{}'",
            trade.tenant.id, ended.id
        ),
    );

    // then
    let late = "At once; it was due ";
    trade
        .get("/e-invoices")
        .shows("#list", late)
        .shows_not("#list", "Again ");
    trade
        .get(&format!("/e-invoices/{}", ended.url_no))
        .shows("[aria-labelledby=s-state]", late);
}

#[test]
fn a_registered_bill_says_where_it_is_cancelled() {
    // given
    let trade = trade();
    let first = trade.first();

    // when
    let page = trade.get(&format!("/invoices/{}", first.url_no));

    // then
    page.is(200).shows(
        "#no-cancel",
        &format!(
            "It can't be cancelled here. {} is registered at the authority. Within 24 hours of that it is cancelled there, by its page under E-invoices; after that, write a credit note.",
            first.number
        ),
    );
}

#[test]
fn the_shipment_says_what_the_authority_has_of_its_bill() {
    // given
    let trade = trade();
    let first = trade.first();
    let shipment = trade.ask(&format!(
        "select number from shipments where tenant_id = '{}' and invoice_id = '{}'",
        trade.tenant.id, first.id
    ));
    let page = trade.get(&format!("/shipments/{shipment}"));
    page.shows("#bill", &first.number)
        .shows("#bill", "Registered at the authority");
    assert_eq!(page.count("#eway-bill"), 0);

    // when
    trade
        .get(&format!("/e-invoices/{}/e-way-bill", first.url_no))
        .form("#eway")
        .fill("vehicle", "TN09AB1234")
        .fill("distance", "120")
        .submit()
        .is(303);
    let number = || {
        trade.ask(&format!(
            "select number from eway_bills where tenant_id = '{}' and document_id = '{}' and status = 'active'",
            trade.tenant.id, first.id
        ))
    };
    until("the e-way bill is made", || !number().is_empty());

    // then
    let page = trade.get(&format!("/shipments/{shipment}"));
    assert_eq!(page.texts("#eway-bill"), [number()]);

    // and its e-invoice names the customer, and no last day to report what is reported
    let buyer = trade.ask(&format!(
        "select parties #>> '{{buyer,name}}' from documents where tenant_id = '{}' and id = '{}'",
        trade.tenant.id, first.id
    ));
    trade
        .get(&format!("/e-invoices/{}", first.url_no))
        .shows(".head .meta", &buyer)
        .shows_not("main", "Last day to report");
}
