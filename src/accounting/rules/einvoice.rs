//! What may become of a document at the authority.

states! {
    /// How a document stands at the authority.
    Status:
    /// It need not be registered.
    NotRequired "not_required"
    /// It is to be sent.
    Pending "pending"
    /// A call is being made.
    InFlight "in_flight"
    /// A call was made and nobody knows what came of it: it is looked up before anything is sent again.
    Unknown "unknown"
    /// The authority has it.
    Registered "registered"
    /// Refused: a person has to put something right.
    FailedFix "failed_fix"
    /// Not now: it is tried again by itself.
    FailedWait "failed_wait"
    /// Cancelled at the authority.
    Cancelled "cancelled"
    /// The days in which it could be reported are over.
    ExpiredWindow "expired_window"
}

/// The steps of an e-invoice; the same as the SQL function `may_step`.
pub const STEPS: &[(Status, Status)] = &[
    (Status::Pending, Status::InFlight),
    (Status::Pending, Status::FailedFix),
    (Status::Pending, Status::NotRequired),
    (Status::Pending, Status::ExpiredWindow),
    (Status::InFlight, Status::Registered),
    (Status::InFlight, Status::Unknown),
    (Status::InFlight, Status::FailedFix),
    (Status::InFlight, Status::FailedWait),
    (Status::Unknown, Status::Registered),
    (Status::Unknown, Status::InFlight),
    (Status::Unknown, Status::FailedFix),
    (Status::Unknown, Status::ExpiredWindow),
    (Status::FailedWait, Status::InFlight),
    (Status::FailedWait, Status::Pending),
    (Status::FailedWait, Status::NotRequired),
    (Status::FailedWait, Status::ExpiredWindow),
    (Status::FailedFix, Status::Pending),
    (Status::FailedFix, Status::NotRequired),
    (Status::FailedFix, Status::ExpiredWindow),
    (Status::ExpiredWindow, Status::Pending),
    (Status::Registered, Status::Cancelled),
];
