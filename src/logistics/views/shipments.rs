//! The list of shipments, and the driver's.

use super::{kilograms, pill};
use crate::kernel::dates;
use crate::kernel::language::{Lang, Said};
use crate::logistics::model::{Shipment, Vehicle};
use crate::logistics::rules::Status;
use crate::web::components::{Choice, Empty, Field, Pill};
use crate::web::filters;
use crate::web::layout::Shell;
use crate::web::list::{ListQuery, Page, Total};
use crate::web::listing::{KeptView, ListBuilder, Listing};
use askama::Template;
use chrono::NaiveDate;

/// A tab above the list.
pub struct View {
    pub label: String,
    pub href: String,
    pub is_current: bool,
}

/// A shipment in the list.
pub struct ShipmentRow {
    pub shipment: Shipment,
    pub pill: Pill,
    pub expected: Option<String>,
    pub weight: Option<String>,
    pub can_be_run: bool,
}

#[derive(Template)]
#[template(path = "logistics/shipments.html")]
pub struct ShipmentsPage {
    pub shell: Shell,
    pub list: Listing,
    pub views: Vec<View>,
    pub rows: Vec<ShipmentRow>,
    pub base: String,
    pub has_runs: bool,
}

fn views(lang: Lang, base: &str, asked: &[&str]) -> Vec<View> {
    let path = format!("{base}/shipments");
    let tab = |label: &'static str, status: &str| View {
        label: lang.t(label).into_owned(),
        href: format!("{path}?status={status}"),
        is_current: asked == [status],
    };
    vec![
        View {
            label: lang.t("All").into_owned(),
            href: path.clone(),
            is_current: asked.is_empty(),
        },
        View {
            label: lang.t("To pick").into_owned(),
            href: format!("{base}/orders?status=to_ship"),
            is_current: false,
        },
        tab(crate::text!("To pack"), "picking"),
        tab(crate::text!("To send"), "packed"),
        tab(crate::text!("On the road"), "out"),
    ]
}

impl ShipmentsPage {
    pub fn new(
        shell: Shell,
        lang: Lang,
        (base, may_pack): (String, bool),
        (query, kept): (&ListQuery, Vec<KeptView>),
        (page, total, vehicles, today): (Page<Shipment>, Total, Vec<Vehicle>, NaiveDate),
    ) -> Self {
        let chosen = query.get("vehicle").unwrap_or_default().to_owned();
        let mut choices = vec![Choice::new("", lang.t("Any"), &chosen)];
        choices.extend(
            vehicles
                .iter()
                .map(|row| Choice::new(&row.id.to_string(), row.name.clone(), &chosen)),
        );
        let first = Empty {
            icon: "truck",
            heading: lang.t("No shipments yet").into_owned(),
            text: lang
                .t("A shipment begins when somebody picks a confirmed order.")
                .into_owned(),
            action: Some((
                lang.t("Orders to ship").into_owned(),
                format!("{base}/orders?status=to_ship"),
            )),
        };
        let list = ListBuilder::new(query, lang, lang.t("Shipment, order or customer"))
            .states(Status::CODES, Status::label)
            .field(Field::new("select", "vehicle", lang.t("Vehicle")).choices(choices))
            .field(Field::new("date", "day", lang.t("Expected on")))
            .export(&format!("{base}/shipments/export"))
            .views(&format!("{base}/settings/views"), "shipments", kept)
            .finish(&page, total, first, lang.t("No shipments match"));
        let rows: Vec<ShipmentRow> = page
            .rows
            .into_iter()
            .map(|shipment| ShipmentRow {
                pill: pill(lang, shipment.status),
                expected: shipment
                    .expected_on
                    .map(|day| dates::brief_date(day, today, lang)),
                weight: shipment.weight_g.map(kilograms),
                can_be_run: shipment.status == Status::Picking,
                shipment,
            })
            .collect();
        Self {
            shell,
            list,
            views: views(lang, &base, &query.all("status", Status::CODES)),
            has_runs: may_pack && rows.iter().any(|row| row.can_be_run),
            rows,
            base,
        }
    }
}

/// A shipment as a row of a file.
pub fn export_row(lang: Lang, row: Shipment) -> Vec<String> {
    vec![
        row.number,
        row.order_no,
        row.customer_code,
        row.customer,
        lang.t(row.status.label()).into_owned(),
        row.picker_name,
        row.packages
            .map(|count| count.to_string())
            .unwrap_or_default(),
        row.weight_g.map(kilograms).unwrap_or_default(),
        row.challan_no.unwrap_or_default(),
        row.vehicle.unwrap_or_default(),
        row.driver.unwrap_or_default(),
        row.expected_on
            .map(|day| day.to_string())
            .unwrap_or_default(),
        row.out_at.map(dates::machine).unwrap_or_default(),
        row.ended_at.map(dates::machine).unwrap_or_default(),
        row.received_by.unwrap_or_default(),
    ]
}

/// A stop on the driver's phone.
pub struct Stop {
    pub shipment: Shipment,
    pub when: String,
    pub is_late: bool,
    pub boxes: String,
}

#[derive(Template)]
#[template(path = "logistics/drive.html")]
pub struct DrivePage {
    pub shell: Shell,
    pub base: String,
    pub stops: Vec<Stop>,
    pub may_deliver: bool,
}

impl DrivePage {
    pub fn new(
        shell: Shell,
        lang: Lang,
        (base, may_deliver): (String, bool),
        (shipments, today): (Vec<Shipment>, NaiveDate),
    ) -> Self {
        let stop = |shipment: Shipment| {
            let packages = i64::from(shipment.packages.unwrap_or_default());
            Stop {
                when: shipment
                    .expected_on
                    .map_or_else(|| "–".to_owned(), |day| dates::brief_date(day, today, lang)),
                is_late: shipment.expected_on.is_some_and(|day| day < today),
                boxes: lang.say(&Said::new("{count} packages").with("count", packages)),
                shipment,
            }
        };
        Self {
            shell,
            base,
            stops: shipments.into_iter().map(stop).collect(),
            may_deliver,
        }
    }
}
