//! One struct for each template of companies.

mod acceptance;
pub mod audit;
mod brand;
mod companies;
mod demo;
mod employees;
mod invitations;
mod office;
mod people;
mod profile;
mod registrations;
mod saved_views;

pub use acceptance::{AcceptPage, Guest};
pub use audit::AuditPage;
pub use brand::BrandPage;
pub use companies::{
    CompaniesPage, CompanyPage, EditCompanyPage, NewCompanyPage, OverviewPage, company_pill,
};
pub use demo::{DemoCard, demo_effect};
pub use employees::{EmployeePage, EmployeesPage, access_word};
pub use invitations::{
    InvitationHtml, InvitationRow, InvitationText, InvitationsPage, InvitePage, OwnList,
    invitations_sheet,
};
pub use office::{About, RolesPage, SearchPage, SettingsPage};
pub use people::{PeoplePage, PersonPage};
pub use profile::ProfilePage;
pub use registrations::{NewRegistrationPage, RegistrationAt, RegistrationPage, RegistrationsPage};
pub use saved_views::SaveViewPage;

use crate::kernel::language::Lang;
use crate::kernel::state::State;
use crate::platform::permissions::Role;
use crate::web::components::Choice;

pub fn role_word(lang: Lang, code: &str) -> String {
    Role::from_code(code).map_or_else(|| code.to_owned(), |role| lang.t(role.label()).into_owned())
}

pub fn role_choices(lang: Lang, current: &str) -> Vec<Choice> {
    Role::ALL
        .iter()
        .rev()
        .map(|role| {
            Choice::new(
                role.code(),
                format!("{} – {}", lang.t(role.label()), lang.t(role.about())),
                current,
            )
        })
        .collect()
}

pub fn state_name(code: &str) -> String {
    State::by_code(code).map_or_else(|| code.to_owned(), |state| state.name().to_owned())
}
