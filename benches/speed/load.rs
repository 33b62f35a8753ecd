//! Browsers that keep their connections open, ask this machine's server, and note how long each answer took.

use anyhow::{Context, Result, bail, ensure};
use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::header::HeaderMap;
use hyper::{Method, Request, StatusCode};
use hyper_util::rt::TokioIo;
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

/// No run asks for more pages than this, however fast the server is.
const MOST_REQUESTS: usize = 1_000_000;
/// An answer that takes longer ends the bench.
const PATIENCE: Duration = Duration::from_secs(10);
/// A connection that is idle for so long is not counted on: servers close them.
const KEPT: Duration = Duration::from_secs(4);

/// What a browser asks for.
#[derive(Clone, Debug)]
pub struct Page {
    path: String,
    cookie: Option<String>,
    encodings: Option<&'static str>,
    /// What a form says; `{key}` is a new one-time key each time.
    form: Option<String>,
}

/// What came back.
pub struct Answer {
    /// Its headers.
    pub headers: HeaderMap,
    /// Its bytes as they were sent.
    pub body: Bytes,
}

/// What a run showed.
pub struct Run {
    /// Answers a second.
    pub rate: f64,
    /// How long each took.
    pub latencies: Vec<Duration>,
}

impl Page {
    /// A page for everybody, uncompressed.
    pub fn signed_out(path: &str) -> Self {
        Self {
            path: path.to_owned(),
            cookie: None,
            encodings: None,
            form: None,
        }
    }

    /// A page for a person with a session, uncompressed.
    pub fn signed_in(path: &str, cookie: &str) -> Self {
        Self {
            cookie: Some(cookie.to_owned()),
            ..Self::signed_out(path)
        }
    }

    /// A form, sent by a person with a session; its answer sends the browser on.
    pub fn form(path: &str, cookie: &str, form: String) -> Self {
        Self {
            form: Some(form),
            ..Self::signed_in(path, cookie)
        }
    }

    /// Whether it sends a form.
    pub fn is_form(&self) -> bool {
        self.form.is_some()
    }

    /// The same, compressed as browsers ask for it.
    pub fn compressed(&self) -> Self {
        Self {
            encodings: Some("gzip, deflate, br"),
            ..self.clone()
        }
    }
}

/// One open connection.
struct Browser {
    sender: SendRequest<Full<Bytes>>,
    address: SocketAddr,
}

impl Browser {
    async fn open(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await?;
        // It ends with the sender; what goes wrong on it, the sender says too.
        tokio::spawn(async move { drop(connection.await) });
        Ok(Self { sender, address })
    }

    async fn get(&mut self, page: &Page) -> Result<Answer> {
        let (method, form, due) = match &page.form {
            Some(form) => {
                let key = uuid::Uuid::now_v7().to_string();
                (
                    Method::POST,
                    form.replace("{key}", &key),
                    StatusCode::SEE_OTHER,
                )
            }
            None => (Method::GET, String::new(), StatusCode::OK),
        };
        let (status, answer) = self.ask(method, page, form).await?;
        ensure!(
            status == due,
            "{} answered {status}: {}",
            page.path,
            words(&answer.body)
        );
        Ok(answer)
    }

    /// Several requests, one after the other.
    async fn visit(&mut self, pages: &[Page]) -> Result<Duration> {
        let mut last = Duration::ZERO;
        for page in pages {
            let asked = Instant::now();
            self.get(page).await?;
            last = asked.elapsed();
        }
        Ok(last)
    }

    async fn ask(
        &mut self,
        method: Method,
        page: &Page,
        form: String,
    ) -> Result<(StatusCode, Answer)> {
        let mut request = Request::builder()
            .method(method)
            .uri(&page.path)
            .header("host", self.address.to_string())
            .header("sec-fetch-site", "same-origin")
            .header("content-type", "application/x-www-form-urlencoded");
        if let Some(cookie) = &page.cookie {
            request = request.header("cookie", cookie);
        }
        if let Some(encodings) = page.encodings {
            request = request.header("accept-encoding", encodings);
        }
        let request = request.body(Full::new(Bytes::from(form)))?;
        let asked = async {
            self.sender.ready().await?;
            let response = self.sender.send_request(request).await?;
            let (head, body) = response.into_parts();
            let body = body.collect().await?.to_bytes();
            anyhow::Ok((
                head.status,
                Answer {
                    headers: head.headers,
                    body,
                },
            ))
        };
        tokio::time::timeout(PATIENCE, asked)
            .await
            .with_context(|| format!("{} took longer than {PATIENCE:?}", page.path))?
    }
}

