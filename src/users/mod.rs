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

/// Everything under `/sign-in`, `/me`, and the pages for everybody.
pub fn routes(r: &mut Routes) {
    r.page("/", pages::home);
    r.page("/sign-in", pages::sign_in_form);
    r.change("/sign-in", pages::sign_in);
    r.page("/sign-in/code", pages::code_form);
    r.change("/sign-in/code", pages::code);
    r.page("/forgot", pages::forgot_form);
    r.change("/forgot", pages::forgot);
    r.page("/reset", pages::reset_form);
    r.change("/reset", pages::reset);
    r.change("/sign-out", pages::sign_out);
    r.change("/language", pages::language);
    r.page("/workspaces", pages::workspaces);
    r.page("/help", pages::help);
    r.page("/privacy", pages::privacy);
    r.page("/me", pages::profile);
    r.change("/me", pages::save_profile);
    r.page("/me/security", pages::security);
    r.change("/me/security/password", pages::change_password);
    r.change("/me/security/sessions/{id}/end", pages::end_session);
    r.change(
        "/me/security/sessions/end-others",
        pages::end_other_sessions,
    );
    r.page("/me/preferences", pages::preferences);
    r.change("/me/preferences", pages::save_preferences);
}
