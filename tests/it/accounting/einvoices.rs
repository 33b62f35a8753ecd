//! Documents registered at the authority: over HTTP, by the sandbox registrar that shares no code with the client.

use crate::support::registrar::{Heard, Login, Registrar, registrar_of};
use crate::support::trade::{billed, confirmed, goods, packed};
use crate::support::{
    App, Shop, Tenant, ask, gstin_in, pdf, retailer, run, tenant, tenant_in, until,
};
use mandi::accounting::actions::{Issued, einvoices};
use mandi::accounting::rules::einvoice::{Next, Operation, Outcome, Past, Status, after, call};
use mandi::platform::db::{Member, Meter};
use serde_json::Value;

/// A company that has to e-invoice, with its registration known to the registrar, and a buyer with a GSTIN.
pub struct Trade {
    pub tenant: Tenant,
    pub shop: Shop,
    pub gstin: String,
    pub buyer: String,
    pub registrar: Registrar,
}

pub fn trade() -> Trade {
    trade_of(tenant())
}

/// The same in some application.
pub fn trade_in(app: &'static App) -> Trade {
    trade_of(tenant_in(app))
}

/// The same of a company that is there already.
pub fn trade_of(tenant: Tenant) -> Trade {
    let shop = retailer(&tenant);
    let company = tenant.id;
    let buyer = gstin_in("33", &crate::support::gstin()[2..12]);
    run(
        tenant.app,
        &format!(
            "insert into accounting_settings (tenant_id, id, einvoice_from) values ('{company}', gen_random_uuid(), '2023-08-01');
             update gst_registrations set address = '4 Mount Road', city = 'Chennai', pincode = '600002' where tenant_id = '{company}';
             update customers set kind = 'registered', gstin = '{buyer}' where tenant_id = '{company}' and id = '{}'",
            shop.customer
        ),
    );
    let gstin = ask(
        tenant.app,
        &format!("select gstin as value from gst_registrations where tenant_id = '{company}'"),
    );
    let registrar = registrar_of(tenant.app);
    registrar.know(&buyer, "REG");
    Trade {
        tenant,
        shop,
        gstin,
        buyer,
        registrar,
    }
}

impl Trade {
    pub fn issue(&self, sku: &str) -> Issued {
        self.issue_at(sku, "120.00")
    }

    /// Twelve units at a price.
    pub fn issue_at(&self, sku: &str, price: &str) -> Issued {
        let product = goods(&self.tenant, sku, price, "100");
        run(
            self.tenant.app,
            &format!(
                "update products set hsn = '100630', unit = 'KGS' where tenant_id = '{}' and sku = '{sku}'",
                self.tenant.id
            ),
        );
        let order = confirmed(&self.tenant, &self.shop, &[(product, "12")]);
        billed(&self.tenant, &packed(&self.tenant, &order))
    }

    pub fn ask(&self, sql: &str) -> String {
        ask(
            self.tenant.app,
            &format!("select coalesce(({sql})::text, '') as value"),
        )
    }

    pub fn word(&self, issued: &Issued, what: &str) -> String {
        ask(
            self.tenant.app,
            &format!(
                "select coalesce(({what})::text, '') as value from einvoices where tenant_id = '{}' and id = '{}'",
                self.tenant.id, issued.id
            ),
        )
    }

    #[track_caller]
    pub fn becomes(&self, issued: &Issued, status: &str) {
        until(&format!("{} is {status}", issued.number), || {
            self.word(issued, "status") == status
        });
    }

    pub fn attempts(&self, issued: &Issued) -> String {
        ask(
            self.tenant.app,
            &format!(
                "select coalesce(string_agg(operation || ' ' || coalesce(outcome, 'runs'), ', ' order by id), '') as value
                   from einvoice_attempts where tenant_id = '{}' and document_id = '{}'",
                self.tenant.id, issued.id
            ),
        )
    }

    /// What the company signs in with, as the registrar knows it.
    pub fn login(&self) -> Login {
        let word = |column: &str| {
            let sql = format!(
                "select {column} as value from sandbox.taxpayers where gstin = '{}'",
                self.gstin
            );
            ask(self.tenant.app, &sql)
        };
        Login {
            gstin: self.gstin.clone(),
            client_id: word("client_id"),
            client_secret: word("client_secret"),
            user_name: word("user_name"),
            password: word("password"),
        }
    }

