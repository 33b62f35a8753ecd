//! Tax at source: what the law says that buyers deduct (TDS) or sellers collect (TCS), as rows with dates, and a company's own rates.
//!
//! What this room keeps: no rate, limit or date is in the program; what is in force is looked up for a day, a customer's own rate before the
//! company's and that before the law's; own rates of one section and customer never overlap.

pub mod actions;
mod forms;
pub mod model;
mod pages;
pub mod rules;
mod views;

pub use views::{in_words, section_words};

use crate::web::Routes;

/// The rates of tax at source.
pub fn routes(r: &mut Routes) {
    let list = "/c/{company}/settings/withholding";
    r.page(list, pages::index);
    r.page(&format!("{list}/new"), pages::new);
    r.change(&format!("{list}/new"), pages::create);
    r.page(&format!("{list}/{{id}}/end"), pages::ask_end);
    r.change(&format!("{list}/{{id}}/end"), pages::end);
}
