//! Every address of the route table with real rows in it, and whoever may open it.

use super::trade;
use super::world::{admin_in, ask, run};
use super::{
    App, Browser, PASSWORD, Page, Shop, Tenant, email, gstin, gstin_in, retailer, tenant_in, unique,
};
use mandi::logistics::rules::Status;
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
        browser.post(path, &fields)
    }
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
        Visit {
            browser,
            path,
            fields,
            is_change,
        }
    }

    /// The address of a pattern, with this ground's own rows in it.
    fn path(&self, pattern: &str, address: &str) -> String {
        let id = if pattern.contains("{gstin}") {
            self.registration()
        } else if pattern.contains("{no}") {
            self.number(pattern)
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
            .replace("{no}", &id)
            .replace("{token}", &id);
        format!("{path}{query}")
    }

    /// The number of a document that a pattern's `{no}` can mean, as far as its step wants it.
    fn number(&self, pattern: &str) -> String {
        let (tenant, shop) = (&self.tenant, &self.shop);
        trade::give_address(tenant, shop);
        let product = trade::goods(tenant, &format!("P{}", unique()), "40", "100");
        if pattern.ends_with("/orders/{no}/pick") {
            return trade::confirmed(tenant, shop, &[(product, "12")]);
        }
        let status = match pattern.rsplit('/').next() {
            Some("reopen" | "send") => Status::Packed,
            Some("challan" | "deliver" | "return") => Status::Out,
            _ if pattern.contains("/drive/") => Status::Out,
            _ => Status::Picking,
        };
        trade::shipment(tenant, shop, product, status)
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

    /// A row that a pattern's `{id}` can mean.
    fn row(&self, pattern: &str, address: &str) -> String {
        let (id, tenant) = (Uuid::now_v7(), self.tenant.id);
        let sql = if pattern.contains("/invitations/") || pattern.contains("{token}") {
            format!(
                "insert into invitations (tenant_id, id, email, name, role, token_hash, expires_at)
                   values ('{tenant}', '{id}', '{}', 'New Person', 'viewer', sha256('{id}'), now() + interval '7 days')",
                email("invited")
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
                ]
            }
            "/c/{company}/shipments/{no}/deliver" | "/c/{company}/drive/{no}" => {
                vec![text("received_by", "Meena")]
            }
            "/c/{company}/vehicles/new" => vec![
                ("registration_no", format!("TN{}", unique() + 100)),
                text("name", "Van"),
            ],
            "/c/{company}/vehicles/{id}" => vec![
                self.version("vehicles", "id", place(4)),
                ("registration_no", format!("KA{}", unique() + 100)),
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
