//! Invitations: lists, the form, the letter.

use super::{role_choices, role_word};
use crate::companies::forms::InviteForm;
use crate::companies::model::{INVITATION_STATES, Invitation, Invited};
use crate::companies::rules;
use crate::kernel::language::Lang;
use crate::web::bulk::{BulkBar, BulkButton};
use crate::web::components::{Choice, Empty, Field, Pill, Summary};
use crate::web::export::Sheet;
use crate::web::filters;
use crate::web::forms::new_key;
use crate::web::layout::Shell;
use crate::web::list::{ListQuery, Page};
use crate::web::listing::{KeptView, ListBuilder, Listing};
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
    pub fn new(lang: Lang, now: DateTime<Utc>, (invitation, company): Invited) -> Self {
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

/// What a company's own list has, and the platform's has not.
pub struct OwnList {
    pub base: String,
    pub kept: Vec<KeptView>,
}

#[derive(Template)]
#[template(path = "companies/invitations.html")]
pub struct InvitationsPage {
    pub shell: Shell,
    pub list: Listing,
    pub rows: Vec<InvitationRow>,
    pub base: String,
    /// Where somebody is invited; the platform's list shows each invitation's company instead.
    pub new: Option<String>,
    pub bulk: BulkBar,
    pub ticked: Vec<Uuid>,
    pub key: Uuid,
}

impl InvitationsPage {
    pub fn new(
        shell: Shell,
        lang: Lang,
        query: &ListQuery,
        (page, total): (Page<Invited>, i64),
        (now, own): (DateTime<Utc>, Option<OwnList>),
    ) -> Self {
        let new = own
            .as_ref()
            .map(|own| format!("{}/settings/people/invite", own.base));
        let base = query.path().to_owned();
        let first = Empty {
            icon: "mail",
            heading: lang.t("No invitations yet").into_owned(),
            text: lang
                .t("People join by a link that we send to their e-mail.")
                .into_owned(),
            action: Some(match &new {
                Some(new) => (lang.t("Invite somebody").into_owned(), new.clone()),
                None => (
                    lang.t("Open a company").into_owned(),
                    "/admin/companies/new".to_owned(),
                ),
            }),
        };
        let placeholder = if new.is_some() {
            lang.t("Name or e-mail")
        } else {
            lang.t("Name, e-mail or company")
        };
        let mut list = ListBuilder::new(query, lang, placeholder);
        if let Some(own) = own {
            list = list.views(
                &format!("{}/settings/views", own.base),
                "invitations",
                own.kept,
            );
        }
        Self {
            shell,
            list: list
                .filter("status", lang.t("Status"), &INVITATION_STATES, |state| {
                    invitation_pill(lang, state).text
                })
                .export(&format!("{base}/export"))
                .finish(&page, total, first, lang.t("No invitations match")),
            bulk: BulkBar::new(
                query,
                &page,
                total,
                vec![
                    BulkButton {
                        action: "resend",
                        label: lang.t("Send again").into_owned(),
                        icon: "send",
                    },
                    BulkButton {
                        action: "revoke",
                        label: lang.t("Revoke").into_owned(),
                        icon: "cross",
                    },
                ],
            ),
            ticked: query.ticked(),
            rows: page
                .rows
                .into_iter()
                .map(|invited| InvitationRow::new(lang, now, invited))
                .collect(),
            base,
            new,
            key: new_key(),
        }
    }
}

/// Invitations as a file.
pub fn invitations_sheet(lang: Lang, now: DateTime<Utc>, rows: Vec<Invited>) -> Sheet {
    let heads = [
        lang.t("Person"),
        lang.t("E-mail"),
        lang.t("Company"),
        lang.t("Role"),
        lang.t("First sent"),
        lang.t("Last sent"),
        lang.t("Good until"),
        lang.t("Status"),
    ];
    Sheet {
        name: "invitations",
        heads: heads.into_iter().map(|head| head.into_owned()).collect(),
        rows: rows
            .into_iter()
            .map(|invited| InvitationRow::new(lang, now, invited))
            .map(|row| {
                vec![
                    row.invitation.name,
                    row.invitation.email,
                    row.company,
                    row.role,
                    row.invitation.created_at.to_rfc3339(),
                    row.invitation.sent_at.to_rfc3339(),
                    row.invitation.expires_at.to_rfc3339(),
                    row.pill.text,
                ]
            })
            .collect(),
    }
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
