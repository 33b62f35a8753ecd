//! The form of a credit or debit note, with its sums.

use crate::accounting::actions::{NoteDraft, Worked};
use crate::accounting::forms::{NoteForm, Side};
use crate::accounting::model::{Document, DocumentLine};
use crate::accounting::rules::document::{Kind, Reason};
use crate::accounting::rules::notes::last_day;
use crate::kernel::dates;
use crate::kernel::language::{Lang, Said};
use crate::kernel::number::{indian, rounded};
use crate::tax::rules::Half;
use crate::web::components::{Choice, Field, Summary};
use crate::web::filters;
use crate::web::forms::new_key;
use crate::web::layout::Shell;
use askama::Template;
use uuid::Uuid;

/// What the form is made of.
pub struct NoteGround {
    pub side: Side,
    pub draft: NoteDraft,
    /// The sums, where they can be worked out.
    pub worked: Option<Worked>,
}

/// A line that can be corrected.
pub struct NoteRow {
    pub id: String,
    pub name: String,
    pub sku: String,
    pub billed: String,
    pub left: String,
    pub price: String,
    pub has_tax: bool,
    pub units: String,
    pub per_unit: String,
    pub amount: Option<String>,
    pub error: Option<String>,
}

#[derive(Template)]
#[template(path = "accounting/note.html")]
pub struct NotePage {
    pub shell: Shell,
    pub action: String,
    /// The document that it corrects: its number and its address.
    pub original: (String, String),
    pub invoice: String,
    pub year: String,
    pub customer: String,
    pub date: String,
    pub summary: Option<Summary>,
    pub notes: Vec<String>,
    pub is_credit: bool,
    pub how: Option<Field>,
    pub rows: Vec<NoteRow>,
    pub totals: Vec<(String, String)>,
    pub total: Option<String>,
    pub total_error: Option<String>,
    /// What is to be looked at before it is issued.
    pub to_be_seen: Option<String>,
    pub shown_total: String,
    pub fields: Vec<Field>,
    pub issue: String,
    pub key: Uuid,
}

fn row(lang: Lang, ground: &NoteGround, form: &NoteForm, line: &DocumentLine) -> NoteRow {
    let (units, per_unit) = form.typed(line.id);
    let unit = line.unit.as_deref().unwrap_or_default();
    let total = ground.worked.as_ref();
    NoteRow {
        id: line.id.to_string(),
        name: line.name.clone(),
        sku: line.sku.clone(),
        billed: format!("{} {unit}", indian(line.quantity))
            .trim()
            .to_owned(),
        left: indian(ground.draft.left(line)),
        price: price(&ground.draft.original, line),
        has_tax: line.includes_tax,
        units: units.to_owned(),
        per_unit: per_unit.to_owned(),
        amount: total
            .and_then(|worked| worked.total_of(line.id))
            .map(|amount| amount.to_string()),
        error: form.wrong(line.id).map(|said| lang.say(said)),
    }
}

/// What a unit cost in rupees, in which notes are typed.
fn price(original: &Document, line: &DocumentLine) -> String {
    match original.fx_rate {
        Some(rate) => format!("₹{}", indian(rounded(line.price.as_decimal() * rate, 3))),
        None => line.price.to_string(),
    }
}

fn totals(lang: Lang, ground: &NoteGround) -> Vec<(String, String)> {
    let Some(worked) = &ground.worked else {
        return Vec::new();
    };
    let (sums, original) = (&worked.sums, &ground.draft.original);
    let half = original.half.map_or("SGST", Half::as_str);
    let rows = [
        ("Taxable value", sums.taxable),
        ("CGST", sums.cgst),
        (half, sums.sgst),
        ("IGST", sums.igst),
        ("Cess", sums.cess),
        ("Discount", -sums.late_discount),
        ("Other charges", sums.other_charges),
        ("Round-off", sums.round_off),
    ];
    rows.into_iter()
        .filter(|(_, amount)| !amount.is_zero())
        .map(|(label, amount)| (lang.t(label).into_owned(), amount.to_string()))
        .collect()
}

