//! The retailer's side: catalogue, cart, orders.

use crate::support::trade;
use crate::support::{
    Browser, Goods, PASSWORD, Page, Shop, Tenant, ask, email, give_address, retailer, run, tenant,
};
use std::sync::Barrier;

/// A company with a shop that has an address in the company's own state.
fn ground() -> (Tenant, Shop) {
    let tenant = tenant();
    let shop = retailer(&tenant);
    give_address(&tenant, &shop, "33");
    (tenant, shop)
}

fn say(tenant: &Tenant, sql: &str) -> String {
    ask(tenant.app, &sql.replace("$t", &tenant.id.to_string()))
}

fn change(tenant: &Tenant, sql: &str) {
    run(tenant.app, &sql.replace("$t", &tenant.id.to_string()));
}

/// Sets a quantity as the stepper does.
fn put(tenant: &Tenant, shop: &Shop, sku: &str, typed: &str) -> Page {
    let path = shop.path(tenant, "/cart/items");
    let (op, field) = (format!("set:{sku}"), format!("qty.{sku}"));
    shop.owner.post(&path, &[("op", &op), (&field, typed)])
}

fn in_cart(tenant: &Tenant) -> String {
    say(
        tenant,
        "select coalesce(string_agg(p.sku || ' ' || trim_scale(l.quantity), ', ' order by p.sku), 'nothing') as value
           from cart_lines l join products p on p.tenant_id = l.tenant_id and p.id = l.product_id where l.tenant_id = '$t'",
    )
}

fn orders(tenant: &Tenant) -> String {
    say(
        tenant,
        "select count(*)::text as value from orders where tenant_id = '$t'",
    )
}

/// The cart page's form, ready to be placed.
fn checkout(tenant: &Tenant, shop: &Shop) -> crate::support::FormFiller {
    shop.owner
        .open(&shop.path(tenant, "/cart"))
        .form("#checkout")
        .to(&shop.path(tenant, "/orders"))
        .press("op", "place")
}

/// Somebody else of the same shop, with a role, in a browser of their own.
fn colleague(tenant: &Tenant, shop: &Shop, role: &str) -> Browser {
    let address = email("colleague");
    run(
        tenant.app,
        &format!(
            "insert into users (id, email, name, password_hash)
               select gen_random_uuid(), '{address}', 'Second Buyer', u.password_hash from users u
                 join retailer_users r on r.user_id = u.id join retailers s on s.id = r.retailer_id where s.slug = '{slug}' limit 1;
             insert into retailer_users (retailer_id, id, user_id, role)
               select s.id, gen_random_uuid(), u.id, '{role}' from retailers s, users u where s.slug = '{slug}' and u.email = '{address}'",
            slug = shop.slug
        ),
    );
    let browser = Browser::on(&tenant.app.base);
    browser.sign_in(&address, PASSWORD).is(200);
    browser
}

/// A price list for one customer: a product's price from a quantity on.
fn own_price(tenant: &Tenant, shop: &Shop, sku: &str, steps: &[(&str, &str)]) {
    let mut sql = format!(
        "insert into price_lists (tenant_id, id, name) values ('$t', gen_random_uuid(), 'For {0}');
         insert into price_list_targets (tenant_id, id, price_list_id, customer_id)
           select '$t', gen_random_uuid(), id, '{0}' from price_lists where tenant_id = '$t' and name = 'For {0}';",
        shop.customer
    );
    for (from, price) in steps {
        sql.push_str(&format!(
            "insert into price_items (tenant_id, id, price_list_id, product_id, min_qty, price)
               select '$t', gen_random_uuid(), l.id, p.id, {from}, {price} from price_lists l, products p
                 where l.tenant_id = '$t' and l.name = 'For {}' and p.tenant_id = '$t' and p.sku = '{sku}';",
            shop.customer
        ));
    }
    change(tenant, &sql);
}

#[test]
fn the_catalogue_shows_a_buyer_its_own_price_and_nobody_elses() {
    // given
    let (tenant, shop) = ground();
    let other = retailer(&tenant);
    Goods::new("SOAP").pack("12", "case").mrp("60").on(&tenant);
    own_price(&tenant, &shop, "SOAP", &[("0", "38"), ("60", "36.50")]);

    // when
    let mine = shop.owner.open(&shop.path(&tenant, "/catalogue"));
    let theirs = other.owner.open(&other.path(&tenant, "/catalogue"));

    // then: 38.00 with 5 % GST is 39.90 of an MRP of 60
    mine.is(200)
        .shows("#product-SOAP .price", "₹38.00 MRP ₹60.00")
        .shows("#product-SOAP .margin", "33.5% margin")
        .shows("#product-SOAP .pack", "Case of 12 · ₹456.00")
        .shows("#product-SOAP .note.deal", "5 cs or more: ₹36.50 each")
        .shows("main", "Prices are before GST.");
    theirs
        .is(200)
        .shows("#product-SOAP .price", "₹40.00")
        .shows_not("main", "38.00")
        .shows_not("main", "36.50");

    // and on the product's page
    let product = shop.owner.open(&shop.path(&tenant, "/p/SOAP"));
    product
        .is(200)
        .shows("tbody tr", "Any quantity₹38.00")
        .shows("tbody tr", "5 cs or more₹36.50")
        .shows("details", &format!("price list “For {}”", shop.customer))
        .shows("dl", "5%");
    other
        .owner
        .open(&other.path(&tenant, "/p/SOAP"))
        .shows("tbody tr", "₹40.00")
        .shows_not("main", "36.50")
        .shows("details", "“Standard”");

    // and in the cart the break counts once it is reached
    put(&tenant, &shop, "SOAP", "5").is(303);
    shop.owner
        .open(&shop.path(&tenant, "/cart"))
        .shows("#product-SOAP .price", "₹2,190.00 + 5% GST")
        .shows("#total", "₹2,299.50");
}

#[test]
fn the_price_begins_where_a_pack_begins() {
    // given: a pack holds more than the first step of the price
    let (tenant, shop) = ground();
    Goods::new("SOAP").pack("24", "case").on(&tenant);
    own_price(
        &tenant,
        &shop,
        "SOAP",
        &[("0", "40"), ("24", "38"), ("48", "36")],
    );

    // when
    let product = shop.owner.open(&shop.path(&tenant, "/p/SOAP"));

    // then
    assert_eq!(
        product.is(200).texts("tbody tr"),
        ["Any quantity₹38.00", "2 cs or more₹36.00"]
    );
    product.shows("#product-SOAP .price", "₹38.00");
}

#[test]
fn a_break_of_another_list_is_shown_wherever_the_price_is() {
    // given: the shop's own list begins at two cases and says no more at five; the list of everybody has a break at three
    let (tenant, shop) = ground();
    let other = retailer(&tenant);
    Goods::new("SOAP").pack("12", "case").on(&tenant);
    own_price(&tenant, &shop, "SOAP", &[("24", "38"), ("60", "38")]);
    change(
        &tenant,
        "insert into price_items (tenant_id, id, price_list_id, product_id, min_qty, price)
           select '$t', gen_random_uuid(), l.id, p.id, 36, 39 from price_lists l, products p
             where l.tenant_id = '$t' and l.is_default and p.tenant_id = '$t' and p.sku = 'SOAP'",
    );

    // when
    let catalogue = shop.owner.open(&shop.path(&tenant, "/catalogue"));
    let product = shop.owner.open(&shop.path(&tenant, "/p/SOAP"));

    // then
    catalogue
        .is(200)
        .shows("#product-SOAP .price", "₹40.00")
        .shows("#product-SOAP .pack", "Case of 12 · ₹480.00");
    assert_eq!(
        catalogue.texts("#product-SOAP .note.deal"),
        ["2 cs or more: ₹38.00 each"]
    );
    assert_eq!(
        product.is(200).texts("tbody tr"),
        ["Any quantity₹40.00", "2 cs or more₹38.00"]
    );
    assert_eq!(
        product.texts("tbody tr[aria-current]"),
        ["Any quantity₹40.00"]
    );
    let theirs = other.owner.open(&other.path(&tenant, "/p/SOAP"));
    assert_eq!(
        theirs.is(200).texts("tbody tr"),
        ["Any quantity₹40.00", "3 cs or more₹39.00"]
    );
    assert_eq!(
        theirs.texts("#product-SOAP .note.deal"),
        ["3 cs or more: ₹39.00 each"]
    );

    // and in the cart, on both sides of the break
    let cart = || shop.owner.open(&shop.path(&tenant, "/cart"));
    put(&tenant, &shop, "SOAP", "1").is(303);
    cart()
        .shows("#product-SOAP .price", "₹480.00 + 5% GST")
        .shows("#product-SOAP .note.deal", "2 cs or more: ₹38.00 each");
    put(&tenant, &shop, "SOAP", "2").is(303);
    let reached = cart();
    reached
        .shows("#product-SOAP .price", "₹912.00 + 5% GST")
        .shows("#total", "₹957.60");
    assert_eq!(reached.count(".note.deal"), 0);

    // and beyond it the page shows the same steps, and what a pack comes to once
    let product = shop.owner.open(&shop.path(&tenant, "/p/SOAP"));
    assert_eq!(
        product.texts("tbody tr"),
        ["Any quantity₹40.00", "2 cs or more₹38.00"]
    );
    assert_eq!(
        product.texts("tbody tr[aria-current]"),
        ["2 cs or more₹38.00"]
    );
    product.shows("#product-SOAP .pack", "Case of 12 · ₹456.00");
    assert_eq!(product.texts(".dl.start dd")[1], "Case of 12");

    // and a price that holds GST beside one that does not says so
    change(
        &tenant,
        "update price_lists set includes_tax = true where tenant_id = '$t' and not is_default",
    );
    put(&tenant, &shop, "SOAP", "1").is(303);
    let product = shop.owner.open(&shop.path(&tenant, "/p/SOAP"));
    assert_eq!(
        product.texts("tbody tr"),
        [
            "Any quantity₹40.00 before GST",
            "2 cs or more₹38.00 with GST"
        ]
    );
    product.shows(".note.deal", "2 cs or more: ₹38.00 with GST");
}

