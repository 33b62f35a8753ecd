//! What a document comes to, and how it is paid.

use super::lines::{Heads, with_places};
use super::of::fact;
use super::{Fact, Label, Pay, Qr, Tongues, Weight};
use crate::accounting::model::{Bank, Document, Parties};
use crate::kernel::language::{Lang, Said, text};
use crate::kernel::money::Money;
use crate::kernel::qr::Strength;

/// From the taxable value to the total, and what is open of it.
pub fn totals(
    document: &Document,
    heads: &Heads,
    open: Option<Money>,
    tongues: Tongues,
) -> Vec<Fact> {
    let label = |key| tongues.label(key);
    let mut totals = Vec::new();
    if heads.has_tax {
        let value = document.taxable.to_string();
        totals.push(fact(label(text!("Taxable value")), value));
        if heads.is_inter {
            totals.push(fact(Label::plain("IGST"), document.igst.to_string()));
        } else {
            totals.push(fact(Label::plain("CGST"), document.cgst.to_string()));
            totals.push(fact(Label::plain(heads.half), document.sgst.to_string()));
        }
        if heads.has_cess {
            totals.push(fact(label(text!("Cess")), document.cess.to_string()));
        }
    } else {
        totals.push(fact(label(text!("Value")), document.taxable.to_string()));
    }
    if document.is_reverse_charge {
        let tax = document.cgst + document.sgst + document.igst + document.cess;
        let said = label(text!("Tax, paid by the buyer"));
        totals.push(fact(said, (-tax).to_string()));
    }
    if !document.late_discount.is_zero() {
        let said = label(text!("Discount after tax"));
        totals.push(fact(said, (-document.late_discount).to_string()));
    }
    if !document.other_charges.is_zero() {
        let said = label(text!("Other charges"));
        totals.push(fact(said, document.other_charges.to_string()));
    }
    if !document.round_off.is_zero() {
        totals.push(fact(
            label(text!("Round off")),
            document.round_off.to_string(),
        ));
    }
    totals.push(Fact {
        weight: Weight::Grand,
        ..fact(label(text!("Total")), document.total.to_string())
    });
    if let (Some(currency), Some(total)) = (&document.currency, document.total_fc) {
        let said = Said::new("Total in {currency}").with("currency", currency);
        totals.push(fact(
            tongues.say(&said),
            format!("{currency} {}", with_places(total)),
        ));
    }
    if let Some(open) = open {
        let settled = document.total - open;
        if !settled.is_zero() {
            totals.push(fact(label(text!("Settled")), (-settled).to_string()));
        }
        totals.push(Fact {
            weight: Weight::Strong,
            ..fact(label(text!("Balance due")), open.to_string())
        });
    }
    totals
}

/// How to pay what is due.
pub fn pay(parties: &Parties, due: Money, number: &str, tongues: Tongues) -> Option<Pay> {
    let lines = parties.bank.lines();
    if lines.is_empty() {
        return None;
    }
    let payee = &parties.seller.name;
    Some(Pay {
        label: tongues.label(text!("How to pay")),
        lines,
        qr: upi_code(&parties.bank, (payee, due, number), tongues.first),
    })
}

/// The code with which an amount is paid by UPI; none where there is nothing to pay, or no UPI address. `number` is what the payee reads.
pub fn upi_code(bank: &Bank, (payee, due, number): (&str, Money, &str), lang: Lang) -> Option<Qr> {
    let upi = bank.upi.as_ref()?;
    if due.is_zero() || due.is_negative() {
        return None;
    }
    let said = Said::new("UPI code to pay {amount}").with("amount", due.to_string());
    let text = upi_text(upi, payee, due, number);
    Qr::of(&text, Strength::Medium, lang.say(&said))
}

/// What a UPI code holds.
pub fn upi_text(upi: &str, name: &str, amount: Money, note: &str) -> String {
    let part = |text: &str| {
        url::form_urlencoded::byte_serialize(text.as_bytes())
            .collect::<String>()
            .replace('+', "%20")
    };
    format!(
        "upi://pay?pa={}&pn={}&am={}&cu=INR&tn={}",
        upi,
        part(name),
        amount.as_decimal(),
        part(note)
    )
}
