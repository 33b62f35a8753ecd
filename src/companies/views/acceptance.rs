//! The invitation's door.

use super::role_word;
use crate::companies::forms::AcceptForm;
use crate::companies::model::{Company, Invitation};
use crate::kernel::language::Lang;
use crate::web::components::{Field, Summary};
use crate::web::filters;
use crate::web::layout::Shell;
use askama::Template;

#[derive(Template)]
#[template(path = "users/accept.html")]
pub struct AcceptPage {
    pub shell: Shell,
    pub summary: Option<Summary>,
    pub company: String,
    pub email: String,
    pub role: String,
    pub token: String,
    pub name: Option<Field>,
    pub password: Option<Field>,
}

impl AcceptPage {
    pub fn new(
        shell: Shell,
        lang: Lang,
        (invitation, company): (&Invitation, &Company),
        token: &str,
        (guest, form): (Guest, &AcceptForm),
    ) -> Self {
        let password = |label: &'static str, token: &'static str| {
            Field::new("password", "password", lang.t(label))
                .autocomplete(token)
                .remarks(&form.remarks, lang)
        };
        Self {
            shell: shell.with_errors(!form.remarks.is_empty()),
            summary: form.remarks.summary(lang),
            company: company.name.clone(),
            email: invitation.email.clone(),
            role: role_word(lang, &invitation.role),
            token: token.to_owned(),
            name: (guest == Guest::New).then(|| {
                Field::text("name", lang.t("Name"))
                    .value(&form.name)
                    .autocomplete("name")
                    .remarks(&form.remarks, lang)
            }),
            password: match guest {
                Guest::New => {
                    Some(password("New password", "new-password").hint(
                        lang.t("10 characters or more. Four words are easy to keep in mind."),
                    ))
                }
                Guest::Known => Some(
                    password("Password", "current-password")
                        .hint(lang.t("You have an account with this address already.")),
                ),
                Guest::Here => None,
            },
        }
    }
}

/// How whoever opens an invitation stands to its address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guest {
    /// The address has no account.
    New,
    /// It has one, and its owner is to prove it.
    Known,
    /// Its owner is signed in.
    Here,
}
