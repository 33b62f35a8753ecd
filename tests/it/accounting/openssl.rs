//! What the client sends, read by somebody else: captured at a bare socket and decrypted by the `openssl` command.

use crate::support::openssl::{decrypt, encrypt, hex, openssl, temporary};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use mandi::accounting::outside::{
    Away, EInvoiceAuthority as _, Environment, RsaKey, Seat, Session,
};
use mandi::config::Secret;
use mandi::integrations::gst::nic::Client;
use serde_json::{Value, json};
use std::io::{Read as _, Write as _};
use std::net::TcpListener;

/// Takes one request, answers it with what `answer` makes of its body, and gives back heads and body.
fn take(listener: &TcpListener, answer: impl FnOnce(&Value) -> Value) -> (String, Value) {
    take_with(listener, "200 OK", answer)
}

/// The same with another status.
fn take_with(
    listener: &TcpListener,
    status: &str,
    answer: impl FnOnce(&Value) -> Value,
) -> (String, Value) {
    let (mut socket, _) = listener.accept().unwrap();
    let (mut raw, mut some) = (Vec::new(), [0; 4096]);
    let (heads, body) = loop {
        let count = socket.read(&mut some).unwrap();
        raw.extend_from_slice(&some[..count]);
        let text = String::from_utf8_lossy(&raw).into_owned();
        let Some((heads, body)) = text.split_once("\r\n\r\n") else {
            continue;
        };
        let length = heads
            .to_lowercase()
            .lines()
            .find_map(|line| line.strip_prefix("content-length: ")?.parse::<usize>().ok());
        if body.len() >= length.unwrap_or(0) {
            break (heads.to_owned(), body.to_owned());
        }
    };
    let body: Value = serde_json::from_str(&body).unwrap_or(Value::Null);
    let answer = answer(&body).to_string();
    write!(
        socket,
        "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{answer}",
        answer.len()
    )
    .unwrap();
    (heads, body)
}

/// A new pair of keys, as the command writes it.
fn key_pair() -> Vec<u8> {
    openssl(
        &[
            "genpkey",
            "-algorithm",
            "RSA",
            "-pkeyopt",
            "rsa_keygen_bits:2048",
        ],
        b"",
    )
}

/// Somebody who calls at a socket, and encrypts logins for a pair of keys.
fn seat(listener: &TcpListener, private: &[u8]) -> Seat {
    let modulus = String::from_utf8(openssl(&["rsa", "-noout", "-modulus"], private)).unwrap();
    let modulus = modulus.trim().strip_prefix("Modulus=").unwrap().to_owned();
    let modulus: Vec<u8> = (0..modulus.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&modulus[at..at + 2], 16).unwrap())
        .collect();
    let base = format!("http://{}/", listener.local_addr().unwrap());
    Seat {
        environment: Environment::Sandbox,
        base: base.parse().unwrap(),
        gstin: "33AAACA1234A1ZK".to_owned(),
        client_id: "client".to_owned(),
        client_secret: Secret::new("client secret".to_owned()),
        user: "user".to_owned(),
        password: Secret::new("pass word".to_owned()),
        key: RsaKey {
            modulus,
            exponent: 65_537,
        },
    }
}

#[test]
fn a_server_in_trouble_decides_nothing() {
    // given
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let seat = seat(&listener, &key_pair());
    let client = Client::default();
    let session = Session {
        token: Secret::new("token".to_owned()),
        app_key: Secret::new([7; 32]),
        sek: Secret::new([15; 32]),
        expires_at: chrono::DateTime::UNIX_EPOCH,
    };
    let broken = json!({"status": 500, "error": "Internal Server Error"});
    let no = json!({"Status": 0, "ErrorDetails": [{"ErrorCode": "1008", "ErrorMessage": "Invalid login"}]});
    let signs_in = |status: &str, answer: &Value| {
        std::thread::scope(|scope| {
            let login = scope.spawn(|| client.sign_in(&seat));
            take_with(&listener, status, |_| answer.clone());
            login.join().unwrap().unwrap_err()
        })
    };
    let sends = |status: &str, answer: &Value| {
        std::thread::scope(|scope| {
            let sent = scope.spawn(|| client.generate(&seat, &session, b"{}"));
            take_with(&listener, status, |_| answer.clone());
            sent.join().unwrap()
        })
    };

    // when, then: its status says so, or nothing says why
    for (status, answer) in [
        ("500 Internal Server Error", &broken),
        ("503 Service Unavailable", &no),
        ("429 Too Many Requests", &no),
        ("200 OK", &json!({"Status": 0, "ErrorDetails": null})),
    ] {
        let away = signs_in(status, answer);
        assert!(matches!(away, Away::Lost { .. }), "{status} {away:?}");
    }
    for status in ["500 Internal Server Error", "429 Too Many Requests"] {
        let away = sends(status, &broken).unwrap_err();
        assert!(matches!(away, Away::Lost { .. }), "{status} {away:?}");
    }

    // and what is refused with a code is refused
    let refused = vec![("1008".to_owned(), "Invalid login".to_owned())];
    match signs_in("200 OK", &no) {
        Away::Refused(codes) => assert_eq!(codes, refused),
        other => panic!("{other:?}"),
    }
    assert_eq!(sends("200 OK", &no).unwrap().errors, refused);
}

