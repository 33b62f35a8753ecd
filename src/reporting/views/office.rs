//! A company's dashboard.

use super::chart::Chart;
use crate::accounting::AgeCard;
use crate::kernel::dates;
use crate::kernel::language::{Lang, Said, text};
use crate::ledger::model::Ageing;
use crate::orders::rules::{Progress, pill};
use crate::reporting::model::{Day, Figures, LatestOrder};
use crate::web::components::Pill;
use crate::web::filters;
use crate::web::layout::Shell;
use askama::Template;
use chrono::{DateTime, Days, Utc};

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
    pub see_payments: bool,
    pub see_ledger: bool,
}

/// What was counted.
pub struct Sight {
    pub figures: Figures,
    pub days: Vec<Day>,
    pub latest: Vec<LatestOrder>,
    pub changes: Vec<String>,
    /// What all customers owe, by age.
    pub ageing: Option<Ageing>,
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
        figures.push(figure(
            text!("Low stock"),
            counted.low,
            about,
            "/stock?level=low",
        ));
    }
    figures.extend(money(lang, base, may, sight));
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

/// What came in and what is late, each a link to its rows.
fn money(lang: Lang, base: &str, may: May, sight: &Sight) -> Vec<Figure> {
    let today = dates::today(sight.now);
    let mut figures = Vec::new();
    if may.see_payments {
        let from = today - Days::new(29);
        figures.push(Figure {
            label: lang.t("Collected").into_owned(),
            value: sight.figures.collected.dense(),
            about: lang.t("In the last 30 days").into_owned(),
            href: format!("{base}/payments?from={from}&to={today}&status=received&status=refunded"),
        });
    }
    if let Some(ageing) = &sight.ageing {
        let overdue = ageing.overdue();
        let about = Said::new("{count} bills past their day").with("count", overdue.items);
        figures.push(Figure {
            label: lang.t("Overdue").into_owned(),
            value: overdue.amount.dense(),
            about: lang.say(&about),
            href: format!("{base}/receivables?by=bill&bucket=late"),
        });
    }
    figures
}

fn tasks(lang: Lang, base: &str, may: May, sight: &Sight) -> Vec<Task> {
    let counted = &sight.figures;
    let task =
        |(path, icon, tone): (&str, &'static str, &'static str), what: Said, about: Said| Task {
            href: format!("{base}{path}"),
            icon,
            tone,
            what: lang.say(&what),
            about: lang.say(&about),
        };
    let mut tasks = Vec::new();
    if may.confirm && counted.to_confirm > 0 {
        let waited = counted
            .oldest
            .map_or_else(chrono::TimeDelta::zero, |oldest| sight.now - oldest);
        tasks.push(task(
            ("/orders?status=to_approve", "receipt", "tone-info"),
            Said::new("{count} orders to confirm").with("count", counted.to_confirm),
            Said::new("Oldest has waited {span}").with("span", dates::span(waited)),
        ));
    }
    if may.release && counted.held > 0 {
        tasks.push(task(
            ("/orders?status=held", "warning", "tone-bad"),
            Said::new("{count} orders on hold").with("count", counted.held),
            Said::new("{amount} in all").with("amount", counted.held_amount.dense()),
        ));
    }
    if may.pack && counted.to_ship > 0 {
        tasks.push(task(
            ("/orders?status=to_ship", "list", "tone-info"),
            Said::new("{count} orders to ship").with("count", counted.to_ship),
            Said::new("{amount} still to leave").with("amount", counted.to_ship_amount.dense()),
        ));
    }
    if may.pack && counted.picking > 0 {
        tasks.push(task(
            ("/shipments?status=picking", "box", "tone-info"),
            Said::new("{count} shipments to pack").with("count", counted.picking),
            Said::new("They are being picked"),
        ));
    }
    if may.dispatch && counted.packed > 0 {
        tasks.push(task(
            ("/shipments?status=packed", "truck", "tone-warn"),
            Said::new("{count} shipments to send out").with("count", counted.packed),
            Said::new("They are packed"),
        ));
    }
    if may.deliver && counted.out > 0 {
        let tone = if counted.late > 0 {
            "tone-bad"
        } else {
            "tone-info"
        };
        let path = if may.pack || may.dispatch {
            "/shipments?status=out"
        } else {
            "/drive"
        };
        tasks.push(task(
            (path, "truck", tone),
            Said::new("{count} shipments on the road").with("count", counted.out),
            Said::new("{count} late").with("count", counted.late),
        ));
    }
    if may.edit_stock && counted.low > 0 {
        tasks.push(task(
            ("/stock?level=low", "layers", "tone-warn"),
            Said::new("{count} products low on stock").with("count", counted.low),
            Said::new("At or below their reorder level"),
        ));
    }
    tasks
}

/// What a role may not do is not asked of it.
fn steps(lang: Lang, base: &str, may: May, done: &Figures) -> Vec<Step> {
    let all = [
        (
            may.edit_company,
            text!("Fill in the company's address"),
            "/settings/company",
            done.has_address,
        ),
        (
            may.edit_company,
            text!("Add an e-mail and phone for documents"),
            "/settings/company",
            done.has_contact,
        ),
        (
            may.manage_people,
            text!("Invite a second person"),
            "/settings/people/invite",
            done.has_second_person,
        ),
        (
            may.edit_warehouses,
            text!("Say where the warehouse is"),
            "/warehouses",
            done.has_warehouse,
        ),
        (
            may.edit_products,
            text!("Bring in the catalogue"),
            "/products/import",
            done.has_product,
        ),
        (
            may.edit_prices,
            text!("Give it a price"),
            "/price-lists",
            done.has_price,
        ),
        (
            may.edit_stock,
            text!("Bring in the opening stock"),
            "/stock/import",
            done.has_stock,
        ),
        (
            may.edit_customers,
            text!("Add the first customer"),
            "/customers/new",
            done.has_customer,
        ),
        (
            may.place,
            text!("Take the first order"),
            "/orders/new",
            done.has_order,
        ),
        (
            may.edit_fleet,
            text!("Add a vehicle, then a driver: nothing leaves without them"),
            "/vehicles",
            done.has_fleet,
        ),
    ];
    all.into_iter()
        .filter(|(may, ..)| *may)
        .map(|(_, label, path, is_done)| Step {
            label: lang.t(label).into_owned(),
            href: format!("{base}{path}"),
            is_done,
        })
        .collect()
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
        let steps = steps(lang, &base, may, &sight.figures);
        Self {
            shell,
            company,
            today: dates::date(today, lang),
            may_place: may.place,
            figures: figures(lang, &base, may, &sight),
            chart: may
                .see_orders
                .then(|| Chart::new(lang, &base, &sight.days, today)),
            tasks: tasks(lang, &base, may, &sight),
            is_ready: steps.iter().all(|step| step.is_done),
            done_steps: steps.iter().filter(|step| step.is_done).count(),
            steps,
            latest: sight
                .latest
                .into_iter()
                .map(|order| order_row(lang, &base, order))
                .collect(),
            changes: sight.changes,
            age: sight.ageing.map(|ageing| {
                let behind = format!("{base}/receivables?by=bill");
                AgeCard::new(lang, &ageing, Some(&behind))
            }),
            base,
        }
    }
}
