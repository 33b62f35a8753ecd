//! The page that asks before something that can't be undone; its middle is the dialog's content too.

use super::components::Confirm;
use super::filters;
use super::layout::Shell;
use askama::Template;

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
