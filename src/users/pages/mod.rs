//! Handlers of a person's own account.

pub mod account;
pub mod around;
pub mod door;

use crate::platform::accounts::attempts::Source;
use crate::web::Ctx;

/// Where a try to sign in comes from, for the throttle.
fn source(ctx: &Ctx, email: &str) -> Source {
    Source::new(email, &ctx.address.to_string(), ctx.agent.clone())
}
