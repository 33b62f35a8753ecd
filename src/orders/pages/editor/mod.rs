//! Staff order for a customer: begin a draft, edit its lines, place it.

mod compare;
mod kept;
mod place;

use crate::error::AppError;
use crate::kernel::dates::parse_version;
use crate::kernel::ids::ProductId;
use crate::kernel::language::Said;
use crate::orders::actions::{self, NewLine, save_draft};
use crate::orders::forms::{EditorForm, Op, ReadLine, StartForm, codes, read_lines};
use crate::orders::model::{Destination, Goods, Match, Order, OrderLine};
use crate::orders::rules::{self, OrderStatus};
use crate::orders::views::{EditorPage, EditorPreview, Options, Sheet, StartPage};
use crate::platform::db::Scope;
use crate::platform::permissions::{ConfirmOrders, PlaceOrders};
use crate::web::list::ListQuery;
use crate::web::page::{self, Answer, Next, Wants};
use crate::web::{Allowed, Form};
use actix_web::{HttpResponse, web};
use compare::differences;
use kept::{keep_saved, refuse};
use place::place;

type Number = web::Path<(String, String)>;
/// So many suggestions stand under a field.
const SUGGESTIONS: i32 = 8;

pub async fn new(actor: Allowed<PlaceOrders>, query: ListQuery) -> Answer {
    // A customer's page leads here with its code.
    let form = StartForm {
        customer: query.get("customer").unwrap_or_default().to_owned(),
        ..StartForm::default()
    };
    page::show(&actor.ctx, &start_page(&actor, &form, Vec::new()))
}

fn start_page(actor: &Allowed<PlaceOrders>, form: &StartForm, matches: Vec<Match>) -> StartPage {
    StartPage::new(
        actor.shell(actor.lang().t("New order")),
        actor.lang(),
        actor.pass.base(),
        form,
        matches,
    )
}

pub async fn customers(actor: Allowed<PlaceOrders>, query: ListQuery) -> Answer {
    let word = query.get("customer").unwrap_or_default().to_owned();
    let rows = if word.is_empty() {
        Vec::new()
    } else {
        actor
            .read(move |scope| Match::customers(scope, &word, SUGGESTIONS))
            .await?
    };
    let by_code = false;
    page::show(&actor.ctx, &Options { rows, by_code })
}

pub async fn products(actor: Allowed<PlaceOrders>, query: ListQuery) -> Answer {
    let field = query.get("field").unwrap_or("l1").to_owned();
    let word = query
        .get(&format!("{field}.sku"))
        .or_else(|| query.get("q"))
        .unwrap_or_default()
        .to_owned();
    let rows = if word.is_empty() {
        Vec::new()
    } else {
        actor
            .read(move |scope| Match::products(scope, &word, SUGGESTIONS))
            .await?
    };
    let by_code = true;
    page::show(&actor.ctx, &Options { rows, by_code })
}

pub async fn create(actor: Allowed<PlaceOrders>, form: Form<StartForm>) -> Answer {
    let mut form = form.0;
    let customer = match form.picked() {
        Some(picked) => picked,
        None => {
            let Some(word) = form.typed() else {
                return page::again(&actor.ctx, &start_page(&actor, &form, Vec::new()));
            };
            let asked = word.clone();
            let mut found = actor
                .read(move |scope| Match::customers(scope, &asked, SUGGESTIONS))
                .await?;
            let is_exact = |row: &Match| {
                row.code.eq_ignore_ascii_case(&word)
                    || row.name.to_lowercase() == word.to_lowercase()
            };
            if found.iter().filter(|row| is_exact(row)).count() == 1 {
                found.retain(is_exact);
            }
            match found.as_slice() {
                [only] => only.id.into(),
                [] => {
                    let said = Said::new("No customer is called {name}. Look at the spelling.");
                    form.remarks.add("customer", said.with("name", word));
                    return page::again(&actor.ctx, &start_page(&actor, &form, Vec::new()));
                }
                _ => {
                    let said = Said::new("Several customers fit. Choose one.");
                    form.remarks.add("customer", said);
                    return page::again(&actor.ctx, &start_page(&actor, &form, found));
                }
            }
        }
    };
    let (base, who) = (actor.pass.base(), actor.pass.person.name.clone());
    let next = actor
        .once(move |scope| {
            let number = actions::start_draft(scope, customer, &who)?;
            Ok(Next::to(format!("{base}/orders/{number}/edit")))
        })
        .await?;
    Ok(page::go(&actor.ctx, next))
}

fn must_be_draft(order: &Order) -> Result<(), AppError> {
    if order.status == OrderStatus::Draft {
        return Ok(());
    }
    Err(AppError::refused(
        Said::new("Order {number} is placed already. Its lines can be confirmed or cancelled, not edited.")
            .with("number", &order.number),
    ))
}

fn wanted(lines: &[ReadLine]) -> Vec<NewLine> {
    lines.iter().filter_map(|line| line.want).collect()
}

fn repriced(stored: &[OrderLine], quote: &actions::Quote) -> Vec<(ProductId, Said)> {
    rules::repriced(stored, quote.lines.iter().map(|priced| &priced.line))
}

pub async fn edit(actor: Allowed<PlaceOrders>, path: Number) -> Answer {
    let number = path.into_inner().1;
    let sheet = actor
        .read(move |scope| {
            let order = Order::find(scope, &number)?;
            must_be_draft(&order)?;
            let stored = order.lines(scope)?;
            let form = EditorForm::of(&order, &stored);
            let goods: Vec<Goods> = stored.iter().map(Goods::from).collect();
            let mut lines = read_lines(&form.lines, &goods);
            let mut quote =
                actions::quote(scope, order.customer_id, order.ship_to_id, &wanted(&lines))?;
            refuse(&mut lines, &mut quote);
            keep_saved(&stored, &mut lines, &mut quote);
            Ok(Sheet {
                repriced: repriced(&stored, &quote),
                addresses: Destination::of_customer(scope, order.customer_id)?,
                order,
                form,
                lines,
                quote,
                conflict: Vec::new(),
                refused: None,
                fresh: Vec::new(),
            })
        })
        .await?;
    page::show(&actor.ctx, &editor_page(&actor, sheet))
}

