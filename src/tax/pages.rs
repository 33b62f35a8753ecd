//! The tax tables of a company.

use super::actions;
use super::forms::{EndForm, RateForm};
use super::model::{HsnCode, NotifiedRate, OwnRate};
use super::rules;
use super::views::{HsnOptions, RatePage, TaxPage};
use crate::error::AppError;
use crate::kernel::dates;
use crate::kernel::ids::RateId;
use crate::kernel::language::{Lang, Said};
use crate::platform::permissions::{EditTaxes, ReadCompany, ReadProducts};
use crate::web::components::{Confirm, Field};
use crate::web::confirm::ConfirmPage;
use crate::web::forms::new_key;
use crate::web::list::ListQuery;
use crate::web::page::{self, Answer, Next};
use crate::web::{Allowed, Form};
use actix_web::web;

/// So many codes are suggested under a field.
const SUGGESTED: i64 = 8;
/// So many are listed.
const LISTED: i64 = 25;

pub async fn options(actor: Allowed<ReadProducts>, query: ListQuery) -> Answer {
    let typed = query.get("hsn").unwrap_or_default().to_owned();
    let codes = if typed.is_empty() {
        Vec::new()
    } else {
        actor
            .read(move |scope| HsnCode::matching(scope, &typed, SUGGESTED))
            .await?
    };
    page::show(&actor.ctx, &HsnOptions { codes })
}

pub async fn index(actor: Allowed<ReadCompany>, query: ListQuery) -> Answer {
    let search = query.search().unwrap_or_default().to_owned();
    let asked = search.clone();
    let (codes, rates, own, now) = actor
        .read(move |scope| {
            let codes = HsnCode::matching(scope, &asked, LISTED)?;
            let all: Vec<&str> = codes.iter().map(|row| row.code.as_str()).collect();
            let rates = NotifiedRate::of_codes(scope, &all)?;
            Ok((codes, rates, OwnRate::all(scope)?, scope.now()))
        })
        .await?;
    let view = TaxPage::new(
        actor.shell(actor.lang().t("Tax rates")),
        actor.lang(),
        (actor.pass.base(), actor.pass.may::<EditTaxes>()),
        (search, dates::today(now)),
        (codes, &rates, own),
    );
    page::show(&actor.ctx, &view)
}

fn list_address(actor: &Allowed<EditTaxes>) -> String {
    format!("{}/settings/tax", actor.pass.base())
}

fn new_page(actor: &Allowed<EditTaxes>, form: &RateForm) -> RatePage {
    RatePage::new(
        actor.shell(actor.lang().t("Add an own rate")),
        actor.lang(),
        (list_address(actor), form),
        None,
    )
}

pub async fn new(actor: Allowed<EditTaxes>, query: ListQuery) -> Answer {
    let form = RateForm {
        hsn_prefix: query.get("hsn").unwrap_or_default().to_owned(),
        ..RateForm::default()
    };
    page::show(&actor.ctx, &new_page(&actor, &form))
}

pub async fn create(actor: Allowed<EditTaxes>, form: Form<RateForm>) -> Answer {
    let (new, mut form) = match form.0.parse(None) {
        Ok(parsed) => parsed,
        Err(form) => return page::again(&actor.ctx, &new_page(&actor, &form)),
    };
    let to = list_address(&actor);
    let added = actor
        .once(move |scope| {
            actions::add(scope, &new)?;
            Ok(Next::to(to).saying(
                Said::new("The own rate for {prefix} is added.").with("prefix", new.hsn_prefix),
            ))
        })
        .await;
    match added {
        Err(AppError::Refused(said)) => {
            form.remarks.add("valid_from", said);
            page::again(&actor.ctx, &new_page(&actor, &form))
        }
        added => Ok(page::go(&actor.ctx, added?)),
    }
}

fn rate_id(path: &(String, String)) -> Result<RateId, AppError> {
    path.1.parse().map_err(|_| AppError::NotFound)
}

