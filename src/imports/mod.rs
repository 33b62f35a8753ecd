//! Files that become rows: a file is uploaded, its columns are mapped, every row is checked, and a job writes them, each exactly once.

use crate::platform::verify::Check;
use crate::web::Routes;

/// Imports under way.
pub fn routes(_: &mut Routes) {}

/// What `mandi verify` asks of imports.
pub const CHECKS: &[Check] = &[];
