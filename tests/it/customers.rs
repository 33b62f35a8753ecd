//! A company's book of customers: opening, terms, addresses, groups, and who may do what.

use crate::support::{
    Browser, Page, Tenant, app, ask, gstin, gstin_in, retailer, retailer_at, run, tenant,
};
use mandi::platform::permissions::Role;
use std::sync::Barrier;

/// How many rows of the company a condition fits.
fn count(tenant: &Tenant, table: &str, condition: &str) -> String {
    ask(
        app(),
        &format!(
            "select count(*)::text as value from {table} where tenant_id = '{}' and {condition}",
            tenant.id
        ),
    )
}

/// Opens a customer through its form and gives back its code.
fn opened(tenant: &Tenant, name: &str) -> String {
    let page = tenant
        .owner
        .open(&tenant.path("/customers/new"))
        .form("#customer")
        .fill("name", name)
        .fill("kind", "unregistered")
        .fill("street", "7 Market Road")
        .fill("town", "Salem")
        .fill("pincode", "636001")
        .fill("state", "33")
        .submit()
        .follow();
    page.is(200).shows("h1", name);
    page.path.rsplit('/').next().unwrap().to_owned()
}

#[test]
fn a_customer_is_opened_with_terms_and_its_first_address() {
    // given
    let (tenant, gstin) = (tenant(), gstin());
    let new = tenant
        .owner
        .open(&tenant.path("/customers"))
        .click("Add a customer");
    new.is(200)
        .shows("#code-h", "Empty takes the next one: C-0001.");

    // when
    let page = new
        .form("#customer")
        .fill("name", "Lakshmi Stores")
        .fill("gstin", &format!(" {} ", gstin.to_lowercase()))
        .fill("phone", "98400 00012")
        .fill("terms_days", "21")
        .fill("credit_limit", "1,50,000")
        .fill("street", "7 Market Road")
        .fill("town", "Salem")
        .fill("pincode", "636 001")
        .submit()
        .follow();

    // then: the state comes from the GSTIN, the address is for goods and bills
    page.is(200)
        .shows(".toast", "Lakshmi Stores is in the book as C-0001.")
        .shows("#credit", "Within 21 days")
        .shows("#credit", "₹1,50,000.00")
        .shows("#addresses", "7 Market Road, Salem 636001, Tamil Nadu")
        .shows("main", &gstin);
    assert_eq!(
        count(
            &tenant,
            "customer_addresses",
            "is_default and is_billing and state_code = '33'"
        ),
        "1"
    );
    tenant
        .owner
        .open(&tenant.path("/customers"))
        .shows("tbody", "Lakshmi Stores")
        .shows("tbody", "Salem")
        .shows("tbody", "₹0.00")
        .shows("tbody", "Not invited");
    // and the next one takes the next number; one that is typed is kept
    assert_eq!(opened(&tenant, "Patel Provision"), "C-0002");
    let again = new
        .form("#customer")
        .fill("code", "c-0001")
        .fill("name", "Twice")
        .fill("kind", "unregistered")
        .submit();
    again
        .is(422)
        .shows("#code-e", "Another customer has this code.");
    assert_eq!(again.attribute("#name", "value").as_deref(), Some("Twice"));
    assert_eq!(count(&tenant, "customers", "true"), "2");
}

