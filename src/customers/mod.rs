//! Retailers, the customers that companies keep of them, and the connections between the two.
//!
//! A retailer is global and belongs to no company; a customer is one company's record of a buyer; a connection ties them, and is the door of
//! the portal: a buyer sees one supplier at a time, as that supplier's customer. A retailer gets in by an invitation, which works once and
//! for the address that it was sent to.

pub mod actions;
mod forms;
pub mod model;
mod pages;
pub mod rules;
mod views;

use crate::platform::verify::Check;
use crate::web::Routes;
use pages::{addresses, customers, groups, invitations, join, portal};

/// A company's book of customers, the invitation's door, and the portal's shell.
pub fn routes(r: &mut Routes) {
    let list = "/c/{company}/customers";
    r.page(list, customers::index);
    r.part(&format!("{list}/export"), customers::export);
    r.change(&format!("{list}/bulk"), customers::bulk);
    r.page(&format!("{list}/new"), customers::new);
    r.change(&format!("{list}/new"), customers::create);
    let one = format!("{list}/{{code}}");
    r.page(&one, customers::show);
    r.page(&format!("{one}/edit"), customers::edit);
    r.change(&format!("{one}/edit"), customers::update);
    r.page(&format!("{one}/terms"), customers::terms);
    r.change(&format!("{one}/terms"), customers::save_terms);
    r.page(&format!("{one}/pause"), customers::ask_pause);
    r.change(&format!("{one}/pause"), customers::pause);
    r.change(&format!("{one}/resume"), customers::resume);
    r.page(&format!("{one}/invite"), invitations::new);
    r.change(&format!("{one}/invite"), invitations::create);
    r.change(&format!("{one}/invite/resend"), invitations::resend);
    r.change(&format!("{one}/invite/revoke"), invitations::revoke);
    r.page(&format!("{one}/addresses/new"), addresses::new);
    r.change(&format!("{one}/addresses/new"), addresses::create);
    let place = format!("{one}/addresses/{{id}}");
    r.page(&place, addresses::edit);
    r.change(&place, addresses::update);
    r.change(&format!("{place}/default"), addresses::make_default);
    r.change(&format!("{place}/billing"), addresses::make_billing);
    r.change(&format!("{place}/deactivate"), addresses::deactivate);
    r.change(&format!("{place}/activate"), addresses::activate);
    let groups = "/c/{company}/customer-groups";
    r.page(groups, groups::index);
    r.change(groups, groups::create);
    r.page(&format!("{groups}/{{id}}"), groups::edit);
    r.change(&format!("{groups}/{{id}}"), groups::rename);
    r.page(&format!("{groups}/{{id}}/remove"), groups::ask_remove);
    r.change(&format!("{groups}/{{id}}/remove"), groups::remove);
    r.page("/join/{token}", join::show);
    r.change("/join/{token}", join::accept);
    r.page("/r/{retailer}", portal::suppliers);
    let account = "/r/{retailer}/{supplier}/account";
    r.page(account, portal::account);
    r.page(&format!("{account}/addresses/new"), portal::new_address);
    r.change(&format!("{account}/addresses/new"), portal::add_address);
}

/// What `mandi verify` asks of customers.
pub const CHECKS: &[Check] = &[
    Check {
        name: "customers.invitation_connected",
        about: "Whoever accepted an invitation belongs to the retailer that is connected to that customer.",
        sql: "select i.tenant_id as tenant, 'invitation ' || i.id::text || ' was accepted, but connected nobody' as what from retailer_invitations i
                where i.status = 'accepted' and not exists (select from connections n join retailer_users u on u.retailer_id = n.retailer_id and u.user_id = i.accepted_by
                    where n.tenant_id = i.tenant_id and n.customer_id = i.customer_id)",
    },
    Check {
        name: "customers.have_places_for_both",
        about: "A customer with addresses has one for goods and one for bills, both in use.",
        sql: "select a.tenant_id as tenant, 'customer ' || a.customer_id::text || ' has no address for goods or bills' as what from customer_addresses a
                group by a.tenant_id, a.customer_id
                having count(*) filter (where a.is_default and a.is_active) <> 1 or count(*) filter (where a.is_billing and a.is_active) <> 1",
    },
];
