//! Adjusting stock.

use crate::error::AppError;
use crate::inventory::actions::{self, Adjustment, Problem, Reason};
use crate::inventory::forms::{AdjustForm, Typed};
use crate::inventory::model::{Warehouse, find_products, resembling};
use crate::inventory::views::AdjustPage;
use crate::kernel::ids::WarehouseId;
use crate::kernel::language::Said;
use crate::platform::db::Scope;
use crate::platform::permissions::EditStock;
use crate::web::list::ListQuery;
use crate::web::page::{self, Answer, Next};
use crate::web::{Allowed, Form};

type Actor = Allowed<EditStock>;

async fn view(actor: &Actor, form: &AdjustForm) -> Result<AdjustPage, AppError> {
    let warehouses = actor.read(Warehouse::all).await?;
    Ok(AdjustPage::new(
        actor.shell(actor.lang().t("Adjust stock")),
        actor.lang(),
        actor.pass.base(),
        &warehouses,
        form,
    ))
}

pub async fn new(actor: Actor, query: ListQuery) -> Answer {
    let asked = |name: &str| query.get(name).unwrap_or_default().to_owned();
    let mut form = AdjustForm {
        warehouse: asked("warehouse"),
        reason: asked("reason"),
        ..AdjustForm::default()
    };
    form.rows.insert("sku-1".to_owned(), asked("sku"));
    page::show(&actor.ctx, &view(&actor, &form).await?)
}

/// The rows that have a product and an amount, and what is wrong with others. A row without a reason is looked at as one with words.
fn find(
    scope: &mut Scope,
    warehouse: WarehouseId,
    typed: Typed,
) -> Result<(Adjustment, Vec<Problem>), AppError> {
    let codes = typed.rows.iter().map(|(_, code, _)| code.clone()).collect();
    let known = find_products(scope, codes)?;
    let (mut rows, mut problems) = (Vec::new(), Vec::new());
    let mut seen = Vec::new();
    let mut is_suggesting = true;
    for (number, code, amount) in typed.rows {
        let found = known
            .iter()
            .find(|row| row.sku == code)
            .or_else(|| known.iter().find(|row| row.barcode.as_ref() == Some(&code)));
        let Some(found) = found else {
            // One look for what was meant is enough for a form.
            let like = if is_suggesting {
                resembling(scope, &code)?
            } else {
                Vec::new()
            };
            is_suggesting = false;
            problems.push((number, "sku", unknown(code, &like)));
            continue;
        };
        if seen.contains(&found.id) {
            let said = Said::new("{code} stands in another row already.");
            problems.push((number, "sku", said.with("code", found.sku.as_str())));
            continue;
        }
        seen.push(found.id);
        if let Some(amount) = amount {
            rows.push((number, found.id, amount));
        }
    }
    let wanted = Adjustment {
        warehouse,
        reason: typed.reason.unwrap_or(Reason::Other),
        words: typed.words,
        rows,
    };
    Ok((wanted, problems))
}

fn unknown(code: String, like: &[String]) -> Said {
    if like.is_empty() {
        return Said::new("No product has the code {code}.").with("code", code);
    }
    Said::new("No product has the code {code}. Did you mean: {names}?")
        .with("code", code)
        .with("names", like.join("; "))
}

/// What is wrong with an adjustment.
enum Wrong {
    /// Its warehouse.
    Warehouse(Said),
    /// Its rows.
    Rows(Vec<Problem>),
}

pub async fn create(actor: Actor, form: Form<AdjustForm>) -> Answer {
    let (typed, mut form) = form.0.parse();
    let (is_sound, mut problems) = (form.is_sound(), form.problems.clone());
    let (code, to) = (
        form.warehouse.clone(),
        format!("{}/stock", actor.pass.base()),
    );
    let adjusted = actor
        .once_unless(move |scope| {
            let all = Warehouse::all(scope)?;
            let Some(warehouse) = all.iter().find(|row| row.code == code) else {
                let said = Said::new("Choose a warehouse from the list.");
                return Ok(Err(Wrong::Warehouse(said)));
            };
            let (wanted, unknown) = find(scope, warehouse.id, typed)?;
            if !(is_sound && unknown.is_empty()) {
                problems.extend(unknown);
                problems.extend(actions::problems(scope, &wanted)?);
                problems.sort_by_key(|(row, ..)| *row);
                return Ok(Err(Wrong::Rows(problems)));
            }
            let adjusted = actions::adjust(scope, &wanted)?;
            Ok(adjusted.map_err(Wrong::Rows).map(|moves| {
                let said = Said::new("Stock is adjusted. New in the ledger: {number}.");
                Next::to(to).saying(said.with("number", moves))
            }))
        })
        .await;
    match adjusted {
        Ok(Ok(next)) => return Ok(page::go(&actor.ctx, next)),
        Ok(Err(Wrong::Rows(problems))) => form.problems = problems,
        Ok(Err(Wrong::Warehouse(said))) | Err(AppError::Refused(said)) => {
            form.remarks.add("warehouse", said);
        }
        Err(error) => return Err(error),
    }
    page::again(&actor.ctx, &view(&actor, &form).await?)
}
