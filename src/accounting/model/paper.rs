//! Documents with everything that is printed beside them.

use super::{Document, DocumentLine, EInvoice};
use crate::accounting::rules::document::Kind;
use crate::error::AppError;
use crate::kernel::ids::DocumentId;
use crate::kernel::money::Money;
use crate::ledger::model::Owed;
use crate::platform::db::Scope;
use std::collections::HashMap;

/// A document, its lines, how it stands at the authority, and what is open of it.
#[derive(Clone, Debug)]
pub struct Paper {
    /// The document.
    pub document: Document,
    /// Its lines.
    pub lines: Vec<DocumentLine>,
    /// How it stands at the authority.
    pub einvoice: Option<EInvoice>,
    /// What is still to be paid of it; `None` for what nobody pays: notes that give back.
    pub open: Option<Money>,
    /// What the ledger has not set against anything yet, whoever owes it, since when, and in which instalments.
    pub remains: Option<Owed>,
}

impl Paper {
    /// One document with what belongs to it. Three statements.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn of(scope: &mut Scope, document: Document) -> Result<Self, AppError> {
        let id = document.id;
        let papers = Self::of_documents(scope, vec![document])?;
        papers
            .into_iter()
            .find(|paper| paper.document.id == id)
            .ok_or(AppError::NotFound)
    }

    /// Some documents with what belongs to them, in their order. Three statements, however many they are.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn of_documents(
        scope: &mut Scope,
        documents: Vec<Document>,
    ) -> Result<Vec<Self>, AppError> {
        let ids: Vec<DocumentId> = documents.iter().map(|document| document.id).collect();
        let mut lines: HashMap<DocumentId, Vec<DocumentLine>> = HashMap::new();
        for line in DocumentLine::of_documents(scope, &ids)? {
            lines.entry(line.document_id).or_default().push(line);
        }
        let mut einvoices: HashMap<DocumentId, EInvoice> = EInvoice::of_documents(scope, &ids)?
            .into_iter()
            .map(|einvoice| (einvoice.id, einvoice))
            .collect();
        let mut remains = Document::open(scope, &documents)?;
        Ok(documents
            .into_iter()
            .map(|document| {
                let is_owed = matches!(
                    document.kind,
                    Kind::Invoice | Kind::BillOfSupply | Kind::DebitNote
                );
                let remains = remains.remove(&document.id.uuid());
                Self {
                    lines: lines.remove(&document.id).unwrap_or_default(),
                    einvoice: einvoices.remove(&document.id),
                    open: remains.as_ref().map(|owed| owed.open).filter(|_| is_owed),
                    remains,
                    document,
                }
            })
            .collect())
    }
}
