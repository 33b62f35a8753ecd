//! What may become of an e-way bill.

states! {
    /// How far an e-way bill is.
    Status:
    /// It is to be made.
    Asked "asked"
    /// A call is being made.
    InFlight "in_flight"
    /// A call was made and nobody knows what came of it.
    Unknown "unknown"
    /// The portal did not make it.
    Refused "refused"
    /// It is made.
    Active "active"
    /// It was cancelled there.
    Cancelled "cancelled"
    /// Given up before it was made.
    Dropped "dropped"
}

/// The steps of an e-way bill; the same as the SQL function `may_step`.
pub const STEPS: &[(Status, Status)] = &[
    (Status::Asked, Status::InFlight),
    (Status::Asked, Status::Dropped),
    (Status::InFlight, Status::Active),
    (Status::InFlight, Status::Unknown),
    (Status::InFlight, Status::Refused),
    (Status::Unknown, Status::Active),
    (Status::Unknown, Status::InFlight),
    (Status::Refused, Status::Asked),
    (Status::Refused, Status::Dropped),
    (Status::Active, Status::Cancelled),
];