fn editor_page(actor: &Allowed<PlaceOrders>, sheet: Sheet) -> EditorPage {
    let title = Said::new("Order for {customer}").with("customer", &sheet.quote.terms.name);
    EditorPage::new(
        actor.shell(actor.lang().say(&title)),
        actor.lang(),
        (&actor.pass.base(), actor.pass.may::<ConfirmOrders>()),
        sheet,
    )
}

/// Works out what was typed and keeps it as the draft, unless somebody else saved since.
fn keep(scope: &mut Scope, number: &str, mut form: EditorForm) -> Result<Sheet, AppError> {
    let order = Order::lock(scope, number)?;
    must_be_draft(&order)?;
    let header = form.header();
    let goods = Goods::by_codes(scope, codes(&form.lines))?;
    let mut lines = read_lines(&form.lines, &goods);
    let want = wanted(&lines);
    let stored = order.lines(scope)?;
    let mut quote = actions::quote(scope, order.customer_id, header.ship_to, &want)?;
    refuse(&mut lines, &mut quote);
    keep_saved(&stored, &mut lines, &mut quote);
    let refused = quote.is_beyond_books().then(rules::beyond_books);
    let addresses = Destination::of_customer(scope, order.customer_id)?;
    let mut conflict = Vec::new();
    if parse_version(&form.version) != order.updated_at {
        conflict = differences((&order, &stored), (&form, &header), &quote, &addresses);
    }
    let fresh = fresh(&stored, &lines, &quote);
    form.version = if conflict.is_empty() && form.remarks.is_empty() && refused.is_none() {
        save_draft(scope, &order, &header, &quote)?.to_rfc3339()
    } else if conflict.is_empty() {
        form.version
    } else {
        order.updated_at.to_rfc3339()
    };
    Ok(Sheet {
        addresses,
        repriced: repriced(&stored, &quote),
        order,
        form,
        lines,
        quote,
        conflict,
        refused,
        fresh,
    })
}

/// Keys of the lines that the stored draft did not have like this, and of those that the page still says something wrong of.
fn fresh(stored: &[OrderLine], lines: &[ReadLine], quote: &actions::Quote) -> Vec<u32> {
    let known: std::collections::HashMap<_, _> =
        stored.iter().map(|line| (line.product_id, line)).collect();
    let changed: std::collections::HashSet<_> = quote
        .lines
        .iter()
        .filter(|priced| {
            known.get(&priced.line.product_id).is_none_or(|line| {
                line.quantity != priced.line.quantity
                    || Some(line.price) != priced.line.price
                    || priced.line.tax() != Some(line.rate())
                    || priced
                        .amounts
                        .is_none_or(|amounts| amounts.total != line.total)
            })
        })
        .map(|priced| priced.line.product_id)
        .collect();
    lines
        .iter()
        .filter(|line| {
            line.typed.is_marked
                || line
                    .product
                    .is_none_or(|product| changed.contains(&product))
        })
        .map(|line| line.typed.key)
        .collect()
}

pub async fn preview(
    actor: Allowed<PlaceOrders>,
    path: Number,
    wants: Wants,
    form: Form<Vec<(String, String)>>,
) -> Answer {
    let (number, form) = (path.into_inner().1, EditorForm::read(form.0)?);
    let version = form.version.clone();
    let mut sheet = actor.write(move |scope| keep(scope, &number, form)).await?;
    match wants {
        Wants::Fragment => {
            // Typing on chooses nothing: only a button, under which the differences were read, puts one's own in place of another's.
            if !sheet.conflict.is_empty() {
                sheet.form.version = version;
            }
            page::show(&actor.ctx, &EditorPreview::new(actor.lang(), &sheet))
        }
        Wants::Document if sheet.has_errors() => {
            page::again(&actor.ctx, &editor_page(&actor, sheet))
        }
        Wants::Document => Ok(saved(&actor, &sheet)),
    }
}

pub async fn save(
    actor: Allowed<PlaceOrders>,
    path: Number,
    form: Form<Vec<(String, String)>>,
) -> Answer {
    let (number, form) = (path.into_inner().1, EditorForm::read(form.0)?);
    if matches!(form.op, Op::Place | Op::PlaceAndConfirm) {
        return place(actor, number, form).await;
    }
    let is_save = form.op == Op::Save;
    let sheet = actor.write(move |scope| keep(scope, &number, form)).await?;
    let is_wrong = !sheet.conflict.is_empty()
        || !sheet.form.remarks.is_empty()
        || (is_save && sheet.has_errors());
    // A list that stands in the box unread stays there.
    if is_save && !is_wrong && sheet.form.paste.trim().is_empty() {
        return Ok(saved(&actor, &sheet));
    }
    let view = editor_page(&actor, sheet);
    if is_wrong {
        page::again(&actor.ctx, &view)
    } else {
        page::show(&actor.ctx, &view)
    }
}

/// Back to the editor, which shows what is stored.
fn saved(actor: &Allowed<PlaceOrders>, sheet: &Sheet) -> HttpResponse {
    let to = format!("{}/orders/{}/edit", actor.pass.base(), sheet.order.number);
    page::go(
        &actor.ctx,
        Next::to(to).saying(Said::new("The draft is saved.")),
    )
}
