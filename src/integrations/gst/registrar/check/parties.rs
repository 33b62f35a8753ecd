//! Who supplies, who receives, where the goods start and end.

use super::{Document, Facts, Refusal, Taxpayer, masters};
use serde_json::Value;

/// What is wrong with the parties and their places.
pub fn refusals(document: &Document, facts: &Facts) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    if document.seller() != facts.gstin {
        refusals.push(Refusal::about("2169", document.seller()));
    }
    if document.seller() == document.buyer() {
        refusals.push(Refusal::of("2211"));
    }
    if refusals.is_empty() {
        supplier(document, facts, &mut refusals);
        recipient(document, facts, &mut refusals);
        operator(document, facts, &mut refusals);
    }
    places(document, &mut refusals);
    pincodes(document, &mut refusals);
    refusals
}

fn supplier(document: &Document, facts: &Facts, refusals: &mut Vec<Refusal>) {
    let gstin = document.seller();
    let Some(seller) = facts.taxpayers.get(gstin) else {
        return refusals.push(Refusal::about("3028", gstin));
    };
    let code = match (seller.taxpayer_type.as_str(), seller.status.as_str()) {
        (_, "SUS" | "CNL") => Some("3029"),
        ("SEZ", _) => Some("2231"),
        ("REG" | "SED" | "CAS", _) => (!seller.is_einvoicing).then_some("3026"),
        _ => Some("2301"),
    };
    refusals.extend(code.map(|code| Refusal::about(code, gstin)));
}

fn recipient(document: &Document, facts: &Facts, refusals: &mut Vec<Refusal>) {
    let gstin = document.buyer();
    if gstin == "URP" {
        return;
    }
    match facts.taxpayers.get(gstin) {
        None => refusals.push(Refusal::about("3028", gstin)),
        // A suspended recipient still receives.
        Some(buyer) if buyer.status == "CNL" => refusals.push(Refusal::about("3029", gstin)),
        Some(_) => {}
    }
}

/// An operator may be named only by itself, and must be one.
fn operator(document: &Document, facts: &Facts, refusals: &mut Vec<Refusal>) {
    let gstin = document.text("/TranDtls/EcmGstin");
    if gstin.is_empty() {
        return;
    }
    let is_operator = |taxpayer: &Taxpayer| taxpayer.taxpayer_type == "TCS";
    if !facts.taxpayers.get(gstin).is_some_and(is_operator) {
        refusals.push(Refusal::about("2195", gstin));
    } else if gstin == document.seller() {
        refusals.push(Refusal::of("2299"));
    } else if gstin == document.buyer() {
        refusals.push(Refusal::of("2300"));
    }
}

/// State codes, against GSTINs and against the kind of supply.
fn places(document: &Document, refusals: &mut Vec<Refusal>) {
    let mut refuse = |is_wrong: bool, code: &str| {
        if is_wrong {
            refusals.push(Refusal::of(code));
        }
    };
    let seller = masters::two_digits(document.text("/SellerDtls/Stcd"));
    refuse(!masters::is_state(&seller), "2259");
    refuse(
        masters::is_state(&seller) && !document.seller().starts_with(&seller),
        "2258",
    );
    if document.buyer() != "URP" {
        let buyer = masters::two_digits(document.text("/BuyerDtls/Stcd"));
        let is_known = masters::is_state(&buyer);
        refuse(buyer == "96", "2269");
        refuse(!is_known && buyer != "96", "2260");
        refuse(is_known && !document.buyer().starts_with(&buyer), "2265");
    }
    for (part, abroad) in [("/ShipDtls", "2271"), ("/DispDtls", "2273")] {
        if document.part(part).is_none() {
            continue;
        }
        let state = masters::two_digits(document.text(&format!("{part}/Stcd")));
        let may_be_abroad = document.is_export() && part == "/ShipDtls";
        refuse(state == "96" && !may_be_abroad, abroad);
        refuse(state != "96" && !masters::is_state(&state), "2200");
    }
    let ship_to = document.text("/ShipDtls/Gstin");
    if !ship_to.is_empty() && ship_to != "URP" {
        let state = masters::two_digits(document.text("/ShipDtls/Stcd"));
        refuse(ship_to == document.buyer(), "2323");
        refuse(
            ship_to != document.buyer() && !ship_to.starts_with(&state),
            "2325",
        );
    }
}

/// Pincodes, against states and against the kind of supply.
fn pincodes(document: &Document, refusals: &mut Vec<Refusal>) {
    let parts = [
        ("/SellerDtls", "2275"),
        ("/BuyerDtls", "2274"),
        ("/DispDtls", "2276"),
        ("/ShipDtls", "2272"),
    ];
    for (part, abroad) in parts {
        let pin = document
            .root()
            .pointer(&format!("{part}/Pin"))
            .and_then(Value::as_u64)
            .and_then(|pin| u32::try_from(pin).ok());
        let state = masters::two_digits(document.text(&format!("{part}/Stcd")));
        let Some(pin) = pin else { continue };
        let may_be_abroad = document.is_export() && matches!(part, "/BuyerDtls" | "/ShipDtls");
        if pin == 999_999 {
            if !may_be_abroad && state != "97" {
                refusals.push(Refusal::of(abroad));
            }
        } else if !masters::is_pin(pin) {
            refusals.push(Refusal::about("3038", pin));
        } else if masters::is_state(&state) && !masters::is_pin_of(pin, &state) {
            refusals.push(Refusal::about("3039", format!("{pin}, {state} ({part})")));
        }
    }
}