#[test]
fn wrong_input_is_refused_beside_its_field_and_nothing_is_lost() {
    // given
    let tenant = tenant();
    let new = tenant.owner.open(&tenant.path("/customers/new"));
    let right = gstin();
    let wrong = format!(
        "{}{}",
        &right[..14],
        if right.ends_with('A') { 'B' } else { 'A' }
    );

    // when, then
    for (field, value, words) in [
        ("name", "", "Name must be filled in."),
        (
            "gstin",
            wrong.as_str(),
            "The last character of this GSTIN does not match",
        ),
        ("gstin", "", "A registered customer has a GSTIN. Enter it."),
        ("phone", "12", "phone"),
        ("email", "nobody", "mail"),
        ("code", "no spaces", "A code has up to 20 letters"),
        (
            "terms_days",
            "366",
            "The days must be a whole number from 0 to 365.",
        ),
        ("credit_limit", "-5", "A credit limit must be zero or more."),
        ("pincode", "012345", "PIN code must be 6 digits"),
        (
            "pincode",
            "400001",
            "400001 is not a PIN code of Tamil Nadu: those begin with 600–643. Correct the PIN code or the state.",
        ),
        ("place_gstin", right.as_str(), "This GSTIN holds the PAN"),
    ] {
        let answer = new
            .form("#customer")
            .fill("name", "Some Shop")
            .fill("gstin", &gstin())
            .fill("street", "7 Market Road")
            .fill("town", "Salem")
            .fill("pincode", "636001")
            .fill(field, value)
            .submit();
        answer.is(422);
        let said = answer.texts(&format!("#{field}-e")).join(" ");
        assert!(
            said.to_lowercase().contains(&words.to_lowercase()),
            "{field}: {said}"
        );
        assert_eq!(
            answer.attribute("#street", "value").as_deref(),
            Some("7 Market Road")
        );
    }
    new.form("#customer")
        .fill("name", "Some Shop")
        .fill("kind", "unregistered")
        .fill("gstin", &right)
        .submit()
        .is(422)
        .shows(
            "#gstin-e",
            "A customer that is not registered has no GSTIN.",
        );
    assert_eq!(count(&tenant, "customers", "true"), "0");
    new.form("#customer")
        .fill("name", "Some Shop")
        .fill("gstin", &right)
        .submit()
        .is(303);
    assert_eq!(count(&tenant, "customers", "true"), "1");
}

#[test]
fn only_who_may_set_terms_sets_them() {
    // given
    let tenant = tenant();
    let (_, sales) = tenant.employee(Role::Sales);
    let (_, accounts) = tenant.employee(Role::Accounts);
    let code = opened(&tenant, "Lakshmi Stores");
    let page = tenant.path(&format!("/customers/{code}"));

    // when: sales forge what the form does not offer
    let new = sales.open(&tenant.path("/customers/new"));
    assert_eq!(new.count("#terms_days"), 0);
    new.form("#customer")
        .fill("name", "Forged")
        .fill("kind", "unregistered")
        .forge("terms_days", "90")
        .forge("credit_limit", "999999")
        .submit()
        .is(303);
    sales
        .post(&format!("{page}/terms"), &[("terms_days", "90")])
        .is(403);
    accounts
        .post(&format!("{page}/edit"), &[("name", "Mine")])
        .is(403);

    // then
    assert_eq!(
        count(
            &tenant,
            "customers",
            "terms_days = 0 and credit_limit is null"
        ),
        "2"
    );
    let terms = accounts.open(&page).click("Change terms");
    terms
        .form("#terms")
        .fill("terms_days", "30")
        .fill("credit_limit", "2,00,000.50")
        .submit()
        .follow()
        .shows("#credit", "Within 30 days")
        .shows("#credit", "₹2,00,000.50");
    assert_eq!(
        count(
            &tenant,
            "customers",
            "terms_days = 30 and credit_limit = 200000.50"
        ),
        "1"
    );
    // and who comes second with an old page sees both values
    terms
        .form("#terms")
        .fill("terms_days", "7")
        .submit()
        .is(422)
        .shows("#terms_days-t", "Saved meanwhile: 30");
    assert_eq!(count(&tenant, "customers", "terms_days = 30"), "1");
}

#[test]
fn days_to_pay_may_stay_empty_and_the_form_says_what_that_means() {
    // given
    let tenant = tenant();
    let says = |page: &Page| {
        page.shows("label[for=terms_days]", "(optional)")
            .shows("#terms_days-h", "Empty or 0 means at once.");
    };
    says(&tenant.owner.open(&tenant.path("/customers/new")));
    let code = opened(&tenant, "Lakshmi Stores");
    let page = tenant.path(&format!("/customers/{code}"));
    let set = |days: &str| {
        let terms = tenant.owner.open(&page).click("Change terms");
        says(&terms);
        terms.form("#terms").fill("terms_days", days).submit()
    };

    // when, then
    assert_eq!(count(&tenant, "customers", "terms_days = 0"), "1");
    set("21").follow().shows("#credit", "Within 21 days");
    set("").follow().shows("#credit", "At once");
    assert_eq!(count(&tenant, "customers", "terms_days = 0"), "1");
}

