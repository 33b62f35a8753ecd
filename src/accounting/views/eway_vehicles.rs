//! Other vehicles of e-way bills, as people ask for them and read of them.

use super::einvoices::{Wrong, wrongs_of};
use super::eway_bills::plates;
use crate::accounting::forms::VehicleForm;
use crate::accounting::model::{Aboard, Document, EWayBill, VehicleChange};
use crate::accounting::rules::eway_vehicle::{REASONS, reason};
use crate::kernel::dates;
use crate::kernel::language::{Lang, Said, text};
use crate::kernel::state::State;
use crate::logistics::model::Vehicle;
use crate::web::components::{Choice, Field, Pill, Summary};
use crate::web::filters;
use crate::web::forms::new_key;
use crate::web::layout::Shell;
use askama::Template;
use askama::filters::HtmlSafe;
use uuid::Uuid;

/// A change of the vehicle of a bill.
pub struct ChangeRow {
    /// From which vehicle to which.
    pub vehicles: String,
    pub pill: Pill,
    /// Where.
    pub place: String,
    /// Why.
    pub why: String,
    /// Who asked for it, and when.
    pub asked: String,
    /// When the portal had done it, or when it was clear that it never will.
    pub ended: Option<String>,
    pub next: Option<String>,
    pub wrongs: Vec<Wrong>,
}

/// The vehicles of a bill, the newest first.
#[derive(Template)]
#[template(path = "accounting/einvoices/_changes.html")]
pub struct Changes {
    pub rows: Vec<ChangeRow>,
}
impl HtmlSafe for Changes {}

impl Changes {
    pub fn new(lang: Lang, base: &str, changes: &[VehicleChange]) -> Self {
        let rows = changes.iter().map(|change| row(lang, base, change));
        Self {
            rows: rows.collect(),
        }
    }
}

fn row(lang: Lang, base: &str, change: &VehicleChange) -> ChangeRow {
    let state = State::by_code(&change.state_code).map_or("", State::name);
    let vehicles = match &change.from_vehicle_no {
        Some(from) => format!("{from} → {}", change.vehicle_no),
        None => change.vehicle_no.clone(),
    };
    let (label, tone, shape) = match (change.done_at, change.refused_at) {
        (Some(_), _) => (text!("Changed"), "ok", "full"),
        (None, Some(_)) => (text!("Refused"), "bad", "full"),
        (None, None) => (text!("Being changed"), "info", "half"),
    };
    let asked = Said::new("{who}, {at}")
        .with("who", change.asked_by_name.as_str())
        .with("at", dates::full_date_and_time(change.asked_at, lang));
    let at = |at| dates::full_date_and_time(at, lang);
    ChangeRow {
        vehicles,
        pill: Pill::new(lang.t(label), tone, shape),
        place: format!("{}, {}", change.place, lang.t(state)),
        why: format!("{}: {}", lang.t(reason(change.reason_code)), change.remark),
        asked: lang.say(&asked),
        ended: change.done_at.or(change.refused_at).map(at),
        next: change.next_try_at.map(|at| dates::date_and_time(at, lang)),
        wrongs: wrongs_of(lang, base, change.wrong()),
    }
}

/// What a page about the vehicle of a bill shows.
pub struct VehicleFound {
    pub bill: EWayBill,
    pub document: Document,
    pub changes: Vec<VehicleChange>,
    /// The bills that are changed together.
    pub aboard: Vec<Aboard>,
    pub vehicles: Vec<Vehicle>,
}

#[derive(Template)]
#[template(path = "accounting/einvoices/vehicle.html")]
pub struct VehiclePage {
    pub shell: Shell,
    /// Where the document of the bill is.
    pub back: String,
    pub number: String,
    pub action: String,
    /// Which vehicle the bills name, and how many they are.
    pub effect: String,
    pub fields: Vec<Field>,
    pub aboard: Vec<Aboard>,
    pub changes: Changes,
    pub summary: Option<Summary>,
    pub key: Uuid,
}

impl VehiclePage {
    pub fn new(
        shell: Shell,
        (lang, base): (Lang, &str),
        found: VehicleFound,
        form: &VehicleForm,
    ) -> Self {
        let typed = |name, label: &str, value: &str| {
            Field::text(name, lang.t(label))
                .value(value)
                .autocomplete("off")
                .remarks(&form.remarks, lang)
        };
        let states = State::current()
            .map(|state| Choice::new(state.code(), lang.t(state.name()), &form.state));
        let reasons = REASONS.map(|(code, label)| Choice::new(code, lang.t(label), &form.reason));
        let effect = match &found.bill.vehicle_no {
            Some(plate) => Said::new(
                "{count} e-way bills that stand and are valid name the vehicle {plate}. The portal is asked to name the new one in all of them.",
            )
            .with("plate", plate.as_str()),
            None => Said::new("The e-way bill names no vehicle that is known here. The portal is asked to name one in it."),
        };
        Self {
            back: format!(
                "{base}/e-invoices/{}?year={}",
                found.document.url_no, found.document.year
            ),
            number: found.document.number,
            action: format!("{base}/e-way-bills/{}/vehicle", found.bill.id),
            effect: lang.say(&effect.with("count", found.aboard.len())),
            fields: vec![
                plates(lang, &found.vehicles, &form.vehicle).remarks(&form.remarks, lang),
                typed("plate", text!("Number plate"), &form.plate)
                    .optional()
                    .hint(lang.t("Of a vehicle that is not in the list.")),
                typed(
                    "place",
                    text!("Place at which the goods change over"),
                    &form.place,
                ),
                Field::new("select", "state", lang.t("State"))
                    .choices(states.collect())
                    .remarks(&form.remarks, lang),
                Field::new("select", "reason", lang.t("Reason"))
                    .choices(reasons.into())
                    .remarks(&form.remarks, lang),
                typed("remark", text!("Reason in your words"), &form.remark)
                    .hint(lang.t("The portal keeps it: at most 50 letters.")),
            ],
            changes: Changes::new(lang, base, &found.changes),
            aboard: found.aboard,
            summary: form.remarks.summary(lang),
            shell,
            key: new_key(),
        }
    }
}
