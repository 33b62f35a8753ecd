//! Vehicles and drivers: the lists and the forms.

use crate::kernel::language::{Lang, text};
use crate::logistics::forms::{DriverForm, VehicleForm};
use crate::logistics::model::{Driver, Vehicle};
use crate::web::components::{Empty, Field, Pill, Summary};
use crate::web::filters;
use crate::web::forms::{new_key, theirs};
use crate::web::layout::Shell;
use crate::web::list::{ListQuery, Page};
use crate::web::listing::{ListBuilder, Listing};
use askama::Template;
use uuid::Uuid;

fn state_word(lang: Lang, is_active: bool) -> String {
    if is_active {
        lang.t("In use")
    } else {
        lang.t("Not in use")
    }
    .into_owned()
}

fn pill(lang: Lang, is_active: bool) -> Pill {
    let (tone, shape) = if is_active {
        ("ok", "full")
    } else {
        ("", "plain")
    };
    Pill::new(state_word(lang, is_active), tone, shape)
}

/// Words of a list of the fleet.
struct Words {
    placeholder: &'static str,
    path: String,
    icon: &'static str,
    none: &'static str,
    no_match: &'static str,
    add: Option<&'static str>,
}

fn listing<T>(query: &ListQuery, lang: Lang, page: &Page<T>, total: i64, words: &Words) -> Listing {
    let first = Empty {
        icon: words.icon,
        heading: lang.t(words.none).into_owned(),
        text: lang
            .t("A shipment leaves with a vehicle and a driver.")
            .into_owned(),
        action: words
            .add
            .map(|add| (lang.t(add).into_owned(), format!("{}/new", words.path))),
    };
    ListBuilder::new(query, lang, lang.t(words.placeholder))
        .filter("state", lang.t("State"), &["active", "off"], |state| {
            state_word(lang, state == "active")
        })
        .export(&format!("{}/export", words.path))
        .finish(page, total, first, lang.t(words.no_match))
}

#[derive(Template)]
#[template(path = "logistics/vehicles.html")]
pub struct VehiclesPage {
    pub shell: Shell,
    pub list: Listing,
    pub rows: Vec<(Vehicle, Pill)>,
    pub base: String,
    pub may_edit: bool,
}

impl VehiclesPage {
    pub fn new(
        shell: Shell,
        lang: Lang,
        (base, may_edit): (String, bool),
        query: &ListQuery,
        (page, total): (Page<Vehicle>, i64),
    ) -> Self {
        let words = Words {
            placeholder: text!("Name or registration number"),
            path: format!("{base}/vehicles"),
            icon: "truck",
            none: text!("No vehicles yet"),
            no_match: text!("No vehicles match"),
            add: may_edit.then_some(text!("Add a vehicle")),
        };
        let row = |row: Vehicle| {
            let pill = pill(lang, row.is_active);
            (row, pill)
        };
        Self {
            shell,
            list: listing(query, lang, &page, total, &words),
            rows: page.rows.into_iter().map(row).collect(),
            base,
            may_edit,
        }
    }
}

#[derive(Template)]
#[template(path = "logistics/drivers.html")]
pub struct DriversPage {
    pub shell: Shell,
    pub list: Listing,
    pub rows: Vec<(Driver, Pill)>,
    pub base: String,
    pub may_edit: bool,
}

impl DriversPage {
    pub fn new(
        shell: Shell,
        lang: Lang,
        (base, may_edit): (String, bool),
        query: &ListQuery,
        (page, total): (Page<Driver>, i64),
    ) -> Self {
        let words = Words {
            placeholder: text!("Name"),
            path: format!("{base}/drivers"),
            icon: "person",
            none: text!("No drivers yet"),
            no_match: text!("No drivers match"),
            add: may_edit.then_some(text!("Add a driver")),
        };
        let row = |row: Driver| {
            let pill = pill(lang, row.is_active);
            (row, pill)
        };
        Self {
            shell,
            list: listing(query, lang, &page, total, &words),
            rows: page.rows.into_iter().map(row).collect(),
            base,
            may_edit,
        }
    }
}

fn on(is_active: bool) -> String {
    if is_active { "on" } else { "" }.to_owned()
}

/// A form of the fleet: adds a row or changes one.
#[derive(Template)]
#[template(path = "logistics/fleet_form.html")]
pub struct FleetForm {
    pub shell: Shell,
    pub list: String,
    pub list_label: String,
    pub action: String,
    pub summary: Option<Summary>,
    pub conflict: bool,
    pub fields: Vec<Field>,
    pub active: Field,
    pub may_edit: bool,
    pub version: String,
    pub key: Uuid,
}

/// Makes the page of a vehicle.
pub struct VehiclePage;

