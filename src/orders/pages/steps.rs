//! The steps of an order's life that employees take: confirm, hold, release, cancel.

use crate::error::AppError;
use crate::kernel::ids::OrderLineId;
use crate::kernel::language::{Lang, Said};
use crate::orders::actions;
use crate::orders::forms::ConfirmLinesForm;
use crate::orders::model::{Order, OrderLine};
use crate::orders::rules;
use crate::orders::views::ConfirmLinesPage;
use crate::platform::db::Scope;
use crate::platform::permissions::{Company, ConfirmOrders, Permission, ReleaseOrders};
use crate::web::components::{Confirm, Field};
use crate::web::confirm::{ConfirmPage, ReasonForm};
use crate::web::forms::{Nothing, new_key};
use crate::web::page::{self, Answer, Next};
use crate::web::{Allowed, Form};
use actix_web::web;

type Number = web::Path<(String, String)>;
type LineOf = web::Path<(String, String, String)>;

pub async fn confirm(actor: Allowed<ConfirmOrders>, path: Number, _form: Form<Nothing>) -> Answer {
    let (number, who) = (path.into_inner().1, actor.pass.person.name.clone());
    let to = format!("{}/orders/{number}", actor.pass.base());
    let next = actor
        .once(move |scope| {
            actions::confirm(scope, &number, &who)?;
            let said = Said::new("Order {number} is confirmed.").with("number", number);
            Ok(Next::to(to).saying(said))
        })
        .await?;
    Ok(page::go(&actor.ctx, next))
}

async fn lines_page(
    actor: &Allowed<ConfirmOrders>,
    number: String,
    form: &ConfirmLinesForm,
) -> Result<ConfirmLinesPage, AppError> {
    let (order, lines) = actor
        .read(move |scope| {
            let order = Order::find(scope, &number)?;
            let lines = order.lines(scope)?;
            Ok((order, lines))
        })
        .await?;
    rules::may_confirm(&order.number, order.status, order.hold_reason().as_ref())
        .map_err(AppError::refused)?;
    let title = Said::new("Confirm {number} in part").with("number", &order.number);
    Ok(ConfirmLinesPage::new(
        actor.shell(actor.lang().say(&title)),
        actor.lang(),
        &actor.pass.base(),
        (order, lines),
        form,
    ))
}

pub async fn ask_confirm_lines(actor: Allowed<ConfirmOrders>, path: Number) -> Answer {
    let view = lines_page(&actor, path.into_inner().1, &ConfirmLinesForm::default()).await?;
    page::show(&actor.ctx, &view)
}

pub async fn confirm_lines(
    actor: Allowed<ConfirmOrders>,
    path: Number,
    form: Form<Vec<(String, String)>>,
) -> Answer {
    let number = path.into_inner().1;
    let mut form = ConfirmLinesForm::read(form.0);
    let (kept, reason) = form.parse()?;
    if !form.is_sound() {
        // What can't be read hides nothing of what the order's lines refuse.
        let (_, lines) = look(&actor, number.clone()).await?;
        form.check(&kept, reason.as_deref(), &lines);
        return page::again(&actor.ctx, &lines_page(&actor, number, &form).await?);
    }
    let who = actor.pass.person.name.clone();
    let to = format!("{}/orders/{number}", actor.pass.base());
    let (asked, wanted, why) = (number.clone(), kept.clone(), reason.clone());
    let done = actor
        .once(move |scope| {
            let (order, cut) =
                actions::confirm_lines(scope, &asked, &wanted, why.as_deref(), &who)?;
            let said = if cut == 0 {
                Said::new("Order {number} is confirmed.")
            } else {
                Said::new("Order {number} is confirmed, {count} lines in part.").with("count", cut)
            };
            Ok(Next::to(to).saying(said.with("number", order.number)))
        })
        .await;
    let refused = match done {
        Err(AppError::Refused(said)) => said,
        done => return Ok(page::go(&actor.ctx, done?)),
    };
    // What a line or the reason refuses is said beside it; what the state refuses is said as such.
    let (_, lines) = look(&actor, number.clone()).await?;
    form.check(&kept, reason.as_deref(), &lines);
    if form.is_sound() {
        return Err(AppError::refused(refused));
    }
    page::again(&actor.ctx, &lines_page(&actor, number, &form).await?)
}

/// A question with a reason, about an order or one of its lines.
struct Question {
    /// What is asked; the order's number fills `{number}`.
    asked: Said,
    effect: &'static str,
    verb: &'static str,
    keep: &'static str,
    /// Where it goes, under the order's address.
    step: String,
    hint: &'static str,
}

