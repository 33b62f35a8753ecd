//! E-way bills for a whole truck: what stands packed, ticked, and asked for at once.

use crate::accounting::actions::einvoices;
use crate::accounting::forms::TruckForm;
use crate::accounting::views::TruckPage;
use crate::error::AppError;
use crate::kernel::language::Said;
use crate::logistics::model::Vehicle;
use crate::platform::permissions::SendEInvoices;
use crate::web::bulk::Outcome;
use crate::web::page::{self, Answer, Next};
use crate::web::{Allowed, Form};

async fn room(
    actor: &Allowed<SendEInvoices>,
    form: Option<TruckForm>,
) -> Result<TruckPage, AppError> {
    let (loads, vehicles) = actor
        .read(|scope| Ok((einvoices::loads(scope)?, Vehicle::choices(scope)?)))
        .await?;
    let form = form.unwrap_or_else(|| TruckForm::open(&vehicles));
    let shell = actor
        .shell(actor.lang().t("E-way bills for a truck"))
        .with_errors(!form.remarks.is_empty());
    let ground = (actor.lang(), actor.pass.base());
    Ok(TruckPage::new(shell, ground, loads, &vehicles, &form))
}

pub async fn ask(actor: Allowed<SendEInvoices>) -> Answer {
    page::show(&actor.ctx, &room(&actor, None).await?)
}

pub async fn make(actor: Allowed<SendEInvoices>, form: Form<Vec<(String, String)>>) -> Answer {
    let form = TruckForm::read(form.0);
    let ids = form.ids()?;
    let base = actor.pass.base();
    let done = actor
        .once_unless(move |scope| {
            let ticked = einvoices::ticked(scope, &ids)?;
            let within = |one: &einvoices::Ticked| (one.load.document.id, one.load.is_within);
            let loads: Vec<_> = ticked.iter().map(within).collect();
            let truck = match form.parse(&loads) {
                Ok(truck) => truck,
                Err(form) => return Ok(Err(form)),
            };
            einvoices::ask_for_truck(scope, &ticked, (&truck.plate, &truck.km))?;
            let mut outcome = Outcome::default();
            for one in ticked {
                let id = one.load.document.id.uuid();
                outcome.note(
                    id,
                    one.unfit
                        .map_or(Ok(()), |said| Err(AppError::refused(said))),
                )?;
            }
            let done = Said::new("{count} e-way bills are asked for with {plate}.")
                .with("plate", truck.plate.as_str());
            let to = format!("{base}/e-way-bills?q={}", truck.plate);
            Ok(Ok(Next::to(to).saying(outcome.said(done))))
        })
        .await?;
    match done {
        Ok(next) => Ok(page::go(&actor.ctx, next)),
        Err(form) => page::again(&actor.ctx, &room(&actor, Some(*form)).await?),
    }
}
