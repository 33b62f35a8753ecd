//! Tax that customers deducted, and their certificates.

use super::payments::Number;
use crate::accounting::actions::payments as actions;
use crate::accounting::actions::settings::Saved;
use crate::accounting::forms::CertificateForm;
use crate::accounting::model::DeductionRow;
use crate::accounting::views::{CertificatePage, DeductionsPage, deductions_sheet};
use crate::kernel::dates;
use crate::kernel::language::Said;
use crate::platform::permissions::{ReadPayments, RecordPayments};
use crate::web::list::ListQuery;
use crate::web::page::{self, Answer, Next};
use crate::web::{Allowed, Form};

pub async fn index(actor: Allowed<ReadPayments>, query: ListQuery) -> Answer {
    let asked = query.clone();
    let found = actor
        .read(move |scope| {
            let found = DeductionRow::list(scope, &asked)?;
            Ok((found, dates::today(scope.now())))
        })
        .await?;
    let view = DeductionsPage::new(
        actor.shell(actor.lang().t("Tax deducted")),
        actor.lang(),
        (actor.pass.base(), actor.pass.may::<RecordPayments>()),
        &query,
        found,
    );
    page::show(&actor.ctx, &view)
}

pub async fn export(actor: Allowed<ReadPayments>, query: ListQuery) -> Answer {
    let asked = query.clone();
    let rows = actor
        .read(move |scope| DeductionRow::export(scope, &asked))
        .await?;
    deductions_sheet(actor.lang(), &rows).answer(query.get("format"))
}

fn view(
    actor: &Allowed<RecordPayments>,
    row: &DeductionRow,
    (form, saved): (&CertificateForm, Option<&CertificateForm>),
) -> CertificatePage {
    let title = Said::new("Certificate of {number}").with("number", row.number.as_str());
    CertificatePage::new(
        actor.shell(actor.lang().say(&title)),
        (actor.lang(), &actor.pass.base()),
        row,
        (form, saved),
    )
}

pub async fn show(actor: Allowed<RecordPayments>, path: Number) -> Answer {
    let number = path.into_inner().1;
    let row = actor
        .read(move |scope| DeductionRow::by_number(scope, &number))
        .await?;
    let form = CertificatePage::of(&row);
    page::show(&actor.ctx, &view(&actor, &row, (&form, None)))
}

pub async fn save(
    actor: Allowed<RecordPayments>,
    path: Number,
    form: Form<CertificateForm>,
) -> Answer {
    let number = path.into_inner().1;
    let asked = number.clone();
    let (row, today) = actor
        .read(move |scope| {
            let today = dates::today(scope.now());
            Ok((DeductionRow::by_number(scope, &asked)?, today))
        })
        .await?;
    let (certificate, mut form) = match form.0.parse((row.deduction.deducted_on, today)) {
        Ok(parsed) => parsed,
        Err(form) => return page::again(&actor.ctx, &view(&actor, &row, (&form, None))),
    };
    let to = format!("{}/tax-deducted", actor.pass.base());
    let (version, asked) = (form.version.clone(), number.clone());
    let done = actor
        .once_unless(move |scope| {
            let its = certificate
                .as_ref()
                .map(|(number, day)| (number.as_str(), *day));
            let came = actions::certify(scope, &asked, its, &version)?;
            if came != Saved::Done {
                return Ok(Err(came));
            }
            let said = match certificate {
                Some((certificate, _)) => {
                    Said::new("Certificate {certificate} of {number} is here.")
                        .with("certificate", certificate)
                }
                None => Said::new("The certificate of {number} is outstanding."),
            };
            Ok(Ok(Next::to(to).saying(said.with("number", asked))))
        })
        .await?;
    if let Ok(next) = done {
        return Ok(page::go(&actor.ctx, next));
    }
    // The next save is made on what is saved now, with both values in sight.
    let row = actor
        .read(move |scope| DeductionRow::by_number(scope, &number))
        .await?;
    let saved = CertificatePage::of(&row);
    form.version.clone_from(&saved.version);
    page::again(&actor.ctx, &view(&actor, &row, (&form, Some(&saved))))
}