#[test]
fn the_page_shows_what_counts_against_the_credit() {
    // given
    let tenant = tenant();
    let shop = retailer_at(&tenant, "29");
    run(
        app(),
        &format!(
            "insert into customer_accounts (tenant_id, id, open_orders, open_amount, balance) values ('{}', '{}', 2, 12500.50, 40000);
             update customers set credit_limit = 50000 where id = '{}'",
            tenant.id, shop.customer, shop.customer
        ),
    );
    let code = ask(
        app(),
        &format!(
            "select code as value from customers where id = '{}'",
            shop.customer
        ),
    );

    // when
    let page = tenant
        .owner
        .open(&tenant.path(&format!("/customers/{code}")));

    // then
    page.is(200)
        .shows("#credit", "₹52,500.50")
        .shows("#credit", "−₹2,500.50")
        .shows("#credit", "₹12,500.50")
        .shows("#portal", "Connected")
        .shows("#portal", "Meena Shop")
        .shows("#addresses", "Salem 636001, Karnataka");
    let orders = page.attributes(".actions a", "href");
    assert_eq!(
        orders[..2],
        [
            tenant.path(&format!("/orders/new?customer={code}")),
            tenant.path(&format!("/orders?customer={code}"))
        ]
    );
    let begun = page.click("New order").form("#start").submit();
    begun.follow().is(200).shows("h1", "Order for");
    tenant
        .owner
        .open(&tenant.path("/customers?portal=connected"))
        .shows("tbody", "₹12,500.50");
    tenant
        .owner
        .open(&tenant.path("/customers?portal=none"))
        .shows("#list", "No customers match");
}

#[test]
fn two_who_edit_one_customer_see_each_others_values() {
    // given
    let tenant = tenant();
    let (_, sales) = tenant.employee(Role::Sales);
    let code = opened(&tenant, "Lakshmi Stores");
    let page = tenant.path(&format!("/customers/{code}/edit"));
    let mine = tenant.owner.open(&page);
    sales
        .open(&page)
        .form("#customer")
        .fill("name", "Theirs")
        .submit()
        .is(303);

    // when
    let answer = mine.form("#customer").fill("name", "Mine").submit();

    // then
    answer
        .is(422)
        .shows("#conflict", "Somebody else saved this meanwhile.")
        .shows("#name-t", "Saved meanwhile: Theirs");
    assert_eq!(count(&tenant, "customers", "name = 'Theirs'"), "1");
    answer.form("#customer").submit().is(303);
    assert_eq!(count(&tenant, "customers", "name = 'Mine'"), "1");
}

#[test]
fn a_paused_customer_says_so_at_both_ends() {
    // given
    let tenant = tenant();
    let shop = retailer(&tenant);
    let code = ask(
        app(),
        &format!(
            "select code as value from customers where id = '{}'",
            shop.customer
        ),
    );
    let page = tenant.path(&format!("/customers/{code}"));

    // when
    let question = tenant.owner.open(&page).click("Pause…");
    question.is(200).shows("h1", "Pause");
    question.form("#confirm").submit().follow().shows(
        "main",
        "Paused: it sees its orders, but can't place new ones.",
    );

    // then
    shop.owner
        .open(&shop.path(&tenant, "/account"))
        .is(200)
        .shows("main", "takes no new orders from your shop");
    assert_eq!(count(&tenant, "connections", "status = 'paused'"), "1");
    tenant
        .owner
        .open(&page)
        .form("#resume")
        .submit()
        .follow()
        .shows(".toast", "may order again.");
    assert_eq!(count(&tenant, "connections", "status = 'active'"), "1");
    assert_eq!(count(&tenant, "customers", "status = 'active'"), "1");
    shop.owner
        .open(&shop.path(&tenant, "/account"))
        .shows_not("main", "takes no new orders from your shop");
}

