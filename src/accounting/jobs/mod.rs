//! Background work of the books.

use crate::platform::jobs::Registry;
use crate::web::State;

/// Says who does which kind of job here, and what runs by the clock.
pub fn register(_registry: &mut Registry, _state: &State) {}
