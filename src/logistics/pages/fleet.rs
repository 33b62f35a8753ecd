//! Vehicles and drivers.

use crate::error::AppError;
use crate::kernel::ids::{DriverId, VehicleId};
use crate::kernel::language::Said;
use crate::logistics::actions;
use crate::logistics::forms::{DriverForm, VehicleForm};
use crate::logistics::model::{Driver, Vehicle};
use crate::logistics::views::{DriverPage, DriversPage, FleetForm, VehiclePage, VehiclesPage};
use crate::platform::permissions::{EditFleet, ReadShipments};
use crate::web::export::Sheet;
use crate::web::forms::{changed_meanwhile, changed_words};
use crate::web::list::ListQuery;
use crate::web::page::{self, Answer, Next};
use crate::web::{Allowed, Form};
use actix_web::web;

pub async fn vehicles(actor: Allowed<ReadShipments>, query: ListQuery) -> Answer {
    let asked = query.clone();
    let found = actor
        .read(move |scope| Vehicle::list(scope, &asked))
        .await?;
    let view = VehiclesPage::new(
        actor.shell(actor.lang().t("Vehicles")),
        actor.lang(),
        (actor.pass.base(), actor.pass.may::<EditFleet>()),
        &query,
        found,
    );
    page::show(&actor.ctx, &view)
}

pub async fn new_vehicle(actor: Allowed<EditFleet>) -> Answer {
    let form = VehicleForm {
        active: "on".to_owned(),
        ..VehicleForm::default()
    };
    page::show(&actor.ctx, &vehicle_view(&actor, None, &form, false))
}

pub async fn vehicle(actor: Allowed<ReadShipments>, path: web::Path<(String, String)>) -> Answer {
    let id = path.1.parse().map_err(|_| AppError::NotFound)?;
    let row = actor.read(move |scope| Vehicle::find(scope, id)).await?;
    let form = VehiclePage::of(&row);
    let view = VehiclePage::page(
        actor.shell(row.name.clone()),
        actor.lang(),
        (&actor.pass.base(), actor.pass.may::<EditFleet>()),
        Some(&row),
        (&form, false),
    );
    page::show(&actor.ctx, &view)
}

fn vehicle_view(
    actor: &Allowed<EditFleet>,
    row: Option<&Vehicle>,
    form: &VehicleForm,
    conflict: bool,
) -> FleetForm {
    let title = row.map_or_else(
        || actor.lang().t("Add a vehicle").into_owned(),
        |row| row.name.clone(),
    );
    VehiclePage::page(
        actor.shell(title),
        actor.lang(),
        (&actor.pass.base(), true),
        row,
        (form, conflict),
    )
}

async fn vehicle_again(
    actor: &Allowed<EditFleet>,
    id: Option<VehicleId>,
    mut form: VehicleForm,
    conflict: bool,
) -> Answer {
    let Some(id) = id else {
        return page::again(&actor.ctx, &vehicle_view(actor, None, &form, conflict));
    };
    let row = actor.read(move |scope| Vehicle::find(scope, id)).await?;
    if conflict {
        form.version = row.updated_at.to_rfc3339();
    }
    page::again(
        &actor.ctx,
        &vehicle_view(actor, Some(&row), &form, conflict),
    )
}

async fn keep_vehicle(
    actor: &Allowed<EditFleet>,
    id: Option<VehicleId>,
    form: VehicleForm,
) -> Answer {
    let (new, version, mut form) = match form.parse() {
        Ok(parsed) => parsed,
        Err(form) => return vehicle_again(actor, id, *form, false).await,
    };
    let to = format!("{}/vehicles", actor.pass.base());
    let saved = actor
        .once(move |scope| {
            if let Some(id) = id {
                // Somebody else's row is not there, and not "saved meanwhile".
                Vehicle::find(scope, id)?;
            }
            if !actions::save_vehicle(scope, id.map(|id| (id, version)), &new)? {
                return Err(changed_meanwhile());
            }
            Ok(Next::to(to).saying(Said::new("{name} is saved.").with("name", new.name)))
        })
        .await;
    match saved {
        Err(AppError::Refused(said)) if said == changed_words() => {
            vehicle_again(actor, id, form, true).await
        }
        Err(error) if error.constraint() == Some("vehicles_tenant_id_registration_no_key") => {
            form.remarks.add(
                "registration_no",
                Said::new("A vehicle with this number is in the list already."),
            );
            vehicle_again(actor, id, form, false).await
        }
        saved => Ok(page::go(&actor.ctx, saved?)),
    }
}

pub async fn add_vehicle(actor: Allowed<EditFleet>, form: Form<VehicleForm>) -> Answer {
    keep_vehicle(&actor, None, form.0).await
}

pub async fn save_vehicle(
    actor: Allowed<EditFleet>,
    path: web::Path<(String, String)>,
    form: Form<VehicleForm>,
) -> Answer {
    let id = path.1.parse().map_err(|_| AppError::NotFound)?;
    keep_vehicle(&actor, Some(id), form.0).await
}

