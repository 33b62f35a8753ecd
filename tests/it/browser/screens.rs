//! The list of screens: the application's own route table, and for each of its pages who visits it, where.

use crate::support::{
    Browser, Goods, Shop, Tenant, admin, app, ask, books, email, gateway, give_address, gstin_in,
    invitation_link, ordering, picture, retailer, run, settings, stray, tenant, trade, unique,
};
use mandi::accounting::rules::payment::Method;
use mandi::logistics::rules::Status;
use mandi::platform::permissions::{DoorKind, Role};
use mandi::web::routes::{Kind, RouteInfo};

/// People with their rows, enough to see every screen filled and empty.
pub struct World {
    admin: Browser,
    tenant: Tenant,
    bare: Tenant,
    suspended: Tenant,
    viewer: Browser,
    driver: Browser,
    reader_of_hindi: Browser,
    stray: Browser,
    shop: Shop,
    lone_shop: Shop,
    idle_shop: Shop,
    employee: String,
    person: String,
    lonely: String,
    branch: String,
    invitation: String,
    job: String,
    failed_job: String,
    exports: [String; 3],
    letter: String,
    trade: Trade,
    order: String,
    shipments: [String; 3],
    fleet: (String, String),
}

/// Rows of a company's trade: codes and ids as addresses have them.
struct Trade {
    customer: String,
    place: String,
    group: String,
    join: String,
    sku: String,
}

/// A customer with a retailer, one that is invited, a group, and a product with stock; made as the owner would.
fn trade(tenant: &Tenant, shop: &Shop) -> Trade {
    let (id, sku) = (tenant.id, "RICE-5".to_owned());
    run(app(), &format!(
        "update customers set credit_limit = 100000, note = 'Rings before nine.' where id = '{customer}';
         insert into customer_accounts (tenant_id, id, open_orders, open_amount, balance) values ('{id}', '{customer}', 2, 64708.50, 20000)
           on conflict (tenant_id, id) do update set balance = excluded.balance;
         insert into customer_groups (tenant_id, id, name) values ('{id}', gen_random_uuid(), 'Hotels and kitchens');
         insert into customers (tenant_id, id, code, name, status) values ('{id}', gen_random_uuid(), 'LONG', '{LONG}', 'paused');
         insert into warehouses (tenant_id, id, code, name, registration_id)
           select '{id}', gen_random_uuid(), 'SPARE', 'Spare store', id from gst_registrations where tenant_id = '{id}' and is_primary;
         insert into products (tenant_id, id, sku, name, hsn) values ('{id}', gen_random_uuid(), '{sku}', 'Ponni boiled rice, 5 kg', '1006'),
           ('{id}', gen_random_uuid(), 'EMPTY-1', '{LONG}', '1006')",
        customer = shop.customer
    ));
    for (reason, change) in [("opening", "1200"), ("damage", "-2.5")] {
        let fields = [
            ("warehouse", "MAIN"),
            ("reason", reason),
            ("sku-1", sku.as_str()),
            ("change-1", change),
        ];
        tenant
            .owner
            .post(&tenant.path("/stock/adjust"), &fields)
            .is(303);
    }
    let invited = email("joining");
    tenant
        .owner
        .open(&tenant.path("/customers/LONG/invite"))
        .form("#invite")
        .fill("name", "Meena Devi")
        .fill("email", &invited)
        .submit()
        .is(303);
    let letter = ask(
        app(),
        &format!("select text_body as value from mails where recipient = '{invited}'"),
    );
    let link = letter
        .split_whitespace()
        .find(|word| word.contains("/join/"));
    let one = |column: &str, from: &str| {
        ask(
            app(),
            &format!("select {column}::text as value from {from} limit 1"),
        )
    };
    Trade {
        customer: one("code", &format!("customers where id = '{}'", shop.customer)),
        place: one(
            "id",
            &format!("customer_addresses where customer_id = '{}'", shop.customer),
        ),
        group: one("id", &format!("customer_groups where tenant_id = '{id}'")),
        join: link.unwrap().replace(&app().base, ""),
        sku,
    }
}

/// A shipment in each state that a form begins in: picked, packed, on the road.
fn shipments(tenant: &Tenant, shop: &Shop) -> [String; 3] {
    trade::give_address(tenant, shop);
    let product = trade::goods(tenant, "SOAP-75", "40", "100");
    [Status::Picking, Status::Packed, Status::Out]
        .map(|status| trade::shipment(tenant, shop, product, status))
}

/// Exports of the owner's: one that is half done, one that was given up, and one that made a file.
fn exports(tenant: &Tenant) -> [String; 3] {
    let ids = ["running", "failed", "done"]
        .map(|_| ask(app(), "select gen_random_uuid()::text as value"));
    let (asker, company) = (&tenant.owner_email, tenant.id);
    let [running, failed, done] = &ids;
    run(app(), &format!(
        "insert into jobs (id, tenant_id, kind, title, state, asked_by, attempts, progress, progress_of, worker, lease_until, finished_at, last_error, result)
           select j.id::uuid, '{company}', 'audit.export', 'Export of the audit log', j.state, u.id, 1, 4000, 9000, j.worker, j.lease, j.over, j.error, j.result::jsonb
           from users u, (values
             ('{running}', 'running', 'browser', now() + interval '1 day', null, null, null),
             ('{failed}', 'failed', null, null, now(), 'The disk is full.', null),
             ('{done}', 'done', null, null, now(), null, '{{\"file\": \"{done}\"}}')
           ) j (id, state, worker, lease, over, error, result) where u.email = '{asker}';
         insert into files (tenant_id, id, name, media_type, bytes, sha256, purpose, needs, expires_at)
           values ('{company}', '{done}', 'audit-2026-11-20.csv', 'text/csv; charset=utf-8', 4, sha256('x'), 'export', 'audit.read', now() + interval '7 days')"
    ));
    app()
        .state
        .files
        .put(company, done.parse().unwrap(), &mut b"a,b\n".as_slice())
        .unwrap();
    ids
}

/// Names as long as a form takes them, with and without a place to break.
fn lengthen_names(tenant: &Tenant, bare: &Tenant) {
    run(app(), &format!(
        "update employees set name = '{UNBROKEN}' where tenant_id = '{tenant}' and role = 'driver';
         update users set name = '{UNBROKEN}' where id = (select user_id from employees where tenant_id = '{tenant}' and role = 'driver');
         update companies set name = '{LONG}' where id = '{bare}';",
        tenant = tenant.id,
        bare = bare.id,
    ));
}

/// The first shop buys from two companies; the last one's only connection has ended.
fn connect_shops(bare: &Tenant, shop: &Shop, idle_shop: &Shop) {
    run(app(), &format!(
        "insert into customers (tenant_id, id, code, name) select '{bare}', gen_random_uuid(), code, name from customers where id = '{customer}';
         insert into connections (tenant_id, id, retailer_id, customer_id, status)
           select '{bare}', gen_random_uuid(), r.id, c.id, 'paused' from retailers r, customers c where r.slug = '{slug}' and c.tenant_id = '{bare}';
         update connections set status = 'ended' where customer_id = '{idle}';",
        bare = bare.id,
        customer = shop.customer,
        slug = shop.slug,
        idle = idle_shop.customer,
    ));
}

/// A second registration, whose GSTIN is given back, and a filter that is kept under a name.
fn branch_and_view(tenant: &Tenant) -> String {
    let branch = gstin_in(
        "29",
        &ask(
            app(),
            &format!(
                "select pan as value from companies where id = '{}'",
                tenant.id
            ),
        ),
    );
    tenant
        .owner
        .open(&tenant.path("/settings/registrations/new"))
        .form("#register")
        .fill("gstin", &branch)
        .fill("trade_name", "Bengaluru Branch")
        .submit()
        .is(303);
    tenant
        .owner
        .open(&tenant.path("/settings/people?role=sales"))
        .click("Save view")
        .form("#confirm")
        .fill("name", "Sales people")
        .submit()
        .is(303);
    branch
}