    pub fn again(&self, issued: &Issued) {
        let member = Member::system(self.tenant.id, "test");
        self.tenant
            .app
            .state
            .db
            .write(&member, &Meter::default(), |scope| {
                einvoices::again(scope, issued.id)
            })
            .unwrap();
    }

    /// How often the registrar was asked to register.
    pub fn sent(&self) -> usize {
        let calls: Vec<Heard> = self.registrar.calls(&self.gstin);
        calls
            .iter()
            .filter(|call| call.method == "POST" && call.path.ends_with("/Invoice"))
            .count()
    }
}

#[test]
fn a_document_is_registered_by_itself_and_its_proof_holds() {
    // given
    let trade = trade();

    // when
    let issued = trade.issue("RICE");

    // then: registered once, signed by a pinned key, with the document's own key
    trade.becomes(&issued, "registered");
    assert_eq!(trade.attempts(&issued), "generate done");
    let there = trade.registrar.registered(&trade.gstin);
    assert_eq!(there.len(), 1);
    let irn = ask(
        trade.tenant.app,
        &format!(
            "select irn as value from documents where id = '{}'",
            issued.id
        ),
    );
    assert_eq!(
        (there[0].irn.as_str(), &there[0].doc_no),
        (irn.as_str(), &issued.number)
    );
    assert_eq!(trade.word(&issued, "is_verified"), "true");
    assert_eq!(trade.word(&issued, "ack_no"), there[0].ack_no.to_string());
    let holds = trade.word(
        &issued,
        "select signature_holds(signed_qr, modulus, exponent) and signature_holds(signed_invoice, modulus, exponent)
           from authority_keys k where k.environment = 'sandbox' and k.purpose = 'signing' and k.kid = einvoices.kid",
    );
    assert_eq!(holds, "true");

    // and what was sent is kept, and says what is there
    let request = ask(
        trade.tenant.app,
        &format!(
            "select convert_from(request, 'UTF8') as value from einvoice_attempts where document_id = '{}' and operation = 'generate'",
            issued.id
        ),
    );
    let sent: Value = serde_json::from_str(&request).unwrap();
    assert_eq!(sent, there[0].payload);
    assert_eq!(sent["BuyerDtls"]["Gstin"], trade.buyer.as_str());
}

#[test]
fn a_lost_answer_ends_registered_without_anybody_doing_anything() {
    // given
    let trade = trade();
    trade.registrar.mood(&trade.gstin, "losing", "generate", 1);

    // when
    let issued = trade.issue("LOST");

    // then: looked up, and not sent again
    trade.becomes(&issued, "registered");
    assert_eq!(trade.attempts(&issued), "generate lost, find done");
    assert_eq!(trade.sent(), 1);
    assert_eq!(trade.word(&issued, "is_verified"), "true");
}

#[test]
fn what_is_registered_already_is_taken_as_our_own() {
    // given: an account that may not be used, and a document that somebody has registered with the same bytes
    let trade = trade();
    let first = trade.issue("FIRST");
    trade.becomes(&first, "registered");
    let company = trade.tenant.id;
    let switch = |on: bool| {
        run(
            trade.tenant.app,
            &format!("update einvoice_accounts set is_active = {on} where tenant_id = '{company}'"),
        );
    };
    switch(false);
    let issued = trade.issue("SECOND");
    trade.becomes(&issued, "failed_fix");
    assert_eq!(trade.word(&issued, "faults->0->>'field'"), "account");
    let mut payload = trade.registrar.registered(&trade.gstin)[0].payload.clone();
    payload["DocDtls"]["No"] = issued.number.as_str().into();
    let line = &mut payload["ItemList"][0];
    line["PrdDesc"] = "Product SECOND".into();
    let login = trade.login();
    let theirs = trade.registrar.sign_in(&login).generate(&payload);
    assert!(theirs.is_done(), "{}", theirs.json);

    // when
    switch(true);
    trade.again(&issued);

    // then
    trade.becomes(&issued, "registered");
    assert_eq!(trade.attempts(&issued), "generate duplicate, fetch done");
    assert_eq!(trade.word(&issued, "ack_no"), theirs.word("AckNo"));
}