#[test]
fn what_is_weighed_has_its_price_for_a_weight_and_not_for_each() {
    // given
    let (tenant, shop) = ground();
    Goods::new("NAIL").price("95").pack("25", "box").on(&tenant);
    Goods::new("SOAP").pack("12", "case").on(&tenant);
    change(
        &tenant,
        "update products set unit = 'KGS' where tenant_id = '$t' and sku = 'NAIL';
         insert into price_items (tenant_id, id, price_list_id, product_id, min_qty, price)
           select '$t', gen_random_uuid(), l.id, p.id, case p.sku when 'NAIL' then 100 else 24 end, case p.sku when 'NAIL' then 90.25 else 38 end
             from price_lists l, products p where l.tenant_id = '$t' and l.is_default and p.tenant_id = '$t'",
    );
    let notes = || {
        let catalogue = shop.owner.open(&shop.path(&tenant, "/catalogue"));
        catalogue.is(200).texts(".note.deal")
    };

    // when
    let english = notes();
    change(
        &tenant,
        "update users set language = 'hi-IN' where id in (select user_id from retailer_users ru join connections c on c.retailer_id = ru.retailer_id where c.tenant_id = '$t')",
    );

    // then
    assert_eq!(
        english,
        ["4 box or more: ₹90.25/kg", "2 cs or more: ₹38.00 each"]
    );
    assert_eq!(
        notes(),
        [
            "4 डिब्बा या ज़्यादा: ₹90.25/किलो",
            "2 पेटी या ज़्यादा: ₹38.00 प्रति नग"
        ]
    );
    let product = shop.owner.open(&shop.path(&tenant, "/p/NAIL"));
    product
        .shows("tbody tr", "₹95.00/किलो")
        .shows("tbody tr", "₹90.25/किलो");
}

#[test]
fn the_stepper_comes_back_with_what_the_cart_took() {
    // given
    let (tenant, shop) = ground();
    Goods::new("SOAP")
        .pack("12", "case")
        .stock("60")
        .on(&tenant);
    let step = |typed: &str| {
        shop.owner.post_with(
            &shop.path(&tenant, "/cart/items"),
            &[("op", "set:SOAP"), ("qty.SOAP", typed)],
            &[
                ("Origin", &tenant.app.base),
                ("HX-Request", "true"),
                ("HX-Request-Type", "partial"),
            ],
        )
    };
    let field = |page: &Page| page.attribute("#qty-SOAP", "value");

    // when
    let (fits, cut) = (step("4"), step("9"));

    // then
    assert_eq!(field(fits.is(200)).as_deref(), Some("4"));
    assert_eq!(field(cut.is(200)).as_deref(), Some("5"));
    cut.shows(".note", "Only 5 cs in stock.");
    fits.shows_not(".note", "in stock.");
    assert_eq!(in_cart(&tenant), "SOAP 60");

    // and to each reader in words of its own; a name that the supplier gave its packs stays
    change(
        &tenant,
        "update users set language = 'hi-IN' where id in (select user_id from retailer_users ru join connections c on c.retailer_id = ru.retailer_id where c.tenant_id = '$t')",
    );
    step("9").shows(".note", "स्टॉक में केवल 5 पेटी है।");
    for (pack, words) in [("null", "5 पैक"), ("'tray'", "5 tray")] {
        change(
            &tenant,
            &format!("update products set pack_name = {pack} where tenant_id = '$t'"),
        );
        step("9").shows(".note", &format!("स्टॉक में केवल {words} है।"));
    }
}

#[test]
fn what_will_not_come_is_called_as_its_line_is() {
    // given
    let (tenant, shop) = ground();
    Goods::new("SOAP").on(&tenant);
    Goods::new("OIL").on(&tenant);
    change(
        &tenant,
        "update products set name_hi = 'नीम साबुन' where tenant_id = '$t' and sku = 'SOAP'",
    );
    Goods::new("TEA").on(&tenant);
    for sku in ["SOAP", "OIL", "TEA"] {
        put(&tenant, &shop, sku, "3").is(303);
    }
    let number = checkout(&tenant, &shop)
        .submit()
        .follow()
        .texts("h1")
        .remove(0);
    for sku in ["SOAP", "OIL"] {
        let line = say(
            &tenant,
            &format!(
                "select id::text as value from order_lines where tenant_id = '$t' and sku = '{sku}' and cancelled_qty = 0"
            ),
        );
        let path = tenant.path(&format!("/orders/{number}/lines/{line}/cancel"));
        tenant.owner.post(&path, &[("reason", "Leaks")]).is(303);
    }
    let story = || {
        let order = shop
            .owner
            .open(&shop.path(&tenant, &format!("/orders/{number}")));
        order.is(200).texts("ol.timeline > li").join("\n")
    };

    // when
    let english = story();
    change(
        &tenant,
        "update users set language = 'hi-IN' where id in (select user_id from retailer_users ru join connections c on c.retailer_id = ru.retailer_id where c.tenant_id = '$t')",
    );
    let hindi = story();

    // then
    assert!(
        english.contains("3 pc of Product SOAP won't come: Leaks"),
        "{english}"
    );
    assert!(hindi.contains("नीम साबुन के 3 नग नहीं आएँगे: Leaks"), "{hindi}");
    // a product without a Hindi name keeps the name that it has
    assert!(
        hindi.contains("Product OIL के 3 नग नहीं आएँगे: Leaks"),
        "{hindi}"
    );
}

#[test]
fn what_is_cut_in_the_cart_is_said_on_its_line() {
    // given
    let (tenant, shop) = ground();
    Goods::new("SOAP")
        .pack("12", "case")
        .stock("60")
        .on(&tenant);
    Goods::new("OIL").stock("30").on(&tenant);
    put(&tenant, &shop, "SOAP", "2").is(303);
    put(&tenant, &shop, "OIL", "3").is(303);
    let cart = shop.owner.open(&shop.path(&tenant, "/cart"));

    // when
    let told = cart
        .form("#checkout")
        .fill("qty.SOAP", "9999")
        .fill("po_number", "PO 3")
        .press("op", "set")
        .submit();

    // then
    told.is(422)
        .shows("#product-SOAP .note", "Only 5 cs in stock.");
    assert_eq!(told.count("#product-OIL .note"), 0);
    assert_eq!(told.count(".toast"), 0);
    assert_eq!(in_cart(&tenant), "OIL 3, SOAP 60");
    assert_eq!(
        told.attribute("#po_number", "value").as_deref(),
        Some("PO 3")
    );

    // when: nothing is left of it
    change(
        &tenant,
        "update stock_levels l set on_hand = 5 from products p where p.tenant_id = '$t' and l.tenant_id = '$t' and p.id = l.product_id and p.sku = 'SOAP'",
    );
    let short = told
        .form("#checkout")
        .to(&shop.path(&tenant, "/orders"))
        .press("op", "place")
        .submit();

    // then: what stands above does not count otherwise than the line does
    short
        .is(422)
        .shows(
            ".notice",
            "There is not enough of Product SOAP. Its line says what there is.",
        )
        .shows("#product-SOAP .note", "Out of stock.");
    let gone = short
        .form("#checkout")
        .fill("qty.SOAP", "4")
        .press("op", "set")
        .submit();
    gone.is(422).shows(".notice", "Product SOAP: Out of stock.");
    assert_eq!(in_cart(&tenant), "OIL 3");
}

