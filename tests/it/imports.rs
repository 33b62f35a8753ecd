//! Files that become rows: who may, what is refused, and what a kill in the middle leaves. What workbooks may hide is in `workbooks.rs`.

use crate::support::imports::{counts, filled, reasons, send, settled};
use crate::support::postgres::Urls;
use crate::support::process::{self, two_logins};
use crate::support::{
    Browser, PASSWORD, Page, Tenant, app, ask, company_of, run, tenant, until, word,
};
use mandi::app::checks;
use mandi::app::imports::OurBooks;
use mandi::imports::{Importer, Line, Settings};
use mandi::platform::permissions::Role;
use mandi::platform::{sweep, verify};
use mandi::products::import::{ProductImport, rules};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::Path;

fn data(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data");
    std::fs::read(folder.join(name)).unwrap()
}

/// What came of a file: its page after the check, and after the import.
struct Came {
    path: String,
    checked: Page,
    done: Page,
}

/// Sends, maps, checks and imports a file.
#[track_caller]
fn bring(
    browser: &Browser,
    base: &str,
    (kind, name, fields): (&str, &str, &str),
    bytes: &[u8],
) -> Came {
    let sent = send(browser, base, kind, name, bytes);
    sent.is(303);
    let path = sent.header("location").to_owned();
    let chosen = filled(&browser.open(&path), fields).submit();
    assert_eq!(chosen.status, 303, "{name}: {}", chosen.html);
    let checked = settled(browser, &path);
    // Where nothing can come in, there is nothing to say yes to.
    let [_, new, merged, _] = counts(&checked);
    assert_eq!(checked.count("#run"), usize::from(new + merged > 0));
    if new + merged > 0 {
        checked.form("#run").submit().is(303);
    }
    Came {
        done: settled(browser, &path),
        path,
        checked,
    }
}

fn bring_file(tenant: &Tenant, kind: &str, name: &str, fields: &str) -> Came {
    let base = tenant.path("");
    bring(
        &tenant.owner,
        base.trim_end_matches('/'),
        (kind, name, fields),
        &data(name),
    )
}

fn one(tenant: &Tenant, sql: &str) -> String {
    let sql = sql.replace("$t", &format!("'{}'", tenant.id));
    ask(
        app(),
        &format!("select coalesce(({sql})::text, '–') as value"),
    )
}

#[test]
fn each_file_comes_in_row_by_row_as_expected() {
    let mut list =
        csv::Reader::from_reader(data("expected.csv").as_slice().to_vec().leak() as &[u8]);
    let mut wrong = String::new();
    for line in list.records() {
        let line = line.unwrap();
        let (name, kind, before, fields) = (&line[0], &line[1], &line[2], &line[3]);
        let tenant = tenant();
        // given
        if !before.is_empty() {
            bring_file(&tenant, "products", before, "");
        }

        // when
        let figures: [u32; 4] = std::array::from_fn(|place| line[4 + place].parse().unwrap());
        if figures[0] == 0 {
            let sent = send(&tenant.owner, &tenant.path(""), kind, name, &data(name));
            sent.is(422);
            sent.shows("main", line[8].trim_start_matches("file: "));
            assert_eq!(
                one(&tenant, "select count(*) from imports where tenant_id = $t"),
                "0"
            );
            continue;
        }
        let before = one(
            &tenant,
            "select count(*) from products where tenant_id = $t",
        );
        let came = bring_file(&tenant, kind, name, fields);

        // then: the check has promised what came
        assert_eq!(counts(&came.checked), counts(&came.done), "{name}");
        assert_eq!(reasons(&came.checked), reasons(&came.done), "{name}");
        let found = (counts(&came.done), reasons(&came.done));
        if found != (figures, line[8].to_owned()) {
            writeln!(wrong, "{name}: {found:?}").unwrap();
        }
        let after = one(
            &tenant,
            "select count(*) from products where tenant_id = $t",
        );
        let made = after.parse::<u32>().unwrap() - before.parse::<u32>().unwrap();
        if kind == "products" {
            assert_eq!(made, figures[1], "{name}");
        }
    }
    assert_eq!(wrong, "");
}

#[test]
fn no_file_of_the_folder_is_forgotten() {
    // given: every table that lies there
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data");
    let lies = std::fs::read_dir(&folder).unwrap();
    let lies: BTreeSet<String> = lies
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name != "expected.csv")
        .filter(|name| {
            [".csv", ".xls", ".xlsx"]
                .iter()
                .any(|end| name.ends_with(end))
        })
        .collect();

    // then: it is expected
    let mut list = csv::Reader::from_path(folder.join("expected.csv")).unwrap();
    let expected: BTreeSet<String> = list
        .records()
        .map(|line| line.unwrap()[0].to_owned())
        .collect();
    assert_eq!(lies, expected);
}

/// What a page says of rows that come in above their MRP: in all, and row by row.
fn above_mrp(page: &Page) -> (String, Vec<String>) {
    let said = page.texts("#warned .notice").concat();
    let said = said.split_inclusive('.').next().unwrap_or_default();
    (said.to_owned(), page.rows("#warned tbody tr"))
}

#[test]
fn what_is_sold_above_its_mrp_with_gst_comes_in_and_is_told() {
    // given: goods that bear 18 per cent
    let tenant = tenant();
    let base = tenant.path("");
    let base = base.trim_end_matches('/');
    let bring = |lines: &[&str]| {
        let file = lines.join("\n");
        let about = ("products", "speakers.csv", "");
        bring(&tenant.owner, base, about, file.as_bytes())
    };
    let goods = [
        "SKU,Name,HSN,MRP,Price",
        "SP-1,Speaker one,85182200,110,100",
        "SP-2,Speaker two,85182200,118,100",
        "SP-3,Speaker three,85182200,90,100",
        "SP-4,Speaker four,85182200,117.99,100",
    ];
    let stored = || {
        one(
            &tenant,
            "select string_agg(concat_ws(' ', p.sku, p.mrp, i.price), ', ' order by p.sku) from products p
               join price_items i on i.tenant_id = p.tenant_id and i.product_id = p.id where p.tenant_id = $t",
        )
    };

    // when
    let came = bring(&goods);

    // then: the check says what the bill would come to, and so does the result
    let rows = [
        "2 SP-1 · Speaker one The price ₹100.00 is ₹118.00 with GST of 18%, above the MRP ₹110.00.",
        "5 SP-4 · Speaker four The price ₹100.00 is ₹118.00 with GST of 18%, above the MRP ₹117.99.",
    ];
    for (page, said) in [
        (
            &came.checked,
            "2 products would be sold above their MRP with GST.",
        ),
        (&came.done, "2 products are sold above their MRP with GST."),
    ] {
        assert_eq!(counts(page), [4, 3, 0, 1]);
        assert_eq!(
            reasons(page),
            "4: The price ₹100.00 is above the MRP ₹90.00."
        );
        let (all, told) = above_mrp(page);
        assert_eq!(
            (all.as_str(), told),
            (said, rows.map(str::to_owned).to_vec())
        );
        page.shows("#warned", "change the columns and tick Prices hold GST");
    }
    assert_eq!(
        stored(),
        "SP-1 110.00 100.0000, SP-2 118.00 100.0000, SP-4 117.99 100.0000"
    );

    // when: a file has no prices, and lowers MRPs under what stands, with GST and without
    let came = bring(&[
        "SKU,Name,MRP",
        "SP-1,Speaker one,99.99",
        "SP-2,Speaker two,117",
        "SP-4,Speaker four,118",
    ]);

    // then
    for page in [&came.checked, &came.done] {
        assert_eq!(counts(page), [3, 0, 2, 1]);
        assert_eq!(
            reasons(page),
            "2: The price ₹100.00 is above the MRP ₹99.99."
        );
        let (all, told) = above_mrp(page);
        assert!(all.starts_with("1 product "), "{all}");
        let row = "3 SP-2 · Speaker two The price ₹100.00 is ₹118.00 with GST of 18%, above the MRP ₹117.00.";
        assert_eq!(told, [row]);
    }
    assert_eq!(
        stored(),
        "SP-1 110.00 100.0000, SP-2 117.00 100.0000, SP-4 118.00 100.0000"
    );

    // when: a file says nothing of prices, there is nothing to say of them
    let came = bring(&["SKU,Name,Brand", "SP-1,Speaker one,Vani"]);
    assert_eq!(counts(&came.done), [1, 0, 1, 0]);
    assert_eq!(came.done.count("#warned"), 0);
}

