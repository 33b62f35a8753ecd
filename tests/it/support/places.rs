//! Every address of the route table with real rows in it, and whoever may open it.

use super::world::{admin_in, ask, run};
use super::{
    App, Browser, PASSWORD, Page, Shop, Tenant, email, gstin, gstin_in, ordering, tenant_in, unique,
};
use super::{books, gateway, settings, trade};
use mandi::accounting::actions::payments::{self, How};
use mandi::accounting::rules::payment::Method;
use mandi::kernel::ids::ProductId;
use mandi::logistics::rules::Status;
use mandi::platform::permissions::{DoorKind, Role};
use mandi::web::forms::new_key;
use mandi::web::routes::{Kind, RouteInfo};
use uuid::Uuid;

/// Some public key of 2,048 bits.
const PUBLIC_KEY: &str = "-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA15bjOqt3wi1lIkAzwghd
JfQBQGhLOCJ1nGtvkOZkwu3RbgHiTc20APNSZqF5TwY6ytMVpcZO16qkzViTQkY8
cAOvJ5qbMrlU3PV4i9y9HaYm4YalQNmUmq1ZMxtxrca5W9Bzy9M/8hwgvfReZqaW
T3IsuR2R7DrlC0gZib9PYOKXm8dDg8HcwpQMWbumwobe2cBCOlZ8bFu2t0mWVWA2
1L1S8DUISjKnL7EES0Dz80079TSj1BfFcGv1zKn+PFGoDzZNzSPYHxD3k4hWAIp/
nkLENVIO3Cy8Rdni1X4Q8CpEVCJHqQhUGOSR1OMrMUPZBnKn2sl+/i3dnzng0+Vn
twIDAQAB
-----END PUBLIC KEY-----";

/// A company, a shop of it and the platform: the ground on which every route has an address.
pub struct Places {
    /// The application.
    pub app: &'static App,
    /// The company.
    pub tenant: Tenant,
    /// A retailer connected to it.
    pub shop: Shop,
    /// A platform admin.
    pub platform: Browser,
    employee: String,
}

