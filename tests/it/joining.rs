//! From a letter to a shop that is connected: invitations into the portal, and what can go wrong with a link.

use crate::support::trade;
use crate::support::{
    Browser, PASSWORD, Tenant, app, ask, email, gstin, gstin_in, retailer, run, tenant, unique,
};
use std::sync::Barrier;

/// A customer of the company without a retailer: its code.
fn customer(tenant: &Tenant) -> String {
    let code = format!("C{}", unique());
    run(
        app(),
        &format!(
            "insert into customers (tenant_id, id, code, name, city) values ('{}', gen_random_uuid(), '{code}', 'Lakshmi Stores', 'Salem')",
            tenant.id
        ),
    );
    code
}

/// Invites an address to be a customer's, through the form.
fn invite(tenant: &Tenant, code: &str, to: &str) {
    tenant
        .owner
        .open(&tenant.path(&format!("/customers/{code}")))
        .click("Invite to the portal")
        .form("#invite")
        .fill("name", "Lakshmi Devi")
        .fill("email", to)
        .submit()
        .follow()
        .is(200)
        .shows(".toast", &format!("The invitation is on its way to {to}."));
}

/// The path of the link in the newest invitation to an address; letters of orders come when they come.
fn link(to: &str) -> String {
    let letter = ask(
        app(),
        &format!(
            "select text_body as value from mails where recipient = '{to}' and kind = 'join' order by created_at desc, id desc limit 1"
        ),
    );
    let link = letter
        .split_whitespace()
        .find(|word| word.contains("/join/"))
        .unwrap();
    link.replace(&app().base, "")
}

fn count(tenant: &Tenant, table: &str, condition: &str) -> String {
    ask(
        app(),
        &format!(
            "select count(*)::text as value from {table} where tenant_id = '{}' and {condition}",
            tenant.id
        ),
    )
}

#[test]
fn a_shop_signs_up_by_its_letter_and_is_connected() {
    // given
    let (tenant, who) = (tenant(), email("lakshmi"));
    let code = customer(&tenant);
    invite(&tenant, &code, &who);
    tenant
        .owner
        .open(&tenant.path(&format!("/customers/{code}")))
        .shows("#portal", "Invited")
        .shows("#portal", &who);

    // when
    let phone = Browser::new();
    let page = phone.open(&link(&who));
    page.is(200)
        .shows("h1", &format!("Order from {} online", tenant.name))
        .shows(
            "main",
            &format!("{} knows you as Lakshmi Stores.", tenant.name),
        )
        .shows("main", &who);
    page.form("#join")
        .fill("password", "short")
        .submit()
        .is(422)
        .shows("#password-e", "10");
    assert_eq!(count(&tenant, "connections", "true"), "0");
    let home = page
        .form("#join")
        .fill("password", "four quiet green words")
        .submit()
        .follow();

    // then: signed in, at the supplier's door
    home.is(200).shows(
        ".toast",
        &format!("Welcome. Your shop is connected to {}.", tenant.name),
    );
    let path = home.path.replace(&app().base, "");
    assert!(path.ends_with(&format!("/{}/", tenant.slug)), "{path}");
    assert!(path.starts_with("/r/lakshmi-stores"), "{path}");
    assert_eq!(count(&tenant, "connections", "status = 'active'"), "1");
    assert_eq!(
        count(
            &tenant,
            "retailer_invitations",
            "status = 'accepted' and accepted_by is not null"
        ),
        "1"
    );
    tenant
        .owner
        .open(&tenant.path(&format!("/customers/{code}")))
        .shows("#portal", "Connected")
        .shows("#portal", "Lakshmi Devi");
    phone
        .open(&format!("{}account", path))
        .is(200)
        .shows("h1", "Account")
        .shows("#people", &who);
    // and the link is used up, and the way in works again with the password
    Browser::new()
        .get(&link(&who))
        .is(410)
        .shows("main", "This invitation was accepted already.");
    Browser::new()
        .sign_in(&who, "four quiet green words")
        .is(200);
    // and a customer that is connected is not invited again
    tenant
        .owner
        .post(
            &tenant.path(&format!("/customers/{code}/invite")),
            &[("name", "Other"), ("email", &email("other"))],
        )
        .is(422)
        .shows("#email-e", "Lakshmi Stores is connected already");
}

