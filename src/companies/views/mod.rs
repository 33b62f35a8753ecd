//! One struct for each template of companies.

mod acceptance;
pub mod audit;
mod brand;
mod companies;
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
    CompaniesPage, CompanyPage, ConfirmPage, EditCompanyPage, NewCompanyPage, OverviewPage,
    company_pill,
};
pub use employees::{EmployeePage, EmployeesPage, access_word};
pub use invitations::{
    InvitationHtml, InvitationRow, InvitationText, InvitationsPage, InvitePage, OwnList,
    invitations_sheet,
};
pub use office::{About, DashboardPage, RolesPage, SearchPage, SettingsPage, Step};
pub use people::{PeoplePage, PersonPage};
pub use profile::ProfilePage;
pub use registrations::{NewRegistrationPage, RegistrationPage, RegistrationsPage};
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

/// What somebody else saved, where it differs from what was typed.
pub fn theirs(is_conflict: bool, saved: Option<&str>, typed: &str) -> Option<String> {
    let saved = saved.unwrap_or_default();
    (is_conflict && saved != typed).then(|| {
        if saved.is_empty() {
            "–".to_owned()
        } else {
            saved.to_owned()
        }
    })
}
