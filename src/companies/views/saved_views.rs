//! The form that keeps a filter under a name.

use crate::companies::forms::ViewForm;
use crate::kernel::language::Lang;
use crate::web::components::{Choice, Field};
use crate::web::filters;
use crate::web::forms::new_key;
use crate::web::layout::Shell;
use askama::Template;
use uuid::Uuid;

#[derive(Template)]
#[template(path = "companies/save_view.html")]
pub struct SaveViewPage {
    pub shell: Shell,
    pub action: String,
    pub back: String,
    pub list: String,
    pub filter: String,
    pub name: Field,
    /// For whom, where there is a choice.
    pub audience: Option<Field>,
    pub key: Uuid,
}

impl SaveViewPage {
    pub fn new(
        shell: Shell,
        lang: Lang,
        (action, back): (String, String),
        may_share: bool,
        form: &ViewForm,
    ) -> Self {
        Self {
            shell: shell.with_errors(!form.remarks.is_empty()),
            action,
            back,
            list: form.list.clone(),
            filter: form.filter.clone(),
            name: Field::text("name", lang.t("Name of the view"))
                .value(&form.name)
                .autocomplete("off")
                .remarks(&form.remarks, lang),
            audience: may_share.then(|| {
                Field::new("radio", "audience", lang.t("For whom")).choices(vec![
                    Choice::new("me", lang.t("For me"), &form.audience),
                    Choice::new(
                        "everyone",
                        lang.t("For everyone of the company"),
                        &form.audience,
                    ),
                ])
            }),
            key: new_key(),
        }
    }
}
