//! The sandbox registrar: an authority for e-invoices that speaks the real one's protocol on the loopback, keeps its own books in the schema
//! `sandbox`, and can be told to be slow, to fail, to lose an answer or to be away.
//!
//! It is a stranger to the rest of the house. It shares no code with the client, tests what it is sent by its own rules, and signs with a key of
//! its own. What it does in one call is one transaction, committed before the answer leaves: a lost answer has happened.

mod auth;
pub mod books;
mod calls;
pub mod check;
pub mod codes;
pub mod crypto;
mod documents;
mod envelope;
pub mod eway;
mod invoices;
mod jws;
pub mod moods;
pub mod server;
mod taxpayers;
mod transport;

pub use taxpayers::{is_gstin, new_login};

use crate::error::AppError;
use crate::platform::db::{Db, Meter, PlatformActor, PlatformTx};
use check::Schema;
use codes::Refusal;
use crypto::{Opener, PublicHalf, Signer};
use envelope::Encodings;
use serde_json::Value;
use std::sync::{Arc, Mutex, PoisonError};

/// The registrar of one process; those of other processes on the same database have the same books and keys.
pub struct Registrar {
    db: Db,
    schema: Schema,
    keys: Mutex<Option<Arc<Keys>>>,
    encodings: Encodings,
    /// Whether GSTINs with a wrong check character are known, too.
    is_lax: bool,
}

/// Its two private keys.
pub struct Keys {
    /// Opens logins.
    pub opener: Opener,
    /// Signs documents.
    pub signer: Signer,
}

/// Why a call ends without its deed.
pub enum Stop {
    /// The caller hears why, and what is known beside.
    Refused(Vec<Refusal>, Vec<Note>),
    /// The registrar itself is in trouble.
    Broken(AppError),
}

/// What an answer says beside: the kind, e.g. `DUPIRN`, and its data.
pub type Note = (&'static str, Value);

/// A step of a call.
pub type Step<T> = Result<T, Stop>;

impl From<AppError> for Stop {
    fn from(error: AppError) -> Self {
        Self::Broken(error)
    }
}

impl From<diesel::result::Error> for Stop {
    fn from(error: diesel::result::Error) -> Self {
        Self::Broken(error.into())
    }
}

impl From<crypto::Broken> for Stop {
    fn from(error: crypto::Broken) -> Self {
        Self::Broken(AppError::internal(error.0))
    }
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(vec![refusal], Vec::new())
    }
}

/// A refusal with the usual words of its code.
pub fn refused<T>(code: &str) -> Step<T> {
    Err(Refusal::of(code).into())
}

impl Registrar {
    /// One that works on these books.
    ///
    /// # Errors
    /// When the schema that the program carries can't be read.
    pub fn new(db: Db, is_lax: bool) -> Result<Self, AppError> {
        Ok(Self {
            db,
            schema: Schema::new().map_err(AppError::internal)?,
            keys: Mutex::default(),
            encodings: Encodings::default(),
            is_lax,
        })
    }

    /// The keys: read from the books, made at the first start. Their public halves are pinned as whoever runs an installation pins the real ones.
    ///
    /// # Errors
    /// When the database is away.
    pub fn keys(&self) -> Result<Arc<Keys>, AppError> {
        let mut kept = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(keys) = &*kept {
            return Ok(Arc::clone(keys));
        }
        let keys = Arc::new(Keys {
            opener: Opener::new(&self.key("encryption")?).map_err(|b| AppError::internal(b.0))?,
            signer: Signer::new(&self.key("signing")?).map_err(|b| AppError::internal(b.0))?,
        });
        // Once in the life of a process, what is a day old is forgotten.
        self.transact(books::sweep)?;
        *kept = Some(Arc::clone(&keys));
        Ok(keys)
    }

    /// The key for one purpose, as PKCS#8.
    fn key(&self, purpose: &'static str) -> Result<Vec<u8>, AppError> {
        let internal = |broken: crypto::Broken| AppError::internal(broken.0);
        let known = self.transact(|tx| books::key(tx, purpose))?;
        if let Some(key) = known {
            return Ok(key);
        }
        // Outside of a transaction: it takes a second. Of two processes the first keeps its key, and the other takes that.
        let made = crypto::make_key().map_err(internal)?;
        let public = PublicHalf::of(&made).map_err(internal)?;
        self.transact(|tx| {
            books::keep_key(tx, purpose, &public, &made)?;
            books::key(tx, purpose)?.ok_or_else(|| AppError::internal("a key was not kept"))
        })
    }

    /// One transaction in the registrar's books.
    fn transact<T>(
        &self,
        work: impl FnOnce(&mut PlatformTx) -> Result<T, AppError>,
    ) -> Result<T, AppError> {
        let actor = PlatformActor {
            cause: Some("sandbox.registrar"),
            ..PlatformActor::default()
        };
        self.db.platform_write(&actor, &Meter::default(), work)
    }
}
