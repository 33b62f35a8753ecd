//! The world outside: clients of the authority and of payment gateways, and sandboxes that stand in for both.
//!
//! A sandbox is a stranger: it has its own books (the schema `sandbox`) and its own code for everything that it shares with a client.

use crate::web::Routes;

/// Pages about the world outside.
pub fn routes(_r: &mut Routes) {}
