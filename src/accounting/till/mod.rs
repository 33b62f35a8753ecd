//! Where the books speak with payment gateways: each call between two transactions, never inside one.

mod after;

use crate::accounting::actions::gateway::{
    self as actions, Applied, Heard, OnePayment, Wait, apply_found, asked,
};
use crate::accounting::model::{GatewayAccount, GatewayEvent, HookDoor, Payment};
use crate::accounting::outside::{
    Forged, GatewayError, GatewaySeat, Gateways, HookEvent, KnownGateway, NewOrder,
};
use crate::accounting::rules::payment::Status;
use crate::config::Config;
use crate::error::AppError;
use crate::kernel::ids::{GatewayAccountId, PaymentId, TenantId};
use crate::kernel::language::Said;
use crate::kernel::money::Money;
use crate::platform::db::{Db, Member, Meter, PlatformActor};
use crate::platform::jobs::{JobError, JobRun};
use crate::platform::secrets;
use crate::web::State;
use chrono::TimeDelta;
use std::sync::Arc;
use url::Url;

/// The header in which gateways sign what they tell.
const SIGNATURE: &str = "x-razorpay-signature";
/// The header with their id of it.
const EVENT_ID: &str = "x-razorpay-event-id";

/// Speaks with gateways for the books.
#[derive(Clone)]
pub struct Till {
    db: Db,
    config: Arc<Config>,
    gateways: Gateways,
}

/// A payment and the account that it goes over, ready for a call.
struct Ready<'t> {
    payment: Payment,
    account: GatewayAccountId,
    known: &'t KnownGateway,
    seat: GatewaySeat,
}

/// What came of a payer that came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Back {
    /// What the gateway says of it is applied.
    Applied(Applied),
    /// The gateway says nothing yet, or is away: the webhook or the poller will.
    Later,
    /// What the payer brought is not from the gateway.
    Forged,
}

/// What came of a webhook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    /// It is kept, now or before.
    Kept,
    /// It is not from the gateway. Nothing is kept.
    Forged,
}

fn refused(error: &GatewayError) -> AppError {
    tracing::warn!(%error, "a payment gateway did not do it");
    AppError::refused(Said::new(
        "The payment page does not answer just now. Nothing was paid. Try again in a minute.",
    ))
}

fn forged(what: &'static str, why: &Forged) {
    metrics::counter!("mandi_gateway_forged_total", "what" => what).increment(1);
    tracing::warn!(what, why = %why, "not from the payment gateway");
}

impl Till {
    /// The till of this installation.
    pub fn new(state: &State) -> Self {
        Self {
            db: state.db.clone(),
            config: Arc::clone(&state.config),
            gateways: state.part::<Gateways>().cloned().unwrap_or_default(),
        }
    }

    /// The gateways of this installation.
    pub fn gateways(&self) -> &Gateways {
        &self.gateways
    }

