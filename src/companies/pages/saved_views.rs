//! Filters of a company's lists, kept under a name.

use super::Nothing;
use crate::companies::actions;
use crate::companies::forms::ViewForm;
use crate::companies::model::{LISTS, SavedView};
use crate::companies::views::SaveViewPage;
use crate::error::AppError;
use crate::kernel::ids::SavedViewId;
use crate::kernel::language::Said;
use crate::platform::permissions::{ManagePeople, ReadDashboard};
use crate::web::allowed::Employee as Pass;
use crate::web::list::ListQuery;
use crate::web::listing::KeptView;
use crate::web::page::{self, Answer, Next};
use crate::web::{Allowed, Form};
use actix_web::web;

/// Views as a list shows them to somebody.
pub fn kept(pass: &Pass, views: Vec<SavedView>) -> Vec<KeptView> {
    let may_manage = pass.may::<ManagePeople>();
    views
        .into_iter()
        .map(|view| KeptView {
            id: view.id.uuid(),
            may_remove: view.user_id.is_some() || may_manage,
            name: view.name,
            filter: view.query,
        })
        .collect()
}

/// The list's own address; an unknown list is not there, and one that this role may not see keeps no views for it.
fn list_of(actor: &Allowed<ReadDashboard>, list: &str) -> Result<(&'static str, String), AppError> {
    let (known, path, needs) = LISTS
        .iter()
        .find(|(known, _, _)| *known == list)
        .ok_or(AppError::NotFound)?;
    actor.pass.must_have(needs)?;
    Ok((known, format!("{}{path}", actor.pass.base())))
}

fn form_page(actor: &Allowed<ReadDashboard>, form: &ViewForm) -> Result<SaveViewPage, AppError> {
    let (_, path) = list_of(actor, &form.list)?;
    let filter = ListQuery::new(&path, &form.filter).filter();
    Ok(SaveViewPage::new(
        actor.shell(actor.lang().t("Save this view")),
        actor.lang(),
        (
            format!("{}/settings/views", actor.pass.base()),
            format!("{path}?{filter}"),
        ),
        actor.pass.may::<ManagePeople>(),
        form,
    ))
}

pub async fn new(actor: Allowed<ReadDashboard>, query: ListQuery) -> Answer {
    let asked = |name: &str| query.get(name).unwrap_or_default().to_owned();
    let form = ViewForm {
        list: query.get("list").unwrap_or("people").to_owned(),
        filter: asked("filter"),
        audience: "me".to_owned(),
        ..ViewForm::default()
    };
    page::show(&actor.ctx, &form_page(&actor, &form)?)
}

pub async fn create(actor: Allowed<ReadDashboard>, form: Form<ViewForm>) -> Answer {
    let (list, path) = list_of(&actor, &form.0.list)?;
    let filter = ListQuery::new(&path, &form.0.filter).filter();
    let may_share = actor.pass.may::<ManagePeople>();
    let (new, mut form) = match form.0.parse(list, filter, may_share) {
        Ok(parsed) => parsed,
        Err(form) => return page::again(&actor.ctx, &form_page(&actor, &form)?),
    };
    let saved = actor
        .once(move |scope| {
            actions::save_view(scope, &new)?;
            Ok(Next::to(format!("{path}?{}", new.query))
                .saying(Said::new("The view {name} is saved.").with("name", new.name)))
        })
        .await;
    match saved {
        Err(error) if error.constraint() == Some("saved_views_tenant_id_list_user_id_name_key") => {
            form.remarks.add(
                "name",
                Said::new("There is a view with this name. Choose another."),
            );
            page::again(&actor.ctx, &form_page(&actor, &form)?)
        }
        saved => Ok(page::go(&actor.ctx, saved?)),
    }
}

pub async fn remove(
    actor: Allowed<ReadDashboard>,
    path: web::Path<(String, String)>,
    _form: Form<Nothing>,
) -> Answer {
    let id: SavedViewId = path.1.parse().map_err(|_| AppError::NotFound)?;
    let (base, may_manage) = (actor.pass.base(), actor.pass.may::<ManagePeople>());
    let next = actor
        .once(move |scope| {
            let view = actions::remove_view(scope, id, may_manage)?;
            let list = LISTS.iter().find(|(known, _, _)| *known == view.list);
            let path = list.map_or("/", |(_, path, _)| *path);
            Ok(Next::to(format!("{base}{path}?{}", view.query))
                .saying(Said::new("The view {name} is removed.").with("name", view.name)))
        })
        .await?;
    Ok(page::go(&actor.ctx, next))
}
