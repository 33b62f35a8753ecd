//! Packing.

use super::{may_step, who};
use crate::error::AppError;
use crate::kernel::language::Said;
use crate::logistics::actions;
use crate::logistics::forms::PackForm;
use crate::logistics::model::{Line, Shipment};
use crate::logistics::rules::Status;
use crate::logistics::views::PackPage;
use crate::platform::permissions::PackShipments;
use crate::web::page::{self, Answer, Next};
use crate::web::{Allowed, Form};
use actix_web::web;
use std::sync::{Arc, OnceLock};

async fn load(
    actor: &Allowed<PackShipments>,
    number: String,
) -> Result<(Shipment, Vec<Line>), AppError> {
    actor
        .read(move |scope| {
            let shipment = Shipment::find(scope, &number)?;
            let lines = Line::of_order(scope, shipment.order_id, Some(shipment.id))?;
            Ok((shipment, lines))
        })
        .await
}

fn view(
    actor: &Allowed<PackShipments>,
    shipment: &Shipment,
    lines: &[Line],
    form: &PackForm,
) -> PackPage {
    let title = Said::new("Pack {number}").with("number", &shipment.number);
    PackPage::new(
        actor.shell(actor.lang().say(&title)),
        actor.lang(),
        &actor.pass.base(),
        (shipment, lines),
        form,
    )
}

pub async fn ask(actor: Allowed<PackShipments>, path: web::Path<(String, String)>) -> Answer {
    let (shipment, lines) = load(&actor, path.into_inner().1).await?;
    may_step(&shipment, Status::Packed)?;
    let form = PackForm::of(&lines);
    page::show(&actor.ctx, &view(&actor, &shipment, &lines, &form))
}

pub async fn pack(
    actor: Allowed<PackShipments>,
    path: web::Path<(String, String)>,
    form: Form<PackForm>,
) -> Answer {
    let (number, name) = (path.into_inner().1, who(&actor.pass));
    let (asked, typed) = (number.clone(), form.0);
    let to = format!("{}/shipments/{number}", actor.pass.base());
    let wrong: Arc<OnceLock<PackForm>> = Arc::default();
    let noted = Arc::clone(&wrong);
    let packed = actor
        .once(move |scope| {
            // What was typed is read beside the lines as they are under the lock.
            let is_packed = actions::pack(scope, &name, &number, |lines| {
                typed
                    .parse(lines)
                    .map_err(|form| noted.get_or_init(|| *form))
                    .ok()
            })?;
            if !is_packed {
                return Err(AppError::refused(Said::new("Look at the form again.")));
            }
            Ok(Next::to(to).saying(Said::new("{number} is packed.").with("number", number)))
        })
        .await;
    let Some(form) = wrong.get() else {
        return Ok(page::go(&actor.ctx, packed?));
    };
    let (shipment, lines) = load(&actor, asked).await?;
    page::again(&actor.ctx, &view(&actor, &shipment, &lines, form))
}
