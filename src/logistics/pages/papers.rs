//! What is printed.

use crate::error::AppError;
use crate::kernel::dates;
use crate::kernel::language::Said;
use crate::logistics::forms::run_ids;
use crate::logistics::model::{Line, Papers, RunLine, Shipment};
use crate::logistics::views::{ChallanPage, PickListPage};
use crate::platform::permissions::ReadShipments;
use crate::web::Allowed;
use crate::web::list::ListQuery;
use crate::web::page::{self, Answer};
use actix_web::web;

fn pick_page(
    actor: &Allowed<ReadShipments>,
    back: String,
    (shipments, lines, printed): (Vec<Shipment>, Vec<RunLine>, String),
) -> Answer {
    let title = actor.lang().t("Pick list");
    let view = PickListPage::new(
        (actor.shell(title), actor.lang()),
        back,
        shipments,
        lines,
        printed,
    );
    page::show(&actor.ctx, &view)
}

pub async fn pick_list(actor: Allowed<ReadShipments>, path: web::Path<(String, String)>) -> Answer {
    let (number, lang) = (path.into_inner().1, actor.lang());
    let back = format!("{}/shipments/{number}", actor.pass.base());
    let found = actor
        .read(move |scope| {
            let shipment = Shipment::find(scope, &number)?;
            let lines = RunLine::of_shipments(scope, &[shipment.id])?;
            let printed = dates::full_date_and_time(scope.now(), lang);
            Ok((vec![shipment], lines, printed))
        })
        .await?;
    pick_page(&actor, back, found)
}

pub async fn pick_run(actor: Allowed<ReadShipments>, query: ListQuery) -> Answer {
    let (lang, ids) = (actor.lang(), run_ids(&query.marked()));
    let back = format!("{}/shipments?status=picking", actor.pass.base());
    let found = actor
        .read(move |scope| {
            let shipments = Shipment::picking(scope, ids)?;
            let ids: Vec<_> = shipments.iter().map(|shipment| shipment.id).collect();
            let lines = RunLine::of_shipments(scope, &ids)?;
            let printed = dates::full_date_and_time(scope.now(), lang);
            Ok((shipments, lines, printed))
        })
        .await?;
    pick_page(&actor, back, found)
}

pub async fn challan(
    actor: Allowed<ReadShipments>,
    path: web::Path<(String, String)>,
    query: ListQuery,
) -> Answer {
    let number = path.into_inner().1;
    let to = format!("{}/shipments/{number}", actor.pass.base());
    let copy = query.get("copy").and_then(|copy| copy.parse().ok());
    let found = actor
        .read(move |scope| {
            let shipment = Shipment::find(scope, &number)?;
            if shipment.challan_no.is_none() {
                return Err(AppError::refused(
                    Said::new("The delivery challan of {number} is made when it leaves.")
                        .with("number", number),
                ));
            }
            let lines = Line::of_order(scope, shipment.order_id, Some(shipment.id))?;
            let papers = Papers::of(scope, shipment.id)?;
            Ok((shipment, lines, papers))
        })
        .await?;
    let title = found.0.challan_no.clone().unwrap_or_default();
    let view = ChallanPage::new(
        actor.shell(title),
        actor.lang(),
        to,
        found,
        copy.unwrap_or(1),
    );
    page::show(&actor.ctx, &view)
}
