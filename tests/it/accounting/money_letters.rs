//! Letters about money and about documents that change what is owed: to whom, in which words, once for each event.

use crate::support::books::{code, pays, within};
use crate::support::gateway::{account, begun, choose, last, sign};
use crate::support::smtp::{Manners, PostOffice};
use crate::support::trade::{a_note, an_invoice, shop_of, sound, taken_back, try_note};
use crate::support::{
    Shop, Tenant, ask, own_app_set, pdf, retailer, run, tenant, tenant_in, until,
};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use mandi::accounting::actions::{Correcting, Issued, Part, What, credit};
use mandi::accounting::model::{Document, DocumentLine};
use mandi::accounting::rules::document::Reason;
use mandi::accounting::rules::payment::Method;
use mandi::platform::permissions::Role;
use rust_decimal::Decimal;

/// The address to which letters of a shop go: its owner's.
fn reader(tenant: &Tenant, shop: &Shop) -> String {
    ask(
        tenant.app,
        &format!(
            "select u.email as value from users u join retailer_users m on m.user_id = u.id join retailers r on r.id = m.retailer_id where r.slug = '{}'",
            shop.slug
        ),
    )
}

/// How many letters of a kind were written to somebody.
fn count(tenant: &Tenant, kind: &str, to: &str) -> String {
    ask(
        tenant.app,
        &format!(
            "select count(*)::text as value from mails where tenant_id = '{}' and kind = '{kind}' and recipient = '{to}'",
            tenant.id
        ),
    )
}

/// The newest letter of a kind to somebody, once one is there: its subject and its text.
fn letter(tenant: &Tenant, kind: &str, to: &str) -> (String, String) {
    until("the letter is written", || count(tenant, kind, to) != "0");
    let word = |column: &str| {
        ask(
            tenant.app,
            &format!(
                "select {column} as value from mails where tenant_id = '{}' and kind = '{kind}' and recipient = '{to}' order by created_at desc, id desc limit 1",
                tenant.id
            ),
        )
    };
    (word("subject"), word("text_body"))
}

/// How many jobs that write such letters there were, once all of them are done.
fn done(tenant: &Tenant) -> String {
    let jobs = |state: &str| {
        ask(
            tenant.app,
            &format!(
                "select count(*)::text as value from jobs where tenant_id = '{}' and kind = 'money.letters' and {state}",
                tenant.id
            ),
        )
    };
    until("the letters are written", || jobs("state <> 'done'") == "0");
    jobs("true")
}

#[track_caller]
fn says(text: &str, all: &[&str]) {
    for words in all {
        assert!(text.contains(words), "{words} is not in\n{text}");
    }
}

/// The balance of a customer's account, and what is open on each side.
fn books(tenant: &Tenant, shop: &Shop) -> String {
    ask(
        tenant.app,
        &format!(
            "select concat_ws(' ', a.balance, (select sum(open) filter (where side = 'debit') from open_items i where i.customer_id = a.id),
                    (select sum(open) filter (where side = 'credit') from open_items i where i.customer_id = a.id)) as value
               from customer_accounts a where a.tenant_id = '{}' and a.id = '{}'",
            tenant.id, shop.customer
        ),
    )
}

