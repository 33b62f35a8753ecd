//! The platform's way to take the demo out of an installation.

use super::Nothing;
use crate::companies::views::demo_effect;
use crate::kernel::language::Said;
use crate::platform::demo;
use crate::platform::permissions::RunPlatform;
use crate::web::components::Confirm;
use crate::web::confirm::ConfirmPage;
use crate::web::forms::new_key;
use crate::web::page::{self, Answer, Next};
use crate::web::{Allowed, Form};

/// Somebody may have removed it a moment ago: what was wished for is so already.
fn nothing_left() -> Next {
    Next::to("/admin").saying(Said::new("There is no demo data here."))
}

pub async fn ask_remove(actor: Allowed<RunPlatform>) -> Answer {
    let Some(found) = actor.platform_read(demo::find).await? else {
        return Ok(page::go(&actor.ctx, nothing_left()));
    };
    let lang = actor.lang();
    let confirm = Confirm {
        question: lang.t("Remove the demo data?").into_owned(),
        effect: demo_effect(lang, &found, &actor.pass.email),
        action: "/admin/demo/remove".to_owned(),
        verb: lang.t("Remove demo data").into_owned(),
        back: "/admin".to_owned(),
        keep: lang.t("Keep it").into_owned(),
        key: new_key(),
        fields: Vec::new(),
    };
    page::show(
        &actor.ctx,
        &ConfirmPage {
            shell: actor.shell(confirm.question.clone()),
            confirm,
        },
    )
}

pub async fn remove(actor: Allowed<RunPlatform>, _form: Form<Nothing>) -> Answer {
    let next = actor
        .platform_once(|tx| {
            if demo::find(tx)?.is_none() {
                return Ok(nothing_left());
            }
            demo::ask_removal(tx)?;
            Ok(Next::to("/admin").saying(Said::new("The demo data is being removed.")))
        })
        .await?;
    Ok(page::go(&actor.ctx, next))
}