/// Goods for a company: a product with a picture and a price, a category, a price list, an own rate.
fn give_goods(tenant: &Tenant) {
    let company = tenant.id;
    run(app(), &format!(
        "insert into categories (tenant_id, id, name, slug, path) values ('{company}', gen_random_uuid(), 'Soaps', 'soaps', 'Soaps');
         insert into products (tenant_id, id, sku, name, brand, hsn, mrp, pack_size, pack_name, category_id)
           select '{company}', gen_random_uuid(), 'BRITE-1', '{LONG}', 'Brite', '0407', 120, 12, 'case', id from categories where tenant_id = '{company}' and slug = 'soaps';
         insert into price_lists (tenant_id, id, name, status) values ('{company}', gen_random_uuid(), 'Hotels', 'draft');
         insert into price_items (tenant_id, id, price_list_id, product_id, min_qty, price)
           select '{company}', gen_random_uuid(), l.id, p.id, q, 100 - q from price_lists l, products p, unnest(array[0, 12]) q where l.tenant_id = '{company}' and p.tenant_id = '{company}' and p.sku = 'BRITE-1';
         insert into own_tax_rates (tenant_id, id, hsn_prefix, rate, valid_from, reason) values ('{company}', gen_random_uuid(), '3401', 5, '2026-01-01', 'Ruling TN/12/2026');
         insert into own_withholding_rules (tenant_id, id, tax, section, rate, valid_from, reason)
           values ('{company}', gen_random_uuid(), 'income_tax', '393/194Q', 0.05, '2026-04-01', 'Certificate 7/2026 of a lower rate');"
    ));
    tenant
        .owner
        .open(&tenant.path("/products/BRITE-1/media"))
        .form("#picture")
        .attach("soap.png", &picture())
        .submit()
        .is(303);
}

/// An order that is held, and one of which a third is packed.
fn hold_and_pack(tenant: &Tenant, shop: &Shop) {
    let product = trade::goods(tenant, "HELD-1", "40", "100");
    let post = |path: &str, fields: &[(&str, &str)]| {
        let answer = tenant.owner.post(&tenant.path(path), fields);
        answer.is(303).header("location").to_owned()
    };
    let held = ordering::order(tenant, shop.customer, &[(product, "5")]).unwrap();
    post(
        &format!("/orders/{held}/hold"),
        &[("reason", "The cheque is open")],
    );
    let number = trade::confirmed(tenant, shop, &[(product, "12")]);
    let shipment = post(&format!("/orders/{number}/pick"), &[]);
    let shipment = shipment.rsplit('/').next().unwrap();
    let line = trade::line_id(tenant, shipment);
    post(
        &format!("/shipments/{shipment}/pack"),
        &[("line", &line), ("packed", "4"), ("packages", "1")],
    );
}

/// A logo for a company, sent as its owner would.
fn give_logo(tenant: &Tenant) {
    let mut png = std::io::Cursor::new(Vec::new());
    image::RgbImage::from_pixel(64, 64, image::Rgb([20, 90, 60]))
        .write_to(&mut png, image::ImageFormat::Png)
        .unwrap();
    tenant
        .owner
        .open(&tenant.path("/settings/brand"))
        .form("#brand")
        .attach("logo.png", png.get_ref())
        .submit()
        .is(303);
}

/// Goods, an order of the shop's and something in its cart: the number of the order.
fn stock_the_shelves(tenant: &Tenant, shop: &Shop) -> String {
    Goods::new("SOAP").pack("12", "case").mrp("60").on(tenant);
    Goods::new("OIL").price("118.50").stock("5").on(tenant);
    Goods::new("NEW").status("upcoming").on(tenant);
    give_address(tenant, shop, "33");
    let add = |units: &str| {
        let path = shop.path(tenant, "/cart/items");
        shop.owner
            .post(&path, &[("op", "set:SOAP"), ("qty.SOAP", units)])
            .is(303);
    };
    add("2");
    let placed = shop
        .owner
        .open(&shop.path(tenant, "/cart"))
        .form("#checkout")
        .to(&shop.path(tenant, "/orders"))
        .press("op", "place")
        .submit();
    let to = placed.is(303).header("location").to_owned();
    add("3");
    to.split(['/', '?']).nth(5).unwrap().to_owned()
}

/// One visit: somebody opens an address, and perhaps sends a form from there.
pub struct Screen {
    /// For the report.
    pub name: String,
    /// Whose browser.
    pub who: Browser,
    /// The address.
    pub path: String,
    /// The status that the visit ends in.
    pub status: u16,
    /// A form of the page, and what is typed before it is sent.
    pub sends: Option<(&'static str, &'static [(&'static str, &'static str)])>,
}

const LONG: &str = "Sri Venkateswara Wholesale Provisions and General Stores 1963";
const UNBROKEN: &str = "Thiruvananthapurampadmanabhaswamykovilagathukrishnankuttynair";

/// A company of the demo; a test that removes it shows this screen's visitor the overview instead.
fn demo() {
    run(app(), &format!(
        "insert into companies (id, slug, name, legal_name, pan, is_demo)
           values (gen_random_uuid(), 'demo-{0}', 'Demo Company {0}', 'Demo Company Limited', 'AAACD1234A', true);
         insert into invitations (tenant_id, id, email, name, role, token_hash, expires_at)
           select id, id, '{1}', 'Demo Owner', 'owner', sha256(id::text::bytea), now() + interval '7 days' from companies where slug = 'demo-{0}'",
        unique(),
        email("demo")
    ));
}

impl World {
    /// A company with an employee, an open invitation and three shops; one that just opened; one that is suspended; and a platform admin.
    pub fn new() -> Self {
        let (platform, tenant, bare, suspended) =
            (admin(), self::tenant(), self::tenant(), self::tenant());
        let (_, viewer) = tenant.employee(Role::Viewer);
        let (_, driver) = tenant.employee(Role::Driver);
        let (_, reader_of_hindi) = tenant.employee(Role::Sales);
        reader_of_hindi
            .open("/me/preferences")
            .form("#preferences")
            .fill("language", "hi-IN")
            .submit()
            .is(303);
        platform
            .open(&format!("/admin/companies/{}/suspend", suspended.id))
            .form("#confirm")
            .fill("reason", "Fees are open since March")
            .submit()
            .is(303);
        let invited = email("new");
        tenant
            .owner
            .open(&tenant.path("/settings/people/invite"))
            .form("#invite")
            .fill(
                "name",
                "A Person With A Name So Long That It Needs More Than One Line",
            )
            .fill("email", &invited)
            .submit()
            .is(303);
        let (shop, lone_shop, idle_shop) =
            (retailer(&tenant), retailer(&tenant), retailer(&tenant));
        lengthen_names(&tenant, &bare);
        connect_shops(&bare, &shop, &idle_shop);
        let failed_job = ask(app(), "select gen_random_uuid()::text as value");
        run(app(), &format!(
            "insert into jobs (id, tenant_id, kind, title, payload, state, attempts, last_error, finished_at)
             values ('{failed_job}', '{}', 'browser.failed', 'A job that failed for the browser tests', '{{\"to\": \"somebody\"}}', 'failed', 8, 'The other side hung up.', now())",
            tenant.id
        ));
        let branch = branch_and_view(&tenant);
        let exports = exports(&tenant);
        give_logo(&bare);
        give_goods(&tenant);
        ordering::draft(&tenant, shop.customer);
        hold_and_pack(&tenant, &shop);
        let one = |from: &str| {
            ask(
                app(),
                &format!("select id::text as value from {from} limit 1"),
            )
        };
        Self {
            employee: one(&format!(
                "employees where tenant_id = '{}' and role = 'sales'",
                tenant.id
            )),
            person: one(&format!("users where email = '{}'", tenant.owner_email)),
            lonely: one("users where is_platform_admin"),
            branch,
            invitation: invitation_link(&invited),
            job: one(&format!(
                "jobs where tenant_id = '{}' and id <> '{failed_job}'",
                tenant.id
            )),
            shipments: shipments(&tenant, &shop),
            fleet: trade::fleet(&tenant, 1500),
            letter: one(&format!("mails where recipient = '{invited}'")),
            trade: trade(&tenant, &shop),
            stray: stray(),
            order: stock_the_shelves(&tenant, &shop),
            admin: platform,
            tenant,
            bare,
            suspended,
            viewer,
            driver,
            reader_of_hindi,
            shop,
            lone_shop,
            idle_shop,
            failed_job,
            exports,
        }
    }

