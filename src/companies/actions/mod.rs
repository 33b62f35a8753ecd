//! The verbs of companies, their employees and invitations.

mod companies;
mod employees;
mod invitations;
mod registrations;
mod saved_views;
mod series;

pub use companies::{
    Logo, Names, NewCompany, Profile, become_state, open, save_brand, save_names, save_profile,
};
pub use employees::{EmployeeChange, add_employee, save_employee, set_access};
pub use invitations::{
    Accepting, Links, Many, NewInvitation, accept, check_open, invite, invite_first, resend, revoke,
};
pub use registrations::{NewRegistration, Standing, describe, end, make_primary, register, rename};
pub use saved_views::{NewView, remove_view, save_view};
pub use series::take_number;
