//! The authority that registers invoices, and makes e-way bills for them.

use super::Environment;
use crate::config::Secret;
use chrono::{DateTime, NaiveDate, Utc};
use url::Url;

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

    /// Names another vehicle in an e-way bill; `body` are the exact bytes before encryption.
    ///
    /// # Errors
    /// `Away`.
    fn change_vehicle(&self, seat: &Seat, session: &Session, body: &[u8]) -> Result<Reply, Away>;

    /// Fetches an e-way bill by its number, with its vehicles.
    ///
    /// # Errors
    /// `Away`.
    fn fetch_eway_bill(&self, seat: &Seat, session: &Session, number: &str) -> Result<Reply, Away>;

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
