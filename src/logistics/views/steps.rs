//! The forms of a shipment's steps.

use super::kilograms;
use crate::kernel::language::{Lang, Said};
use crate::kernel::number::indian;
use crate::logistics::forms::{DeliverForm, PackForm, SendForm};
use crate::logistics::model::{Driver, Known, Line, Shipment, Vehicle};
use crate::logistics::rules::{self, ChallanReason, Way};
use crate::web::components::{Choice, Field, Summary};
use crate::web::filters;
use crate::web::forms::new_key;
use crate::web::layout::Shell;
use askama::Template;
use uuid::Uuid;

/// A line to be packed.
pub struct PackRow {
    pub id: String,
    pub sku: String,
    pub name: String,
    pub unit: String,
    pub wanted: String,
    pub wanted_packs: Option<String>,
    pub typed: String,
    pub error: Option<String>,
}

#[derive(Template)]
#[template(path = "logistics/pack.html")]
pub struct PackPage {
    pub shell: Shell,
    pub path: String,
    pub number: String,
    pub order_no: String,
    pub customer: String,
    pub summary: Option<Summary>,
    pub rows: Vec<PackRow>,
    pub packages: Field,
    pub weight: Field,
    pub key: Uuid,
}

impl PackPage {
    pub fn new(
        shell: Shell,
        lang: Lang,
        base: &str,
        (shipment, lines): (&Shipment, &[Line]),
        form: &PackForm,
    ) -> Self {
        let row = |line: &Line| {
            let id = line.shipment_line?;
            let wanted = line.to_pick?;
            let wrong = form.wrong.iter().find(|(wrong, _)| *wrong == id);
            Some(PackRow {
                sku: line.sku.clone(),
                name: line.name.clone(),
                unit: line.unit.clone(),
                wanted: indian(wanted),
                wanted_packs: line.pack().beside(wanted, lang),
                typed: form.typed(id).to_owned(),
                error: wrong.map(|(_, said)| lang.say(said)),
                id: id.to_string(),
            })
        };
        let summary = form.summary(lang);
        let its = lines.iter().filter(|line| line.shipment_line.is_some());
        let about_weight = match rules::weight(its.map(|line| (line.held(), line.weight_g))) {
            Some(grammes) => Said::new("All of it together. Left blank, it is worked out from what is packed: {weight} kg if that is everything.")
                .with("weight", kilograms(grammes)),
            None => Said::new("All of it together. It can't be worked out: the weight of a product is not known."),
        };
        Self {
            shell: shell.with_errors(summary.is_some()),
            path: format!("{base}/shipments/{}", shipment.number),
            number: shipment.number.clone(),
            order_no: shipment.order_no.clone(),
            customer: shipment.customer.clone(),
            summary,
            rows: lines.iter().filter_map(row).collect(),
            packages: Field::text("packages", lang.t("Boxes and bags"))
                .inputmode("numeric")
                .autocomplete("off")
                .value(&form.packages)
                .remarks(&form.remarks, lang),
            weight: Field::text("weight", lang.t("Weight in kg"))
                .inputmode("decimal")
                .autocomplete("off")
                .hint(lang.say(&about_weight))
                .value(&form.weight)
                .remarks(&form.remarks, lang)
                .optional(),
            key: new_key(),
        }
    }
}

/// The e-way bill of goods that are to leave.
pub struct WayCard {
    /// Whether one is needed and is not made here.
    pub is_missing: bool,
    /// The need of one, or its number and the vehicle that it names, in words.
    pub said: String,
    /// Where it is made, while it can be made here.
    pub to_make: Option<String>,
    /// Whether the goods go abroad: it is made in the portal alone.
    pub is_export: bool,
    /// The tick that it is in order, where that does not show here.
    pub known: Option<Field>,
}

