//! Payment gateways: the client of those that speak like Razorpay, and a sandbox that stands in for them.

pub mod client;
pub mod gateway;