/// What whoever writes it should know.
fn notes(lang: Lang, draft: &NoteDraft) -> Vec<String> {
    let mut notes = Vec::new();
    if draft.kind == Kind::CommercialNote {
        let said = Said::new(
            "The last day to lower the tax of this invoice was {date}. This note lowers what is owed and leaves the GST as it was.",
        );
        let day = last_day(draft.original.document_date);
        notes.push(said.with("date", dates::date(day, lang)));
    }
    if draft.books.has_credits {
        let said = Said::new("Earlier notes gave back {credited} of {total}.");
        notes.push(
            said.with("credited", draft.books.credited)
                .with("total", draft.original.total),
        );
    }
    notes.iter().map(|said| lang.say(said)).collect()
}

fn how(lang: Lang, form: &NoteForm) -> Field {
    let chosen = if form.how == "whole" {
        "whole"
    } else {
        "lines"
    };
    let ways = vec![
        Choice::new("whole", lang.t("All that is left of it"), chosen),
        Choice::new("lines", lang.t("Only what is typed for the lines"), chosen),
    ];
    Field::new("radio", "how", lang.t("What is credited"))
        .choices(ways)
        .remarks(&form.remarks, lang)
}

fn fields(lang: Lang, ground: &NoteGround, form: &NoteForm) -> Vec<Field> {
    let mut reasons = vec![Choice::new("", lang.t("Choose"), &form.reason)];
    reasons.extend(
        Reason::ALL
            .iter()
            // Nobody pays more for goods that came back, or after a discount.
            .filter(|reason| {
                ground.side == Side::Credit || !matches!(reason, Reason::Return | Reason::Discount)
            })
            .map(|reason| Choice::new(reason.as_str(), lang.t(reason.label()), &form.reason)),
    );
    let mut fields = Vec::new();
    if ground.side == Side::Credit && ground.draft.may_come_back() {
        let warehouse = ground.draft.books.warehouse.clone().unwrap_or_default();
        let said = Said::new("The credited units are back in {warehouse}");
        fields.push(
            Field::new(
                "checkbox",
                "goods",
                lang.say(&said.with("warehouse", warehouse)),
            )
            .hint(lang.t("They are counted into its stock at once. Leave it open when the customer keeps them."))
            .checked(form.goods == "on")
            .remarks(&form.remarks, lang),
        );
    }
    fields.push(
        Field::new("select", "reason", lang.t("Reason"))
            .choices(reasons)
            .remarks(&form.remarks, lang),
    );
    fields.push(
        Field::text("words", lang.t("Reason in your words"))
            .hint(lang.t("It is printed on the note."))
            .value(&form.words)
            .autocomplete("off")
            .remarks(&form.remarks, lang),
    );
    fields
}

impl NotePage {
    pub fn new(
        shell: Shell,
        lang: Lang,
        base: String,
        ground: &NoteGround,
        form: &NoteForm,
    ) -> Self {
        let original = &ground.draft.original;
        let is_credit = ground.side == Side::Credit;
        let (room, issue) = if is_credit {
            ("credit-notes", lang.t("Issue credit note"))
        } else {
            ("debit-notes", lang.t("Issue debit note"))
        };
        let total = ground.worked.as_ref().map(|worked| worked.sums.total);
        let path = format!("{base}/invoices/{}", original.url_no);
        Self {
            shell,
            action: format!("{base}/{room}/new"),
            original: (
                original.number.clone(),
                format!("{path}?year={}", original.year),
            ),
            invoice: original.url_no.clone(),
            year: original.year.clone(),
            customer: original.parties().buyer.name,
            date: dates::date(original.document_date, lang),
            summary: form.summary(ground.side, lang),
            notes: notes(lang, &ground.draft),
            is_credit,
            how: is_credit.then(|| how(lang, form)),
            rows: ground
                .draft
                .lines
                .iter()
                .map(|line| row(lang, ground, form, line))
                .collect(),
            totals: totals(lang, ground),
            total: total.map(|total| total.to_string()),
            total_error: form.remarks.on("total", lang),
            to_be_seen: form.to_be_seen.as_ref().map(|said| lang.say(said)),
            shown_total: total.map_or(String::new(), |total| total.as_decimal().to_string()),
            fields: fields(lang, ground, form),
            issue: issue.into_owned(),
            key: new_key(),
        }
    }
}
