//! The figures of the books on the dashboard, each a link to its rows.

use super::office::{Figure, May, Sight};
use crate::kernel::dates;
use crate::kernel::language::{Lang, Said};
use chrono::Days;

/// What was sold, what came in, what is late and what was refused.
pub fn figures(lang: Lang, base: &str, may: May, sight: &Sight) -> Vec<Figure> {
    let today = dates::today(sight.now);
    let from = today - Days::new(29);
    let mut figures = Vec::new();
    let takings = sight.takings.as_ref();
    if let Some(takings) = takings.filter(|_| may.see_invoices) {
        let about = Said::new("{count} documents in 30 days").with("count", takings.documents);
        figures.push(Figure {
            label: lang.t("Sales").into_owned(),
            value: takings.sales.dense(),
            about: lang.say(&about),
            href: format!("{base}/reports/sales?from={from}&to={today}"),
        });
    }
    if may.see_payments {
        figures.push(Figure {
            label: lang.t("Collected").into_owned(),
            value: sight.figures.collected.dense(),
            about: lang.t("In the last 30 days").into_owned(),
            href: format!("{base}/payments?from={from}&to={today}&status=received&status=refunded"),
        });
    }
    if let Some(takings) = takings.filter(|_| may.see_ledger) {
        let overdue = takings.ageing.overdue();
        let about = Said::new("{count} bills past their day").with("count", overdue.items);
        figures.push(Figure {
            label: lang.t("Overdue").into_owned(),
            value: overdue.amount.dense(),
            about: lang.say(&about),
            href: format!("{base}/receivables?by=bill&bucket=late"),
        });
    }
    // A company that need not e-invoice is not told of it.
    if let Some(takings) = takings.filter(|takings| may.see_invoices && takings.sends) {
        let about = Said::new("{amount} in all").with("amount", takings.refused_amount.dense());
        figures.push(Figure {
            label: lang.t("E-invoices refused").into_owned(),
            value: takings.refused.to_string(),
            about: lang.say(&about),
            href: format!("{base}/e-invoices?status=failed_fix"),
        });
    }
    figures
}
