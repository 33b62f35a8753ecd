//! A search that has not looked at everything does not say how many rows there are.

use super::{CUT, names, walk};
use crate::support::trade::shop_of;
use crate::support::{Tenant, app, ask, run, tenant};

/// Products of a word, the first so many discontinued.
fn products(tenant: &Tenant, word: &str, (count, discontinued): (u32, u32)) {
    run(
        app(),
        &format!(
            "insert into products (tenant_id, id, sku, name, hsn, status)
               select '{0}', gen_random_uuid(), upper('{word}') || '-' || n, '{word} ' || lpad(n::text, 5, '0'), '1006', case when n <= {discontinued} then 'discontinued' else 'active' end
                 from generate_series(1, {count}) n",
            tenant.id
        ),
    );
}

#[test]
fn what_a_list_never_shows_does_not_hide_what_it_shows() {
    // given: 20 products on offer beside 220 that are not, of which a price list has twelve
    let tenant = tenant();
    products(&tenant, "Husk", (240, 220));
    run(
        app(),
        &format!(
            "insert into price_lists (tenant_id, id, name, status) values ('{0}', md5('{0}')::uuid, 'Dealers', 'active');
             insert into price_items (tenant_id, id, price_list_id, product_id, price)
               select '{0}', gen_random_uuid(), md5('{0}')::uuid, id, 10 from products where tenant_id = '{0}' and sku = any (select 'HUSK-' || n from generate_series(229, 240) n)",
            tenant.id
        ),
    );
    let list = |path: &str| tenant.owner.open(&tenant.path(path));

    // when, then
    let stock = list("/stock?q=husk");
    stock.shows(".pager [role=status]", "20 in all");
    let dealers = ask(
        app(),
        &format!(
            "select id::text as value from price_lists where tenant_id = '{}' and name = 'Dealers'",
            tenant.id
        ),
    );
    let found = list(&format!("/price-lists/{dealers}?q=husk"));
    found.shows(".pager [role=status]", "12 in all");
    let without = list(&format!("/price-lists/{dealers}?q=husk&show=without"));
    without.shows(".pager [role=status]", CUT);
    // Where nothing is hidden, nothing more is looked at.
    let all = list("/products?q=husk");
    all.shows(".pager [role=status]", CUT);

    // and none of them asks the database more often than a page may
    for page in [&stock, &found, &without, &all] {
        let timing = page.header("server-timing").to_owned();
        let number = timing
            .split("desc=\"")
            .nth(1)
            .and_then(|text| text.split(' ').next());
        let number: u32 = number.unwrap().parse().unwrap();
        assert!(number <= 8, "{}: {timing}", page.path);
    }
}

#[test]
fn a_filter_beside_a_common_word_says_that_not_all_was_looked_at() {
    // given: 10,050 products of a word, two of them on a shelf of their own
    let tenant = tenant();
    products(&tenant, "Grain", (10_050, 1));
    run(
        app(),
        &format!(
            "insert into categories (tenant_id, id, name, slug, path) values ('{0}', md5('{0}')::uuid, 'Hair', 'hair', 'Hair');
             update products set category_id = md5('{0}')::uuid where tenant_id = '{0}' and sku in ('GRAIN-9998', 'GRAIN-9999')",
            tenant.id
        ),
    );
    let list = |query: &str| {
        tenant
            .owner
            .open(&tenant.path(&format!("/products?{query}")))
    };

    // when
    let page = list("q=grain&status=discontinued");

    // then: one or none was seen, and neither is said to be all
    page.shows("#list", "nother word narrows it")
        .shows_not("#list", "1 in all")
        .shows_not("#list", "No products match");
    list("q=grain&status=active").shows(".pager [role=status]", CUT);
    // A word that few have is looked through to its end.
    list("q=grain-7777&status=active").shows(".pager [role=status]", "1 in all");

    // and a category is looked for in the category, by staff and by a retailer
    list("q=grain&category=hair").shows(".pager [role=status]", "2 in all");
    let shop = shop_of(&tenant);
    let shelf = |query: &str| {
        shop.owner
            .open(&shop.path(&tenant, &format!("/catalogue{query}")))
    };
    let found = shelf("/hair?q=grain");
    assert_eq!(found.count("#goods .good"), 2);
    found.shows_not("#goods", "in all");
    // What is spelled rightly and stands elsewhere is not taken for another word.
    run(
        app(),
        &format!(
            "insert into products (tenant_id, id, sku, name, hsn, category_id) values
               ('{0}', gen_random_uuid(), 'H-1', 'Shampoo', '3305', md5('{0}')::uuid), ('{0}', gen_random_uuid(), 'P-1', 'Pet shampoos', '3305', null)",
            tenant.id
        ),
    );
    assert_eq!(shelf("?q=shampoos").count("#goods .good"), 1);
    assert_eq!(shelf("/hair?q=shampoos").count("#goods"), 0);
    assert_eq!(shelf("/hair?q=shampo").count("#goods .good"), 1);
    assert_eq!(shelf("/hair?q=shampooz").count("#goods .good"), 1);

    // and the whole catalogue ends where it says that it does
    let mut page = shelf("?q=grain");
    let mut seen = 0;
    loop {
        seen += page.count("#goods .good");
        if page.count("#more a") == 0 {
            break;
        }
        page.shows_not("#goods", "in all");
        page = page.click("Show more");
    }
    assert_eq!(seen, 501);
    page.shows("#goods", "500+ in all; another word narrows it");
}

#[test]
fn of_a_common_word_the_same_products_are_looked_at_however_they_are_read() {
    // given: more products of a word than a search looks at
    let tenant = tenant();
    products(&tenant, "Millet", (3_000, 0));

    // when: asked with the ways to read a table that the planner has, and without one of them
    let found = |most: u32, off: &str| {
        ask(
            app(),
            &format!(
                "select (select count(*) || ' ' || md5(string_agg(f.id::text, ',' order by f.id)) from search_products('millet', {most} + length(c.made) * 0) f) as value
                   from (select set_config('app.tenant_id', '{}', true) || set_config('{off}', 'off', true) as made offset 0) c",
                tenant.id
            ),
        )
    };

    // then: before the planner knows of them as well as after
    let whole = found(501, "enable_nestloop");
    assert!(whole.starts_with("501 "), "{whole}");
    run(app(), "analyze products");
    for off in ["enable_nestloop", "enable_indexscan", "enable_bitmapscan"] {
        assert_eq!(found(501, off), whole, "{off}");
    }
    assert!(found(4_000, "enable_nestloop").starts_with("3000 "));
}

#[test]
fn who_is_sorted_is_everybody_who_was_found() {
    // given: 230 customers, the youngest with the last name
    let tenant = tenant();
    run(
        app(),
        &format!(
            "insert into customers (tenant_id, id, code, name, created_at)
               select '{0}', gen_random_uuid(), 'Z-' || n, 'Zeta ' || lpad(n::text, 3, '0'), now() - interval '1 day' + n * interval '1 minute' from generate_series(1, 230) n",
            tenant.id
        ),
    );
    let list = |query: &str| {
        tenant
            .owner
            .open(&tenant.path(&format!("/customers?{query}")))
    };

    // when, then
    list("q=zeta").shows(".pager [role=status]", CUT);
    let newest = list("q=zeta&sort=-created");
    newest.shows(".pager [role=status]", CUT);
    assert_eq!(names(&newest)[0], "Zeta 230");
    assert_eq!(walk(list("q=zeta&sort=name"))[199], "Zeta 200");
}
