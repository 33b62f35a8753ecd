//! Handlers of companies: the platform's rooms, the invitation's door, and a company's own rooms.

pub mod acceptance;
pub mod admin;
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
use crate::error::AppError;
use crate::kernel::language::Said;
use crate::platform::permissions::Permission;
use crate::web::State;
use crate::web::allowed::Employee as Pass;
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

pub fn base(pass: &Pass) -> String {
    format!("/c/{}", pass.company.slug)
}

pub fn may<P: Permission>(pass: &Pass) -> bool {
    P::ROLES.contains(&pass.company.role)
}

pub fn changed_words() -> Said {
    Said::new("Somebody saved this meanwhile.")
}

pub fn changed_meanwhile() -> AppError {
    AppError::refused(changed_words())
}
