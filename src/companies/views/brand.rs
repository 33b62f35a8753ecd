//! A company's looks.

use crate::companies::forms::BrandForm;
use crate::kernel::language::Lang;
use crate::web::components::{Field, Summary};
use crate::web::filters;
use crate::web::forms::new_key;
use crate::web::layout::Shell;
use askama::Template;
use uuid::Uuid;

#[derive(Template)]
#[template(path = "companies/brand.html")]
pub struct BrandPage {
    pub shell: Shell,
    pub summary: Option<Summary>,
    pub logo: Option<String>,
    pub file: Field,
    pub remove: Field,
    pub hue: Field,
    pub may_edit: bool,
    pub base: String,
    pub key: Uuid,
}

impl BrandPage {
    pub fn new(
        shell: Shell,
        lang: Lang,
        (base, may_edit): (String, bool),
        logo: Option<String>,
        form: &BrandForm,
        limit: &str,
    ) -> Self {
        let remarks = &form.remarks;
        let hue = Field::new("number", "hue", lang.t("Colour"))
            .value(&form.hue)
            .inputmode("numeric")
            .hint(lang.t("A hue from 0 to 359: 25 red, 75 amber, 150 green, 264 blue, 320 pink."))
            .remarks(remarks, lang);
        Self {
            shell: shell.with_errors(!remarks.is_empty()),
            summary: remarks.summary(lang),
            logo,
            file: Field::new("file", "file", lang.t("Logo"))
                .accept("image/png,image/jpeg,image/webp")
                .optional()
                .hint(format!("{} {limit}.", lang.t("A square PNG, JPEG or WebP picture, shown on the tile and on documents. At most")))
                .remarks(remarks, lang),
            remove: Field::new("checkbox", "remove", lang.t("Remove the logo")).checked(form.remove == "on"),
            hue: if may_edit { hue } else { hue.readonly() },
            may_edit,
            base,
            key: new_key(),
        }
    }
}
