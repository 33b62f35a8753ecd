//! A retailer pays its bills over the supplier's gateway.

use crate::accounting::actions::gateway::{Applied, Unfit, Wanted, begin as write_down};
use crate::accounting::forms::PayForm;
use crate::accounting::model::{Allocated, Bank, GatewayAccount, Payment};
use crate::accounting::rules::gateway::may_go_on;
use crate::accounting::till::{Back, Till};
use crate::accounting::views::{MOST_BILLS, PaidFound, PaidPage, PayGround, PayPage};
use crate::error::AppError;
use crate::kernel::dates;
use crate::kernel::ids::{GatewayAccountId, PaymentId};
use crate::kernel::language::Said;
use crate::kernel::money::Money;
use crate::ledger::model::OpenBill;
use crate::platform::permissions::PayBills;
use crate::web::forms::Nothing;
use crate::web::list::ListQuery;
use crate::web::page::{self, Answer, Next};
use crate::web::{Allowed, Form};
use actix_web::{HttpRequest, web};
use std::sync::{Arc, Mutex, PoisonError};
use url::Url;

type One = web::Path<(String, String, String)>;

/// Most bills of a payment that its page shows.
const MOST_PAID: i64 = 50;

async fn account(actor: &Allowed<PayBills>) -> Result<Option<GatewayAccount>, AppError> {
    let tenant = actor.member().tenant();
    actor
        .blocking(move |state, ctx| Till::new(state).active(tenant, &ctx.meter))
        .await
}

async fn room(
    actor: &Allowed<PayBills>,
    form: &PayForm,
    has_account: bool,
) -> Result<PayPage, AppError> {
    let found = actor
        .read(move |scope| {
            let customer = scope.member().customer().ok_or(AppError::NotFound)?;
            let (bills, credits) = OpenBill::and_credits(scope, customer, MOST_BILLS)?;
            let (account, under_way) = Payment::under_way(scope, customer)?;
            Ok(PayGround {
                account,
                under_way,
                unused: credits.iter().map(|credit| credit.open).sum(),
                bills,
                bank: (!has_account).then(|| Bank::of(scope)).transpose()?,
                today: dates::today(scope.now()),
            })
        })
        .await?;
    let shell = actor.shell(actor.lang().t("Pay"));
    Ok(PayPage::new(
        shell.with_errors(!form.is_sound()),
        (actor.lang(), actor.pass.base()),
        (actor.pass.supplier.name.clone(), &actor.pass.retailer.name),
        found,
        form,
    ))
}

/// What is open, to be ticked; or an amount. Whoever comes from a bill finds it ticked.
pub async fn ask(actor: Allowed<PayBills>, query: ListQuery) -> Answer {
    let has_account = account(&actor).await?.is_some();
    let form = PayForm::asked(query.get("bill"), query.get("of"), query.get("amount"));
    page::show(&actor.ctx, &room(&actor, &form, has_account).await?)
}

/// Writes the wish down and leads to the gateway. The form sent twice leads to the same payment there.
pub async fn begin(actor: Allowed<PayBills>, form: Form<Vec<(String, String)>>) -> Answer {
    let mut form = PayForm::read(form.0);
    let wanted = match form.clone().parse()? {
        Ok(wanted) => wanted,
        Err(form) => {
            let has_account = account(&actor).await?.is_some();
            return page::again(&actor.ctx, &room(&actor, &form, has_account).await?);
        }
    };
    let Some(account) = account(&actor).await? else {
        let said = Said::new("{company} takes no payments online yet.");
        return Err(AppError::refused(
            said.with("company", &actor.pass.supplier.name),
        ));
    };
    let base = actor.pass.base();
    let (next, begun) = match write(&actor, (account.id, wanted)).await? {
        Ok(begun) => begun,
        Err(unfit) => {
            form.note(unfit);
            return page::again(&actor.ctx, &room(&actor, &form, true).await?);
        }
    };
    let id = next.to.rsplit('/').next().unwrap_or_default();
    let id: PaymentId = id.parse().map_err(AppError::internal)?;
    let (tenant, back) = (actor.member().tenant(), format!("{base}/pay/{id}"));
    let to = actor
        .blocking(move |state, ctx| {
            let till = Till::new(state);
            match begun {
                Some(amount) => till.lead_new(tenant, &ctx.meter, &account, (id, amount, &back)),
                // The form came a second time.
                None => till.lead(tenant, &ctx.meter, (id, &back)),
            }
        })
        .await?;
    Ok(on_to(&actor, &to))
}

type Begun = (Next, Option<Money>);

