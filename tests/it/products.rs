//! The catalogue: list, form, pictures, categories.

use crate::support::{Browser, FormFiller, Page, Tenant, app, ask, picture, run, tenant};
use image::GenericImageView;
use mandi::kernel::language::Lang;
use mandi::platform::permissions::Role;
use mandi::products::packs::Pack;
use mandi::products::rules;

fn value(sql: &str) -> String {
    ask(app(), sql)
}

fn products(tenant: &Tenant) -> String {
    value(&format!(
        "select count(*)::text as value from products where tenant_id = '{}'",
        tenant.id
    ))
}

/// The form of a new product, with what every product needs.
fn new(tenant: &Tenant, name: &str) -> FormFiller {
    tenant
        .owner
        .open(&tenant.path("/products/new"))
        .form("#product")
        .fill("name", name)
        .fill("hsn", "0407")
}

/// A product that was added through its form: its code.
fn added(tenant: &Tenant, name: &str, more: &[(&str, &str)]) -> String {
    let form = more.iter().fold(new(tenant, name), |form, (field, value)| {
        form.fill(field, value)
    });
    let page = form.submit();
    page.is(303);
    page.header("location")
        .rsplit('/')
        .next()
        .unwrap()
        .to_owned()
}

fn price(tenant: &Tenant, sku: &str) -> String {
    value(&format!(
        "select coalesce(string_agg(i.valid_from || ' ' || trim_scale(i.price), ', ' order by i.valid_from), '') as value
           from price_items i join products p on p.tenant_id = i.tenant_id and p.id = i.product_id where p.tenant_id = '{}' and p.sku = '{sku}'",
        tenant.id
    ))
}

#[test]
fn a_product_is_added_with_a_made_up_code_and_a_standard_price() {
    // given
    let tenant = tenant();
    let page = tenant.owner.open(&tenant.path("/products"));
    page.shows("main", "No products yet");

    // when
    let shown = page
        .click("New product")
        .form("#product")
        .fill("name", "Brown Eggs Large 30")
        .fill("name_hi", "अंडे")
        .fill("hsn", "0407")
        .fill("pack_size", "30")
        .fill("pack_name", "tray")
        .fill("mrp", "8")
        .fill("price", "6.50")
        .fill("barcode", "8901234567890")
        .fill("weight_g", "55")
        .submit()
        .follow();

    // then
    shown
        .is(200)
        .shows(".toast", "Brown Eggs Large 30 is added.")
        .shows("dd", "BRO-EGG-LAR-30")
        .shows("dd", "30 pc in a tray")
        .shows("dd", "₹8.00")
        .shows("tbody td", "₹6.50");
    assert_eq!(price(&tenant, "BRO-EGG-LAR-30"), "2017-07-01 6.5");
    let list = tenant.owner.open(&tenant.path("/products"));
    assert_eq!(
        list.texts("tbody tr > :not(.tick, .picture)"),
        [
            "Brown Eggs Large 30",
            "BRO-EGG-LAR-30",
            "–",
            "₹6.50",
            "₹8.00",
            "–",
            "Active"
        ]
    );

    // and a twin gets the next code
    assert_eq!(
        added(&tenant, "Brown Eggs Large 30", &[]),
        "BRO-EGG-LAR-30-2"
    );
}

#[test]
fn wrong_facts_are_refused_beside_their_fields_and_nothing_is_lost() {
    let tenant = tenant();
    added(
        &tenant,
        "Eggs",
        &[("sku", "EGG-1"), ("barcode", "8901234567890")],
    );
    let refused = |field: &str, typed: &str, words: &str| {
        let page = new(&tenant, "White Eggs").fill(field, typed).submit();
        let beside = if words.contains("several rates") {
            "tax_condition"
        } else {
            field
        };
        page.is(422)
            .shows(&format!("#{beside}-e"), words)
            .shows("#errors", words);
        if field != "name" {
            assert_eq!(
                page.attribute("#name", "value").as_deref(),
                Some("White Eggs")
            );
        }
        assert_eq!(products(&tenant), "1", "{field}");
    };
    refused("name", " ", "Name must be filled in.");
    refused("sku", "egg-1", "Another product has this code already.");
    refused("sku", "eggs!", "A code has letters from A to Z");
    refused("sku", "new", "NEW is the name of a page.");
    refused(
        "barcode",
        "8901234567890",
        "Another product has this barcode already.",
    );
    refused(
        "barcode",
        "8901234567894",
        "The last figure of this barcode must be 0",
    );
    refused("hsn", "04075", "The HSN code must have 4, 6 or 8 digits.");
    refused("hsn", "99999999", "HSN 99999999 is not in the table.");
    refused(
        "hsn",
        "0403",
        "HSN 0403 has several rates. Choose the one that fits.",
    );
    refused("pack_size", "0", "A quantity must be more than zero.");
    refused("mrp", "-1", "An MRP must be zero or more.");
    refused("weight_g", "1.5", "Enter whole grammes, from 0 on.");
    refused("unit", "XXX", "Choose a unit.");
    refused(
        "category",
        "00000000-0000-0000-0000-000000000000",
        "This category is not there any more.",
    );

    // eggs are exempt: the price itself may reach the MRP and no more
    let form = new(&tenant, "White Eggs").fill("mrp", "6");
    form.clone().fill("price", "6.01").submit().is(422).shows(
        "#price-e",
        "With GST this price is ₹6.01, above the MRP of ₹6.00. Nobody may sell above the MRP",
    );
    assert_eq!(products(&tenant), "1");
    form.fill("price", "6").submit().is(303);
    assert_eq!(products(&tenant), "2");
}

