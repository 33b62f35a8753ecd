//! The sandbox gateway's page, on which payers pay with money that nobody has. It is no room of the house: in production it is not there.

use crate::error::AppError;
use crate::integrations::forms::GatewayForm;
use crate::integrations::payments::gateway::Gateway;
use crate::integrations::payments::gateway::books::{self, Merchant, Order, Payment};
use crate::integrations::sandbox::Sandboxes;
use crate::integrations::views::GatewayPage;
use crate::platform::permissions::CallGateway;
use crate::web::page::{self, Answer, Next};
use crate::web::{Allowed, Form};
use actix_web::web;
use std::sync::Arc;
use std::time::Duration;

/// How long a payer waits for a webhook that is to be there first.
const PATIENCE: u32 = 60;
const LOOK_EVERY: Duration = Duration::from_millis(50);

struct Found {
    merchant: Merchant,
    order: Order,
    payments: Vec<Payment>,
}

fn till(actor: &Allowed<CallGateway>) -> Result<Arc<Gateway>, AppError> {
    let sandboxes = actor.state().part::<Sandboxes>();
    Ok(Arc::clone(&sandboxes.map_err(|_| AppError::NotFound)?.till))
}

async fn look(actor: &Allowed<CallGateway>, order: String) -> Result<Found, AppError> {
    actor
        .platform_read(move |tx| {
            let order = books::order(tx, &order)?.ok_or(AppError::NotFound)?;
            Ok(Found {
                merchant: books::merchant(tx, &order.key_id)?.ok_or(AppError::NotFound)?,
                payments: books::payments(tx, &order.id)?,
                order,
            })
        })
        .await
}

pub async fn show(actor: Allowed<CallGateway>, path: web::Path<String>) -> Answer {
    till(&actor)?;
    let found = look(&actor, path.into_inner()).await?;
    let shell = actor.shell(actor.lang().t("Sandbox payment"));
    let view = GatewayPage::new(
        shell,
        actor.lang(),
        (&found.merchant.name, &found.order),
        &found.payments,
    );
    page::show(&actor.ctx, &view)
}

/// Takes the money, or lets it fail; tells the merchant of it as the payer chose; leads back.
pub async fn pay(
    actor: Allowed<CallGateway>,
    path: web::Path<String>,
    form: Form<GatewayForm>,
) -> Answer {
    let gateway = till(&actor)?;
    let found = look(&actor, path.into_inner()).await?;
    let here = format!("/sandbox/pay/{}", found.order.id);
    let form = form.0;
    let paid = found.payments.iter().find(|one| one.status == "captured");
    let payment = match paid {
        Some(paid) => paid.clone(),
        None => take(&actor, gateway, (found.order.clone(), form.clone())).await?,
    };
    if payment.status != "captured" || form.stays() {
        return Ok(page::go(&actor.ctx, Next::to(here)));
    }
    let back = books::way_back(&found.merchant, &found.order, &payment);
    let back = back.ok_or_else(|| AppError::internal("an order without a way back"))?;
    Ok(page::go(&actor.ctx, Next::to(back.to_string())))
}

async fn take(
    actor: &Allowed<CallGateway>,
    gateway: Arc<Gateway>,
    (order, form): (Order, GatewayForm),
) -> Result<Payment, AppError> {
    actor
        .blocking(move |_, _| {
            let (payment, event) = gateway.transact(|tx| {
                let payment = books::pay(tx, &order, form.outcome())?;
                let (times, seconds) = form.webhooks();
                let event = books::tell(tx, &order.key_id, &payment, (times, seconds))?;
                Ok((payment, event))
            })?;
            gateway.bell.ring();
            if form.is_told_first() {
                for _ in 0..PATIENCE {
                    if gateway.transact(|tx| books::is_sent(tx, &event))? {
                        break;
                    }
                    std::thread::sleep(LOOK_EVERY);
                }
            }
            Ok(payment)
        })
        .await
}