#[test]
fn a_letter_in_hindi_leads_to_a_page_in_hindi() {
    // given
    let (tenant, who) = (tenant(), email("meena"));
    let code = customer(&tenant);
    let form = tenant
        .owner
        .open(&tenant.path(&format!("/customers/{code}/invite")));
    // The person's name is asked for, not guessed from the shop's.
    assert_eq!(form.attribute("#name", "value").as_deref(), Some(""));
    form.form("#invite")
        .fill("name", "Meena Devi")
        .fill("email", &who)
        .fill("language", "hi-IN")
        .submit()
        .is(303);

    // when: the browser asks for no language of ours
    let phone = Browser::new();
    let page = phone.open(&link(&who));
    page.is(200)
        .shows("h1", &format!("{} से ऑनलाइन ऑर्डर करें", tenant.name));
    assert_eq!(page.attribute("html", "lang").as_deref(), Some("hi-IN"));
    let wrong = page.form("#join").fill("password", "short").submit();
    assert_eq!(
        wrong.is(422).attribute("html", "lang").as_deref(),
        Some("hi-IN")
    );
    let home = page
        .form("#join")
        .fill("password", "four quiet green words")
        .submit()
        .follow();

    // then
    assert_eq!(
        home.is(200).attribute("html", "lang").as_deref(),
        Some("hi-IN")
    );
    home.shows_not(".toast", "Welcome");
    assert_eq!(home.count(".toast"), 1);
}

#[test]
fn a_link_ends_by_time_by_being_taken_back_and_by_being_sent_again() {
    // given
    let (tenant, who) = (tenant(), email("lakshmi"));
    let code = customer(&tenant);
    invite(&tenant, &code, &who);
    let first = link(&who);
    let page = tenant.path(&format!("/customers/{code}"));
    tenant
        .owner
        .post(
            &format!("{page}/invite"),
            &[("name", "Again"), ("email", &email("again"))],
        )
        .is(422)
        .shows("#email-e", "This customer has an open invitation.");

    // when, then: sent again, the old link is void
    tenant
        .owner
        .open(&page)
        .form("#resend")
        .submit()
        .follow()
        .shows(".toast", "The old link is void.");
    let second = link(&who);
    assert_ne!(first, second);
    Browser::new().get(&first).is(404);
    Browser::new().get(&second).is(200);

    // past its time it is gone, and sent again it is not
    run(
        app(),
        &format!(
            "update retailer_invitations set expires_at = now() - interval '1 second' where tenant_id = '{}'",
            tenant.id
        ),
    );
    Browser::new()
        .get(&second)
        .is(410)
        .shows("main", "This invitation has had its time.");
    tenant.owner.open(&page).form("#resend").submit().is(303);
    let third = link(&who);
    Browser::new().get(&third).is(200);

    // taken back, nobody gets in, and it can't be sent again
    tenant
        .owner
        .open(&page)
        .form("#revoke")
        .submit()
        .follow()
        .shows(".toast", "is revoked.");
    Browser::new()
        .post(
            &third,
            &[
                ("name", "L"),
                ("shop", "L"),
                ("password", "four quiet green words"),
            ],
        )
        .is(410);
    tenant
        .owner
        .post(&format!("{page}/invite/resend"), &[])
        .is(409)
        .shows("main", "Lakshmi Stores has no open invitation.");
    assert_eq!(count(&tenant, "connections", "true"), "0");
}

#[test]
fn only_the_invited_address_accepts() {
    // given
    let (tenant, who) = (tenant(), email("lakshmi"));
    let code = customer(&tenant);
    invite(&tenant, &code, &who);

    // when: somebody else is signed in
    let answer = tenant.owner.get(&link(&who));
    let posted = tenant.owner.post(&link(&who), &[("shop", "Mine")]);

    // then
    answer
        .is(409)
        .shows("main", &format!("This invitation is for {who}"));
    posted.is(409);
    assert_eq!(count(&tenant, "connections", "true"), "0");
}

