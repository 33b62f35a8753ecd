//! The sandbox registrar of an application, and somebody who speaks to it: over HTTP, with the cryptography of the `openssl` command.

use super::openssl::{decrypt, encrypt, hex, openssl, temporary, text, unhex};
use super::{App, app};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Jsonb, Nullable, Text};
use mandi::integrations::sandbox::Sandboxes;
use serde_json::{Value, json};

/// The registrar of the application under test.
pub fn registrar() -> Registrar {
    registrar_of(app())
}

/// The registrar of some application.
pub fn registrar_of(app: &'static App) -> Registrar {
    let base = app.state.part::<Sandboxes>().unwrap().registrar.to_string();
    Registrar { app, base }
}

/// The sandbox registrar of an application.
#[derive(Clone)]
pub struct Registrar {
    app: &'static App,
    /// Where it answers, with a slash at the end.
    pub base: String,
}

/// What a taxpayer signs in with.
#[derive(Clone, Debug)]
pub struct Login {
    pub gstin: String,
    pub client_id: String,
    pub client_secret: String,
    pub user_name: String,
    pub password: String,
}

/// A call in the registrar's books.
#[derive(Clone, Debug, QueryableByName)]
pub struct Heard {
    #[diesel(sql_type = Text)]
    pub method: String,
    #[diesel(sql_type = Text)]
    pub path: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub document: Option<String>,
    #[diesel(sql_type = Array<Text>)]
    pub codes: Vec<String>,
    #[diesel(sql_type = Bool)]
    pub was_lost: bool,
}

/// A document in the registrar's books.
#[derive(Clone, Debug, QueryableByName)]
pub struct Registered {
    #[diesel(sql_type = Text)]
    pub doc_type: String,
    #[diesel(sql_type = Text)]
    pub doc_no: String,
    #[diesel(sql_type = Text)]
    pub irn: String,
    #[diesel(sql_type = BigInt)]
    pub ack_no: i64,
    #[diesel(sql_type = Text)]
    pub status: String,
    #[diesel(sql_type = Jsonb)]
    pub payload: Value,
    #[diesel(sql_type = Nullable<Text>)]
    pub ewb_no: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub ewb_status: Option<String>,
}

