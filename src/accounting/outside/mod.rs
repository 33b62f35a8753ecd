//! What the books ask of the world outside: the authority that registers invoices, and gateways that take money. Data and traits alone; the
//! clients are in `integrations`, and nothing here knows how they speak.
//!
//! Calls are made outside of any transaction: what is about to be asked is committed before, what was answered after.

mod authority;
mod gateway;

pub use authority::{
    Away, Credentials, EInvoiceAuthority, Reply, RsaKey, Seat, Session, cancel_body,
    eway_cancel_body,
};
pub use gateway::{
    Asked, CURRENCY, Captured, Forged, GatewayError, GatewaySeat, Gateways, HookEvent,
    KnownGateway, NewAccount, NewOrder, PaymentGateway, Refunded,
};

use std::sync::Arc;
use url::Url;

states! {
    /// Which world a call goes to.
    Environment:
    /// The sandboxes of this process.
    Sandbox "sandbox"
    /// The real one.
    Live "live"
}

/// The authority whom this process speaks to; a part of `web::State` and of the jobs.
#[derive(Clone)]
pub struct Outside {
    /// Which authority accounts are for, and where it answers; none when this installation has none.
    pub authority_at: Option<(Environment, Url)>,
    /// The authority's client.
    pub authority: Arc<dyn EInvoiceAuthority>,
}
