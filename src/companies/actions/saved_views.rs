//! The verbs of saved views: save, remove.

use crate::companies::model::{MOST, SavedView};
use crate::error::AppError;
use crate::kernel::ids::SavedViewId;
use crate::kernel::language::Said;
use crate::platform::db::Scope;
use crate::platform::db::schema::saved_views;
use diesel::prelude::*;

/// A filter to be kept.
#[derive(Clone, Debug)]
pub struct NewView {
    pub list: &'static str,
    pub name: String,
    pub query: String,
    pub is_for_everyone: bool,
}

/// Keeps a filter under a name, for the acting person or for everyone.
///
/// # Errors
/// The constraint `saved_views_tenant_id_list_user_id_name_key` when the name is taken; `Refused` when there are too many.
pub fn save_view(scope: &mut Scope, new: &NewView) -> Result<(), AppError> {
    let kept = SavedView::of_list(scope, new.list)?.len();
    if i64::try_from(kept).unwrap_or(i64::MAX) >= MOST {
        return Err(AppError::refused(Said::new(
            "This list has as many views as it can show. Remove one first.",
        )));
    }
    let now = scope.now();
    let owner = scope.member().user().filter(|_| !new.is_for_everyone);
    scope.execute(diesel::insert_into(saved_views::table).values((
        saved_views::id.eq(SavedViewId::new()),
        saved_views::list.eq(new.list),
        saved_views::name.eq(&new.name),
        saved_views::query.eq(&new.query),
        saved_views::user_id.eq(owner),
        saved_views::created_at.eq(now),
    )))?;
    Ok(())
}

/// Removes a view; one of everyone's only by whoever may manage people.
///
/// # Errors
/// `NotFound`; `Refused`.
pub fn remove_view(
    scope: &mut Scope,
    id: SavedViewId,
    may_manage: bool,
) -> Result<SavedView, AppError> {
    let view = SavedView::find(scope, id)?;
    if view.user_id.is_none() && !may_manage {
        return Err(AppError::refused(Said::new(
            "Everyone sees this view, so only an owner or a manager removes it.",
        )));
    }
    let row = saved_views::table.filter(
        saved_views::tenant_id
            .eq(scope.tenant())
            .and(saved_views::id.eq(id)),
    );
    scope.execute(diesel::delete(row))?;
    Ok(view)
}
