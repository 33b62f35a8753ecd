//! What the typed lines of a draft mean.

use super::editor::TypedLine;
use crate::kernel::ids::ProductId;
use crate::kernel::language::Said;
use crate::kernel::money::UnitPrice;
use crate::orders::actions::NewLine;
use crate::orders::model::Goods;
use crate::orders::packs::{self, Pack};
use std::collections::HashMap;

/// A typed line and what it means.
#[derive(Clone, Debug)]
pub struct ReadLine {
    pub typed: TypedLine,
    /// The product, if the code is one.
    pub product: Option<ProductId>,
    /// What is wanted, if all of it can be read.
    pub want: Option<NewLine>,
    /// What is wrong with it.
    pub wrong: Option<Said>,
    /// The product that the draft keeps for it as it was saved before, because what was typed can't be saved.
    pub kept: Option<ProductId>,
    /// Whether the draft does not say what was typed.
    pub is_unsaved: bool,
}

/// The codes that stand in lines, as products have them.
pub fn codes(lines: &[TypedLine]) -> Vec<String> {
    let mut codes: Vec<String> = lines
        .iter()
        .map(|line| line.sku.trim().to_uppercase())
        .filter(|code| !code.is_empty() && !code.contains('\0'))
        .collect();
    codes.sort_unstable();
    codes.dedup();
    codes
}

/// What lines mean, given the products of their codes.
pub fn read_lines(lines: &[TypedLine], goods: &[Goods]) -> Vec<ReadLine> {
    let by_sku: HashMap<&str, &Goods> = goods.iter().map(|row| (row.sku.as_str(), row)).collect();
    let by_barcode: HashMap<&str, &Goods> = goods
        .iter()
        .filter_map(|row| Some((row.barcode.as_deref()?, row)))
        .collect();
    let mut seen: HashMap<ProductId, usize> = HashMap::new();
    let read = |(place, typed): (usize, &TypedLine)| {
        let code = typed.sku.trim().to_uppercase();
        let found = by_sku
            .get(code.as_str())
            .or_else(|| by_barcode.get(code.as_str()))
            .copied();
        let (want, wrong) = match read_line(typed, found) {
            Ok(None) => (None, None),
            Ok(Some(want)) => match seen.get(&want.product) {
                Some(first) => (
                    None,
                    Some(
                        Said::new("This product stands in line {line} already.")
                            .with("line", *first),
                    ),
                ),
                None => {
                    seen.insert(want.product, place);
                    (Some(want), None)
                }
            },
            Err(said) => (None, Some(said)),
        };
        ReadLine {
            typed: typed.clone(),
            product: found.map(|row| row.id),
            want,
            wrong,
            kept: None,
            is_unsaved: false,
        }
    };
    (1..).zip(lines).map(read).collect()
}

fn read_line(typed: &TypedLine, found: Option<&Goods>) -> Result<Option<NewLine>, Said> {
    if typed.is_blank() {
        return Ok(None);
    }
    let code = typed.sku.trim();
    if code.is_empty() {
        return Err(Said::new("Enter the product's code."));
    }
    let row = found
        .ok_or_else(|| Said::new("There is no product with the code {code}.").with("code", code))?;
    if typed.quantity.trim().is_empty() {
        return Err(Said::new("Enter how many."));
    }
    let quantity = packs::typed(&typed.quantity, Pack::of_goods(row))?;
    let price = match typed.price.trim() {
        "" => None,
        price => Some(price.parse::<UnitPrice>()?),
    };
    Ok(Some(NewLine {
        product: row.id,
        quantity,
        price,
    }))
}
