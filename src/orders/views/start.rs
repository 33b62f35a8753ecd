//! How an order of staff begins: for whom, and what is offered while somebody types.

use crate::kernel::language::Lang;
use crate::orders::forms::StartForm;
use crate::orders::model::Match;
use crate::web::components::Summary;
use crate::web::filters;
use crate::web::forms::new_key;
use crate::web::layout::Shell;
use askama::Template;
use uuid::Uuid;

#[derive(Template)]
#[template(path = "orders/new.html")]
pub struct StartPage {
    pub shell: Shell,
    pub base: String,
    pub typed: String,
    pub picked: String,
    pub error: Option<String>,
    pub summary: Option<Summary>,
    pub matches: Vec<Match>,
    pub key: Uuid,
}

impl StartPage {
    pub fn new(
        shell: Shell,
        lang: Lang,
        base: String,
        form: &StartForm,
        matches: Vec<Match>,
    ) -> Self {
        Self {
            shell: shell.with_errors(!form.remarks.is_empty()),
            base,
            typed: form.customer.clone(),
            picked: form.customer_id.clone(),
            error: form.remarks.on("customer", lang),
            summary: form.remarks.summary(lang),
            matches,
            key: new_key(),
        }
    }
}

/// Suggestions under a field.
#[derive(Template)]
#[template(path = "orders/_options.html")]
pub struct Options {
    pub rows: Vec<Match>,
    /// Whether the code is what goes into the field (a product), or the name (a customer).
    pub by_code: bool,
}
