//! Who is on a document: the one that issues, and the others.

use super::of::Beside;
use super::{Head, Label, Party, Tongues};
use crate::accounting::model::{Parties, Person};
use crate::kernel::country;
use crate::kernel::gstin::UNREGISTERED;
use crate::kernel::language::text;
use crate::kernel::phone::readable;
use crate::kernel::pin::PIN_ABROAD;
use crate::kernel::state::State;
use crate::kernel::text::lines_joined;

/// Who issues it.
pub fn head(gstin: &str, parties: &Parties, beside: &Beside) -> Head {
    let seller = &parties.seller;
    let mut lines = Vec::new();
    let name = seller.trade_name.as_ref().unwrap_or(&seller.name);
    if *name != seller.name {
        lines.push(seller.name.clone());
    }
    lines.push(address(seller));
    let pan = gstin.get(2..12).unwrap_or_default();
    lines.push(format!("GSTIN {gstin} · PAN {pan}"));
    let mut ways: Vec<String> = seller.email.clone().into_iter().collect();
    ways.extend(seller.phone.as_deref().map(readable));
    lines.push(ways.join(" · "));
    lines.retain(|line| !line.is_empty());
    Head {
        name: name.clone(),
        lines,
        initials: initials(name),
        logo: beside.logo.clone(),
        logo_url: beside.logo_url.clone(),
        hue: beside.hue,
    }
}

fn initials(name: &str) -> String {
    name.split_whitespace()
        .filter_map(|word| word.chars().next())
        .take(2)
        .flat_map(char::to_uppercase)
        .collect()
}

/// A state with its code: `Maharashtra (27)`.
pub fn state(code: &str) -> String {
    match State::by_code(code) {
        Some(state) => format!("{} ({code})", state.name()),
        None => code.to_owned(),
    }
}

/// An address on one line, its state with the code at the end.
fn address(party: &Person) -> String {
    let mut parts = vec![lines_joined(&party.street)];
    parts.extend(town(party));
    parts.push(place(party));
    parts.retain(|part| !part.is_empty());
    parts.join(", ")
}

fn is_abroad(party: &Person) -> bool {
    !matches!(party.country.as_str(), "" | "IN")
}

/// The town with its PIN code; the code that the authority has for all places abroad is nobody's to read.
fn town(party: &Person) -> Option<String> {
    let pin = match party.pincode.as_str() {
        PIN_ABROAD if is_abroad(party) => "",
        pin => pin,
    };
    let town = format!("{} {pin}", party.city);
    let town = town.trim();
    (!town.is_empty()).then(|| town.to_owned())
}

/// The state, or the country.
fn place(party: &Person) -> String {
    if is_abroad(party) {
        country::name(&party.country).to_owned()
    } else {
        state(&party.state)
    }
}

fn person(label: Label, party: &Person, gstin: Option<String>) -> Party {
    let mut lines = vec![lines_joined(&party.street)];
    lines.extend(town(party).map(|town| format!("{town}, {}", place(party))));
    lines.extend(gstin);
    lines.extend(party.phone.as_deref().map(readable));
    lines.retain(|line| !line.is_empty());
    Party {
        label,
        name: party.name.clone(),
        lines,
    }
}

/// Whom it bills, where the goods go, whence they come.
pub fn people(buyer_gstin: Option<&str>, parties: &Parties, tongues: Tongues) -> Vec<Party> {
    let registration = |gstin: Option<&str>| match gstin {
        Some(gstin) if gstin != UNREGISTERED => format!("GSTIN {gstin}"),
        _ => tongues.label(text!("Not registered under GST")).text,
    };
    let mut people = vec![person(
        tongues.label(text!("Billed to")),
        &parties.buyer,
        Some(registration(buyer_gstin)),
    )];
    let other = |party: &Person| {
        let gstin = party.gstin.as_deref();
        gstin.map(|gstin| registration(Some(gstin)))
    };
    let buyer = &parties.buyer;
    let is_elsewhere = |party: &&Person| {
        !party.street.is_empty()
            && (&party.street, &party.pincode) != (&buyer.street, &buyer.pincode)
    };
    if let Some(delivery) = parties.delivery.as_ref().filter(is_elsewhere) {
        let label = tongues.label(text!("Delivered to"));
        people.push(person(label, delivery, other(delivery)));
    }
    if let Some(dispatch) = &parties.dispatch {
        let label = tongues.label(text!("Dispatched from"));
        people.push(person(label, dispatch, other(dispatch)));
    }
    people
}
