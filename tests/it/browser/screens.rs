//! The list of screens: the application's own route table, and for each of its pages who visits it, where.

use crate::support::{
    Browser, Shop, Tenant, admin, app, ask, email, gstin_in, invitation_link, picture, retailer,
    run, stray, tenant,
};
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
           select '{company}', gen_random_uuid(), 'SOAP', '{LONG}', 'Brite', '0407', 120, 12, 'case', id from categories where tenant_id = '{company}';
         insert into price_lists (tenant_id, id, name, status) values ('{company}', gen_random_uuid(), 'Hotels', 'draft');
         insert into price_items (tenant_id, id, price_list_id, product_id, min_qty, price)
           select '{company}', gen_random_uuid(), l.id, p.id, q, 100 - q from price_lists l, products p, unnest(array[0, 12]) q where l.tenant_id = '{company}' and p.tenant_id = '{company}';
         insert into own_tax_rates (tenant_id, id, hsn_prefix, rate, valid_from, reason) values ('{company}', gen_random_uuid(), '3401', 5, '2026-01-01', 'Ruling TN/12/2026');"
    ));
    tenant
        .owner
        .open(&tenant.path("/products/SOAP/media"))
        .form("#picture")
        .attach("soap.png", &picture())
        .submit()
        .is(303);
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
            letter: one(&format!("mails where recipient = '{invited}'")),
            stray: stray(),
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
        let category = || format!("/categories/{}", one("categories where true"));
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
            "/c/{company}/products/{sku}" => vec![office("/products/SOAP")],
            "/c/{company}/products/{sku}/edit" => vec![
                office("/products/SOAP/edit"),
                office("/products/SOAP/edit").sends("#product", &[("name", "")], 422),
            ],
            "/c/{company}/products/{sku}/media" => vec![office("/products/SOAP/media")],
            "/c/{company}/products/{sku}/media/{id}/remove" => {
                let picture = one("product_pictures where true");
                vec![office(&format!("/products/SOAP/media/{picture}/remove"))]
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
                office(&format!("{}/prices/SOAP", list())),
                office(&format!("{}/prices/SOAP", list())).sends(
                    "#price-form",
                    &[("price", "")],
                    422,
                ),
            ],
            "/c/{company}/price-check" => vec![
                office("/price-check"),
                office("/price-check?product=SOAP&quantity=12&day=2026-04-01"),
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
