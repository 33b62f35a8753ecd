//! One request: its id, what it costs, where it came from, in what language it is answered.

use crate::error::AppError;
use crate::kernel::ids::RequestId;
use crate::kernel::language::Lang;
use crate::platform::accounts::Person;
use crate::platform::db::Meter;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Instant;
use uuid::Uuid;

tokio::task_local! {
    static CURRENT: Arc<Ctx>;
}

/// What is known of a request before anybody looks at who sent it. Shared by everything that works for it.
#[derive(Debug)]
pub struct Ctx {
    /// Shown on error pages, written in the log and in the audit.
    pub request: RequestId,
    /// Counts statements and database time.
    pub meter: Meter,
    /// When it arrived.
    pub started: Instant,
    /// Method and path, for the idempotency table.
    pub route: String,
    /// Where it came from, behind trusted proxies only.
    pub address: IpAddr,
    /// The browser's own words about itself.
    pub agent: Option<String>,
    /// Whether htmx asks.
    pub is_htmx: bool,
    /// Language by `Accept-Language`.
    accepts: Lang,
    /// Language by the cookie of a signed-out page.
    chosen: Option<Lang>,
    /// Language of the letter that led here.
    letter: OnceLock<Lang>,
    flash: Mutex<Option<String>>,
    person: OnceLock<Arc<Person>>,
    key: OnceLock<Key>,
    failure: Mutex<Option<AppError>>,
}

/// The one-time key of a form, with the body it came with.
#[derive(Clone, Debug)]
pub struct Key {
    /// The form's key.
    pub key: Uuid,
    /// SHA-256 of the body.
    pub body_hash: Vec<u8>,
}

/// What the edge reads off a request to make its [`Ctx`].
#[derive(Debug)]
pub struct Arrival {
    /// Method and path.
    pub route: String,
    /// Network address.
    pub address: IpAddr,
    /// `User-Agent`.
    pub agent: Option<String>,
    /// Whether `HX-Request` is set.
    pub is_htmx: bool,
    /// Language by `Accept-Language`.
    pub accepts: Lang,
    /// Language by cookie.
    pub chosen: Option<Lang>,
    /// The message that a redirect carried here.
    pub flash: Option<String>,
}

impl Ctx {
    /// A request as it arrives.
    pub fn new(arrival: Arrival) -> Self {
        let Arrival {
            route,
            address,
            agent,
            is_htmx,
            accepts,
            chosen,
            flash,
        } = arrival;
        Self {
            request: RequestId::new(),
            meter: Meter::default(),
            started: Instant::now(),
            route,
            address,
            agent,
            is_htmx,
            accepts,
            chosen,
            letter: OnceLock::new(),
            flash: Mutex::new(flash),
            person: OnceLock::new(),
            key: OnceLock::new(),
            failure: Mutex::default(),
        }
    }

    /// The language of the answer: the person's choice, then the cookie of signed-out pages, then the letter that led here, then what the
    /// browser asks for.
    pub fn lang(&self) -> Lang {
        self.person
            .get()
            .and_then(|person| person.language)
            .or(self.chosen)
            .or_else(|| self.letter.get().copied())
            .unwrap_or(self.accepts)
    }

    /// Notes the language of the letter that led here. English is what is written to whom nobody chose a language for: it says nothing.
    pub fn came_by_letter(&self, lang: Lang) {
        if lang != Lang::En {
            self.letter.get_or_init(|| lang);
        }
    }

    /// Who is signed in.
    pub fn person(&self) -> Option<&Arc<Person>> {
        self.person.get()
    }

    /// Notes who is signed in; the first word counts.
    pub fn recognise(&self, person: Person) {
        drop(self.person.set(Arc::new(person)));
    }

    /// Notes the form's one-time key; the first word counts.
    pub(super) fn set_key(&self, key: Key) {
        drop(self.key.set(key));
    }

    /// The form's one-time key, if it had one.
    pub fn key(&self) -> Option<&Key> {
        self.key.get()
    }

    /// The message that a redirect carried here; shown once.
    pub(super) fn flash(&self) -> Option<String> {
        self.flash
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take()
    }

    /// Whether a message waits that no page has shown.
    pub(super) fn has_flash(&self) -> bool {
        self.flash
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .is_some()
    }

    /// Keeps a failure that has to pass through code which can't carry it (the session middleware).
    pub(super) fn keep_failure(&self, error: AppError) {
        *self.failure.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
    }

    /// Takes the kept failure.
    pub(super) fn take_failure(&self) -> Option<AppError> {
        self.failure
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take()
    }

    /// The request that this task works for, if it works for one.
    pub fn current() -> Option<Arc<Self>> {
        CURRENT.try_with(Arc::clone).ok()
    }

    /// Runs the work of this request, so that [`Ctx::current`] finds it.
    pub(super) async fn run<F: Future>(self: Arc<Self>, work: F) -> F::Output {
        CURRENT.scope(self, work).await
    }
}
