//! The door into the portal, and the letter that leads to it.

use crate::customers::forms::JoinForm;
use crate::customers::model::Invited;
use crate::kernel::language::{Lang, Said};
use crate::web::components::{Choice, Field, Summary};
use crate::web::filters;
use crate::web::layout::Shell;
use askama::Template;

/// How whoever opens an invitation stands to its address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Guest {
    /// The address has no account.
    New,
    /// It has one, and its owner is to sign in first.
    Known,
    /// Its owner is signed in. The shops of theirs that can be connected (short name and name), and the names of those that are already.
    Here(Vec<(String, String)>, Vec<String>),
}

#[derive(Template)]
#[template(path = "portal/join.html")]
pub struct JoinPage {
    pub shell: Shell,
    pub summary: Option<Summary>,
    pub company: String,
    pub customer: String,
    pub email: String,
    pub token: String,
    pub fields: Vec<Field>,
    /// What is said to somebody whose shop is connected already.
    pub connected: Option<String>,
    /// Where somebody with an account signs in first.
    pub sign_in: Option<String>,
}

impl JoinPage {
    pub fn new(
        shell: Shell,
        lang: Lang,
        (invited, token): (&Invited, &str),
        (guest, form): (&Guest, &JoinForm),
    ) -> Self {
        let shop = || {
            Field::text("shop", lang.t("Name of the shop"))
                .value(&form.shop)
                .autocomplete("organization")
                .remarks(&form.remarks, lang)
        };
        let fields = match guest {
            Guest::New => vec![
                Field::text("name", lang.t("Your name"))
                    .value(&form.name)
                    .autocomplete("name")
                    .remarks(&form.remarks, lang),
                shop(),
                Field::new("password", "password", lang.t("New password"))
                    .autocomplete("new-password")
                    .hint(lang.t("10 characters or more. Four words are easy to keep in mind."))
                    .remarks(&form.remarks, lang),
            ],
            Guest::Known => Vec::new(),
            Guest::Here(free, _) if free.is_empty() => vec![shop()],
            Guest::Here(free, _) => {
                let mut choices: Vec<Choice> = free
                    .iter()
                    .map(|(slug, name)| Choice::new(slug, name.as_str(), &form.retailer))
                    .collect();
                choices.push(Choice::new(
                    "new",
                    lang.t("Another shop of mine"),
                    &form.retailer,
                ));
                vec![
                    Field::new("radio", "retailer", lang.t("Which shop buys there?"))
                        .choices(choices)
                        .remarks(&form.remarks, lang),
                    shop().hint(lang.t("Only for another shop.")).optional(),
                ]
            }
        };
        let connected = match guest {
            Guest::Here(_, connected) if !connected.is_empty() => Some(
                lang.say(
                    &Said::new("{shop} is connected to {company} already.")
                        .with("shop", connected.join(", "))
                        .with("company", invited.company.as_str()),
                ),
            ),
            _ => None,
        };
        Self {
            shell: shell.with_errors(!form.remarks.is_empty()),
            summary: form.remarks.summary(lang),
            company: invited.company.clone(),
            customer: invited.customer.clone(),
            email: invited.invitation.email.clone(),
            token: token.to_owned(),
            fields,
            connected,
            sign_in: (*guest == Guest::Known).then(|| format!("/sign-in?next=%2Fjoin%2F{token}")),
        }
    }
}

/// The letter that brings a retailer in, as text.
#[derive(Template)]
#[template(path = "mail/join.txt")]
pub struct JoinText<'a> {
    pub name: &'a str,
    pub company: &'a str,
    pub shop: &'a str,
    pub link: &'a str,
}

/// The letter that brings a retailer in, as HTML.
#[derive(Template)]
#[template(path = "mail/join.html")]
pub struct JoinHtml<'a> {
    pub lang: Lang,
    pub name: &'a str,
    pub company: &'a str,
    pub shop: &'a str,
    pub link: &'a str,
}
