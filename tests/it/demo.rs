//! The demo: loaded once, and removed so that nothing of it is left and nothing else is touched.

use crate::support::{
    App, Browser, Page, Tenant, admin, admin_in, app, ask, own_app_set, postgres, retailer, run,
    tenant, tenant_in, until, word,
};
use chrono::{DateTime, Utc};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Text;
use mandi::app::{checks, demo};
use mandi::kernel::ids::{CustomerId, TenantId, UserId};
use mandi::logistics::rules::Status;
use mandi::orders::actions::{NewLine, Placing, Source, place};
use mandi::orders::rules::OrderStatus;
use mandi::platform::db::{Member, Meter};
use mandi::platform::permissions::Role;
use mandi::platform::verify;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::Instant;
use uuid::Uuid;

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

/// The texts that a query answers in its column `line`.
fn lines(app: &App, sql: &str) -> Vec<String> {
    diesel::sql_query(sql)
        .load::<Line>(&mut app.owner())
        .unwrap_or_else(|error| panic!("{error} in {sql}"))
        .into_iter()
        .map(|row| row.line)
        .collect()
}

fn one(app: &App, sql: &str) -> String {
    word(&app.owner_url, sql)
}

/// When the first demo of this run was loaded, and what it came to.
static FIRST: OnceLock<(DateTime<Utc>, Vec<String>)> = OnceLock::new();

/// An application with a database and a file store of its own, and the demo in it.
fn with_demo(database: &str) -> (&'static App, PathBuf) {
    let now = Utc::now();
    let (app, folder) = with_demo_at(database, now);
    FIRST.get_or_init(|| (now, totals(app)));
    (app, folder)
}

/// The same, loaded as it would have been at a moment; from then on it lives in the present.
fn with_demo_at(database: &str, now: DateTime<Utc>) -> (&'static App, PathBuf) {
    let folder = postgres::server().folder().join(database);
    let url = format!("file://{}", folder.display());
    let app = own_app_set(database, &[("MANDI_FILES_URL", &url)]);
    app.state.db.clock().set(Some(now));
    assert!(demo::load(&app.state).unwrap());
    until("the gateway has told all", || {
        one(
            app,
            "select count(*) from sandbox.hooks where sent_at is null",
        ) == "0"
    });
    quiet(app);
    (app, folder)
}

/// What the demo's trade came to, company by company: orders and their hours, documents, money, ledgers, stock.
fn totals(app: &App) -> Vec<String> {
    let each = [
        "'orders', c.slug, x.status, count(*), sum(x.total)) as line from orders x {} group by c.slug, x.status",
        "'hours', c.slug, md5(string_agg(concat_ws(' ', x.number, x.status, x.total, extract(epoch from x.placed_at)), ';' order by x.number))) as line from orders x {} group by c.slug",
        "'documents', c.slug, x.kind, x.status, count(*), sum(x.total)) as line from documents x {} group by c.slug, x.kind, x.status",
        "'payments', c.slug, x.direction, x.method, x.status, count(*), sum(x.amount)) as line from payments x {} group by c.slug, x.direction, x.method, x.status",
        "'ledgers', c.slug, x.kind, count(*), sum(x.amount)) as line from ledger_entries x {} group by c.slug, x.kind",
        "'stock', c.slug, sum(x.on_hand), sum(x.reserved)) as line from stock_levels x {} group by c.slug",
        "'shelves', c.slug, md5(string_agg(concat_ws(' ', p.sku, x.on_hand, x.reserved), ';' order by p.sku))) as line
           from stock_levels x join products p on p.tenant_id = x.tenant_id and p.id = x.product_id {} group by c.slug",
    ];
    each.iter()
        .flat_map(|what| {
            let whose = what.replace("{}", "join companies c on c.id = x.tenant_id");
            lines(app, &format!("select concat_ws(' ', {whose} order by 1"))
        })
        .collect()
}

/// The ids of the demo's companies and retailers, and ids and addresses of its people.
struct Traces {
    companies: Vec<String>,
    retailers: Vec<String>,
    people: Vec<String>,
    addresses: Vec<String>,
}

impl Traces {
    fn of(app: &App) -> Self {
        let people =
            "from users where not is_platform_admin and id in (select user_id from demo_all)";
        let with = "with demo_all as (
            select user_id from employees e join companies c on c.id = e.tenant_id where c.is_demo
            union select user_id from retailer_users r join retailers s on s.id = r.retailer_id where s.is_demo)";
        let found = Self {
            companies: lines(app, "select id::text as line from companies where is_demo"),
            retailers: lines(app, "select id::text as line from retailers where is_demo"),
            people: lines(app, &format!("{with} select id::text as line {people}")),
            addresses: lines(app, &format!("{with} select email as line {people}")),
        };
        // The control: there is something to be removed.
        assert!(found.companies.len() >= 2 && !found.retailers.is_empty());
        assert!(found.people.len() >= 5);
        found
    }

    fn all(&self) -> Vec<String> {
        [
            &self.companies,
            &self.retailers,
            &self.people,
            &self.addresses,
        ]
        .into_iter()
        .flatten()
        .cloned()
        .collect()
    }
}

fn tables(app: &App) -> Vec<String> {
    lines(
        app,
        "select relname::text as line from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') order by 1",
    )
}