#[test]
fn a_customer_reads_what_it_paid_and_what_went_back() {
    // given: a bill of ₹504.00, and a shop that reads Hindi
    let tenant = tenant();
    let (shop, other) = (shop_of(&tenant), retailer(&tenant));
    run(
        tenant.app,
        &format!(
            "update customers set language = 'hi-IN', updated_at = now() where id = '{}'",
            other.customer
        ),
    );
    let bill = an_invoice(&tenant, &shop);
    let (to, name) = (reader(&tenant, &shop), tenant.name.clone());

    // when: ₹600.00 come in cash
    let page = tenant
        .owner
        .open(&tenant.path(&format!("/payments/new?customer={}", code(&tenant, &shop))));
    let form = page.form("#payment").fill("amount", "600");
    let answer = form.fill("method", "cash").submit();
    answer.is(303);
    let path = answer.header("location").to_owned();
    let number = path.rsplit('/').next().unwrap().to_owned();

    // then: a receipt with what it pays and what is left
    let (subject, text) = letter(&tenant, "receipt", &to);
    assert_eq!(subject, format!("Receipt {number} of {name}: ₹600.00"));
    says(
        &text,
        &[
            &format!("{name} has received ₹600.00 from you: receipt {number}."),
            "How: Cash, on ",
            &format!("{}  ₹504.00", bill.number),
            "₹96.00 of it are not set against a bill and stay yours.",
            &shop.path(&tenant, "/ledger"),
        ],
    );
    assert!(!text.contains("You owe"), "{text}");

    // when: what is left goes back
    let ask_it = tenant.owner.open(&format!("{path}/refund"));
    let form = ask_it.form("#confirm").fill("amount", "96");
    form.fill("method", "neft").submit().is(303);

    // then
    let (subject, text) = letter(&tenant, "refund", &to);
    assert!(subject.starts_with("Refund RF-"), "{subject}");
    assert!(
        subject.ends_with(&format!(" of {name}: ₹96.00")),
        "{subject}"
    );
    says(
        &text,
        &[
            &format!("{name} has given ₹96.00 back to you: refund RF-"),
            "How: Bank transfer, on ",
            &format!("It is money of receipt {number}."),
            &format!("You owe {name} nothing now."),
        ],
    );

    // when: the payment is set otherwise, which nobody is told
    let off = format!("{path}/unallocate");
    tenant.owner.post(&off, &[]).is(303);
    let again = format!("{path}/allocate");
    tenant.owner.post(&again, &[("op", "oldest")]).is(303);

    // then: two letters in all, none to people of the company
    assert_eq!(done(&tenant), "2");
    assert_eq!(count(&tenant, "receipt", &to), "1");
    assert_eq!(count(&tenant, "refund", &to), "1");
    assert_eq!(count(&tenant, "paid-online", &tenant.owner_email), "0");

    // and the other reads Hindi
    pays(&tenant, &other, (Method::Cash, 100), 0);
    let (subject, text) = letter(&tenant, "receipt", &reader(&tenant, &other));
    assert!(
        subject.starts_with(&format!("{name} की रसीद RC-")) && subject.ends_with(": ₹100.00"),
        "{subject}"
    );
    says(&text, &["नमस्ते", "तरीका: नकद", "संदर्भ: 004711"]);
    sound(&tenant);
}

#[test]
fn a_customer_without_an_address_gets_no_letter_and_one_with_an_address_alone_no_link() {
    // given: a shop that has left the portal
    let tenant = tenant();
    let shop = shop_of(&tenant);
    run(
        tenant.app,
        &format!(
            "update connections set status = 'ended' where customer_id = '{}'",
            shop.customer
        ),
    );
    let letters = || {
        ask(
            tenant.app,
            &format!(
                "select count(*)::text as value from mails where tenant_id = '{}' and kind = 'receipt'",
                tenant.id
            ),
        )
    };

    // when, then
    pays(&tenant, &shop, (Method::Cash, 100), 0);
    assert_eq!(done(&tenant), "1");
    assert_eq!(letters(), "0");

    // when: it has an address now
    let to = format!("{}@test.example", shop.slug);
    run(
        tenant.app,
        &format!(
            "update customers set email = '{to}', updated_at = now() where id = '{}'",
            shop.customer
        ),
    );
    pays(&tenant, &shop, (Method::Upi, 200), 0);

    // then
    assert_eq!(done(&tenant), "2");
    assert_eq!(letters(), "1");
    let (_, text) = letter(&tenant, "receipt", &to);
    says(&text, &["₹200.00", "How: UPI, on "]);
    assert!(!text.contains("http"), "{text}");
}

