//! Price lists for groups and customers, with quantity breaks and dates; one resolver prices everything.
//!
//! The resolver is the SQL function `prices_for`, so that a list, a cart and an order can't disagree. What this room keeps: the list of
//! everybody is for everybody and never ends; what has ended is not changed any more; no price that is set here comes above the MRP.

pub mod actions;
mod forms;
pub mod model;
mod pages;
pub mod rules;
mod views;

use crate::platform::verify::Check;
use crate::web::Routes;
use pages::{check, lists, percent, prices};

/// Price lists.
pub fn routes(r: &mut Routes) {
    let home = "/c/{company}/price-lists";
    r.page(home, lists::index);
    r.page(&format!("{home}/new"), lists::new);
    r.change(&format!("{home}/new"), lists::create);
    r.page(&format!("{home}/{{id}}"), lists::show);
    r.page(&format!("{home}/{{id}}/edit"), lists::edit);
    r.change(&format!("{home}/{{id}}/edit"), lists::update);
    r.change(&format!("{home}/{{id}}/activate"), lists::activate);
    r.page(&format!("{home}/{{id}}/end"), lists::ask_end);
    r.change(&format!("{home}/{{id}}/end"), lists::end);
    r.change(&format!("{home}/{{id}}/targets"), lists::targets);
    r.page(&format!("{home}/{{id}}/percent"), percent::show);
    r.change(&format!("{home}/{{id}}/percent"), percent::apply);
    r.page(&format!("{home}/{{id}}/prices/{{sku}}"), prices::show);
    r.change(&format!("{home}/{{id}}/prices/{{sku}}"), prices::save);
    r.change(
        &format!("{home}/{{id}}/prices/{{sku}}/remove"),
        prices::remove,
    );
    r.page("/c/{company}/price-check", check::show);
}

/// What `mandi verify` asks of prices.
pub const CHECKS: &[Check] = &[Check {
    name: "pricing.everybody_has_one_list",
    about: "Every company with a registration has one list of everybody, which is in force and for nobody in particular.",
    sql: "select r.tenant_id as tenant, 'company ' || r.tenant_id::text || ' has no list of everybody' as what
            from gst_registrations r where r.is_primary and not exists (select from price_lists l where l.tenant_id = r.tenant_id and l.is_default)
          union all
          select l.tenant_id, 'the list of everybody, ' || l.name || ', is ' || l.status || ' or has an end' from price_lists l
            where l.is_default and (l.status <> 'active' or l.valid_to is not null)
          union all
          select l.tenant_id, 'the list of everybody, ' || l.name || ', is for somebody in particular' from price_lists l
            where l.is_default and exists (select from price_list_targets t where t.tenant_id = l.tenant_id and t.price_list_id = l.id)",
}];