#[test]
fn prices_of_a_list_with_gst_are_compared_as_they_stand() {
    // given: a company whose prices hold GST
    let tenant = tenant();
    run(
        app(),
        &format!(
            "update price_lists set includes_tax = true where tenant_id = '{}' and is_default",
            tenant.id
        ),
    );
    let file = "SKU,Name,HSN,MRP,Price\nSP-1,Speaker one,85182200,110,110\nSP-2,Speaker two,85182200,110,110.01\n";

    // when
    let base = tenant.path("");
    let about = ("products", "speakers.csv", "");
    let base = base.trim_end_matches('/');
    let came = bring(&tenant.owner, base, about, file.as_bytes());

    // then
    for page in [&came.checked, &came.done] {
        assert_eq!(counts(page), [2, 1, 0, 1]);
        assert_eq!(
            reasons(page),
            "3: The price ₹110.01 is above the MRP ₹110.00."
        );
        assert_eq!(page.count("#warned"), 0);
    }
}

#[test]
fn sales_bring_in_goods_and_neither_prices_nor_stock() {
    // given: a file with both
    let tenant = tenant();
    let (_, sales) = tenant.employee(Role::Sales);
    let base = tenant.path("");
    let base = base.trim_end_matches('/');
    let file = |sku: &str| {
        format!("SKU,Name,HSN,Price,Opening stock\n{sku},Rice {sku},1006,10,5\n").into_bytes()
    };
    let kept = || {
        let count = |table: &str| {
            one(
                &tenant,
                &format!("select count(*) from {table} where tenant_id = $t"),
            )
        };
        [
            count("products"),
            count("price_items"),
            count("stock_moves"),
        ]
    };

    // when
    let came = bring(&sales, base, ("products", "goods.csv", ""), &file("SP-1"));

    // then: the columns aren't offered, and nothing is taken from them
    assert_eq!(counts(&came.done), [1, 1, 0, 0]);
    assert_eq!(kept(), ["1", "0", "0"]);
    let sent = send(&sales, base, "products", "goods.csv", &file("SP-2"));
    let path = sent.header("location").to_owned();
    let page = sales.open(&path);
    assert_eq!(page.count("[name=map_name]"), 1);
    assert_eq!(page.count("[name=map_price]"), 0);
    assert_eq!(page.count("[name=map_stock]"), 0);

    // when: the owner chooses them
    filled(&tenant.owner.open(&path), "map_price=3;map_stock=4")
        .submit()
        .is(303);
    settled(&tenant.owner, &path);

    // then: sales can't run it, and the owner can
    sales
        .post(&format!("{path}/run"), &[])
        .is(409)
        .shows("main", "your role may not set");
    assert_eq!(kept(), ["1", "0", "0"]);
    let checked = tenant.owner.open(&path);
    checked.form("#run").submit().is(303);
    settled(&tenant.owner, &path);
    assert_eq!(kept(), ["2", "1", "1"]);
}

#[test]
fn what_sales_may_not_choose_is_not_forgotten_for_the_others() {
    // given: two layouts with columns that nothing tells; in the first the owner has chosen all
    let tenant = tenant();
    let (_, sales) = tenant.employee(Role::Sales);
    let base = tenant.path("");
    let base = base.trim_end_matches('/');
    let file = |heads: &str, sku: &str| {
        format!(
            "Thing,Wording,Other wording,Chapter,{heads}\n{sku},Rice {sku},Chawal {sku},1006,10,5\n"
        )
        .into_bytes()
    };
    let offered = |browser: &Browser, heads: &str, sku: &str| {
        let sent = send(browser, base, "products", "goods.csv", &file(heads, sku));
        let page = sent.follow();
        ["sku", "name", "price", "stock"].map(|field| {
            let chosen = format!("[name=map_{field}] option[selected]");
            page.attributes(&chosen, "value").concat()
        })
    };
    let take = |browser: &Browser, columns: &str, heads: &str, sku: &str| {
        let about = ("products", "goods.csv", columns);
        let came = bring(browser, base, about, &file(heads, sku));
        assert_eq!(counts(&came.done), [1, 1, 0, 0], "{sku}");
    };
    let (known, likely) = ("Mine,Left", "Price,Opening stock");
    let all = "map_sku=0;map_name=1;map_hsn=3;map_price=4;map_stock=5";
    take(&tenant.owner, all, known, "SP-1");
    assert_eq!(offered(&tenant.owner, known, "SP-2"), ["0", "1", "4", "5"]);
    assert_eq!(offered(&tenant.owner, likely, "SP-2"), ["", "", "4", "5"]);

    // when: sales bring in a file of each, and choose the other wording
    let other = "map_sku=0;map_name=2;map_hsn=3";
    take(&sales, other, known, "SP-3");
    take(&sales, other, likely, "SP-4");

    // then: that holds for everybody, and the owner's price and stock are where they were
    for heads in [known, likely] {
        assert_eq!(offered(&tenant.owner, heads, "SP-5"), ["0", "2", "4", "5"]);
        assert_eq!(offered(&sales, heads, "SP-5"), ["0", "2", "", ""]);
    }
    let price = |sku: &str| {
        one(
            &tenant,
            &format!(
                "select i.price from price_items i join products p on p.tenant_id = i.tenant_id and p.id = i.product_id where i.tenant_id = $t and p.sku = '{sku}'"
            ),
        )
    };
    take(&tenant.owner, "", known, "SP-6");
    assert_eq!(
        (price("SP-6"), price("SP-3")),
        ("10.0000".into(), "–".into())
    );

    // but a column that has become another field is that field alone
    take(&sales, "map_mrp=4", known, "SP-7");
    assert_eq!(offered(&tenant.owner, known, "SP-8"), ["0", "2", "", "5"]);
}

