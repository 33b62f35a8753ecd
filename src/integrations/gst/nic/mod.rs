//! The client of the authority for e-invoices, in the layout of NIC. It knows the protocol alone: what to do with an answer is the books'.

mod crypto;
mod envelope;
mod http;

use crate::accounting::outside::{
    Away, Credentials, EInvoiceAuthority, Reply, Seat, Session, cancel_body, eway_cancel_body,
};
use crate::config::Secret;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeZone as _, Utc};
use chrono_tz::Asia::Kolkata;
use envelope::Envelope;
use http::Http;
use serde_json::{Value, json};
use url::Url;

const AUTH: &str = "eivital/v1.04/auth";
const INVOICE: &str = "eicore/v1.03/Invoice";
const CANCEL: &str = "eicore/v1.03/Invoice/Cancel";
const BY_DOCUMENT: &str = "eicore/v1.03/Invoice/irnbydocdetails";
const EWAY_BILL: &str = "eiewb/v1.03/ewaybill";
const EWAY_BILL_SYSTEM: &str = "ewaybillapi/v1.03/ewayapi";
const EWAY_BILL_BY_NUMBER: &str = "ewaybillapi/v1.03/ewayapi/GetEwayBill";
const SYNC: &str = "eivital/v1.04/Master/syncgstin";
const ENROL: &str = "sandbox/enrol";

/// The client. It keeps no session: whoever calls has one.
#[derive(Default)]
pub struct Client {
    http: Http,
}

fn broken(why: impl Into<String>) -> Away {
    Away::NotSent(why.into())
}

fn lost(raw: Vec<u8>, why: impl Into<String>) -> Away {
    Away::Lost {
        raw: Some(raw),
        why: why.into(),
    }
}

fn at(base: &Url, path: &str) -> Result<Url, Away> {
    base.join(path)
        .map_err(|error| broken(format!("{path} is no address: {error}")))
}

impl Client {
    fn post(
        &self,
        (seat, session): (&Seat, &Session),
        path: &str,
        body: &[u8],
    ) -> Result<Reply, Away> {
        let sealed = crypto::seal(session.sek.expose(), body).map_err(broken)?;
        let outer = json!({ "Data": sealed });
        let url = at(&seat.base, path)?;
        self.ask(seat, session, ("POST", url), Some(&outer))
    }

    fn get(&self, (seat, session): (&Seat, &Session), url: Url) -> Result<Reply, Away> {
        self.ask(seat, session, ("GET", url), None)
    }

    fn ask(
        &self,
        seat: &Seat,
        session: &Session,
        call: (&str, Url),
        body: Option<&Value>,
    ) -> Result<Reply, Away> {
        let headers = [
            ("client_id", seat.client_id.as_str()),
            ("client_secret", seat.client_secret.expose()),
            ("Gstin", seat.gstin.as_str()),
            ("user_name", seat.user.as_str()),
            ("AuthToken", session.token.expose()),
        ];
        let (status, raw) = self.http.call(call, &headers, body)?;
        read(status, raw, session)
    }
}

/// The older system for e-way bills.
impl Client {
    /// An action of its one address.
    fn act(
        &self,
        (seat, session): (&Seat, &Session),
        action: &str,
        body: &[u8],
    ) -> Result<Reply, Away> {
        let sealed = crypto::seal(session.sek.expose(), body).map_err(broken)?;
        let outer = json!({"action": action, "data": sealed});
        let url = at(&seat.base, EWAY_BILL_SYSTEM)?;
        self.ask_older((seat, session), ("POST", url), Some(&outer))
    }

    /// It spells its headers with hyphens.
    fn ask_older(
        &self,
        (seat, session): (&Seat, &Session),
        call: (&str, Url),
        body: Option<&Value>,
    ) -> Result<Reply, Away> {
        let headers = [
            ("client-id", seat.client_id.as_str()),
            ("client-secret", seat.client_secret.expose()),
            ("gstin", seat.gstin.as_str()),
            ("username", seat.user.as_str()),
            ("authtoken", session.token.expose()),
        ];
        let (status, raw) = self.http.call(call, &headers, body)?;
        read(status, raw, session)
    }
}

/// Whether a server says with its status that it is broken, away or overrun: whatever stands below it, nothing was decided there.
const fn is_in_trouble(status: u16) -> bool {
    status >= 500 || status == 429
}

/// An answer of the protocol.
fn envelope(status: u16, raw: &[u8]) -> Option<Envelope> {
    if is_in_trouble(status) {
        return None;
    }
    Envelope::read(raw)
}

/// An answer after its login.
fn read(status: u16, raw: Vec<u8>, session: &Session) -> Result<Reply, Away> {
    let Some(envelope) = envelope(status, &raw) else {
        return Err(lost(
            raw,
            format!("HTTP {status}, and no answer of the protocol"),
        ));
    };
    let kept = raw.clone();
    envelope
        .reply(status, raw, session.sek.expose())
        .ok_or_else(|| lost(kept, "its data can't be decrypted"))
}

/// A moment as the authority writes it, in Indian time.
fn moment(text: &str) -> Option<DateTime<Utc>> {
    let local = NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S").ok()?;
    let there = Kolkata.from_local_datetime(&local).single()?;
    Some(there.with_timezone(&Utc))
}

