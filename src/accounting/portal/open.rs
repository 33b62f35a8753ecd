//! What of a retailer's account at one supplier is open, bill by bill.

use crate::accounting::views::{ShopOpenPage, places};
use crate::error::AppError;
use crate::kernel::dates;
use crate::ledger::model::{Asked, Due};
use crate::platform::permissions::{PayBills, SeeBills};
use crate::web::Allowed;
use crate::web::list::ListQuery;
use crate::web::page::{self, Answer};

pub async fn index(actor: Allowed<SeeBills>, query: ListQuery) -> Answer {
    let wanted = query.clone();
    let (found, today) = actor
        .read(move |scope| {
            let customer = scope.member().customer().ok_or(AppError::NotFound)?;
            let today = dates::today(scope.now());
            let asked = Asked {
                as_of: today,
                customer: Some(customer),
                words: None,
                places: places(&wanted),
            };
            let at = (wanted.cursor(), wanted.size());
            Ok((Due::list(scope, &asked, at)?, today))
        })
        .await?;
    let base = actor.pass.base();
    let view = ShopOpenPage::new(
        actor.shell(actor.lang().t("Open bills")),
        actor.lang(),
        (&base, actor.pass.may::<PayBills>()),
        (&query, today),
        found,
    );
    page::show(&actor.ctx, &view)
}
