//! The list of products.

use super::{quantity, status_pill};
use crate::kernel::ids::{CategoryId, ProductId};
use crate::kernel::language::Lang;
use crate::kernel::money::Money;
use crate::products::model::{Category, ListFacts, Product};
use crate::products::rules::Status;
use crate::web::bulk::{BulkBar, BulkButton};
use crate::web::components::{Empty, Pill, SortHead};
use crate::web::export::Sheet;
use crate::web::filters;
use crate::web::layout::Shell;
use crate::web::list::{ListQuery, Page, Total};
use crate::web::listing::{KeptView, ListBuilder, Listing};
use askama::Template;
use std::collections::HashMap;
use uuid::Uuid;

/// A product in the list.
pub struct Row {
    pub product: Product,
    pub category: Option<String>,
    pub price: Option<String>,
    pub free: Option<String>,
    pub picture: Option<String>,
    pub pill: Pill,
}

#[derive(Template)]
#[template(path = "products/index.html")]
pub struct ListPage {
    pub shell: Shell,
    pub list: Listing,
    pub by_name: SortHead,
    pub by_code: SortHead,
    pub rows: Vec<Row>,
    pub base: String,
    pub may_edit: bool,
    pub may_see_prices: bool,
    pub bulk: BulkBar,
    pub ticked: Vec<Uuid>,
}

fn paths(tree: &[Category]) -> HashMap<CategoryId, &str> {
    tree.iter()
        .map(|category| (category.id, category.path.as_str()))
        .collect()
}

/// What a catalogue without products says.
fn nothing_yet(lang: Lang, base: &str, may_edit: bool) -> Empty {
    Empty {
        icon: "box",
        heading: lang.t("No products yet").into_owned(),
        text: lang
            .t("Add the first one, or bring in a whole catalogue from a file.")
            .into_owned(),
        action: may_edit.then(|| {
            (
                lang.t("Import a file").into_owned(),
                format!("{base}/products/import"),
            )
        }),
    }
}

impl ListPage {
    pub fn new(
        shell: Shell,
        lang: Lang,
        (base, may_edit, may_see_prices): (String, bool, bool),
        (query, kept): (&ListQuery, Vec<KeptView>),
        (page, total): (Page<Product>, Total),
        (tree, facts): (&[Category], &HashMap<ProductId, ListFacts>),
    ) -> Self {
        let sort = query.sort(&Product::SORTS, Product::BY_NAME);
        let slugs: Vec<&str> = tree.iter().map(|category| category.slug.as_str()).collect();
        let path_of = |slug: &str| {
            tree.iter()
                .find(|category| category.slug == slug)
                .map(|category| category.path.clone())
                .unwrap_or_default()
        };
        let first = nothing_yet(lang, &base, may_edit);
        let mut builder = ListBuilder::new(query, lang, lang.t("Name, brand, code or barcode"))
            .filter("status", lang.t("Status"), &Status::CODES, |code| {
                Status::from_code(code)
                    .map(|status| lang.t(status.label()).into_owned())
                    .unwrap_or_default()
            });
        if !slugs.is_empty() {
            builder = builder.filter("category", lang.t("Category"), &slugs, path_of);
        }
        let missing: &[&str] = if may_see_prices {
            &Product::MISSING
        } else {
            &["picture"]
        };
        let builder = builder.filter("missing", lang.t("Missing"), missing, |what| {
            if what == "price" {
                lang.t("Without standard price")
            } else {
                lang.t("Without picture")
            }
            .into_owned()
        });
        let button = |action, label: &'static str, icon| BulkButton {
            action,
            label: lang.t(label).into_owned(),
            icon,
        };
        let bulk = BulkBar::new(
            query,
            &page,
            total,
            vec![
                button("active", "Make active", "check"),
                button("discontinued", "Discontinue", "cross"),
            ],
        );
        let paths = paths(tree);
        Self {
            shell,
            list: builder
                .export(&format!("{base}/products/export"))
                .views(&format!("{base}/settings/views"), "products", kept)
                .finish(&page, total, first, lang.t("No products match")),
            by_name: query.head(lang.t("Name").into_owned(), "name", sort, false),
            by_code: query.head(lang.t("Code").into_owned(), "code", sort, false),
            bulk,
            ticked: query.ticked(),
            rows: page
                .rows
                .into_iter()
                .map(|product| {
                    let facts = facts.get(&product.id);
                    Row {
                        category: product
                            .category_id
                            .and_then(|id| paths.get(&id))
                            .map(|path| (*path).to_owned()),
                        price: facts
                            .and_then(|facts| facts.price)
                            .filter(|_| may_see_prices)
                            .map(|price| price.to_string()),
                        free: facts
                            .and_then(|facts| facts.free)
                            .map(|free| quantity(lang, &product, free)),
                        picture: facts
                            .and_then(|facts| facts.picture)
                            .map(|file| format!("{base}/files/{file}")),
                        pill: status_pill(lang, product.status()),
                        product,
                    }
                })
                .collect(),
            base,
            may_edit,
            may_see_prices,
        }
    }
}

/// The list as a table for a spreadsheet.
pub fn sheet(
    lang: Lang,
    rows: Vec<Product>,
    (tree, facts): (&[Category], &HashMap<ProductId, ListFacts>),
    may_see_prices: bool,
) -> Sheet {
    let heads = [
        "Code",
        "Name",
        "Name in Hindi",
        "Brand",
        "Category",
        "HSN code",
        "Unit",
        "Pack size",
        "Pack name",
        "MRP",
        "Standard price",
        "Free stock",
        "Barcode",
        "Weight in grammes",
        "Status",
    ];
    let paths = paths(tree);
    let rows = rows
        .into_iter()
        .map(|product| {
            let facts = facts.get(&product.id);
            let status = lang.t(product.status().label()).into_owned();
            let path = product.category_id.and_then(|id| paths.get(&id));
            vec![
                product.sku,
                product.name,
                product.name_hi.unwrap_or_default(),
                product.brand.unwrap_or_default(),
                path.map(|path| (*path).to_owned()).unwrap_or_default(),
                product.hsn,
                product.unit,
                product.pack_size.as_decimal().to_string(),
                product.pack_name.unwrap_or_default(),
                product
                    .mrp
                    .map(|mrp: Money| mrp.as_decimal().to_string())
                    .unwrap_or_default(),
                facts
                    .and_then(|facts| facts.price)
                    .filter(|_| may_see_prices)
                    .map(|price| price.as_decimal().to_string())
                    .unwrap_or_default(),
                facts
                    .and_then(|facts| facts.free)
                    .map(|free| free.normalize().to_string())
                    .unwrap_or_default(),
                product.barcode.unwrap_or_default(),
                product
                    .weight_g
                    .map(|grams| grams.to_string())
                    .unwrap_or_default(),
                status,
            ]
        })
        .collect();
    Sheet {
        name: "products",
        heads: heads.iter().map(|head| lang.t(head).into_owned()).collect(),
        rows,
    }
}