#[test]
fn a_hindi_reader_reads_hindi_names_and_types_hindi_packs() {
    // given
    let (tenant, shop) = ground();
    Goods::new("SOAP").pack("12", "case").on(&tenant);
    Goods::new("OIL").on(&tenant);
    change(
        &tenant,
        "update products set name_hi = 'नीम साबुन' where tenant_id = '$t' and sku = 'SOAP';
         update users set language = 'hi-IN' where id in (select user_id from retailer_users ru join connections c on c.retailer_id = ru.retailer_id where c.tenant_id = '$t')",
    );

    // when
    let pad = shop.owner.open(&shop.path(&tenant, "/order-pad"));
    pad.is(200).shows("#list-h", "“SOAP-100 2 पेटी”");
    pad.form("#pad")
        .fill("list", "SOAP 2 पेटी\nOIL 3 नग")
        .submit()
        .is(303);

    // then
    assert_eq!(in_cart(&tenant), "OIL 3, SOAP 24");
    let order = checkout(&tenant, &shop).submit().follow();
    order
        .is(200)
        .shows(".lines .c-item", "नीम साबुन")
        .shows(".lines .c-item", "Product OIL")
        .shows(".lines .c-qty", "2 पेटी24 नग");
    assert_eq!(order.count("#again .primary"), 0);
    let number = order.texts("h1").remove(0);
    shop.owner
        .open(&shop.path(&tenant, &format!("/orders/{number}/again")))
        .shows("tbody th", "नीम साबुन");
    shop.owner
        .open(&shop.path(&tenant, "/"))
        .shows("section", "पिछली बार 2 पेटी");

    // and what is over is ordered again by the one filled button
    shop.owner
        .post(
            &shop.path(&tenant, &format!("/orders/{number}/cancel")),
            &[("reason", "Twice")],
        )
        .is(303);
    let ended = shop
        .owner
        .open(&shop.path(&tenant, &format!("/orders/{number}")));
    assert_eq!(ended.is(200).count("#again .primary"), 1);
}

#[test]
fn a_refusal_keeps_the_tabs_of_the_shop() {
    // given
    let (tenant, shop) = ground();
    let viewer = colleague(&tenant, &shop, "accounts");

    // when: a role that may not, then a state that refuses
    let refused = viewer.get(&shop.path(&tenant, "/cart"));
    let empty = shop
        .owner
        .post(&shop.path(&tenant, "/orders"), &[("shown", "1")]);

    // then
    for (page, status) in [(&refused, 403), (&empty, 409)] {
        page.is(status);
        assert!(page.count("nav.tabs a") >= 3);
        assert_eq!(
            page.attributes("main .empty a.btn", "href"),
            [shop.path(&tenant, "/")]
        );
    }
}

#[test]
fn what_is_not_on_sale_can_not_be_ordered() {
    // given
    let (tenant, shop) = ground();
    Goods::new("ON").on(&tenant);
    Goods::new("SOON").status("upcoming").on(&tenant);
    Goods::new("GONE").status("discontinued").on(&tenant);
    Goods::new("DEAR").unpriced().on(&tenant);
    Goods::new("OUT").stock("0").on(&tenant);
    Goods::new("FEW").stock("7").on(&tenant);
    let (rival, _) = ground();
    Goods::new("THEIRS").on(&rival);

    // when
    let page = shop.owner.open(&shop.path(&tenant, "/catalogue"));

    // then
    page.is(200)
        .shows("#product-ON button", "Add")
        .shows("#product-SOON .act", "Coming soon")
        .shows("#product-DEAR .price", "Ask for the price")
        .shows("#product-OUT .note", "Out of stock")
        .shows("#product-FEW .note", "Only 7 pc left")
        .shows_not("main", "GONE");
    assert_eq!(page.count("#product-SOON button"), 0);
    assert_eq!(page.count("#product-DEAR button"), 0);
    assert_eq!(page.count("#product-OUT button"), 0);
    for sku in ["GONE", "THEIRS", "NONE"] {
        shop.owner
            .open(&shop.path(&tenant, &format!("/p/{sku}")))
            .is(404);
        put(&tenant, &shop, sku, "1").is(404);
    }
    for sku in ["SOON", "DEAR", "OUT"] {
        put(&tenant, &shop, sku, "1").is(303);
    }
    assert_eq!(in_cart(&tenant), "nothing");
    put(&tenant, &shop, "ON", "1").is(303);
    assert_eq!(in_cart(&tenant), "ON 1");
    shop.owner
        .open(&shop.path(&tenant, "/catalogue/portal"))
        .is(200)
        .shows("#product-ON h2", "Product ON");
    shop.owner
        .open(&shop.path(&tenant, "/catalogue/no-such"))
        .is(404);
}

#[test]
fn what_is_discontinued_while_it_lies_in_a_cart_is_named_and_taken_out() {
    // given
    let (tenant, shop) = ground();
    Goods::new("GONE").on(&tenant);
    Goods::new("STAYS").on(&tenant);
    put(&tenant, &shop, "GONE", "2").is(303);
    put(&tenant, &shop, "STAYS", "3").is(303);
    change(
        &tenant,
        "update products set status = 'discontinued' where tenant_id = '$t' and sku = 'GONE'",
    );

    // when: the order is placed as it is
    let refused = checkout(&tenant, &shop).submit();

    // then: its line has its name, says why, and offers nothing but to take it out
    refused.is(422).shows("main .good", "Product GONE").shows(
        "main .note",
        "This is not sold any more. Remove it to order the rest.",
    );
    let gone = say(
        &tenant,
        "select id::text as value from products where tenant_id = '$t' and sku = 'GONE'",
    );
    assert_eq!(
        refused.attributes("button[aria-label='Remove Product GONE']", "value"),
        [format!("drop:{gone}")]
    );
    assert_eq!(refused.count("#qty-GONE, a[href$='/p/GONE']"), 0);
    assert_eq!(orders(&tenant), "0");

    // and: a press takes it out, twice the same, and the rest can be ordered
    for _ in 0..2 {
        let form = refused.form("#checkout");
        form.press("op", &format!("drop:{gone}")).submit().is(303);
    }
    assert_eq!(in_cart(&tenant), "STAYS 3");
    checkout(&tenant, &shop).submit().is(303);
    assert_eq!(orders(&tenant), "1");

    // and: nobody else's cart is touched by its id
    put(&tenant, &shop, "STAYS", "1").is(303);
    let neighbour = crate::support::retailer(&tenant);
    let stays = say(
        &tenant,
        "select id::text as value from products where tenant_id = '$t' and sku = 'STAYS'",
    );
    neighbour.owner.post(
        &neighbour.path(&tenant, "/cart/items"),
        &[("at", "cart"), ("op", &format!("drop:{stays}"))],
    );
    assert_eq!(in_cart(&tenant), "STAYS 1");
}

#[test]
fn a_search_forgives_typing_errors_and_show_more_goes_on() {
    // given
    let (tenant, shop) = ground();
    Goods::new("SOAP").on(&tenant);
    change(
        &tenant,
        "update products set name = 'Neem Bath Soap' where tenant_id = '$t';
         insert into products (tenant_id, id, sku, name, hsn) select '$t', gen_random_uuid(), 'BULK-' || n, 'Rice ' || lpad(n::text, 3, '0'), '1006' from generate_series(1, 50) n",
    );
    let find = |words: &str| {
        shop.owner
            .open(&shop.path(&tenant, &format!("/catalogue?q={words}")))
    };

    // when, then
    find("neem+soap").shows("#goods h2", "Neem Bath Soap");
    find("neam+bth+sope").shows("#goods h2", "Neem Bath Soap");
    find("SOAP").shows("#goods h2", "Neem Bath Soap");
    find("zzzzzz").shows(".empty h2", "Nothing fits “zzzzzz”");

    // and a short word is not like every code that begins with its letter
    for words in ["nail", "riot", "bat+kaju"] {
        assert_eq!(find(words).count("#goods h2"), 0, "{words}");
        tenant
            .owner
            .open(&tenant.path(&format!("/products?q={words}")))
            .is(200)
            .shows_not("main", "Neem Bath Soap");
    }
    find("rise").shows("#goods h2", "Rice 001");
    find("nem+sop").shows("#goods h2", "Neem Bath Soap");
    find("soap").shows(".sec h2", "Results");

    // and each of the 51 is shown once, 24 a page
    for start in ["/catalogue", "/catalogue?q=rice"] {
        let (mut page, mut seen) = (
            shop.owner.open(&shop.path(&tenant, start)),
            Vec::<String>::new(),
        );
        let mut sizes = Vec::new();
        loop {
            let names = page.texts("#goods h2");
            sizes.push(names.len());
            seen.extend(names);
            if page.count("#more a") == 0 {
                break;
            }
            page = page.click("Show more");
        }
        let all = seen.len();
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), all, "{start}");
        assert_eq!(
            sizes,
            if start.contains('q') {
                [24, 24, 2]
            } else {
                [24, 24, 3]
            }
        );
    }
}

