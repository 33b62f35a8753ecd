//! A mail server: speaks SMTP in clear, with STARTTLS or with TLS from the first byte, and keeps what it is given.

use super::tls::Identity;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use mailin::response::{AUTH_OK, INVALID_CREDENTIALS, OK};
use mailin::{Action, AuthMechanism, Handler, Response, Session, SessionBuilder};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::thread::JoinHandle;

/// What a mail server asks of whoever brings letters.
#[derive(Clone, Default)]
pub struct Manners {
    /// TLS from the first byte.
    pub wrapped: Option<Arc<ServerConfig>>,
    /// TLS after STARTTLS.
    pub start_tls: Option<Arc<ServerConfig>>,
    /// User name and password, without which nothing is taken.
    pub login: Option<(&'static str, &'static str)>,
}

/// A mail server; closed with the value.
pub struct PostOffice {
    /// Where it listens.
    pub address: SocketAddr,
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

/// A letter as it arrived.
#[derive(Clone, Debug, PartialEq)]
pub struct Letter {
    /// The sender on the envelope.
    pub from: String,
    /// The recipients on the envelope.
    pub to: Vec<String>,
    /// Whether it came over TLS.
    pub is_encrypted: bool,
    /// Header and body.
    pub source: String,
}

#[derive(Default)]
struct Shared {
    manners: Manners,
    inbox: Mutex<Vec<Letter>>,
    /// Who is kept waiting for an answer, and who is told when no longer.
    held: (Mutex<Option<Held>>, Condvar),
    /// How many wait for an answer.
    waiting: AtomicUsize,
    is_over: AtomicBool,
}

/// What is not answered for a while.
#[derive(Clone, Copy, PartialEq)]
enum Held {
    Recipients,
    Receipts,
}

/// TLS with a certificate.
pub fn tls(identity: &Identity) -> Arc<ServerConfig> {
    drop(rustls::crypto::ring::default_provider().install_default());
    let certificate = CertificateDer::from_pem_slice(identity.certificate.as_bytes()).unwrap();
    let key = PrivateKeyDer::from_pem_slice(identity.key.as_bytes()).unwrap();
    Arc::new(
        ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(vec![certificate], key)
            .unwrap(),
    )
}

/// An address of this machine that no other test of any run listens on, so that a port on it stays free while nobody listens.
pub fn lonely_address() -> SocketAddr {
    let [_, _, high, low] = std::process::id().to_be_bytes();
    let last = u8::try_from(2 + super::unique() % 250).unwrap();
    let address = IpAddr::V4(Ipv4Addr::new(127, high, low, last));
    let port = TcpListener::bind((address, 0)).unwrap();
    port.local_addr().unwrap()
}

impl PostOffice {
    /// Opens on any free port of localhost.
    pub fn open(manners: Manners) -> Self {
        Self::open_on(([127, 0, 0, 1], 0).into(), manners)
    }

    /// Opens on an address.
    pub fn open_on(address: SocketAddr, manners: Manners) -> Self {
        let listener = TcpListener::bind(address).unwrap();
        let shared = Arc::new(Shared {
            manners,
            ..Shared::default()
        });
        let address = listener.local_addr().unwrap();
        let serving = Arc::clone(&shared);
        let thread = std::thread::spawn(move || {
            for caller in listener.incoming().map_while(Result::ok) {
                if serving.is_over.load(Ordering::SeqCst) {
                    return;
                }
                let shared = Arc::clone(&serving);
                // Whoever hangs up in the middle, or does not like our certificate, is no fault of the office.
                std::thread::spawn(move || drop(receive(caller, &shared)));
            }
        });
        Self {
            address,
            shared,
            thread: Some(thread),
        }
    }

    /// The port.
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// What was taken so far.
    pub fn inbox(&self) -> Vec<Letter> {
        self.shared.inbox.lock().unwrap().clone()
    }

    /// From now on whoever names a recipient waits for the answer.
    pub fn hold(&self) {
        *self.shared.held.0.lock().unwrap() = Some(Held::Recipients);
    }

    /// From now on whoever has handed over a letter waits for the receipt.
    pub fn hold_receipts(&self) {
        *self.shared.held.0.lock().unwrap() = Some(Held::Receipts);
    }

    /// Answers whoever waits, and everybody from now on.
    pub fn release(&self) {
        *self.shared.held.0.lock().unwrap() = None;
        self.shared.held.1.notify_all();
    }

