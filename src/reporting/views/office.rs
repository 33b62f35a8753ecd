//! A company's dashboard.

use super::chart::Chart;
use super::{money, todo};
use crate::accounting::AgeCard;
use crate::kernel::dates;
use crate::kernel::language::{Lang, Said, text};
use crate::kernel::number;
use crate::orders::rules::{Progress, pill};
use crate::reporting::model::{Day, Figures, LatestOrder, Takings};
use crate::web::components::Pill;
use crate::web::filters;
use crate::web::layout::Shell;
use askama::Template;
use chrono::{DateTime, Utc};

/// What the reader may see and do.
#[derive(Clone, Copy)]
pub struct May {
    pub see_orders: bool,
    pub see_stock: bool,
    pub see_shipments: bool,
    pub confirm: bool,
    pub release: bool,
    pub place: bool,
    pub pack: bool,
    pub dispatch: bool,
    pub deliver: bool,
    pub edit_stock: bool,
    pub edit_company: bool,
    pub manage_people: bool,
    pub edit_warehouses: bool,
    pub edit_products: bool,
    pub edit_prices: bool,
    pub edit_customers: bool,
    pub edit_fleet: bool,
    pub edit_accounting: bool,
    pub see_payments: bool,
    pub see_ledger: bool,
    pub see_invoices: bool,
    pub send_einvoices: bool,
}

/// What was counted.
pub struct Sight {
    pub figures: Figures,
    pub days: Vec<Day>,
    pub latest: Vec<LatestOrder>,
    pub changes: Vec<String>,
    /// What was sold, what is owed, what was refused; the reader sees what it may.
    pub takings: Option<Takings>,
    pub now: DateTime<Utc>,
}

/// A figure: a link to its rows.
pub struct Figure {
    pub label: String,
    pub value: String,
    pub about: String,
    pub href: String,
}

/// Something that waits for the reader.
pub struct Task {
    pub href: String,
    pub icon: &'static str,
    pub tone: &'static str,
    pub what: String,
    pub about: String,
}

/// A step of the way in.
pub struct Step {
    pub label: String,
    pub href: String,
    pub is_done: bool,
}

/// One of the latest orders.
pub struct OrderRow {
    pub href: String,
    pub number: String,
    pub customer: String,
    pub pill: Pill,
    pub total: String,
    pub placed_at: DateTime<Utc>,
}

#[derive(Template)]
#[template(path = "reporting/dashboard.html")]
pub struct DashboardPage {
    pub shell: Shell,
    pub company: String,
    pub base: String,
    pub today: String,
    pub may_place: bool,
    pub figures: Vec<Figure>,
    pub chart: Option<Chart>,
    pub tasks: Vec<Task>,
    pub latest: Vec<OrderRow>,
    pub steps: Vec<Step>,
    pub is_ready: bool,
    pub done_steps: usize,
    pub changes: Vec<String>,
    pub age: Option<AgeCard>,
}

fn figures(lang: Lang, base: &str, may: May, sight: &Sight) -> Vec<Figure> {
    let counted = &sight.figures;
    let figure = |label: &'static str, value: i64, about: Said, path: &str| Figure {
        label: lang.t(label).into_owned(),
        value: value.to_string(),
        about: lang.say(&about),
        href: format!("{base}{path}"),
    };
    let mut figures = Vec::new();
    if may.see_orders {
        let waits = counted.oldest.map_or_else(
            || Said::new("None waits"),
            |oldest| {
                Said::new("Oldest has waited {span}").with("span", dates::span(sight.now - oldest))
            },
        );
        figures.push(figure(
            text!("To confirm"),
            counted.to_confirm,
            waits,
            "/orders?status=to_approve",
        ));
        let held = Said::new("{amount} in all").with("amount", counted.held_amount.dense());
        figures.push(figure(
            text!("On hold"),
            counted.held,
            held,
            "/orders?status=held",
        ));
        let open =
            Said::new("{amount} still to leave").with("amount", counted.to_ship_amount.dense());
        figures.push(figure(
            text!("To ship"),
            counted.to_ship,
            open,
            "/orders?status=to_ship",
        ));
    }
    if may.see_stock {
        let about = Said::new("At or below their reorder level");
        figures.push(Figure {
            value: number::up_to(counted.low, Figures::MOST_LOW),
            ..figure(
                text!("Low stock"),
                counted.low,
                about,
                "/stock?level=reorder",
            )
        });
    }
    figures.extend(money::figures(lang, base, may, sight));
    if figures.is_empty() && may.see_shipments {
        let about = Said::new("{count} late").with("count", counted.late);
        figures.push(figure(
            text!("On the road"),
            counted.out,
            about,
            "/shipments?status=out",
        ));
    }
    figures
}

fn order_row(lang: Lang, base: &str, order: LatestOrder) -> OrderRow {
    let progress = Progress::of(order.shipments.iter().map(String::as_str));
    OrderRow {
        href: format!("{base}/orders/{}", order.number),
        pill: pill(lang, order.status, order.is_held, progress),
        number: order.number,
        customer: order.customer,
        total: order.total.to_string(),
        placed_at: order.placed_at,
    }
}

impl DashboardPage {
    pub fn new(
        shell: Shell,
        lang: Lang,
        (base, company, may): (String, String, May),
        sight: Sight,
    ) -> Self {
        let today = dates::today(sight.now);
        let steps = todo::steps(lang, &base, may, &sight.figures);
        Self {
            shell,
            company,
            today: dates::date(today, lang),
            may_place: may.place,
            figures: figures(lang, &base, may, &sight),
            chart: may
                .see_orders
                .then(|| Chart::new(lang, &base, &sight.days, today)),
            tasks: todo::tasks(lang, &base, may, &sight),
            is_ready: steps.iter().all(|step| step.is_done),
            done_steps: steps.iter().filter(|step| step.is_done).count(),
            steps,
            latest: sight
                .latest
                .into_iter()
                .map(|order| order_row(lang, &base, order))
                .collect(),
            changes: sight.changes,
            age: sight.takings.filter(|_| may.see_ledger).map(|takings| {
                let behind = format!("{base}/receivables?by=bill");
                AgeCard::new(lang, &takings.ageing, Some(&behind))
            }),
            base,
        }
    }
}
