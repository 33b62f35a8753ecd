//! The rates of tax at source of a company.

use super::actions;
use super::forms::RuleForm;
use super::model::{OwnRule, Rule};
use super::rules;
use super::views::{NewRulePage, RulesPage};
use crate::error::AppError;
use crate::kernel::dates;
use crate::kernel::ids::WithholdingId;
use crate::kernel::language::{Lang, Said};
use crate::platform::permissions::{EditTaxes, ReadCompany};
use crate::tax::forms::EndForm;
use crate::web::components::{Confirm, Field};
use crate::web::confirm::ConfirmPage;
use crate::web::forms::new_key;
use crate::web::page::{self, Answer, Next};
use crate::web::{Allowed, Form};
use actix_web::web;

pub async fn index(actor: Allowed<ReadCompany>) -> Answer {
    let found = actor
        .read(|scope| {
            let today = dates::today(scope.now());
            Ok((Rule::all(scope)?, OwnRule::all(scope)?, today))
        })
        .await?;
    let view = RulesPage::new(
        actor.shell(actor.lang().t("Tax at source")),
        actor.lang(),
        (actor.pass.base(), actor.pass.may::<EditTaxes>()),
        found,
    );
    page::show(&actor.ctx, &view)
}

fn list_address(actor: &Allowed<EditTaxes>) -> String {
    format!("{}/settings/withholding", actor.pass.base())
}

fn new_page(actor: &Allowed<EditTaxes>, form: &RuleForm) -> NewRulePage {
    NewRulePage::new(
        actor.shell(actor.lang().t("Add an own rate of tax at source")),
        actor.lang(),
        list_address(actor),
        form,
    )
}

pub async fn new(actor: Allowed<EditTaxes>) -> Answer {
    page::show(&actor.ctx, &new_page(&actor, &RuleForm::default()))
}

pub async fn create(actor: Allowed<EditTaxes>, form: Form<RuleForm>) -> Answer {
    let (new, mut form) = match form.0.parse() {
        Ok(parsed) => parsed,
        Err(form) => return page::again(&actor.ctx, &new_page(&actor, &form)),
    };
    let to = list_address(&actor);
    let added = actor
        .once_unless(move |scope| {
            if let Err(wrong) = actions::add(scope, &new)? {
                return Ok(Err(wrong));
            }
            let said = Said::new("The own rate under section {section} is added.");
            Ok(Ok(Next::to(to).saying(said.with("section", new.section))))
        })
        .await?;
    match added {
        Ok(next) => Ok(page::go(&actor.ctx, next)),
        Err((field, said)) => {
            form.remarks.add(field, said);
            page::again(&actor.ctx, &new_page(&actor, &form))
        }
    }
}

fn end_question(lang: Lang, list: &str, rule: &OwnRule, form: &EndForm) -> Confirm {
    let question = Said::new("End the own rate under section {section}?");
    Confirm {
        question: lang.say(&question.with("section", &rule.section)),
        effect: lang
            .t("From the next day on the rate of the law counts. What was recorded before keeps this one. This can't be undone.")
            .into_owned(),
        action: format!("{list}/{}/end", rule.id),
        verb: lang.t("End the rate").into_owned(),
        back: list.to_owned(),
        keep: lang.t("Keep the rate").into_owned(),
        key: new_key(),
        fields: vec![
            Field::new("date", "valid_to", lang.t("Last day"))
                .value(&form.valid_to)
                .remarks(&form.remarks, lang),
        ],
    }
}

fn rule_id(path: &(String, String)) -> Result<WithholdingId, AppError> {
    path.1.parse().map_err(|_| AppError::NotFound)
}

pub async fn ask_end(actor: Allowed<EditTaxes>, path: web::Path<(String, String)>) -> Answer {
    let id = rule_id(&path)?;
    let (rule, now) = actor
        .read(move |scope| Ok((OwnRule::find(scope, id)?, scope.now())))
        .await?;
    rules::is_open(&rule).map_err(AppError::refused)?;
    let form = EndForm {
        valid_to: dates::today(now).to_string(),
        ..EndForm::default()
    };
    let confirm = end_question(actor.lang(), &list_address(&actor), &rule, &form);
    let shell = actor.shell(confirm.question.clone());
    page::show(&actor.ctx, &ConfirmPage { shell, confirm })
}

pub async fn end(
    actor: Allowed<EditTaxes>,
    path: web::Path<(String, String)>,
    form: Form<EndForm>,
) -> Answer {
    let (id, list) = (rule_id(&path)?, list_address(&actor));
    let last = match form.0.parse() {
        Ok((last, _)) => last,
        Err(form) => {
            let rule = actor.read(move |scope| OwnRule::find(scope, id)).await?;
            let confirm = end_question(actor.lang(), &list, &rule, &form);
            let shell = actor.shell(confirm.question.clone()).with_errors(true);
            return page::again(&actor.ctx, &ConfirmPage { shell, confirm });
        }
    };
    let next = actor
        .once(move |scope| {
            let ended = actions::end(scope, id, last)?;
            let said = Said::new("The own rate under section {section} ends on {day}.")
                .with("section", ended.section)
                .with("day", last.to_string());
            Ok(Next::to(list).saying(said))
        })
        .await?;
    Ok(page::go(&actor.ctx, next))
}
