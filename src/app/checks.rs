//! Everybody's checks, for `mandi verify`.

use crate::platform::verify::{self, Check};
use crate::{
    accounting, companies, customers, imports, inventory, ledger, logistics, orders, pricing,
    products, tax,
};

/// Every check there is.
pub fn all() -> Vec<Check> {
    [
        verify::CHECKS,
        companies::CHECKS,
        imports::CHECKS,
        tax::CHECKS,
        customers::CHECKS,
        products::CHECKS,
        pricing::CHECKS,
        inventory::CHECKS,
        ledger::CHECKS,
        orders::CHECKS,
        logistics::CHECKS,
        accounting::CHECKS,
        accounting::EINVOICE_CHECKS,
    ]
    .concat()
}