#[test]
fn rows_are_numbered_as_a_spreadsheet_numbers_them() {
    for end in ["\n", "\r\n", "\r"] {
        // given: blank lines, which are rows; and a cell of two lines, which is in one row
        let tenant = tenant();
        let lines = [
            "SKU,Name,HSN",
            "",
            "A-1,\"Rice",
            "fine\",1006",
            "",
            "",
            "A-2,,1006",
            "A-3,,1006",
        ];
        let file = lines.join(end);

        // when
        let base = tenant.path("");
        let came = bring(
            &tenant.owner,
            base.trim_end_matches('/'),
            ("products", "rows.csv", ""),
            file.as_bytes(),
        );

        // then
        assert_eq!(counts(&came.done), [3, 1, 0, 2], "{end:?}");
        assert_eq!(
            reasons(&came.done),
            "6: The row has no name. | 7: The row has no name.",
            "{end:?}"
        );
    }
}

#[test]
fn an_import_outlives_its_file() {
    // given: one that was done ninety days ago, and one of today
    let tenant = tenant();
    let old = bring_file(&tenant, "products", "cells_as_people_write_them.csv", "");
    let young = bring_file(&tenant, "stock", "opening_stock.csv", "");
    let files = || one(&tenant, "select count(*) from files where tenant_id = $t");
    assert_eq!(files(), "2");
    run(
        app(),
        &format!(
            "update files f set expires_at = now() - interval '1 hour' from imports i where f.tenant_id = '{0}' and i.tenant_id = '{0}' and i.file_id = f.id and i.kind = 'products'",
            tenant.id
        ),
    );

    // when
    let state = &app().state;
    sweep::all(&state.db, &state.files, state.lifetimes()).unwrap();

    // then: its page tells what it told, and says that the rows themselves are gone
    assert_eq!(files(), "1");
    let page = tenant.owner.open(&old.path);
    assert_eq!(counts(&page), counts(&old.done));
    let refused = |path: &str| tenant.owner.get(&format!("{path}/refused?format=csv"));
    refused(&old.path)
        .is(409)
        .shows("main", "was removed after ninety days");
    refused(&young.path).is(200);
}

#[test]
fn refused_rows_that_are_sent_again_are_read_as_before() {
    // given
    let tenant = tenant();
    let first = bring_file(&tenant, "products", "cells_as_people_write_them.csv", "");
    let file = format!("{}/refused?format=csv", first.path);
    let (_, _, refused) = tenant.owner.bytes(&file);

    // when: as they came back, formulas marked as text
    let base = tenant.path("");
    let again = bring(
        &tenant.owner,
        base.trim_end_matches('/'),
        ("products", "refused.csv", ""),
        &refused,
    );

    // then
    assert_eq!(counts(&again.done), [10, 0, 0, 10]);
    let said = |page: &Page| page.texts("#refused tbody td");
    assert_eq!(said(&again.done), said(&first.done));
}

#[test]
fn columns_without_heads_can_be_told_by_their_first_values() {
    // given, when
    let tenant = tenant();
    let name = "bars_without_heads.csv";
    let sent = send(
        &tenant.owner,
        &tenant.path(""),
        "products",
        name,
        &data(name),
    );
    let page = sent.follow();

    // then
    let text = String::from_utf8(data(name)).unwrap();
    let first = text.lines().next().unwrap().split('|').nth(3).unwrap();
    page.shows("#name option", &format!("D: {first}"));
    page.shows("#name option", "Not in the file");
}

#[test]
fn what_comes_in_is_stored_as_the_file_says() {
    // given, when
    let tenant = tenant();
    bring_file(&tenant, "products", "cells_as_people_write_them.csv", "");

    // then
    let product = "select sku || '|' || name || '|' || hsn || '|' || unit || '|' || mrp || '|' || coalesce(barcode, '') || '|' || status || '|' || brand
                     from products where tenant_id = $t and sku";
    for (sku, expected) in [
        (
            "SP-01",
            "SP-01|Basmati Rice 5 kg|1006|BAG|1250.00|8901234567894|active|Annadata",
        ),
        (
            "SP-11-A",
            "SP-11-A|Paneer 200 g|04061000|PAC|95.00|890123456|upcoming|Dairy",
        ),
        (
            "SP-12",
            "SP-12|=HYPERLINK(\"x\")|1905|PCS|30.00||active|Bakery",
        ),
    ] {
        assert_eq!(one(&tenant, &format!("{product} = '{sku}'")), expected);
    }
    let price = "select string_agg(p.sku || ' ' || i.price || ' ' || i.min_qty || ' ' || i.valid_from, ', ' order by p.sku)
                   from price_items i join products p on p.tenant_id = i.tenant_id and p.id = i.product_id
                   join price_lists l on l.tenant_id = i.tenant_id and l.id = i.price_list_id and l.is_default where i.tenant_id = $t";
    assert_eq!(
        one(&tenant, price),
        "SP-01 1100.0000 0.000 2017-07-01, SP-11-A 88.1234 0.000 2017-07-01, SP-12 28.0000 0.000 2017-07-01"
    );

    // then: the tree, and the opening stock of a catalogue
    bring_file(
        &tenant,
        "products",
        "catalogue_without_codes.csv",
        "or_hsn=1905",
    );
    assert_eq!(
        one(
            &tenant,
            "select string_agg(path, ', ' order by path) from categories where tenant_id = $t and path like 'Spices%'"
        ),
        "Spices, Spices > Powders, Spices > Powders > Turmeric"
    );
    bring_file(
        &tenant,
        "products",
        "paise_and_hard_spaces.csv",
        "opt_paise=on;or_hsn=0713",
    );
    let onion = "select p.mrp || ' ' || c.path || ' ' || l.on_hand from products p join categories c on c.tenant_id = p.tenant_id and c.id = p.category_id
                   join stock_levels l on l.tenant_id = p.tenant_id and l.product_id = p.id where p.tenant_id = $t and p.name = 'Onion'";
    assert_eq!(one(&tenant, onion), "25.00 Vegetables 3.000");
    // then: in the name of whoever sent it
    let by = "select string_agg(distinct u.email, ',') from stock_moves m join users u on u.id = m.user_id where m.tenant_id = $t and m.kind = 'opening'";
    assert_eq!(one(&tenant, by), tenant.owner_email);
}