#[test]
fn a_code_with_several_rates_asks_which_and_an_own_rate_makes_a_code_known() {
    // given
    let tenant = tenant();

    // when: looked up, without saving
    let looked = new(&tenant, "Curd loose")
        .fill("hsn", "0403")
        .press("op", "look")
        .submit();
    looked.is(200).shows("#hsn-h", "GST today: 5%").shows(
        "#tax_condition option",
        "0% (Curd, lassi and buttermilk, loose)",
    );
    assert_eq!(products(&tenant), "0");

    // then
    let shown = looked
        .form("#product")
        .fill("tax_condition", "loose")
        .press("op", "save")
        .submit()
        .follow();
    shown.is(200).shows("dd", "0%");
    assert_eq!(
        value(&format!(
            "select tax_condition as value from products where tenant_id = '{}'",
            tenant.id
        )),
        "loose"
    );

    // and: unknown until there is an own rate
    new(&tenant, "Thing")
        .fill("hsn", "99999999")
        .submit()
        .is(422);
    run(
        app(),
        &format!(
            "insert into own_tax_rates (tenant_id, id, hsn_prefix, rate, valid_from, reason) values ('{}', gen_random_uuid(), '9999', 3, '2026-01-01', 'Ruling')",
            tenant.id
        ),
    );
    new(&tenant, "Thing")
        .fill("hsn", "99999999")
        .submit()
        .follow()
        .shows("dd", "3%");
}

#[test]
fn words_find_codes_to_choose_from_and_what_fits_nothing_is_said() {
    // given
    let tenant = tenant();
    let look = |typed: &str| {
        new(&tenant, "Basmati 5 kg")
            .fill("hsn", typed)
            .press("op", "look")
            .submit()
    };

    // when, then: words that nothing fits are answered, and nothing typed is lost
    let none = look("zzzz");
    none.is(200).shows(
        "#hsn-a",
        "No HSN code fits zzzz. Try another word, or fewer.",
    );
    assert_eq!(none.count("#hsn-found"), 0);
    assert_eq!(none.attribute("#hsn", "value").as_deref(), Some("zzzz"));
    look("999999")
        .is(200)
        .shows("#hsn-a", "No HSN code fits 999999.");
    look("")
        .is(200)
        .shows("#hsn-a", "Type a code or words first");

    // when: words that fit
    let found = look("basmati");
    found
        .is(200)
        .shows("#hsn-a", "These fit basmati. Choose one:")
        .shows("#hsn-found button", "10063092 · Basmati rice, raw");
    let chosen = found.form("#product").press("pick", "10063092").submit();

    // then: the code stands in the form with its rates, each of them once, and none is chosen for anybody
    chosen.is(200);
    assert_eq!(
        chosen.attribute("#hsn", "value").as_deref(),
        Some("10063092")
    );
    assert_eq!(
        chosen.attribute("#name", "value").as_deref(),
        Some("Basmati 5 kg")
    );
    assert_eq!(
        chosen.texts("#tax_condition option"),
        [
            "Choose a rate",
            "5% (Pre-packaged and labelled, up to 25 kg)",
            "0% (Loose, or in packs above 25 kg)"
        ]
    );
    assert_eq!(products(&tenant), "0");
    chosen.form("#product").submit().is(422).shows(
        "#tax_condition-e",
        "HSN 10063092 has several rates. Choose the one that fits.",
    );
    chosen
        .form("#product")
        .fill("tax_condition", "")
        .submit()
        .follow()
        .is(200)
        .shows("dd", "5%");

    // and: of a product that is edited its own rate is chosen
    let sku = value(&format!(
        "select sku as value from products where tenant_id = '{}'",
        tenant.id
    ));
    let edit = tenant
        .owner
        .open(&tenant.path(&format!("/products/{sku}/edit")));
    assert_eq!(
        edit.texts("#tax_condition option[selected]"),
        ["5% (Pre-packaged and labelled, up to 25 kg)"]
    );
    assert_eq!(edit.count("#tax_condition option"), 2);
}