fn dialog(lang: Lang, path: &str, question: &Question, form: &ReasonForm) -> Confirm {
    Confirm {
        question: lang.say(&question.asked),
        effect: lang.t(question.effect).into_owned(),
        action: format!("{path}/{}", question.step),
        verb: lang.t(question.verb).into_owned(),
        back: path.to_owned(),
        keep: lang.t(question.keep).into_owned(),
        key: new_key(),
        fields: vec![
            Field::text("reason", lang.t("Reason"))
                .value(&form.reason)
                .hint(lang.t(question.hint))
                .autocomplete("off")
                .remarks(&form.remarks, lang),
        ],
    }
}

fn ask<P>(actor: &Allowed<P>, number: &str, question: &Question, form: &ReasonForm) -> ConfirmPage
where
    P: Permission<Door = Company>,
{
    let path = format!("{}/orders/{number}", actor.pass.base());
    let confirm = dialog(actor.lang(), &path, question, form);
    ConfirmPage {
        shell: actor
            .shell(confirm.question.clone())
            .with_errors(!form.remarks.is_empty()),
        confirm,
    }
}

/// Does a step with its reason, or asks again.
async fn step<P>(
    actor: Allowed<P>,
    number: String,
    form: ReasonForm,
    question: Question,
    (done, act): (
        Said,
        impl FnOnce(&mut Scope, &str, &str, &str) -> Result<Order, AppError> + Send + 'static,
    ),
) -> Answer
where
    P: Permission<Door = Company>,
{
    let reason = match form.parse() {
        Ok(reason) => reason,
        Err(form) => {
            // Whether the order is there comes before what was typed.
            let asked = number.clone();
            actor.read(move |scope| Order::find(scope, &asked)).await?;
            return page::again(&actor.ctx, &ask(&actor, &number, &question, &form));
        }
    };
    let who = actor.pass.person.name.clone();
    let to = format!("{}/orders/{number}", actor.pass.base());
    let next = actor
        .once(move |scope| {
            act(scope, &number, &reason, &who)?;
            Ok(Next::to(to).saying(done.with("number", number)))
        })
        .await?;
    Ok(page::go(&actor.ctx, next))
}

async fn look<P>(actor: &Allowed<P>, number: String) -> Result<(Order, Vec<OrderLine>), AppError>
where
    P: Permission<Door = Company>,
{
    actor
        .read(move |scope| {
            let order = Order::find(scope, &number)?;
            let lines = order.lines(scope)?;
            Ok((order, lines))
        })
        .await
}

fn hold_question(number: &str) -> Question {
    Question {
        asked: Said::new("Hold order {number}?").with("number", number),
        effect: "It can't be confirmed until somebody releases it. The retailer gets a message.",
        verb: "Hold order",
        keep: "Back to the order",
        step: "hold".to_owned(),
        hint: "The retailer reads it.",
    }
}

pub async fn ask_hold(actor: Allowed<ConfirmOrders>, path: Number) -> Answer {
    let (order, _) = look(&actor, path.into_inner().1).await?;
    rules::may_hold(&order.number, order.status, order.is_held).map_err(AppError::refused)?;
    let question = hold_question(&order.number);
    let view = ask(&actor, &order.number, &question, &ReasonForm::default());
    page::show(&actor.ctx, &view)
}

pub async fn hold(actor: Allowed<ConfirmOrders>, path: Number, form: Form<ReasonForm>) -> Answer {
    let number = path.into_inner().1;
    let question = hold_question(&number);
    let done = Said::new("Order {number} is on hold.");
    step(actor, number, form.0, question, (done, actions::hold)).await
}

fn release_question(number: &str) -> Question {
    Question {
        asked: Said::new("Release order {number}?").with("number", number),
        effect: "It may be confirmed then, whatever the credit limit says. The retailer gets a message.",
        verb: "Release order",
        keep: "Back to the order",
        step: "release".to_owned(),
        hint: "Only the company reads it.",
    }
}

pub async fn ask_release(actor: Allowed<ReleaseOrders>, path: Number) -> Answer {
    let (order, _) = look(&actor, path.into_inner().1).await?;
    rules::may_release(&order.number, order.is_held).map_err(AppError::refused)?;
    let question = release_question(&order.number);
    let view = ask(&actor, &order.number, &question, &ReasonForm::default());
    page::show(&actor.ctx, &view)
}

pub async fn release(
    actor: Allowed<ReleaseOrders>,
    path: Number,
    form: Form<ReasonForm>,
) -> Answer {
    let number = path.into_inner().1;
    let question = release_question(&number);
    let done = Said::new("Order {number} is released.");
    step(actor, number, form.0, question, (done, actions::release)).await
}

fn cancel_question(number: &str) -> Question {
    Question {
        asked: Said::new("Cancel order {number}?").with("number", number),
        effect: "Its stock goes back and it no longer counts against the credit limit. The retailer gets a message. This can't be undone.",
        verb: "Cancel order",
        keep: "Keep order",
        step: "cancel".to_owned(),
        hint: "The retailer reads it.",
    }
}