#[test]
fn gst_is_taken_out_of_prices_that_hold_it() {
    // given: goods at 18 and at 5 per cent, one of which says its code in the row above, and a price above its MRP
    let tenant = tenant();
    let base = tenant.path("");
    let base = base.trim_end_matches('/');
    let about = ("products", "with-gst.csv", "opt_with_gst=on");
    let file = "SKU,Name,HSN,MRP,Sale Price\nSP-1,Speaker,85182200,118,118\nSP-2,Small speaker,85182200,10,10\nBI-1,Biscuits,190531,,25\nBI-1,Biscuits,,30,\nSP-3,Loud speaker,85182200,118,118.01\nRI-1,Loose rice,100630,,40\n";
    let stored = |tenant: &Tenant| {
        one(
            tenant,
            "select string_agg(concat_ws(' ', p.sku, p.mrp, i.price), ', ' order by p.sku) from products p
               join price_items i on i.tenant_id = p.tenant_id and i.product_id = p.id where p.tenant_id = $t",
        )
    };

    // when
    let came = bring(&tenant.owner, base, about, file.as_bytes());

    // then: none is above its MRP; 38.0952 would be billed as 38.10 and 1.91, a paisa above the 40 of the file
    for page in [&came.checked, &came.done] {
        assert_eq!(counts(page), [6, 4, 1, 1]);
        assert_eq!(
            reasons(page),
            "6: The price ₹118.01 is above the MRP ₹118.00."
        );
        assert_eq!(page.count("#warned"), 0);
    }
    assert_eq!(
        stored(&tenant),
        "BI-1 30.00 23.8095, RI-1 38.0900, SP-1 118.00 100.0000, SP-2 10.00 8.4746"
    );

    // when: a list has its prices with GST, before the first comes in
    let other = crate::support::tenant();
    run(
        app(),
        &format!(
            "update price_lists set includes_tax = true where tenant_id = '{}' and is_default",
            other.id
        ),
    );
    let place = other.path("");
    let place = place.trim_end_matches('/');
    bring(&other.owner, place, about, file.as_bytes());

    // then
    assert_eq!(
        stored(&other),
        "BI-1 30.00 25.0000, RI-1 40.0000, SP-1 118.00 118.0000, SP-2 10.00 10.0000"
    );

    // when: nobody has said by which rate the GST of today is to be taken out
    run(
        app(),
        &format!(
            "insert into own_tax_rates (tenant_id, id, hsn_prefix, valid_from, rate, reason) values ('{}', gen_random_uuid(), '9899', current_date + 30, 5, 'Notified')",
            tenant.id
        ),
    );
    let about = ("products", "kits.csv", "opt_with_gst=on");
    let file = "SKU,Name,HSN,Sale Price\nKI-1,Kit,989900,105\nKI-2,Kit without a price,989900,\n";
    let came = bring(&tenant.owner, base, about, file.as_bytes());

    // then
    assert_eq!(counts(&came.done), [2, 1, 0, 1]);
    assert_eq!(
        reasons(&came.done),
        "2: The GST can't be taken out of the price: nobody has said a rate for the HSN code 989900. Add one of your own under All settings, Tax rates; then send the row again."
    );
}

#[test]
fn the_same_file_again_finds_the_same_products_and_rewrites_nothing() {
    // given
    let tenant = tenant();
    let fields = "or_hsn=1905";
    bring_file(&tenant, "products", "catalogue_without_codes.csv", fields);
    let state = "select md5(string_agg(a.id::text, ',' order by a.id)) from audit_entries a where a.tenant_id = $t and a.table_name in ('products', 'price_items', 'categories', 'stock_levels')";
    let before = one(&tenant, state);
    assert_ne!(before, "–");

    // when: the heads are known by now, so nothing has to be said about the columns
    let again = bring_file(&tenant, "products", "catalogue_without_codes.csv", "");

    // then
    // The rows that contradict another one of the file are refused again.
    assert_eq!(counts(&again.done), [12, 0, 8, 4]);
    assert_eq!(one(&tenant, state), before);

    // when: a price changes
    let text = String::from_utf8(data("catalogue_without_codes.csv")).unwrap();
    let dearer = text.replace(",145.5,160,", ",150,160,");
    let base = tenant.path("");
    let changed = bring(
        &tenant.owner,
        base.trim_end_matches('/'),
        ("products", "dearer.csv", ""),
        dearer.as_bytes(),
    );

    // then: the old one stays, dated
    assert_eq!(counts(&changed.done), [12, 0, 8, 4]);
    let prices = "select string_agg(i.price::text, ',' order by i.valid_from) from price_items i join products p on p.tenant_id = i.tenant_id and p.id = i.product_id where i.tenant_id = $t and p.name like 'Rice Bran%'";
    assert_eq!(one(&tenant, prices), "145.5000,150.0000");
    assert_eq!(
        one(
            &tenant,
            "select count(*) from price_items where tenant_id = $t"
        ),
        "7"
    );
}

#[test]
fn opening_stock_comes_in_once() {
    // given
    let tenant = tenant();
    bring_file(&tenant, "products", "cells_as_people_write_them.csv", "");
    let first = bring_file(&tenant, "stock", "opening_stock.csv", "");
    assert_eq!(counts(&first.done), [11, 3, 0, 8]);
    let levels = "select string_agg(p.sku || ' ' || l.on_hand || ' ' || coalesce(l.reorder_level::text, '-'), ', ' order by p.sku)
                    from stock_levels l join products p on p.tenant_id = l.tenant_id and p.id = l.product_id where l.tenant_id = $t";
    let expected = "SP-01 1200.000 100.000, SP-11-A 36.000 -, SP-12 12.500 3.000";
    assert_eq!(one(&tenant, levels), expected);
    first.done.shows("#refused tbody td:nth-child(2)", "SP-99");

    // when
    let second = bring_file(&tenant, "stock", "opening_stock.csv", "");

    // then
    assert_eq!(counts(&second.done), [11, 0, 0, 11]);
    second.done.shows(
        "#refused",
        "This product has moved in this warehouse already; use an adjustment.",
    );
    assert_eq!(one(&tenant, levels), expected);
    assert_eq!(
        one(
            &tenant,
            "select count(*) from stock_moves where tenant_id = $t"
        ),
        "3"
    );
}

