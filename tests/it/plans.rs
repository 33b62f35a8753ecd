//! Behind row security an index is used only by conditions that leak nothing. The statements that screens rely on are watched on a large
//! company, as the application sends them: a condition that an index could do must not turn into a filter.

use crate::support::{Browser, Places, app_without_workers, connect, postgres};
use diesel::connection::SimpleConnection;
use serde_json::Value;

/// Tables with many rows of many companies.
const LARGE: [&str; 22] = [
    "users",
    "memberships",
    "retailers",
    "employees",
    "customers",
    "connections",
    "invitations",
    "audit_entries",
    "jobs",
    "mails",
    "sign_in_attempts",
    "products",
    "price_items",
    "stock_levels",
    "stock_moves",
    "orders",
    "order_lines",
    "order_events",
    "shipments",
    "shipment_lines",
    "ledger_entries",
    "open_items",
];

/// A scan of a large table.
#[derive(Debug)]
struct Scan {
    table: String,
    kind: String,
    /// What the index does.
    condition: String,
    /// What is done row by row.
    filter: String,
    is_limited: bool,
    is_sorted: bool,
}

impl Scan {
    /// Whether it reads the table from end to end.
    fn is_whole(&self) -> bool {
        let has_condition = self.kind.starts_with("Bitmap") || !self.condition.is_empty();
        // A limit without a filter ends after so many rows: the platform's own lists, and their counts.
        let has_end = self.is_limited && self.filter.is_empty();
        !has_condition && !has_end
    }

    /// Whether all rows of another table are read first, to know something of those of this one.
    fn is_answered_beforehand(&self) -> bool {
        self.filter.contains("hashed SubPlan")
    }
}

/// An address, and what an index has to do for it.
struct Screen {
    path: String,
    table: &'static str,
    /// Parts of the index condition.
    by: &'static [&'static str],
    /// Whether the index also gives the order.
    is_ordered: bool,
}

/// The database of this test; its server writes every plan into its log.
struct Large {
    places: Places,
    urls: postgres::Urls,
}

impl Large {
    /// A company with 50,000 rows in every table that grows, among others with three times as many.
    fn new() -> Self {
        let urls = postgres::server().database("plans");
        connect(&urls.superuser)
            .batch_execute(
                "alter database plans set session_preload_libraries = 'auto_explain';
                 alter database plans set auto_explain.log_min_duration = 0;
                 alter database plans set auto_explain.log_nested_statements = on;
                 alter database plans set auto_explain.log_format = 'json';
                 -- A company that owns most of a table is read fastest without an index. Here the question is whether an index can serve.
                 alter database plans set enable_seqscan = off",
            )
            .unwrap();
        let places = Places::new(app_without_workers(&urls));
        let large = Self { places, urls };
        large.fill();
        large
    }

