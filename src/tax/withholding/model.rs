//! Rules of tax at source and a company's own rates: rows and queries.

use super::rules::{Base, Kind, Tax, ThresholdOf};
use crate::error::AppError;
use crate::kernel::ids::{CustomerId, WithholdingId};
use crate::kernel::money::Money;
use crate::kernel::percent::Percent;
use crate::platform::db::schema::{customers, own_withholding_rules, withholding_rules};
use crate::platform::db::{Scope, prepared};
use chrono::NaiveDate;
use diesel::dsl::sql;
use diesel::expression::SqlLiteral;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Date, Nullable, Numeric, Text, Uuid as SqlUuid};

/// What the law says, for some days.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = withholding_rules)]
pub struct Rule {
    /// Whether it is deducted or collected.
    pub kind: Kind,
    /// To which tax it is credited.
    pub tax: Tax,
    /// The section as papers name it.
    pub section: String,
    /// What it is deducted from or collected on, and by whom.
    pub about: String,
    /// How much.
    pub rate: Percent,
    /// What the rate is taken of.
    pub base: Base,
    /// Rupees up to which nothing is deducted.
    pub threshold: Option<Money>,
    /// What that is a limit of.
    pub threshold_of: Option<ThresholdOf>,
    /// First day.
    pub valid_from: NaiveDate,
    /// Last day; `None` while it is in force.
    pub valid_to: Option<NaiveDate>,
    /// Where it is written.
    pub source: String,
    /// Whether it was checked against the law's own text.
    pub is_certain: bool,
}

impl Rule {
    fn of<'q>() -> withholding_rules::BoxedQuery<'q, Pg> {
        withholding_rules::table.into_boxed()
    }

    /// All there ever were, those of buyers at the head, the newest first; at most 500.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn all(scope: &mut Scope) -> Result<Vec<Self>, AppError> {
        let rows = Self::of()
            .order((
                withholding_rules::kind.desc(),
                withholding_rules::tax.desc(),
                withholding_rules::valid_from.desc(),
                withholding_rules::section,
            ))
            .limit(500)
            .select(Self::as_select());
        Ok(scope.load(rows)?)
    }
}

/// A company's own rate of tax that customers deduct; it comes before the law's.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = own_withholding_rules)]
pub struct OwnRule {
    /// The rate.
    pub id: WithholdingId,
    /// The customer for which it counts; `None` for all.
    pub customer_id: Option<CustomerId>,
    /// The customer's name.
    #[diesel(select_expression = sql::<Nullable<Text>>("(select c.name from customers c where c.tenant_id = own_withholding_rules.tenant_id and c.id = own_withholding_rules.customer_id)"))]
    #[diesel(select_expression_type = SqlLiteral<Nullable<Text>>)]
    pub customer: Option<String>,
    /// To which tax it is credited.
    pub tax: Tax,
    /// The section as papers name it.
    pub section: String,
    /// How much.
    pub rate: Percent,
    /// First day.
    pub valid_from: NaiveDate,
    /// Last day; `None` while it is in force.
    pub valid_to: Option<NaiveDate>,
    /// Why.
    pub reason: String,
}

impl OwnRule {
    fn of<'q>(scope: &Scope) -> own_withholding_rules::BoxedQuery<'q, Pg> {
        own_withholding_rules::table
            .filter(own_withholding_rules::tenant_id.eq(scope.tenant()))
            .into_boxed()
    }

