//! The form of an invoice.

use super::currency::{currency_fields, takes_currency};
use super::invoice_facts::{einvoiced, facts, totals};
use crate::accounting::actions::{Draft, is_zero_rated};
use crate::accounting::fault::Fault;
use crate::accounting::forms::{IssueForm, LineField};
use crate::kernel::language::{Lang, Said};
use crate::kernel::money::Money;
use crate::kernel::number::indian;
use crate::kernel::state::State;
use crate::logistics::model::Line;
use crate::tax::rules::SupplyType;
use crate::web::components::{Choice, Field, Summary};
use crate::web::filters;
use crate::web::forms::new_key;
use crate::web::layout::Shell;
use askama::Template;
use uuid::Uuid;

/// A line to be billed.
pub struct LineRow {
    pub id: String,
    pub name: String,
    pub sku: String,
    pub hsn: String,
    pub packed: String,
    pub price: String,
    pub rate: String,
    pub amount: String,
    pub free: String,
    pub discount: String,
    /// What was typed as its price in another currency.
    pub price_typed: String,
    pub free_error: Option<String>,
    pub discount_error: Option<String>,
    pub price_error: Option<String>,
}

/// Something that keeps it from being issued.
pub struct FaultRow {
    pub said: String,
    pub fix: String,
    pub href: Option<String>,
    /// Whether it is wrong; else it is to be looked at before it is issued.
    pub is_wrong: bool,
}

#[derive(Template)]
#[template(path = "accounting/new_invoice.html")]
pub struct NewInvoicePage {
    pub shell: Shell,
    pub base: String,
    pub shipment: String,
    pub heading: String,
    pub facts: Vec<(String, String)>,
    pub summary: Option<Summary>,
    pub faults: Vec<FaultRow>,
    pub notes: Vec<String>,
    pub rows: Vec<LineRow>,
    pub totals: Vec<(String, String)>,
    pub total: Option<String>,
    /// The same in another currency, with its label.
    pub total_fc: Option<(String, String)>,
    pub shown_total: String,
    pub fields: Vec<Field>,
    /// Whether it will be an e-invoice, in words.
    pub einvoiced: String,
    pub may_give: bool,
    /// Whether lines have prices in another currency beside those of the order.
    pub takes_currency: bool,
    pub key: Uuid,
}

fn fault_row(lang: Lang, base: &str, fault: &Fault) -> FaultRow {
    FaultRow {
        said: lang.say(&fault.said),
        fix: lang.say(&fault.fix),
        href: (!fault.link.is_empty()).then(|| format!("{base}{}", fault.link)),
        is_wrong: fault.field != "total",
    }
}

/// The summary above the form: as many problems as are shown, each with the name of its field. Without a wrong field there is none: what keeps
/// the document as a whole from being issued is said above the form already.
fn summary(
    lang: Lang,
    (rows, fields): (&[LineRow], &[Field]),
    faults: &[FaultRow],
) -> Option<Summary> {
    let (free, off) = (lang.t("Free units"), lang.t("Discount"));
    let price = lang.t("Price in the currency");
    let mut problems = Vec::new();
    for row in rows {
        let all = [
            ("p", &price, &row.price_error),
            ("f", &free, &row.free_error),
            ("d", &off, &row.discount_error),
        ];
        for (first, label, error) in all {
            problems.extend(error.as_ref().map(|error| {
                (
                    format!("{first}-{}", row.id),
                    format!("{}, {label}: {error}", row.name),
                )
            }));
        }
    }
    problems.extend(fields.iter().filter_map(|field| {
        let error = field.error.as_ref()?;
        Some((field.name.to_owned(), format!("{}: {error}", field.label)))
    }));
    if problems.is_empty() {
        return None;
    }
    let is_beside = |fault: &FaultRow| {
        let mut errors = fields.iter().filter_map(|field| field.error.as_ref());
        errors.any(|error| *error == fault.said)
    };
    let whole = (1..).zip(faults);
    let whole = whole.filter(|(_, fault)| fault.is_wrong && !is_beside(fault));
    problems.extend(whole.map(|(place, fault)| (format!("fault-{place}"), fault.said.clone())));
    Some(Summary { problems })
}

