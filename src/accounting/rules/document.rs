//! What a tax document is, and what may become of it.

use crate::kernel::language::text;
use crate::ledger::rules::EntryKind;

states! {
    /// What a tax document is.
    Kind:
    /// An invoice with tax.
    Invoice "invoice"
    /// An invoice for what bears none.
    BillOfSupply "bill_of_supply"
    /// Less is owed.
    CreditNote "credit_note"
    /// More is owed.
    DebitNote "debit_note"
    /// Less is owed, and the tax stays as it was.
    CommercialNote "commercial_note"
}

states! {
    /// How far a document is.
    Status:
    /// It stands.
    Issued "issued"
    /// It was taken back, and keeps its number.
    Cancelled "cancelled"
}

states! {
    /// Why there is a note.
    Reason:
    /// Goods came back.
    Return "return"
    /// The price was wrong.
    Price "price"
    /// The goods were not as they should be.
    Deficiency "deficiency"
    /// A discount after the sale.
    Discount "discount"
    /// Something else; the note says it in words.
    Other "other"
}

/// The steps of a document's life; the same as the SQL function `may_step`.
pub const STEPS: &[(Status, Status)] = &[(Status::Issued, Status::Cancelled)];

/// Kinds that stand under one address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Family {
    /// `/invoices`.
    Bills,
    /// `/credit-notes`.
    CreditNotes,
    /// `/debit-notes`.
    DebitNotes,
}

impl Family {
    /// The kinds of documents in it.
    pub const fn kinds(self) -> &'static [Kind] {
        match self {
            Self::Bills => &[Kind::Invoice, Kind::BillOfSupply],
            Self::CreditNotes => &[Kind::CreditNote, Kind::CommercialNote],
            Self::DebitNotes => &[Kind::DebitNote],
        }
    }
}

impl Kind {
    /// What its entry in the ledger is.
    pub const fn entry(self) -> EntryKind {
        match self {
            Self::Invoice => EntryKind::Invoice,
            Self::BillOfSupply => EntryKind::BillOfSupply,
            Self::CreditNote => EntryKind::CreditNote,
            Self::DebitNote => EntryKind::DebitNote,
            Self::CommercialNote => EntryKind::CommercialNote,
        }
    }

    /// As people say it; a key of the message catalogue.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Invoice => text!("Tax invoice"),
            Self::BillOfSupply => text!("Bill of supply"),
            Self::CreditNote => text!("Credit note"),
            Self::DebitNote => text!("Debit note"),
            Self::CommercialNote => text!("Credit note without GST"),
        }
    }

    /// The address under which it stands.
    pub const fn family(self) -> Family {
        match self {
            Self::Invoice | Self::BillOfSupply => Family::Bills,
            Self::CreditNote | Self::CommercialNote => Family::CreditNotes,
            Self::DebitNote => Family::DebitNotes,
        }
    }
}
