//! Placing an order: priced, taxed, reserved, counted against the credit, numbered; all of it, or nothing.

use super::draft;
use super::event::event;
use super::letters;
use super::shown::Shown;
use crate::error::AppError;
use crate::inventory::actions::{self as stock, Wanted};
use crate::kernel::dates;
use crate::kernel::ids::{AddressId, CustomerId, OrderId, OrderLineId, ProductId};
use crate::kernel::language::Said;
use crate::kernel::money::{Money, UnitPrice};
use crate::kernel::quantity::Quantity;
use crate::ledger::actions as ledger;
use crate::orders::model::{OrderLine, QuoteLine, Terms, credit_limit};
use crate::orders::rules::{self, OrderStatus};
use crate::orders::{Changed, OrderError, ShortLine};
use crate::platform::db::Scope;
use crate::platform::db::schema::{order_lines, orders};
use crate::tax::rules::{LineTax, line};
use chrono::NaiveDate;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Date, Text};
use rust_decimal::Decimal;

/// A line that somebody wants.
#[derive(Clone, Copy, Debug)]
pub struct NewLine {
    /// The product.
    pub product: ProductId,
    /// Units.
    pub quantity: Quantity,
    /// A price that staff set; otherwise the resolver's.
    pub price: Option<UnitPrice>,
}

/// Who writes an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The retailer.
    Portal,
    /// An employee, for the customer.
    Staff,
}

impl Source {
    /// As stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Portal => "portal",
            Self::Staff => "staff",
        }
    }
}

/// An order to be placed.
#[derive(Clone, Debug)]
pub struct Placing {
    /// Who buys.
    pub customer: CustomerId,
    /// What; each product once.
    pub lines: Vec<NewLine>,
    /// Where it goes; the customer's usual address when nobody says.
    pub ship_to: Option<AddressId>,
    /// The customer's own number.
    pub po_number: Option<String>,
    /// What the customer wrote.
    pub note: Option<String>,
    /// When the customer wants it.
    pub wanted_on: Option<NaiveDate>,
    /// Who writes it.
    pub source: Source,
    /// The name of whoever places it.
    pub placed_by: String,
    /// A draft of staff that becomes the order: its id and number. It is locked already, its lines are replaced.
    pub draft: Option<(OrderId, String)>,
    /// What was shown: anything else is refused, so that nobody orders at prices or rates that they did not see. Of a draft, only what changed
    /// since it was saved: its lines may have been typed since the page was shown.
    pub shown: Option<Shown>,
}

/// A line with its price and tax.
#[derive(Clone, Debug)]
pub struct Priced {
    /// Product, price, rate and stock.
    pub line: QuoteLine,
    /// Its amounts; `None` without price or rate.
    pub amounts: Option<LineTax>,
}

/// What an order would come to now.
#[derive(Clone, Debug)]
pub struct Quote {
    /// The customer's terms.
    pub terms: Terms,
    /// The lines, in the order asked; what can't be sold any more is left out.
    pub lines: Vec<Priced>,
    /// Sums over the lines that have amounts.
    pub totals: LineTax,
    /// The day whose prices and rates count.
    pub day: NaiveDate,
}

impl Quote {
    /// Takes out the lines that can't be ordered as they were typed, with the reasons.
    pub fn take_unfit(&mut self) -> Vec<(ProductId, Said)> {
        let unfit = self.unfit();
        if !unfit.is_empty() {
            self.lines
                .retain(|priced| unfit.iter().all(|(id, _)| *id != priced.line.product_id));
            self.totals = self.lines.iter().filter_map(|priced| priced.amounts).sum();
        }
        unfit
    }

    fn unfit(&self) -> Vec<(ProductId, Said)> {
        let mut before = self.terms.exposure.max(Money::ZERO);
        let mut unfit = Vec::new();
        for priced in &self.lines {
            let Some(amounts) = priced.amounts else {
                continue;
            };
            match rules::unfit(&priced.line, amounts, before) {
                Some(said) => unfit.push((priced.line.product_id, said)),
                None => before += amounts.total,
            }
        }
        unfit
    }

    /// What would be over the credit limit, if anything.
    pub fn over_credit(&self) -> Option<Money> {
        rules::over_credit(
            self.terms.credit_limit,
            self.terms.exposure + self.totals.total,
        )
    }
}

/// An order that was placed.
#[derive(Clone, Debug)]
pub struct Placed {
    /// The order.
    pub id: OrderId,
    /// Its number.
    pub number: String,
    /// Why it is held, if it is.
    pub held: Option<Said>,
}