    fn fill(&self) {
        let (tenant, shop) = (self.places.tenant.id, self.places.shop.customer);
        // Triggers would write 400,000 audit entries one by one; what they do is not what is watched here.
        let sql = format!(
            "set auto_explain.log_min_duration = -1;
             set session_replication_role = replica;
             create temp table n as select n, lpad(to_hex(n), 32, '0')::uuid as id, lpad(to_hex(n + 900000), 32, '0')::uuid as other, 'Filler ' || lpad(to_hex(n), 5, '0') as name,
                 now() - interval '1 day' + n * interval '1 second' as at,
                 case when n <= 50000 then '{tenant}'::uuid else md5((n % 50)::text)::uuid end as tenant
               from generate_series(1, 55000) n;
             insert into companies (id, slug, name, legal_name, pan)
               select distinct on (tenant) tenant, 'filler-' || n, 'Filler', 'Filler Limited', 'AAACF1234A' from n where n > 50000;
             insert into employees (tenant_id, id, user_id, name, email, role, created_at)
               select tenant, id, id, name, 'filler' || n || '@test.example', 'sales', at from n;
             insert into customers (tenant_id, id, code, name, created_at) select tenant, id, 'F' || n, name, at from n;
             insert into audit_entries (tenant_id, at, table_name, row_id, action, user_id, request_id, after)
               select tenant, at, case when n % 1000 = 0 then 'files' else 'customers' end, id,
                   case when n % 1000 = 0 then 'delete' else 'update' end, id, other, '{{\"city\": \"Salem\"}}' from n;
             -- A fifth of that is enough for goods and documents.
             create temp table g as select n.*, w.id as warehouse, w.registration_id as registration, l.id as list, case when n % 1000 = 0 then '{shop}'::uuid else n.id end as customer
               from n, warehouses w, price_lists l where n % 5 = 0 and w.tenant_id = '{tenant}' and w.is_default and l.tenant_id = '{tenant}' and l.is_default;
             insert into categories (tenant_id, id, name, slug, path) values ('{tenant}', '{tenant}', 'Fillers', 'fillers', 'Fillers');
             insert into products (tenant_id, id, sku, name, hsn, category_id, created_at) select tenant, id, 'F-' || n, name, '3401', tenant, at from g;
             insert into price_items (tenant_id, id, price_list_id, product_id, price) select tenant, id, list, id, 10 from g;
             insert into stock_levels (tenant_id, id, product_id, warehouse_id, on_hand) select tenant, id, id, warehouse, 100 from g;
             insert into stock_moves (tenant_id, id, product_id, warehouse_id, kind, quantity, at) select tenant, id, id, warehouse, 'opening', 100, at from g;
             insert into orders (tenant_id, id, number, customer_id, status, source, placed_at, confirmed_at, ended_at, warehouse_id, registration_id, place_of_supply, priced_on, created_at)
               select tenant, id, 'SO-20-' || lpad(n::text, 5, '0'), customer, 'closed', 'portal', at, at, at, warehouse, registration, '33', at::date, at from g;
             insert into order_lines (tenant_id, id, order_id, customer_id, position, product_id, sku, name, unit, hsn, quantity, open_qty, shipped_qty, price, tax_rate, taxable, total)
               select tenant, id, id, customer, 1, id, 'F-' || n, name, 'PCS', '3401', 1, 0, 1, 10, 0, 10, 10 from g;
             insert into order_events (tenant_id, id, order_id, customer_id, kind, said, at) select tenant, id, id, customer, 'placed', '{{\"key\": \"Placed\"}}', at from g;
             insert into shipments (tenant_id, id, number, order_id, customer_id, warehouse_id, status, packages, papers, challan_reason, challan_no, vehicle_id, driver_id, packed_at, out_at, ended_at, received_by, created_at)
               select tenant, id, 'SH-20-' || lpad(n::text, 5, '0'), id, customer, warehouse, 'delivered', 1, 'challan', 'other', 'F' || n, id, id, at, at, at, 'Anna', at from g;
             insert into shipment_lines (tenant_id, id, shipment_id, order_line_id, customer_id, product_id, position, quantity, packed_qty)
               select tenant, id, id, id, customer, id, 1, 1, 1 from g;
             insert into ledger_entries (tenant_id, id, customer_id, kind, entry_date, due_on, amount, reason, at)
               select tenant, id, customer, 'opening', at::date, at::date, 100, 'Old book', at from g;
             insert into open_items (tenant_id, id, customer_id, side, entry_date, due_on, amount) select tenant, id, customer, 'debit', at::date, at::date, 100 from g;
             drop table g;
             -- A tenth of that is enough for what is not one company's.
             delete from n where n % 10 > 0;
             insert into users (id, email, name, created_at) select id, 'filler' || n || '@test.example', name, at from n;
             insert into memberships (id, user_id, tenant_id, role) select id, id, tenant, 'sales' from n;
             insert into retailers (id, slug, name) select other, 'filler-' || n, name from n;
             insert into memberships (id, user_id, retailer_id, role) select other, id, other, 'owner' from n;
             insert into connections (tenant_id, id, retailer_id, customer_id) select tenant, id, other, id from n;
             insert into connections (tenant_id, id, retailer_id, customer_id)
               select id, gen_random_uuid(), (select retailer_id from connections where customer_id = '{shop}'), id from companies where id <> '{tenant}';
             insert into invitations (tenant_id, id, email, name, role, token_hash, expires_at, created_at)
               select tenant, id, 'guest' || n || '@test.example', name, 'sales', sha256(id::text::bytea), now(), at from n;
             -- Whose most are another company's: else it is no matter whether the platform's index or the company's own is read.
             insert into invitations (tenant_id, id, email, name, role, token_hash, expires_at, created_at)
               select (select min(id::text)::uuid from companies where id <> '{tenant}'), gen_random_uuid(), 'guest' || n || '-' || t || '@test.example', name, 'sales',
                      sha256((other::text || t)::bytea), now(), at from n cross join generate_series(1, 4) t;
             insert into jobs (id, tenant_id, kind, title, state, finished_at, created_at)
               select id, tenant, 'mail.send', name, case when n % 1000 = 0 then 'failed' else 'done' end, at, at from n;
             insert into mails (id, kind, recipient, subject, text_body, html_body, status, created_at)
               select id, 'code', 'filler' || n || '@test.example', name, '', '', 'kept', at from n;
             insert into sign_in_attempts (email, address, user_id, outcome, at)
               select 'filler' || n || '@test.example', '10.0.' || n % 250 || '.1', id, 'signed_in', at from n;
             drop table n"
        );
        let mut pg = connect(&self.urls.superuser);
        pg.batch_execute(&sql).unwrap();
        pg.batch_execute("vacuum analyze").unwrap();
    }