/// Every row that holds one of these words anywhere: for each table how many, and a hash of all of them.
fn rows_with(app: &App, words: &[String]) -> BTreeMap<String, (i64, String)> {
    let pattern = words.join("|").replace('.', "[.]");
    tables(app)
        .into_iter()
        .filter_map(|table| {
            let sql = format!(
                "select count(*) || ' ' || md5(coalesce(string_agg(t::text, ';' order by t::text), '')) from {table} t where t::text ~ '{pattern}'"
            );
            let answer = one(app, &sql);
            let (count, hash) = answer.split_once(' ').unwrap();
            let count: i64 = count.parse().unwrap();
            (count > 0).then(|| (table, (count, hash.to_owned())))
        })
        .collect()
}

/// Rows of former companies and retailers, by every column that could name one.
fn rows_of(app: &App, traces: &Traces) -> Vec<String> {
    let named = |ids: &[String]| format!("array['{}']::uuid[]", ids.join("','"));
    let columns = lines(
        app,
        "select c.relname || ' ' || a.attname as line from pg_class c join pg_attribute a on a.attrelid = c.oid and not a.attisdropped
           where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and (a.attname in ('tenant_id', 'retailer_id') or (c.relname, a.attname) in (('companies', 'id'), ('retailers', 'id')))",
    );
    assert!(columns.len() > 30, "{columns:?}");
    columns
        .into_iter()
        .filter(|column| {
            let (table, name) = column.split_once(' ').unwrap();
            let ids = if name == "tenant_id" || table == "companies" {
                named(&traces.companies)
            } else {
                named(&traces.retailers)
            };
            one(
                app,
                &format!("select count(*) from {table} where {name} = any ({ids})"),
            ) != "0"
        })
        .collect()
}

/// How many rows the sandboxes' own books have, but for what is nobody's: keys, and how they behave to all.
fn strangers(app: &App) -> BTreeMap<String, i64> {
    let tables = lines(
        app,
        "select relname::text as line from pg_class where relnamespace = 'sandbox'::regnamespace and relkind = 'r' and relname <> 'keys'",
    );
    let counted = tables.into_iter().map(|table| {
        let all = if table == "moods" {
            "gstin <> ''"
        } else {
            "true"
        };
        let count = one(
            app,
            &format!("select count(*) from sandbox.{table} where {all}"),
        );
        (table, count.parse().unwrap())
    });
    counted.filter(|(_, count)| *count > 0).collect()
}

/// What lies in a file store: `tenant/file`.
fn stored(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for tenant in std::fs::read_dir(folder).unwrap().flatten() {
        for file in std::fs::read_dir(tenant.path()).unwrap().flatten() {
            let path = file.path();
            let name = path.strip_prefix(folder).unwrap();
            found.push(name.display().to_string());
        }
    }
    found.sort();
    found
}

#[track_caller]
fn books_are_sound(app: &App) {
    for finding in verify::run(&app.owner_url, &checks::all()).unwrap() {
        assert_eq!(finding.faults, [], "{}", finding.check.name);
    }
}

/// A logo for a company: row, bytes, and the company that points at it.
fn give_logo(app: &App, company: TenantId) -> Uuid {
    let id = Uuid::now_v7();
    let mut bytes = b"a picture".as_slice();
    app.state.files.put(company, id.into(), &mut bytes).unwrap();
    run(
        app,
        &format!(
            "insert into files (tenant_id, id, name, media_type, bytes, sha256, purpose, needs)
               values ('{company}', '{id}', 'logo.png', 'image/png', 9, sha256('a picture'), 'logo', 'files.read');
             update companies set logo_file_id = '{id}' where id = '{company}'"
        ),
    );
    id
}

/// A product with stock in a company's warehouse, and an order for it, placed by somebody as the demo places its own.
fn order(app: &App, member: Member, customer: CustomerId) -> String {
    let (company, product, sku) = (
        member.tenant(),
        Uuid::now_v7(),
        format!("SOAP-{}", crate::support::unique()),
    );
    run(
        app,
        &format!(
            "insert into customer_addresses (tenant_id, id, customer_id, label, street, city, pincode, state_code)
               values ('{company}', gen_random_uuid(), '{customer}', 'Shop {sku}', '4 Usman Road', 'Chennai', '600017', '33');
             insert into products (tenant_id, id, sku, name, hsn) values ('{company}', '{product}', '{sku}', 'Soap', '1006');
             insert into price_items (tenant_id, id, price_list_id, product_id, price)
               select '{company}', gen_random_uuid(), id, '{product}', 40 from price_lists where tenant_id = '{company}' and is_default;
             insert into stock_levels (tenant_id, product_id, warehouse_id, on_hand)
               select '{company}', '{product}', id, 100 from warehouses where tenant_id = '{company}' and is_default;
             insert into stock_moves (tenant_id, id, product_id, warehouse_id, kind, quantity, at)
               select '{company}', gen_random_uuid(), '{product}', id, 'opening', 100, now() from warehouses where tenant_id = '{company}' and is_default"
        ),
    );
    let placing = Placing {
        customer,
        lines: vec![NewLine {
            product: product.into(),
            quantity: "12".parse().unwrap(),
            price: None,
        }],
        ship_to: None,
        po_number: None,
        note: None,
        wanted_on: None,
        source: Source::Staff,
        placed_by: "Asha Raman".to_owned(),
        draft: None,
        shown: None,
    };
    let placed = app.state.db.write(&member, &Meter::default(), |scope| {
        place(scope, &placing).map_err(mandi::error::AppError::internal)
    });
    placed.unwrap().number
}

