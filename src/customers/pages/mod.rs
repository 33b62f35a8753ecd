//! Handlers of customers: the company's book, the invitation's door, and the portal's shell.

pub mod addresses;
pub mod customers;
pub mod groups;
pub mod invitations;
pub mod join;
pub mod portal;

use crate::web::State;

/// Where links in letters lead: the address of the installation, without a slash at the end.
fn base_url(state: &State) -> String {
    state
        .config
        .base_url
        .as_str()
        .trim_end_matches('/')
        .to_owned()
}
