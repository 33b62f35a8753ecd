//! Every address of the route table with real rows in it, and whoever may open it.

use super::world::{admin_in, ask, run};
use super::{
    App, Browser, PASSWORD, Page, Shop, Tenant, email, gstin, gstin_in, retailer, tenant_in, unique,
};
use mandi::platform::permissions::{DoorKind, Role};
use mandi::web::forms::new_key;
use mandi::web::routes::{Kind, RouteInfo};
use uuid::Uuid;

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
        let (shop, platform) = (retailer(&tenant), admin_in(app));
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
        let is_change = route.kind == Kind::Change;
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
            browser,
            path,
            fields,
            file,
            is_change,
        }
    }

    /// The address of a pattern, with this ground's own rows in it.
    fn path(&self, pattern: &str, address: &str) -> String {
        let sku = if pattern.contains("{sku}") {
            self.product()
        } else {
            String::new()
        };
        let id = if pattern.contains("{gstin}") {
            self.registration()
        } else if pattern.contains("/media/{id}") {
            self.picture(&sku)
        } else if pattern.contains("{id}") || pattern.contains("{token}") {
            self.row(pattern, address)
        } else {
            String::new()
        };
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
            .replace("{gstin}", &id)
            .replace("{sku}", &sku)
            .replace("{token}", &id);
        format!("{path}{query}")
    }

    /// A further registration of the company: its GSTIN.
    fn registration(&self) -> String {
        const STATES: [&str; 24] = [
            "01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12", "13", "14",
            "15", "16", "17", "18", "19", "20", "21", "22", "23", "24",
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
    fn product(&self) -> String {
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
        let (tenant, id) = (self.tenant.id, Uuid::now_v7());
        run(
            self.app,
            &format!(
                "insert into files (tenant_id, id, name, media_type, bytes, sha256, purpose, needs)
                   values ('{tenant}', '{id}', 'picture.png', 'image/png', 1, sha256('x'), 'picture', 'files.read');
                 insert into product_pictures (tenant_id, id, product_id, small_file_id, large_file_id)
                   select '{tenant}', '{id}', p.id, '{id}', '{id}' from products p where p.tenant_id = '{tenant}' and p.sku = '{sku}';"
            ),
        );
        id.to_string()
    }

    /// A row that a pattern's `{id}` can mean.
    fn row(&self, pattern: &str, address: &str) -> String {
        let (id, tenant) = (Uuid::now_v7(), self.tenant.id);
        let sql = if pattern.contains("/invitations/") || pattern.contains("{token}") {
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

    /// What the form of a change says. A change that is missing here fails the rightful owner's control.
    ///
    /// `path` is the address with its rows, `address` that of the person whose account it is about.
    fn form(&self, pattern: &str, path: &str, address: &str) -> Vec<(&'static str, String)> {
        let text = |name: &'static str, value: &str| (name, value.to_owned());
        match pattern {
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
            "/c/{company}/settings/tax/{id}/end" => vec![text("valid_to", "2026-03-31")],
            "/c/{company}/products/bulk" => {
                let sku = self.product();
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
            _ => Vec::new(),
        }
    }

    /// When a row was last saved, as its form says it.
    fn version(&self, table: &str, column: &str, value: &str) -> (&'static str, String) {
        let at = self.ask(&format!(
            "select to_char(updated_at at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') as value from {table} where {column} = '{value}'"
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
