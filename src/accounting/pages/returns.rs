//! A shipment that came back: asked with a reason, then taken in and credited.

use crate::accounting::actions;
use crate::kernel::language::{Said, text};
use crate::logistics::ending::{Ending, Words};
use crate::logistics::rules::Status;
use crate::platform::permissions::DeliverShipments;
use crate::web::confirm::ReasonForm;
use crate::web::page::Answer;
use crate::web::{Allowed, Form};
use actix_web::web;

const RETURN: Ending = Ending {
    rest: "return",
    becomes: Status::Returned,
    done: text!("{number} is back in the warehouse."),
    words: |shipment| {
        Words {
        question: Said::new("Did {number} come back?").with("number", &shipment.number),
        effect: match &shipment.invoice_no {
            None => Said::new("Its goods are in stock again. They are held for {order} while that is open; if it is closed, they count as cancelled. This can't be undone."),
            Some(invoice) => Said::new("Its goods are in stock again. They are held for {order} while that is open; if it is closed, they count as cancelled. A credit note is written for all of {invoice}. This can't be undone.")
                .with("invoice", invoice),
        }
        .with("order", &shipment.order_no),
        verb: text!("It came back"),
        keep: text!("It is still on the road"),
    }
    },
    end: actions::bring_back,
};

pub async fn ask(actor: Allowed<DeliverShipments>, path: web::Path<(String, String)>) -> Answer {
    RETURN.ask(actor, path.into_inner().1).await
}

pub async fn bring_back(
    actor: Allowed<DeliverShipments>,
    path: web::Path<(String, String)>,
    form: Form<ReasonForm>,
) -> Answer {
    RETURN.end(actor, path.into_inner().1, form.0).await
}
