//! What keeps a document from being issued or registered, and how to put it right.

use crate::kernel::language::Said;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// A thing that is wrong: the type of every refusal, of what readiness finds, and of what the authority answers. Kept as JSON with an
/// e-invoice, and said in the reader's language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// The authority's own code, if it is the authority that says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// Number of the document, if there is one yet.
    pub document: Option<String>,
    /// The line, counted from one; `None` is the document as a whole.
    pub line: Option<i32>,
    /// The field that it is about, as forms name it.
    pub field: Cow<'static, str>,
    /// What is wrong.
    pub said: Said,
    /// How to put it right.
    pub fix: Said,
    /// Where to put it right, within the company: `/products/SOAP`; empty when there is no such page.
    pub link: String,
}

impl Fault {
    /// Something wrong with a document as a whole, on a field.
    pub const fn new(field: &'static str, said: Said, fix: Said) -> Self {
        Self {
            code: None,
            document: None,
            line: None,
            field: Cow::Borrowed(field),
            said,
            fix,
            link: String::new(),
        }
    }

    /// The same of a line, counted from one.
    #[must_use]
    pub fn on_line(mut self, line: i32) -> Self {
        self.line = Some(line);
        self
    }

    /// Where to put it right, within the company.
    #[must_use]
    pub fn at(mut self, link: String) -> Self {
        self.link = link;
        self
    }
}