#[test]
fn quantities_become_whole_packs_and_no_more_than_there_is() {
    // given
    let (tenant, shop) = ground();
    Goods::new("SOAP")
        .pack("12", "case")
        .stock("60")
        .on(&tenant);
    let says = |typed: &str, cart: &str, words: &str| {
        let page = put(&tenant, &shop, "SOAP", typed).follow();
        assert_eq!(in_cart(&tenant), cart, "{typed}");
        if words.is_empty() {
            assert_eq!(page.count(".toast"), 0, "{typed}");
        } else {
            page.shows(".toast", words);
        }
    };

    // when, then
    says("2", "SOAP 24", "");
    says("3cs", "SOAP 36", "");
    says(
        "2 cs 5 pc",
        "SOAP 36",
        "Sold in packs of 12: 3 cs instead of 29.",
    );
    says("24 pcs", "SOAP 24", "");
    says("9", "SOAP 60", "Only 5 cs in stock.");
    let like = "is no quantity. Write it like 4, 2 cs or 24 pc.";
    says("many", "SOAP 60", &format!("“many” {like}"));
    says("-1", "SOAP 60", &format!("“-1” {like}"));
    says(
        "99999999999999",
        "SOAP 60",
        "That is more than anybody orders.",
    );
    says("0", "nothing", "");

    // and the stepper counts from what it shows; the same step sent twice is one step
    let path = shop.path(&tenant, "/cart/items");
    let step = |op: &str, shown: &str| {
        shop.owner
            .post(&path, &[("op", op), ("qty.SOAP", shown)])
            .is(303);
        in_cart(&tenant)
    };
    assert_eq!(step("plus:SOAP", ""), "SOAP 12");
    assert_eq!(step("plus:SOAP", "1"), "SOAP 24");
    assert_eq!(step("plus:SOAP", "1"), "SOAP 24");
    assert_eq!(step("minus:SOAP", "2"), "SOAP 12");
    assert_eq!(step("minus:SOAP", "1"), "nothing");

    // and with htmx the row and the bar come back
    let row = shop.owner.post_with(
        &path,
        &[("op", "plus:SOAP"), ("qty.SOAP", "1")],
        &[
            ("Origin", &tenant.app.base),
            ("HX-Request", "true"),
            ("HX-Request-Type", "partial"),
        ],
    );
    assert_eq!(row.status, 200);
    assert_eq!(
        row.attribute("#qty-SOAP", "value").as_deref(),
        Some("2"),
        "{}",
        row.html
    );
    row.shows("#cart-bar", "₹1,008.00");
    assert_eq!(row.count("html"), 1);
    assert!(row.html.contains("hx-partial") && !row.html.contains("<title"));
}

#[test]
fn people_of_a_shop_share_one_cart_and_no_other_shop_sees_it() {
    // given
    let (tenant, shop) = ground();
    let other = retailer(&tenant);
    Goods::new("SOAP").on(&tenant);
    let phone = colleague(&tenant, &shop, "buyer");
    let books = colleague(&tenant, &shop, "accounts");

    // when: one puts two in, the other makes it five
    put(&tenant, &shop, "SOAP", "2").is(303);
    phone
        .open(&shop.path(&tenant, "/cart"))
        .shows("#total", "₹84.00");
    phone
        .post(
            &shop.path(&tenant, "/cart/items"),
            &[("op", "set:SOAP"), ("qty.SOAP", "5")],
        )
        .is(303);

    // then
    shop.owner
        .open(&shop.path(&tenant, "/cart"))
        .shows("#total", "₹210.00");
    shop.owner
        .open(&shop.path(&tenant, "/catalogue"))
        .shows("#cart-bar", "₹210.00")
        .shows("#cart-count", "1");
    other
        .owner
        .open(&other.path(&tenant, "/cart"))
        .shows("h2", "The cart is empty");
    // Whoever keeps the books looks, and orders nothing.
    let look = books.open(&shop.path(&tenant, "/catalogue"));
    look.is(200).shows("#product-SOAP .price", "₹40.00");
    assert_eq!(look.count(".good button"), 0);
    books.open(&shop.path(&tenant, "/cart")).is(403);
    books
        .post(&shop.path(&tenant, "/cart/items"), &[("op", "plus:SOAP")])
        .is(403);
    assert_eq!(in_cart(&tenant), "SOAP 5");
}

#[test]
fn an_order_is_placed_once_however_often_it_is_sent() {
    // given
    let (tenant, shop) = ground();
    Goods::new("SOAP").pack("12", "case").on(&tenant);
    put(&tenant, &shop, "SOAP", "2").is(303);
    let second_device = colleague(&tenant, &shop, "buyer");
    let form = checkout(&tenant, &shop)
        .fill("po_number", "PO 7")
        .fill("note", "Before 5 pm")
        .fill("wanted_on", "2099-01-01");
    let elsewhere = second_device
        .open(&shop.path(&tenant, "/cart"))
        .form("#checkout")
        .to(&shop.path(&tenant, "/orders"))
        .press("op", "place");

    // when: a day too far away
    form.clone()
        .submit()
        .is(422)
        .shows("#wanted_on-e", "at most 90 days ahead");
    assert_eq!(orders(&tenant), "0");
    assert_eq!(in_cart(&tenant), "SOAP 24");

    // and then the right way, twice
    let form = form.fill("wanted_on", "");
    let placed = form.clone().submit();
    let again = form.submit();

    // then
    let to = placed.is(303).header("location").to_owned();
    assert_eq!(again.is(303).header("location"), to);
    assert_eq!(orders(&tenant), "1");
    assert_eq!(in_cart(&tenant), "nothing");
    let order = placed.follow();
    order
        .is(200)
        .shows("#placed", "The order is placed.")
        .shows("h1", "-00001")
        .shows("tbody tr", "Product SOAP")
        .shows("tbody tr", "2 cs")
        .shows(".lines .c-qty", "2 cs24 pc₹40.00GST 5%")
        .shows("dl.totals", "CGST₹24.00SGST₹24.00Total₹1,008.00")
        .shows("main", "PO 7")
        .shows("main", "Before 5 pm")
        .shows(".steps .done", "Placed")
        .shows(".timeline", "was placed.");
    let share = order
        .attribute("a[href^='https://wa.me/']", "href")
        .unwrap();
    assert!(share.contains("?text=Order+SO-"), "{share}");

    // and the second device, whose page still shows the cart, is told
    let number = order.texts("h1").remove(0);
    elsewhere.submit().is(409).shows(
        "main",
        &format!("This cart was ordered already, as {number}."),
    );
    assert_eq!(orders(&tenant), "1");
    let held = say(
        &tenant,
        "select trim_scale(sum(reserved))::text as value from stock_levels where tenant_id = '$t'",
    );
    assert_eq!(held, "24");

    // and the list finds it by either number
    let list = |q: &str| {
        shop.owner
            .open(&shop.path(&tenant, &format!("/orders?q={q}")))
    };
    list("PO+7").shows("tbody th", &number);
    list(&number)
        .shows("tbody td", "Waits for the supplier")
        .shows_not("main", "To confirm");
    let one = |status: &str| {
        let path = shop.path(&tenant, &format!("/orders?status={status}"));
        shop.owner.open(&path)
    };
    one("to_approve")
        .shows("tbody td", "Waits for the supplier")
        .shows(".chips", "To be confirmed");
    one("confirmed")
        .shows(".chips", "To be delivered")
        .shows(".empty h2", "No orders match");
    let home = shop.owner.open(&shop.path(&tenant, "/"));
    home.shows("a.kpi", "To be confirmed1");
    home.click("To be confirmed").shows("tbody th", &number);
    list("PO+8").shows(".empty h2", "No orders match");
}

#[test]
fn two_devices_at_the_same_moment_make_one_order() {
    // given
    let (tenant, shop) = ground();
    Goods::new("SOAP").on(&tenant);
    put(&tenant, &shop, "SOAP", "3").is(303);
    let browsers = [
        shop.owner.clone(),
        colleague(&tenant, &shop, "buyer"),
        colleague(&tenant, &shop, "buyer"),
        colleague(&tenant, &shop, "buyer"),
    ];
    let forms = browsers.map(|browser| {
        browser
            .open(&shop.path(&tenant, "/cart"))
            .form("#checkout")
            .to(&shop.path(&tenant, "/orders"))
            .press("op", "place")
    });

    // when
    let barrier = Barrier::new(forms.len());
    let mut answers: Vec<u16> = std::thread::scope(|threads| {
        let sent: Vec<_> = forms
            .into_iter()
            .map(|form| {
                threads.spawn(|| {
                    barrier.wait();
                    form.submit().status
                })
            })
            .collect();
        sent.into_iter().map(|one| one.join().unwrap()).collect()
    });
    answers.sort_unstable();

    // then
    assert_eq!(answers, [303, 409, 409, 409]);
    assert_eq!(orders(&tenant), "1");
    assert_eq!(in_cart(&tenant), "nothing");
}

