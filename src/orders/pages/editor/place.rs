//! A draft becomes an order, or its page says what is in the way.

use super::compare::differences;
use super::{editor_page, keep, must_be_draft, wanted};
use crate::error::AppError;
use crate::kernel::dates::{self, parse_version};
use crate::kernel::ids::ProductId;
use crate::kernel::language::Said;
use crate::kernel::number;
use crate::orders::actions::{
    Header, Placing, Shown, Source, confirm_locked, place as place_order, quote,
};
use crate::orders::forms::{EditorForm, Op, ReadLine, codes, read_lines};
use crate::orders::model::{Destination, Goods, Order};
use crate::orders::views::Sheet;
use crate::orders::{OrderError, ShortLine};
use crate::platform::db::Scope;
use crate::platform::permissions::{ConfirmOrders, PlaceOrders};
use crate::web::Allowed;
use crate::web::page::{self, Answer, Next};
use std::sync::{Arc, Mutex, PoisonError};

/// What came in the way of placing a draft: the reason, or nothing but the lines themselves.
type Hindrance = Arc<Mutex<Option<OrderError>>>;

pub(super) async fn place(actor: Allowed<PlaceOrders>, number: String, form: EditorForm) -> Answer {
    let hindrance: Hindrance = Arc::default();
    let (noted, asked, typed) = (Arc::clone(&hindrance), number.clone(), form.clone());
    let (base, who) = (actor.pass.base(), actor.pass.person.name.clone());
    let may_confirm = actor.pass.may::<ConfirmOrders>();
    let placed = actor
        .once(move |scope| {
            place_draft(scope, &asked, typed, (&who, may_confirm), &noted)
                .map(|said| Next::to(format!("{base}/orders/{asked}")).saying(said))
        })
        .await;
    match placed {
        Err(AppError::Refused(said)) if said == not_yet() => {}
        placed => return Ok(page::go(&actor.ctx, placed?)),
    }
    // Nothing was placed; what was typed is kept, and the page says what is in the way.
    let mut sheet = actor.write(move |scope| keep(scope, &number, form)).await?;
    sheet.form.check_day(sheet.quote.day);
    let error = hindrance
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .take();
    if let Some(error) = error {
        mark(&mut sheet, &error);
    }
    page::again(&actor.ctx, &editor_page(&actor, sheet))
}

/// Marks a refusal that the page of the editor explains.
fn not_yet() -> Said {
    Said::new("This draft can't be placed yet.")
}

/// What is said to whoever places a draft that is not any more as they saw it.
fn saved_meanwhile() -> Said {
    Said::new("This draft was saved meanwhile. Look at it once more, then place it.")
}

/// Notes the hindrance for the page, and refuses.
fn noted_down(noted: &Hindrance, error: OrderError) -> AppError {
    *noted.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
    AppError::refused(not_yet())
}

/// Whether a draft that was saved since holds all the same what the page shows: what was typed, at the prices and taxes that it said. So it is
/// when the page itself has saved what was typed last, and the button came quicker than the answer.
fn is_as_shown(
    scope: &mut Scope,
    order: &Order,
    typed: (&EditorForm, &Header),
    lines: &[ReadLine],
) -> Result<bool, AppError> {
    let stored = order.lines(scope)?;
    let addresses = Destination::of_customer(scope, order.customer_id)?;
    let quote = quote(scope, order.customer_id, typed.1.ship_to, &wanted(lines))?;
    let is_same = differences((order, &stored), typed, &quote, &addresses).is_empty();
    Ok(is_same && typed.0.shown.parse::<Shown>().ok() == Some(Shown::of(&quote)))
}

fn place_draft(
    scope: &mut Scope,
    number: &str,
    mut form: EditorForm,
    (who, may_confirm): (&str, bool),
    noted: &Hindrance,
) -> Result<Said, AppError> {
    let order = Order::lock(scope, number)?;
    must_be_draft(&order)?;
    let header: Header = form.header();
    let goods = Goods::by_codes(scope, codes(&form.lines))?;
    let lines = read_lines(&form.lines, &goods);
    form.check_day(dates::today(scope.now()));
    let is_sound = form.remarks.is_empty() && lines.iter().all(|line| line.wrong.is_none());
    if !is_sound {
        return Err(AppError::refused(not_yet()));
    }
    let is_current = parse_version(&form.version) == order.updated_at;
    if !is_current && !is_as_shown(scope, &order, (&form, &header), &lines)? {
        return Err(noted_down(noted, OrderError::Refused(saved_meanwhile())));
    }
    let placing = Placing {
        customer: order.customer_id,
        lines: wanted(&lines),
        ship_to: header.ship_to,
        po_number: header.po_number,
        note: header.note,
        wanted_on: header.wanted_on,
        source: Source::Staff,
        placed_by: who.to_owned(),
        draft: Some((order.id, order.number.clone())),
        shown: form.shown.parse().ok(),
    };
    let placed = place_order(scope, &placing).map_err(|error| match error {
        OrderError::Other(error) => error,
        error => noted_down(noted, error),
    })?;
    let said = if placed.held.is_some() {
        Said::new("Order {number} is placed and on hold: it goes over the credit limit.")
    } else if form.op == Op::PlaceAndConfirm && may_confirm {
        let order = Order::lock(scope, number)?;
        confirm_locked(scope, order, who)?;
        Said::new("Order {number} is placed and confirmed.")
    } else {
        Said::new("Order {number} is placed.")
    };
    Ok(said.with("number", number))
}

/// Puts a refusal beside the lines that it is about.
fn mark(sheet: &mut Sheet, error: &OrderError) {
    let about: Vec<(ProductId, Said)> = match error {
        OrderError::Short(short) => {
            let free = |free| Said::new("Only {free} are free.").with("free", number::indian(free));
            let said = |short: &ShortLine| (short.product, free(short.free));
            short.iter().map(said).collect()
        }
        OrderError::Repriced(changed) => changed.clone(),
        // It stands beside its line already.
        OrderError::Unfit(..) => return,
        error => {
            sheet.refused = error.said();
            return;
        }
    };
    if matches!(error, OrderError::Repriced(_)) {
        sheet.refused = error.said();
    }
    for line in &mut sheet.lines {
        let found = about
            .iter()
            .find(|(product, _)| line.product == Some(*product));
        if let Some((_, said)) = found {
            line.wrong = Some(said.clone());
        }
    }
}
