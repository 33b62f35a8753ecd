//! What was typed to cancel a document at the authority.

use crate::accounting::actions::CancelCode;
use crate::kernel::language::{Said, text};
use crate::kernel::text::one_line;
use crate::web::Remarks;
use serde::Deserialize;

/// Most letters of a remark that the authority takes.
const MOST: usize = 100;

/// Why a document is cancelled.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct CancelForm {
    /// As the authority counts: 1 to 4.
    pub reason: String,
    /// In words.
    pub remark: String,
    #[serde(skip)]
    pub remarks: Remarks,
}

impl CancelForm {
    /// The reason, by its number and in words.
    pub fn parse(mut self) -> Result<(CancelCode, String), Box<Self>> {
        let known = self.reason.parse().ok().and_then(CancelCode::by_number);
        let code = known.ok_or_else(|| Said::new("Choose why it is cancelled."));
        let code = self.remarks.take("reason", code);
        let remark = one_line(text!("Remark"), &self.remark, MOST);
        let remark = self.remarks.take("remark", remark);
        match (code, remark) {
            (Some(code), Some(remark)) => Ok((code, remark)),
            _ => Err(Box::new(self)),
        }
    }
}
