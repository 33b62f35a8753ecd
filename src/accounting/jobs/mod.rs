//! Background work of the books.

mod cancelling;
mod einvoices;
mod eway_bills;
mod eway_vehicles;
pub mod letters;
mod night;
mod payments;
pub mod print;
mod watch;

pub use einvoices::Office;

use crate::accounting::actions::SEND;
use crate::accounting::actions::einvoices::{CANCEL, Desk, EWAY, LOOK, VEHICLE};
use crate::accounting::actions::letters::LETTER;
use crate::accounting::actions::money_letters::LETTERS;
use crate::accounting::outside::Outside;
use crate::platform::jobs::{Registry, Schedule};
use crate::web::State;

/// Kind of the job that looks for documents that wait for the authority too long.
const WATCH: &str = "einvoices.watch";

/// Kind of the job that has every company's unsent documents looked through.
const NIGHT: &str = "einvoices.night";

/// Says who does which kind of job here, and what runs by the clock.
pub fn register(registry: &mut Registry, state: &State) {
    payments::register(registry, state);
    let files = state.files.clone();
    registry.on(print::PRINT, move |run| print::print(run, &files));
    if let Ok(outside) = state.part::<Outside>() {
        let office = Office {
            desk: Desk {
                key: state.config.secret_key.clone(),
                at: outside.authority_at.clone(),
            },
            outside: outside.clone(),
        };
        let canceller = office.clone();
        registry.on(CANCEL, move |run| cancelling::cancel(run, &canceller));
        let carrier = office.clone();
        registry.on(EWAY, move |run| eway_bills::work(run, &carrier));
        let changer = office.clone();
        registry.on(VEHICLE, move |run| eway_vehicles::change(run, &changer));
        registry.on(SEND, move |run| einvoices::send(run, &office));
    }
    let base = state
        .config
        .base_url
        .as_str()
        .trim_end_matches('/')
        .to_owned();
    let site = base.clone();
    registry.on(LETTER, move |run| letters::write(run, &site));
    let site = base.clone();
    registry.on(LETTERS, move |run| letters::tell(run, &site));
    let (seen_from, at) = (base.clone(), night::authority(state));
    registry.on(NIGHT, night::everywhere);
    registry.on(LOOK, move |run| night::look(run, at, &seen_from));
    // Before people come to work, and long after midnight.
    registry.every(Schedule {
        name: "einvoices-night",
        cron: "20 5 * * *",
        kind: NIGHT,
    });
    registry.on(WATCH, move |run| watch::watch(run, &base));
    registry.every(Schedule {
        name: "einvoices",
        cron: "7 * * * *",
        kind: WATCH,
    });
}
