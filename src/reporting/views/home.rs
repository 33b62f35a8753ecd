//! A retailer's home.

use crate::kernel::dates;
use crate::kernel::language::{Lang, Said};
use crate::orders::model::Usual;
use crate::orders::packs::Pack;
use crate::orders::rules::{Progress, retailer_pill};
use crate::reporting::model::{Account, LastOrder, OnTheWay};
use crate::web::components::Pill;
use crate::web::filters;
use crate::web::forms::new_key;
use crate::web::layout::Shell;
use askama::Template;
use chrono::{Days, NaiveDate};
use uuid::Uuid;

/// Whose home it is, at whom.
pub struct Shop {
    pub name: String,
    pub supplier: String,
    pub base: String,
    pub may_order: bool,
    pub may_see_orders: bool,
    pub may_see_bills: bool,
}

/// What was paid last.
pub struct Paid {
    pub amount: String,
    pub day: String,
    /// The day of the ledger on which it stands.
    pub href: String,
}

/// Goods on the road.
pub struct Way {
    pub href: String,
    pub order_no: String,
    pub when: String,
    pub packages: String,
}

/// The order that was placed last.
pub struct Last {
    pub href: String,
    pub number: String,
    pub pill: Pill,
    pub total: String,
    pub about: String,
}

/// A product that is ordered again and again.
pub struct UsualRow {
    pub href: String,
    pub name: String,
    pub last: String,
}

#[derive(Template)]
#[template(path = "portal/home.html")]
pub struct HomePage {
    pub shell: Shell,
    pub shop: Shop,
    pub code: String,
    pub next: Option<String>,
    pub ways: Vec<Way>,
    /// What it owes, or what it has paid ahead.
    pub owes: String,
    pub is_advance: bool,
    pub owes_something: bool,
    pub overdue: String,
    pub is_late: bool,
    pub paid: Option<Paid>,
    pub credit: Option<String>,
    pub open_amount: String,
    pub to_confirm: i64,
    /// What is said of those that wait for the shop to pay, if any do.
    pub held: Option<String>,
    pub confirmed: i64,
    pub last: Option<Last>,
    pub usual: Vec<UsualRow>,
    pub key: Uuid,
}

/// "Tomorrow" before bare dates, when somebody must be there.
fn day_word(lang: Lang, day: NaiveDate, today: NaiveDate) -> String {
    let date = dates::day_and_month(day, lang);
    if day == today {
        lang.say(&Said::new("Today, {day}").with("day", date))
    } else if day == today + Days::new(1) {
        lang.say(&Said::new("Tomorrow, {day}").with("day", date))
    } else {
        dates::brief_date(day, today, lang)
    }
}

fn paid(lang: Lang, base: &str, account: &Account, today: NaiveDate) -> Option<Paid> {
    let (amount, day) = (account.paid?, account.paid_on?);
    Some(Paid {
        amount: amount.to_string(),
        day: dates::brief_date(day, today, lang),
        href: format!("{base}/ledger?from={day}&to={day}"),
    })
}

impl HomePage {
    pub fn new(
        shell: Shell,
        lang: Lang,
        shop: Shop,
        (account, on_the_way, last): (Account, Vec<OnTheWay>, Option<LastOrder>),
        (usual, today): (Vec<Usual>, NaiveDate),
    ) -> Self {
        let base = shop.base.clone();
        let way = |way: &OnTheWay| Way {
            href: format!("{base}/orders/{}", way.order_no),
            order_no: way.order_no.clone(),
            when: way
                .expected_on
                .map_or_else(|| "–".to_owned(), |day| day_word(lang, day, today)),
            packages: lang
                .say(&Said::new("{count} packages").with("count", i64::from(way.packages))),
        };
        let last = last.map(|order| {
            let progress = Progress::of(order.shipments.iter().map(String::as_str));
            let about = Said::new("{count} products, ordered on {day}")
                .with("count", order.lines)
                .with(
                    "day",
                    dates::brief_date(dates::today(order.placed_at), today, lang),
                );
            Last {
                href: format!("{base}/orders/{}", order.number),
                pill: retailer_pill(lang, order.status, order.is_held, progress),
                total: order.total.to_string(),
                about: lang.say(&about),
                number: order.number,
            }
        });
        let row = |row: Usual| {
            let pack = Pack {
                size: row.pack_size,
                name: row.pack_name.as_deref(),
                unit: &row.unit,
            };
            let quantity = pack.words(row.last, lang);
            let name = match (lang, row.name_hi) {
                (Lang::Hi, Some(name)) => name,
                _ => row.name,
            };
            UsualRow {
                href: format!("{base}/p/{}", row.sku),
                name,
                last: lang.say(&Said::new("Last time {quantity}").with("quantity", quantity)),
            }
        };
        Self {
            shell,
            next: on_the_way
                .iter()
                .filter_map(|way| way.expected_on)
                .min()
                .map(|day| day_word(lang, day, today)),
            ways: on_the_way.iter().map(way).collect(),
            owes: account.balance.abs().to_string(),
            is_advance: account.balance.is_negative(),
            owes_something: !account.balance.is_zero(),
            overdue: account.overdue.to_string(),
            is_late: !account.overdue.is_zero(),
            paid: paid(lang, &base, &account, today),
            code: account.code,
            credit: account
                .credit_limit
                .map(|limit| lang.say(&Said::new("Credit limit {limit}").with("limit", limit))),
            open_amount: account.open_amount.to_string(),
            to_confirm: account.to_confirm,
            held: (account.held > 0).then(|| {
                let said = Said::new("{count} on hold until you pay");
                lang.say(&said.with("count", account.held))
            }),
            confirmed: account.confirmed,
            last,
            usual: usual.into_iter().map(row).collect(),
            key: new_key(),
            shop,
        }
    }
}
