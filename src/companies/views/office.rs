//! A company's settings and roles, and what a search finds.

use crate::kernel::language::Lang;
use crate::platform::permissions::{self, Role, ShopRole};
use crate::web::filters;
use crate::web::layout::Shell;
use crate::web::list::ListQuery;
use askama::Template;

/// A link with a line about it.
pub struct About {
    pub href: String,
    pub icon: &'static str,
    pub label: String,
    pub text: String,
}

#[derive(Template)]
#[template(path = "companies/settings.html")]
pub struct SettingsPage {
    pub shell: Shell,
    pub links: Vec<About>,
}

/// What was found of one kind.
pub struct Found {
    pub heading: String,
    pub links: Vec<About>,
}

#[derive(Template)]
#[template(path = "companies/search.html")]
pub struct SearchPage {
    pub shell: Shell,
    pub query: String,
    pub action: String,
    pub groups: Vec<Found>,
}

impl SearchPage {
    /// Kinds of which nothing was found are left out.
    pub fn new(shell: Shell, query: &ListQuery, found: Vec<(String, Vec<About>)>) -> Self {
        Self {
            action: query.path().to_owned(),
            query: query.search().unwrap_or_default().to_owned(),
            groups: found
                .into_iter()
                .filter(|(_, links)| !links.is_empty())
                .map(|(heading, links)| Found { heading, links })
                .collect(),
            shell,
        }
    }
}

/// A permission and who has it, in the order of the roles.
pub struct RightRow {
    pub about: String,
    pub has: Vec<bool>,
}

#[derive(Template)]
#[template(path = "companies/roles.html")]
pub struct RolesPage {
    pub shell: Shell,
    pub roles: Vec<(String, String)>,
    pub rights: Vec<RightRow>,
    pub shop_roles: Vec<(String, String)>,
    pub shop_rights: Vec<RightRow>,
}

impl RolesPage {
    pub fn new(shell: Shell, lang: Lang) -> Self {
        let word = |label, about| (lang.t(label).into_owned(), lang.t(about).into_owned());
        let rights = permissions::ALL
            .iter()
            .filter(|entry| !entry.roles.is_empty());
        let shop_rights = permissions::ALL
            .iter()
            .filter(|entry| !entry.shop_roles.is_empty());
        Self {
            shell,
            roles: Role::ALL
                .iter()
                .map(|role| word(role.label(), role.about()))
                .collect(),
            rights: rights
                .map(|entry| RightRow {
                    about: lang.t(entry.about).into_owned(),
                    has: Role::ALL
                        .iter()
                        .map(|role| entry.roles.contains(role))
                        .collect(),
                })
                .collect(),
            shop_roles: ShopRole::ALL
                .iter()
                .map(|role| word(role.label(), role.about()))
                .collect(),
            shop_rights: shop_rights
                .map(|entry| RightRow {
                    about: lang.t(entry.about).into_owned(),
                    has: ShopRole::ALL
                        .iter()
                        .map(|role| entry.shop_roles.contains(role))
                        .collect(),
                })
                .collect(),
        }
    }
}
