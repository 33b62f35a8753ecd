//! Prices that hold GST, on their way into a list without it.

use super::model::Stored;
use super::rules::{self, Goods};
use super::said::no_rate;
use crate::error::AppError;
use crate::imports::Settings;
use crate::kernel::dates;
use crate::kernel::language::Said;
use crate::platform::db::Scope;
use crate::tax::model::Rates;
use crate::tax::rules::without_tax;
use std::collections::BTreeSet;

/// Takes GST out of prices; by default nothing is taken out.
#[derive(Default)]
pub struct Net {
    rates: Option<Rates>,
    /// The HSN code of new products that say none.
    usual: Option<String>,
}

impl Net {
    /// The rates of whatever these rows can be about. One statement.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn load<'s>(
        scope: &mut Scope,
        settings: &Settings,
        rows: &[Result<Goods, Said>],
        stored: impl Iterator<Item = &'s Stored>,
    ) -> Result<Self, AppError> {
        let usual = rules::hsn(settings.default_of("hsn")).ok();
        let (mut codes, mut conditions) = (BTreeSet::new(), BTreeSet::from([""]));
        codes.extend(usual.as_deref());
        for goods in rows.iter().filter_map(|row| row.as_ref().ok()) {
            codes.extend(goods.hsn.as_deref());
            conditions.extend(goods.tax_condition.as_deref());
        }
        for product in stored {
            codes.insert(&product.hsn);
            conditions.insert(&product.tax_condition);
        }
        let each: Vec<(&str, &str)> = codes
            .iter()
            .flat_map(|code| conditions.iter().map(|condition| (*code, *condition)))
            .collect();
        let today = dates::today(scope.now());
        Ok(Self {
            rates: Some(Rates::on(scope, &each, today)?),
            usual,
        })
    }

    /// A row whose price is without GST, of the product as it stands or of a new one.
    ///
    /// # Errors
    /// In words, when the price is above the MRP, or no rate is known.
    pub fn taken_out(&self, mut goods: Goods, stored: Option<&Stored>) -> Result<Goods, Said> {
        let (Some(rates), Some(price)) = (&self.rates, goods.price) else {
            return Ok(goods);
        };
        // Prices with GST are compared: without it they may come under an MRP that they are above.
        rules::fits(Some(price), goods.mrp.or(stored.and_then(|now| now.mrp)))?;
        let code = goods.hsn.as_deref().or(stored.map(|now| now.hsn.as_str()));
        let Some(code) = code.or(self.usual.as_deref()) else {
            return Ok(goods);
        };
        let condition = goods.tax_condition.as_deref();
        let condition = condition.or(stored.map(|now| now.tax_condition.as_str()));
        let rate = rates
            .of(code, condition.unwrap_or_default())
            .ok_or_else(|| no_rate(code))?;
        goods.price = Some(without_tax(price, rate));
        Ok(goods)
    }
}
