//! The verbs of customers, their addresses and groups, of invitations into the portal, and of retailers.

mod addresses;
mod customers;
mod groups;
mod invitations;
mod retailers;

pub use addresses::{
    NewAddress, activate, add_address, add_own_address, deactivate, make_billing, make_default,
    save_address,
};
pub use customers::{Profile, Terms, open, pause, resume, save_profile, save_terms};
pub use groups::{add_group, remove_group, rename_group};
pub use invitations::{
    Joining, NewInvitation, accept, check_open, invite, invite_by_letter, resend, revoke,
};
pub use retailers::{NewRetailer, NewShop, connect, connect_to, sign_up, sign_up_as};