/// One page, on a connection of its own.
pub async fn once(address: SocketAddr, page: &Page) -> Result<Answer> {
    Browser::open(address).await?.get(page).await
}

/// Signs a person in, and gives back the cookie.
pub async fn sign_in(address: SocketAddr, email: &str, password: &str) -> Result<String> {
    let form = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("email", email)
        .append_pair("password", password)
        .append_pair("next", "")
        .finish();
    let mut browser = Browser::open(address).await?;
    let (status, answer) = browser
        .ask(Method::POST, &Page::signed_out("/sign-in"), form)
        .await?;
    let cookie = answer
        .headers
        .get("set-cookie")
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next());
    match cookie {
        Some(cookie) if status == StatusCode::SEE_OTHER => Ok(cookie.to_owned()),
        _ => bail!("{email} can't sign in: {status}"),
    }
}

/// What a page says between its tags, for the message of a bench that ends.
fn words(body: &Bytes) -> String {
    let text = String::from_utf8_lossy(body);
    let main = text.split_once("<main").map_or(&*text, |(_, main)| main);
    let mut words = String::new();
    let mut is_tag = true;
    for letter in main.chars() {
        match letter {
            '<' => is_tag = true,
            '>' => {
                is_tag = false;
                words.push(' ');
            }
            _ if !is_tag => words.push(letter),
            _ => {}
        }
    }
    let words: Vec<&str> = words.split_whitespace().take(80).collect();
    words.join(" ")
}

/// As fast as browsers can, each with requests of its own, which are counted together as one: each asks again as soon as it has its answer.
pub async fn full_speed(
    address: SocketAddr,
    visits: &[Vec<Page>],
    length: Duration,
) -> Result<Run> {
    let mut crowd = JoinSet::new();
    let started = Instant::now();
    let most = MOST_REQUESTS / visits.len().max(1);
    for visit in visits {
        let visit = visit.clone();
        crowd.spawn(async move {
            let mut browser = Browser::open(address).await?;
            let mut latencies = Vec::new();
            while started.elapsed() < length && latencies.len() < most {
                let asked = Instant::now();
                browser.visit(&visit).await?;
                latencies.push(asked.elapsed());
            }
            Ok(latencies)
        });
    }
    gather(crowd, started).await
}

/// As fast as browsers can, each through pages of its own, once.
pub async fn in_turn(address: SocketAddr, visits: &[Vec<Page>]) -> Result<Run> {
    let mut crowd = JoinSet::new();
    let started = Instant::now();
    for visit in visits {
        let visit = visit.clone();
        crowd.spawn(async move {
            let mut browser = Browser::open(address).await?;
            let mut latencies = Vec::new();
            for page in &visit {
                let asked = Instant::now();
                browser.get(page).await?;
                latencies.push(asked.elapsed());
            }
            Ok(latencies)
        });
    }
    gather(crowd, started).await
}

/// One browser for each visit, each once in a period, spread evenly; the last request of a visit is timed. A late answer makes the next question
/// no later: its wait is counted from when it was due, as a person would count it.
pub async fn paced(
    address: SocketAddr,
    visits: &[Vec<Page>],
    period: Duration,
    times: u32,
) -> Result<Run> {
    let mut crowd = JoinSet::new();
    let started = Instant::now();
    for (place, visit) in visits.iter().cloned().enumerate() {
        let offset = period.mul_f64(place as f64 / visits.len() as f64);
        crowd.spawn(async move {
            let mut browser = Browser::open(address).await?;
            let mut latencies = Vec::new();
            for time in 0..times {
                let due = started + offset + period * time;
                let now = Instant::now();
                let late = now.saturating_duration_since(due);
                if late.is_zero() {
                    tokio::time::sleep_until(due.into()).await;
                }
                if period >= KEPT {
                    // The server has closed it meanwhile, or is about to. A browser opens another, on the same machine in no time.
                    browser = Browser::open(address).await?;
                }
                latencies.push(late + browser.visit(&visit).await?);
            }
            Ok(latencies)
        });
    }
    gather(crowd, started).await
}

async fn gather(mut crowd: JoinSet<Result<Vec<Duration>>>, started: Instant) -> Result<Run> {
    let mut latencies = Vec::new();
    while let Some(one) = crowd.join_next().await {
        latencies.extend(one??);
    }
    Ok(Run {
        rate: latencies.len() as f64 / started.elapsed().as_secs_f64(),
        latencies,
    })
}
