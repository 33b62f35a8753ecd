//! Everybody's checks, for `mandi verify`.

use crate::platform::verify::{self, Check};

/// Every check there is.
pub fn all() -> Vec<Check> {
    verify::CHECKS.to_vec()
}
