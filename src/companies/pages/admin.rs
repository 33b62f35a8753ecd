//! The platform's rooms for companies.

use super::{Nothing, links};
use crate::companies::actions::{self};
use crate::companies::forms::{NamesForm, OpenForm};
use crate::companies::model::{Company, Employee, Invitation, Registration};
use crate::companies::views::{
    CompaniesPage, CompanyPage, DemoCard, EditCompanyPage, InvitationRow, NewCompanyPage,
    OverviewPage, company_pill,
};
use crate::error::AppError;
use crate::kernel::ids::TenantId;
use crate::kernel::language::{Lang, Said};
use crate::platform::demo;
use crate::platform::jobs::queue;
use crate::platform::permissions::RunPlatform;
use crate::web::components::{Confirm, Field};
use crate::web::confirm::{ConfirmPage, ReasonForm};
use crate::web::export::Sheet;
use crate::web::forms::new_key;
use crate::web::forms::{changed_meanwhile, changed_words};
use crate::web::list::ListQuery;
use crate::web::page::{self, Answer, Next};
use crate::web::{Allowed, Form};
use actix_web::web;

fn company_id(path: &str) -> Result<TenantId, AppError> {
    path.parse().map_err(|_| AppError::NotFound)
}

pub async fn overview(actor: Allowed<RunPlatform>) -> Answer {
    let lang = actor.lang();
    let (counts, (failed, waiting), demo) = actor
        .platform_read(|tx| Ok((Company::counts(tx)?, queue::troubles(tx)?, demo::find(tx)?)))
        .await?;
    let troubles = [
        (
            Said::new("Jobs that failed"),
            failed,
            "/admin/jobs?state=failed",
        ),
        (Said::new("Letters that wait"), waiting, "/admin/messages"),
    ];
    let figures = counts
        .into_iter()
        .map(|(status, count)| {
            let label = match status.as_str() {
                "active" => Said::new("Active companies"),
                "suspended" => Said::new("Suspended companies"),
                _ => Said::new("Companies closing or closed"),
            };
            (
                lang.say(&label),
                count,
                format!("/admin/companies?status={status}"),
            )
        })
        .chain(troubles.map(|(label, count, href)| (lang.say(&label), count, href.to_owned())))
        .collect();
    page::show(
        &actor.ctx,
        &OverviewPage {
            shell: actor.shell(lang.t("Overview")),
            figures,
            demo: demo.map(|demo| DemoCard::new(lang, &demo)),
        },
    )
}

pub async fn index(actor: Allowed<RunPlatform>, query: ListQuery) -> Answer {
    let asked = query.clone();
    let found = actor
        .platform_read(move |tx| Company::list(tx, &asked))
        .await?;
    page::show(
        &actor.ctx,
        &CompaniesPage::new(
            actor.shell(actor.lang().t("Companies")),
            actor.lang(),
            &query,
            found,
        ),
    )
}

pub async fn export(actor: Allowed<RunPlatform>, query: ListQuery) -> Answer {
    let (asked, lang) = (query.clone(), actor.lang());
    let rows = actor
        .platform_read(move |tx| Company::export(tx, &asked))
        .await?;
    let heads = [
        "Company",
        "Legal name",
        "Short name",
        "PAN",
        "Status",
        "Opened",
    ];
    Sheet {
        name: "companies",
        heads: heads.iter().map(|head| lang.t(head).into_owned()).collect(),
        rows: rows
            .into_iter()
            .map(|company| {
                let status = company_pill(lang, &company.status).text;
                vec![
                    company.name,
                    company.legal_name,
                    company.slug,
                    company.pan,
                    status,
                    company.created_at.to_rfc3339(),
                ]
            })
            .collect(),
    }
    .answer(query.get("format"))
}

fn new_page(actor: &Allowed<RunPlatform>, form: &OpenForm) -> NewCompanyPage {
    NewCompanyPage::new(
        actor.shell(actor.lang().t("Open a company")),
        actor.lang(),
        form,
    )
}

pub async fn new(actor: Allowed<RunPlatform>) -> Answer {
    page::show(&actor.ctx, &new_page(&actor, &OpenForm::default()))
}

pub async fn create(actor: Allowed<RunPlatform>, form: Form<OpenForm>) -> Answer {
    let (company, owner, mut form) = match form.0.parse() {
        Ok(parsed) => parsed,
        Err(form) => return page::again(&actor.ctx, &new_page(&actor, &form)),
    };
    let links = links(actor.state());
    let opened = actor
        .platform_once(move |tx| {
            let id = actions::open(tx, &company)?;
            tx.in_company(id, |scope| actions::invite_first(scope, &owner, &links))?;
            let said = Said::new("{company} is open. {name} has an invitation.")
                .with("company", &company.name)
                .with("name", &owner.name);
            Ok(Next::to(format!("/admin/companies/{id}")).saying(said))
        })
        .await;
    match opened {
        Err(error) if error.constraint() == Some("companies_slug_key") => {
            form.remarks.add(
                "slug",
                Said::new("This short name is taken. Choose another."),
            );
            page::again(&actor.ctx, &new_page(&actor, &form))
        }
        opened => Ok(page::go(&actor.ctx, opened?)),
    }
}