#[test]
fn a_price_or_rate_that_changed_is_shown_before_anything_is_ordered() {
    // given
    let (tenant, shop) = ground();
    Goods::new("SOAP").on(&tenant);
    put(&tenant, &shop, "SOAP", "10").is(303);
    let form = checkout(&tenant, &shop);

    // when: the price rises while the cart is open
    change(
        &tenant,
        "update price_items set price = 44 where tenant_id = '$t'",
    );
    let told = form.clone().submit();

    // then
    told.is(422)
        .shows(
            "#product-SOAP .note",
            "The price changed: it was ₹40.00, it is ₹44.00 now.",
        )
        .shows("main", "the order comes to ₹462.00 now, not ₹420.00")
        .shows("#total", "₹462.00");
    assert_eq!(orders(&tenant), "0");
    assert_eq!(in_cart(&tenant), "SOAP 10");

    // and when the rate changes before the new total is confirmed
    let confirm = told
        .form("#checkout")
        .to(&shop.path(&tenant, "/orders"))
        .press("op", "place");
    change(
        &tenant,
        "insert into own_tax_rates (tenant_id, id, hsn_prefix, rate, valid_from, reason) values ('$t', gen_random_uuid(), '1006', 12, '2020-01-01', 'Ruling')",
    );
    let told = confirm.submit();
    told.is(422)
        .shows(
            "#product-SOAP .note",
            "GST changed: it was 5%, it is 12% now.",
        )
        .shows("#total", "₹492.80");
    assert_eq!(orders(&tenant), "0");

    // then whoever has seen it orders it
    told.form("#checkout")
        .to(&shop.path(&tenant, "/orders"))
        .press("op", "place")
        .submit()
        .is(303);
    let total = say(
        &tenant,
        "select total::text as value from orders where tenant_id = '$t'",
    );
    assert_eq!(total, "492.80");
}

/// An own rate of the goods here: 28 % and so many rupees of cess on each unit.
fn cess_by_unit(tenant: &Tenant, rupees: &str) {
    change(
        tenant,
        &format!(
            "delete from own_tax_rates where tenant_id = '$t';
             insert into own_tax_rates (tenant_id, id, hsn_prefix, rate, cess_per_unit, valid_from, reason)
               values ('$t', gen_random_uuid(), '1006', 28, {rupees}, '2020-01-01', 'Ruling')"
        ),
    );
}

#[test]
fn a_cess_on_each_unit_is_in_the_cart_the_order_its_credit_and_the_invoice_alike() {
    // given: bills that keep their paise, and a credit limit a paisa below what comes
    let (tenant, shop) = ground();
    Goods::new("SODA").price("40.37").on(&tenant);
    tenant
        .owner
        .open(&tenant.path("/settings/tax/new"))
        .form("#rate-form")
        .fill("hsn_prefix", "1006")
        .fill("rate", "28")
        .fill("cess_per_unit", "4.17")
        .fill("valid_from", "2020-01-01")
        .fill("reason", "Ruling")
        .submit()
        .is(303);
    change(
        &tenant,
        "insert into accounting_settings (tenant_id, id, round_off) values ('$t', gen_random_uuid(), 'none');
         update customers set credit_limit = 55843.59 where tenant_id = '$t'",
    );

    // when
    put(&tenant, &shop, "SODA", "1000").is(303);
    let cart = shop.owner.open(&shop.path(&tenant, "/cart"));

    // then: 1,000 × 40.37 = 40,370.00; 28 % of it 11,303.60, a half 5,651.80; 1,000 × 4.17 = 4,170.00; together 55,843.60
    cart.is(200)
        .shows(
            "#product-SODA .price",
            "₹40,370.00 + 28% GST + ₹4.17 a unit",
        )
        .shows("dd", "₹5,651.80")
        .shows("dd", "₹4,170.00")
        .shows("#total", "₹55,843.60")
        .shows("#over", "This order goes ₹0.01 over your credit limit");
    shop.owner
        .open(&shop.path(&tenant, "/p/SODA"))
        .shows("dd", "₹4.17 a unit");
    change(
        &tenant,
        "update customers set credit_limit = 55843.60 where tenant_id = '$t'",
    );
    let placed = checkout(&tenant, &shop).submit().follow();
    placed
        .is(200)
        .shows(".lines", "28% + ₹4.17 a unit")
        .shows(".totals", "₹55,843.60");
    let of_order = "select concat_ws(' ', o.is_held, o.taxable, o.cgst, o.sgst, o.igst, o.cess, o.total, o.open_amount, l.cess_per_unit) as value
        from orders o join order_lines l on l.tenant_id = o.tenant_id and l.order_id = o.id where o.tenant_id = '$t'";
    assert_eq!(
        say(&tenant, of_order),
        "f 40370.00 5651.80 5651.80 0.00 4170.00 55843.60 55843.60 4.170"
    );

    // and when it is confirmed, packed and billed
    let number = placed.texts("h1").remove(0);
    let order = tenant.path(&format!("/orders/{number}"));
    tenant.owner.post(&format!("{order}/confirm"), &[]).is(303);
    tenant
        .owner
        .open(&format!("{order}/proforma"))
        .shows(".sheet", "₹55,843.60")
        .shows(".sheet", "₹4.17");
    let shipment = trade::packed(&tenant, &number);
    let bill = || {
        let path = format!("/invoices/new?shipment={shipment}");
        tenant.owner.open(&tenant.path(&path))
    };
    cess_by_unit(&tenant, "5");
    bill().is(200).shows(
        "main",
        "The cess on Product SODA is ₹5.00 a unit today; it was ₹4.17 when it was ordered.",
    );
    cess_by_unit(&tenant, "4.17");
    let bill = bill();
    bill.is(200)
        .shows("#issue", "₹55,843.60")
        .shows_not("main", "when it was ordered");
    bill.form("#issue")
        .submit()
        .follow()
        .is(200)
        .shows(".sheet", "₹55,843.60");

    // then the invoice says what the order said, and the account owes it once
    let of_bill = "select concat_ws(' ', taxable, cgst, sgst, igst, cess, round_off, total) as value from documents where tenant_id = '$t'";
    assert_eq!(
        say(&tenant, of_bill),
        "40370.00 5651.80 5651.80 0.00 4170.00 0.00 55843.60"
    );
    let account = "select concat_ws(' ', open_amount, balance) as value from customer_accounts where tenant_id = '$t'";
    assert_eq!(say(&tenant, account), "0.00 55843.60");
    trade::sound(&tenant);
}

#[test]
fn a_cess_on_each_unit_that_changed_is_shown_before_anything_is_ordered() {
    // given: 10 × 40 and 28 % and 10 × 4.17 are 553.70
    let (tenant, shop) = ground();
    Goods::new("SODA").on(&tenant);
    cess_by_unit(&tenant, "4.17");
    put(&tenant, &shop, "SODA", "10").is(303);
    let cart = shop.owner.open(&shop.path(&tenant, "/cart"));
    cart.shows("#total", "₹553.70")
        .shows_not("#product-SODA .note", "changed");
    let form = checkout(&tenant, &shop);

    // when
    cess_by_unit(&tenant, "5");
    let told = form.submit();

    // then
    told.is(422)
        .shows(
            "#product-SODA .note",
            "The tax changed: with it this came to ₹553.70, it comes to ₹562.00 now.",
        )
        .shows("#product-SODA .price", "+ 28% GST + ₹5.00 a unit")
        .shows("main", "the order comes to ₹562.00 now, not ₹553.70")
        .shows("#total", "₹562.00");
    assert_eq!(orders(&tenant), "0");

    // and of a price that holds its tax the parts change, though it comes to the same
    let again = |page: &Page| {
        page.form("#checkout")
            .to(&shop.path(&tenant, "/orders"))
            .press("op", "place")
    };
    change(
        &tenant,
        "update price_lists set includes_tax = true where tenant_id = '$t'",
    );
    let form = again(&shop.owner.open(&shop.path(&tenant, "/cart")));
    cess_by_unit(&tenant, "6");
    form.submit().is(422).shows(
        "main",
        "Prices or GST changed, though the order still comes to ₹400.00.",
    );

    // and one that does not even hold its cess is refused
    cess_by_unit(&tenant, "40.01");
    let told = again(&shop.owner.open(&shop.path(&tenant, "/cart"))).submit();
    told.is(422).shows(
        "main",
        "The price of ₹40.00 does not even pay the cess of ₹40.01 on each unit.",
    );
    assert_eq!(orders(&tenant), "0");

    // then whoever has seen what holds orders it: of 400.00 the cess is 50.00, of the other 350.00 the tax 76.56
    cess_by_unit(&tenant, "5");
    again(&shop.owner.open(&shop.path(&tenant, "/cart")))
        .submit()
        .is(303);
    let sums = "select concat_ws(' ', taxable, cgst, sgst, cess, total) as value from orders where tenant_id = '$t'";
    assert_eq!(say(&tenant, sums), "273.44 38.28 38.28 50.00 400.00");
}

