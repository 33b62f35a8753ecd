//! The verb of adjusting: what was counted, broke, expired, was given away, or was there when the company began.

use super::stock::{Cause, Change, post};
use crate::error::AppError;
use crate::inventory::model::{Standing, Warehouse, holders, lock_standing};
use crate::inventory::rules;
use crate::kernel::ids::{ProductId, WarehouseId};
use crate::kernel::language::Said;
use crate::platform::db::Scope;
use rust_decimal::Decimal;
use std::collections::HashMap;

/// Why stock is adjusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// It broke.
    Damage,
    /// Its time was over.
    Expiry,
    /// It was given away to be tried.
    Sample,
    /// Somebody counted.
    Counted,
    /// With words only.
    Other,
    /// It was there when the company began.
    Opening,
}

impl Reason {
    /// Every reason, the most usual first.
    pub const ALL: [Self; 6] = [
        Self::Counted,
        Self::Damage,
        Self::Expiry,
        Self::Sample,
        Self::Other,
        Self::Opening,
    ];

    /// As a form says it.
    pub fn code(self) -> &'static str {
        match self {
            Self::Damage => "damage",
            Self::Expiry => "expiry",
            Self::Sample => "sample",
            Self::Counted => "counted",
            Self::Other => "other",
            Self::Opening => "opening",
        }
    }

    /// As the ledger says it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Damage => "Damage",
            Self::Expiry => "Expiry",
            Self::Sample => "Sample",
            Self::Counted => "Counted",
            Self::Other => "Other",
            Self::Opening => "Opening stock",
        }
    }

    fn cause(self, words: Option<&str>) -> Cause {
        match (self, words) {
            (Self::Opening, _) => Cause::Opening(None),
            (_, Some(words)) => Cause::Adjustment(format!("{}: {words}", self.label())),
            (_, None) => Cause::Adjustment(self.label().to_owned()),
        }
    }
}

/// How much.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Amount {
    /// So many units come (more than zero) or go.
    Change(Decimal),
    /// So many units lie there.
    Counted(Decimal),
}

/// An adjustment of some products in one warehouse. Each product is in it once.
#[derive(Clone, Debug)]
pub struct Adjustment {
    pub warehouse: WarehouseId,
    pub reason: Reason,
    pub words: Option<String>,
    /// Number of the row in the form, product, and how much.
    pub rows: Vec<(usize, ProductId, Amount)>,
}

/// What is wrong with a row: its number, the field (`sku`, `change` or `counted`), and the words.
pub type Problem = (usize, &'static str, Said);

impl Amount {
    /// The field of a row in which it is typed.
    fn field(self) -> &'static str {
        match self {
            Self::Change(_) => "change",
            Self::Counted(_) => "counted",
        }
    }
}

/// Adjusts stock: all rows, or none with what is wrong with which. A row that changes nothing makes no move. Gives the number of moves.
///
/// # Errors
/// `Refused` when the warehouse is out of use.
pub fn adjust(
    scope: &mut Scope,
    wanted: &Adjustment,
) -> Result<Result<usize, Vec<Problem>>, AppError> {
    let (changes, problems) = changes(scope, wanted)?;
    if !problems.is_empty() {
        return Ok(Err(problems));
    }
    post(scope, &changes)?;
    Ok(Ok(changes.len()))
}

/// What would be wrong with these rows, for a form of which something else is wrong already.
///
/// # Errors
/// `Refused` when the warehouse is out of use.
pub fn problems(scope: &mut Scope, wanted: &Adjustment) -> Result<Vec<Problem>, AppError> {
    if wanted.rows.is_empty() {
        return Ok(Vec::new());
    }
    Ok(changes(scope, wanted)?.1)
}

/// What the rows change, and what is wrong with which. Locks the warehouse and the levels.
fn changes(
    scope: &mut Scope,
    wanted: &Adjustment,
) -> Result<(Vec<Change>, Vec<Problem>), AppError> {
    let warehouse = Warehouse::hold(scope, wanted.warehouse)?;
    rules::may_serve(&warehouse.name, warehouse.is_active).map_err(AppError::refused)?;
    let products: Vec<ProductId> = wanted.rows.iter().map(|(_, product, _)| *product).collect();
    let standing: HashMap<ProductId, Standing> =
        lock_standing(scope, wanted.warehouse, products.clone())?
            .into_iter()
            .map(|row| (row.product_id, row))
            .collect();
    let held = holders(scope, wanted.warehouse, products)?;
    let (mut changes, mut problems) = (Vec::new(), Vec::new());
    for (number, product, amount) in &wanted.rows {
        let Some(stands) = standing.get(product) else {
            return Err(AppError::NotFound);
        };
        let numbers: Vec<String> = held
            .iter()
            .filter(|row| row.product_id == *product)
            .take(3)
            .map(|row| row.number.clone())
            .collect();
        match difference(stands, wanted.reason, *amount, &numbers) {
            Err((field, said)) => problems.push((*number, field, said)),
            Ok(quantity) if quantity.is_zero() => {}
            Ok(quantity) => changes.push(Change {
                product: *product,
                warehouse: wanted.warehouse,
                quantity,
                cause: wanted.reason.cause(wanted.words.as_deref()),
            }),
        }
    }
    Ok((changes, problems))
}

fn difference(
    stands: &Standing,
    reason: Reason,
    amount: Amount,
    held_by: &[String],
) -> Result<Decimal, (&'static str, Said)> {
    if reason == Reason::Opening && stands.has_moves {
        let said =
            Said::new("This product has moves in this warehouse already. Choose another reason.");
        return Err(("sku", said));
    }
    let quantity = match amount {
        Amount::Change(quantity) => quantity,
        Amount::Counted(counted) => counted - stands.on_hand,
    };
    if reason == Reason::Opening && quantity <= Decimal::ZERO {
        return Err((
            amount.field(),
            Said::new("Opening stock is more than zero."),
        ));
    }
    rules::may_leave(stands.on_hand + quantity, stands.reserved, held_by)
        .map_err(|said| (amount.field(), said))?;
    Ok(quantity)
}
