//! What the platform sees of people.

use super::role_word;
use crate::companies::model::{PersonRow, Place};
use crate::kernel::device;
use crate::kernel::language::Lang;
use crate::platform::accounts::attempts::Attempt;
use crate::platform::accounts::sessions::Session;
use crate::platform::permissions::ShopRole;
use crate::web::components::{Empty, Pill};
use crate::web::filters;
use crate::web::forms::new_key;
use crate::web::layout::Shell;
use crate::web::list::{ListQuery, Page};
use crate::web::listing::{ListBuilder, Listing};
use askama::Template;
use uuid::Uuid;

/// Whether a person may sign in.
fn state_pill(lang: Lang, is_disabled: bool) -> Pill {
    if is_disabled {
        Pill::new(lang.t("Disabled"), "", "plain")
    } else {
        Pill::new(lang.t("Active"), "ok", "full")
    }
}

#[derive(Template)]
#[template(path = "companies/people_across.html")]
pub struct PeoplePage {
    pub shell: Shell,
    pub list: Listing,
    pub rows: Vec<(PersonRow, Pill)>,
}

impl PeoplePage {
    pub fn new(
        shell: Shell,
        lang: Lang,
        query: &ListQuery,
        (page, total): (Page<PersonRow>, i64),
    ) -> Self {
        let first = Empty {
            icon: "people",
            heading: lang.t("No people yet").into_owned(),
            text: lang
                .t("People join by a link that we send to their e-mail.")
                .into_owned(),
            action: None,
        };
        Self {
            shell,
            list: ListBuilder::new(query, lang, lang.t("Name or e-mail"))
                .filter("state", lang.t("State"), &["active", "disabled"], |state| {
                    state_pill(lang, state == "disabled").text
                })
                .finish(&page, total, first, lang.t("No people match")),
            rows: page
                .rows
                .into_iter()
                .map(|row| (state_pill(lang, row.disabled_at.is_some()), row))
                .map(|(pill, row)| (row, pill))
                .collect(),
        }
    }
}

/// A door that a person may open: its name, its page if it has one, the role behind it.
pub struct PlaceRow {
    pub icon: &'static str,
    pub name: String,
    pub href: Option<String>,
    pub role: String,
    pub place: Place,
}

/// A browser in which a person is signed in, or from which somebody tried.
pub struct DeviceRow {
    pub device: String,
    pub address: String,
    pub at: chrono::DateTime<chrono::Utc>,
}

#[derive(Template)]
#[template(path = "companies/person.html")]
pub struct PersonPage {
    pub shell: Shell,
    pub person: PersonRow,
    pub pill: Pill,
    pub is_self: bool,
    pub places: Vec<PlaceRow>,
    pub sessions: Vec<DeviceRow>,
    pub failures: Vec<DeviceRow>,
    pub key: Uuid,
}

impl PersonPage {
    pub fn new(
        shell: Shell,
        lang: Lang,
        (person, is_self): (PersonRow, bool),
        places: Vec<Place>,
        (sessions, failures): (Vec<Session>, Vec<Attempt>),
    ) -> Self {
        let device = |agent: Option<String>| match agent.as_deref().map(device::name) {
            Some(name) if !name.is_empty() => name,
            _ => lang.t("Unknown device").into_owned(),
        };
        Self {
            shell,
            pill: state_pill(lang, person.disabled_at.is_some()),
            person,
            is_self,
            places: places
                .into_iter()
                .map(|place| place_row(lang, place))
                .collect(),
            sessions: sessions
                .into_iter()
                .map(|session| DeviceRow {
                    device: device(session.agent),
                    address: session.address.unwrap_or_default(),
                    at: session.seen_at,
                })
                .collect(),
            failures: failures
                .into_iter()
                .map(|attempt| DeviceRow {
                    device: device(attempt.agent),
                    address: attempt.address,
                    at: attempt.at,
                })
                .collect(),
            key: new_key(),
        }
    }
}

fn place_row(lang: Lang, place: Place) -> PlaceRow {
    match (&place.company, &place.retailer) {
        (Some((id, name)), _) => PlaceRow {
            icon: "shop",
            name: name.clone(),
            href: Some(format!("/admin/companies/{id}")),
            role: role_word(lang, &place.role),
            place,
        },
        (None, name) => PlaceRow {
            icon: "tag",
            name: name.clone().unwrap_or_default(),
            href: None,
            role: ShopRole::from_code(&place.role)
                .map_or_else(String::new, |role| lang.t(role.label()).into_owned()),
            place,
        },
    }
}
