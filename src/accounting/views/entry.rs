//! What entries of the ledger are called, and where they lead.

use crate::kernel::language::{Lang, Said};
use crate::ledger::rules::EntryKind;

/// A debit or a credit as a page names it.
#[derive(Clone, Debug)]
pub struct Named {
    /// "Invoice MH/26-27/00042", "Opening balance".
    pub words: String,
    /// Its number, or what it is where it has none.
    pub short: String,
    /// What it is.
    pub kind: String,
    /// Where it is shown, if anywhere.
    pub href: Option<String>,
}

/// Where a company's documents and payments are shown.
fn office_path(kind: EntryKind, url_no: Option<&str>, payment: Option<&str>) -> Option<String> {
    let list = match kind {
        EntryKind::Invoice | EntryKind::BillOfSupply => "invoices",
        EntryKind::CreditNote | EntryKind::CommercialNote => "credit-notes",
        EntryKind::DebitNote => "debit-notes",
        EntryKind::Receipt
        | EntryKind::Bounce
        | EntryKind::Refund
        | EntryKind::Cancellation
        | EntryKind::Opening
        | EntryKind::WriteOff => return Some(format!("payments/{}", payment?)),
    };
    Some(format!("{list}/{}", url_no?))
}

impl Named {
    /// An entry by its kind and numbers, for the company's own people. `document` is what a cancelled document was.
    pub fn office(
        lang: Lang,
        base: &str,
        (kind, document): (EntryKind, Option<EntryKind>),
        (number, url_no): (Option<&str>, Option<&str>),
    ) -> Self {
        let of = document.unwrap_or(kind);
        let payment = if url_no.is_none() { number } else { None };
        let mut named = Self::plain(lang, (kind, document), number);
        named.href = office_path(of, url_no, payment).map(|path| format!("{base}/{path}"));
        named
    }

    /// The same for a retailer: bills and notes lead to themselves, payments nowhere. Every document has one address there, which says what a note
    /// is in its query.
    pub fn shop(
        lang: Lang,
        base: &str,
        (kind, document): (EntryKind, Option<EntryKind>),
        (number, url_no): (Option<&str>, Option<&str>),
    ) -> Self {
        let note = match document.unwrap_or(kind) {
            EntryKind::CreditNote | EntryKind::CommercialNote => "?kind=credit-note",
            EntryKind::DebitNote => "?kind=debit-note",
            _ => "",
        };
        let mut named = Self::plain(lang, (kind, document), number);
        named.href = url_no.map(|url_no| format!("{base}/bills/{url_no}{note}"));
        named
    }

    /// The same of tax that the customer deducted, which is no money that came or went.
    pub fn of_tax(mut self, lang: Lang, kind: EntryKind, number: Option<&str>) -> Self {
        let label = match kind {
            EntryKind::Refund => lang.t("Tax deduction taken back"),
            _ => lang.t("Tax deducted"),
        };
        self.words = number.map_or_else(|| label.to_string(), |number| format!("{label} {number}"));
        self.kind = label.into_owned();
        self
    }

    /// The same without an address.
    pub fn plain(
        lang: Lang,
        (kind, document): (EntryKind, Option<EntryKind>),
        number: Option<&str>,
    ) -> Self {
        let mut label = lang.t(kind.label()).into_owned();
        if kind == EntryKind::Cancellation
            && let Some(document) = document
        {
            label =
                lang.say(&Said::new("{document} cancelled").naming("document", document.label()));
        }
        Self {
            words: number.map_or_else(|| label.clone(), |number| format!("{label} {number}")),
            short: number.map_or_else(|| label.clone(), str::to_owned),
            kind: label,
            href: None,
        }
    }
}
