//! From which day on, and how a registration signs in at the authority.

use super::{day, documents_are_sound, one, open};
use crate::support::process::{self, two_logins};
use crate::support::registrar::registrar;
use crate::support::settings::{account, gstin};
use crate::support::trade::{an_invoice, billed, confirmed, goods, packed};
use crate::support::{PASSWORD, Tenant, company_of, gstin_in, retailer, run, tenant, until, word};
use mandi::accounting::actions::{Issuing, issue};
use mandi::error::AppError;
use mandi::platform::db::{Member, Meter};
use mandi::platform::permissions::Role;
use std::sync::Barrier;

/// A packed shipment to a buyer with a GSTIN, of goods that the authority takes: its number.
fn to_a_registered_buyer(tenant: &Tenant) -> String {
    let shop = retailer(tenant);
    let buyer = gstin_in("33", &crate::support::gstin()[2..12]);
    registrar().know(&buyer, "REG");
    let product = goods(tenant, "RICE", "120.00", "100");
    run(
        tenant.app,
        &format!(
            "update customers set kind = 'registered', gstin = '{buyer}' where tenant_id = '{0}' and id = '{1}';
             update products set hsn = '100630', unit = 'KGS' where tenant_id = '{0}' and sku = 'RICE'",
            tenant.id, shop.customer
        ),
    );
    packed(tenant, &confirmed(tenant, &shop, &[(product, "12")]))
}

/// Fills in where the first registration does business, by the page.
fn settle(tenant: &Tenant) {
    open(tenant, &format!("/e-invoices/{}", gstin(tenant)))
        .form("#standing")
        .fill("address", "4 Mount Road")
        .fill("city", "Chennai")
        .fill("pincode", "560001")
        .submit()
        .is(422)
        .shows(
            "#pincode-e",
            "560001 is not a PIN code of Tamil Nadu: those begin with 600–643.",
        )
        .form("#standing")
        .fill("pincode", "600002")
        .submit()
        .is(303);
}

#[test]
fn a_company_opened_on_the_spot_gets_a_registered_e_invoice_by_its_pages() {
    // given: an account at the sandbox, of which somebody has the login
    let tenant = tenant();
    let gstin = gstin(&tenant);
    let login = registrar().enrol(&gstin, "REG");
    let there = open(&tenant, "").attribute("main a[href$='/settings/e-invoices']", "href");
    let page = tenant.owner.open(&there.unwrap());
    page.shows("#sandbox", "This installation speaks to a sandbox")
        .shows("tbody td", "No account");
    assert_eq!(page.texts("#no-authority"), Vec::<String>::new());

    // when: the first day, the address, the account
    page.form("#from")
        .fill("einvoice_from", "2026-04-01")
        .submit()
        .follow()
        .shows(".toast", "The company e-invoices from 1 Apr 2026 on.");
    settle(&tenant);
    let page = page.click(&gstin);
    page.shows("#environment", "Sandbox");
    assert_eq!(page.count("#try"), 0);
    let saved = page
        .form("#account")
        .fill("client_id", &login.client_id)
        .fill("client_secret", &login.client_secret)
        .fill("user_name", &login.user_name)
        .fill("password", &login.password)
        .submit()
        .follow();

    // then: who gave the secrets is said, the secrets are not, and it works
    saved
        .shows("#since", "by Asha Owner.")
        .shows(".pill", "In use");
    let tried = saved.form("#try").submit().follow();
    tried
        .shows(".toast", &format!("The authority let {gstin} in."))
        .shows("#holds", "20");
    for page in [&saved, &tried] {
        assert!(!page.html.contains(&login.client_secret));
        assert!(!page.html.contains(&login.password));
    }

    // and a document is registered with this very account
    let issued = billed(&tenant, &to_a_registered_buyer(&tenant));
    until("it is registered", || {
        one(
            &tenant,
            &format!("select status from einvoices where id = '{}'", issued.id),
        ) == "registered"
    });
    assert_eq!(
        one(
            &tenant,
            "select concat_ws(' ', count(*), max(user_name), max(secrets_set_by_name)) from einvoice_accounts where tenant_id = '$t'"
        ),
        format!("1 {} Asha Owner", login.user_name)
    );
    assert_eq!(registrar().registered(&gstin).len(), 1);
    documents_are_sound(&tenant);
}