#[test]
fn changes_that_make_up_for_each_other_are_told_too() {
    // given
    let (tenant, shop) = ground();
    Goods::new("SOAP").on(&tenant);
    Goods::new("OIL").on(&tenant);
    put(&tenant, &shop, "SOAP", "10").is(303);
    put(&tenant, &shop, "OIL", "10").is(303);
    let form = checkout(&tenant, &shop).fill("note", "By the back door");

    // when: one gets dearer by what the other gets cheaper
    change(
        &tenant,
        "update price_items i set price = case p.sku when 'SOAP' then 41 else 39 end from products p where i.tenant_id = '$t' and p.id = i.product_id",
    );
    let told = form.submit();

    // then: it is told, and nothing that was typed is lost
    told.is(422)
        .shows(
            "#product-SOAP .note",
            "The price changed: it was ₹40.00, it is ₹41.00 now.",
        )
        .shows(
            "#product-OIL .note",
            "The price changed: it was ₹40.00, it is ₹39.00 now.",
        )
        .shows(
            "main",
            "Prices or GST changed, though the order still comes to ₹840.00.",
        );
    let typed = ("note".to_owned(), "By the back door".to_owned());
    assert!(told.form("#checkout").fields.contains(&typed));
    assert_eq!(orders(&tenant), "0");

    // and a form that says nothing of what it showed is asked to look
    for shown in ["", "840.00", "840.00 0000000000000000"] {
        told.form("#checkout")
            .to(&shop.path(&tenant, "/orders"))
            .forge("shown", shown)
            .press("op", "place")
            .submit()
            .is(422);
    }
    assert_eq!(orders(&tenant), "0");

    // then whoever has seen it orders it
    told.form("#checkout")
        .to(&shop.path(&tenant, "/orders"))
        .press("op", "place")
        .submit()
        .is(303);
    assert_eq!(orders(&tenant), "1");
}

#[test]
fn short_lines_say_what_there_is_and_one_button_takes_it() {
    // given
    let (tenant, shop) = ground();
    Goods::new("SOAP")
        .pack("12", "case")
        .stock("60")
        .on(&tenant);
    Goods::new("OIL").stock("5").on(&tenant);
    Goods::new("TEA").on(&tenant);
    for (sku, typed) in [("SOAP", "5"), ("OIL", "5"), ("TEA", "1")] {
        put(&tenant, &shop, sku, typed).is(303);
    }
    let form = checkout(&tenant, &shop);
    change(
        &tenant,
        "update stock_levels l set on_hand = case p.sku when 'SOAP' then 30 when 'OIL' then 0 else l.on_hand end
           from products p where p.tenant_id = '$t' and l.tenant_id = '$t' and p.id = l.product_id",
    );

    // when
    let told = form.submit();

    // then
    told.is(422)
        .shows("#product-SOAP .note", "Only 2 cs in stock.")
        .shows("#product-OIL .note", "Out of stock.");
    assert_eq!(told.count("#product-TEA .note"), 0);
    assert_eq!(orders(&tenant), "0");
    let reserved =
        "select trim_scale(sum(reserved))::text as value from stock_levels where tenant_id = '$t'";
    assert_eq!(say(&tenant, reserved), "0");

    // and the button takes what there is
    let fits = told
        .form("#checkout")
        .fill("po_number", "PO 9")
        .press("op", "take")
        .submit()
        .follow();
    assert_eq!(in_cart(&tenant), "SOAP 24, TEA 1");
    assert_eq!(
        fits.attribute("#po_number", "value").as_deref(),
        Some("PO 9")
    );
    fits.form("#checkout")
        .to(&shop.path(&tenant, "/orders"))
        .press("op", "place")
        .submit()
        .is(303);
    assert_eq!(say(&tenant, reserved), "25");
}

#[test]
fn what_is_typed_into_the_cart_is_not_ordered_unseen() {
    // given
    let (tenant, shop) = ground();
    Goods::new("SOAP").on(&tenant);
    put(&tenant, &shop, "SOAP", "2").is(303);

    // when
    let told = checkout(&tenant, &shop).fill("qty.SOAP", "20").submit();

    // then
    told.is(422)
        .shows("main", "Quantities changed.")
        .shows("#total", "₹840.00");
    assert_eq!(
        (orders(&tenant).as_str(), in_cart(&tenant).as_str()),
        ("0", "SOAP 20")
    );
    told.form("#checkout")
        .to(&shop.path(&tenant, "/orders"))
        .press("op", "place")
        .submit()
        .is(303);
    assert_eq!(orders(&tenant), "1");
}

#[test]
fn what_is_no_quantity_stays_in_the_field_of_the_cart() {
    // given
    let (tenant, shop) = ground();
    Goods::new("SOAP").pack("12", "case").on(&tenant);
    Goods::new("OIL").on(&tenant);
    put(&tenant, &shop, "SOAP", "2").is(303);
    put(&tenant, &shop, "OIL", "3").is(303);

    // when: it is saved, and ordered
    for typed in ["abc", "-2"] {
        let saved = shop
            .owner
            .open(&shop.path(&tenant, "/cart"))
            .form("#checkout")
            .press("op", "set");
        for form in [saved, checkout(&tenant, &shop)] {
            let told = form.fill("qty.SOAP", typed).submit();

            // then
            told.is(422).shows(
                "#product-SOAP #note-SOAP",
                &format!("“{typed}” is no quantity. Write it like 4, 2 cs or 24 pc."),
            );
            let at = |name: &str| told.attribute("#qty-SOAP", name);
            assert_eq!(at("value").as_deref(), Some(typed));
            assert_eq!(at("aria-invalid").as_deref(), Some("true"));
            assert_eq!(at("aria-describedby").as_deref(), Some("note-SOAP"));
            assert_eq!(told.attribute("#qty-OIL", "aria-invalid"), None);
            assert_eq!(
                (orders(&tenant).as_str(), in_cart(&tenant).as_str()),
                ("0", "OIL 3, SOAP 24")
            );

            // and it is not ordered by pressing again
            told.form("#checkout")
                .to(&shop.path(&tenant, "/orders"))
                .press("op", "place")
                .submit()
                .is(422)
                .shows("main", "Look at the fields that are marked.");
            assert_eq!(orders(&tenant), "0");
        }
    }

    // and put right it is taken
    let cart = shop.owner.open(&shop.path(&tenant, "/cart"));
    assert_eq!(cart.attribute("#qty-SOAP", "aria-invalid"), None);
    cart.form("#checkout")
        .fill("qty.SOAP", "3")
        .press("op", "set")
        .submit()
        .is(303);
    assert_eq!(in_cart(&tenant), "OIL 3, SOAP 36");

    // and in the catalogue too
    let row = shop.owner.post_with(
        &shop.path(&tenant, "/cart/items"),
        &[("op", "set:SOAP"), ("qty.SOAP", "abc")],
        &[
            ("Origin", &tenant.app.base),
            ("HX-Request", "true"),
            ("HX-Request-Type", "partial"),
        ],
    );
    row.is(422).shows("#note-SOAP", "“abc” is no quantity.");
    assert_eq!(row.attribute("#qty-SOAP", "value").as_deref(), Some("abc"));
    assert_eq!(in_cart(&tenant), "OIL 3, SOAP 36");
}

