//! Why a document is taken back, as it is typed.

use crate::accounting::actions::CancelCode;
use crate::kernel::language::{Said, text};
use crate::kernel::text::one_line;
use crate::web::Remarks;
use serde::Deserialize;

/// Fields of the form.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct CancelForm {
    pub code: String,
    pub reason: String,
    #[serde(skip)]
    pub remarks: Remarks,
}

impl CancelForm {
    /// Why, as the authority counts and in words.
    ///
    /// # Errors
    /// The form again, with what is wrong.
    pub fn parse(mut self) -> Result<(CancelCode, String), Box<Self>> {
        let code = self.code.parse().ok().and_then(CancelCode::by_number);
        let code = code.ok_or_else(|| Said::new("Choose a reason."));
        let code = self.remarks.take("code", code);
        let reason = one_line(text!("Reason in your words"), &self.reason, 100);
        let reason = self.remarks.take("reason", reason);
        match (code, reason) {
            (Some(code), Some(reason)) => Ok((code, reason)),
            _ => Err(Box::new(self)),
        }
    }
}