#[test]
fn a_login_that_is_refused_is_said_in_words_and_leaves_nobody_signed_in() {
    // given
    let tenant = tenant();
    let gstin = gstin(&tenant);
    let login = account(&tenant, &gstin);
    let path = format!("/e-invoices/{gstin}");
    open(&tenant, &path).form("#try").submit().is(303);
    let signed_in = || {
        one(
            &tenant,
            "select count(*) from einvoice_sessions where tenant_id = '$t' and token_sealed is not null",
        )
    };
    assert_eq!(signed_in(), "1");

    // when: another password; the other secret is left as it is
    open(&tenant, &path)
        .form("#account")
        .fill("password", "not the password")
        .submit()
        .is(303);

    // then
    assert_eq!(signed_in(), "0");
    let refused = open(&tenant, &path).form("#try").submit();
    refused.is(422).shows(
        "#tried",
        "The authority did not let it in: The authority does not know this user and password.",
    );
    assert_eq!(
        refused.attribute("#client_id", "value").as_deref(),
        Some(login.client_id.as_str())
    );
    assert_eq!(
        one(
            &tenant,
            "select count(*) from einvoice_sessions where tenant_id = '$t'"
        ),
        "0"
    );

    // when: the authority is away
    registrar().mood(&gstin, "down", "sign_in", 1);
    let away = open(&tenant, &path).form("#try").submit();

    // then: nobody says that the account is wrong
    away.is(422)
        .shows("#tried", "nobody knows whether the account is right");

    // and with the right one it holds
    open(&tenant, &path)
        .form("#account")
        .fill("password", &login.password)
        .submit()
        .is(303);
    open(&tenant, &path).form("#try").submit().is(303);
    assert_eq!(signed_in(), "1");
}

#[test]
fn secrets_are_in_no_page_no_log_and_no_audit_row() {
    // given: a process of its own, and a taxpayer whom the platform's admin enrols
    let urls = process::database("settings_secrets");
    let mut settings = two_logins(&urls);
    settings.push(("MANDI_LOG", "debug"));
    let mandi = process::serve(&settings);
    let (company, slug, _, owner_email) = company_of(&urls.owner);
    let gstin = word(
        &urls.owner,
        &format!("select gstin from gst_registrations where tenant_id = '{company}'"),
    );
    let (_, admin) = mandi.admin(&urls);
    let enrolled = admin
        .open("/admin/sandboxes/taxpayers")
        .form("#enrol")
        .fill("gstin", &gstin)
        .fill("name", "Example Foods")
        .fill("is_einvoicing", "on")
        .submit()
        .follow();
    let said = enrolled.texts(".toast").join(" ");
    let after = |mark: &str| {
        let rest = said.split_once(mark).unwrap_or_else(|| panic!("{said}")).1;
        rest.split([',', ':']).next().unwrap().trim().to_owned()
    };
    let (client, secret) = (after("Client "), after("secret "));
    let (user, password) = (after("user "), after("password "));
    let owner = mandi.browser();
    owner.sign_in(&owner_email, PASSWORD).is(200);
    let path = format!("/c/{slug}/settings/e-invoices/{gstin}");

    // when: typed wrong (nothing is given back), typed right, tried, looked at everywhere
    let page = owner.open(&path);
    let form = page
        .form("#account")
        .fill("client_id", &client)
        .fill("client_secret", &secret)
        .fill("password", &password);
    let again = form.clone().submit();
    again
        .is(422)
        .shows("#user_name-e", "User name must be filled in.");
    let saved = form.fill("user_name", &user).submit().follow();
    let tried = saved.form("#try").submit().follow();
    tried.shows(".toast", &format!("The authority let {gstin} in."));
    let mut pages = vec![again, saved, tried];
    for rest in ["/settings/e-invoices", "/settings/audit", "/settings"] {
        pages.push(owner.open(&format!("/c/{slug}{rest}")));
    }

    // then
    for page in &pages {
        assert!(
            !page.html.contains(&secret) && !page.html.contains(&password),
            "{}",
            page.path
        );
    }
    let shown = pages[0].attribute("#client_id", "value");
    assert_eq!(shown.as_deref(), Some(client.as_str()));
    let hidden = |sql: &str| {
        let sql = sql.replace("$s", &secret).replace("$p", &password);
        word(&urls.owner, &sql)
    };
    assert_eq!(
        hidden(
            "select count(*)::text from audit_entries a where a::text like '%$s%' or a::text like '%$p%'"
        ),
        "0"
    );
    assert_eq!(
        word(
            &urls.owner,
            &format!(
                "select (count(*) > 0)::text from audit_entries a where a.table_name = 'einvoice_accounts' and a::text like '%{client}%'"
            )
        ),
        "true"
    );
    assert_eq!(
        hidden(
            "select count(*)::text from einvoice_accounts where position('$s'::bytea in client_secret_sealed) > 0 or position('$p'::bytea in password_sealed) > 0"
        ),
        "0"
    );
    let log = mandi.log();
    assert!(log.contains("/settings/e-invoices"), "{log}");
    assert!(!log.contains(&secret) && !log.contains(&password));
}

