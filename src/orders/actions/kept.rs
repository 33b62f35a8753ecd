//! Lines of a draft that stay as they were saved, because what was typed into them can't be.

use super::place::{Priced, Quote};
use crate::kernel::ids::ProductId;
use crate::kernel::language::Said;
use crate::kernel::money::Money;
use crate::kernel::quantity::Quantity;
use crate::orders::model::{OrderLine, QuoteLine};
use crate::tax::rules::line as tax_of_line;
use std::collections::HashMap;

impl Quote {
    /// The lines that come to no amount, with the reasons: a draft can't hold them.
    pub fn without_amount(&self) -> Vec<(ProductId, Said)> {
        let lacking = self.lines.iter().filter(|priced| priced.amounts.is_none());
        let why = |row: &QuoteLine| {
            if row.price.is_none() {
                Said::new("No price list has a price for it. Enter one.")
            } else {
                Said::new("HSN {hsn} has no GST rate.").with("hsn", &row.hsn)
            }
        };
        lacking
            .map(|priced| (priced.line.product_id, why(&priced.line)))
            .collect()
    }

    /// Puts lines back as they are saved, each in place of what would become of it now, and all in the order of these products.
    pub fn put_back(&mut self, saved: &[&OrderLine], order: &[ProductId]) {
        if saved.is_empty() {
            return;
        }
        let is_inter_state = self.terms.is_inter_state();
        for line in saved {
            self.lines
                .retain(|priced| priced.line.product_id != line.product_id);
            let amounts = Quantity::new(line.quantity).map(|quantity| {
                tax_of_line(
                    line.price,
                    line.includes_tax,
                    quantity,
                    line.rate(),
                    is_inter_state,
                )
            });
            self.lines.push(Priced {
                line: QuoteLine::from(*line),
                amounts,
            });
        }
        let places: HashMap<ProductId, usize> = order.iter().copied().zip(0..).collect();
        let last = places.len();
        self.lines.sort_by_key(|priced| {
            let place = places.get(&priced.line.product_id);
            place.copied().unwrap_or(last)
        });
        self.totals = self.lines.iter().filter_map(|priced| priced.amounts).sum();
    }

    /// Whether it comes to more than books hold, with all that the customer has open.
    pub fn is_beyond_books(&self) -> bool {
        self.terms.exposure.max(Money::ZERO) + self.totals.total > Money::MOST
    }
}
