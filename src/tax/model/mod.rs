//! Codes of goods, notified rates and a company's own: rows and queries.

mod hsn;
mod own;
mod rates;

pub use hsn::{HsnCode, NotifiedRate};
pub use own::OwnRate;
pub use rates::Rates;
