//! A company's settings, roles and colour.

use crate::companies::views::{About, RolesPage, SettingsPage};
use crate::error::AppError;
use crate::kernel::language::Lang;
use crate::platform::permissions::{Probe, ReadCompany, ReadPeople, role_has};
use crate::web::Allowed;
use crate::web::allowed::Employee as Pass;
use crate::web::list::ListQuery;
use crate::web::page::{self, Answer};
use actix_web::HttpResponse;

/// Address, icon, name, what is there, and the right it takes.
type Room = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
);

/// Every page of settings.
const ROOMS: [Room; 15] = [
    (
        "/settings/company",
        "shop",
        "Company",
        "Names, address, contact",
        "company.read",
    ),
    (
        "/settings/brand",
        "image",
        "Brand",
        "Logo and colour",
        "company.read",
    ),
    (
        "/settings/registrations",
        "receipt",
        "GST registrations",
        "GSTINs by state, and which one is primary",
        "company.read",
    ),
    (
        "/settings/tax",
        "receipt",
        "Tax rates",
        "HSN codes, their GST rates, and rates of the company's own",
        "company.read",
    ),
    (
        "/settings/withholding",
        "receipt",
        "Tax at source",
        "What customers deduct from what they pay (TDS), by section and day, and own rates",
        "company.read",
    ),
    (
        "/settings/e-invoices",
        "send",
        "E-invoices",
        "From which day on, and how each registration signs in at the authority",
        "accounting.settings",
    ),
    (
        "/settings/series",
        "list",
        "Series of numbers",
        "How invoices and notes are numbered",
        "accounting.settings",
    ),
    (
        "/settings/accounting",
        "wallet",
        "Bank and terms",
        "Bank account, UPI, small print and rounding of invoices",
        "accounting.settings",
    ),
    (
        "/settings/undertakings",
        "globe",
        "Letters of undertaking",
        "For supplies to SEZ and abroad without payment of tax",
        "accounting.settings",
    ),
    (
        "/settings/turnovers",
        "chart",
        "Turnover",
        "By financial year: digits of HSN codes and the duty to e-invoice follow from it",
        "accounting.settings",
    ),
    (
        "/settings/integrations/payments",
        "wallet",
        "Online payments",
        "Accounts at payment gateways, and what those told",
        "accounting.settings",
    ),
    (
        "/settings/people",
        "people",
        "People",
        "Who works here and in what role",
        "people.read",
    ),
    (
        "/settings/invitations",
        "mail",
        "Invitations",
        "Sent, accepted, expired; send again or take back",
        "people.manage",
    ),
    (
        "/settings/roles",
        "shield",
        "Roles",
        "Who may do what",
        "people.read",
    ),
    (
        "/settings/audit",
        "list",
        "Audit log",
        "Who changed what, and when",
        "audit.read",
    ),
];

/// The settings that this role may open.
pub fn settings_links(lang: Lang, pass: &Pass) -> Vec<About> {
    let base = pass.base();
    ROOMS
        .into_iter()
        .filter(|(_, _, _, _, needs)| role_has(pass.company.role, needs))
        .map(|(path, icon, label, text, _)| About {
            href: format!("{base}{path}"),
            icon,
            label: lang.t(label).into_owned(),
            text: lang.t(text).into_owned(),
        })
        .collect()
}

pub async fn settings(actor: Allowed<ReadCompany>) -> Answer {
    page::show(
        &actor.ctx,
        &SettingsPage {
            shell: actor.shell(actor.lang().t("Settings")),
            links: settings_links(actor.lang(), &actor.pass),
        },
    )
}

pub async fn roles(actor: Allowed<ReadPeople>) -> Answer {
    page::show(
        &actor.ctx,
        &RolesPage::new(actor.shell(actor.lang().t("Roles")), actor.lang()),
    )
}

/// A company's colour as a style sheet of one rule. The hue is in the address, so no row is read and the answer can be kept for a year.
pub async fn brand(_actor: Allowed<Probe>, query: ListQuery) -> Answer {
    let hue = query
        .get("v")
        .and_then(|hue| hue.parse::<u16>().ok())
        .filter(|hue| *hue < 360)
        .ok_or(AppError::NotFound)?;
    Ok(HttpResponse::Ok()
        .content_type("text/css; charset=utf-8")
        .insert_header(("Cache-Control", "public, max-age=31536000, immutable"))
        .body(format!(":root{{--hue:{hue}}}")))
}
