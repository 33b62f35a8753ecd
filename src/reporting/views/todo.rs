//! What waits for the reader of the dashboard, and the way in for a new company.

use super::office::{May, Sight, Step, Task};
use crate::kernel::dates;
use crate::kernel::language::{Lang, Said, text};
use crate::kernel::number;
use crate::reporting::model::Figures;

/// What waits for the reader, as far as it may do it.
pub fn tasks(lang: Lang, base: &str, may: May, sight: &Sight) -> Vec<Task> {
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
        let low = Said::new("{count} products low on stock");
        tasks.push(task(
            ("/stock?level=reorder", "layers", "tone-warn"),
            if counted.low > Figures::MOST_LOW {
                low.with("count", number::up_to(counted.low, Figures::MOST_LOW))
            } else {
                low.with("count", counted.low)
            },
            Said::new("At or below their reorder level"),
        ));
    }
    if let Some(takings) = &sight.takings
        && may.send_einvoices
        && takings.refused > 0
    {
        tasks.push(task(
            ("/e-invoices?status=failed_fix", "shield", "tone-bad"),
            Said::new("{count} e-invoices refused").with("count", takings.refused),
            Said::new("{amount} in all").with("amount", takings.refused_amount.dense()),
        ));
    }
    tasks
}

/// What a role may not do is not asked of it.
pub fn steps(lang: Lang, base: &str, may: May, done: &Figures) -> Vec<Step> {
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
        // Early among them: behind documents that are issued the day can't be set any more.
        (
            may.edit_accounting,
            text!("Say from when the company has to e-invoice, or that it need not"),
            "/settings/e-invoices",
            done.has_duty,
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
        (
            may.edit_accounting,
            text!("Say where you are paid: a bank account, or a UPI id"),
            "/settings/accounting",
            done.has_bank,
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
