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
    let packed = actor
        .once_unless(move |scope| {
            // What was typed is read beside the lines as they are under the lock.
            let packed = actions::pack(scope, &name, &number, |lines| typed.parse(lines))?;
            Ok(packed.map(|()| {
                Next::to(to).saying(Said::new("{number} is packed.").with("number", number))
            }))
        })
        .await?;
    let form = match packed {
        Ok(next) => return Ok(page::go(&actor.ctx, next)),
        Err(form) => form,
    };
    let (shipment, lines) = load(&actor, asked).await?;
    page::again(&actor.ctx, &view(&actor, &shipment, &lines, &form))
}
