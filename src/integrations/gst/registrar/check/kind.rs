//! The type of supply: whether parties and flags fit it.

use super::{Document, Facts, Refusal};

/// What is wrong with the type of supply.
pub fn refusals(document: &Document, facts: &Facts) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    let mut refuse = |is_wrong: bool, code: &str| {
        if is_wrong {
            refusals.push(Refusal::of(code));
        }
    };
    if let Some(buyer) = facts.taxpayers.get(document.buyer()) {
        refuse(buyer.is_sez() && !document.is_for_sez(), "2246");
        refuse(!buyer.is_sez() && document.is_for_sez(), "2247");
        refuse(
            document.supply() == "DEXP"
                && !buyer.is_sez()
                && !matches!(buyer.taxpayer_type.as_str(), "REG" | "CAS"),
            "2298",
        );
        refuse(
            document.is_reverse_charge() && buyer.taxpayer_type == "ISD",
            "2297",
        );
    }
    refuse(
        document.is_reverse_charge() && !matches!(document.supply(), "B2B" | "SEZWP" | "SEZWOP"),
        "2162",
    );
    if document.is_igst_on_intra() {
        if document.is_export() || document.is_for_sez() {
            refuse(true, "2268");
        } else if document.is_inter_state(facts) {
            refuse(true, "2294");
        } else {
            refuse(!document.is_reverse_charge(), "2262");
        }
    }
    refusals
}