#[test]
fn one_retailer_buys_from_two_suppliers_with_one_sign_in() {
    // given: a shop that buys from one company, invited by another
    let (first, second) = (tenant(), tenant());
    let shop = retailer(&first);
    let who = ask(
        app(),
        &format!(
            "select u.email as value from users u join retailer_users p on p.user_id = u.id join retailers r on r.id = p.retailer_id where r.slug = '{}'",
            shop.slug
        ),
    );
    let code = customer(&second);
    invite(&second, &code, &who);

    // when: signed out, sent to sign in first, and back
    let phone = Browser::new();
    let page = phone.open(&link(&who));
    page.is(200)
        .shows("main", "You have an account with this address already.");
    phone
        .post(&link(&who), &[("shop", "New"), ("password", PASSWORD)])
        .is(303);
    assert_eq!(count(&second, "connections", "true"), "0");
    let page = page
        .click("Sign in to accept")
        .form("form.stack")
        .fill("email", &who)
        .fill("password", PASSWORD)
        .submit()
        .follow();
    page.is(200).shows("#retailer", "Shop");
    page.form("#join")
        .fill("retailer", "somebody-elses")
        .submit()
        .is(422);
    let home = page.form("#join").submit().follow();

    // then: one sign-in, two suppliers, each with what it is owed
    home.is(200);
    assert_eq!(
        home.path.replace(&app().base, ""),
        format!("/r/{}/{}/", shop.slug, second.slug)
    );
    trade::give_address(&first, &shop);
    let rice = trade::goods(&first, "RICE", "40", "1000");
    trade::confirmed(&first, &shop, &[(rice, "12")]);
    run(
        app(),
        &format!(
            "update customer_accounts set balance = 99.25, next_delivery = '2026-12-01' where id = '{}'",
            shop.customer
        ),
    );
    let suppliers = phone.open(&format!("/r/{}", shop.slug));
    suppliers
        .is(200)
        .shows("main", &first.name)
        .shows("main", &second.name)
        .shows("main", "₹99.25")
        .shows("main", "Still to come₹504.00")
        .shows("main", "1 Dec");
    assert_eq!(suppliers.count("section.card"), 2);
    // and a second customer of the same company is told so
    let other = customer(&second);
    invite(&second, &other, &who);
    let page = phone.open(&link(&who));
    page.is(200)
        .shows("main", &format!("is connected to {} already.", second.name));
    let opened = page
        .form("#join")
        .fill("shop", "Second Shop")
        .submit()
        .follow();
    opened.is(200);
    assert!(opened.path.contains("/r/second-shop"), "{}", opened.path);
    assert_eq!(count(&second, "connections", "status = 'active'"), "2");
}

#[test]
fn nobody_connects_a_shop_of_others_or_twice() {
    // given
    let (first, second) = (tenant(), tenant());
    let (mine, others) = (retailer(&first), retailer(&first));
    let who = |slug: &str| {
        ask(
            app(),
            &format!(
                "select u.email as value from users u join retailer_users p on p.user_id = u.id join retailers r on r.id = p.retailer_id where r.slug = '{slug}'"
            ),
        )
    };
    let code = customer(&second);
    invite(&second, &code, &who(&mine.slug));
    let path = link(&who(&mine.slug));

    // when
    let answer = mine.owner.post(&path, &[("retailer", &others.slug)]);

    // then
    answer
        .is(422)
        .shows("#retailer-e", "Choose which of your shops buys there");
    assert_eq!(count(&second, "connections", "true"), "0");
    mine.owner.post(&path, &[("retailer", &mine.slug)]).is(303);
    assert_eq!(count(&second, "connections", "true"), "1");
}

#[test]
fn of_six_who_accept_at_once_one_wins() {
    // given
    let (tenant, who) = (tenant(), email("lakshmi"));
    let code = customer(&tenant);
    invite(&tenant, &code, &who);
    let (path, barrier) = (link(&who), Barrier::new(6));

    // when
    let mut statuses: Vec<u16> = std::thread::scope(|threads| {
        let started: Vec<_> = (0..6)
            .map(|_| {
                threads.spawn(|| {
                    let browser = Browser::new();
                    let fields = [
                        ("name", "Lakshmi Devi"),
                        ("shop", "Lakshmi Race"),
                        ("password", "four quiet green words"),
                    ];
                    barrier.wait();
                    browser.post(&path, &fields).status
                })
            })
            .collect();
        started
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    });
    statuses.sort_unstable();

    // then: the others find the link used up, or that the address has an account by now
    assert_eq!(
        statuses.iter().filter(|status| **status == 410).count()
            + statuses.iter().filter(|status| **status == 303).count(),
        6,
        "{statuses:?}"
    );
    assert_eq!(count(&tenant, "connections", "true"), "1");
    let made = |from: &str| {
        ask(
            app(),
            &format!("select count(*)::text as value from {from}"),
        )
    };
    assert_eq!(made(&format!("users where email = '{who}'")), "1");
    assert_eq!(made("retailers where name = 'Lakshmi Race'"), "1");
}

#[test]
fn shops_of_one_name_get_addresses_of_their_own() {
    // given
    let tenant = tenant();
    let mut slugs = Vec::new();
    let shop = format!("Anbu Stores {}", unique());

    // when
    for _ in 0..3 {
        let (code, who) = (customer(&tenant), email("anbu"));
        invite(&tenant, &code, &who);
        let home = Browser::new()
            .open(&link(&who))
            .form("#join")
            .fill("shop", &shop)
            .fill("password", "four quiet green words")
            .submit()
            .follow();
        home.is(200);
        let path = home.path.replace(&app().base, "");
        slugs.push(path.split('/').nth(2).unwrap().to_owned());
    }

    // then
    let base = shop.to_lowercase().replace(' ', "-");
    assert_eq!(
        slugs,
        [base.clone(), format!("{base}-2"), format!("{base}-3")]
    );
}

