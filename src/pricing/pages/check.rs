//! Price check: what a customer pays for a product, and why.

use crate::error::AppError;
use crate::kernel::dates;
use crate::kernel::language::Said;
use crate::platform::db::Scope;
use crate::platform::permissions::ReadPrices;
use crate::pricing::forms::CheckForm;
use crate::pricing::model::{Candidate, Found, Resolved, find_customer, find_product};
use crate::pricing::views::{Answered, CheckPage};
use crate::web::Allowed;
use crate::web::list::ListQuery;
use crate::web::page::{self, Answer};

fn which(some: Vec<String>) -> Said {
    Said::new("Which one? Type the code: {some}.").with("some", some.join(", "))
}

fn answer(
    scope: &mut Scope,
    mut form: CheckForm,
) -> Result<(CheckForm, Option<Answered>), AppError> {
    let today = dates::today(scope.now());
    let Some((quantity, day)) = form.parse(today) else {
        return Ok((form, None));
    };
    let mut customer = None;
    if !form.customer.is_empty() {
        match find_customer(scope, &form.customer)? {
            Found::One(found) => customer = Some(found),
            Found::Several(some) => form.remarks.add("customer", which(some)),
            Found::Nobody => form
                .remarks
                .add("customer", Said::new("No customer has this code or name.")),
        }
    }
    let product = match find_product(scope, &form.product)? {
        Found::One(product) => product,
        Found::Several(some) => {
            form.remarks.add("product", which(some));
            return Ok((form, None));
        }
        Found::Nobody => {
            form.remarks.add(
                "product",
                Said::new("No product has this code, barcode or name."),
            );
            return Ok((form, None));
        }
    };
    if !form.remarks.is_empty() {
        return Ok((form, None));
    }
    let asked = (product.id, quantity.as_decimal());
    let who = customer.as_ref().map(|(id, _)| *id);
    let resolved = Resolved::of(scope, &[asked], who, day)?.into_iter().next();
    let candidates = Candidate::all(scope, asked, who, day)?;
    let found = Answered {
        product,
        customer: customer.map(|(_, name)| name),
        resolved,
        candidates,
        day,
    };
    Ok((form, Some(found)))
}

pub async fn show(actor: Allowed<ReadPrices>, query: ListQuery) -> Answer {
    let asked = |name: &str| query.get(name).unwrap_or_default().to_owned();
    let form = CheckForm {
        customer: asked("customer"),
        product: asked("product"),
        quantity: asked("quantity"),
        day: asked("day"),
        ..CheckForm::default()
    };
    let (form, found) = if form.is_asked() {
        actor.read(move |scope| answer(scope, form)).await?
    } else {
        (form, None)
    };
    let view = CheckPage::new(
        actor.shell(actor.lang().t("Price check")),
        actor.lang(),
        (&actor.pass.base(), &form),
        found,
    );
    if form.remarks.is_empty() {
        page::show(&actor.ctx, &view)
    } else {
        page::again(&actor.ctx, &view)
    }
}