#[test]
fn nothing_is_written_before_somebody_says_so_and_a_second_time_is_refused() {
    // given
    let tenant = tenant();
    let products = "select count(*) from products where tenant_id = $t";
    let sent = send(
        &tenant.owner,
        &tenant.path(""),
        "products",
        "cells.csv",
        &data("cells_as_people_write_them.csv"),
    );
    let path = sent.header("location").to_owned();

    // when: it runs before it was checked
    let early = tenant.owner.post(&format!("{path}/run"), &[]);
    // then
    early.is(409).shows("main", "Check the rows first");

    // when: a column is missing that no row can do without
    let page = tenant.owner.open(&path);
    page.shows("#preview", "Basmati Rice 5 kg")
        .shows("#preview", "Price: 12% is a percentage, not an amount.");
    let wrong = filled(&page, "map_name=").submit();
    wrong.is(422).shows("#columns", "no row can do without it");
    assert_eq!(one(&tenant, products), "0");

    // when: checked
    filled(&tenant.owner.open(&path), "").submit().is(303);
    let checked = settled(&tenant.owner, &path);
    assert_eq!(counts(&checked), [14, 3, 1, 10]);
    assert_eq!(one(&tenant, products), "0");

    // when: the button is pressed twice
    let form = checked.form("#run");
    form.clone().submit().is(303);
    form.submit().is(303);
    let done = settled(&tenant.owner, &path);

    // then
    assert_eq!(counts(&done), [14, 3, 1, 10]);
    assert_eq!(one(&tenant, products), "3");
    tenant
        .owner
        .post(&format!("{path}/run"), &[])
        .is(409)
        .shows("main", "This import is done.");
    tenant
        .owner
        .post(&path, &[("map_name", "1"), ("heads", "1:1")])
        .is(409)
        .shows("main", "This import is done.");

    // then: the refused rows come back as they were, with the reason
    let (status, _, bytes) = tenant.owner.bytes(&format!("{path}/refused?format=csv"));
    let text = String::from_utf8(bytes).unwrap();
    assert_eq!(status, 200);
    assert_eq!(text.lines().count(), 11);
    assert!(
        text.contains("SP-05,Rusk,1905,PCS,40,'=35+2,,Bakery,,7,\"Price: =35+2 is a formula"),
        "{text}"
    );
}

#[test]
fn only_who_may_and_only_in_their_own_company() {
    // given
    let (ours, rival) = (tenant(), tenant());
    let came = bring_file(&ours, "products", "old_price_list.xls", "or_hsn=8414");
    let (_, warehouse) = ours.employee(Role::Warehouse);
    let (_, viewer) = ours.employee(Role::Viewer);

    // when, then
    for path in [came.path.clone(), format!("{}/refused", came.path)] {
        ours.owner.get(&path).is(200);
        rival.owner.get(&path).is(404);
        rival
            .owner
            .get(&path.replace(&ours.slug, &rival.slug))
            .is(404);
        warehouse.get(&path).is(403);
    }
    ours.owner
        .get(&came.path.replace("/products/", "/stock/"))
        .is(404);
    warehouse.get(&ours.path("/stock/import")).is(200);
    viewer.get(&ours.path("/products/import")).is(403);
    ours.owner
        .open(&ours.path("/imports"))
        .shows("main", "old_price_list.xls");
    warehouse
        .open(&ours.path("/imports"))
        .shows_not("main", "old_price_list.xls");
    rival
        .owner
        .open(&rival.path("/imports"))
        .shows_not("main", "old_price_list.xls");
}

/// What of a file's columns is chosen before anybody has chosen: field and column, in the order of the fields.
fn likely(tenant: &Tenant, heads: &str, row: &str) -> String {
    let file = format!("{heads}\n{row}\n");
    let base = tenant.path("");
    let sent = send(
        &tenant.owner,
        &base,
        "products",
        "heads.csv",
        file.as_bytes(),
    );
    sent.is(303);
    let page = sent.follow();
    let mut found = Vec::new();
    for field in page.attributes("#columns select[name^=map_]", "name") {
        let chosen = format!("#columns select[name={field}] option[selected]");
        let column = page.attributes(&chosen, "value").concat();
        if !column.is_empty() {
            found.push(format!("{} {column}", field.trim_start_matches("map_")));
        }
    }
    found.join(", ")
}

#[test]
fn heads_as_shopkeepers_write_them_are_known() {
    // given
    let tenant = tenant();
    for (heads, row, expected) in [
        (
            "Item code,Item name,HSN,Unit,Case qty,MRP (Rs),Our rate,Opening,Reorder,Category",
            "A-1,Tea,0902,PAC,24,145,118,96,10,Tea",
            "sku 0, name 1, category 9, hsn 2, unit 3, pack_size 4, mrp 5, price 6, stock 7, reorder_level 8",
        ),
        (
            "Sr No,Material Code,Particulars,हिंदी नाम,HSN/SAC,UoM,Std Pkg,M.R.P.,Basic Rate (Rs.),Stock Qty,Min Stock,Group,GST %",
            "1,B-1,Hammer,हथौड़ा,8205,PCS,12,1250,1010,60,12,Tools,18",
            "sku 1, name 2, name_hi 3, category 11, hsn 4, unit 5, pack_size 6, mrp 7, price 8, stock 9, reorder_level 10",
        ),
        (
            "Sr,Item No.,Item Description,Marathi/Hindi Name,Group,HSN/SAC Code,UOM,Qty per Case,M.R.P. (₹),Dealer Rate (excl GST),Op. Stock,Min Qty",
            "1,C-1,Garam Masala,गरम मसाला,Masala,09109100,Pcs,10,105,78,120,10",
            "sku 1, name 2, name_hi 3, category 4, hsn 5, unit 6, pack_size 7, mrp 8, price 9, stock 10, reorder_level 11",
        ),
        (
            "कोड,वस्तु,एचएसएन,दर (₹),एमआरपी,स्टॉक,इकाई,Hindi Name",
            "D-1,Soap,3401,40,60,5,PCS,साबुन",
            "sku 0, name 1, name_hi 7, hsn 2, unit 6, mrp 4, price 3, stock 5",
        ),
    ] {
        // when, then
        assert_eq!(likely(&tenant, heads, row), expected, "{heads}");
    }
}

#[test]
fn no_price_with_gst_and_no_other_figure_is_taken_for_a_price_or_for_stock() {
    // given
    let tenant = tenant();
    for (heads, expected) in [
        // the control: the same words, alone
        (
            "Code,Name,HSN,Rate,MRP,Opening,Rate per pc",
            "sku 0, name 1, hsn 2, mrp 4, price 3, stock 5",
        ),
        (
            "Code,Name,HSN,Rate (incl. GST),MRP (incl. of all taxes),Opening value,Opening (₹)",
            "sku 0, name 1, hsn 2, mrp 4",
        ),
        (
            "Code,Name,HSN,Price with GST,GST Rate,Rate %,Purchase rate",
            "sku 0, name 1, hsn 2",
        ),
        // of two, the one that is meant, wherever it stands
        (
            "Code,Name,HSN,Rate (incl GST),Rate (excl GST),Stock (cases),Stock (pcs)",
            "sku 0, name 1, hsn 2, price 4, stock 6",
        ),
        (
            "Code,Name,HSN,Price,Price without GST,Rate per case,Rate",
            "sku 0, name 1, hsn 2, price 4",
        ),
    ] {
        // when, then
        let found = likely(&tenant, heads, "A-1,Soap,3401,40,50,5,6");
        assert_eq!(found, expected, "{heads}");
    }
}