fn person_of(app: &App, address: &str) -> UserId {
    let id = one(
        app,
        &format!("select id from users where email = '{address}'"),
    );
    id.parse().unwrap()
}

/// Goods, an order and a logo for every company of the demo, whose people also sign in, fail to, and ask for a code.
fn live_in(app: &App, traces: &Traces) {
    for company in &traces.companies {
        let customer = one(
            app,
            &format!(
                "select customer_id from connections where tenant_id = '{company}' order by id limit 1"
            ),
        );
        let owner = one(
            app,
            &format!(
                "select user_id from employees where tenant_id = '{company}' and role = 'owner' order by id limit 1"
            ),
        );
        let member =
            Member::rehearsed(company.parse().unwrap(), Some(owner.parse().unwrap()), None);
        order(app, member, customer.parse().unwrap());
        give_logo(app, company.parse().unwrap());
    }
    // A few of them: many failures from one address are throttled.
    for address in traces.addresses.iter().take(5) {
        Browser::on(&app.base)
            .sign_in(address, "not the password at all")
            .is(422);
    }
    Browser::on(&app.base)
        .post("/forgot", &[("email", &traces.addresses[0])])
        .is(200);
    quiet(app);
}

/// Waits until nothing is at work in the background.
fn quiet(app: &App) {
    until("jobs end", || {
        one(
            app,
            "select count(*) from jobs where state in ('queued', 'running') and run_at <= now()",
        ) == "0"
    });
}

/// The signed-in admin of the demo.
fn admin_of_demo(app: &App) -> Browser {
    let browser = Browser::on(&app.base);
    browser
        .sign_in("admin@mandi.example", demo::PASSWORD)
        .is(200);
    browser
}

/// Clicks the way from the overview to the end of the removal.
fn remove(app: &App, browser: &Browser) {
    browser
        .open("/admin")
        .click("Remove the demo data…")
        .is(200)
        .form("#confirm")
        .submit()
        .follow()
        .is(200)
        .shows(".toast", "The demo data is being removed.");
    until("the demo leaves", || {
        one(
            app,
            "select count(*) from jobs where kind = 'platform.remove_demo' and state = 'done'",
        ) == "1"
    });
}

/// Everything that names a real company, its shop and their people.
fn real(app: &'static App) -> (Tenant, Vec<String>) {
    let tenant = tenant_in(app);
    let shop = retailer(&tenant);
    let (_, _) = tenant.employee(Role::Sales);
    give_logo(app, tenant.id);
    let member = Member::rehearsed(tenant.id, None, None);
    order(app, member, shop.customer);
    let people = "select user_id from memberships where tenant_id = '{}' or retailer_id in (select retailer_id from connections where tenant_id = '{}')"
        .replace("{}", &tenant.id.to_string());
    let mut words = vec![tenant.id.to_string()];
    words.extend(lines(
        app,
        &format!("select id::text as line from users where id in ({people}) union all select email from users where id in ({people})"),
    ));
    words.extend(lines(
        app,
        &format!(
            "select retailer_id::text as line from connections where tenant_id = '{}'",
            tenant.id
        ),
    ));
    (tenant, words)
}

/// How many rows of a table there are for each value of an expression.
fn counts(app: &App, what: &str, rows: &str) -> BTreeMap<String, usize> {
    let sql = format!("select {what} || ' ' || count(*) as line from {rows} group by {what}");
    lines(app, &sql)
        .into_iter()
        .map(|line| {
            let (value, count) = line.rsplit_once(' ').unwrap();
            (value.to_owned(), count.parse().unwrap())
        })
        .collect()
}

#[track_caller]
fn has_some(found: &BTreeMap<String, usize>, values: &[&str]) {
    for value in values {
        assert!(
            found.get(*value).is_some_and(|count| *count > 0),
            "{value} in {found:?}"
        );
    }
}

/// Goods and shops enough, one of which buys from both, and orders and shipments of sixty days in every state.
#[track_caller]
fn trades_in_every_state(app: &App) {
    let demo = "tenant_id in (select id from companies where is_demo)";
    let orders: Vec<&str> = OrderStatus::ALL.iter().map(|one| one.as_str()).collect();
    assert_eq!(orders.len(), 5);
    has_some(
        &counts(app, "status", &format!("orders where {demo}")),
        &orders,
    );
    let shipments: Vec<&str> = Status::ALL.iter().map(|one| one.as_str()).collect();
    assert_eq!(shipments.len(), 6);
    has_some(
        &counts(app, "status", &format!("shipments where {demo}")),
        &shipments,
    );
    let goods = counts(
        app,
        "c.slug",
        "products p join companies c on c.id = p.tenant_id where c.is_demo",
    );
    assert!(
        goods["annapurna"] >= 400 && goods["vindhya"] >= 200,
        "{goods:?}"
    );
    assert_eq!(
        one(app, "select count(*) from retailers where is_demo"),
        "25"
    );
    assert_eq!(
        one(
            app,
            &format!(
                "select count(*) from (select from connections where {demo} group by retailer_id having count(*) > 1) x"
            )
        ),
        "1"
    );
    // From sixty days ago until today, or from the day after where that was a Sunday.
    let day = "(placed_at at time zone 'Asia/Kolkata')::date";
    let days = one(
        app,
        &format!("select max({day}) - min({day}) from orders where {demo}"),
    );
    assert!(["59", "60"].contains(&days.as_str()), "{days}");
}

