//! Sessions: actix-session and actix-identity over our table.

use super::allowed::block;
use super::ctx::Ctx;
use super::state::State;
use crate::error::AppError;
use crate::kernel::ids::{SessionId, UserId};
use crate::platform::accounts::sessions::{self, NewSession};
use crate::platform::db::{Meter, PlatformActor, PlatformTx};
use actix_identity::Identity;
use actix_session::config::{CookieContentSecurity, PersistentSession};
use actix_session::storage::{LoadError, SaveError, SessionKey, SessionStore, UpdateError};
use actix_session::{Session, SessionExt, SessionMiddleware};
use actix_web::cookie::time::Duration;
use actix_web::cookie::{Key, SameSite};
use actix_web::{HttpMessage, HttpRequest};
use rand::distr::{Alphanumeric, SampleString};
use std::collections::HashMap;

/// Where actix-identity keeps the user.
const USER: &str = "actix_identity.user_id";
/// Where a loaded session carries its id; never written back.
const SESSION_ID: &str = "mandi.session";

/// Name of the cookie. `__Host-` binds it to the host and to TLS, so it is for production only.
pub fn cookie_name(is_secure: bool) -> &'static str {
    if is_secure { "__Host-mandi" } else { "mandi" }
}

/// The session middleware.
pub fn middleware(state: &State) -> SessionMiddleware<Store> {
    let is_secure = state.config.is_https();
    SessionMiddleware::builder(
        Store {
            state: state.clone(),
        },
        Key::from(state.config.secret_key.expose()),
    )
    .cookie_name(cookie_name(is_secure).to_owned())
    .cookie_secure(is_secure)
    .cookie_same_site(SameSite::Lax)
    .cookie_http_only(true)
    .cookie_path("/".to_owned())
    .cookie_content_security(CookieContentSecurity::Signed)
    .session_lifecycle(PersistentSession::default().session_ttl(Duration::seconds(
        i64::try_from(state.config.session_max.as_secs()).unwrap_or(i64::MAX),
    )))
    .build()
}

/// Signs a person in: a new session key, so that one planted before sign-in is worth nothing.
///
/// # Errors
/// When the session can't be written.
pub fn sign_in(request: &HttpRequest, user: UserId) -> Result<(), AppError> {
    request.get_session().clear();
    request.get_session().renew();
    Identity::login(&request.extensions(), user.to_string())
        .map_err(|error| AppError::internal(error.to_string()))?;
    Ok(())
}

/// Signs the person out: the row goes, the cookie goes.
pub fn sign_out(session: &Session) {
    session.purge();
}

/// The id of this request's session, which a list of sessions marks as "this one".
pub fn current_id(session: &Session) -> Option<SessionId> {
    session
        .get::<String>(SESSION_ID)
        .ok()
        .flatten()
        .and_then(|id| id.parse().ok())
}

/// actix-session's view of the sessions table.
#[derive(Clone)]
pub struct Store {
    state: State,
}

impl Store {
    async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut PlatformTx) -> Result<T, AppError> + Send + 'static,
    ) -> Result<T, AppError> {
        let db = self.state.db.clone();
        let (meter, request) = Ctx::current().map_or_else(
            || (Meter::default(), None),
            |ctx| (ctx.meter.clone(), Some(ctx.request)),
        );
        block(move || {
            db.platform_write(
                &PlatformActor {
                    request,
                    ..PlatformActor::default()
                },
                &meter,
                work,
            )
        })
        .await
    }
}

/// A failure of ours on its way through code that knows only anyhow: kept aside, and shown by the edge.
fn carry(error: AppError) -> anyhow::Error {
    let words = anyhow::Error::msg(error.to_string());
    if let Some(ctx) = Ctx::current() {
        ctx.keep_failure(error);
    }
    words
}

fn user_of(state: &HashMap<String, String>) -> Option<UserId> {
    state
        .get(USER)
        .and_then(|json| serde_json::from_str::<String>(json).ok())
        .and_then(|id| id.parse().ok())
}

fn new_key() -> String {
    Alphanumeric.sample_string(&mut rand::rng(), 64)
}

impl SessionStore for Store {
    async fn load(&self, key: &SessionKey) -> Result<Option<HashMap<String, String>>, LoadError> {
        let (db, lifetimes, key) = (
            self.state.db.clone(),
            self.state.lifetimes(),
            key.as_ref().to_owned(),
        );
        let meter = Ctx::current()
            .map(|ctx| ctx.meter.clone())
            .unwrap_or_default();
        let opened = block(move || sessions::open(&db, &meter, &key, lifetimes))
            .await
            .map_err(|error| LoadError::Other(carry(error)))?;
        let Some(open) = opened else { return Ok(None) };
        let mut state = open.state;
        state.insert(SESSION_ID.to_owned(), format!("\"{}\"", open.id));
        if let (Some(ctx), Some(person)) = (Ctx::current(), open.who) {
            ctx.recognise(person);
        }
        Ok(Some(state))
    }

    async fn save(
        &self,
        mut state: HashMap<String, String>,
        _: &Duration,
    ) -> Result<SessionKey, SaveError> {
        state.remove(SESSION_ID);
        let key = new_key();
        let ctx = Ctx::current();
        let (address, agent) = ctx
            .map(|ctx| (Some(ctx.address.to_string()), ctx.agent.clone()))
            .unwrap_or_default();
        let (lifetimes, copy) = (self.state.lifetimes(), key.clone());
        self.write(move |tx| {
            let user = user_of(&state);
            sessions::save(
                tx,
                &NewSession {
                    key: &copy,
                    state: &state,
                    user,
                    address,
                    agent,
                },
                lifetimes,
            )
        })
        .await
        .map_err(|error| SaveError::Other(carry(error)))?;
        SessionKey::try_from(key).map_err(|error| SaveError::Other(error.into()))
    }

    async fn update(
        &self,
        key: SessionKey,
        mut state: HashMap<String, String>,
        ttl: &Duration,
    ) -> Result<SessionKey, UpdateError> {
        state.remove(SESSION_ID);
        let (copy, state_copy) = (key.as_ref().to_owned(), state.clone());
        let found = self
            .write(move |tx| sessions::update(tx, &copy, &state_copy, user_of(&state_copy)))
            .await
            .map_err(|error| UpdateError::Other(carry(error)))?;
        if found {
            return Ok(key);
        }
        // Revoked while this request was under way: what it wanted to keep goes with it.
        self.save(HashMap::new(), ttl)
            .await
            .map_err(|error| UpdateError::Other(anyhow::Error::msg(error.to_string())))
    }

    async fn update_ttl(&self, _: &SessionKey, _: &Duration) -> Result<(), anyhow::Error> {
        // `session_open` notes the last use itself; the absolute end never moves.
        Ok(())
    }

    async fn delete(&self, key: &SessionKey) -> Result<(), anyhow::Error> {
        let key = key.as_ref().to_owned();
        self.write(move |tx| sessions::delete(tx, &key))
            .await
            .map_err(carry)
    }
}