#[test]
fn many_are_invited_from_the_list() {
    // given: one with an address, one without, one that is connected
    let tenant = tenant();
    let shop = retailer(&tenant);
    let (with, without) = (customer(&tenant), customer(&tenant));
    let who = email("bulk");
    run(
        app(),
        &format!(
            "update customers set email = '{who}', language = 'hi-IN' where tenant_id = '{0}' and code = '{with}';
             update customers set email = 'connected@test.example', name = 'Connected Shop' where id = '{1}';
             update customers set name = 'Silent Shop' where tenant_id = '{0}' and code = '{without}'",
            tenant.id, shop.customer
        ),
    );
    let ids = ask(
        app(),
        &format!(
            "select string_agg(id::text, ' ') as value from customers where tenant_id = '{}'",
            tenant.id
        ),
    );
    let mut fields = vec![("action", "invite")];
    fields.extend(ids.split(' ').map(|id| ("id", id)));

    // when
    let list = tenant
        .owner
        .post(&tenant.path("/customers/bulk"), &fields)
        .follow();

    // then
    list.is(200)
        .shows(".toast", "1 invited. 2 skipped:")
        .shows(".toast", "Connected Shop is connected already")
        .shows(".toast", "Silent Shop has no e-mail.");
    assert_eq!(count(&tenant, "retailer_invitations", "true"), "1");
    assert!(link(&who).starts_with("/join/"));
    let letter = ask(
        app(),
        &format!("select subject as value from mails where recipient = '{who}'"),
    );
    assert!(!letter.is_ascii(), "in Hindi: {letter}");
}

#[test]
fn a_shop_adds_an_address_at_its_supplier_and_nobody_elses() {
    // given
    let (tenant, rival) = (tenant(), tenant());
    let shop = retailer(&tenant);
    let neighbour = retailer(&tenant);
    let page = shop.owner.open(&shop.path(&tenant, "/account"));
    page.is(200)
        .shows("#addresses", "7 Market Road, Salem 636001");

    // when
    let form = page.click("Add an address").form("#address");
    form.clone().submit().is(422).shows("#street-e", "must be");
    // Only the supplier says that a place is somebody else's: the tax follows from it.
    let own = gstin();
    run(
        app(),
        &format!(
            "update customers set gstin = '{own}', kind = 'registered' where tenant_id = '{}' and id = '{}'",
            tenant.id, shop.customer
        ),
    );
    let place = [
        ("label", "Caterer"),
        ("street", "1 Fort Road"),
        ("town", "Salem"),
        ("pincode", "636001"),
        ("third_person", "on"),
    ];
    let theirs = gstin_in("33", "AAPFU0939F");
    let fields = [&place[..], &[("place_gstin", theirs.as_str())]].concat();
    shop.owner
        .post(&shop.path(&tenant, "/account/addresses/new"), &fields)
        .is(422)
        .shows("#place_gstin-e", "but the customer's PAN is");
    // A PIN code of another state is the slip that the authority would refuse the bill for.
    let form = form
        .fill("label", "Godown")
        .fill("street", "12 Canal Bank")
        .fill("town", "Salem")
        .fill("state", "33");
    let wrong = form.clone().fill("pincode", "440018").submit();
    wrong.is(422).shows(
        "#pincode-e",
        "440018 is not a PIN code of Tamil Nadu: those begin with 600–643.",
    );
    assert_eq!(
        wrong.attribute("#street", "value").as_deref(),
        Some("12 Canal Bank")
    );
    form.fill("pincode", "636004")
        .submit()
        .follow()
        .shows("#addresses", "12 Canal Bank, Salem 636004");

    // then
    assert_eq!(
        count(
            &tenant,
            "customer_addresses",
            &format!("customer_id = '{}'", shop.customer)
        ),
        "2"
    );
    neighbour
        .owner
        .open(&neighbour.path(&tenant, "/account"))
        .shows_not("#addresses", "12 Canal Bank");
    neighbour.owner.get(&shop.path(&tenant, "/account")).is(404);
    shop.owner.get(&shop.path(&rival, "/account")).is(404);
    run(
        app(),
        &format!(
            "update retailer_users set role = 'buyer' where retailer_id = (select id from retailers where slug = '{}')",
            shop.slug
        ),
    );
    shop.owner
        .post(
            &shop.path(&tenant, "/account/addresses/new"),
            &[("label", "X")],
        )
        .is(403);
}