fn show_page(actor: &Allowed<EditTaxes>, rate: &OwnRate, form: &RateForm) -> RatePage {
    let title = actor
        .lang()
        .say(&Said::new("Own rate for {prefix}").with("prefix", &rate.hsn_prefix));
    RatePage::new(
        actor.shell(title),
        actor.lang(),
        (list_address(actor), form),
        Some(rate),
    )
}

pub async fn show(actor: Allowed<EditTaxes>, path: web::Path<(String, String)>) -> Answer {
    let id = rate_id(&path)?;
    let rate = actor.read(move |scope| OwnRate::find(scope, id)).await?;
    let form = RateForm {
        rate: rate.rate.normalize().to_string(),
        cess_rate: rate.cess_rate.normalize().to_string(),
        cess_per_unit: rate.cess_per_unit.normalize().to_string(),
        treatment: rate.treatment.as_str().to_owned(),
        ..RateForm::default()
    };
    page::show(&actor.ctx, &show_page(&actor, &rate, &form))
}

pub async fn change(
    actor: Allowed<EditTaxes>,
    path: web::Path<(String, String)>,
    form: Form<RateForm>,
) -> Answer {
    let id = rate_id(&path)?;
    let rate = actor.read(move |scope| OwnRate::find(scope, id)).await?;
    let (new, mut form) = match form.0.parse(Some(rate.hsn_prefix.clone())) {
        Ok(parsed) => parsed,
        Err(form) => return page::again(&actor.ctx, &show_page(&actor, &rate, &form)),
    };
    let to = list_address(&actor);
    let changed = actor
        .once(move |scope| {
            actions::change(scope, id, &new)?;
            Ok(Next::to(to).saying(
                Said::new("The own rate for {prefix} changes on {day}.")
                    .with("prefix", &new.hsn_prefix)
                    .with("day", new.valid_from.to_string()),
            ))
        })
        .await;
    match changed {
        Err(AppError::Refused(said)) => {
            form.remarks.add("valid_from", said);
            page::again(&actor.ctx, &show_page(&actor, &rate, &form))
        }
        changed => Ok(page::go(&actor.ctx, changed?)),
    }
}

fn end_page(lang: Lang, list: &str, rate: &OwnRate, form: &EndForm) -> Confirm {
    Confirm {
        question: lang
            .say(&Said::new("End the own rate for {prefix}?").with("prefix", &rate.hsn_prefix)),
        effect: lang
            .t("From the next day on the notified rate counts. Orders of earlier days keep this one. This can't be undone.")
            .into_owned(),
        action: format!("{list}/{}/end", rate.id),
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

pub async fn ask_end(actor: Allowed<EditTaxes>, path: web::Path<(String, String)>) -> Answer {
    let id = rate_id(&path)?;
    let (rate, now) = actor
        .read(move |scope| Ok((OwnRate::find(scope, id)?, scope.now())))
        .await?;
    rules::is_open(&rate).map_err(AppError::refused)?;
    let form = EndForm {
        valid_to: dates::today(now).to_string(),
        ..EndForm::default()
    };
    let confirm = end_page(actor.lang(), &list_address(&actor), &rate, &form);
    let shell = actor.shell(confirm.question.clone());
    page::show(&actor.ctx, &ConfirmPage { shell, confirm })
}

pub async fn end(
    actor: Allowed<EditTaxes>,
    path: web::Path<(String, String)>,
    form: Form<EndForm>,
) -> Answer {
    let (id, list) = (rate_id(&path)?, list_address(&actor));
    let last = match form.0.parse() {
        Ok((last, _)) => last,
        Err(form) => {
            let rate = actor.read(move |scope| OwnRate::find(scope, id)).await?;
            let confirm = end_page(actor.lang(), &list, &rate, &form);
            let shell = actor.shell(confirm.question.clone()).with_errors(true);
            return page::again(&actor.ctx, &ConfirmPage { shell, confirm });
        }
    };
    let next = actor
        .once(move |scope| {
            let ended = actions::end(scope, id, last)?;
            Ok(Next::to(list).saying(
                Said::new("The own rate for {prefix} ends on {day}.")
                    .with("prefix", ended.hsn_prefix)
                    .with("day", last.to_string()),
            ))
        })
        .await?;
    Ok(page::go(&actor.ctx, next))
}
