//! A bill or debit note is taken back: asked with a reason, then done.

use crate::accounting::actions::{CancelCode, cancel_by_no};
use crate::accounting::forms::CancelForm;
use crate::accounting::model::{Around, DocNo, Document};
use crate::accounting::rules::cancel::may_cancel;
use crate::accounting::rules::document::Family;
use crate::accounting::views::papers::folder;
use crate::error::AppError;
use crate::kernel::language::{Lang, Said};
use crate::platform::permissions::CorrectInvoices;
use crate::web::components::{Choice, Confirm, Field};
use crate::web::confirm::ConfirmPage;
use crate::web::forms::new_key;
use crate::web::list::ListQuery;
use crate::web::page::{self, Answer, Next};
use crate::web::{Allowed, Form};
use actix_web::web;

type OfficePath = web::Path<(String, String)>;

fn question(lang: Lang, base: &str, document: &Document, form: &CancelForm) -> Confirm {
    let room = folder(document.kind.family());
    let path = format!("{base}/{room}/{}", document.url_no);
    let year = &document.year;
    let effect = if document.kind.family() == Family::Bills {
        Said::new(
            "{number} of {total} keeps its number and counts no more. What it bills can be billed again. This can't be undone.",
        )
    } else {
        Said::new("{number} of {total} keeps its number and counts no more. This can't be undone.")
    };
    let mut codes = vec![Choice::new("", lang.t("Choose"), &form.code)];
    codes.extend(CancelCode::ALL.iter().map(|code| {
        let number = (*code as i16).to_string();
        Choice::new(&number, lang.t(code.label()), &form.code)
    }));
    Confirm {
        question: lang.say(&Said::new("Cancel {number}?").with("number", &document.number)),
        effect: lang.say(
            &effect
                .with("number", &document.number)
                .with("total", document.total),
        ),
        action: format!("{path}/cancel?year={year}"),
        verb: lang.t("Cancel it").into_owned(),
        back: format!("{path}?year={year}"),
        keep: lang.t("Keep it").into_owned(),
        key: new_key(),
        fields: vec![
            Field::new("select", "code", lang.t("Reason"))
                .choices(codes)
                .remarks(&form.remarks, lang),
            Field::text("reason", lang.t("Reason in your words"))
                .hint(lang.t("The customer reads it."))
                .value(&form.reason)
                .autocomplete("off")
                .remarks(&form.remarks, lang),
        ],
    }
}

async fn look(actor: &Allowed<CorrectInvoices>, no: DocNo) -> Result<Document, AppError> {
    actor
        .read(move |scope| {
            let document = Document::find(scope, &no)?;
            let around = Around::of(scope, &document)?;
            let (_, notes) = around.others()?;
            may_cancel(&around.facts(&document, &notes)).map_err(AppError::refused)?;
            Ok(document)
        })
        .await
}

async fn ask(
    actor: Allowed<CorrectInvoices>,
    family: Family,
    path: OfficePath,
    query: ListQuery,
) -> Answer {
    let no = DocNo::asked(family, &path.into_inner().1, query.get("year"))?;
    let document = look(&actor, no).await?;
    let form = CancelForm::default();
    let confirm = question(actor.lang(), &actor.pass.base(), &document, &form);
    let shell = actor.shell(confirm.question.clone());
    page::show(&actor.ctx, &ConfirmPage { shell, confirm })
}

async fn cancel(
    actor: Allowed<CorrectInvoices>,
    (family, path, query): (Family, OfficePath, ListQuery),
    form: CancelForm,
) -> Answer {
    let no = DocNo::asked(family, &path.into_inner().1, query.get("year"))?;
    let (code, reason) = match form.parse() {
        Ok(parsed) => parsed,
        Err(form) => {
            let document = look(&actor, no).await?;
            let confirm = question(actor.lang(), &actor.pass.base(), &document, &form);
            let shell = actor.shell(confirm.question.clone()).with_errors(true);
            return page::again(&actor.ctx, &ConfirmPage { shell, confirm });
        }
    };
    let who = actor.pass.person.name.clone();
    let year = no.year.clone().map(|year| format!("?year={year}"));
    let to = format!(
        "{}/{}/{}{}",
        actor.pass.base(),
        folder(family),
        no.url_no,
        year.unwrap_or_default()
    );
    let next = actor
        .once(move |scope| {
            cancel_by_no(scope, &who, &no, (code, &reason))?;
            Ok(Next::to(to).saying(Said::new("It is cancelled.")))
        })
        .await?;
    Ok(page::go(&actor.ctx, next))
}

pub async fn ask_invoice(
    actor: Allowed<CorrectInvoices>,
    path: OfficePath,
    query: ListQuery,
) -> Answer {
    ask(actor, Family::Bills, path, query).await
}

pub async fn invoice(
    actor: Allowed<CorrectInvoices>,
    path: OfficePath,
    query: ListQuery,
    form: Form<CancelForm>,
) -> Answer {
    cancel(actor, (Family::Bills, path, query), form.0).await
}

pub async fn ask_debit_note(
    actor: Allowed<CorrectInvoices>,
    path: OfficePath,
    query: ListQuery,
) -> Answer {
    ask(actor, Family::DebitNotes, path, query).await
}

pub async fn debit_note(
    actor: Allowed<CorrectInvoices>,
    path: OfficePath,
    query: ListQuery,
    form: Form<CancelForm>,
) -> Answer {
    cancel(actor, (Family::DebitNotes, path, query), form.0).await
}