    /// What the server did while somebody opened an address.
    fn watch(browser: &Browser, path: &str) -> Vec<Scan> {
        Self::during(|| {
            let page = browser.get(path);
            assert!(page.status < 400, "{path}: {}", page.status);
        })
    }

    fn during(work: impl FnOnce()) -> Vec<Scan> {
        let log = postgres::server().log_size();
        work();
        let mut scans = Vec::new();
        for plan in plans(&postgres::server().log_since(log)) {
            read(&plan["Plan"], &[], &mut scans);
        }
        scans
    }
}

/// The plans of this test's database in a piece of the server's log.
fn plans(log: &str) -> Vec<Value> {
    let mut plans = Vec::new();
    let mut lines = log.lines().peekable();
    while let Some(line) = lines.next() {
        if !line.contains("] plans LOG:  duration:") {
            continue;
        }
        let mut json = String::new();
        while let Some(more) = lines.next_if(|line| line.starts_with('\t')) {
            json.push_str(more);
        }
        plans.push(serde_json::from_str(&json).unwrap_or_else(|error| panic!("{error} in {json}")));
    }
    plans
}

/// Collects the scans of large tables out of a plan, with what stands above them.
fn read(node: &Value, above: &[&str], scans: &mut Vec<Scan>) {
    let text = |name: &str| node[name].as_str().unwrap_or_default().to_owned();
    let (kind, relation, index) = (text("Node Type"), text("Relation Name"), text("Index Name"));
    // A bitmap's index scan does not name its table, but an index begins with the table's name.
    let table = LARGE
        .iter()
        .filter(|table| relation == **table || (relation.is_empty() && index.starts_with(*table)))
        .max_by_key(|table| table.len());
    if let Some(table) = table {
        scans.push(Scan {
            table: (*table).to_owned(),
            kind: kind.clone(),
            condition: text("Index Cond"),
            filter: text("Filter"),
            is_limited: above.contains(&"Limit") && !above.contains(&"Sort"),
            is_sorted: above.contains(&"Sort"),
        });
    }
    let above: Vec<&str> = above.iter().copied().chain([kind.as_str()]).collect();
    for child in node["Plans"].as_array().into_iter().flatten() {
        read(child, &above, scans);
    }
}