#[test]
fn a_row_that_contradicts_an_earlier_one_is_refused_and_one_that_adds_to_it_is_not() {
    // given: rows of three products that agree, add something, or say otherwise
    let tenant = tenant();
    let lines = [
        "SKU,Name,HSN,Unit,Price,MRP,Stock,Brand",
        "SK-5,Chole Masala 100 g,1006,PKT,55,74,24,",
        "SK-5,Chole Masala 100 g (duplicate),1006,PKT,70,74,12,",
        "SK-6,Rice,1006,KGS,31,,,",
        "sk 6,rice,1006,kg,31.00,,,Annadata",
        "SK-6,Rice,1006,KGS,31,,,Other",
        "SK-6,Rice,1006,KGS,31,,7,",
        "SK-7,Oil,1006,LTR,,,,",
        "SK-7,Oil,,,90,,,",
        "SK-7,Oil,,,,80,,",
    ];
    let file = lines.join("\n");
    let base = tenant.path("");
    let base = base.trim_end_matches('/');
    let stored = || {
        one(
            &tenant,
            "select string_agg(concat_ws(' ', p.sku, p.name, i.price, coalesce(p.mrp::text, '-'), coalesce(p.brand, '-'), coalesce(l.on_hand::text, '-')), ', ' order by p.sku)
               from products p left join price_items i on i.tenant_id = p.tenant_id and i.product_id = p.id
               left join stock_levels l on l.tenant_id = p.tenant_id and l.product_id = p.id where p.tenant_id = $t",
        )
    };
    let expected = "SK-5 Chole Masala 100 g 55.0000 74.00 - 24.000, SK-6 Rice 31.0000 - Annadata -, SK-7 Oil 90.0000 - - -";
    let said = "3: SKU SK-5 stands in row 2 already, with another price, name, opening stock. | 6: SKU SK-6 stands in row 5 already, with another brand. | 7: SKU SK-6 stands in row 4 already: write its opening stock there. | 10: The price ₹90.00 is above the MRP ₹80.00.";

    // when: the products are new, and when they are there
    for figures in [[9, 3, 2, 4], [9, 0, 5, 4]] {
        let about = ("products", "twins.csv", "");
        let came = bring(&tenant.owner, base, about, file.as_bytes());

        // then: the check says it, and so does the result; nothing of a refused row is stored
        for page in [&came.checked, &came.done] {
            assert_eq!(counts(page), figures);
            assert_eq!(reasons(page), said);
            assert_eq!(
                page.texts("#refused tbody td:nth-child(2)"),
                [
                    "SK-5 · Chole Masala 100 g (duplicate)",
                    "SK-6 · Rice",
                    "SK-6 · Rice",
                    "SK-7 · Oil"
                ]
            );
        }
        assert_eq!(stored(), expected);
    }
}

#[test]
fn a_product_in_two_categories_is_one_and_what_the_first_row_says_stays() {
    // given: a list of a shop
    let shop = tenant();
    let name = "catalogue_without_codes.csv";

    // when
    let came = bring_file(&shop, "products", name, "or_hsn=1905");

    // then: the check and the result tell which words were not taken, and whose stay
    let kept = [
        "11 Turmeric Powder 100 g The same product as row 9, which keeps its category.",
        "12 Clay Lamp, Small The same product as row 4, which keeps its description.",
    ];
    for page in [&came.checked, &came.done] {
        assert_eq!(page.rows("#kept tbody tr"), kept);
    }
    let stored = "select string_agg(concat_ws(' ', p.name, c.path, coalesce(p.description, '-')), ', ' order by p.name)
                    from products p join categories c on c.tenant_id = p.tenant_id and c.id = p.category_id
                   where p.tenant_id = $t and (p.name like 'Clay%' or p.brand = 'Haldiwala')";
    assert_eq!(
        one(&shop, stored),
        "Clay Lamp, Small Household > Pooja Needs > Lamps Hand made, \"fired\" twice, Turmeric Powder 100 g Spices > Powders > Turmeric -"
    );

    // given: rows of one code that add a description, say other words, and say another price, MRP and HSN code
    let tenant = tenant();
    let file = [
        "SKU,Name,HSN,Category,Description,Price,MRP",
        "A-1,Soap,3401,Wash,,40,60",
        "A-1,Soap,3401,,Fine soap,40,60",
        "A-1,Soap,3401,Bath,Fair soap,40,60",
        "A-1,Soap,3401,Bath,,41,60",
        "A-1,Soap,3401,Wash,,40,61",
        "A-1,Soap,3402,Wash,,40,60",
    ]
    .join("\n");
    let base = tenant.path("");
    let base = base.trim_end_matches('/');
    let refused = ["5", "6", "7"]
        .into_iter()
        .zip(["price", "MRP", "HSN code"])
        .map(|(row, what)| format!("{row}: SKU A-1 stands in row 2 already, with another {what}."))
        .collect::<Vec<_>>()
        .join(" | ");

    // when: the product is new, and when it is there
    for figures in [[6, 1, 2, 3], [6, 0, 3, 3]] {
        let about = ("products", "soap.csv", "");
        let came = bring(&tenant.owner, base, about, file.as_bytes());

        // then: words alone decide nothing; what is billed does
        for page in [&came.checked, &came.done] {
            assert_eq!(counts(page), figures);
            assert_eq!(reasons(page), refused);
            assert_eq!(
                page.rows("#kept tbody tr"),
                [
                    "4 A-1 · Soap The same product as row 2; what the rows above say stays: category, description."
                ]
            );
        }
        let soap = "select concat_ws(' ', p.name, p.hsn, p.description, p.mrp, i.price, (select string_agg(path, ', ') from categories c where c.tenant_id = p.tenant_id))
                      from products p join price_items i on i.tenant_id = p.tenant_id and i.product_id = p.id where p.tenant_id = $t";
        assert_eq!(one(&tenant, soap), "Soap 3401 Fine soap 60.00 40.0000 Wash");
    }
}

#[test]
fn a_contradiction_is_found_across_the_batches_of_a_long_file() {
    // given: a twin that says the same, and one that says otherwise, both in the second batch
    let tenant = tenant();
    let mut file = String::from_utf8(many(1_200)).unwrap();
    let first = file.lines().nth(1).unwrap().to_owned();
    let second = file.lines().nth(2).unwrap().to_owned();
    let dearer = first.replace(",6,2", ",7,2");
    assert_ne!(dearer, first);
    writeln!(file, "{dearer}\n{second}").unwrap();

    // when
    let base = tenant.path("");
    let about = ("products", "many.csv", "");
    let came = bring(
        &tenant.owner,
        base.trim_end_matches('/'),
        about,
        file.as_bytes(),
    );

    // then
    for page in [&came.checked, &came.done] {
        assert_eq!(counts(page), [1_202, 1_200, 1, 1]);
        assert_eq!(
            reasons(page),
            "1202: SKU K-000001 stands in row 2 already, with another price."
        );
    }
    let price = "select string_agg(i.price::text, ',') from price_items i join products p on p.tenant_id = i.tenant_id and p.id = i.product_id where i.tenant_id = $t and p.sku = 'K-000001'";
    assert_eq!(one(&tenant, price), "6.0000");
}