impl Registrar {
    /// Whose it is.
    pub fn app(&self) -> &'static App {
        self.app
    }

    /// Enrols a taxpayer of a kind (`REG`, `SEZ`…) that sends e-invoices and has a turnover of 12 crore.
    pub fn enrol(&self, gstin: &str, kind: &str) -> Login {
        let answer = http(
            "POST",
            &format!("{}sandbox/enrol", self.base),
            &[],
            Some(&json!({"gstin": gstin, "name": "Example Trader"})),
        );
        let made: Value = serde_json::from_str(&answer.unwrap().1).unwrap();
        self.run(&format!(
            "update sandbox.taxpayers set taxpayer_type = '{kind}', turnover = 120000000 where gstin = '{gstin}'"
        ));
        let word = |field: &str| {
            made[field]
                .as_str()
                .unwrap_or_else(|| panic!("{made}"))
                .to_owned()
        };
        Login {
            gstin: gstin.to_owned(),
            client_id: word("client_id"),
            client_secret: word("client_secret"),
            user_name: word("user_name"),
            password: word("password"),
        }
    }

    /// A taxpayer that only receives.
    pub fn know(&self, gstin: &str, kind: &str) {
        self.run(&format!(
            "insert into sandbox.taxpayers (gstin, name, taxpayer_type, state_code) values ('{gstin}', 'Example Shop', '{kind}', '{}')
             on conflict (gstin) do update set taxpayer_type = excluded.taxpayer_type",
            &gstin[..2]
        ));
    }

    /// Changes the registrar's books.
    pub fn run(&self, sql: &str) {
        super::run(self.app, sql);
    }

    /// How it behaves to one taxpayer, for so many calls of a kind (empty: every kind). A delay is said as `slow 30`, a code as `failing 2146`.
    pub fn mood(&self, gstin: &str, mood: &str, operation: &str, calls: u32) {
        let (mood, about) = mood.split_once(' ').unwrap_or((mood, ""));
        let delay = if mood == "slow" { about } else { "0" };
        let code = if mood == "failing" {
            format!("'{about}'")
        } else {
            "null".to_owned()
        };
        self.run(&format!(
            "insert into sandbox.moods (who, gstin, operation, mood, delay_ms, code, calls_left) values ('registrar', '{gstin}', '{operation}', '{mood}', {delay}, {code}, {calls})
             on conflict (who, gstin, operation) do update set mood = excluded.mood, delay_ms = excluded.delay_ms, code = excluded.code, calls_left = excluded.calls_left"
        ));
    }

    /// What a taxpayer asked, in order.
    pub fn calls(&self, gstin: &str) -> Vec<Heard> {
        diesel::sql_query(format!(
            "select method, path, document, codes, was_lost from sandbox.calls where gstin = '{gstin}' order by id"
        ))
        .load(&mut self.app.owner())
        .unwrap()
    }

    /// What a taxpayer has registered, in order.
    pub fn registered(&self, gstin: &str) -> Vec<Registered> {
        diesel::sql_query(format!(
            "select doc_type, doc_no, irn, ack_no, status, payload, ewb_no, ewb_status from sandbox.invoices where gstin = '{gstin}' order by ack_no"
        ))
        .load(&mut self.app.owner())
        .unwrap()
    }

    /// The private key for `encryption` or `signing`, as PEM.
    pub fn private_key_pem(&self, purpose: &str) -> String {
        let der = super::ask(
            self.app,
            &format!(
                "select encode(private_key, 'hex') as value from sandbox.keys where purpose = '{purpose}'"
            ),
        );
        text(openssl(
            &["pkey", "-inform", "DER", "-outform", "PEM"],
            &unhex(&der),
        ))
    }

    /// The public half, as PEM.
    pub fn public_key_pem(&self, purpose: &str) -> String {
        text(openssl(
            &["pkey", "-pubout"],
            self.private_key_pem(purpose).as_bytes(),
        ))
    }

    /// Signs a taxpayer in.
    #[track_caller]
    pub fn sign_in(&self, login: &Login) -> Session {
        let answer = self.login(login, &[]);
        let data = &answer.json["Data"];
        let sek = decrypt(
            &hex(&[7; 32]),
            &STANDARD
                .decode(
                    data["Sek"]
                        .as_str()
                        .unwrap_or_else(|| panic!("{}", answer.json)),
                )
                .unwrap(),
        );
        Session {
            registrar: self.clone(),
            login: login.clone(),
            token: data["AuthToken"].as_str().unwrap().to_owned(),
            expires_at: data["TokenExpiry"].as_str().unwrap().to_owned(),
            sek: hex(&sek),
        }
    }

    /// The answer to a login, with other fields than the right ones where given.
    pub fn login(&self, login: &Login, other: &[(&str, Value)]) -> Answer {
        let mut asked = json!({
            "UserName": login.user_name,
            "Password": login.password,
            "AppKey": STANDARD.encode([7; 32]),
            "ForceRefreshAccessToken": false,
        });
        for (field, value) in other {
            asked[*field] = value.clone();
        }
        let inner = STANDARD.encode(asked.to_string());
        let pem = temporary(self.public_key_pem("encryption").as_bytes());
        let sealed = openssl(
            &[
                "pkeyutl",
                "-encrypt",
                "-pubin",
                "-inkey",
                pem.path().to_str().unwrap(),
                "-pkeyopt",
                "rsa_padding_mode:pkcs1",
            ],
            inner.as_bytes(),
        );
        self.login_with(login, &json!({"Data": STANDARD.encode(sealed)}))
    }

    /// The answer to a login whose body is made by hand.
    pub fn login_with(&self, login: &Login, body: &Value) -> Answer {
        let headers = [
            ("client_id", login.client_id.as_str()),
            ("client_secret", login.client_secret.as_str()),
            ("Gstin", login.gstin.as_str()),
        ];
        self.call("POST", "eivital/v1.04/auth", &headers, Some(body), None)
            .unwrap()
    }

    /// A call with these headers; `None` when the connection ends without an answer.
    pub fn call(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&Value>,
        sek: Option<&str>,
    ) -> Option<Answer> {
        let (status, text) = http(method, &format!("{}{path}", self.base), headers, body)?;
        let json: Value = serde_json::from_str(&text).unwrap_or(Value::Null);
        let opened = sek.and_then(|sek| {
            let data = json["Data"].as_str().or_else(|| json["data"].as_str())?;
            Some(open(sek, data))
        });
        Some(Answer {
            status,
            json,
            opened: opened.unwrap_or(Value::Null),
        })
    }
}

