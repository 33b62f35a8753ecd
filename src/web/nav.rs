//! The ways through the back office, the platform and the portal: what the sidebar and the tabs show to whom.

use super::allowed::{Allowed, Buyer, Employee, Opens, Shopkeeper};
use super::layout::{CartTile, CompanyTile, NavGroup, NavLink, PersonTile, Shell};
use super::page::bare_shell;
use crate::kernel::ids::FileId;
use crate::kernel::language::{Lang, text};
use crate::platform::accounts::Person;
use crate::platform::permissions::{OrderAsShop, Permission, Role, role_has, shop_role_has};
use std::sync::Arc;

/// A pass that has a shell of its own around its pages.
pub trait Shelled {
    /// Adds who and where to the bare shell.
    fn furnish(&self, shell: &mut Shell, lang: Lang, path: &str);
}

impl<P: Permission> Allowed<P>
where
    P::Door: Opens,
    <P::Door as Opens>::Pass: Shelled,
{
    /// The shell of a page. The title is said already.
    pub fn shell(&self, title: impl Into<String>) -> Shell {
        let mut shell = bare_shell(&self.ctx, title.into());
        let path = self.ctx.route.split_once(' ').map_or("/", |(_, path)| path);
        self.pass.furnish(&mut shell, self.lang(), path);
        // Pages for everybody (help, an invitation) know nobody by their door, but whoever is signed in stays so.
        if shell.person.is_none()
            && let Some(person) = self.ctx.person()
        {
            shell.person = Some(tile(person, person.email.clone()));
            shell.home = "/".to_owned();
        }
        shell
    }
}

impl Shelled for () {
    fn furnish(&self, _: &mut Shell, _: Lang, _: &str) {}
}

struct Entry {
    label: &'static str,
    path: &'static str,
    icon: &'static str,
    go: Option<char>,
    needs: &'static str,
}

const OFFICE: &[(Option<&str>, &[Entry])] = &[
    (
        None,
        &[Entry {
            label: text!("Dashboard"),
            path: "",
            icon: "home",
            go: Some('d'),
            needs: "dashboard.read",
        }],
    ),
    (
        Some(text!("Sell")),
        &[
            Entry {
                label: text!("Orders"),
                path: "/orders",
                icon: "receipt",
                go: Some('o'),
                needs: "orders.read",
            },
            Entry {
                label: text!("Invoices"),
                path: "/invoices",
                icon: "receipt",
                go: None,
                needs: "invoices.read",
            },
            Entry {
                label: text!("E-invoices"),
                path: "/e-invoices",
                icon: "shield",
                go: None,
                needs: "invoices.read",
            },
            Entry {
                label: text!("Customers"),
                path: "/customers",
                icon: "shop",
                go: Some('c'),
                needs: "customers.read",
            },
            Entry {
                label: text!("Price lists"),
                path: "/price-lists",
                icon: "tag",
                go: Some('l'),
                needs: "prices.read",
            },
        ],
    ),
    (
        Some(text!("Stock")),
        &[
            Entry {
                label: text!("Products"),
                path: "/products",
                icon: "box",
                go: Some('p'),
                needs: "products.read",
            },
            Entry {
                label: text!("Stock on hand"),
                path: "/stock",
                icon: "layers",
                go: Some('i'),
                needs: "stock.read",
            },
        ],
    ),
    (
        Some(text!("Deliver")),
        &[
            Entry {
                label: text!("Shipments"),
                path: "/shipments",
                icon: "truck",
                go: Some('t'),
                needs: "shipments.read",
            },
            Entry {
                label: text!("E-way bills"),
                path: "/e-way-bills",
                icon: "receipt",
                go: None,
                needs: "invoices.read",
            },
        ],
    ),
    (
        Some(text!("Money")),
        &[
            Entry {
                label: text!("Payments"),
                path: "/payments",
                icon: "wallet",
                go: Some('m'),
                needs: "payments.read",
            },
            Entry {
                label: text!("Receivables"),
                path: "/receivables",
                icon: "chart",
                go: Some('r'),
                needs: "ledger.read",
            },
        ],
    ),
    (
        Some(text!("Settings")),
        &[
            Entry {
                label: text!("Company"),
                path: "/settings/company",
                icon: "shop",
                go: None,
                needs: "company.read",
            },
            Entry {
                label: text!("People"),
                path: "/settings/people",
                icon: "people",
                go: None,
                needs: "people.read",
            },
            Entry {
                label: text!("Audit log"),
                path: "/settings/audit",
                icon: "list",
                go: None,
                needs: "audit.read",
            },
            Entry {
                label: text!("Downloads"),
                path: "/downloads",
                icon: "export",
                go: None,
                needs: "downloads.read",
            },
            Entry {
                label: text!("All settings"),
                path: "/settings",
                icon: "gear",
                go: Some('s'),
                needs: "company.read",
            },
        ],
    ),
];