#[test]
fn two_who_change_an_account_see_each_others_values() {
    // given
    let tenant = tenant();
    let gstin = gstin(&tenant);
    account(&tenant, &gstin);
    let (_, manager) = tenant.employee(Role::Manager);
    let path = format!("/e-invoices/{gstin}");
    let (mine, theirs) = (
        open(&tenant, &path),
        manager.open(&tenant.path(&format!("/settings{path}"))),
    );

    // when
    theirs
        .form("#account")
        .fill("user_name", "API_THEIRS")
        .submit()
        .is(303);
    let answer = mine.form("#account").fill("user_name", "API_MINE").submit();

    // then
    answer
        .is(422)
        .shows("#conflict", "Somebody else saved this meanwhile.")
        .shows("#user_name-t", "Saved meanwhile: API_THEIRS");
    let user = || {
        one(
            &tenant,
            "select user_name from einvoice_accounts where tenant_id = '$t'",
        )
    };
    assert_eq!(user(), "API_THEIRS");
    answer.form("#account").submit().is(303);
    assert_eq!(user(), "API_MINE");

    // and the same of bank and terms, from nothing
    let (mine, theirs) = (open(&tenant, "/accounting"), open(&tenant, "/accounting"));
    theirs
        .form("#printed")
        .fill("upi_id", "theirs@okbank")
        .submit()
        .is(303);
    let answer = mine.form("#printed").fill("upi_id", "mine@okbank").submit();
    answer
        .is(422)
        .shows("#upi_id-t", "Saved meanwhile: theirs@okbank");
    answer.form("#printed").submit().is(303);
    assert_eq!(
        one(
            &tenant,
            "select upi_id from accounting_settings where tenant_id = '$t'"
        ),
        "mine@okbank"
    );
}

#[test]
fn e_invoicing_begins_after_the_newest_document() {
    // given: an invoice of today
    let tenant = tenant();
    let shop = retailer(&tenant);
    an_invoice(&tenant, &shop);
    let from = || {
        one(
            &tenant,
            "select einvoice_from from accounting_settings where tenant_id = '$t'",
        )
    };
    let set = |day: &str| {
        open(&tenant, "/e-invoices")
            .form("#from")
            .fill("einvoice_from", day)
            .submit()
    };

    // when, then: not on its day, nor before, nor before GST
    for wrong in [day(&tenant, 0), day(&tenant, -30)] {
        let answer = set(&wrong);
        answer.is(422).shows(
            "#einvoice_from-e",
            "are issued and were not sent. Choose a later day.",
        );
        assert_eq!(answer.attribute("#einvoice_from", "value"), Some(wrong));
    }
    set("2017-06-30")
        .is(422)
        .shows("#einvoice_from-e", "Enter a date from 1 July 2017 on.");
    assert_eq!(from(), "");
    let tomorrow = day(&tenant, 1);
    set(&tomorrow).is(303);
    assert_eq!(from(), tomorrow);

    // what is saved can be saved again, and taken back
    open(&tenant, "/e-invoices").form("#from").submit().is(303);
    set("").is(303);
    assert_eq!(from(), "");
    documents_are_sound(&tenant);
}

#[test]
fn an_invoice_and_the_first_day_of_e_invoicing_at_one_moment_fit_together() {
    for _ in 0..5 {
        // given: a shipment to bill, and nothing issued yet
        let tenant = tenant();
        settle(&tenant);
        let shipment = to_a_registered_buyer(&tenant);
        let page = open(&tenant, "/e-invoices");
        let form = page.form("#from").fill("einvoice_from", &day(&tenant, 0));
        let start = Barrier::new(2);

        // when
        let (set, issued) = std::thread::scope(|scope| {
            let setting = scope.spawn(|| {
                start.wait();
                form.submit()
            });
            let issuing = scope.spawn(|| {
                let issuing = Issuing {
                    shipment: shipment.clone(),
                    ..Issuing::default()
                };
                let member = Member::system(tenant.id, "test");
                start.wait();
                tenant
                    .app
                    .state
                    .db
                    .write(&member, &Meter::default(), |scope| {
                        issue(scope, "Asha Owner", &issuing)
                    })
            });
            (setting.join().unwrap(), issuing.join().unwrap())
        });

        // then: whoever was second knew of the first
        assert!(matches!(set.status, 303 | 422), "{}", set.status);
        assert!(
            matches!(issued, Ok(Ok(_)) | Err(AppError::Refused(_))),
            "{issued:?}"
        );
        documents_are_sound(&tenant);
    }
}