/// The session that an answer to a login holds.
fn session(data: &Value, app_key: [u8; 32]) -> Option<Session> {
    let word = |name: &str| data.get(name).and_then(Value::as_str);
    Some(Session {
        token: Secret::new(word("AuthToken")?.to_owned()),
        sek: Secret::new(crypto::open_key(&app_key, word("Sek")?)?),
        expires_at: moment(word("TokenExpiry")?)?,
        app_key: Secret::new(app_key),
    })
}

impl EInvoiceAuthority for Client {
    fn sign_in(&self, seat: &Seat) -> Result<Session, Away> {
        let app_key = crypto::fresh_key().map_err(broken)?;
        // A token near its end is made anew; at any other time the authority gives the one that it gave before.
        let asked = json!({
            "UserName": seat.user,
            "Password": seat.password.expose(),
            "AppKey": STANDARD.encode(app_key),
            "ForceRefreshAccessToken": true,
        });
        let inner = STANDARD.encode(asked.to_string());
        let sealed = crypto::wrap(&seat.key, inner.as_bytes()).map_err(broken)?;
        let headers = [
            ("client_id", seat.client_id.as_str()),
            ("client_secret", seat.client_secret.expose()),
            ("Gstin", seat.gstin.as_str()),
        ];
        let outer = json!({ "Data": STANDARD.encode(sealed) });
        let (status, raw) =
            self.http
                .call(("POST", at(&seat.base, AUTH)?), &headers, Some(&outer))?;
        let Some(envelope) = envelope(status, &raw) else {
            return Err(lost(
                raw,
                format!("HTTP {status}, and no answer to a login"),
            ));
        };
        match envelope.clear() {
            Some(data) => session(data, app_key)
                .ok_or_else(|| lost(raw, "the answer to the login can't be read")),
            // A "no" that does not say why refuses nobody: something between us and the authority is in trouble.
            None if envelope.is_without_code() => {
                Err(lost(raw, "the login was refused without a code"))
            }
            None => Err(Away::Refused(envelope.errors)),
        }
    }

    fn generate(&self, seat: &Seat, session: &Session, inv01: &[u8]) -> Result<Reply, Away> {
        self.post((seat, session), INVOICE, inv01)
    }

    fn find(
        &self,
        seat: &Seat,
        session: &Session,
        doc_type: &str,
        number: &str,
        date: NaiveDate,
    ) -> Result<Reply, Away> {
        let mut url = at(&seat.base, BY_DOCUMENT)?;
        url.query_pairs_mut()
            .append_pair("doctype", doc_type)
            .append_pair("docnum", number)
            .append_pair("docdate", &date.format("%d/%m/%Y").to_string());
        self.get((seat, session), url)
    }

    fn fetch(&self, seat: &Seat, session: &Session, irn: &str) -> Result<Reply, Away> {
        self.get(
            (seat, session),
            at(&seat.base, &format!("{INVOICE}/irn/{irn}"))?,
        )
    }

    fn cancel(
        &self,
        seat: &Seat,
        session: &Session,
        irn: &str,
        code: u8,
        remark: &str,
    ) -> Result<Reply, Away> {
        self.post((seat, session), CANCEL, &cancel_body(irn, code, remark))
    }

    fn make_eway_bill(&self, seat: &Seat, session: &Session, body: &[u8]) -> Result<Reply, Away> {
        self.post((seat, session), EWAY_BILL, body)
    }

    fn find_eway_bill(&self, seat: &Seat, session: &Session, irn: &str) -> Result<Reply, Away> {
        self.get(
            (seat, session),
            at(&seat.base, &format!("{EWAY_BILL}/irn/{irn}"))?,
        )
    }

    fn cancel_eway_bill(
        &self,
        seat: &Seat,
        session: &Session,
        number: &str,
        code: u8,
        remark: &str,
    ) -> Result<Reply, Away> {
        let body = eway_cancel_body(number, code, remark);
        self.act((seat, session), "CANEWB", &body)
    }

    fn change_vehicle(&self, seat: &Seat, session: &Session, body: &[u8]) -> Result<Reply, Away> {
        self.act((seat, session), "VEHEWB", body)
    }

    fn fetch_eway_bill(&self, seat: &Seat, session: &Session, number: &str) -> Result<Reply, Away> {
        let mut url = at(&seat.base, EWAY_BILL_BY_NUMBER)?;
        url.query_pairs_mut().append_pair("ewbNo", number);
        self.ask_older((seat, session), ("GET", url), None)
    }

    fn sync(&self, seat: &Seat, session: &Session, gstin: &str) -> Result<Reply, Away> {
        self.get((seat, session), at(&seat.base, &format!("{SYNC}/{gstin}"))?)
    }

    fn enrol(&self, base: &Url, gstin: &str, name: &str) -> Result<Credentials, Away> {
        let asked = json!({"gstin": gstin, "name": name});
        let (status, raw) = self
            .http
            .call(("POST", at(base, ENROL)?), &[], Some(&asked))?;
        let made: Value = serde_json::from_slice(&raw).unwrap_or_default();
        let word = |name: &str| {
            let text = made.get(name).and_then(Value::as_str);
            text.map(str::to_owned)
                .ok_or_else(|| lost(raw.clone(), format!("HTTP {status}, and no {name}")))
        };
        Ok(Credentials {
            client_id: word("client_id")?,
            client_secret: Secret::new(word("client_secret")?),
            user: word("user_name")?,
            password: Secret::new(word("password")?),
        })
    }
}