/// A login that holds.
#[derive(Clone)]
pub struct Session {
    registrar: Registrar,
    pub login: Login,
    pub token: String,
    pub expires_at: String,
    /// In hex.
    pub sek: String,
}

impl Session {
    /// Whom it is signed in at.
    pub fn registrar(&self) -> &Registrar {
        &self.registrar
    }

    /// Registers a document.
    pub fn generate(&self, payload: &Value) -> Answer {
        self.try_post("eicore/v1.03/Invoice", payload).unwrap()
    }

    /// A call with an encrypted body; `None` when it gets no answer.
    pub fn try_post(&self, path: &str, payload: &Value) -> Option<Answer> {
        let body = json!({"Data": self.sealed(payload)});
        self.ask("POST", path, Some(&body))
    }

    /// A call with an encrypted body.
    #[track_caller]
    pub fn post(&self, path: &str, payload: &Value) -> Answer {
        self.try_post(path, payload).unwrap()
    }

    /// A look.
    #[track_caller]
    pub fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, None).unwrap()
    }

    /// Finds a document by type, number and date.
    #[track_caller]
    pub fn find(&self, doc_type: &str, number: &str, date: &str) -> Answer {
        let number = number.replace('/', "%2F");
        self.get(&format!(
            "eicore/v1.03/Invoice/irnbydocdetails?doctype={doc_type}&docnum={number}&docdate={date}"
        ))
    }

    /// Cancels a document.
    #[track_caller]
    pub fn cancel(&self, irn: &str) -> Answer {
        self.post(
            "eicore/v1.03/Invoice/Cancel",
            &json!({"Irn": irn, "CnlRsn": "2", "CnlRem": "Wrong entry"}),
        )
    }

    /// Cancels an e-way bill, in the older system's way.
    #[track_caller]
    pub fn cancel_bill(&self, number: &str) -> Answer {
        let asked = json!({"ewbNo": number, "cancelRsnCode": 3, "cancelRmrk": "Wrong entry"});
        self.act("CANEWB", &asked)
    }

    /// An action of the older e-way bill system.
    pub fn act(&self, action: &str, asked: &Value) -> Answer {
        let body = json!({"action": action, "data": self.sealed(asked)});
        self.ask_older("POST", "ewaybillapi/v1.03/ewayapi", Some(&body))
    }

    /// A bill with its vehicles, as that system shows it.
    pub fn bill_by_number(&self, number: &str) -> Answer {
        let path = format!("ewaybillapi/v1.03/ewayapi/GetEwayBill?ewbNo={number}");
        self.ask_older("GET", &path, None)
    }

    fn ask_older(&self, method: &str, path: &str, body: Option<&Value>) -> Answer {
        let headers = [
            ("client-id", self.login.client_id.as_str()),
            ("client-secret", self.login.client_secret.as_str()),
            ("gstin", self.login.gstin.as_str()),
            ("username", self.login.user_name.as_str()),
            ("authtoken", self.token.as_str()),
        ];
        self.registrar
            .call(method, path, &headers, body, Some(&self.sek))
            .unwrap()
    }

    /// A payload encrypted with the session's key.
    pub fn sealed(&self, payload: &Value) -> String {
        STANDARD.encode(encrypt(&self.sek, payload.to_string().as_bytes()))
    }

    /// The headers of a call.
    pub fn headers(&self) -> Vec<(&'static str, &str)> {
        vec![
            ("client_id", &self.login.client_id),
            ("client_secret", &self.login.client_secret),
            ("Gstin", &self.login.gstin),
            ("user_name", &self.login.user_name),
            ("AuthToken", &self.token),
        ]
    }

    fn ask(&self, method: &str, path: &str, body: Option<&Value>) -> Option<Answer> {
        self.registrar
            .call(method, path, &self.headers(), body, Some(&self.sek))
    }
}

