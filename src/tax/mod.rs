//! GST as pure rules and dated rates: place of supply, heads, rounding, HSN.
//!
//! What this room keeps: a rate is looked up for a day and never stored on a product; tax is worked out line by line and head by head, half
//! away from zero, and then summed; CGST and SGST of a line are equal; a company's own rates of one code never overlap.

pub mod actions;
pub mod bill;
mod forms;
pub mod model;
mod pages;
pub mod rules;
pub mod uqc;
pub mod views;

use crate::platform::verify::Check;
use crate::web::Routes;

/// The tax tables.
pub fn routes(r: &mut Routes) {
    r.part("/c/{company}/hsn/options", pages::options);
    r.page("/c/{company}/settings/tax", pages::index);
    r.page("/c/{company}/settings/tax/new", pages::new);
    r.change("/c/{company}/settings/tax/new", pages::create);
    r.page("/c/{company}/settings/tax/{id}", pages::show);
    r.change("/c/{company}/settings/tax/{id}", pages::change);
    r.page("/c/{company}/settings/tax/{id}/end", pages::ask_end);
    r.change("/c/{company}/settings/tax/{id}/end", pages::end);
}

/// What `mandi verify` asks of taxes.
pub const CHECKS: &[Check] = &[Check {
    name: "tax.one_rate_a_day",
    about: "Periods of one code and condition do not overlap.",
    sql: "select null::uuid as tenant, 'rates of ' || a.hsn_prefix || ' overlap' as what from tax_rates a join tax_rates b
            on a.hsn_prefix = b.hsn_prefix and a.condition = b.condition and a.id < b.id
            where daterange(a.valid_from, a.valid_to, '[]') && daterange(b.valid_from, b.valid_to, '[]')
          union all
          select a.tenant_id, 'own rates of ' || a.hsn_prefix || ' overlap' from own_tax_rates a join own_tax_rates b
            on a.tenant_id = b.tenant_id and a.hsn_prefix = b.hsn_prefix and a.id < b.id
            where daterange(a.valid_from, a.valid_to, '[]') && daterange(b.valid_from, b.valid_to, '[]')",
}];
