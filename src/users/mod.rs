//! The screens of a person's own account: sign-in, one-time codes, reset, workspaces, profile, security, preferences.
//!
//! The rows are `platform::accounts`'. What this domain keeps: the same answer for an unknown address as for a wrong password; a new
//! session key at every sign-in; a link onward only to a page of ours.

pub mod actions;
mod forms;
mod pages;
mod rules;
mod views;

use crate::web::Routes;
use pages::{account, around, door};

/// Everything under `/sign-in`, `/me`, and the pages for everybody.
pub fn routes(r: &mut Routes) {
    r.page("/", around::home);
    r.page("/sign-in", door::sign_in_form);
    r.change("/sign-in", door::sign_in);
    r.page("/sign-in/code", door::code_form);
    r.change("/sign-in/code", door::code);
    r.page("/forgot", door::forgot_form);
    r.change("/forgot", door::forgot);
    r.page("/reset", door::reset_form);
    r.change("/reset", door::reset);
    r.change("/sign-out", door::sign_out);
    r.change("/language", around::language);
    r.page("/workspaces", around::workspaces);
    r.page("/help", around::help);
    r.page("/privacy", around::privacy);
    r.page("/me", account::profile);
    r.change("/me", account::save_profile);
    r.page("/me/security", account::security);
    r.change("/me/security/password", account::change_password);
    r.change("/me/security/sessions/{id}/end", account::end_session);
    r.change(
        "/me/security/sessions/end-others",
        account::end_other_sessions,
    );
    r.page("/me/preferences", account::preferences);
    r.change("/me/preferences", account::save_preferences);
}