    /// How many wait for an answer.
    pub fn waiting(&self) -> usize {
        self.shared.waiting.load(Ordering::SeqCst)
    }
}

impl Drop for PostOffice {
    fn drop(&mut self) {
        self.release();
        self.shared.is_over.store(true, Ordering::SeqCst);
        drop(TcpStream::connect(self.address));
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

impl Letter {
    /// A line of the header, decoded.
    pub fn header(&self, name: &str) -> String {
        header(&self.source, name)
    }

    /// The part of this kind, decoded.
    #[track_caller]
    pub fn part(&self, kind: &str) -> String {
        let about = header(&self.source, "Content-Type");
        let (_, after) = about.split_once("boundary=\"").unwrap();
        let boundary = format!("--{}", after.split_once('"').unwrap().0);
        let found = self
            .source
            .split(&boundary)
            .skip(1)
            .map(|part| part.trim_start_matches("\r\n"))
            .find(|part| header(part, "Content-Type").starts_with(kind));
        let Some(part) = found else {
            panic!("no {kind} in {}", self.source)
        };
        let (_, body) = part.split_once("\r\n\r\n").unwrap();
        match header(part, "Content-Transfer-Encoding").as_str() {
            "base64" => {
                let letters: String = body.split_whitespace().collect();
                String::from_utf8(STANDARD.decode(letters).unwrap()).unwrap()
            }
            "quoted-printable" => unquote(&body.replace("=\r\n", "")),
            _ => body.to_owned(),
        }
    }
}

/// A line of a header: unfolded, its encoded words decoded.
fn header(source: &str, name: &str) -> String {
    let (header, _) = source.split_once("\r\n\r\n").unwrap_or((source, ""));
    let unfolded = header.replace("\r\n ", " ").replace("\r\n\t", " ");
    let line = unfolded
        .lines()
        .find_map(|line| line.strip_prefix(&format!("{name}: ")))
        .unwrap_or_default();
    // Blanks between two encoded words are not part of the text.
    let mut rest = line.replace("?= =?", "?==?");
    let mut said = String::new();
    while let Some((before, after)) = rest.split_once("=?utf-8?b?") {
        let (word, after) = after.split_once("?=").unwrap();
        said.push_str(before);
        said.push_str(&String::from_utf8(STANDARD.decode(word).unwrap()).unwrap());
        rest = after.to_owned();
    }
    said.push_str(&rest);
    said
}

fn unquote(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        if *first == b'=' {
            let pair = std::str::from_utf8(&after[..2]).unwrap();
            bytes.push(u8::from_str_radix(pair, 16).unwrap());
            rest = &after[2..];
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    String::from_utf8(bytes).unwrap()
}

impl Shared {
    fn wait(&self, what: Held) {
        let (held, told) = &self.held;
        self.waiting.fetch_add(1, Ordering::SeqCst);
        let held = held.lock().unwrap();
        drop(told.wait_while(held, |held| *held == Some(what)).unwrap());
        self.waiting.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Takes down one letter.
struct Clerk {
    shared: Arc<Shared>,
    is_encrypted: Arc<AtomicBool>,
    from: String,
    to: Vec<String>,
    source: Vec<u8>,
}

impl Clerk {
    fn knows(&self, user: &str, password: &str) -> Response {
        if self.shared.manners.login == Some((user, password)) {
            AUTH_OK
        } else {
            INVALID_CREDENTIALS
        }
    }
}

impl Handler for Clerk {
    fn mail(&mut self, _ip: IpAddr, _domain: &str, from: &str) -> Response {
        from.clone_into(&mut self.from);
        self.to.clear();
        self.source.clear();
        OK
    }

    fn rcpt(&mut self, to: &str) -> Response {
        self.shared.wait(Held::Recipients);
        self.to.push(to.to_owned());
        OK
    }

    fn data(&mut self, line: &[u8]) -> std::io::Result<()> {
        self.source.extend(line);
        Ok(())
    }

    fn data_end(&mut self) -> Response {
        let letter = Letter {
            from: self.from.clone(),
            to: self.to.clone(),
            is_encrypted: self.is_encrypted.load(Ordering::SeqCst),
            source: String::from_utf8(self.source.clone()).unwrap(),
        };
        self.shared.inbox.lock().unwrap().push(letter);
        self.shared.wait(Held::Receipts);
        OK
    }

    fn auth_plain(&mut self, _for_whom: &str, user: &str, password: &str) -> Response {
        self.knows(user, password)
    }

    fn auth_login(&mut self, user: &str, password: &str) -> Response {
        self.knows(user, password)
    }
}

/// One caller from greeting to goodbye.
fn receive(mut caller: TcpStream, shared: &Arc<Shared>) -> std::io::Result<()> {
    let manners = &shared.manners;
    let is_encrypted = Arc::new(AtomicBool::new(false));
    let mut office = SessionBuilder::new("office.test");
    if manners.start_tls.is_some() {
        office.enable_start_tls();
    }
    if manners.login.is_some() {
        office.enable_auth(AuthMechanism::Plain);
        office.enable_auth(AuthMechanism::Login);
    }
    let mut session = office.build(
        caller.peer_addr()?.ip(),
        Clerk {
            shared: Arc::clone(shared),
            is_encrypted: Arc::clone(&is_encrypted),
            from: String::new(),
            to: Vec::new(),
            source: Vec::new(),
        },
    );
    let greeting = session.greeting().buffer()?;
    let tls = match &manners.wrapped {
        Some(tls) => tls,
        None => {
            caller.write_all(&greeting)?;
            match (talk(&mut caller, &mut session)?, &manners.start_tls) {
                (Action::UpgradeTls, Some(tls)) => tls,
                _ => return Ok(()),
            }
        }
    };
    session.tls_active();
    is_encrypted.store(true, Ordering::SeqCst);
    let line = ServerConnection::new(Arc::clone(tls)).map_err(std::io::Error::other)?;
    let mut stream = rustls::StreamOwned::new(line, caller);
    if manners.wrapped.is_some() {
        stream.write_all(&greeting)?;
    }
    talk(&mut stream, &mut session)?;
    Ok(())
}

/// Answers line by line until the session ends or wants another kind of line.
fn talk(stream: &mut (impl Read + Write), session: &mut Session<Clerk>) -> std::io::Result<Action> {
    let mut stream = BufReader::new(stream);
    let mut line = Vec::new();
    loop {
        line.clear();
        if stream.read_until(b'\n', &mut line)? == 0 {
            return Ok(Action::Close);
        }
        let response = session.process(&line);
        if response.action != Action::NoReply {
            stream.get_mut().write_all(&response.buffer()?)?;
            stream.get_mut().flush()?;
        }
        if matches!(response.action, Action::Close | Action::UpgradeTls) {
            return Ok(response.action);
        }
    }
}
