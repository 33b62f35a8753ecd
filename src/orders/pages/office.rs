//! The list of orders, and one of them.

use crate::companies::model::SavedView;
use crate::companies::saved_views_of;
use crate::error::AppError;
use crate::kernel::ids::OrderId;
use crate::kernel::language::Said;
use crate::orders::actions;
use crate::orders::forms::NoteForm;
use crate::orders::model::{Card, Order, Parcel};
use crate::orders::views::{
    ListRights, OrderPage, OrderRights, OrderSight, OrdersPage, orders_sheet,
};
use crate::platform::db::Scope;
use crate::platform::permissions::{
    ConfirmOrders, PackShipments, Permission, PlaceOrders, ReadCustomers, ReadOrders, ReleaseOrders,
};
use crate::web::allowed::Employee;
use crate::web::bulk::{BulkForm, Outcome};
use crate::web::list::ListQuery;
use crate::web::page::{self, Answer, Next};
use crate::web::{Allowed, Form};
use actix_web::web;

pub async fn index(actor: Allowed<ReadOrders>, query: ListQuery) -> Answer {
    let asked = query.clone();
    let (found, views, now) = actor
        .read(move |scope| {
            Ok((
                Order::list(scope, &asked)?,
                SavedView::of_list(scope, "orders")?,
                scope.now(),
            ))
        })
        .await?;
    let rights = ListRights {
        base: actor.pass.base(),
        may_place: actor.pass.may::<PlaceOrders>(),
        may_confirm: actor.pass.may::<ConfirmOrders>(),
    };
    let view = OrdersPage::new(
        actor.shell(actor.lang().t("Orders")),
        actor.lang(),
        rights,
        &query,
        (found, saved_views_of(&actor.pass, views)),
        now,
    );
    page::show(&actor.ctx, &view)
}

pub async fn export(actor: Allowed<ReadOrders>, query: ListQuery) -> Answer {
    let asked = query.clone();
    let (rows, buyers) = actor
        .read(move |scope| Order::export(scope, &asked))
        .await?;
    orders_sheet(actor.lang(), rows, &buyers).answer(query.get("format"))
}

pub async fn bulk(actor: Allowed<ConfirmOrders>, form: Form<BulkForm>) -> Answer {
    if form.0.action != "confirm" {
        return Err(AppError::NotFound);
    }
    let list = form.0.list(&format!("{}/orders", actor.pass.base()));
    let who = actor.pass.person.name.clone();
    let next = actor
        .once(move |scope| {
            let mut ids: Vec<OrderId> = if form.0.is_all() {
                Order::ids(scope, &list)?
            } else {
                form.0.ids()?.into_iter().map(OrderId::from).collect()
            };
            // Siblings are locked by id, so that two people's bulks don't wait for each other.
            ids.sort_unstable();
            let mut outcome = Outcome::default();
            for id in ids {
                let done = Order::lock_by_id(scope, id)
                    .and_then(|order| actions::confirm_locked(scope, order, &who));
                outcome.note(id.uuid(), done)?;
            }
            Ok(outcome.next(&list, Said::new("{count} confirmed.")))
        })
        .await?;
    Ok(page::go(&actor.ctx, next))
}

pub fn rights(pass: &Employee) -> OrderRights {
    OrderRights {
        base: pass.base(),
        may_place: pass.may::<PlaceOrders>(),
        may_confirm: pass.may::<ConfirmOrders>(),
        may_release: pass.may::<ReleaseOrders>(),
        may_pack: pass.may::<PackShipments>(),
        may_see_customers: pass.may::<ReadCustomers>(),
    }
}

fn sight(scope: &mut Scope, number: &str) -> Result<OrderSight, AppError> {
    let order = Order::find(scope, number)?;
    Ok(OrderSight {
        lines: order.lines(scope)?,
        events: order.events(scope)?,
        shipments: Parcel::of_order(scope, order.id)?,
        card: Card::of(scope, &order)?,
        order,
    })
}

async fn sheet<P>(
    actor: &Allowed<P>,
    number: String,
    form: &NoteForm,
) -> Result<OrderPage, AppError>
where
    P: Permission<Door = crate::platform::permissions::Company>,
{
    let seen = actor.read(move |scope| sight(scope, &number)).await?;
    Ok(OrderPage::new(
        actor.shell(seen.order.number.clone()),
        actor.lang(),
        rights(&actor.pass),
        seen,
        form,
    ))
}

pub async fn show(actor: Allowed<ReadOrders>, path: web::Path<(String, String)>) -> Answer {
    let view = sheet(&actor, path.into_inner().1, &NoteForm::default()).await?;
    page::show(&actor.ctx, &view)
}

pub async fn add_note(
    actor: Allowed<ConfirmOrders>,
    path: web::Path<(String, String)>,
    form: Form<NoteForm>,
) -> Answer {
    let number = path.into_inner().1;
    let (words, is_internal) = match form.0.parse() {
        Ok(parsed) => parsed,
        Err(form) => {
            let view = sheet(&actor, number, &form).await?;
            return page::again(&actor.ctx, &view);
        }
    };
    let to = format!("{}/orders/{number}", actor.pass.base());
    let who = actor.pass.person.name.clone();
    let next = actor
        .once(move |scope| {
            actions::note(scope, &number, &words, is_internal, &who)?;
            Ok(Next::to(to).saying(Said::new("The note is added.")))
        })
        .await?;
    Ok(page::go(&actor.ctx, next))
}
