//! The page that asks before something that can't be undone; its middle is the dialog's content too.

use super::components::Confirm;
use super::filters;
use super::forms::Remarks;
use super::layout::Shell;
use crate::kernel::language::text;
use crate::kernel::text::one_line;
use askama::Template;
use serde::Deserialize;

/// A question in the back office.
#[derive(Template)]
#[template(path = "layouts/confirm.html")]
pub struct ConfirmPage {
    /// What stands around it.
    pub shell: Shell,
    /// The question.
    pub confirm: Confirm,
}

/// A question in the portal.
#[derive(Template)]
#[template(path = "layouts/confirm_portal.html")]
pub struct PortalConfirmPage {
    /// What stands around it.
    pub shell: Shell,
    /// The question.
    pub confirm: Confirm,
}

/// Why something is done that can't be undone, as the question asks for it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct ReasonForm {
    /// What was typed.
    pub reason: String,
    /// What is to be said about it.
    #[serde(skip)]
    pub remarks: Remarks,
}

impl ReasonForm {
    /// The reason, in one line of 300 characters at most.
    ///
    /// # Errors
    /// The form with what is wrong beside the field.
    pub fn parse(mut self) -> Result<String, Box<Self>> {
        let reason = one_line(text!("Reason"), &self.reason, 300);
        match self.remarks.take("reason", reason) {
            Some(reason) => Ok(reason),
            None => Err(Box::new(self)),
        }
    }
}