/// Prices and taxes lines for a customer as of today. Two statements, however many lines.
///
/// # Errors
/// `NotFound` for the customer.
pub fn quote(
    scope: &mut Scope,
    customer: CustomerId,
    ship_to: Option<AddressId>,
    wanted: &[NewLine],
) -> Result<Quote, AppError> {
    let day = dates::today(scope.now());
    let terms = Terms::of(scope, customer, ship_to)?;
    let asked: Vec<(ProductId, Decimal)> = wanted
        .iter()
        .map(|want| (want.product, want.quantity.as_decimal()))
        .collect();
    let found = QuoteLine::of(scope, customer, &asked, day)?;
    let is_inter_state = terms.is_inter_state();
    let lines: Vec<Priced> = found
        .into_iter()
        .map(|mut row| {
            let set = wanted
                .iter()
                .find(|want| want.product == row.product_id)
                .and_then(|want| want.price);
            if let Some(price) = set {
                row.price = Some(price);
                // Typed in place of the list's, and of the same kind.
                row.includes_tax = row.includes_tax.or(Some(false));
                row.price_list_id = None;
            }
            let amounts = amounts(&row, is_inter_state);
            Priced { line: row, amounts }
        })
        .collect();
    let totals = lines.iter().filter_map(|priced| priced.amounts).sum();
    Ok(Quote {
        terms,
        lines,
        totals,
        day,
    })
}

fn amounts(row: &QuoteLine, is_inter_state: bool) -> Option<LineTax> {
    Some(line(
        row.price?,
        row.includes_tax.unwrap_or_default(),
        Quantity::new(row.quantity)?,
        row.tax()?,
        is_inter_state,
    ))
}

/// Places an order: all of it, or nothing. Beyond its lines a dozen statements; stock, credit and number are locked in that order.
///
/// # Errors
/// What [`OrderError`] says; the transaction has to end with it.
pub fn place(scope: &mut Scope, placing: &Placing) -> Result<Placed, OrderError> {
    let quote = quote(scope, placing.customer, placing.ship_to, &placing.lines)?;
    check(placing, &quote)?;
    let id = placing
        .draft
        .as_ref()
        .map_or_else(OrderId::new, |(id, _)| *id);
    if placing.draft.is_some() {
        let old = order_lines::table.filter(
            order_lines::tenant_id
                .eq(scope.tenant())
                .and(order_lines::order_id.eq(id)),
        );
        let saved: Vec<OrderLine> =
            scope.load(diesel::delete(old).returning(OrderLine::as_returning()))?;
        let changed = rules::repriced(&saved, quote.lines.iter().map(|priced| &priced.line));
        if !changed.is_empty() && placing.shown != Some(Shown::of(&quote)) {
            return Err(OrderError::Repriced(changed));
        }
    }
    let wanted = insert_lines(scope, id, placing.customer, &quote)?;
    let short = stock::reserve(scope, quote.terms.warehouse_id, &wanted)?;
    if !short.is_empty() {
        return Err(OrderError::Short(ShortLine::of(&short, &quote)));
    }
    let account = ledger::add_open(scope, placing.customer, 1, quote.totals.total)?;
    let held = held_for_credit(scope, placing.customer, &quote, account.exposure())?;
    let number = write(scope, id, placing, &quote, held.as_ref())?;
    let mut happened = vec![(
        "placed",
        Said::new("Order {number} was placed.").with("number", number.as_str()),
        false,
    )];
    if let Some(reason) = &held {
        happened.push(("held", reason.clone(), false));
    }
    event(scope, (id, placing.customer), &placing.placed_by, &happened)?;
    letters::tell(scope, (id, &number), letters::Kind::Placed, None)?;
    Ok(Placed { id, number, held })
}

/// Why the order is held, if it is: by the limit that the quote knew, and then by the one that counts now.
fn held_for_credit(
    scope: &mut Scope,
    customer: CustomerId,
    quote: &Quote,
    exposure: Money,
) -> Result<Option<Said>, AppError> {
    if rules::over_credit(quote.terms.credit_limit, exposure).is_none() {
        return Ok(None);
    }
    let limit = credit_limit(scope, customer)?;
    Ok(rules::over_credit(limit, exposure)
        .map(|over| rules::credit_hold(over, limit.unwrap_or_default())))
}

