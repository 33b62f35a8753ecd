//! Groups of customers.

use super::FormPage;
use crate::customers::forms::NameForm;
use crate::customers::model::Group;
use crate::kernel::language::Lang;
use crate::web::components::{Field, Summary};
use crate::web::filters;
use crate::web::forms::{new_key, theirs};
use crate::web::layout::Shell;
use askama::Template;
use uuid::Uuid;

#[derive(Template)]
#[template(path = "customers/groups.html")]
pub struct GroupsPage {
    pub shell: Shell,
    pub summary: Option<Summary>,
    pub rows: Vec<(Group, i64)>,
    pub name: Field,
    pub base: String,
    pub may_edit: bool,
    pub key: Uuid,
}

impl GroupsPage {
    pub fn new(
        shell: Shell,
        lang: Lang,
        (base, may_edit): (String, bool),
        rows: Vec<(Group, i64)>,
        form: &NameForm,
    ) -> Self {
        Self {
            shell: shell.with_errors(!form.remarks.is_empty()),
            summary: form.remarks.summary(lang),
            rows,
            name: Field::text("name", lang.t("Name"))
                .value(&form.name)
                .autocomplete("off")
                .remarks(&form.remarks, lang),
            base,
            may_edit,
            key: new_key(),
        }
    }
}

/// A group as it is saved.
pub fn group_form(group: &Group) -> NameForm {
    NameForm {
        name: group.name.clone(),
        version: group.updated_at.to_rfc3339(),
        ..NameForm::default()
    }
}

/// The form that renames a group.
pub fn group_page(
    shell: Shell,
    lang: Lang,
    base: &str,
    group: &Group,
    (form, conflict): (&NameForm, bool),
) -> FormPage {
    let list = format!("{base}/customer-groups");
    let action = format!("{list}/{}", group.id);
    let back = (lang.t("Customer groups").into_owned(), list);
    let verb = lang.t("Save").into_owned();
    let mut page = FormPage::new(shell, lang, &form.remarks, back, ("group", action, verb));
    page.version = Some(form.version.clone());
    page.conflict = conflict;
    page.shell.has_errors |= conflict;
    page.fields = vec![
        Field::text("name", lang.t("Name"))
            .value(&form.name)
            .remarks(&form.remarks, lang)
            .theirs(theirs(conflict, Some(&group.name), &form.name)),
    ];
    page
}
