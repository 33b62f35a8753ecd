//! One type for each kind of id, a UUIDv7 inside: an order's id can't be passed where a line's is meant.

/// Defines id types.
macro_rules! ids {
    ($($(#[$about:meta])* $name:ident),* $(,)?) => { $(
        $(#[$about])*
        #[derive(
            Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
            diesel::expression::AsExpression, diesel::deserialize::FromSqlRow,
        )]
        #[diesel(sql_type = diesel::sql_types::Uuid)]
        #[serde(transparent)]
        pub struct $name(uuid::Uuid);

        impl $name {
            /// A new id; later ones sort after earlier ones.
            #[expect(clippy::new_without_default, reason = "a new id is never a default")]
            pub fn new() -> Self {
                Self(uuid::Uuid::now_v7())
            }

            /// The bare uuid.
            pub fn uuid(self) -> uuid::Uuid {
                self.0
            }
        }

        impl From<uuid::Uuid> for $name {
            fn from(id: uuid::Uuid) -> Self {
                Self(id)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{}({})", stringify!($name), self.0)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, uuid::Error> {
                uuid::Uuid::parse_str(text).map(Self)
            }
        }

        impl diesel::serialize::ToSql<diesel::sql_types::Uuid, diesel::pg::Pg> for $name {
            fn to_sql<'b>(&'b self, out: &mut diesel::serialize::Output<'b, '_, diesel::pg::Pg>) -> diesel::serialize::Result {
                diesel::serialize::ToSql::<diesel::sql_types::Uuid, diesel::pg::Pg>::to_sql(&self.0, out)
            }
        }

        impl diesel::deserialize::FromSql<diesel::sql_types::Uuid, diesel::pg::Pg> for $name {
            fn from_sql(bytes: diesel::pg::PgValue<'_>) -> diesel::deserialize::Result<Self> {
                <uuid::Uuid as diesel::deserialize::FromSql<diesel::sql_types::Uuid, diesel::pg::Pg>>::from_sql(bytes).map(Self)
            }
        }
    )* };
}

ids!(
    /// A company, the tenant of its rows.
    TenantId,
    /// A person.
    UserId,
    /// A retailer.
    RetailerId,
    /// A company's record of a buyer.
    CustomerId,
    /// An employee of a company.
    EmployeeId,
    /// An invitation into a company.
    InvitationId,
    /// A filter of a list, kept under a name.
    SavedViewId,
    /// A GST registration.
    RegistrationId,
    /// What ties a retailer to a customer.
    ConnectionId,
    /// A background job.
    JobId,
    /// A letter.
    MailId,
    /// A file.
    FileId,
    /// A signed-in browser.
    SessionId,
    /// A request.
    RequestId,
    /// A one-time code.
    CodeId,
    /// A company's own tax rate.
    RateId,
    /// A company's own rate of tax deducted at source.
    WithholdingId,
    /// A group of customers.
    GroupId,
    /// An address of a customer.
    AddressId,
    /// A letter that lets a customer's people into the portal.
    RetailerInvitationId,
    /// A category of products.
    CategoryId,
    /// A product.
    ProductId,
    /// A picture of a product.
    PictureId,
    /// A price list.
    PriceListId,
    /// A price in a list.
    PriceItemId,
    /// A warehouse.
    WarehouseId,
    /// A move in the stock ledger.
    MoveId,
    /// A cart.
    CartId,
    /// An order.
    OrderId,
    /// A line of an order.
    OrderLineId,
    /// Something that happened to an order.
    OrderEventId,
    /// A shipment.
    ShipmentId,
    /// A line of a shipment.
    ShipmentLineId,
    /// A vehicle.
    VehicleId,
    /// A driver.
    DriverId,
    /// A file that is being read in.
    ImportId,
    /// A tax document.
    DocumentId,
    /// A line of a tax document.
    DocumentLineId,
    /// A series of numbers of documents.
    SeriesId,
    /// A letter of undertaking.
    UndertakingId,
    /// The turnover of a year.
    TurnoverId,
    /// An entry in the ledger: that of a document or payment has the same id.
    EntryId,
    /// What was set against what.
    AllocationId,
    /// An agreement on instalments of a bill.
    InstalmentPlanId,
    /// A payment.
    PaymentId,
    /// An account at a payment gateway.
    GatewayAccountId,
    /// What a gateway told us.
    GatewayEventId,
    /// How a registration signs in at the authority.
    EInvoiceAccountId,
    /// A call to the authority.
    AttemptId,
    /// An e-way bill.
    EWayBillId,
    /// A change of the vehicle of an e-way bill.
    EWayVehicleId,
);