    /// Who visits a route's screen, and where; nothing for a route that these tables do not know.
    fn visits(&self, pattern: &str) -> Vec<Screen> {
        [
            self.accounts(pattern),
            self.doors(pattern),
            self.platform(pattern),
            self.office(pattern),
            self.kept(pattern),
            self.customers(pattern),
            self.stock(pattern),
            self.imports(pattern),
            self.supply(pattern),
            self.online(pattern),
            self.said_once(pattern),
            self.papers(pattern),
            self.books(pattern),
            self.demand(pattern),
            self.goods(pattern),
            self.portal(pattern),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    /// The pages of a person's own account.
    fn accounts(&self, pattern: &str) -> Vec<Screen> {
        let stranger = Browser::new();
        let (owner, at) = (&self.tenant.owner, Screen::at);
        match pattern {
            "/" => vec![at(&stranger, "/"), at(owner, "/")],
            "/sign-in" => vec![
                at(&stranger, "/sign-in"),
                at(&stranger, "/sign-in?next=%2Fme").sends("form.stack", &[], 422),
            ],
            "/sign-in/code" => vec![
                at(&stranger, "/sign-in/code"),
                at(&stranger, "/sign-in/code").sends("form.stack", &[], 422),
                at(&stranger, "/sign-in/code").sends(
                    "form.stack",
                    &[("email", "nobody@test.example")],
                    200,
                ),
            ],
            "/forgot" => vec![
                at(&stranger, "/forgot"),
                at(&stranger, "/forgot").sends("form.stack", &[], 422),
            ],
            "/reset" => vec![
                at(&stranger, "/reset"),
                at(&stranger, "/reset").sends("form.stack", &[], 422),
            ],
            "/workspaces" => vec![
                at(owner, "/workspaces"),
                at(&self.stray, "/workspaces"),
                at(&self.shop.owner, "/workspaces"),
            ],
            "/help" => vec![at(&stranger, "/help"), at(owner, "/help")],
            "/privacy" => vec![
                at(&stranger, "/privacy"),
                at(&self.reader_of_hindi, "/privacy"),
            ],
            "/me" => vec![
                at(owner, "/me"),
                at(&self.reader_of_hindi, "/me"),
                at(owner, "/me").sends("#profile", &[("name", "")], 422),
            ],
            "/me/security" => vec![
                at(owner, "/me/security"),
                at(owner, "/me/security").sends("#change-password", &[], 422),
            ],
            "/me/preferences" => vec![at(owner, "/me/preferences")],
            _ => Vec::new(),
        }
    }

    /// Files on their way in.
    fn imports(&self, pattern: &str) -> Vec<Screen> {
        let owner = &self.tenant.owner;
        let sent = |kind: &str, text: &str| {
            let page = owner
                .open(&self.tenant.path(&format!("/{kind}/import")))
                .form("#import")
                .fill("text", text)
                .submit();
            Screen::at(owner, page.header("location"))
        };
        let goods = "Code,Name,MRP,Rate\nA-1,A thing,50,45\nA-2,Another thing,50,60\n";
        match pattern {
            "/c/{company}/imports" => vec![
                Screen::at(owner, &self.tenant.path("/imports")),
                Screen::at(&self.bare.owner, &self.bare.path("/imports")),
            ],
            "/c/{company}/products/import" => vec![
                Screen::at(owner, &self.tenant.path("/products/import")),
                Screen::at(owner, &self.tenant.path("/products/import")).sends("#import", &[], 422),
            ],
            "/c/{company}/products/import/{id}" => {
                vec![sent("products", goods), sent("products", goods)]
            }
            "/c/{company}/stock/import" => {
                vec![Screen::at(owner, &self.tenant.path("/stock/import"))]
            }
            "/c/{company}/stock/import/{id}" => vec![sent("stock", "SKU,Qty\nA-1,5\n")],
            _ => Vec::new(),
        }
    }

    /// What a letter leads to, and the letters.
    fn doors(&self, pattern: &str) -> Vec<Screen> {
        let stranger = Browser::new();
        let (owner, at) = (&self.tenant.owner, Screen::at);
        match pattern {
            "/invite/{token}" => vec![
                at(&stranger, &self.invitation),
                at(&stranger, &self.invitation).sends("#accept", &[("name", "")], 422),
                at(owner, &self.invitation).answers(409),
                at(&stranger, "/invite/no-such-token").answers(404),
            ],
            "/dev/mail" => vec![at(&stranger, "/dev/mail")],
            "/dev/mail/{id}" => vec![at(&stranger, &format!("/dev/mail/{}", self.letter))],
            _ => Vec::new(),
        }
    }

    /// The platform's rooms.
    fn platform(&self, pattern: &str) -> Vec<Screen> {
        let (platform, at) = (&self.admin, Screen::at);
        let company = |tenant: &Tenant, rest: &str| {
            at(platform, &format!("/admin/companies/{}{rest}", tenant.id))
        };
        match pattern {
            "/admin" => vec![at(platform, "/admin")],
            "/admin/demo/remove" => {
                demo();
                vec![at(platform, "/admin/demo/remove")]
            }
            "/admin/companies" => vec![
                at(platform, "/admin/companies"),
                at(platform, "/admin/companies?q=no-such-company"),
                at(platform, "/admin/companies?status=suspended"),
            ],
            "/admin/companies/new" => vec![
                at(platform, "/admin/companies/new"),
                at(platform, "/admin/companies/new").sends("#open", &[("name", "Shakti")], 422),
            ],
            "/admin/companies/{id}" => {
                vec![
                    company(&self.tenant, ""),
                    company(&self.suspended, ""),
                    company(&self.bare, ""),
                ]
            }
            "/admin/companies/{id}/edit" => vec![
                company(&self.bare, "/edit"),
                company(&self.bare, "/edit").sends("#edit", &[("name", "")], 422),
            ],
            "/admin/companies/{id}/suspend" => vec![
                company(&self.tenant, "/suspend"),
                company(&self.tenant, "/suspend").sends("#confirm", &[], 422),
            ],
            "/admin/invitations" => vec![
                at(platform, "/admin/invitations"),
                at(platform, "/admin/invitations?q=no-such-guest"),
            ],
            "/admin/search" => vec![
                at(platform, "/admin/search"),
                at(platform, "/admin/search?q=company"),
                at(platform, "/admin/search?q=no-such-thing"),
            ],
            "/admin/people/{id}" => vec![
                at(platform, &format!("/admin/people/{}", self.person)),
                at(platform, &format!("/admin/people/{}", self.lonely)),
            ],
            "/admin/people/{id}/disable" => {
                vec![at(
                    platform,
                    &format!("/admin/people/{}/disable", self.person),
                )]
            }
            "/admin/people/{id}/sign-out" => {
                vec![at(
                    platform,
                    &format!("/admin/people/{}/sign-out", self.person),
                )]
            }
            "/admin/people" => vec![
                at(platform, "/admin/people"),
                at(platform, "/admin/people?q=no-such-person"),
            ],
            "/admin/jobs" => vec![
                at(platform, "/admin/jobs"),
                at(platform, "/admin/jobs?state=failed"),
                at(platform, "/admin/jobs?q=no-such-job"),
            ],
            "/admin/jobs/{id}" => vec![
                at(platform, &format!("/admin/jobs/{}", self.job)),
                at(platform, &format!("/admin/jobs/{}", self.failed_job)),
            ],
            "/admin/jobs/{id}/discard" => vec![at(
                platform,
                &format!("/admin/jobs/{}/discard", self.failed_job),
            )],
            "/admin/messages" => vec![at(platform, "/admin/messages")],
            "/admin/authority-keys" => vec![
                at(platform, "/admin/authority-keys"),
                at(platform, "/admin/authority-keys").sends("#pin", &[("pem", "no key")], 422),
            ],
            "/admin/sandboxes" => vec![at(platform, "/admin/sandboxes")],
            "/admin/sandboxes/taxpayers" => vec![
                at(platform, "/admin/sandboxes/taxpayers"),
                at(platform, "/admin/sandboxes/taxpayers?q=no-such-taxpayer"),
            ],
            _ => Vec::new(),
        }
    }

    /// Has a document stand at the authority as no step leads there: its company need not e-invoice, and no worker is at it.
    fn at_the_authority(&self, document: &str, status: &str) {
        run(
            self.tenant.app,
            &format!(
                "alter table einvoices disable trigger steps;
                 update einvoices set status = '{status}', why = null, ack_no = '1', ack_at = now(), environment = 'sandbox', signed_invoice = 'a.b.c', signed_qr = 'a.b.c' where id = '{document}';
                 alter table einvoices enable trigger steps"
            ),
        );
    }

    /// A registered invoice of goods that need an e-way bill, of a shop that may owe as much.
    fn truckload(&self) {
        let shop = retailer(&self.tenant);
        let sku = format!("P{}", unique());
        let product = trade::goods(&self.tenant, &sku, "12000", "100");
        run(
            self.tenant.app,
            &format!(
                "update products set hsn = '100630', unit = 'KGS' where tenant_id = '{}' and sku = '{sku}'",
                self.tenant.id
            ),
        );
        let order = trade::confirmed(&self.tenant, &shop, &[(product, "12")]);
        let bill = trade::billed(&self.tenant, &trade::packed(&self.tenant, &order));
        self.at_the_authority(&bill.id.to_string(), "registered");
    }

    /// An e-way bill that stands, and the number of its document as in addresses.
    fn eway_bill(&self) -> (uuid::Uuid, String) {
        let bill = trade::an_invoice(&self.tenant, &self.shop);
        self.at_the_authority(&bill.id.to_string(), "registered");
        let id = uuid::Uuid::now_v7();
        let number = 391_000_000_000 + u64::from(unique());
        run(
            self.tenant.app,
            &format!(
                "insert into eway_bills (tenant_id, id, document_id, customer_id, status, vehicle_no, distance_km, number, made_at, valid_until)
                   values ('{}', '{id}', '{}', '{}', 'active', 'TN09AB1234', 120, '{number}', now(), now() + interval '1 day')",
                self.tenant.id, bill.id, self.shop.customer
            ),
        );
        (id, bill.url_no)
    }

    /// Tax documents, as the company and the shop read them.
    fn papers(&self, pattern: &str) -> Vec<Screen> {
        let (at, tenant, shop) = (Screen::at, &self.tenant, &self.shop);
        let office = |rest: String| at(&tenant.owner, &tenant.path(&rest));
        let bill = || trade::an_invoice(tenant, shop);
        let note = |is_credit| trade::a_note(tenant, &bill(), is_credit).url_no;
        match pattern {
            "/c/{company}/invoices/{no}" => {
                let (bill, void) = (bill(), bill());
                trade::taken_back(tenant, &void);
                vec![
                    office(format!("/invoices/{}", bill.url_no)),
                    office(format!("/invoices/{}?lang=hi", bill.url_no)),
                    office(format!("/invoices/{}", void.url_no)),
                ]
            }
            "/c/{company}/invoices/{no}/cancel" => {
                let path = format!("/invoices/{}/cancel", bill().url_no);
                vec![
                    office(path.clone()),
                    office(path).sends("#confirm", &[("reason", "Twice")], 422),
                ]
            }
            "/c/{company}/invoices/{no}/instalments" => {
                let bill = bill();
                let path = format!("/invoices/{}/instalments", bill.url_no);
                let agreed = trade::an_invoice(tenant, shop);
                books::in_instalments(
                    tenant,
                    shop,
                    &agreed.id.to_string(),
                    &[(-30, 252), (-60, 252)],
                );
                vec![
                    office(path.clone()),
                    office(path).sends("#instalments", &[("day-1", "2026-02-30")], 422),
                    office(format!("/invoices/{}/instalments", agreed.url_no)),
                ]
            }
            "/c/{company}/debit-notes/{no}/cancel" => {
                vec![office(format!("/debit-notes/{}/cancel", note(false)))]
            }
            "/c/{company}/credit-notes/new" => {
                vec![office(format!(
                    "/credit-notes/new?invoice={}",
                    bill().url_no
                ))]
            }
            "/c/{company}/debit-notes/new" => {
                vec![office(format!(
                    "/debit-notes/new?invoice={}",
                    bill().url_no
                ))]
            }
            "/c/{company}/credit-notes" | "/c/{company}/debit-notes" => {
                let room = pattern.rsplit('/').next().unwrap_or_default();
                note(room == "credit-notes");
                vec![
                    office(format!("/{room}")),
                    office(format!("/{room}?q=no-such-note")),
                    at(&self.bare.owner, &self.bare.path(&format!("/{room}"))),
                ]
            }
            "/c/{company}/credit-notes/{no}" => {
                vec![office(format!("/credit-notes/{}", note(true)))]
            }
            "/c/{company}/debit-notes/{no}" => {
                vec![office(format!("/debit-notes/{}", note(false)))]
            }
            "/c/{company}/orders/{no}/proforma" => {
                let product = trade::goods(tenant, &format!("P{}", unique()), "40", "100");
                let order = trade::confirmed(tenant, shop, &[(product, "12")]);
                vec![office(format!("/orders/{order}/proforma"))]
            }
            "/r/{retailer}/{supplier}/bills/{no}" => {
                let (bill, agreed) = (bill(), bill());
                let id = agreed.id.to_string();
                books::in_instalments(tenant, shop, &id, &[(-30, 252), (-60, 252)]);
                let path = |no: &str| shop.path(tenant, &format!("/bills/{no}"));
                vec![
                    at(&shop.owner, &path(&bill.url_no)),
                    at(&shop.owner, &path(&agreed.url_no)),
                ]
            }
            _ => Vec::new(),
        }
    }

    /// What a company says once about its documents.
    fn said_once(&self, pattern: &str) -> Vec<Screen> {
        let tenant = &self.tenant;
        let office = |rest: &str| Screen::at(&tenant.owner, &tenant.path(rest));
        let Some(rest) = pattern.strip_prefix("/c/{company}/settings/") else {
            return Vec::new();
        };
        let branch = || format!("/settings/e-invoices/{}", self.branch);
        match rest {
            "e-invoices" => vec![
                office("/settings/e-invoices"),
                office("/settings/e-invoices").sends(
                    "#from",
                    &[("einvoice_from", "1999-01-01")],
                    422,
                ),
            ],
            "e-invoices/{gstin}" => vec![
                office(&branch()),
                office(&branch()).sends("#account", &[], 422),
                office(&branch()).sends("#standing", &[("city", "Pune")], 422),
            ],
            "series" => {
                settings::series(tenant);
                vec![office("/settings/series")]
            }
            "series/new" => vec![
                office("/settings/series/new"),
                office("/settings/series/new").sends("#series", &[("prefix", "0")], 422),
            ],
            "series/{id}" => {
                let path = format!("/settings/series/{}", settings::series(tenant));
                vec![
                    office(&path),
                    office(&path).sends("#series", &[("prefix", "LONG-PREFIX/{FY}/")], 422),
                ]
            }
            "accounting" => vec![
                office("/settings/accounting"),
                office("/settings/accounting").sends(
                    "#printed",
                    &[("bank_ifsc", "SBIN"), ("upi_id", "nobody")],
                    422,
                ),
            ],
            "turnovers" => vec![office("/settings/turnovers")],
            "turnovers/{year}" => vec![
                office("/settings/turnovers/2025-26"),
                office("/settings/turnovers/2025-26").sends(
                    "#turnover",
                    &[("amount", "much")],
                    422,
                ),
            ],
            "undertakings" => vec![
                office("/settings/undertakings"),
                office("/settings/undertakings").sends("#undertaking", &[], 422),
            ],
            "undertakings/{id}" => {
                let path = format!("/settings/undertakings/{}", settings::undertaking(tenant));
                vec![
                    office(&path),
                    office(&path).sends("#undertaking", &[("valid_to", "2030-01-01")], 422),
                ]
            }
            _ => Vec::new(),
        }
    }

    /// Payments over a gateway.
    fn online(&self, pattern: &str) -> Vec<Screen> {
        let at = Screen::at;
        let (tenant, shop) = (&self.tenant, &self.shop);
        match pattern {
            "/c/{company}/settings/integrations/payments" => {
                let path = tenant.path("/settings/integrations/payments");
                gateway::some_account(tenant);
                vec![
                    at(&tenant.owner, &path),
                    at(&tenant.owner, &path).sends("#keys", &[], 422),
                ]
            }
            "/r/{retailer}/{supplier}/pay" => {
                gateway::some_account(tenant);
                books::owes(tenant, shop, 900, (80, 50));
                let agreed = trade::an_invoice(tenant, shop).id.to_string();
                books::in_instalments(tenant, shop, &agreed, &[(-30, 252), (-60, 252)]);
                let path = shop.path(tenant, "/pay");
                vec![
                    at(&shop.owner, &path),
                    at(&shop.owner, &path).sends("#pay", &[], 422),
                ]
            }
            "/r/{retailer}/{supplier}/pay/{id}" | "/sandbox/pay/{order}" => {
                gateway::some_account(tenant);
                gateway::begun(tenant, shop, "10");
                let (order, payment) = gateway::last(tenant, shop);
                if pattern.starts_with("/sandbox/") {
                    vec![at(&shop.owner, &format!("/sandbox/pay/{order}"))]
                } else {
                    vec![at(
                        &shop.owner,
                        &shop.path(tenant, &format!("/pay/{payment}")),
                    )]
                }
            }
            _ => Vec::new(),
        }
    }

    /// Payments, ledgers and receivables.
    #[expect(clippy::too_many_lines, reason = "a table of screens")]
    fn books(&self, pattern: &str) -> Vec<Screen> {
        let at = Screen::at;
        let (tenant, shop) = (&self.tenant, &self.shop);
        if ![
            "/payments",
            "/tax-deducted",
            "/settings/withholding",
            "/ledger",
            "/receivables",
            "/credit-holds",
            "/reports/",
            "/tax-register",
        ]
        .iter()
        .any(|room| pattern.contains(room))
        {
            return Vec::new();
        }
        let office = |rest: &str| at(&tenant.owner, &tenant.path(rest));
        let code = books::code(tenant, shop);
        let bill = books::owes(tenant, shop, 900, (80, 50));
        books::owes(tenant, shop, 250, (9, -5));
        let paid = books::pays(tenant, shop, (Method::Cheque, 400), 20);
        let one = |rest: &str| office(&format!("/payments/{paid}{rest}"));
        let lost = format!("/receivables/{bill}/write-off");
        match pattern {
            "/c/{company}/payments" => vec![
                office("/payments"),
                office("/payments?q=no-such-payment"),
                at(&self.bare.owner, &self.bare.path("/payments")),
            ],
            "/c/{company}/payments/new" => vec![
                office("/payments/new"),
                office("/payments/new?q=shop"),
                office(&format!("/payments/new?customer={code}")),
                office(&format!("/payments/new?customer={code}")).sends(
                    "#payment",
                    &[("how", "hand"), ("paid_on", "")],
                    422,
                ),
            ],
            "/c/{company}/payments/{no}" => {
                let tax = books::deducts(tenant, shop, 40, 2);
                vec![one(""), office(&format!("/payments/{tax}"))]
            }
            "/c/{company}/settings/withholding" => vec![
                office("/settings/withholding"),
                at(&self.bare.owner, &self.bare.path("/settings/withholding")),
            ],
            "/c/{company}/settings/withholding/new" => vec![
                office("/settings/withholding/new"),
                office("/settings/withholding/new").sends("#rule-form", &[], 422),
            ],
            "/c/{company}/settings/withholding/{id}/end" => {
                let sql = format!(
                    "select id::text as value from own_withholding_rules where tenant_id = '{}' limit 1",
                    tenant.id
                );
                let own = ask(app(), &sql);
                vec![office(&format!("/settings/withholding/{own}/end"))]
            }
            "/c/{company}/tax-deducted" => {
                books::deducts(tenant, shop, 40, 2);
                vec![
                    office("/tax-deducted"),
                    office("/tax-deducted?q=no-such-deduction"),
                    at(&self.bare.owner, &self.bare.path("/tax-deducted")),
                ]
            }
            "/c/{company}/tax-deducted/{no}" => {
                let path = format!("/tax-deducted/{}", books::deducts(tenant, shop, 40, 2));
                vec![
                    office(&path),
                    office(&path).sends("#certificate-form", &[("certificate", "7A/1")], 422),
                ]
            }
            "/c/{company}/payments/{no}/allocate" => vec![
                one("/allocate"),
                one("/allocate").sends("#allocate", &[], 422),
            ],
            "/c/{company}/payments/{no}/bounce" => {
                vec![one("/bounce"), one("/bounce").sends("#confirm", &[], 422)]
            }
            "/c/{company}/payments/{no}/refund" => vec![
                one("/refund"),
                one("/refund").sends("#confirm", &[("amount", "")], 422),
            ],
            "/c/{company}/receivables" => vec![
                office("/receivables"),
                office("/receivables?by=bill"),
                office("/receivables?q=no-such-customer"),
                at(&self.bare.owner, &self.bare.path("/receivables")),
            ],
            "/c/{company}/receivables/{id}/write-off" => vec![
                office(&lost),
                office(&lost).sends("#confirm", &[("amount", "")], 422),
            ],
            "/c/{company}/ledger" => vec![
                office("/ledger"),
                office("/ledger?q=no-such-customer"),
                at(&self.bare.owner, &self.bare.path("/ledger")),
            ],
            "/c/{company}/credit-holds" => vec![
                office("/credit-holds"),
                at(&self.bare.owner, &self.bare.path("/credit-holds")),
            ],
            "/c/{company}/reports/ageing" => vec![office("/reports/ageing")],
            "/c/{company}/reports/sales" => vec![
                office("/reports/sales"),
                office("/reports/sales?kind=commercial_note"),
                at(&self.bare.owner, &self.bare.path("/reports/sales")),
            ],
            "/c/{company}/tax-register" => vec![
                office("/tax-register"),
                office("/tax-register?show=hsn"),
                office("/tax-register?show=gstr1"),
                office("/tax-register?month=someday"),
                at(&self.bare.owner, &self.bare.path("/tax-register")),
            ],
            "/c/{company}/tax-register/documents" => vec![
                office("/tax-register/documents"),
                office("/tax-register/documents?table=b2cs"),
                at(&self.bare.owner, &self.bare.path("/tax-register/documents")),
            ],
            "/c/{company}/ledger/{code}" => vec![office(&format!("/ledger/{code}"))],
            "/r/{retailer}/{supplier}/ledger/open" => vec![
                at(
                    &shop.owner,
                    &shop.path(tenant, "/ledger/open?by=bill&bucket=late"),
                ),
                at(
                    &self.lone_shop.owner,
                    &self.lone_shop.path(tenant, "/ledger/open"),
                ),
            ],
            "/r/{retailer}/{supplier}/ledger" => vec![
                at(&shop.owner, &shop.path(tenant, "/ledger")),
                at(
                    &self.lone_shop.owner,
                    &self.lone_shop.path(tenant, "/ledger"),
                ),
            ],
            _ => Vec::new(),
        }
    }

    /// Shipments, their bills and the fleet.
    #[expect(clippy::too_many_lines, reason = "a table of screens")]
    fn supply(&self, pattern: &str) -> Vec<Screen> {
        let at = Screen::at;
        let office = |rest: &str| at(&self.tenant.owner, &self.tenant.path(rest));
        let phone = |rest: &str| at(&self.driver, &self.tenant.path(rest));
        let [picking, packed, out] = &self.shipments;
        let one = |number: &str, rest: &str| office(&format!("/shipments/{number}{rest}"));
        match pattern {
            "/c/{company}/shipments" => vec![
                office("/shipments"),
                office("/shipments?q=no-such-shipment"),
                at(&self.bare.owner, &self.bare.path("/shipments")),
            ],
            "/c/{company}/invoices" => vec![
                office("/invoices"),
                office("/invoices?q=no-such-invoice"),
                at(&self.bare.owner, &self.bare.path("/invoices")),
            ],
            "/c/{company}/invoices/new" => vec![
                office("/invoices/new"),
                office(&format!("/invoices/new?shipment={packed}")),
                office(&format!("/invoices/new?shipment={packed}")).sends(
                    "#issue",
                    &[("discount", "101%"), ("other_charges", "few")],
                    422,
                ),
                office(&format!("/invoices/new?shipment={out}")).answers(409),
            ],
            "/c/{company}/e-invoices" => vec![
                office("/e-invoices"),
                office("/e-invoices?status=not_required"),
                at(&self.bare.owner, &self.bare.path("/e-invoices")),
            ],
            "/c/{company}/e-invoices/{no}" => {
                let number = ask(
                    self.tenant.app,
                    &format!(
                        "select url_no as value from documents where tenant_id = '{}' order by id limit 1",
                        self.tenant.id
                    ),
                );
                vec![office(&format!("/e-invoices/{number}"))]
            }
            "/c/{company}/e-invoices/ready" => {
                let waiting = trade::an_invoice(&self.tenant, &self.shop);
                self.at_the_authority(&waiting.id.to_string(), "pending");
                vec![
                    office("/e-invoices/ready"),
                    office("/e-invoices/ready?state=ready"),
                    at(&self.bare.owner, &self.bare.path("/e-invoices/ready")),
                ]
            }
            "/c/{company}/e-way-bills" => {
                let (_, number) = self.eway_bill();
                vec![
                    office("/e-way-bills"),
                    office("/e-way-bills?q=no-such-bill"),
                    office(&format!("/e-invoices/{number}")),
                    at(&self.bare.owner, &self.bare.path("/e-way-bills")),
                ]
            }
            "/c/{company}/e-way-bills/{id}/cancel" => {
                let path = format!("/e-way-bills/{}/cancel", self.eway_bill().0);
                vec![
                    office(&path),
                    office(&path).sends("#confirm", &[("reason", " ")], 422),
                ]
            }
            "/c/{company}/e-way-bills/{id}/vehicle" => {
                let path = format!("/e-way-bills/{}/vehicle", self.eway_bill().0);
                vec![
                    office(&path),
                    office(&path).sends("#change", &[("plate", "?"), ("remark", " ")], 422),
                ]
            }
            "/c/{company}/e-way-bills/truck" => {
                self.truckload();
                vec![
                    office("/e-way-bills/truck"),
                    office("/e-way-bills/truck").sends("#truck", &[("plate", "?")], 422),
                    at(&self.bare.owner, &self.bare.path("/e-way-bills/truck")),
                ]
            }
            "/c/{company}/e-invoices/{no}/e-way-bill" => {
                let bill = trade::an_invoice(&self.tenant, &self.shop);
                self.at_the_authority(&bill.id.to_string(), "registered");
                let path = format!("/e-invoices/{}/e-way-bill", bill.url_no);
                vec![
                    office(&path),
                    office(&path).sends("#eway", &[("vehicle", "?"), ("distance", "far")], 422),
                ]
            }
            "/c/{company}/e-invoices/{no}/cancel" => {
                let bill = trade::an_invoice(&self.tenant, &self.shop);
                self.at_the_authority(&bill.id.to_string(), "registered");
                let path = format!("/e-invoices/{}/cancel", bill.url_no);
                vec![
                    office(&path),
                    office(&path).sends("#confirm", &[("reason", "")], 422),
                ]
            }
            "/c/{company}/shipments/pick-list" => vec![
                office("/shipments/pick-list"),
                office(&format!("/shipments/pick-list?id={}", self.employee)),
            ],
            "/c/{company}/shipments/{no}" => {
                vec![
                    one(picking, ""),
                    one(packed, ""),
                    one(out, ""),
                    phone(&format!("/shipments/{out}")),
                ]
            }
            "/c/{company}/shipments/{no}/pick-list" => vec![one(picking, "/pick-list")],
            "/c/{company}/shipments/{no}/pack" => vec![
                one(picking, "/pack"),
                one(picking, "/pack").sends("#pack", &[("packed", "99"), ("packages", "")], 422),
                one(out, "/pack").answers(409),
            ],
            "/c/{company}/shipments/{no}/cancel" => vec![
                one(picking, "/cancel"),
                one(picking, "/cancel").sends("#confirm", &[], 422),
            ],
            "/c/{company}/shipments/{no}/send" => vec![
                one(packed, "/send"),
                one(packed, "/send").sends("#send", &[], 422),
            ],
            "/c/{company}/shipments/{no}/challan" => {
                let own = trade::goods(&self.tenant, &format!("CHALLAN{}", unique()), "40", "100");
                let sample = trade::on_approval(&self.tenant, &self.shop, own);
                vec![
                    one(&sample, "/challan"),
                    one(picking, "/challan").answers(409),
                ]
            }
            "/c/{company}/shipments/{no}/deliver" => vec![
                one(out, "/deliver"),
                one(out, "/deliver").sends("#deliver", &[], 422),
            ],
            "/c/{company}/shipments/{no}/return" => vec![
                one(out, "/return"),
                one(out, "/return").sends("#confirm", &[], 422),
            ],
            "/c/{company}/drive" => vec![
                phone("/drive"),
                at(&self.bare.owner, &self.bare.path("/drive")),
            ],
            "/c/{company}/drive/{no}" => vec![
                phone(&format!("/drive/{out}")),
                phone(&format!("/drive/{out}")).sends("#deliver", &[], 422),
            ],
            "/c/{company}/vehicles" => vec![
                office("/vehicles"),
                at(&self.bare.owner, &self.bare.path("/vehicles")),
            ],
            "/c/{company}/vehicles/new" => vec![
                office("/vehicles/new"),
                office("/vehicles/new").sends("#fleet", &[("registration_no", "?")], 422),
            ],
            "/c/{company}/vehicles/{id}" => vec![
                office(&format!("/vehicles/{}", self.fleet.0)),
                at(
                    &self.viewer,
                    &self.tenant.path(&format!("/vehicles/{}", self.fleet.0)),
                ),
            ],
            "/c/{company}/drivers" => vec![
                office("/drivers"),
                at(&self.bare.owner, &self.bare.path("/drivers")),
            ],
            "/c/{company}/drivers/new" => vec![
                office("/drivers/new"),
                office("/drivers/new").sends("#fleet", &[], 422),
            ],
            "/c/{company}/drivers/{id}" => vec![office(&format!("/drivers/{}", self.fleet.1))],
            _ => Vec::new(),
        }
    }

    /// Orders, as employees see them: waiting, confirmed and being picked, held, a draft.
    fn demand(&self, pattern: &str) -> Vec<Screen> {
        let at = Screen::at;
        let office = |rest: &str| at(&self.tenant.owner, &self.tenant.path(rest));
        let number = |condition: &str| {
            let sql = format!(
                "select coalesce(min(number), 'none') as value from orders where tenant_id = '{}' and {condition}",
                self.tenant.id
            );
            ask(app(), &sql)
        };
        let waiting = || number("status = 'to_approve' and not is_held");
        let draft = || number("status = 'draft'");
        let one = |number: &str, rest: &str| office(&format!("/orders/{number}{rest}"));
        match pattern {
            "/c/{company}/orders" => vec![
                office("/orders"),
                office("/orders?q=no-such-order"),
                at(&self.bare.owner, &self.bare.path("/orders")),
                at(&self.viewer, &self.tenant.path("/orders")),
            ],
            "/c/{company}/orders/new" => vec![office("/orders/new")],
            "/c/{company}/orders/{no}" => vec![
                one(&waiting(), ""),
                one(&number("status = 'confirmed'"), ""),
                one(&draft(), ""),
            ],
            "/c/{company}/orders/{no}/edit" => vec![one(&draft(), "/edit")],
            "/c/{company}/orders/{no}/confirm-lines" => vec![one(&waiting(), "/confirm-lines")],
            "/c/{company}/orders/{no}/hold" => vec![
                one(&waiting(), "/hold"),
                one(&waiting(), "/hold").sends("#confirm", &[], 422),
            ],
            "/c/{company}/orders/{no}/release" => vec![
                one(&number("is_held"), "/release"),
                one(&waiting(), "/release").answers(409),
            ],
            "/c/{company}/orders/{no}/cancel" => vec![
                one(&waiting(), "/cancel"),
                one(&waiting(), "/cancel").sends("#confirm", &[], 422),
            ],
            "/c/{company}/orders/{no}/cancel-open" => {
                let begun = number(
                    "exists (select from order_lines l where l.tenant_id = orders.tenant_id and l.order_id = orders.id and l.picking_qty > 0 and l.open_qty > l.picking_qty)",
                );
                vec![
                    one(&begun, "/cancel-open"),
                    one(&waiting(), "/cancel-open").answers(409),
                ]
            }
            "/c/{company}/orders/{no}/lines/{id}/cancel" => {
                let line = ask(
                    app(),
                    &format!(
                        "select l.id::text as value from order_lines l join orders o on o.tenant_id = l.tenant_id and o.id = l.order_id where o.tenant_id = '{}' and o.number = '{}' limit 1",
                        self.tenant.id,
                        waiting()
                    ),
                );
                vec![one(&waiting(), &format!("/lines/{line}/cancel"))]
            }
            "/r/{retailer}/{supplier}/orders/{no}/cancel" => vec![at(
                &self.shop.owner,
                &self
                    .shop
                    .path(&self.tenant, &format!("/orders/{}/cancel", self.order)),
            )],
            _ => Vec::new(),
        }
    }

    /// A company's goods, their prices and taxes.
    fn goods(&self, pattern: &str) -> Vec<Screen> {
        let at = Screen::at;
        let office = |rest: &str| at(&self.tenant.owner, &self.tenant.path(rest));
        let bare = |rest: &str| at(&self.bare.owner, &self.bare.path(rest));
        let one = |from: &str| {
            let sql = format!(
                "select id::text as value from {from} and tenant_id = '{}' limit 1",
                self.tenant.id
            );
            ask(app(), &sql)
        };
        let list = || format!("/price-lists/{}", one("price_lists where name = 'Hotels'"));
        let rate = || format!("/settings/tax/{}", one("own_tax_rates where true"));
        let category = || format!("/categories/{}", one("categories where slug = 'soaps'"));
        match pattern {
            "/c/{company}/products" => vec![
                office("/products"),
                office("/products?q=no-such-thing"),
                bare("/products"),
                at(&self.viewer, &self.tenant.path("/products")),
            ],
            "/c/{company}/products/new" => vec![
                office("/products/new"),
                office("/products/new").sends("#product", &[("hsn", "04075")], 422),
            ],
            "/c/{company}/products/{sku}" => vec![office("/products/BRITE-1")],
            "/c/{company}/products/{sku}/edit" => vec![
                office("/products/BRITE-1/edit"),
                office("/products/BRITE-1/edit").sends("#product", &[("name", "")], 422),
            ],
            "/c/{company}/products/{sku}/media" => vec![office("/products/BRITE-1/media")],
            "/c/{company}/products/{sku}/media/{id}/remove" => {
                let picture = one("product_pictures where true");
                vec![office(&format!("/products/BRITE-1/media/{picture}/remove"))]
            }
            "/c/{company}/categories" => vec![office("/categories"), bare("/categories")],
            "/c/{company}/categories/new" => vec![
                office("/categories/new"),
                office("/categories/new").sends("#category", &[], 422),
            ],
            "/c/{company}/categories/{id}" => vec![office(&category())],
            "/c/{company}/categories/{id}/delete" => {
                vec![office(&format!("{}/delete", category()))]
            }
            "/c/{company}/price-lists" => vec![office("/price-lists")],
            "/c/{company}/price-lists/new" => vec![
                office("/price-lists/new"),
                office("/price-lists/new").sends("#price-list", &[], 422),
            ],
            "/c/{company}/price-lists/{id}" => vec![office(&list())],
            "/c/{company}/price-lists/{id}/edit" => vec![office(&format!("{}/edit", list()))],
            "/c/{company}/price-lists/{id}/end" => vec![office(&format!("{}/end", list()))],
            "/c/{company}/price-lists/{id}/percent" => vec![
                office(&format!("{}/percent", list())),
                office(&format!(
                    "{}/percent?percent=5&places=2&valid_from=2026-04-01",
                    list()
                )),
            ],
            "/c/{company}/price-lists/{id}/prices/{sku}" => vec![
                office(&format!("{}/prices/BRITE-1", list())),
                office(&format!("{}/prices/BRITE-1", list())).sends(
                    "#price-form",
                    &[("price", "")],
                    422,
                ),
            ],
            "/c/{company}/price-check" => vec![
                office("/price-check"),
                office("/price-check?product=BRITE-1&quantity=12&day=2026-04-01"),
            ],
            "/c/{company}/settings/tax" => {
                vec![office("/settings/tax"), bare("/settings/tax?q=butter")]
            }
            "/c/{company}/settings/tax/new" => vec![
                office("/settings/tax/new"),
                office("/settings/tax/new").sends("#rate-form", &[], 422),
            ],
            "/c/{company}/settings/tax/{id}" => vec![office(&rate())],
            "/c/{company}/settings/tax/{id}/end" => vec![office(&format!("{}/end", rate()))],
            _ => Vec::new(),
        }
    }

    /// A company's rooms.
    fn office(&self, pattern: &str) -> Vec<Screen> {
        let (viewer, at) = (&self.viewer, Screen::at);
        let office = |rest: &str| at(&self.tenant.owner, &self.tenant.path(rest));
        match pattern {
            "/c/{company}/" => vec![
                office("/"),
                at(viewer, &self.tenant.path("/")),
                at(&self.driver, &self.tenant.path("/")),
                at(&self.reader_of_hindi, &self.tenant.path("/")),
                at(&self.bare.owner, &self.bare.path("/")),
                at(&self.suspended.owner, &self.suspended.path("/")).answers(403),
                at(viewer, &self.bare.path("/")).answers(404),
            ],
            "/c/{company}/search" => vec![
                office("/search"),
                office("/search?q=Ravi"),
                office("/search?q=no-such-thing"),
            ],
            "/c/{company}/settings" => vec![
                office("/settings"),
                at(viewer, &self.tenant.path("/settings")),
            ],
            "/c/{company}/settings/company" => vec![
                office("/settings/company"),
                at(viewer, &self.tenant.path("/settings/company")),
                office("/settings/company").sends("#profile", &[("name", "")], 422),
            ],
            "/c/{company}/settings/people" => vec![
                office("/settings/people"),
                office("/settings/people?q=no-such-person"),
                at(&self.bare.owner, &self.bare.path("/settings/people")),
                at(&self.reader_of_hindi, &self.tenant.path("/settings/people")),
            ],
            "/c/{company}/settings/people/invite" => vec![
                office("/settings/people/invite"),
                office("/settings/people/invite").sends("#invite", &[], 422),
            ],
            "/c/{company}/settings/people/{id}" => vec![
                office(&format!("/settings/people/{}", self.employee)),
                office(&format!("/settings/people/{}", self.employee)).sends(
                    "#employee",
                    &[("name", "")],
                    422,
                ),
            ],
            "/c/{company}/settings/invitations" => vec![
                office("/settings/invitations"),
                at(&self.bare.owner, &self.bare.path("/settings/invitations")),
            ],
            "/c/{company}/settings/registrations" => vec![
                office("/settings/registrations"),
                at(viewer, &self.tenant.path("/settings/registrations")),
            ],
            "/c/{company}/settings/registrations/new" => vec![
                office("/settings/registrations/new"),
                office("/settings/registrations/new").sends("#register", &[("gstin", "33")], 422),
            ],
            "/c/{company}/settings/registrations/{gstin}" => vec![
                office(&format!("/settings/registrations/{}", self.branch)),
                office(&format!("/settings/registrations/{}", self.branch)).sends(
                    "#registration",
                    &[("trade_name", "")],
                    422,
                ),
            ],
            "/c/{company}/settings/registrations/{gstin}/end" => vec![office(&format!(
                "/settings/registrations/{}/end",
                self.branch
            ))],
            "/c/{company}/settings/views/new" => {
                let new = "/settings/views/new?list=people&filter=role%3Dsales";
                vec![
                    office(new),
                    office(new).sends("#confirm", &[("name", "")], 422),
                ]
            }
            "/c/{company}/settings/roles" => vec![office("/settings/roles")],
            _ => Vec::new(),
        }
    }

    /// What a company sets and keeps.
    fn kept(&self, pattern: &str) -> Vec<Screen> {
        let (viewer, at) = (&self.viewer, Screen::at);
        let office = |rest: &str| at(&self.tenant.owner, &self.tenant.path(rest));
        match pattern {
            "/c/{company}/settings/brand" => vec![
                office("/settings/brand"),
                at(viewer, &self.tenant.path("/settings/brand")),
                at(&self.bare.owner, &self.bare.path("/settings/brand")),
                office("/settings/brand").sends("#brand", &[("hue", "red")], 422),
            ],
            "/c/{company}/downloads" => vec![
                office("/downloads"),
                at(&self.bare.owner, &self.bare.path("/downloads")),
            ],
            "/c/{company}/jobs/{id}" => self
                .exports
                .iter()
                .map(|job| office(&format!("/jobs/{job}")))
                .collect(),
            "/c/{company}/settings/audit" => vec![
                office("/settings/audit"),
                office("/settings/audit?q=no-such-change"),
                at(viewer, &self.tenant.path("/settings/audit")).answers(403),
            ],
            _ => Vec::new(),
        }
    }

    /// A company's book of customers.
    fn customers(&self, pattern: &str) -> Vec<Screen> {
        let (viewer, at) = (&self.viewer, Screen::at);
        let office = |rest: &str| at(&self.tenant.owner, &self.tenant.path(rest));
        let one = |rest: &str| office(&format!("/customers/{}{rest}", self.trade.customer));
        let group = format!("/customer-groups/{}", self.trade.group);
        match pattern {
            "/c/{company}/customers" => vec![
                office("/customers"),
                office("/customers?q=no-such-customer"),
                at(viewer, &self.tenant.path("/customers")),
                at(&self.bare.owner, &self.bare.path("/customers")),
            ],
            "/c/{company}/customers/new" => vec![
                office("/customers/new"),
                office("/customers/new").sends("#customer", &[("name", ""), ("pincode", "0")], 422),
            ],
            "/c/{company}/customers/{code}" => vec![
                one(""),
                office("/customers/LONG"),
                at(viewer, &self.tenant.path("/customers/LONG")),
            ],
            "/c/{company}/customers/{code}/edit" => {
                vec![
                    one("/edit"),
                    one("/edit").sends("#customer", &[("name", "")], 422),
                ]
            }
            "/c/{company}/customers/{code}/terms" => vec![
                one("/terms"),
                one("/terms").sends("#terms", &[("terms_days", "soon")], 422),
            ],
            "/c/{company}/customers/{code}/pause" => vec![one("/pause")],
            "/c/{company}/customers/{code}/invite" => {
                vec![
                    one("/invite"),
                    one("/invite").sends("#invite", &[("name", "")], 422),
                ]
            }
            "/c/{company}/customers/{code}/addresses/new" => vec![
                one("/addresses/new"),
                one("/addresses/new").sends("#address", &[], 422),
            ],
            "/c/{company}/customers/{code}/addresses/{id}" => {
                vec![one(&format!("/addresses/{}", self.trade.place))]
            }
            "/c/{company}/customer-groups" => vec![
                office("/customer-groups"),
                office("/customer-groups").sends("#add", &[], 422),
            ],
            "/c/{company}/customer-groups/{id}" => vec![office(&group)],
            "/c/{company}/customer-groups/{id}/remove" => vec![office(&format!("{group}/remove"))],
            "/join/{token}" => vec![
                at(&Browser::new(), &self.trade.join),
                at(&Browser::new(), &self.trade.join).sends("#join", &[("shop", "")], 422),
                at(&self.tenant.owner, &self.trade.join).answers(409),
            ],
            _ => Vec::new(),
        }
    }

    /// A company's stock.
    fn stock(&self, pattern: &str) -> Vec<Screen> {
        let (viewer, at) = (&self.viewer, Screen::at);
        let office = |rest: &str| at(&self.tenant.owner, &self.tenant.path(rest));
        let item = format!("/stock/{}", self.trade.sku);
        match pattern {
            "/c/{company}/stock" => vec![
                office("/stock"),
                office("/stock?q=no-such-product"),
                at(viewer, &self.tenant.path("/stock")),
            ],
            "/c/{company}/stock/{sku}" => vec![
                office(&item),
                office("/stock/EMPTY-1"),
                office(&item).sends("#level-MAIN", &[("reorder_level", "few")], 422),
            ],
            "/c/{company}/stock/adjust" => vec![
                office("/stock/adjust"),
                office("/stock/adjust").sends(
                    "#adjust",
                    &[("sku-1", "no-such-thing"), ("change-1", "1")],
                    422,
                ),
            ],
            "/c/{company}/warehouses" => vec![office("/warehouses")],
            "/c/{company}/warehouses/new" => vec![
                office("/warehouses/new"),
                office("/warehouses/new").sends("#warehouse", &[("code", "no code")], 422),
            ],
            "/c/{company}/warehouses/{code}" => vec![
                office("/warehouses/MAIN"),
                at(viewer, &self.tenant.path("/warehouses/MAIN")),
            ],
            "/c/{company}/warehouses/{code}/deactivate" => {
                vec![office("/warehouses/SPARE/deactivate")]
            }
            _ => Vec::new(),
        }
    }

    /// A retailer's rooms.
    fn portal(&self, pattern: &str) -> Vec<Screen> {
        let at = Screen::at;
        match pattern {
            "/r/{retailer}" => vec![
                at(&self.shop.owner, &format!("/r/{}", self.shop.slug)),
                at(
                    &self.lone_shop.owner,
                    &format!("/r/{}", self.lone_shop.slug),
                ),
                at(
                    &self.idle_shop.owner,
                    &format!("/r/{}", self.idle_shop.slug),
                ),
            ],
            "/r/{retailer}/{supplier}/" => {
                vec![at(&self.shop.owner, &self.shop.path(&self.tenant, "/"))]
            }
            "/r/{retailer}/{supplier}/account" => vec![
                at(&self.shop.owner, &self.shop.path(&self.tenant, "/account")),
                at(
                    &self.lone_shop.owner,
                    &self.lone_shop.path(&self.tenant, "/account"),
                ),
            ],
            "/r/{retailer}/{supplier}/account/addresses/new" => {
                let new = self.shop.path(&self.tenant, "/account/addresses/new");
                vec![
                    at(&self.shop.owner, &new),
                    at(&self.shop.owner, &new).sends("#address", &[], 422),
                ]
            }
            _ => self.buying(pattern),
        }
    }

    /// Catalogue, cart and orders: full, empty, for a shop that is paused, and in Hindi.
    fn buying(&self, pattern: &str) -> Vec<Screen> {
        let at = Screen::at;
        let here = |rest: &str| at(&self.shop.owner, &self.shop.path(&self.tenant, rest));
        let paused = |rest: &str| at(&self.shop.owner, &self.shop.path(&self.bare, rest));
        let lone = |rest: &str| {
            at(
                &self.lone_shop.owner,
                &self.lone_shop.path(&self.tenant, rest),
            )
        };
        let order = format!("/orders/{}", self.order);
        match pattern {
            "/r/{retailer}/{supplier}/catalogue" => vec![
                here("/catalogue"),
                here("/catalogue?q=sop"),
                here("/catalogue?q=nothing+like+it"),
                paused("/catalogue"),
            ],
            "/r/{retailer}/{supplier}/catalogue/{category}" => vec![here("/catalogue/portal")],
            "/r/{retailer}/{supplier}/p/{sku}" => vec![here("/p/SOAP"), here("/p/NEW")],
            "/r/{retailer}/{supplier}/cart" => vec![
                here("/cart"),
                here("/cart").sends("#checkout", &[("qty.SOAP", "many")], 422),
                lone("/cart"),
            ],
            "/r/{retailer}/{supplier}/order-pad" => vec![
                here("/order-pad"),
                here("/order-pad").sends("#pad", &[("list", "NONE 2")], 422),
                lone("/order-pad"),
            ],
            "/r/{retailer}/{supplier}/orders" => vec![here("/orders"), lone("/orders")],
            "/r/{retailer}/{supplier}/bills" => vec![here("/bills"), lone("/bills")],
            "/r/{retailer}/{supplier}/orders/{no}" => {
                vec![here(&order), here(&format!("{order}?placed=1"))]
            }
            "/r/{retailer}/{supplier}/orders/{no}/again" => {
                vec![here(&format!("{order}/again"))]
            }
            _ => Vec::new(),
        }
    }

    /// Every screen of these routes, and the pages among them that nobody visits.
    pub fn screens(&self, routes: &[RouteInfo]) -> (Vec<Screen>, Vec<String>) {
        let (mut screens, mut unvisited) = (Vec::new(), Vec::new());
        for route in routes.iter().filter(|route| route.kind == Kind::Page) {
            let visits = self.visits(&route.pattern);
            if !visits
                .iter()
                .any(|visit| visit.status == 200 && fits(&route.pattern, &visit.path))
            {
                unvisited.push(route.pattern.clone());
            }
            screens.extend(visits);
        }
        (screens, unvisited)
    }

    /// Pages that no route has: what a wrong address shows, to a stranger and to somebody at work.
    pub fn wrong_addresses(&self) -> Vec<Screen> {
        vec![
            Screen::at(&Browser::new(), "/no-such-page").answers(404),
            Screen::at(&self.tenant.owner, &self.tenant.path("/no-such-page")).answers(404),
        ]
    }
}

impl Screen {
    fn at(who: &Browser, path: &str) -> Self {
        Self {
            name: path.to_owned(),
            who: who.clone(),
            path: path.to_owned(),
            status: 200,
            sends: None,
        }
    }

    fn answers(self, status: u16) -> Self {
        Self { status, ..self }
    }

    fn sends(
        self,
        form: &'static str,
        fields: &'static [(&'static str, &'static str)],
        status: u16,
    ) -> Self {
        Self {
            name: format!("{} after sending {form}", self.path),
            sends: Some((form, fields)),
            status,
            ..self
        }
    }
}

/// Whether an address is one of a route's.
fn fits(pattern: &str, path: &str) -> bool {
    let path = path.split('?').next().unwrap_or(path);
    let (wanted, given): (Vec<&str>, Vec<&str>) =
        (pattern.split('/').collect(), path.split('/').collect());
    wanted.len() == given.len()
        && wanted.iter().zip(&given).all(|(wanted, given)| {
            wanted == given || (wanted.starts_with('{') && !given.is_empty())
        })
}

/// The application's routes behind these doors.
pub fn routes(doors: &[DoorKind]) -> Vec<RouteInfo> {
    mandi::app::routes()
        .table()
        .iter()
        .filter(|route| doors.contains(&route.door))
        .cloned()
        .collect()
}

#[test]
fn a_route_that_nobody_visits_is_reported() {
    // given: the application's own table, and a route planted among them
    let mut all = mandi::app::routes().table().to_vec();
    let world = World::new();
    let (screens, unvisited) = world.screens(&all);
    assert_eq!(unvisited, Vec::<String>::new());
    assert!(screens.len() > all.len() / 2);
    all.push(RouteInfo {
        pattern: "/c/{company}/planted".to_owned(),
        ..all[0].clone()
    });

    // when, then
    assert_eq!(world.screens(&all).1, ["/c/{company}/planted"]);

    // and a visit elsewhere does not count for a route
    assert!(fits(
        "/c/{company}/settings/people/{id}",
        "/c/acme/settings/people/1?x=2"
    ));
    assert!(!fits(
        "/c/{company}/settings/people/{id}",
        "/c/acme/settings/people/"
    ));
    assert!(!fits("/c/{company}/", "/c/acme/settings"));
}
