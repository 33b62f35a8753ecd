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
pub mod withholding;

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
    withholding::routes(r);
}

/// What `mandi verify` asks of taxes.
pub const CHECKS: &[Check] = &[
    Check {
        name: "tax.one_rate_a_day",
        about: "Periods of one code and condition do not overlap.",
        sql: "select null::uuid as tenant, 'rates of ' || a.hsn_prefix || ' overlap' as what from tax_rates a join tax_rates b
                on a.hsn_prefix = b.hsn_prefix and a.condition = b.condition and a.id < b.id
                where daterange(a.valid_from, a.valid_to, '[]') && daterange(b.valid_from, b.valid_to, '[]')
              union all
              select a.tenant_id, 'own rates of ' || a.hsn_prefix || ' overlap' from own_tax_rates a join own_tax_rates b
                on a.tenant_id = b.tenant_id and a.hsn_prefix = b.hsn_prefix and a.id < b.id
                where daterange(a.valid_from, a.valid_to, '[]') && daterange(b.valid_from, b.valid_to, '[]')",
    },
    Check {
        name: "tax.one_rate_at_source_a_day",
        about: "Periods of tax at source of one section, and of one customer's own rates, do not overlap.",
        sql: "select null::uuid as tenant, 'rates under section ' || a.section || ' overlap' as what from withholding_rules a join withholding_rules b
                on a.kind = b.kind and a.tax = b.tax and a.section = b.section and a.id < b.id
                where daterange(a.valid_from, a.valid_to, '[]') && daterange(b.valid_from, b.valid_to, '[]')
              union all
              select a.tenant_id, 'own rates under section ' || a.section || ' overlap' from own_withholding_rules a join own_withholding_rules b
                on a.tenant_id = b.tenant_id and a.tax = b.tax and a.section = b.section and a.customer_id is not distinct from b.customer_id and a.id < b.id
                where daterange(a.valid_from, a.valid_to, '[]') && daterange(b.valid_from, b.valid_to, '[]')",
    },
];
