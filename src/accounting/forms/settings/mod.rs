//! What was typed about what a company says once.

mod books;
mod einvoices;
mod series;

pub use books::{PrintedForm, TurnoverForm, UndertakingForm};
pub use einvoices::{AccountForm, FromForm, StandingForm};
pub use series::{SeriesForm, StepForm};
