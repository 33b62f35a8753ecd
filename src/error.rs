//! Every way to fail, in the reader's words.
//!
//! A domain has an error enum of its own and turns it into an [`AppError`] in its `mod.rs`. `web::error` renders an `AppError` and logs it,
//! once; nothing else does either.

use crate::kernel::language::Said;
use diesel::result::{DatabaseErrorKind, Error as DieselError};

/// A request or a job that could not be done.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// 404: not there, or not yours. The two look the same on purpose.
    #[error("not found")]
    NotFound,
    /// 401: nobody is signed in.
    #[error("signed out")]
    SignedOut,
    /// 403: yours, but your role may not. Names the permission and who can grant it.
    #[error("forbidden: {permission}")]
    Forbidden {
        /// What the permission allows, in words ("See the audit log").
        permission: &'static str,
        /// Who can grant it.
        granted_by: Said,
    },
    /// 403: the company is suspended, closing or closed.
    #[error("company not active: {company}")]
    Suspended {
        /// Trade name of the company.
        company: String,
        /// Why, as the platform wrote it.
        reason: Option<String>,
    },
    /// 403: the request does not prove that it comes from one of our own pages.
    #[error("cross-site request")]
    CrossSite,
    /// 400: the request makes no sense as sent (no form of ours sends it).
    #[error("malformed request: {0}")]
    Malformed(String),
    /// 409: the state refuses.
    #[error("refused: {0}")]
    Refused(Said),
    /// 410: a link that has had its time.
    #[error("gone: {0}")]
    Gone(Said),
    /// 413: more than is accepted.
    #[error("too large: {0}")]
    TooLarge(Said),
    /// 429: too many tries; says when the next one counts.
    #[error("too many requests, retry after {retry_secs} s")]
    TooMany {
        /// Seconds to wait.
        retry_secs: u32,
    },
    /// 503: every database connection is in use.
    #[error("no database connection free")]
    Busy,
    /// 503: PostgreSQL does not answer.
    #[error("database away: {0}")]
    DatabaseAway(String),
    /// 503: the file store does not answer.
    #[error("file store away: {0}")]
    FilesAway(String),
    /// The second arrival of a request that was already answered: gives the first answer again.
    #[error("repeated request")]
    Repeated {
        /// Where the first answer sent the browser.
        location: String,
    },
    /// 500: our fault.
    #[error("internal error: {0}")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl AppError {
    /// Our fault, with its cause.
    pub fn internal(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Internal(cause.into())
    }

    /// The state refuses, in words.
    pub fn refused(said: Said) -> Self {
        Self::Refused(said)
    }

    /// The constraint that PostgreSQL names when it refuses a row, if this is such a refusal.
    pub fn constraint(&self) -> Option<&str> {
        match self {
            Self::Internal(cause) => cause.downcast_ref::<DieselError>().and_then(constraint),
            _ => None,
        }
    }
}

/// The name of the constraint behind a refused row.
pub fn constraint(error: &DieselError) -> Option<&str> {
    match error {
        DieselError::DatabaseError(_, about) => about.constraint_name(),
        _ => None,
    }
}

impl From<DieselError> for AppError {
    fn from(error: DieselError) -> Self {
        match error {
            DieselError::NotFound => Self::NotFound,
            DieselError::DatabaseError(DatabaseErrorKind::ClosedConnection, about) => {
                Self::DatabaseAway(about.message().to_owned())
            }
            // Two that wait for each other: PostgreSQL ends one of them, which may try again.
            DieselError::DatabaseError(_, about) if about.message() == "deadlock detected" => {
                Self::Busy
            }
            other => Self::Internal(Box::new(other)),
        }
    }
}