    /// The company's own rates by section, the newest first; at most 500.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn all(scope: &mut Scope) -> Result<Vec<Self>, AppError> {
        let rows = Self::of(scope)
            .order((
                own_withholding_rules::section,
                own_withholding_rules::valid_from.desc(),
                own_withholding_rules::id,
            ))
            .limit(500)
            .select(Self::as_select());
        Ok(scope.load(rows)?)
    }

    /// One of them.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn find(scope: &mut Scope, id: WithholdingId) -> Result<Self, AppError> {
        let row = Self::of(scope)
            .filter(own_withholding_rules::id.eq(id))
            .select(Self::as_select());
        Ok(scope.one(row)?)
    }

    /// Those of one section and customer, for a change of their periods. Until the transaction ends nobody else changes one of this section:
    /// rows that are not there yet can't be locked, so the section itself is.
    ///
    /// # Errors
    /// When the database refuses.
    #[expect(
        clippy::disallowed_methods,
        reason = "a lock on a name, which the query builder does not know"
    )]
    pub fn lock_section(
        scope: &mut Scope,
        (tax, section): (Tax, &str),
        customer: Option<CustomerId>,
    ) -> Result<Vec<Self>, AppError> {
        let name = format!(
            "own_withholding_rules {} {} {section}",
            scope.tenant(),
            tax.as_str()
        );
        scope.execute(
            diesel::sql_query("select pg_advisory_xact_lock(hashtextextended($1, 0))")
                .bind::<Text, _>(name),
        )?;
        let rows = Self::of(scope)
            .filter(own_withholding_rules::tax.eq(tax))
            .filter(own_withholding_rules::section.eq(section.to_owned()))
            .filter(own_withholding_rules::customer_id.is_not_distinct_from(customer))
            .order(own_withholding_rules::valid_from)
            .select(Self::as_select());
        Ok(scope.load(rows)?)
    }

    /// The customer with a code, if there is one.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn customer_by_code(scope: &mut Scope, code: &str) -> Result<Option<CustomerId>, AppError> {
        let row = customers::table
            .filter(customers::tenant_id.eq(scope.tenant()))
            .filter(customers::code.eq(code.to_owned()))
            .select(customers::id);
        Ok(scope.maybe(row)?)
    }

    /// Whether it stands on a day.
    pub fn is_on(&self, day: NaiveDate) -> bool {
        self.valid_from <= day && self.valid_to.is_none_or(|last| last >= day)
    }
}

/// What a customer may deduct under on a day.
#[derive(Clone, Debug, QueryableByName)]
pub struct InForce {
    /// To which tax it is credited.
    #[diesel(sql_type = Text)]
    pub tax: Tax,
    /// The section as papers name it.
    #[diesel(sql_type = Text)]
    pub section: String,
    /// How much of the value without GST.
    #[diesel(sql_type = Numeric)]
    pub rate: Percent,
    /// Whether it is a rate of the company's own.
    #[diesel(sql_type = Bool)]
    pub is_own: bool,
}

impl InForce {
    /// What a customer may deduct under on a day, each section once: the customer's own rate before the company's, and that before the law's.
    /// One statement.
    ///
    /// # Errors
    /// When the database refuses.
    #[expect(
        clippy::disallowed_methods,
        reason = "the first of each section of two tables, which the query builder can't say"
    )]
    pub fn on(
        scope: &mut Scope,
        customer: CustomerId,
        day: NaiveDate,
    ) -> Result<Vec<Self>, AppError> {
        let statement = prepared(
            "select f.tax, f.section, f.rate, f.place < 2 as is_own from (
                 select distinct on (r.tax, r.section) r.tax, r.section, r.rate, r.place from (
                     select o.tax, o.section, o.rate, case when o.customer_id is null then 1 else 0 end as place, o.valid_from
                       from own_withholding_rules o
                       where o.tenant_id = $1 and (o.customer_id is null or o.customer_id = $2) and o.valid_from <= $3 and (o.valid_to is null or o.valid_to >= $3)
                     union all
                     select w.tax, w.section, w.rate, 2, w.valid_from from withholding_rules w
                       where w.kind = 'tds' and w.valid_from <= $3 and (w.valid_to is null or w.valid_to >= $3)
                 ) r order by r.tax, r.section, r.place, r.valid_from desc
             ) f order by f.tax desc, f.section",
        )
        .bind::<SqlUuid, _>(scope.tenant())
        .bind::<SqlUuid, _>(customer)
        .bind::<Date, _>(day);
        Ok(scope.load(statement)?)
    }

    /// As a form names it.
    pub fn key(&self) -> String {
        format!("{}:{}", self.tax.as_str(), self.section)
    }
}
