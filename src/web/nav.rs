//! The ways through the back office, the platform and the portal: what the sidebar and the tabs show to whom.

use super::layout::{NavGroup, NavLink};
use crate::kernel::language::{Lang, text};
use crate::platform::permissions::{Role, ShopRole, role_has, shop_role_has};

pub use super::shells::{Shelled, initials};

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
                label: text!("Ledgers"),
                path: "/ledger",
                icon: "list",
                go: None,
                needs: "ledger.read",
            },
            Entry {
                label: text!("Credit notes"),
                path: "/credit-notes",
                icon: "receipt",
                go: None,
                needs: "invoices.read",
            },
            Entry {
                label: text!("Receivables"),
                path: "/receivables",
                icon: "chart",
                go: Some('r'),
                needs: "ledger.read",
            },
            Entry {
                label: text!("Credit holds"),
                path: "/credit-holds",
                icon: "warning",
                go: None,
                needs: "ledger.read",
            },
            Entry {
                label: text!("Tax register"),
                path: "/tax-register",
                icon: "receipt",
                go: None,
                needs: "invoices.read",
            },
            Entry {
                label: text!("Sales"),
                path: "/reports/sales",
                icon: "chart",
                go: None,
                needs: "invoices.read",
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
        label: text!("Keys of the authority"),
        path: "/admin/authority-keys",
        icon: "check",
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

/// What a phone shows under "Account".
const MINOR: [&str; 2] = ["/ledger", "/bills"];

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
        is_minor: false,
    }
}

/// The links that this role may follow; what a role can't use is not rendered.
pub(super) fn office(role: Role, base: &str, path: &str, lang: Lang) -> Vec<NavGroup> {
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

/// The platform's links.
pub(super) fn platform(path: &str, lang: Lang) -> Vec<NavLink> {
    PLATFORM
        .iter()
        .map(|entry| link(entry, "", path, lang))
        .collect()
}

/// The portal's links that this role may follow.
pub(super) fn portal(role: ShopRole, base: &str, path: &str, lang: Lang) -> Vec<NavLink> {
    PORTAL
        .iter()
        .filter(|entry| shop_role_has(role, entry.needs))
        .map(|entry| NavLink {
            is_minor: MINOR.contains(&entry.path),
            ..link(entry, base, path, lang)
        })
        .collect()
}
