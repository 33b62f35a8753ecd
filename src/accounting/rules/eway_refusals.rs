//! What the portal refuses of e-way bills, by its codes: the field, the words, and how to put it right.

use crate::kernel::language::text;

/// A refusal: its codes, the field as forms name it, what is wrong, and how to put it right; both are keys of the message catalogue.
type Refusal = (
    &'static [&'static str],
    &'static str,
    &'static str,
    &'static str,
);

/// Those that are known.
const REFUSALS: &[Refusal] = &[
    (
        &["4000"],
        "eway_bill",
        text!("The document is not registered any more."),
        text!("Bill the goods again, and make the e-way bill of the new document."),
    ),
    (
        &["4002", "4026", "604"],
        "eway_bill",
        text!("The portal says that there is one already, and does not show it."),
        text!("Look for it in the portal itself, then ask again."),
    ),
    (
        &["4003"],
        "eway_bill",
        text!("The portal does not know the document."),
        text!("Ask again in an hour: documents reach the e-way bill system late at times."),
    ),
    (
        &["4009", "4010"],
        "eway_bill",
        text!("Notes and services need no e-way bill."),
        text!("Nothing has to be done."),
    ),
    (
        &["4011"],
        "vehicle",
        text!("The number of the vehicle is missing."),
        text!("Type the number plate, or the transport document."),
    ),
    (
        &["4012"],
        "paper",
        text!("Number and date of the transport document are missing."),
        text!("Type both as the railway, the airline or the ship's line wrote them."),
    ),
    (
        &["4013", "4038"],
        "distance",
        text!("The distance does not fit these places."),
        text!("Leave it empty: the portal works it out. Within one PIN code it is 1 to 100 km."),
    ),
    (
        &["4014", "304"],
        "vehicle",
        text!("The portal does not know such a number of a vehicle."),
        text!("Type it as on the registration certificate, e.g. TN09AB1234."),
    ),
    (
        &["4015"],
        "gstin",
        text!("The company has not filed its returns, so it gets no e-way bills."),
        text!("File them, and ask again the day after."),
    ),
    (
        &["4018"],
        "transporter_id",
        text!("The portal does not know the transporter."),
        text!("Ask the transporter for the GSTIN or the enrolment number."),
    ),
    (
        &["4019", "4027"],
        "transporter_id",
        text!("Without a vehicle the transporter is needed."),
        text!("Type the GSTIN of the transporter, or the vehicle."),
    ),
    (
        &["4029"],
        "distance",
        text!("Within one PIN code the distance has to be typed."),
        text!("Type 1 to 100 km."),
    ),
    (
        &["4030"],
        "distance",
        text!("The portal does not know the distance."),
        text!("Type how many kilometres it is by road."),
    ),
    (
        &["4031"],
        "eway_bill",
        text!("The place is missing at which the goods leave the country."),
        text!("Make it in the portal itself."),
    ),
    (
        &["4043"],
        "date",
        text!("The document is older than 180 days."),
        text!("No e-way bill is made of it any more."),
    ),
    (
        &["4055", "315"],
        "cancel",
        text!("The 24 hours in which it could be cancelled are over."),
        text!("It stands until it is no longer valid."),
    ),
    (
        &["4057", "312"],
        "cancel",
        text!("The portal does not cancel this e-way bill, and says that it stands."),
        text!("Look at it in the portal itself."),
    ),
    (
        &["316"],
        "cancel",
        text!("It was checked on the road, so it can't be cancelled."),
        text!("It stands until it is no longer valid."),
    ),
    (
        &["4074", "4075", "4076"],
        "delivery_gstin",
        text!("The GSTIN of the delivery address is missing or wrong."),
        text!("Correct the delivery address, cancel the document and bill again."),
    ),
];

/// What a code is about: the field, what is wrong, how to put it right.
pub fn refusal(code: &str) -> Option<(&'static str, &'static str, &'static str)> {
    let (_, field, said, fix) = REFUSALS.iter().find(|(codes, ..)| codes.contains(&code))?;
    Some((field, said, fix))
}
