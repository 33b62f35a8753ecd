//! What may become of a payment.

states! {
    /// How far a payment is.
    Status:
    /// The gateway was asked for it.
    Pending "pending"
    /// It counts. A refund that went out is received too: by the customer.
    Received "received"
    /// Nothing was paid.
    Failed "failed"
    /// The bank returned the cheque.
    Bounced "bounced"
    /// All of it went back.
    Refunded "refunded"
}

states! {
    /// Which way money goes.
    Direction:
    /// From the customer.
    In "in"
    /// Back to it: a refund.
    Out "out"
}

states! {
    /// How it is paid.
    Method:
    /// Notes and coins.
    Cash "cash"
    /// A cheque.
    Cheque "cheque"
    /// UPI.
    Upi "upi"
    /// A bank transfer: NEFT, RTGS or IMPS.
    Neft "neft"
    /// Over a payment gateway.
    Gateway "gateway"
    /// Tax that the customer deducted: it settles bills, and no money moves.
    Tds "tds"
}

/// The steps of a payment; the same as the SQL function `may_step`.
pub const STEPS: &[(Status, Status)] = &[
    (Status::Pending, Status::Received),
    (Status::Pending, Status::Failed),
    (Status::Failed, Status::Received),
    (Status::Received, Status::Bounced),
    (Status::Received, Status::Refunded),
];