#[test]
fn a_refusal_says_what_and_where_and_is_sent_again_when_it_is_put_right() {
    // given: a buyer whose registration is cancelled
    let trade = trade();
    let status = |status: &str| {
        trade.registrar.run(&format!(
            "update sandbox.taxpayers set status = '{status}' where gstin = '{}'",
            trade.buyer
        ));
    };
    status("CNL");

    // when
    let issued = trade.issue("FIX");

    // then: looked at anew once, then left to a person, with the place to put it right
    trade.becomes(&issued, "failed_fix");
    assert_eq!(
        trade.attempts(&issued),
        "generate refused, sync done, generate refused"
    );
    let fault = trade.word(&issued, "faults->0");
    let fault: Value = serde_json::from_str(&fault).unwrap();
    assert_eq!(
        (&fault["code"], &fault["field"], &fault["document"]),
        (
            &"3029".into(),
            &"gstin".into(),
            &issued.number.as_str().into()
        )
    );
    assert!(fault["link"].as_str().unwrap().starts_with("/customers/C"));
    assert_eq!(trade.registrar.registered(&trade.gstin).len(), 0);

    // and so it is read, on its page and in the list
    let said = "A GSTIN of it is not active.";
    trade
        .get(&format!("/e-invoices/{}", issued.url_no))
        .is(200)
        .shows("[aria-labelledby=s-wrong]", said)
        .shows("[aria-labelledby=s-wrong]", "Field GSTIN · 3029");
    trade
        .get("/e-invoices")
        .is(200)
        .shows("#list", said)
        .shows("#list", "Field GSTIN")
        .shows_not("#list", "Line 1:");

    // when
    status("ACT");
    trade.again(&issued);

    // then
    trade.becomes(&issued, "registered");
    assert_eq!(trade.word(&issued, "faults is null"), "true");
}

#[test]
fn a_refusal_of_a_line_names_line_and_field() {
    // given: a code under a heading that does not exist, which our own look lets pass
    let trade = trade();
    trade.first();
    trade.switch_account(false);
    let issued = trade.issue("CODE");
    trade.becomes(&issued, "failed_fix");
    trade.spoil(&issued, "hsn = '019900'");
    trade.switch_account(true);

    // when: it is sent from its own page
    trade
        .get(&format!("/e-invoices/{}", issued.url_no))
        .form("#send")
        .submit()
        .is(303);

    // then: document, line, field and the way to put it right
    until("it is refused", || {
        trade.word(&issued, "faults->0->>'code'") == "2176"
    });
    trade.becomes(&issued, "failed_fix");
    let said = "The authority does not know an HSN code of it.";
    let page = trade.get(&format!("/e-invoices/{}", issued.url_no));
    page.is(200)
        .shows("h1", &issued.number)
        .shows("[aria-labelledby=s-wrong] li", &format!("Line 1: {said}"))
        .shows("[aria-labelledby=s-wrong] li", "Field HSN code · 2176")
        .shows(
            "[aria-labelledby=s-wrong] li",
            "Correct the product, cancel this document and bill again.",
        );
    let links = page.attributes("[aria-labelledby=s-wrong] li a", "href");
    assert_eq!(links, [trade.path("/products/CODE")]);
    trade
        .get("/e-invoices?status=failed_fix")
        .is(200)
        .shows("#list", &format!("Line 1: {said}"))
        .shows("#list", "Field HSN code");
}

#[test]
fn the_code_on_the_paper_holds_the_signed_text_to_the_letter() {
    // given: an invoice that is registered
    let trade = trade();
    let issued = trade.first();
    let signed = trade.word(&issued, "signed_qr");
    assert_eq!(signed.split('.').count(), 3, "{signed}");

    // when: a phone looks at its paper
    let path = trade.path(&format!("/invoices/{}/pdf", issued.url_no));
    let (status, _, bytes) = trade.tenant.owner.bytes(&path);
    assert_eq!(status, 200);
    // which comes nearer when it can't make it out
    let mut codes = [200, 300, 400]
        .into_iter()
        .map(|dpi| pdf::codes(&pdf::page(&bytes, 0, dpi)))
        .filter(|codes| !codes.is_empty());

    // then
    let found = codes.next().unwrap_or_default();
    assert_eq!(found, [signed.as_str()]);
    let there = trade.ask(&format!(
        "select signed_qr from sandbox.invoices where gstin = '{}' and doc_no = '{}'",
        trade.gstin, issued.number
    ));
    assert_eq!(signed, there);
}