const PLATFORM: &[Entry] = &[
    Entry {
        label: text!("Overview"),
        path: "/admin",
        icon: "home",
        go: Some('d'),
        needs: "",
    },
    Entry {
        label: text!("Companies"),
        path: "/admin/companies",
        icon: "shop",
        go: Some('c'),
        needs: "",
    },
    Entry {
        label: text!("Invitations"),
        path: "/admin/invitations",
        icon: "mail",
        go: None,
        needs: "",
    },
    Entry {
        label: text!("People"),
        path: "/admin/people",
        icon: "people",
        go: None,
        needs: "",
    },
    Entry {
        label: text!("Jobs"),
        path: "/admin/jobs",
        icon: "layers",
        go: None,
        needs: "",
    },
    Entry {
        label: text!("Letters"),
        path: "/admin/messages",
        icon: "send",
        go: None,
        needs: "",
    },
    Entry {
        label: text!("Sandboxes"),
        path: "/admin/sandboxes",
        icon: "shield",
        go: None,
        needs: "",
    },
];

const PORTAL: &[Entry] = &[
    Entry {
        label: text!("Home"),
        path: "",
        icon: "home",
        go: Some('d'),
        needs: "shop.see",
    },
    Entry {
        label: text!("Catalogue"),
        path: "/catalogue",
        icon: "grid",
        go: Some('c'),
        needs: "shop.see",
    },
    Entry {
        label: text!("Order pad"),
        path: "/order-pad",
        icon: "pad",
        go: Some('p'),
        needs: "shop.order",
    },
    Entry {
        label: text!("Orders"),
        path: "/orders",
        icon: "receipt",
        go: Some('o'),
        needs: "shop.orders",
    },
    Entry {
        label: text!("Ledger"),
        path: "/ledger",
        icon: "wallet",
        go: Some('l'),
        needs: "shop.bills",
    },
    Entry {
        label: text!("Bills"),
        path: "/bills",
        icon: "tag",
        go: None,
        needs: "shop.bills",
    },
    Entry {
        label: text!("Account"),
        path: "/account",
        icon: "person",
        go: Some('s'),
        needs: "shop.see",
    },
];

fn link(entry: &Entry, base: &str, path: &str, lang: Lang) -> NavLink {
    let href = if entry.path.is_empty() {
        format!("{base}/")
    } else {
        format!("{base}{}", entry.path)
    };
    let is_root = entry.path.is_empty() || entry.path == "/admin" || entry.path == "/settings";
    let current = path == href || (!is_root && path.starts_with(&format!("{href}/")));
    NavLink {
        label: lang.t(entry.label).into_owned(),
        href,
        icon: entry.icon,
        go: entry.go,
        count: None,
        current,
    }
}

/// The links that this role may follow; what a role can't use is not rendered.
fn office(role: Role, base: &str, path: &str, lang: Lang) -> Vec<NavGroup> {
    OFFICE
        .iter()
        .map(|(heading, entries)| NavGroup {
            heading: heading.map(|heading| lang.t(heading).into_owned()),
            links: entries
                .iter()
                .filter(|entry| role_has(role, entry.needs))
                .map(|entry| link(entry, base, path, lang))
                .collect(),
        })
        .filter(|group| !group.links.is_empty())
        .collect()
}