/// A request that somebody may send.
pub struct Visit {
    /// Whose request it is.
    pub browser: Browser,
    /// The address.
    pub path: String,
    /// What the form says; nothing for a look.
    pub fields: Vec<(&'static str, String)>,
    /// The file that goes with it: name and bytes.
    pub file: Option<(&'static str, Vec<u8>)>,
    /// What goes with it beside cookies.
    pub headers: Vec<(&'static str, String)>,
    is_change: bool,
}

impl Visit {
    /// Sends it; stays at the first answer.
    pub fn send(&self) -> Page {
        self.send_by(&self.browser, &self.path)
    }

    /// The same request from somebody else, or to another address.
    pub fn send_by(&self, browser: &Browser, path: &str) -> Page {
        if !self.is_change {
            return browser.get(path);
        }
        let fields: Vec<(&str, &str)> = self
            .fields
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        match &self.file {
            Some((name, bytes)) => browser.upload(path, &fields, (name, bytes)),
            None if !self.headers.is_empty() => {
                let headers: Vec<(&str, &str)> = self
                    .headers
                    .iter()
                    .map(|(name, value)| (*name, value.as_str()))
                    .collect();
                browser.post_with(path, &fields, &headers)
            }
            None => browser.post(path, &fields),
        }
    }
}

/// A small picture, as people send them.
pub fn picture() -> Vec<u8> {
    let mut png = std::io::Cursor::new(Vec::new());
    image::RgbImage::from_pixel(200, 100, image::Rgb([20, 90, 60]))
        .write_to(&mut png, image::ImageFormat::Png)
        .unwrap();
    png.into_inner()
}

impl Places {
    /// A fresh ground in some application.
    pub fn new(app: &'static App) -> Self {
        let tenant = tenant_in(app);
        let (shop, platform) = (ordering::settled_shop(&tenant), admin_in(app));
        let (address, _) = tenant.employee(Role::Sales);
        let mut places = Self {
            app,
            tenant,
            shop,
            platform,
            employee: String::new(),
        };
        places.employee = places.ask(&format!(
            "select id::text as value from employees where email = '{address}'"
        ));
        places
    }

    /// The request of whoever may send it. What it would use up (an invitation, a session, a job) is made for it.
    pub fn rightful(&self, route: &RouteInfo) -> Visit {
        let is_change = matches!(route.kind, Kind::Change | Kind::Hook);
        let (browser, address) = match route.door {
            DoorKind::Platform => (self.platform.clone(), String::new()),
            DoorKind::Company => (self.tenant.owner.clone(), String::new()),
            DoorKind::Retailer | DoorKind::Shop => (self.shop.owner.clone(), String::new()),
            // A change of one's own account may end the session or change the password: a person of its own for each.
            DoorKind::Person if is_change => {
                let (address, browser) = self.tenant.employee(Role::Sales);
                (browser, address)
            }
            DoorKind::Person => (self.tenant.owner.clone(), String::new()),
            DoorKind::Anyone if is_change => {
                let (address, _) = self.tenant.employee(Role::Sales);
                (Browser::on(&self.app.base), address)
            }
            DoorKind::Anyone => (Browser::on(&self.app.base), String::new()),
        };
        let path = self.path(&route.pattern, &address);
        let mut fields = Vec::new();
        if is_change {
            fields = self.form(&route.pattern, &path, &address);
            fields.push(("_key", new_key().to_string()));
        }
        let file = match route.pattern.as_str() {
            "/c/{company}/products/{sku}/media" if is_change => Some(("soap.png", picture())),
            _ => None,
        };
        Visit {
            headers: self.signature(route.kind, &fields),
            browser,
            path,
            fields,
            file,
            is_change,
        }
    }

    /// What proves that a gateway sends this.
    fn signature(
        &self,
        kind: Kind,
        fields: &[(&'static str, String)],
    ) -> Vec<(&'static str, String)> {
        if kind != Kind::Hook {
            return Vec::new();
        }
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        let secret = gateway::some_account(&self.tenant).hook_secret;
        let tag = gateway::sign(&secret, body.as_bytes());
        vec![("x-razorpay-signature", tag)]
    }

    /// A payment that the shop has begun, as far as its address needs it.
    fn online(&self, pattern: &str) -> String {
        let account = gateway::some_account(&self.tenant);
        if pattern.contains("{account}") {
            return pattern.replace("{account}", &account.id);
        }
        let (tenant, shop) = (&self.tenant, &self.shop);
        if pattern.ends_with("/pay") {
            return shop.path(tenant, "/pay");
        }
        gateway::begun(tenant, shop, "10");
        let (order, payment) = gateway::last(tenant, shop);
        if pattern.contains("{order}") {
            pattern.replace("{order}", &order)
        } else {
            shop.path(tenant, &format!("/pay/{payment}"))
        }
    }

    /// The address of a pattern, with this ground's own rows in it.
    #[expect(clippy::too_many_lines, reason = "a table of addresses")]
    fn path(&self, pattern: &str, address: &str) -> String {
        let is_online = ["/pay", "/pay/{id}", "/pay/{order}", "/payments/{account}"];
        if !pattern.starts_with("/c/") && is_online.iter().any(|end| pattern.ends_with(end)) {
            return self.online(pattern);
        }
        if pattern.starts_with("/c/{company}/customer") {
            return self.customer_path(pattern);
        }
        if let Some(number) = self.document(pattern) {
            return pattern
                .replace("{company}", &self.tenant.slug)
                .replace("{retailer}", &self.shop.slug)
                .replace("{supplier}", &self.tenant.slug)
                .replace("{no}", &number);
        }
        if pattern.contains("/payments/{no}")
            || pattern.contains("/ledger/{code}")
            || pattern.contains("/receivables/{id}")
        {
            let found = self.book(pattern);
            return ["{no}", "{code}", "{id}"]
                .iter()
                .fold(pattern.to_owned(), |path, name| path.replace(name, &found))
                .replace("{company}", &self.tenant.slug);
        }
        if pattern.contains("/tax-deducted/{no}") {
            let number = books::deducts(&self.tenant, &self.shop, 100, 1);
            return pattern
                .replace("{company}", &self.tenant.slug)
                .replace("{no}", &number);
        }
        if pattern.contains("/warehouses/{code}") || pattern.contains("/stock/{sku}") {
            let code = if pattern.contains("{sku}") {
                self.product()
            } else {
                self.warehouse(pattern)
            };
            return pattern
                .replace("{company}", &self.tenant.slug)
                .replace("{sku}", &code)
                .replace("{code}", &code);
        }
        let sku = if pattern.starts_with("/c/") && pattern.contains("{sku}") {
            self.sold_product()
        } else {
            "PORTAL-1".to_owned()
        };
        let is_office_order = pattern.starts_with("/c/")
            && pattern.contains("/orders/{no}")
            && !pattern.ends_with("/pick");
        let (number, line) = if is_office_order || pattern.ends_with("/orders/{no}/cancel") {
            self.order(pattern)
        } else {
            Default::default()
        };
        let id = if !number.is_empty() {
            line
        } else if pattern.contains("{gstin}") {
            let gstin = self.registration();
            if pattern.ends_with("/try") {
                settings::account(&self.tenant, &gstin);
            }
            gstin
        } else if pattern.contains("/settings/series/{id}") {
            settings::series(&self.tenant)
        } else if pattern.contains("/settings/undertakings/{id}") {
            settings::undertaking(&self.tenant)
        } else if pattern.starts_with("/r/{retailer}/{supplier}/") && !pattern.contains("{id}") {
            self.goods();
            self.ordered(pattern)
        } else if pattern.contains("{no}") {
            self.number(pattern)
        } else if pattern.contains("/media/{id}") {
            self.picture(&sku)
        } else if pattern.contains("{id}") || pattern.contains("{token}") {
            self.row(pattern, address)
        } else {
            String::new()
        };
        if pattern == "/admin/demo/remove" {
            self.demo();
        }
        if pattern.ends_with("-notes/new") {
            // The first note of its kind begins a series, which is asked for once in a company's life.
            let first = trade::an_invoice(&self.tenant, &self.shop);
            trade::a_note(&self.tenant, &first, pattern.contains("/credit-notes/"));
            let bill = trade::an_invoice(&self.tenant, &self.shop);
            let path = pattern.replace("{company}", &self.tenant.slug);
            return format!("{path}?invoice={}", bill.url_no);
        }
        let query = match pattern {
            // A colour is part of the address of a company's style sheet.
            "/brand/{company}" => "?v=150",
            // Without a word there is nothing to look for.
            "/c/{company}/search" | "/admin/search" => "?q=ravi",
            "/c/{company}/hsn/options" => "?hsn=butter",
            // Which list, and which filter of it.
            "/c/{company}/settings/views/new" => "?list=people&filter=role%3Dsales",
            _ => "",
        };
        let path = pattern
            .replace("{company}", &self.tenant.slug)
            .replace("{retailer}", &self.shop.slug)
            .replace("{supplier}", &self.tenant.slug)
            .replace("{id}", &id)
            .replace("{category}", "portal")
            .replace("{no}", if number.is_empty() { &id } else { &number })
            .replace("{gstin}", &id)
            .replace("{year}", "2025-26")
            .replace("{sku}", &sku)
            .replace("{token}", &id);
        format!("{path}{query}")
    }

    /// A payment, a ledger or something that is owed, as far as its step wants it: how its address names it.
    fn book(&self, pattern: &str) -> String {
        let (tenant, shop) = (&self.tenant, &self.shop);
        let bill = books::owes(tenant, shop, 100, (9, 3));
        if pattern.contains("/receivables/") {
            return bill.to_string();
        }
        if pattern.contains("/ledger/") {
            return books::code(tenant, shop);
        }
        let paid = books::pays(tenant, shop, (Method::Cheque, 100), 1);
        if pattern.ends_with("/unallocate") {
            books::within(tenant, |scope| {
                payments::set(scope, "Asha Owner", &paid, &How::OldestFirst)
            })
            .unwrap()
            .unwrap();
        }
        paid
    }

    /// What the forms of payments and ledgers say.
    fn book_form(&self, pattern: &str, path: &str) -> Vec<(&'static str, String)> {
        let text = |name: &'static str, value: &str| (name, value.to_owned());
        let today = books::today(&self.tenant).to_string();
        match pattern.rsplit('/').next().unwrap_or_default() {
            "new" => vec![
                ("customer", books::code(&self.tenant, &self.shop)),
                text("amount", "25"),
                text("paid_on", &today),
                text("method", "cheque"),
                text("reference", "004711"),
                text("cheque_date", &today),
                text("bank", "State Bank"),
                text("note", "At the counter"),
                text("how", "oldest"),
            ],
            "allocate" => vec![text("op", "oldest")],
            "bounce" => vec![("bounced_on", today), text("reason", "Funds insufficient")],
            "refund" => vec![
                text("amount", "10"),
                text("method", "cash"),
                ("paid_on", today),
                text("reference", "UTR 7"),
                text("note", "Paid twice"),
            ],
            "write-off" => vec![text("amount", "10"), text("reason", "Shop closed")],
            "settle" => {
                let code = path.split('/').nth(4).unwrap_or_default();
                books::pays(&self.tenant, &self.shop, (Method::Cash, 10), 1);
                let credit = self.ask(&format!(
                    "select i.id::text as value from open_items i join customers c on c.tenant_id = i.tenant_id and c.id = i.customer_id
                       where i.tenant_id = '{}' and c.code = '{code}' and i.side = 'credit' and i.is_open order by i.id desc limit 1",
                    self.tenant.id
                ));
                vec![("credit", credit)]
            }
            _ => Vec::new(),
        }
    }

    /// A further warehouse of the company: its code.
    fn warehouse(&self, pattern: &str) -> String {
        let (tenant, code) = (self.tenant.id, format!("W{}", unique()));
        let is_active = !pattern.ends_with("/activate");
        run(
            self.app,
            &format!(
                "insert into warehouses (tenant_id, id, code, name, registration_id, is_active)
                   select '{tenant}', gen_random_uuid(), '{code}', 'Store {code}', id, {is_active} from gst_registrations where tenant_id = '{tenant}' and is_primary"
            ),
        );
        code
    }

    /// A pinned key of the authority: its name.
    fn pinned_key(&self) -> String {
        let kid = format!("key-{}", unique());
        run(
            self.app,
            &format!(
                "insert into authority_keys (environment, purpose, kid, modulus, exponent, retired_at)
                   values ('live', 'signing', '{kid}', decode(repeat('ab', 256), 'hex'), 65537, now())"
            ),
        );
        kid
    }

    /// A product of the company with stock, of which there was more: its code.
    fn product(&self) -> String {
        let (tenant, id, sku) = (self.tenant.id, Uuid::now_v7(), format!("P-{}", unique()));
        run(
            self.app,
            &format!(
                "insert into products (tenant_id, id, sku, name, hsn) values ('{tenant}', '{id}', '{sku}', 'Product {sku}', '1006');
                 insert into stock_levels (tenant_id, product_id, warehouse_id, on_hand) select '{tenant}', '{id}', w.id, 7 from warehouses w where w.tenant_id = '{tenant}' and w.code = 'MAIN';
                 insert into stock_moves (tenant_id, id, product_id, warehouse_id, kind, quantity, reason, at)
                   select '{tenant}', m.id::uuid, '{id}', w.id, m.kind, m.quantity, m.reason, now() from warehouses w,
                     (values ('{}', 'opening', 10, null), ('{}', 'adjustment', -3, 'Damage')) m (id, kind, quantity, reason) where w.tenant_id = '{tenant}' and w.code = 'MAIN'",
                Uuid::now_v7(),
                Uuid::now_v7()
            ),
        );
        sku
    }

    /// The address of a page of a customer or a group that is made for it.
    fn customer_path(&self, pattern: &str) -> String {
        let (customer, place, tenant) = (Uuid::now_v7(), Uuid::now_v7(), self.tenant.id);
        let (code, group) = (format!("K-{}", unique()), Uuid::now_v7());
        let status = if pattern.ends_with("/resume") {
            "paused"
        } else {
            "active"
        };
        run(
            self.app,
            &format!(
                "insert into customer_groups (tenant_id, id, name) values ('{tenant}', '{group}', 'Group {code}');
                 insert into customers (tenant_id, id, code, name, email, status) values ('{tenant}', '{customer}', '{code}', 'Shop {code}', '{}', '{status}');
                 insert into customer_addresses (tenant_id, id, customer_id, label, street, city, pincode, state_code, is_billing, is_default)
                   values ('{tenant}', gen_random_uuid(), '{customer}', 'Main shop', '7 Market Road', 'Salem', '636001', '33', true, true),
                          ('{tenant}', '{place}', '{customer}', 'Store room', '9 Mill Road', 'Salem', '636002', '33', false, false)",
                email("buyer")
            ),
        );
        if pattern.contains("/invite/re") {
            run(
                self.app,
                &format!(
                    "insert into retailer_invitations (tenant_id, id, customer_id, email, name, token_hash, expires_at)
                       values ('{tenant}', '{place}', '{customer}', '{}', 'New Buyer', sha256('{place}'), now() + interval '7 days')",
                    email("buyer")
                ),
            );
        }
        let id = if pattern.contains("/customer-groups") {
            group
        } else {
            place
        };
        pattern
            .replace("{company}", &self.tenant.slug)
            .replace("{code}", &code)
            .replace("{id}", &id.to_string())
    }

    /// A company of the demo, to be removed.
    fn demo(&self) {
        let id = Uuid::now_v7();
        run(
            self.app,
            &format!(
                "insert into companies (id, slug, name, legal_name, pan, is_demo)
                   values ('{id}', 'demo-{}', 'Demo Company', 'Demo Company Limited', 'AAACD1234A', true);
                 insert into invitations (tenant_id, id, email, name, role, token_hash, expires_at)
                   values ('{id}', '{id}', '{}', 'Demo Owner', 'owner', sha256('{id}'), now() + interval '7 days')",
                unique(),
                email("demo")
            ),
        );
    }

    /// A product with price and stock in a category, an address of the shop, and the product in the shop's cart.
    fn goods(&self) {
        let (tenant, customer) = (self.tenant.id, self.shop.customer);
        run(
            self.app,
            &format!(
                "insert into categories (tenant_id, id, name, slug, path) values ('{tenant}', gen_random_uuid(), 'Portal', 'portal', 'Portal') on conflict do nothing;
                 insert into products (tenant_id, id, sku, name, hsn, category_id, mrp)
                   select '{tenant}', gen_random_uuid(), 'PORTAL-1', 'Portal soap', '1006', id, 60 from categories where tenant_id = '{tenant}' and slug = 'portal' on conflict do nothing;
                 insert into price_items (tenant_id, id, price_list_id, product_id, price)
                   select '{tenant}', gen_random_uuid(), l.id, p.id, 40 from price_lists l, products p
                     where l.tenant_id = '{tenant}' and l.is_default and p.tenant_id = '{tenant}' and p.sku = 'PORTAL-1' on conflict do nothing;
                 insert into stock_moves (tenant_id, id, product_id, warehouse_id, kind, quantity, at)
                   select '{tenant}', gen_random_uuid(), p.id, w.id, 'opening', 10000, now() from warehouses w, products p
                     where w.tenant_id = '{tenant}' and w.is_default and p.tenant_id = '{tenant}' and p.sku = 'PORTAL-1'
                       and not exists (select from stock_moves m where m.tenant_id = '{tenant}' and m.product_id = p.id and m.warehouse_id = w.id);
                 insert into stock_levels (tenant_id, product_id, warehouse_id, on_hand)
                   select '{tenant}', p.id, w.id, 10000 from warehouses w, products p
                     where w.tenant_id = '{tenant}' and w.is_default and p.tenant_id = '{tenant}' and p.sku = 'PORTAL-1' on conflict do nothing;
                 insert into customer_addresses (tenant_id, id, customer_id, label, street, city, pincode, state_code, is_default)
                   values ('{tenant}', gen_random_uuid(), '{customer}', 'Shop', '4 Usman Road', 'Chennai', '600017', '33', true) on conflict do nothing;
                 insert into carts (tenant_id, id, customer_id) values ('{tenant}', gen_random_uuid(), '{customer}') on conflict do nothing;
                 delete from cart_lines where tenant_id = '{tenant}' and customer_id = '{customer}';
                 insert into cart_lines (tenant_id, id, cart_id, customer_id, product_id, quantity, seen_price, seen_rate, seen_total)
                   select '{tenant}', gen_random_uuid(), c.id, '{customer}', p.id, 2, 40, 5, 84 from carts c, products p
                     where c.tenant_id = '{tenant}' and c.customer_id = '{customer}' and p.tenant_id = '{tenant}' and p.sku = 'PORTAL-1' on conflict do nothing"
            ),
        );
    }

    /// The number of an order that the shop placed through its cart, where the pattern wants one.
    fn ordered(&self, pattern: &str) -> String {
        if !pattern.contains("{no}") {
            return String::new();
        }
        let cart = self.shop.path(&self.tenant, "/cart");
        let placed = self
            .shop
            .owner
            .open(&cart)
            .form("#checkout")
            .to(&self.shop.path(&self.tenant, "/orders"))
            .press("op", "place")
            .submit();
        let to = placed.header("location").to_owned();
        assert!(
            to.contains("/orders/"),
            "{}: {}",
            placed.status,
            placed.html
        );
        self.goods();
        to.split('/')
            .next_back()
            .and_then(|number| number.split('?').next())
            .unwrap_or_default()
            .to_owned()
    }

    /// An order of the shop's in the state that a pattern is about: its number, and the id of its line.
    fn order(&self, pattern: &str) -> (String, String) {
        let (tenant, customer) = (&self.tenant, self.shop.customer);
        if pattern.ends_with("/edit") || pattern.ends_with("/preview") {
            return (ordering::draft(tenant, customer), String::new());
        }
        let product = ordering::goods(tenant, &format!("P{}", unique()), "40", "100");
        let number = ordering::order(tenant, customer, &[(product, "12")]).unwrap();
        let id = tenant.id;
        let line = self.ask(&format!(
            "select l.id::text as value from order_lines l join orders o on o.tenant_id = l.tenant_id and o.id = l.order_id where o.tenant_id = '{id}' and o.number = '{number}'"
        ));
        let is_release = pattern.ends_with("/release");
        let held = r#"{"key": "The supplier holds this order: {reason}", "values": [["reason", {"Text": "Cheque"}]]}"#;
        if is_release {
            run(
                self.app,
                &format!(
                    "update orders set is_held = true, hold_reason = '{held}' where tenant_id = '{id}' and number = '{number}'"
                ),
            );
        }
        if pattern.ends_with("/cancel-open") {
            return (self.part_packed(), line);
        }
        (number, line)
    }

    /// The number of an order of which a third is packed and the rest open.
    fn part_packed(&self) -> String {
        let (tenant, shop) = (&self.tenant, &self.shop);
        trade::give_address(tenant, shop);
        let product = trade::goods(tenant, &format!("P{}", unique()), "40", "100");
        let number = trade::confirmed(tenant, shop, &[(product, "12")]);
        let picked = tenant
            .owner
            .post(&tenant.path(&format!("/orders/{number}/pick")), &[]);
        let shipment = picked.is(303).header("location").to_owned();
        let shipment = shipment.rsplit('/').next().unwrap();
        let line = trade::line_id(tenant, shipment);
        tenant
            .owner
            .post(
                &tenant.path(&format!("/shipments/{shipment}/pack")),
                &[("line", &line), ("packed", "4"), ("packages", "1")],
            )
            .is(303);
        number
    }

    /// Instalments that are agreed on for the bill of a path: the agreement.
    fn instalments(&self, path: &str) -> String {
        let number = path.split('/').nth(4).unwrap_or_default();
        let bill = self.ask(&format!(
            "select id::text as value from documents where tenant_id = '{}' and url_no = '{number}'",
            self.tenant.id
        ));
        books::in_instalments(&self.tenant, &self.shop, &bill, &[(-30, 252), (-60, 252)])
    }

    /// A tax document, where a pattern is about one: its number as in addresses.
    fn document(&self, pattern: &str) -> Option<String> {
        let bills = ["/invoices/{no}", "/bills/{no}"];
        let notes = ["/credit-notes/{no}", "/debit-notes/{no}"];
        let is_note = notes.iter().any(|part| pattern.contains(part));
        if !is_note && !bills.iter().any(|part| pattern.contains(part)) {
            return None;
        }
        let bill = trade::an_invoice(&self.tenant, &self.shop);
        if !is_note {
            return Some(bill.url_no);
        }
        let is_credit = pattern.contains("/credit-notes/");
        Some(trade::a_note(&self.tenant, &bill, is_credit).url_no)
    }

    /// The number of a document that a pattern's `{no}` can mean, as far as its step wants it.
    fn number(&self, pattern: &str) -> String {
        let (tenant, shop) = (&self.tenant, &self.shop);
        trade::give_address(tenant, shop);
        let product = trade::goods(tenant, &format!("P{}", unique()), "40", "100");
        if pattern.contains("/e-invoices/") {
            return self.to_be_sent(pattern, product);
        }
        if pattern.ends_with("/orders/{no}/pick") {
            return trade::confirmed(tenant, shop, &[(product, "12")]);
        }
        if pattern.contains("/challan") {
            return trade::on_approval(tenant, shop, product);
        }
        let status = match pattern.rsplit('/').next() {
            Some("reopen" | "send") => Status::Packed,
            Some("deliver" | "return") => Status::Out,
            _ if pattern.contains("/drive/") => Status::Out,
            _ => Status::Picking,
        };
        trade::shipment(tenant, shop, product, status)
    }

    /// A note on the bill that the form's address names: all of it credited, or a rupee more on each of its twelve units.
    fn note_form(&self, pattern: &str, path: &str) -> Vec<(&'static str, String)> {
        let text = |name: &'static str, value: &str| (name, value.to_owned());
        let bill = path.rsplit('=').next().unwrap_or_default();
        let mut fields = vec![
            text("invoice", bill),
            text("how", "whole"),
            text("reason", "price"),
            text("words", "Agreed"),
            text("op", "issue"),
        ];
        if pattern.contains("/credit-notes/") {
            fields.push(text("shown_total", "504"));
            return fields;
        }
        let line = self.ask(&format!(
            "select l.id::text as value from document_lines l join documents d on d.tenant_id = l.tenant_id and d.id = l.document_id
               where d.tenant_id = '{}' and d.url_no = '{bill}' and d.kind = 'invoice'",
            self.tenant.id
        ));
        // The names of the fields of lines hold their ids.
        let field: &'static str = Box::leak(format!("p-{line}").into_boxed_str());
        fields.extend([(field, "1".to_owned()), text("shown_total", "13")]);
        fields
    }

    /// A packed shipment that nobody has billed: its number.
    fn to_bill(&self) -> String {
        let (tenant, shop) = (&self.tenant, &self.shop);
        trade::give_address(tenant, shop);
        let product = trade::goods(tenant, &format!("P{}", unique()), "40", "100");
        trade::shipment(tenant, shop, product, Status::Packed)
    }

    /// An invoice that the authority has registered, or cancelled and the books have not: its number, as in addresses.
    fn registered(&self, pattern: &str, product: ProductId) -> String {
        let (tenant, shop) = (&self.tenant, &self.shop);
        let order = trade::confirmed(tenant, shop, &[(product, "12")]);
        let issued = trade::billed(tenant, &trade::packed(tenant, &order));
        let registered = "ack_no = '1', ack_at = now(), environment = 'sandbox', signed_invoice = 'a.b.c', signed_qr = 'a.b.c', why = null";
        let state = if pattern.ends_with("/follow") {
            format!(
                "status = 'cancelled', cancelled_at = now(), cancel_asked_at = now(), cancel_code = 2, cancel_remark = 'Wrong entry', cancel_by_name = 'Asha Owner', {registered}"
            )
        } else {
            format!("status = 'registered', {registered}")
        };
        // Its company need not e-invoice: no step leads here, and no worker is at it.
        super::run(
            tenant.app,
            &format!(
                "alter table einvoices disable trigger steps; update einvoices set {state} where id = '{}'; alter table einvoices enable trigger steps",
                issued.id
            ),
        );
        issued.url_no
    }

    /// An invoice that is to be sent to the authority: its number, as in addresses.
    fn to_be_sent(&self, pattern: &str, product: ProductId) -> String {
        let (tenant, shop) = (&self.tenant, &self.shop);
        if ["/cancel", "/follow", "/e-way-bill"]
            .iter()
            .any(|end| pattern.ends_with(end))
        {
            return self.registered(pattern, product);
        }
        // What the authority wants to know of whoever sells, and of goods.
        super::run(
            tenant.app,
            &format!(
                "update gst_registrations set address = '4 Mount Road', city = 'Chennai', pincode = '600002' where tenant_id = '{0}' and address is null;
                 update products set hsn = '100630', unit = 'KGS' where tenant_id = '{0}' and id = '{product}'",
                tenant.id
            ),
        );
        let order = trade::confirmed(tenant, shop, &[(product, "12")]);
        let shipment = trade::packed(tenant, &order);
        let buyer = super::gstin_in("33", &super::gstin()[2..12]);
        // Only this one: what other routes issue need not be registered.
        let liable = |from: &str, kind: &str, gstin: &str| {
            super::run(
                tenant.app,
                &format!(
                    "insert into accounting_settings (tenant_id, id, einvoice_from) select '{0}', gen_random_uuid(), {from}
                       where not exists (select from accounting_settings where tenant_id = '{0}');
                     update accounting_settings set einvoice_from = {from} where tenant_id = '{0}';
                     update customers set kind = '{kind}', gstin = {gstin} where tenant_id = '{0}' and id = '{1}'",
                    tenant.id, shop.customer
                ),
            );
        };
        liable("'2023-08-01'", "registered", &format!("'{buyer}'"));
        let issued = trade::billed(tenant, &shipment);
        liable("null", "unregistered", "null");
        issued.url_no
    }

    /// A further registration of the company: its GSTIN.
    fn registration(&self) -> String {
        const STATES: [&str; 33] = [
            "01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12", "13", "14",
            "15", "16", "17", "18", "19", "20", "21", "22", "23", "24", "27", "29", "30", "31",
            "32", "34", "35", "36", "37",
        ];
        let (tenant, id) = (self.tenant.id, Uuid::now_v7());
        let pan = self.ask(&format!(
            "select pan as value from companies where id = '{tenant}'"
        ));
        let known = self.ask(&format!(
            "select string_agg(state_code, ' ') as value from gst_registrations where tenant_id = '{tenant}'"
        ));
        let state = STATES
            .iter()
            .find(|state| !known.contains(**state))
            .unwrap();
        let gstin = gstin_in(state, &pan);
        run(
            self.app,
            &format!(
                "insert into gst_registrations (tenant_id, id, gstin, state_code, trade_name) values ('{tenant}', '{id}', '{gstin}', '{state}', 'Branch')"
            ),
        );
        gstin
    }

    /// A product with a standard price of 100 rupees: its code.
    fn sold_product(&self) -> String {
        let (tenant, id, sku) = (self.tenant.id, Uuid::now_v7(), format!("P-{}", unique()));
        run(
            self.app,
            &format!(
                "insert into products (tenant_id, id, sku, name, hsn) values ('{tenant}', '{id}', '{sku}', 'Soap {sku}', '0407');
                 insert into price_items (tenant_id, id, price_list_id, product_id, price)
                   select '{tenant}', gen_random_uuid(), l.id, '{id}', 100 from price_lists l where l.tenant_id = '{tenant}' and l.is_default;"
            ),
        );
        sku
    }

    /// A picture of a product.
    fn picture(&self, sku: &str) -> String {
        let (tenant, id, large) = (self.tenant.id, Uuid::now_v7(), Uuid::now_v7());
        run(
            self.app,
            &format!(
                "insert into files (tenant_id, id, name, media_type, bytes, sha256, purpose, needs)
                   values ('{tenant}', '{id}', 'picture.png', 'image/png', 1, sha256('x'), 'picture', 'files.read'),
                          ('{tenant}', '{large}', 'picture.png', 'image/png', 1, sha256('x'), 'picture', 'files.read');
                 insert into product_pictures (tenant_id, id, product_id, small_file_id, large_file_id)
                   select '{tenant}', '{id}', p.id, '{id}', '{large}' from products p where p.tenant_id = '{tenant}' and p.sku = '{sku}';"
            ),
        );
        id.to_string()
    }

    /// A row that a pattern's `{id}` can mean.
    #[expect(clippy::too_many_lines, reason = "a table of rows, one for each kind")]
    fn row(&self, pattern: &str, address: &str) -> String {
        let (id, tenant) = (Uuid::now_v7(), self.tenant.id);
        let sql = if pattern == "/join/{token}" {
            format!(
                "insert into customers (tenant_id, id, code, name) values ('{tenant}', '{id}', 'J-{number}', 'Shop J-{number}');
                 insert into customer_addresses (tenant_id, id, customer_id, label, street, city, pincode, state_code, is_billing, is_default)
                   values ('{tenant}', gen_random_uuid(), '{id}', 'Shop', '4 Usman Road', 'Chennai', '600017', '33', true, true);
                 insert into retailer_invitations (tenant_id, id, customer_id, email, name, token_hash, expires_at)
                   values ('{tenant}', '{id}', '{id}', '{}', 'New Buyer', sha256('{id}'), now() + interval '7 days')",
                email("buyer"),
                number = unique()
            )
        } else if pattern.contains("/invitations/") || pattern.contains("{token}") {
            format!(
                "insert into invitations (tenant_id, id, email, name, role, token_hash, expires_at)
                   values ('{tenant}', '{id}', '{}', 'New Person', 'viewer', sha256('{id}'), now() + interval '7 days')",
                email("invited")
            )
        } else if pattern.contains("/settings/tax/") {
            format!(
                "insert into own_tax_rates (tenant_id, id, hsn_prefix, rate, valid_from, reason)
                   values ('{tenant}', '{id}', '{:06}', 5, '2026-01-01', 'Ruling 7')",
                unique()
            )
        } else if pattern.contains("/settings/withholding/") {
            format!(
                "insert into own_withholding_rules (tenant_id, id, tax, section, rate, valid_from, reason)
                   values ('{tenant}', '{id}', 'income_tax', '{:06}', 5, '2026-01-01', 'Certificate 7')",
                unique()
            )
        } else if pattern.contains("/categories/") {
            let name = format!("Soaps {}", unique());
            format!(
                "insert into categories (tenant_id, id, name, slug, path) values ('{tenant}', '{id}', '{name}', 'soaps-{}', '{name}')",
                unique()
            )
        } else if pattern.contains("/price-lists/") {
            format!(
                "insert into price_lists (tenant_id, id, name, status) values ('{tenant}', '{id}', 'List {}', 'draft')",
                unique()
            )
        } else if pattern.contains("/views/") {
            format!(
                "insert into saved_views (tenant_id, id, list, name, query) values ('{tenant}', '{id}', 'people', 'View {}', 'role=sales')",
                unique()
            )
        } else if pattern.starts_with("/c/{company}/jobs/") {
            format!(
                "insert into jobs (id, tenant_id, kind, title, state, finished_at, asked_by)
                   select '{id}', '{tenant}', 'audit.export', 'Export of the audit log', 'done', now(), id from users where email = '{}'",
                self.tenant.owner_email
            )
        } else if pattern.contains("/import/{id}") {
            return self.import(pattern);
        } else if pattern.contains("/files/") {
            let bytes = b"not really a picture";
            self.app
                .state
                .files
                .put(tenant, id.into(), &mut bytes.as_slice())
                .unwrap();
            format!(
                "insert into files (tenant_id, id, name, media_type, bytes, sha256, purpose, needs)
                   values ('{tenant}', '{id}', 'logo.png', 'image/png', {}, sha256('x'), 'logo', 'files.read')",
                bytes.len()
            )
        } else if pattern.starts_with("/admin/companies/") {
            let status = if pattern.ends_with("/reactivate") {
                "suspended"
            } else {
                "active"
            };
            format!(
                "insert into companies (id, slug, name, legal_name, pan, status)
                   values ('{id}', 'other-{}', 'Other Company', 'Other Company Limited', 'AAACO1234A', '{status}');
                 insert into invitations (tenant_id, id, email, name, role, token_hash, expires_at)
                   values ('{id}', '{id}', '{}', 'Other Owner', 'owner', sha256('{id}'), now() + interval '7 days')",
                unique(),
                email("other")
            )
        } else if pattern.starts_with("/admin/people/") {
            format!(
                "insert into users (id, email, name) values ('{id}', '{}', 'Some Person')",
                email("person")
            )
        } else if pattern.starts_with("/admin/jobs/") {
            format!(
                "insert into mails (id, tenant_id, kind, recipient, subject, text_body, html_body, status)
                   values ('{id}', '{tenant}', 'code', 'somebody@test.example', 'A letter', 'Words', 'Words', 'kept');
                 insert into jobs (id, tenant_id, kind, title, payload, state, attempts, finished_at)
                   values ('{id}', '{tenant}', 'mail.send', 'Letter: code', '{{\"mail\": \"{id}\"}}', 'failed', 8, now())"
            )
        } else if pattern.starts_with("/dev/mail/") {
            format!(
                "insert into mails (id, kind, recipient, subject, text_body, html_body, status)
                   values ('{id}', 'code', 'somebody@test.example', 'A letter', 'Words', 'Words', 'kept')"
            )
        } else if pattern.contains("/e-way-bills/") {
            let product = trade::goods(&self.tenant, &format!("P{}", unique()), "40", "100");
            trade::give_address(&self.tenant, &self.shop);
            let number = self.to_be_sent("/c/{company}/e-invoices/{no}/cancel", product);
            format!(
                "insert into eway_bills (tenant_id, id, document_id, customer_id, status, number, made_at)
                   select '{tenant}', '{id}', d.id, d.customer_id, 'active', (391000000000 + {})::text, now() from documents d
                     where d.tenant_id = '{tenant}' and d.url_no = '{number}'",
                unique()
            )
        } else if pattern.contains("/vehicles/") || pattern.contains("/drivers/") {
            let (vehicle, driver) = trade::fleet(&self.tenant, 500);
            return if pattern.contains("/vehicles/") {
                vehicle
            } else {
                driver
            };
        } else if pattern.contains("/sessions/") {
            format!(
                "insert into sessions (key_hash, id, user_id, state, expires_at)
                   select sha256('{id}'), '{id}', id, '{{}}', now() + interval '1 day' from users where email = '{address}'"
            )
        } else {
            return self.employee.clone();
        };
        run(self.app, &sql);
        id.to_string()
    }

    /// A file that was sent, and checked where the pattern runs it.
    fn import(&self, pattern: &str) -> String {
        let (id, file, tenant) = (Uuid::now_v7(), Uuid::now_v7(), self.tenant.id);
        let bytes = b"sku,name,hsn,quantity\nA-1,A thing,1905,5\n";
        self.app
            .state
            .files
            .put(tenant, file.into(), &mut bytes.as_slice())
            .unwrap();
        let (kind, needs) = if pattern.contains("/stock/") {
            ("stock", "stock.edit")
        } else {
            ("products", "products.edit")
        };
        let status = if pattern.ends_with("/run") {
            "checked"
        } else {
            "new"
        };
        run(self.app, &format!(
            "insert into files (tenant_id, id, name, media_type, bytes, sha256, purpose, needs)
               values ('{tenant}', '{file}', 'goods.csv', 'text/csv', {}, sha256('x'), 'import', '{needs}');
             insert into imports (tenant_id, id, kind, file_id, file_name, status, rows_total, settings)
               values ('{tenant}', '{id}', '{kind}', '{file}', 'goods.csv', '{status}', 1,
                 '{{\"heads\": {{\"last\": 1, \"rows\": 1}}, \"columns\": {{\"sku\": 0, \"name\": 1, \"hsn\": 2, \"quantity\": 3}}}}')",
            bytes.len()
        ));
        id.to_string()
    }

    /// What the form of a change says. A change that is missing here fails the rightful owner's control.
    ///
    /// `path` is the address with its rows, `address` that of the person whose account it is about.
    #[expect(
        clippy::too_many_lines,
        reason = "a table of forms, one for each change"
    )]
    fn form(&self, pattern: &str, path: &str, address: &str) -> Vec<(&'static str, String)> {
        let text = |name: &'static str, value: &str| (name, value.to_owned());
        if pattern.starts_with("/c/{company}/customer") {
            return self.customer_form(pattern, path);
        }
        if pattern.contains("/import") {
            return import_form(pattern);
        }
        let is_book = ["/payments/", "/ledger/", "/receivables/"];
        if pattern.starts_with("/c/") && is_book.iter().any(|room| pattern.contains(room)) {
            return self.book_form(pattern, path);
        }
        if let Some(fields) = settings::form(&self.tenant, pattern, path) {
            return fields;
        }
        match pattern {
            "/c/{company}/settings/integrations/payments" => vec![text("op", "open")],
            "/r/{retailer}/{supplier}/pay" => vec![text("amount", "10")],
            "/sandbox/pay/{order}" => vec![text("how", "upi"), text("hook", "never")],
            "/sign-in" => vec![text("email", address), text("password", PASSWORD)],
            "/sign-in/code" => vec![
                text("email", address),
                ("code", self.code(address, pattern)),
                text("op", "enter"),
            ],
            "/forgot" => vec![text("email", address)],
            "/reset" => vec![
                text("email", address),
                ("code", self.code(address, "/forgot")),
                text("password", "another long password"),
            ],
            "/language" => vec![text("language", "hi-IN")],
            "/me" => vec![
                self.version("users", "email", address),
                text("name", "Ravi Sales"),
            ],
            "/me/security/password" => vec![
                text("current", PASSWORD),
                text("password", "another long password"),
            ],
            "/me/preferences" => vec![text("language", "en-IN"), text("theme", "dark")],
            "/invite/{token}" => vec![
                text("name", "New Person"),
                text("password", "another long password"),
            ],
            "/join/{token}" => vec![
                text("name", "New Buyer"),
                ("shop", format!("New Shop {}", unique())),
                text("password", "another long password"),
            ],
            "/r/{retailer}/{supplier}/account/addresses/new" => an_address(),
            "/c/{company}/warehouses/new" | "/c/{company}/warehouses/{code}" => {
                let gstin = self.ask(&format!(
                    "select gstin as value from gst_registrations where tenant_id = '{}' and is_primary",
                    self.tenant.id
                ));
                let mut fields = vec![
                    ("code", format!("N{}", unique())),
                    text("name", "Second store"),
                    ("registration", gstin),
                ];
                if pattern.ends_with("{code}") {
                    let code = path.rsplit('/').next().unwrap();
                    fields.push(self.version("warehouses", "code", code));
                }
                fields
            }
            "/c/{company}/stock/adjust" => vec![
                text("warehouse", "MAIN"),
                text("reason", "damage"),
                ("sku-1", self.product()),
                text("change-1", "-2"),
                ("sku-2", self.product()),
                text("counted-2", "5"),
            ],
            "/c/{company}/stock/{sku}/reorder" => {
                vec![text("warehouse", "MAIN"), text("reorder_level", "5")]
            }
            "/admin/authority-keys" => vec![
                text("purpose", "signing"),
                ("kid", format!("key-{}", unique())),
                text("pem", PUBLIC_KEY),
            ],
            "/admin/authority-keys/use" => vec![
                text("purpose", "signing"),
                ("kid", self.pinned_key()),
                text("used", "on"),
            ],
            "/admin/sandboxes" => vec![
                text("who", "registrar"),
                text("mood", "slow"),
                text("operation", "find"),
                // Nobody whom another test knows.
                text("gstin", "a walk through all addresses"),
                text("delay_ms", "1"),
                text("calls_left", "1"),
            ],
            "/admin/sandboxes/taxpayers" => vec![
                ("gstin", gstin()),
                text("name", "Kaveri Traders"),
                text("taxpayer_type", "REG"),
                text("status", "ACT"),
            ],
            "/admin/companies/new" => vec![
                text("name", "New Company"),
                text("legal_name", "New Company Private Limited"),
                ("slug", format!("new-{}", unique())),
                ("gstin", gstin()),
                text("owner_name", "Kavita Owner"),
                ("owner_email", email("kavita")),
            ],
            "/admin/companies/{id}/suspend" => vec![text("reason", "Fees are open")],
            "/admin/companies/{id}/edit" => vec![
                self.version("companies", "id", path.split('/').nth(3).unwrap()),
                text("name", "Other Company"),
                text("legal_name", "Other Company Limited"),
            ],
            "/admin/invitations/bulk" | "/c/{company}/settings/invitations/bulk" => vec![
                text("action", "resend"),
                ("id", self.row("/invitations/", address)),
            ],
            "/c/{company}/settings/people/bulk" => {
                vec![text("action", "end"), ("id", self.employee.clone())]
            }
            "/c/{company}/settings/views" => vec![
                text("list", "people"),
                text("filter", "role=driver"),
                ("name", format!("Drivers {}", unique())),
                text("audience", "everyone"),
            ],
            "/c/{company}/settings/registrations/new" => {
                // Another one of the same PAN, in a state where there is none yet.
                let taken = self.registration();
                run(
                    self.app,
                    &format!("delete from gst_registrations where gstin = '{taken}'"),
                );
                vec![("gstin", taken), text("trade_name", "Another Branch")]
            }
            "/c/{company}/settings/registrations/{gstin}" => vec![
                self.version(
                    "gst_registrations",
                    "gstin",
                    path.rsplit('/').next().unwrap(),
                ),
                text("trade_name", "Renamed Branch"),
            ],
            "/c/{company}/settings/registrations/{gstin}/end" => {
                vec![text("ended_on", "2026-03-31")]
            }
            "/c/{company}/settings/tax/new" => vec![
                ("hsn_prefix", format!("{:06}", unique())),
                text("rate", "12"),
                text("valid_from", "2026-04-01"),
                text("reason", "Ruling 8"),
            ],
            "/c/{company}/settings/tax/{id}" => vec![
                text("rate", "18"),
                text("valid_from", "2026-04-01"),
                text("reason", "Ruling 9"),
            ],
            "/c/{company}/settings/tax/{id}/end" | "/c/{company}/settings/withholding/{id}/end" => {
                vec![text("valid_to", "2026-03-31")]
            }
            "/c/{company}/settings/withholding/new" => vec![
                text("tax", "income_tax"),
                ("section", format!("{:06}", unique())),
                ("customer", books::code(&self.tenant, &self.shop)),
                text("rate", "0.05"),
                text("valid_from", "2026-04-01"),
                text("reason", "Certificate 8"),
            ],
            "/c/{company}/tax-deducted/{no}" => {
                let number = path.rsplit('/').next().unwrap();
                let (name, saved) = ("version", format!(
                    "select to_char(updated_at at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') as value from tax_deductions d
                       where d.id = (select id from payments p where p.tenant_id = '{}' and p.number = '{number}')",
                    self.tenant.id
                ));
                vec![
                    (name, self.ask(&saved)),
                    text("certificate", "7A/26/1"),
                    ("certificate_on", books::today(&self.tenant).to_string()),
                ]
            }
            "/c/{company}/products/bulk" => {
                let sku = self.sold_product();
                let id = self.ask(&format!(
                    "select id::text as value from products where sku = '{sku}'"
                ));
                vec![text("action", "discontinued"), ("id", id)]
            }
            "/c/{company}/products/new" => vec![
                text("name", "Brown eggs"),
                text("hsn", "0407"),
                text("unit", "PCS"),
                text("pack_size", "30"),
                text("pack_name", "tray"),
                text("status", "active"),
                text("price", "6.50"),
            ],
            "/c/{company}/products/{sku}/edit" => vec![
                self.version("products", "sku", path.split('/').nth(4).unwrap()),
                text("name", "White eggs"),
                text("hsn", "0407"),
                text("unit", "PCS"),
                text("pack_size", "1"),
                text("status", "active"),
                text("price", "101"),
                text("was_price", "100"),
            ],
            "/c/{company}/categories/new" => vec![("name", format!("Oils {}", unique()))],
            "/c/{company}/categories/{id}" => vec![
                self.version("categories", "id", path.rsplit('/').next().unwrap()),
                ("name", format!("Oils {}", unique())),
            ],
            "/c/{company}/price-lists/new" => vec![
                ("name", format!("Hotels {}", unique())),
                text("valid_from", "2026-04-01"),
            ],
            "/c/{company}/price-lists/{id}/edit" => vec![
                self.version("price_lists", "id", path.split('/').nth(4).unwrap()),
                ("name", format!("Hotels {}", unique())),
                text("valid_from", "2026-04-01"),
            ],
            "/c/{company}/price-lists/{id}/targets" => vec![(
                "customer",
                self.ask(&format!(
                    "select code as value from customers where id = '{}'",
                    self.shop.customer
                )),
            )],
            "/c/{company}/price-lists/{id}/percent" => vec![
                self.version("price_lists", "id", path.split('/').nth(4).unwrap()),
                text("percent", "5"),
                text("valid_from", "2026-04-01"),
            ],
            "/c/{company}/price-lists/{id}/prices/{sku}" => vec![
                text("min_qty", "10"),
                text("valid_from", "2026-04-01"),
                text("price", "95"),
            ],
            "/c/{company}/price-lists/{id}/prices/{sku}/remove" => {
                let mut parts = path.split('/').skip(4);
                let (list, sku) = (parts.next().unwrap(), parts.nth(1).unwrap());
                let (tenant, id) = (self.tenant.id, Uuid::now_v7());
                run(
                    self.app,
                    &format!(
                        "insert into price_items (tenant_id, id, price_list_id, product_id, price)
                           select '{tenant}', '{id}', '{list}', id, 90 from products where tenant_id = '{tenant}' and sku = '{sku}'"
                    ),
                );
                vec![("item", id.to_string())]
            }
            "/c/{company}/settings/company" => vec![
                self.version("companies", "id", &self.tenant.id.to_string()),
                text("name", &self.tenant.name),
                text("legal_name", "Company Private Limited"),
            ],
            "/c/{company}/orders/new" => vec![("customer_id", self.shop.customer.to_string())],
            "/c/{company}/orders/bulk" => {
                let (number, _) = self.order(pattern);
                let id = self.ask(&format!(
                    "select id::text as value from orders where tenant_id = '{}' and number = '{number}'",
                    self.tenant.id
                ));
                vec![text("action", "confirm"), ("id", id)]
            }
            "/c/{company}/invoices/{no}/cancel" | "/c/{company}/debit-notes/{no}/cancel" => {
                vec![text("code", "2"), text("reason", "Wrong price")]
            }
            "/c/{company}/invoices/{no}/instalments" => {
                let day = |months| {
                    let first = books::ago(&self.tenant, -30);
                    (first + chrono::Months::new(months)).to_string()
                };
                vec![
                    ("day-1", day(0)),
                    text("amount-1", "252"),
                    ("day-2", day(1)),
                    text("amount-2", "252"),
                ]
            }
            "/c/{company}/invoices/{no}/instalments/end" => {
                vec![("plan", self.instalments(path))]
            }
            "/c/{company}/credit-notes/new" | "/c/{company}/debit-notes/new" => {
                self.note_form(pattern, path)
            }
            "/c/{company}/invoices/pdfs" => {
                let bill = trade::an_invoice(&self.tenant, &self.shop);
                vec![text("id", &bill.id.to_string())]
            }
            "/c/{company}/e-invoices/send" => {
                let product = trade::goods(&self.tenant, &format!("P{}", unique()), "40", "100");
                trade::give_address(&self.tenant, &self.shop);
                let number = self.to_be_sent(pattern, product);
                let id = self.ask(&format!(
                    "select id::text as value from documents where tenant_id = '{}' and url_no = '{number}'",
                    self.tenant.id
                ));
                vec![text("action", "send"), ("id", id)]
            }
            "/c/{company}/e-invoices/{no}/e-way-bill" => {
                vec![text("mode", "1"), text("vehicle", "TN09AB1234")]
            }
            "/c/{company}/e-way-bills/{id}/cancel" | "/c/{company}/e-invoices/{no}/cancel" => {
                vec![text("code", "2"), text("reason", "Wrong entry")]
            }
            "/c/{company}/e-way-bills/{id}/vehicle" => vec![
                text("plate", "TN09AB1234"),
                text("place", "Chennai"),
                text("state", "33"),
                text("reason", "4"),
                text("remark", "Loaded"),
            ],
            "/c/{company}/e-way-bills/truck" => {
                let product = trade::goods(&self.tenant, &format!("P{}", unique()), "40", "100");
                trade::give_address(&self.tenant, &self.shop);
                let number = self.to_be_sent("/c/{company}/e-invoices/{no}/cancel", product);
                let id = self.ask(&format!(
                    "select id::text as value from documents where tenant_id = '{}' and url_no = '{number}'",
                    self.tenant.id
                ));
                vec![text("plate", "TN09AB1234"), ("id", id)]
            }
            "/c/{company}/orders/{no}/notes" => vec![text("note", "Call before ten")],
            "/c/{company}/orders/{no}/hold"
            | "/c/{company}/orders/{no}/release"
            | "/c/{company}/orders/{no}/cancel"
            | "/c/{company}/orders/{no}/cancel-open"
            | "/c/{company}/orders/{no}/lines/{id}/cancel"
            | "/r/{retailer}/{supplier}/orders/{no}/cancel" => vec![text("reason", "Not needed")],
            "/c/{company}/orders/{no}/edit" | "/c/{company}/orders/{no}/preview" => {
                let sku = format!("P{}", unique());
                ordering::goods(&self.tenant, &sku, "40", "100");
                let number = path.split('/').nth(4).unwrap();
                vec![
                    self.version("orders", "number", number),
                    ("l1.sku", sku),
                    text("l1.qty", "3"),
                    text("op", "save"),
                ]
            }
            "/c/{company}/settings/brand" => vec![text("hue", "150")],
            "/c/{company}/settings/audit/export" => vec![text("format", "csv")],
            "/c/{company}/settings/people/invite" => vec![
                text("name", "Another Person"),
                ("email", email("another")),
                text("role", "viewer"),
                text("language", "en-IN"),
            ],
            "/c/{company}/settings/people/{id}" => vec![
                self.version("employees", "id", &self.employee),
                text("name", "Ravi Sales"),
                text("role", "sales"),
                text("active", "on"),
            ],
            _ => self.shop_form(pattern, path),
        }
    }

    /// The same in a retailer's rooms.
    fn shop_form(&self, pattern: &str, path: &str) -> Vec<(&'static str, String)> {
        let text = |name: &'static str, value: &str| (name, value.to_owned());
        match pattern {
            "/r/{retailer}/{supplier}/cart/items" => {
                vec![text("op", "plus:PORTAL-1"), text("qty.PORTAL-1", "2")]
            }
            "/r/{retailer}/{supplier}/orders" => {
                let cart = self.shop.owner.open(&path.replace("/orders", "/cart"));
                let shown = cart.attribute("[name=shown]", "value").unwrap();
                vec![("shown", shown), text("op", "place")]
            }
            "/r/{retailer}/{supplier}/order-pad" => {
                vec![text("qty.PORTAL-1", "3"), text("list", "")]
            }
            _ => self.supply(pattern, path),
        }
    }

    /// What the forms of shipments and the fleet say.
    fn supply(&self, pattern: &str, path: &str) -> Vec<(&'static str, String)> {
        let text = |name: &'static str, value: &str| (name, value.to_owned());
        let place = |index: usize| path.split('/').nth(index).unwrap_or_default();
        match pattern {
            "/c/{company}/shipments/{no}/pack" => vec![
                ("line", trade::line_id(&self.tenant, place(4))),
                text("packed", "12"),
                text("packages", "2"),
            ],
            "/c/{company}/shipments/{no}/cancel" | "/c/{company}/shipments/{no}/return" => {
                vec![text("reason", "Rain")]
            }
            "/c/{company}/shipments/{no}/send" => {
                let (vehicle, driver) = trade::fleet(&self.tenant, 500);
                let today = mandi::kernel::dates::today(self.app.state.db.clock().now());
                vec![
                    ("vehicle", vehicle),
                    ("driver", driver),
                    ("expected_on", today.to_string()),
                    text("challan_reason", "approval"),
                ]
            }
            "/c/{company}/invoices/new" => vec![("shipment", self.to_bill())],
            "/c/{company}/shipments/{no}/deliver" | "/c/{company}/drive/{no}" => {
                vec![text("received_by", "Meena")]
            }
            "/c/{company}/vehicles/new" => vec![
                ("registration_no", format!("TN{}", unique() + 100_000)),
                text("name", "Van"),
            ],
            "/c/{company}/vehicles/{id}" => vec![
                self.version("vehicles", "id", place(4)),
                ("registration_no", format!("KA{}", unique() + 100_000)),
                text("name", "Van"),
            ],
            "/c/{company}/drivers/new" => vec![text("name", "Mani V.")],
            "/c/{company}/drivers/{id}" => vec![
                self.version("drivers", "id", place(4)),
                text("name", "Mani V."),
            ],
            _ => Vec::new(),
        }
    }

    /// What the forms of customers and their groups say.
    fn customer_form(&self, pattern: &str, path: &str) -> Vec<(&'static str, String)> {
        let text = |name: &'static str, value: &str| (name, value.to_owned());
        let piece = |number| path.split('/').nth(number).unwrap_or_default();
        match pattern.trim_start_matches("/c/{company}/") {
            "customers/new" => {
                let mut fields = an_address();
                fields.push(text("name", "Lakshmi Stores"));
                fields.push(text("kind", "unregistered"));
                fields.push(text("terms_days", "14"));
                fields.push(text("credit_limit", "50,000"));
                fields
            }
            "customers/bulk" => vec![text("action", "invite"), ("id", self.invitable())],
            "customers/{code}/edit" => vec![
                self.version("customers", "code", piece(4)),
                text("name", "Renamed Stores"),
                text("kind", "unregistered"),
            ],
            "customers/{code}/terms" => vec![
                self.version("customers", "code", piece(4)),
                text("terms_days", "30"),
                text("credit_limit", "1,00,000"),
            ],
            "customers/{code}/invite" => vec![
                text("name", "New Buyer"),
                ("email", email("buyer")),
                text("language", "hi-IN"),
            ],
            "customers/{code}/addresses/new" => an_address(),
            "customers/{code}/addresses/{id}" => {
                let mut fields = an_address();
                fields.push(self.version("customer_addresses", "id", piece(6)));
                fields
            }
            "customer-groups" => vec![("name", format!("Hotels {}", unique()))],
            "customer-groups/{id}" => vec![
                self.version("customer_groups", "id", piece(4)),
                ("name", format!("Kitchens {}", unique())),
            ],
            _ => Vec::new(),
        }
    }

    /// A customer that can be invited: its id.
    fn invitable(&self) -> String {
        let path = self.customer_path("/c/{company}/customers/{code}");
        let code = path.rsplit('/').next().unwrap();
        self.ask(&format!(
            "select id::text as value from customers where code = '{code}'"
        ))
    }

    /// When a row was last saved, as its form says it.
    fn version(&self, table: &str, column: &str, value: &str) -> (&'static str, String) {
        let at = self.ask(&format!(
            "select to_char(updated_at at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') as value from {table} where {column} = '{value}' order by updated_at desc limit 1"
        ));
        ("version", at)
    }

    /// The code of a letter that this form sends.
    fn code(&self, address: &str, form: &str) -> String {
        Browser::on(&self.app.base)
            .post(form, &[("email", address)])
            .is(200);
        let letter = self.ask(&format!(
            "select text_body as value from mails where recipient = '{address}' order by created_at desc, id desc limit 1"
        ));
        letter
            .split_whitespace()
            .find(|word| word.len() == 8 && word.chars().all(|c| c.is_ascii_digit()))
            .unwrap()
            .to_owned()
    }

    /// One value from the database, asked as the owner of the tables.
    pub fn ask(&self, sql: &str) -> String {
        ask(self.app, sql)
    }
}

/// An address as a form says it.
fn an_address() -> Vec<(&'static str, String)> {
    [
        ("label", "Second shop"),
        ("street", "3 Temple Street"),
        ("town", "Erode"),
        ("pincode", "638001"),
        ("state", "33"),
    ]
    .map(|(name, value)| (name, value.to_owned()))
    .to_vec()
}

/// What the forms of imports say.
fn import_form(pattern: &str) -> Vec<(&'static str, String)> {
    let text = |name: &'static str, value: &str| (name, value.to_owned());
    match pattern {
        "/c/{company}/products/import" | "/c/{company}/stock/import" => {
            vec![text("text", "sku,name,quantity\nA-1,A thing,5\n")]
        }
        "/c/{company}/products/import/{id}" => vec![
            text("op", "check"),
            text("heads", "1:1"),
            text("map_sku", "0"),
            text("map_name", "1"),
            text("map_hsn", "2"),
        ],
        "/c/{company}/stock/import/{id}" => vec![
            text("op", "check"),
            text("heads", "1:1"),
            text("map_sku", "0"),
            text("map_quantity", "3"),
        ],
        _ => Vec::new(),
    }
}