impl VehiclePage {
    /// `saved`: the row that is changed; nothing for a new one.
    pub fn page(
        shell: Shell,
        lang: Lang,
        (base, may_edit): (&str, bool),
        saved: Option<&Vehicle>,
        (form, conflict): (&VehicleForm, bool),
    ) -> FleetForm {
        let list = format!("{base}/vehicles");
        let capacity = saved
            .and_then(|row| row.capacity_kg)
            .map(|kg| kg.to_string());
        let field = |name, label: &'static str, typed: &str, saved: Option<&str>| {
            let made = Field::text(name, lang.t(label))
                .autocomplete("off")
                .value(typed)
                .remarks(&form.remarks, lang)
                .theirs(theirs(conflict, saved, typed));
            if may_edit { made } else { made.readonly() }
        };
        let plate = saved.map(|row| row.registration_no.as_str());
        let name = saved.map(|row| row.name.as_str());
        FleetForm {
            shell: shell.with_errors(!form.remarks.is_empty() || conflict),
            action: saved.map_or_else(|| format!("{list}/new"), |row| format!("{list}/{}", row.id)),
            list,
            list_label: lang.t("Vehicles").into_owned(),
            summary: form.remarks.summary(lang),
            conflict,
            fields: vec![
                field(
                    "registration_no",
                    text!("Registration number"),
                    &form.registration_no,
                    plate,
                )
                .hint(lang.t("As on the plate, e.g. TN 09 AB 1234.")),
                field("name", text!("Name"), &form.name, name)
                    .hint(lang.t("What people call it, e.g. Big truck.")),
                field(
                    "capacity_kg",
                    text!("Carries, in kg"),
                    &form.capacity_kg,
                    capacity.as_deref(),
                )
                .inputmode("numeric")
                .hint(lang.t("You are warned before more than this is loaded."))
                .optional(),
            ],
            active: Field::new("checkbox", "active", lang.t("In use"))
                .hint(lang.t("Without this it can't be chosen any more."))
                .checked(form.active == "on"),
            may_edit,
            version: form.version.clone(),
            key: new_key(),
        }
    }

    pub fn of(row: &Vehicle) -> VehicleForm {
        VehicleForm {
            registration_no: row.registration_no.clone(),
            name: row.name.clone(),
            capacity_kg: row.capacity_kg.map(|kg| kg.to_string()).unwrap_or_default(),
            active: on(row.is_active),
            version: row.updated_at.to_rfc3339(),
            ..VehicleForm::default()
        }
    }
}

/// Makes the page of a driver.
pub struct DriverPage;

impl DriverPage {
    /// `saved`: the row that is changed; nothing for a new one.
    pub fn page(
        shell: Shell,
        lang: Lang,
        (base, may_edit): (&str, bool),
        saved: Option<&Driver>,
        (form, conflict): (&DriverForm, bool),
    ) -> FleetForm {
        let list = format!("{base}/drivers");
        let field = |kind, name, label: &'static str, typed: &str, saved: Option<&str>| {
            let made = Field::new(kind, name, lang.t(label))
                .autocomplete("off")
                .value(typed)
                .remarks(&form.remarks, lang)
                .theirs(theirs(conflict, saved, typed));
            if may_edit { made } else { made.readonly() }
        };
        let name = saved.map(|row| row.name.as_str());
        let phone = saved.and_then(|row| row.phone.as_deref());
        let licence = saved.and_then(|row| row.licence_no.as_deref());
        FleetForm {
            shell: shell.with_errors(!form.remarks.is_empty() || conflict),
            action: saved.map_or_else(|| format!("{list}/new"), |row| format!("{list}/{}", row.id)),
            list,
            list_label: lang.t("Drivers").into_owned(),
            summary: form.remarks.summary(lang),
            conflict,
            fields: vec![
                field("text", "name", text!("Name"), &form.name, name),
                field("tel", "phone", text!("Mobile number"), &form.phone, phone).optional(),
                field(
                    "text",
                    "licence_no",
                    text!("Driving licence"),
                    &form.licence_no,
                    licence,
                )
                .optional(),
            ],
            active: Field::new("checkbox", "active", lang.t("In use"))
                .hint(lang.t("Without this the driver can't be chosen any more."))
                .checked(form.active == "on"),
            may_edit,
            version: form.version.clone(),
            key: new_key(),
        }
    }

    pub fn of(row: &Driver) -> DriverForm {
        DriverForm {
            name: row.name.clone(),
            phone: row.phone.clone().unwrap_or_default(),
            licence_no: row.licence_no.clone().unwrap_or_default(),
            active: on(row.is_active),
            version: row.updated_at.to_rfc3339(),
            ..DriverForm::default()
        }
    }
}