#[test]
fn the_openssl_command_reads_what_the_client_sends() {
    // given: a pair of keys that only the command has, and a socket
    let private = key_pair();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let seat = seat(&listener, &private);
    let client = Client::default();
    let sek = "0f".repeat(32);
    let payload = "{\"No\":\"MH/26-27/00042\",\"Nm\":\"लक्ष्मी\"}".as_bytes();

    let session = std::thread::scope(|scope| {
        // when: it signs in
        let login = scope.spawn(|| client.sign_in(&seat));
        let mut app_key = Vec::new();
        let (heads, _) = take(&listener, |body| {
            let sealed = STANDARD.decode(body["Data"].as_str().unwrap()).unwrap();
            let key = temporary(&private);
            let inner = openssl(
                &[
                    "pkeyutl",
                    "-decrypt",
                    "-inkey",
                    key.path().to_str().unwrap(),
                    "-pkeyopt",
                    "rsa_padding_mode:pkcs1",
                ],
                &sealed,
            );
            let asked: Value = serde_json::from_slice(&STANDARD.decode(inner).unwrap()).unwrap();
            assert_eq!(
                (&asked["UserName"], &asked["Password"]),
                (&"user".into(), &"pass word".into())
            );
            app_key = STANDARD.decode(asked["AppKey"].as_str().unwrap()).unwrap();
            let sek: Vec<u8> = vec![0x0f; 32];
            json!({"Status": "1", "Data": {
                "AuthToken": "token", "TokenExpiry": "2026-11-21 12:00:00",
                "Sek": STANDARD.encode(encrypt(&hex(&app_key), &sek)),
            }})
        });

        // then: the command has read its key, and the client the session's
        assert_eq!(app_key.len(), 32);
        assert!(
            heads
                .to_lowercase()
                .contains("client_secret: client secret"),
            "{heads}"
        );
        let session = login.join().unwrap().unwrap();
        assert_eq!(hex(session.sek.expose()), sek);
        assert_eq!(session.expires_at.to_rfc3339(), "2026-11-21T06:30:00+00:00");
        session
    });

    std::thread::scope(|scope| {
        // when: it sends a document; the answer comes in one more layer of Base64
        let sent = scope.spawn(|| client.generate(&seat, &session, payload));
        let (heads, body) = take(&listener, |_| {
            let data = STANDARD.encode(encrypt(&sek, b"{\"Irn\":\"1\"}"));
            json!({"Status": 1, "Data": STANDARD.encode(data), "InfoDtls": null})
        });

        // then
        let sealed = STANDARD.decode(body["Data"].as_str().unwrap()).unwrap();
        assert_eq!(decrypt(&sek, &sealed), payload);
        assert!(heads.to_lowercase().contains("authtoken: token"), "{heads}");
        let reply = sent.join().unwrap().unwrap();
        assert_eq!(reply.opened.as_deref(), Some(&b"{\"Irn\":\"1\"}"[..]));
        assert!(reply.errors.is_empty());

        // when: it is refused, the codes in Base64
        let found = scope.spawn(|| {
            let day = chrono::NaiveDate::from_ymd_opt(2026, 11, 21).unwrap();
            client.find(&seat, &session, "INV", "MH/26-27/00042", day)
        });
        let (heads, _) = take(&listener, |_| {
            let codes = r#"[{"ErrorCode":"2148","ErrorMessage":"no data"}]"#;
            json!({"Status": 0, "Data": null, "ErrorDetails": STANDARD.encode(codes)})
        });

        // then
        assert!(heads.contains("docnum=MH%2F26-27%2F00042"), "{heads}");
        let reply = found.join().unwrap().unwrap();
        assert_eq!(reply.errors, [("2148".to_owned(), "no data".to_owned())]);
    });

    // when: nobody is there
    drop(listener);

    // then: nothing was sent
    assert!(matches!(client.sign_in(&seat), Err(Away::NotSent(_))));
}
