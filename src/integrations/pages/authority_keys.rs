//! Keys of the real authority, pinned by whoever runs the installation.

use crate::error::AppError;
use crate::integrations::forms::{KeyForm, KeyStep};
use crate::integrations::model::{self, PinnedKey};
use crate::integrations::views::AuthorityKeysPage;
use crate::kernel::language::Said;
use crate::platform::permissions::RunPlatform;
use crate::web::page::{self, Answer, Next};
use crate::web::{Allowed, Form};

const HOME: &str = "/admin/authority-keys";

async fn room(actor: &Allowed<RunPlatform>, form: &KeyForm) -> Result<AuthorityKeysPage, AppError> {
    let found = actor.platform_read(PinnedKey::all).await?;
    let lang = actor.lang();
    let shell = actor.shell(lang.t("Keys of the authority"));
    Ok(AuthorityKeysPage::new(shell, lang, found, form))
}

pub async fn index(actor: Allowed<RunPlatform>) -> Answer {
    let room = room(&actor, &KeyForm::default()).await?;
    page::show(&actor.ctx, &room)
}

pub async fn pin(actor: Allowed<RunPlatform>, form: Form<KeyForm>) -> Answer {
    let (new, mut form) = match form.0.parse() {
        Ok(parsed) => parsed,
        Err(form) => return page::again(&actor.ctx, &room(&actor, &form).await?),
    };
    let pinned = actor
        .platform_once(move |tx| {
            if !model::pin(tx, new.purpose, &new.kid, &new.key)? {
                return Err(AppError::refused(Said::new("This key is pinned already.")));
            }
            tracing::info!(
                purpose = new.purpose,
                kid = new.kid,
                "a key of the authority is pinned"
            );
            Ok(Next::to(HOME).saying(Said::new("The key {kid} is pinned.").with("kid", new.kid)))
        })
        .await;
    match pinned {
        Err(AppError::Refused(said)) => {
            form.remarks.add("pem", said);
            page::again(&actor.ctx, &room(&actor, &form).await?)
        }
        pinned => Ok(page::go(&actor.ctx, pinned?)),
    }
}

pub async fn step(actor: Allowed<RunPlatform>, form: Form<KeyStep>) -> Answer {
    let (purpose, kid) = form.0.named().ok_or(AppError::NotFound)?;
    let is_used = form.0.used == "on";
    let next = actor
        .platform_once(move |tx| {
            if !model::use_key(tx, purpose, &kid, is_used)? {
                return Err(AppError::NotFound);
            }
            tracing::info!(purpose, kid, is_used, "a key of the authority changed");
            let said = if is_used {
                Said::new("The key {kid} is in use again.")
            } else {
                Said::new("The key {kid} is out of use. What it has signed still verifies.")
            };
            Ok(Next::to(HOME).saying(said.with("kid", kid)))
        })
        .await?;
    Ok(page::go(&actor.ctx, next))
}
