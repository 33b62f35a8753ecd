//! What the pages about the world outside show.

mod authority_keys;
mod sandboxes;

pub use authority_keys::AuthorityKeysPage;
pub use sandboxes::{GatewayPage, SandboxesPage, TaxpayersPage};