#[test]
fn taxes_follow_the_address_that_is_chosen() {
    // given: the usual address lies in the company's state, the other one does not
    let (tenant, shop) = ground();
    give_address(&tenant, &shop, "29");
    Goods::new("SOAP").on(&tenant);
    put(&tenant, &shop, "SOAP", "10").is(303);
    let cart = shop.owner.open(&shop.path(&tenant, "/cart"));
    cart.shows("dl", "CGST₹10.00SGST₹10.00");
    let other = say(
        &tenant,
        "select id::text as value from customer_addresses where tenant_id = '$t' and state_code = '29'",
    );

    // when
    let there = cart
        .form("#checkout")
        .fill("ship_to", &other)
        .fill("note", "Ring twice")
        .press("op", "set")
        .submit()
        .follow();

    // then
    there.shows("dl", "IGST₹20.00").shows_not("dl", "CGST");
    assert_eq!(
        there.attribute("#note", "value").as_deref(),
        Some("Ring twice")
    );
    there
        .form("#checkout")
        .to(&shop.path(&tenant, "/orders"))
        .press("op", "place")
        .submit()
        .is(303);
    let said = say(
        &tenant,
        "select concat_ws(' ', igst, place_of_supply, note) as value from orders where tenant_id = '$t'",
    );
    assert_eq!(said, "20.00 29 Ring twice");

    // and nobody has goods sent to a neighbour's address
    let neighbour = retailer(&tenant);
    give_address(&tenant, &neighbour, "27");
    let foreign = say(
        &tenant,
        "select id::text as value from customer_addresses where tenant_id = '$t' and state_code = '27'",
    );
    put(&tenant, &shop, "SOAP", "10").is(303);
    checkout(&tenant, &shop)
        .forge("ship_to", &foreign)
        .submit()
        .is(422)
        .shows("main", "Choose an address for the delivery.");
    assert_eq!(orders(&tenant), "1");
}

#[test]
fn heads_of_tax_that_change_are_shown_before_anything_is_ordered() {
    // given: two addresses in the company's state, and one in another
    let (tenant, shop) = ground();
    give_address(&tenant, &shop, "29");
    Goods::new("SOAP").on(&tenant);
    let address = |label: &str| {
        say(
            &tenant,
            &format!(
                "select id::text as value from customer_addresses where tenant_id = '$t' and label = '{label}'"
            ),
        )
    };
    let (main, near, far) = (address("Main shop"), address("Shop 33"), address("Shop 29"));
    let orders_of = || {
        say(
            &tenant,
            "select coalesce(string_agg(concat_ws(' ', cgst, sgst, igst, place_of_supply), ', ' order by number), '') as value from orders where tenant_id = '$t'",
        )
    };
    let again = |page: &Page| {
        page.form("#checkout")
            .to(&shop.path(&tenant, "/orders"))
            .press("op", "place")
    };
    let chosen = |page: &Page| page.attributes("#ship_to input[checked]", "value");
    put(&tenant, &shop, "SOAP", "10").is(303);
    let cart = shop.owner.open(&shop.path(&tenant, "/cart"));
    cart.shows("dl", "CGST₹10.00SGST₹10.00");
    assert_eq!(chosen(&cart), [main.as_str()]);

    // when: the other state is chosen, and the order placed at once
    let told = again(&cart)
        .fill("ship_to", &far)
        .fill("note", "Ring twice")
        .submit();

    // then: it is told, nothing is ordered, and nothing that was chosen is lost
    told.is(422)
        .shows(
            "main",
            "The taxes changed: IGST instead of CGST and SGST. Look at the total, then place the order.",
        )
        .shows("dl", "IGST₹20.00")
        .shows_not("dl", "CGST");
    assert_eq!(chosen(&told), [far.as_str()]);
    assert_eq!(
        told.attribute("#note", "value").as_deref(),
        Some("Ring twice")
    );
    assert_eq!(
        (orders_of().as_str(), in_cart(&tenant).as_str()),
        ("", "SOAP 10")
    );
    again(&told).submit().is(303);
    assert_eq!(orders_of(), "0.00 0.00 20.00 29");

    // when: an address of the same state is chosen
    put(&tenant, &shop, "SOAP", "10").is(303);
    checkout(&tenant, &shop)
        .fill("ship_to", &near)
        .submit()
        .is(303);

    // then: there is nothing to look at
    assert_eq!(orders_of(), "0.00 0.00 20.00 29, 10.00 10.00 0.00 33");

    // and the way back is told as well
    put(&tenant, &shop, "SOAP", "10").is(303);
    let there = shop
        .owner
        .open(&shop.path(&tenant, &format!("/cart?ship_to={far}")));
    there.shows("dl", "IGST₹20.00");
    again(&there)
        .fill("ship_to", &main)
        .submit()
        .is(422)
        .shows("main", "The taxes changed: CGST and SGST instead of IGST.");
    assert_eq!(orders(&tenant), "2");
}

#[test]
fn an_order_over_the_credit_limit_is_announced_and_held() {
    // given
    let (tenant, shop) = ground();
    Goods::new("SOAP").on(&tenant);
    change(
        &tenant,
        "update customers set credit_limit = 1000 where tenant_id = '$t'",
    );
    put(&tenant, &shop, "SOAP", "20").is(303);
    assert_eq!(
        shop.owner.open(&shop.path(&tenant, "/cart")).count("#over"),
        0
    );

    // when: 30 come to 1,260
    put(&tenant, &shop, "SOAP", "30").is(303);
    let cart = shop.owner.open(&shop.path(&tenant, "/cart"));

    // then
    cart.shows(
        "#over",
        "This order goes ₹260.00 over your credit limit: it will be held until ₹260.00 is paid.",
    );
    let placed = checkout(&tenant, &shop).submit().follow();
    placed
        .is(200)
        .shows(".pill", "On hold")
        .shows("#held", "Pay ₹260.00 to free it.");
    // what is still to come reads so, and nobody did what was found
    assert_eq!(
        placed.texts(".steps li b"),
        [
            "Placed",
            "To be confirmed",
            "To be packed",
            "To be sent",
            "To be delivered"
        ]
    );
    assert_eq!(
        placed.texts(".steps [aria-current=step]"),
        ["To be confirmedOn hold"]
    );
    let story = placed.texts("ol.timeline > li");
    assert!(
        story[0].contains("Pay ₹260.00 to free it.") && !story[0].contains("Meena Shop"),
        "{story:?}"
    );
    assert!(story[1].contains("was placed. · Meena Shop"), "{story:?}");
    let home = shop.owner.open(&shop.path(&tenant, "/"));
    home.shows("a.kpi", "To be confirmed11 on hold until you pay");
    // one that the supplier holds does not wait for money
    change(
        &tenant,
        "update orders set hold_reason = jsonb_build_object('key', 'The supplier holds this order: {reason}') where tenant_id = '$t'",
    );
    shop.owner
        .open(&shop.path(&tenant, "/"))
        .shows("a.kpi", "To be confirmed1Orders");
    let held = say(
        &tenant,
        "select concat_ws(' ', status, is_held) as value from orders where tenant_id = '$t'",
    );
    assert_eq!(held, "to_approve t");
}

#[test]
fn a_cart_without_an_address_says_who_can_add_one() {
    // given
    let (tenant, shop) = ground();
    Goods::new("SOAP").on(&tenant);
    put(&tenant, &shop, "SOAP", "2").is(303);
    let buyer = colleague(&tenant, &shop, "buyer");
    let path = shop.path(&tenant, "/cart");
    let said = |browser: &Browser| browser.open(&path).is(200).texts("#checkout .notice");
    assert_eq!(said(&buyer), Vec::<String>::new());

    // when
    change(
        &tenant,
        "delete from customer_addresses where tenant_id = '$t'",
    );

    // then
    assert_eq!(
        said(&shop.owner),
        ["Your supplier has no address of yours yet. Add one, or ask your salesperson. Account"]
    );
    assert_eq!(
        said(&buyer),
        [
            "Your supplier has no address of yours yet. Ask the owner of your shop, or your salesperson."
        ]
    );
}

#[test]
fn a_paused_shop_looks_and_orders_nothing() {
    // given
    let (tenant, shop) = ground();
    Goods::new("SOAP").on(&tenant);
    put(&tenant, &shop, "SOAP", "2").is(303);
    let form = checkout(&tenant, &shop);

    // when
    change(
        &tenant,
        "update connections set status = 'paused' where tenant_id = '$t'",
    );

    // then
    let look = shop.owner.open(&shop.path(&tenant, "/catalogue"));
    look.is(200).shows("main", "Paused: no new orders");
    assert_eq!(look.count(".good button"), 0);
    form.clone()
        .submit()
        .is(409)
        .shows("main", "takes no orders from you for now");
    put(&tenant, &shop, "SOAP", "3").is(409);
    assert_eq!(
        (orders(&tenant).as_str(), in_cart(&tenant).as_str()),
        ("0", "SOAP 2")
    );

    // and when it goes on
    change(
        &tenant,
        "update connections set status = 'active' where tenant_id = '$t'",
    );
    form.submit().is(303);
    assert_eq!(orders(&tenant), "1");
}

