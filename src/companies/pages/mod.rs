//! Handlers of companies: the platform's rooms, the invitation's door, and a company's own rooms.

pub mod acceptance;
pub mod admin;
pub mod admin_demo;
pub mod admin_invitations;
pub mod admin_people;
pub mod admin_search;
pub mod audit;
pub mod brand;
pub mod employees;
pub mod invitations;
pub mod office;
pub mod profile;
pub mod registrations;
pub mod saved_views;

use crate::companies::actions::Links;
use crate::web::State;
pub use crate::web::forms::Nothing;

/// Where links in letters lead.
pub fn links(state: &State) -> Links {
    Links {
        base: state
            .config
            .base_url
            .as_str()
            .trim_end_matches('/')
            .to_owned(),
    }
}
