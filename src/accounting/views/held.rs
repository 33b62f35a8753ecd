//! Orders that wait for credit.

use crate::accounting::model::{Held, HeldList};
use crate::kernel::dates;
use crate::kernel::language::{Lang, Said};
use crate::kernel::money::Money;
use crate::web::components::Empty;
use crate::web::export::Sheet;
use crate::web::filters;
use crate::web::layout::Shell;
use crate::web::list::ListQuery;
use crate::web::listing::{ListBuilder, Listing};
use askama::Template;
use chrono::NaiveDate;

/// An order in the list.
pub struct HeldRow {
    pub number: String,
    /// Its page, for whoever may see orders.
    pub href: Option<String>,
    pub placed: String,
    pub customer: String,
    pub ledger: String,
    pub code: String,
    pub total: Money,
    pub exposure: Money,
    pub limit: String,
    pub over: Money,
    /// Where that is written down once it is paid, for whoever may.
    pub pay: Option<String>,
}

#[derive(Template)]
#[template(path = "accounting/held.html")]
pub struct HeldPage {
    pub shell: Shell,
    pub list: Listing,
    pub rows: Vec<HeldRow>,
}

impl HeldPage {
    pub fn new(
        shell: Shell,
        lang: Lang,
        (base, may_see_orders, may_record): (String, bool, bool),
        (query, today): (&ListQuery, NaiveDate),
        found: HeldList,
    ) -> Self {
        let first = Empty {
            icon: "check",
            heading: lang.t("No order waits for credit").into_owned(),
            text: lang
                .t("An order that goes over its customer's credit limit waits here until enough is paid.")
                .into_owned(),
            action: None,
        };
        let mut list = ListBuilder::new(query, lang, lang.t("Number, PO or customer"))
            .export(&format!("{base}/credit-holds/export"))
            .finish(&found.page, found.count, first, lang.t("No orders match"));
        let foot = Said::new("{count} orders come to {amount}; {over} free all of them.")
            .with("count", found.count)
            .with("amount", found.total)
            .with("over", found.over);
        list.foot = Some(lang.say(&foot));
        let row = |order: &Held| HeldRow {
            number: order.number.clone(),
            href: may_see_orders.then(|| format!("{base}/orders/{}", order.number)),
            placed: dates::brief_date(dates::today(order.placed_at), today, lang),
            customer: order.customer.clone(),
            ledger: format!("{base}/ledger/{}", order.code),
            code: order.code.clone(),
            total: order.total,
            exposure: order.exposure,
            limit: order
                .limit
                .map(|limit| limit.to_string())
                .unwrap_or_default(),
            over: order.over,
            pay: (may_record && !order.over.is_zero()).then(|| {
                format!(
                    "{base}/payments/new?customer={}&amount={}",
                    order.code,
                    order.over.as_decimal()
                )
            }),
        };
        Self {
            rows: found.page.rows.iter().map(row).collect(),
            shell,
            list,
        }
    }
}

/// Orders that wait for credit as a file.
pub fn held_sheet(lang: Lang, rows: &[Held]) -> Sheet {
    let heads = [
        "Order",
        "Placed",
        "Customer code",
        "Customer",
        "Amount",
        "Credit limit",
        "Counts against the limit",
        "To pay",
    ];
    let row = |order: &Held| {
        let limit = order.limit.map(|limit| limit.as_decimal().to_string());
        vec![
            order.number.clone(),
            dates::today(order.placed_at).to_string(),
            order.code.clone(),
            order.customer.clone(),
            order.total.as_decimal().to_string(),
            limit.unwrap_or_default(),
            order.exposure.as_decimal().to_string(),
            order.over.as_decimal().to_string(),
        ]
    };
    Sheet {
        name: "credit-holds",
        heads: heads.iter().map(|head| lang.t(head).into_owned()).collect(),
        rows: rows.iter().map(row).collect(),
    }
}