pub async fn drivers(actor: Allowed<ReadShipments>, query: ListQuery) -> Answer {
    let asked = query.clone();
    let found = actor.read(move |scope| Driver::list(scope, &asked)).await?;
    let view = DriversPage::new(
        actor.shell(actor.lang().t("Drivers")),
        actor.lang(),
        (actor.pass.base(), actor.pass.may::<EditFleet>()),
        &query,
        found,
    );
    page::show(&actor.ctx, &view)
}

pub async fn new_driver(actor: Allowed<EditFleet>) -> Answer {
    let form = DriverForm {
        active: "on".to_owned(),
        ..DriverForm::default()
    };
    page::show(&actor.ctx, &driver_view(&actor, None, &form, false))
}

pub async fn driver(actor: Allowed<ReadShipments>, path: web::Path<(String, String)>) -> Answer {
    let id = path.1.parse().map_err(|_| AppError::NotFound)?;
    let row = actor.read(move |scope| Driver::find(scope, id)).await?;
    let form = DriverPage::of(&row);
    let view = DriverPage::page(
        actor.shell(row.name.clone()),
        actor.lang(),
        (&actor.pass.base(), actor.pass.may::<EditFleet>()),
        Some(&row),
        (&form, false),
    );
    page::show(&actor.ctx, &view)
}

fn driver_view(
    actor: &Allowed<EditFleet>,
    row: Option<&Driver>,
    form: &DriverForm,
    conflict: bool,
) -> FleetForm {
    let title = row.map_or_else(
        || actor.lang().t("Add a driver").into_owned(),
        |row| row.name.clone(),
    );
    DriverPage::page(
        actor.shell(title),
        actor.lang(),
        (&actor.pass.base(), true),
        row,
        (form, conflict),
    )
}

async fn driver_again(
    actor: &Allowed<EditFleet>,
    id: Option<DriverId>,
    mut form: DriverForm,
    conflict: bool,
) -> Answer {
    let Some(id) = id else {
        return page::again(&actor.ctx, &driver_view(actor, None, &form, conflict));
    };
    let row = actor.read(move |scope| Driver::find(scope, id)).await?;
    if conflict {
        form.version = row.updated_at.to_rfc3339();
    }
    page::again(&actor.ctx, &driver_view(actor, Some(&row), &form, conflict))
}

async fn keep_driver(actor: &Allowed<EditFleet>, id: Option<DriverId>, form: DriverForm) -> Answer {
    let (new, version, form) = match form.parse() {
        Ok(parsed) => parsed,
        Err(form) => return driver_again(actor, id, *form, false).await,
    };
    let to = format!("{}/drivers", actor.pass.base());
    let saved = actor
        .once(move |scope| {
            if let Some(id) = id {
                // Somebody else's row is not there, and not "saved meanwhile".
                Driver::find(scope, id)?;
            }
            if !actions::save_driver(scope, id.map(|id| (id, version)), &new)? {
                return Err(changed_meanwhile());
            }
            Ok(Next::to(to).saying(Said::new("{name} is saved.").with("name", new.name)))
        })
        .await;
    match saved {
        Err(AppError::Refused(said)) if said == changed_words() => {
            driver_again(actor, id, form, true).await
        }
        saved => Ok(page::go(&actor.ctx, saved?)),
    }
}

pub async fn add_driver(actor: Allowed<EditFleet>, form: Form<DriverForm>) -> Answer {
    keep_driver(&actor, None, form.0).await
}

pub async fn save_driver(
    actor: Allowed<EditFleet>,
    path: web::Path<(String, String)>,
    form: Form<DriverForm>,
) -> Answer {
    let id = path.1.parse().map_err(|_| AppError::NotFound)?;
    keep_driver(&actor, Some(id), form.0).await
}

pub async fn export_vehicles(actor: Allowed<ReadShipments>, query: ListQuery) -> Answer {
    let (asked, lang) = (query.clone(), actor.lang());
    let rows = actor
        .read(move |scope| Vehicle::export(scope, &asked))
        .await?;
    let heads = ["Registration number", "Name", "Carries, in kg", "In use"];
    let row = |row: Vehicle| {
        let capacity = row.capacity_kg.map(|kg| kg.to_string()).unwrap_or_default();
        let active = if row.is_active { "1" } else { "0" };
        vec![row.registration_no, row.name, capacity, active.to_owned()]
    };
    Sheet {
        name: "vehicles",
        heads: heads.iter().map(|head| lang.t(head).into_owned()).collect(),
        rows: rows.into_iter().map(row).collect(),
    }
    .answer(query.get("format"))
}

pub async fn export_drivers(actor: Allowed<ReadShipments>, query: ListQuery) -> Answer {
    let (asked, lang) = (query.clone(), actor.lang());
    let rows = actor
        .read(move |scope| Driver::export(scope, &asked))
        .await?;
    let heads = ["Name", "Mobile number", "Driving licence", "In use"];
    let row = |row: Driver| {
        let active = if row.is_active { "1" } else { "0" };
        vec![
            row.name,
            row.phone.unwrap_or_default(),
            row.licence_no.unwrap_or_default(),
            active.to_owned(),
        ]
    };
    Sheet {
        name: "drivers",
        heads: heads.iter().map(|head| lang.t(head).into_owned()).collect(),
        rows: rows.into_iter().map(row).collect(),
    }
    .answer(query.get("format"))
}
