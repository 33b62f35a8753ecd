//! What was typed about documents.

mod issue;

pub use issue::IssueForm;
