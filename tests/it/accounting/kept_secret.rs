//! What opens accounts at gateways and at the authority is nowhere in plain: not in the log, however much of it is written, and in no table.

use crate::support::books::owes;
use crate::support::gateway::{account, books, choose, last, sign};
use crate::support::postgres::Urls;
use crate::support::process::{self, free_port};
use crate::support::registrar::registrar_of;
use crate::support::trade::{billed, confirmed, goods, packed, shop_of};
use crate::support::{
    Shop, Tenant, app_without_workers, gstin, gstin_in, run, tenant_in, until, word,
};

/// The company has to e-invoice, and its shop has a GSTIN that the registrar knows.
fn make_liable(tenant: &Tenant, shop: &Shop) {
    let (company, buyer) = (tenant.id, gstin_in("33", &gstin()[2..12]));
    run(
        tenant.app,
        &format!(
            "insert into accounting_settings (tenant_id, id, einvoice_from) values ('{company}', gen_random_uuid(), '2023-08-01');
             update gst_registrations set address = '4 Mount Road', city = 'Chennai', pincode = '600002' where tenant_id = '{company}';
             update products set hsn = '100630', unit = 'KGS' where tenant_id = '{company}';
             update customers set kind = 'registered', gstin = '{buyer}' where id = '{}'",
            shop.customer
        ),
    );
    registrar_of(tenant.app).know(&buyer, "REG");
}

/// Tables in whose rows these words are, as text or as bytes.
fn tables_with(urls: &Urls, words: &str) -> String {
    let bytes: String = words.bytes().map(|byte| format!("{byte:02x}")).collect();
    let count = format!(
        "select count(*) as n from %I x where x::text like ''%%{words}%%'' or x::text like ''%%{bytes}%%''"
    );
    word(
        &urls.superuser,
        &format!(
            "select string_agg(relname, ' ' order by relname) from pg_class
               where relnamespace = 'public'::regnamespace and relkind = 'r'
                 and (xpath('/row/n/text()', query_to_xml(format('{count}', relname), false, true, '')))[1]::text <> '0'"
        ),
    )
}

#[test]
#[expect(
    clippy::too_many_lines,
    reason = "one story from its beginning to its end"
)]
fn no_secret_is_in_the_log_or_in_a_table() {
    // given: a program that writes down all it can
    let urls = process::database("books_secrets");
    let port = free_port().to_string();
    let base = format!("http://127.0.0.1:{port}");
    let mut settings = process::two_logins(&urls);
    settings.extend([
        ("MANDI_PORT", port.as_str()),
        ("MANDI_BASE_URL", base.as_str()),
        ("MANDI_LOG", "trace"),
    ]);
    let process = process::serve(&settings);
    let mut tenant = tenant_in(app_without_workers(&urls));
    tenant.owner = tenant.owner.moved_to(&base);
    let mut shop = shop_of(&tenant);
    shop.owner = shop.owner.moved_to(&base);

    // when: an account is typed in, and another one opened; a payment is made, told of rightly and wrongly, and brought back forged
    let path = tenant.path("/settings/integrations/payments");
    let typed = ["a-typed-key-secret-of-ours", "a-typed-hook-secret-of-ours"];
    let keys = tenant.owner.open(&path).form("#keys");
    let keys = keys
        .forge("gateway", "sandbox")
        .fill("key_id", "rzp_sandbox_typed")
        .fill("key_secret", typed[0])
        .fill("hook_secret", typed[1]);
    keys.press("op", "add").submit().is(303);
    let account = account(&tenant);
    tenant
        .owner
        .open(&path)
        .is(200)
        .shows("main", "rzp_sandbox_typed")
        .shows_not("main", typed[0]);
    owes(&tenant, &shop, 500, (20, 5));
    let page = shop.owner.open(&shop.path(&tenant, "/pay"));
    let there = page.form("#pay").fill("amount", "500").submit().follow();
    let (order, payment) = last(&tenant, &shop);
    let forged = format!(
        "{}/{payment}?razorpay_payment_id=pay_x&razorpay_order_id={order}&razorpay_signature={}",
        shop.path(&tenant, "/pay"),
        sign("another secret", b"x")
    );
    shop.owner.get(&forged).is(303);
    choose(&there, "upi", "first", false).follow().is(200);
    until("it is paid", || {
        books(&tenant, &payment).starts_with("received")
    });

    // when: a document is registered; then the authority takes the password no more
    make_liable(&tenant, &shop);
    let rice = goods(&tenant, "RICE", "120", "100");
    run(
        tenant.app,
        "update products set hsn = '100630', unit = 'KGS'",
    );
    let bill = || {
        let order = confirmed(&tenant, &shop, &[(rice, "12")]);
        billed(&tenant, &packed(&tenant, &order))
    };
    let status = |id: String| {
        word(
            &urls.superuser,
            &format!("select status from einvoices where id = '{id}'"),
        )
    };
    let first = bill();
    until("it is registered", || {
        status(first.id.to_string()) == "registered"
    });
    let known = |column: &str| {
        word(
            &urls.superuser,
            &format!("select {column} from sandbox.taxpayers where password is not null limit 1"),
        )
    };
    let (client, client_secret, password) = (
        known("client_id"),
        known("client_secret"),
        known("password"),
    );
    run(
        tenant.app,
        "update sandbox.taxpayers set password = 'another' where password is not null; delete from einvoice_sessions",
    );
    let second = bill();
    let failed = |id: String| ["failed_fix", "failed_wait"].contains(&&*status(id));
    until("it is refused", || failed(second.id.to_string()));

    // then: the log has heard of all of it, and of no secret
    let log = process.log();
    assert!(log.contains("a payment gateway told something"), "{log}");
    assert!(log.contains("not from the payment gateway"));
    assert!(log.contains("can't sign in at the authority"));
    let secrets = [
        account.key_secret.as_str(),
        &account.hook_secret,
        &client_secret,
        &password,
        typed[0],
        typed[1],
    ];
    for secret in secrets {
        assert!(secret.len() > 8, "{secret}");
        let at = log.find(secret);
        let around = at.map(|at| &log[at.saturating_sub(300)..at + secret.len()]);
        assert_eq!(around, None);
        assert_eq!(tables_with(&urls, secret), "(null)", "{secret}");
    }
    // The same look finds what may be there.
    assert!(tables_with(&urls, &account.key_id).contains("gateway_accounts"));
    assert!(tables_with(&urls, &client).contains("einvoice_accounts"));
}