impl NewInvoicePage {
    pub fn new(
        shell: Shell,
        lang: Lang,
        (base, may_give): (String, bool),
        draft: &Draft,
        faults: &[Fault],
        form: &IssueForm,
    ) -> Self {
        let wrong = |place: usize, field: LineField| {
            let mut wrong = form.wrong.iter();
            let found = wrong.find(|(at, of, _)| (*at, *of) == (place, field));
            found.map(|(_, _, said)| lang.say(said))
        };
        let row = |(at, line): (usize, &crate::accounting::actions::DraftLine)| {
            let id = line.line.shipment_line?;
            let (place, free, discount) = form.typed(id);
            let sums = draft.bill.as_ref().and_then(|bill| bill.lines.get(at));
            let unit = line.unit().unwrap_or_default();
            Some(LineRow {
                id: id.to_string(),
                name: line.line.name.clone(),
                sku: line.line.sku.clone(),
                hsn: line.line.hsn.clone(),
                packed: format!("{} {unit}", indian(line.line.packed.unwrap_or_default())),
                price: ordered_at(lang, &line.line),
                rate: format!("{}%", line.bill.rate.gst.normalize()),
                amount: sums.map(|sums| sums.total.to_string()).unwrap_or_default(),
                free: free.to_owned(),
                discount: discount.to_owned(),
                price_typed: form.price_of(id).to_owned(),
                free_error: wrong(place, LineField::Free),
                discount_error: wrong(place, LineField::Discount),
                price_error: wrong(place, LineField::Price),
            })
        };
        let rows: Vec<LineRow> = draft.lines.iter().enumerate().filter_map(row).collect();
        let takes_currency = may_give && takes_currency(draft, form);
        let mut fields = fields(lang, draft, form, may_give);
        if takes_currency {
            fields.extend(currency_fields(lang, form));
        }
        let faults: Vec<FaultRow> = faults
            .iter()
            .map(|fault| fault_row(lang, &base, fault))
            .collect();
        let total = draft.bill.as_ref().map(|bill| bill.total);
        Self {
            shell: shell.with_errors(
                !form.remarks.is_empty()
                    || !form.wrong.is_empty()
                    || faults.iter().any(|fault| fault.is_wrong),
            ),
            shipment: draft.setting.shipment_no.clone(),
            heading: lang.t(draft.kind.label()).into_owned(),
            facts: facts(lang, draft),
            einvoiced: einvoiced(lang, draft),
            summary: summary(lang, (&rows, &fields), &faults),
            faults,
            notes: draft.notes.iter().map(|said| lang.say(said)).collect(),
            rows,
            totals: totals(lang, draft),
            total: total.map(|total| total.to_string()),
            total_fc: draft.bill.as_ref().and_then(|bill| {
                let label = Said::new("Total in {currency}").with("currency", &form.currency);
                Some((lang.say(&label), bill.total_fc?.plain()))
            }),
            shown_total: total.unwrap_or(Money::ZERO).as_decimal().to_string(),
            fields,
            may_give,
            takes_currency,
            base,
            key: new_key(),
        }
    }
}

/// The price of the order, in rupees.
fn ordered_at(lang: Lang, line: &Line) -> String {
    let price = line.price.to_string();
    if line.includes_tax {
        return lang.say(&Said::new("{price} with tax").with("price", price));
    }
    price
}

fn fields(lang: Lang, draft: &Draft, form: &IssueForm, may_give: bool) -> Vec<Field> {
    let mut fields = Vec::new();
    if may_give {
        fields.push(
            Field::text("whole", lang.t("Discount on all of it"))
                .hint(lang.t("In rupees, or per cent like 2%."))
                .value(&form.whole)
                .autocomplete("off")
                .remarks(&form.remarks, lang)
                .optional(),
        );
        let when = [
            Choice::new(
                "before",
                lang.t("Before tax: it lowers the taxable value"),
                &form.whole_when,
            ),
            Choice::new(
                "after",
                lang.t("After tax: it lowers the total alone"),
                &form.whole_when,
            ),
        ];
        fields.push(
            Field::new("select", "whole_when", lang.t("This discount counts"))
                .choices(when.to_vec()),
        );
    }
    fields.push(
        Field::text("other_charges", lang.t("Other charges, without tax"))
            .inputmode("decimal")
            .autocomplete("off")
            .value(&form.other_charges)
            .remarks(&form.remarks, lang)
            .optional(),
    );
    if is_zero_rated(draft.setting.buyer_kind) {
        // What was typed stays typed, possible or not; without a choice it is what the rules take.
        let chosen = match form.zero_rated.as_str() {
            typed @ ("with" | "without") => typed,
            _ if draft.is_without_payment() => "without",
            _ => "with",
        };
        let ways = vec![
            Choice::new("with", lang.t("With payment of IGST"), chosen),
            Choice::new(
                "without",
                lang.t("Without, under a letter of undertaking"),
                chosen,
            ),
        ];
        fields.push(
            Field::new("select", "zero_rated", lang.t("Tax on this supply"))
                .choices(ways)
                .remarks(&form.remarks, lang),
        );
    }
    if draft.supply_type != SupplyType::B2c {
        fields.push(
            Field::new(
                "checkbox",
                "reverse_charge",
                lang.t("The buyer pays the tax (reverse charge)"),
            )
            .checked(form.reverse_charge == "on"),
        );
    }
    let mut places = vec![Choice::new("", lang.t("As the rules say"), &form.place)];
    places.extend(
        State::current().map(|state| Choice::new(state.code(), lang.t(state.name()), &form.place)),
    );
    fields.push(
        Field::new("select", "place", lang.t("Another place of supply"))
            .choices(places)
            .remarks(&form.remarks, lang)
            .optional(),
    );
    fields.push(
        Field::text("place_reason", lang.t("Why the place is another"))
            .value(&form.place_reason)
            .autocomplete("off")
            .remarks(&form.remarks, lang)
            .optional(),
    );
    fields
}