pub async fn show(actor: Allowed<RunPlatform>, path: web::Path<String>) -> Answer {
    let (id, lang) = (company_id(&path)?, actor.lang());
    let (company, rest) = actor
        .platform_read(move |tx| {
            let now = tx.now();
            let company = Company::find(tx, id)?;
            let invitations = Invitation::of_company_across(tx, id)?
                .into_iter()
                .map(|invited| InvitationRow::new(lang, now, invited))
                .collect();
            Ok((
                company,
                (
                    Registration::across(tx, id)?,
                    Employee::across(tx, id)?,
                    invitations,
                ),
            ))
        })
        .await?;
    page::show(
        &actor.ctx,
        &CompanyPage::new(actor.shell(company.name.clone()), lang, company, rest),
    )
}

pub async fn edit(actor: Allowed<RunPlatform>, path: web::Path<String>) -> Answer {
    let id = company_id(&path)?;
    let company = actor.platform_read(move |tx| Company::find(tx, id)).await?;
    let form = EditCompanyPage::of(&company);
    let shell = actor.shell(company.name.clone());
    page::show(
        &actor.ctx,
        &EditCompanyPage::new(shell, actor.lang(), company, (&form, false)),
    )
}

async fn edit_again(
    actor: &Allowed<RunPlatform>,
    id: TenantId,
    mut form: NamesForm,
    conflict: bool,
) -> Answer {
    let company = actor.platform_read(move |tx| Company::find(tx, id)).await?;
    if conflict {
        // The next save is made on what is saved now, with both values in sight.
        form.version = company.updated_at.to_rfc3339();
    }
    let shell = actor.shell(company.name.clone());
    page::again(
        &actor.ctx,
        &EditCompanyPage::new(shell, actor.lang(), company, (&form, conflict)),
    )
}

pub async fn update(
    actor: Allowed<RunPlatform>,
    path: web::Path<String>,
    form: Form<NamesForm>,
) -> Answer {
    let id = company_id(&path)?;
    let (names, version, form) = match form.0.parse() {
        Ok(parsed) => parsed,
        Err(form) => return edit_again(&actor, id, *form, false).await,
    };
    let saved = actor
        .platform_once(move |tx| {
            let is_saved =
                tx.in_company(id, |scope| actions::save_names(scope, &names, version))?;
            if !is_saved {
                return Err(changed_meanwhile());
            }
            Ok(Next::to(format!("/admin/companies/{id}"))
                .saying(Said::new("{company} is saved.").with("company", names.name)))
        })
        .await;
    match saved {
        Err(AppError::Refused(said)) if said == changed_words() => {
            edit_again(&actor, id, form, true).await
        }
        saved => Ok(page::go(&actor.ctx, saved?)),
    }
}

fn suspend_page(lang: Lang, company: &Company, form: &ReasonForm) -> Confirm {
    Confirm {
        question: lang.say(&Said::new("Suspend {company}?").with("company", &company.name)),
        effect: lang.t("From their next click on, nobody of the company and none of its retailers get in. They read the reason. Nothing is deleted.").into_owned(),
        action: format!("/admin/companies/{}/suspend", company.id),
        verb: lang.t("Suspend company").into_owned(),
        back: format!("/admin/companies/{}", company.id),
        keep: lang.t("Keep it active").into_owned(),
        key: new_key(),
        fields: vec![Field::text("reason", lang.t("Reason")).value(&form.reason).remarks(&form.remarks, lang)],
    }
}

pub async fn ask_suspend(actor: Allowed<RunPlatform>, path: web::Path<String>) -> Answer {
    let id = company_id(&path)?;
    let company = actor.platform_read(move |tx| Company::find(tx, id)).await?;
    let confirm = suspend_page(actor.lang(), &company, &ReasonForm::default());
    page::show(
        &actor.ctx,
        &ConfirmPage {
            shell: actor.shell(confirm.question.clone()),
            confirm,
        },
    )
}

pub async fn suspend(
    actor: Allowed<RunPlatform>,
    path: web::Path<String>,
    form: Form<ReasonForm>,
) -> Answer {
    let id = company_id(&path)?;
    let reason = match form.0.parse() {
        Ok(reason) => reason,
        Err(form) => {
            let company = actor.platform_read(move |tx| Company::find(tx, id)).await?;
            let confirm = suspend_page(actor.lang(), &company, &form);
            return page::again(
                &actor.ctx,
                &ConfirmPage {
                    shell: actor.shell(confirm.question.clone()).with_errors(true),
                    confirm,
                },
            );
        }
    };
    let next = actor
        .platform_once(move |tx| {
            let company = actions::become_state(tx, id, "suspended", Some(&reason))?;
            Ok(Next::to(format!("/admin/companies/{id}"))
                .saying(Said::new("{company} is suspended.").with("company", company.name)))
        })
        .await?;
    Ok(page::go(&actor.ctx, next))
}

pub async fn reactivate(
    actor: Allowed<RunPlatform>,
    path: web::Path<String>,
    _form: Form<Nothing>,
) -> Answer {
    let id = company_id(&path)?;
    let next = actor
        .platform_once(move |tx| {
            let company = actions::become_state(tx, id, "active", None)?;
            Ok(Next::to(format!("/admin/companies/{id}"))
                .saying(Said::new("{company} is active again.").with("company", company.name)))
        })
        .await?;
    Ok(page::go(&actor.ctx, next))
}