#[test]
fn a_customer_reads_of_notes_and_of_what_was_cancelled() {
    // given
    let tenant = tenant();
    let shop = shop_of(&tenant);
    let [first, second, third] = [(); 3].map(|()| an_invoice(&tenant, &shop));
    let (to, name) = (reader(&tenant, &shop), tenant.name.clone());

    // when, then: less is owed
    let less = a_note(&tenant, &first, true);
    let (subject, text) = letter(&tenant, "credit-note", &to);
    assert_eq!(subject, format!("Credit note {} of {name}", less.number));
    says(
        &text,
        &[
            &format!("Credit note {}, ₹504.00.", less.number),
            &format!("It corrects {} of ", first.number),
            "Why: Agreed on the telephone.",
            "You owe ₹504.00 less.",
        ],
    );
    let link = text
        .split_whitespace()
        .find(|word| word.contains("/bills/"))
        .unwrap();
    let path = &link[link.find("/r/").unwrap()..];
    shop.owner.open(path).shows(".sheet", &less.number);

    // when, then: more is owed
    let more = a_note(&tenant, &second, false);
    let (subject, text) = letter(&tenant, "debit-note", &to);
    assert_eq!(subject, format!("Debit note {} of {name}", more.number));
    says(
        &text,
        &[
            &format!("You owe {} more.", more.total),
            "Please pay by ",
            "kind=debit-note",
        ],
    );

    // when, then: nothing is owed
    taken_back(&tenant, &third);
    let (subject, text) = letter(&tenant, "cancelled", &to);
    assert_eq!(
        subject,
        format!("Tax invoice {} of {name} is cancelled", third.number)
    );
    says(
        &text,
        &[
            &format!("Tax invoice {}, ₹504.00.", third.number),
            "Why: Written twice",
            "Nothing is to be paid for it.",
        ],
    );

    // and of a note that could not be written nobody hears
    assert!(try_note(&tenant, &first, true).unwrap().is_err());
    assert_eq!(done(&tenant), "3");
    for kind in ["credit-note", "debit-note", "cancelled"] {
        assert_eq!(count(&tenant, kind, &to), "1", "{kind}");
    }
}

#[test]
fn of_a_payment_online_both_sides_hear_once_however_often_it_is_told() {
    // given: paid at the gateway, which tells nobody yet
    let tenant = tenant();
    let shop = shop_of(&tenant);
    let account = account(&tenant);
    let (accounts, _) = tenant.employee(Role::Accounts);
    let (packer, _) = tenant.employee(Role::Warehouse);
    let bill = an_invoice(&tenant, &shop);
    let there = begun(&tenant, &shop, "500");
    choose(&there, "upi", "never", true).is(303);
    let (order, payment) = last(&tenant, &shop);
    let paid = ask(
        tenant.app,
        &format!("select id as value from sandbox.gateway_payments where order_id = '{order}'"),
    );

    // when: it is told three times, one of them in other words
    let words = account.told((&order, &paid), 50_000, "captured");
    let signature = sign(&account.hook_secret, &words);
    for event in ["evt_1", "evt_1", "evt_2"] {
        assert_eq!(account.call(&tenant, event, &words, &signature), 200);
    }
    let waiting = format!(
        "select count(*)::text as value from gateway_events where tenant_id = '{}' and applied_at is null",
        tenant.id
    );
    until("every event is worked off", || {
        ask(tenant.app, &waiting) == "0"
    });

    // then: one receipt, and one letter to each who may record payments
    assert_eq!(done(&tenant), "1");
    let to = reader(&tenant, &shop);
    let (_, text) = letter(&tenant, "receipt", &to);
    says(
        &text,
        &[
            "How: Paid online, on ",
            &format!("{}  ₹500.00", bill.number),
            &format!("You owe {} ₹4.00 now.", tenant.name),
        ],
    );
    assert_eq!(count(&tenant, "receipt", &to), "1");
    let customer = ask(
        tenant.app,
        &format!(
            "select name as value from customers where id = '{}'",
            shop.customer
        ),
    );
    let number = ask(
        tenant.app,
        &format!("select number as value from payments where id = '{payment}'"),
    );
    for who in [&tenant.owner_email, &accounts] {
        let (subject, text) = letter(&tenant, "paid-online", who);
        assert_eq!(subject, format!("{customer} paid ₹500.00 online"));
        let link = tenant.path(&format!("/payments/{number}"));
        says(&text, &[&format!("{}  ₹500.00", bill.number), &link]);
        assert_eq!(count(&tenant, "paid-online", who), "1", "{who}");
    }
    assert_eq!(count(&tenant, "paid-online", &packer), "0");
    let path = tenant.path(&format!("/payments/{number}"));
    tenant.owner.open(&path).shows("h1", &number);
}

/// The PDF in a letter as it arrived.
fn attached(source: &str) -> Vec<u8> {
    let (_, after) = source.split_once("Content-Type: application/pdf").unwrap();
    let (_, body) = after.split_once("\r\n\r\n").unwrap();
    let (body, _) = body.split_once("\r\n--").unwrap();
    let signs: String = body.split_whitespace().collect();
    STANDARD.decode(signs).unwrap()
}