#[test]
fn a_file_without_prices_or_with_stock_says_so() {
    // given
    let tenant = tenant();
    let base = tenant.path("");
    let base = base.trim_end_matches('/');
    let notice = "nobody can order a new product until it has one.";
    let opening = "main a[href$='/stock/import']";
    for (heads, row, says, offers) in [
        ("Code,Name,HSN", "A-1,Soap,3401", notice, 1),
        (
            "Code,Name,HSN,MRP,Opening",
            "A-2,Soap,3401,60,5",
            "the MRP is not taken for it",
            0,
        ),
        ("Code,Name,HSN,MRP,Price", "A-3,Soap,3401,60,40", "", 1),
    ] {
        // when
        let file = format!("{heads}\n{row}\n");
        let sent = send(
            &tenant.owner,
            base,
            "products",
            "goods.csv",
            file.as_bytes(),
        );
        sent.is(303);
        let columns = sent.follow();
        let about = ("products", "goods.csv", "");
        let came = bring(&tenant.owner, base, about, file.as_bytes());

        // then: on the page of the columns, after the check, and with the result
        assert_eq!(counts(&came.done), [1, 1, 0, 0]);
        for page in [&columns, &came.checked, &came.done] {
            if says.is_empty() {
                page.shows_not("main", "No column is the Price");
            } else {
                page.shows("main .notice", notice)
                    .shows("main .notice", says);
            }
        }
        assert_eq!(came.done.count(opening), offers, "{heads}");
    }
}

#[test]
fn the_preview_shows_what_a_product_that_is_there_will_be() {
    // given: a product in bags, and a file that names no unit
    let tenant = tenant();
    bring_file(&tenant, "products", "cells_as_people_write_them.csv", "");
    let file = "SKU,Name,Price,Stock\nSP-01,,1150,9\nN-1,New thing,20,4\n";
    let base = tenant.path("");
    let base = base.trim_end_matches('/');

    // when
    let sent = send(
        &tenant.owner,
        base,
        "products",
        "short.csv",
        file.as_bytes(),
    );
    sent.is(303);
    let page = sent.follow();

    // then: of the known one only the price changes; the new one is as the whole file says
    let cells = |row: u32| page.texts(&format!("#preview tbody tr:nth-child({row}) td"));
    assert_eq!(cells(1), ["SP-01", "–", "–", "₹1,150.00", "–", "–"]);
    assert_eq!(
        cells(2),
        ["N-1", "New thing", "PCS", "₹20.00", "active", "4"]
    );
    page.shows("#preview", "stays as it is");

    // then: and so it comes
    let about = ("products", "short.csv", "or_hsn=1905");
    let came = bring(&tenant.owner, base, about, file.as_bytes());
    assert_eq!(counts(&came.done), [2, 1, 1, 0]);
    let known = "select concat_ws(' ', p.name, p.unit, p.status, (select count(*) from stock_moves m where m.tenant_id = p.tenant_id and m.product_id = p.id))
                   from products p where p.tenant_id = $t and p.sku = 'SP-01'";
    assert_eq!(one(&tenant, known), "Basmati Rice 5 kg BAG active 0");
}

#[test]
fn a_row_without_a_name_never_renames_what_is_there() {
    // given: three products, and a price list that names only some by name
    let tenant = tenant();
    let base = tenant.path("");
    let base = base.trim_end_matches('/');
    let known = "SKU,Name,HSN,Category,Brand,Unit,Price\nD-1,Toor Dal,0713,Pulses,Annadata,KGS,140\nD-2,Sugar,1701,Sweet,,KGS,44\nD-3,Soap,3401,Wash,Chandan,PCS,30\n";
    let about = ("products", "known.csv", "");
    let came = bring(&tenant.owner, base, about, known.as_bytes());
    assert_eq!(counts(&came.done), [3, 3, 0, 0]);
    let stored = || {
        one(
            &tenant,
            "select string_agg(concat_ws(' ', p.sku, p.name, p.hsn, c.path, coalesce(p.brand, '-'), p.unit,
                        (select max(trim_scale(i.price)) from price_items i where i.tenant_id = p.tenant_id and i.product_id = p.id)), ', ' order by p.sku)
               from products p join categories c on c.tenant_id = p.tenant_id and c.id = p.category_id where p.tenant_id = $t",
        )
    };
    let list = "SKU,Name,HSN,Category,Brand,Unit,Price\nD-1,Toor Dal,0713,Pulses,Annadata,KGS,141\nD-2,,,,,,45\nD-3,Soap bar,,,,,31\nD-2,Sugar fine,,,,,\n";

    // when: the file is opened
    let about = ("products", "prices.csv", list.as_bytes());
    let sent = send(&tenant.owner, base, about.0, about.1, about.2);
    sent.is(303);
    let page = sent.follow();

    // then: nothing is taken from the row above unasked, as a code of its own is enough
    assert_eq!(page.count("#columns [name=opt_fill_down][checked]"), 0);

    // when: somebody ticks it nevertheless
    let about = ("products", "prices.csv", "opt_fill_down=on");
    let came = bring(&tenant.owner, base, about, list.as_bytes());

    // then: only prices and the names that stand in the file are taken; a blank cell contradicts nothing
    assert_eq!(reasons(&came.done), "");
    assert_eq!(counts(&came.done), [4, 0, 4, 0]);
    assert_eq!(
        stored(),
        "D-1 Toor Dal 0713 Pulses Annadata KGS 141, D-2 Sugar fine 1701 Sweet - KGS 45, D-3 Soap bar 3401 Wash Chandan PCS 31"
    );

    // when: one row of the same file is of a product that is new
    let more = list.replace("D-2,,", "D-4,,").replace(",45", ",46");
    let came = bring(&tenant.owner, base, about, more.as_bytes());

    // then: that one is what the row above says, as was asked
    assert_eq!(counts(&came.done), [4, 1, 3, 0]);
    assert!(
        stored().ends_with(", D-4 Toor Dal 0713 Pulses Annadata KGS 46"),
        "{}",
        stored()
    );
}

#[test]
fn one_code_for_two_variants_of_a_name_is_refused() {
    // given: rows of one name, of which the last two share a code
    let tenant = tenant();
    let base = tenant.path("");
    let file = "SKU,Name,Variant,HSN,Price\nV-1,Tray,small,7323,10\nV-2,,large,,20\nV-2,,huge,,\n";

    // when: as the file is most likely read
    let about = ("products", "trays.csv", "");
    let came = bring(
        &tenant.owner,
        base.trim_end_matches('/'),
        about,
        file.as_bytes(),
    );

    // then
    assert_eq!(
        reasons(&came.done),
        "4: SKU V-2 stands in row 3 already, with another name."
    );
    let names = "select string_agg(name, ', ' order by sku) from products where tenant_id = $t";
    assert_eq!(one(&tenant, names), "Tray – small, Tray – large");
}