#[test]
fn two_who_edit_one_product_see_each_others_values() {
    // given
    let tenant = tenant();
    let sku = added(&tenant, "Eggs", &[("sku", "EGG"), ("price", "6")]);
    let path = tenant.path(&format!("/products/{sku}/edit"));
    let (_, manager) = tenant.employee(Role::Manager);
    let (mine, theirs) = (tenant.owner.open(&path), manager.open(&path));
    assert_eq!(mine.attribute("#price", "value").as_deref(), Some("6.00"));

    // when
    theirs
        .form("#product")
        .fill("name", "Eggs, brown")
        .fill("price", "7")
        .submit()
        .follow()
        .shows(".toast", "Eggs, brown is saved.");
    let conflict = mine.form("#product").fill("brand", "Suguna").submit();

    // then: neither is lost, and saving again keeps one's own
    conflict
        .is(422)
        .shows("#conflict", "Somebody else saved this meanwhile.")
        .shows("#name-t", "Saved meanwhile: Eggs, brown");
    assert_eq!(
        conflict.attribute("#brand", "value").as_deref(),
        Some("Suguna")
    );
    assert_eq!(
        value(&format!(
            "select coalesce(brand, '-') as value from products where tenant_id = '{}'",
            tenant.id
        )),
        "-"
    );
    conflict
        .form("#product")
        .fill("name", "Eggs, brown")
        .fill("price", "7")
        .submit()
        .is(303);
    assert_eq!(
        value(&format!(
            "select name || ' ' || brand as value from products where tenant_id = '{}'",
            tenant.id
        )),
        "Eggs, brown Suguna"
    );

    // and the price has one row for the beginning and one for today, however often it was saved
    let today = mandi::kernel::dates::today(chrono::Utc::now());
    assert_eq!(price(&tenant, "EGG"), format!("2017-07-01 6, {today} 7"));
}

/// Sets what everybody pays from today on, where prices are looked after: in the price list.
fn reprice(browser: &Browser, tenant: &Tenant, sku: &str, price: &str) {
    let list = value(&format!(
        "select id::text as value from price_lists where tenant_id = '{}' and is_default",
        tenant.id
    ));
    let today = mandi::kernel::dates::today(chrono::Utc::now());
    let path = tenant.path(&format!(
        "/price-lists/{list}/prices/{sku}?qty=0&day={today}"
    ));
    browser
        .open(&path)
        .form("#price-form")
        .fill("price", price)
        .submit()
        .is(303);
}

/// Brand and description of the only product.
fn said(tenant: &Tenant) -> String {
    value(&format!(
        "select concat_ws(' ', coalesce(brand, '-'), coalesce(description, '-')) as value from products where tenant_id = '{}'",
        tenant.id
    ))
}

#[test]
fn a_price_that_was_set_meanwhile_outlives_a_form_that_was_opened_before() {
    // given: two open forms, and a price that somebody else sets in the price list
    let tenant = tenant();
    let sku = added(&tenant, "Eggs", &[("sku", "EGG"), ("price", "6")]);
    let path = tenant.path(&format!("/products/{sku}/edit"));
    let (_, manager) = tenant.employee(Role::Manager);
    let (mine, other) = (tenant.owner.open(&path), tenant.owner.open(&path));
    let shown = |page: &Page| {
        [
            page.attribute("#price", "value"),
            page.attribute("[name=was_price]", "value"),
        ]
        .map(Option::unwrap)
    };
    assert_eq!(shown(&mine), ["6.00", "6.00"]);
    reprice(&manager, &tenant, &sku, "7");
    let today = mandi::kernel::dates::today(chrono::Utc::now());
    let now = format!("2017-07-01 6, {today} 7");
    assert_eq!(price(&tenant, "EGG"), now);

    // when: only the description is changed
    mine.form("#product")
        .fill("description", "From hens that run about.")
        .submit()
        .follow()
        .shows(".toast", "Eggs is saved.");

    // then: it is saved, and the price is the new one
    assert_eq!(said(&tenant), "- From hens that run about.");
    assert_eq!(price(&tenant, "EGG"), now);

    // when: a form comes back for another reason
    let again = other.form("#product").fill("name", "").submit();

    // then: it shows the price that it would keep
    again.is(422);
    assert_eq!(shown(&again), ["7.00", "7.00"]);
}

#[test]
fn two_who_set_one_price_see_each_others() {
    // given
    let tenant = tenant();
    let sku = added(&tenant, "Eggs", &[("sku", "EGG"), ("price", "6")]);
    let path = tenant.path(&format!("/products/{sku}/edit"));
    let (_, manager) = tenant.employee(Role::Manager);
    let today = mandi::kernel::dates::today(chrono::Utc::now());
    let mine = tenant.owner.open(&path);
    reprice(&manager, &tenant, &sku, "7");

    // when: another price is typed
    let typed = mine.form("#product").fill("price", "8");
    let conflict = typed.fill("brand", "Suguna").submit();

    // then: both are shown, what is not in question is not compared, and nothing is written
    conflict
        .is(422)
        .shows("#conflict", "Somebody else saved this meanwhile.")
        .shows("#price-t", "Saved meanwhile: 7.00");
    let typed = |page: &Page, field: &str| page.attribute(field, "value").unwrap();
    assert_eq!(typed(&conflict, "#price"), "8");
    assert_eq!(typed(&conflict, "#brand"), "Suguna");
    assert_eq!(conflict.count("#brand-t"), 0);
    assert_eq!(said(&tenant), "- -");
    assert_eq!(price(&tenant, "EGG"), format!("2017-07-01 6, {today} 7"));

    // and saving again keeps one's own
    conflict.form("#product").submit().is(303);
    assert_eq!(said(&tenant), "Suguna -");
    assert_eq!(price(&tenant, "EGG"), format!("2017-07-01 6, {today} 8"));

    // when: it happens again, and the other's price is chosen
    let mine = tenant.owner.open(&path);
    reprice(&manager, &tenant, &sku, "9");
    let conflict = mine.form("#product").fill("price", "10").submit();
    conflict.is(422).shows("#price-t", "Saved meanwhile: 9.00");
    conflict
        .form("#product")
        .fill("price", "9")
        .submit()
        .is(303);

    // then
    let now = format!("2017-07-01 6, {today} 9");
    assert_eq!(price(&tenant, "EGG"), now);

    // when: both set the same one, there is nothing to ask
    let mine = tenant.owner.open(&path);
    reprice(&manager, &tenant, &sku, "11");
    mine.form("#product").fill("price", "11").submit().is(303);
    assert_eq!(price(&tenant, "EGG"), format!("2017-07-01 6, {today} 11"));
}

