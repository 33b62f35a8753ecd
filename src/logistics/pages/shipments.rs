//! Shipments: the list, one of them, where they begin and where they are given up.

use super::{may_step, who};
use crate::kernel::dates;
use crate::kernel::language::{Lang, Said};
use crate::logistics::actions::{self, Picker};
use crate::logistics::forms::ReasonForm;
use crate::logistics::model::{Line, Shipment, Vehicle};
use crate::logistics::rules::Status;
use crate::logistics::views::{May, ShipmentPage, ShipmentsPage, export_row};
use crate::platform::permissions::{
    DeliverShipments, DispatchShipments, PackShipments, ReadOrders, ReadShipments,
};
use crate::web::components::{Confirm, Field};
use crate::web::confirm::ConfirmPage;
use crate::web::export::Sheet;
use crate::web::forms::{Nothing, new_key};
use crate::web::list::ListQuery;
use crate::web::page::{self, Answer, Next};
use crate::web::{Allowed, Form};
use actix_web::web;

pub async fn index(actor: Allowed<ReadShipments>, query: ListQuery) -> Answer {
    let asked = query.clone();
    let found = actor
        .read(move |scope| {
            let (page, total) = Shipment::list(scope, &asked)?;
            let vehicles = Vehicle::choices(scope)?;
            Ok((page, total, vehicles, dates::today(scope.now())))
        })
        .await?;
    let view = ShipmentsPage::new(
        actor.shell(actor.lang().t("Shipments")),
        actor.lang(),
        (actor.pass.base(), actor.pass.may::<PackShipments>()),
        &query,
        found,
    );
    page::show(&actor.ctx, &view)
}

pub async fn export(actor: Allowed<ReadShipments>, query: ListQuery) -> Answer {
    let (asked, lang) = (query.clone(), actor.lang());
    let rows = actor
        .read(move |scope| Shipment::export(scope, &asked))
        .await?;
    let heads = [
        "Shipment",
        "Order",
        "Customer code",
        "Customer",
        "State",
        "Picked by",
        "Boxes and bags",
        "Weight in kg",
        "Delivery challan",
        "Vehicle",
        "Driver",
        "Expected on",
        "Left",
        "Ended",
        "Received by",
    ];
    Sheet {
        name: "shipments",
        heads: heads.iter().map(|head| lang.t(head).into_owned()).collect(),
        rows: rows.into_iter().map(|row| export_row(lang, row)).collect(),
    }
    .answer(query.get("format"))
}

pub async fn show(actor: Allowed<ReadShipments>, path: web::Path<(String, String)>) -> Answer {
    let number = path.into_inner().1;
    let (shipment, lines, events) = actor
        .read(move |scope| {
            let shipment = Shipment::find(scope, &number)?;
            let lines = Line::of_order(scope, shipment.order_id, Some(shipment.id))?;
            let events = shipment.events(scope)?;
            Ok((shipment, lines, events))
        })
        .await?;
    let may = May {
        pack: actor.pass.may::<PackShipments>(),
        dispatch: actor.pass.may::<DispatchShipments>(),
        deliver: actor.pass.may::<DeliverShipments>(),
        see_orders: actor.pass.may::<ReadOrders>(),
    };
    let view = ShipmentPage::new(
        actor.shell(shipment.number.clone()),
        actor.lang(),
        (actor.pass.base(), may),
        shipment,
        (lines, events),
    );
    page::show(&actor.ctx, &view)
}

pub async fn pick(
    actor: Allowed<PackShipments>,
    path: web::Path<(String, String)>,
    _form: Form<Nothing>,
) -> Answer {
    let (order, base) = (path.into_inner().1, actor.pass.base());
    let picker = Picker {
        user: Some(actor.pass.person.id),
        name: who(&actor.pass),
    };
    let next = actor
        .once(move |scope| {
            let number = actions::pick(scope, &order, &picker)?;
            Ok(Next::to(format!("{base}/shipments/{number}"))
                .saying(Said::new("{number} is yours to pick.").with("number", number)))
        })
        .await?;
    Ok(page::go(&actor.ctx, next))
}

pub async fn reopen(
    actor: Allowed<PackShipments>,
    path: web::Path<(String, String)>,
    _form: Form<Nothing>,
) -> Answer {
    let (number, base, name) = (path.into_inner().1, actor.pass.base(), who(&actor.pass));
    let next = actor
        .once(move |scope| {
            actions::reopen(scope, &name, &number)?;
            Ok(Next::to(format!("{base}/shipments/{number}"))
                .saying(Said::new("{number} is open again.").with("number", number)))
        })
        .await?;
    Ok(page::go(&actor.ctx, next))
}

fn cancel_page(lang: Lang, base: &str, shipment: &Shipment, form: &ReasonForm) -> Confirm {
    let back = format!("{base}/shipments/{}", shipment.number);
    let question = Said::new("Cancel the shipment {number}?").with("number", &shipment.number);
    let effect = Said::new("Its goods stay in the warehouse, held for {order}, and can be picked again. The number is not used again.")
        .with("order", &shipment.order_no);
    Confirm {
        question: lang.say(&question),
        effect: lang.say(&effect),
        action: format!("{back}/cancel"),
        verb: lang.t("Cancel shipment").into_owned(),
        back,
        keep: lang.t("Keep shipment").into_owned(),
        key: new_key(),
        fields: vec![
            Field::text("reason", lang.t("Reason"))
                .value(&form.reason)
                .remarks(&form.remarks, lang),
        ],
    }
}

pub async fn ask_cancel(
    actor: Allowed<PackShipments>,
    path: web::Path<(String, String)>,
) -> Answer {
    let number = path.into_inner().1;
    let shipment = actor
        .read(move |scope| Shipment::find(scope, &number))
        .await?;
    may_step(&shipment, Status::Cancelled)?;
    let form = ReasonForm::default();
    let confirm = cancel_page(actor.lang(), &actor.pass.base(), &shipment, &form);
    let shell = actor.shell(confirm.question.clone());
    page::show(&actor.ctx, &ConfirmPage { shell, confirm })
}

pub async fn cancel(
    actor: Allowed<PackShipments>,
    path: web::Path<(String, String)>,
    form: Form<ReasonForm>,
) -> Answer {
    let (number, base, name) = (path.into_inner().1, actor.pass.base(), who(&actor.pass));
    let reason = match form.0.parse() {
        Ok(reason) => reason,
        Err(form) => {
            let shipment = actor
                .read(move |scope| Shipment::find(scope, &number))
                .await?;
            let confirm = cancel_page(actor.lang(), &base, &shipment, &form);
            let shell = actor.shell(confirm.question.clone()).with_errors(true);
            return page::again(&actor.ctx, &ConfirmPage { shell, confirm });
        }
    };
    let next = actor
        .once(move |scope| {
            actions::cancel(scope, &name, &number, &reason)?;
            Ok(Next::to(format!("{base}/shipments/{number}"))
                .saying(Said::new("{number} is cancelled.").with("number", number)))
        })
        .await?;
    Ok(page::go(&actor.ctx, next))
}