#[test]
fn an_order_is_seen_by_its_own_shop_alone_and_can_be_had_again() {
    // given
    let (tenant, shop) = ground();
    let neighbour = retailer(&tenant);
    for sku in ["SAME", "DEARER", "SHORT", "GONE"] {
        Goods::new(sku).on(&tenant);
        put(&tenant, &shop, sku, "10").is(303);
    }
    let placed = checkout(&tenant, &shop).submit().follow();
    let number = placed.is(200).texts("h1").remove(0);
    let path = format!("/orders/{number}");
    neighbour
        .owner
        .open(&neighbour.path(&tenant, &path))
        .is(404);
    neighbour
        .owner
        .post(&neighbour.path(&tenant, &format!("{path}/again")), &[])
        .is(404);
    assert_eq!(in_cart(&tenant), "nothing");
    change(
        &tenant,
        "update price_items i set price = 50 from products p where i.tenant_id = '$t' and p.tenant_id = '$t' and p.id = i.product_id and p.sku = 'DEARER';
         update stock_levels l set on_hand = 14 from products p where l.tenant_id = '$t' and p.tenant_id = '$t' and p.id = l.product_id and p.sku = 'SHORT';
         update products set status = 'discontinued' where tenant_id = '$t' and sku = 'GONE'",
    );

    // when
    let again = shop
        .owner
        .open(&shop.path(&tenant, &path))
        .form("#again")
        .submit()
        .follow();

    // then: 10 of the 14 are held by the first order
    assert_eq!(in_cart(&tenant), "DEARER 10, SAME 10, SHORT 4");
    again
        .is(200)
        .shows("tbody tr", "Product SAME10 pc10 pc in the cart.")
        .shows(
            "tbody tr",
            "Product DEARER10 pc10 pc in the cart. The price was ₹40.00, it is ₹50.00 now.",
        )
        .shows("tbody tr", "Product SHORT10 pcShort: 4 pc in the cart.")
        .shows(
            "tbody tr",
            "Product GONE10 pcNot in the cart: it is not sold any more.",
        );
    again.click("View cart").is(200).shows("h1", "Cart");
}

#[test]
fn a_pasted_list_is_matched_line_by_line_and_nothing_is_dropped() {
    // given
    let (tenant, shop) = ground();
    Goods::new("SOAP-1").pack("12", "case").on(&tenant);
    Goods::new("SOAP-2").on(&tenant);
    Goods::new("TEA").on(&tenant);
    let pad = shop.owner.open(&shop.path(&tenant, "/order-pad"));

    // when
    let told = pad
        .form("#pad")
        .fill(
            "list",
            "SOAP-1 29\nTEA, 4\nProduct SOAP 3\nNOTHING-LIKE-IT 2\nTEA",
        )
        .submit();

    // then
    told.is(422)
        .shows("#outcome", "2 products of the list are in the cart.")
        .shows("#outcome", "Sold in packs of 12: 3 cs instead of 29.")
        .shows("#outcome", "“NOTHING-LIKE-IT 2”: No product fits this.")
        .shows("#outcome", "“TEA”: Write a quantity behind the code.")
        .shows(
            "#outcome label",
            "“Product SOAP 3” can mean several products.",
        )
        .shows("#outcome button", "Put into the cart");
    assert_eq!(told.texts("#list"), ["NOTHING-LIKE-IT 2 TEA"]);
    assert_eq!(in_cart(&tenant), "SOAP-1 36, TEA 4");

    // and the question is answered
    told.form("#pad")
        .fill("pick.0", "SOAP-2")
        .fill("list", "")
        .submit()
        .is(303);
    assert_eq!(in_cart(&tenant), "SOAP-1 36, SOAP-2 3, TEA 4");

    // and after an order the pad knows the usual products and their last quantities
    checkout(&tenant, &shop).submit().is(303);
    let pad = shop.owner.open(&shop.path(&tenant, "/order-pad"));
    pad.shows("tbody tr", "Product SOAP-1");
    assert_eq!(
        pad.attribute("#qty-SOAP-1", "placeholder").as_deref(),
        Some("3")
    );
    pad.form("#pad")
        .fill("qty.SOAP-1", "2")
        .fill("qty.TEA", "4")
        .submit()
        .is(303);
    assert_eq!(in_cart(&tenant), "SOAP-1 24, TEA 4");
}

#[test]
fn a_pasted_minus_is_no_quantity_and_no_part_of_a_name() {
    // given
    let (tenant, shop) = ground();
    Goods::new("SOAP-2").on(&tenant);
    let pad = shop.owner.open(&shop.path(&tenant, "/order-pad"));

    // when
    let told = pad.form("#pad").fill("list", "SOAP-2 -2").submit();

    // then
    told.is(422).shows(
        "#outcome",
        "“SOAP-2 -2”: “-2” is no quantity. Write it like 4 or 4 pc.",
    );
    assert_eq!(told.texts("#list"), ["SOAP-2 -2"]);
    assert_eq!(in_cart(&tenant), "nothing");

    // and without it, it is one
    told.form("#pad").fill("list", "SOAP-2 2").submit().is(303);
    assert_eq!(in_cart(&tenant), "SOAP-2 2");

    // and what is no quantity in a row stays there
    checkout(&tenant, &shop).submit().is(303);
    let told = shop
        .owner
        .open(&shop.path(&tenant, "/order-pad"))
        .form("#pad")
        .fill("qty.SOAP-2", "abc")
        .submit();
    told.is(422)
        .shows("td #note-SOAP-2", "“abc” is no quantity.");
    assert_eq!(
        told.attribute("#qty-SOAP-2", "value").as_deref(),
        Some("abc")
    );
    assert_eq!(in_cart(&tenant), "nothing");
}

#[test]
fn a_long_pasted_list_is_read_in_parts_and_nothing_of_it_is_dropped() {
    // given: 205 products
    let (tenant, shop) = ground();
    Goods::new("SOAP").on(&tenant);
    change(
        &tenant,
        "create temp table n as select n, gen_random_uuid() as id from generate_series(1, 205) n;
         insert into products (tenant_id, id, sku, name, hsn, category_id)
           select '$t', n.id, 'BULK-' || n, 'Bulk product ' || n, '1006', c.id from n, categories c where c.tenant_id = '$t' and c.slug = 'portal';
         insert into price_items (tenant_id, id, price_list_id, product_id, price)
           select '$t', gen_random_uuid(), l.id, n.id, 10 from n, price_lists l where l.tenant_id = '$t' and l.is_default;
         insert into stock_levels (tenant_id, product_id, warehouse_id, on_hand)
           select '$t', n.id, w.id, 1000 from n, warehouses w where w.tenant_id = '$t' and w.is_default;
         insert into stock_moves (tenant_id, id, product_id, warehouse_id, kind, quantity, at)
           select '$t', gen_random_uuid(), n.id, w.id, 'opening', 1000, now() from n, warehouses w where w.tenant_id = '$t' and w.is_default",
    );
    let lines = |numbers: std::ops::RangeInclusive<u32>| {
        let lines = numbers.map(|n| format!("BULK-{n} {n}"));
        lines.collect::<Vec<_>>()
    };
    let cart = || {
        say(
            &tenant,
            "select coalesce(string_agg(p.sku || ' ' || trim_scale(l.quantity), ', ' order by l.quantity, p.sku), 'nothing') as value
               from cart_lines l join products p on p.tenant_id = l.tenant_id and p.id = l.product_id where l.tenant_id = '$t'",
        )
    };
    let pad = shop.owner.open(&shop.path(&tenant, "/order-pad"));

    // when: a line among the last five is more of what the first 200 have, and one of them is nothing
    let mut list = lines(1..=205);
    list[6] = "NOTHING-LIKE-IT 7".to_owned();
    list.push("bulk-200 5".to_owned());
    let told = pad.form("#pad").fill("list", &list.join("\r\n")).submit();

    // then: what was not read stands in the box before what could not be
    let mut first = lines(1..=200);
    first[199] = "BULK-200 205".to_owned();
    first.remove(6);
    assert_eq!(cart(), first.join(", "));
    told.is(422)
        .shows(
            "#rest",
            "The first 200 lines were read; 5 are still in the box: send them now.",
        )
        .shows("#outcome", "199 products of the list are in the cart.")
        .shows("#outcome", "“NOTHING-LIKE-IT 7”: No product fits this.");
    assert_eq!(
        told.texts("#list"),
        [format!("{} NOTHING-LIKE-IT 7", lines(201..=205).join(" "))]
    );

    // when: that is sent, put right
    told.form("#pad")
        .fill(
            "list",
            &told.texts("#list")[0]
                .replace(" BULK", "\nBULK")
                .replace(" NOTHING-LIKE-IT", "\nBULK-7"),
        )
        .submit()
        .is(303);

    // then: the whole list lies in the cart
    let mut all = lines(1..=205);
    all.remove(199);
    all.push("BULK-200 205".to_owned());
    all.sort_by_key(|line| {
        let (sku, quantity) = line.split_once(' ').unwrap();
        (quantity.parse::<u32>().unwrap(), sku.to_owned())
    });
    assert_eq!(cart(), all.join(", "));

    // and 200 lines are read at once
    let fits = pad
        .form("#pad")
        .fill("list", &lines(1..=200).join("\n"))
        .submit();
    fits.is(303);
}