/// Bills and e-invoices in every state, money of every kind, debts of every age, and one held order.
#[track_caller]
#[expect(
    clippy::too_many_lines,
    reason = "one story from its beginning to its end"
)]
fn holds_everything(app: &App) {
    let demo = "tenant_id in (select id from companies where is_demo)";
    let of = |table: &str| format!("{table} where {demo}");
    has_some(
        &counts(app, "status", &of("einvoices")),
        &[
            "not_required",
            "pending",
            "unknown",
            "registered",
            "failed_fix",
            "failed_wait",
            "expired_window",
            "cancelled",
        ],
    );
    assert_eq!(
        one(
            app,
            &format!(
                "select count(*) from einvoices where {demo} and status = 'registered' and (is_verified is not true or signed_qr is null)"
            )
        ),
        "0"
    );
    // What waits is tried when it says so.
    assert_eq!(
        one(app, &format!("select count(*) from einvoices e where e.{demo} and e.status in ('pending', 'unknown', 'failed_wait')
            and not exists (select from jobs j where j.tenant_id = e.tenant_id and j.kind = 'einvoices.send' and j.unique_key = e.id::text
                and j.state = 'queued' and j.run_at = e.next_try_at)")),
        "0"
    );
    // Registered on its day, not when it was loaded.
    assert_eq!(
        one(app, &format!("select count(*) from einvoices e join documents d using (tenant_id, id) where e.{demo} and e.status = 'registered'
            and d.issued_at - e.ack_at not between interval '-1 hour' and interval '1 hour'")),
        "0"
    );
    has_some(
        &counts(
            app,
            "status || case when valid_until is null then '' else ' with a vehicle' end",
            &of("eway_bills"),
        ),
        &[
            "active with a vehicle",
            "active",
            "refused",
            "cancelled with a vehicle",
        ],
    );
    has_some(
        &counts(app, "kind || ' ' || status", &of("documents")),
        &[
            "invoice issued",
            "invoice cancelled",
            "credit_note issued",
            "debit_note issued",
        ],
    );
    let credits = "documents n join documents o on o.tenant_id = n.tenant_id and o.id = n.original_id and n.kind = 'credit_note'";
    has_some(
        &counts(app, "n.reason || ' ' || (n.total = o.total)", credits),
        &["return true", "deficiency false", "price false"],
    );
    has_some(
        &counts(
            app,
            "direction || ' ' || method || ' ' || status",
            &of("payments"),
        ),
        &[
            "in cash received",
            "in cheque received",
            "in cheque bounced",
            "in upi received",
            "in neft received",
            "in gateway received",
            "out neft received",
        ],
    );
    has_some(
        &counts(app, "cause", &of("allocations")),
        &[
            "oldest_first",
            "by_hand",
            "wish",
            "note",
            "cancellation",
            "bounce",
            "refund",
            "write_off",
        ],
    );
    has_some(
        &counts(app, "coalesce(outcome, 'waits')", &of("gateway_events")),
        &["known"],
    );
    // Money that no bill was paid with, and debts of every age.
    let age = "case when side = 'credit' then 'advance' when due_on >= current_date then 'not due' else 'late ' || least((current_date - due_on - 1) / 30, 3) end";
    let owed = format!(
        "(select distinct customer_id, {age} as age from open_items where {demo} and open > 0) x"
    );
    let ages = counts(app, "age", &owed);
    for age in ["advance", "not due", "late 0", "late 1", "late 2", "late 3"] {
        assert!(
            ages.get(age).is_some_and(|customers| *customers >= 2),
            "{age} in {ages:?}"
        );
    }
    assert_eq!(one(app, "select count(*) from orders where is_held"), "1");
    assert_eq!(
        one(
            app,
            &format!(
                "select count(*) from documents where {demo} and parties -> 'bank' ->> 'upi' is null"
            )
        ),
        "0"
    );
}

#[test]
#[expect(
    clippy::too_many_lines,
    reason = "one story from its beginning to its end"
)]
fn the_demo_leaves_nothing_and_touches_nothing_else() {
    // given: the demo, in which people have been at work, and a real company with a shop beside it
    let (app, folder) = with_demo("demo_gone");
    let traces = Traces::of(app);
    live_in(app, &traces);
    let (company, own) = real(app);
    let platform = admin_of_demo(app);
    let visitor = Browser::on(&app.base);
    visitor
        .sign_in("owner@annapurna.example", demo::PASSWORD)
        .is(200);
    quiet(app);
    books_are_sound(app);
    holds_everything(app);
    trades_in_every_state(app);
    // and strangers who know of both
    run(
        app,
        &format!(
            "insert into sandbox.taxpayers (gstin, name, state_code) select gstin, 'Real', left(gstin, 2) from gst_registrations where tenant_id = '{}'",
            company.id
        ),
    );
    let known = strangers(app);
    assert!(
        !known.contains_key("moods") && known["taxpayers"] > 2,
        "{known:?}"
    );
    for table in [
        "tokens",
        "invoices",
        "calls",
        "merchants",
        "gateway_orders",
        "gateway_payments",
        "hooks",
    ] {
        assert!(known[table] > 0, "{table}: {known:?}");
    }
    let before = rows_with(app, &own);
    assert!(before.len() > 20, "{before:?}");
    let there = rows_with(app, &traces.all());
    for table in [
        "audit_entries",
        "stock_moves",
        "order_events",
        "mails",
        "sessions",
        "sign_in_attempts",
        "accounting_settings",
        "documents",
        "document_lines",
        "document_series",
        "document_counters",
        "einvoice_accounts",
        "einvoices",
        "einvoice_attempts",
        "eway_bills",
        "ledger_entries",
        "ledger_months",
        "open_items",
        "allocations",
        "payments",
        "payment_wishes",
        "gateway_accounts",
        "gateway_events",
    ] {
        assert!(there.contains_key(table), "{table}");
    }
    assert_eq!(stored(&folder).len(), traces.companies.len() + 1);

    // when: the admin reads what goes, and says yes
    let counts = format!(
        "{} companies, {} retailer{} and {} people",
        traces.companies.len(),
        traces.retailers.len(),
        if traces.retailers.len() == 1 { "" } else { "s" },
        traces.people.len()
    );
    let overview = platform.open("/admin");
    overview.shows("#demo", &counts);
    let question = overview.click("Remove the demo data…");
    question
        .shows("h1", "Remove the demo data?")
        .shows("#confirm p", &format!("{counts} go for good"))
        .shows("#confirm p", "Annapurna Foods")
        .shows("#confirm p", "Your account, admin@mandi.example, stays.")
        .shows("#confirm p", "set another one");
    let started = Instant::now();
    remove(app, &platform);
    println!("the demo left in {:?}", started.elapsed());

    // then: nothing names what was there
    assert_eq!(rows_of(app, &traces), Vec::<String>::new());
    assert_eq!(rows_with(app, &traces.all()), BTreeMap::new());
    assert_eq!(stored(&folder).len(), 1);
    assert!(stored(&folder)[0].starts_with(&company.id.to_string()));
    assert_eq!(
        lines(
            app,
            "select email as line from users where is_platform_admin"
        ),
        ["admin@mandi.example"]
    );
    assert_eq!(one(app, "select count(*) from users"), "4");
    assert_eq!(
        strangers(app),
        BTreeMap::from([("taxpayers".to_owned(), 1)])
    );
    // and the real company is as it was, row for row
    assert_eq!(rows_with(app, &own), before);
    books_are_sound(app);

    // and whoever was in is out, but for the admin
    visitor.open("/c/annapurna/").shows("h1", "Sign in");
    Browser::on(&app.base)
        .sign_in("owner@annapurna.example", demo::PASSWORD)
        .is(422);
    company.owner.open(&company.path("/")).is(200);
    assert_eq!(platform.open("/admin").is(200).count("#demo"), 0);
    let is_told = |answer: Page| {
        answer.is(303);
        answer
            .follow()
            .shows("h1", "Overview")
            .shows(".toast", "There is no demo data here.");
    };
    is_told(platform.get("/admin/demo/remove"));
    is_told(platform.post("/admin/demo/remove", &[]));
    assert_eq!(
        one(
            app,
            "select count(*) from jobs where kind = 'platform.remove_demo'"
        ),
        "1"
    );

    // and the next start brings nothing back, and names nobody who is gone
    assert!(!demo::load(&app.state).unwrap());
    assert_eq!(one(app, "select count(*) from companies"), "1");
    let table = demo::table(&app.state.db, "http://here").unwrap();
    assert!(table.contains("admin@mandi.example"), "{table}");
    assert!(!table.contains("annapurna"), "{table}");
}

#[test]
fn one_moment_makes_one_demo_and_everybody_whom_it_names_comes_in() {
    // given: what a demo of this run came to, and when it was loaded
    if FIRST.get().is_none() {
        with_demo("demo_first");
    }
    let (now, first) = FIRST.get().unwrap();

    // when: another one is loaded as at that moment
    let (app, _) = with_demo_at("demo_again", *now);

    // then: it is the same trade, to the paisa and the minute
    assert_eq!(totals(app), *first);
    // The control: there is trade.
    for start in [
        "orders annapurna closed ",
        "orders vindhya closed ",
        "documents annapurna invoice issued ",
        "documents vindhya invoice issued ",
        "payments annapurna in upi received ",
        "ledgers vindhya ",
        "stock annapurna ",
        "stock vindhya ",
    ] {
        assert!(
            first.iter().any(|line| line.starts_with(start)),
            "{start}: {first:?}"
        );
    }

    // and whoever is printed comes in with what is printed
    let table = demo::table(&app.state.db, "http://here").unwrap();
    let printed: Vec<(&str, &str)> = table
        .lines()
        .filter_map(|line| {
            let mut words = line.split_whitespace();
            let (address, password) = (words.next()?, words.next()?);
            address.contains('@').then_some((address, password))
        })
        .collect();
    let addresses: Vec<&str> = printed.iter().map(|(address, _)| *address).collect();
    assert_eq!(
        addresses,
        [
            "admin@mandi.example",
            "owner@annapurna.example",
            "sales@annapurna.example",
            "warehouse@annapurna.example",
            "accounts@annapurna.example",
            "driver@annapurna.example",
            "owner@vindhya.example",
            "buyer@gupta.example",
            "buyer@lakshmi.example",
            "buyer@patel.example",
        ]
    );
    for (address, password) in printed {
        let page = Browser::on(&app.base).sign_in(address, password);
        page.is(200).shows_not("h1", "Sign in");
    }
}

#[test]
fn the_demo_comes_only_where_nobody_is() {
    // given: an installation that somebody uses
    let used = own_app_set("demo_used", &[]);
    let (company, ..) = crate::support::company_of(&used.owner_url);

    // when, then
    assert!(!demo::load(&used.state).unwrap());
    assert_eq!(
        lines(used, "select id::text as line from companies"),
        [company.to_string()]
    );
}

#[test]
fn only_who_runs_the_installation_removes_the_demo() {
    let (tenant, platform) = (tenant(), admin());
    tenant.owner.get("/admin/demo/remove").is(404);
    tenant.owner.post("/admin/demo/remove", &[]).is(404);
    // The control; other tests of this application may have a demo at this moment.
    assert!(platform.get("/admin/demo/remove").status < 400);
}

/// What the database says to a statement, in a transaction that is prepared and then undone: rows, or the error.
fn said(app: &App, before: &str, statement: &str) -> Result<usize, String> {
    let mut pg = app.owner();
    pg.batch_execute(&format!("begin; {before}")).unwrap();
    let outcome = diesel::sql_query(statement)
        .execute(&mut pg)
        .map_err(|error| error.to_string());
    pg.batch_execute("rollback").unwrap();
    outcome
}

#[test]
fn ledgers_let_go_of_nothing_but_a_leaving_demo() {
    // given: a company of the demo and a real one, each with rows in all ledgers
    let (app, _) = with_demo("demo_ledgers");
    let traces = Traces::of(app);
    live_in(app, &traces);
    let (company, _) = real(app);
    let (demo, real) = (&traces.companies[0], company.id.to_string());
    let leaving = |id: &str| format!("select set_config('app.leaving', '{{{id}}}', true);");
    let role = |role: &str| {
        format!(
            "select set_config('role', '{role}', true), set_config('app.tenant_id', '{demo}', true);"
        )
    };
    for table in ["audit_entries", "stock_moves", "order_events"] {
        let of = |id: &str| format!("delete from {table} where tenant_id = '{id}'");
        let is_refused = |before: &str, statement: &str, why: &str| {
            let outcome = said(app, before, statement);
            assert!(
                outcome.as_ref().is_err_and(|error| error.contains(why)),
                "{before} {statement}: {outcome:?}"
            );
        };

        // when, then: the owner of the tables
        is_refused("", &of(demo), "append-only");
        is_refused("", &of(&real), "append-only");
        is_refused(&leaving(demo), &of(&real), "append-only");
        is_refused(&leaving(&real), &of(&real), "append-only");
        is_refused(
            &leaving(demo),
            &format!("update {table} set tenant_id = tenant_id where tenant_id = '{demo}'"),
            "append-only",
        );
        is_refused(
            &leaving(demo),
            &format!("truncate {table} cascade"),
            "append-only",
        );

        // and those who work for the application, even if somebody gave them the right
        for who in ["mandi_app", "mandi_platform"] {
            is_refused(
                &format!("{}{}", leaving(demo), role(who)),
                &of(demo),
                "permission denied",
            );
            let granted = format!(
                "grant select, delete on {table} to {who}; create policy planted on {table} to {who} using (true); {}{}",
                leaving(demo),
                role(who)
            );
            is_refused(&granted, &of(demo), "append-only");
        }

        // The control: what the removal itself does.
        let rows = said(app, &leaving(demo), &of(demo)).unwrap();
        assert!(rows > 0, "{table}");
    }

    // and a company keeps its owner, and its kind
    let as_app = format!("{}{}", leaving(demo), role("mandi_app"));
    for (before, statement, why) in [
        (
            as_app.as_str(),
            "delete from employees where role = 'owner'",
            "at least one owner",
        ),
        (
            as_app.as_str(),
            "select remove_demo('{}')",
            "permission denied for function",
        ),
        (
            as_app.as_str(),
            "update companies set is_demo = false",
            "stays so",
        ),
        (
            "",
            "update companies set is_demo = true where not is_demo",
            "stays so",
        ),
        ("", "update retailers set is_demo = not is_demo", "stays so"),
    ] {
        let outcome = said(app, before, statement);
        assert!(
            outcome.as_ref().is_err_and(|error| error.contains(why)),
            "{statement}: {outcome:?}"
        );
    }
    books_are_sound(app);
}

#[test]
fn a_store_that_fails_keeps_every_row() {
    // given: a store that can't remove
    let (app, folder) = with_demo("demo_store");
    let traces = Traces::of(app);
    live_in(app, &traces);
    let platform = admin_in(app);
    let mut words = traces.companies.clone();
    words.extend(traces.retailers.clone());
    // The job's own error names the file that it could not remove.
    let rows = || {
        let mut rows = rows_with(app, &words);
        rows.retain(|table, _| !table.starts_with("job"));
        rows
    };
    let before = rows();
    let files = stored(&folder);
    let aside = folder.with_extension("aside");
    std::fs::rename(&folder, &aside).unwrap();
    std::fs::write(&folder, b"in the way").unwrap();

    // when: another admin than the demo's own asks
    platform
        .open("/admin/demo/remove")
        .shows(
            "#confirm p",
            "stays, and so does everybody else who runs this installation.",
        )
        .form("#confirm")
        .submit()
        .is(303);
    let job = "from jobs where kind = 'platform.remove_demo'";
    until("the job fails", || {
        one(
            app,
            &format!(
                "select count(*) {job} and attempts >= 1 and state = 'queued' and last_error is not null"
            ),
        ) == "1"
    });

    // then: no row went without its bytes, and the overview says that it goes on
    assert_eq!(rows(), before);
    platform
        .open("/admin")
        .shows("#demo", "It is being removed.");

    // when: the store is there again, and a wish too many changes nothing
    std::fs::remove_file(&folder).unwrap();
    std::fs::rename(&aside, &folder).unwrap();
    assert_eq!(stored(&folder), files);
    platform.post("/admin/demo/remove", &[]).is(303);
    assert_eq!(one(app, &format!("select count(*) {job}")), "1");
    let id = one(app, &format!("select id {job}"));
    platform
        .open(&format!("/admin/jobs/{id}"))
        .form("#retry")
        .submit()
        .is(303);
    until("the demo leaves", || {
        one(app, &format!("select count(*) {job} and state = 'done'")) == "1"
    });

    // then
    assert_eq!(rows_of(app, &traces), Vec::<String>::new());
    assert_eq!(stored(&folder), Vec::<String>::new());
}

#[test]
fn a_file_on_its_way_is_waited_for() {
    // given: a row whose bytes are still to come
    let (app, _) = with_demo("demo_late");
    let traces = Traces::of(app);
    let company = &traces.companies[0];
    run(
        app,
        &format!(
            "insert into files (tenant_id, id, name, media_type, bytes, sha256, purpose, needs, is_pending, expires_at)
               values ('{company}', gen_random_uuid(), 'logo.png', 'image/png', 9, sha256('x'), 'logo', 'files.read', true, now() + interval '1 day')"
        ),
    );

    // when, then: the function does nothing while there is a file that it was not told of
    let as_platform = "select set_config('role', 'mandi_platform', true);";
    let removed = |known: &str| {
        ask_in(
            app,
            as_platform,
            &format!("select coalesce(remove_demo({known})::text, 'nothing') as line"),
        )
    };
    assert_eq!(removed("'{}'"), "nothing");
    let known = one(app, "select array_agg(id) from files");
    assert_ne!(removed(&format!("'{known}'")), "nothing");

    // and the job waits for its bytes
    admin_of_demo(app).post("/admin/demo/remove", &[]).is(303);
    until("the job is put off", || {
        one(
            app,
            "select count(*) from job_attempts a join jobs j on j.id = a.job_id where j.kind = 'platform.remove_demo' and a.outcome = 'put_off'",
        ) != "0"
    });
    assert_eq!(
        one(app, "select count(*) from companies where is_demo"),
        traces.companies.len().to_string()
    );
    run(
        app,
        "update files set created_at = now() - interval '1 hour'; update jobs set run_at = now() where state = 'queued'; notify mandi_jobs",
    );
    until("the demo leaves", || {
        one(app, "select count(*) from companies") == "0"
    });
}

/// A text that a statement answers in its column `line`, in a transaction that is prepared and then undone.
fn ask_in(app: &App, before: &str, statement: &str) -> String {
    let mut pg = app.owner();
    pg.batch_execute(&format!("begin; {before}")).unwrap();
    let line = diesel::sql_query(statement)
        .get_result::<Line>(&mut pg)
        .unwrap()
        .line;
    pg.batch_execute("rollback").unwrap();
    line
}

#[test]
fn tables_that_come_later_and_many_rows_go_too() {
    // given: tables that nobody told the removal of, with a circle of keys, an append-only one, and a person's own; in all of them many rows
    let (app, _) = with_demo("demo_later");
    let traces = Traces::of(app);
    let (company, own) = real(app);
    run(
        app,
        "create table bills (tenant_id uuid not null references companies, id uuid not null, last_line uuid, primary key (tenant_id, id));
         create table bill_lines (tenant_id uuid not null references companies, id uuid not null, bill_id uuid not null, primary key (tenant_id, id),
             foreign key (tenant_id, bill_id) references bills (tenant_id, id));
         alter table bills add foreign key (tenant_id, last_line) references bill_lines (tenant_id, id);
         create index on bills (tenant_id, last_line);
         create index on bill_lines (tenant_id, bill_id);
         create table bill_entries (tenant_id uuid not null references companies, id uuid not null, retailer_id uuid references retailers, primary key (tenant_id, id));
         create table second_factors (id uuid primary key, user_id uuid not null references users);
         select make_tenant_table('bills'), make_tenant_table('bill_lines'), make_tenant_table('bill_entries', null, '{}', false);
         select make_append_only('bill_entries');",
    );
    for (id, count) in [(&traces.companies[0], 5_000), (&company.id.to_string(), 7)] {
        run(
            app,
            &format!(
                "create temp table n as select gen_random_uuid() as id, gen_random_uuid() as line from generate_series(1, {count});
                 insert into bills (tenant_id, id) select '{id}', id from n;
                 insert into bill_lines (tenant_id, id, bill_id) select '{id}', line, id from n;
                 update bills set last_line = line from n where bills.id = n.id;
                 insert into bill_entries (tenant_id, id) select '{id}', id from n;
                 drop table n"
            ),
        );
    }
    run(
        app,
        "insert into second_factors (id, user_id) select gen_random_uuid(), id from users",
    );
    let before = rows_with(app, &own);
    assert_eq!(before["bill_entries"].0, 7);

    // The demo is about 30,000 rows.
    let rows: i64 = rows_with(app, &traces.companies)
        .values()
        .map(|(count, _)| count)
        .sum();
    assert!(rows > 30_000, "{rows}");

    // when
    let started = Instant::now();
    remove(app, &admin_of_demo(app));
    println!("{rows} rows left in {:?}", started.elapsed());

    // then
    assert_eq!(rows_of(app, &traces), Vec::<String>::new());
    assert_eq!(rows_with(app, &traces.all()), BTreeMap::new());
    assert_eq!(rows_with(app, &own), before);
}

#[test]
fn a_real_company_keeps_what_the_demos_shop_did_with_it() {
    // given: a real company that sells to a shop of the demo, whose buyer its rows name
    let (app, _) = with_demo("demo_mixed");
    let traces = Traces::of(app);
    let (company, _) = real(app);
    let (buyer, colleague) = (
        person_of(app, "buyer@gupta.example"),
        person_of(app, "sales@annapurna.example"),
    );
    let (id, customer, gupta) = (company.id, CustomerId::new(), &traces.retailers[0]);
    run(
        app,
        &format!(
            "insert into customers (tenant_id, id, code, name) values ('{id}', '{customer}', 'GUPTA', 'Gupta Stores');
             insert into customer_addresses (tenant_id, id, customer_id, label, street, city, pincode, state_code, is_billing, is_default)
               values ('{id}', gen_random_uuid(), '{customer}', 'Shop', '4 Usman Road', 'Chennai', '600017', '33', true, true);
             insert into connections (tenant_id, id, retailer_id, customer_id) values ('{id}', gen_random_uuid(), '{gupta}', '{customer}');
             insert into employees (tenant_id, id, user_id, name, email, role)
               values ('{id}', gen_random_uuid(), '{colleague}', 'Ravi Kumar', 'sales@annapurna.example', 'sales')"
        ),
    );
    let number = order(
        app,
        Member::rehearsed(id, Some(buyer), Some(customer)),
        customer,
    );
    let orders = format!(
        "select md5(string_agg(t::text, ';' order by t::text)) from orders t where tenant_id = '{id}'"
    );
    let before = one(app, &orders);
    let platform = admin_of_demo(app);

    // when
    platform.open("/admin/demo/remove").shows(
        "#confirm p",
        "1 real company sells to retailers of the demo.",
    );
    remove(app, &platform);

    // then: order and customer stay, the door is gone, and the audit tells of it
    assert_eq!(one(app, &orders), before);
    assert_eq!(
        one(
            app,
            &format!(
                "select count(*) from orders where number = '{number}' and customer_id = '{customer}'"
            )
        ),
        "1"
    );
    assert_eq!(
        one(
            app,
            &format!("select count(*) from connections where customer_id = '{customer}'")
        ),
        "0"
    );
    assert_eq!(
        one(
            app,
            &format!(
                "select count(*) from audit_entries where tenant_id = '{id}' and table_name = 'connections' and action = 'delete'"
            )
        ),
        "1"
    );
    assert_eq!(rows_of(app, &traces), Vec::<String>::new());
    // who is named in them stays as a name, and can't come in; who works at the real company does
    let kept = format!(
        "select concat_ws(' ', name, disabled_at is not null, password_hash is null) from users where id = '{buyer}'"
    );
    assert_eq!(one(app, &kept), "Mohan Gupta t t");
    Browser::on(&app.base)
        .sign_in("buyer@gupta.example", demo::PASSWORD)
        .is(422);
    Browser::on(&app.base)
        .sign_in("sales@annapurna.example", demo::PASSWORD)
        .is(200);
    books_are_sound(app);
}

#[test]
fn the_demos_past_writes_no_letters() {
    // given
    let tenant = tenant();
    let shop = retailer(&tenant);
    let letters = format!(
        "select count(*)::text as value from jobs where tenant_id = '{}' and kind = 'orders.letters'",
        tenant.id
    );
    let owner = person_of(app(), &tenant.owner_email);

    // when, then
    let rehearsed = Member::rehearsed(tenant.id, Some(owner), None);
    assert_eq!(rehearsed.cause(), Some("demo"));
    let number = order(app(), rehearsed, shop.customer);
    assert_eq!(ask(app(), &letters), "0");
    let told = format!(
        "select concat_ws(' ', cause, user_id = '{owner}') as value from audit_entries where table_name = 'orders' and action = 'insert' and after ->> 'number' = '{number}' and tenant_id = '{}'",
        tenant.id
    );
    assert_eq!(ask(app(), &told), "demo t");

    // The control: anybody else's order does.
    order(app(), Member::system(tenant.id, "test"), shop.customer);
    assert_eq!(ask(app(), &letters), "1");
}
