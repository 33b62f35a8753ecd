//! How numbers of documents look.

use super::document::Kind;

/// The template of a registration's usual series. The first registration of a company has the plain one; the others name theirs by state
/// and thirteenth character, so that no two of a company are alike. Sixteen characters at most, up to number 99,999.
pub fn template(kind: Kind, gstin: Option<&str>, is_first: bool) -> String {
    let (word, letter) = match kind {
        Kind::Invoice => ("INV", "I"),
        Kind::BillOfSupply => ("BOS", "B"),
        Kind::CreditNote => ("CN", "C"),
        Kind::DebitNote => ("DN", "D"),
        Kind::CommercialNote => ("CM", "M"),
    };
    match gstin {
        Some(gstin) if !is_first => {
            let (state, place) = (gstin.get(..2), gstin.get(12..13));
            format!(
                "{letter}{}{}/{{FY}}/{{SEQ:5}}",
                state.unwrap_or_default(),
                place.unwrap_or_default()
            )
        }
        _ => format!("{word}/{{FY}}/{{SEQ:5}}"),
    }
}
