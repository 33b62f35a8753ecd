//! Sending out.

use super::{may_step, who};
use crate::error::AppError;
use crate::kernel::dates;
use crate::kernel::language::Said;
use crate::logistics::actions::{self, Left};
use crate::logistics::forms::SendForm;
use crate::logistics::model::{Driver, Known, Shipment, Vehicle};
use crate::logistics::rules::Status;
use crate::logistics::views::SendPage;
use crate::platform::permissions::DispatchShipments;
use crate::web::page::{self, Answer, Next};
use crate::web::{Allowed, Form};
use actix_web::web;
use chrono::NaiveDate;

/// The shipment with what the authority has of it, and who may take it.
type Choices = ((Shipment, Known), Vec<Vehicle>, Vec<Driver>);

async fn load(
    actor: &Allowed<DispatchShipments>,
    number: String,
) -> Result<(Choices, NaiveDate), AppError> {
    actor
        .read(move |scope| {
            let shipment = Shipment::find_with_authority(scope, &number)?;
            let vehicles = Vehicle::choices(scope)?;
            let drivers = Driver::choices(scope)?;
            Ok(((shipment, vehicles, drivers), dates::today(scope.now())))
        })
        .await
}

fn view(actor: &Allowed<DispatchShipments>, choices: Choices, form: &SendForm) -> SendPage {
    let title = Said::new("Send out {number}").with("number", &choices.0.0.number);
    SendPage::new(
        actor.shell(actor.lang().say(&title)),
        actor.lang(),
        actor.pass.base(),
        choices,
        form,
    )
}

pub async fn ask(actor: Allowed<DispatchShipments>, path: web::Path<(String, String)>) -> Answer {
    let (choices, today) = load(&actor, path.into_inner().1).await?;
    may_step(&choices.0.0, Status::Out)?;
    let (vehicle, driver) = match (choices.1.as_slice(), choices.2.as_slice()) {
        ([vehicle], [driver]) => (Some(vehicle.id), Some(driver.id)),
        ([vehicle], _) => (Some(vehicle.id), None),
        (_, [driver]) => (None, Some(driver.id)),
        _ => (None, None),
    };
    // The vehicle that the e-way bill names is the one that goes.
    let way = choices.0.1.way.as_ref();
    let named = way.and_then(|way| way.bill.as_ref()?.vehicle_no.as_deref());
    let named = choices
        .1
        .iter()
        .find(|row| Some(row.registration_no.as_str()) == named);
    let vehicle = named.map(|row| row.id).or(vehicle);
    let form = SendForm::of(vehicle, driver, today);
    page::show(&actor.ctx, &view(&actor, choices, &form))
}

pub async fn send(
    actor: Allowed<DispatchShipments>,
    path: web::Path<(String, String)>,
    form: Form<SendForm>,
) -> Answer {
    let (number, name) = (path.into_inner().1, who(&actor.pass));
    let asked = number.clone();
    let today = dates::today(actor.state().db.clock().now());
    let (sending, mut form) = match form.0.parse(today) {
        Ok(parsed) => parsed,
        Err(form) => {
            let (choices, _) = load(&actor, asked).await?;
            return page::again(&actor.ctx, &view(&actor, choices, &form));
        }
    };
    let to = format!("{}/shipments/{number}", actor.pass.base());
    let sent = actor
        .once_unless(move |scope| {
            let sent = actions::send(scope, &name, &number, &sending)?;
            Ok(sent.map(|left| {
                let said = match left {
                    Left::WithInvoice(invoice) => {
                        Said::new("{number} is on the road with the invoice {invoice}.")
                            .with("invoice", invoice)
                    }
                    Left::WithChallan(challan) => {
                        Said::new("{number} is on the road. Its delivery challan is {challan}.")
                            .with("challan", challan)
                    }
                };
                Next::to(to).saying(said.with("number", number))
            }))
        })
        .await?;
    let unfit = match sent {
        Ok(next) => return Ok(page::go(&actor.ctx, next)),
        Err(unfit) => unfit,
    };
    form.remarks.add(unfit.field, unfit.said);
    let (choices, _) = load(&actor, asked).await?;
    page::again(&actor.ctx, &view(&actor, choices, &form))
}
