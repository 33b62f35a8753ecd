//! The tree of categories.

use crate::kernel::ids::CategoryId;
use crate::kernel::language::Lang;
use crate::kernel::number;
use crate::products::forms::CategoryForm;
use crate::products::model::{Category, MOST_COUNTED};
use crate::web::components::{Choice, Field, Summary};
use crate::web::filters;
use crate::web::forms::{new_key, theirs};
use crate::web::layout::Shell;
use askama::Template;
use std::collections::HashMap;
use uuid::Uuid;

/// A category in the tree.
pub struct Row {
    pub category: Category,
    /// Products in it and below it, like 85 or 100+.
    pub count: String,
    /// The path above it, if any.
    pub above: Option<String>,
}

#[derive(Template)]
#[template(path = "products/categories.html")]
pub struct CategoriesPage {
    pub shell: Shell,
    pub rows: Vec<Row>,
    pub base: String,
    pub may_edit: bool,
}

impl CategoriesPage {
    pub fn new(
        shell: Shell,
        (base, may_edit): (String, bool),
        tree: Vec<Category>,
        counts: &HashMap<CategoryId, i64>,
    ) -> Self {
        let own: Vec<(String, i64)> = tree
            .iter()
            .map(|row| (row.path.clone(), counts.get(&row.id).copied().unwrap_or(0)))
            .collect();
        let rows = tree
            .into_iter()
            .map(|category| Row {
                count: number::up_to(
                    own.iter()
                        .filter(|(path, _)| {
                            path.strip_prefix(&category.path)
                                .is_some_and(|rest| rest.is_empty() || rest.starts_with(" > "))
                        })
                        .map(|(_, count)| count)
                        .sum(),
                    MOST_COUNTED,
                ),
                above: category
                    .path
                    .rsplit_once(" > ")
                    .map(|(above, _)| above.to_owned()),
                category,
            })
            .collect();
        Self {
            shell,
            rows,
            base,
            may_edit,
        }
    }
}

#[derive(Template)]
#[template(path = "products/category.html")]
pub struct CategoryPage {
    pub shell: Shell,
    pub summary: Option<Summary>,
    pub conflict: bool,
    pub fields: Vec<Field>,
    pub list: String,
    pub action: String,
    /// Where it is deleted, when it is there already.
    pub delete: Option<String>,
    pub version: String,
    pub key: Uuid,
}

impl CategoryPage {
    pub fn new(
        shell: Shell,
        lang: Lang,
        (base, form): (&str, &CategoryForm),
        tree: &[Category],
        (category, is_conflict): (Option<&Category>, bool),
    ) -> Self {
        let list = format!("{base}/categories");
        let path_of = |id: &str| {
            tree.iter()
                .find(|row| row.id.to_string() == id)
                .map_or_else(|| lang.t("At the top").into_owned(), |row| row.path.clone())
        };
        let parents = std::iter::once(Choice::new("", lang.t("At the top"), &form.parent))
            .chain(
                tree.iter()
                    .filter(|row| {
                        category.is_none_or(|own| row.id != own.id && !row.is_below(&own.path))
                    })
                    .map(|row| Choice::new(&row.id.to_string(), row.path.clone(), &form.parent)),
            )
            .collect();
        let saved = category
            .and_then(|own| own.parent_id)
            .map(|id| id.to_string());
        let parent_theirs = (is_conflict && saved.as_deref().unwrap_or_default() != form.parent)
            .then(|| path_of(saved.as_deref().unwrap_or_default()));
        Self {
            shell: shell.with_errors(!form.remarks.is_empty() || is_conflict),
            summary: form.remarks.summary(lang),
            conflict: is_conflict,
            fields: vec![
                Field::text("name", lang.t("Name"))
                    .value(&form.name)
                    .autocomplete("off")
                    .remarks(&form.remarks, lang)
                    .theirs(theirs(
                        is_conflict,
                        category.map(|own| own.name.as_str()),
                        &form.name,
                    )),
                Field::new("select", "parent", lang.t("Stands in"))
                    .value(&form.parent)
                    .choices(parents)
                    .remarks(&form.remarks, lang)
                    .theirs(parent_theirs),
            ],
            action: category
                .map_or_else(|| format!("{list}/new"), |row| format!("{list}/{}", row.id)),
            delete: category.map(|row| format!("{list}/{}/delete", row.id)),
            list,
            version: form.version.clone(),
            key: new_key(),
        }
    }

    /// The form of a category as it stands.
    pub fn of(category: &Category) -> CategoryForm {
        CategoryForm {
            name: category.name.clone(),
            parent: category
                .parent_id
                .map(|id| id.to_string())
                .unwrap_or_default(),
            version: category.updated_at.to_rfc3339(),
            ..CategoryForm::default()
        }
    }
}
