//! Decisions about customers' ledgers, as pure functions.

states! {
    /// What an entry of the ledger is of.
    EntryKind:
    /// What was open before the ledger began.
    Opening "opening"
    /// An invoice.
    Invoice "invoice"
    /// A bill of supply.
    BillOfSupply "bill_of_supply"
    /// A debit note.
    DebitNote "debit_note"
    /// A credit note.
    CreditNote "credit_note"
    /// A credit without GST.
    CommercialNote "commercial_note"
    /// The end of a document: its amount the other way round.
    Cancellation "cancellation"
    /// Money that came in.
    Receipt "receipt"
    /// A cheque that the bank returned.
    Bounce "bounce"
    /// Money that went back.
    Refund "refund"
    /// What nobody will pay any more.
    WriteOff "write_off"
}