#[test]
fn an_authority_that_is_away_gets_it_once_when_it_is_back() {
    // given
    let trade = trade();
    trade.registrar.mood(&trade.gstin, "down", "generate", 1);
    trade.registrar.mood(&trade.gstin, "down", "find", 1);

    // when: neither sending nor looking up is answered
    let issued = trade.issue("DOWN");
    until("both calls were made", || {
        trade.attempts(&issued) == "generate lost, find lost"
    });

    // then: it is not known, and waits
    trade.becomes(&issued, "unknown");
    until("it waits", || {
        trade.word(&issued, "next_try_at is not null") == "true"
    });

    // when: it is back
    trade.again(&issued);

    // then: looked up before it was sent
    trade.becomes(&issued, "registered");
    assert_eq!(
        trade.attempts(&issued),
        "generate lost, find lost, find not_found, generate done"
    );
    assert_eq!(trade.registrar.registered(&trade.gstin).len(), 1);
}

#[test]
fn two_workers_make_one_call() {
    // given: an authority that takes its time
    let trade = trade();
    trade
        .registrar
        .mood(&trade.gstin, "slow 700", "generate", 1);

    // when
    let issued = trade.issue("TWICE");
    until("it is on its way", || {
        trade.word(&issued, "status") == "in_flight"
    });
    trade.again(&issued);
    trade.again(&issued);

    // then
    trade.becomes(&issued, "registered");
    assert_eq!(trade.sent(), 1);
    assert_eq!(trade.attempts(&issued), "generate done");
}

#[test]
fn one_that_is_not_there_is_sent_again_at_once_only_the_first_time() {
    // given: a document that was sent, and is not there, so many times
    let step = |operation, outcome| Past {
        operation,
        outcome,
        is_stranger: false,
        is_too_old: false,
    };
    let sent = |outcome| {
        [
            step(Operation::Generate, outcome),
            step(Operation::Find, Outcome::NotFound),
        ]
    };
    let (lost, busy) = (sent(Outcome::Lost), sent(Outcome::Busy));
    let unknown = |past: &[Past]| after(Status::Unknown, past);

    // when, then
    assert_eq!(unknown(&lost), (Status::Unknown, Next::Go));
    assert_eq!(
        unknown(&[lost, lost].concat()),
        (Status::Unknown, Next::Later)
    );
    assert_eq!(
        unknown(&[busy, lost].concat()),
        (Status::Unknown, Next::Later)
    );
    assert_eq!(unknown(&busy), (Status::FailedWait, Next::Later));
    assert_eq!(
        unknown(&[lost, busy].concat()),
        (Status::FailedWait, Next::Later)
    );
    for past in [&lost, &busy] {
        assert_eq!(call(past), Operation::Generate);
    }
}

#[test]
fn one_that_is_there_for_too_long_is_sent_for_its_acknowledgement() {
    // given: a look that says no more than that
    let step = |operation, outcome, is_too_old| Past {
        operation,
        outcome,
        is_stranger: false,
        is_too_old,
    };
    let sent = step(Operation::Generate, Outcome::Lost, false);
    let look = step(Operation::Find, Outcome::Refused, true);
    let refused = step(Operation::Generate, Outcome::Refused, false);
    let doubled = step(Operation::Generate, Outcome::Duplicate, false);
    let after = |past: &[Past]| (call(past), after(Status::Unknown, past));

    // when, then: sent at once the first time, with patience from then on
    let once = [sent, look];
    assert_eq!(
        after(&once),
        (Operation::Generate, (Status::Unknown, Next::Go))
    );
    assert_eq!(
        after(&[sent, look, sent, look]),
        (Operation::Generate, (Status::Unknown, Next::Later))
    );
    // a duplicate is fetched; a refusal decides nothing
    assert_eq!(
        after(&[sent, look, doubled]),
        (Operation::Fetch, (Status::Unknown, Next::Go))
    );
    assert_eq!(
        after(&[sent, look, refused]),
        (Operation::Generate, (Status::Unknown, Next::Later))
    );
    // and a look that is refused for another reason changes nothing
    let other = step(Operation::Find, Outcome::Refused, false);
    assert_eq!(
        after(&[sent, other]),
        (Operation::Find, (Status::Unknown, Next::Later))
    );
}