    /// The account that a company's retailers pay by, if they can pay online. Retailers can't read it, for it holds secrets: the system does.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn active(
        &self,
        tenant: TenantId,
        meter: &Meter,
    ) -> Result<Option<GatewayAccount>, AppError> {
        let member = Member::system(tenant, "payment.begin");
        let account = self.db.read(&member, meter, GatewayAccount::active)?;
        Ok(account.filter(|account| self.gateways.get(&account.gateway).is_ok()))
    }

    fn ready(&self, member: &Member, meter: &Meter, id: PaymentId) -> Result<Ready<'_>, AppError> {
        let (payment, account) = self.db.read(member, meter, |scope| {
            let payment = Payment::by_id(scope, id)?;
            let account = payment.gateway_account_id.ok_or(AppError::NotFound)?;
            Ok((payment, GatewayAccount::find(scope, account)?))
        })?;
        let known = self.gateways.get(&account.gateway)?;
        let seat = account.seat(known, (&self.config.secret_key, member.tenant()))?;
        Ok(Ready {
            payment,
            account: account.id,
            known,
            seat,
        })
    }

    /// Where a payment that was begun is paid: the gateway is asked for it, unless it was before. `back` is our own page, without the host.
    ///
    /// # Errors
    /// `Refused` when the gateway does not answer.
    pub fn lead(
        &self,
        tenant: TenantId,
        meter: &Meter,
        (id, back): (PaymentId, &str),
    ) -> Result<Url, AppError> {
        let member = Member::system(tenant, "payment.begin");
        let ready = self.ready(&member, meter, id)?;
        if let Some(order) = &ready.payment.gateway_order {
            return Ok(ready.known.client.page(&ready.seat, order));
        }
        let at = (ready.known, &ready.seat);
        self.ask(&member, meter, at, (id, ready.payment.amount, back))
    }

    /// The same for a payment that was begun just now, of which all is known.
    ///
    /// # Errors
    /// As [`Self::lead`].
    pub fn lead_new(
        &self,
        tenant: TenantId,
        meter: &Meter,
        account: &GatewayAccount,
        begun: (PaymentId, Money, &str),
    ) -> Result<Url, AppError> {
        let member = Member::system(tenant, "payment.begin");
        let known = self.gateways.get(&account.gateway)?;
        let seat = account.seat(known, (&self.config.secret_key, tenant))?;
        self.ask(&member, meter, (known, &seat), begun)
    }

    fn ask(
        &self,
        member: &Member,
        meter: &Meter,
        (known, seat): (&KnownGateway, &GatewaySeat),
        (id, amount, back): (PaymentId, Money, &str),
    ) -> Result<Url, AppError> {
        let order = NewOrder {
            paise: amount.to_paise().ok_or(AppError::NotFound)?,
            receipt: id.to_string(),
            note: "Payment of bills".to_owned(),
            return_to: self
                .config
                .base_url
                .join(back)
                .map_err(AppError::internal)?,
        };
        let answer = known
            .client
            .ask(seat, &order)
            .map_err(|error| refused(&error))?;
        self.db
            .write(member, meter, |scope| asked(scope, id, &answer.order))?;
        Ok(known.client.page(seat, &answer.order))
    }

    /// The payer came back with these words of the gateway. They say that it was paid, not how much: that the gateway is asked.
    ///
    /// # Errors
    /// Whatever the database refuses.
    pub fn came_back(
        &self,
        tenant: TenantId,
        meter: &Meter,
        (id, query): (PaymentId, &[(String, String)]),
    ) -> Result<Back, AppError> {
        let member = Member::system(tenant, "payment.return");
        let ready = self.ready(&member, meter, id)?;
        let Some(order) = ready.payment.gateway_order.clone() else {
            return Ok(Back::Forged);
        };
        let paid = match ready.known.client.verify_return(&ready.seat, &order, query) {
            Ok(paid) => paid,
            Err(why) => {
                forged("return", &why);
                return Ok(Back::Forged);
            }
        };
        let found = match ready.known.client.find(&ready.seat, &order) {
            Ok(found) => found,
            Err(error) => {
                tracing::warn!(%error, "the payer is back before the gateway answers");
                return Ok(Back::Later);
            }
        };
        let Some(told) = found.iter().find(|told| told.payment == paid) else {
            return Ok(Back::Later);
        };
        let applied = self.db.write(&member, meter, |scope| {
            apply_found(scope, ready.account, told)
        })?;
        Ok(Back::Applied(applied))
    }

    /// Hears a webhook: its signature is checked over the exact bytes before anything else is done with them.
    ///
    /// # Errors
    /// `NotFound` when there is no such account; whatever the database refuses.
    pub fn hear(
        &self,
        account: GatewayAccountId,
        meter: &Meter,
        (headers, body): (&[(String, String)], &[u8]),
    ) -> Result<Call, AppError> {
        let actor = PlatformActor {
            cause: Some("gateway.webhook"),
            ..PlatformActor::default()
        };
        let door = self
            .db
            .platform_read(&actor, meter, |tx| HookDoor::find(tx, account))?;
        let known = self.gateways.get(&door.gateway)?;
        let key = &self.config.secret_key;
        let secret = secrets::open(key, door.tenant, &door.hook_secret_sealed)?;
        let event = match known.client.verify_hook(secret.expose(), headers, body) {
            Ok(event) => event,
            Err(why) => {
                forged("webhook", &why);
                return Ok(Call::Forged);
            }
        };
        let signature = headers.iter().find(|(name, _)| name == SIGNATURE);
        let heard = Heard {
            account,
            event: &event,
            body,
            signature: signature.map_or("", |(_, value)| value),
        };
        let member = Member::system(door.tenant, "gateway.webhook");
        let is_new = self
            .db
            .write(&member, meter, |scope| actions::keep(scope, &heard))?;
        tracing::info!(kind = %event.kind, is_new, "a payment gateway told something");
        Ok(Call::Kept)
    }

    /// Works an event off; the job ends with it.
    ///
    /// # Errors
    /// Whatever the database refuses; the job comes again.
    pub fn work_off(&self, run: &JobRun) -> Result<(), JobError> {
        let wait: Wait =
            serde_json::from_value(run.job.payload.clone()).map_err(AppError::internal)?;
        let (event, account) = run.read(|scope| {
            let event = GatewayEvent::find(scope, wait.event)?;
            let account = GatewayAccount::find(scope, event.account_id)?;
            Ok((event, account))
        })?;
        let told = self.read_again(run.tenant()?, &event, &account)?;
        run.finish_in_company(|scope| {
            let outcome = actions::work_off(scope, &event, &told)?;
            Ok(serde_json::json!({ "outcome": outcome.as_str() }))
        })?;
        Ok(())
    }

    /// What a kept event says: its signature has to hold still.
    fn read_again(
        &self,
        tenant: TenantId,
        event: &GatewayEvent,
        account: &GatewayAccount,
    ) -> Result<HookEvent, AppError> {
        let known = self.gateways.get(&account.gateway)?;
        let secret = account.hook_secret((&self.config.secret_key, tenant))?;
        let headers = [
            (SIGNATURE.to_owned(), event.signature.clone()),
            (EVENT_ID.to_owned(), event.event_id.clone()),
        ];
        known
            .client
            .verify_hook(secret.expose(), &headers, &event.body)
            .map_err(AppError::internal)
    }

    /// Asks the gateway to give money back; the job ends with it. The refund's own id is the receipt there, so that asking twice gives once.
    ///
    /// # Errors
    /// When the gateway is away or the database refuses; the job comes again.
    pub fn give_back(&self, run: &JobRun) -> Result<(), JobError> {
        let wanted: OnePayment =
            serde_json::from_value(run.job.payload.clone()).map_err(AppError::internal)?;
        let member = Member::system(run.tenant()?, "payments.refund");
        let ready = self.ready(&member, &Meter::default(), wanted.payment)?;
        let refund = &ready.payment;
        if refund.status != Status::Pending {
            run.finish_in_company(|_| Ok(serde_json::json!({})))?;
            return Ok(());
        }
        let original = refund.refund_of.ok_or(AppError::NotFound)?;
        let original = run.read(|scope| Payment::by_id(scope, original))?;
        let paid = original.gateway_payment.ok_or(AppError::NotFound)?;
        let paise = refund.amount.to_paise().ok_or(AppError::NotFound)?;
        let receipt = refund.id.to_string();
        let answer = ready
            .known
            .client
            .refund(&ready.seat, &paid, paise, &receipt);
        match answer {
            Ok(done) => run.finish_in_company(|scope| {
                let number = actions::gone_back(scope, refund.id, &done)?;
                Ok(serde_json::json!({ "number": number }))
            })?,
            Err(GatewayError::Refused { code, said }) => run.finish_in_company(|scope| {
                actions::back_refused(scope, refund.id, &said)?;
                Ok(serde_json::json!({ "refused": code }))
            })?,
            Err(error @ GatewayError::Away(_)) => return Err(self.later(1, &error)),
        }
        Ok(())
    }

    /// The gateway is away: the same again in so many minutes.
    fn later(&self, minutes: i64, why: &GatewayError) -> JobError {
        let again = self.db.clock().now() + TimeDelta::minutes(minutes);
        JobError::PutOff(again, why.to_string())
    }
}
