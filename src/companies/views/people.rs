//! What the platform sees of people.

use crate::companies::model::PersonRow;
use crate::kernel::language::Lang;
use crate::web::components::{Chip, Choice, Empty, Pager, Toolbar};
use crate::web::filters;
use crate::web::forms::new_key;
use crate::web::layout::Shell;
use crate::web::list::{ListQuery, Page};
use askama::Template;
use uuid::Uuid;

#[derive(Template)]
#[template(path = "companies/people_across.html")]
pub struct PeoplePage {
    pub shell: Shell,
    pub toolbar: Toolbar,
    pub rows: Vec<PersonRow>,
    pub me: String,
    pub empty: Empty,
    pub pager: Pager,
    pub key: Uuid,
}

impl PeoplePage {
    pub fn new(
        shell: Shell,
        lang: Lang,
        me: String,
        query: &ListQuery,
        (page, total): (Page<PersonRow>, i64),
    ) -> Self {
        let chosen = query.all("state", &["active", "disabled"]);
        let choices = vec![
            Choice {
                value: "active".to_owned(),
                label: lang.t("Active").into_owned(),
                selected: chosen.contains(&"active"),
            },
            Choice {
                value: "disabled".to_owned(),
                label: lang.t("Disabled").into_owned(),
                selected: chosen.contains(&"disabled"),
            },
        ];
        let is_filtered = query.search().is_some() || !chosen.is_empty();
        let pager = page.pager(query, lang, total);
        Self {
            shell,
            toolbar: Toolbar {
                action: "/admin/people".to_owned(),
                placeholder: lang.t("Name or e-mail").into_owned(),
                search: query.search().unwrap_or_default().to_owned(),
                chips: vec![Chip {
                    name: "state",
                    label: lang.t("State").into_owned(),
                    choices,
                    clear: query.without("state"),
                }],
                clear: is_filtered.then(|| "/admin/people".to_owned()),
                keep: Vec::new(),
            },
            rows: page.rows,
            me,
            empty: Empty {
                icon: "people",
                heading: lang.t("No people match").into_owned(),
                text: lang
                    .t("Change the search or clear the filters.")
                    .into_owned(),
                action: None,
            },
            pager,
            key: new_key(),
        }
    }
}
