//! Which authority an installation speaks to: the one it is told of, its own sandbox, or none.

use super::einvoices::{Trade, trade_in};
use crate::support::openssl::{decrypt, unhex};
use crate::support::registrar::registrar;
use crate::support::{app, app_without_workers, ask, own_app_set, postgres, run};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use mandi::accounting::outside::Outside;
use mandi::integrations::gst::nic::Client;
use mandi::web::State;
use serde_json::Value;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// A company at an application of its own that speaks to the authority of the application under test at some address: with an account there,
/// and with its keys pinned.
fn trade_at(database: &str, url: &str) -> Trade {
    let there = registrar();
    let trade = trade_in(own_app_set(database, &[("MANDI_GST_URL", url)]));
    assert_ne!(trade.registrar.base, there.base);
    let login = there.enrol(&trade.gstin, "REG");
    there.know(&trade.buyer, "REG");
    let pins = ask(
        app(),
        "select string_agg(format('insert into authority_keys (environment, kid, purpose, modulus, exponent) values (''live'', %L, %L, decode(%L, ''hex''), %s)',
                kid, purpose, encode(modulus, 'hex'), exponent), '; ') as value from authority_keys where environment = 'sandbox'",
    );
    run(trade.tenant.app, &pins);
    trade
        .get(&format!("/settings/e-invoices/{}", trade.gstin))
        .is(200)
        .form("#account")
        .fill("client_id", &login.client_id)
        .fill("client_secret", &login.client_secret)
        .fill("user_name", &login.user_name)
        .fill("password", &login.password)
        .submit()
        .is(303);
    trade
}

#[test]
fn what_is_configured_is_spoken_to_with_the_keys_that_are_pinned() {
    // given: an authority on another port, with other books, named without a slash at its end; a company's account there, and its keys
    let there = registrar();
    let trade = trade_at("authority_elsewhere", there.base.trim_end_matches('/'));

    // when
    let issued = trade.issue("RICE");

    // then: registered there, verified by the pinned key, and unknown to the sandbox of this process
    trade.becomes(&issued, "registered");
    assert_eq!(
        trade.word(&issued, "environment || ' ' || is_verified"),
        "live true"
    );
    let found = there.registered(&trade.gstin);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].doc_no, issued.number);
    assert_eq!(trade.registrar.registered(&trade.gstin).len(), 0);
    assert_eq!(trade.attempts(&issued), "generate done");
}

#[test]
fn without_an_authority_documents_wait_and_say_so() {
    // given: jobs of an installation that is told of no authority
    let urls = postgres::server().database("authority_none");
    let app = app_without_workers(&urls);
    let trade = trade_in(app);
    let lonely = app.state.clone().with(Outside {
        authority_at: None,
        authority: Arc::new(Client::default()),
    });
    let work = |state: &State| {
        let registry = mandi::app::work::registry(state).unwrap();
        let whose = (trade.tenant.id, "einvoices.send");
        registry.work_off(&app.state.db, whose, &[]).unwrap()
    };
    let issued = trade.issue("RICE");

    // when
    assert_eq!(work(&lonely), 1);

    // then: it waits, is not refused, and the words say for whom
    assert_eq!(trade.word(&issued, "status"), "pending");
    assert_eq!(trade.attempts(&issued), "");
    let page = trade.get(&format!("/e-invoices/{}", issued.url_no));
    page.is(200)
        .shows(".head .pill", "To be sent")
        .shows("main", "No authority is configured, so nothing is sent.");
    trade
        .get("/e-invoices?status=pending")
        .is(200)
        .shows("tbody", "No authority is configured, so nothing is sent.");

    // when: there is one
    trade.again(&issued);
    assert_eq!(work(&app.state), 1);

    // then
    assert_eq!(trade.word(&issued, "status"), "registered");
    assert_eq!(trade.word(&issued, "faults is null"), "true");
}

/// A call as it went over the wire: its first line, and the bytes of its body and of its answer's.
struct Passed {
    line: String,
    body: Vec<u8>,
    answer: Vec<u8>,
}

