//! What a search finds across the rooms of a company.

use crate::error::AppError;
use crate::kernel::language::text;
use crate::logistics::model::Shipment;
use crate::platform::db::{Scope, prepared};
use diesel::prelude::*;
use diesel::sql_types::{Array, Text, Uuid as SqlUuid};

/// What was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HitKind {
    Order,
    Shipment,
    Customer,
    Product,
    Person,
}

impl HitKind {
    const ALL: [Self; 5] = [
        Self::Order,
        Self::Shipment,
        Self::Customer,
        Self::Product,
        Self::Person,
    ];

    /// As the statement says it.
    fn code(self) -> &'static str {
        match self {
            Self::Order => "order",
            Self::Shipment => "shipment",
            Self::Customer => "customer",
            Self::Product => "product",
            Self::Person => "person",
        }
    }

    /// As people say it; a key of the message catalogue.
    pub fn label(self) -> &'static str {
        match self {
            Self::Order => text!("Orders"),
            Self::Shipment => text!("Shipments"),
            Self::Customer => text!("Customers"),
            Self::Product => text!("Products"),
            Self::Person => text!("People"),
        }
    }

    /// Where its page is, under the company's address.
    pub fn path(self) -> &'static str {
        match self {
            Self::Order => "/orders",
            Self::Shipment => "/shipments",
            Self::Customer => "/customers",
            Self::Product => "/products",
            Self::Person => "/settings/people",
        }
    }

    pub fn icon(self) -> &'static str {
        match self {
            Self::Order => "receipt",
            Self::Shipment => "truck",
            Self::Customer => "shop",
            Self::Product => "box",
            Self::Person => "person",
        }
    }
}

/// Something that was found.
#[derive(Clone, Debug)]
pub struct Hit {
    pub kind: HitKind,
    /// What its address ends in.
    pub key: String,
    pub label: String,
    pub text: String,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Text)]
    key: String,
    #[diesel(sql_type = Text)]
    label: String,
    #[diesel(sql_type = Text)]
    words: String,
}

/// Six of each kind at most, each found as its own list finds it: orders and shipments the newest first, the others by name.
const FIND: &str = "
    (select 'order' as kind, o.number as key, o.number as label, c.name as words
       from orders o join customers c on c.tenant_id = o.tenant_id and c.id = o.customer_id
       where 'order' = any ($3) and o.tenant_id = $1 and o.id in (select search_orders($2, 6)) order by o.id desc limit 6)
    union all
    (select 'shipment', s.number, s.number, c.name
       from shipments s join customers c on c.tenant_id = s.tenant_id and c.id = s.customer_id
       where 'shipment' = any ($3) and s.tenant_id = $1 and s.id in (select search_shipments($4, $2, 6)) order by s.id desc limit 6)
    union all
    (select 'customer', c.code, c.name, c.code from customers c
       where 'customer' = any ($3) and c.tenant_id = $1 and c.id in (select search_customers($2, 201)) order by c.name, c.id limit 6)
    union all
    (select 'product', p.sku, p.name, p.sku from search_products($2, 6) f join products p on p.tenant_id = $1 and p.id = f.id
       where 'product' = any ($3) order by f.rank desc, p.name limit 6)
    union all
    (select 'person', e.id::text, e.name, e.email from employees e
       where 'person' = any ($3) and e.tenant_id = $1 and e.id in (select search_employees($2)) order by e.name, e.id limit 6)";

impl Hit {
    /// What these words find among some kinds. One statement.
    ///
    /// # Errors
    /// When the database refuses.
    #[expect(
        clippy::disallowed_methods,
        reason = "five kinds of rows in one statement, all found by functions"
    )]
    pub fn of(scope: &mut Scope, words: &str, kinds: &[HitKind]) -> Result<Vec<Self>, AppError> {
        let codes: Vec<&str> = kinds.iter().map(|kind| kind.code()).collect();
        let plain: String = words
            .chars()
            .map(|c| {
                if matches!(c, '%' | '_' | '\\') {
                    ' '
                } else {
                    c
                }
            })
            .collect();
        let plain = plain.trim();
        if plain.is_empty() {
            return Ok(Vec::new());
        }
        let statement = prepared(FIND)
            .bind::<SqlUuid, _>(scope.tenant())
            .bind::<Text, _>(plain.to_owned())
            .bind::<Array<Text>, _>(codes)
            .bind::<Array<Text>, _>(Shipment::numbers(scope, plain));
        let rows: Vec<Row> = scope.load(statement)?;
        let hit = |row: Row| {
            let kind = HitKind::ALL
                .into_iter()
                .find(|kind| kind.code() == row.kind)?;
            Some(Self {
                kind,
                key: row.key,
                label: row.label,
                text: row.words,
            })
        };
        Ok(rows.into_iter().filter_map(hit).collect())
    }
}
