//! The HTTP edge: who asks, what was typed, how a page is made, how a failure looks.

pub mod allowed;
pub mod assets;
pub mod bulk;
pub mod components;
pub mod confirm;
pub mod ctx;
pub mod doors;
pub mod edge;
pub mod error;
pub mod export;
pub mod filters;
pub mod forms;
pub mod icons;
pub mod layout;
pub mod list;
pub mod listing;
mod mark;
pub mod nav;
pub mod page;
pub mod routes;
pub mod session;
mod shells;
mod squeeze;
pub mod state;
pub mod uploads;

pub use allowed::Allowed;
pub use ctx::Ctx;
pub use forms::{Form, Remarks};
pub use page::{Answer, Next, Wants};
pub use routes::Routes;
pub use state::State;