/// Head and body of a message, as long as its head says.
fn message(stream: &mut TcpStream) -> Option<(String, Vec<u8>)> {
    let (mut raw, mut some) = (Vec::<u8>::new(), [0; 4096]);
    loop {
        let end = raw.windows(4).position(|part| part == b"\r\n\r\n");
        if let Some(end) = end {
            let head = String::from_utf8(raw[..end].to_vec()).unwrap();
            let length = head
                .to_lowercase()
                .lines()
                .find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
            if raw.len() - end - 4 >= length.unwrap_or(0_usize) {
                return Some((head, raw.split_off(end + 4)));
            }
        }
        let count = stream.read(&mut some).unwrap();
        if count == 0 {
            return None;
        }
        raw.extend_from_slice(&some[..count]);
    }
}

/// Passes calls on to an address, one after the other, and keeps what went by; every answer ends its connection.
fn relay(to: &str) -> (String, Arc<Mutex<Vec<Passed>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let (at, to) = (listener.local_addr().unwrap(), to.to_owned());
    let passed = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&passed);
    std::thread::spawn(move || {
        for caller in listener.incoming() {
            let mut caller = caller.unwrap();
            let Some((head, body)) = message(&mut caller) else {
                continue;
            };
            let mut there = TcpStream::connect(&to).unwrap();
            write!(there, "{head}\r\n\r\n").unwrap();
            there.write_all(&body).unwrap();
            let (answered, answer) = message(&mut there).unwrap();
            write!(caller, "{answered}\r\nconnection: close\r\n\r\n").unwrap();
            kept.lock().unwrap().push(Passed {
                line: head.lines().next().unwrap_or_default().to_owned(),
                body,
                answer: answer.clone(),
            });
            caller.write_all(&answer).unwrap();
        }
    });
    (format!("http://{at}"), passed)
}

/// What the `Data` of a body holds, decrypted by somebody else; answers come in one more layer of Base64, or not.
fn opened(sek: &str, body: &[u8]) -> Vec<u8> {
    let json: Value = serde_json::from_slice(body).unwrap();
    let once = STANDARD.decode(json["Data"].as_str().unwrap()).unwrap();
    let sealed = STANDARD.decode(&once).unwrap_or(once);
    decrypt(sek, &sealed)
}

#[test]
fn what_was_sent_and_answered_is_kept_to_the_byte() {
    // given: somebody between us and the authority, who writes down what goes by
    let there = registrar();
    let address = there.base.trim_start_matches("http://");
    let (url, passed) = relay(address.trim_end_matches('/'));
    let trade = trade_at("authority_relayed", &url);

    // when
    let issued = trade.issue("RICE");
    trade.becomes(&issued, "registered");

    // then: what is kept of the call is what went by
    let passed = passed.lock().unwrap();
    let sent: Vec<&Passed> = passed
        .iter()
        .filter(|call| call.line.starts_with("POST ") && call.line.contains("/Invoice "))
        .collect();
    assert_eq!(sent.len(), 1);
    let kept = |what: &str| {
        trade.ask(&format!(
            "select {what} from einvoice_attempts where tenant_id = '{}' and document_id = '{}' and operation = 'generate'",
            trade.tenant.id, issued.id
        ))
    };
    let bytes = |column: &str| unhex(&kept(&format!("encode({column}, 'hex')")));
    assert_eq!(bytes("response"), sent[0].answer);
    // What is encrypted is kept as it was before that, of the answer beside its bytes: the key of the session alone opens it.
    let sek = ask(
        app(),
        &format!(
            "select encode(sek, 'hex') as value from sandbox.tokens where gstin = '{}' order by expires_at desc limit 1",
            trade.gstin
        ),
    );
    assert_eq!(bytes("request"), opened(&sek, &sent[0].body));
    assert_eq!(bytes("response_opened"), opened(&sek, &sent[0].answer));
    assert_eq!(kept("request_sha256 = sha256(request)"), "true");
    // It is a document and its acknowledgement, and not an empty row.
    let request = String::from_utf8(bytes("request")).unwrap();
    assert!(request.contains(&issued.number), "{request}");
    let irn = trade.document(&issued, "irn");
    let answer = String::from_utf8(bytes("response_opened")).unwrap();
    assert!(!irn.is_empty() && answer.contains(&irn), "{answer}");
}
