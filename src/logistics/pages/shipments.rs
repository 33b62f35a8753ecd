//! Shipments: the list, one of them, where they begin and where they are given up.

use super::ending::{Ending, Words};
use super::who;
use crate::companies::model::SavedView;
use crate::companies::saved_views_of;
use crate::kernel::dates;
use crate::kernel::language::{Said, text};
use crate::logistics::actions::{self, Picker};
use crate::logistics::model::{Line, Shipment, Vehicle};
use crate::logistics::rules::Status;
use crate::logistics::views::{May, ShipmentPage, ShipmentsPage, export_row};
use crate::platform::permissions::{
    DeliverShipments, DispatchShipments, IssueInvoices, PackShipments, ReadInvoices, ReadOrders,
    ReadShipments,
};
use crate::web::confirm::ReasonForm;
use crate::web::export::Sheet;
use crate::web::forms::Nothing;
use crate::web::list::ListQuery;
use crate::web::page::{self, Answer, Next};
use crate::web::{Allowed, Form};
use actix_web::web;

pub async fn index(actor: Allowed<ReadShipments>, query: ListQuery) -> Answer {
    let asked = query.clone();
    let (found, views) = actor
        .read(move |scope| {
            let (page, total) = Shipment::list(scope, &asked)?;
            let vehicles = Vehicle::choices(scope)?;
            let found = (page, total, vehicles, dates::today(scope.now()));
            Ok((found, SavedView::of_list(scope, "shipments")?))
        })
        .await?;
    let view = ShipmentsPage::new(
        actor.shell(actor.lang().t("Shipments")),
        actor.lang(),
        (actor.pass.base(), actor.pass.may::<PackShipments>()),
        (&query, saved_views_of(&actor.pass, views)),
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
    let (shipment, lines, events, at) = actor
        .read(move |scope| {
            let (shipment, at) = Shipment::find_with_papers(scope, &number)?;
            let lines = Line::of_order(scope, shipment.order_id, Some(shipment.id))?;
            let events = shipment.events(scope)?;
            Ok((shipment, lines, events, at))
        })
        .await?;
    let may = May {
        pack: actor.pass.may::<PackShipments>(),
        dispatch: actor.pass.may::<DispatchShipments>(),
        deliver: actor.pass.may::<DeliverShipments>(),
        see_orders: actor.pass.may::<ReadOrders>(),
        bill: actor.pass.may::<IssueInvoices>(),
        see_bills: actor.pass.may::<ReadInvoices>(),
    };
    let view = ShipmentPage::new(
        actor.shell(shipment.number.clone()),
        actor.lang(),
        (actor.pass.base(), may),
        (shipment, at),
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

const CANCEL: Ending = Ending {
    rest: "cancel",
    becomes: Status::Cancelled,
    done: text!("{number} is cancelled."),
    words: |shipment| {
        Words {
        question: Said::new("Cancel the shipment {number}?").with("number", &shipment.number),
        effect: Said::new("Its goods stay in the warehouse, held for {order}, and can be picked again. The number is not used again.")
            .with("order", &shipment.order_no),
        verb: text!("Cancel shipment"),
        keep: text!("Keep shipment"),
    }
    },
    end: actions::cancel,
};

pub async fn ask_cancel(
    actor: Allowed<PackShipments>,
    path: web::Path<(String, String)>,
) -> Answer {
    CANCEL.ask(actor, path.into_inner().1).await
}

pub async fn cancel(
    actor: Allowed<PackShipments>,
    path: web::Path<(String, String)>,
    form: Form<ReasonForm>,
) -> Answer {
    CANCEL.end(actor, path.into_inner().1, form.0).await
}
