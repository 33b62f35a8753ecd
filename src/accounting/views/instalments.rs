//! Instalments of bills: as they are agreed on, and what is asked for of them.

use crate::accounting::forms::{InstalmentsForm, PartField};
use crate::accounting::model::Document;
use crate::kernel::dates;
use crate::kernel::language::{Lang, Said};
use crate::kernel::money::Money;
use crate::ledger::model::{Owed, Plan};
use crate::ledger::rules::{Every, Instalment, due_now};
use crate::web::components::{Choice, Field, Summary};
use crate::web::filters;
use crate::web::forms::new_key;
use crate::web::layout::Shell;
use askama::Template;
use chrono::NaiveDate;
use uuid::Uuid;

/// What is asked for of a bill with instalments, in words.
pub fn asked_words(
    lang: Lang,
    (parts, open): (&[Instalment], Money),
    today: NaiveDate,
) -> Option<String> {
    let due = due_now(parts, today)?;
    let said = Said::new("Instalment due {day}: {amount} of {open}")
        .with("day", dates::date(due.due_on, lang))
        .with("amount", due.amount)
        .with("open", open);
    Some(lang.say(&said))
}

/// The same of what is owed.
pub fn instalment_words(lang: Lang, owed: &Owed, today: NaiveDate) -> Option<String> {
    asked_words(lang, (&owed.parts(), owed.open), today)
}

/// An instalment.
pub struct InstalmentRow {
    pub day: String,
    pub amount: Money,
    pub open: Money,
    pub is_late: bool,
}

/// Instalments, the first at the head.
pub fn instalment_rows(lang: Lang, parts: &[Instalment], today: NaiveDate) -> Vec<InstalmentRow> {
    let row = |part: &Instalment| InstalmentRow {
        day: dates::date(part.due_on, lang),
        amount: part.amount,
        open: part.open,
        is_late: part.due_on < today && !part.open.is_zero(),
    };
    parts.iter().map(row).collect()
}

/// An agreement of the past, or the one that stands.
pub struct PlanRow {
    pub made: String,
    pub by: String,
    pub parts: Vec<String>,
    pub reason: Option<String>,
    pub ended: Option<String>,
}

/// A part in the form.
pub struct PartRow {
    pub place: usize,
    pub day: String,
    pub amount: String,
    pub error: Option<String>,
}

/// What the page stands on.
pub struct InstalmentsFound {
    pub document: Document,
    pub owed: Owed,
    pub plans: Vec<Plan>,
    pub today: NaiveDate,
}

impl InstalmentsFound {
    /// The agreement that stands.
    pub fn standing(&self) -> Option<&Plan> {
        self.plans.iter().find(|plan| plan.ended_at.is_none())
    }
}

#[derive(Template)]
#[template(path = "accounting/instalments.html")]
pub struct InstalmentsPage {
    pub shell: Shell,
    pub number: String,
    pub back: String,
    pub action: String,
    pub end: String,
    pub open: Money,
    pub due: String,
    /// What stands.
    pub rows: Vec<InstalmentRow>,
    pub is_open: bool,
    pub equal: Vec<Field>,
    pub parts: Vec<PartRow>,
    pub parts_error: Option<String>,
    pub reason: Field,
    pub plan: String,
    pub plans: Vec<PlanRow>,
    pub summary: Option<Summary>,
    pub key: Uuid,
    pub end_key: Uuid,
}

fn plan_row(lang: Lang, plan: &Plan) -> PlanRow {
    let part = |(day, amount)| {
        let said = Said::new("{day}: {amount}")
            .with("day", dates::date(day, lang))
            .with("amount", amount);
        lang.say(&said)
    };
    let ended = plan.ended_at.map(|at| {
        let said = Said::new("Ended on {moment} by {who}")
            .with("moment", dates::full_date_and_time(at, lang))
            .with("who", &plan.ended_by_name);
        lang.say(&said)
    });
    PlanRow {
        made: dates::full_date_and_time(plan.created_at, lang),
        by: plan.made_by_name.clone(),
        parts: plan.parts().map(part).collect(),
        reason: plan.reason.clone(),
        ended,
    }
}

fn equal_fields(lang: Lang, form: &InstalmentsForm) -> Vec<Field> {
    let remarks = &form.remarks;
    let every = Every::ALL
        .iter()
        .map(|every| Choice::new(every.as_str(), lang.t(every.label()), &form.every));
    vec![
        Field::text("number", lang.t("Number of instalments"))
            .value(&form.number)
            .inputmode("numeric")
            .autocomplete("off")
            .remarks(remarks, lang),
        Field::new("date", "first", lang.t("The first one is due on"))
            .value(&form.first)
            .remarks(remarks, lang),
        Field::new("select", "every", lang.t("The others"))
            .choices(every.collect())
            .remarks(remarks, lang),
    ]
}

impl InstalmentsPage {
    pub fn new(
        shell: Shell,
        (lang, base): (Lang, &str),
        found: &InstalmentsFound,
        form: &InstalmentsForm,
    ) -> Self {
        let InstalmentsFound {
            document,
            owed,
            plans,
            today,
        } = found;
        let path = format!("{base}/invoices/{}", document.url_no);
        let year = &document.year;
        let part = |(place, part): (usize, &PartField)| PartRow {
            place,
            day: part.day.clone(),
            amount: part.amount.clone(),
            error: part.wrong.as_ref().map(|said| lang.say(said)),
        };
        let parts: Vec<PartRow> = (1..).zip(&form.parts).map(part).collect();
        let mut summary = form.remarks.summary(lang).unwrap_or_default();
        for row in &parts {
            let place = format!("day-{}", row.place);
            summary
                .problems
                .extend(row.error.clone().map(|error| (place, error)));
        }
        Self {
            shell,
            number: document.number.clone(),
            back: format!("{path}?year={year}"),
            action: format!("{path}/instalments?year={year}"),
            end: format!("{path}/instalments/end?year={year}"),
            open: owed.open,
            due: dates::date(owed.due_on, lang),
            rows: instalment_rows(lang, &owed.parts(), *today),
            is_open: !owed.open.is_zero(),
            equal: equal_fields(lang, form),
            parts,
            parts_error: form.remarks.on("parts", lang),
            reason: Field::text("reason", lang.t("Reason"))
                .value(&form.reason)
                .autocomplete("off")
                .optional()
                .remarks(&form.remarks, lang),
            plan: form.plan.clone(),
            plans: plans.iter().map(|plan| plan_row(lang, plan)).collect(),
            summary: (!summary.problems.is_empty()).then_some(summary),
            key: new_key(),
            end_key: new_key(),
        }
    }
}
