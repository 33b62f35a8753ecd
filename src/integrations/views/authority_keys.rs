//! The page of the authority's keys.

use crate::integrations::forms::{KeyForm, PURPOSES};
use crate::integrations::model::PinnedKey;
use crate::kernel::language::Lang;
use crate::web::components::{Choice, Empty, Field, Pill, Summary};
use crate::web::filters;
use crate::web::forms::new_key;
use crate::web::layout::Shell;
use askama::Template;
use chrono::{DateTime, Utc};
use std::borrow::Cow;
use uuid::Uuid;

/// Keys of the authority, and the form that pins one.
#[derive(Template)]
#[template(path = "integrations/authority_keys.html")]
pub struct AuthorityKeysPage {
    pub shell: Shell,
    pub summary: Option<Summary>,
    pub rows: Vec<KeyRow>,
    pub fields: Vec<Field>,
    pub empty: Empty,
    pub key: Uuid,
}

/// A pinned key.
pub struct KeyRow {
    pub kid: String,
    pub purpose: String,
    pub for_what: Cow<'static, str>,
    pub bits: i32,
    pub at: DateTime<Utc>,
    pub pill: Pill,
    /// Whether it may be taken out of use here: those of the sandbox keep themselves.
    pub is_live: bool,
    pub is_used: bool,
    pub key: Uuid,
}

fn purpose_word(lang: Lang, purpose: &str) -> Cow<'static, str> {
    match purpose {
        "signing" => lang.t("Signs invoices"),
        _ => lang.t("Logins are encrypted for it"),
    }
}

impl AuthorityKeysPage {
    pub fn new(shell: Shell, lang: Lang, found: Vec<PinnedKey>, form: &KeyForm) -> Self {
        let purposes = PURPOSES
            .iter()
            .map(|purpose| Choice::new(purpose, purpose_word(lang, purpose), &form.purpose))
            .collect();
        let fields = [
            Field::new("select", "purpose", lang.t("What it is for")).choices(purposes),
            Field::new("textarea", "pem", lang.t("Certificate or public key"))
                .value(&form.pem)
                .hint(lang.t("In PEM, as the authority publishes it.")),
            Field::text("kid", lang.t("Key id"))
                .value(&form.kid)
                .hint(lang.t("As signatures name it. Empty with a certificate: its thumbprint."))
                .autocomplete("off")
                .optional(),
        ];
        Self {
            shell: shell.with_errors(!form.remarks.is_empty()),
            summary: form.remarks.summary(lang),
            rows: found.into_iter().map(|key| KeyRow::new(lang, key)).collect(),
            fields: fields
                .map(|field| field.remarks(&form.remarks, lang))
                .into(),
            empty: Empty {
                icon: "shield",
                heading: lang.t("No keys").into_owned(),
                text: lang
                    .t("Until a key for logins and one for signatures are pinned, no e-invoice is sent to the real authority.")
                    .into_owned(),
                action: None,
            },
            key: new_key(),
        }
    }
}

impl KeyRow {
    fn new(lang: Lang, key: PinnedKey) -> Self {
        let is_used = key.retired_at.is_none();
        let (is_live, words) = (
            key.environment == "live",
            if is_used {
                lang.t("In use")
            } else {
                lang.t("Out of use")
            },
        );
        let pill = match (is_live, is_used) {
            (false, _) => Pill::new(lang.t("Sandbox"), "info", "plain"),
            (true, true) => Pill::new(words, "ok", "full"),
            (true, false) => Pill::new(words, "", "plain"),
        };
        Self {
            for_what: purpose_word(lang, &key.purpose),
            kid: key.kid,
            purpose: key.purpose,
            bits: key.bits,
            at: key.added_at,
            pill,
            is_live,
            is_used,
            key: new_key(),
        }
    }
}
