//! The retailer takes its own order back, until the company has confirmed it.

use crate::error::AppError;
use crate::kernel::language::{Lang, Said};
use crate::orders::actions::{self, cart};
use crate::orders::model::Order;
use crate::orders::rules;
use crate::platform::permissions::OrderAsShop;
use crate::web::components::{Confirm, Field};
use crate::web::confirm::{PortalConfirmPage, ReasonForm};
use crate::web::forms::new_key;
use crate::web::page::{self, Answer, Next};
use crate::web::{Allowed, Form};
use actix_web::web;

type Number = web::Path<(String, String, String)>;

fn dialog(lang: Lang, path: &str, number: &str, form: &ReasonForm) -> Confirm {
    Confirm {
        question: lang.say(&Said::new("Cancel order {number}?").with("number", number)),
        effect: lang
            .t("The supplier gets a message. This can't be undone.")
            .into_owned(),
        action: format!("{path}/cancel"),
        verb: lang.t("Cancel order").into_owned(),
        back: path.to_owned(),
        keep: lang.t("Keep order").into_owned(),
        key: new_key(),
        fields: vec![
            Field::text("reason", lang.t("Reason"))
                .value(&form.reason)
                .hint(lang.t("The supplier reads it."))
                .autocomplete("off")
                .remarks(&form.remarks, lang),
        ],
    }
}

fn ask(actor: &Allowed<OrderAsShop>, number: &str, form: &ReasonForm) -> PortalConfirmPage {
    let path = format!("{}/orders/{number}", actor.pass.base());
    let confirm = dialog(actor.lang(), &path, number, form);
    PortalConfirmPage {
        shell: actor
            .shell(confirm.question.clone())
            .with_errors(!form.remarks.is_empty()),
        confirm,
    }
}

/// The retailer's own order; a draft of the company's is none.
async fn own(actor: &Allowed<OrderAsShop>, number: String) -> Result<Order, AppError> {
    actor
        .read(move |scope| {
            let customer = cart::customer(scope)?;
            Order::own(scope, customer, &number)
        })
        .await
}

pub async fn ask_withdraw(actor: Allowed<OrderAsShop>, path: Number) -> Answer {
    let number = path.into_inner().2;
    let order = own(&actor, number).await?;
    rules::may_withdraw(&order.number, order.status).map_err(AppError::refused)?;
    let view = ask(&actor, &order.number, &ReasonForm::default());
    page::show(&actor.ctx, &view)
}

pub async fn withdraw(actor: Allowed<OrderAsShop>, path: Number, form: Form<ReasonForm>) -> Answer {
    let number = path.into_inner().2;
    let reason = match form.0.parse() {
        Ok(reason) => reason,
        Err(form) => {
            let asked = number.clone();
            own(&actor, asked).await?;
            return page::again(&actor.ctx, &ask(&actor, &number, &form));
        }
    };
    let who = actor.pass.person.name.clone();
    let to = format!("{}/orders/{number}", actor.pass.base());
    let next = actor
        .once(move |scope| {
            actions::withdraw(scope, &number, &reason, &who)?;
            let said = Said::new("Order {number} is cancelled.").with("number", number);
            Ok(Next::to(to).saying(said))
        })
        .await?;
    Ok(page::go(&actor.ctx, next))
}
