//! A draft becomes an order, or its page says what is in the way.

use super::{editor_page, keep, must_be_draft, wanted};
use crate::error::AppError;
use crate::kernel::dates::parse_version;
use crate::kernel::ids::ProductId;
use crate::kernel::language::Said;
use crate::kernel::number;
use crate::orders::actions::{Header, Placing, Source, confirm_locked, place as place_order};
use crate::orders::forms::{EditorForm, Op, codes, read_lines};
use crate::orders::model::{Goods, Order};
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
    let is_sound = form.remarks.is_empty() && lines.iter().all(|line| line.wrong.is_none());
    if !is_sound || parse_version(&form.version) != order.updated_at {
        return Err(AppError::refused(not_yet()));
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
        error => {
            *noted.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
            AppError::refused(not_yet())
        }
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