pub async fn ask_cancel(actor: Allowed<ConfirmOrders>, path: Number) -> Answer {
    let (order, lines) = look(&actor, path.into_inner().1).await?;
    rules::may_become(&order.number, order.status, rules::OrderStatus::Cancelled)?;
    rules::may_cancel_whole(&order.number, actions::has_begun(&lines))
        .map_err(AppError::refused)?;
    let question = cancel_question(&order.number);
    let view = ask(&actor, &order.number, &question, &ReasonForm::default());
    page::show(&actor.ctx, &view)
}

pub async fn cancel(actor: Allowed<ConfirmOrders>, path: Number, form: Form<ReasonForm>) -> Answer {
    let number = path.into_inner().1;
    let question = cancel_question(&number);
    let done = Said::new("Order {number} is cancelled.");
    step(actor, number, form.0, question, (done, actions::cancel)).await
}

fn open_question(number: &str) -> Question {
    Question {
        asked: Said::new("Cancel what is open of order {number}?").with("number", number),
        effect: "What is being picked or has left stays as it is. The stock of the rest goes back. The retailer gets a message. This can't be undone.",
        verb: "Cancel what is open",
        keep: "Keep order",
        step: "cancel-open".to_owned(),
        hint: "The retailer reads it.",
    }
}

pub async fn ask_cancel_open(actor: Allowed<ConfirmOrders>, path: Number) -> Answer {
    let (order, lines) = look(&actor, path.into_inner().1).await?;
    rules::may_become(&order.number, order.status, rules::OrderStatus::Closed)?;
    let open = lines
        .iter()
        .filter(|line| line.open_qty > line.picking_qty)
        .count();
    rules::may_cancel_open(&order.number, actions::has_begun(&lines), open)
        .map_err(AppError::refused)?;
    let question = open_question(&order.number);
    let view = ask(&actor, &order.number, &question, &ReasonForm::default());
    page::show(&actor.ctx, &view)
}

pub async fn cancel_open(
    actor: Allowed<ConfirmOrders>,
    path: Number,
    form: Form<ReasonForm>,
) -> Answer {
    let number = path.into_inner().1;
    let question = open_question(&number);
    let done = Said::new("What was open of order {number} is cancelled.");
    step(
        actor,
        number,
        form.0,
        question,
        (done, actions::cancel_open),
    )
    .await
}

fn line_question(line: &OrderLine) -> Question {
    Question {
        asked: Said::new("Cancel what is open of {name}?").with("name", &line.name),
        effect: "Its stock goes back, the order's amount goes down. The retailer gets a message. This can't be undone.",
        verb: "Cancel line",
        keep: "Keep line",
        step: format!("lines/{}/cancel", line.id),
        hint: "The retailer reads it.",
    }
}

async fn line_of(
    actor: &Allowed<ConfirmOrders>,
    number: String,
    id: &str,
) -> Result<(Order, OrderLine), AppError> {
    let id: OrderLineId = id.parse().map_err(|_| AppError::NotFound)?;
    let (order, lines) = look(actor, number).await?;
    let line = lines.into_iter().find(|line| line.id == id);
    Ok((order, line.ok_or(AppError::NotFound)?))
}

pub async fn ask_cancel_line(actor: Allowed<ConfirmOrders>, path: LineOf) -> Answer {
    let (_, number, id) = path.into_inner();
    let (order, line) = line_of(&actor, number, &id).await?;
    if !order.status.is_open() {
        rules::may_become(&order.number, order.status, rules::OrderStatus::ToApprove)?;
    }
    rules::may_cancel_line(&line.name, line.open_qty, line.picking_qty)
        .map_err(AppError::refused)?;
    let view = ask(
        &actor,
        &order.number,
        &line_question(&line),
        &ReasonForm::default(),
    );
    page::show(&actor.ctx, &view)
}

pub async fn cancel_line(
    actor: Allowed<ConfirmOrders>,
    path: LineOf,
    form: Form<ReasonForm>,
) -> Answer {
    let (_, number, id) = path.into_inner();
    let line: OrderLineId = id.parse().map_err(|_| AppError::NotFound)?;
    let reason = match form.0.parse() {
        Ok(reason) => reason,
        Err(form) => {
            let (order, line) = line_of(&actor, number, &id).await?;
            let view = ask(&actor, &order.number, &line_question(&line), &form);
            return page::again(&actor.ctx, &view);
        }
    };
    let who = actor.pass.person.name.clone();
    let to = format!("{}/orders/{number}", actor.pass.base());
    let next = actor
        .once(move |scope| {
            actions::cancel_line(scope, &number, line, &reason, &who)?;
            Ok(Next::to(to).saying(Said::new("What was open of the line is cancelled.")))
        })
        .await?;
    Ok(page::go(&actor.ctx, next))
}
