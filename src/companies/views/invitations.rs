//! Invitations: lists, the form, the letter.

use super::{role_choices, role_word};
use crate::companies::forms::InviteForm;
use crate::companies::model::Invitation;
use crate::companies::rules;
use crate::kernel::language::Lang;
use crate::web::components::{Choice, Empty, Field, Pill, Summary};
use crate::web::filters;
use crate::web::forms::new_key;
use crate::web::layout::Shell;
use askama::Template;
use chrono::{DateTime, Utc};
use uuid::Uuid;

pub fn invitation_pill(lang: Lang, state: &str) -> Pill {
    match state {
        "accepted" => Pill::new(lang.t("Accepted"), "ok", "full"),
        "revoked" => Pill::new(lang.t("Revoked"), "", "plain"),
        "expired" => Pill::new(lang.t("Expired"), "", "plain"),
        _ => Pill::new(lang.t("Sent"), "info", ""),
    }
}

/// An invitation in a list.
pub struct InvitationRow {
    pub invitation: Invitation,
    pub company: String,
    pub role: String,
    pub pill: Pill,
    pub is_open: bool,
}

impl InvitationRow {
    pub fn new(lang: Lang, now: DateTime<Utc>, invitation: Invitation, company: String) -> Self {
        let state = rules::invitation_state(&invitation.status, invitation.expires_at, now);
        Self {
            company,
            role: role_word(lang, &invitation.role),
            pill: invitation_pill(lang, state),
            is_open: matches!(state, "sent" | "expired"),
            invitation,
        }
    }
}

#[derive(Template)]
#[template(path = "companies/invitations.html")]
pub struct InvitationsPage {
    pub shell: Shell,
    pub rows: Vec<InvitationRow>,
    pub empty: Empty,
    pub base: String,
    pub new: Option<String>,
    pub key: Uuid,
}

#[derive(Template)]
#[template(path = "companies/invite.html")]
pub struct InvitePage {
    pub shell: Shell,
    pub summary: Option<Summary>,
    pub fields: Vec<Field>,
    pub base: String,
    pub key: Uuid,
}

impl InvitePage {
    pub fn new(shell: Shell, lang: Lang, base: String, form: &InviteForm) -> Self {
        Self {
            shell: shell.with_errors(!form.remarks.is_empty()),
            summary: form.remarks.summary(lang),
            fields: vec![
                Field::text("name", lang.t("Name"))
                    .value(&form.name)
                    .autocomplete("off")
                    .remarks(&form.remarks, lang),
                Field::new("email", "email", lang.t("E-mail"))
                    .value(&form.email)
                    .inputmode("email")
                    .autocomplete("off")
                    .remarks(&form.remarks, lang),
                Field::new("select", "role", lang.t("Role"))
                    .choices(role_choices(lang, &form.role))
                    .remarks(&form.remarks, lang),
                Field::new("select", "language", lang.t("Language of the letter")).choices(
                    Lang::ALL
                        .iter()
                        .map(|known| Choice::new(known.code(), known.name(), &form.language))
                        .collect(),
                ),
            ],
            base,
            key: new_key(),
        }
    }
}

/// The letter that invites, as text.
#[derive(Template)]
#[template(path = "mail/invitation.txt")]
pub struct InvitationText<'a> {
    pub name: &'a str,
    pub company: &'a str,
    pub role: &'a str,
    pub link: &'a str,
}

/// The letter that invites, as HTML.
#[derive(Template)]
#[template(path = "mail/invitation.html")]
pub struct InvitationHtml<'a> {
    pub lang: Lang,
    pub name: &'a str,
    pub company: &'a str,
    pub role: &'a str,
    pub link: &'a str,
}
