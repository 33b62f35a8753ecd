//! The world outside: clients of the authority and of payment gateways, and sandboxes that stand in for both.
//!
//! A sandbox is a stranger: it has its own books (the schema `sandbox`) and its own code for everything that it shares with a client.

mod forms;
pub mod gst;
mod model;
mod pages;
pub mod payments;
mod rules;
pub mod sandbox;
mod views;

use crate::web::Routes;

use pages::{authority_keys, gateway, sandboxes};

/// Pages about the world outside.
pub fn routes(r: &mut Routes) {
    r.page("/admin/authority-keys", authority_keys::index);
    r.change("/admin/authority-keys", authority_keys::pin);
    r.change("/admin/authority-keys/use", authority_keys::step);
    r.page("/admin/sandboxes", sandboxes::index);
    r.change("/admin/sandboxes", sandboxes::tell);
    r.page("/admin/sandboxes/taxpayers", sandboxes::taxpayers);
    r.change("/admin/sandboxes/taxpayers", sandboxes::enrol);
    r.page("/sandbox/pay/{order}", gateway::show);
    r.change("/sandbox/pay/{order}", gateway::pay);
}
