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
    let shipment = form.0.shipment.trim().to_owned();
    let (issuing, mut form) = match form.0.parse()? {
        Ok(parsed) => parsed,
        Err(mut form) => {
            let plain = Issuing {
                shipment,
                ..Issuing::default()
            };
            let draft = actor
                .read(move |scope| actions::draft(scope, &plain))
                .await?;
            form.check(&draft);
            return page::again(&actor.ctx, &view(&actor, &draft, &draft.faults, &form));
        }
    };
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
    let mut faults = match done {
        Ok(next) => return Ok(page::go(&actor.ctx, next)),
        Err(faults) => faults,
    };
    let draft = actor
        .read(move |scope| actions::draft(scope, &asked))
        .await?;
    form.check(&draft);
    // What is said beside its field is said once.
    faults.retain(|fault| !matches!(&*fault.field, "free" | "currency" | "fx_on"));
    page::again(&actor.ctx, &view(&actor, &draft, &faults, &form))
}
