//! The pictures of a product.

use crate::kernel::language::Lang;
use crate::products::forms::PictureForm;
use crate::products::model::{Picture, Product};
use crate::web::components::{Field, Summary};
use crate::web::filters;
use crate::web::forms::new_key;
use crate::web::layout::Shell;
use askama::Template;
use uuid::Uuid;

/// A picture with where it is moved and removed.
pub struct Shown {
    pub small: String,
    pub large: String,
    pub first: String,
    pub remove: String,
    pub is_first: bool,
    pub key: Uuid,
}

#[derive(Template)]
#[template(path = "products/media.html")]
pub struct PicturesPage {
    pub shell: Shell,
    pub summary: Option<Summary>,
    pub pictures: Vec<Shown>,
    pub file: Field,
    pub product: Product,
    pub home: String,
    pub may_edit: bool,
    pub key: Uuid,
}

impl PicturesPage {
    pub fn new(
        shell: Shell,
        lang: Lang,
        (base, may_edit, limit): (&str, bool, &str),
        (product, pictures): (Product, Vec<Picture>),
        form: &PictureForm,
    ) -> Self {
        let home = format!("{base}/products/{}", product.sku);
        Self {
            shell: shell.with_errors(!form.remarks.is_empty()),
            summary: form.remarks.summary(lang),
            pictures: pictures
                .into_iter()
                .map(|picture| Shown {
                    small: format!("{base}/files/{}", picture.small_file_id),
                    large: format!("{base}/files/{}", picture.large_file_id),
                    first: format!("{home}/media/{}/first", picture.id),
                    remove: format!("{home}/media/{}/remove", picture.id),
                    is_first: product.picture_id == Some(picture.id),
                    key: new_key(),
                })
                .collect(),
            file: Field::new("file", "file", lang.t("Picture"))
                .accept("image/png,image/jpeg,image/webp")
                .hint(format!(
                    "{} {limit}.",
                    lang.t("PNG, JPEG or WebP; a square one fits best. At most")
                ))
                .remarks(&form.remarks, lang),
            product,
            home,
            may_edit,
            key: new_key(),
        }
    }
}