/// Whether these lines can be ordered at all, by these terms.
fn check(placing: &Placing, quote: &Quote) -> Result<(), OrderError> {
    if placing.lines.is_empty() {
        return Err(OrderError::Empty);
    }
    if quote.terms.status != "active" {
        return Err(OrderError::Paused);
    }
    if quote.terms.address_id.is_none() {
        return Err(OrderError::NoAddress);
    }
    for want in &placing.lines {
        let found = quote
            .lines
            .iter()
            .find(|priced| priced.line.product_id == want.product);
        let Some(priced) = found.filter(|priced| priced.line.status == "active") else {
            let name = found.map(|priced| priced.line.name.clone());
            return Err(OrderError::NotSold(name.unwrap_or_default()));
        };
        if priced.line.price.is_none() {
            return Err(OrderError::NoPrice(priced.line.name.clone()));
        }
        if priced.amounts.is_none() {
            return Err(OrderError::NoRate(priced.line.name.clone()));
        }
    }
    if let Some((product, said)) = quote.unfit().into_iter().next() {
        let line = quote
            .lines
            .iter()
            .find(|priced| priced.line.product_id == product);
        let name = line.map(|priced| priced.line.name.clone());
        return Err(OrderError::Unfit(name.unwrap_or_default(), said));
    }
    let now = Shown::of(quote);
    match &placing.shown {
        Some(shown) if placing.draft.is_none() && *shown != now => {
            Err(OrderError::Changed(Changed {
                shown: shown.total,
                now: now.total,
                turned: shown.turned(&now),
            }))
        }
        _ => Ok(()),
    }
}

fn insert_lines(
    scope: &mut Scope,
    order: OrderId,
    customer: CustomerId,
    quote: &Quote,
) -> Result<Vec<Wanted>, AppError> {
    let wanted: Vec<Wanted> = quote
        .lines
        .iter()
        .map(|priced| Wanted {
            line: OrderLineId::new(),
            product: priced.line.product_id,
            quantity: priced.line.quantity,
        })
        .collect();
    let ids = wanted.iter().map(|want| want.line).collect();
    let lines: Vec<_> = quote
        .lines
        .iter()
        .map(|priced| (&priced.line, priced.amounts.unwrap_or_default()))
        .collect();
    draft::write_lines(scope, (order, customer), ids, &lines)?;
    Ok(wanted)
}

/// Writes the order itself, last of all, because its number is taken with it.
fn write(
    scope: &mut Scope,
    id: OrderId,
    placing: &Placing,
    quote: &Quote,
    held: Option<&Said>,
) -> Result<String, AppError> {
    let (now, user, terms) = (scope.now(), scope.member().user(), &quote.terms);
    let reason = held
        .map(serde_json::to_value)
        .transpose()
        .map_err(AppError::internal)?;
    let about = (
        (
            orders::status.eq(OrderStatus::ToApprove),
            orders::is_held.eq(held.is_some()),
            orders::hold_reason.eq(reason),
            orders::placed_by.eq(user),
            orders::placed_by_name.eq(&placing.placed_by),
            orders::placed_at.eq(now),
            orders::warehouse_id.eq(terms.warehouse_id),
            orders::registration_id.eq(terms.registration_id),
            orders::ship_to_id.eq(terms.address_id),
            orders::ship_to.eq(terms.address.as_deref().unwrap_or_default()),
            orders::place_of_supply.eq(terms.place_of_supply()),
            orders::po_number.eq(&placing.po_number),
            orders::note.eq(&placing.note),
            orders::wanted_on.eq(placing.wanted_on),
            orders::priced_on.eq(quote.day),
        ),
        (
            orders::taxable.eq(quote.totals.taxable),
            orders::cgst.eq(quote.totals.cgst),
            orders::sgst.eq(quote.totals.sgst),
            orders::igst.eq(quote.totals.igst),
            orders::cess.eq(quote.totals.cess),
            orders::total.eq(quote.totals.total),
            orders::open_amount.eq(quote.totals.total),
            orders::updated_at.eq(now),
        ),
    );
    if let Some((_, number)) = &placing.draft {
        let row = orders::table.filter(orders::tenant_id.eq(scope.tenant()).and(orders::id.eq(id)));
        scope.execute(diesel::update(row).set(about))?;
        return Ok(number.clone());
    }
    let number = sql::<Text>("(select 'SO-' || year || '-' || lpad(number::text, greatest(5, length(number::text)), '0') from take_number('order', null, ")
        .bind::<Date, _>(quote.day)
        .sql("))");
    let insert = diesel::insert_into(orders::table)
        .values((
            orders::id.eq(id),
            orders::number.eq(number),
            orders::customer_id.eq(placing.customer),
            orders::source.eq(placing.source.as_str()),
            orders::created_at.eq(now),
            about,
        ))
        .returning(orders::number);
    Ok(scope.one(insert)?)
}