/// What the registrar answered.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    pub json: Value,
    /// Its data, decrypted.
    pub opened: Value,
}

impl Answer {
    /// The codes of a refusal, however they are wrapped.
    pub fn codes(&self) -> Vec<String> {
        let list = match &self.json["ErrorDetails"] {
            Value::String(text) => serde_json::from_slice(&STANDARD.decode(text).unwrap()).unwrap(),
            other => other.clone(),
        };
        list.as_array()
            .into_iter()
            .flatten()
            .map(|entry| entry["ErrorCode"].as_str().unwrap().to_owned())
            .collect()
    }

    /// The codes of a refusal of the older e-way bill system, as they stand there: `312,`.
    pub fn older_codes(&self) -> String {
        let error = match &self.json["error"] {
            Value::String(text) => serde_json::from_slice(&STANDARD.decode(text).unwrap()).unwrap(),
            other => other.clone(),
        };
        error["errorCodes"].as_str().unwrap_or_default().to_owned()
    }

    /// Whether it was done: the status is 1, as a number or as text.
    pub fn is_done(&self) -> bool {
        self.json["Status"] == 1 || self.json["Status"] == "1"
    }

    /// A text of the decrypted data.
    #[track_caller]
    pub fn word(&self, field: &str) -> String {
        match &self.opened[field] {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            other => panic!("{field} is {other} in {} {}", self.opened, self.json),
        }
    }

    /// What is told beside.
    pub fn note(&self, kind: &str) -> Value {
        self.json["InfoDtls"]
            .as_array()
            .into_iter()
            .flatten()
            .find(|note| note["InfCd"] == kind)
            .map_or(Value::Null, |note| note["Desc"].clone())
    }
}

/// The payload of a signed text, after the `openssl` command has found its signature good.
#[track_caller]
pub fn verified(registrar: &Registrar, text: &str) -> (Value, Value) {
    use base64::engine::general_purpose::URL_SAFE_NO_PAD as URL;
    let parts: Vec<&str> = text.split('.').collect();
    assert_eq!(parts.len(), 3);
    let pem = temporary(registrar.public_key_pem("signing").as_bytes());
    let signature = temporary(&URL.decode(parts[2]).unwrap());
    openssl(
        &[
            "dgst",
            "-sha256",
            "-verify",
            pem.path().to_str().unwrap(),
            "-signature",
            signature.path().to_str().unwrap(),
        ],
        format!("{}.{}", parts[0], parts[1]).as_bytes(),
    );
    let json =
        |part: &str| -> Value { serde_json::from_slice(&URL.decode(part).unwrap()).unwrap() };
    (json(parts[0]), json(parts[1]))
}

/// Data as answers carry them: encrypted, in one layer of Base64 or in two.
pub fn open(sek: &str, data: &str) -> Value {
    let once = STANDARD.decode(data).unwrap();
    let sealed = match std::str::from_utf8(&once) {
        Ok(text) if !once.len().is_multiple_of(16) || text.is_ascii() => {
            STANDARD.decode(text).unwrap()
        }
        _ => once,
    };
    serde_json::from_slice(&decrypt(sek, &sealed)).unwrap()
}

/// One HTTP call; `None` when the connection ends without an answer.
pub fn http(
    method: &str,
    url: &str,
    headers: &[(&str, &str)],
    body: Option<&Value>,
) -> Option<(u16, String)> {
    drop(rustls::crypto::ring::default_provider().install_default());
    let client = reqwest::blocking::Client::builder()
        .no_proxy()
        .timeout(std::time::Duration::from_secs(30))
        .build()
        .unwrap();
    let mut request = client.request(method.parse().unwrap(), url);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    if let Some(body) = body {
        request = request
            .header("content-type", "application/json")
            .body(body.to_string());
    }
    let response = request.send().ok()?;
    let status = response.status().as_u16();
    Some((status, response.text().ok()?))
}