#[test]
fn the_bill_itself_goes_with_its_letter() {
    // given: a mail server, and a shop without a login
    let office = PostOffice::open(Manners::default());
    let smtp = format!("smtp://127.0.0.1:{}?tls=none", office.port());
    let app = own_app_set(
        "bill_by_mail",
        &[
            ("MANDI_SMTP_URL", smtp.as_str()),
            ("MANDI_MAIL_FROM", "Mandi <bills@test.example>"),
        ],
    );
    let tenant = tenant_in(app);
    let shop = shop_of(&tenant);
    run(
        app,
        &format!(
            "delete from connections where customer_id = '{0}';
             update customers set email = 'paper@test.example', updated_at = now() where id = '{0}';",
            shop.customer
        ),
    );
    let arrived = |subject: &str| {
        let all = office.inbox();
        all.into_iter()
            .find(|letter| letter.header("Subject") == subject)
    };

    // when
    let bill = an_invoice(&tenant, &shop);
    let subject = format!("Bill {} of {}", bill.number, tenant.name);
    until("the letter is there", || arrived(&subject).is_some());

    // then
    let letter = arrived(&subject).unwrap();
    assert_eq!(letter.to, ["paper@test.example"]);
    assert!(letter.header("Content-Type").starts_with("multipart/mixed"));
    says(&letter.source, &[&format!("{}.pdf", bill.url_no)]);
    let paper = pdf::text(&attached(&letter.source));
    let signs: String = paper.split_whitespace().collect();
    says(&signs, &[&bill.number, "504.00"]);

    // and so does a note
    let note = a_note(&tenant, &bill, true);
    let subject = format!("Credit note {} of {}", note.number, tenant.name);
    until("the second letter is there", || arrived(&subject).is_some());
    let paper = pdf::text(&attached(&arrived(&subject).unwrap().source));
    let signs: String = paper.split_whitespace().collect();
    says(&signs, &[&note.number]);
}

/// A credit note of one unit of twelve: ₹42.00.
fn one_unit_less(tenant: &Tenant, bill: &Issued) -> Issued {
    within(tenant, |scope| {
        let document = Document::by_id(scope, bill.id)?;
        let lines = DocumentLine::find(scope, bill.id)?;
        let part = Part {
            line: lines[0].id,
            what: What::Units(Decimal::ONE),
        };
        let why = (Reason::Deficiency, "One was broken.");
        let how = Correcting::Lines(vec![part]);
        credit(scope, "Asha Owner", &document, &how, why)
    })
    .unwrap()
    .unwrap()
}

#[test]
fn a_note_on_a_paid_bill_is_given_back_in_the_steps_that_its_page_says() {
    // given: a bill of ₹504.00 that is paid, and a note of ₹42.00 on it
    let tenant = tenant();
    let shop = shop_of(&tenant);
    let bill = an_invoice(&tenant, &shop);
    let paid = pays(&tenant, &shop, (Method::Cash, 504), 0);
    let at = tenant.path(&format!("/payments/{paid}"));
    let post = |step: &str, fields: &[(&str, &str)]| {
        tenant.owner.post(&format!("{at}/{step}"), fields).is(303);
    };
    post("allocate", &[("op", "oldest")]);
    let note = one_unit_less(&tenant, &bill);
    assert_eq!(note.total.to_string(), "₹42.00");
    assert_eq!(books(&tenant, &shop), "-42.00 0.00 42.00");

    // when, then: its page says how
    let path = tenant.path(&format!("/credit-notes/{}", note.url_no));
    tenant
        .owner
        .open(&path)
        .shows("#use-it", "₹42.00 of it are not used up.");

    // when: so it is done
    post("unallocate", &[]);
    let ledger = tenant.path(&format!("/ledger/{}", code(&tenant, &shop)));
    tenant
        .owner
        .open(&ledger)
        .form(&format!("#settle-{}", note.id))
        .submit()
        .is(303);
    post("allocate", &[("op", "oldest")]);
    tenant.owner.open(&at).shows("#left", "₹42.00");
    let form = tenant.owner.open(&format!("{at}/refund")).form("#confirm");
    form.fill("amount", "42")
        .fill("method", "neft")
        .submit()
        .is(303);

    // then: nobody owes anything
    assert_eq!(books(&tenant, &shop), "0.00 0.00 0.00");
    assert_eq!(tenant.owner.open(&path).count("#use-it"), 0);
    sound(&tenant);
}