#[test]
fn goods_and_bills_always_have_an_address() {
    // given
    let tenant = tenant();
    let code = opened(&tenant, "Lakshmi Stores");
    let page = tenant.path(&format!("/customers/{code}"));
    tenant
        .owner
        .open(&page)
        .click("Add an address")
        .form("#address")
        .fill("label", "Store room")
        .fill("street", "9 Mill Road")
        .fill("town", "Bengaluru")
        .fill("pincode", "560001")
        .fill("state", "29")
        .submit()
        .follow()
        .shows("#addresses", "9 Mill Road, Bengaluru 560001, Karnataka");
    let id = |label: &str| {
        ask(
            app(),
            &format!(
                "select id::text as value from customer_addresses where tenant_id = '{}' and label = '{label}'",
                tenant.id
            ),
        )
    };
    let (main, store) = (id("Main shop"), id("Store room"));

    // when, then: the first one stays until another takes its place
    let step = |address: &str, verb: &str| {
        tenant
            .owner
            .post(&format!("{page}/addresses/{address}/{verb}"), &[])
    };
    step(&main, "deactivate").is(409).shows(
        "main",
        "Goods go to Main shop. Choose another address for goods first.",
    );
    step(&store, "default").is(303);
    step(&main, "deactivate").is(409).shows(
        "main",
        "Bills go to Main shop. Choose another address for bills first.",
    );
    step(&store, "billing").is(303);
    step(&main, "deactivate").is(303);
    step(&main, "default")
        .is(409)
        .shows("main", "The address Main shop is not in use.");
    assert_eq!(
        count(
            &tenant,
            "customer_addresses",
            "is_default and is_billing and is_active and label = 'Store room'"
        ),
        "1"
    );
    assert_eq!(count(&tenant, "customers", "city = 'Bengaluru'"), "1");
    step(&main, "activate").is(303);
    assert_eq!(count(&tenant, "customer_addresses", "is_active"), "2");

    // and an old page of an address is told what was saved
    let old = tenant.owner.open(&format!("{page}/addresses/{main}"));
    old.form("#address").fill("town", "Erode").submit().is(303);
    old.form("#address")
        .fill("town", "Karur")
        .submit()
        .is(422)
        .shows("#town-t", "Saved meanwhile: Erode");
    // and another customer's address is not there
    let other = opened(&tenant, "Patel Provision");
    tenant
        .owner
        .open(&tenant.path(&format!("/customers/{other}/addresses/{main}")))
        .is(404);
}

#[test]
fn an_address_with_a_gstin_takes_its_state_and_holds_the_customers_pan() {
    // given
    let (tenant, own) = (tenant(), gstin());
    tenant
        .owner
        .open(&tenant.path("/customers/new"))
        .form("#customer")
        .fill("name", "Lakshmi Stores")
        .fill("gstin", &own)
        .submit()
        .is(303);
    let form = tenant
        .owner
        .open(&tenant.path("/customers/C-0001/addresses/new"))
        .form("#address")
        .fill("label", "Branch")
        .fill("street", "9 Mill Road")
        .fill("town", "Bengaluru")
        .fill("pincode", "560001");

    // when, then
    form.clone()
        .fill("place_gstin", &gstin())
        .fill("pincode", "600017")
        .submit()
        .is(422)
        .shows("#place_gstin-e", "but the customer's PAN is");
    let branch = gstin_in("29", &own[2..12]);
    form.clone()
        .fill("place_gstin", &branch)
        .fill("state", "33")
        .submit()
        .is(422)
        .shows("#state-e", "The GSTIN of this place is of Karnataka.");
    assert_eq!(count(&tenant, "customer_addresses", "true"), "0");
    form.fill("place_gstin", &branch).submit().is(303);
    assert_eq!(
        count(
            &tenant,
            "customer_addresses",
            &format!("state_code = '29' and gstin = '{branch}' and is_default")
        ),
        "1"
    );
}

#[test]
fn the_gstin_of_a_customer_fits_the_place_to_which_its_bills_go() {
    // given: a customer without GSTIN, whose bills go to a place that has one
    let (tenant, there) = (tenant(), gstin());
    let code = "C-0001";
    tenant
        .owner
        .open(&tenant.path("/customers/new"))
        .form("#customer")
        .fill("name", "Lakshmi Stores")
        .fill("kind", "unregistered")
        .submit()
        .is(303);
    tenant
        .owner
        .open(&tenant.path(&format!("/customers/{code}/addresses/new")))
        .form("#address")
        .fill("label", "Branch")
        .fill("street", "9 Mill Road")
        .fill("town", "Salem")
        .fill("pincode", "636001")
        .fill("place_gstin", &there)
        .submit()
        .is(303);
    assert_eq!(count(&tenant, "customer_addresses", "is_billing"), "1");
    let edit = tenant
        .owner
        .open(&tenant.path(&format!("/customers/{code}/edit")))
        .form("#customer")
        .fill("kind", "registered");

    // when it is said to have a GSTIN of another PAN, then that is refused, and nothing is lost
    edit.clone()
        .fill("gstin", &gstin())
        .fill("note", "Pays on Fridays")
        .submit()
        .is(422)
        .shows(
            "#gstin-e",
            "Bills go to Branch, whose GSTIN holds another PAN.",
        )
        .shows("#note", "Pays on Fridays");
    assert_eq!(
        count(&tenant, "customers", "gstin is null and note is null"),
        "1"
    );

    // the control: one of the same PAN
    edit.fill("gstin", &gstin_in("33", &there[2..12]))
        .submit()
        .is(303);
    assert_eq!(count(&tenant, "customers", "gstin is not null"), "1");
}