/// Where the payment is shown, and what it comes to, unless the form came before; or what does not fit what is open.
async fn write(
    actor: &Allowed<PayBills>,
    (account, wanted): (GatewayAccountId, Wanted),
) -> Result<Result<Begun, Unfit>, AppError> {
    let (who, base) = (actor.pass.person.name.clone(), actor.pass.base());
    let begun = Arc::new(Mutex::new(None));
    let note = Arc::clone(&begun);
    let next = actor
        .once_unless(move |scope| {
            let customer = scope.member().customer().ok_or(AppError::NotFound)?;
            let (id, amount) = match write_down(scope, &who, (customer, account), &wanted)? {
                Ok(begun) => begun,
                Err(unfit) => return Ok(Err(unfit)),
            };
            *note.lock().unwrap_or_else(PoisonError::into_inner) = Some(amount);
            Ok(Ok(Next::to(format!("{base}/pay/{id}"))))
        })
        .await?;
    let amount = *begun.lock().unwrap_or_else(PoisonError::into_inner);
    Ok(next.map(|next| (next, amount)))
}

/// The gateway's page: an address on this host is written without it.
fn on_to(actor: &Allowed<PayBills>, to: &Url) -> actix_web::HttpResponse {
    let own = &actor.state().config.base_url;
    let path = if to.origin() == own.origin() {
        to.path().to_owned()
    } else {
        to.to_string()
    };
    page::go(&actor.ctx, Next::to(path))
}

fn id_of(text: &str) -> Result<PaymentId, AppError> {
    text.parse().map_err(|_| AppError::NotFound)
}

/// What became of a payment. The payer comes back here: what the gateway gave along is checked and applied first.
pub async fn show(actor: Allowed<PayBills>, path: One, request: HttpRequest) -> Answer {
    let id = id_of(&path.into_inner().2)?;
    let found = actor
        .read(move |scope| {
            let payment = Payment::by_id(scope, id)?;
            let set = Allocated::of(scope, id.uuid().into(), MOST_PAID)?;
            Ok(PaidFound {
                payment,
                set,
                now: scope.now(),
            })
        })
        .await?;
    if let Some(words) = gateway_words(&request) {
        let is_open = found.payment.number.is_none();
        return came_back(&actor, id, words, is_open).await;
    }
    let title = actor.lang().t("Payment").into_owned();
    let lang = (actor.lang(), actor.pass.base());
    let view = PaidPage::new(actor.shell(title), lang, found);
    page::show(&actor.ctx, &view)
}

/// What a gateway gave the payer along, if it did: it is signed.
fn gateway_words(request: &HttpRequest) -> Option<Vec<(String, String)>> {
    let words: Vec<(String, String)> =
        url::form_urlencoded::parse(request.query_string().as_bytes())
            .into_owned()
            .collect();
    words
        .iter()
        .any(|(name, _)| name.ends_with("_signature"))
        .then_some(words)
}

async fn came_back(
    actor: &Allowed<PayBills>,
    id: PaymentId,
    words: Vec<(String, String)>,
    is_open: bool,
) -> Answer {
    let mut next = Next::to(format!("{}/pay/{id}", actor.pass.base()));
    if !is_open {
        return Ok(page::go(&actor.ctx, next));
    }
    let tenant = actor.member().tenant();
    let back = actor
        .blocking(move |state, ctx| Till::new(state).came_back(tenant, &ctx.meter, (id, &words)))
        .await?;
    let said = match back {
        Back::Applied(Applied::Received(_, number, freed)) if freed > 0 => Some(
            Said::new("Paid: {number}. {count} orders go on.")
                .with("number", number)
                .with("count", freed),
        ),
        Back::Applied(Applied::Received(_, number, _)) => {
            Some(Said::new("Paid: {number}.").with("number", number))
        }
        Back::Applied(_) | Back::Later => None,
        Back::Forged => Some(Said::new(
            "What came back with you is not from the payment page, so it does not count.",
        )),
    };
    if let Some(said) = said {
        next = next.saying(said);
    }
    Ok(page::go(&actor.ctx, next))
}

/// On to the gateway's page again, for whoever did not pay there yet.
pub async fn go_on(actor: Allowed<PayBills>, path: One, _form: Form<Nothing>) -> Answer {
    let id = id_of(&path.into_inner().2)?;
    // The retailer's own look: what is somebody else's is not there.
    let (payment, now) = actor
        .read(move |scope| Ok((Payment::by_id(scope, id)?, scope.now())))
        .await?;
    may_go_on(payment.status, payment.expires_at, now).map_err(AppError::refused)?;
    let (tenant, back) = (
        actor.member().tenant(),
        format!("{}/pay/{id}", actor.pass.base()),
    );
    let to = actor
        .blocking(move |state, ctx| Till::new(state).lead(tenant, &ctx.meter, (id, &back)))
        .await?;
    Ok(on_to(&actor, &to))
}
