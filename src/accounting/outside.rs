//! What the books ask of the world outside: the authority that registers invoices, and gateways that take money. Data and traits alone; the
//! clients are in `integrations`, and nothing here knows how they speak.
//!
//! Calls are made outside of any transaction: what is about to be asked is committed before, what was answered after.

use crate::config::Secret;
use crate::error::AppError;
use chrono::{DateTime, NaiveDate, Utc};
use std::sync::Arc;
use url::Url;

states! {
    /// Which world a call goes to.
    Environment:
    /// The sandboxes of this process.
    Sandbox "sandbox"
    /// The real one.
    Live "live"
}

/// A public RSA key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RsaKey {
    /// The modulus, the highest byte first.
    pub modulus: Vec<u8>,
    /// The exponent.
    pub exponent: u32,
}

/// Who calls the authority, and where it is.
#[derive(Clone, Debug)]
pub struct Seat {
    /// Which world.
    pub environment: Environment,
    /// Where the authority answers.
    pub base: Url,
    /// The registration that calls.
    pub gstin: String,
    /// Client id.
    pub client_id: String,
    /// Client secret.
    pub client_secret: Secret<String>,
    /// API user of the GSTIN.
    pub user: String,
    /// Its password.
    pub password: Secret<String>,
    /// What logins are encrypted for.
    pub key: RsaKey,
}

/// A login at the authority.
#[derive(Clone, Debug)]
pub struct Session {
    /// The token.
    pub token: Secret<String>,
    /// The key that we made for this login.
    pub app_key: Secret<[u8; 32]>,
    /// The key that what follows is encrypted with.
    pub sek: Secret<[u8; 32]>,
    /// When the token ends.
    pub expires_at: DateTime<Utc>,
}

/// An answer that could be read, whatever it says.
#[derive(Clone, Debug, Default)]
pub struct Reply {
    /// HTTP status.
    pub http_status: u16,
    /// The exact bytes.
    pub raw: Vec<u8>,
    /// Its data after decryption, as JSON text; `None` when it has none.
    pub opened: Option<Vec<u8>>,
    /// Codes and words of what was refused; none when it was done.
    pub errors: Vec<(String, String)>,
    /// What came beside: the kind (`DUPIRN`) and its data as JSON text.
    pub notes: Vec<(String, String)>,
}

/// No answer that can be read.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Away {
    /// Nothing was sent: nobody was there to take it.
    #[error("not sent: {0}")]
    NotSent(String),
    /// It was sent, and what came of it is not known.
    #[error("lost: {why}")]
    Lost {
        /// What came back, if anything.
        raw: Option<Vec<u8>>,
        /// Why it can't be read.
        why: String,
    },
    /// It was understood and refused: a login alone is answered like this.
    #[error("refused: {}", .0.iter().map(|(code, said)| format!("{code} {said}")).collect::<Vec<_>>().join("; "))]
    Refused(Vec<(String, String)>),
}

/// What a registration signs in with.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// Client id.
    pub client_id: String,
    /// Client secret.
    pub client_secret: Secret<String>,
    /// API user of the GSTIN.
    pub user: String,
    /// Its password.
    pub password: Secret<String>,
}

/// What is sent to cancel a document: the same bytes are kept with the call.
pub fn cancel_body(irn: &str, code: u8, remark: &str) -> Vec<u8> {
    serde_json::json!({"Irn": irn, "CnlRsn": code.to_string(), "CnlRem": remark})
        .to_string()
        .into_bytes()
}

/// What is sent to cancel an e-way bill, before it is encrypted: the same bytes are kept with the call.
pub fn eway_cancel_body(number: &str, code: u8, remark: &str) -> Vec<u8> {
    let number: u64 = number.parse().unwrap_or_default();
    serde_json::json!({"ewbNo": number, "cancelRsnCode": code, "cancelRmrk": remark})
        .to_string()
        .into_bytes()
}

/// The authority that registers invoices. Nothing here is tried twice: whoever calls decides what comes next.
pub trait EInvoiceAuthority: Send + Sync {
    /// Signs in.
    ///
    /// # Errors
    /// `Away`.
    fn sign_in(&self, seat: &Seat) -> Result<Session, Away>;

    /// Registers a document; `inv01` are the exact bytes.
    ///
    /// # Errors
    /// `Away`.
    fn generate(&self, seat: &Seat, session: &Session, inv01: &[u8]) -> Result<Reply, Away>;

    /// Looks a document up by type (`INV`), number and date.
    ///
    /// # Errors
    /// `Away`.
    fn find(
        &self,
        seat: &Seat,
        session: &Session,
        doc_type: &str,
        number: &str,
        date: NaiveDate,
    ) -> Result<Reply, Away>;

    /// Fetches a document by its IRN.
    ///
    /// # Errors
    /// `Away`.
    fn fetch(&self, seat: &Seat, session: &Session, irn: &str) -> Result<Reply, Away>;

    /// Cancels a document.
    ///
    /// # Errors
    /// `Away`.
    fn cancel(
        &self,
        seat: &Seat,
        session: &Session,
        irn: &str,
        code: u8,
        remark: &str,
    ) -> Result<Reply, Away>;

    /// Makes an e-way bill from an IRN; `body` are the exact bytes.
    ///
    /// # Errors
    /// `Away`.
    fn make_eway_bill(&self, seat: &Seat, session: &Session, body: &[u8]) -> Result<Reply, Away>;

    /// Looks an e-way bill up by its document's IRN.
    ///
    /// # Errors
    /// `Away`.
    fn find_eway_bill(&self, seat: &Seat, session: &Session, irn: &str) -> Result<Reply, Away>;

    /// Cancels an e-way bill.
    ///
    /// # Errors
    /// `Away`.
    fn cancel_eway_bill(
        &self,
        seat: &Seat,
        session: &Session,
        number: &str,
        code: u8,
        remark: &str,
    ) -> Result<Reply, Away>;

    /// Asks the authority to look at a GSTIN anew.
    ///
    /// # Errors
    /// `Away`.
    fn sync(&self, seat: &Seat, session: &Session, gstin: &str) -> Result<Reply, Away>;

    /// Has a registration enrolled. Only a sandbox does it for the asking; at a real authority people do it in its portal.
    ///
    /// # Errors
    /// `Away`.
    fn enrol(&self, base: &Url, gstin: &str, name: &str) -> Result<Credentials, Away>;
}

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

/// Everybody outside whom this process speaks to; a part of `web::State` and of the jobs.
#[derive(Clone)]
pub struct Outside {
    /// Which authority accounts are for, and where it answers; none when this installation has none.
    pub authority_at: Option<(Environment, Url)>,
    /// The authority's client.
    pub authority: Arc<dyn EInvoiceAuthority>,
    /// Gateways by the name that accounts have (`sandbox`), each with where it answers and where people pay.
    pub gateways: Vec<(&'static str, Arc<dyn PaymentGateway>, Url, Url)>,
}

impl Outside {
    /// A gateway by its name, with where it answers and where people pay.
    ///
    /// # Errors
    /// When this installation has no such gateway.
    pub fn gateway(&self, name: &str) -> Result<(&dyn PaymentGateway, &Url, &Url), AppError> {
        self.gateways
            .iter()
            .find(|(known, ..)| *known == name)
            .map(|(_, gateway, base, pages)| (gateway.as_ref(), base, pages))
            .ok_or_else(|| AppError::internal(format!("no gateway called {name}")))
    }
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