#[test]
fn a_role_without_prices_can_neither_set_nor_see_them_and_a_rival_sees_nothing() {
    // given
    let tenant = tenant();
    let sku = added(&tenant, "Eggs", &[("sku", "EGG"), ("price", "6")]);
    let (_, sales) = tenant.employee(Role::Sales);
    let (_, warehouse) = tenant.employee(Role::Warehouse);
    let edit = tenant.path(&format!("/products/{sku}/edit"));

    // when: sales may change the product, not its price, whatever it sends
    sales
        .open(&edit)
        .form("#product")
        .fill("name", "Eggs XL")
        .forge("price", "1")
        .submit()
        .is(303);
    assert_eq!(price(&tenant, "EGG"), "2017-07-01 6");
    let list = warehouse.open(&tenant.path("/products"));
    list.is(200)
        .shows("main", "Eggs XL")
        .shows_not("main", "₹6.00");
    tenant
        .owner
        .open(&tenant.path("/products"))
        .shows("main", "₹6.00");
    warehouse.open(&edit).is(403);
    let file = |browser: &Browser| {
        String::from_utf8(browser.bytes(&tenant.path("/products/export")).2).unwrap()
    };
    assert!(file(&tenant.owner).contains(",6,"));
    assert!(!file(&warehouse).contains(",6,"));

    // then: to a rival it is not there
    let rival = crate::support::tenant();
    rival.owner.open(&rival.path("/products/EGG")).is(404);
    rival.owner.open(&edit).is(404);
    rival
        .owner
        .open(&rival.path("/products"))
        .shows("main", "No products yet");
}

#[test]
fn the_list_searches_filters_sorts_exports_and_changes_many() {
    // given
    let tenant = tenant();
    added(
        &tenant,
        "Amul Butter 500 g",
        &[("sku", "BUT"), ("hsn", "0405"), ("price", "250")],
    );
    added(&tenant, "Brown Eggs", &[("sku", "EGG")]);
    added(
        &tenant,
        "Aged Cheese",
        &[("sku", "ZCH"), ("hsn", "0407"), ("status", "upcoming")],
    );
    let open = |query: &str| {
        tenant
            .owner
            .open(&tenant.path(&format!("/products{query}")))
    };
    let names = |query: &str| open(query).texts("tbody th .go");

    // then
    assert_eq!(
        names(""),
        ["Aged Cheese", "Amul Butter 500 g", "Brown Eggs"]
    );
    assert_eq!(
        names("?sort=-name"),
        ["Brown Eggs", "Amul Butter 500 g", "Aged Cheese"]
    );
    assert_eq!(
        names("?sort=code"),
        ["Amul Butter 500 g", "Brown Eggs", "Aged Cheese"]
    );
    assert_eq!(
        names("?sort=newest"),
        ["Aged Cheese", "Brown Eggs", "Amul Butter 500 g"]
    );
    assert_eq!(names("?q=buttr"), ["Amul Butter 500 g"], "a typing error");
    assert_eq!(names("?q=egg"), ["Brown Eggs"]);
    assert_eq!(names("?status=upcoming"), ["Aged Cheese"]);
    assert_eq!(names("?missing=price"), ["Aged Cheese", "Brown Eggs"]);
    assert_eq!(names("?missing=picture&q=butter"), ["Amul Butter 500 g"]);
    open("?q=nothing-of-the-kind").shows("main", "No products match");
    let (status, _, file) = tenant
        .owner
        .bytes(&tenant.path("/products/export?q=butter"));
    let file = String::from_utf8(file).unwrap();
    assert_eq!(status, 200);
    assert_eq!(file.lines().count(), 2);
    assert!(
        file.contains("BUT,Amul Butter 500 g,,,,0405,PCS,1,,,250,,,,Active"),
        "{file}"
    );

    // when: many at once, one of them twice
    let discontinue = |page: &Page| {
        let mut form = page.form("#bulk");
        for id in page.attributes("tbody .check", "value") {
            form.fields.push(("id".to_owned(), id));
        }
        form.press("action", "discontinued").submit().follow()
    };
    discontinue(&open("?q=egg")).shows(".toast", "1 discontinued.");
    discontinue(&open("")).shows(
        ".toast",
        "2 discontinued. 1 skipped: EGG is discontinued already.",
    );
    assert_eq!(names("?status=discontinued").len(), 3);
}