/// A catalogue of so many products, each with a price and stock.
fn many(rows: u32) -> Vec<u8> {
    let mut text = "SKU,Name,Brand,Category,HSN,MRP,Price,Opening stock\n".to_owned();
    for row in 1..=rows {
        let group = row % 40;
        writeln!(
            text,
            "K-{row:06},Thing number {row},Maker {},Group {group} > Part {},1905,{}.50,{},{}",
            row % 25,
            row % 7,
            row % 900 * 2 + 10,
            row % 900 + 5,
            row % 50 + 1
        )
        .unwrap();
    }
    text.into_bytes()
}

/// Holds up every price until dropped.
fn hold_prices(urls: &Urls) -> diesel::PgConnection {
    use diesel::connection::SimpleConnection;
    let mut pg = crate::support::connect(&urls.owner);
    pg.batch_execute("begin; lock table price_items in share row exclusive mode")
        .unwrap();
    pg
}

#[test]
fn a_kill_in_the_middle_leaves_each_row_exactly_once() {
    // given: a process that writes a catalogue
    const ROWS: u32 = 6_000;
    let urls = process::database("imports_kill");
    let folder = tempfile::tempdir().unwrap();
    let files = format!("file://{}", folder.path().display());
    let mut settings = two_logins(&urls);
    settings.extend([
        ("MANDI_FILES_URL", files.as_str()),
        ("MANDI_JOB_LEASE_SECONDS", "4"),
    ]);
    let first = process::serve(&settings);
    let (_, slug, _, email) = company_of(&urls.owner);
    let browser = first.browser();
    browser.sign_in(&email, PASSWORD).is(200);
    let base = format!("/c/{slug}");
    let sent = send(&browser, &base, "products", "many.csv", &many(ROWS));
    let path = sent.header("location").to_owned();
    filled(&browser.open(&path), "").submit().is(303);
    let checked = settled(&browser, &path);
    assert_eq!(counts(&checked), [ROWS, ROWS, 0, 0]);
    let done = || {
        word(&urls.owner, "select rows_done from imports")
            .parse::<u32>()
            .unwrap()
    };

    // when: killed in the middle of a batch, twice
    let lock = hold_prices(&urls);
    checked.form("#run").submit().is(303);
    let waiting = || {
        word(
            &urls.superuser,
            "select count(*) from pg_locks join pg_stat_activity using (pid) where not granted and datname = current_database()",
        ) != "0"
    };
    until("a batch waits", waiting);
    assert_eq!(done(), 0);
    first.kill();
    drop(lock);
    let second = process::serve(&settings);
    until("some batches are written", || done() >= 1_000);
    let lock = hold_prices(&urls);
    until("another batch waits, or all is done", || {
        waiting() || done() == ROWS
    });
    let written = done();
    second.kill();
    drop(lock);
    let third = process::serve(&settings);

    // then
    let browser = third.browser();
    browser.sign_in(&email, PASSWORD).is(200);
    let page = settled(&browser, &path);
    assert!((1_000..ROWS).contains(&written), "killed at {written}");
    assert_eq!(counts(&page), [ROWS, ROWS, 0, 0]);
    for (sql, expected) in [
        ("select count(*) from products", ROWS),
        ("select count(distinct sku) from products", ROWS),
        ("select count(*) from price_items", ROWS),
        ("select count(*) from stock_moves", ROWS),
        ("select count(*) from import_rows", 0),
    ] {
        assert_eq!(word(&urls.owner, sql), expected.to_string(), "{sql}");
    }
    let tries = "select string_agg(outcome, ',' order by number) from job_attempts join jobs on jobs.id = job_id where kind = 'imports.products'";
    assert_eq!(word(&urls.owner, tries), "lost,lost,done");
    for finding in verify::run(&urls.owner, &checks::all()).unwrap() {
        assert_eq!(finding.faults, [], "{}", finding.check.name);
    }
}

#[test]
fn two_files_with_the_same_stock_at_once_bring_it_in_once() {
    // given
    let tenant = tenant();
    bring_file(&tenant, "products", "cells_as_people_write_them.csv", "");
    let paths: Vec<String> = (0..4)
        .map(|_| {
            let sent = send(
                &tenant.owner,
                &tenant.path(""),
                "stock",
                "stock.csv",
                &data("opening_stock.csv"),
            );
            let path = sent.header("location").to_owned();
            filled(&tenant.owner.open(&path), "").submit().is(303);
            path
        })
        .collect();
    let forms: Vec<_> = paths
        .iter()
        .map(|path| settled(&tenant.owner, path).form("#run"))
        .collect();

    // when
    std::thread::scope(|threads| {
        for form in forms {
            threads.spawn(move || form.submit().is(303).status);
        }
    });
    let created: u32 = paths
        .iter()
        .map(|path| counts(&settled(&tenant.owner, path))[1])
        .sum();

    // then
    assert_eq!(created, 3);
    assert_eq!(
        one(
            &tenant,
            "select sum(quantity) from stock_moves where tenant_id = $t"
        ),
        "1248.500"
    );
}

#[test]
fn whatever_may_come_from_the_row_above_is_left_out_of_a_stored_product() {
    // given: a row that says everything
    let said = |without: &[&str], filled: &[&'static str]| {
        let mut cells = BTreeMap::new();
        for field in ProductImport::<OurBooks>::fields() {
            let value = match field.name {
                "sku" => "RICE-5",
                "hsn" => "1006",
                "unit" => "KGS",
                "pack_size" => "20",
                "mrp" => "60",
                "price" => "40",
                "barcode" => "8901030865428",
                "weight_g" => "5000",
                "status" => "active",
                "stock" | "reorder_level" => "7",
                name => name,
            };
            cells.insert(field.name, value.to_owned());
        }
        cells.retain(|name, _| !without.contains(name));
        let row = Line {
            number: 2,
            cells,
            filled: filled.iter().copied().collect(),
        };
        rules::parse(&row, &Settings::default()).unwrap()
    };

    for field in ProductImport::<OurBooks>::fields() {
        // A path of categories comes from above as a whole or not at all.
        let fields: &[&'static str] = match field.name {
            "category" => &["category", "category2", "category3"],
            "category2" | "category3" => continue,
            _ => &[field.name],
        };
        // when
        let mut own = said(&[], fields).own();
        own.filled.clear();

        // then: as if its cells were not there, where they can come from above at all
        if field.fills_down {
            assert_eq!(own, said(fields, &[]), "{}", field.name);
        }
        assert_eq!(own == said(&[], &[]), !field.fills_down, "{}", field.name);
    }
}
