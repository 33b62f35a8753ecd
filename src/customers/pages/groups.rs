//! Groups of customers.

use crate::customers::actions;
use crate::customers::forms::NameForm;
use crate::customers::model::Group;
use crate::customers::views::{FormPage, GroupsPage, group_form, group_page};
use crate::error::AppError;
use crate::kernel::ids::GroupId;
use crate::kernel::language::Said;
use crate::platform::permissions::{EditCustomers, ReadCustomers};
use crate::web::components::Confirm;
use crate::web::confirm::ConfirmPage;
use crate::web::forms::{Nothing, changed_meanwhile, changed_words, new_key};
use crate::web::page::{self, Answer, Next};
use crate::web::{Allowed, Form};
use actix_web::web;

const TAKEN: &str = "customer_groups_tenant_id_name_key";

fn taken() -> Said {
    Said::new("There is a group with this name. Choose another.")
}

fn group_id(path: &(String, String)) -> Result<GroupId, AppError> {
    path.1.parse().map_err(|_| AppError::NotFound)
}

pub async fn index(actor: Allowed<ReadCustomers>) -> Answer {
    let rows = actor.read(Group::counted).await?;
    let view = GroupsPage::new(
        actor.shell(actor.lang().t("Customer groups")),
        actor.lang(),
        (actor.pass.base(), actor.pass.may::<EditCustomers>()),
        rows,
        &NameForm::default(),
    );
    page::show(&actor.ctx, &view)
}

async fn again(actor: &Allowed<EditCustomers>, form: &NameForm) -> Answer {
    let rows = actor.read(Group::counted).await?;
    let view = GroupsPage::new(
        actor.shell(actor.lang().t("Customer groups")),
        actor.lang(),
        (actor.pass.base(), true),
        rows,
        form,
    );
    page::again(&actor.ctx, &view)
}

pub async fn create(actor: Allowed<EditCustomers>, form: Form<NameForm>) -> Answer {
    let (name, _, mut form) = match form.0.parse() {
        Ok(parsed) => parsed,
        Err(form) => return again(&actor, &form).await,
    };
    let to = format!("{}/customer-groups", actor.pass.base());
    let added = actor
        .once(move |scope| {
            actions::add_group(scope, &name)?;
            Ok(Next::to(to).saying(Said::new("The group {name} is added.").with("name", name)))
        })
        .await;
    match added {
        Err(error) if error.constraint() == Some(TAKEN) => {
            form.remarks.add("name", taken());
            again(&actor, &form).await
        }
        added => Ok(page::go(&actor.ctx, added?)),
    }
}

fn view(
    actor: &Allowed<EditCustomers>,
    group: &Group,
    (form, conflict): (&NameForm, bool),
) -> FormPage {
    let title = Said::new("Rename {name}").with("name", group.name.as_str());
    group_page(
        actor.shell(actor.lang().say(&title)),
        actor.lang(),
        &actor.pass.base(),
        group,
        (form, conflict),
    )
}

pub async fn edit(actor: Allowed<EditCustomers>, path: web::Path<(String, String)>) -> Answer {
    let id = group_id(&path)?;
    let group = actor.read(move |scope| Group::find(scope, id)).await?;
    let form = group_form(&group);
    page::show(&actor.ctx, &view(&actor, &group, (&form, false)))
}

pub async fn rename(
    actor: Allowed<EditCustomers>,
    path: web::Path<(String, String)>,
    form: Form<NameForm>,
) -> Answer {
    let id = group_id(&path)?;
    let group = actor.read(move |scope| Group::find(scope, id)).await?;
    let (name, version, mut form) = match form.0.parse() {
        Ok(parsed) => parsed,
        Err(form) => return page::again(&actor.ctx, &view(&actor, &group, (&form, false))),
    };
    let to = format!("{}/customer-groups", actor.pass.base());
    let saved = actor
        .once(move |scope| {
            if !actions::rename_group(scope, id, &name, version)? {
                return Err(changed_meanwhile());
            }
            Ok(Next::to(to).saying(Said::new("{name} is saved.").with("name", name)))
        })
        .await;
    match saved {
        Err(AppError::Refused(said)) if said == changed_words() => {
            let group = actor.read(move |scope| Group::find(scope, id)).await?;
            form.version = group.updated_at.to_rfc3339();
            page::again(&actor.ctx, &view(&actor, &group, (&form, true)))
        }
        Err(error) if error.constraint() == Some(TAKEN) => {
            form.remarks.add("name", taken());
            page::again(&actor.ctx, &view(&actor, &group, (&form, false)))
        }
        saved => Ok(page::go(&actor.ctx, saved?)),
    }
}

pub async fn ask_remove(
    actor: Allowed<EditCustomers>,
    path: web::Path<(String, String)>,
) -> Answer {
    let id = group_id(&path)?;
    let group = actor.read(move |scope| Group::find(scope, id)).await?;
    let (lang, list) = (
        actor.lang(),
        format!("{}/customer-groups", actor.pass.base()),
    );
    let confirm = Confirm {
        question: lang.say(&Said::new("Delete the group {name}?").with("name", group.name)),
        effect: lang
            .t("Only a group that no customer and no price list is in can be deleted.")
            .into_owned(),
        action: format!("{list}/{id}/remove"),
        verb: lang.t("Delete group").into_owned(),
        back: list,
        keep: lang.t("Keep group").into_owned(),
        key: new_key(),
        fields: Vec::new(),
    };
    let shell = actor.shell(confirm.question.clone());
    page::show(&actor.ctx, &ConfirmPage { shell, confirm })
}

pub async fn remove(
    actor: Allowed<EditCustomers>,
    path: web::Path<(String, String)>,
    _form: Form<Nothing>,
) -> Answer {
    let (id, to) = (
        group_id(&path)?,
        format!("{}/customer-groups", actor.pass.base()),
    );
    let next = actor
        .once(move |scope| {
            let group = actions::remove_group(scope, id)?;
            Ok(Next::to(to)
                .saying(Said::new("The group {name} is deleted.").with("name", group.name)))
        })
        .await?;
    Ok(page::go(&actor.ctx, next))
}