impl WayCard {
    /// Nothing where no bill is needed and none is made.
    fn new(lang: Lang, base: &str, way: &Way, form: &SendForm) -> Option<Self> {
        let is_missing = way.bill.is_none() && way.consignment.needs_bill();
        let said = match &way.bill {
            None if is_missing => way.consignment.need(),
            None => return None,
            Some(bill) => {
                let said = match &bill.vehicle_no {
                    Some(vehicle) => {
                        Said::new("Its e-way bill {number} names the vehicle {vehicle}.")
                            .with("vehicle", vehicle)
                    }
                    None => Said::new("Its e-way bill {number} names no vehicle yet."),
                };
                said.with("number", &bill.number)
            }
        };
        let is_asked =
            is_missing || form.eway_known == "on" || form.remarks.on("eway_known", lang).is_some();
        let known = Field::new("checkbox", "eway_known", lang.t("The e-way bill is in order"))
            .hint(lang.t("Only if it was made or changed in the e-way bill portal itself, or the law asks for none. It is kept with the order."))
            .checked(form.eway_known == "on")
            .remarks(&form.remarks, lang);
        Some(Self {
            is_missing,
            said: lang.say(&said),
            is_export: way.is_export,
            to_make: way.to_make.as_ref().map(|path| format!("{base}{path}")),
            known: is_asked.then_some(known),
        })
    }
}

#[derive(Template)]
#[template(path = "logistics/send.html")]
pub struct SendPage {
    pub shell: Shell,
    pub base: String,
    pub path: String,
    pub shipment: Shipment,
    pub weight: Option<String>,
    pub summary: Option<Summary>,
    pub fields: Vec<Field>,
    pub overload: Option<Field>,
    /// Why it leaves with a challan, where it has no invoice.
    pub papers: Vec<Field>,
    /// Why it leaves although its invoice is not registered, where that is so.
    pub unregistered: Option<Field>,
    /// What is to be known of the e-way bill of its goods.
    pub way: Option<WayCard>,
    pub has_fleet: bool,
    pub key: Uuid,
}

fn vehicle_choices(lang: Lang, vehicles: &[Vehicle], chosen: &str) -> Vec<Choice> {
    let mut choices = vec![Choice::new("", lang.t("Choose a vehicle"), chosen)];
    choices.extend(vehicles.iter().map(|row| {
        let mut label = format!("{} · {}", row.name, row.registration_no);
        if let Some(capacity) = row.capacity_kg {
            let carries = Said::new("carries {capacity} kg").with("capacity", i64::from(capacity));
            label = format!("{label} · {}", lang.say(&carries));
        }
        Choice::new(&row.id.to_string(), label, chosen)
    }));
    choices
}

/// Why it leaves with a challan.
fn challan(lang: Lang, form: &SendForm) -> Vec<Field> {
    let mut reasons = vec![Choice::new(
        "",
        lang.t("With its invoice"),
        &form.challan_reason,
    )];
    reasons.extend(ChallanReason::CHOICES.map(|reason| {
        Choice::new(
            reason.as_str(),
            lang.t(reason.label()),
            &form.challan_reason,
        )
    }));
    vec![
        Field::new("select", "challan_reason", lang.t("Papers"))
            .hint(lang.t(
                "Without an invoice it leaves with a delivery challan, and the challan says why.",
            ))
            .choices(reasons)
            .remarks(&form.remarks, lang),
        Field::text("challan_words", lang.t("The reason in words"))
            .hint(lang.t("Needed with Another reason. The challan prints it."))
            .autocomplete("off")
            .value(&form.challan_words)
            .remarks(&form.remarks, lang)
            .optional(),
    ]
}

fn unregistered(lang: Lang, form: &SendForm) -> Field {
    Field::text(
        "unregistered_reason",
        lang.t("Why it leaves without its IRN"),
    )
    .hint(lang.t("Only if the goods can't wait: the authority is away, for example. It is kept with the order."))
    .autocomplete("off")
    .value(&form.unregistered_reason)
    .remarks(&form.remarks, lang)
    .optional()
}

