//! Issuing the invoice of a shipment.

use crate::accounting::actions::{self, Draft, Issuing};
use crate::accounting::fault::Fault;
use crate::accounting::forms::IssueForm;
use crate::accounting::views::{NewInvoicePage, ToBillPage};
use crate::error::AppError;
use crate::kernel::language::Said;
use crate::logistics::model::Shipment;
use crate::platform::permissions::{CorrectInvoices, IssueInvoices};
use crate::web::list::ListQuery;
use crate::web::page::{self, Answer, Next};
use crate::web::{Allowed, Form};

fn view(
    actor: &Allowed<IssueInvoices>,
    draft: &Draft,
    faults: &[Fault],
    form: &IssueForm,
) -> NewInvoicePage {
    let title = Said::new("Invoice of {number}").with("number", &draft.setting.shipment_no);
    NewInvoicePage::new(
        actor.shell(actor.lang().say(&title)),
        actor.lang(),
        (actor.pass.base(), actor.pass.may::<CorrectInvoices>()),
        draft,
        faults,
        form,
    )
}

pub async fn ask(actor: Allowed<IssueInvoices>, query: ListQuery) -> Answer {
    let Some(shipment) = query.get("shipment").map(str::to_owned) else {
        let waiting = actor.read(Shipment::to_bill).await?;
        let shell = actor.shell(actor.lang().t("Shipments to bill"));
        let view = ToBillPage::new(shell, actor.lang(), actor.pass.base(), waiting);
        return page::show(&actor.ctx, &view);
    };
    let issuing = Issuing {
        shipment,
        ..Issuing::default()
    };
    let draft = actor
        .read(move |scope| actions::draft(scope, &issuing))
        .await?;
    let form = IssueForm::default();
    page::show(&actor.ctx, &view(&actor, &draft, &draft.faults, &form))
}

pub async fn issue(actor: Allowed<IssueInvoices>, form: Form<IssueForm>) -> Answer {
    if form.0.gives() && !actor.pass.may::<CorrectInvoices>() {
        return Err(AppError::refused(Said::new(
            "Only an owner, a manager or accounts can give a discount or free units.",
        )));
    }
    if form.0.has_currency() && !actor.pass.may::<CorrectInvoices>() {
        return Err(AppError::refused(Said::new(
            "Only an owner, a manager or accounts can set prices in another currency.",
        )));
    }
    let chosen = form.0.chosen();
    let (issuing, form) = match form.0.parse()? {
        Ok(parsed) => parsed,
        Err(form) => return again(&actor, chosen, *form, None).await,
    };
    if form.is_preview() {
        return again(&actor, issuing, form, None).await;
    }
    let (base, who, asked) = (
        actor.pass.base(),
        actor.pass.person.name.clone(),
        issuing.clone(),
    );
    let done = actor
        .once_unless(move |scope| {
            Ok(actions::issue(scope, &who, &issuing)?.map(|issued| {
                let said = Said::new("{kind} {number} is issued.")
                    .naming("kind", issued.kind.label())
                    .with("number", issued.number);
                Next::to(format!("{base}/invoices/{}", issued.url_no)).saying(said)
            }))
        })
        .await?;
    match done {
        Ok(next) => Ok(page::go(&actor.ctx, next)),
        Err(faults) => again(&actor, asked, form, Some(faults)).await,
    }
}

/// The form as it was typed, with what it comes to now. `faults`: what kept it from being issued, where that was tried.
async fn again(
    actor: &Allowed<IssueInvoices>,
    issuing: Issuing,
    mut form: IssueForm,
    faults: Option<Vec<Fault>>,
) -> Answer {
    let draft = actor
        .read(move |scope| actions::draft(scope, &issuing))
        .await?;
    form.check(&draft);
    let mut faults = faults.unwrap_or_else(|| draft.faults.clone());
    // What is said beside its field is said once.
    faults.retain(|fault| !matches!(&*fault.field, "free" | "currency" | "fx_on"));
    let view = view(actor, &draft, &faults, &form);
    if form.is_preview() && form.is_sound() && faults.is_empty() {
        return page::show(&actor.ctx, &view);
    }
    page::again(&actor.ctx, &view)
}
