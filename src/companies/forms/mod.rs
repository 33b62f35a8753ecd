//! What was typed about companies and their people, and how it becomes a value.

mod companies;
mod employees;
mod invitations;
mod lists;
mod registrations;

pub use companies::{BrandForm, NamesForm, OpenForm, ProfileForm, TypedNames};
pub use employees::EmployeeForm;
pub use invitations::{AcceptForm, InviteForm};
pub use lists::{ExportForm, ViewForm};
pub use registrations::{EndForm, RegistrationForm, TradeNameForm};

use crate::kernel::language::Said;
use crate::platform::permissions::Role;

fn role(code: &str) -> Result<Role, Said> {
    Role::from_code(code).ok_or_else(|| Said::new("Choose a role from the list."))
}
