//! What is known of an invoice before it is issued.

use crate::accounting::actions::Draft;
use crate::accounting::rules::kind::Liability;
use crate::kernel::dates;
use crate::kernel::language::{Lang, Said, text};
use crate::tax::rules::{Nature, SupplyType};

/// A supply in words; a key of the message catalogue.
const fn supply_words(supply: SupplyType) -> &'static str {
    match supply {
        SupplyType::B2b => text!("To a registered buyer"),
        SupplyType::B2c => text!("To a buyer without GSTIN"),
        SupplyType::SezWithPayment => text!("To a SEZ with payment of IGST"),
        SupplyType::SezWithoutPayment => text!("To a SEZ without payment, under LUT"),
        SupplyType::ExportWithPayment => text!("Export with payment of IGST"),
        SupplyType::ExportWithoutPayment => text!("Export without payment, under LUT"),
        SupplyType::DeemedExport => text!("Deemed export"),
    }
}

/// Whether the authority will have to know of it, and why not.
pub fn einvoiced(lang: Lang, draft: &Draft) -> String {
    lang.say(&match draft.liability {
        Liability::Pending { .. } => {
            Said::new("Once issued, it is registered at the authority as an e-invoice.")
        }
        Liability::NotRequired(why) => {
            Said::new("It will be no e-invoice: {why}").naming("why", why)
        }
    })
}

/// Whom and what it bills, and when.
pub fn facts(lang: Lang, draft: &Draft) -> Vec<(String, String)> {
    let fact = |label: &str, value: String| (lang.t(label).into_owned(), value);
    let buyer = draft.setting.parties.pointer("/buyer/name");
    let buyer = buyer
        .and_then(serde_json::Value::as_str)
        .unwrap_or_default();
    let heads = match draft.nature {
        _ if draft.is_without_payment() => lang.t("None is charged").into_owned(),
        Nature::Inter => "IGST".to_owned(),
        Nature::Intra(half) => format!("CGST + {}", half.as_str()),
    };
    let mut facts = vec![
        fact("Customer", buyer.to_owned()),
        fact(
            "GSTIN",
            draft
                .setting
                .buyer_gstin
                .clone()
                .unwrap_or_else(|| "–".to_owned()),
        ),
        fact("Order", draft.setting.order_no.clone()),
        fact("Place of supply", lang.t(draft.place.name()).into_owned()),
        fact("Tax", heads),
        fact("Date", dates::date(draft.day, lang)),
        fact("Due on", dates::date(draft.due_on, lang)),
    ];
    if draft.supply_type != SupplyType::B2b && draft.supply_type != SupplyType::B2c {
        let supply = lang.t(supply_words(draft.supply_type));
        facts.push(fact("Supply", supply.into_owned()));
    }
    facts
}

/// What it comes to, sum by sum.
pub fn totals(lang: Lang, draft: &Draft) -> Vec<(String, String)> {
    let Some(bill) = &draft.bill else {
        return Vec::new();
    };
    let half = match draft.nature {
        Nature::Intra(half) => half.as_str(),
        Nature::Inter => "SGST",
    };
    let rows = [
        ("Taxable value", bill.taxable),
        ("CGST", bill.cgst),
        (half, bill.sgst),
        ("IGST", bill.igst),
        ("Cess", bill.cess),
        ("Discount", -bill.late_discount),
        ("Other charges", bill.other_charges),
        ("Round-off", bill.round_off),
    ];
    rows.into_iter()
        .filter(|(_, amount)| !amount.is_zero())
        .map(|(label, amount)| (lang.t(label).into_owned(), amount.to_string()))
        .collect()
}
