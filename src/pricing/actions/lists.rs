//! The verbs of price lists: add, save, activate, end, and whom they are for.

use crate::error::AppError;
use crate::kernel::dates;
use crate::kernel::ids::{CustomerId, GroupId, PriceListId};
use crate::kernel::language::Said;
use crate::platform::db::Scope;
use crate::platform::db::schema::{price_list_targets, price_lists};
use crate::pricing::model::{PriceItem, PriceList};
use crate::pricing::rules::{self, Status};
use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use uuid::Uuid;

/// What is said of a list.
#[derive(Clone, Debug)]
pub struct ListFacts {
    /// What people call it.
    pub name: String,
    /// Whether its prices hold GST.
    pub includes_tax: bool,
    /// First day.
    pub valid_from: NaiveDate,
    /// Last day, or `None`.
    pub valid_to: Option<NaiveDate>,
}

/// Adds a list as a draft.
///
/// # Errors
/// The constraint `price_lists_tenant_id_name_key` when another has the name.
pub fn add(scope: &mut Scope, facts: &ListFacts) -> Result<PriceListId, AppError> {
    let (id, now) = (PriceListId::new(), scope.now());
    scope.execute(diesel::insert_into(price_lists::table).values((
        price_lists::id.eq(id),
        price_lists::name.eq(&facts.name),
        price_lists::status.eq(Status::Draft.code()),
        price_lists::includes_tax.eq(facts.includes_tax),
        price_lists::valid_from.eq(facts.valid_from),
        price_lists::valid_to.eq(facts.valid_to),
        price_lists::created_at.eq(now),
        price_lists::updated_at.eq(now),
    )))?;
    Ok(id)
}

/// Saves a list, unless somebody saved since `version`; says whether it did.
///
/// # Errors
/// `NotFound`; `Refused` when it has ended, when the list of everybody would get an end, or when prices would change their meaning.
pub fn save(
    scope: &mut Scope,
    id: PriceListId,
    facts: &ListFacts,
    version: DateTime<Utc>,
) -> Result<bool, AppError> {
    let list = PriceList::lock(scope, id)?;
    rules::may_change(&list).map_err(AppError::refused)?;
    if list.updated_at != version {
        return Ok(false);
    }
    if list.is_default && facts.valid_to.is_some() {
        rules::may_end(&list).map_err(AppError::refused)?;
    }
    if list.is_default && facts.valid_from > dates::today(scope.now()) {
        return Err(AppError::refused(
            Said::new("{name} is the list of everybody: without it nobody could order, so it can't begin later.")
                .with("name", &list.name),
        ));
    }
    if list.includes_tax != facts.includes_tax && PriceItem::any_in(scope, id)? {
        return Err(AppError::refused(Said::new(
            "This list has prices already, which would all change their meaning. Make a new list for prices of the other kind.",
        )));
    }
    let now = scope.now();
    let row = price_lists::table.filter(
        price_lists::tenant_id
            .eq(scope.tenant())
            .and(price_lists::id.eq(id)),
    );
    scope.execute(diesel::update(row).set((
        price_lists::name.eq(&facts.name),
        price_lists::includes_tax.eq(facts.includes_tax),
        price_lists::valid_from.eq(facts.valid_from),
        price_lists::valid_to.eq(facts.valid_to),
        price_lists::updated_at.eq(now),
    )))?;
    Ok(true)
}

fn set_status(scope: &mut Scope, id: PriceListId, status: Status) -> Result<(), AppError> {
    let now = scope.now();
    let row = price_lists::table.filter(
        price_lists::tenant_id
            .eq(scope.tenant())
            .and(price_lists::id.eq(id)),
    );
    scope.execute(diesel::update(row).set((
        price_lists::status.eq(status.code()),
        price_lists::updated_at.eq(now),
    )))?;
    Ok(())
}

/// Lets a draft count; gives back its name.
///
/// # Errors
/// `NotFound`; `Refused` when it is no draft.
pub fn activate(scope: &mut Scope, id: PriceListId) -> Result<String, AppError> {
    let list = PriceList::lock(scope, id)?;
    rules::may_activate(&list).map_err(AppError::refused)?;
    set_status(scope, id, Status::Active)?;
    Ok(list.name)
}

/// Ends a list at once; gives back its name.
///
/// # Errors
/// `NotFound`; `Refused` for the list of everybody and one that has ended.
pub fn end(scope: &mut Scope, id: PriceListId) -> Result<String, AppError> {
    let list = PriceList::lock(scope, id)?;
    rules::may_end(&list).map_err(AppError::refused)?;
    set_status(scope, id, Status::Ended)?;
    Ok(list.name)
}

/// Makes a list count for a group or a customer too. A second time changes nothing.
///
/// # Errors
/// `NotFound`; `Refused` for the list of everybody and one that has ended.
pub fn add_target(
    scope: &mut Scope,
    id: PriceListId,
    (group, customer): (Option<GroupId>, Option<CustomerId>),
) -> Result<(), AppError> {
    let list = PriceList::lock(scope, id)?;
    rules::may_target(&list).map_err(AppError::refused)?;
    let now = scope.now();
    scope.execute(
        diesel::insert_into(price_list_targets::table)
            .values((
                price_list_targets::id.eq(Uuid::now_v7()),
                price_list_targets::price_list_id.eq(id),
                price_list_targets::group_id.eq(group),
                price_list_targets::customer_id.eq(customer),
                price_list_targets::created_at.eq(now),
            ))
            .on_conflict_do_nothing(),
    )?;
    Ok(())
}

/// Makes a list count for somebody no more. A second time changes nothing.
///
/// # Errors
/// `NotFound`; `Refused` for one that has ended.
pub fn remove_target(scope: &mut Scope, id: PriceListId, target: Uuid) -> Result<(), AppError> {
    let list = PriceList::lock(scope, id)?;
    rules::may_target(&list).map_err(AppError::refused)?;
    let row = price_list_targets::table.filter(
        price_list_targets::tenant_id
            .eq(scope.tenant())
            .and(price_list_targets::price_list_id.eq(id))
            .and(price_list_targets::id.eq(target)),
    );
    scope.execute(diesel::delete(row))?;
    Ok(())
}
