//! Gateways that take money.

use crate::config::Secret;
use crate::error::AppError;
use chrono::{DateTime, Utc};
use std::sync::Arc;
use url::Url;

/// Whose account at a gateway, and where the gateway is.
#[derive(Clone, Debug)]
pub struct GatewaySeat {
    /// Where the gateway answers.
    pub base: Url,
    /// Where people pay.
    pub pages: Url,
    /// Key id.
    pub key_id: String,
    /// Key secret.
    pub key_secret: Secret<String>,
}

/// What a gateway is asked to take.
#[derive(Clone, Debug)]
pub struct NewOrder {
    /// In paise.
    pub paise: i64,
    /// Our payment's id: the same one twice is the same order there.
    pub receipt: String,
    /// What it is for, in words.
    pub note: String,
    /// Where the payer comes back to.
    pub return_to: Url,
}

/// What a gateway made of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The gateway's id of the order.
    pub order: String,
}

/// The currency in which gateways are asked for money: any other does not count.
pub const CURRENCY: &str = "INR";

/// What a gateway says of a payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Captured {
    /// The order that it was for.
    pub order: String,
    /// The gateway's id of the payment.
    pub payment: String,
    /// In paise, or whatever the smallest coin of its currency is.
    pub paise: i64,
    /// ISO 4217; empty where the gateway does not say.
    pub currency: String,
    /// How it was paid, as the gateway calls it.
    pub method: String,
    /// When.
    pub at: DateTime<Utc>,
    /// Why it failed; `None` when the money is there.
    pub failed_because: Option<String>,
}

impl Captured {
    /// Its currency in a sentence.
    pub fn currency_said(&self) -> &str {
        match self.currency.as_str() {
            "" => "an unknown currency",
            known => known,
        }
    }
}

/// What a gateway gave back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refunded {
    /// The gateway's id of the refund.
    pub refund: String,
    /// In paise.
    pub paise: i64,
}

/// What a gateway told us by itself, its signature checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HookEvent {
    /// The gateway's id of the event.
    pub id: String,
    /// What it is about, e.g. `payment.captured`.
    pub kind: String,
    /// The payment, if it is about one.
    pub payment: Option<Captured>,
}

/// A gateway that did not do it.
#[derive(Clone, Debug, thiserror::Error)]
pub enum GatewayError {
    /// No answer that can be read.
    #[error("gateway away: {0}")]
    Away(String),
    /// It refused.
    #[error("gateway refused ({code}): {said}")]
    Refused {
        /// Its code.
        code: String,
        /// Its words.
        said: String,
    },
}

/// A message that is not from whom it says.
#[derive(Clone, Debug, thiserror::Error)]
#[error("forged: {0}")]
pub struct Forged(pub String);

/// What a gateway gives whoever opens an account there.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// Key id.
    pub key_id: String,
    /// Key secret.
    pub key_secret: Secret<String>,
    /// What it signs webhooks with.
    pub hook_secret: Secret<String>,
}

/// A gateway that takes money.
pub trait PaymentGateway: Send + Sync {
    /// Opens an account, where that is done by a call: at sandboxes. Elsewhere people do it at the gateway's own pages.
    ///
    /// # Errors
    /// `GatewayError`.
    fn open_account(
        &self,
        base: &Url,
        name: &str,
        hooks_to: &Url,
    ) -> Result<NewAccount, GatewayError>;

    /// Asks for an order. The same receipt gives the same order.
    ///
    /// # Errors
    /// `GatewayError`.
    fn ask(&self, seat: &GatewaySeat, order: &NewOrder) -> Result<Asked, GatewayError>;

    /// Where the payer pays an order.
    fn page(&self, seat: &GatewaySeat, order: &str) -> Url;

    /// What was paid for an order, and what failed.
    ///
    /// # Errors
    /// `GatewayError`.
    fn find(&self, seat: &GatewaySeat, order: &str) -> Result<Vec<Captured>, GatewayError>;

    /// Gives money back. The same receipt gives the same refund.
    ///
    /// # Errors
    /// `GatewayError`.
    fn refund(
        &self,
        seat: &GatewaySeat,
        payment: &str,
        paise: i64,
        receipt: &str,
    ) -> Result<Refunded, GatewayError>;

    /// Reads a webhook, after its signature held over the exact bytes. Names of headers are in small letters.
    ///
    /// # Errors
    /// `Forged`.
    fn verify_hook(
        &self,
        secret: &[u8],
        headers: &[(String, String)],
        body: &[u8],
    ) -> Result<HookEvent, Forged>;

    /// Reads what the payer came back with: the gateway's id of the payment.
    ///
    /// # Errors
    /// `Forged`.
    fn verify_return(
        &self,
        seat: &GatewaySeat,
        order: &str,
        query: &[(String, String)],
    ) -> Result<String, Forged>;
}

/// A gateway of this installation.
#[derive(Clone)]
pub struct KnownGateway {
    /// The name that accounts have, e.g. `sandbox`.
    pub name: &'static str,
    /// Who speaks with it.
    pub client: Arc<dyn PaymentGateway>,
    /// Where it answers.
    pub base: Url,
    /// Where people pay.
    pub pages: Url,
}

/// The gateways of this installation; a part of `web::State`. None where nobody pays online.
#[derive(Clone, Default)]
pub struct Gateways(pub Vec<KnownGateway>);

impl Gateways {
    /// A gateway by its name.
    ///
    /// # Errors
    /// When this installation has no such gateway.
    pub fn get(&self, name: &str) -> Result<&KnownGateway, AppError> {
        self.0
            .iter()
            .find(|known| known.name == name)
            .ok_or_else(|| AppError::internal(format!("no gateway called {name}")))
    }
}
