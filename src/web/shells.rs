//! What stands around a page for whoever passed a door: who and where, and the ways from there.

use super::allowed::{Allowed, Buyer, Employee, Opens, Shopkeeper};
use super::layout::{CartTile, CompanyTile, NavGroup, PersonTile, Shell};
use super::nav;
use super::page::bare_shell;
use crate::kernel::ids::FileId;
use crate::kernel::language::{Lang, text};
use crate::platform::accounts::Person;
use crate::platform::permissions::{OrderAsShop, Permission, role_has};
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
        shell.nav = nav::office(self.company.role, &base, path, lang);
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
                links: nav::platform(path, lang),
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
        shell.tabs = nav::portal(self.retailer.role, &base, path, lang);
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
