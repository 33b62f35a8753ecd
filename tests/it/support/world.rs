//! Companies, people and shops, made for one test each.

use super::{App, Browser, app};
use diesel::PgConnection;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Text;
use mandi::kernel::ids::{CustomerId, RetailerId, TenantId, UserId};
use mandi::platform::permissions::Role;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

/// The password of everybody whom tests make.
pub const PASSWORD: &str = "a long password for tests";

/// A number that no other test of this run gets.
pub fn unique() -> u32 {
    static NEXT: AtomicU32 = AtomicU32::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// An address that no other test of this run gets.
pub fn email(who: &str) -> String {
    format!("{who}{}@test.example", unique())
}

/// A GSTIN with a right check digit that no other test of this run gets, in Tamil Nadu (33).
pub fn gstin() -> String {
    let body = format!(
        "33AAAC{}{:04}A1Z",
        char::from(b'A' + u8::try_from(unique() / 10_000 % 26).unwrap()),
        unique() % 10_000
    );
    format!("{body}{}", check_digit(&body))
}

/// The GSTIN of a PAN in a state, with a right check digit.
pub fn gstin_in(state: &str, pan: &str) -> String {
    let body = format!("{state}{pan}1Z");
    format!("{body}{}", check_digit(&body))
}

/// The check digit of the first fourteen characters of a GSTIN, written a second time on purpose: a test must not trust the code it tests.
fn check_digit(body: &str) -> char {
    const DIGITS: &[u8; 36] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    let sum: usize = body
        .bytes()
        .enumerate()
        .map(|(place, byte)| {
            let value = DIGITS.iter().position(|digit| *digit == byte).unwrap() * (1 + place % 2);
            value / 36 + value % 36
        })
        .sum();
    char::from(DIGITS[(36 - sum % 36) % 36])
}

/// A company of one test.
pub struct Tenant {
    /// Where it lives.
    pub app: &'static App,
    /// The company.
    pub id: TenantId,
    /// Its part of addresses.
    pub slug: String,
    /// Its trade name.
    pub name: String,
    /// The owner's address.
    pub owner_email: String,
    /// The owner's browser, signed in.
    pub owner: Browser,
}

/// A retailer of one test, connected to one company.
pub struct Shop {
    /// Its part of addresses.
    pub slug: String,
    /// The company's record of it.
    pub customer: CustomerId,
    /// The owner's browser, signed in.
    pub owner: Browser,
}

/// A hash of [`PASSWORD`], made once.
pub fn password_hash() -> &'static str {
    static HASH: OnceLock<String> = OnceLock::new();
    HASH.get_or_init(|| {
        use argon2::PasswordHasher;
        argon2::Argon2::default()
            .hash_password(PASSWORD.as_bytes())
            .unwrap()
            .to_string()
    })
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// Changes rows as the owner of the tables.
pub fn run(app: &App, sql: &str) {
    run_in(&app.owner_url, sql);
}

/// The same in some database.
pub fn run_in(owner_url: &str, sql: &str) {
    super::connect(owner_url)
        .batch_execute(sql)
        .unwrap_or_else(|error| panic!("{error} in {sql}"));
}

#[derive(QueryableByName)]
struct Value {
    #[diesel(sql_type = Text)]
    value: String,
}

/// The one text that a query answers in its column `value`, asked as the owner of the tables.
pub fn ask(app: &App, sql: &str) -> String {
    ask_on(&mut app.owner(), sql)
}

/// The same on a connection that the test has prepared.
pub fn ask_on(pg: &mut PgConnection, sql: &str) -> String {
    diesel::sql_query(sql)
        .get_result::<Value>(pg)
        .unwrap_or_else(|error| panic!("{error} in {sql}"))
        .value
}

/// The path of the link in the newest invitation to an address.
pub fn invitation_link(to: &str) -> String {
    let letter = ask(
        app(),
        &format!(
            "select text_body as value from mails where recipient = '{to}' order by created_at desc, id desc limit 1"
        ),
    );
    let link = letter
        .split_whitespace()
        .find(|word| word.contains("/invite/"))
        .unwrap();
    link.replace(&app().base, "")
}

fn user(app: &App, email: &str, name: &str, is_admin: bool) -> UserId {
    user_in(&app.owner_url, email, name, is_admin)
}

fn user_in(owner_url: &str, email: &str, name: &str, is_admin: bool) -> UserId {
    let id = UserId::new();
    run_in(
        owner_url,
        &format!(
            "insert into users (id, email, name, password_hash, is_platform_admin) values ('{id}', {}, {}, {}, {is_admin})",
            quoted(email),
            quoted(name),
            quoted(password_hash())
        ),
    );
    id
}

/// A fresh company with a signed-in owner.
pub fn tenant() -> Tenant {
    tenant_in(app())
}

/// A fresh company with a signed-in owner, in some application.
pub fn tenant_in(app: &'static App) -> Tenant {
    let (id, slug, name, owner_email) = company_of(&app.owner_url);
    let browser = Browser::on(&app.base);
    browser.sign_in(&owner_email, PASSWORD).is(200);
    Tenant {
        app,
        id,
        slug,
        name,
        owner_email,
        owner: browser,
    }
}

/// A fresh company of some database: its id, slug and name, and the owner's address.
pub fn company_of(owner_url: &str) -> (TenantId, String, String, String) {
    let number = unique();
    let (id, slug, name, gstin) = (
        TenantId::new(),
        format!("co-{number}"),
        format!("Company {number}"),
        gstin(),
    );
    let owner_email = email("owner");
    let owner = user_in(owner_url, &owner_email, "Asha Owner", false);
    run_in(
        owner_url,
        &format!(
            "insert into companies (id, slug, name, legal_name, pan) values ('{id}', '{slug}', '{name}', '{name} Private Limited', '{pan}');
             insert into gst_registrations (tenant_id, id, gstin, state_code, trade_name, is_primary) values ('{id}', gen_random_uuid(), '{gstin}', '33', '{name}', true);
             insert into employees (tenant_id, id, user_id, name, email, role) values ('{id}', gen_random_uuid(), '{owner}', 'Asha Owner', '{owner_email}', 'owner');",
            pan = &gstin[2..12]
        ),
    );
    (id, slug, name, owner_email)
}

impl Tenant {
    /// An address in this company.
    pub fn path(&self, rest: &str) -> String {
        format!("/c/{}{rest}", self.slug)
    }

    /// A new employee: the address and the signed-in browser.
    pub fn employee(&self, role: Role) -> (String, Browser) {
        let address = email(role.code());
        let id = user(self.app, &address, &format!("Ravi {}", role.label()), false);
        run(
            self.app,
            &format!(
                "insert into employees (tenant_id, id, user_id, name, email, role) values ('{}', gen_random_uuid(), '{id}', 'Ravi {}', '{address}', '{}')",
                self.id,
                role.label(),
                role.code()
            ),
        );
        let browser = Browser::on(&self.app.base);
        browser.sign_in(&address, PASSWORD).is(200);
        (address, browser)
    }
}

/// A fresh retailer in Tamil Nadu (33), connected to a company.
pub fn retailer(tenant: &Tenant) -> Shop {
    retailer_at(tenant, "33")
}

/// A fresh retailer in a state, connected to a company, which has one address of it: for bills and for goods.
pub fn retailer_at(tenant: &Tenant, state: &str) -> Shop {
    let number = unique();
    let (id, customer, slug) = (
        RetailerId::new(),
        CustomerId::new(),
        format!("shop-{number}"),
    );
    let owner_email = email("shop");
    let owner = user(tenant.app, &owner_email, "Meena Shop", false);
    run(
        tenant.app,
        &format!(
            "insert into retailers (id, slug, name) values ('{id}', '{slug}', 'Shop {number}');
             insert into retailer_users (retailer_id, id, user_id, role) values ('{id}', gen_random_uuid(), '{owner}', 'owner');
             insert into customers (tenant_id, id, code, name) values ('{tenant}', '{customer}', 'C{number}', 'Shop {number}');
             insert into customer_addresses (tenant_id, id, customer_id, label, street, city, pincode, state_code, is_billing, is_default)
               values ('{tenant}', gen_random_uuid(), '{customer}', 'Main shop', '7 Market Road', 'Salem', '636001', '{state}', true, true);
             insert into connections (tenant_id, id, retailer_id, customer_id) values ('{tenant}', gen_random_uuid(), '{id}', '{customer}');",
            tenant = tenant.id
        ),
    );
    let browser = Browser::on(&tenant.app.base);
    browser.sign_in(&owner_email, PASSWORD).is(200);
    Shop {
        slug,
        customer,
        owner: browser,
    }
}

impl Shop {
    /// An address in this shop at a supplier.
    pub fn path(&self, tenant: &Tenant, rest: &str) -> String {
        format!("/r/{}/{}{rest}", self.slug, tenant.slug)
    }
}

/// A small world without a server: a company with its people and a connected retailer.
pub fn populate(urls: &super::postgres::Urls) {
    super::connect(&urls.owner)
        .batch_execute(
            "insert into users (id, email, name) values
               ('00000000-0000-7000-8000-000000000001', 'owner@test.example', 'Asha Owner'),
               ('00000000-0000-7000-8000-000000000002', 'shop@test.example', 'Meena Shop');
             insert into companies (id, slug, name, legal_name, pan) values
               ('00000000-0000-7000-8000-00000000000c', 'annapurna', 'Annapurna', 'Annapurna Foods Private Limited', 'AAACA1234A');
             insert into gst_registrations (tenant_id, id, gstin, state_code, trade_name, is_primary) values
               ('00000000-0000-7000-8000-00000000000c', '00000000-0000-7000-8000-0000000000a1', '33AAACA1234A1ZK', '33', 'Annapurna', true);
             insert into employees (tenant_id, id, user_id, name, email, role) values
               ('00000000-0000-7000-8000-00000000000c', '00000000-0000-7000-8000-0000000000e1', '00000000-0000-7000-8000-000000000001', 'Asha Owner', 'owner@test.example', 'owner');
             insert into invitations (tenant_id, id, email, name, role, token_hash, expires_at, invited_by) values
               ('00000000-0000-7000-8000-00000000000c', '00000000-0000-7000-8000-0000000000b1', 'new@test.example', 'New Person', 'sales', sha256('token'), now() + interval '7 days', '00000000-0000-7000-8000-000000000001');
             insert into retailers (id, slug, name) values ('00000000-0000-7000-8000-000000000009', 'gupta', 'Gupta Stores');
             insert into retailer_users (retailer_id, id, user_id, role) values
               ('00000000-0000-7000-8000-000000000009', '00000000-0000-7000-8000-0000000000f1', '00000000-0000-7000-8000-000000000002', 'owner');
             insert into customers (tenant_id, id, code, name) values
               ('00000000-0000-7000-8000-00000000000c', '00000000-0000-7000-8000-0000000000d1', 'C1', 'Gupta Stores');
             insert into connections (tenant_id, id, retailer_id, customer_id) values
               ('00000000-0000-7000-8000-00000000000c', '00000000-0000-7000-8000-0000000000d2', '00000000-0000-7000-8000-000000000009', '00000000-0000-7000-8000-0000000000d1');
             insert into customer_addresses (tenant_id, id, customer_id, label, street, city, pincode, state_code, is_billing, is_default) values
               ('00000000-0000-7000-8000-00000000000c', '00000000-0000-7000-8000-0000000000d3', '00000000-0000-7000-8000-0000000000d1', 'Main shop', '7 Market Road', 'Salem', '636001', '33', true, true);
             insert into retailer_invitations (tenant_id, id, customer_id, email, name, token_hash, expires_at) values
               ('00000000-0000-7000-8000-00000000000c', '00000000-0000-7000-8000-0000000000b2', '00000000-0000-7000-8000-0000000000d1', 'meena@test.example', 'Meena Shop', sha256('join'), now() + interval '7 days');
             insert into products (tenant_id, id, sku, name, hsn) values
               ('00000000-0000-7000-8000-00000000000c', '00000000-0000-7000-8000-000000000a01', 'RICE-5', 'Rice 5 kg', '1006');
             insert into stock_levels (tenant_id, product_id, warehouse_id, on_hand)
               select tenant_id, '00000000-0000-7000-8000-000000000a01', id, 10 from warehouses where is_default;
             insert into stock_moves (tenant_id, id, product_id, warehouse_id, kind, quantity, at)
               select tenant_id, '00000000-0000-7000-8000-000000000a02', '00000000-0000-7000-8000-000000000a01', id, 'opening', 10, now() from warehouses where is_default;",
        )
        .unwrap();
    populate_orders(urls);
}

/// An order of that retailer: three units that are reserved and count against its credit.
fn populate_orders(urls: &super::postgres::Urls) {
    super::connect(&urls.owner)
        .batch_execute(
            "insert into products (tenant_id, id, sku, name, hsn) values
               ('00000000-0000-7000-8000-00000000000c', '00000000-0000-7000-8000-0000000000a9', 'ORDERED', 'Ordered rice', '1006');
             insert into stock_levels (tenant_id, product_id, warehouse_id, on_hand, reserved)
               select tenant_id, '00000000-0000-7000-8000-0000000000a9', id, 10, 3 from warehouses;
             insert into stock_moves (tenant_id, id, product_id, warehouse_id, kind, quantity, at)
               select tenant_id, '00000000-0000-7000-8000-0000000000aa', '00000000-0000-7000-8000-0000000000a9', id, 'opening', 10, now() from warehouses;
             insert into number_series (tenant_id, kind, year, last) values ('00000000-0000-7000-8000-00000000000c', 'order', '26-27', 1);
             insert into orders (tenant_id, id, number, customer_id, status, source, placed_at, warehouse_id, registration_id, place_of_supply, priced_on,
                                 taxable, cgst, sgst, total, open_amount)
               select tenant_id, '00000000-0000-7000-8000-0000000000ab', 'SO-26-00001', '00000000-0000-7000-8000-0000000000d1', 'to_approve', 'staff', now(),
                      id, registration_id, '33', '2026-11-20', 300, 7.5, 7.5, 315, 315 from warehouses;
             insert into order_lines (tenant_id, id, order_id, customer_id, position, product_id, sku, name, unit, hsn, quantity, open_qty, price, tax_rate,
                                      taxable, cgst, sgst, total)
               values ('00000000-0000-7000-8000-00000000000c', '00000000-0000-7000-8000-0000000000ac', '00000000-0000-7000-8000-0000000000ab',
                       '00000000-0000-7000-8000-0000000000d1', 1, '00000000-0000-7000-8000-0000000000a9', 'ORDERED', 'Ordered rice', 'PCS', '1006', 3, 3, 100, 5,
                       300, 7.5, 7.5, 315);
             insert into reservations (tenant_id, id, product_id, warehouse_id, quantity)
               select tenant_id, '00000000-0000-7000-8000-0000000000ac', '00000000-0000-7000-8000-0000000000a9', id, 3 from warehouses;
             insert into customer_accounts (tenant_id, id, open_orders, open_amount)
               values ('00000000-0000-7000-8000-00000000000c', '00000000-0000-7000-8000-0000000000d1', 1, 315);",
        )
        .unwrap();
}

/// Somebody with an account and no workspace, signed in.
pub fn stray() -> Browser {
    let address = email("stray");
    user(app(), &address, "Dev Stray", false);
    let browser = Browser::new();
    browser.sign_in(&address, PASSWORD).is(200);
    browser
}

/// A fresh platform admin, signed in.
pub fn admin() -> Browser {
    admin_in(app())
}

/// A fresh platform admin of some application, signed in.
pub fn admin_in(app: &App) -> Browser {
    let browser = Browser::on(&app.base);
    browser.sign_in(&admin_of(&app.owner_url), PASSWORD).is(200);
    browser
}

/// A fresh platform admin of some database: the address.
pub fn admin_of(owner_url: &str) -> String {
    let address = email("admin");
    user_in(owner_url, &address, "Nisha Admin", true);
    address
}