#[test]
fn of_many_addresses_made_usual_at_once_one_is() {
    // given
    let tenant = tenant();
    let (_, sales) = tenant.employee(Role::Sales);
    let code = opened(&tenant, "Lakshmi Stores");
    run(
        app(),
        &format!(
            "insert into customer_addresses (tenant_id, id, customer_id, label, street, city, pincode, state_code)
               select c.tenant_id, gen_random_uuid(), c.id, 'Place ' || n, 'Road', 'Salem', '636001', '33' from customers c, generate_series(1, 6) n where c.tenant_id = '{}'",
            tenant.id
        ),
    );
    let ids = ask(
        app(),
        &format!(
            "select string_agg(id::text, ' ') as value from customer_addresses where tenant_id = '{}' and not is_default",
            tenant.id
        ),
    );
    let barrier = Barrier::new(6);

    // when
    let statuses: Vec<u16> = std::thread::scope(|threads| {
        let started: Vec<_> = ids
            .split(' ')
            .enumerate()
            .map(|(number, id)| {
                let browser: &Browser = if number % 2 == 0 {
                    &tenant.owner
                } else {
                    &sales
                };
                let (barrier, path) = (
                    &barrier,
                    tenant.path(&format!("/customers/{code}/addresses/{id}/default")),
                );
                threads.spawn(move || {
                    barrier.wait();
                    browser.post(&path, &[]).status
                })
            })
            .collect();
        started
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    });

    // then
    assert_eq!(statuses, [303; 6]);
    assert_eq!(count(&tenant, "customer_addresses", "is_default"), "1");
}

#[test]
fn a_group_is_renamed_filtered_by_and_deleted_when_nobody_is_in_it() {
    // given
    let tenant = tenant();
    let code = opened(&tenant, "Lakshmi Stores");
    let groups = tenant.owner.open(&tenant.path("/customer-groups"));
    groups.form("#add").fill("name", "").submit().is(422);
    groups
        .form("#add")
        .fill("name", "Hotels")
        .submit()
        .follow()
        .shows(".toast", "The group Hotels is added.");
    tenant
        .owner
        .open(&tenant.path("/customer-groups"))
        .form("#add")
        .fill("name", "Hotels")
        .submit()
        .is(422)
        .shows("#name-e", "There is a group with this name.");
    let id = ask(
        app(),
        &format!(
            "select id::text as value from customer_groups where tenant_id = '{}'",
            tenant.id
        ),
    );
    tenant
        .owner
        .open(&tenant.path(&format!("/customers/{code}/edit")))
        .form("#customer")
        .fill("group", &id)
        .submit()
        .is(303);

    // when
    tenant
        .owner
        .open(&tenant.path(&format!("/customer-groups/{id}")))
        .form("#group")
        .fill("name", "Hotels and kitchens")
        .submit()
        .follow()
        .shows("tbody", "Hotels and kitchens");

    // then
    tenant
        .owner
        .open(&tenant.path(&format!("/customers?group={id}")))
        .shows("tbody", "Lakshmi Stores");
    let remove = tenant.path(&format!("/customer-groups/{id}/remove"));
    tenant
        .owner
        .open(&remove)
        .form("#confirm")
        .submit()
        .is(409)
        .shows("main", "are in the group Hotels and kitchens.");
    assert_eq!(count(&tenant, "customer_groups", "true"), "1");
    tenant
        .owner
        .open(&tenant.path(&format!("/customers/{code}/edit")))
        .form("#customer")
        .fill("group", "")
        .submit()
        .is(303);
    tenant.owner.open(&remove).form("#confirm").submit().is(303);
    assert_eq!(count(&tenant, "customer_groups", "true"), "0");
}

