//! What was typed about customers, and how it becomes a value.

mod addresses;
mod customers;
mod invitations;

pub use addresses::{ABROAD, AddressForm, TypedAddress};
pub use customers::{CustomerForm, Known, NameForm, TermsForm};
pub use invitations::{InviteForm, JoinForm};