impl SendPage {
    pub fn new(
        shell: Shell,
        lang: Lang,
        base: String,
        ((shipment, known), vehicles, drivers): ((Shipment, Known), Vec<Vehicle>, Vec<Driver>),
        form: &SendForm,
    ) -> Self {
        let mut driver = vec![Choice::new("", lang.t("Choose a driver"), &form.driver)];
        driver.extend(
            drivers
                .iter()
                .map(|row| Choice::new(&row.id.to_string(), row.name.clone(), &form.driver)),
        );
        let overload = Field::new("checkbox", "overload", lang.t("It goes anyway"))
            .hint(lang.t("The vehicle carries more than it should."))
            .checked(form.overload == "on")
            .remarks(&form.remarks, lang);
        let is_over = form.remarks.on("overload", lang).is_some() || form.overload == "on";
        Self {
            shell: shell.with_errors(!form.remarks.is_empty()),
            path: format!("{base}/shipments/{}", shipment.number),
            weight: shipment.weight_g.map(kilograms),
            summary: form.remarks.summary(lang),
            papers: if shipment.invoice_no.is_none() {
                challan(lang, form)
            } else {
                Vec::new()
            },
            unregistered: (!known.is_registered).then(|| unregistered(lang, form)),
            way: known
                .way
                .and_then(|way| WayCard::new(lang, &base, &way, form)),
            fields: vec![
                Field::new("select", "vehicle", lang.t("Vehicle"))
                    .choices(vehicle_choices(lang, &vehicles, &form.vehicle))
                    .remarks(&form.remarks, lang),
                Field::new("select", "driver", lang.t("Driver"))
                    .choices(driver)
                    .remarks(&form.remarks, lang),
                Field::new("date", "expected_on", lang.t("Expected on"))
                    .hint(lang.t("The retailer sees this day."))
                    .value(&form.expected_on)
                    .remarks(&form.remarks, lang),
            ],
            overload: is_over.then_some(overload),
            has_fleet: !vehicles.is_empty() && !drivers.is_empty(),
            base,
            shipment,
            key: new_key(),
        }
    }
}

/// What is said at the door.
pub struct Door {
    pub back: String,
    pub action: String,
    pub shipment: Shipment,
    pub summary: Option<Summary>,
    pub fields: Vec<Field>,
    pub key: Uuid,
}

/// The form for the door: in the back office, or on a driver's phone.
#[derive(Template)]
pub enum DeliverPage {
    /// In the back office.
    #[template(path = "logistics/deliver.html")]
    Office {
        /// What stands around it.
        shell: Shell,
        /// The form.
        door: Door,
    },
    /// On a phone.
    #[template(path = "logistics/stop.html")]
    Phone {
        /// What stands around it.
        shell: Shell,
        /// The form.
        door: Door,
    },
}

impl Door {
    /// `back`: the list or shipment that it was opened from; `action`: where the form goes; `limit`: the largest photo, in words.
    pub fn new(
        lang: Lang,
        (back, action): (String, String),
        shipment: Shipment,
        form: &DeliverForm,
        limit: &str,
    ) -> Self {
        let photo = Said::new(
            "Of the goods or the stamped challan; at most {limit}. The retailer sees it.",
        )
        .with("limit", limit);
        Self {
            back,
            action,
            summary: form.remarks.summary(lang),
            fields: vec![
                Field::text("received_by", lang.t("Received by"))
                    .autocomplete("off")
                    .hint(lang.t("The name of whoever took the goods."))
                    .value(&form.received_by)
                    .remarks(&form.remarks, lang),
                Field::new("textarea", "note", lang.t("Note"))
                    .value(&form.note)
                    .remarks(&form.remarks, lang)
                    .optional(),
                Field::new("file", "file", lang.t("Photo"))
                    .accept("image/jpeg,image/png,image/webp")
                    .hint(lang.say(&photo))
                    .remarks(&form.remarks, lang)
                    .optional(),
            ],
            shipment,
            key: new_key(),
        }
    }
}