#[test]
fn the_list_searches_sorts_turns_pages_and_goes_into_a_file() {
    // given
    let tenant = tenant();
    run(
        app(),
        &format!(
            "insert into customers (tenant_id, id, code, name, city, phone, created_at)
               select '{}', gen_random_uuid(), 'S-' || lpad(n::text, 3, '0'), 'Shop ' || lpad((100 - n)::text, 3, '0'), case when n = 7 then 'Madurai' end, case when n = 9 then '+919840000099' end, now() + n * interval '1 second'
               from generate_series(1, 30) n",
            tenant.id
        ),
    );
    let list = |query: &str| {
        tenant
            .owner
            .open(&tenant.path(&format!("/customers{query}")))
    };

    // when, then
    let first = list("");
    assert_eq!(first.count("tbody tr"), 25);
    first.shows("tbody tr:first-child", "Shop 070");
    let second = first.click("Next");
    assert_eq!(second.count("tbody tr"), 5);
    second.shows("tbody tr:last-child", "Shop 099");
    list("?sort=code").shows("tbody tr:first-child", "S-001");
    list("?sort=-created").shows("tbody tr:first-child", "S-030");
    list("?sort=-created")
        .click("Next")
        .shows("tbody tr:last-child", "S-001");
    list("?q=madurai").shows("tbody", "S-007");
    assert_eq!(list("?q=9840000099").count("tbody tr"), 1);
    let file = tenant
        .owner
        .get(&tenant.path("/customers/export?format=csv&q=madurai"));
    assert_eq!(file.html.lines().count(), 2);
    assert!(
        file.html.contains("S-007,Shop 093,Madurai"),
        "{}",
        file.html
    );
}

#[test]
fn a_rival_finds_nothing() {
    // given
    let (tenant, rival) = (tenant(), tenant());
    let code = opened(&tenant, "Lakshmi Stores");
    let customer = opened(&rival, "Own Shop");
    assert_eq!(code, customer, "the same code on both sides");
    rival.owner.open(&tenant.path("/customers")).is(404);
    let id = ask(
        app(),
        &format!(
            "select id::text as value from customer_addresses where tenant_id = '{}'",
            tenant.id
        ),
    );

    // when, then
    rival
        .owner
        .open(&rival.path(&format!("/customers/{code}/addresses/{id}")))
        .is(404);
    rival
        .owner
        .open(&rival.path("/customers?q=Lakshmi"))
        .shows("#list", "No customers match");
    rival
        .owner
        .open(&rival.path(&format!("/customers/{code}")))
        .is(200)
        .shows("h1", "Own Shop");
}

#[test]
fn two_who_edit_one_small_record_see_each_others_values() {
    // given: an address, a group, a category and a driver, each with its form and a field of it
    let tenant = tenant();
    let (_, manager) = tenant.employee(Role::Manager);
    let code = opened(&tenant, "Lakshmi Stores");
    let add = |page: &str, form: &str, name: &str| {
        let page = tenant.owner.open(&tenant.path(page));
        page.form(form).fill("name", name).submit().is(303);
    };
    add("/customer-groups", "#add", "Hotels");
    add("/categories/new", "#category", "Food");
    add("/drivers/new", "#fleet", "Mani V.");
    let only = |table: &str| {
        ask(
            app(),
            &format!(
                "select id::text as value from {table} where tenant_id = '{}'",
                tenant.id
            ),
        )
    };
    let records = [
        (
            format!("/customers/{code}/addresses/{}", only("customer_addresses")),
            "#address",
            "town",
        ),
        (
            format!("/customer-groups/{}", only("customer_groups")),
            "#group",
            "name",
        ),
        (
            format!("/categories/{}", only("categories")),
            "#category",
            "name",
        ),
        (format!("/drivers/{}", only("drivers")), "#fleet", "name"),
    ];

    for (path, form, field) in records {
        let path = tenant.path(&path);
        let (input, theirs) = (format!("#{field}"), format!("#{field}-t"));
        let shown = |page: &Page| page.attribute(&input, "value");
        let stored = || shown(&tenant.owner.open(&path));

        // when: nobody else saves, it is saved at once
        let alone = manager.open(&path);
        alone.form(form).fill(field, "Alone").submit().is(303);
        assert_eq!(stored().as_deref(), Some("Alone"), "{path}");

        // when: somebody saves between opening and saving
        let mine = manager.open(&path);
        let other = tenant.owner.open(&path);
        other.form(form).fill(field, "Theirs").submit().is(303);
        let answer = mine.form(form).fill(field, "Mine").submit();

        // then: the first's value stands, and the second sees both
        answer
            .is(422)
            .shows("#conflict", "Somebody else saved this meanwhile.")
            .shows(&theirs, "Saved meanwhile: Theirs");
        assert_eq!(shown(&answer).as_deref(), Some("Mine"), "{path}");
        assert_eq!(stored().as_deref(), Some("Theirs"), "{path}");

        // and saving again keeps one's own
        answer.form(form).submit().is(303);
        assert_eq!(stored().as_deref(), Some("Mine"), "{path}");
    }
}
