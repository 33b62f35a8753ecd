//! Background work of the books.

mod payments;

use crate::platform::jobs::Registry;
use crate::web::State;

/// Says who does which kind of job here, and what runs by the clock.
pub fn register(registry: &mut Registry, state: &State) {
    payments::register(registry, state);
}
