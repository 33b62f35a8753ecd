//! Calls to the authority about documents: rows and queries.

use crate::accounting::rules::einvoice::{Operation, Outcome, Past};
use crate::error::AppError;
use crate::kernel::ids::{AttemptId, DocumentId};
use crate::platform::db::Scope;
use crate::platform::db::schema::einvoice_attempts;
use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;

/// A call to the authority about a document.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = einvoice_attempts)]
pub struct Attempt {
    /// The call.
    pub id: AttemptId,
    /// The document.
    pub document_id: DocumentId,
    /// What was asked.
    pub operation: String,
    /// Where.
    pub environment: String,
    /// Before the call.
    pub started_at: DateTime<Utc>,
    /// After it; none while it runs, or when the process died.
    pub finished_at: Option<DateTime<Utc>>,
    /// What came of it.
    pub outcome: Option<Outcome>,
    /// HTTP status, if there was an answer.
    pub http_status: Option<i16>,
    /// The authority's error codes.
    pub codes: Vec<String>,
    /// What came of it, in words.
    pub said: Option<String>,
}

/// The bytes of a call.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = einvoice_attempts)]
pub struct Bytes {
    /// As they were before encryption.
    pub request: Option<Vec<u8>>,
    /// The answer as it came.
    pub response: Option<Vec<u8>>,
    /// Its data after decryption.
    pub response_opened: Option<Vec<u8>>,
}

impl Attempt {
    fn of<'q>(scope: &Scope) -> einvoice_attempts::BoxedQuery<'q, Pg> {
        einvoice_attempts::table
            .filter(einvoice_attempts::tenant_id.eq(scope.tenant()))
            .into_boxed()
    }

    /// The calls about a document, the oldest first; of very many the newest.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn of_document(
        scope: &mut Scope,
        document: DocumentId,
        most: i64,
    ) -> Result<Vec<Self>, AppError> {
        let rows = Self::of(scope)
            .filter(einvoice_attempts::document_id.eq(document))
            .order(einvoice_attempts::id.desc())
            .limit(most)
            .select(Self::as_select());
        let mut rows: Vec<Self> = scope.load(rows)?;
        rows.reverse();
        Ok(rows)
    }

    /// Whether a call about a document is being made.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn is_running(scope: &mut Scope, document: DocumentId) -> Result<bool, AppError> {
        let open = Self::of(scope)
            .filter(einvoice_attempts::document_id.eq(document))
            .filter(einvoice_attempts::finished_at.is_null())
            .count();
        let count: i64 = scope.one(open)?;
        Ok(count > 0)
    }

    /// The bytes of a call about a document.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn bytes(
        scope: &mut Scope,
        document: DocumentId,
        id: AttemptId,
    ) -> Result<Bytes, AppError> {
        let row = Self::of(scope)
            .filter(einvoice_attempts::document_id.eq(document))
            .filter(einvoice_attempts::id.eq(id))
            .select(Bytes::as_select());
        Ok(scope.one(row)?)
    }

    /// What was asked, where it is a call about the registration of the document.
    pub fn operation(&self) -> Option<Operation> {
        self.operation.parse().ok()
    }

    /// As the rules read it; none while it runs, and none of e-way bills.
    pub fn past(&self) -> Option<Past> {
        let has = |wanted: &[&str]| {
            self.codes
                .iter()
                .any(|code| wanted.contains(&code.as_str()))
        };
        Some(Past {
            operation: self.operation()?,
            outcome: self.outcome?,
            is_stranger: has(&["3028", "3029"]),
            is_too_old: has(&["2283"]),
        })
    }
}