#[test]
fn free_stock_is_counted_over_all_warehouses_in_packs() {
    let tenant = tenant();
    added(
        &tenant,
        "Eggs",
        &[("sku", "EGG"), ("pack_size", "30"), ("pack_name", "tray")],
    );
    run(
        app(),
        &format!(
            "insert into warehouses (tenant_id, id, code, name, registration_id) select '{0}', gen_random_uuid(), 'EAST', 'East', id from gst_registrations where tenant_id = '{0}';
             insert into stock_levels (tenant_id, product_id, warehouse_id, on_hand, reserved)
               select '{0}', p.id, w.id, 100, 30 from products p join warehouses w on w.tenant_id = p.tenant_id where p.tenant_id = '{0}'",
            tenant.id
        ),
    );
    tenant
        .owner
        .open(&tenant.path("/products"))
        .shows("tbody td", "4 tray 20 pc");
    let page = tenant.owner.open(&tenant.path("/products/EGG"));
    assert_eq!(
        page.texts("section[aria-labelledby=stock] tbody tr:first-child > *"),
        ["East", "3 tray 10 pc", "1 tray", "2 tray 10 pc"]
    );
}

#[test]
fn quantities_read_in_packs_and_barcodes_prove_themselves() {
    let pack = |size: &str, name: Option<&'static str>, unit: &'static str| Pack {
        size: size.parse().unwrap(),
        name,
        unit,
    };
    let case = |quantity: &str, lang| {
        pack("12", Some("Case"), "PCS").words(quantity.parse().unwrap(), lang)
    };
    for (quantity, words, hindi) in [
        ("53", "4 cs 5 pc", "4 पेटी 5 नग"),
        ("48.000", "4 cs", "4 पेटी"),
        ("5", "5 pc", "5 नग"),
        ("0.000", "0 pc", "0 नग"),
        ("-25", "−2 cs 1 pc", "−2 पेटी 1 नग"),
    ] {
        assert_eq!(case(quantity, Lang::En), words);
        assert_eq!(case(quantity, Lang::Hi), hindi);
    }
    let words = |pack: Pack, quantity: &str| pack.words(quantity.parse().unwrap(), Lang::En);
    assert_eq!(words(pack("1", None, "PCS"), "1200"), "1,200 pc");
    assert_eq!(words(pack("1", None, "KGS"), "2.5"), "2.5 kg");
    assert_eq!(words(pack("1", Some("bag"), "KGS"), "2"), "2 bag");
    assert_eq!(words(pack("6", None, "BTL"), "13"), "2 pack 1 bottle");
    assert_eq!(words(pack("6", Some("Crate"), "BTL"), "6"), "1 crate");
    let beside = |pack: Pack, quantity: &str| pack.beside(quantity.parse().unwrap(), Lang::En);
    assert_eq!(
        beside(pack("12", Some("box"), "PCS"), "25"),
        Some("2 box 1 pc".to_owned())
    );
    assert_eq!(beside(pack("12", Some("box"), "PCS"), "11"), None);
    assert_eq!(beside(pack("1", None, "PCS"), "11"), None);
    for right in [
        "8901234567890",
        "96385074",
        "036000291452",
        "ABC-1234",
        "12345",
    ] {
        assert_eq!(rules::barcode(right).as_deref(), Ok(right));
        assert_eq!(rules::check_digit(right), Ok(()));
    }
    for wrong in ["123", "a b!"] {
        assert!(rules::barcode(wrong).is_err(), "{wrong}");
    }
    for wrong in ["8901234567895", "96385075", "036000291453"] {
        assert!(rules::check_digit(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn a_barcode_that_came_in_wrong_may_stay_and_no_other_wrong_one_comes() {
    // given: what a file brought in
    let tenant = tenant();
    added(&tenant, "Eggs", &[("sku", "EGG-1")]);
    run(
        app(),
        &format!(
            "update products set barcode = '8901000000001' where tenant_id = '{}'",
            tenant.id
        ),
    );
    let open = || {
        tenant
            .owner
            .open(&tenant.path("/products/EGG-1/edit"))
            .form("#product")
            .press("op", "save")
    };

    // when, then
    open().fill("name", "Brown Eggs").submit().is(303);
    open()
        .fill("barcode", "8901000000003")
        .submit()
        .is(422)
        .shows("#barcode-e", "must be 2");
    open().fill("barcode", "8901000000002").submit().is(303);
}

fn media(tenant: &Tenant) -> String {
    tenant.path("/products/EGG/media")
}

/// How many pictures there are, and how many of them come first.
fn pictures(tenant: &Tenant) -> String {
    value(&format!(
        "select count(*) || ' ' || count(*) filter (where x.id = p.picture_id) as value from product_pictures x join products p on p.tenant_id = x.tenant_id and p.id = x.product_id where x.tenant_id = '{}'",
        tenant.id
    ))
}

#[test]
fn pictures_are_written_anew_in_two_sizes_ordered_and_removed() {
    // given
    let tenant = tenant();
    added(&tenant, "Eggs", &[("sku", "EGG")]);
    let mut large = std::io::Cursor::new(Vec::new());
    image::RgbImage::from_pixel(1600, 800, image::Rgb([20, 90, 60]))
        .write_to(&mut large, image::ImageFormat::Png)
        .unwrap();
    let send = |bytes: &[u8]| {
        tenant
            .owner
            .open(&media(&tenant))
            .form("#picture")
            .attach("eggs.png", bytes)
            .submit()
    };

    // when
    send(large.get_ref())
        .follow()
        .shows(".toast", "The picture is added.");
    send(&picture()).is(303);

    // then: the first leads, and what is served is small
    assert_eq!(pictures(&tenant), "2 1");
    let page = tenant.owner.open(&media(&tenant));
    for (address, sides) in [
        (
            page.attributes(".pictures img", "src")[0].clone(),
            (128, 64),
        ),
        (
            page.attributes(".pictures li > a", "href")[0].clone(),
            (640, 320),
        ),
    ] {
        let (status, headers, bytes) = tenant.owner.bytes(&address);
        assert_eq!(
            (status, headers["content-type"].to_str().unwrap()),
            (200, "image/jpeg")
        );
        assert_eq!(
            headers["content-disposition"],
            "inline; filename*=UTF-8''picture.jpg"
        );
        assert_eq!(image::load_from_memory(&bytes).unwrap().dimensions(), sides);
    }
    assert_eq!(
        tenant
            .owner
            .open(&tenant.path("/products"))
            .count("tbody .picture img"),
        1
    );

    // when: the second one first, then that one removed
    page.form("form.first")
        .submit()
        .follow()
        .shows(".toast", "This picture comes first.");
    let first = |page: &Page| page.attributes(".pictures img", "src")[0].clone();
    let now = tenant.owner.open(&media(&tenant));
    assert_eq!(first(&now), page.attributes(".pictures img", "src")[1]);
    now.click("Remove…")
        .form("#confirm")
        .submit()
        .follow()
        .shows(".toast", "The picture is removed.");
    assert_eq!(pictures(&tenant), "1 1");
    assert_eq!(
        tenant.owner.bytes(&first(&now)).0,
        404,
        "its files are gone"
    );
    assert_eq!(
        tenant.owner.bytes(&first(&page)).0,
        200,
        "the other's are not"
    );
    tenant
        .owner
        .open(&media(&tenant))
        .click("Remove…")
        .form("#confirm")
        .submit()
        .is(303);
    assert_eq!(pictures(&tenant), "0 0");
}

/// Adds a picture to the eggs: media type and bytes of both its sizes, the small one first.
fn kept(tenant: &Tenant, name: &str, bytes: &[u8]) -> [(String, Vec<u8>); 2] {
    tenant
        .owner
        .upload(&media(tenant), &[], (name, bytes))
        .is(303);
    let page = tenant.owner.open(&media(tenant));
    let last = |selector: &str, name: &str| page.attributes(selector, name).pop().unwrap();
    [
        last(".pictures img", "src"),
        last(".pictures li > a:first-child", "href"),
    ]
    .map(|address| {
        let (status, headers, bytes) = tenant.owner.bytes(&address);
        assert_eq!(status, 200, "{name}");
        (headers["content-type"].to_str().unwrap().to_owned(), bytes)
    })
}

fn encoded(drawn: &image::DynamicImage, format: image::ImageFormat) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    drawn.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// A photo of 1,600 by 800 pixels, red on the left and blue on the right, with what a camera wrote beside it.
fn photo_with(exif: &[u8]) -> Vec<u8> {
    let drawn = image::RgbImage::from_fn(1600, 800, |x, _| {
        image::Rgb(if x < 800 {
            [200, 30, 30]
        } else {
            [30, 30, 200]
        })
    });
    let plain = encoded(&drawn.into(), image::ImageFormat::Jpeg);
    let length = u16::try_from(2 + 6 + exif.len()).unwrap().to_be_bytes();
    [
        &plain[..2],
        &[0xFF, 0xE1],
        &length,
        b"Exif\0\0",
        exif,
        &plain[2..],
    ]
    .concat()
}

/// One entry: how the camera was held.
fn held(orientation: u8) -> Vec<u8> {
    [
        &b"MM\0\x2A\0\0\0\x08\0\x01"[..],
        &[0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0],
        &[0, 0, 0, 0],
    ]
    .concat()
}

#[test]
fn a_photo_from_a_phone_stands_upright_whatever_else_the_phone_wrote() {
    // given
    let tenant = tenant();
    added(&tenant, "Eggs", &[("sku", "EGG")]);
    let sent = |exif: &[u8]| {
        kept(&tenant, "eggs.jpg", &photo_with(exif))
            .map(|(_, bytes)| image::load_from_memory(&bytes).unwrap().to_rgb8())
    };
    let is_red = |picture: &image::RgbImage, x: u32, y: u32| {
        let [red, _, blue] = picture.get_pixel(x, y).0;
        assert!(red.abs_diff(blue) > 100, "{red} {blue} at {x} {y}");
        red > blue
    };

    // when: a quarter turn to the right shows it upright, and one to the left
    for (orientation, is_red_above) in [(6, true), (8, false)] {
        let [small, large] = sent(&held(orientation));

        // then: what was on the left is above, or below
        assert_eq!(small.dimensions(), (64, 128));
        assert_eq!(large.dimensions(), (320, 640));
        for (x, y, is_above) in [
            (5, 5, true),
            (315, 5, true),
            (5, 635, false),
            (315, 635, false),
        ] {
            let expected = is_above == is_red_above;
            assert_eq!(is_red(&large, x, y), expected, "{orientation}: {x} {y}");
        }
    }

    // when: nothing is said, or nothing that makes sense
    let mut endless = held(6);
    endless[8..10].copy_from_slice(&[0xFF; 2]);
    endless.truncate(12);
    let mut nowhere = held(6);
    nowhere[4..8].copy_from_slice(&[0xFF; 4]);
    for exif in [
        held(1),
        held(99),
        Vec::new(),
        vec![0xFF; 40],
        endless,
        nowhere,
    ] {
        let [small, large] = sent(&exif);

        // then: it comes in as it is
        assert_eq!(small.dimensions(), (128, 64), "{exif:?}");
        assert_eq!(large.dimensions(), (640, 320), "{exif:?}");
        assert!(is_red(&large, 5, 315) && !is_red(&large, 635, 5));
    }
}

#[test]
fn a_photo_is_kept_as_jpeg_and_what_shows_through_as_png() {
    // given: a slope of light with the grain of a camera, which no lossless file holds in less than 300 KB
    let tenant = tenant();
    added(&tenant, "Eggs", &[("sku", "EGG")]);
    let mut grain = 1_u32;
    let photo = image::RgbImage::from_fn(640, 480, |x, y| {
        image::Rgb([0, 5, 10].map(|shift| {
            grain = grain.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            u8::try_from(20 + x / 5 + y / 6 + shift + (grain >> 24) % 9).unwrap()
        }))
    });
    let sent = encoded(&photo.into(), image::ImageFormat::Png);
    assert!(sent.len() > 300_000, "{}", sent.len());

    // when
    let [small, large] = kept(&tenant, "eggs.png", &sent);

    // then
    for ((kind, bytes), sides, most) in [(small, (128, 96), 10_000), (large, (640, 480), 100_000)] {
        assert_eq!(kind, "image/jpeg");
        assert!(bytes.len() < most, "{sides:?}: {}", bytes.len());
        let read = image::load_from_memory_with_format(&bytes, image::ImageFormat::Jpeg).unwrap();
        assert_eq!(read.dimensions(), sides);
    }

    // when: nothing is behind its left half, or it could show through and does not
    for (alpha, expected) in [(0, "image/png"), (255, "image/jpeg")] {
        let drawn = image::RgbaImage::from_fn(640, 480, |x, _| {
            image::Rgba([20, 120, 60, if x < 320 { alpha } else { 255 }])
        });
        let sent = encoded(&drawn.into(), image::ImageFormat::Png);
        for (kind, bytes) in kept(&tenant, "eggs.png", &sent) {
            // then
            assert_eq!(kind, expected);
            let read = image::load_from_memory(&bytes).unwrap().to_rgba8();
            assert_eq!(read.get_pixel(5, 5).0[3], alpha);
            assert_eq!(read.get_pixel(read.width() - 5, 5).0[3], 255);
        }
    }
}

#[test]
fn what_is_no_picture_and_a_ninth_one_are_refused() {
    let tenant = tenant();
    added(&tenant, "Eggs", &[("sku", "EGG")]);
    let send = |bytes: &[u8]| {
        tenant
            .owner
            .upload(&media(&tenant), &[], ("eggs.png", bytes))
    };
    send(b"not a picture")
        .is(422)
        .shows("#file-e", "This picture can't be read.");
    tenant
        .owner
        .open(&media(&tenant))
        .form("#picture")
        .submit()
        .is(422)
        .shows("#file-e", "Choose a picture.");
    assert_eq!(pictures(&tenant), "0 0");
    for _ in 0..8 {
        send(&picture()).is(303);
    }
    send(&picture())
        .is(422)
        .shows("#file-e", "A product has 8 pictures at most.");
    assert_eq!(pictures(&tenant), "8 1");
    let rival = crate::support::tenant();
    rival
        .owner
        .upload(&media(&tenant), &[], ("eggs.png", &picture()))
        .is(404);
    let (_, viewer) = tenant.employee(Role::Viewer);
    viewer
        .upload(&media(&tenant), &[], ("eggs.png", &picture()))
        .is(403);
}

fn category(tenant: &Tenant, name: &str, parent: &str) -> String {
    tenant
        .owner
        .open(&tenant.path("/categories/new"))
        .form("#category")
        .fill("name", name)
        .fill("parent", parent)
        .submit()
        .is(303);
    value(&format!(
        "select id::text as value from categories where tenant_id = '{}' and name = '{name}' order by created_at desc limit 1",
        tenant.id
    ))
}

fn paths(tenant: &Tenant) -> String {
    value(&format!(
        "select string_agg(path, ', ' order by path) as value from categories where tenant_id = '{}'",
        tenant.id
    ))
}

#[test]
fn a_category_of_more_than_a_hundred_says_so_and_counts_no_further() {
    // given
    let tenant = tenant();
    let food = category(&tenant, "Food", "");
    let oils = category(&tenant, "Oils", &food);
    let fill = |from: u32, to: u32| {
        run(
            app(),
            &format!(
                "insert into products (tenant_id, id, sku, name, hsn, category_id)
                   select '{}', gen_random_uuid(), 'F-' || n, 'Oil ' || n, '1514', '{oils}' from generate_series({from}, {to}) n",
                tenant.id
            ),
        );
        tenant.owner.open(&tenant.path("/categories"))
    };

    // when, then
    let page = fill(1, 100);
    page.shows("tbody tr:first-child .num", "100");
    assert_eq!(page.texts("tbody .num"), ["100", "100"]);
    let page = fill(101, 102);
    page.shows("tbody tr:first-child .num", "100+");
    page.shows("tbody tr:last-child .num", "100+");
}

#[test]
fn a_move_carries_every_path_below_with_it() {
    // given
    let tenant = tenant();
    let food = category(&tenant, "Food", "");
    let oils = category(&tenant, "Oils", &food);
    let seeds = category(&tenant, "Seeds", &oils);
    let home = category(&tenant, "Home", "");
    added(&tenant, "Mustard oil", &[("category", &seeds)]);
    assert_eq!(
        paths(&tenant),
        "Food, Food > Oils, Food > Oils > Seeds, Home"
    );
    tenant
        .owner
        .open(&tenant.path("/products?category=food"))
        .shows("main", "Mustard oil");
    tenant
        .owner
        .open(&tenant.path("/products?category=home"))
        .shows("main", "No products match");
    tenant
        .owner
        .open(&tenant.path("/categories"))
        .shows("tbody tr:first-child .num", "1");
    let edit = |id: &str| {
        tenant
            .owner
            .open(&tenant.path(&format!("/categories/{id}")))
    };

    // when: renamed and moved in one go
    edit(&oils)
        .form("#category")
        .fill("name", "Oils & fats")
        .fill("parent", &home)
        .submit()
        .is(303);

    // then
    assert_eq!(
        paths(&tenant),
        "Food, Home, Home > Oils & fats, Home > Oils & fats > Seeds"
    );

    // and what can't be is refused
    edit(&home)
        .form("#category")
        .forge("parent", &seeds)
        .submit()
        .is(422)
        .shows("#name-e", "Home can't stand below itself.");
    edit(&home)
        .form("#category")
        .fill("name", "food")
        .submit()
        .is(422)
        .shows("#name-e", "There is a category Food here already.");
    edit(&home)
        .form("#category")
        .fill("name", "A > B")
        .submit()
        .is(422);
    let delete = |id: &str| {
        tenant
            .owner
            .open(&tenant.path(&format!("/categories/{id}/delete")))
            .form("#confirm")
            .submit()
    };
    delete(&home)
        .is(409)
        .shows("main", "Home holds other categories.");
    delete(&seeds)
        .is(409)
        .shows("main", "Seeds holds products.");
    assert_eq!(
        paths(&tenant),
        "Food, Home, Home > Oils & fats, Home > Oils & fats > Seeds"
    );
    delete(&food).is(303);
    assert_eq!(
        paths(&tenant),
        "Home, Home > Oils & fats, Home > Oils & fats > Seeds"
    );

    // and a rival has none of it
    let rival = crate::support::tenant();
    rival
        .owner
        .open(&rival.path(&format!("/categories/{home}")))
        .is(404);
}

#[test]
fn two_who_move_the_tree_at_once_leave_every_path_right() {
    let tenant = tenant();
    let (one, other) = (category(&tenant, "One", ""), category(&tenant, "Other", ""));
    category(&tenant, "Leaf", &one);
    let (_, manager) = tenant.employee(Role::Manager);
    for round in 0..4 {
        let send = |browser: &Browser, id: &str, parent: &str, name: &str| {
            browser
                .open(&tenant.path(&format!("/categories/{id}")))
                .form("#category")
                .fill("name", &format!("{name}{round}"))
                .forge("parent", parent)
                .submit()
                .status
        };
        // Each would come below the other: one of them is refused.
        let mut statuses = std::thread::scope(|scope| {
            let a = scope.spawn(|| send(&tenant.owner, &one, &other, "One"));
            let b = scope.spawn(|| send(&manager, &other, &one, "Other"));
            [a.join().unwrap(), b.join().unwrap()]
        });
        statuses.sort_unstable();
        assert_eq!(statuses, [303, 422]);
        let wrong = value(&format!(
            "select count(*)::text as value from categories c left join categories p on p.tenant_id = c.tenant_id and p.id = c.parent_id
               where c.tenant_id = '{}' and c.path <> coalesce(p.path || ' > ', '') || c.name",
            tenant.id
        ));
        assert_eq!(wrong, "0");
        for id in [&one, &other] {
            tenant
                .owner
                .open(&tenant.path(&format!("/categories/{id}")))
                .form("#category")
                .fill("parent", "")
                .submit()
                .is(303);
        }
    }
}
