//! Accounts at payment gateways.

use crate::accounting::actions::gateway::{self as actions, Keys};
use crate::accounting::forms::{Asked, GatewayForm};
use crate::accounting::model::{GatewayAccount, GatewayEvent};
use crate::accounting::outside::GatewayError;
use crate::accounting::till::Till;
use crate::accounting::views::{GatewayGround, GatewaysPage, hooks_to};
use crate::error::AppError;
use crate::kernel::ids::GatewayAccountId;
use crate::kernel::language::Said;
use crate::platform::permissions::EditAccounting;
use crate::web::page::{self, Answer, Next};
use crate::web::{Allowed, Form};
use url::Url;

/// So many of the latest events are shown.
const MOST_EVENTS: i64 = 25;

async fn room(
    actor: &Allowed<EditAccounting>,
    form: &GatewayForm,
) -> Result<GatewaysPage, AppError> {
    let found = actor
        .read(|scope| {
            Ok(GatewayGround {
                accounts: GatewayAccount::list(scope)?,
                events: GatewayEvent::latest(scope, MOST_EVENTS)?,
            })
        })
        .await?;
    let till = Till::new(actor.state());
    let shell = actor.shell(actor.lang().t("Online payments"));
    Ok(GatewaysPage::new(
        shell.with_errors(!form.remarks.is_empty()),
        (actor.lang(), actor.pass.base()),
        (till.gateways(), &actor.state().config.base_url),
        found,
        form,
    ))
}

pub async fn show(actor: Allowed<EditAccounting>) -> Answer {
    let room = room(&actor, &GatewayForm::default()).await?;
    page::show(&actor.ctx, &room)
}

/// Opens an account at the sandbox, which is told where to call.
async fn open(actor: &Allowed<EditAccounting>, id: GatewayAccountId) -> Result<Keys, AppError> {
    let name = actor.pass.company.name.clone();
    let own = &actor.state().config.base_url;
    let hooks_to = Url::parse(&hooks_to(own, id.uuid())).map_err(AppError::internal)?;
    actor
        .blocking(move |state, _| {
            let till = Till::new(state);
            let known = till
                .gateways()
                .get("sandbox")
                .map_err(|_| AppError::NotFound)?;
            let opened = known.client.open_account(&known.base, &name, &hooks_to);
            let opened = opened.map_err(|error: GatewayError| {
                tracing::warn!(%error, "no account at the sandbox");
                AppError::refused(Said::new("The gateway does not answer. Try again."))
            })?;
            Ok(Keys {
                gateway: known.name.to_owned(),
                key_id: opened.key_id,
                key_secret: opened.key_secret,
                hook_secret: opened.hook_secret,
            })
        })
        .await
}

pub async fn change(actor: Allowed<EditAccounting>, form: Form<GatewayForm>) -> Answer {
    let till = Till::new(actor.state());
    let asked = match form.0.parse(till.gateways())? {
        Ok(asked) => asked,
        Err(form) => return page::again(&actor.ctx, &room(&actor, &form).await?),
    };
    let id = GatewayAccountId::new();
    let asked = match asked {
        Asked::Open => Asked::Add(open(&actor, id).await?),
        other => other,
    };
    let to = format!("{}/settings/integrations/payments", actor.pass.base());
    let config = std::sync::Arc::clone(&actor.state().config);
    let next = actor
        .once(move |scope| {
            let (said, key) = match asked {
                Asked::Add(keys) => {
                    actions::add(scope, &config.secret_key, id, &keys)?;
                    (Said::new("Retailers pay by {key} now."), keys.key_id)
                }
                Asked::Stop(id) => (
                    Said::new("{key} is out of use."),
                    actions::stop(scope, id)?.key_id,
                ),
                Asked::Start(id) => (
                    Said::new("Retailers pay by {key} now."),
                    actions::start(scope, id)?.key_id,
                ),
                Asked::Open => return Err(AppError::NotFound),
            };
            Ok(Next::to(to).saying(said.with("key", key)))
        })
        .await?;
    Ok(page::go(&actor.ctx, next))
}
