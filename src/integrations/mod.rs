//! The world outside: clients of the authority and of payment gateways, and sandboxes that stand in for both.
//!
//! A sandbox is a stranger: it has its own books (the schema `sandbox`) and its own code for everything that it shares with a client.

mod forms;
pub mod gst;
mod pages;
pub mod sandbox;
mod views;

use crate::web::Routes;

use pages::sandboxes;

/// Pages about the world outside.
pub fn routes(r: &mut Routes) {
    r.page("/admin/sandboxes", sandboxes::index);
    r.change("/admin/sandboxes", sandboxes::tell);
    r.page("/admin/sandboxes/taxpayers", sandboxes::taxpayers);
    r.change("/admin/sandboxes/taxpayers", sandboxes::enrol);
}
