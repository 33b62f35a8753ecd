//! E-way bills for a whole truck, as people ask for them.

use super::eway_bills::plates;
use crate::accounting::actions::einvoices::{Load, MOST_OF_A_TRUCK};
use crate::accounting::forms::TruckForm;
use crate::kernel::language::{Lang, Said, text};
use crate::logistics::model::Vehicle;
use crate::web::components::{Empty, Field, Summary};
use crate::web::filters;
use crate::web::forms::new_key;
use crate::web::layout::Shell;
use askama::Template;
use uuid::Uuid;

/// Goods that a truck may take.
pub struct LoadRow {
    pub id: Uuid,
    pub number: String,
    pub href: String,
    pub customer: String,
    pub place: String,
    pub value: String,
    pub shipment: String,
    pub is_ticked: bool,
    pub km: String,
    /// Whether the portal can't work the kilometres out.
    pub is_within: bool,
    pub error: Option<String>,
}

#[derive(Template)]
#[template(path = "accounting/einvoices/truck.html")]
pub struct TruckPage {
    pub shell: Shell,
    pub base: String,
    pub fields: Vec<Field>,
    pub rows: Vec<LoadRow>,
    pub loads_error: Option<String>,
    /// That there are more than stand here.
    pub more: Option<String>,
    pub empty: Empty,
    pub summary: Option<Summary>,
    pub key: Uuid,
}

impl TruckPage {
    pub fn new(
        shell: Shell,
        (lang, base): (Lang, String),
        (loads, has_more): (Vec<Load>, bool),
        vehicles: &[Vehicle],
        form: &TruckForm,
    ) -> Self {
        let row = |load: Load| LoadRow {
            id: load.document.id.uuid(),
            href: format!(
                "{base}/e-invoices/{}?year={}",
                load.document.url_no, load.document.year
            ),
            customer: load.customer,
            place: load.place,
            value: load.consignment.value.to_string(),
            shipment: load.shipment.unwrap_or_default(),
            is_ticked: form.has(load.document.id),
            km: form.km_of(load.document.id).to_owned(),
            is_within: load.is_within,
            error: form
                .wrong_km
                .get(&load.document.id)
                .map(|said| lang.say(said)),
            number: load.document.number,
        };
        let rows: Vec<LoadRow> = loads.into_iter().map(row).collect();
        Self {
            fields: vec![
                plates(lang, vehicles, &form.vehicle).remarks(&form.remarks, lang),
                Field::text("plate", lang.t(text!("Number plate")))
                    .value(&form.plate)
                    .optional()
                    .hint(lang.t("Of a vehicle that is not in the list."))
                    .autocomplete("off")
                    .remarks(&form.remarks, lang),
            ],
            loads_error: form.remarks.on("loads", lang),
            more: has_more.then(|| {
                lang.say(
                    &Said::new("These are the first {most}: ask for them, then for the rest.")
                        .with("most", MOST_OF_A_TRUCK),
                )
            }),
            empty: Empty {
                icon: "truck",
                heading: lang.t("No goods wait for an e-way bill").into_owned(),
                text: lang
                    .t("Packed shipments stand here whose invoice is registered and whose goods need a bill that is not made yet.")
                    .into_owned(),
                action: None,
            },
            summary: form.remarks.summary(lang),
            rows,
            shell,
            base,
            key: new_key(),
        }
    }
}