/// What is wrong with the scans of a screen.
fn faults(screen: &Screen, scans: &[Scan]) -> Vec<String> {
    let path = &screen.path;
    let mut faults: Vec<String> = scans
        .iter()
        .filter(|scan| scan.is_whole())
        .map(|scan| format!("{path} reads all of {}", scan.table))
        .collect();
    faults.extend(
        scans
            .iter()
            .filter(|scan| scan.is_answered_beforehand())
            .map(|scan| format!("{path} reads another table for {}", scan.table)),
    );
    let own = || scans.iter().filter(|scan| scan.table == screen.table);
    let serves = |scan: &Scan| screen.by.iter().all(|part| scan.condition.contains(part));
    if !own().any(serves) {
        let table = screen.table;
        faults.push(format!(
            "{path} asks no index of {table} by {:?}",
            screen.by
        ));
    }
    if screen.is_ordered && own().any(|scan| scan.is_sorted) {
        faults.push(format!("{path} sorts rows of {}", screen.table));
    }
    faults
}

fn screen(path: impl Into<String>, table: &'static str, by: &'static [&'static str]) -> Screen {
    Screen {
        path: path.into(),
        table,
        by,
        is_ordered: false,
    }
}

/// A list whose order comes from the index.
fn list(path: impl Into<String>, table: &'static str, by: &'static [&'static str]) -> Screen {
    Screen {
        is_ordered: true,
        ..screen(path, table, by)
    }
}

/// The address of a list's second page.
fn second(browser: &Browser, path: &str) -> String {
    browser
        .get(path)
        .attribute("a[rel=next], main a[href*='after=']", "href")
        .unwrap_or_else(|| panic!("{path} has no second page"))
}

/// Lists and searches of a company's own people. Searches find few rows, which may be sorted; the looking for them is the index's.
fn of_people(large: &Large) -> Vec<Screen> {
    let (owner, path) = (
        &large.places.tenant.owner,
        large.places.tenant.path("/settings/people"),
    );
    let down = format!("{path}?sort=-name");
    let table = "employees";
    vec![
        list(&path, table, &["tenant_id ="]),
        list(second(owner, &path), table, &["tenant_id =", "name >="]),
        list(&down, table, &["tenant_id ="]),
        list(second(owner, &down), table, &["tenant_id =", "name <="]),
        screen(format!("{path}?q=01092"), table, &["name ~~*"]),
        screen(format!("{path}?q=zz"), table, &["name ~~*"]),
        screen(format!("{path}?q=%25"), table, &["tenant_id ="]),
    ]
}

/// The audit log and its filters, the dashboard's end of it, and the lists beside it.
fn of_the_company(large: &Large) -> Vec<Screen> {
    let (tenant, table) = (&large.places.tenant, "audit_entries");
    let path = tenant.path("/settings/audit");
    let row = large.places.ask(&format!(
        "select max(row_id::text) as value from audit_entries where tenant_id = '{}'",
        tenant.id
    ));
    let at = |rest: &str| format!("{path}?{rest}");
    let day = &["tenant_id =", "at >=", "at <"];
    let record = &["tenant_id =", "table_name ="];
    vec![
        list(&path, table, &["tenant_id ="]),
        list(
            second(&tenant.owner, &path),
            table,
            &["tenant_id =", "id <"],
        ),
        list(at("record=files"), table, record),
        list(at("action=delete"), table, &["tenant_id =", "action ="]),
        screen(at("from=2020-01-01&to=2020-02-01"), table, day),
        screen(at(&format!("q={row}")), table, &["tenant_id =", "row_id ="]),
        list(tenant.path("/"), table, &["tenant_id ="]),
        screen(
            tenant.path("/settings/invitations"),
            "invitations",
            &["tenant_id ="],
        ),
        screen("/me/security", "sign_in_attempts", &["user_id ="]),
    ]
}

/// The doors of a shop.
fn of_the_shop(large: &Large) -> Vec<Screen> {
    let (tenant, shop) = (&large.places.tenant, &large.places.shop);
    let home = format!("/r/{}", shop.slug);
    vec![
        screen(home, "connections", &["retailer_id ="]),
        screen(
            shop.path(tenant, "/"),
            "customers",
            &["tenant_id =", "id ="],
        ),
    ]
}

/// What the office looks at all day. Searches find few rows, which may be sorted.
fn of_the_trade(large: &Large) -> Vec<Screen> {
    let (tenant, owner) = (&large.places.tenant, &large.places.tenant.owner);
    let at = |rest: &str| tenant.path(rest);
    let (products, orders, shipments, customers) = (
        at("/products"),
        at("/orders"),
        at("/shipments"),
        at("/customers"),
    );
    vec![
        screen(at("/"), "stock_levels", &["tenant_id ="]),
        list(&products, "products", &["tenant_id ="]),
        list(second(owner, &products), "products", &["tenant_id ="]),
        screen(
            at("/products?q=F-500"),
            "products",
            &["tenant_id =", "sku ="],
        ),
        screen(at("/products/F-500"), "products", &["tenant_id =", "sku ="]),
        screen(
            at("/products/F-500"),
            "price_items",
            &["tenant_id =", "product_id ="],
        ),
        screen(
            at("/stock/F-500"),
            "stock_moves",
            &["tenant_id =", "product_id ="],
        ),
        list(&orders, "orders", &["tenant_id ="]),
        list(second(owner, &orders), "orders", &["tenant_id ="]),
        screen(
            at("/orders?q=SO-20-00500"),
            "orders",
            &["tenant_id =", "number ="],
        ),
        screen(
            at("/orders/SO-20-00500"),
            "orders",
            &["tenant_id =", "number ="],
        ),
        screen(
            at("/orders/SO-20-00500"),
            "order_lines",
            &["tenant_id =", "order_id ="],
        ),
        list(&shipments, "shipments", &["tenant_id ="]),
        list(second(owner, &shipments), "shipments", &["tenant_id ="]),
        screen(
            at("/shipments/SH-20-00500"),
            "shipments",
            &["tenant_id =", "number ="],
        ),
        list(&customers, "customers", &["tenant_id ="]),
        screen(
            format!("{customers}?q=00500"),
            "customers",
            &["tenant_id =", "name ~~*"],
        ),
        screen(
            format!("{customers}?q=9876543210"),
            "customers",
            &["tenant_id =", "phone ="],
        ),
    ]
}

/// The books: what one customer has open is not looked for among what everybody has.
fn of_the_books(large: &Large) -> Vec<Screen> {
    let (tenant, owner) = (&large.places.tenant, &large.places.tenant.owner);
    let code = large.places.ask(&format!(
        "select code as value from customers where id = '{}'",
        large.places.shop.customer
    ));
    let its = &["tenant_id =", "customer_id ="];
    let ledger = tenant.path(&format!("/ledger/{code}"));
    let due = tenant.path(&format!("/receivables?by=bill&customer={code}"));
    let home = tenant.path("/ledger");
    // After some times a connection plans for all values alike, and that plan has to do too.
    for path in [&ledger, &due] {
        for _ in 0..40 {
            owner.get(path);
        }
    }
    vec![
        screen(&ledger, "open_items", its),
        screen(&ledger, "ledger_entries", its),
        screen(due, "open_items", its),
        screen(home, "customers", &["tenant_id ="]),
    ]
}

/// What a shop's people look at: however much a company has, what comes first is read in the order of an index.
fn of_the_catalogue(large: &Large) -> Vec<Screen> {
    let (tenant, shop) = (&large.places.tenant, &large.places.shop);
    let at = |rest: &str| shop.path(tenant, rest);
    let (all, shelf) = (at("/catalogue"), at("/catalogue/fillers"));
    let mark = &["tenant_id =", "name"];
    vec![
        screen(&all, "products", &["tenant_id ="]),
        screen(second(&shop.owner, &all), "products", mark),
        screen(&shelf, "products", &["tenant_id =", "category_id ="]),
        screen(
            second(&shop.owner, &shelf),
            "products",
            &["tenant_id =", "category_id =", "name"],
        ),
        screen(
            at("/catalogue?q=F-500"),
            "products",
            &["tenant_id =", "sku ="],
        ),
        // A word that few have, and one that all have: each part's lists, until there is enough.
        screen(at("/catalogue?q=000fa"), "products", &["terms @@"]),
        screen(at("/catalogue?q=filler"), "products", &["terms @@"]),
        screen(&all, "price_items", &["price_list_id =", "product_id ="]),
        screen(&all, "stock_levels", &["product_id ="]),
        screen(at("/p/F-500"), "products", &["tenant_id =", "sku ="]),
        screen(at("/orders"), "orders", &["tenant_id =", "customer_id ="]),
    ]
}

/// The platform's lists, which no wall surrounds.
fn of_the_platform(large: &Large) -> Vec<Screen> {
    let admin = &large.places.platform;
    let (jobs, people) = ("/admin/jobs", "/admin/people");
    vec![
        list(jobs, "jobs", &[]),
        list(second(admin, jobs), "jobs", &["created_at <="]),
        list("/admin/jobs?state=failed", "jobs", &["state ="]),
        list(people, "users", &[]),
        list(second(admin, people), "users", &["created_at <="]),
        screen("/admin/people?q=01092", "users", &["name ~~*"]),
        list("/admin/messages", "mails", &[]),
        list("/admin/invitations", "invitations", &[]),
    ]
}

/// What is wrong with the plans of every screen that relies on an index.
fn all_faults(large: &Large) -> Vec<String> {
    let (owner, shop, platform) = (
        &large.places.tenant.owner,
        &large.places.shop.owner,
        &large.places.platform,
    );
    [
        (owner, of_people(large)),
        (owner, of_the_company(large)),
        (owner, of_the_trade(large)),
        (owner, of_the_books(large)),
        (shop, of_the_shop(large)),
        (shop, of_the_catalogue(large)),
        (platform, of_the_platform(large)),
    ]
    .iter()
    .flat_map(|(browser, screens)| {
        screens
            .iter()
            .flat_map(|screen| faults(screen, &Large::watch(browser, &screen.path)))
    })
    .collect()
}

#[test]
fn screens_of_a_large_company_use_their_indexes() {
    // given
    let large = Large::new();

    // when, then
    assert_eq!(all_faults(&large), Vec::<String>::new());

    // when: low stock is counted as it once was
    let once = format!(
        "select count(*) from stock_levels l where l.tenant_id = '{}'
           and (l.on_hand > 0 or exists (select from products p where p.tenant_id = l.tenant_id and p.id = l.product_id and p.status <> 'discontinued'))",
        large.places.tenant.id
    );
    let scans = Large::during(|| {
        connect(&large.urls.superuser).batch_execute(&once).unwrap();
    });

    // then: all products are read for it
    let low = screen("low", "stock_levels", &[]);
    assert!(
        faults(&low, &scans).contains(&"low reads another table for stock_levels".to_owned()),
        "{scans:#?}"
    );

    // when: the indexes of a sort, a search and a filter are gone
    connect(&large.urls.owner)
        .batch_execute("drop index employees_by_name, employees_by_words, audit_entries_by_table, customers_by_email")
        .unwrap();
    let found = all_faults(&large);

    // then: each is missed
    let people = large.places.tenant.path("/settings/people");
    let audit = large.places.tenant.path("/settings/audit");
    let customers = large.places.tenant.path("/customers");
    for expected in [
        format!("{people} sorts rows of employees"),
        format!("{people}?q=01092 asks no index of employees by [\"name ~~*\"]"),
        // One way of finding a customer that no index serves spoils all the others.
        format!(
            "{customers}?q=00500 asks no index of customers by [\"tenant_id =\", \"name ~~*\"]"
        ),
        format!(
            "{audit}?record=files asks no index of audit_entries by [\"tenant_id =\", \"table_name =\"]"
        ),
    ] {
        assert!(
            found.contains(&expected),
            "not found: {expected}; found {found:#?}"
        );
    }
}
