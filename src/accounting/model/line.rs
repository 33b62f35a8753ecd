//! Lines of tax documents: rows and queries.

use crate::accounting::rules::document::Kind;
use crate::error::AppError;
use crate::kernel::ids::{
    CustomerId, DocumentId, DocumentLineId, OrderLineId, ProductId, ShipmentLineId,
};
use crate::kernel::money::{Money, UnitPrice};
use crate::platform::db::Scope;
use crate::platform::db::schema::document_lines;
use crate::tax::rules::{Rate, Treatment};
use chrono::{DateTime, Utc};
use diesel::dsl::sql;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::Bool;
use rust_decimal::Decimal;

/// A line of a tax document, frozen with its rate and its tax.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = document_lines)]
pub struct DocumentLine {
    /// The line.
    pub id: DocumentLineId,
    /// The document.
    pub document_id: DocumentId,
    /// The document's kind.
    pub kind: Kind,
    /// The customer.
    pub customer_id: CustomerId,
    /// Its place on the document.
    pub position: i32,
    /// The order's line.
    pub order_line_id: Option<OrderLineId>,
    /// The shipment's line whose units it bills or takes back; null for a note on the price alone.
    pub shipment_line_id: Option<ShipmentLineId>,
    /// For a note: the line that it corrects.
    pub original_line_id: Option<DocumentLineId>,
    /// The product.
    pub product_id: Option<ProductId>,
    /// Its code then.
    pub sku: String,
    /// Its name then.
    pub name: String,
    /// Its name then in Hindi, if it had one.
    pub name_hi: Option<String>,
    /// Its HSN or SAC then.
    pub hsn: String,
    /// Whether it is a service: its code begins with 99.
    pub is_service: bool,
    /// Unit, as GST codes it; services may have none.
    pub unit: Option<String>,
    /// Units in a pack then.
    pub pack_size: Decimal,
    /// What a pack was called then, or null.
    pub pack_name: Option<String>,
    /// Units billed.
    pub quantity: Decimal,
    /// Units given free beside them.
    pub free_quantity: Decimal,
    /// Price of a unit as agreed, in the document's currency.
    pub price: UnitPrice,
    /// Whether that price holds the tax.
    pub includes_tax: bool,
    /// Price of a unit before tax, in rupees, as e-invoices want it.
    pub net_price: Decimal,
    /// Quantity at the price before tax and discount, in rupees.
    pub gross: Money,
    /// Discount of the line as agreed: with tax where the price holds it.
    pub line_discount: Money,
    /// Its share of a discount on the whole document before tax, in the same way.
    pub shared_discount: Money,
    /// Both, before tax, in rupees.
    pub discount: Money,
    /// taxable, nil, exempt or non_gst.
    pub treatment: Treatment,
    /// GST, per cent.
    pub tax_rate: Decimal,
    /// Cess on the value, per cent.
    pub cess_rate: Decimal,
    /// Specific cess, rupees for a unit.
    pub cess_per_unit: Decimal,
    /// Taxable value, in rupees.
    pub taxable: Money,
    /// Central tax, in rupees.
    pub cgst: Money,
    /// State or union territory tax, in rupees.
    pub sgst: Money,
    /// Integrated tax, in rupees.
    pub igst: Money,
    /// Cess on the value, in rupees.
    pub cess: Money,
    /// Specific cess, in rupees.
    pub cess_fixed: Money,
    /// All of it; without tax under reverse charge. In rupees.
    pub total: Money,
    /// When it was issued.
    pub created_at: DateTime<Utc>,
}

impl DocumentLine {
    fn of<'q>(scope: &Scope) -> document_lines::BoxedQuery<'q, Pg> {
        document_lines::table
            .filter(document_lines::tenant_id.eq(scope.tenant()))
            .into_boxed()
    }

    /// The lines of some documents, each document's in their order. One statement.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn of_documents(
        scope: &mut Scope,
        documents: &[DocumentId],
    ) -> Result<Vec<Self>, AppError> {
        let rows = Self::of(scope)
            .filter(document_lines::document_id.eq_any(documents.to_vec()))
            .order((document_lines::document_id, document_lines::position))
            .select(Self::as_select());
        Ok(scope.load(rows)?)
    }

    /// The same, each with whether its HSN code is known: it, or what it stands under, is in the tariff here, or the company has a rate of its own
    /// for it. One statement.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn of_documents_with_codes(
        scope: &mut Scope,
        documents: &[DocumentId],
    ) -> Result<Vec<(Self, bool)>, AppError> {
        let is_known = sql::<Bool>(
            "(exists (select from hsn_codes h where h.code in (left(document_lines.hsn, 4), left(document_lines.hsn, 6), document_lines.hsn))
               or exists (select from own_tax_rates r where r.tenant_id = document_lines.tenant_id and starts_with(document_lines.hsn, r.hsn_prefix)))",
        );
        let rows = Self::of(scope)
            .filter(document_lines::document_id.eq_any(documents.to_vec()))
            .order((document_lines::document_id, document_lines::position))
            .select((Self::as_select(), is_known));
        Ok(scope.load(rows)?)
    }

    /// The lines of a document, in their order.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn find(scope: &mut Scope, document: DocumentId) -> Result<Vec<Self>, AppError> {
        Self::of_documents(scope, &[document])
    }

    /// Its rate of tax, frozen.
    pub fn rate(&self) -> Rate {
        Rate {
            gst: self.tax_rate.normalize(),
            cess: self.cess_rate.normalize(),
            cess_per_unit: self.cess_per_unit.normalize(),
            treatment: self.treatment,
        }
    }
}
