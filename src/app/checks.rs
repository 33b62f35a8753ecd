//! Everybody's checks, for `mandi verify`.

use crate::companies;
use crate::platform::verify::{self, Check};

/// Every check there is.
pub fn all() -> Vec<Check> {
    [verify::CHECKS, companies::CHECKS].concat()
}