fn tile(person: &Person, role: String) -> PersonTile {
    PersonTile {
        name: person.name.clone(),
        role,
        initials: initials(&person.name),
        workspaces: person.companies.len()
            + person.retailers.len()
            + usize::from(person.is_platform_admin),
    }
}

/// First letters of the first two words, for a tile.
pub fn initials(name: &str) -> String {
    name.split_whitespace()
        .filter_map(|word| word.chars().find(|c| c.is_alphanumeric()))
        .take(2)
        .flat_map(char::to_uppercase)
        .collect()
}

fn company_tile(
    slug: &str,
    name: &str,
    (base, logo): (&str, Option<FileId>),
    sub: String,
) -> CompanyTile {
    CompanyTile {
        name: name.to_owned(),
        slug: slug.to_owned(),
        initials: initials(name),
        logo: logo.map(|file| format!("{base}/files/{file}")),
        sub,
    }
}

impl Shelled for Employee {
    fn furnish(&self, shell: &mut Shell, lang: Lang, path: &str) {
        let base = format!("/c/{}", self.company.slug);
        let role = lang.t(self.company.role.label()).into_owned();
        shell.nav = office(self.company.role, &base, path, lang);
        shell.search =
            role_has(self.company.role, "dashboard.read").then(|| format!("{base}/search"));
        shell.home = format!("{base}/");
        shell.brand_css = brand(&self.company.slug, self.company.hue);
        shell.company = Some(company_tile(
            &self.company.slug,
            &self.company.name,
            (&base, self.company.logo),
            role.clone(),
        ));
        shell.person = Some(tile(&self.person, role));
    }
}

impl Shelled for Arc<Person> {
    fn furnish(&self, shell: &mut Shell, lang: Lang, path: &str) {
        if self.is_platform_admin {
            shell.nav = vec![NavGroup {
                heading: None,
                links: PLATFORM
                    .iter()
                    .map(|entry| link(entry, "", path, lang))
                    .collect(),
            }];
            shell.home = "/admin".to_owned();
            shell.search = Some("/admin/search".to_owned());
        } else {
            shell.home = "/workspaces".to_owned();
        }
        let role = if self.is_platform_admin {
            lang.t(text!("Platform admin")).into_owned()
        } else {
            self.email.clone()
        };
        shell.person = Some(tile(self, role));
    }
}

impl Shelled for Shopkeeper {
    fn furnish(&self, shell: &mut Shell, lang: Lang, _: &str) {
        let role = lang.t(self.retailer.role.label()).into_owned();
        shell.home = format!("/r/{}", self.retailer.slug);
        shell.company = Some(company_tile(
            &self.retailer.slug,
            &self.retailer.name,
            ("", None),
            role.clone(),
        ));
        shell.person = Some(tile(&self.person, role));
    }
}

impl Shelled for Buyer {
    fn furnish(&self, shell: &mut Shell, lang: Lang, path: &str) {
        let base = format!("/r/{}/{}", self.retailer.slug, self.supplier.slug);
        shell.tabs = PORTAL
            .iter()
            .filter(|entry| shop_role_has(self.retailer.role, entry.needs))
            .map(|entry| link(entry, &base, path, lang))
            .collect();
        shell.home = format!("{base}/");
        shell.find = Some(format!("{base}/catalogue"));
        shell.cart = self.may::<OrderAsShop>().then(|| CartTile {
            href: format!("{base}/cart"),
            content: None,
            has_bar: false,
        });
        shell.brand_css = brand(&self.supplier.slug, self.supplier.hue);
        shell.company = Some(company_tile(
            &self.supplier.slug,
            &self.supplier.name,
            (&base, self.supplier.logo),
            self.retailer.name.clone(),
        ));
        shell.person = Some(tile(
            &self.person,
            lang.t(self.retailer.role.label()).into_owned(),
        ));
    }
}

/// The company's own colour as a style sheet of one line; the standard hue needs none.
fn brand(slug: &str, hue: i16) -> Option<String> {
    (hue != 264).then(|| format!("/brand/{slug}.css?v={hue}"))
}
