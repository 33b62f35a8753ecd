//! The catalogue: categories, products, pictures.
//!
//! A product holds no price, no quantity and no rate of tax: those live in price lists, stock levels and the dated tax tables. What this
//! room keeps: a category's path is its parent's path and its own name, whoever moves what; a code of goods is one that the table of the
//! State or the company's own rates know; pictures are decoded and written anew.

pub mod actions;
mod forms;
pub mod model;
pub mod packs;
mod pages;
pub mod rules;
pub mod views;

pub mod import;

use crate::platform::verify::Check;
use crate::web::Routes;
use pages::{categories, edit, list, pictures};

/// Products and categories.
pub fn routes(r: &mut Routes) {
    let home = "/c/{company}/products";
    r.page(home, list::index);
    r.part(&format!("{home}/export"), list::export);
    r.change(&format!("{home}/bulk"), list::bulk);
    r.page(&format!("{home}/new"), edit::new);
    r.change(&format!("{home}/new"), edit::create);
    r.page(&format!("{home}/{{sku}}"), list::show);
    r.page(&format!("{home}/{{sku}}/edit"), edit::edit);
    r.change(&format!("{home}/{{sku}}/edit"), edit::update);
    r.page(&format!("{home}/{{sku}}/media"), pictures::index);
    r.change(&format!("{home}/{{sku}}/media"), pictures::create);
    r.change(
        &format!("{home}/{{sku}}/media/{{id}}/first"),
        pictures::first,
    );
    r.page(
        &format!("{home}/{{sku}}/media/{{id}}/remove"),
        pictures::ask_remove,
    );
    r.change(
        &format!("{home}/{{sku}}/media/{{id}}/remove"),
        pictures::remove,
    );
    let tree = "/c/{company}/categories";
    r.page(tree, categories::index);
    r.page(&format!("{tree}/new"), categories::new);
    r.change(&format!("{tree}/new"), categories::create);
    r.page(&format!("{tree}/{{id}}"), categories::show);
    r.change(&format!("{tree}/{{id}}"), categories::save);
    r.page(&format!("{tree}/{{id}}/delete"), categories::ask_delete);
    r.change(&format!("{tree}/{{id}}/delete"), categories::delete);
}

/// What `mandi verify` asks of products.
pub const CHECKS: &[Check] = &[
    Check {
        name: "products.category_paths",
        about: "A category's path is the path of the one above it and its own name.",
        sql: "select c.tenant_id as tenant, 'category ' || c.slug || ' has the path ' || c.path as what
                from categories c left join categories p on p.tenant_id = c.tenant_id and p.id = c.parent_id
                where c.path <> coalesce(p.path || ' > ', '') || c.name",
    },
    Check {
        name: "products.pictures_are_kept",
        about: "The files of a product's pictures are pictures, and not about to be swept away; its first picture is its own.",
        sql: "select x.tenant_id as tenant, 'a picture of ' || p.sku || ' is not kept' as what
                from product_pictures x join products p on p.tenant_id = x.tenant_id and p.id = x.product_id
                where (select count(*) from files f where f.tenant_id = x.tenant_id and f.id in (x.small_file_id, x.large_file_id)
                         and f.purpose = 'picture' and f.expires_at is null and not f.is_pending) <> 2
              union all
              select p.tenant_id, 'the first picture of ' || p.sku || ' is another product''s'
                from products p join product_pictures x on x.tenant_id = p.tenant_id and x.id = p.picture_id where x.product_id <> p.id",
    },
];