#[test]
fn one_that_was_cancelled_in_the_portal_is_found_as_cancelled() {
    // given: a registration whose answer was lost, and no look that was answered
    let trade = trade();
    let first = trade.issue("FIRST");
    trade.becomes(&first, "registered");
    trade.registrar.mood(&trade.gstin, "losing", "generate", 1);
    trade.registrar.mood(&trade.gstin, "down", "find", 1);
    let issued = trade.issue("PORTAL");
    until("it was looked up in vain", || {
        trade.attempts(&issued) == "generate lost, find lost"
            && trade.word(&issued, "next_try_at is not null") == "true"
    });
    let there = trade.registrar.registered(&trade.gstin);
    assert_eq!(there.len(), 2);

    // when: somebody cancels it there, and it is looked up again
    let portal = trade.registrar.sign_in(&trade.login());
    assert!(portal.cancel(&there[1].irn).is_done());
    trade.again(&issued);

    // then: cancelled at the authority, with its proof, and then in the books; nothing was sent again
    trade.becomes(&issued, "cancelled");
    until("the books follow", || {
        trade.document(&issued, "status") == "cancelled"
    });
    assert_eq!(
        trade.attempts(&issued),
        "generate lost, find lost, find done"
    );
    assert_eq!(trade.sent(), 2);
    assert_eq!(trade.word(&issued, "is_verified"), "true");
    assert_eq!(trade.word(&issued, "ack_no"), there[1].ack_no.to_string());
    assert_eq!(
        trade.document(&issued, "cancel_code || ' ' || cancel_reason"),
        "4 It was found cancelled at the authority."
    );
    trade
        .get(&format!("/e-invoices/{}", issued.url_no))
        .is(200)
        .shows(".head .pill", "Cancelled at the authority")
        .shows("main", "It was found cancelled at the authority.");
    // The one that stands, stands.
    assert_eq!(trade.word(&first, "status"), "registered");
    assert_eq!(trade.document(&first, "status"), "issued");
    trade.is_clean();
}

#[test]
fn nothing_is_sent_twice_before_somebody_has_looked() {
    // given: every history of up to six calls
    let operations = [
        Operation::Generate,
        Operation::Find,
        Operation::Fetch,
        Operation::Sync,
    ];
    let mut histories: Vec<Vec<Past>> = vec![Vec::new()];
    let mut looked_at = 0;
    for _ in 0..4 {
        let mut longer = Vec::new();
        for history in &histories {
            let next = call(history);
            assert!(operations.contains(&next));
            for outcome in Outcome::ALL {
                for (is_stranger, is_too_old) in [(false, false), (true, false), (false, true)] {
                    let mut history = history.clone();
                    let is_refused = *outcome == Outcome::Refused;
                    history.push(Past {
                        operation: next,
                        outcome: *outcome,
                        is_stranger: is_stranger && is_refused,
                        is_too_old: is_too_old && is_refused && next == Operation::Find,
                    });
                    longer.push(history);
                }
            }
        }
        for history in &longer {
            // when
            let lost = history.iter().rposition(|step| {
                step.operation == Operation::Generate
                    && matches!(step.outcome, Outcome::Lost | Outcome::Busy)
            });
            let (status, next) = after(Status::Unknown, history);

            // then
            if let Some(lost) = lost
                && call(history) == Operation::Generate
            {
                // Not there, or there for too long to tell more: then it is sent for the answer, and can't be registered again.
                let is_clear = history[lost..].iter().any(|step| {
                    step.operation == Operation::Find
                        && (step.outcome == Outcome::NotFound || step.is_too_old)
                });
                assert!(is_clear, "{history:?}");
                looked_at += 1;
            }
            // What is there is never called refused or waiting: nobody cancels it on paper alone.
            let last_look = history.iter().rfind(|step| {
                step.operation == Operation::Find
                    && matches!(step.outcome, Outcome::NotFound | Outcome::Refused)
            });
            if last_look.is_some_and(|step| step.is_too_old) {
                let is_known = matches!(status, Status::Unknown | Status::Registered);
                assert!(is_known, "{status:?} after {history:?}");
                assert_ne!(next, Next::Person, "{history:?}");
            }
            assert_eq!(next == Next::Done, status == Status::Registered);
            // What may have happened is never called anything else than unknown, so that nobody cancels it on paper.
            let (operation, outcome) = history
                .last()
                .map(|step| (step.operation, step.outcome))
                .unwrap();
            if operation == Operation::Generate
                && matches!(outcome, Outcome::Lost | Outcome::Busy | Outcome::Duplicate)
            {
                let (status, _) = after(Status::InFlight, history);
                assert_eq!(status, Status::Unknown, "{history:?}");
            }
        }
        histories = longer;
    }
    assert!(looked_at > 100, "{looked_at}");
}
