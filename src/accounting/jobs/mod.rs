//! Background work of the books.

mod payments;
pub mod print;

use crate::platform::jobs::Registry;
use crate::web::State;

/// Says who does which kind of job here, and what runs by the clock.
pub fn register(registry: &mut Registry, state: &State) {
    payments::register(registry, state);
    let files = state.files.clone();
    registry.on(print::PRINT, move |run| print::print(run, &files));
}
