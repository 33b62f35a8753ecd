//! The verbs of orders.

pub mod cart;
