//! What somebody has typed beside what another person has saved meanwhile.

use crate::kernel::dates;
use crate::kernel::ids::AddressId;
use crate::kernel::language::{Lang, Said, text};
use crate::orders::actions::{Header, Quote};
use crate::orders::forms::EditorForm;
use crate::orders::model::{Destination, Order, OrderLine};
use crate::orders::rules::{self, DraftField};

/// What is saved otherwise than it was typed: the terms with both values, then the lines.
pub(super) fn differences(
    (order, stored): (&Order, &[OrderLine]),
    (form, header): (&EditorForm, &Header),
    quote: &Quote,
    addresses: &[Destination],
) -> Vec<Said> {
    let mut found: Vec<Said> = rules::field_differences(vec![
        ship_to(order, quote, addresses),
        (
            text!("Purchase order"),
            order.po_number.clone(),
            header.po_number.clone().or_else(|| typed(&form.po_number)),
        ),
        (
            text!("Wanted on"),
            order.wanted_on.map(|day| dates::date(day, Lang::En)),
            header
                .wanted_on
                .map(|day| dates::date(day, Lang::En))
                .or_else(|| typed(&form.wanted_on)),
        ),
        (
            text!("Note"),
            order.note.clone(),
            header.note.clone().or_else(|| typed(&form.note)),
        ),
    ])
    .collect();
    found.extend(rules::draft_differences(stored, &pairs(quote)));
    found
}

/// What can't be read as a value stands there all the same.
fn typed(text: &str) -> Option<String> {
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// Where the goods go: as the page offers it, or in the words of an address that is offered no more.
fn ship_to(order: &Order, quote: &Quote, addresses: &[Destination]) -> DraftField {
    let (saved, chosen) = (order.ship_to_id, quote.terms.address_id);
    let label = text!("Ship to");
    if saved == chosen {
        return (label, None, None);
    }
    let words = |id: Option<AddressId>, otherwise: Option<&str>| {
        let known = addresses.iter().find(|row| Some(row.id) == id);
        known.map(Destination::words).or_else(|| typed(otherwise?))
    };
    (
        label,
        words(saved, Some(&order.ship_to)),
        words(chosen, quote.terms.address.as_deref()),
    )
}

/// Name, quantity and price of what was typed, for a comparison with what is stored.
fn pairs(quote: &Quote) -> Vec<rules::DraftLine> {
    quote
        .lines
        .iter()
        .filter(|priced| priced.amounts.is_some())
        .map(|priced| rules::DraftLine {
            product: priced.line.product_id,
            name: priced.line.name.clone(),
            quantity: priced.line.quantity,
            price: priced.line.price,
        })
        .collect()
}
