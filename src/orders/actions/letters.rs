//! Letters about orders: enqueued here in the transaction of what happened, written and sent by a job.

use crate::error::AppError;
use crate::kernel::ids::OrderId;
use crate::kernel::language::Lang;
use crate::orders::model::{Order, Parcel, Readers};
use crate::orders::views::{OrderHtml, OrderLetter, OrderText, Side, Told};
use crate::platform::db::{DEMO, Scope};
use crate::platform::jobs::{self, NewJob};
use crate::platform::mail::{self, Letter};
use crate::web::page;
use serde::{Deserialize, Serialize};

/// Kind of the job that writes the letters.
pub const LETTERS: &str = "orders.letters";

/// What a letter is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// It was placed; held ones say so.
    Placed,
    /// The company will deliver it, or part of it.
    Confirmed,
    /// Staff hold it.
    Held,
    /// It may go on.
    Released,
    /// It was cancelled.
    Cancelled,
    /// Some of its lines, or parts of them, won't come.
    LinesCancelled,
    /// Goods left.
    Sent,
    /// Goods arrived.
    Delivered,
    /// Goods came back undelivered.
    Returned,
}

impl Kind {
    /// Whether less of the order is open than before, so that others of the customer may fit its credit now.
    pub fn frees_credit(self) -> bool {
        match self {
            Self::Cancelled | Self::LinesCancelled | Self::Confirmed | Self::Sent => true,
            // Of what comes back, whoever takes it in looks at once.
            Self::Placed | Self::Held | Self::Released | Self::Delivered | Self::Returned => false,
        }
    }
}

/// What the job needs.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Letters {
    /// The order.
    pub order: OrderId,
    /// What happened.
    pub kind: Kind,
    /// The shipment's number, for what left, arrived or came back.
    pub shipment: Option<String>,
}

/// Tells both sides what happened to an order, each in its language, once the transaction has committed; and has the customer's held orders
/// looked at again where that frees credit. One statement; none about the demo's made-up past, of which nobody wants letters.
///
/// # Errors
/// When the database refuses.
pub fn tell(
    scope: &mut Scope,
    (order, number): (OrderId, &str),
    kind: Kind,
    shipment: Option<String>,
) -> Result<(), AppError> {
    if scope.member().cause() == Some(DEMO) {
        return Ok(());
    }
    let letters = Letters {
        order,
        kind,
        shipment,
    };
    let job = NewJob::new(LETTERS, format!("Letters about order {number}"), &letters)?;
    jobs::enqueue(scope, &job)
}

/// Writes the letters into the outbox: one to the customer in its language, one to the company. Says how many; who has no address gets
/// none.
///
/// # Errors
/// `NotFound` for the order; when the database refuses.
pub fn write(scope: &mut Scope, letters: &Letters, base: &str) -> Result<usize, AppError> {
    let order = Order::by_id(scope, letters.order)?;
    let lines = order.lines(scope)?;
    let readers = Readers::of(scope, order.customer_id)?;
    // What came back is not to be paid, whatever its bill still says.
    let bill = match (&letters.shipment, letters.kind) {
        (Some(shipment), Kind::Sent | Kind::Delivered) => Parcel::bill(scope, shipment)?,
        _ => None,
    };
    let told = Told {
        kind: letters.kind,
        shipment: letters.shipment.as_deref(),
        bill: bill
            .as_ref()
            .map(|(number, total)| (number.as_str(), *total)),
        order: &order,
        lines: &lines,
        readers: &readers,
        base,
    };
    let lang = Lang::from_code(&readers.language).unwrap_or_default();
    let both = [
        (readers.email.clone(), lang, Side::Customer),
        (readers.company_email.clone(), Lang::En, Side::Company),
    ];
    let mut written = 0;
    for (to, lang, side) in both {
        let Some(to) = to else { continue };
        let words = OrderLetter::new(&told, lang, side);
        let letter = Letter {
            kind: told.letter_kind(),
            to,
            subject: words.subject.clone(),
            text: page::print(&OrderText { letter: &words }, lang)?,
            html: page::print(
                &OrderHtml {
                    lang,
                    letter: &words,
                },
                lang,
            )?,
        };
        mail::write(scope, &letter)?;
        written += 1;
    }
    Ok(written)
}
