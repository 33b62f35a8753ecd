//! The platform's page on which sandboxes are told how to behave.

use crate::error::AppError;
use crate::integrations::forms::{MoodForm, TaxpayerForm};
use crate::integrations::gst::registrar::{books, moods, new_login};
use crate::integrations::sandbox::Sandboxes;
use crate::integrations::views::{SandboxesPage, TaxpayersPage};
use crate::kernel::language::Said;
use crate::platform::permissions::RunPlatform;
use crate::web::list::ListQuery;
use crate::web::page::{self, Answer, Next};
use crate::web::{Allowed, Form};

const HOME: &str = "/admin/sandboxes";
const TAXPAYERS: &str = "/admin/sandboxes/taxpayers";
/// So many calls are shown.
const CALLS: i32 = 50;

/// Where the sandboxes of this process are, if there are any: in production there are none.
fn here(actor: &Allowed<RunPlatform>) -> Option<Sandboxes> {
    actor.state().part::<Sandboxes>().ok().cloned()
}

fn must_be_here(actor: &Allowed<RunPlatform>) -> Result<Sandboxes, AppError> {
    here(actor).ok_or(AppError::NotFound)
}

async fn room(actor: &Allowed<RunPlatform>, form: &MoodForm) -> Result<SandboxesPage, AppError> {
    let found = actor
        .platform_read(|tx| Ok((moods::all(tx)?, books::last_calls(tx, CALLS)?)))
        .await?;
    let lang = actor.lang();
    Ok(SandboxesPage::new(
        actor.shell(lang.t("Sandboxes")),
        lang,
        here(actor),
        found,
        form,
    ))
}

pub async fn index(actor: Allowed<RunPlatform>) -> Answer {
    let room = room(&actor, &MoodForm::default()).await?;
    page::show(&actor.ctx, &room)
}

pub async fn tell(actor: Allowed<RunPlatform>, form: Form<MoodForm>) -> Answer {
    must_be_here(&actor)?;
    let told = match form.0.parse() {
        Ok(told) => told,
        Err(form) => return page::again(&actor.ctx, &room(&actor, &form).await?),
    };
    let next = actor
        .platform_once(move |tx| {
            moods::tell(tx, &told)?;
            Ok(Next::to(HOME).saying(Said::new("The sandbox knows.")))
        })
        .await?;
    Ok(page::go(&actor.ctx, next))
}

async fn list(
    actor: &Allowed<RunPlatform>,
    search: String,
    form: &TaxpayerForm,
) -> Result<TaxpayersPage, AppError> {
    let asked = search.clone();
    let found = actor
        .platform_read(move |tx| books::search_taxpayers(tx, &asked))
        .await?;
    let lang = actor.lang();
    Ok(TaxpayersPage::new(
        actor.shell(lang.t("Taxpayers of the sandbox")),
        lang,
        search,
        found,
        form,
    ))
}

pub async fn taxpayers(actor: Allowed<RunPlatform>, query: ListQuery) -> Answer {
    must_be_here(&actor)?;
    let search = query.search().unwrap_or_default().to_owned();
    let list = list(&actor, search, &TaxpayerForm::default()).await?;
    page::show(&actor.ctx, &list)
}

pub async fn enrol(actor: Allowed<RunPlatform>, form: Form<TaxpayerForm>) -> Answer {
    let sandboxes = must_be_here(&actor)?;
    let mut enrolment = match form.0.parse(actor.state().config.gst_lax_numbers) {
        Ok(enrolment) => enrolment,
        Err(form) => {
            let list = list(&actor, String::new(), &form).await?;
            return page::again(&actor.ctx, &list);
        }
    };
    actor.blocking(move |_, _| sandboxes.get_ready()).await?;
    let gstin = enrolment.gstin.clone();
    let mut said = Said::new("{gstin} is enrolled.").with("gstin", &gstin);
    if enrolment.is_einvoicing {
        let login = new_login().map_err(|broken| AppError::internal(broken.0))?;
        let [client, secret, user, password] = &login;
        said = Said::new(
            "{gstin} is enrolled. Client {client}, secret {secret}, user {user}, password {password}: they are shown once.",
        )
        .with("gstin", &gstin)
        .with("client", client)
        .with("secret", secret)
        .with("user", user)
        .with("password", password);
        enrolment.login = Some(login);
    }
    let next = actor
        .platform_once(move |tx| {
            books::enrol(tx, &enrolment)?;
            Ok(Next::to(format!("{TAXPAYERS}?q={gstin}")).saying(said))
        })
        .await?;
    Ok(page::go(&actor.ctx, next))
}
